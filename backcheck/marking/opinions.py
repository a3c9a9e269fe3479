"""What each road says of the rows of a sheet, in one form: numbers, and how far from them floating point may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from backcheck.cells import Place
from backcheck.marking.mark import Mask, Opinion
from backcheck.worksheet import Array, Worksheet

Claims = Mapping[str, tuple[str, str]]  # row → what it claims to be
NUDGED_WELL = 100  # how far, in units of its own estimate, nudging may be from the truth
ROUNDING = 1e-12  # of the largest number of an array: what its sums may be off where nothing better is known
MOST_PRODUCTS = 30_000  # of a weight and an incoming value; a larger network has its formulas checked on its twin


def small(sheet: Worksheet) -> bool:
    """Whether a sheet can be walked by symbols: by how many products of weights and values a forward pass takes."""
    weights = sum(array.size for name, array in sheet.given.items() if name[0] == "W" and sheet.names.output)
    return int(weights) * sheet.names.examples <= MOST_PRODUCTS


class BySymbols:
    """The road of symbols, walked once; where a number lies at a kink, from either side as well."""

    def __init__(self, sheet: Worksheet, claims: Claims) -> None:
        from backcheck.roads import by_symbols as road

        self.road, found = road, road.by_symbols(sheet, claims)
        self.cells, self.kinks = found.cells, found.kinks
        mixed = [road.by_symbols(sheet, claims, road.anyhow(seed)).cells for seed in (1, 2)] if self.kinks else []
        self.unclear: dict[str, Mask] = {name: road.differ(mixed[0][name], mixed[1][name]) for name in found.cells} if mixed else {}
        self.sides = [road.by_symbols(sheet, claims, side).cells for side in (road.from_left, road.from_right)] if mixed else []

    def opinions(self) -> dict[str, Opinion]:
        """Row → what the road says of it."""
        return {
            name: Opinion(self.floats(cells), self.road.allowed(cells), self.unclear.get(name))
            for name, cells in self.cells.items()
        }

    def floats(self, cells: Any) -> Array:
        return self.road.as_floats(cells)

    def from_sides(self, place: Place) -> tuple[float, float]:
        """A derivative with every kink taken from the left, and from the right."""
        name, index = place
        left, right = (self.road.as_floats(side[name])[index] for side in self.sides)
        return float(left), float(right)


def by_nudging(sheet: Worksheet, claims: Claims, symbols: Mapping[str, Opinion]) -> dict[str, Opinion]:
    """Row → what comes of nudging; what floats may be off, the road of symbols knows, or else the largest number says."""
    from backcheck.roads.by_nudging import forward_pass, nudged

    found = nudged(sheet, list(claims.values()))
    opinions = {} if symbols else {name: Opinion(values, _rounding(values)) for name, values in forward_pass(sheet).items()}
    for name, claim in claims.items():
        nudge = found[claim]
        slack = symbols[name].allowed if name in symbols else _rounding(nudge.value)
        opinions[name] = Opinion(nudge.value, NUDGED_WELL * nudge.error + slack, nudge.unclear, nudge.error)
    return opinions


def _rounding(numbers: Array) -> Array:
    return np.full(numbers.shape, ROUNDING * abs(numbers).max(initial=0))


def by_library(sheet: Worksheet, claims: Claims, library: str, nudging: Mapping[str, Opinion]) -> dict[str, Opinion]:
    """Row → what torch or jax says; its floats are as good as those of nudging."""
    from backcheck.roads import by_autograd

    found = by_autograd.by_library(sheet, list(claims.values()), library)
    return {
        name: Opinion(found[claim], nudging[name].allowed + ROUNDING * abs(found[claim]).max(initial=0))
        for name, claim in claims.items()
    }
