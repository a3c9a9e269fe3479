"""Graded submissions → CSV, one row for each, in which no spreadsheet finds a formula; it looks at cells only to count them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from backcheck.grading.result import Result
from backcheck.writing.grades.about import About
from backcheck.writing.grades.words import MOST_WRITTEN, number, visible

SCORES = ("file", "student", "score", "out_of", "share", "passed")
HEADER = (*SCORES, "first_wrong", "wrong", "missing", "unreadable", "status")
# What a spreadsheet takes for a formula (OWASP, "CSV injection"), and what a runner of workflows takes for a command.
GUARDED = frozenset("=+-@\t\r\n＝＋－＠:")
PASSED = {True: "true", False: "false", None: ""}
QUOTED = re.compile(r'[",;\t\r\n]')  # a spreadsheet may split at ; where the comma is the decimal sign


def text(results: Sequence[Result], about: About) -> str:  # noqa: ARG001
    """The header, and a row for each."""
    return header() + rows(results)


def header() -> str:
    return ",".join(HEADER) + "\n"


def rows(results: Iterable[Result]) -> str:
    """A row for each submission. What many have in common, file and scores, is written once."""
    files: dict[str, str] = {}
    scores: dict[object, str] = {}
    found = []
    for result in results:
        file, score = result.file, (*result.score.as_integer_ratio(), *result.out_of.as_integer_ratio(), result.passed)
        if file not in files:
            files[file] = guarded(file)
        if score not in scores:
            scores[score] = _score(result)
        found.append(f"{files[file]},{guarded(result.student or '')},{scores[score]},{_found(result)}\n")
    return "".join(found)


def _score(result: Result) -> str:
    return f"{number(result.score)},{number(result.out_of)},{number(result.share)},{PASSED[result.passed]}"


def _found(result: Result) -> str:
    """What is wrong with it."""
    if result.fault:
        where = f"line {result.fault.line}, column {result.fault.column}"
        return ",0,0,0," + guarded(f"unreadable: {result.fault.says} ({where})")
    wrong, missing, unreadable = result.count()
    return f"{_quantity(result.first_wrong or '') if wrong else ''},{wrong},{missing},{unreadable},graded"


@lru_cache(10_000)
def _quantity(name: str) -> str:
    return guarded(name)


def guarded(text: str) -> str:
    """A field that a spreadsheet shows as it is.

    >>> guarded("=1+1"), guarded("Zoë"), guarded("-0.5\\n"), guarded('a"b')
    ("'=1+1", 'Zoë', "'-0.5\\\\n", '"a""b"')
    """
    if text.isalnum() and len(text) <= MOST_WRITTEN:  # most names of students
        return text
    field = ("'" if text[:1] in GUARDED else "") + visible(text)
    return '"' + field.replace('"', '""') + '"' if QUOTED.search(field) else field
