"""What can be said of an exact number: its sign, its name where it has a short one, as a decimal and as a float."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from math import log, prod

from backcheck.errors import Undefined
from backcheck.proving.numbers import balls
from backcheck.proving.numbers.balls import Ball, TooLarge, TooVague
from backcheck.proving.numbers.reals import DIGITS, RATIONAL, Logs, Number, Real, enclosed, size

SHALLOW = 6  # operations inside each other
LONGEST_NAME, LONGEST_SUM = 40, 60  # bits of a fraction that can still be redone by hand, signs of a sum


class Vague(Undefined):
    """A number that 200 digits do not tell from another one."""


def told(number: Number, most: int = DIGITS[-1]) -> int | None:
    """The sign of a number: 1, 0 or −1; None where so many digits do not tell it."""
    if isinstance(number, RATIONAL):
        return (number > 0) - (number < 0)
    for digits in DIGITS:
        if digits <= most:
            try:
                found = balls.sign(enclosed(number, digits))
            except (TooVague, TooLarge):
                continue
            if found is not None:
                return found
    return _by_form(number)


def _by_form(number: Number) -> int | None:
    """What is seen without digits: e to any power is above 0, and so are products of what is."""
    if isinstance(number, RATIONAL):
        return (number > 0) - (number < 0)
    if not isinstance(number, Real) or number.depth > SHALLOW:
        return None
    if number.op == "exp":
        return 1
    sides = [_by_form(part) for part in number.parts]
    return prod(side or 0 for side in sides) or None if number.op in ("*", "1/") else None


def sign(number: Number) -> int:
    """The sign of a number, where it must be known."""
    found = told(number)
    if found is None:
        raise Vague("a number that cannot be told from 0")
    return found


def to_float(number: Number) -> float:
    if isinstance(number, Logs):
        return sum(float(times) * (1 if key == 1 else log(key)) for key, times in number.terms.items())
    return float(number) if isinstance(number, RATIONAL) else float(enclosed(number, DIGITS[0]).low)


def text(number: Number) -> str:
    """A number exactly, or nothing where it has no short name.

    >>> text(Fraction(2, 9)), text(Logs({1: -1, 2: 1, 3: Fraction(1, 2)})), text(Fraction(1, 10**40))
    ('2/9', 'ln 2 + 1/2 ln 3 - 1', '')
    """
    if isinstance(number, RATIONAL):
        return str(number) if size(number) <= LONGEST_NAME else ""
    if not isinstance(number, Logs):
        return ""
    terms = [_term(key, number.terms[key]) for key in sorted(number.terms, key=lambda key: (key == 1, key))]
    said = " + ".join(terms).replace("+ -", "- ")
    return said if len(said) <= LONGEST_SUM else ""


def _term(key: int, times: Fraction | int) -> str:
    if key == 1:
        return str(times)
    return f"{'' if times == 1 else '-' if times == -1 else f'{times} '}ln {key}"


def _apart_from_0(number: Number) -> Ball:
    """A ball with 40 digits, or with as many as it takes to leave out 0."""
    found = enclosed(number, DIGITS[0])
    for more in DIGITS[1:]:
        if not found.low <= 0 <= found.high or found.low == found.high:
            break
        found = enclosed(number, more)
    return found


def decimal(number: Number, digits: int = 6) -> str:
    """A number as a decimal of so many digits, without zeros at its end.

    >>> decimal(Fraction(1, 3)), decimal(2), decimal(Fraction(1, 10**9)), decimal(Logs({2: 1}), 10)
    ('0.333333', '2', '1e-9', '0.6931471806')
    """
    low, high = _apart_from_0(number)
    context = Context(digits)
    value = context.plus((low + high) / 2).normalize(context)
    if low <= 0 <= high:
        return "0"
    if -5 <= value.adjusted() <= digits + 3:
        return f"{value:f}"
    top, _, exponent = f"{value:e}".partition("e")
    return f"{Decimal(top).normalize():f}e{int(exponent)}"
