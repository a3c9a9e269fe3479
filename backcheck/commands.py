"""The commands and their options, as data, and what each does; who reads the command line is no matter here.

Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from backcheck.errors import BadArgument, Undefined

if TYPE_CHECKING:
    from backcheck.roads.work import WorkedSheet
    from backcheck.spelling import Figures
    from backcheck.worksheet import Worksheet
    from backcheck.writing.report import Report

NARROWEST = 24  # a terminal narrower than this wraps lines itself
PIPED_WIDTH = 100  # columns where there is no terminal and COLUMNS is not set
SHOWN_DIGITS = 6


class Parameter(NamedTuple):
    """An argument or an option of a command; without a default it is an argument."""

    name: str
    type: type
    help: str
    default: Any = None
    metavar: str | None = None
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    required: bool = False


class Command(NamedTuple):
    """What `backcheck NAME` takes and does; `run` returns what goes to stdout."""

    name: str
    help: str
    parameters: tuple[Parameter, ...]
    run: Callable[..., str]


def step(
    file: str,
    digits: int | None,
    decimals: int | None,
    on_paper: int | None,
    steps: int,
    only: str | None,
    rate: str | None,
    format: str,
) -> str:
    """The worksheet of a problem, worked and written."""
    if digits is not None and decimals is not None:
        raise BadArgument("choose one of --digits and --decimals")
    from backcheck.spelling import Figures
    from backcheck.writing.report import report

    sheet = _with_rate(_load(file), rate)
    done, losses = _worked(sheet, steps, on_paper)
    figures = Figures(digits, decimals)
    if figures == Figures() and on_paper is not None:
        figures = Figures(decimals=on_paper, at_least=True)
    elif figures == Figures() and format != "json":
        figures = Figures(SHOWN_DIGITS)
    return _written(report(done, only, losses), format, figures, only is not None)


def schema(format: str = "json") -> str:  # noqa: ARG001 - a schema is JSON in either format
    """The JSON Schema of problem files."""
    import json

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


def _load(file: str) -> Worksheet:
    from backcheck import api

    if file == "-":
        from backcheck.problem.text import LARGEST

        if sys.stdin is None:
            raise BadArgument("standard input is closed")
        return api.loads(sys.stdin.buffer.read(LARGEST + 1), "standard input")
    return api.load(file)


def _with_rate(sheet: Worksheet, rate: str | None) -> Worksheet:
    if rate is None:
        return sheet
    from backcheck import api
    from backcheck.arithmetic import number
    from backcheck.problem.reading import written

    value = number(rate)
    if value is None or not 0 <= value < float("inf"):
        raise BadArgument(f"--rate {rate!r} is no learning rate: give a number such as 0.5 or 1/4")
    return api.with_rate(sheet, value, written(rate) or "")


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

    width = max(NARROWEST, shutil.get_terminal_size((PIPED_WIDTH, 24)).columns)
    if not _shows_signs():
        from backcheck.spelling import PLAIN

        return text(report, figures, width, spelling=PLAIN)
    if not _colour():
        return text(report, figures, width)
    from backcheck.writing.colour import drawer

    return text(report, figures, width, drawer(width))


def _shows_signs() -> bool:
    """Whether standard output knows the signs of mathematics."""
    try:
        "∂σ−·η′²ΣΦφ½→─╭".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _colour() -> bool:
    """Colours on a terminal, unless NO_COLOR or TERM=dumb; elsewhere only if FORCE_COLOR asks for them."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty() or os.environ.get("FORCE_COLOR", "0") not in ("", "0")


COMMANDS = {
    command.name: command
    for command in (
        Command(
            "step",
            "Show one step, line by line. Forward pass, loss, backward pass and SGD update, as formula = numbers = result.",
            (
                Parameter("file", str, "A problem file (YAML), or - for standard input.", metavar="FILE", required=True),
                Parameter("digits", int, f"Show so many significant digits ({SHOWN_DIGITS} unless told).", least=1, most=17),
                Parameter("decimals", int, "Show so many decimals.", least=0, most=30),
                Parameter(
                    "on_paper", int, "Round every result to so many decimals and carry the rounded number on.", least=0, most=15
                ),
                Parameter(
                    "steps", int, "Take so many steps: the loss of each, and the sheet of the last.", 1, least=1, most=1_000_000
                ),
                Parameter("only", str, "One quantity, like dL/dw5, and all that it comes from.", metavar="NAME"),
                Parameter("rate", str, "Another learning rate than the file's.", metavar="NUMBER"),
                Parameter("format", str, "How to write the worksheet.", "text", choices=("text", "json", "markdown", "latex")),
            ),
            step,
        ),
        Command(
            "schema",
            "Print the JSON Schema of problems. It is of draft 7, for editors that complete and check files.",
            (Parameter("format", str, "A schema is JSON in either.", "json", choices=("text", "json")),),
            schema,
        ),
        Command(
            "new",
            "Write a ready problem file. Its numbers are pleasant to work by hand.",
            (
                Parameter("shape", str, "Inputs, hidden units and outputs: 2-3-2.", metavar="SHAPE", required=True),
                Parameter("activation", str, "Of the hidden layers, and of the outputs where the loss allows it.", "sigmoid"),
                Parameter("loss", str, "The loss.", "squared_error"),
                Parameter("examples", int, "How many examples.", 1, least=1, most=100),
                Parameter("seed", int, "Another seed, other numbers.", 0, least=0, most=2**31),
                Parameter("format", str, "The file itself, or JSON that holds it.", "text", choices=("text", "json")),
            ),
            new,
        ),
    )
}
