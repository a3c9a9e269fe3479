"""`backcheck check`: a problem by every road, gradients that somebody computed, or what an exercise cannot reveal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backcheck.commands import Answer
from backcheck.commands.output import look, width
from backcheck.commands.problems import given
from backcheck.errors import BadArgument

if TYPE_CHECKING:
    from backcheck.worksheet import Worksheet

SHOWN_DIGITS = 6


def check(
    file: str,
    all: bool,
    certify: int | None,
    with_: str | None,
    gradients: str | None,
    lint: bool,
    decimals: int,
    exit_zero: bool,
    format: str,
) -> Answer:
    """Every derivative by independent roads."""
    asked = {"--certify": certify, "--with": with_, "--gradients": gradients, "--lint": lint}
    named = [option for option, value in asked.items() if value]
    if len(named) > 1 and set(named) != {"--certify", "--with"}:
        raise BadArgument(f"choose one of {' and '.join(named)}")
    sheet = given(file)
    if gradients:
        answer = _of_gradients(sheet, gradients, format)
    elif lint:
        answer = _lint(sheet, decimals, format)
    else:
        answer = _by_roads(sheet, all, certify, with_, format)
    return answer._replace(right=answer.right or exit_zero)


def _by_roads(sheet: Worksheet, everything: bool, certify: int | None, library: str | None, format: str) -> Answer:
    from backcheck.marking.check import check as checked
    from backcheck.spelling import Figures
    from backcheck.writing.check import as_json, text

    found = checked(sheet, library)
    if certify:
        from backcheck.marking.certificate import certificate

        found = found._replace(certified=certificate(found.done, certify))
    if format == "json":
        return Answer(as_json(found), found.agrees)
    return Answer(text(found, everything, Figures(SHOWN_DIGITS), width(), *look()), found.agrees)


def _of_gradients(sheet: Worksheet, path: str, format: str) -> Answer:
    """Arrays that somebody computed, held against those by hand."""
    from backcheck.marking.gradients import check_gradients
    from backcheck.problem.gradients import read_gradients
    from backcheck.writing.gradients import as_json, text

    report = check_gradients(sheet, read_gradients(path))
    return Answer(as_json(report) if format == "json" else text(report), report.agrees)


def _lint(sheet: Worksheet, decimals: int, format: str) -> Answer:
    """What the exercise cannot reveal; nothing is wrong with it for that."""
    from backcheck.marking.lint import lint
    from backcheck.writing.lint import as_json, text

    findings = lint(sheet, decimals)
    return Answer(as_json(findings, decimals) if format == "json" else text(findings, decimals, width()))
