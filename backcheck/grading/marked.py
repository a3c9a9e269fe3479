"""The numbers of many submissions that state the same cells, judged column by column: a verdict for each; it explains nothing.

A column holds one number of each submission. Only what is not right is worked through again from the student's own numbers.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import Any

import numpy as np

from backcheck.errors import Undefined
from backcheck.grading.extent import Lines, extent, reaches, wide
from backcheck.grading.routes import Routes
from backcheck.grading.span import Span
from backcheck.grading.steps import AS_WRITTEN, Steps, TooFar

RIGHT, FOLLOWS, WRONG, NOT_JUDGED = range(4)
# What floats may be off where two numbers meet exactly at the end of an interval: a part of that interval, and of the number.
OF_HALF_A_UNIT, OF_THE_NUMBER = 1e-9, 1e-12
TOO_WIDE = 1 / 3  # a number that may be a third more or less says little
MOST_DECIMALS = 100  # nobody writes so many; it stands for none


class Marked:
    """Verdicts for submissions (rows) over cells (columns), in the order of the sheet."""

    def __init__(
        self,
        routes: Routes,
        cells: tuple[str, ...],
        value: Any,
        half: Any,
        decimals: Any,
        fewest: int | None = None,
        loose: Any = 0.0,
    ) -> None:
        self.routes, self.steps, self.cells = routes, routes.steps, cells
        self.column = {cell: i for i, cell in enumerate(cells)}
        self.stated = frozenset(cells)
        if fewest is not None:
            half, decimals = np.where(decimals < fewest, 0.5 * 10.0**-fewest, half), np.maximum(decimals, fewest)
        self.value, self.decimals = value, decimals
        bare = (value == 0) & (decimals <= 0)  # 0 would say nothing: it is read with the decimals that the sheet is written with
        self.half = np.where(bare, self.usual[:, None], half) if bare.any() else half
        self.true = np.array([_true(self.steps, cell) for cell in cells])
        self.verdict = np.full(value.shape, WRONG, np.int8)
        self.tainted = np.zeros(value.shape, bool)  # wrong, or following from a wrong number
        self.trivial = np.zeros(value.shape, bool)  # following from a zero that should be none
        self.own: dict[str, Span] = {}  # cell → what its step gives, where it was worked again; NaN elsewhere
        self.loose = loose  # half units of lines that were left without a result, when they are used
        self.lo, self.hi = value - np.maximum(self.half, loose), value + np.maximum(self.half, loose)
        self._judge()

    def _judge(self) -> None:
        room = OF_HALF_A_UNIT * self.half + OF_THE_NUMBER * np.abs(self.true)
        right = np.abs(self.value - self.true) <= self.half + room
        self.verdict[right] = RIGHT
        whole = right & (np.abs(self.value - self.true) <= OF_THE_NUMBER * np.abs(self.true)) & (self.loose == 0)
        for i, cell in enumerate(self.cells):
            if self.steps.given(cell):
                self._copied(i)
                continue
            if whole[:, i].any():
                self._unrounded(i, cell, np.flatnonzero(whole[:, i]))
            if not right[:, i].all():
                self._again(i, cell, np.flatnonzero(~right[:, i]))

    @cached_property
    def usual(self) -> Any:
        """Half a unit of the decimals that each sheet is mostly written with; 0 where there are whole numbers only."""
        if not self.cells:
            return np.zeros(len(self.value))
        some = np.where((self.decimals > 0) & (self.decimals < MOST_DECIMALS), self.decimals, MOST_DECIMALS)
        some = np.sort(some.astype(np.int8), axis=1)
        middle = np.maximum((some < MOST_DECIMALS).sum(1) - 1, 0) // 2
        decimals = some[np.arange(len(some)), middle].astype(float)
        return np.where(decimals < MOST_DECIMALS, 0.5 * 10.0**-decimals, 0.0)

    @cached_property
    def vague(self) -> Any:
        """Numbers that could be nearly anything, on sheets that are mostly written with one decimal or none."""
        coarse = 2 * (self.decimals > 1).sum(1) < len(self.cells)
        found = np.zeros(self.value.shape, bool)
        found[coarse] = (self.half > np.abs(self.value) * TOO_WIDE)[coarse] & (self.lo < self.hi)[coarse]
        return found

    def _copied(self, i: int) -> None:
        """A given number that was copied is exact: the true one, or the one that was taken for it."""
        right = self.verdict[:, i] == RIGHT
        self.tainted[:, i] = ~right
        self.lo[:, i] = self.hi[:, i] = np.where(right, self.true[i], self.value[:, i])

    def _unrounded(self, i: int, cell: str, rows: Any) -> None:
        """The true number with all its digits is exact, if it comes from exact ones; by rounded ones it is hit by chance."""
        with suppress(TooFar, Undefined):
            lines = self.steps.lines(cell, self.stated)
            before = np.ix_(rows, [self.column[read] for read in lines.reads if read in self.column])
            exact = (self.lo[before] == self.hi[before]).all(1)
            for hidden, _ in lines.steps[:-1]:
                exact &= _has_no_more_digits(_true(self.steps, hidden), self.usual[rows])
            self.lo[rows[exact], i] = self.hi[rows[exact], i] = self.value[rows[exact], i]

    def _again(self, i: int, cell: str, rows: Any) -> None:
        """A step that did not give the true number, from the student's own numbers before it."""
        if np.isnan(self.true[i]):
            self.verdict[rows, i] = NOT_JUDGED
            return
        try:
            own, meets = self._ways(cell, i, rows)
        except (TooFar, Undefined):
            self.verdict[rows, i] = NOT_JUDGED
            return
        self.own[cell] = own
        self.verdict[rows[meets], i] = FOLLOWS
        self._carried(i, self.steps.lines(cell, self.stated), rows, meets)
        self._exact(i, rows[meets], own, meets)

    def _ways(self, cell: str, i: int, rows: Any) -> tuple[Span, Any]:
        """What the step gives, and where that, or another right way to work it, meets what is written."""
        usual = self.steps.lines(cell, self.stated)
        own, meets = reaches(usual, self.box(usual, rows), self.target(i, rows))
        for lines, rounded in () if meets.all() else self.routes.ways(cell, self.stated):
            left = np.flatnonzero(~meets)
            if len(left):
                meets[left] = self.given_by(lines, i, rows[left]) | self._with_rounding(rounded, i, rows[left])
        return _column(own, rows), meets

    def given_by(self, lines: Lines, i: int, rows: Any, halved: bool = True, half: Any = 0.0) -> Any:
        """Where some lines can give what is written; most cannot, which a wider range tells at once."""
        box = self.box(lines, rows, half)
        may = self.meets(_column(wide(lines, box), rows), i, rows)
        if may.any() and lines.twice and halved:
            return reaches(lines, box, self.target(i, rows))[1]
        if may.any() and lines.twice:
            may &= self.meets(_column(extent(lines, box, halved), rows), i, rows)
        return may

    def _carried(self, i: int, lines: Lines, rows: Any, meets: Any) -> None:
        """What a number that follows takes over from those before it: that they are wrong, that they are zero."""
        before = [self.column[read] for read in lines.reads if read in self.column]
        these = np.ix_(rows, before)
        tainted, zero = self.tainted[these], self._empty(these)
        self.tainted[rows, i] = ~meets | tainted.any(1)
        nothing = (self.value[rows, i] == 0) & (np.abs(self.true[i]) > self.half[rows, i])
        self.trivial[rows, i] = meets & ((tainted & zero).any(1) | (nothing & tainted.any(1)))

    def _empty(self, these: Any) -> Any:
        """Numbers that are written as zero though they are not, and what follows from such a one."""
        return ((self.value[these] == 0) & (self.verdict[these] != RIGHT)) | self.trivial[these]

    def _exact(self, i: int, rows: Any, own: Span, meets: Any) -> None:
        """A number that its step gives exactly was not rounded."""
        lo, hi = (np.broadcast_to(end, meets.shape)[meets] for end in (own.lo, own.hi))
        value = self.value[rows, i]
        same = (
            (np.broadcast_to(self.loose, self.value.shape)[rows, i] == 0)
            & (hi - lo <= OF_THE_NUMBER * np.abs(value))
            & (np.abs(lo - value) <= OF_THE_NUMBER * np.abs(value))
        )
        self.lo[rows[same], i] = self.hi[rows[same], i] = value[same]

    def box(self, lines: Lines, rows: Any, half: Any = 0.0) -> dict[str, Any]:
        """Every quantity the lines read: the student's span, the true number where nothing is stated, what rounding may add."""
        tainted = self.tainted[rows].any(1)

        def added(name: str) -> Any:
            """What rounding adds to a step: nothing to a number that has no further digits."""
            exact = _has_no_more_digits(_true(self.steps, name), half) & ~tainted
            return Span(-np.where(exact, 0.0, half), np.where(exact, 0.0, half))

        return {name: added(name[1:]) if name.startswith("±") else self.read(name, rows) for name in lines.reads}

    def read(self, name: str, rows: Any) -> Any:
        if name[0] == AS_WRITTEN and name[1:] in self.column:
            value = self.value[rows, self.column[name[1:]]]
            return Span(value, value)
        name = name.removeprefix(AS_WRITTEN)
        i = self.column.get(name)
        return _true(self.steps, name) if i is None else Span(self.lo[rows, i], self.hi[rows, i])

    def span(self, lines: Lines, rows: Any, halved: bool = True) -> Span:
        """What the lines can give from the numbers of some submissions."""
        return _column(extent(lines, self.box(lines, rows), halved), rows)

    def target(self, i: int, rows: Any, scale: float = 1.0) -> Span:
        """What is written, as a span."""
        value, half = self.value[rows, i] * scale, self.half[rows, i] * abs(scale)
        room = half + OF_HALF_A_UNIT * half + OF_THE_NUMBER * np.abs(value)
        return Span(value - room, value + room)

    def meets(self, span: Span, i: int, rows: Any, scale: float = 1.0) -> Any:
        """Where a span meets what is written."""
        target = self.target(i, rows, scale)
        return (span.lo <= target.hi) & (span.hi >= target.lo)

    def _with_rounding(self, lines: Lines, i: int, rows: Any) -> Any:
        """Whether rounding the steps that are not on the sheet, as on paper, explains the number."""
        if len(lines.steps) == 1:
            return np.zeros(len(rows), bool)
        return self.given_by(lines, i, rows, half=self.usual[rows])


def _column(span: Span, rows: Any) -> Span:
    return Span(np.broadcast_to(span.lo, rows.shape), np.broadcast_to(span.hi, rows.shape))


def _has_no_more_digits(true: np.float64, half: Any) -> Any:
    """Where rounding to these half units leaves a number as it is."""
    unit = np.maximum(2 * half, OF_THE_NUMBER)
    whole = np.round(true / unit) * unit
    return np.abs(whole - true) <= OF_THE_NUMBER * np.abs(whole)


def _true(steps: Steps, cell: str) -> np.float64:
    """The true number, which divides by zero without a word; NaN where there is none."""
    try:
        return np.float64(steps.true(cell))
    except Undefined:
        return np.float64("nan")
