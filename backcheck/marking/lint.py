"""What an exercise cannot show: the mistakes that leave every digit a student writes as it is, and what would bring them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from backcheck.errors import BadArgument, Undefined
from backcheck.marking.changed_numbers import Changed, Changes, with_second_example
from backcheck.marking.layers import seen
from backcheck.marking.slips import Slip, slipped, slips
from backcheck.marking.visible import Written, apart, differ, digits
from backcheck.roads.backprop import parameters
from backcheck.roads.work import WorkedSheet, work
from backcheck.worksheet import Array, Phase, Worksheet

MOST_NUMBERS, MOST_DIGITS = 5_000, 12


class Finding(NamedTuple):
    """Something that the exercise does not show; `about` lists the mistakes by their ids."""

    id: str
    says: str
    because: str
    cells: tuple[str, ...]  # that would differ with more digits
    suggests: str
    about: tuple[str, ...]


def lint(sheet: Worksheet, decimals: int = 4) -> list[Finding]:
    """What cannot be seen in this exercise when every number is written with so many decimals.

    >>> from backcheck.api import loads
    >>> text = "{inputs: [1, 0.5], targets: [0.2], layers: [{weights: [[0.3, -0.4]], biases: [0]}], loss: squared_error}"
    >>> [finding.suggests for finding in lint(loads(text)) if finding.id == "bias_missing"]
    ['b1[1] = 0.1 in place of 0']
    """
    if not 0 <= decimals <= MOST_DIGITS:
        raise BadArgument(f"decimals should be from 0 to {MOST_DIGITS}, not {decimals}")
    exercise = _Exercise(sheet, decimals)
    return [*exercise.zeros(), *exercise.small(), *exercise.unseen(), *exercise.alike()]


class _Exercise:
    """A sheet, what a student writes of it, and what is written after each slip."""

    def __init__(self, sheet: Worksheet, decimals: int) -> None:
        self.sheet, self.decimals, self.right = sheet, decimals, work(sheet)
        self.written = Written(self.right)
        if self.written.numbers.size > MOST_NUMBERS:
            says = f"{self.written.numbers.size:,} numbers are no exercise to be written by hand"
            raise BadArgument(f"{says}: at most {MOST_NUMBERS:,} are looked at")
        self.slipped = dict(self._slipped())
        self.changes = Changes(sheet)

    def _slipped(self) -> Iterator[tuple[int, tuple[Slip, Array]]]:
        for number, slip in enumerate(slips(self.sheet)):
            try:
                yield number, (slip, self.written.of(slipped(self.right, slip)))
            except Undefined:  # it shows: the work cannot go on
                continue

    def zeros(self) -> Iterator[Finding]:
        """Slopes of parameters that are all 0: whatever is done to them, there is nothing to see."""
        for p in parameters(self.sheet):
            row = f"d{self.sheet.result}/d{p}"
            if self.right.array(row).any() or f"{p}'" not in self.sheet:
                continue
            says = f"{seen(row)} is 0 throughout: most mistakes on the way to it leave no trace"
            suggests = self._change(lambda changed: bool(digits(changed.right.array(row), self.decimals).any()))
            yield Finding("all_zero", says, "", (), suggests, ())

    def small(self) -> Iterator[Finding]:
        """Slopes that are not 0 and are written as 0."""
        numbers = self.written.numbers
        backward = np.concatenate([
            np.full(self.right.array(row).size, self.sheet[row].phase is Phase.BACKWARD) for row in self.written.rows
        ])
        lost = backward & (abs(numbers) > 1e-300) & (digits(numbers, self.decimals) == 0)
        if lost.any():
            enough = self._enough(lambda k: bool((digits(numbers[lost], k) != 0).all()))
            says = f"{lost.sum()} slope{'s' * (lost.sum() > 1)} that {'are' if lost.sum() > 1 else 'is'} not 0 would be written as 0"
            yield Finding("rounds_to_zero", says, "", self.written.names(lost), enough, ())

    def unseen(self) -> Iterator[Finding]:
        """Mistakes that change no digit."""
        for number, (slip, numbers) in self.slipped.items():
            if differ(self.written.numbers, numbers, self.decimals).any():
                continue
            where = apart(self.written.numbers, numbers)
            suggests = self._enough(lambda k, numbers=numbers: bool(differ(self.written.numbers, numbers, k).any()))
            suggests = suggests or self._change(lambda changed, number=number: self._shows(changed, number, slip))
            suggests = suggests or self._second_example(slip)
            yield Finding(slip.id, slip.says, because(self.right, slip), self.written.names(where), suggests, (slip.id,))
