"""The road of nudging: how the result moves when one number is moved a little; it knows no derivative.

A nudge is a tiny imaginary part. That of a weight W[j,k] moves z[n,j] by x[n,k] times as much, so that one nudge of z[n,j]
serves all weights of the unit; that the weights do enter so is tried by one nudge of them all, through the whole pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from backcheck.roads.along import direction, taylor
from backcheck.roads.imaginary import Complex
from backcheck.roads.nudged_layers import ENDLESS, Layers, Nudge, estimated
from backcheck.roads.passes import NUDGE, Claim, Pass, passes
from backcheck.worksheet import Array, Phase, Row, Worksheet

__all__ = ["Claim", "Complex", "Nudge", "direction", "forward_pass", "nudged", "taylor"]
SHORT_CUT = 2.0**-20  # of the terms of a sum: a short cut that does not lead there is off by more


def nudged(sheet: Worksheet, claims: Sequence[Claim]) -> dict[Claim, Nudge]:
    """What nudging says to each claim. At a kink `value` is the slope above it, and `error` reaches to the one below."""
    with np.errstate(all="ignore"):
        found = (Layers if sheet.names.output else _Graph)(sheet).answers(claims)
    _tried(sheet, {claim: nudge for claim, nudge in found.items() if claim[0] == sheet.result and claim[1] in sheet.given})
    return {claim: nudge._replace(error=np.minimum(nudge.error, ENDLESS)) for claim, nudge in found.items()}


def forward_pass(sheet: Worksheet) -> dict[str, Array]:
    """The values of the forward pass, which this road works out for itself."""
    with np.errstate(all="ignore"):
        values = Pass(sheet).values
    return {row.name: np.asarray(values[row.name]) for row in sheet.in_phase(Phase.FORWARD, Phase.LOSS)}


def _tried(sheet: Worksheet, found: Mapping[Claim, Nudge]) -> None:
    """The slopes by all that is given, held against one probe in a direction that takes no short cut."""
    along = direction(sheet, {claim: nudge.value for claim, nudge in found.items()})
    allowed = SHORT_CUT * along.size + NUDGE + sum(float(nudge.error.sum()) for nudge in found.values())
    if abs(along.measured - along.expected) > allowed:
        raise RuntimeError("nudges of single numbers do not add up to a nudge through the whole pass")


class _Graph:
    """An expression: single numbers, and every operation a row of its own."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.passes = passes(sheet)
        self.nodes = sheet.in_phase(Phase.FORWARD)
        self.place = {row.name: i for i, row in enumerate(sheet.in_phase(Phase.GIVEN, Phase.FORWARD))}

    def answers(self, claims: Sequence[Claim]) -> dict[Claim, Nudge]:
        return {claim: self.answer(*claim) for claim in claims}

    def answer(self, of: str, by: str) -> Nudge:
        """∂f by anything, or the slope of one operation with everything else that it reads held still."""
        if of != self.sheet.result:
            return estimated(self.passes, lambda one: self.local(one, self.sheet[of], by))
        value, error, unclear = (None if part is None else part[self.place[by]] for part in self.all_at_once)
        return Nudge(np.asarray(value), np.asarray(error), None if unclear is None else np.asarray(unclear))

    @cached_property
    def all_at_once(self) -> Nudge:
        """How the result moves with every number of the sheet, one after the other."""
        return estimated(self.passes, self.moved)

    def moved(self, one: Pass) -> Any:
        sizes = np.array([one.nudge(name) for name in self.place])
        nudges = dict(zip(self.place, 1j * np.diag(sizes), strict=True))
        values: dict[str, Any] = {name: one.values[name] + nudge for name, nudge in nudges.items()}
        for row in self.nodes:
            values[row.name] = one.worked(row, values) + nudges[row.name]
        return one.slope(values[self.sheet.result], sizes)

    @staticmethod
    def local(one: Pass, node: Row, by: str) -> Any:
        nudge = one.nudge(by)
        return one.slope(one.worked(node, {**one.values, by: one.values[by] + 1j * nudge}), nudge)
