"""Both sides of a relation at one point: in floats, to see where to look, and exactly, to say what is false; it chooses none."""

from __future__ import annotations

import math

from backcheck.errors import Undefined
from backcheck.proving.numbers.evaluate import value
from backcheck.proving.numbers.exact import told
from backcheck.proving.numbers.reals import DIGITS
from backcheck.proving.numbers.setting import Sample
from backcheck.proving.numbers.solving import HOLDS
from backcheck.proving.numbers.standing import Standing
from backcheck.proving.statements import Relation

MOST_DOUBTED = 4  # points where floats see a difference and exact numbers do not
SHALLOW = 12  # operations inside each other: sides that may be equal are worked to 500 digits, at one point
APART = 2.0**-30  # floats that differ by more, for their size, are looked at exactly


class Scales:
    """One relation; counts the points where it is worked exactly."""

    def __init__(self, relation: Relation, standing: Standing) -> None:
        self.relation, self.standing = relation, standing
        self.agreed = self.defined = self.doubted = 0
        self.refined = False
        self.reason = ""  # why a side has no value

    def gap(self, sample: Sample) -> float | None:
        """By how much the left side is more, for the size of both, in floats; None where a side has no value."""
        point = sample.numbers.in_floats
        try:
            left, right = float(value(self.relation.left, point, sample.letters)), float(value(self.relation.right, point))
        except Undefined as undefined:
            self.reason = self.reason or str(undefined)
            return None
        gap = (left - right) / (1 + abs(left) + abs(right))
        return gap if math.isfinite(gap) else None

    def margin(self, sample: Sample) -> float | None:
        """How far an inequality is from being false."""
        gap = self.gap(sample)
        return gap if gap is None or self.relation.sign in (">", ">=") else -gap

    def fits(self, gap: float) -> bool:
        return (0 if abs(gap) < APART else 1 if gap > 0 else -1) in HOLDS[self.relation.sign]

    def looks_false(self, sample: Sample) -> bool:
        gap = self.gap(sample)
        return gap is not None and not self.fits(gap)

    def is_false(self, sample: Sample) -> bool:
        """Exactly, where all that is given is true, also of what the relation does not speak of."""
        if self.doubted >= MOST_DOUBTED:
            return False
        try:
            side = self._side(sample)
        except Undefined as undefined:
            self.reason = self.reason or str(undefined)
            self.doubted += 1
            return False
        self.defined += 1
        fits = side is None or side in HOLDS[self.relation.sign]
        self.agreed += fits
        return not fits and self.standing.holds(sample)

    def _side(self, sample: Sample) -> int | None:
        """1 where the left side is more, -1 where it is less, 0 where they are equal; None where no digits tell."""
        point = sample.numbers.exactly
        off = value(self.relation.left, point, sample.letters) - value(self.relation.right, point)
        side = told(off, DIGITS[0])
        if side is None and not self.refined and getattr(off, "depth", 0) <= SHALLOW:
            self.refined, side = True, told(off)
        return side
