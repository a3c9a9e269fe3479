"""A form in which t runs to infinity, as a series: each kind of atom by a rule; it knows no trees and says nothing of limits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from math import factorial

from backcheck.proving.algebra import exponentials
from backcheck.proving.algebra.forms import ONE, Coefficient, Form, Monomial, plus, scaled, single, text
from backcheck.proving.algebra.page import times
from backcheck.proving.algebra.quotients import any_power, cleared, inverse
from backcheck.proving.algebra.signs import sign
from backcheck.proving.approaching import sums
from backcheck.proving.approaching.series import (
    FAST,
    LOGARITHMS,
    NUMBER,
    Cancelled,
    Growth,
    NoValue,
    Scale,
    Series,
    Term,
    Unclear,
    constant,
)
from backcheck.proving.inequalities.ground import Ground, assume
from backcheck.proving.inequalities.shown import shown

GROWS: dict[Monomial, str] = {((ln, 1),): of for of, ln in pairwise(FAST)}  # e^(ln t) is t


class Expansion:
    """The series of the atoms of a form, each worked once."""

    def __init__(self, ground: Ground, order: int) -> None:
        self.ground, self.page = ground, ground.page
        for name in FAST[:-1]:
            assume(self.page, exponentials.ln(self.page, single(name)), "+")
        self.growth = Growth(self._times, self._inverse, self._root, self.sign, self.is_zero, order)
        self.known: dict[str, Series] = {}
        self.signs: dict[str, str] = {}

    def _times(self, one: Form, other: Form) -> Form:
        return times(self.page, one, other)

    def _inverse(self, form: Form) -> Form:
        return inverse(self.page, form)

    def _root(self, form: Form, exponent: Fraction) -> Form:
        return any_power(self.page, form, exponent)

    def sign(self, form: Form) -> str:
        """Of a form without t: + - 0, or something else where it is not known."""
        key = text(form)
        if key not in self.signs:
            self.signs[key] = "0" if self.is_zero(form) else self._sign(form)
        return self.signs[key]

    def _sign(self, form: Form) -> str:
        found = sign(self.page, form)
        sides = (("+", form), ("-", scaled(form, -1))) if found not in "+-" else ()
        return next((known for known, side in sides if shown(self.ground._replace(failed={}), side, True)), found)

    def is_zero(self, form: Form) -> bool:
        return not cleared(self.page, form)

    def runs(self, form: Form) -> bool:
        """Whether t stands in it."""
        return any(name in FAST or any(map(self.runs, self.page.atoms[name].forms)) for monomial in form for name, _ in monomial)

    def series(self, form: Form) -> Series:
        """The series of a form."""
        return self.growth.plus(*(self._of_term(monomial, value) for monomial, value in form.items()))

    def _of_term(self, monomial: Monomial, value: Coefficient) -> Series:
        self.page.spend(20)
        still = tuple(item for item in monomial if not self.runs(single(item[0])))
        found = constant({still: value})
        for name, power in monomial:
            if (name, power) not in still:
                found = self.growth.product(found, self.growth.power(self._atom(name), Fraction(power)))
        return found

    def _atom(self, name: str) -> Series:
        if name not in self.known:
            self.known[name] = RULES.get(self.page.atoms[name].kind, _unknown)(self, name)
        return self.known[name]

    def inner(self, name: str) -> Series:
        return self.series(self.page.atoms[name].forms[0])


# one rule for each kind of atom


def _t(work: Expansion, name: str) -> Series:
    return Series((Term(Scale(single(LOGARITHMS[0])), ONE),))


def _exp(work: Expansion, name: str) -> Series:
    """What runs to infinity goes into the scale, a number stays, what is small is expanded."""
    inner, growth = work.inner(name), work.growth
    if inner.rest is not None and growth.compare(inner.rest, NUMBER) > 0:
        raise Cancelled("its leading terms cancel")
    sides = [(growth.compare(term.scale, NUMBER), term) for term in inner.terms]
    exponent = plus(*(times(work.page, term.factor, _written(work, term.scale)) for side, term in sides if side > 0))
    number = plus(*(term.factor for side, term in sides if side == 0))
    small = Series(tuple(term for side, term in sides if side < 0), inner.rest)
    front = Series((Term(Scale(exponent), exponentials.exp(work.page, number)),))
    return growth.product(front, growth.taylor(small, lambda n: Fraction(1, factorial(n))))


def _written(work: Expansion, scale: Scale) -> Form:
    """t^2 for e^(2 ln t)"""
    found = ONE
    for monomial, value in scale.exponent.items():
        if monomial not in GROWS:
            raise Unclear("it has a power of e in an exponent")
        found = times(work.page, found, any_power(work.page, single(GROWS[monomial]), value))
    return found


def _ln(work: Expansion, name: str) -> Series:
    """ln(c e^X (1 + small)) = X + ln c + small - …"""
    top, small = work.growth.beside_first(work.inner(name))
    if work.sign(top.factor) == "-":
        raise NoValue("the logarithm of a negative number")
    grown = [_of_exponent(monomial, value) for monomial, value in top.scale.exponent.items()]
    rest = work.growth.taylor(small, lambda n: Fraction((-1) ** (n + 1), n) if n else Fraction(0))
    return work.growth.plus(*grown, constant(exponentials.ln(work.page, top.factor)), rest)


def _of_exponent(monomial: Monomial, value: Coefficient) -> Series:
    """A term of an exponent, as a term that grows by itself."""
    if any(name == LOGARITHMS[-1] for name, _ in monomial):
        raise Unclear("it has too many logarithms inside each other")
    logarithm = {of: ln for of, ln in pairwise(FAST)}
    exponent = plus(
        *(
            single(logarithm[name]) if power == 1 else scaled(single(logarithm[name]), power)
            for name, power in monomial
            if name in FAST
        )
    )
    return Series((Term(Scale(exponent), {tuple(item for item in monomial if item[0] not in FAST): value}),))


def _inverse(work: Expansion, name: str) -> Series:
    return work.growth.inverse_of(work.inner(name))


def _root(work: Expansion, name: str) -> Series:
    return work.growth.power(work.inner(name), Fraction(1, int(work.page.atoms[name].name)))


def _half(work: Expansion, name: str) -> Series:
    """1 where its form is positive from some t on."""
    inner = work.inner(name)
    if inner == Series(()):
        raise NoValue("a kink")
    return constant(ONE) if work.sign(work.growth.first(inner).factor) == "+" else Series(())


def _total(work: Expansion, name: str) -> Series:
    return sums.total(work, name)


def _unknown(work: Expansion, name: str) -> Series:
    raise Unclear(f"{work.page.atoms[name].name or 'the greatest of many'} of what runs is not known")


RULES: dict[str, Callable[[Expansion, str], Series]] = {
    "scalar": _t,
    "exp": _exp,
    "ln": _ln,
    "inverse": _inverse,
    "root": _root,
    "half": _half,
    "total": _total,
}
