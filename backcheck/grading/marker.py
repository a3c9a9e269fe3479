"""Submissions → results: the numbers of all that state the same cells are judged together, and what is wrong is explained."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from backcheck.answers.digits import decode
from backcheck.answers.submission import Submission
from backcheck.grading.explain import Explainer
from backcheck.grading.explained import Explained
from backcheck.grading.handed import Names, entries
from backcheck.grading.marked import Marked
from backcheck.grading.mistakes import Book
from backcheck.grading.points import Marking
from backcheck.grading.report import Graded, Group, Settings, Sheet
from backcheck.grading.result import Result
from backcheck.grading.scores import Scores
from backcheck.grading.steps import Steps
from backcheck.roads.work import work
from backcheck.worksheet import Worksheet


class Marker:
    """Marks the answers to one problem. It can be sent to another process."""

    def __init__(self, sheet: Worksheet, marking: Marking, key: bool = False, hints: int = 2) -> None:
        self.sheet, self.marking, self.settings = sheet, marking, Settings(key, hints)

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in ("sheet", "marking", "settings")}

    @cached_property
    def steps(self) -> Steps:
        return Steps(work(self.sheet))

    @cached_property
    def names(self) -> Names:
        return Names(self.steps)

    @cached_property
    def explainer(self) -> Explainer:
        return Explainer(Book(self.steps))

    def mark(self, submissions: Sequence[Submission]) -> list[Result]:
        """One result for each, in order; those that state the same cells are judged together."""
        results: dict[int, Result] = {}
        groups: dict[tuple[str, ...], list[tuple[int, Sheet]]] = {}
        for at, submission in enumerate(submissions):
            if submission.fault:
                results[at] = self.unreadable(submission)
            else:
                sheet = self.sorted_out(submission)
                groups.setdefault(tuple(self.steps.judged(sheet.numbers)), []).append((at, sheet))
        for cells, members in groups.items():
            found = self._group(cells, [sheet for _, sheet in members])
            results |= {at: result for (at, _), result in zip(members, found, strict=True)}
        return [results[at] for at in range(len(submissions))]

    def unreadable(self, submission: Submission) -> Result:
        """No points, and why."""
        passed = None if self.marking.pass_mark is None else False
        out_of = self.marking.out_of
        return Result(submission.file, submission.student, (), Fraction(0), out_of, passed, submission.fault, submission.source)

    def sorted_out(self, submission: Submission) -> Sheet:
        """The answers by cell; what cannot be read, and what belongs to no cell, aside."""
        found, unknown = entries(self.names, submission)
        numbers = {cell: entry for cell, entry in found.items() if entry.number is not None}
        unreadable = {cell: entry for cell, entry in found.items() if entry.number is None}
        return Sheet(submission.file, submission.student, numbers, unreadable, unknown)

    def _group(self, cells: tuple[str, ...], sheets: list[Sheet]) -> list[Result]:
        found = decode([str(sheet.numbers[cell].number) for sheet in sheets for cell in cells])
        value, half, decimals = (array.reshape(len(sheets), len(cells)) for array in (found.value, found.half, found.decimals))
        explained = Explained(Marked(self.steps, cells, value, half, decimals), self.explainer)
        group = Group(explained, Scores(explained, self.marking), self.names, self.settings)
        return [Graded(sheet, group, r, self.passed(group.scores.score(r))) for r, sheet in enumerate(sheets)]

    def passed(self, score: Fraction) -> bool | None:
        """Whether the pass mark is reached, if there is one."""
        if self.marking.pass_mark is None:
            return None
        return bool(self.marking.out_of) and score / self.marking.out_of >= self.marking.pass_mark
