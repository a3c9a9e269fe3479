"""Products of sums of unknowns: what two unknowns make is an unknown of its own, `v⋅w`; whoever solves has to know that."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from backcheck.proving.unknowns.linear import plus
from backcheck.proving.unknowns.logarithms import ONE, Form, is_number
from backcheck.proving.unknowns.meter import TooMuch

DOT = "⋅"  # no name that people write has it
MOST_TERMS = 200


class Unwritable(Exception):
    """An expression that is not made of sums, products and pieces: why not."""


def number(value: Fraction | int) -> dict[str, Fraction]:
    return plus((value, {ONE: Fraction(1)}))


def times(left: Form, right: Form) -> Form:
    """A product; what two unknowns make is an unknown of its own.

    >>> times({"w": Fraction(2)}, {"v": Fraction(1), "1": Fraction(3)})
    {'v⋅w': Fraction(2, 1), 'w': Fraction(6, 1)}
    """
    for one, other in ((left, right), (right, left)):
        if set(one) <= {ONE}:
            return plus((one.get(ONE, Fraction(0)), other))
    if any(is_number(name) and name != ONE for name in (*left, *right)):
        raise Unwritable("a logarithm times an unknown is not among what is solved here")
    return plus(*((a * b, {_product(m, n): Fraction(1)}) for m, a in left.items() for n, b in right.items()))


def _product(left: str, right: str) -> str:
    return DOT.join(sorted(part for name in (left, right) if name != ONE for part in name.split(DOT))) or ONE


def constant(form: Form) -> Fraction | None:
    """The fraction that a form is, if it is one."""
    return form.get(ONE, Fraction(0)) if set(form) <= {ONE} else None


def multiplied(*forms: Form) -> Form:
    """A product of any number of them, that does not grow without bound."""
    found: Form = number(1)
    for form in forms:
        found = times(found, form)
        if len(found) > MOST_TERMS:
            raise TooMuch
    return found


def put_in(form: Form, values: Mapping[str, Form]) -> Form:
    """A form with forms in the place of its unknowns, also of those in products.

    >>> put_in({"v⋅w": Fraction(2), "w": Fraction(1)}, {"v": {"1": Fraction(3)}})
    {'w': Fraction(7, 1)}
    """
    parts = (
        (size, multiplied(*(values.get(part, {part: Fraction(1)}) for part in name.split(DOT)))) for name, size in form.items()
    )
    return plus(*parts)
