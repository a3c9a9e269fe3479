"""Numbers that stay exact as long as they can: fractions, sums of fractions and logarithms; beyond that real numbers to any digits.

A rational number is an `int` or a `Fraction`. It knows no trees and no derivatives.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

from backcheck.errors import Undefined
from backcheck.proving.numbers import balls
from backcheck.proving.numbers.balls import Ball, TooLarge, TooVague

DIGITS = (40, 100, 200, 500)  # one after the other, until a sign can be told
DEEPEST = 150  # operations inside each other that are worked again with more digits
MOST_BITS = 20_000  # of the top or the bottom of a fraction
RATIONAL = (int, Fraction)
Number = Any  # int, Fraction, Logs or Real


def plainly(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number


class Logs:
    """q + r ln 2 + s ln 3 + …, with at least one logarithm: never rational, so never 0 (Lindemann 1882)."""

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[int, Fraction | int]) -> None:
        self.terms = terms  # prime → its factor; 1 → the rational part

    def __add__(self, other: Number) -> Number:
        if isinstance(other, Logs):
            terms = dict(self.terms)
            for key, times in other.terms.items():
                terms[key] = terms.get(key, 0) + times
            return logs(terms)
        if isinstance(other, RATIONAL):
            return logs({**self.terms, 1: self.terms.get(1, 0) + other})
        return NotImplemented

    def __mul__(self, other: Number) -> Number:
        if isinstance(other, RATIONAL):
            return logs({key: times * other for key, times in self.terms.items()})
        return real("*", self, other) if isinstance(other, Logs) else NotImplemented

    def __neg__(self) -> Number:
        return Logs({key: -times for key, times in self.terms.items()})

    def __sub__(self, other: Number) -> Number:
        return self + -other

    def __rsub__(self, other: Number) -> Number:
        return -self + other

    __radd__, __rmul__ = __add__, __mul__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Logs) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))

    def ball(self, digits: int) -> Ball:
        parts = (
            fraction if key == 1 else balls.work("*", digits, fraction, balls.ln_of(key, digits))
            for key, fraction in ((key, enclosed(times, digits)) for key, times in self.terms.items())
        )
        return reduce(lambda one, other: balls.work("+", digits, one, other), parts)


def logs(terms: Mapping[int, Fraction | int]) -> Number:
    """The sum of these terms, as a rational number where no logarithm is left."""
    kept = {key: times for key, times in terms.items() if times}
    return Logs(kept) if any(key != 1 for key in kept) else kept.get(1, 0)


class Real:
    """A number that is known by how it is worked out, to as many digits as are asked for."""

    __slots__ = ("_balls", "depth", "op", "parts")

    def __init__(self, op: str, parts: tuple[Number, ...]) -> None:
        self.op, self.parts = op, parts
        self.depth = 1 + max(getattr(part, "depth", 0) for part in parts)
        if self.depth > DEEPEST:
            raise Undefined("too many operations inside each other")
        self._balls: dict[int, Ball] = {}

    def ball(self, digits: int) -> Ball:
        if digits not in self._balls:
            self._balls[digits] = balls.work(self.op, digits, *(enclosed(part, digits) for part in self.parts))
        return self._balls[digits]

    def __add__(self, other: Number) -> Number:
        if not isinstance(other, (*RATIONAL, Logs, Real)):
            return NotImplemented
        return real("+", self, other) if other else self

    def __mul__(self, other: Number) -> Number:
        if not isinstance(other, (*RATIONAL, Logs, Real)):
            return NotImplemented
        return 0 if other == 0 else self if other == 1 else real("*", self, other)

    def __neg__(self) -> Number:
        return real("*", self, -1)

    def __sub__(self, other: Number) -> Number:
        return self + -other

    def __rsub__(self, other: Number) -> Number:
        return -self + other

    __radd__, __rmul__ = __add__, __mul__


def real(op: str, *parts: Number) -> Real:
    """A number worked out to the first digits at once, so that one without a value is noticed here."""
    found = Real(op, parts)
    try:
        found.ball(DIGITS[0])
    except TooLarge:
        raise Undefined("a number that is too large") from None
    except TooVague:
        pass  # more digits may tell
    return found


def enclosed(number: Number, digits: int) -> Ball:
    if size(number) > MOST_BITS:
        raise TooLarge
    if isinstance(number, int):
        return balls.fraction(number, 1, digits)
    if isinstance(number, Fraction):
        return balls.fraction(number.numerator, number.denominator, digits)
    ball: Ball = number.ball(digits)
    return ball


def size(number: Number) -> int:
    """How many bits a rational number has above or below; 0 for others."""
    if isinstance(number, int):
        return number.bit_length()
    return max(number.numerator.bit_length(), number.denominator.bit_length()) if isinstance(number, Fraction) else 0
