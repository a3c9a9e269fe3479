"""exp and ln of forms: a factor for each term, a term for each positive factor; it knows no sums over an index."""

from __future__ import annotations

from fractions import Fraction

from backcheck.proving.algebra.atoms import atom, magnitude, positive
from backcheck.proving.algebra.division import apart
from backcheck.proving.algebra.forms import ONE, Coefficient, Form, Monomial, minus, plus, scaled, single, split, text
from backcheck.proving.algebra.page import Atom, Page, Undefined, times
from backcheck.proving.algebra.quotients import any_power, outermost, together
from backcheck.proving.algebra.renaming import MADE_ANEW, switched
from backcheck.proving.algebra.signs import sign


def exp(page: Page, form: Form) -> Form:
    """A product with one factor for each term of the exponent."""
    return switched(page, _exp, form)


def _exp(page: Page, form: Form) -> Form:
    found = ONE
    for monomial, value in apart(page, form).items():
        found = times(page, found, _exp_of_term(page, monomial, value))
    return found


def _exp_of_term(page: Page, monomial: Monomial, value: Coefficient) -> Form:
    if len(monomial) == 1 and monomial[0][1] == 1 and page.atoms[monomial[0][0]].kind == "ln":
        return any_power(page, page.atoms[monomial[0][0]].forms[0], value)
    inner: Form = {monomial: 1}
    made = atom(page, f"exp({text(inner)})", Atom("exp", forms=(inner,), points=page.free(inner)))
    return any_power(page, made, value)


def ln(page: Page, form: Form) -> Form:
    """A sum with one term for each factor that is known to be positive."""
    return switched(page, _ln, form)


def _ln(page: Page, form: Form) -> Form:
    """ln(c·m·R) is ln c + ln m + ln R where c and m are positive: then R is, too, or the whole means nothing."""
    if not form:
        raise Undefined("ln 0")
    if outermost(page, form):
        above, below = together(page, form)
        if sign(page, below) == "+":
            return minus(_ln(page, above), _ln(page, below))
    content, monomial, rest = split(form)
    alone = rest == ONE and content > 0 and len(monomial) == 1 and monomial[0][1] % 2 == 1
    out = [(name, power) for name, power in monomial if alone or positive(page, name)]
    even = [(name, power) for name, power in monomial if (name, power) not in out and power % 2 == 0]
    stay = tuple(item for item in monomial if item not in out and item not in even)
    found = [scaled(_ln_of_atom(page, name), power) for name, power in out]
    found += [scaled(ln(page, magnitude(page, single(name))), power) for name, power in even]  # ln(y²) is 2 ln|y|
    found.append(_ln_of_number(page, abs(Fraction(content))))
    left = times(page, {stay: 1 if content > 0 else -1}, rest)
    if left == {(): -1}:
        raise Undefined("the logarithm of a negative number")
    return plus(*found, *([_ln_of_rest(page, left)] if left != ONE else []))


def _ln_of_atom(page: Page, name: str) -> Form:
    found = page.atoms[name]
    if found.kind == "exp":
        return found.forms[0]
    if found.kind == "inverse":
        return scaled(ln(page, found.forms[0]), -1)
    return _ln_of_rest(page, single(name))


def _ln_of_rest(page: Page, form: Form) -> Form:
    return atom(page, f"ln({text(form)})", Atom("ln", forms=(form,), points=page.free(form)))


def _ln_of_number(page: Page, value: Fraction) -> Form:
    """ln 12 = 2 ln 2 + ln 3; what has no small factors is left as it is."""
    return minus(_ln_of_whole(page, value.numerator), _ln_of_whole(page, value.denominator))


def _ln_of_whole(page: Page, value: int) -> Form:
    found: list[Form] = []
    factor = 2
    while factor * factor <= value and factor < 1000:
        while value % factor == 0:
            found.append(_ln_of_rest(page, {(): factor}))
            value //= factor
        factor += 1
    return plus(*found, *([_ln_of_rest(page, {(): value})] if value > 1 else []))


MADE_ANEW |= {
    "exp": lambda page, atom, inner, points: exp(page, inner(atom.forms[0])),
    "ln": lambda page, atom, inner, points: ln(page, inner(atom.forms[0])),
}
