"""The road of symbols: the blank sheet and SymPy's slopes of its operations → every derivative, to many digits.

It reads given, forward and loss rows only, and cannot even spell the operation of a backward row.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import NamedTuple

import numpy as np

from backcheck.cells import Place
from backcheck.errors import Undefined
from backcheck.roads.exact import ALLOWED, EXACT, MP, ONE, UNIT, ZERO, Exact
from backcheck.roads.given import Cells, Mask
from backcheck.roads.walk import Claim, Road, Side
from backcheck.worksheet import Array, Worksheet

DIGITS = 30  # that every number has, unless it is 0
SAME = 1e-40  # of the error of floats: two walks of 50 digits that differ by more have not walked the same way
PRECISIONS = (50, 400, 4000)  # digits worked with: for most sheets; where 1 − a is e⁻⁷⁰⁰; where it is still less
ENOUGH = 400  # a number without digits is 0 then


def as_they_are(u: Exact) -> Exact:
    """Which side of a kink a number lies on: 0 below, 1 above; at the kink itself, above."""
    return ONE if u.value >= 0 else ZERO


def from_left(_: Exact) -> Exact:
    """Every doubtful number is taken to lie below its kink."""
    return ZERO


def from_right(_: Exact) -> Exact:
    """Every doubtful number is taken to lie above its kink."""
    return ONE


def anyhow(seed: int) -> Side:
    """Every kink gets a mixture of its two sides: what depends on a kink depends on the seed."""
    draw = Random(seed)  # noqa: S311 - no secret
    return lambda _: Exact(MP.mpf(draw.uniform(0.1, 0.9)), ZERO.value)


class Symbols(NamedTuple):
    """What the road has found: the cells of each row that it can speak of, by the row's name."""

    cells: Mapping[str, Cells]
    kinks: list[Place]  # the cells of the forward pass whose number lies at a kink


def by_symbols(sheet: Worksheet, claims: Mapping[str, Claim], side: Side = as_they_are) -> Symbols:
    """Every forward value, claimed derivative (by the name of the row that claims it) and update, to 30 digits.

    What is below 10⁻⁴⁰⁰ counts as 0.
    """
    for precision in PRECISIONS:
        with MP.workdps(precision):  # the given decimals are read to so many digits, too
            road = Road(sheet, EXACT, side)
            try:
                cells = road.walk(claims)
            except (ValueError, ZeroDivisionError):  # 1 − y was nothing yet; with more digits it is something
                continue
        if all(_sure(found, precision) for found in cells.values()) or precision >= ENOUGH:
            return Symbols(cells, list(road.kinks))
    raise Undefined("the road of symbols meets a quantity that has no value")


def _sure(cells: Cells, precision: int) -> bool:
    """Whether every number has its digits."""
    return all(number.digits(precision) >= DIGITS for number in listed(cells))


def listed(cells: Cells) -> list[Exact]:
    """The numbers of an array, one after the other."""
    numbers: list[Exact] = cells.ravel().tolist()
    return numbers


def as_floats(cells: Cells) -> Array:
    """The nearest floats."""
    return np.array([float(number.value) for number in listed(cells)]).reshape(cells.shape)


def allowed(cells: Cells) -> Array:
    """How far from each number floating point may be."""
    return np.array([float(ALLOWED * UNIT * number.error) for number in listed(cells)]).reshape(cells.shape)


def differ(one: Cells, other: Cells) -> Mask:
    """Where two walks have come to different numbers."""
    pairs = zip(listed(one), listed(other), strict=True)
    return np.array([abs(u.value - v.value) > u.error * SAME for u, v in pairs]).reshape(one.shape)
