"""Submissions → results: the numbers of all that state the same cells are judged together, and what is wrong is explained."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from backcheck.answers.digits import decode
from backcheck.answers.submission import Submission
from backcheck.grading.explain import Explainer
from backcheck.grading.explained import Explained
from backcheck.grading.group import Group, Settings
from backcheck.grading.handed import Names, Sheet, entries
from backcheck.grading.marked import Marked
from backcheck.grading.mistakes import Book
from backcheck.grading.points import Marking
from backcheck.grading.report import Graded, Line
from backcheck.grading.result import Result
from backcheck.grading.routes import Routes
from backcheck.grading.scores import Scores
from backcheck.grading.steps import Steps
from backcheck.roads.work import work
from backcheck.worksheet import Worksheet

if TYPE_CHECKING:
    from backcheck.answers.tables import Table


REMEMBERED = 1000  # layouts; a class has a few


class Layout(NamedTuple):
    """What the names of a sheet are about: its cells in the order of the worksheet, and where each stands."""

    cells: tuple[str, ...]
    order: tuple[int, ...]


def _columns(texts: list[str], sheets: int, order: tuple[int, ...]) -> tuple[list[Any], list[bool]]:
    """Values, half units and decimals, a row for each sheet with its columns in order; and which sheets are plain numbers."""
    found, shape = decode(texts), (sheets, len(order))
    columns = [array.reshape(shape)[:, order] for array in (found.value, found.half, found.decimals)]
    plain: Any = found.plain.reshape(shape).all(axis=1)
    return columns, plain.tolist()


class Marker:
    """Marks the answers to one problem. It can be sent to another process."""

    def __init__(self, sheet: Worksheet, marking: Marking, key: bool = False, hints: int = 2) -> None:
        self.sheet, self.marking, self.settings = sheet, marking, Settings(key, hints)
        self._layouts: dict[tuple[str, ...], Layout | None] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in ("sheet", "marking", "settings")} | {"_layouts": {}}

    def fingerprint(self) -> str:
        """What all results depend on beside the submissions: the problem, its marking, and what is shown."""
        from hashlib import blake2b

        sheet, arrays = self.sheet, sorted(self.sheet.given.items())
        parts = [repr((sheet.rows, sheet.title, sorted(sheet.names.own.items()), sorted(sheet.names.further.items())))]
        parts += [repr((sorted(sheet.names.written.items()), self.marking, self.settings))]
        raw = b"".join(array.tobytes() for _, array in arrays)
        return blake2b("".join(parts).encode("utf-8", "surrogatepass") + raw, digest_size=16).hexdigest()

    @cached_property
    def steps(self) -> Steps:
        return Steps(work(self.sheet))

    @cached_property
    def routes(self) -> Routes:
        return Routes(self.steps)

    @cached_property
    def names(self) -> Names:
        return Names(self.steps)

    @cached_property
    def explainer(self) -> Explainer:
        return Explainer(Book(self.steps))

    def mark(self, submissions: Sequence[Submission]) -> list[Result]:
        """One result for each, in order; those that state the same cells are judged together."""
        results: dict[int, Result] = {}
        plain: dict[Layout, list[int]] = {}
        others: dict[tuple[str, ...], list[tuple[int, Sheet]]] = {}
        for at, submission in enumerate(submissions):
            if submission.fault:
                results[at] = self.unreadable(submission)
            elif layout := self.layout(tuple(submission.answers)):
                plain.setdefault(layout, []).append(at)
            else:
                self._aside(others, at, submission)
        for layout, places in plain.items():
            columns, good = _columns(
                [text for at in places for text in submissions[at].answers.values()], len(places), layout.order
            )
            read = [at for at, one in zip(places, good, strict=True) if one]
            judged = self._judged(layout.cells, [submissions[at] for at in read], [array[good] for array in columns])
            results |= zip(read, judged, strict=True)
            for at in (at for at, one in zip(places, good, strict=True) if not one):
                self._aside(others, at, submissions[at])
        for cells, members in others.items():
            texts = [sheet.numbers[cell].digits for _, sheet in members for cell in cells]
            columns, _ = _columns(texts, len(members), tuple(range(len(cells))))
            loose = np.zeros(columns[0].shape)  # a line that was left without a result was rounded before it was used, or not
            for r, (_, sheet) in enumerate(members):
                for i, cell in enumerate(cells):
                    if (decimals := sheet.numbers[cell].worked_out) is not None:
                        columns[2][r, i], loose[r, i] = decimals, 0.5 * 10.0**-decimals
            judged = self._judged(cells, [sheet for _, sheet in members], columns, loose)
            results |= zip((at for at, _ in members), judged, strict=True)
        return [results[at] for at in range(len(submissions))]

    def mark_table(self, table: Table) -> list[Result]:
        """The same for rows of a class whose numbers are read already."""
        layout = self.layout(table.names)
        good = table.plain.all(1) if layout else np.zeros(len(table.students), bool)
        results: dict[int, Result] = {}
        if layout and good.any():
            columns = [array[good][:, layout.order] for array in (table.value, table.half, table.decimals)]
            rows = np.flatnonzero(good).tolist()
            results |= zip(rows, self._judged(layout.cells, [Line(table, i) for i in rows], columns), strict=True)
        rest = np.flatnonzero(~good).tolist()
        results |= zip(rest, self.mark([table.submission(i) for i in rest]), strict=True)
        return [results[at] for at in range(len(table.students))]

    def layout(self, names: tuple[str, ...]) -> Layout | None:
        """The cells behind the names of a sheet, where nothing about the names needs a second look."""
        if names not in self._layouts:
            if len(self._layouts) > REMEMBERED:
                self._layouts.clear()
            self._layouts[names] = self._layout(names)
        return self._layouts[names]

    def _layout(self, names: tuple[str, ...]) -> Layout | None:
        cells = [self.names.cell(name) for name in names]
        usual = [
            cell
            for cell, name in zip(cells, names, strict=True)
            if cell and cell[0] != "-" and not self.names.updated_unasked(name, cell)
        ]
        if not names or len(set(usual)) != len(names):
            return None
        ordered = tuple(self.steps.judged(usual))
        place = {cell: i for i, cell in enumerate(usual)}
        return Layout(ordered, tuple(place[cell] for cell in ordered))

    def _aside(self, others: dict[tuple[str, ...], list[tuple[int, Sheet]]], at: int, submission: Submission) -> None:
        """A submission that has to be read entry by entry."""
        sheet = self.sorted_out(submission)
        others.setdefault(tuple(self.steps.judged(sheet.numbers)), []).append((at, sheet))

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

    def _judged(self, cells: tuple[str, ...], sheets: Sequence[Any], columns: list[Any], loose: Any = 0.0) -> list[Result]:
        """The results of those that state the same cells, from their numbers, half units and decimals."""
        value, half, decimals = columns
        with np.errstate(all="ignore"):  # strangers' numbers may overflow
            marked = Marked(self.routes, cells, value, half, decimals, self.marking.decimals, loose)
        explained = Explained(marked, self.explainer)
        group = Group(explained, Scores(explained, self.marking), self.names, self.settings)
        passed = self._passed(group.scores)
        return [Graded(sheet, group, r, passed[r]) for r, sheet in enumerate(sheets)]

    def _passed(self, scores: Scores) -> list[bool | None]:
        """Who reaches the pass mark, if there is one."""
        if self.marking.pass_mark is None:
            return [None] * len(scores.totals)
        least = self.marking.pass_mark * scores.out_of
        return [bool(scores.out_of) and scores.score(r) >= least for r in range(len(scores.totals))]
