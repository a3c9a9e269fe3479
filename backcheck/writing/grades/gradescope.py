"""One graded submission → the results.json of Gradescope; its score is given as a whole, as the sum of rounded parts is another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from backcheck.grading.result import NOT_JUDGED, CellMark, Result
from backcheck.writing.grades import words
from backcheck.writing.grades.about import About

PASSED, FAILED = "passed", "failed"


def text(results: Sequence[Result], about: About) -> str:
    """The document of the only submission."""
    return json.dumps(_document(words.only(results, "gradescope"), about), indent=1, allow_nan=False) + "\n"


def _document(result: Result, about: About) -> dict[str, Any]:
    says = words.unreadable(result) or f"{words.score(result)}: {words.tally(result)}"
    title = words.visible(about.title or about.problem)
    return {
        "score": words.number(result.score),
        "output": f"{title}\n{says}" if title else says,
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "tests": [_test(mark, i) for i, mark in enumerate(result.cells, 1)],
        "extra_data": {"format": "backcheck.gradescope", "version": 1, "share": words.number(result.share)},
    }


def _test(mark: CellMark, i: int) -> dict[str, Any]:
    """A number; one that counts nothing has no score, and one that cannot be judged is neither passed nor failed."""
    test: dict[str, Any] = {"number": str(i), "name": words.visible(mark.name)}
    if mark.of:
        test |= {"score": words.number(mark.points), "max_score": words.number(mark.of)}
    if mark.verdict != NOT_JUDGED:
        test["status"] = PASSED if mark.verdict in words.GOOD else FAILED
    says = words.body(mark) if words.because(mark) or mark.verdict not in words.GOOD else ""
    return {**test, "output": "\n".join(filter(None, (words.SAID[mark.verdict], says)))}
