"""Graded submissions → JSON lines: the submissions of the JSON document, one in each line."""

from __future__ import annotations

from collections.abc import Sequence

from backcheck.grading.result import Result
from backcheck.writing.grades.about import About
from backcheck.writing.grades.json import line


def text(results: Sequence[Result], about: About) -> str:  # noqa: ARG001
    """Lines without a head, so that files can be joined."""
    return "".join(line(result) + "\n" for result in results)
