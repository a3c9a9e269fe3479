"""Sums over an index, for any number of values it may have: no sum over a delta remains, and equal sums have equal names.

What does not depend on the index comes out of the sum; what is left is one atom, a sum of one product over one index or several.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations, repeat

from backcheck.proving.algebra.atoms import RUNNING, atom, delta, size
from backcheck.proving.algebra.division import apart
from backcheck.proving.algebra.forms import ONE, ZERO, Form, Monomial, atoms, minus, plus, scaled, single, text
from backcheck.proving.algebra.page import Atom, Page, TooMuch, Undefined, times
from backcheck.proving.algebra.renaming import MADE_ANEW, Points, renamed, switches, with_switch
from backcheck.proving.algebra.signs import sign

MOST_INDICES = 5  # of one product


def total(page: Page, form: Form, point: str) -> Form:
    """Σ over all values of a point."""
    found: list[Form] = []
    there: dict[str, Form] = {}  # what is added only where the point is another one
    for monomial, value in apart(page, form, point).items():
        page.spend(1)
        name = next((name for name, _ in monomial if _is_delta_of(page, name, point)), None)
        if name is None:
            found.append(scaled(_total_of_term(page, monomial, point), value))
            continue
        (other,) = page.atoms[name].points - {point}
        rest = tuple(item for item in monomial if item[0] != name)
        there[other] = plus(there.get(other, ZERO), {rest: value})
    return plus(*found, *(renamed(page, part, {point: other}) for other, part in there.items()))


def _is_delta_of(page: Page, name: str, point: str) -> bool:
    return page.atoms[name].kind == "delta" and point in page.atoms[name].points


def total_without(page: Page, form: Form, point: str, left_out: list[str]) -> Form:
    """Σ over all values of a point but some. It is the whole sum without those terms, where they mean something by themselves."""
    if left_out and any(map(_may_be_nothing, repeat(page), atoms(form))):
        raise TooMuch
    kept = form
    for other in left_out:
        kept = times(page, kept, minus(ONE, delta(page, other, point)))
    try:
        return total(page, kept, point)
    except Undefined:
        return _partial(page, form, point, sorted({*left_out}))


def _may_be_nothing(page: Page, name: str) -> bool:
    """1/(K - 1): at K = 1 a sum over k ≠ i has no terms, and is 0 whatever stands in it."""
    divisor = page.atoms[name].forms[0] if page.atoms[name].kind == "inverse" else ONE
    return {page.atoms[atom].kind for atom in atoms(divisor)} == {"size"} and sign(page, divisor) not in "+-"


def _partial(page: Page, form: Form, point: str, left_out: list[str]) -> Form:
    """Σ_{k ≠ i} 1/(z[i] - z[k]), as an atom of its own; i is a letter of this case."""
    if any(other[0] in RUNNING for other in left_out):
        raise TooMuch
    found = []
    for monomial, value in form.items():
        if any(_is_delta_of(page, name, point) for name, _ in monomial):
            raise TooMuch
        inner = tuple(item for item in monomial if point in page.atoms[item[0]].points)
        outer: Form = {tuple(item for item in monomial if item not in inner): value}
        count = minus(size(page, page.sizes[point]), {(): len(left_out)})
        found.append(times(page, outer, _partial_atom(page, {inner: 1}, point, left_out) if inner else count))
    return plus(*found)


def _partial_atom(page: Page, form: Form, point: str, left_out: list[str]) -> Form:
    index = f"#{page.height(form)}.0:{page.sizes[point]}"
    page.sizes[index] = page.sizes[point]
    called = renamed(page, form, {point: index})
    points = (page.free(called) | {*left_out}) - {index}
    made = Atom("partial", at=(index, *left_out), forms=(called,), points=points)
    return atom(page, f"Σ{{{index}≠{','.join(left_out)}}}({text(called)})", made)


def _total_of_term(page: Page, monomial: Monomial, point: str) -> Form:
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
    """The atom, its indices called so that the name comes first in the alphabet; those of sums inside have other names."""
    level = page.height(form)
    found: dict[str, tuple[Form, tuple[str, ...]]] = {}
    for order in permutations(running):
        names = {point: f"#{level}.{at}:{page.sizes[point]}" for at, point in enumerate(order)}
        page.sizes |= {new: page.sizes[old] for old, new in names.items()}
        called = renamed(page, form, names)
        found[text(called)] = called, tuple(names.values())
    called, indices = found[min(found)]
    made = Atom("total", at=indices, forms=(called,), points=page.free(called) - {*indices})
    return atom(page, f"Σ{{{','.join(indices)}}}({text(called)})", made)


def largest(page: Page, form: Form, point: str, left_out: list[str]) -> Form:
    """The greatest over all values of a point; what is added to all of them comes out, and switches that are the same for all."""
    outside = next((name for name in switches(page, form) if point not in page.atoms[name].points), None)
    if outside is not None:
        off, on = (largest(page, with_switch(page, form, outside, on), point, left_out) for on in (False, True))
        return plus(off, times(page, single(outside), minus(on, off)))
    inner = {monomial: value for monomial, value in form.items() if point in page.free({monomial: 1})}
    outer = {monomial: value for monomial, value in form.items() if monomial not in inner}
    return plus(outer, _largest_atom(page, inner, point, sorted({*left_out}))) if inner else outer


def _largest_atom(page: Page, form: Form, point: str, left_out: list[str]) -> Form:
    index = f"#{page.height(form)}.0:{page.sizes[point]}"
    page.sizes[index] = page.sizes[point]
    called = renamed(page, form, {point: index})
    made = Atom("largest", at=(index, *left_out), forms=(called,), points=(page.free(called) | {*left_out}) - {index})
    return atom(page, f"max{{{index}≠{','.join(left_out)}}}({text(called)})", made)


def _again(page: Page, found: Atom, inner: Callable[[Form], Form], points: Points) -> Form:
    """The sum once more, with other points in what is added."""
    own = {index: page.fresh(index.partition(":")[2]) for index in found.at}
    form = inner(renamed(page, found.forms[0], own))
    for point in own.values():
        form = total(page, form, point)
    return form


def _once_more(function: Callable[[Page, Form, str, list[str]], Form]) -> Callable[..., Form]:
    """With left out points, which may have other names by now."""

    def again(page: Page, found: Atom, inner: Callable[[Form], Form], points: Points) -> Form:
        index, *apart = found.at
        own = page.fresh(index.partition(":")[2])
        form = inner(renamed(page, found.forms[0], {index: own}))
        return function(page, form, own, [points.get(point, point) for point in apart])

    return again


MADE_ANEW |= {"total": _again, "largest": _once_more(largest), "partial": _once_more(total_without)}
