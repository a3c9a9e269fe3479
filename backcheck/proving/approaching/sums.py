"""The series of a sum over an index: all terms alike, one that outgrows the others, or all small; it knows no other atoms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backcheck.proving.algebra import totals
from backcheck.proving.algebra.givens import Contradiction
from backcheck.proving.approaching.series import NUMBER, Scale, Series, Term, Unclear
from backcheck.proving.inequalities.ground import Ground, back, beside, tell
from backcheck.proving.inequalities.spread import summand

if TYPE_CHECKING:
    from backcheck.proving.approaching.expanding import Expansion


def total(work: Expansion, name: str) -> Series:
    """Σ over an index, which has only so many values: a sum of what is small is small."""
    page, atom = work.page, work.page.atoms[name]
    if len(atom.at) > 1:
        raise Unclear("it has a sum over several indices")
    size = page.sizes[atom.at[0]]
    point = page.fresh(size)
    body = summand(page, name, point)
    tell(work.ground, body)
    each = work.series(body)
    scales = _scales(each)
    if all(point not in page.free(scale.exponent) for scale in scales):
        terms = [Term(term.scale, totals.total(page, term.factor, point)) for term in each.terms]
        return work.growth.plus(Series(tuple(terms), each.rest))
    for own in sorted({*page.points.values()}):
        if page.sizes.get(own) == size and (found := _outgrown_by(work, name, own, size)) is not None:
            return found
    if _all_small(work, scales):
        return Series((), NUMBER)
    raise Unclear("it depends on which term of a sum is the greatest")


def _scales(series: Series) -> list[Scale]:
    return [*(term.scale for term in series.terms), *([series.rest] if series.rest is not None else [])]


def _outgrown_by(work: Expansion, name: str, own: str, size: str) -> Series | None:
    """The term at a point, where each other one is small against it. What is known of the others is used only here."""
    found = work.series(summand(work.page, name, own))
    branch = beside(work.ground)
    others = branch._replace(apart=branch.apart | {(branch.page.fresh(size), own)})
    try:
        top = work.growth.first(found).scale
        return Series(found.terms[:1], top) if _all_below(others, work, name, top) else None
    except Unclear:
        return None
    finally:
        back(work.ground, branch)


def _all_below(others: Ground, work: Expansion, name: str, top: Scale) -> bool:
    """Whether what is added at a point that is apart from one is small against a scale; there may be no such point."""
    there = type(work)(others, work.growth.order)
    ((point, _),) = others.apart - work.ground.apart
    body = summand(others.page, name, point)
    try:
        tell(others, body)
        return all(there.growth.compare(scale, top) < 0 for scale in _scales(there.series(body))[:1])
    except Contradiction:
        return True


def _all_small(work: Expansion, scales: list[Scale]) -> bool:
    try:
        return all(work.growth.compare(scale, NUMBER) < 0 for scale in scales)
    except Unclear:
        return False
