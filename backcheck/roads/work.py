"""A complete worksheet → its numbers: row by row, over whole arrays; it names the first quantity that has no value."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from backcheck.cells import PER_EXAMPLE
from backcheck.errors import NoSuchQuantity, Undefined, did_you_mean
from backcheck.roads.backprop import parameters
from backcheck.roads.by_hand import rule
from backcheck.roads.updates import carried, counted_on
from backcheck.worksheet import Array, Phase, Row, Worksheet


class WorkedSheet:
    """A worksheet with its numbers: `done["dL/dw5"]` is a number, `done.array("dL/dW2")` a whole row."""

    def __init__(self, sheet: Worksheet, arrays: Mapping[str, Array] | None = None, on_paper: int | None = None) -> None:
        self.sheet, self.on_paper = sheet, on_paper
        self._arrays = dict(sheet.given if arrays is None else arrays)
        self.undefined: dict[str, Undefined] = {}  # rows that were tried and have no value

    def array(self, name: str) -> Array:
        """All numbers of a row; rows that nothing else reads, like ∂L/∂x, are worked out when asked for."""
        if name not in self._arrays:
            if name in self.undefined:
                raise self.undefined[name]
            if name not in self.sheet:
                hint = did_you_mean(name, list(self.sheet.by_name)) or "rows: " + ", ".join(self.sheet.by_name)
                raise NoSuchQuantity(f"there is no row {name!r}; {hint}")
            with np.errstate(all="ignore"):  # what overflows is found, and told, below
                self._arrays[name] = self.worked(self.sheet[name])
        return self._arrays[name]

    def fill(self, name: str, numbers: Array) -> None:
        """Writes the numbers of a row that was worked elsewhere."""
        self._arrays[name] = numbers

    def __getitem__(self, name: str) -> float:
        """One number by any of its names."""
        row, index = self.locate(name)
        return float(self.array(row)[index])

    def __contains__(self, name: object) -> bool:
        """Whether one number has this name."""
        try:
            return isinstance(name, str) and bool(self.locate(name))
        except (NoSuchQuantity, Undefined):
            return False

    def locate(self, name: str) -> tuple[str, tuple[int, ...]]:
        """The row and the index behind a name."""
        place = next((p for p in self.sheet.names.meanings(name) if p[0] in self.sheet), None)
        if place:
            row, index = place
            shape = self.array(row).shape
            if len(index) == len(shape) and all(0 <= i < size for i, size in zip(index, shape, strict=True)):
                return row, index
            first = self.sheet.names.cell(row, (0,) * len(shape))
            if shape and not index:
                raise NoSuchQuantity(f"{name!r} is a whole array: name one number of it, like {first}")
            last = self.sheet.names.cell(row, tuple(size - 1 for size in shape))
            raise NoSuchQuantity(f"there is no quantity {name!r}; {row} runs from {first} to {last}")
        hint = did_you_mean(name, self.known_names()) or f"names here are {', '.join(self.known_names()[:6])}, …"
        raise NoSuchQuantity(f"there is no quantity {name!r}; {hint}")

    def known_names(self) -> list[str]:
        """Names worth suggesting: every cell of the rows that are not too long to list."""
        rows = [row for row in self.sheet.rows if row.op not in HIDDEN and row.name in self._arrays]
        return [*self.sheet.names.further] + [
            self.sheet.names.cell(row.name, index)
            for row in rows
            if self.array(row.name).size <= 100
            for index in np.ndindex(self.array(row.name).shape)
        ]

    @property
    def loss(self) -> float:
        """L, or the value of an expression."""
        return self[self.sheet.result]

    def updated(self) -> Worksheet:
        """The same problem after the step, ready for the next one."""
        moved = {p: self.array(f"{p}'") for p in parameters(self.sheet) if f"{p}'" in self.sheet}
        moved |= {before: self.array(after) for before, after in carried(self.sheet).items()}
        names = self.sheet.names
        written = {place: text for place, text in names.written.items() if place[0] not in moved}
        return counted_on(self.sheet).with_given(moved, names.with_written(written))

    def worked(self, row: Row, checked_later: bool = False) -> Array:
        """The numbers of a row from those of its parents; raises Undefined if one of them is no number."""
        value = rule(row)(*[self.array(parent) for parent in row.parents])
        if row.phase is Phase.LOSS:  # a formula keeps the axis it has summed over
            value = value.sum() if row.name == "L" else value.reshape(-1)
        value = np.asarray(value)
        if not (checked_later or _finite(value)):
            raise Undefined(_why(self, row, value))
        return value


def _finite(value: Array) -> bool:
    """Whether every number is one; the sum of squares says so at a fraction of the price, unless it overflows itself."""
    return math.isfinite(np.vdot(value, value)) or bool(np.isfinite(value).all())


HIDDEN = ("numeral", "mask", "places")  # given rows that are no quantities of the problem


def work(sheet: Worksheet) -> WorkedSheet:
    """Every row that matters for the loss, the slopes of the parameters and the update."""
    done = WorkedSheet(sheet)
    aside = {row.name for row in idle(sheet)}
    # A slope that is no number makes the new parameter none either: for large weights, one look at the two is enough.
    later = {row.parents[2] for row in sheet.in_phase(Phase.UPDATE) if row.op == "sgd" and sheet.given["eta"]}
    with np.errstate(all="ignore"):
        for row in sheet.rows:
            if row.name in aside or row.name in sheet.given:
                continue
            try:
                done.fill(row.name, done.worked(row, row.name in later))
            except Undefined as error:
                if sheet.names.output or row.phase is not Phase.BACKWARD:
                    raise
                done.undefined[row.name] = error  # one partial of an expression without a value leaves the others theirs
    return done


def idle(sheet: Worksheet) -> list[Row]:
    """Slopes that no other row reads and that belong to no parameter: ∂L/∂x, and ∂L/∂y where the loss is worked from z."""
    read = {parent for row in sheet.rows for parent in row.parents}
    slopes = [row for row in sheet.in_phase(Phase.BACKWARD) if row.claims and sheet.names.output]
    return [row for row in slopes if row.name not in read and row.claims and PER_EXAMPLE.fullmatch(row.claims[1])]


def _why(done: WorkedSheet, row: Row, value: Array) -> str:
    """The sentence for the first cell of a row that came out as no number."""
    from backcheck.lines import Parents, formula
    from backcheck.why import undefined

    for parent in row.parents:
        if not _finite(done.array(parent)):
            return _why(done, done.sheet[parent], done.array(parent))
    index = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
    if row.phase is Phase.GIVEN:
        return f"{done.sheet.names.cell(row.name, index)} was given as {float(value[index])}, which is no finite number"
    tree, inputs = formula(Parents(done, row), index, float(value[index]))
    return undefined(done.sheet.names.cell(row.name, index), tree, inputs)


LOGARITHMS = {"cross_entropy": math.inf, "binary_cross_entropy": 1.0}  # losses that need outputs above 0 and below this


def outputs_outside(blank: Worksheet) -> str:
    """What is wrong with the outputs for a loss that takes their logarithm, if anything is."""
    loss = next((row for row in blank.rows if row.phase is Phase.LOSS and row.op in LOGARITHMS), None)
    if loss is None:
        return ""
    y, top = loss.parents[1], LOGARITHMS[loss.op]
    array = WorkedSheet(blank).array(y)
    outside = np.argwhere((array <= 0) | (array >= top))
    if not len(outside):
        return ""
    name = blank.names.cell(y, tuple(map(int, outside[0])))
    between = "above 0" if top == math.inf else "between 0 and 1"
    return f"{loss.op} needs outputs {between}, but {name} = {array[tuple(outside[0])]:.6g}"
