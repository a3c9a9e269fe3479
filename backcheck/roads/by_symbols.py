"""The road of symbols: the blank sheet and SymPy's slopes of its operations → every derivative, to many digits.

It reads given, forward and loss rows only, and cannot even spell the operation of a backward row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple

import numpy as np

from backcheck.catalogue import unit
from backcheck.roads.definitions import definition
from backcheck.roads.derived import arriving, free, local
from backcheck.roads.exact import ALLOWED, MP, ONE, UNIT, ZERO, Exact, compiled, exact
from backcheck.worksheet import Phase, Row, Worksheet

Cells = np.ndarray[tuple[Any, ...], np.dtype[np.object_]]
Claim = tuple[str, str]
DIGITS = 30  # that every number has, unless it is 0
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
    """What the road has found: forward values, and what it says to each claim."""

    values: Mapping[str, Cells]
    slopes: Mapping[Claim, Cells]
    kinks: list[str]  # the rows in which a number lies at a kink


def by_symbols(sheet: Worksheet, claims: list[Claim], side: Side = as_they_are) -> Symbols:
    """Every forward value and every claimed derivative, to 30 digits."""
    for precision in PRECISIONS:
        with MP.workdps(precision):
            found = _Road(sheet, side).walk(claims)
            if all(
                number.digits() >= DIGITS for cells in (*found.values.values(), *found.slopes.values()) for number in cells.flat
            ):
                break
    return found


class _Road:
    """One walk along the sheet: forward, then back."""

    def __init__(self, sheet: Worksheet, side: Side) -> None:
        self.sheet, self.side = sheet, side
        self.nodes = sheet.in_phase(Phase.FORWARD, Phase.LOSS)
        self.kinks: list[str] = []

    def walk(self, claims: list[Claim]) -> Symbols:
        values = given(self.sheet)
        for row in self.nodes:
            values[row.name] = self.worked(row, values)
        whole = {by for of, by in claims if of == self.sheet.result}
        arrived = self.back(values, whole)
        slopes = {claim: arrived[claim[1]] if claim[0] == self.sheet.result else self.partial(claim, values) for claim in claims}
        computed = {row.name: values[row.name] for row in self.nodes}
        return Symbols(computed, slopes, list(dict.fromkeys(self.kinks)))

    def worked(self, row: Row, values: Mapping[str, Cells]) -> Cells:
        """A row of the forward pass, by the definition of its operation."""
        return self.filled(
            row, values, None, shape_of(row, values), lambda op: (definition(op, self.single).value, free(op, self.single))
        )

    def back(self, values: Mapping[str, Cells], wanted: set[str]) -> dict[str, Cells]:
        """What arrives at every row, from the result on; tied parameters share the sum over their places."""
        arrived: dict[str, Cells] = {self.sheet.result: np.full(values[self.sheet.result].shape, ONE, object)}
        for row in reversed(self.nodes):
            for name in dict.fromkeys(row.parents):
                if row.name in arrived and (name in wanted or self.sheet[name].phase is not Phase.GIVEN):
                    part = self.arriving(row, name, values, arrived[row.name])
                    arrived[name] = _added(arrived[name], part) if name in arrived else part
        for name in wanted - arrived.keys():
            arrived[name] = np.full(values[name].shape, ZERO, object)
        return self.tied(arrived)

    @property
    def single(self) -> bool:
        return not self.sheet.names.output

    def arriving(self, row: Row, name: str, values: Mapping[str, Cells], g: Cells) -> Cells:
        """What arrives at one parent of a row from all its cells."""
        total = np.full(values[name].shape, ZERO, object)
        for position in [at for at, parent in enumerate(row.parents) if parent == name and self.differentiable(row, at)]:
            if self.single:
                part = self.filled(row, values, g, (), lambda op, at=position: (local(op, at, True), ()))
                part[()] = part[()] * g[()]
            else:
                part = self.filled(
                    row, values, g, total.shape, lambda op, at=position: (arriving(op, at), definition(op).reads[at].indices)
                )
            total = _added(total, part)
        return total

    def differentiable(self, row: Row, position: int) -> bool:
        """A letter with cells; softmax+cross_entropy is a function of y alone, and z is reached through y."""
        op = row.op.partition("|")[0]
        return self.single or hasattr(definition(op).reads[position], "indices")

    def partial(self, claim: Claim, values: Mapping[str, Cells]) -> Cells:
        """∂ of one operation of an expression, everything else that it reads held still."""
        row = self.sheet[claim[0]]
        return self.filled(row, values, None, (), lambda op: (local(op, row.parents.index(claim[1]), True), ()))

    def filled(
        self,
        row: Row,
        values: Mapping[str, Cells],
        g: Cells | None,
        shape: tuple[int, ...],
        formula: Callable[[str], tuple[Any, tuple[Any, ...]]],
    ) -> Cells:
        """An array from the formula of an operation and its free indices."""
        cells = np.empty(shape, object)
        for index in np.ndindex(shape):
            op, parents = unit(row.op, row.parents, index[-1]) if "|" in row.op else (row.op, row.parents)
            tree, letters = formula(op)
            reading = _Reading(self, row, op, parents, values, g)
            cells[index] = compiled(tree)(reading, dict.fromkeys(letters, 0) | dict(zip(letters, index, strict=False)))
        return cells

    def tied(self, arrived: dict[str, Cells]) -> dict[str, Cells]:
        """One number in several places: its slope is the sum over all of them."""
        groups: dict[int, list[tuple[str, tuple[int, ...]]]] = {}
        for name in [row.name.removeprefix("places ") for row in self.sheet.rows if row.op == "places"]:
            for index, group in np.ndenumerate(self.sheet.given[f"places {name}"]):
                if group and name in arrived:
                    groups.setdefault(int(group), []).append((name, index))
        for places in groups.values():
            total = ZERO
            for name, index in places:
                total = total + arrived[name][index]
            for name, index in places:
                arrived[name][index] = total
        return arrived


class _Reading:
    """Where the letters of one row's formula find their numbers."""

    def __init__(
        self, road: _Road, row: Row, op: str, parents: tuple[str, ...], values: Mapping[str, Cells], g: Cells | None
    ) -> None:
        self.road, self.row, self.values, self.g = road, row, values, g
        reads = definition(op, road.single).reads
        self.parent = {str(getattr(read, "base", read)): name for read, name in zip(reads, parents, strict=False)}

    def cell(self, letter: str, index: tuple[int, ...]) -> Exact:
        cells = self.g if letter == "g" else self.values[self.row.name if letter == "a" else self.parent[letter]]
        found: Exact = cells[index[: cells.ndim]]  # type: ignore[union-attr,index]  # with one example, L has no n
        return found

    def number(self, letter: str) -> Exact:
        if letter == "g" and not self.road.single:  # what arrives at the mean
            return self.cell(letter, ())
        found: Exact = self.values[self.parent[letter]][()]
        return found

    def size(self, letter: str) -> int:
        return sizes(self.row, self.values)[letter]

    def side(self, u: Exact) -> float:
        self.road.kinks.append(self.row.name)
        return self.road.side(u)


def given(sheet: Worksheet) -> dict[str, Cells]:
    """The given numbers, as they are meant."""
    found: dict[str, Cells] = {}
    for row in sheet.in_phase(Phase.GIVEN):
        numbers = sheet.given[row.name]
        found[row.name] = np.empty(numbers.shape, object)
        for index, number in np.ndenumerate(numbers):
            found[row.name][index] = exact(float(number))
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


def agrees(number: float, other: Exact) -> bool:
    """Whether a float is what the exact number is to floating point."""
    return bool(abs(MP.mpf(number) - other.value) <= ALLOWED * UNIT * other.error)
