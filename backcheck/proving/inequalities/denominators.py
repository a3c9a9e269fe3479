"""An inequality times what stands below a line in it, and without its common factors, by their signs; it decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from backcheck.proving.algebra.forms import Coefficient, Form, Monomial, plus, scaled, single, split
from backcheck.proving.algebra.page import Page, reduced, times
from backcheck.proving.algebra.quotients import outermost
from backcheck.proving.algebra.renaming import power
from backcheck.proving.algebra.signs import sign
from backcheck.proving.inequalities.ground import Ground

Positive = Callable[[Form], bool]
Item = tuple[str, Coefficient]


def without_quotients(page: Page, form: Form, positive: Positive) -> Form:
    """A form of the same sign without quotients of sums; a divisor that may have either sign is taken an even number of times."""
    while (name := outermost(page, form)) is not None:
        most = max(exponent for monomial in form for atom, exponent in monomial if atom == name)  # broken only of what is positive
        divisor = page.atoms[name].forms[0]
        turned = most % 2 == 1 and not positive(divisor)
        if turned and not positive(scaled(divisor, -1)):
            turned, most = False, most + 1
        found = plus(*(_times_divisor(page, {monomial: value}, name, divisor, most) for monomial, value in form.items()))
        form = scaled(found, -1 if turned else 1)
    return form


def _times_divisor(page: Page, term: Form, name: str, divisor: Form, most: Coefficient) -> Form:
    ((monomial, value),) = term.items()
    found = next((exponent for atom, exponent in monomial if atom == name), 0)
    rest: Monomial = tuple(item for item in monomial if item[0] != name)
    return times(page, {rest: value}, power(page, divisor, most - found))


def without_common_factors(ground: Ground, form: Form, strict: bool) -> Form:
    """What is left to be shown: factors whose sign is known are taken out of all terms."""
    away = [
        (atom, -taken, turned)
        for atom, exponent in split(form)[1]
        for taken, turned in [_taken(ground, atom, exponent, strict)]
        if taken
    ]
    factor: Form = {tuple((atom, exponent) for atom, exponent, _ in away): -1 if sum(turned for *_, turned in away) % 2 else 1}
    return reduced(ground.page, times(ground.page, form, factor)) if away else form


def _taken(ground: Ground, atom: str, exponent: Coefficient, strict: bool) -> tuple[Coefficient, bool]:
    """Which power of a common factor can be taken out, and whether that turns the sign around."""
    known = sign(ground.page, single(atom))
    not_zero = exponent < 0 or known in "+-" or single(atom) in ground.nonzero
    if strict and not not_zero:
        return 0, False
    if exponent.denominator == 1 and exponent % 2 == 0:
        return exponent, False
    if known in "+-≥≤":
        return exponent, known in "-≤"
    return (exponent - 1, False) if exponent.denominator == 1 else (0, False)
