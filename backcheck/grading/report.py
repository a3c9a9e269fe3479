"""One submission of a group → its result: scores at once, and marks when somebody looks at them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from backcheck.answers.submission import Submission
from backcheck.grading.group import MOST_MISSING, Group
from backcheck.grading.handed import Entry, Names, Sheet
from backcheck.grading.marks import Marks
from backcheck.grading.result import CellMark, Result

if TYPE_CHECKING:
    from backcheck.answers.tables import Table


class Line(NamedTuple):
    """A row of a table of plain numbers."""

    table: Table
    row: int

    @property
    def file(self) -> str:
        return self.table.file

    @property
    def student(self) -> str | None:
        return self.table.students[self.row]

    def submission(self) -> Submission:
        """The row by itself."""
        return self.table.submission(self.row)


class Graded(Result):
    """The result of one submission of a group; its marks are written when somebody looks at them."""

    def __init__(self, handed_in: Sheet | Submission | Line, group: Group, r: int, passed: bool | None) -> None:
        self.file, self.student, self.fault, self.source = handed_in.file, handed_in.student, None, ""
        self.score, self.out_of, self.passed = group.scores.score(r), group.scores.out_of, passed
        self._handed_in, self._group, self._r = handed_in, group, r

    @cached_property
    def cells(self) -> tuple[CellMark, ...]:  # type: ignore[override]
        with np.errstate(all="ignore"):  # strangers' numbers may overflow
            return tuple(Marks(_sorted_out(self._handed_in, self._group.names), self._group, self._r).all())

    @property
    def first_wrong(self) -> str | None:
        i = self._group.tally.first[self._r]
        return None if i < 0 else self._group.explained.marked.cells[i]

    def count(self) -> tuple[int, int, int]:
        tally = self._group.tally
        sheet = self._handed_in
        if isinstance(sheet, Sheet):
            missing = sum(name not in sheet.unreadable for name in self._group.missing)
            return tally.wrong[self._r], min(missing, MOST_MISSING), len(sheet.unreadable) + len(sheet.unknown)
        return tally.wrong[self._r], min(len(self._group.missing), MOST_MISSING), 0

    @property
    def right(self) -> bool:
        wrong, _, unreadable = self.count()
        return not wrong and not unreadable and self._group.tally.good[self._r]

    def __reduce__(self) -> tuple[object, ...]:
        """To another process it goes written out."""
        return Result, (self.file, self.student, self.cells, self.score, self.out_of, self.passed)


def _sorted_out(handed_in: Sheet | Submission | Line, names: Names) -> Sheet:
    """A sheet of plain numbers by cell."""
    if isinstance(handed_in, Sheet):
        return handed_in
    one = handed_in.submission() if isinstance(handed_in, Line) else handed_in
    found = {
        str(names.cell(key)): Entry(key, text, one.lines.get(key), text if text.isascii() else text.replace("−", "-"))
        for key, text in one.answers.items()
    }
    return Sheet(one.file, one.student, found, {}, [])
