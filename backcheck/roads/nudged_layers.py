"""How the loss of a network moves with every number of its rows, by nudging; it knows no derivative.

Only what lies downstream of a nudge is worked again, for many nudges at once. Examples have nothing to do with each other, so
that all are nudged at once, and so are the units of a layer as long as each is worked alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, reduce
from typing import Any, NamedTuple

import numpy as np

from backcheck.roads import forward
from backcheck.roads.passes import AFFINE, EPS, Claim, Pass, Passes, passes
from backcheck.worksheet import Array, Phase, Row, Worksheet

MOST_NUMBERS = 2**17  # complex numbers in one array, over all nudges worked at once: 2 MB, and some twenty such arrays
ADDED = 2**14  # numbers: where the nudges of all that comes in are more, those of the z that they move are added
ENDLESS = 2.0**1016  # an error of which nothing is known; unlike infinity it is 0 times 0, and a hundred times it is a float
LOST = 2.0**-900  # slopes below that are lost: times a nudge they are no floats any more
AT_KINK = 2.0**-30  # of the largest slope of a row: what differs by more from side to side has no one slope


class Nudge(NamedTuple):
    """The slopes of one row, how far they may be off by their own estimate, and where a kink forbids an answer."""

    value: Array
    error: Array
    unclear: Any = None


def estimated(passes: Passes, moved: Callable[[Pass], Any]) -> Nudge:
    """The answer of the plain pass, and what the others say of its error."""
    value, *others = (np.asarray(moved(one), float) for one in passes.roundings)
    sides: Any = reduce(np.maximum, (abs(value - moved(one)) for one in passes.sides), 0.0)
    error = reduce(np.maximum, (abs(value - other) for other in others), sides) + 4 * EPS * abs(value) + LOST
    lost = ~np.isfinite(error)
    if not passes.sides and not lost.any():
        return Nudge(value, error)
    value = np.where(np.isfinite(value), value, 0)
    return Nudge(value, np.where(lost, ENDLESS, error), lost | (sides > AT_KINK * abs(value).max(initial=0)))


class Layers:
    """A network, in which every row is read by the next one."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.passes = passes(sheet)
        self.plain = self.passes.roundings[0]
        self.loss = next(row for row in sheet.rows if row.phase is Phase.LOSS)
        layers = sheet.in_phase(Phase.FORWARD)
        self.reader = {row.parents[0]: row for row in layers}
        self.layer = {parent: row for row in layers if row.op in AFFINE for parent in row.parents[1:]}
        outputs = forward.of_outputs(self.loss)
        self.reader |= {self.loss.parents[1]: self.loss, outputs.parents[1]: outputs}
        self.found: dict[str, Nudge] = {}

    def answers(self, claims: Sequence[Claim]) -> dict[Claim, Nudge]:
        found = {claim: self.slopes(claim[1]) for claim in claims}
        tied = {row.name.removeprefix("places ") for row in self.sheet.rows if row.op == "places"}
        if not tied.isdisjoint(self.found):
            found |= {claim: self.over_places(claim[1], sorted(tied)) for claim in claims if claim[1] in tied}
        return found

    def slopes(self, name: str) -> Nudge:
        """∂L by a row, ties aside."""
        if name not in self.found:
            if name in self.layer:
                self.found[name] = self.of_parameter(name, self.layer[name])
            elif self.reader[name].op in AFFINE and self.width(name) * self.widest > ADDED:
                self.found[name] = self.of_many(self.reader[name])
            else:
                self.found[name] = self.of_row(name)
        return self.found[name]

    def of_many(self, layer: Row) -> Nudge:
        """Where much comes in, the nudges of every z that it moves are added: they are too small to disturb each other."""
        z, W = self.slopes(layer.name), self.plain.values[layer.parents[1]]
        error = (z.error + len(W) * EPS * abs(z.value)) @ abs(W)
        return Nudge(z.value @ W, error, None if z.unclear is None else z.unclear @ (W != 0))

    def of_parameter(self, name: str, layer: Row) -> Nudge:
        """A weight moves every z of its unit by what comes in, a bias by 1."""
        z = self.slopes(layer.name)
        error = z.error + len(z.error) * EPS * abs(z.value)
        if name != layer.parents[1]:
            return Nudge(z.value.sum(0), error.sum(0), None if z.unclear is None else z.unclear.any(0))
        x, *others = (one.values[layer.parents[0]] for one in self.passes.roundings)
        error = error.T @ abs(x)
        if layer.parents[0] not in self.sheet.given:
            error += abs(z.value).T @ reduce(np.maximum, (abs(x - other) for other in others))
        return Nudge(z.value.T @ x, error, None if z.unclear is None else z.unclear.T @ (x != 0))

    def of_row(self, name: str) -> Nudge:
        """[n, j]: every number of a row nudged by itself."""
        return estimated(self.passes, lambda one: np.concatenate([self.moved(one, name, units) for units in self.chunks(name)]).T)

    def width(self, name: str) -> int:
        return int(self.plain.values[name].shape[1])

    @cached_property
    def widest(self) -> int:
        """The numbers of the largest row, for one nudge."""
        size = max(int(self.plain.values[row.name].size) for row in self.sheet.in_phase(Phase.FORWARD))
        every = self.width(self.sheet.names.output) if "softmax+binary" in self.loss.op else 1  # it sets every output apart
        return size * every

    def chunks(self, name: str) -> Iterator[slice]:
        """So many units at once that no array becomes large."""
        width, step = self.width(name), max(1, MOST_NUMBERS // self.widest)
        return (slice(i, min(i + step, width)) for i in range(0, width, step))

    def moved(self, one: Pass, name: str, units: slice) -> Any:
        """[j, n]: how L moves with unit j of example n."""
        nudge = one.nudge(name).T[units]
        name, values = self.started(one, name, units)
        while (row := self.reader[name]).phase is not Phase.LOSS:
            values = one.worked(row, {**one.values, name: values})
            name = row.name
        return one.slope(one.worked(row, {**one.values, name: values}), nudge) * self.shares(one)

    def started(self, one: Pass, name: str, units: slice) -> tuple[str, Any]:
        """The first row downstream in which a nudge of one unit reaches several, for each of the units."""
        value, row = one.values[name], self.reader[name]
        nudge = one.nudge(name)
        if row.phase is Phase.FORWARD and row.op not in AFFINE and all(map(forward.each_alone, row.op.split("|"))):
            nudge = one.worked(row, {**one.values, name: value + 1j * nudge}).imag
            value, name, row = one.values[row.name], row.name, self.reader[row.name]
        if row.op in AFFINE:
            W = one.values[row.parents[1]]
            return row.name, one.values[row.name] + 1j * (nudge.T[units, :, None] * W.T[units, None, :])
        return name, value + 1j * (nudge * np.eye(value.shape[1])[units, None, :])

    def shares(self, one: Pass) -> Any:
        """[n]: how L moves with the loss of each example, one nudged at a time."""
        if self.loss.name == "L":
            return 1.0
        each = one.worked(self.sheet["L"], {self.loss.name: 1j * np.eye(len(self.sheet.given["x"]))})
        return each.imag

    def over_places(self, name: str, tied: list[str]) -> Nudge:
        """A parameter in several places is nudged in all of them."""
        parts = [(self.slopes(p), self.sheet.given[f"places {p}"]) for p in tied]
        own, places = self.slopes(name), self.sheet.given[f"places {name}"]
        summed = [own.value.copy(), own.error.copy(), np.zeros(places.shape) if own.unclear is None else own.unclear.astype(float)]
        for group in set(places[places > 0]):
            here = [(nudge, at == group) for nudge, at in parts]
            summed[0][places == group] = sum(nudge.value[at].sum() for nudge, at in here)
            summed[1][places == group] = sum(nudge.error[at].sum() for nudge, at in here)
            summed[2][places == group] = any(nudge.unclear[at].any() for nudge, at in here if nudge.unclear is not None)
        return Nudge(summed[0], summed[1], summed[2] > 0 if summed[2].any() else None)
