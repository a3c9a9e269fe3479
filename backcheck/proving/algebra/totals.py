"""Sums over an index, for any number of values it may have: no sum over a delta remains, and equal sums have equal names.

What does not depend on the index comes out of the sum; what is left is one atom, a sum of one product over one index or several.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

from backcheck.proving.algebra.atoms import atom, delta, size
from backcheck.proving.algebra.division import apart
from backcheck.proving.algebra.forms import ONE, Form, Monomial, minus, plus, scaled, single, text
from backcheck.proving.algebra.page import Atom, Page, TooMuch, times
from backcheck.proving.algebra.renaming import MADE_ANEW, Points, renamed, switched

MOST_INDICES = 5  # of one product


def total(page: Page, form: Form, point: str) -> Form:
    """Σ over all values of a point."""
    found = []
    for monomial, value in apart(page, form, point).items():
        page.spend(1)
        found.append(scaled(_total_of_term(page, monomial, point), value))
    return plus(*found)


def without(page: Page, form: Form, point: str, left_out: list[str]) -> Form:
    """What is added where the point is one of these is nothing: Σ over k ≠ i."""
    for other in left_out:
        form = times(page, form, minus(ONE, delta(page, other, point)))
    return form


def _total_of_term(page: Page, monomial: Monomial, point: str) -> Form:
    for at, (name, _) in enumerate(monomial):
        found = page.atoms[name]
        if found.kind == "delta" and point in found.points:
            (other,) = found.points - {point}
            return renamed(page, {monomial[:at] + monomial[at + 1 :]: 1}, {point: other})
    inner = tuple(item for item in monomial if point in page.atoms[item[0]].points)
    outer: Form = {tuple(item for item in monomial if item not in inner): 1}
    return times(page, outer, _joined(page, inner, point) if inner else size(page, page.sizes[point]))


def _joined(page: Page, inner: Monomial, point: str) -> Form:
    """One atom for Σ_k x[k]·(Σ_m A[k,m] y[m]): the sum over k and m of x[k] A[k,m] y[m]."""
    running, factors = [point], []
    for name, power in inner:
        found = page.atoms[name]
        if found.kind == "total" and power.denominator == 1 and 0 < power <= MOST_INDICES:
            for _ in range(int(power)):
                own = {index: page.fresh(index.partition(":")[2]) for index in found.at}
                running += own.values()
                factors.append(renamed(page, found.forms[0], own))
        else:
            factors.append(single(name, power))
    if len(running) > MOST_INDICES:
        raise TooMuch
    if len(running) == 1:
        return _named(page, {inner: 1}, running)
    ((monomial, value),) = times(page, *factors).items()
    return scaled(_named(page, {monomial: 1}, running), value)


def _named(page: Page, form: Form, running: list[str]) -> Form:
    """The atom, its indices called so that the name comes first in the alphabet."""
    found: dict[str, tuple[Form, tuple[str, ...]]] = {}
    for order in permutations(running):
        names = {point: f"#{at}:{page.sizes[point]}" for at, point in enumerate(order)}
        page.sizes |= {new: page.sizes[old] for old, new in names.items()}
        called = renamed(page, form, names)
        found[text(called)] = called, tuple(names.values())
    called, indices = found[min(found)]
    made = Atom("total", at=indices, forms=(called,), points=page.free(called) - {*indices})
    return atom(page, f"Σ{{{','.join(indices)}}}({text(called)})", made)


def largest(page: Page, form: Form, point: str, left_out: list[str]) -> Form:
    """The greatest over all values of a point; what is added to all of them comes out."""

    def made(page: Page, form: Form) -> Form:
        inner = {monomial: value for monomial, value in form.items() if point in page.free({monomial: 1})}
        outer = {monomial: value for monomial, value in form.items() if monomial not in inner}
        if not inner:
            return outer
        index = f"#0:{page.sizes[point]}"
        page.sizes[index] = page.sizes[point]
        called = renamed(page, inner, {point: index})
        apart = tuple(sorted(left_out))
        name = f"max{{{index}≠{','.join(apart)}}}({text(called)})"
        points = (page.free(called) | {*apart}) - {index}
        return plus(outer, atom(page, name, Atom("largest", at=(index, *apart), forms=(called,), points=points)))

    return switched(page, made, form)


def _again(page: Page, found: Atom, inner: Callable[[Form], Form], points: Points) -> Form:
    """The sum once more, with other points in what is added."""
    own = {index: page.fresh(index.partition(":")[2]) for index in found.at}
    form = inner(renamed(page, found.forms[0], own))
    for point in own.values():
        form = total(page, form, point)
    return form


def _largest_again(page: Page, found: Atom, inner: Callable[[Form], Form], points: Points) -> Form:
    index, *apart = found.at
    own = page.fresh(index.partition(":")[2])
    return largest(page, inner(renamed(page, found.forms[0], {index: own})), own, [points.get(point, point) for point in apart])


MADE_ANEW |= {"total": _again, "largest": _largest_again}
