"""Whether one form is a multiple of another, by long division; it knows no trees and not what an atom means."""

from __future__ import annotations

from fractions import Fraction

from backcheck.proving.algebra.forms import Form, Monomial, joined, minus, plus, raised, split
from backcheck.proving.algebra.page import Page, times
from backcheck.proving.algebra.quotients import cleared
from backcheck.proving.algebra.signs import sign

MOST_STEPS = 200  # terms of a quotient; those that people write have a few


def quotient(page: Page, form: Form, by: Form) -> Form | None:
    """The form that, times `by`, gives `form`; None if there is none without a remainder.

    >>> from backcheck.proving.names import Names
    >>> a, b = (("a", 1),), (("b", 1),)
    >>> quotient(Page(Names(), {}), {(("a", 2),): 1, (("b", 2),): -1}, {a: 1, b: 1}) == {a: 1, b: -1}
    True
    """
    found: Form = {}
    atoms = sorted({atom for monomial in (*form, *by) for atom, _ in monomial})
    lead = max(by, key=lambda monomial: _rank(monomial, atoms))
    rest = form
    for _ in range(MOST_STEPS):
        if not rest:
            return found
        first = max(rest, key=lambda monomial: _rank(monomial, atoms))
        monomial = joined(first, raised(lead, -1))
        if any(power < 0 for _, power in monomial):
            return None
        term: Form = {monomial: Fraction(rest[first]) / by[lead]}
        found = plus(found, term)
        less = minus(rest, times(page, term, by))
        if first in less:  # atoms with relations of their own: the first term does not go away
            return None
        rest = less
    return None


def _rank(monomial: Monomial, atoms: list[str]) -> list[Fraction]:
    powers = dict(monomial)
    return [Fraction(powers.get(atom, 0)) for atom in atoms]


def core(page: Page, form: Form) -> Form:
    """The form without its quotients, and without factors that are not 0."""
    found = cleared(page, form)
    if not found:
        return found
    _, common, rest = split(found)
    kept = tuple((name, power) for name, power in common if power > 0 and sign(page, {((name, 1),): 1}) not in "+-")
    return times(page, {kept: 1}, rest)


def ratio(page: Page, above: Form, below: Form) -> Form | None:
    """The form that one form is of another, if it has no sums in a quotient."""
    if not above or not below:
        return None
    (c, m, one), (d, n, other) = split(above), split(below)
    found = quotient(page, one, other)
    return None if found is None else times(page, {joined(m, raised(n, -1)): Fraction(c) / d}, found)
