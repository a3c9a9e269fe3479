"""What is said of a line in the end, as records; they know nothing of how it was found, or of how it is shown."""

from __future__ import annotations

from typing import NamedTuple

PROVEN, FALSE, DOES_NOT_FOLLOW = "proven", "false", "does not follow"
NOT_PROVEN, NOT_UNDERSTOOD = "not proven", "not understood"
WRONG = (FALSE, DOES_NOT_FOLLOW)


class Number(NamedTuple):
    """A number to redo by hand: exactly (2/9, ln 2 - 1), where it can be said, and as a decimal."""

    exact: str
    decimal: str


class Counterexample(NamedTuple):
    """Numbers for which the two sides differ."""

    sizes: tuple[tuple[str, int], ...]  # K = 3
    indices: tuple[tuple[str, int], ...]  # i = 1, counting from 1
    values: tuple[tuple[str, Number], ...]  # z[1], z[2], …, y
    sign: str
    left: Number
    right: Number


class Suggestion(NamedTuple):
    """A repair: the whole line as it would stand, and what was changed."""

    text: str
    says: str  # a minus for a plus


class Decision(NamedTuple):
    """The answer to one question: does this relation hold, here?"""

    verdict: str
    says: str = ""
    needs: tuple[str, ...] = ()  # conditions that were found, not given: 0 < y < 1
    used: frozenset[int] = frozenset()  # which of the givens it took
    counterexample: Counterexample | None = None
    fault: str = ""  # of backcheck itself: the two roads disagree
    rule: str = ""  # by which rule of the table, for a conclusion
    slip: str = ""  # the id of a mistake that has a name


class Judged(NamedTuple):
    """A line with its verdict."""

    line: int
    text: str
    echo: str  # how it was understood, in plain signs
    verdict: str
    says: str = ""  # why, one sentence
    slip: str = ""  # the id of a mistake that has a name
    needs: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    suggestions: tuple[Suggestion, ...] = ()
    remarks: tuple[str, ...] = ()
    column: int = 0  # of what was not understood
    way_out: str = ""
    reason: str = ""  # the comment that was written beside it
    values: tuple[tuple[str, str], ...] = ()  # with --numbers: each side, and its number
    rule: str = ""  # by which rule of the table it was decided


class Derivation(NamedTuple):
    """All lines that say something that can be right or wrong, and what there is to say about the whole."""

    title: str
    lines: tuple[Judged, ...]
    remarks: tuple[str, ...] = ()  # a case that is missing, a given that nothing needs
    faults: tuple[str, ...] = ()

    @property
    def first_wrong(self) -> Judged | None:
        return next((line for line in self.lines if line.verdict in WRONG), None)
