"""A formula at a number, in fractions: the value where it is one for certain, and nothing where it is not."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction

from backcheck.formula import Formula, evaluate


def exactly(tree: Formula, z: Fraction, count: int) -> Fraction | None:
    """The value of a formula in fractions, or None where it is no fraction, or not seen to be one."""
    over: dict[str, Callable[..., Fraction]] = {"sum": lambda u: count * u, "mean": lambda u: u}
    try:
        found: Fraction = evaluate(tree, {"z": z, "K": Fraction(count)}.__getitem__, FRACTIONS | over, Fraction)
    except (_Unknown, ZeroDivisionError, OverflowError):
        return None
    return found


class _Unknown(Exception):
    """The value is no fraction, or nobody has looked."""


def _only_at(point: int, value: int | Fraction) -> Callable[[Fraction], Fraction]:
    def known(u: Fraction) -> Fraction:
        if u != point:
            raise _Unknown
        return Fraction(value)

    return known


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > 64 or base.denominator.bit_length() + base.numerator.bit_length() > 256:
        raise _Unknown
    return base ** int(exponent)


def _heaviside(u: Fraction, at: Fraction | int = 0) -> Fraction:
    return Fraction(at) if u == 0 else Fraction(u > 0)


FRACTIONS: dict[str, Callable[..., Fraction]] = {
    **{name: _only_at(0, 0) for name in ("sin", "tan", "atan", "sinh", "tanh", "erf", "sqrt")},
    **{name: _only_at(0, 1) for name in ("exp", "cos", "cosh")},
    "ln": _only_at(1, 0),
    "sigmoid": _only_at(0, Fraction(1, 2)),
    "power": _power,
    "abs": operator.abs,
    "sign": lambda u: Fraction((u > 0) - (u < 0)),
    "max": max,
    "min": min,
    "relu": lambda u: max(u, Fraction(0)),
    "relu'": _heaviside,
    "heaviside": _heaviside,
}
