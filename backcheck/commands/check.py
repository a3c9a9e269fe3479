"""`backcheck check`: a problem by every road, gradients that somebody computed, or what an exercise cannot reveal."""

from __future__ import annotations

from backcheck.commands import Answer
from backcheck.commands.output import look, width
from backcheck.commands.problems import given
from backcheck.spelling import Figures

SHOWN_DIGITS = 6


def check(
    file: str,
    all: bool,
    certify: int | None,
    gradients: str | None,
    lint: bool,
    decimals: int,
    exit_zero: bool,
    format: str,
    **road: str | None,  # `with` is no name in Python
) -> Answer:
    """Every derivative by independent roads."""
    from backcheck.marking.check import check as checked
    from backcheck.writing.check import as_json, text

    found = checked(given(file))
    written = as_json(found) if format == "json" else text(found, all, Figures(SHOWN_DIGITS), width(), *look())
    return Answer(written, found.agrees or exit_zero)
