"""A form with other points in the place of some, and with switches turned on or off; each kind of atom is made anew by a table.

A switch is an atom that is 0 or 1: delta (whether two points are one) and half (whether a form is positive). Under a function
that is no polynomial, F(switch) is (1 - switch)·F(0) + switch·F(1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backcheck.proving.algebra.forms import ONE, ZERO, Coefficient, Form, minus, plus, single, text
from backcheck.proving.algebra.page import Atom, Page, Undefined, raised_to, times

Points = Mapping[str, str]
MADE_ANEW: dict[str, Callable[[Page, Atom, Callable[[Form], Form], Points], Form]] = {}
POWERS: dict[str, Callable[[Page, Form, Coefficient], Form]] = {}  # "any": a power with any exponent


def renamed(page: Page, form: Form, points: Points) -> Form:
    """Other points in the place of some."""
    if not page.free(form) & {*points}:
        return form
    key = text(form), tuple(points.items())
    if key not in page.known:
        form = _beside_kinks(page, form, points)
        page.known[key] = rebuilt(page, form, lambda part: renamed(page, part, points), points)
    return page.known[key]


def _beside_kinks(page: Page, form: Form, points: Points) -> Form:
    """relu(z[k] - z[i]) is 0 at k = i, though its switch means nothing there: what stands with the switch has to be 0."""
    for name in switches(page, form):
        atom = page.atoms[name]
        if atom.kind == "half" and atom.points & {*points} and not renamed(page, atom.forms[0], points):
            on = {tuple(item for item in m if item[0] != name): value for m, value in form.items() if (name, 1) in m}
            if renamed(page, on, points):
                raise Undefined("the slope at a kink")
            form = {m: value for m, value in form.items() if (name, 1) not in m}
    return form


def rebuilt(page: Page, form: Form, inner: Callable[[Form], Form], points: Points, switch: str = "", on: Form = ZERO) -> Form:
    """Every atom made anew from its forms, after a change of those; a switch gets its value."""
    made: dict[str, Form] = {}
    whole: list[Form] = []
    for monomial, value in form.items():
        page.spend(1)
        product: Form = {(): value}
        for name, power in monomial:
            if name not in made:
                made[name] = on if name == switch else anew(page, name, inner, points)
            if made[name] != single(name):
                product = times(page, product, POWERS["any"](page, made[name], power))
            else:
                product = times(page, product, single(name, power))
        whole.append(product)
    return plus(*whole)


def anew(page: Page, name: str, inner: Callable[[Form], Form], points: Points) -> Form:
    atom = page.atoms[name]
    if not (atom.forms or atom.points & {*points} or name in page.rules):
        return single(name)
    return MADE_ANEW[atom.kind](page, atom, inner, points)


def switches(page: Page, form: Form) -> list[str]:
    """The switches in a form, but for those under a function that has its own."""
    return sorted({name for monomial in form for name, _ in monomial if page.atoms[name].kind in ("delta", "half")})


def with_switch(page: Page, form: Form, switch: str, on: bool) -> Form:
    """The form where a switch is known; where a delta is on, its second point is its first."""
    value = ONE if on else ZERO
    found = rebuilt(page, form, lambda part: with_switch(page, part, switch, on), {}, switch, value)
    atom = page.atoms[switch]
    return renamed(page, found, {atom.at[1]: atom.at[0]}) if on and atom.kind == "delta" else found


def switched(page: Page, function: Callable[..., Form], *forms: Form) -> Form:
    """A function of forms, for each value of their switches. Where it means nothing for one value, the switch has the other."""
    found = next((name for form in forms for name in switches(page, form)), None)
    if found is None:
        return function(page, *forms)
    try:
        off = switched(page, function, *(with_switch(page, form, found, False) for form in forms))
    except Undefined:
        return switched(page, function, *(with_switch(page, form, found, True) for form in forms))
    try:
        on = switched(page, function, *(with_switch(page, form, found, True) for form in forms))
    except Undefined:
        return off
    return plus(off, times(page, single(found), minus(on, off)))


def power(page: Page, form: Form, exponent: Coefficient) -> Form:
    """A power with any exponent that is a number."""
    if exponent.denominator == 1 and exponent >= 0:
        return raised_to(page, form, int(exponent))
    return POWERS["any"](page, form, exponent)
