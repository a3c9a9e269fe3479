"""Numbers between bounds, written by positive ones: y = u/(1 + u), y = c + u, e^u = 1 + u + more; then no term is negative."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from backcheck.proving.algebra.atoms import scalar
from backcheck.proving.algebra.forms import ONE, Form, constant, minus, plus, scaled, text
from backcheck.proving.algebra.page import Page, times
from backcheck.proving.algebra.quotients import inverse
from backcheck.proving.algebra.signs import TURNED, sign
from backcheck.proving.inequalities.bounds import Bound, bounds
from backcheck.proving.inequalities.ground import Ground, assume, back, beside, put_in

MOST_REPLACED = 6
Prepared = Callable[[Ground, Form, bool], Form]


def all_positive(ground: Ground, form: Form, strict: bool, prepared: Prepared) -> bool:
    """Whether no term is negative, once what lies between bounds is written by what is positive."""
    twin = beside(ground)
    page = twin.page
    found = _by_order(page, _by_numbers(page, form))
    found = _powers(page, prepared(twin, found, strict))
    if found == form:
        return False
    found = prepared(twin, found, strict)
    back(ground, twin)
    return sign(page, found) in ("+" if strict else "+≥0")


def _new(page: Page, known: str) -> Form:
    """A number of which nothing but the sign is known."""
    page._fresh += 1
    made = scalar(page, f"@{page._fresh}")
    assume(page, made, known)
    return made


def _names(form: Form) -> list[str]:
    return sorted({name for monomial in form for name, _ in monomial})


def _by_numbers(page: Page, form: Form) -> Form:
    """What lies between numbers, by numbers that are positive."""
    for name in _names(form)[:MOST_REPLACED]:
        lower, upper = bounds(page, name)
        if page.atoms[name].kind in ("scalar", "entry", "size", "call", "total") and (upper or (lower and lower.value)):
            form = put_in(page, form, name, _between(page, lower, upper))
            page.used |= {bound.given for bound in (lower, upper) if bound is not None and bound.given is not None}
    return form


def _between(page: Page, lower: Bound | None, upper: Bound | None) -> Form:
    """(low·s + high·u)/(s + u), low + u or high - u; an end that is reached is where u or s is 0, never both."""
    u, s = (_new(page, "+" if bound is None or bound.strict else "≥") for bound in (lower, upper))
    if lower is None or upper is None:
        return plus(constant(lower.value), u) if lower else minus(constant(upper.value), s) if upper else minus(u, s)
    assume(page, plus(s, u), "+")
    return times(page, plus(scaled(s, lower.value), scaled(u, upper.value)), inverse(page, plus(s, u)))


def _by_order(page: Page, form: Form) -> Form:
    """a > y, so a is y + u."""
    replaced = 0
    for fact in [*page.facts]:
        names = _names(fact)
        found = next((name for name in names if ((name, 1),) in fact and name in _names(form) and _once(page, fact, name)), None)
        if found is None or len(names) < 2 or replaced == MOST_REPLACED:
            continue
        known, given = page.signs.get(text(fact), ("?", None))
        factor = Fraction(fact[(found, 1),])
        if known in "+-≥≤":
            rest = scaled({monomial: value for monomial, value in fact.items() if monomial != ((found, 1),)}, -1 / factor)
            more = _new(page, known if factor > 0 else TURNED[known])
            form, replaced = put_in(page, form, found, plus(rest, more)), replaced + 1
            page.used |= {given} if given is not None else set()
    return form


def _once(page: Page, fact: Form, name: str) -> bool:
    """Whether an atom stands in one term only, alone, and is no function of others."""
    return page.atoms[name].kind in ("scalar", "entry", "call", "total") and sum(name in str(monomial) for monomial in fact) == 1


def _powers(page: Page, form: Form) -> Form:
    """e^u as 1 + u + u^2/2 + more where u is positive; where it is negative, one over that."""
    for name in _powers_of_e(page, form):
        inner = page.atoms[name].forms[0]
        known = sign(page, inner)
        if known in "+≥-≤":
            away = inner if known in "+≥" else scaled(inner, -1)
            strict = "+" if known in "+-" else "≥"
            grown = plus(ONE, away, scaled(times(page, away, away), Fraction(1, 2)), _new(page, strict))
            form = put_in(page, form, name, grown if known in "+≥" else inverse(page, grown))
    return form


def _powers_of_e(page: Page, form: Form) -> Iterator[str]:
    yield from [name for name in _names(form) if page.atoms[name].kind == "exp"][:MOST_REPLACED]
