"""Functions that only rise, by what is known of them exactly: what they lie between, one point of each, and their inverses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from backcheck.proving.unknowns.linear import plus
from backcheck.proving.unknowns.logarithms import LN, ONE, Form, logarithm

MOST_POWER, MOST_DIGITS = 64, 60


class Rising(NamedTuple):
    """A strictly increasing function; None is no bound."""

    above: int | None
    below: int | None
    point: tuple[Form, Form]  # an argument, and the value there
    inverse: Callable[[Form], Form | None]  # None where it is no sum of fractions and logarithms


def power_of_e(form: Form) -> Fraction | None:
    """e to a sum of logarithms, where it is a fraction.

    >>> power_of_e({"ln 3": Fraction(-2)}), power_of_e({}), power_of_e({"1": Fraction(1)})
    (Fraction(1, 9), Fraction(1, 1), None)
    """
    found = Fraction(1)
    for name, times in form.items():
        if not name.startswith(LN) or times.denominator != 1 or abs(times) > MOST_POWER:
            return None
        found *= Fraction(name.removeprefix(LN)) ** int(times)
    return found if len(str(found)) < MOST_DIGITS else None


def _fraction(form: Form) -> Fraction | None:
    return form.get(ONE, Fraction(0)) if set(form) <= {ONE} else None


def _ln(of: Fraction | None) -> Form | None:
    return logarithm(of) if of is not None and of > 0 else None


def _number(of: Fraction | None) -> Form | None:
    return None if of is None else plus((of, {ONE: Fraction(1)}))


def _of_fraction(rule: Callable[[Fraction], Form | None]) -> Callable[[Form], Form | None]:
    return lambda form: None if (value := _fraction(form)) is None else rule(value)


def _of_power(rule: Callable[[Fraction], Form | None]) -> Callable[[Form], Form | None]:
    """For functions that are written with e to their argument."""
    return lambda form: None if (value := power_of_e(form)) is None else rule(value)


def _half(form: Form | None) -> Form | None:
    return None if form is None else plus((Fraction(1, 2), form))


HALF, NOTHING, WHOLE = {ONE: Fraction(1, 2)}, dict[str, Fraction](), {ONE: Fraction(1)}

RISING: Mapping[str, Rising] = {
    "sigmoid": Rising(0, 1, (NOTHING, HALF), _of_fraction(lambda y: _ln(y / (1 - y)) if y != 1 else None)),
    "tanh": Rising(-1, 1, (NOTHING, NOTHING), _of_fraction(lambda y: _half(_ln((1 + y) / (1 - y))) if y != 1 else None)),
    "exp": Rising(0, None, (NOTHING, WHOLE), _of_fraction(_ln)),
    "softplus": Rising(0, None, (NOTHING, logarithm(Fraction(2))), _of_power(lambda e: _ln(e - 1))),
    "ln": Rising(None, None, (WHOLE, NOTHING), _of_power(_number)),
}

# their values at numbers
EXACT: Mapping[str, Callable[[Form], Form | None]] = {
    "sigmoid": _of_power(lambda e: _number(e / (1 + e))),
    "tanh": lambda form: _number((e - 1) / (e + 1)) if (e := power_of_e(plus((2, form)))) is not None else None,
    "exp": _of_power(_number),
    "softplus": _of_power(lambda e: _ln(1 + e)),
    "ln": _of_fraction(_ln),
}
