"""The command line: opens files, prints, and turns errors into exit codes; nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, Optional

import typer

from backcheck import __version__
from backcheck.errors import BackcheckError

if TYPE_CHECKING:
    from backcheck.spelling import Figures
    from backcheck.worksheet import Worksheet
    from backcheck.writing.report import Report

UNUSABLE, FAULT_OF_OURS, INTERRUPTED = 2, 4, 130  # exit codes; 0 all is right, 1 something checked is wrong
EXIT_CODES = (
    "Exit codes: 0 all is right; 1 something checked is wrong; 2 the command line or the problem file is unusable; "
    "4 a fault of backcheck itself; 130 interrupted."
)
PIPED_WIDTH = 100  # columns where there is no terminal and COLUMNS is not set

app = typer.Typer(
    help="Verify backpropagation worked by hand.",
    epilog=EXIT_CODES,
    rich_markup_mode=None,  # importing rich for --help would double its time
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(str, Enum):
    """The formats of `step`."""

    text = "text"
    json = "json"
    markdown = "markdown"
    latex = "latex"


def _version(wanted: bool) -> None:
    if wanted:
        print(f"backcheck {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    pass


@app.command()
def step(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A problem file (YAML), or - for standard input.")],
    digits: Annotated[Optional[int], typer.Option(min=1, max=17, help="Show so many significant digits (6 unless told).")] = None,
    decimals: Annotated[Optional[int], typer.Option(min=0, max=30, help="Show so many decimals.")] = None,
    on_paper: Annotated[
        Optional[int],
        typer.Option(min=0, max=15, help="Round every result to so many decimals and carry the rounded number on."),
    ] = None,
    steps: Annotated[
        int,
        typer.Option(min=1, max=1_000_000, help="Take so many steps: shows the loss of each, and the sheet of the last."),
    ] = 1,
    only: Annotated[
        Optional[str], typer.Option(metavar="NAME", help="One quantity, like dL/dw5, and all that it comes from.")
    ] = None,
    rate: Annotated[Optional[str], typer.Option(metavar="NUMBER", help="Another learning rate than the file's.")] = None,
    format: Annotated[Format, typer.Option(help="How to write the worksheet.")] = Format.text,
) -> None:
    """Forward pass, loss, backward pass and one SGD step, line by line: formula = numbers = result."""
    if digits is not None and decimals is not None:
        raise typer.BadParameter("choose one of --digits and --decimals")
    with _errors(file):
        from backcheck.spelling import Figures
        from backcheck.writing.report import report

        sheet = _with_rate(_load(file), rate)
        done, losses = _worked(sheet, steps, on_paper)
        shown = Figures(digits, on_paper if decimals is None and digits is None else decimals)
        _write(_written(report(done, only, losses), format, shown, only is not None))


@app.command()
def schema() -> None:
    """A JSON Schema (draft 7) of problem files, for editors that complete and check them."""
    with _errors():
        import json

        from backcheck.problem.schema import schema as of_problems

        _write(json.dumps(of_problems(), indent=2))


@app.command()
def new(
    shape: Annotated[str, typer.Argument(metavar="SHAPE", help="Inputs, hidden units and outputs: 2-3-2.")],
    activation: Annotated[
        str, typer.Option(help="Activation of the hidden layers, and of the output unless the loss asks for another.")
    ] = "sigmoid",
    loss: Annotated[str, typer.Option(help="The loss.")] = "squared_error",
    examples: Annotated[int, typer.Option(min=1, max=100, help="How many examples.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other numbers.")] = 0,
) -> None:
    """A ready problem file, with numbers that are pleasant to work by hand."""
    with _errors():
        from backcheck.problem.invent import invent

        _write(invent(shape, activation, loss, examples, seed).rstrip("\n"))


def main() -> NoReturn:
    """The command `backcheck`."""
    app(prog_name="backcheck")
    sys.exit(0)


@contextmanager
def _errors(file: str = "") -> Iterator[None]:
    """One clear message on stderr and the exit code of the contract, whatever happens inside."""
    try:
        yield
    except BackcheckError as error:
        where = "" if hasattr(error, "faults") or not file else f"{_called(file)}: "
        _fail(f"{where}{error}", UNUSABLE)
    except KeyboardInterrupt:
        _fail("interrupted", INTERRUPTED)
    except MemoryError:
        _fail("this problem needs more memory than there is", UNUSABLE)
    except (typer.Exit, typer.BadParameter):
        raise
    except Exception as error:  # the contract's exit code 4, and not a page of traceback
        if os.environ.get("BACKCHECK_TRACEBACK"):
            raise
        says = f"this is a fault of backcheck, not of your file: {type(error).__name__}: {error}"
        _fail(f"{says}\nset BACKCHECK_TRACEBACK=1 to see where, and please report it", FAULT_OF_OURS)


def _fail(says: str, code: int) -> NoReturn:
    encoding = sys.stderr.encoding or "ascii"
    print(says.encode(encoding, "replace").decode(encoding), file=sys.stderr)
    raise typer.Exit(code)


def _called(file: str) -> str:
    return "standard input" if file == "-" else file


def _load(file: str) -> Worksheet:
    from backcheck import api

    if file == "-":
        from backcheck.problem.text import LARGEST

        return api.loads(sys.stdin.buffer.read(LARGEST + 1), _called(file), Path())
    return api.load(file)


def _with_rate(sheet: Worksheet, rate: str | None) -> Worksheet:
    if rate is None:
        return sheet
    from backcheck import api
    from backcheck.problem.reading import number

    value = number(rate)
    if value is None or not 0 <= value < float("inf"):
        raise typer.BadParameter(f"{rate!r} is no learning rate: a number such as 0.5 or 1/4", param_hint="--rate")
    return api.with_rate(sheet, value, rate)


def _worked(sheet: Worksheet, count: int, on_paper: int | None):  # type: ignore[no-untyped-def]
    """The sheet of the last step, and the losses before each step and after the last if there are several."""
    from backcheck import api

    if count == 1:
        return api.step(sheet, on_paper), []
    if "eta" not in sheet:
        raise typer.BadParameter("without a learning rate there are no steps: give --rate", param_hint="--steps")
    losses = []
    for done in api.steps(sheet, count, on_paper):
        losses.append(done.loss)
    return done, [*losses, api.step(done.updated(), on_paper).loss]


def _written(report: Report, format: Format, figures: Figures, only: bool) -> str:
    from backcheck.spelling import Figures as Shown

    if format is Format.json:
        from backcheck.writing.json import as_json

        return as_json(report, figures, only)
    if figures == Shown():
        figures = Shown(digits=6)
    if format is Format.markdown:
        from backcheck.writing.markdown import markdown

        return markdown(report, figures)
    if format is Format.latex:
        from backcheck.writing.latex import latex

        return latex(report, figures)
    return _text(report, figures)


def _text(report: Report, figures: Figures) -> str:
    from backcheck.writing.text import text

    width = shutil.get_terminal_size((PIPED_WIDTH, 24)).columns
    if not _colour():
        return text(report, figures, width)
    from backcheck.writing.colour import drawer

    return text(report, figures, width, drawer(width))


def _colour() -> bool:
    """Colours on a terminal, unless NO_COLOR or TERM=dumb; elsewhere only if FORCE_COLOR asks for them."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty() or os.environ.get("FORCE_COLOR", "0") not in ("", "0")


def _write(text: str) -> None:
    """To stdout; where it cannot show a sign, in the nearest ASCII."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        from backcheck.spelling import to_ascii

        text = to_ascii(text)
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
