"""The road of symbols: the blank sheet and SymPy's slopes of its operations → every derivative, to many digits.

It reads given, forward and loss rows only, and cannot even spell the operation of a backward row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple

import numpy as np

from backcheck.catalogue import unit
from backcheck.cells import Index, Place
from backcheck.roads.definitions import definition
from backcheck.roads.derived import arriving, free, local
from backcheck.roads.exact import ALLOWED, MINUS_ONE, MP, ONE, UNIT, ZERO, Exact, compiled, exact
from backcheck.worksheet import Array, Phase, Row, Worksheet

Cells = np.ndarray[tuple[Any, ...], np.dtype[np.object_]]
Mask = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]
Claim = tuple[str, str]
DIGITS = 30  # that every number has, unless it is 0
SAME = 1e-40  # of the error of floats: two walks of 50 digits that differ by more have not walked the same way
PRECISIONS = (50, 400)  # digits worked with: for most sheets, and where 1 − a of e⁻⁷⁰⁰ has to keep its own
Side = Callable[[Exact], float]


def as_they_are(u: Exact) -> float:
    """Which side of a kink a number lies on: 0 below, 1 above; at the kink itself, above."""
    return float(u.value >= 0)


def from_left(_: Exact) -> float:
    """Every doubtful number is taken to lie below its kink."""
    return 0.0


def from_right(_: Exact) -> float:
    """Every doubtful number is taken to lie above its kink."""
    return 1.0


def anyhow(seed: int) -> Side:
    """Every kink gets a mixture of its two sides: what depends on a kink depends on the seed."""
    draw = Random(seed)  # noqa: S311 - no secret
    return lambda _: draw.uniform(0.1, 0.9)


class Symbols(NamedTuple):
    """What the road has found: the cells of each row that it can speak of, by the row's name."""

    cells: Mapping[str, Cells]
    kinks: list[Place]  # the cells of the forward pass whose number lies at a kink


def by_symbols(sheet: Worksheet, claims: Mapping[str, Claim], side: Side = as_they_are) -> Symbols:
    """Every forward value, every claimed derivative (by the name of the row that claims it) and update, to 30 digits."""
    for precision in PRECISIONS:
        with MP.workdps(precision):
            found = _Road(sheet, side).walk(claims)
        if all(_sure(cells, precision) for cells in found.cells.values()):
            break
    return found


def _sure(cells: Cells, precision: int) -> bool:
    """Whether every number has its digits."""
    return all(number.digits(precision) >= DIGITS for number in listed(cells))


def listed(cells: Cells) -> list[Exact]:
    """The numbers of an array, one after the other."""
    numbers: list[Exact] = cells.ravel().tolist()
    return numbers


class _Road:
    """One walk along the sheet: forward, then back."""

    def __init__(self, sheet: Worksheet, side: Side) -> None:
        self.sheet, self.side = sheet, side
        self.nodes = sheet.in_phase(Phase.FORWARD, Phase.LOSS)
        self.single = not sheet.names.output
        self.values = given(sheet)
        self.arrived: dict[str, Cells] = {}
        self.kinks: dict[Place, None] = {}

    def walk(self, claims: Mapping[str, Claim]) -> Symbols:
        for row in self.nodes:
            self.values[row.name] = self.worked(row)
        self.arrived[self.sheet.result] = np.full(self.values[self.sheet.result].shape, ONE, object)
        for row in reversed(self.nodes):
            self.arriving(row.name)
        cells = {row.name: self.values[row.name] for row in self.nodes}
        cells |= {name: self.slope(claim) for name, claim in claims.items()}
        if "eta" in self.sheet:
            given = [(by, name) for name, (of, by) in claims.items() if of == self.sheet.result and by in self.sheet.given]
            cells |= {f"{by}'": updated(self.sheet, by, cells[name]) for by, name in given if by != "x" or self.single}
        return Symbols(cells, list(self.kinks))

    def worked(self, row: Row) -> Cells:
        """A row of the forward pass, by the definition of its operation."""
        shape = shape_of(row, self.values)
        return self.filled(row, None, shape, lambda op: (definition(op, self.single).value, free(op, self.single)))

    def slope(self, claim: Claim) -> Cells:
        """What the road says to a claim."""
        of, by = claim
        if of != self.sheet.result:
            return self.partial(self.sheet[of], by)
        found, places = self.arriving(by), self.sheet.given.get(f"places {by}")
        if places is not None:
            found = found.copy()
            for index in zip(*places.nonzero(), strict=True):
                found[index] = self.tied(places[index])
        return found

    def tied(self, group: float) -> Exact:
        """One number in several places: its slope is the sum over all of them."""
        total = ZERO
        for name in [row.name.removeprefix("places ") for row in self.sheet.rows if row.op == "places"]:
            for index in zip(*(self.sheet.given[f"places {name}"] == group).nonzero(), strict=True):
                total = total + self.arriving(name)[index]
        return total

    def arriving(self, name: str) -> Cells:
        """What arrives at the cells of a row from all rows that read it."""
        if name not in self.arrived:
            total = np.full(self.values[name].shape, ZERO, object)
            for reader in self.nodes:
                for position in [at for at, parent in enumerate(reader.parents) if parent == name]:
                    if self.differentiable(reader, position):
                        total = _added(total, self.from_reader(reader, position, total.shape))
            self.arrived[name] = total
        return self.arrived[name]

    def differentiable(self, row: Row, position: int) -> bool:
        """Not by a parameter of an activation; and softmax+cross_entropy is a loss of y alone, z is reached through y."""
        op = row.op.partition("|")[0]
        return self.single or (hasattr(definition(op).reads[position], "indices") and not ("+" in op and position == 1))

    def from_reader(self, reader: Row, position: int, shape: tuple[int, ...]) -> Cells:
        """What arrives at one of the rows that an operation reads."""
        g = self.arriving(reader.name)
        if not self.single:
            return self.filled(reader, g, shape, lambda op: (arriving(op, position), definition(op).reads[position].indices))
        found = self.partial(reader, reader.parents[position])
        found[()] = found[()] * g[()]
        return found

    def partial(self, row: Row, by: str) -> Cells:
        """∂ of one operation of an expression, everything else that it reads held still."""
        return self.filled(row, None, (), lambda op: (local(op, row.parents.index(by), True), ()))

    def filled(self, row: Row, g: Cells | None, shape: tuple[int, ...], formula: Callable[[str], Formula]) -> Cells:
        """An array from the formula of an operation and its free indices."""
        cells = np.empty(shape, object)
        for index in np.ndindex(shape):
            op, parents = unit(row.op, row.parents, index[-1]) if "|" in row.op else (row.op, row.parents)
            tree, letters = formula(op)
            reading = _Reading(self, row, index, _parents(op, self.single, parents), g)
            cells[index] = compiled(tree)(reading, dict.fromkeys(letters, 0) | dict(zip(letters, index, strict=False)))
        return cells


Formula = tuple[Any, tuple[Any, ...]]


def _parents(op: str, single: bool, parents: tuple[str, ...]) -> dict[str, str]:
    """Which row each letter of an operation's definition is."""
    return {str(getattr(read, "base", read)): name for read, name in zip(definition(op, single).reads, parents, strict=False)}


class _Reading(NamedTuple):
    """Where the letters of one cell's formula find their numbers."""

    road: _Road
    row: Row
    at: Index
    parents: Mapping[str, str]
    g: Cells | None

    def cell(self, letter: str, index: Index) -> Exact:
        cells = self.g if letter == "g" else self.road.values[self.row.name if letter == "a" else self.parents[letter]]
        assert cells is not None  # noqa: S101 - only slopes read g
        found: Exact = cells[index[: cells.ndim]]  # with one example, L has no n
        return found

    def number(self, letter: str) -> Exact:
        if letter == "g" and not self.road.single:  # what arrives at the mean
            return self.cell(letter, ())
        found: Exact = self.road.values[self.parents[letter]][()]
        return found

    def size(self, letter: str) -> int:
        return sizes(self.row, self.road.values)[letter]

    def side(self, u: Exact) -> float:
        if self.g is None:
            self.road.kinks[self.row.name, self.at] = None
        return self.road.side(u)


def again(sheet: Worksheet, row: Row, array: Callable[[str], Array]) -> Cells:
    """One row from the numbers that another road has for what it comes from: is this step right, taken by itself?"""
    road = _Road(sheet, as_they_are)
    for node in road.nodes:
        road.values[node.name] = as_exact(array(node.name))
    if row.phase is Phase.UPDATE:
        p = row.parents[0]
        return updated(sheet, p, as_exact(array(f"d{sheet.result}/d{p}")))
    if row.claims is None:
        return road.worked(row)
    of, by = row.claims
    for node in road.nodes:
        if f"d{of}/d{node.name}" in sheet and node.name != by:
            road.arrived[node.name] = as_exact(array(f"d{of}/d{node.name}"))
    road.arrived[sheet.result] = np.full(road.values[sheet.result].shape, ONE, object)
    return road.slope(row.claims)


def given(sheet: Worksheet) -> dict[str, Cells]:
    """The given numbers, as they are meant."""
    found: dict[str, Cells] = {}
    for row in sheet.in_phase(Phase.GIVEN):
        numbers = sheet.given[row.name]
        found[row.name] = np.empty(numbers.shape, object)
        for index, number in np.ndenumerate(numbers):
            found[row.name][index] = exact(float(number))
    return found


def updated(sheet: Worksheet, parameter: str, slopes: Cells) -> Cells:
    """p − η·∂L/∂p, or p where it is frozen."""
    numbers = given(sheet)
    mask = sheet.given.get(f"trainable {parameter}")
    found, rate = numbers[parameter].ravel(), MINUS_ONE * numbers["eta"].item()
    moving = np.ones(found.shape) if mask is None else mask.ravel()
    for place, slope in enumerate(listed(slopes)):
        found[place] = found[place] + rate * slope if moving[place] else found[place]
    return found.reshape(slopes.shape)


def as_exact(numbers: Array) -> Cells:
    """Floats as exact numbers that may be off by their last digit."""
    found = np.empty(numbers.shape, object)
    for index, number in np.ndenumerate(numbers):
        value = MP.mpf(float(number))
        found[index] = Exact(value, abs(value))
    return found


def sizes(row: Row, values: Mapping[str, Cells]) -> dict[str, int]:
    """How many examples N, units J and incoming values K a row has to do with."""
    first = values[row.parents[0]].shape
    if row.op in ("affine", "linear"):
        return {"N": first[0], "K": first[1], "J": len(values[row.parents[1]])}
    return dict(zip("NK", first, strict=False)) | dict(zip("NJ", first, strict=False))


def shape_of(row: Row, values: Mapping[str, Cells]) -> tuple[int, ...]:
    """The shape of a row of the forward pass."""
    if not values[row.parents[0]].shape or row.name == "L":
        return ()
    size = sizes(row, values)
    return (size["N"],) if row.phase is Phase.LOSS else (size["N"], size["J"])


def _added(one: Cells, other: Cells) -> Cells:
    total = np.empty(one.shape, object)
    for index in np.ndindex(one.shape):
        total[index] = one[index] + other[index]
    return total


def as_floats(cells: Cells) -> Array:
    """The nearest floats."""
    return np.array([float(number.value) for number in listed(cells)]).reshape(cells.shape)


def allowed(cells: Cells) -> Array:
    """How far from each number floating point may be."""
    return np.array([float(ALLOWED * UNIT * number.error) for number in listed(cells)]).reshape(cells.shape)


def differ(one: Cells, other: Cells) -> Mask:
    """Where two walks have come to different numbers."""
    pairs = zip(listed(one), listed(other), strict=True)
    return np.array([abs(u.value - v.value) > u.error * SAME for u, v in pairs]).reshape(one.shape)
