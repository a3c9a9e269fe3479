"""A step written out, held against random numbers: whether it was labelled and written out rightly; it proves nothing."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import mpmath
from steps_elsewhere.forms import Form, names
from steps_elsewhere.written_out import Written

HOLDS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
RANGES = ((-2, 2), (0, 1), (0, 1), (0, 3), (-3, 0), (0, 0.4))  # what is given may let through only some of them
TRIES, POINTS = 2000, 8
CALLS = {
    "exp": mpmath.exp,
    "ln": mpmath.log,
    "abs": abs,
    "sign": mpmath.sign,
    "step": lambda u: mpmath.mpf(u > 0),
    "tanh": mpmath.tanh,
    "max": max,
    "min": min,
    "xor": lambda x, y: x + y - 2 * x * y,
}
CUBIC = (
    lambda u: u**3 + u**2 + u + 1,
    lambda u: 3 * u**2 + 2 * u + 1,
    lambda u: 6 * u + 2,
    lambda _: mpmath.mpf(6),
)  # f, f', f'', f'''


class NoNumber(ValueError):
    """ln(-1), 1/0"""


def value(form: Form, at: Mapping[str, Any]) -> Any:
    match form:
        case ("number", number):
            return mpmath.mpf(number.numerator) / number.denominator
        case ("name", name):
            return at[name]
        case ("plus", *terms):
            return mpmath.fsum(value(term, at) for term in terms)
        case ("times", *factors):
            return mpmath.fprod(value(factor, at) for factor in factors)
        case ("power", base, exponent):
            return _real(mpmath.power, value(base, at), value(exponent, at))
        case ("call", function, *arguments):
            inner = [value(one, at) for one in arguments]
            return _real(CALLS[function], *inner) if function in CALLS else _open(function, inner)
    raise NotImplementedError(form[0])


def _real(function: Any, *arguments: Any) -> Any:
    try:
        found = function(*arguments)
    except (ZeroDivisionError, ValueError):
        raise NoNumber from None
    if isinstance(found, mpmath.mpc) or not mpmath.isfinite(found):
        raise NoNumber
    return found


def _open(function: str, inner: list[Any]) -> Any:
    """A function that was left open; several of them differ by a factor."""
    plainly = function.rstrip("'")
    return CUBIC[len(function) - len(plainly)](inner[0]) * (1 + sum(map(ord, plainly)) % 7)


def points(case: Written, seed: int = 1) -> Iterable[dict[str, Any]]:
    """Numbers at which all that is given is true."""
    r, found = random.Random(seed), 0
    known = sorted(names(case.left, case.right, *(side for _, *sides in case.given for side in sides)))
    for turn in range(TRIES):
        ranges = [RANGES[turn % len(RANGES)]] if turn % 2 else RANGES  # one for all, or each name its own
        at = {name: mpmath.mpf(r.uniform(*r.choice(ranges))) for name in known}
        try:
            if all(HOLDS[sign](value(left, at), value(right, at)) for sign, left, right in case.given):
                yield at
                found += 1
        except NoNumber:
            continue
        if found == 4 * POINTS:
            return


def differs(case: Written, at: Mapping[str, Any]) -> bool:
    """Whether the sides differ at a point, by more than rounding."""
    left, right = value(case.left, at), value(case.right, at)
    return bool(abs(left - right) > mpmath.mpf(10) ** -20 * (1 + abs(left) + abs(right)))


def verdict(cases: Iterable[Written]) -> str:
    """refuted, or agrees; "no numbers" where a case has no point with a value."""
    least = POINTS
    with mpmath.workdps(40):
        for case in cases:
            agreed = 0
            for at in points(case):
                try:
                    if differs(case, at):
                        return "refuted"
                    agreed += 1
                except NoNumber:
                    continue
                if agreed == POINTS:
                    break
            least = min(least, agreed)
    return "agrees" if least else "no numbers"
