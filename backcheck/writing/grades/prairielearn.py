"""One graded submission → the results.json of PrairieLearn, below the size that it takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from backcheck.grading.result import CellMark, Result
from backcheck.writing.grades import words
from backcheck.writing.grades.about import About

MOST_BYTES = 1_000_000  # of a results.json
Tests = list[dict[str, Any]]


def text(results: Sequence[Result], about: About) -> str:  # noqa: ARG001
    """The document of the only submission, with its numbers one by one if there is room."""
    result = words.only(results, "prairielearn")
    documents = (json.dumps(_document(result, tests), allow_nan=False) + "\n" for tests in TESTS)
    return next(document for document in documents if len(document) < MOST_BYTES)


def _document(result: Result, tests: Callable[[Result], Tests]) -> dict[str, Any]:
    """What cannot be read is not graded, and uses up no attempt."""
    if result.fault:
        return {"gradable": False, "score": 0, "format_errors": [words.unreadable(result)]}
    says = f"{words.score(result)}: {words.tally(result)}"
    return {"gradable": True, "score": words.number(result.share), "message": says, "tests": tests(result)}


def _by_number(result: Result) -> Tests:
    return [_test(words.visible(mark.name), mark.points, mark.of, _message(mark)) for mark in result.cells]


def _by_array(result: Result) -> Tests:
    """The numbers of a row of the sheet together."""
    rows: dict[str, list[CellMark]] = {}
    for mark in result.cells:
        rows.setdefault(mark.row, []).append(mark)
    return [_test(words.visible(row), _sum(m.points for m in marks), _sum(m.of for m in marks), "") for row, marks in rows.items()]


def _by_nothing(result: Result) -> Tests:  # noqa: ARG001
    return []


TESTS = (_by_number, _by_array, _by_nothing)


def _sum(values: Any) -> Fraction:
    return sum(values, start=Fraction(0))


def _test(name: str, points: Fraction, of: Fraction, message: str) -> dict[str, Any]:
    """Both points always: where one test lacks them, PrairieLearn shows those of none."""
    test = {"name": name, "points": words.number(points), "max_points": words.number(of)}
    return {**test, "message": message} if message else test


def _message(mark: CellMark) -> str:
    says = words.body(mark) if words.because(mark) or mark.verdict not in words.GOOD else ""
    return "\n".join(filter(None, (words.SAID[mark.verdict], says)))
