"""Formulas over many digits, each number with a bound on how far floating point may be from it; it knows no sheet and no slopes.

The bound is a running one, of first order: every operation adds half a unit in the last place of its result to what its
operands bring along. It counts in such units, so that it serves any precision: error·2⁻⁵³ for floats.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

import sympy as sp
from mpmath import MPContext

from backcheck.roads.definitions import EITHER, SIZES, Branch

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

    def inverse(self) -> Exact:
        """1/x"""
        value = 1 / self.value
        return Exact(value, self.error * value * value + abs(value))

    def power(self, exponent: int) -> Exact:
        """xⁿ for a whole n ≥ 0."""
        if exponent == 0:
            return ONE
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
ONE = Exact(MP.mpf(1), MP.mpf(0))


def exact(number: float) -> Exact:
    """A given number: a decimal of few digits is meant as it is written, anything longer is the float itself.

    >>> exact(0.1).value * 10 == 1
    True
    """
    text = repr(float(number))
    short = len(text.lstrip("-0.").partition("e")[0].replace(".", "")) <= SHORT
    value = MP.mpf(text if short else float(number))
    return Exact(value, abs(value))


SHORT = 9  # digits; one random float in ten million has a decimal as short as that


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
    "erf": _function("erf", lambda x, _: 2 * MP.npdf(x * MP.sqrt(2))),
    "sigmoid": _sigmoid,
    "Phi": _Phi,
    "phi": _function("npdf", lambda x, v: x * v),
    "power": _power,
}


class Reader(Protocol):
    """Where a formula finds its letters."""

    def cell(self, letter: str, index: tuple[int, ...]) -> Exact: ...
    def number(self, letter: str) -> Exact: ...
    def size(self, letter: str) -> int: ...
    def side(self, u: Exact) -> float: ...


Indices = dict[Any, int]
Worked = Callable[[Reader, Indices], Exact]


@lru_cache(maxsize=4096)
def compiled(tree: Any) -> Worked:
    """A SymPy expression as a function of where its letters are read and of its free indices; no text is run."""
    if tree.is_Rational:
        return _constant(tree)
    if isinstance(tree, sp.Indexed):
        letter, indices = str(tree.base), tree.indices
        return lambda read, at: read.cell(letter, tuple([at[i] for i in indices]))
    if isinstance(tree, sp.Symbol):
        return _symbol(tree)
    parts = [compiled(part) for part in tree.args] if not isinstance(tree, sp.Sum) else []
    match tree:
        case sp.Add():
            return lambda read, at: _all(Exact.__add__, [part(read, at) for part in parts])
        case sp.Mul():
            return lambda read, at: _all(Exact.__mul__, [part(read, at) for part in parts])
        case sp.Pow():
            return _powered(tree, parts)
        case sp.Sum():
            return _sum(tree)
        case Branch():
            return _branch(tree, parts)
        case sp.KroneckerDelta():
            first, second = tree.args
            return lambda _, at: ONE if at[first] == at[second] else ZERO
        case sp.NumberSymbol():
            return lambda _read, _at: Exact(+tree._to_mpmath(MP.prec), ONE.value)
    return lambda read, at: FUNCTIONS[tree.func.__name__](*[part(read, at) for part in parts])


ZERO = Exact(MP.mpf(0), MP.mpf(0))


def _all(operation: Callable[[Exact, Exact], Exact], parts: list[Exact]) -> Exact:
    found = parts[0]
    for part in parts[1:]:
        found = operation(found, part)
    return found


def _constant(tree: Any) -> Worked:
    p, q = int(tree.p), int(tree.q)
    if q == 1:
        return lambda _read, _at: Exact(MP.mpf(p), ZERO.value)
    return lambda _read, _at: Exact(MP.mpf(p) / q, abs(MP.mpf(p) / q))


def _symbol(tree: Any) -> Worked:
    letter = tree.name
    if tree in SIZES.values():
        return lambda read, _: Exact(MP.mpf(read.size(letter)), ZERO.value)
    return lambda read, _: read.number(letter)


def _powered(tree: Any, parts: list[Worked]) -> Worked:
    base, exponent = parts
    if tree.exp.is_Integer:
        n = int(tree.exp)
        return lambda read, at: base(read, at).power(n) if n >= 0 else base(read, at).power(-n).inverse()
    if abs(tree.exp) == sp.S.Half:
        return lambda read, at: _sqrt(base(read, at)) if tree.exp > 0 else _sqrt(base(read, at)).inverse()
    return lambda read, at: _power(base(read, at), exponent(read, at))


def _sum(tree: Any) -> Worked:
    body, (index, _, last) = compiled(tree.function), tree.limits[0]
    letter = (last + 1).name

    def of(read: Reader, at: Indices) -> Exact:
        return _all(Exact.__add__, [body(read, {**at, index: i}) for i in range(read.size(letter))] or [ZERO])

    return of


def _branch(tree: Any, parts: list[Worked]) -> Worked:
    u, below, above, at_kink = parts[0], parts[1], parts[2], None if tree.args[3] == EITHER else parts[3]

    def of(read: Reader, at: Indices) -> Exact:
        arg = u(read, at)
        if not arg.doubtful:
            return above(read, at) if arg.value > 0 else below(read, at)
        if at_kink and arg.error == 0:
            return at_kink(read, at)
        share = Exact(MP.mpf(read.side(arg)), ZERO.value)
        return below(read, at) * (ONE + share * MINUS_ONE) + above(read, at) * share

    return of


MINUS_ONE = Exact(MP.mpf(-1), ZERO.value)
