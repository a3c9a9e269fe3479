"""How many digits of each number are proven, and how many of those that floats carry are right."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from backcheck.roads.work import WorkedSheet

FLOAT_DIGITS = 17  # more than a float holds


class Certified(NamedTuple):
    """One number: the digits that are proven, how many they are, and how many of the float's are right."""

    name: str
    row: str
    digits: str
    proven: int
    right: int


def certificate(done: WorkedSheet, digits: int) -> list[Certified]:
    """Every forward value and claimed derivative, in the order they are worked."""
    from backcheck.roads.certified import certified, proven, right_digits, spelled

    sheet = done.sheet
    claims = {row.name: row.claims for row in sheet.rows if row.claims and row.name not in done.undefined}
    balls = certified(sheet, claims, digits)
    found = []
    for name in [row.name for row in sheet.rows if row.name in balls]:
        numbers = done.array(name)
        for index in np.ndindex(numbers.shape):
            ball = balls[name][index]
            sure, right = proven(ball), right_digits(float(numbers[index]), ball)
            count = digits if math.isinf(sure) else min(digits, max(0, math.floor(sure)))
            text = spelled(ball, digits)
            found.append(
                Certified(
                    sheet.names.cell(name, index), name, text, count, max(0, min(FLOAT_DIGITS, math.floor(min(right, sure, 99))))
                )
            )
    return found


def least(certified: Sequence[Certified]) -> Mapping[str, tuple[int, int]]:
    """Row → the fewest digits proven, and the fewest that a float has right."""
    rows: dict[str, tuple[int, int]] = {}
    for one in certified:
        proven, right = rows.get(one.row, (one.proven, one.right))
        rows[one.row] = min(proven, one.proven), min(right, one.right)
    return rows
