"""What becomes of the loss when single weights change, many of them at once: removed, or moved a little; it ranks nothing.

A weight from k to j adds w·a_k to z_j and nothing else, so that the pass begins at its layer, from what is known there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from backcheck.cells import Place
from backcheck.reasons.concepts.twice import Twice, lifted
from backcheck.reasons.concepts.twice_library import Library
from backcheck.roads import forward
from backcheck.worksheet import Array, Phase, Row, Worksheet

AT_ONCE = 2**18  # numbers of one row in all passes that are made together

Effect = Callable[[Any], Any]  # ∂z/∂w of the passes → the change of z


class Slopes(NamedTuple):
    """By each of some weights."""

    first: Array
    second: Array
    at_kink: bool


class Passes:
    """The forward pass of a sheet, and passes that differ from it in one weight each."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet, self.m = sheet, Library()
        self.table = forward.table(self.m)
        self.values = forward.forward(self.m, sheet, sheet.given)
        self.rows = sheet.in_phase(Phase.FORWARD, Phase.LOSS)

    def removed(self, weights: Sequence[tuple[Place, ...]]) -> Array:
        """The loss when each weight, given by its places, is 0 while the others stay."""
        losses = []
        for group in self.groups(weights):
            minus = -np.array([self.sheet.given[places[0][0]][places[0][1]] for places in group])[:, None, None]
            losses.append(np.broadcast_to(self.loss(group, partial(np.multiply, minus)), len(group)))
        return np.concatenate(losses)

    def slopes(self, weights: Sequence[tuple[Place, ...]]) -> Slopes:
        """∂L/∂w and ∂²L/∂w² of each weight, all its places together."""
        first, second, along = [], [], Twice(0.0, 1.0, 0.0)
        for group in self.groups(weights):
            loss = lifted(self.loss(group, along.__mul__))
            first.append(np.broadcast_to(loss.first, len(group)))
            second.append(np.broadcast_to(loss.second, len(group)))
        return Slopes(np.concatenate(first), np.concatenate(second), self.m.at_kink)

    def without(self, weights: Sequence[tuple[Place, ...]]) -> float:
        """The loss when all of these are 0 together."""
        given = dict(self.sheet.given)
        for row, index in (place for places in weights for place in places):
            if given[row] is self.sheet.given[row]:
                given[row] = given[row].copy()
            given[row][index] = 0
        return float(forward.forward(self.m, self.sheet, given)[self.sheet.result])

    def groups(self, weights: Sequence[tuple[Place, ...]]) -> Iterator[list[tuple[Place, ...]]]:
        """Neighbours of one row, as many as there is room for; a weight in several places alone."""
        group: list[tuple[Place, ...]] = []
        widest = max(self.values[row.name].size for row in self.rows)
        for places in weights:
            alone = len(places) > 1 or len(group[0]) > 1 if group else False
            if group and (alone or group[0][0][0] != places[0][0] or (len(group) + 1) * widest > AT_ONCE):
                yield group
                group = []
            group.append(places)
        yield group

    def loss(self, group: list[tuple[Place, ...]], effect: Effect) -> Any:
        """L of every pass of a group, or the one L that there is where nothing reaches it."""
        changed: dict[str, Any] = {}
        for row in self.rows:
            touched = [(b, place) for b, places in enumerate(group) for place in places if place[0] in row.parents[1:]]
            if not touched and not any(parent in changed for parent in row.parents):
                continue
            parents = [changed.get(parent, self.values[parent]) for parent in row.parents]
            known = parents[0] is self.values[row.parents[0]] and touched
            value = self.values[row.name] if known else forward.whole(row, forward.worked(self.table, row, parents))
            changed[row.name] = value + effect(_by_weight(row, parents, len(group), touched)) if touched else value
        return changed.get(self.sheet.result, self.values[self.sheet.result])


def _by_weight(row: Row, parents: list[Any], count: int, touched: list[tuple[int, Place]]) -> Any:
    """∂z/∂w of every pass: a_k in the column of unit j; 1 where w is a bias."""
    x, units = parents[0], parents[1].shape[0]
    shape = (count, x.shape[-2], units)

    def spread(part: Any, one: float) -> Array:
        found = np.zeros(shape)
        for b, (name, index) in touched:
            of = part if np.ndim(part) == 2 else part[b if part.shape[0] > 1 else 0] if np.ndim(part) else None
            found[b, :, index[0]] += one if name != row.parents[1] else part if of is None else of[:, index[1]]
        return found

    if not isinstance(x, Twice):
        return spread(x, 1.0)
    return Twice(spread(x.value, 1.0), spread(x.first, 0.0), spread(x.second, 0.0))
