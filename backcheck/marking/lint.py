"""What an exercise cannot show: the mistakes that leave every digit a student writes as it is, and what would bring them out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

from backcheck.errors import BadArgument, Undefined
from backcheck.marking.changed_numbers import Changed, Changes, with_second_example
from backcheck.marking.layers import seen
from backcheck.marking.reasons import because
from backcheck.marking.slips import Slip, slipped, slips
from backcheck.marking.visible import Written, apart, differ, digits
from backcheck.roads.backprop import parameters
from backcheck.roads.work import work
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
        self.slipped = list(self._slipped())
        self.changes = Changes(sheet)

    def _slipped(self) -> Iterator[tuple[Slip, Array]]:
        for slip in slips(self.sheet):
            try:
                yield (slip, self.written.of(slipped(self.right, slip)))
            except Undefined:  # it shows: the work cannot go on
                continue

    def zeros(self) -> Iterator[Finding]:
        """Slopes of parameters that are all 0: whatever is done to them, there is nothing to see."""
        for p in parameters(self.sheet):
            row = f"d{self.sheet.result}/d{p}"
            if f"{p}'" in self.sheet and not self.right.array(row).any():
                says = f"{seen(row)} is 0 throughout: most mistakes on the way to it leave no trace"
                yield Finding("all_zero", says, "", (), self._change(self._is_written(row)), ())

    def _is_written(self, row: str) -> Callable[[Changed], bool]:
        """Whether some number of a row is more than 0.0000."""
        return lambda changed: bool(digits(changed.right.array(row), self.decimals).any())

    def small(self) -> Iterator[Finding]:
        """Slopes that are not 0 and are written as 0."""
        numbers = self.written.numbers
        backward = [np.full(self.right.array(row).size, self.sheet[row].phase is Phase.BACKWARD) for row in self.written.rows]
        lost = np.concatenate(backward) & (numbers != 0) & (digits(numbers, self.decimals) == 0)
        if count := int(lost.sum()):
            enough = self._enough(lambda k: bool((digits(numbers[lost], k) != 0).all()))
            says = "a slope that is not 0 is written as 0" if count == 1 else f"{count} slopes that are not 0 are written as 0"
            yield Finding("rounds_to_zero", says, "", self.written.names(lost), enough, ())

    def unseen(self) -> Iterator[Finding]:
        """Mistakes that change no digit."""
        for slip, numbers in self.slipped:
            if not differ(self.written.numbers, numbers, self.decimals).any():
                yield self._unseen(slip, numbers)

    def _unseen(self, slip: Slip, numbers: Array) -> Finding:
        suggests = (
            self._enough(lambda k: bool(differ(self.written.numbers, numbers, k).any()))
            or self._change(lambda changed: self._all_seen(changed, [slip]))
            or self._second_example(slip)
        )
        cells = self.written.names(apart(self.written.numbers, numbers))
        return Finding(slip.id, slip.says, "" if cells else because(self.right, slip), cells, suggests, (slip.id,))

    def alike(self) -> Iterator[Finding]:
        """Mistakes of different kinds that show, and leave the same digits: nobody can tell which one it was."""
        groups: dict[bytes, list[tuple[Slip, Array]]] = {}
        for slip, numbers in self.slipped:
            if differ(self.written.numbers, numbers, self.decimals).any():
                groups.setdefault(digits(numbers, self.decimals).tobytes(), []).append((slip, numbers))
        for group in groups.values():
            if len({slip.id for slip, _ in group}) > 1:
                yield self._alike(group)

    def _alike(self, group: list[tuple[Slip, Array]]) -> Finding:
        several = [slip for slip, _ in group]
        cells = np.any([apart(one, other) for (_, one), (_, other) in combinations(group, 2)], axis=0)
        suggests = self._enough(lambda k: all(differ(one, other, k).any() for (_, one), (_, other) in combinations(group, 2)))
        suggests = suggests or self._change(lambda changed: self._all_seen(changed, several))
        ids = tuple(dict.fromkeys(slip.id for slip in several))
        return Finding("same_digits", "; ".join(slip.says for slip in several), "", self.written.names(cells), suggests, ids)

    def _enough(self, shows: Callable[[int], bool]) -> str:
        """The fewest decimals that would do, or nothing."""
        k = next((k for k in range(self.decimals + 1, MOST_DIGITS + 1) if shows(k)), None)
        return f"{k} decimals" if k else ""

    def _change(self, shows: Callable[[Changed], bool]) -> str:
        """One given number that would do if it were another, or nothing."""
        for changed in self.changes:
            if shows(changed):
                self.changes.helped(changed)
                return changed.says
        return ""

    def _all_seen(self, changed: Changed, several: list[Slip]) -> bool:
        """Whether each of some slips shows in a problem, and each of them differently."""
        sheets = [changed.written.numbers]
        for slip in several:
            try:
                sheets.append(changed.written.of(slipped(changed.right, slip)))
            except Undefined:
                return False
        return all(differ(one, other, self.decimals).any() for one, other in combinations(sheets, 2))

    def _second_example(self, slip: Slip) -> str:
        """Whether one more example would do."""
        if not self.sheet.names.output or self.sheet.names.examples > 1 or not (changed := with_second_example(self.sheet)):
            return ""
        same = next((other for other in slips(changed.right.sheet) if (other.id, other.says) == (slip.id, slip.says)), None)
        return changed.says if same and self._all_seen(changed, [same]) else ""
