"""What is said of a submission and of each of its numbers, as plain records that every format is written from."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from backcheck.errors import Fault

RIGHT, FOLLOWS, WRONG, MISSING = "right", "follows", "wrong", "missing"
UNREADABLE, NOT_JUDGED = "unreadable", "not_judged"
VERDICTS = (RIGHT, FOLLOWS, WRONG, MISSING, UNREADABLE, NOT_JUDGED)


class Mistake(NamedTuple):
    """What explains a wrong number: the one mistake that does, or every one that could."""

    id: str | None  # None where several explain it
    says: str
    fits: tuple[str, ...]


class Equality(NamedTuple):
    """One `=` of a line of working."""

    left: str
    right: str
    holds: bool
    says: str = ""


class CellMark(NamedTuple):
    """What is said of one number."""

    name: str
    row: str  # of the worksheet: "dL/dW2"
    verdict: str
    written: str | None = None
    expected: float | None = None  # only where the key is shown
    from_own: float | None = None  # what the step gives from the student's own earlier numbers
    line: int | None = None
    mistake: Mistake | None = None
    reason: str = ""  # a remark for the student, in a sentence; never holds the true value
    rule: str = ""  # the formula of the step: ∂L/∂z2[1]·a1[1]
    numbers: str = ""  # the same with the student's own numbers put in
    working: tuple[Equality, ...] = ()
    points: Fraction = Fraction(0)
    of: Fraction = Fraction(0)


class Result:
    """One submission: graded, or unreadable (then `fault` says where and why, and there are no cells)."""

    __slots__ = ("cells", "fault", "file", "out_of", "passed", "score", "source", "student")

    def __init__(
        self,
        file: str,
        student: str | None,
        cells: tuple[CellMark, ...],
        score: Fraction,
        out_of: Fraction,
        passed: bool | None = None,  # None: the problem names no pass mark
        fault: Fault | None = None,
        source: str = "",
    ) -> None:
        self.file, self.student, self.cells = file, student, cells
        self.score, self.out_of, self.passed = score, out_of, passed
        self.fault, self.source = fault, source

    @property
    def first_wrong(self) -> str | None:
        """The earliest wrong number, in the order of the worksheet."""
        return next((cell.name for cell in self.cells if cell.verdict == WRONG), None)

    def count(self) -> tuple[int, int, int]:
        """How many numbers are wrong, missing, unreadable."""
        verdicts = [cell.verdict for cell in self.cells]
        return verdicts.count(WRONG), verdicts.count(MISSING), verdicts.count(UNREADABLE)

    @property
    def share(self) -> Fraction:
        """The score as a part of what could be reached: exactly 1 for full marks."""
        return self.score / self.out_of if self.out_of else Fraction(0)

    @property
    def right(self) -> bool:
        """Nothing that was handed in is wrong, and something is right."""
        bad = {WRONG, UNREADABLE}
        return (
            self.fault is None
            and any(c.verdict in (RIGHT, FOLLOWS) for c in self.cells)
            and not any(c.verdict in bad for c in self.cells)
        )
