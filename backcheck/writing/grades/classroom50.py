"""One graded submission → the result.json of Classroom 50, in whole numbers; who it is of stands in the environment."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any

from backcheck.errors import BadArgument
from backcheck.grading.result import Result
from backcheck.writing.grades import words
from backcheck.writing.grades.about import About

SCHEMA = "classroom50/result/v1"
SCALE = 1000  # points where the score is not whole: the most a test of theirs may have
# what the document names → the variables it is read from, the first one that is set
IDS = {
    "classroom": ("CLASSROOM",),
    "assignment": ("ASSIGNMENT",),
    "assignment_type": ("ASSIGNMENT_TYPE",),
    "owner": ("USERNAME", "OWNER"),
    "submission": ("SUBMISSION_TAG",),
    "commit": ("COMMIT_URL",),
    "release": ("RELEASE_URL",),
    "review": ("REVIEW_URL", "COMMIT_URL"),
}
TIME = re.compile(r"submit/(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z")
DEFAULTS = {"assignment_type": "individual"}


def text(results: Sequence[Result], about: About) -> str:
    """The document of the only submission."""
    result = words.only(results, "classroom50")
    ids = {key: _id(about.environment, key) for key in IDS}
    document = {"schema": SCHEMA, **ids, "datetime": _instant(about, ids["submission"]), **_scores(result)}
    return json.dumps(document, indent=1, allow_nan=False) + "\n"


def _id(environment: Mapping[str, str], key: str) -> str:
    """What the runner of Classroom 50 says of the submission."""
    found = next((environment[name] for name in IDS[key] if environment.get(name)), "")
    if found or key in DEFAULTS:
        return found or DEFAULTS[key]
    raise BadArgument(
        f"--format classroom50 is for a run of Classroom 50, which sets {' or '.join(IDS[key])}; it is not set here: "
        "choose json to see the grade"
    )


def _instant(about: About, tag: str) -> str:
    """When it was handed in, which the tag of the submission tells where nobody else does."""
    time = TIME.match(tag)
    if about.datetime or not time:
        return about.datetime
    return f"{time[1]}T{time[2]}:{time[3]}:{time[4]}Z"


def _scores(result: Result) -> dict[str, Any]:
    """The total and a test for each number. Points are as they are where all are whole, else parts of a thousand."""
    every = [result.score, result.out_of, *(value for mark in result.cells for value in (mark.points, mark.of))]
    whole = all(value.denominator == 1 for value in every)
    most = int(result.out_of) if whole or not result.out_of else SCALE
    score = most if result.share == 1 else max(0, min(round(result.share * most), most - 1))  # full marks are for nothing less
    return {"score": score, "max-score": most, "tests": _tests(result, score, most)}


def _tests(result: Result, score: int, most: int) -> list[dict[str, Any]]:
    """Their points are whole and sum to the total, which is how Classroom 50 means it."""
    if result.fault:
        return [_test("the file can be read", False, 0, most, words.unreadable(result))]
    earned = apportioned(score, [mark.points for mark in result.cells])
    lost = apportioned(most - score, [mark.of - mark.points for mark in result.cells])
    names = words.unique(words.visible(mark.name) for mark in result.cells)
    return [
        _test(name, mark.verdict in words.GOOD, got, got + gone, words.body(mark) or words.SAID[mark.verdict])
        for mark, name, got, gone in zip(result.cells, names, earned, lost, strict=True)
    ]


def _test(name: str, passed: bool, score: int, most: int, message: str) -> dict[str, Any]:
    return {"test-name": name, "passed": passed, "score": score, "max-score": most, "message": message}


def apportioned(total: int, parts: Sequence[Fraction]) -> list[int]:
    """Whole numbers in the proportion of the parts that sum to the total: rounded down, and up where most would be lost.

    >>> apportioned(10, [Fraction(1), Fraction(1), Fraction(1)]), apportioned(7, [Fraction(0), Fraction(2)])
    ([4, 3, 3], [0, 7])
    """
    whole = sum(parts, start=Fraction(0))
    exact = [part * total / whole for part in parts] if whole else [Fraction(0)] * len(parts)
    shares = [floor(part) for part in exact]
    nearest = sorted(range(len(parts)), key=lambda i: shares[i] - exact[i])
    up = set(nearest[: total - sum(shares)] if whole else ())
    return [share + (i in up) for i, share in enumerate(shares)]
