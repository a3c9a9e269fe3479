"""The formats in which graded submissions are written; each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from backcheck.grading.result import Result
    from backcheck.writing.grades.about import About


class Form(NamedTuple):
    """A format: the module here that writes it, and how its files end."""

    module: str
    extension: str


FORMATS = {
    "text": Form("text", "txt"),
    "json": Form("json", "json"),
    "jsonl": Form("jsonl", "jsonl"),
    "csv": Form("csv", "csv"),
    "markdown": Form("markdown", "md"),
    "junit": Form("junit", "xml"),
    "github": Form("github", "txt"),
    "gradescope": Form("gradescope", "json"),
    "prairielearn": Form("prairielearn", "json"),
    "classroom50": Form("classroom50", "json"),
}


def written(format: str, results: Sequence[Result], about: About) -> str:
    """The results in a format of the table."""
    module = import_module(f"backcheck.writing.grades.{FORMATS[format].module}")
    text: str = module.text(results, about)
    return text
