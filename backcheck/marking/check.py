"""The program's own sheet held against its other roads: every forward value, every claimed derivative, every update.

The road by hand is the first student: each number of it is marked, and of a wrong one it is said whether its own step
is wrong or whether it follows from an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from backcheck.cells import Index
from backcheck.errors import Undefined
from backcheck.marking.certificate import Certified
from backcheck.marking.mark import HAND, NOT_JUDGED, RIGHT, WRONG, Mark, Mask, Opinion, confirmed, dissenter
from backcheck.marking.opinions import BySymbols, Claims, by_library, by_nudging, small
from backcheck.roads.backprop import with_backward
from backcheck.roads.by_nudging import taylor
from backcheck.roads.work import WorkedSheet, idle, work
from backcheck.worksheet import Phase, Row, Worksheet


class Checked(NamedTuple):
    """What the roads say of each other."""

    done: WorkedSheet
    marks: list[Mark]
    twin: list[Mark]  # of a small network of the same make
    taylor: Mapping[str, float | None]  # row → how the remainder shrinks along the claimed slope: 2 if it is right
    roads: tuple[str, ...]
    certified: Sequence[Certified] = ()  # digits that are proven, where that was asked for

    @property
    def agrees(self) -> bool:
        """Nothing is wrong, and some derivative was compared."""
        derivatives = [mark for mark in self.marks if self.done.sheet[mark.row].claims]
        return not self.wrong and any(mark.verdict == RIGHT for mark in derivatives)

    @property
    def wrong(self) -> list[Mark]:
        return [mark for mark in (*self.marks, *self.twin) if mark.verdict == WRONG]


def check(sheet: Worksheet, library: str | None = None) -> Checked:
    """Every number of a sheet by every road, and those of its twin; a library, torch or jax, is one road more."""
    done = work(sheet)
    found = _Marked(done, small(sheet), library)
    slopes = {name: taylor(sheet, claim, done.array(name)) for name, claim in found.claims.items() if of_parameter(sheet, claim)}
    return Checked(done, list(found.marks()), _of_twin(sheet), slopes, tuple(found.roads))


def of_parameter(sheet: Worksheet, claim: tuple[str, str]) -> bool:
    """Whether a claim is the slope of something that is given."""
    of, by = claim
    return of == sheet.result and sheet[by].phase is Phase.GIVEN and (by != "x" or not sheet.names.output)


def _of_twin(sheet: Worksheet) -> list[Mark]:
    """The marks of the first twin whose formulas all have a value."""
    from backcheck.roads.twin import twins

    for blank in twins(sheet) if sheet.names.output else ():
        try:
            return list(_Marked(work(with_backward(blank)), by_symbols=True).marks())
        except Undefined:
            continue
    return []


class _Marked:
    """The marks of one worked sheet, row by row."""

    def __init__(self, done: WorkedSheet, by_symbols: bool, library: str | None = None) -> None:
        self.done, self.sheet = done, done.sheet
        aside = idle(self.sheet)  # of a large network, slopes that nothing needs are left out
        rows = [row for row in self.sheet.rows if by_symbols or row not in aside]
        self.claims: Claims = {row.name: row.claims for row in rows if row.claims and self.has_value(row)}
        self.symbols = BySymbols(self.sheet, self.claims) if by_symbols else None
        self.roads: dict[str, Mapping[str, Opinion]] = {"by symbols": self.symbols.opinions()} if self.symbols else {}
        self.roads["by nudging"] = by_nudging(self.sheet, self.claims, self.roads.get("by symbols", {}))
        if library:
            self.roads[f"by {library}"] = by_library(self.sheet, self.claims, library, self.roads["by nudging"])
        self.first_wrong: dict[str, str] = {}  # row → its first wrong cell
        self.right_steps: dict[str, Mask] = {}

    def has_value(self, row: Row) -> bool:
        """Whether the row came out by hand; one partial of an expression without a value leaves the others theirs."""
        try:
            self.done.array(row.name)
        except Undefined:
            return False
        return True

    def marks(self) -> Iterator[Mark]:
        """All numbers that a road can speak of, in the order they are worked."""
        for row in self.sheet.rows:
            opinions = {road: of[row.name] for road, of in self.roads.items() if row.name in of}
            if opinions and not self.of_optimiser(row):
                yield from self.row(row, opinions)

    def of_optimiser(self, row: Row) -> bool:
        """Whether a parameter goes any other way than straight down its slope; the roads know the slope alone."""
        straight = row.op == "frozen" or (row.op in ("sgd", "sgd masked") and self.sheet[row.parents[2]].claims)
        return row.phase is Phase.UPDATE and not straight

    def row(self, row: Row, opinions: Mapping[str, Opinion]) -> Iterator[Mark]:
        """The marks of one array."""
        hand = self.done.array(row.name)
        confirms = {road: confirmed(hand, opinion) for road, opinion in opinions.items()}
        first = next(iter(opinions.values()))  # symbols know which numbers depend on a kink; nudging, where they are silent
        for index in np.ndindex(hand.shape):
            said = {road: float(opinion.value[index]) for road, opinion in opinions.items()}
            error = next((float(o.error[index]) for o in opinions.values() if o.error is not None), None)
            mark = Mark(self.sheet.names.cell(row.name, index), row.name, index, RIGHT, float(hand[index]), said, error)
            if first.unclear is not None and first.unclear[index]:
                mark = mark._replace(verdict=NOT_JUDGED, reason=self.at_kink(mark))
            elif not all(agrees[index] for agrees in confirms.values()):
                self.first_wrong.setdefault(row.name, mark.name)
                alone = dissenter({road: bool(agrees[index]) for road, agrees in confirms.items()})
                mark = mark._replace(verdict=WRONG, reason=self.why(row, mark, alone))
            yield mark

    def at_kink(self, mark: Mark) -> str:
        """Where the kink is, and both slopes."""
        if self.symbols is None:
            return "at a kink"
        left, right = (side + 0.0 for side in self.symbols.from_sides((mark.row, mark.place)))
        where = " and ".join(self.kinks_below(self.sheet[mark.row])[:3])
        return f"{where} at a kink: {left:.6g} from the left, {right:.6g} from the right; taken here: {mark.by_hand + 0.0:.6g}"

    def kinks_below(self, row: Row) -> list[str]:
        """The cells at a kink that a derivative depends on: those downstream of what it is the slope by."""
        assert self.symbols  # noqa: S101 - only they know of kinks
        start = row.claims[1] if row.claims else row.parents[0]
        downstream = {start}
        for node in self.sheet.in_phase(Phase.FORWARD, Phase.LOSS):
            if downstream.intersection(node.parents):
                downstream.add(node.name)
        names = self.sheet.names
        found = [place for place in self.symbols.kinks if place[0] in downstream]
        read = {
            row.name: row.parents[0] if row.name[0] == "a" and names.output else row.name for row in self.sheet.rows if row.parents
        }
        return [names.cell(read[name], index) for name, index in found or self.symbols.kinks]

    def why(self, row: Row, mark: Mark, alone: str) -> str:
        """Whether the step itself is wrong, or which earlier one it follows from."""
        if alone != HAND:
            return f"{alone} dissents"
        if self.symbols and (earlier := self.earlier(row)) and self.step_is_right(row, mark.place):
            return f"follows from {earlier}"
        others = " and ".join(f"{value:.10g} {road}" for road, value in mark.by_roads.items())
        return f"this step is wrong: {others}"

    def earlier(self, row: Row) -> str:
        """The first wrong cell among all that a row comes from."""
        pending, seen = [row.name], set()
        while pending:
            for parent in self.sheet[pending.pop()].parents:
                if parent not in seen:
                    seen.add(parent)
                    pending.append(parent)
        return next((name for wrong, name in self.first_wrong.items() if wrong in seen), "")

    def step_is_right(self, row: Row, place: Index) -> bool:
        """Whether the rule by hand gives the true number when it is given true ones."""
        if row.name not in self.right_steps:
            opinions = self.roads["by symbols"]
            true = {name: opinion.value for name, opinion in opinions.items() if name != row.name}
            with np.errstate(all="ignore"):
                found = WorkedSheet(self.sheet, {**self.sheet.given, **true}).worked(row, checked_later=True)
            self.right_steps[row.name] = confirmed(found, opinions[row.name])
        return bool(self.right_steps[row.name][place])
