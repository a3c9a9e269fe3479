"""Between which numbers an atom lies, as far as it is given or to be seen at once; it searches for nothing."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import NamedTuple

from backcheck.proving.algebra.forms import Form, single, text
from backcheck.proving.algebra.page import Page
from backcheck.proving.algebra.signs import TURNED, sign


class Bound(NamedTuple):
    """A number that an atom is above, or not below."""

    value: Fraction
    strict: bool
    given: int | None = None


def bounds(page: Page, name: str) -> tuple[Bound | None, Bound | None]:
    """The greatest lower and the least upper number."""
    found = [one for fact in page.facts for one in of_fact(page, name, fact)]
    own = sign(page, single(name))
    if own in "+-≥≤":
        found.append((own in "+≥", Bound(Fraction(0), own in "+-")))
    lower = [bound for below, bound in found if below]
    upper = [bound for below, bound in found if not below]
    return max(lower, key=lambda one: (one.value, one.strict), default=None), min(
        upper, key=lambda one: (one.value, not one.strict), default=None
    )


def of_fact(page: Page, name: str, fact: Form) -> list[tuple[bool, Bound]]:
    """3 - 2 x > 0"""
    factor = fact.get(((name, 1),))
    if factor is None or not {*fact} <= {(), ((name, 1),)}:
        return []
    known, given = page.signs.get(text(fact), ("?", None))
    known = known if factor > 0 else TURNED[known]
    bound = Bound(Fraction(-fact.get((), 0)) / Fraction(factor), known in "+-", given)
    return [(below, bound) for below, signs in ((True, "+≥0"), (False, "-≤0")) if known in signs]


def least_size(page: Page, size: str) -> int:
    """How many values an index has at least: as many as letters differ in this case, or as is given; never less than one."""
    if size.isdigit():
        return int(size)
    different = len({point for point in page.points.values() if page.sizes.get(point) == size})
    lower, _ = bounds(page, f"|{size}|") if f"|{size}|" in page.atoms else (None, None)
    given = 1 if lower is None else floor(lower.value) + 1 if lower.strict or lower.value.denominator > 1 else int(lower.value)
    if lower is not None and lower.given is not None and given > max(1, different):
        page.used.add(lower.given)
    return max(1, different, given)
