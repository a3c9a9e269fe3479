"""Curves as points, ready to be drawn on a screen or in a picture; it draws nothing.

Where a curve jumps, its y holds a number that is none (nan) between two points: they are not joined. A point with such a
number on either side stands alone, and is drawn as a dot.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from backcheck.errors import BackcheckError
from backcheck.worksheet import Array

LARGEST = 1e300  # what lies further out counts as infinite, so that a difference of two is a number
FLAT = 1e-9  # a range smaller than this, relative to its numbers, would be drawn from their rounding


class Curve(NamedTuple):
    """Points that are joined from left to right."""

    label: str
    x: Array
    y: Array


class NothingToPlot(BackcheckError):
    """No curve has a point with numbers for both x and y."""


def bounds(curves: list[Curve]) -> tuple[float, float, float, float]:
    """The least and greatest x and y; a range without extent is widened."""
    points = [point for curve in curves for piece in pieces(curve) for point in piece]
    if not points:
        raise NothingToPlot("there is nothing to plot: no curve has a point with finite numbers")
    x, y = zip(*points, strict=True)
    return (*_widened(min(x), max(x)), *_widened(min(y), max(y)))


def _widened(low: float, high: float) -> tuple[float, float]:
    """
    >>> _widened(2, 2), _widened(0, 0), _widened(0, 1)
    ((1.0, 3.0), (-1.0, 1.0), (0, 1))
    """
    size = max(abs(low), abs(high))
    if high - low > FLAT * size and size > 1 / LARGEST:
        return low, high
    half = size / 2 if size > 1 / LARGEST else 1.0
    return low - half, high + half


def pieces(curve: Curve) -> Iterator[list[tuple[float, float]]]:
    """The points between two gaps."""
    points = zip(curve.x.tolist(), curve.y.tolist(), strict=True)
    for whole, piece in groupby(points, lambda point: abs(point[0]) <= LARGEST and abs(point[1]) <= LARGEST):
        if whole:
            yield list(piece)


def printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
