"""Numbers between two decimals, rounded outwards, so that what is said of them is proven; it knows no trees and no derivatives.

Sums, products and quotients of `decimal` are exact up to the rounding that is asked for; its exp and ln are correctly rounded to
the nearest (General Decimal Arithmetic Specification 1.70), so that one unit in the last place either way holds the true value.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import lru_cache
from typing import NamedTuple

LARGEST, SMALLEST = 20_000, -400_000_000  # exponents of ten; what is larger is too large to say anything about
ZERO = Decimal(0)


class TooLarge(ArithmeticError):
    """A number with more digits than are worked with."""


class TooVague(ArithmeticError):
    """A ball around 0 where a number other than 0 is needed: more digits may tell."""


class Ball(NamedTuple):
    """Some number from `low` to `high`."""

    low: Decimal
    high: Decimal


class Rounding(NamedTuple):
    """The two roundings of one number of digits."""

    down: Context
    up: Context


@lru_cache(maxsize=8)
def rounding(digits: int) -> Rounding:
    traps = [Overflow, InvalidOperation, DivisionByZero]
    down, up = (Context(digits, to, SMALLEST, LARGEST, traps=traps) for to in (ROUND_FLOOR, ROUND_CEILING))
    return Rounding(down, up)


def fraction(top: int, bottom: int, digits: int) -> Ball:
    """A fraction with a positive bottom.

    >>> fraction(-1, 3, 4)
    Ball(low=Decimal('-0.3334'), high=Decimal('-0.3333'))
    """
    down, up = rounding(digits)
    return Ball(down.divide(Decimal(top), Decimal(bottom)), up.divide(Decimal(top), Decimal(bottom)))


def plus(digits: int, one: Ball, other: Ball) -> Ball:
    down, up = rounding(digits)
    return Ball(down.add(one.low, other.low), up.add(one.high, other.high))


def times(digits: int, one: Ball, other: Ball) -> Ball:
    (a, b), (c, d) = one, other
    down, up = rounding(digits)
    if a >= 0 and c >= 0:
        return Ball(down.multiply(a, c), up.multiply(b, d))
    corners = ((a, c), (a, d), (b, c), (b, d))
    return Ball(min(down.multiply(*pair) for pair in corners), max(up.multiply(*pair) for pair in corners))


def one_over(digits: int, ball: Ball) -> Ball:
    if ball.low <= 0 <= ball.high:
        raise TooVague
    down, up = rounding(digits)
    return Ball(down.divide(1, ball.high), up.divide(1, ball.low))


def exp(digits: int, ball: Ball) -> Ball:
    """eˣ, which is never below 0."""
    down, up = rounding(digits)
    return Ball(max(ZERO, down.next_minus(down.exp(ball.low))), up.next_plus(up.exp(ball.high)))


def ln(digits: int, ball: Ball) -> Ball:
    """ln x of what is above 0.

    >>> ln(5, fraction(2, 1, 5))
    Ball(low=Decimal('0.69314'), high=Decimal('0.69316'))
    """
    if ball.low <= 0:
        raise TooVague
    down, up = rounding(digits)
    return Ball(down.next_minus(down.ln(ball.low)), up.next_plus(up.ln(ball.high)))


def sqrt(digits: int, ball: Ball) -> Ball:
    """√x of what is above 0; `decimal` rounds it to the nearest, whatever it is told."""
    if ball.low < 0:
        raise TooVague
    down, up = rounding(digits)
    return Ball(max(ZERO, down.next_minus(down.sqrt(ball.low))), up.next_plus(up.sqrt(ball.high)))


def sign(ball: Ball) -> int | None:
    """1, 0 or −1, or None where the ball does not tell."""
    if ball.low > 0:
        return 1
    if ball.high < 0:
        return -1
    return 0 if ball.low == ball.high else None


@lru_cache(maxsize=256)
def ln_of(prime: int, digits: int) -> Ball:
    return ln(digits, fraction(prime, 1, digits))


WORK: dict[str, Callable[..., Ball]] = {"+": plus, "*": times, "1/": one_over, "exp": exp, "ln": ln, "sqrt": sqrt}


def work(op: str, digits: int, *parts: Ball) -> Ball:
    """One operation; a number that is too large to say anything about is refused."""
    try:
        return WORK[op](digits, *parts)
    except Overflow:
        raise TooLarge from None
