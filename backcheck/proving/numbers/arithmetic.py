"""Functions of one number, exactly and in floats; it knows no derivatives and no trees."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from operator import mul
from typing import Any, NamedTuple

from backcheck.errors import Undefined
from backcheck.proving.numbers.exact import sign, text
from backcheck.proving.numbers.reals import MOST_BITS, RATIONAL, Logs, Number, Real, logs, real, size

SMALL_PRIMES = [p for p in range(2, 1000) if all(p % q for q in range(2, math.isqrt(p) + 1))]
FACTORED = 1009**2  # what is left below it, when all small primes are taken out, is a prime
MOST_FACTORS = 64  # a power of a number that is not rational is worked by that many factors, or as e^(n ln b)


class Arithmetic(NamedTuple):
    """What a tree is evaluated with. `sign` tells on which side of 0 a number is."""

    number: Callable[[str], Any]
    divide: Callable[[Any, Any], Any]
    power: Callable[[Any, Any], Any]
    sign: Callable[[Any], int]
    exp: Callable[[Any], Any]
    ln: Callable[[Any], Any]
    sqrt: Callable[[Any], Any]


# exactly


def _number(typed: str) -> Number:
    value = Fraction(typed)
    return value.numerator if value.denominator == 1 else value


def _divide(top: Number, bottom: Number) -> Number:
    if isinstance(bottom, RATIONAL):
        if not bottom:
            raise Undefined("a division by 0")
        return Fraction(top, bottom) if isinstance(top, int) else top * Fraction(1, bottom)
    sign(bottom)
    return top * real("1/", bottom) if top is not bottom else 1


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(exponent, RATIONAL):
        return _whole(base, int(exponent)) if exponent.denominator == 1 else _root(base, Fraction(exponent))
    return _exp(exponent * _ln(base))


def _whole(base: Number, exponent: int) -> Number:
    if exponent == 0:
        return 1
    if exponent < 0:
        return _divide(1, _whole(base, -exponent))
    if isinstance(base, RATIONAL):
        if size(base) * exponent > MOST_BITS and base not in (0, 1, -1):
            raise Undefined("a number that is too large")
        return base**exponent
    if isinstance(base, Real) and base.op == "sqrt":
        half = _whole(base.parts[0], exponent // 2)
        return half * base if exponent % 2 else half
    if exponent > MOST_FACTORS:
        return _exp(exponent * _ln(base))
    half = _whole(base, exponent // 2)
    return half * half * base if exponent % 2 else half * half


def _root(base: Number, exponent: Fraction) -> Number:
    """A power that is a fraction: of 0, and of what is above it."""
    side = sign(base)
    if side < 0 or (side == 0 and exponent < 0):
        raise Undefined(f"a power that is a fraction, of {text(base) or 'a number below 0'}")
    if side == 0:
        return 0
    if exponent.denominator == 2:
        return _whole(_sqrt(base), exponent.numerator)
    return _exp(exponent * _ln(base))


def _exp(z: Number) -> Number:
    if isinstance(z, Logs) and 1 not in z.terms and all(times.denominator == 1 for times in z.terms.values()):
        if sum(abs(int(times)) * prime.bit_length() for prime, times in z.terms.items()) > MOST_BITS:
            raise Undefined("a number that is too large")
        powers: list[Fraction] = [Fraction(prime) ** int(times) for prime, times in z.terms.items()]
        return reduce(mul, powers)
    if isinstance(z, Real) and z.op == "ln":
        return z.parts[0]
    return real("exp", z) if z != 0 else 1


def _ln(x: Number) -> Number:
    if isinstance(x, Real) and x.op == "exp":
        return x.parts[0]
    if sign(x) <= 0:
        raise Undefined(f"ln of {text(x) or 'a number that is not above 0'}")
    if isinstance(x, RATIONAL) and size(x) <= MOST_BITS // 10:
        top, bottom = factors(x.numerator), factors(x.denominator)
        if top is not None and bottom is not None:
            return logs({**top, **{prime: -times for prime, times in bottom.items()}})
    return real("ln", x)


@lru_cache(maxsize=1024)
def factors(number: int) -> Mapping[int, int] | None:
    """The primes of a whole number above 0 and how often they stand in it; None where that is not found at once.

    >>> factors(360), factors(1009**2)
    ({2: 3, 3: 2, 5: 1}, None)
    """
    found: dict[int, int] = {}
    for prime in SMALL_PRIMES:
        if number < prime * prime:
            break
        while number % prime == 0:
            number //= prime
            found[prime] = found.get(prime, 0) + 1
    if number >= FACTORED:
        return None
    return {**found, number: found.get(number, 0) + 1} if number > 1 else found


def _sqrt(x: Number) -> Number:
    side = sign(x)
    if side < 0:
        raise Undefined(f"the root of {text(x) or 'a number below 0'}")
    if isinstance(x, RATIONAL):
        top, bottom = math.isqrt(x.numerator), math.isqrt(x.denominator)
        if top * top == x.numerator and bottom * bottom == x.denominator:
            return Fraction(top, bottom)
    return real("sqrt", x)


EXACT = Arithmetic(_number, _divide, _power, sign, _exp, _ln, _sqrt)


# in floats: to see at once what is far apart


def _float_divide(top: Any, bottom: Any) -> Any:
    if not bottom:
        raise Undefined("a division by 0")
    return top / bottom


def _float_power(base: Any, exponent: Any) -> Any:
    if (base < 0 and exponent % 1) or (base == 0 and exponent < 0):
        raise Undefined("a power without a value")
    return base**exponent


def _float_ln(x: Any) -> Any:
    if x <= 0:
        raise Undefined("ln of a number that is not above 0")
    return math.log(x)


def _float_sqrt(x: Any) -> Any:
    if x < 0:
        raise Undefined("the root of a number below 0")
    return math.sqrt(x)


def _float_sign(x: Any) -> int:
    """The side of 0; so near to it that rounding may have put it there counts as 0."""
    return 0 if abs(x) < NEAR else 1 if x > 0 else -1


NEAR = 2.0**-40  # some thousand roundings of numbers about 1
FLOATS = Arithmetic(float, _float_divide, _float_power, _float_sign, math.exp, _float_ln, _float_sqrt)
