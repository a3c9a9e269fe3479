"""What an inequality is shown from: a page, and what is given for each index, put down at each point; it proves nothing."""

from __future__ import annotations

from copy import copy
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from backcheck.proving.algebra.forms import Form, number_of, scaled, split, text
from backcheck.proving.algebra.givens import Contradiction
from backcheck.proving.algebra.page import Page
from backcheck.proving.algebra.renaming import rebuilt, renamed
from backcheck.proving.algebra.signs import TURNED

MOST_PLACES = 60  # at which one thing given for each index is put down
WORTH = {"+": (1,), "-": (-1,), "≥": (0, 1), "≤": (0, -1), "0": (0,)}
JOINED = {frozenset("+≥"): "+", frozenset("-≤"): "-", frozenset("≥≤"): "0", frozenset("0≥"): "0", frozenset("0≤"): "0"}


class Template(NamedTuple):
    """A form with the points ?0, ?1, … has this sign at all points, but for those where it is said to be apart from some."""

    form: Form
    known: str
    given: int | None
    running: tuple[tuple[str, tuple[str, ...]], ...]


class Ground(NamedTuple):
    """A page with all that is known on it."""

    page: Page
    failed: dict[tuple[str, bool], int]  # what was not shown, with how much depth
    templates: tuple[Template, ...] = ()
    apart: frozenset[tuple[str, str]] = frozenset()  # a running point, and one it is known to differ from
    nonzero: tuple[Form, ...] = ()  # forms that are known not to be 0
    above: frozenset[str] = frozenset()  # forms that are being looked at
    depth: int = 0  # of methods inside each other that is allowed


def canonical(form: Form) -> Form:
    """The form times a positive or negative number: as it is called on the page."""
    return scaled(form, 1 / Fraction(split(form)[0]))


def assume(page: Page, form: Form, known: str, given: int | None = None) -> None:
    """A form has this sign from here on."""
    value = number_of(form)
    if value is not None:
        if (value > 0) - (value < 0) not in WORTH[known]:
            raise Contradiction
        return
    called = canonical(form)
    known = known if split(form)[0] > 0 else TURNED[known]
    before = page.signs.get(text(called))
    if before is not None and before[0] != known:
        joined = JOINED.get(frozenset((before[0], known)))
        if joined is None:
            raise Contradiction
        given, known = (before[1], joined) if joined == before[0] else (given, joined)
    page.signs[text(called)] = known, given
    if called not in page.facts:
        page.facts.append(called)


def tell(ground: Ground, form: Form) -> None:
    """What is given for each index, at the points of a form."""
    page = ground.page
    points = sorted(page.free(form) | {*page.points.values()})
    for template in ground.templates:
        places = [[point for point in points if _may_be(page, point, own)] for own, _ in template.running]
        for at, found in enumerate(product(*places)):
            own = {point: place for (point, _), place in zip(template.running, found, strict=True)}
            if at < MOST_PLACES and all(
                _differ(ground, own[point], own.get(other, other)) for point, apart in template.running for other in apart
            ):
                assume(page, renamed(page, template.form, own), template.known, template.given)


def _may_be(page: Page, point: str, own: str) -> bool:
    """Whether a point runs over the same range."""
    size = page.sizes[own]
    if not point.isdigit():
        return page.sizes.get(point) == size
    if size.isdigit():
        return int(point) <= int(size)
    shapes = ((page.names.shapes.get(atom.name, ()), atom.at) for atom in page.atoms.values() if atom.kind == "entry")
    return any(over == size and at == point for shape, places in shapes for over, at in zip(shape, places, strict=False))


def _differ(ground: Ground, one: str, other: str) -> bool:
    if one == other:
        return False
    certain = one[0] not in "?#@" and other[0] not in "?#@"
    return certain or (one, other) in ground.apart or (other, one) in ground.apart


def put_in(page: Page, form: Form, name: str, value: Form) -> Form:
    """A form in the place of an atom, wherever it stands."""
    return rebuilt(page, form, lambda part: put_in(page, part, name, value), {}, name, value)


def settled(page: Page, form: Form) -> Form:
    """The form with all that is given to be equal put in, also in what was put in."""
    for _ in page.rules:
        names = {name for name, rule in page.rules.items() if rule.power == 1 and name in page.atoms and not page.atoms[name].forms}
        name = next((name for name in sorted(names) if any(name == atom for monomial in form for atom, _ in monomial)), None)
        if name is None:
            break
        page.used.add(page.rules[name].given)
        form = put_in(page, form, name, page.rules[name].form)
    return form


def beside(ground: Ground) -> Ground:
    """The same on a page of its own, on which something may be supposed."""
    page = copy(ground.page)
    for kept, value in vars(page).items():
        if isinstance(value, dict | list | set):
            setattr(page, kept, copy(value))
    return ground._replace(page=page, failed={})


def back(ground: Ground, twin: Ground) -> None:
    """What was spent and used on the other page."""
    ground.page.left, ground.page._fresh = twin.page.left, twin.page._fresh
    ground.page.used |= twin.page.used
