"""A form as one sum over an index: what stands outside is spread over it, evenly or by what adds up to 1; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from backcheck.proving.algebra.atoms import size as how_many
from backcheck.proving.algebra.forms import ONE, Form, Monomial, atoms, number_of, plus
from backcheck.proving.algebra.page import Page, times
from backcheck.proving.algebra.quotients import inverse
from backcheck.proving.algebra.renaming import renamed
from backcheck.proving.inequalities.ground import Ground, tell

MARK = 1000  # points of our own: one for each depth


class Spread(NamedTuple):
    """The form is Σ body over the point + what is left outside."""

    point: str
    body: Form
    outside: Form


def spreads(ground: Ground, form: Form) -> Iterator[Spread]:
    """All ways that are tried, with nothing left outside first."""
    page = ground.page
    for size in sorted({size for monomial in form for size in _sizes(page, monomial)}):
        point = page.fresh(size, (f"@{MARK + ground.depth}:",))
        body, outside = _taken_in(page, form, size, point)
        weights = [(weight, value) for weight, value in _weights_on(page, point, size) if {*atoms(weight)} & {*atoms(body)}]
        tell(ground, plus(body, *(weight for weight, _ in weights)))
        if outside:
            for weight, value in weights:
                yield Spread(point, plus(body, times(page, outside, weight, inverse(page, value))), {})
            yield Spread(point, plus(body, times(page, outside, inverse(page, how_many(page, size)))), {})
        yield Spread(point, body, outside)


def _sizes(page: Page, monomial: Monomial) -> Iterator[str]:
    """The ranges of the sums in a product."""
    for name, power in monomial:
        if power == 1 and page.atoms[name].kind == "total" and (size := sum_over(page, name)):
            yield size


def sum_over(page: Page, name: str) -> str:
    """What a sum over one index runs over; K is Σ 1."""
    atom = page.atoms[name]
    if atom.kind == "size":
        return atom.name
    return page.sizes[atom.at[0]] if atom.kind == "total" and len(atom.at) == 1 else ""


def summand(page: Page, name: str, point: str) -> Form:
    """What is added, at a point."""
    atom = page.atoms[name]
    return renamed(page, atom.forms[0], {atom.at[0]: point}) if atom.kind == "total" else ONE


def _taken_in(page: Page, form: Form, size: str, point: str) -> tuple[Form, Form]:
    """Each sum in a product gives way to what it adds, the first one where there are several."""
    inside, outside = list[Form](), list[Form]()
    for monomial, value in form.items():
        found = next((name for name, power in monomial if power == 1 and sum_over(page, name) == size), None)
        rest: Form = {tuple(item for item in monomial if item[0] != found): value}
        if found is None:
            outside.append(rest)
        else:
            inside.append(times(page, rest, summand(page, found, point)))
    return plus(*inside), plus(*outside)


def _weights_on(page: Page, point: str, size: str) -> Iterator[tuple[Form, Form]]:
    """What is given to add up to something that is not 0: p[k], where Σ p[k] = 1."""
    for name, rule in [*page.rules.items()]:
        if name in page.atoms and rule.power == 1 and page.atoms[name].kind == "total" and sum_over(page, name) == size:
            value = number_of(rule.form)
            if value:
                page.used.add(rule.given)
                yield summand(page, name, point), {(): value}
