"""Numbers held against what the other roads say of them: a verdict for each, and who dissents; it works nothing out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from backcheck.cells import Index
from backcheck.worksheet import Array

RIGHT, WRONG, NOT_JUDGED = "right", "wrong", "not_judged"
HAND = "by hand"
Mask = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]


class Opinion(NamedTuple):
    """What a road says of one row: the numbers, how far from them a right one may be, and where it will not judge."""

    value: Array
    allowed: Array
    unclear: Mask | None = None
    error: Array | None = None  # that the road estimates for itself


class Mark(NamedTuple):
    """What is said of one cell."""

    name: str
    row: str
    place: Index
    verdict: str
    by_hand: float
    by_roads: Mapping[str, float]
    error: float | None = None  # that nudging estimates for itself
    reason: str = ""


def confirmed(numbers: Array, opinion: Opinion) -> Mask:
    """Where a road confirms the numbers."""
    found: Mask = abs(numbers - opinion.value) <= opinion.allowed
    return found


def dissenter(confirms: Mapping[str, bool]) -> str:
    """Who stands alone, from which roads confirm the number by hand.

    >>> dissenter({"by symbols": False, "by nudging": False}), dissenter({"by symbols": True, "by nudging": False})
    ('by hand', 'by nudging')
    """
    against = [road for road, agrees in confirms.items() if not agrees]
    return HAND if len(against) == len(confirms) else " and ".join(against)
