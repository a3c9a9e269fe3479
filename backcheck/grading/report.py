"""One submission of a group → its result: scores at once, and marks when somebody looks at them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from backcheck.answers.submission import Submission
from backcheck.grading.explained import Explained
from backcheck.grading.handed import Entry, Names
from backcheck.grading.marked import FOLLOWS, WRONG, Marked
from backcheck.grading.marks import Marks, Settings, Sheet
from backcheck.grading.result import CellMark, Result
from backcheck.grading.scores import Scores

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
        return tuple(Marks(_sorted_out(self._handed_in, self._group.names), self._group, self._r).all())

    @property
    def first_wrong(self) -> str | None:
        i = self._group.tally.first[self._r]
        return None if i < 0 else self._group.explained.marked.cells[i]

    def count(self) -> tuple[int, int, int]:
        tally = self._group.tally
        sheet = self._handed_in
        if isinstance(sheet, Sheet):
            missing = sum(name not in sheet.numbers and name not in sheet.unreadable for name in self._group.scores.asked)
            return tally.wrong[self._r], missing, len(sheet.unreadable) + len(sheet.unknown)
        return tally.wrong[self._r], tally.missing, 0

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
    found = {str(names.cell(key)): Entry(key, text, one.lines.get(key), text) for key, text in one.answers.items()}
    return Sheet(one.file, one.student, found, {}, [])


class Tally:
    """What is asked of many results at once, before anybody looks at their marks."""

    def __init__(self, marked: Marked, asked: list[str]) -> None:
        wrong = marked.verdict == WRONG
        self.wrong: list[int] = wrong.sum(1).tolist()
        self.first: list[int] = np.where(wrong.any(1), wrong.argmax(1) if wrong.shape[1] else 0, -1).tolist()
        self.good: list[bool] = (marked.verdict <= FOLLOWS).any(axis=1).tolist()  # type: ignore[assignment]
        self.missing = sum(name not in marked.column for name in asked)


class Group:
    """Submissions that state the same cells, judged together."""

    def __init__(self, explained: Explained, scores: Scores, names: Names, settings: Settings) -> None:
        self.explained, self.scores, self.names, self.settings = explained, scores, names, settings
        self.tally = Tally(explained.marked, scores.asked)
