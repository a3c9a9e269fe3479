"""A cell of a worked sheet → its line on paper: formula, the numbers it reads, the result; it writes no text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from numpy import ndindex

from backcheck.arithmetic import parse
from backcheck.catalogue import letters, unit
from backcheck.cells import Index
from backcheck.formula import Call, Cell, Formula, Number, add, evaluate, rebuild
from backcheck.functions import FLOATS
from backcheck.paper import MASKED, STRUCTURE, UPDATES, forms
from backcheck.worksheet import Array, Phase, Row, Worksheet

# Two forms of one formula that differ by more than this, relative to the number, differ because floating point lost digits.
LOST_DIGITS = 1e-10


class Worked(Protocol):
    """A worksheet with its numbers."""

    @property
    def sheet(self) -> Worksheet: ...
    @property
    def on_paper(self) -> int | None: ...
    def array(self, name: str) -> Array: ...


class Line(NamedTuple):
    """name = formula = numbers put in = value."""

    name: str
    row: str
    phase: Phase
    value: float
    formula: Formula | None = None  # None for what was given
    inputs: Mapping[str, float] = {}  # every cell the formula reads, with its number


def line(worked: Worked, row: Row, index: Index) -> Line:
    """The line of one cell."""
    name = worked.sheet.names.cell(row.name, index)
    value = float(worked.array(row.name)[index])
    if row.phase is Phase.GIVEN:
        return Line(name, row.name, row.phase, value)
    tree, inputs = formula(Parents(worked, row), index, value)
    return Line(name, row.name, row.phase, value, tree, inputs)


class Parents:
    """Reads the parents of one row as cells of a formula, and keeps the number of each."""

    def __init__(self, worked: Worked, row: Row) -> None:
        self.worked, self.row = worked, row
        self.inputs: dict[str, float] = {}

    def __call__(self, parent: int, *index: int) -> Formula:
        name = self.row.parents[parent]
        if self.worked.sheet[name].op == "numeral":
            return parse(name)
        cell = self.worked.sheet.names.cell(name, index)
        self.inputs[cell] = self.number(parent, *index)
        return Cell(cell)

    def array(self, parent: int) -> Array:
        return self.worked.array(self.row.parents[parent])

    def number(self, parent: int, *index: int) -> float:
        return float(self.array(parent)[index])

    def rows(self, parent: int) -> int:
        return len(self.array(parent))

    def columns(self, parent: int) -> int:
        return int(self.array(parent).shape[-1])

    def places(self, place: Index) -> Iterator[tuple[int, Index]]:
        """Where the parts of a tied parameter stand: the row's parents are its own parts and places, then those of every row."""
        group = self.array(1)[place]
        for parent in range(2, len(self.row.parents), 2) if group else ():
            found = (self.array(parent + 1) == group).nonzero()
            yield from ((parent, tuple(map(int, same))) for same in zip(*found, strict=True))

    def counted(self) -> Iterator[tuple[int, Index]]:
        """The numbers of all parents that count; each parent is followed by a mask, or a 1 if all of it does."""
        for parent in range(0, len(self.row.parents), 2):
            mask = self.array(parent + 1)
            places = ndindex(self.array(parent).shape)
            yield from ((parent, place) for place in places if not mask.shape or mask[place])


def formula(parents: Parents, index: Index, value: float) -> tuple[Formula, dict[str, float]]:
    """How the row's operation is written for the cell at an index, and the numbers it reads."""
    row, worked = parents.row, parents.worked
    if row.op == "tied" and not parents.number(1, *index):  # a parameter of its own has no places to sum
        return formula(Parents(worked, worked.sheet[row.parents[0]]), index, value)
    if found := STRUCTURE.get(row.op) or UPDATES.get(row.op):
        return found(parents, *index), parents.inputs
    if row.op.endswith(MASKED):
        unmasked = row._replace(op=row.op.removesuffix(MASKED), parents=row.parents[:-1])
        if parents.number(-1, *index):
            return formula(Parents(worked, unmasked), index, value)
        return parents(0, *index), parents.inputs
    if "|" in row.op:
        op, own = unit(row.op, row.parents, index[-1])
        return formula(Parents(worked, row._replace(op=op, parents=own)), index, value)
    written = forms(row.op)
    for form in written:
        parents.inputs.clear()
        tree = written_out(form, parents, index)
        if worked.on_paper is not None or len(written) == 1 or _gives(tree, parents.inputs, value):
            break
    return tree, parents.inputs


def written_out(form: Formula, parents: Parents, index: Index) -> Formula:
    """The form with cells for letters, and every sum over the outputs written out."""
    parent_of = {letter: parent for parent, letter in enumerate(letters(parents.row.op))}
    shapes = {letter: parents.array(parent).shape for letter, parent in parent_of.items()}
    outputs = max((shape[1] for shape in shapes.values() if len(shape) == 2), default=1)
    n = index[0] if index else 0

    def out(node: Formula, j: int, home: int) -> Formula:
        match node:
            case Cell("K") if "K" not in parent_of:
                return Number(str(outputs))
            case Cell(letter):
                return parents(parent_of[letter], *(n, j)[: len(shapes[letter])])
            case Call("here", (body,)):
                return out(body, home, home)
            case Call("sum", (body,)):
                return add(*(out(body, k, j) for k in range(outputs)))
            case Call("mean", (body,)):
                return add(*(out(body, k, j) for k in range(outputs))) / Number(str(outputs))
            case Call("sum_others", (body,)):
                return add(*(out(body, k, j) for k in range(outputs) if k != j))
            case Call("lse", (body,)):
                return Call("lse", tuple(out(body, k, j) for k in range(outputs)))
            case Call("lse_others", (body,)):
                others = tuple(out(body, k, j) for k in range(outputs) if k != j)
                return others[0] if len(others) == 1 else Call("lse", others)
        return rebuild(node, lambda part: out(part, j, home))

    return out(form, index[-1] if index else 0, index[-1] if index else 0)


def _gives(tree: Formula, inputs: dict[str, float], value: float) -> bool:
    """Whether the formula, worked in floating point, gives the number."""
    try:
        return math.isclose(evaluate(tree, inputs.__getitem__, FLOATS), value, rel_tol=LOST_DIGITS)
    except (ValueError, ZeroDivisionError, OverflowError):
        return False


def lines(worked: Worked, row: Row) -> Iterator[Line]:
    """The lines of all cells of a row, in order."""
    return (line(worked, row, tuple(map(int, index))) for index in ndindex(worked.array(row.name).shape))
