"""What a problem asks for and what each number is worth, as exact fractions; it knows no answers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from backcheck.cells import PARAMETER, Place
from backcheck.roads.work import HIDDEN, WorkedSheet
from backcheck.worksheet import Phase, Row, Worksheet

# Kind → the rows of a network, or of an expression, that it means.
KINDS = (
    "weighted_sums",
    "activations",
    "loss",
    "deltas",
    "slopes_of_activations",
    "gradients",
    "input_gradients",
    "updates",
    "values",
    "partials",
)
ASKED = ("weighted_sums", "activations", "loss", "deltas", "gradients", "updates", "values")  # where the file does not say


class Marking(NamedTuple):
    """How a problem is marked."""

    asked: tuple[Place, ...]  # in the order of the worksheet
    weights: Mapping[Place, Fraction]  # of what is asked, and of what else has a weight of its own
    truncated: Fraction = Fraction(0)  # the share of its points that a number keeps which is cut off instead of rounded
    transposed: Fraction = Fraction(0)  # … the right numbers in transposed order
    descent: Fraction = Fraction(0)  # … gradients with the opposite sign, as directions of descent
    carried: Fraction = Fraction(1)  # … what follows from a wrong number of one's own
    carried_at_most: Fraction = Fraction(1, 2)  # of all points
    pass_mark: Fraction | None = None  # of all points

    def weight_of(self, place: Place) -> Fraction:
        """The points of a cell; nothing for what was not asked."""
        return self.weights.get(place, Fraction(0))

    @property
    def out_of(self) -> Fraction:
        """Full marks."""
        return sum((self.weight_of(place) for place in self.asked), Fraction(0))


def kind_of(sheet: Worksheet, row: Row) -> str | None:
    """What sort of quantity the numbers of a row are."""
    name = row.name
    if row.op in HIDDEN or row.phase is Phase.GIVEN or name.endswith(" via"):
        return None
    if row.phase is Phase.UPDATE:
        return "updates"
    if not sheet.names.output:
        if row.phase is not Phase.BACKWARD:
            return "values"
        of, by = row.claims or ("", "")
        return "gradients" if of == sheet.result and by in sheet and sheet[by].phase is Phase.GIVEN else "partials"
    if row.phase is Phase.LOSS:
        return "loss" if name == "L" else None
    if row.phase is Phase.FORWARD:
        return "weighted_sums" if name[0] == "z" else "activations"
    by = name.removeprefix("dL/d")
    if PARAMETER.fullmatch(by):
        return "gradients"
    return {"z": "deltas", "a": "slopes_of_activations"}.get(by[0], "input_gradients")


def default(sheet: Worksheet) -> Marking:
    """One point for every number that people are asked for: forward, loss, ∂L/∂z, and slope and new value of what is trained."""
    done = WorkedSheet(sheet)
    asked = tuple(place for row in sheet.rows if kind_of(sheet, row) in ASKED for place in _trained(done, row))
    if not sheet.names.output:
        asked = tuple(place for place in asked if sheet[place[0]].phase is not Phase.UPDATE)
    return Marking(asked, dict.fromkeys(asked, Fraction(1)))


def _trained(done: WorkedSheet, row: Row) -> list[Place]:
    """The cells of a row, each parameter once, without what is frozen."""
    places: dict[str, Place] = {}
    mask = _mask(done.sheet, row)
    for index in np.ndindex(done.array(row.name).shape):
        if mask is None or mask[index]:
            places.setdefault(done.sheet.names.cell(row.name, index), (row.name, index))
    return list(places.values())


def _mask(sheet: Worksheet, row: Row) -> np.ndarray | None:
    """Which cells of a slope or of an update are trained; None where all are."""
    p = row.name.removesuffix("'").removeprefix("dL/d")
    if not PARAMETER.fullmatch(p) or f"trainable {p}" not in sheet:
        return None
    return sheet.given[f"trainable {p}"].astype(bool)
