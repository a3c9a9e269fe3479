"""The numbers of one submission as its student has them: as text, as they are written, and as spans; it judges nothing."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from backcheck.formula import evaluate
from backcheck.grading.extent import Lines
from backcheck.grading.group import Group
from backcheck.grading.handed import Sheet
from backcheck.grading.judged_working import Own
from backcheck.grading.span import Span
from backcheck.grading.spans_of import SPANS
from backcheck.spelling import SCREEN, Figures
from backcheck.worksheet import Phase

MOST_GIVEN = 2000  # given numbers that a line of working may read


class OwnNumbers:
    """What each quantity is to one student."""

    def __init__(self, sheet: Sheet, group: Group, r: int) -> None:
        self.sheet, self.r = sheet, r
        self.marked, self.steps, self.names = group.marked, group.steps, group.names

    def text(self, cell: str) -> str:
        """A number as the student has it, or as it was given."""
        if cell in self.sheet.numbers:
            return SCREEN.number(str(self.sheet.numbers[cell].number).removeprefix("+"))
        if self.steps.given(cell):
            place = self.steps.place(cell)
            return SCREEN.number(self.steps.sheet.names.written.get(place) or Figures()(self.steps.true(cell)))
        return SCREEN.name(cell)

    def worked(self, lines: Lines) -> float | None:
        """Some lines with exactly the numbers that are written; None where that has no value."""
        known = {read: self.number(read) for read in lines.reads}
        try:
            with np.errstate(all="ignore"):
                for step, tree in lines.steps:
                    value = known[step] = float(evaluate(tree, known.__getitem__, SPANS, zero_wins=True))
        except (ArithmeticError, ValueError):
            return None
        return value if math.isfinite(value) else None

    def number(self, cell: str) -> float:
        """As it is written; the true one where nothing is."""
        i = self.marked.column.get(cell)
        return self.steps.true(cell) if i is None else float(self.marked.value[self.r, i])

    @cached_property
    def working(self) -> Own:
        """What names and numerals mean in this student's working."""
        spans: dict[float, Span] = {}
        several: set[float] = set()

        def note(lo: float, hi: float, value: float) -> None:
            before = spans.get(abs(value))
            if before:
                several.add(abs(value))
            lo, hi = sorted((lo, hi)) if value >= 0 else sorted((-hi, -lo))
            spans[abs(value)] = Span(min(lo, before.lo), max(hi, before.hi)) if before else Span(lo, hi)

        for row in self.steps.sheet.in_phase(Phase.GIVEN):
            array = self.steps.done.array(row.name)
            if array.size <= MOST_GIVEN:
                for value in array.ravel().tolist():
                    note(value, value, value)
        for cell, i in self.marked.column.items():
            if not self.steps.given(cell):
                note(float(self.marked.lo[self.r, i]), float(self.marked.hi[self.r, i]), float(self.marked.value[self.r, i]))
        return Own(self._span_of_name, spans, several)

    def _span_of_name(self, name: str) -> Span | float:
        cell = self.names.cell(name)
        if cell is None or cell.startswith("-"):
            raise KeyError(name)
        for one in (cell, self.names.old(cell)):
            if (i := self.marked.column.get(one)) is not None and not self.names.updated_unasked(name, one):
                return Span(float(self.marked.lo[self.r, i]), float(self.marked.hi[self.r, i]))
        cell = self.names.old(cell)
        if self.steps.given(cell):
            return self.steps.true(cell)
        raise KeyError(name)
