"""The forward pass with numbers that are nudged, in several ways of rounding; it knows no derivative.

Three passes are made; what they differ by is what rounding does to a result. Where a number lies at a kink there are two
more, and what those differ by is what the side does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from backcheck.roads import forward
from backcheck.roads.imaginary import ABOVE, BELOW, MIXED, Complex, scattered
from backcheck.worksheet import Phase, Row, Worksheet

Claim = tuple[str, str]
AFFINE = ("affine", "linear")
EPS = 2.0**-52
NUDGE = 2.0**-100
SMALL, LEAST = 2.0**-40, 2.0**-960  # of a number; and a nudge below has not all its digits
VISIBLE = 2.0**-30  # what moves a result by that much was no nudge, but a step to a place where there is no slope
# The nudge of each pass, and by how much it moves every number: to a neighbour, or to the next but one.
ROUNDINGS = ((NUDGE, 0.0), (3 * 2.0**-102, EPS), (5 * 2.0**-102, -EPS))
FAINT = 2.0**-840  # a share of 2⁻¹⁰⁰ of a number below that has not all its digits
LARGER = 2.0**-40  # a nudge that leaves it some


class Passes(NamedTuple):
    """All passes of a sheet."""

    roundings: list[Pass]  # the plain one first
    sides: list[Pass]  # like the plain one, but on other sides of the kinks, if there are any


def passes(sheet: Worksheet) -> Passes:
    """The passes that a sheet needs: one more where numbers are so small that a nudge of them is lost."""
    found = [Pass(sheet, *how) for how in ROUNDINGS]
    forward_rows = (abs(found[0].values[row.name]) for row in sheet.in_phase(Phase.FORWARD))
    if any(bool(((size > 0) & (size < FAINT)).any()) for size in forward_rows):
        found.append(Pass(sheet, LARGER))
    return Passes(found, [Pass(sheet, NUDGE, side=side) for side in (BELOW, MIXED)] if found[0].m.at_kink else [])


def nudges(h: float, numbers: Any) -> Any:
    """A nudge for each number: h, but small beside it, as far as floats reach."""
    size = abs(numbers)
    return np.where(size > 0, np.clip(SMALL * size, LEAST, h), h)


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
            shape = value.shape[-2:] if self.sheet.names.output else ()
            way = 2 * scattered(shape[-1:], len(self.factors))
            self.factors[name] = 1 + self.rounding * (way + scattered(shape[:1])[:, None] if len(shape) == 2 else way)
        return value * self.factors[name]

    def terms(self, name: str) -> float:
        """How large the terms are that the numbers of a row are summed from."""
        row = self.sheet[name]
        if row.op in AFFINE:
            x, W, *b = (abs(self.values[parent]) for parent in row.parents)
            return float((self.m.times(x, W) + (b[0][..., None, :] if b else 0)).max())
        return float(max(abs(self.values[one]).max() for one in (name, *row.parents)))

    def nudge(self, name: str) -> Any:
        """The nudges of the numbers of a row."""
        return nudges(self.h, self.values[name])

    @staticmethod
    def slope(moved: Any, nudge: Any) -> Any:
        """How much a result has moved for each unit of the nudge."""
        return np.where(abs(moved.imag) > VISIBLE * np.maximum(abs(moved.real), 1), np.nan, moved.imag / nudge)
