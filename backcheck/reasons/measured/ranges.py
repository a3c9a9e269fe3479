"""Between which numbers an activation can put out, and how steep it can be; it knows no network."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from backcheck.arithmetic import number
from backcheck.catalogue import unit
from backcheck.roads.backprop import slope_of
from backcheck.roads.by_hand import rule
from backcheck.worksheet import Array, Row

INF = math.inf
GRID = np.concatenate([-np.geomspace(700, 1e-3, 4000), [0.0], np.geomspace(1e-3, 700, 4000)])  # exp(700) is still a number

Limits = tuple[float, float]

# least and largest output, where need be by the activation's own parameter; gelu and silu are least at z = −0.7518 and −1.2785
RANGES: dict[str, Limits | Callable[[float], Limits]] = {
    "identity": (-INF, INF),
    "sigmoid": (0, 1),
    "tanh": (-1, 1),
    "relu": (0, INF),
    "leaky_relu": lambda slope: (-INF if slope > 0 else 0, INF),
    "softplus": (0, INF),
    "elu": lambda alpha: (min(-alpha, 0), INF),
    "gelu": (-0.16997120747990369, INF),
    "silu": (-0.27846454276107380, INF),
    "step": lambda at_zero: (min(0, at_zero), max(1, at_zero)),
    "softmax": (0, 1),
}


def ranges(a: Row, units: int) -> list[tuple[float, float]]:
    """Of each unit the least and the largest output there can be."""
    if "|" not in a.op:
        return [_range(a.op, a.parents[1:])] * units
    return [_range(op, parents[1:]) for op, parents in (unit(a.op, a.parents, j) for j in range(units))]


def _range(op: str, parameters: tuple[str, ...]) -> tuple[float, float]:
    if op not in RANGES:
        return _seen(op)
    limits = RANGES[op]
    return limits(float(number(parameters[0]) or 0)) if callable(limits) else limits


@lru_cache(maxsize=64)
def _seen(op: str) -> tuple[float, float]:
    """Of a formula: what it gives from −700 to 700, if it has come to rest at both ends; else no limit is told."""
    from backcheck.roads.forward import each_alone

    if not each_alone(op):
        return -INF, INF
    with np.errstate(all="ignore"):
        a = np.asarray(rule(Row("a", op, ("z",)))(GRID[:, None])).reshape(-1)
    if not np.isfinite(a).all():
        return -INF, INF
    low, high = float(a.min()), float(a.max())
    at_rest = abs(a[0] - a[500]) + abs(a[-1] - a[-500]) < 1e-3 * (high - low)
    return (low, high) if at_rest else (-INF, INF)


@lru_cache(maxsize=64)
def steepest(op: str, parameters: tuple[str, ...]) -> float:
    """The largest |f′(z)| there is."""
    if op in ("identity", "tanh", "relu", "step", "softplus"):
        return {"step": 0.0}.get(op, 1.0)
    return float(np.nanmax(np.abs(slopes(op, parameters, GRID[:, None]))))


def slopes(op: str, parameters: tuple[str, ...], z: Array) -> Array:
    """f′ at every z."""
    numerals = [np.asarray(float(number(text) or 0)) for text in parameters]
    a_row = Row("a", op, ("z", *parameters))
    slope = Row("dz", slope_of(op, ".dz"), ("g", "z", "a", *parameters))
    with np.errstate(all="ignore"):
        a = np.asarray(rule(a_row)(z, *numerals))
        return np.asarray(rule(slope)(np.ones_like(z), z, a, *numerals))


def slopes_of_layer(a: Row, z: Array) -> tuple[Array, Array]:
    """f′ of every example and unit of a layer, and of each unit the largest there can be; softmax has none of its own."""
    if "|" not in a.op:
        return slopes(a.op, a.parents[1:], z), np.full(z.shape[1], steepest(a.op, a.parents[1:]))
    columns, most = [], []
    for j in range(z.shape[1]):
        op, parents = unit(a.op, a.parents, j)
        columns.append(slopes(op, parents[1:], z[:, [j]]))
        most.append(steepest(op, parents[1:]))
    return np.hstack(columns), np.array(most)


def op_of(a: Row, j: int) -> tuple[str, tuple[str, ...]]:
    """The operation of a unit, and its parameters."""
    op, parents = unit(a.op, a.parents, j) if "|" in a.op else (a.op, a.parents)
    return op, parents[1:]
