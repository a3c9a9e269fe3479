"""Given floats as the numbers that are meant by them, whatever the arithmetic; it computes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from backcheck.worksheet import Array

Cells = np.ndarray[tuple[Any, ...], np.dtype[np.object_]]
Mask = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]
SHORT = 9  # decimals; one random float in ten million is a decimal as short as that


def short(numbers: Array) -> Mask:
    """Which numbers are decimals of few digits, and meant as they are written; any other is the float itself.

    >>> short(np.array([0.1, 1 / 3])).tolist()
    [True, False]
    """
    whole = np.rint(numbers * 10.0**SHORT)
    found: Mask = (whole / 10.0**SHORT == numbers) & (abs(whole) < 2**53)
    return found


def in_cells(shape: tuple[int, ...], found: list[Any]) -> Cells:
    """Numbers of any kind as an array."""
    cells = np.empty(len(found), object)
    cells[:] = found
    return cells.reshape(shape)
