"""Graded submissions → the JSON of `backcheck grade`; scores become floats here and nowhere before."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from backcheck.grading.result import CellMark, Result
from backcheck.writing.grades.about import About
from backcheck.writing.grades.words import number

NOTHING = '"expected": null, "from_own": null, "mistake": null}'


def text(results: Sequence[Result], about: About) -> str:
    """One document, one submission to a line."""
    head = {"format": "backcheck.grade", "version": 1, "title": about.title, "problem": about.problem, "hints": about.hints}
    lines = ",\n  ".join(line(result) for result in results)
    return f'{_safe(json.dumps(head))[:-1]}, "submissions": [\n  {lines}\n]}}\n'


def line(result: Result) -> str:
    """A submission as JSON in one line.

    >>> from fractions import Fraction
    >>> line(Result("a.yaml", None, (), Fraction(1, 2), Fraction(2)))
    '{"file": "a.yaml", "student": null, "score": 0.5, "out_of": 2, "share": 0.25, "passed": null, "first_wrong": null, \
"error": null, "cells": []}'
    """
    fault = result.fault
    head = {
        "file": result.file,
        "student": result.student,
        "score": number(result.score),
        "out_of": number(result.out_of),
        "share": number(result.share),
        "passed": result.passed,
        "first_wrong": result.first_wrong,
        "error": {"line": fault.line, "column": fault.column, "says": fault.says} if fault else None,
    }
    return _safe(f'{json.dumps(head)[:-1]}, "cells": [{", ".join(map(_cell, result.cells))}]}}')


def _cell(mark: CellMark) -> str:
    """One number; most have a verdict and nothing more, and are written without making a dictionary."""
    written = "null" if mark.written is None else quoted(mark.written)
    of = number(mark.of)
    points = of if mark.points is mark.of else number(mark.points)
    plain = (
        f'{{"name": {quoted(mark.name)}, "written": {written}, "verdict": "{mark.verdict}", "line": {mark.line or "null"}, '
        f'"points": {points}, "of": {of}, '
    )
    return plain + (NOTHING if _silent(mark) else json.dumps(_rest(mark), allow_nan=False)[1:])


def _silent(mark: CellMark) -> bool:
    said = mark.mistake or mark.reason or mark.rule or mark.numbers or mark.working
    return not said and mark.expected is None and mark.from_own is None


def _rest(mark: CellMark) -> dict[str, Any]:
    """What is said of a number; beside what the contract names, only what there is."""
    rest: dict[str, Any] = {
        "expected": _finite(mark.expected),
        "from_own": _finite(mark.from_own),
        "mistake": mark.mistake and mark.mistake._asdict(),
    }
    rest |= {key: value for key in ("reason", "rule", "numbers") if (value := getattr(mark, key))}
    return rest | ({"working": [equality._asdict() for equality in mark.working]} if mark.working else {})


def _finite(value: float | None) -> float | None:
    """JSON has no infinity."""
    return value if value is not None and math.isfinite(value) else None


def _safe(document: str) -> str:
    """The same document to a reader of JSON; a runner of workflows would obey `##[` within a line."""
    return document.replace("##[", "#\\u0023[")
