"""Logarithms and powers of e against their tangents: ln u >= 1 - 1/u, e^u >= e^v (1 + u - v); it puts nothing together."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from backcheck.proving.algebra.division import apart
from backcheck.proving.algebra.exponentials import exp
from backcheck.proving.algebra.forms import ONE, Coefficient, Form, minus, plus, scaled, single, split, text
from backcheck.proving.algebra.page import Page, times
from backcheck.proving.algebra.signs import sign

MOST_TOGETHER, MOST_POWER = 5, 4  # logarithms with one factor, and their numbers
Bound = Form  # a form that is not negative


def tangents(page: Page, form: Form) -> Iterator[Bound]:
    """Forms that are not negative, of the logarithms and powers of e in a form; each times its factor there."""
    yield from (apart(page, bound) for bound in _of_logarithms(page, form))
    yield from _of_powers(page, form)


def _of_logarithms(page: Page, form: Form) -> Iterator[Bound]:
    """factor·(ln u - 1 + 1/u), u a product: p ln p - p ln q is p·ln(p/q)."""
    for factor, logarithms in _by_factor(page, form):
        found = sign(page, factor)
        if found not in ("+", "≥"):
            continue
        for some in _together(logarithms):
            for way in (1, -1):
                ln_u = plus(*(scaled(single(name), way * times_it) for name, times_it in some))
                yield times(page, factor, plus(ln_u, scaled(ONE, -1), exp(page, scaled(ln_u, -1))))


def _by_factor(page: Page, form: Form) -> list[tuple[Form, list[tuple[str, Coefficient]]]]:
    """The logarithms of a form with equal factors, each with its number."""
    factors: dict[str, Form] = {}
    for monomial, value in form.items():
        for name, power in monomial:
            if power == 1 and page.atoms[name].kind == "ln":
                rest: Form = {tuple(item for item in monomial if item[0] != name): value}
                factors[name] = plus(factors.get(name, {}), rest)
    found: dict[str, tuple[Form, list[tuple[str, Coefficient]]]] = {}
    for name, factor in factors.items():
        if factor:
            content = split(factor)[0]
            alone = scaled(factor, 1 / Fraction(content))
            found.setdefault(text(alone), (alone, []))[1].append((name, content))
    return [*found.values()]


def _together(logarithms: list[tuple[str, Coefficient]]) -> Iterator[list[tuple[str, Coefficient]]]:
    """All of them, each two, each alone; their numbers as small as they can be."""
    some = logarithms[:MOST_TOGETHER]
    groups = [some, *(map(list, combinations(some, 2))), *([one] for one in some)]
    seen = set()
    for group in groups:
        content = abs(Fraction(split({((name, 1),): number for name, number in group})[0]))
        found: list[tuple[str, Coefficient]] = [(name, number / content) for name, number in group]
        if (key := tuple(found)) not in seen and all(abs(Fraction(number)) <= MOST_POWER for _, number in found):
            seen.add(key)
            yield found


def _of_powers(page: Page, form: Form) -> Iterator[Bound]:
    """e^u - 1 - u, and e^u - e^v (1 + u - v) for each two of them."""
    powers = sorted({name for monomial in form for name, _ in monomial if page.atoms[name].kind == "exp"})[:MOST_TOGETHER]
    factors = [_rest(monomial, name) for monomial in form for name, _ in monomial if name in powers]
    positive = [factor for factor in {text(one): one for one in (*factors, ONE)}.values() if sign(page, factor) in ("+", "≥")]
    for factor in positive[:MOST_TOGETHER]:
        for name in powers:
            inner = page.atoms[name].forms[0]
            yield times(page, factor, minus(single(name), plus(ONE, inner)))
            yield times(page, factor, minus(single(name, -1), minus(ONE, inner)))
            for other in powers:
                if other != name:
                    further = minus(inner, page.atoms[other].forms[0])
                    yield times(page, factor, minus(single(name), times(page, single(other), plus(ONE, further))))


def _rest(monomial: tuple[tuple[str, Coefficient], ...], name: str) -> Form:
    return {tuple(item for item in monomial if item[0] != name): 1}
