"""What is known of the parts of a form, as forms that are not negative: an inequality may be their sum; it adds up nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, combinations_with_replacement

from backcheck.proving.algebra.forms import ONE, Form, constant, joined, minus, plus, raised, scaled, single, text
from backcheck.proving.algebra.page import Page, TooMuch, times
from backcheck.proving.algebra.signs import sign
from backcheck.proving.algebra.totals import total
from backcheck.proving.inequalities.bounds import least_size
from backcheck.proving.inequalities.combined import Known
from backcheck.proving.inequalities.ground import Ground, tell
from backcheck.proving.inequalities.spread import spreads, sum_over, summand
from backcheck.proving.inequalities.tangents import tangents

MOST_FACTS, MOST_ATOMS = 8, 8
UP = {"+": 1, "≥": 1, "-": -1, "≤": -1, "0": 1}  # what a form is to be taken times, so that it is not negative
STRENGTH = {"-": "+", "≤": "≥"}


def plain_facts(ground: Ground, form: Form) -> Iterator[Known]:
    """The signs of its parts, what is given, and that a sum is not less than its terms."""
    page = ground.page
    yield from _given(page)
    yield from _signs(page, form)
    yield from _sizes(page, form)
    yield from _terms(ground, form)


def tangents_of(ground: Ground, form: Form) -> Iterator[Known]:
    """What is plain, and tangents, also those of what is added over an index; and what Cauchy and Schwarz found of sums."""
    yield from plain_facts(ground, form)
    yield from _products_of_sums(ground.page, form)
    yield from (Known(bound, "≥") for bound in tangents(ground.page, form))
    yield from _sums(ground, form)


def products_of(ground: Ground, form: Form) -> Iterator[Known]:
    """What is plain times itself and other things, and squares."""
    page, base = ground.page, [*plain_facts(ground, form)]
    yield from base
    yield from _to_match(page, form, base)
    yield from (Known(square, "≥") for square in _squares(page, form))
    for one, other in combinations_with_replacement([known for known in base if known.known in "+≥"][:MOST_FACTS], 2):
        known = "+" if one.known == other.known == "+" else "≥"
        yield Known(times(page, one.form, other.form), known, one.given | other.given)


def _given(page: Page) -> Iterator[Known]:
    for fact in page.facts:
        known, given = page.signs.get(text(fact), ("?", None))
        if known in UP:
            yield Known(scaled(fact, UP[known]), STRENGTH.get(known, known), frozenset() if given is None else frozenset({given}))


def _signs(page: Page, form: Form) -> Iterator[Known]:
    """Of each term, and of each atom."""
    atoms = sorted({name for monomial in form for name, _ in monomial})[:MOST_ATOMS]
    for monomial in (*form, *(((name, 1),) for name in atoms)):
        known = sign(page, {monomial: 1}) if monomial else "?"
        if known in UP:
            yield Known({monomial: UP[known]}, STRENGTH.get(known, known))


def _sizes(page: Page, form: Form) -> Iterator[Known]:
    for name in sorted({name for monomial in form for name, _ in monomial if page.atoms[name].kind == "size"}):
        yield Known(minus(single(name), constant(least_size(page, page.atoms[name].name))), "≥")


def _terms(ground: Ground, form: Form) -> Iterator[Known]:
    """A sum of what is not negative is not less than some of its terms."""
    page = ground.page
    for name in sorted({name for monomial in form for name, _ in monomial if page.atoms[name].kind == "total"}):
        size = sum_over(page, name)
        if not size:
            continue
        some = page.fresh(size)
        tell(ground, summand(page, name, some))
        known = sign(page, summand(page, name, some))
        if known in ("+", "≥"):
            for points in _apart(page, form, size):
                own = [summand(page, name, point) for point in points]
                yield Known(minus(single(name), plus(*own)), "+" if known == "+" and least_size(page, size) > len(points) else "≥")
                yield from (Known(term, known) for term in own)


def _apart(page: Page, form: Form, size: str) -> list[list[str]]:
    """Points that are different: those of letters all together; one that may be any, by itself."""
    points = sorted(
        point for point in {*page.points.values(), *page.free(form)} if page.sizes.get(point) == size and point[0] not in "?#"
    )
    return [[point for point in points if point[0] != "@"], *([point] for point in points if point[0] == "@")]


def _sums(ground: Ground, form: Form) -> Iterator[Known]:
    """Σ of the tangents of what is added."""
    page = ground.page
    for spread in spreads(ground, form):
        try:
            yield from (Known(total(page, bound, spread.point), "≥") for bound in tangents(page, spread.body))
        except TooMuch:
            continue


def _products_of_sums(page: Page, form: Form) -> Iterator[Known]:
    """Cauchy and Schwarz: (Σ g)^2 <= Σ f · Σ g^2/f, where f is positive: the variance of v under p is not negative."""
    sums = sorted({name for monomial in form for name, _ in monomial if page.atoms[name].kind == "total" and sum_over(page, name)})
    for first in sums:
        for second in sums:
            size = sum_over(page, first)
            if first == second or size != sum_over(page, second):
                continue
            point = page.fresh(size)
            f, g = summand(page, first, point), summand(page, second, point)
            if g == times(page, f, f) and sign(page, f) in ("+", "≥"):
                yield Known(minus(single(first, 2), single(second)), "≥")  # the products of different terms are not negative
            rest = _quotient(page, f, g)
            if rest is not None:
                yield Known(minus(times(page, single(first), total(page, rest, point)), single(second, 2)), "≥")


def _quotient(page: Page, f: Form, g: Form) -> Form | None:
    """g^2/f, where neither f nor that is negative and f stands in g^2."""
    if len(f) != 1 or len(g) != 1:
        return None
    ((over, a),), ((under, b),) = g.items(), f.items()
    found: Form = {joined(raised(over, 2), raised(under, -1)): a * a} if b == 1 else {}
    powers = dict(raised(over, 2))
    inside = all(powers.get(name, 0) >= power or sign(page, single(name)) in "+-" for name, power in under)
    return found if found and inside and {sign(page, f), sign(page, found)} <= {"+", "≥"} else None


def _to_match(page: Page, form: Form, base: list[Known]) -> Iterator[Known]:
    """What is known, times what makes one of its terms one of the form's."""
    for known in base:
        for monomial in known.form:
            for goal in form:
                factor = joined(goal, raised(monomial, -1))
                if (
                    factor
                    and all(power > 0 for _, power in factor)
                    and len(known.form) > 1
                    and (found := sign(page, {factor: 1})) in ("+", "≥")
                ):
                    made = times(page, known.form, {factor: 1})
                    yield Known(made, known.known if found == "+" or known.known == "0" else "≥", known.given)


def _squares(page: Page, form: Form) -> Iterator[Form]:
    """(m - n)^2 and (m + n)^2 for what the terms are products of."""
    names = sorted({name for monomial in form for name, _ in monomial})[:MOST_ATOMS]
    parts = [ONE, *map(single, names)]
    for one, other in combinations(parts, 2):
        for between in (minus(one, other), plus(one, other)):
            yield times(page, between, between)
