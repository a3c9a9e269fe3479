"""Graded submissions → CSV, one row for each, in which no spreadsheet finds a formula; it looks at cells only to count them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from operator import itemgetter

from backcheck.grading.result import MISSING, UNREADABLE, WRONG, CellMark, Result
from backcheck.writing.grades.about import About
from backcheck.writing.grades.words import GOOD, number, visible

SCORES = ("file", "student", "score", "out_of", "share", "passed")
HEADER = (*SCORES, "first_wrong", "mistake", "wrong", "missing", "unreadable", "status")
# What a spreadsheet takes for a formula (OWASP, "CSV injection"), and what a runner of workflows takes for a command.
GUARDED = frozenset("=+-@\t\r\n＝＋－＠:")
PASSED = {True: "true", False: "false", None: ""}
VERDICT = itemgetter(CellMark._fields.index("verdict"))
COUNTED = (WRONG, MISSING, UNREADABLE)
NONE = (0, 0, 0)
Row = tuple[object, ...]


def text(results: Sequence[Result], about: About) -> str:  # noqa: ARG001
    """The header, and a row for each."""
    return lines([HEADER]) + lines(rows(results))


def lines(table: Iterable[Row]) -> str:
    """Rows as text, quoted where they have to be."""
    file = StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows(table)
    return file.getvalue()


def rows(results: Iterable[Result]) -> Iterator[Row]:
    """A row for each submission."""
    seen: dict[tuple[int, ...], Row] = {}  # few scores in many submissions, and fractions are slow
    for result in results:
        score, out_of = result.score, result.out_of
        key = score.numerator, score.denominator, out_of.numerator, out_of.denominator
        scores = seen.get(key) or seen.setdefault(key, (number(score), number(out_of), number(result.share)))
        yield (guarded(result.file), guarded(result.student or ""), *scores, PASSED[result.passed], *_found(result))


def _found(result: Result) -> Row:
    """What is wrong with it."""
    if result.fault:
        where = f"line {result.fault.line}, column {result.fault.column}"
        return ("", "", 0, 0, 0, guarded(f"unreadable: {result.fault.says} ({where})"))
    first = result.first_wrong
    verdicts = list(map(VERDICT, result.cells))
    counts = NONE if GOOD.issuperset(verdicts) else tuple(map(verdicts.count, COUNTED))
    return (guarded(first) if first else "", _mistake(result, first) if first else "", *counts, "graded")


def _mistake(result: Result, name: str) -> str:
    """What explains the first wrong number, or all that could."""
    mistake = next((cell.mistake for cell in result.cells if cell.name == name), None)
    return (mistake.id or " or ".join(mistake.fits)) if mistake else ""


def guarded(text: str) -> str:
    """Text that a spreadsheet shows as it is.

    >>> guarded("=1+1"), guarded("Zoë"), guarded("-0.5\\n")
    ("'=1+1", 'Zoë', "'-0.5\\\\n")
    """
    return ("'" if text[:1] in GUARDED else "") + visible(text)
