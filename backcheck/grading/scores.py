"""Verdicts of many submissions → points, as whole multiples of one small fraction; it knows no numbers that were written."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np

from backcheck.grading.explained import DESCENT, Explained
from backcheck.grading.marked import FOLLOWS, RIGHT, WRONG
from backcheck.grading.points import Marking


class Scores:
    """The points of every cell, for one group of submissions."""

    def __init__(self, explained: Explained, marking: Marking) -> None:
        self.explained, self.marking = explained, marking
        steps, cells = explained.steps, explained.marked.cells
        self.weights = [marking.weight_of(steps.place(cell)) for cell in cells]
        self.out_of = marking.out_of
        shares = (marking.carried, marking.carried_at_most, marking.truncated, marking.transposed, marking.descent)
        self.unit = Fraction(1, lcm(*(w.denominator for w in (*self.weights, self.out_of))) * lcm(*(s.denominator for s in shares)))
        self._fractions: dict[int, Fraction] = {}
        self.points = self._points()
        self.totals: list[int] = self.points.sum(1).tolist()

    def _whole(self, value: Fraction) -> int:
        return int(value / self.unit)

    def _points(self) -> Any:
        """In units: full, carried as far as the cap allows, and what a cut off or transposed number keeps."""
        marked = self.explained.marked
        full = np.array([self._whole(w) for w in self.weights], np.int64)
        carried = np.array([self._whole(w * self.marking.carried) for w in self.weights], np.int64)
        follows = marked.verdict == FOLLOWS
        own = follows & marked.tainted
        points = np.where((marked.verdict == RIGHT) | (follows & ~marked.tainted), full, 0)
        taken = np.where(own & ~marked.trivial, carried, 0)
        if taken.any():
            points += taken - _above(taken, self._whole(self.out_of * self.marking.carried_at_most))
        self._kept(points)
        points[marked.vague & (marked.verdict <= FOLLOWS)] = 0
        return points

    def _kept(self, points: Any) -> None:
        """The shares for wrong numbers of a kind that the teacher is lenient with."""
        kept = {"truncated": self.marking.truncated, "transposed_gradient": self.marking.transposed, DESCENT: self.marking.descent}
        if not any(kept.values()):
            return
        for r, i in np.argwhere(self.explained.marked.verdict == WRONG).tolist():
            id, _ = self.explained.named(r, i)
            points[r, i] = self._whole(self.weights[i] * kept.get(id or "", Fraction(0)))

    @cached_property
    def asked(self) -> list[str]:
        """The names of what is asked."""
        return [self.explained.steps.sheet.names.cell(*place) for place in self.marking.asked]

    def weight(self, name: str) -> Fraction:
        """The points that a number can earn."""
        return self.marking.weight_of(self.explained.steps.place(name))

    def of(self, r: int, i: int) -> Fraction:
        """The points of one number."""
        return int(self.points[r, i]) * self.unit

    def score(self, r: int) -> Fraction:
        return self.fraction(self.totals[r])

    def fraction(self, units: int) -> Fraction:
        """So many units as a fraction; few different scores are many submissions'."""
        if units not in self._fractions:
            self._fractions[units] = units * self.unit
        return self._fractions[units]


def _above(taken: Any, cap: int) -> Any:
    """What is above the cap, taken off from the last number back."""
    behind = np.cumsum(taken[:, ::-1], 1)[:, ::-1] - taken
    above = np.maximum(taken.sum(1, keepdims=True) - cap, 0)
    return np.clip(above - behind, 0, taken)
