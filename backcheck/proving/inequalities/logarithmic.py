"""Comparing by functions that only rise: D > 0 where e^D > 1; a > b where ln a > ln b; it decides neither."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from backcheck.proving.algebra.exponentials import exp, ln
from backcheck.proving.algebra.forms import ONE, Form, Monomial, joined, minus, raised, scaled
from backcheck.proving.algebra.page import Page
from backcheck.proving.algebra.signs import sign

MOST_POWER = 12


def as_powers(page: Page, form: Form) -> Form | None:
    """e^D - 1, where D holds logarithms times numbers only: it has the sign of D, and no logarithms."""
    if _has_sums(page, form):
        return None
    numbers = [value for monomial, value in form.items() if _is_logarithm(page, monomial)]
    inside = any(page.atoms[name].kind == "ln" for monomial in form if not _is_logarithm(page, monomial) for name, _ in monomial)
    if not numbers or inside:
        return None
    times = lcm(*(Fraction(number).denominator for number in numbers))
    if sum(abs(Fraction(number) * times) for number in numbers) > MOST_POWER:
        return None
    return minus(exp(page, scaled(form, times)), ONE)


def _is_logarithm(page: Page, monomial: Monomial) -> bool:
    return len(monomial) == 1 and monomial[0][1] == 1 and page.atoms[monomial[0][0]].kind == "ln"


def as_logarithms(page: Page, form: Form) -> Form | None:
    """ln a - ln b for a - b, two products that are positive and hold powers of e: it has the sign of their difference."""
    if len(form) != 2 or _has_sums(page, form):
        return None
    (one, a), (other, b) = sorted(form.items(), key=lambda item: -item[1])
    powers = any(page.atoms[name].kind == "exp" for monomial in form for name, _ in monomial)
    if not (powers and a > 0 > b) or {sign(page, {one: 1}), sign(page, {other: 1})} != {"+"}:
        return None
    return ln(page, {joined(one, raised(other, -1)): Fraction(a) / -Fraction(b)})


def _has_sums(page: Page, form: Form) -> bool:
    """Whether sums stand in it, but for those inside of functions: they are better compared term by term."""
    return any(page.atoms[name].kind == "total" for monomial in form for name, _ in monomial)
