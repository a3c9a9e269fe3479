"""The forward pass with numbers that are nudged, in several ways of rounding; it knows no derivative.

Three passes are made; what they differ by is what rounding does to a result. Where a number lies at a kink there are two
more, and what those differ by is what the side does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from backcheck.roads import forward
from backcheck.roads.imaginary import ABOVE, BELOW, MIXED, Complex, scattered
from backcheck.worksheet import Phase, Row, Worksheet

AFFINE = ("affine", "linear")
EPS = 2.0**-52
NUDGE = 2.0**-100
# The nudge of each pass, and by how much it moves every number: to a neighbour, or to the next but one.
ROUNDINGS = ((NUDGE, 0.0), (3 * 2.0**-102, EPS), (5 * 2.0**-102, -EPS))


def passes(sheet: Worksheet) -> list[Pass]:
    """All passes of a sheet, the plain one first; from the fourth on, those on another side of its kinks."""
    found = [Pass(sheet, *how) for how in ROUNDINGS]
    return [*found, *(Pass(sheet, NUDGE, side=side) for side in (BELOW, MIXED))] if found[0].m.at_kink else found


class Pass:
    """The forward pass in one way of rounding, from which nudges start."""

    def __init__(
        self, sheet: Worksheet, h: float = 0, rounding: float = 0, side: str = ABOVE, moved: Mapping[str, Any] | None = None
    ) -> None:
        self.sheet, self.h, self.m, self.rounding, moved = sheet, h, Complex(side), rounding, moved or {}
        self.table = forward.table(self.m)
        self.values: dict[str, Any] = {name: array + moved.get(name, 0) for name, array in sheet.given.items()}
        self.factors: dict[str, Any] = {}
        for row in sheet.in_phase(Phase.FORWARD) if rounding else ():
            if row.op in AFFINE:  # products round, too
                self.values[row.parents[1]] = self.rounded(row.parents[1], self.values[row.parents[1]])
        for row in sheet.in_phase(Phase.FORWARD, Phase.LOSS):
            self.values[row.name] = forward.whole(row, self.worked(row, self.values)) + moved.get(row.name, 0)

    def worked(self, row: Row, values: Mapping[str, Any]) -> Any:
        """One row from the values of its parents, rounded in the way of this pass."""
        self.m.terms = lambda: max(self.terms(parent) for parent in row.parents)
        value = forward.worked(self.table, row, [values[parent] for parent in row.parents])
        return self.rounded(row.name, value) if self.rounding else value

    def rounded(self, name: str, value: Any) -> Any:
        """Every number of a row moved to a neighbour, or left; the same number always to the same one."""
        if name not in self.factors:
            size = value.shape[-2:] if self.sheet.names.output else ()
            self.factors[name] = 1 + self.rounding * sum(np.ix_(*(4 * scattered(n, len(self.factors)) - 2 for n in size)))
        return value * self.factors[name]

    def terms(self, name: str) -> float:
        """How large the terms are that the numbers of a row are summed from."""
        row = self.sheet[name]
        if row.op in AFFINE:
            x, W, *b = (abs(self.values[parent]) for parent in row.parents)
            return float((self.m.times(x, W) + (b[0][..., None, :] if b else 0)).max())
        return float(max(abs(self.values[one]).max() for one in (name, *row.parents)))
