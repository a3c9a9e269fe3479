"""`backcheck step`, `schema` and `new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backcheck.commands.output import look, width
from backcheck.commands.problems import given, given_problem, with_rate
from backcheck.errors import BadArgument, Undefined

if TYPE_CHECKING:
    from backcheck.roads.work import WorkedSheet
    from backcheck.spelling import Figures
    from backcheck.worksheet import Worksheet
    from backcheck.writing.report import Report

SHOWN_DIGITS = 6


def step(
    file: str,
    digits: int | None,
    decimals: int | None,
    on_paper: int | None,
    steps: int,
    only: str | None,
    rate: str | None,
    optimiser: str | None,
    format: str,
) -> str:
    """The worksheet of a problem, worked and written."""
    if digits is not None and decimals is not None:
        raise BadArgument("choose one of --digits and --decimals")
    from backcheck.spelling import Figures
    from backcheck.writing.report import report

    sheet = with_rate(given(file) if optimiser is None else _with_optimiser(file, optimiser), rate)
    done, losses = _worked(sheet, steps, on_paper)
    figures = Figures(digits, decimals)
    if figures == Figures() and on_paper is not None:
        figures = Figures(decimals=on_paper, at_least=True)
    elif figures == Figures() and format != "json":
        figures = Figures(SHOWN_DIGITS)
    return _written(report(done, only, losses), format, figures, only is not None)


def _with_optimiser(file: str, optimiser: str) -> Worksheet:
    """The worksheet with the update of another optimiser than the file's."""
    from backcheck.api import completed
    from backcheck.problem.options import with_options

    found = given_problem(file)
    if not found.blank.names.output:
        raise BadArgument("--optimiser is for networks; the variables of an expression go down the slope")
    return completed(with_options(found, {"optimiser": optimiser}))


def schema(of: str = "problem", format: str = "json") -> str:  # noqa: ARG001 - a schema is JSON in either format
    """The JSON Schema of problem files, of answers, or of the marks."""
    import json

    if of == "marks":
        from importlib.resources import files

        return (files("backcheck.writing.grades") / "grade.schema.json").read_text("utf-8")
    if of == "answers":
        from backcheck.answers.schema import schema as of_answers

        return json.dumps(of_answers(), indent=2)
    from backcheck.problem.schema import schema as of_problems

    return json.dumps(of_problems(), indent=2)


def new(shape: str, activation: str, loss: str, examples: int, seed: int, format: str = "text") -> str:
    """A ready problem file."""
    from backcheck.problem.invent import invent

    problem = invent(shape, activation, loss, examples, seed)
    if format == "text":
        return problem
    import json

    return json.dumps({"format": "backcheck.new", "version": 1, "problem": problem}, indent=1)


def _worked(sheet: Worksheet, count: int, on_paper: int | None) -> tuple[WorkedSheet, list[float]]:
    """The sheet of the last step; the losses before each step and after the last if there are several."""
    from backcheck import api

    if count == 1:
        return api.step(sheet, on_paper), []
    if "eta" not in sheet:
        raise BadArgument("without a learning rate there are no steps: give --rate")
    losses: list[float] = []
    try:
        for done in api.steps(sheet, count, on_paper):
            losses.append(done.loss)
        losses.append(api.step(done.updated(), on_paper).loss)
    except Undefined as error:
        before = f"; L before it: {', '.join(f'{loss:.6g}' for loss in losses[-3:])}" if losses else ""
        raise Undefined(f"in step {len(losses) + 1} of {count}: {error}{before}") from None
    return done, losses


def _written(report: Report, format: str, figures: Figures, only: bool) -> str:
    if format == "json":
        from backcheck.writing.json import as_json

        return as_json(report, figures, only)
    if format == "markdown":
        from backcheck.writing.markdown import markdown

        return markdown(report, figures)
    if format == "latex":
        from backcheck.writing.latex import latex

        return latex(report, figures)
    from backcheck.writing.text import text

    return text(report, figures, width(), *look())
