"""Linear equations and inequalities over fractions as rows, and why rows cannot all be true; it looks for no solution."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from backcheck.proving.unknowns.logarithms import Form, is_number, sign

OPPOSITE = {">=": ((">", -1),), ">": ((">=", -1),), "=": ((">", 1), (">", -1))}  # not of >= 0 is −of > 0; not of = 0 is one of two


class Row(NamedTuple):
    """of >= 0, of > 0 or of = 0."""

    of: Form
    sign: str
    says: str = ""  # as it came about


class Contradiction(NamedTuple):
    """Rows, each times a number, that add up to what cannot be: 0 >= 1."""

    rows: tuple[tuple[Fraction, Row], ...]


def plus(*parts: tuple[Fraction | int, Form]) -> dict[str, Fraction]:
    """Forms, each times a number, added; what became 0 is left out.

    >>> plus((2, {"w": Fraction(1), "1": Fraction(3)}), (-1, {"w": Fraction(2)}))
    {'1': Fraction(6, 1)}
    """
    found: dict[str, Fraction] = {}
    for times, form in parts:
        for name, value in form.items():
            found[name] = found.get(name, Fraction(0)) + times * value
    return {name: value for name, value in found.items() if value}


def split(form: Form) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """What is unknown in a form, and what is known."""
    known = {name: value for name, value in form.items() if is_number(name)}
    return {name: value for name, value in form.items() if name not in known}, known


def holds(row: Row) -> bool:
    """A row without unknowns: is it so?"""
    return sign(row.of) in {">=": (0, 1), ">": (1,), "=": (0,)}[row.sign]


def adds_up(found: Contradiction) -> bool:
    """Whether the multipliers are allowed ones, all unknowns cancel, and what remains cannot be.

    >>> adds_up(Contradiction(((Fraction(1), Row({"w": Fraction(1)}, ">")), (Fraction(1), Row({"w": Fraction(-1)}, ">=")))))
    True
    """
    allowed = all(times > 0 or row.sign == "=" for times, row in found.rows)
    unknown, known = split(plus(*((times, row.of) for times, row in found.rows)))
    strict = any(row.sign == ">" and times for times, row in found.rows)
    return allowed and not unknown and not holds(Row(known, ">" if strict else ">="))


def at(form: Form, values: Mapping[str, Form]) -> dict[str, Fraction]:
    """A form with forms put in for some of its names.

    >>> at({"w": Fraction(2), "1": Fraction(1)}, {"w": {"1": Fraction(3)}})
    {'1': Fraction(7, 1)}
    """
    return plus(*((times, values.get(name, {name: Fraction(1)})) for name, times in form.items()))


def opposites(row: Row) -> list[Row]:
    """What is left if a row is not true: one of these."""
    return [Row(plus((times, row.of)), relation) for relation, times in OPPOSITE[row.sign]]
