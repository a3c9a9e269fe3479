"""Everything that can be wrong with what somebody handed in, as plain records; it knows nothing of files, screens or exit codes."""

from __future__ import annotations

from typing import NamedTuple

SHORT_FOR = {"mse": "mean_squared_error", "bce": "binary_cross_entropy", "ce": "cross_entropy", "sse": "squared_error"}
SHORT_FOR |= {"mae": "absolute_error", "lr": "learning_rate", "rate": "learning_rate", "bias": "biases", "swish": "silu"}
MARGIN = 40  # characters kept on either side of a mark when a line of the file is too long to show


class BackcheckError(Exception):
    """The root of all errors a caller may want to catch: something in the input, never a fault of backcheck."""


class NoSuchQuantity(BackcheckError, KeyError):
    """A name that stands for nothing in this worksheet."""

    __str__ = Exception.__str__


class Undefined(BackcheckError):
    """A quantity of a legal problem has no value: ln 0, an overflow."""


class CannotWrite(BackcheckError):
    """Standard output takes no more: the disk is full."""


class BadArgument(BackcheckError):
    """Options of a command that cannot stand together, or a value that means nothing."""


class Fault(NamedTuple):
    """One thing wrong at one place of a file; lines and columns count from 1."""

    line: int
    column: int
    says: str
    way_out: str = ""
    width: int = 1

    def report(self, file: str, source: list[str]) -> str:
        """The fault as people read it: place, sentence, the line with a mark under it, the way out."""
        lines = [f"{file}:{self.line}:{self.column}: {self.says}"]
        if 1 <= self.line <= len(source) and source[self.line - 1].strip():
            lines += _excerpt(self, source[self.line - 1])
        return "\n".join(lines + [f"    {line}" for line in self.way_out.splitlines()])


class BadProblem(BackcheckError):
    """A problem file that cannot be used, with every fault found in it, in file order."""

    def __init__(self, file: str, faults: list[Fault], source: str = "") -> None:
        self.file, self.faults = file, sorted(set(faults))
        called, lines = file.replace("\n", "\\n"), source.splitlines()
        super().__init__("\n".join(fault.report(called, lines) for fault in self.faults))


def _excerpt(fault: Fault, line: str) -> list[str]:
    """The line of the file, made safe to print, and a row of ^ under what is meant."""
    start = min(fault.column - 1, len(line))
    left, right = max(0, start - MARGIN), start + MARGIN
    shown = "".join(c if c.isprintable() else " " for c in line[left:right])
    lead = "…" if left else ""
    mark = "^" * max(1, min(fault.width, len(shown) - (start - left)))
    number = f"{fault.line:>5} | "
    return [
        f"{number}{lead}{shown}{'…' if right < len(line) else ''}".rstrip(),
        " " * (len(number) - 2) + "| " + " " * (start - left + len(lead)) + mark,
    ]


def did_you_mean(word: str, known: list[str]) -> str:
    """A question naming the nearest known word, or nothing."""
    from difflib import get_close_matches

    if len(word) > 100:  # no slip of the finger, and slow to compare
        return ""
    near = [full for full in (SHORT_FOR.get(word.lower()),) if full in known] or get_close_matches(word, known, n=1, cutoff=0.6)
    if not near:
        near = [k for k in known if k.lower() == word.lower()]
    return f"did you mean {near[0]!r}?" if near else ""
