"""Polynomials with rational coefficients in atoms, which are known by their names only; it knows no trees.

A form is a dict {monomial: coefficient}; a monomial is a tuple of (atom, exponent), sorted by the atom's name. Exponents may be
negative, and broken where the atom is positive. A form is never changed once it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import gcd, lcm

Coefficient = int | Fraction
Monomial = tuple[tuple[str, Coefficient], ...]
Form = dict[Monomial, Coefficient]

ZERO: Form = {}
ONE: Form = {(): 1}


def whole(value: Coefficient) -> Coefficient:
    """A fraction that is a whole number, as that number: it is quicker.

    >>> whole(Fraction(4, 2))
    2
    """
    return value.numerator if value.denominator == 1 else value


def constant(value: Coefficient) -> Form:
    return {(): whole(value)} if value else {}


def single(atom: str, exponent: Coefficient = 1) -> Form:
    return {((atom, exponent),): 1}


def plus(*forms: Form) -> Form:
    """The sum, like terms taken together."""
    found: Form = {}
    for form in forms:
        for monomial, coefficient in form.items():
            total = found.get(monomial, 0) + coefficient
            if total:
                found[monomial] = whole(total)
            else:
                del found[monomial]
    return found


def scaled(form: Form, by: Coefficient) -> Form:
    return {monomial: whole(coefficient * by) for monomial, coefficient in form.items()} if by else {}


def minus(one: Form, other: Form) -> Form:
    return plus(one, scaled(other, -1))


def joined(one: Monomial, other: Monomial) -> Monomial:
    """The product of two monomials: exponents are added.

    >>> joined((("x", 1), ("y", 2)), (("x", -1),))
    (('y', 2),)
    """
    if not one or not other:
        return one or other
    powers = dict(one)
    for atom, exponent in other:
        total = powers.get(atom, 0) + exponent
        if total:
            powers[atom] = whole(total)
        else:
            del powers[atom]
    return tuple(sorted(powers.items()))


def raised(monomial: Monomial, exponent: Coefficient) -> Monomial:
    return tuple((atom, whole(power * exponent)) for atom, power in monomial) if exponent else ()


def atoms(form: Form) -> Iterator[str]:
    """The atoms of a form; one may come several times."""
    return (atom for monomial in form for atom, _ in monomial)


def number_of(form: Form) -> Coefficient | None:
    """Its value, if it is a plain number."""
    if not form:
        return 0
    return form.get(()) if len(form) == 1 else None


# what all terms have in common


def split(form: Form) -> tuple[Coefficient, Monomial, Form]:
    """coefficient · monomial · rest: the rest has whole coefficients, nothing in common, and begins with a plus.

    >>> split({(("a", 1),): -2, (("a", 2),): 4})
    (-2, (('a', 1),), {(): 1, (('a', 1),): -2})
    """
    common = _common_monomial(form)
    away = raised(common, -1)
    rest = {joined(monomial, away): value for monomial, value in form.items()}
    content = _content(rest.values()) * (1 if rest[min(rest)] > 0 else -1)
    return content, common, {monomial: whole(value / Fraction(content)) for monomial, value in rest.items()}


def _common_monomial(form: Form) -> Monomial:
    """The smallest power of each atom, 0 where a term has none."""
    monomials = iter(form)
    least = dict(next(monomials))
    for monomial in monomials:
        powers = dict(monomial)
        least = {atom: min(least.get(atom, 0), powers.get(atom, 0)) for atom in {**least, **powers}}
    return tuple(sorted((atom, power) for atom, power in least.items() if power))


def _content(values: Iterable[Coefficient]) -> Coefficient:
    above, below = 0, 1
    for value in values:
        above, below = gcd(above, value.numerator), lcm(below, value.denominator)
    return whole(Fraction(above, below))


# how a form is called


def text(form: Form) -> str:
    """A name for it: equal forms have equal names."""
    return " + ".join(f"{form[monomial]}*{monomial_text(monomial)}" for monomial in sorted(form)) or "0"


def monomial_text(monomial: Monomial) -> str:
    return "*".join(atom if power == 1 else f"{atom}^{power}" for atom, power in monomial) or "1"
