"""The learning rate behind wrong updates, where one rate explains them all; it knows no other mistakes."""

from __future__ import annotations

import math

import numpy as np

from backcheck.errors import Undefined
from backcheck.grading.extent import extent
from backcheck.grading.marked import Marked
from backcheck.grading.span import Span, ends, one_over
from backcheck.grading.steps import TooFar

RATE = "eta"
MOST_DIGITS = 3  # of a rate that somebody works with


def other_rate(marked: Marked, r: int, wrong: list[int]) -> float | None:
    """The one short number that, as the rate, gives every wrong update of a submission; one update alone proves nothing."""
    implied = [span for i in wrong if (span := _implied(marked, r, i))]
    if len(implied) < 2:
        return None
    return shortest(max(span.lo for span in implied), min(span.hi for span in implied))


def _implied(marked: Marked, r: int, i: int) -> Span | None:
    """What the rate must have been, as the update is a straight line in it; None for what is no update."""
    cell, row = marked.cells[i], np.array([r])
    try:
        lines = marked.steps.lines(cell, marked.stated)
        if RATE not in lines.reads or not cell.endswith("'"):
            return None
        box = marked.box(lines, row)
        without, with_one = (extent(lines, {**box, RATE: rate}, halved=False) for rate in (0.0, 1.0))
    except (TooFar, Undefined):
        return None
    value, half = float(marked.value[r, i]), float(marked.half[r, i])
    with np.errstate(all="ignore"):
        lo, hi = ends((Span(value - half, value + half) - without) * one_over(with_one - without))
    lo, hi = float(np.squeeze(lo)), float(np.squeeze(hi))
    return Span(lo, hi) if math.isfinite(lo) and math.isfinite(hi) else None


def shortest(lo: float, hi: float) -> float | None:
    """The number with the fewest digits in a span, if there is only one with so few.

    >>> shortest(0.497, 0.502), shortest(0.31, 0.52), shortest(0.2501, 0.2502), shortest(0.3, 0.2)
    (0.5, None, None, None)
    """
    if not 0 < lo <= hi:
        return None
    for digits in range(1, MOST_DIGITS + 1):
        unit = 10.0 ** (math.floor(math.log10(hi)) + 1 - digits)
        first, last = math.ceil(lo / unit - 1e-9), math.floor(hi / unit + 1e-9)
        if first <= last:
            return float(f"{first * unit:.{MOST_DIGITS}g}") if first == last else None
    return None
