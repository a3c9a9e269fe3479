"""What an exercise cannot show: the mistakes that leave every digit a student writes as it is, and what would bring them out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

from backcheck.errors import BadArgument, Undefined
from backcheck.marking.changed_numbers import Changed, Changes, with_another_example
from backcheck.marking.reasons import because
from backcheck.marking.visible import Written, apart, differ, digits
from backcheck.roads.backprop import parameters
from backcheck.roads.work import work
from backcheck.slips.layers import seen
from backcheck.slips.slips import Slip, slipped, slips
from backcheck.worksheet import Array, Phase, Worksheet

MOST_NUMBERS, MOST_ROWS, MOST_DIGITS = 5_000, 300, 12
MOST_TRIED = 300_000  # rows worked with a changed number and a slip: about a second of work


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
        size, rows = self.written.numbers.size, len(self.written.rows)
        if size > MOST_NUMBERS or rows > MOST_ROWS:
            says = f"{size:,} numbers in {rows:,} rows are no exercise to be written by hand"
            raise BadArgument(f"{says}: at most {MOST_NUMBERS:,} in {MOST_ROWS:,} are looked at")
        self.slipped = list(self._slipped())
        self.changes, self.tried = Changes(sheet), 0

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
            if f"{p}'" in self.sheet and row not in self.right.undefined and not self.right.array(row).any():
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
            or self._example([slip])
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
        suggests = suggests or self._change(lambda changed: self._all_seen(changed, several)) or self._example(several)
        ids = tuple(dict.fromkeys(slip.id for slip in several))
        return Finding("same_digits", "; ".join(slip.says for slip in several), "", self.written.names(cells), suggests, ids)

    def _enough(self, shows: Callable[[int], bool]) -> str:
        """The fewest decimals that would do, or nothing."""
        k = next((k for k in range(self.decimals + 1, MOST_DIGITS + 1) if shows(k)), None)
        return f"{k} decimals" if k else ""

    def _change(self, shows: Callable[[Changed], bool]) -> str:
        """One given number that would do if it were another, or nothing."""
        for changed in self.changes:
            if self.tried > MOST_TRIED:
                break
            if shows(changed):
                self.changes.helped(changed)
                return changed.says
        return ""

    def _all_seen(self, changed: Changed, several: list[Slip]) -> bool:
        """Whether each of some slips shows in a problem, and each of them differently."""
        sheets = [changed.written.numbers]
        for slip in several:
            self.tried += len(self.written.rows)
            try:
                sheets.append(changed.written.of(slipped(changed.right, slip)))
            except Undefined:
                return False
        return all(differ(one, other, self.decimals).any() for one, other in combinations(sheets, 2))

    def _example(self, several: list[Slip]) -> str:
        """Whether one more example would do."""
        if not self.sheet.names.output or not (changed := with_another_example(self.sheet)):
            return ""
        wanted = [(slip.id, slip.says) for slip in several]
        same = [slip for slip in slips(changed.right.sheet) if (slip.id, slip.says) in wanted]
        return changed.says if len(same) == len(wanted) and self._all_seen(changed, same) else ""
