"""Problems like a given one, with a single given number changed to another pleasant one, or with one example more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from backcheck.cells import PARAMETER, Names, Place
from backcheck.errors import Undefined
from backcheck.marking.visible import Written
from backcheck.roads.backprop import with_backward
from backcheck.roads.work import WorkedSheet, outputs_outside, work
from backcheck.spelling import Figures
from backcheck.worksheet import Array, Phase, Row, Worksheet

STEPS = (0.1, -0.1, 0.2, -0.2, 0.05, -0.05, 0.5, -0.5, 1.0, -1.0)
MOST_NUMBERS = 40  # of a larger problem the first ones are tried


class Changed(NamedTuple):
    """A problem with one change, and its numbers."""

    says: str  # "W1[2,1] = 0.3 in place of 0.2"
    written: Written

    @property
    def right(self) -> WorkedSheet:
        return self.written.right


class Changes:
    """Every change that is tried, worked once; those that have helped before come first."""

    def __init__(self, sheet: Worksheet) -> None:
        self.pending = _changes(sheet)
        self.known: list[Changed] = []

    def __iter__(self) -> Iterator[Changed]:
        yield from list(self.known)
        for change in self.pending:
            self.known.append(change)
            yield change

    def helped(self, change: Changed) -> None:
        self.known.remove(change)
        self.known.insert(0, change)


def _changes(sheet: Worksheet) -> Iterator[Changed]:
    """Small changes before large ones; weights and inputs before the rest."""
    numbers = list(_numbers(sheet))[:MOST_NUMBERS]
    for step in STEPS:
        for row, index in numbers:
            if change := _changed(sheet, row, index, step):
                yield change


def _numbers(sheet: Worksheet) -> Iterator[Place]:
    """The given numbers that a teacher may choose; the targets of a loss with logarithms are classes or shares."""
    loss = next((row.op for row in sheet.rows if row.phase is Phase.LOSS), "")
    rows = [row.name for row in sheet.in_phase(Phase.GIVEN) if row.op == "given"]
    fixed = {"t"} if "cross_entropy" in loss else set()
    order = sorted(rows, key=lambda name: (name == "eta", name == "t", not PARAMETER.fullmatch(name)))
    for row in order:
        if row not in fixed:
            yield from ((row, tuple(map(int, index))) for index in np.ndindex(sheet.given[row].shape))


def _changed(sheet: Worksheet, row: str, index: tuple[int, ...], step: float) -> Changed | None:
    """The problem with a step added to one number, in all the places where it stands."""
    names, old = sheet.names, float(sheet.given[row][index])
    new = round(old + step, 12)
    places = names.tied.get(names.own.get((row, index), ""), ((row, index),))
    if (row == "eta" and new <= 0) or places[0] != (row, index):
        return None
    given: dict[str, Array] = {}
    for place in places:
        given[place[0]] = given.get(place[0], sheet.given[place[0]]).copy()
        given[place[0]][place[1]] = new
    written = {place: text for place, text in names.written.items() if place not in places}
    before = names.written.get((row, index)) or Figures()(old)
    says = f"{names.cell(row, index)} = {_like(before, new)} in place of {before}"
    return _worked(sheet.with_given(given, names.with_written(written)), says)


def _like(before: str, number: float) -> str:
    """A number with as many decimals as another one, or more if it needs them.

    >>> _like("0.20", 0.3), _like("2", 2.1)
    ('0.30', '2.1')
    """
    text = f"{number:.{len(before.partition('.')[2])}f}"
    return text if float(text) == number else Figures()(number)


def _worked(sheet: Worksheet, says: str) -> Changed | None:
    """The problem with its numbers, unless it has none."""
    try:
        if sheet.names.output and outputs_outside(sheet):
            return None
        return Changed(says, Written(work(sheet)))
    except Undefined:
        return None


def with_another_example(sheet: Worksheet) -> Changed | None:
    """The problem with one example more: the values and targets of the last one the other way round, and a little more."""
    names, L, count = sheet.names, sheet["L"], sheet.names.examples + 1
    x, t = sheet.given["x"], sheet.given["t"]
    given = {
        **sheet.given,
        "x": np.vstack([x, x[-1:, ::-1] + 0.5]),
        "t": np.vstack([t, t[-1:, ::-1]]),
        str(count): np.array(float(count)),
    }
    start = [row for row in sheet.in_phase(Phase.GIVEN) if row.name != str(count)]
    rows = (*start, Row(str(count), "numeral", phase=Phase.GIVEN), *sheet.in_phase(Phase.FORWARD))
    losses = (sheet.by_name.get("L[n]", L)._replace(name="L[n]"), Row("L", L.op if count > 2 else "mean", ("L[n]",), Phase.LOSS))
    more = Names(names.own, names.further, names.written, count, names.output)
    says = "another example" if count > 2 else "a second example"
    return _worked(with_backward(Worksheet((*rows, *losses), given, more, sheet.title)), says)
