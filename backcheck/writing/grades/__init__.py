"""The formats in which graded submissions are written; each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backcheck.grading.result import Result
    from backcheck.writing.grades.about import About


# The modules here that write them.
FORMATS = ("text", "json", "jsonl", "csv", "markdown", "junit", "github", "gradescope", "prairielearn", "classroom50")


def written(format: str, results: Sequence[Result], about: About) -> str:
    """The results in a format of the table."""
    module = import_module(f"backcheck.writing.grades.{format}")
    text: str = module.text(results, about)
    return text
