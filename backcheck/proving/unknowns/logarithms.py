"""Sums of fractions and logarithms of fractions, 1/2 + 3 ln 2: which sign they have, exactly; it knows no equations.

A fraction that is not 0 plus logarithms of fractions is never 0 (Lindemann), so that enough digits tell its sign; without a
fraction the logarithms are one logarithm, of a product that is 1 or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import combinations
from math import gcd

Form = Mapping[str, Fraction]  # a sum: what is multiplied → by how much; 3w − 1/2 is {"w": 3, "1": -1/2}
ONE, TINY, LN = "1", "0+", "ln "  # 0+: above 0, and less than any fraction
DIGITS = (30, 100, 400)


class Undecided(Exception):
    """More digits would be needed than are worked out here."""


def is_number(name: str) -> bool:
    """Whether a name in a form stands for a number that is known.

    >>> [is_number(name) for name in ("w1", "1", "ln 3/2", "ln(w)", "0+")]
    [False, True, True, False, True]
    """
    return name in (ONE, TINY) or name.startswith(LN)


def logarithm(of: Fraction) -> Form:
    """ln of a fraction above 0.

    >>> logarithm(Fraction(3, 2)), logarithm(Fraction(1, 9)), logarithm(Fraction(1))
    ({'ln 3/2': Fraction(1, 1)}, {'ln 9': Fraction(-1, 1)}, {})
    """
    if of < 1:
        return {name: -times for name, times in logarithm(1 / of).items()}
    return {} if of == 1 else {f"{LN}{of}": Fraction(1)}


def sign(form: Form) -> int:
    """−1, 0 or 1: the sign of a form without unknowns.

    >>> sign({"1": Fraction(-2), "ln 7": Fraction(1)}), sign({"ln 4": Fraction(1), "ln 2": Fraction(-2), "0+": Fraction(1)})
    (-1, 1)
    """
    logs = {Fraction(name.removeprefix(LN)): times for name, times in form.items() if name.startswith(LN) and times}
    known = form.get(ONE, Fraction(0))
    found = _sign_with_logarithms(known, logs) if logs else _sign(known)
    return found or _sign(form.get(TINY, Fraction(0)))


def _sign(number: Fraction | Decimal) -> int:
    return (number > 0) - (number < 0)


def _sign_with_logarithms(known: Fraction, logs: Mapping[Fraction, Fraction]) -> int:
    for digits in DIGITS:
        with localcontext(prec=digits):
            terms = [_decimal(known), *(_decimal(times) * _decimal(of).ln() for of, times in logs.items())]
            value, error = (
                sum(terms, Decimal(0)),
                (sum(map(abs, terms)) + len(terms)) * Decimal(10) ** (6 - digits),
            )  # some roundings each
            error += sum(abs(_decimal(times)) for times in logs.values()) * Decimal(10) ** (6 - digits)  # of what ln is taken of
            if abs(value) > error:
                return _sign(value)
        if not known and product_is_one(logs):
            return 0
    raise Undecided


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def product_is_one(powers: Mapping[Fraction, Fraction]) -> bool:
    """Whether fractions to these powers multiply to 1, without any factoring: numbers that share no factor are independent.

    >>> product_is_one({Fraction(6): Fraction(2), Fraction(4): Fraction(-1), Fraction(9): Fraction(-1)})
    True
    """
    bases: dict[int, Fraction] = {}
    for base, power in powers.items():
        for part, times in ((base.numerator, power), (base.denominator, -power)):
            bases[part] = bases.get(part, Fraction(0)) + times
    while True:
        bases = {base: power for base, power in bases.items() if base != 1 and power}
        shared = next(((a, b) for a, b in combinations(bases, 2) if gcd(a, b) > 1), None)
        if shared is None:
            return not bases
        a, b = shared
        common, of_a, of_b = gcd(a, b), bases.pop(a), bases.pop(b)
        for part, power in ((a // common, of_a), (b // common, of_b), (common, of_a + of_b)):
            bases[part] = bases.get(part, Fraction(0)) + power
