"""Quotients, roots and powers of forms: numbers and products are taken out, what is left is an atom; no sums over an index."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from backcheck.proving.algebra.atoms import atom, magnitude
from backcheck.proving.algebra.forms import ONE, ZERO, Coefficient, Form, plus, raised, scaled, single, split, text, whole
from backcheck.proving.algebra.page import REDUCED, Atom, Page, Undefined, raised_to, reduced, times
from backcheck.proving.algebra.renaming import MADE_ANEW, POWERS, power, switched
from backcheck.proving.algebra.signs import sign


def inverse(page: Page, form: Form) -> Form:
    """1/form; the numbers and products in it are taken out."""
    return switched(page, _inverse, form)


def _inverse(page: Page, form: Form) -> Form:
    if not form:
        raise Undefined("a division by zero")
    if outermost(page, form):
        above, below = together(page, form)
        return times(page, below, _inverse(page, above))
    content, common, rest = split(form)
    front = reduced(page, {raised(common, -1): 1 / Fraction(content)})
    if rest == ONE:
        return front
    made = atom(page, f"1/({text(rest)})", Atom("inverse", forms=(rest,), points=page.free(rest)))
    return times(page, front, made)


def together(page: Page, form: Form) -> tuple[Form, Form]:
    """Above and below one line: neither has quotients of sums."""
    below = ONE
    while (name := outermost(page, form)) is not None:
        most = max(power for monomial in form for atom, power in monomial if atom == name)
        divisor = page.atoms[name].forms[0]
        below = times(page, below, power(page, divisor, most))
        form = plus(*(_multiplied(page, {monomial: value}, name, divisor, most) for monomial, value in form.items()))
    return form, below


def cleared(page: Page, form: Form) -> Form:
    """What stands above the line: it is zero where the form is."""
    return together(page, form)[0] if outermost(page, form) else form


def _multiplied(page: Page, term: Form, name: str, divisor: Form, most: Coefficient) -> Form:
    ((monomial, value),) = term.items()
    rest = {tuple(item for item in monomial if item[0] != name): value}
    return times(page, rest, power(page, divisor, most - dict(monomial).get(name, 0)))


def outermost(page: Page, form: Form) -> str | None:
    """A quotient that is part of no other one: the longest name."""
    names = {atom for monomial in form for atom, _ in monomial if page.atoms[atom].kind == "inverse"}
    return max(names, key=lambda name: (len(name), name), default=None)


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
    if outermost(page, form):
        above, below = together(page, form)
        if sign(page, below) == "+":
            return times(page, _broken(page, above, exponent), _broken(page, below, -exponent))
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
    wholes, rest = divmod(power, n)
    return times(page, single(name, whole(rest)) if rest else ONE, any_power(page, found.forms[0], wholes))


def _root_of_number(value: Coefficient, exponent: Fraction) -> Fraction | None:
    """√(4/9) = 2/3; None where it is no fraction."""
    n = exponent.denominator
    above, below = _whole_root(value.numerator, n), _whole_root(value.denominator, n)
    return Fraction(above, below) ** exponent.numerator if above and below else None


def _whole_root(value: int, n: int) -> int | None:
    root = isqrt(value) if n == 2 else round(value ** (1 / n)) if value < 2**50 else 0
    return root if root**n == value else None


def _inverse_power(page: Page, name: str, power: Coefficient) -> Form | None:
    return any_power(page, page.atoms[name].forms[0], whole(-power)) if power < 0 else None


REDUCED |= {"root": _root_power, "inverse": _inverse_power}
POWERS["any"] = any_power
MADE_ANEW |= {
    "inverse": lambda page, atom, inner, points: inverse(page, inner(atom.forms[0])),
    "root": lambda page, atom, inner, points: any_power(page, inner(atom.forms[0]), Fraction(1, int(atom.name))),
}
