"""Each number of a worksheet as one step on paper, from the nearest numbers that somebody has stated; it judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from backcheck.catalogue import unit
from backcheck.cells import Place
from backcheck.formula import Cell, Formula, add, cells
from backcheck.grading.extent import Lines
from backcheck.lines import Parents, formula, written_out
from backcheck.roads.work import WorkedSheet
from backcheck.worksheet import Phase, Row

REMEMBERED = 20_000  # steps; strangers may state any selection of cells
MOST_READ = 2000  # quantities between a number and the stated ones before it
AS_WRITTEN = "="  # before the name of a quantity whose written number is taken as it stands
DEEPEST = 150  # steps after each other that are not on the sheet


class TooFar(Exception):
    """Too many steps lie between a number and those it could be judged from, or it would come from itself."""


class Steps:
    """The formulas of a worked sheet, cell by cell, made when they are first asked for."""

    def __init__(self, done: WorkedSheet) -> None:
        self.done, self.sheet = done, done.sheet
        self._room = MOST_READ
        self._trees: dict[str, Formula] = {}
        self._places: dict[str, Place] = {}
        self._lines: dict[tuple[str, frozenset[str]], Lines] = {}

    @cached_property
    def order(self) -> dict[str, int]:
        """Row → where it stands."""
        return {row.name: at for at, row in enumerate(self.sheet.rows)}

    def place(self, name: str) -> Place:
        """Row and index of a cell."""
        if name not in self._places:
            self._places[name] = self.done.locate(name)
        return self._places[name]

    def row(self, name: str) -> Row:
        return self.sheet[self.place(name)[0]]

    def unit_row(self, name: str) -> Row:
        """The row of a cell; of a mixed one, that of the cell's own unit."""
        row, (_, index) = self.row(name), self.place(name)
        if "|" not in row.op:
            return row
        op, parents = unit(row.op, row.parents, index[-1])
        return row._replace(op=op, parents=parents)

    def given(self, name: str) -> bool:
        """Whether the file gives it."""
        return self.row(name).phase is Phase.GIVEN

    def true(self, name: str) -> float:
        """The number itself; raises Undefined where there is none."""
        row, index = self.place(name)
        return float(self.done.array(row)[index])

    def tree(self, name: str, row: Row | None = None) -> Formula:
        """How the cell is written; with `row`, how it would be by that row's operation."""
        if row is not None:
            return self._written(row, self.place(name))
        if name not in self._trees:
            self._trees[name] = self._written(self.row(name), self.place(name))
        return self._trees[name]

    def _written(self, row: Row, place: Place) -> Formula:
        return formula(Parents(self.done, row), place[1], float(self.done.array(place[0])[place[1]]))[0]

    def tree_of(self, name: str, form: Formula, row: Row | None = None) -> Formula:
        """How the cell is written in another form of its operation, in letters."""
        return written_out(form, Parents(self.done, row or self.row(name)), self.place(name)[1])

    def position(self, name: str) -> tuple[int, tuple[int, ...]]:
        """Where the cell stands on the sheet, to sort by."""
        row, index = self.place(name)
        return self.order[row], index

    def lines(self, name: str, stated: frozenset[str]) -> Lines:
        """The step of a cell, with those before it that are not stated, as far as they come from stated numbers."""
        key = name, stated
        if key not in self._lines:
            if len(self._lines) > REMEMBERED:
                self._lines.clear()
            self._lines[key] = self.lines_with(name, stated, {})
        return self._lines[key]

    def rounded_lines(self, name: str, tree: Formula, stated: frozenset[str]) -> Lines:
        """The step with every one before it that is not stated, back to what was given, and what rounding adds to each: `±name`."""
        found: dict[str, Formula] = {}
        self._room = MOST_READ
        self._behind(tree, stated, found)
        rounded = {step: add(before, Cell(f"±{step}")) for step, before in found.items() if not self.is_of_squares(step)}
        return Lines((*(found | rounded).items(), (name, tree)))

    def is_of_squares(self, name: str) -> bool:
        """Whether it is the v of an optimiser: nobody keeps that to the decimals of the sheet, at which it is nothing."""
        return self.row(name).name.startswith(("v ", "vhat "))

    def _behind(self, tree: Formula, stated: frozenset[str], found: dict[str, Formula], depth: int = 0) -> None:
        if depth > DEEPEST:
            raise TooFar
        for read in self._reads(tree):
            if read not in found and read not in stated and read[0] != AS_WRITTEN and not self.given(read):
                self._behind(self.tree(read), stated, found, depth + 1)
                found[read] = self.tree(read)

    def _reads(self, tree: Formula) -> list[str]:
        """What a formula reads, each quantity once; raises TooFar where it has become too much."""
        found = list(dict.fromkeys(cells(tree)))
        self._room -= len(found)
        if self._room < 0:
            raise TooFar
        return found

    def lines_with(self, name: str, stated: frozenset[str], instead: Mapping[str, Formula]) -> Lines:
        """The same with other formulas in the place of some cells' own."""
        tree = instead.get(name) or self.tree(name)
        lines: dict[str, Formula] = {}
        seen: dict[str, bool | None] = {}
        self._room = MOST_READ
        for read in self._reads(tree):
            self._hidden(read, stated, lines, seen, instead)
        return Lines((*lines.items(), (name, tree)))

    def _hidden(
        self,
        name: str,
        stated: frozenset[str],
        found: dict[str, Formula],
        seen: dict[str, bool | None],
        instead: Mapping[str, Formula],
        depth: int = 0,
    ) -> bool:
        """Notes the lines of a cell that is not stated; False where no stated number goes into it, so that it is what it is."""
        if name in found or name in stated:
            return True
        if name[0] == AS_WRITTEN:
            return name[1:] in stated
        if self.given(name):
            return False
        if name in seen:
            if seen[name] is None:
                raise TooFar(name)
            return False
        if depth > DEEPEST:
            raise TooFar(name)
        seen[name] = None  # until it is known; who comes here again meanwhile comes from itself
        tree = instead.get(name) or self.tree(name)
        moved = [self._hidden(read, stated, found, seen, instead, depth + 1) for read in self._reads(tree)]
        seen[name] = any(moved) or name in instead
        if seen[name]:
            found[name] = tree
        return bool(seen[name])

    def judged(self, names: Iterable[str]) -> list[str]:
        """The cells in the order of the sheet."""
        return sorted(names, key=self.position)
