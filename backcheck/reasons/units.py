"""What is known of an activation: where it is zero, where its slope is, and between which bounds it stays; it knows no network."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from backcheck.arithmetic import parse
from backcheck.reasons.exactly import exactly
from backcheck.reasons.network import Kind, joins
from backcheck.roads.backprop import slope_of
from backcheck.roads.by_hand import rule
from backcheck.slopes import own_formula, slope
from backcheck.worksheet import Array, Row

LIKE_RELU = ("max(z, 0)", "max(0, z)", "relu(z)")  # their slope at 0 is 0, by the rules for formulas
INF, TINY = np.inf, np.finfo(float).tiny


@lru_cache(maxsize=512)
def is_relu(op: str) -> bool:
    """Whether a formula is that of ReLU.

    >>> is_relu("z: max(0,z)"), is_relu("z: max(1, z)"), is_relu("relu")
    (True, False, False)
    """
    return ":" in op and any(own_formula(op) == parse(text) for text in LIKE_RELU)


def at_zero(kind: Kind) -> float | None:
    """For a unit that gives 0 for every z ≤ 0, with slope 0 below 0: its slope at 0. None for any other unit.

    >>> at_zero(Kind("relu", (0.5,), ())), at_zero(Kind("z: max(0, z)", (), ())), at_zero(Kind("leaky_relu", (0.01,), ()))
    (0.5, 0.0, None)
    """
    if kind.op == "relu":
        return kind.settings[0]
    if is_relu(kind.op) or (kind.op in ("leaky_relu", "elu") and kind.settings[0] == 0):
        return 0.0
    return None


# activation → (a from z, with settings; the least and the largest value it can have). All of these never fall as z rises.
RISING: dict[str, tuple[Callable[..., Any], Callable[..., tuple[float, float]]]] = {
    "identity": (lambda z: z, lambda: (-INF, INF)),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda: (0, 1)),
    "tanh": (np.tanh, lambda: (-1, 1)),
    "relu": (lambda z, _: np.maximum(z, 0), lambda _: (0, INF)),
    "leaky_relu": (lambda z, slope: np.where(z > 0, z, slope * z), lambda _: (-INF, INF)),
    "softplus": (lambda z: np.logaddexp(0, z), lambda: (0, INF)),
    "elu": (lambda z, alpha: np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0))), lambda alpha: (-alpha, INF)),
    "step": (np.heaviside, lambda _: (0, 1)),
}
EXACT = ("identity", "relu", "step")  # worked without rounding
ABOVE_ZERO = ("sigmoid", "softplus")  # though they may underflow
LEAST = {"gelu": -0.17, "silu": -0.2785}  # z·Φ(z) and z·σ(z) lie between this and 0 below 0, and between 0 and z above


def rises(kind: Kind) -> bool:
    """Whether the activation never falls as z rises.

    >>> rises(Kind("sigmoid", (), ())), rises(Kind("elu", (-1.0,), ())), rises(Kind("z: z**2", (), ()))
    (True, False, False)
    """
    if kind.op in ("leaky_relu", "elu"):
        return kind.settings[0] >= 0
    return is_relu(kind.op) or (kind.op in RISING and (kind.op != "step" or 0 <= kind.settings[0] <= 1))


def bounds(kind: Kind, low: Array, high: Array, count: int, rounding: float) -> tuple[Array, Array]:
    """Between which numbers a lies while z lies between others, in a layer of `count` units; 0 and 0 only where it is 0."""
    if kind.op == "softmax":
        return (np.ones_like(low), np.ones_like(low)) if count == 1 else (np.zeros_like(low), np.ones_like(low))
    if kind.op in LEAST:
        return np.where(low < 0, LEAST[kind.op], 0.0), np.maximum(high, 0)
    if not rises(kind):
        return _at_zero_only(kind, low, high, count)
    name, settings = ("relu", (0.0,)) if at_zero(kind) is not None else (kind.op, kind.settings)
    f, extent = RISING[name]
    below, above = f(low, *settings), f(high, *settings)
    if name not in EXACT:
        least, most = extent(*settings)
        below = np.maximum(below - 8 * rounding * abs(below), least)  # NumPy's functions miss by 4 units in the last place at most
        above = np.minimum(above + 8 * rounding * abs(above), most)
    if name in ABOVE_ZERO:
        above = np.maximum(above, TINY)
    return below, above


def _at_zero_only(kind: Kind, low: Array, high: Array, count: int) -> tuple[Array, Array]:
    """Of a formula only this much: where z is 0, for all units if it joins them, its value may be 0."""
    zero = (low == 0) & (high == 0)
    zero = zero.all(1, keepdims=True) & zero if joins(kind.op) else zero
    known = zero & gives_zero(kind.op, count)
    return np.where(known, 0.0, -INF), np.where(known, 0.0, INF)


@lru_cache(maxsize=512)
def gives_zero(op: str, count: int) -> bool:
    """Whether a formula is exactly 0 where every z is 0.

    >>> gives_zero("z: sin(z)", 1), gives_zero("z: cos(z) - 1", 1), gives_zero("z: z + 0.1", 1), gives_zero("z: exp(-1000)*z", 1)
    (True, True, False, False)
    """
    if ":" not in op or exactly(own_formula(op), Fraction(0), count) != 0:
        return False
    return not rule(Row("a", op))(np.zeros((1, count))).any()  # 0.1 + 0.2 - 0.3 is 0, and yet it is not in floats


@lru_cache(maxsize=4096)
def flat(op: str, z: float) -> bool:
    """Whether the slope of an activation is exactly 0 at a z that is known exactly.

    >>> flat("step", 0.3), flat("z: z**2", 0.0), flat("z: z**2 - z", 0.5), flat("sigmoid", 0.0), flat("z: z - mean(z)", 0.0)
    (True, True, True, False, False)
    """
    if ":" not in op or joins(op):
        return op == "step"
    if exactly(slope(own_formula(op), "z"), Fraction(z), 1) != 0:
        return False
    at = np.full((1, 1), z)
    return not rule(Row("dL/dz", slope_of(op, ".dz")))(np.ones((1, 1)), at, at).any()
