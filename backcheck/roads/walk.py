"""One walk along the blank sheet in any arithmetic: forward by definitions, back by SymPy's slopes; it knows no backward row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from typing import Any, NamedTuple

import numpy as np

from backcheck.catalogue import unit
from backcheck.cells import Index, Place
from backcheck.roads.compiled import Arithmetic, compiled
from backcheck.roads.definitions import definition
from backcheck.roads.derived import arriving, free, local
from backcheck.roads.given import Cells
from backcheck.worksheet import Phase, Row, Worksheet

Claim = tuple[str, str]
Side = Callable[[Any], Any]  # what share the side above a kink has


class Road:
    """One walk along the sheet: forward, then back."""

    def __init__(self, sheet: Worksheet, numbers: Arithmetic, side: Side) -> None:
        self.sheet, self.numbers, self.side = sheet, numbers, side
        self.nodes = sheet.in_phase(Phase.FORWARD, Phase.LOSS)
        self.single = not sheet.names.output
        self.values = given(sheet, numbers)
        self.arrived: dict[str, Cells] = {}
        self.kinks: dict[Place, None] = {}

    def walk(self, claims: Mapping[str, Claim], updates: bool = True) -> dict[str, Cells]:
        """The cells of every row of the forward pass, of every claim (by the name of its row) and update."""
        for row in self.nodes:
            self.values[row.name] = self.worked(row)
        self.arrived[self.sheet.result] = np.full(self.values[self.sheet.result].shape, self.numbers.one, object)
        for row in reversed(self.nodes):
            self.arriving(row.name)
        cells = {row.name: self.values[row.name] for row in self.nodes}
        cells |= {name: self.slope(claim) for name, claim in claims.items()}
        if "eta" in self.sheet and updates:
            given = [(by, name) for name, (of, by) in claims.items() if of == self.sheet.result and by in self.sheet.given]
            cells |= {
                f"{by}'": updated(self.sheet, by, cells[name], self.numbers) for by, name in given if by != "x" or self.single
            }
        return cells

    def worked(self, row: Row) -> Cells:
        """A row of the forward pass, by the definition of its operation."""
        if self.numbers.sums and row.op in ("affine", "linear"):
            x, W, *b = (self.values[name] for name in row.parents)
            z: Cells = self.numbers.sums(x, W.T) + (b[0] if b else self.numbers.zero)
            return z
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

    def tied(self, group: float) -> Any:
        """One number in several places: its slope is the sum over all of them."""
        total = self.numbers.zero
        for name in [row.name.removeprefix("places ") for row in self.sheet.rows if row.op == "places"]:
            for index in zip(*(self.sheet.given[f"places {name}"] == group).nonzero(), strict=True):
                total = total + self.arriving(name)[index]
        return total

    def arriving(self, name: str) -> Cells:
        """What arrives at the cells of a row from all rows that read it."""
        if name not in self.arrived:
            shape = self.values[name].shape
            parts = [
                self.from_reader(reader, position, shape)
                for reader in self.nodes
                for position, parent in enumerate(reader.parents)
                if parent == name and self.differentiable(reader, position)
            ]
            self.arrived[name] = reduce(_added, parts) if parts else np.full(shape, self.numbers.zero, object)
        return self.arrived[name]

    def differentiable(self, row: Row, position: int) -> bool:
        """Not by a parameter of an activation; and softmax+cross_entropy is a loss of y alone, z is reached through y."""
        op = row.op.partition("|")[0]
        return self.single or (
            hasattr(definition(op).reads[position], "indices") and not ("+" in op and ":" not in op and position == 1)
        )

    def from_reader(self, reader: Row, position: int, shape: tuple[int, ...]) -> Cells:
        """What arrives at one of the rows that an operation reads."""
        g = self.arriving(reader.name)
        if self.numbers.sums and reader.op in ("affine", "linear") and position < 2:
            x, W = (self.values[name] for name in reader.parents[:2])
            found: Cells = self.numbers.sums(g, W) if position == 0 else self.numbers.sums(g.T, x)
            return found
        if not self.single:
            return self.filled(reader, g, shape, lambda op: (arriving(op, position), definition(op).reads[position].indices))
        part = self.partial(reader, reader.parents[position])
        part[()] = part[()] * g[()]
        return part

    def partial(self, row: Row, by: str) -> Cells:
        """∂ of one operation of an expression, everything else that it reads held still."""
        return self.filled(row, None, (), lambda op: (local(op, row.parents.index(by), True), ()))

    def filled(self, row: Row, g: Cells | None, shape: tuple[int, ...], formula: Callable[[str], Formula]) -> Cells:
        """An array from the formula of an operation and its free indices."""
        cells = np.empty(shape, object)
        size, known = sizes(row, self.values), dict[Any, Any]()
        for index in np.ndindex(shape):
            op, parents = unit(row.op, row.parents, index[-1]) if "|" in row.op else (row.op, row.parents)
            tree, letters = formula(op)
            reading = _Reading(self, row, index, _parents(op, self.single, parents), g, size, known)
            cells[index] = compiled(tree, self.numbers)(
                reading, dict.fromkeys(letters, 0) | dict(zip(letters, index, strict=False))
            )
        return cells


Formula = tuple[Any, tuple[Any, ...]]


@lru_cache(maxsize=512)
def _parents(op: str, single: bool, parents: tuple[str, ...]) -> dict[str, str]:
    """Which row each letter of an operation's definition is."""
    return {str(getattr(read, "base", read)): name for read, name in zip(definition(op, single).reads, parents, strict=False)}


class _Reading(NamedTuple):
    """Where the letters of one cell's formula find their numbers."""

    road: Road
    row: Row
    at: Index
    parents: Mapping[str, str]
    g: Cells | None
    sizes: Mapping[str, int]
    known: dict[Any, Any]

    def cell(self, letter: str, index: Index) -> Any:
        cells = self.g if letter == "g" else self.road.values[self.row.name if letter == "a" else self.parents[letter]]
        assert cells is not None  # noqa: S101 - only slopes read g
        found: Any = cells[index[: cells.ndim]]  # with one example, L has no n
        return found

    def number(self, letter: str) -> Any:
        if letter == "g" and not self.road.single:  # what arrives at the mean
            return self.cell(letter, ())
        found: Any = self.road.values[self.parents[letter]][()]
        return found

    def size(self, letter: str) -> int:
        return self.sizes[letter]

    def side(self, u: Any) -> Any:
        if self.g is None:
            self.road.kinks[self.row.name, self.at] = None
        return self.road.side(u)


def given(sheet: Worksheet, numbers: Arithmetic) -> dict[str, Cells]:
    """The given numbers, as they are meant."""
    return {row.name: numbers.given(sheet.given[row.name]) for row in sheet.in_phase(Phase.GIVEN)}


def updated(sheet: Worksheet, parameter: str, slopes: Cells, numbers: Arithmetic) -> Cells:
    """p − η·∂L/∂p, or p where it is frozen."""
    mask = sheet.given.get(f"trainable {parameter}")
    found, rate = numbers.given(sheet.given[parameter]).ravel(), numbers.minus_one * numbers.given(sheet.given["eta"]).item()
    moving = np.ones(found.shape) if mask is None else mask.ravel()
    for place, slope in enumerate(slopes.ravel().tolist()):
        found[place] = found[place] + rate * slope if moving[place] else found[place]
    return np.asarray(found.reshape(slopes.shape), object)


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
    total = np.empty(one.shape, object)  # the sum of two single numbers is no array
    total[...] = one + other
    return total
