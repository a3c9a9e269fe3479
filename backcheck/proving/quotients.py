"""Quotients, roots and powers of forms: numbers and products are taken out, what is left is an atom; it knows no sums over an index."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from backcheck.proving.atoms import atom, magnitude
from backcheck.proving.forms import ONE, ZERO, Coefficient, Form, raised, scaled, single, split, text, whole
from backcheck.proving.page import REDUCED, Atom, Page, Undefined, raised_to, reduced, times
from backcheck.proving.renaming import MADE_ANEW, POWERS, switched
from backcheck.proving.signs_known import sign


def inverse(page: Page, form: Form) -> Form:
    """1/form; the numbers and products in it are taken out."""
    return switched(page, _inverse, form)


def _inverse(page: Page, form: Form) -> Form:
    if not form:
        raise Undefined("a division by zero")
    content, common, rest = split(form)
    front = reduced(page, {raised(common, -1): 1 / Fraction(content)})
    if rest == ONE:
        return front
    made = atom(page, f"1/({text(rest)})", Atom("inverse", forms=(rest,), points=page.free(rest)))
    return times(page, front, made)


def any_power(page: Page, form: Form, exponent: Coefficient) -> Form:
    """A power with an exponent that is a number."""
    if exponent.denominator == 1:
        return raised_to(page, form if exponent >= 0 else inverse(page, form), abs(int(exponent)))
    return switched(page, lambda page, form: _broken(page, form, Fraction(exponent)), form)


def _broken(page: Page, form: Form, exponent: Fraction) -> Form:
    """x^(1/2), where x is positive; what is not known to be, stays under the root."""
    if not form:
        if exponent < 0:
            raise Undefined("a division by zero")
        return ZERO
    content, common, rest = split(form)
    out = [(name, power) for name, power in common if sign(page, single(name)) in ("+", "≥")]
    stay = [(name, power) for name, power in common if (name, power) not in out]
    found: Form = {raised(tuple(out), exponent): 1}
    if exponent.denominator == 2:
        squares = [(name, power) for name, power in stay if power % 2 == 0]
        stay = [item for item in stay if item not in squares]
        for name, power in squares:  # √(x²) is |x|
            found = times(page, found, any_power(page, magnitude(page, single(name)), whole(power * exponent)))
    numeral = _root_of_number(content, exponent) if content > 0 else None
    if numeral is not None:
        found, content = scaled(found, numeral), 1
    left = times(page, {tuple(stay): content}, rest)
    return found if left == ONE else times(page, found, _root(page, left, exponent))


def _root(page: Page, form: Form, exponent: Fraction) -> Form:
    """form^(p/n) as the p-th power of a root."""
    n = exponent.denominator
    made = atom(page, f"({text(form)})^(1/{n})", Atom("root", str(n), forms=(form,), points=page.free(form)))
    ((monomial, _),) = made.items()
    (name, _) = monomial[0]
    return _root_power(page, name, exponent.numerator) or single(name, exponent.numerator)


def _root_power(page: Page, name: str, power: Coefficient) -> Form | None:
    """√u² is u."""
    found = page.atoms[name]
    n = int(found.name)
    if 0 <= power < n:
        return None
    wholes, rest = divmod(int(power), n)
    return times(page, single(name, rest) if rest else ONE, any_power(page, found.forms[0], wholes))


def _root_of_number(value: Coefficient, exponent: Fraction) -> Fraction | None:
    """√(4/9) = 2/3; None where it is no fraction."""
    n = exponent.denominator
    above, below = _whole_root(value.numerator, n), _whole_root(value.denominator, n)
    return Fraction(above, below) ** exponent.numerator if above and below else None


def _whole_root(value: int, n: int) -> int | None:
    root = isqrt(value) if n == 2 else round(value ** (1 / n)) if value < 2**50 else 0
    return root if root**n == value else None


def _inverse_power(page: Page, name: str, power: Coefficient) -> Form | None:
    return raised_to(page, page.atoms[name].forms[0], -int(power)) if power < 0 else None


REDUCED |= {"root": _root_power, "inverse": _inverse_power}
POWERS["any"] = any_power
MADE_ANEW |= {
    "inverse": lambda page, atom, inner, points: inverse(page, inner(atom.forms[0])),
    "root": lambda page, atom, inner, points: any_power(page, inner(atom.forms[0]), Fraction(1, int(atom.name))),
}
