"""Sums of terms c·e^X, the greatest first, and o(e^X) for what is left out; X is made of t, ln t, ln ln t. It knows no atoms.

After Gruntz (1996) in spirit: what grows is told by its exponent alone, and of two exponents the one with the greater leading
term is the greater. ln t has the scale ln ln t, t^2 the scale 2 ln t, and a number the scale 0.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cmp_to_key, reduce
from typing import NamedTuple

from backcheck.proving.algebra.forms import ONE, ZERO, Form, Monomial, minus, plus, scaled, text

MOST_TERMS = 8


class Unclear(Exception):
    """A limit that depends on what is not known, or that is beyond what is known here: why."""


class Cancelled(Unclear):
    """The terms that were looked at cancel: more of them may tell."""


class NoValue(Exception):
    """There is no value near that place: why."""


class Scale(NamedTuple):
    """e^X"""

    exponent: Form


NUMBER = Scale(ZERO)


class Term(NamedTuple):
    scale: Scale
    factor: Form


class Series(NamedTuple):
    """The terms, the greatest first; and what the rest is small against, None where there is no rest."""

    terms: tuple[Term, ...]
    rest: Scale | None = None


def constant(form: Form) -> Series:
    return Series((Term(NUMBER, form),)) if form else Series(())


FAST = ("→", "ln(1*→)", "ln(1*ln(1*→))", "ln(1*ln(1*ln(1*→)))")  # how they are called in forms: no name that people write
T, *LOGARITHMS = FAST


def leading(exponent: Form) -> Form:
    """What stands before the greatest product of t, ln t, ln ln t, …."""
    found: dict[tuple[Fraction, ...], Form] = {}
    for monomial, value in exponent.items():
        powers = dict(monomial)
        place = tuple(Fraction(powers.get(name, 0)) for name in FAST)
        rest: Monomial = tuple(item for item in monomial if item[0] not in FAST)
        found[place] = plus(found.get(place, ZERO), {rest: value})
    return found[max(found)]


class Growth:
    """Reckons with series; which of two scales is greater may depend on the sign of something given."""

    def __init__(
        self,
        times: Callable[[Form, Form], Form],
        inverse: Callable[[Form], Form],
        root: Callable[[Form, Fraction], Form],
        sign: Callable[[Form], str],
        is_zero: Callable[[Form], bool],
        order: int,
    ) -> None:
        self.times, self.inverse, self.root, self.sign, self.is_zero = times, inverse, root, sign, is_zero
        self.order = order  # how many terms of e^u, 1/(1 + u) and ln(1 + u) are looked at

    def compare(self, one: Scale, other: Scale) -> int:
        """1 where the first is greater, 0 where they are the same."""
        further = minus(one.exponent, other.exponent)
        if not further:
            return 0
        top = leading(further)
        found = self.sign(top)
        if found not in "+-":
            raise Unclear(top)
        return 1 if found == "+" else -1

    def plus(self, *series: Series) -> Series:
        """The sum; what is small against the rest of one of them is left out."""
        rests = [one.rest for one in series if one.rest is not None]
        rest = reduce(self._greater, rests) if rests else None
        factors: dict[str, Term] = {}
        for one in series:
            for term in one.terms:
                key = text(term.scale.exponent)
                before = factors.get(key)
                factors[key] = term if before is None else Term(term.scale, plus(before.factor, term.factor))
        kept = [term for term in factors.values() if term.factor and not self.is_zero(term.factor)]
        return self._ordered([term for term in kept if rest is None or self.compare(term.scale, rest) >= 0], rest)

    def _greater(self, one: Scale, other: Scale) -> Scale:
        return one if self.compare(one, other) >= 0 else other

    def _ordered(self, terms: list[Term], rest: Scale | None) -> Series:
        found = sorted(terms, key=cmp_to_key(self._falling))
        return Series(tuple(found[:MOST_TERMS]), found[MOST_TERMS - 1].scale if len(found) > MOST_TERMS else rest)

    def _falling(self, one: Term, other: Term) -> int:
        return -self.compare(one.scale, other.scale)

    def product(self, one: Series, other: Series) -> Series:
        pairs = [(a, b) for a in one.terms for b in other.terms]
        terms = [Series((Term(_joined(a.scale, b.scale), self.times(a.factor, b.factor)),)) for a, b in pairs]
        sides = ((one, other.rest), (other, one.rest))
        rests = [Series((), _joined(top, rest)) for side, rest in sides if rest is not None for top in _tops(side)]
        return self.plus(*terms, *rests)

    def first(self, series: Series) -> Term:
        """The greatest term, which is known not to be 0."""
        if not series.terms:
            raise Cancelled("its leading terms cancel")
        if self.sign(series.terms[0].factor) not in "+-":
            raise Unclear(series.terms[0].factor)
        return series.terms[0]

    def beside_first(self, series: Series) -> tuple[Term, Series]:
        """c·e^X·(1 + small): the first term, and what is small."""
        top = self.first(series)
        away = Series((Term(_power(top.scale, -1), self.inverse(top.factor)),))
        return top, self.product(Series(series.terms[1:], series.rest), away)

    def inverse_of(self, series: Series) -> Series:
        top, small = self.beside_first(series)
        front = Series((Term(_power(top.scale, -1), self.inverse(top.factor)),))
        return self.product(front, self.taylor(small, lambda n: Fraction((-1) ** n)))

    def power(self, series: Series, exponent: Fraction) -> Series:
        """A power that is a number; where it is no whole number, of what is positive."""
        if exponent.denominator == 1:
            base = series if exponent >= 0 else self.inverse_of(series)
            return reduce(self.product, [base] * abs(int(exponent)), constant(ONE))
        top, small = self.beside_first(series)
        if self.sign(top.factor) == "-":
            raise NoValue("a root of a negative number")
        factors = [Fraction(1)]
        for n in range(self.order):
            factors.append(factors[-1] * (exponent - n) / (n + 1))
        front = Series((Term(_power(top.scale, exponent), self.root(top.factor, exponent)),))
        return self.product(front, self.taylor(small, lambda n: factors[n]))

    def taylor(self, small: Series, factor: Callable[[int], Fraction]) -> Series:
        """Σ factor(n)·small^n, and what is left."""
        if small == Series(()):
            return constant({(): factor(0)} if factor(0) else {})
        found, power = list[Series](), constant(ONE)
        for n in range(self.order):
            power = self.product(power, small) if n else power
            if factor(n):
                found.append(self.product(constant({(): factor(n)}), power))
        return self.plus(*found, Series((), _tops(power)[0]))  # what follows is small against the last power


def _tops(series: Series) -> list[Scale]:
    """What the whole is not greater than, but for a factor."""
    return [series.terms[0].scale] if series.terms else [series.rest] if series.rest is not None else []


def _joined(one: Scale, other: Scale) -> Scale:
    return Scale(plus(one.exponent, other.exponent))


def _power(scale: Scale, exponent: Fraction | int) -> Scale:
    return Scale(scaled(scale.exponent, exponent))
