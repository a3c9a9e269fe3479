"""Formulas over many digits, each number with a bound on how far floating point may be from it; it knows no sheet and no slopes.

The bound is a running one, of first order: every operation adds half a unit in the last place of its result to what its
operands bring along. It counts in such units, so that it serves any precision: error·2⁻⁵³ for floats.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from mpmath import MPContext

from backcheck.roads.compiled import Arithmetic
from backcheck.roads.given import Cells, in_cells, short
from backcheck.worksheet import Array

MP = MPContext()
UNIT = 2.0**-53


class Exact:
    """A number to many digits, and the error of floating point in it in units of 2⁻⁵³."""

    __slots__ = ("error", "value")

    def __init__(self, value: Any, error: Any) -> None:
        self.value, self.error = value, error

    def __add__(self, other: Exact) -> Exact:
        value = self.value + other.value
        return Exact(value, self.error + other.error + abs(value))

    def __mul__(self, other: Exact) -> Exact:
        value = self.value * other.value
        return Exact(value, abs(self.value) * other.error + abs(other.value) * self.error + abs(value))

    def __truediv__(self, other: Exact) -> Exact:
        value = self.value / other.value
        return Exact(value, (self.error + abs(value) * other.error) / abs(other.value) + abs(value))

    def __pow__(self, exponent: int) -> Exact:
        """A whole power, 1 or more."""
        value = self.value ** (exponent - 1)
        return Exact(value * self.value, exponent * abs(value) * (self.error + abs(self.value)))

    @property
    def doubtful(self) -> bool:
        """Whether floating point may not know the sign."""
        return bool(abs(self.value) <= ALLOWED * UNIT * self.error)

    def digits(self, precision: int) -> float:
        """How many digits of the value are sure, where so many are carried."""
        if self.error == 0:
            return math.inf
        return precision - float(MP.log10(self.error / abs(self.value))) if self.value else 0


ALLOWED = 8  # how often floats may miss by the bound: they group terms otherwise, and write 1 − a as a formula of z
ZERO, ONE, MINUS_ONE = (Exact(MP.mpf(n), MP.mpf(0)) for n in (0, 1, -1))


def _given(numbers: Array) -> Cells:
    return in_cells(
        numbers.shape, [_exact(*pair) for pair in zip(numbers.ravel().tolist(), short(numbers).ravel().tolist(), strict=True)]
    )


def _exact(number: float, is_short: bool) -> Exact:
    """The number as it is meant.

    >>> _exact(0.1, True).value * 10 == 1
    True
    """
    value = MP.mpf(repr(number) if is_short else number)
    return Exact(value, abs(value))


def _constant(p: int, q: int) -> Exact:
    value = MP.mpf(p) / q
    return Exact(value, ZERO.value if q == 1 else abs(value))


def _pi() -> Exact:
    return Exact(+MP.pi, +MP.pi)


def _function(name: str, slope: Callable[[Any, Any], Any]) -> Callable[[Exact], Exact]:
    """A function with the factor by which it passes an error on: |f′|, from u and f(u)."""
    compute = getattr(MP, name)

    def of(u: Exact) -> Exact:
        value = compute(u.value)
        return Exact(value, abs(slope(u.value, value)) * u.error + 2 * abs(value))

    return of


def _log(u: Exact) -> Exact:
    if u.value <= 0:
        raise ValueError("ln of a number that is not above 0")
    return _function("ln", lambda x, _: 1 / x)(u)


def _sqrt(u: Exact) -> Exact:
    if u.value < 0:
        raise ValueError("square root of a number below 0")
    value = MP.sqrt(u.value)
    return Exact(value, (u.error / (2 * value) if value else u.error) + abs(value))


def _sigmoid(u: Exact) -> Exact:
    value = 1 / (1 + MP.exp(-u.value))
    return Exact(value, value * (1 - value) * u.error + 2 * value)


def _Phi(u: Exact) -> Exact:
    value = MP.erfc(-u.value / MP.sqrt(2)) / 2
    return Exact(value, MP.npdf(u.value) * u.error + 2 * value)


def _power(base: Exact, exponent: Exact) -> Exact:
    if base.value == 0 and exponent.value > 0:
        return Exact(base.value, base.error)
    if base.value <= 0:
        raise ValueError("a broken power of a number that is not above 0")
    value = base.value**exponent.value
    by_base, by_exponent = abs(exponent.value / base.value) * base.error, abs(MP.ln(base.value)) * exponent.error
    return Exact(value, value * (by_base + by_exponent + 2 * abs(exponent.value * MP.ln(base.value)) + 2))


FUNCTIONS: dict[str, Callable[..., Exact]] = {
    "exp": _function("exp", lambda _, v: v),
    "log": _log,
    "sqrt": _sqrt,
    "sin": _function("sin", lambda x, _: MP.cos(x)),
    "cos": _function("cos", lambda x, _: MP.sin(x)),
    "tan": _function("tan", lambda _, v: 1 + v * v),
    "atan": _function("atan", lambda x, _: 1 / (1 + x * x)),
    "sinh": _function("sinh", lambda x, _: MP.cosh(x)),
    "cosh": _function("cosh", lambda x, _: MP.sinh(x)),
    "tanh": _function("tanh", lambda _, v: 1 - v * v),
    "erf": _function("erf", lambda x, _: 2 * MP.sqrt(2) * MP.npdf(x * MP.sqrt(2))),
    "sigmoid": _sigmoid,
    "Phi": _Phi,
    "phi": _function("npdf", lambda x, v: x * v),
    "power": _power,
    "pi": _pi,
}


EXACT = Arithmetic(_given, _constant, FUNCTIONS, lambda u: u.doubtful, lambda u: bool(u.value > 0), lambda u: bool(u.error == 0))
