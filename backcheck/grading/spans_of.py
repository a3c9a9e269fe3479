"""Functions over spans: the span of each, and the span of its slope, one line for each; it knows no formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from backcheck.grading.span import FURTHER, INF, Span, ends, hull, increasing, inside, one_over, power, with_turn
from backcheck.roads.by_hand import FUNCTIONS

Spanned = Callable[..., Any]


def _turning(name: str, at: float, value: float) -> Spanned:
    """A function that falls before a point and rises behind it, or the other way round."""
    work = FURTHER.get(name) or FUNCTIONS[name]

    def over(u: Any, *exact: Any) -> Any:
        return with_turn(u, work(u.lo, *exact), work(u.hi, *exact), at, value) if isinstance(u, Span) else work(u, *exact)

    return over


def _wave(name: str, top: float) -> Spanned:
    """sin and cos: 1 at top + 2πk, −1 half a turn later."""
    work = FUNCTIONS[name]

    def over(u: Any) -> Any:
        if not isinstance(u, Span):
            return work(u)
        found = hull(work(u.lo), work(u.hi))
        return Span(np.where(_meets(u, top + np.pi), -1.0, found.lo), np.where(_meets(u, top), 1.0, found.hi))

    return over


def _meets(u: Span, at: float) -> Any:
    """Where a span holds at + 2πk for some k."""
    turn = 2 * np.pi
    return np.floor((u.hi - at) / turn) >= np.ceil((u.lo - at) / turn)


def _tan(u: Any) -> Any:
    if not isinstance(u, Span):
        return np.tan(u)
    pole = np.floor((u.hi - np.pi / 2) / np.pi) >= np.ceil((u.lo - np.pi / 2) / np.pi)
    return Span(np.where(pole, -INF, np.tan(u.lo)), np.where(pole, INF, np.tan(u.hi)))


def _ln(u: Any) -> Any:
    """ln of what may reach down to 0 begins at −∞; of nothing above 0 there is none."""
    lo, hi = ends(u)
    return Span(np.log(np.maximum(lo, 0)), np.log(np.where(np.asarray(hi) > 0, hi, np.nan))) if isinstance(u, Span) else np.log(u)


def _sqrt(u: Any) -> Any:
    return Span(np.sqrt(np.maximum(u.lo, 0)), np.sqrt(u.hi)) if isinstance(u, Span) else np.sqrt(u)


def _elu_slope(u: Any, alpha: Any) -> Any:
    if not isinstance(u, Span):
        return FURTHER["elu'"](u, alpha)
    found = hull(FURTHER["elu'"](u.lo, alpha), FURTHER["elu'"](u.hi, alpha))
    beside = np.where(inside(u, 0.0), alpha, found.lo)  # just below 0
    return hull(found, beside)


def _each_way(pick: Any) -> Spanned:
    def over(*u: Any) -> Any:
        if not any(isinstance(v, Span) for v in u):
            return pick(*u)
        both = [ends(v) for v in u]
        return Span(pick(*(lo for lo, _ in both)), pick(*(hi for _, hi in both)))

    return over


SPANS: dict[str, Spanned] = {
    **{name: increasing(name) for name in ("exp", "atan", "sinh", "tanh", "erf", "sign", "sigmoid", "softplus", "relu")},
    **{name: increasing(name) for name in ("relu'", "heaviside", "leaky_relu", "leaky_relu'", "elu", "huber'", "Phi")},
    "power": power,
    "ln": _ln,
    "sqrt": _sqrt,
    "sin": _wave("sin", np.pi / 2),
    "cos": _wave("cos", 0.0),
    "tan": _tan,
    "cosh": _turning("cosh", 0.0, 1.0),
    "abs": _turning("abs", 0.0, 0.0),
    "huber": _turning("huber", 0.0, 0.0),
    "phi": _turning("phi", 0.0, float(FURTHER["phi"](0.0))),
    "elu'": _elu_slope,
    "max": _each_way(np.maximum),
    "min": _each_way(np.minimum),
    "lse": _each_way(FURTHER["lse"]),
}


def _jump(u: Any) -> Any:
    """The slope of what jumps at 0: none elsewhere, and any at all there."""
    lo, hi = ends(u)
    across = (lo <= 0) & (hi >= 0)
    return Span(np.where(across, -INF, 0.0), np.where(across, INF, 0.0))


def _within(u: Any, delta: Any) -> Any:
    """1 up to ±δ and 0 beyond."""
    lo, hi = ends(u)
    return Span(((lo >= -delta) & (hi <= delta)) * 1.0, ((lo <= delta) & (hi >= -delta)) * 1.0)


def _elu_bend(u: Any, alpha: Any) -> Any:
    return hull(0.0, SPANS["elu'"](u, alpha)) + (_jump(u) if alpha != 1 else 0.0)


# The slope of a function by its first argument.
SLOPES: dict[str, Spanned] = {
    "exp": SPANS["exp"],
    "ln": lambda u: one_over(u) if isinstance(u, Span) else 1 / u,
    "sqrt": lambda u: 1.0 / (2.0 * _sqrt(u)),
    "sin": SPANS["cos"],
    "cos": lambda u: -SPANS["sin"](u),
    "tan": lambda u: 1.0 + power(_tan(u), 2.0),
    "atan": lambda u: 1.0 / (1.0 + power(u, 2.0)),
    "sinh": SPANS["cosh"],
    "cosh": SPANS["sinh"],
    "tanh": lambda u: 1.0 - power(SPANS["tanh"](u), 2.0),
    "erf": lambda u: 2 / np.sqrt(np.pi) * SPANS["exp"](-power(u, 2.0)),
    "abs": SPANS["sign"],
    "sign": _jump,
    "sigmoid": lambda u: SPANS["sigmoid"](u) * SPANS["sigmoid"](-u),
    "softplus": SPANS["sigmoid"],
    "relu": lambda u: SPANS["heaviside"](u, 0.5),
    "relu'": lambda u, *_: _jump(u),
    "heaviside": lambda u, *_: _jump(u),
    "leaky_relu": SPANS["leaky_relu'"],
    "leaky_relu'": lambda u, *_: _jump(u),
    "elu": _elu_slope,
    "elu'": _elu_bend,
    "huber": SPANS["huber'"],
    "huber'": _within,
    "Phi": SPANS["phi"],
    "phi": lambda u: -u * SPANS["phi"](u),
}


def _greater(u: Any, v: Any) -> Any:
    """The slope of max(u, v) by u."""
    (low, high), (least, most) = ends(u), ends(v)
    return Span((low > most) * 1.0, (high >= least) * 1.0)


# … and of functions of several numbers by each of them.
SLOPES_BY_EACH: dict[str, Callable[..., list[Any]]] = {
    "max": lambda u, v: [_greater(u, v), _greater(v, u)],
    "min": lambda u, v: [_greater(v, u), _greater(u, v)],
    "lse": lambda *z: [SPANS["exp"](v - SPANS["lse"](*z)) for v in z],
}
