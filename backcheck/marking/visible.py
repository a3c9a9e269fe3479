"""Which numbers of a sheet show that a slip was made, when so many decimals are written; it changes no number."""

from __future__ import annotations

from typing import Any

import numpy as np

from backcheck.roads.work import WorkedSheet
from backcheck.slips.edits import written_rows
from backcheck.worksheet import Array

# Two numbers that are nearer to each other than this, relative to them, differ by the order in which floats were added.
SAME = 1e-10
Digits = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]


class Written:
    """The numbers that somebody writes who works the sheet, in one line of them."""

    def __init__(self, right: WorkedSheet) -> None:
        self.right, self.rows = right, written_rows(right)
        self.numbers = self.of(right)

    def of(self, done: WorkedSheet) -> Array:
        """The same numbers of another sheet that has the same rows."""
        return np.concatenate([done.array(row).ravel() for row in self.rows])

    def names(self, where: Array) -> tuple[str, ...]:
        """The cells at some places of the line."""
        found, start = [], 0
        for row in self.rows:
            shape = self.right.array(row).shape
            size = int(np.prod(shape))
            for at in np.flatnonzero(where[start : start + size]):
                place = tuple(int(i) for i in np.unravel_index(at, shape)) if shape else ()
                found.append(self.right.sheet.names.cell(row, place))
            start += size
        return tuple(dict.fromkeys(found))


def digits(numbers: Array, decimals: int) -> Digits:
    """The numbers as whole multiples of the last decimal, a 5 behind it rounded up; nobody writes −0.00.

    >>> digits(np.array([0.12345, -0.00004]), 4).tolist()
    [1235.0, 0.0]
    """
    half = 0.5 + 1e-9  # 0.12345 has a neighbour in floating point that is a little less
    return np.asarray(np.copysign(np.floor(abs(numbers) * 10.0**decimals + half), numbers)) + 0.0


def apart(one: Array, other: Array) -> Any:
    """Where two sheets differ at all."""
    return abs(one - other) > SAME * np.maximum(abs(one), abs(other))


def differ(one: Array, other: Array, decimals: int) -> Any:
    """Where two sheets differ in what is written, and not by floating point alone.

    >>> bool(differ(np.array(0.1 + 0.2), np.array(0.3), 17))
    False
    """
    return apart(one, other) & (digits(one, decimals) != digits(other, decimals))
