"""How each kind of atom grows: its series from that of what stands in it, one rule a kind; it knows no limits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from math import factorial
from typing import TYPE_CHECKING

from backcheck.proving.algebra import exponentials
from backcheck.proving.algebra.forms import ONE, Coefficient, Form, Monomial, plus, scaled, single
from backcheck.proving.algebra.page import times
from backcheck.proving.algebra.quotients import any_power
from backcheck.proving.approaching.series import (
    FAST,
    LOGARITHMS,
    NUMBER,
    Cancelled,
    NoValue,
    Scale,
    Series,
    Term,
    Unclear,
    constant,
)
from backcheck.proving.approaching.sums import total

if TYPE_CHECKING:
    from backcheck.proving.approaching.expanding import Expansion

LOGARITHM = dict(pairwise(FAST))  # t → ln t
GROWS: dict[Monomial, str] = {((ln, 1),): of for of, ln in LOGARITHM.items()}  # e^(ln t) is t
Rule = Callable[["Expansion", str], Series]


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
    exponent = plus(
        *(
            single(LOGARITHM[name]) if power == 1 else scaled(single(LOGARITHM[name]), power)
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


def unknown(work: Expansion, name: str) -> Series:
    raise Unclear(f"{work.page.atoms[name].name or 'the greatest of many'} of what runs is not known")


RULES: dict[str, Rule] = {
    "scalar": lambda *_: Series((Term(Scale(single(LOGARITHMS[0])), ONE),)),  # t itself
    "exp": _exp,
    "ln": _ln,
    "inverse": _inverse,
    "root": _root,
    "half": _half,
    "total": total,
}
