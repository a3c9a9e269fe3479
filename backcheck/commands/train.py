"""`backcheck train`."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import product
from typing import TYPE_CHECKING, Any

import backcheck.commands.threads  # noqa: F401 - before NumPy is imported
from backcheck.classroom.whole import write_whole
from backcheck.commands import TRAINING, Answer
from backcheck.commands.output import look, width
from backcheck.commands.problems import given_problem
from backcheck.errors import BadArgument, CannotWrite, Undefined

if TYPE_CHECKING:
    from backcheck.problem.load import Problem
    from backcheck.problem.text import Map
    from backcheck.training.run import Run
    from backcheck.training.train import Training

EVERY = 30.0  # seconds from one saving of a long run to the next
MOST_RUNS = 200


def train(
    file: str,
    vary: list[str],
    plot: str | None,
    picture: str,
    html: str | None,
    csv: str | None,
    save: str | None,
    resume: str | None,
    format: str,
    **options: str | None,
) -> Answer:
    """One run, or several side by side, and what is written of them."""
    problems = _problems(file, {key: text for key, text in options.items() if text is not None}, vary)
    if (save or resume) and len(problems) > 1:
        raise BadArgument(f"--{'save' if save else 'resume'} is for one run, and these are {len(problems)}")
    check_places(file, plot, {"html": html, "csv": csv, "save": save})
    stopping: dict[str, Training] = {}
    runs = []
    with _interruptible(stopping):
        for name, problem in problems:
            try:
                runs.append(_run(name, problem, save, resume, stopping))
            except Undefined as error:
                raise Undefined(f"{name}: {error}" if name else str(error)) from None
            if runs[-1].stopped == "interrupted":
                break
    text = shown(runs, format)
    write_reports(runs, plot, picture, html, csv)
    return Answer(text, note=_note(runs, len(problems), save), interrupted=runs[-1].stopped == "interrupted")


def _problems(file: str, options: dict[str, str], vary: list[str]) -> list[tuple[str, Problem]]:
    """The problem of every run by its name: that of the file, its variants, or what --vary makes of it."""
    from backcheck.problem.load import with_changes
    from backcheck.problem.options import change, changed, several

    found = given_problem(file)
    if not found.blank.names.output:
        raise BadArgument(f"{found.file}: a network is trained; of an expression, backcheck step --steps N takes N steps")
    varied = [several(text) for text in vary]
    known = [*TRAINING, "loss", "batch", "learning_rate"]
    for key, _ in varied:
        if key not in known and not key.startswith(("layer", "every", "hidden")):
            from backcheck.errors import did_you_mean

            raise BadArgument(f"--vary {key!r} is nothing that can be varied; {did_you_mean(key, known) or ', '.join(known)}")
    own = [change(key, text) for key, text in options.items()]
    said = ", ".join(f"--{key.replace('_', '-')} {text}" for key, text in options.items())
    if not varied:
        variants = [(variant.name, with_changes(found, variant.changes)) for variant in found.variants]
        return [(name, changed(one, own, said) if own else one) for name, one in variants or [("", found)]]
    return [(name, changed(found, [*own, *changes], name)) for name, changes in _grid(varied)]


def _grid(varied: list[tuple[str, list[str]]]) -> list[tuple[str, list[Map]]]:
    """Every value of one key with every value of the others, by its name; without hidden layers they have no activation."""
    from backcheck.problem.options import change

    runs: dict[str, list[Map]] = {}
    for values in product(*(values for _, values in varied)):
        pairs = [(key, value) for (key, _), value in zip(varied, values, strict=True)]
        if ("hidden", "0") in pairs:
            pairs = [pair for pair in pairs if pair[0] not in ("activation", "dropout")]
        runs[", ".join(f"{key}={value}" for key, value in pairs)] = [change(*pair) for pair in sorted(pairs, key=_order)]
        if len(runs) > MOST_RUNS:
            raise BadArgument(f"--vary asks for more than {MOST_RUNS} runs")
    return list(runs.items())


def _order(pair: tuple[str, str]) -> bool:
    """The number of layers comes before what is in them."""
    return pair[0] != "hidden"


def _run(name: str, problem: Problem, save: str | None, resume: str | None, stopping: dict[str, Training]) -> Run:
    """One run, shown while it lasts and saved now and then."""
    from backcheck.api import completed
    from backcheck.training.plan import Plan
    from backcheck.training.saved import as_bytes, restored
    from backcheck.training.train import Training
    from backcheck.writing.training.live import live

    sheet, plan = completed(problem), problem.plan or Plan()
    training = restored(sheet, plan, _bytes(resume), resume) if resume else Training(sheet, plan, name)
    stopping["now"] = training
    saved = time.monotonic()
    with live(plan.epochs, name) as see:
        for epoch in training.epochs():
            see(epoch)
            if save and time.monotonic() - saved > EVERY:
                write_whole(save, [as_bytes(training)])
                saved = time.monotonic()
    if save:
        write_whole(save, [as_bytes(training)])
    return training.run()


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise BadArgument(f"{path}: the saved run cannot be read: {getattr(error, 'strerror', None) or error}") from None


@contextmanager
def _interruptible(stopping: dict[str, Training]) -> Iterator[None]:
    """Ctrl-C ends the run after its mini-batch; a second one ends everything at once."""

    def stop(*_: Any) -> None:
        training = stopping.get("now")
        if training is None or training.stop:
            raise KeyboardInterrupt
        training.stop = True

    try:
        before = signal.signal(signal.SIGINT, stop)
    except ValueError:  # in a thread that is not the main one, signals are no matter of ours
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def shown(runs: list[Run], format: str) -> str:
    if format == "json":
        from backcheck.writing.training.json import as_json

        return as_json(runs)
    if format == "csv":
        from backcheck.writing.training.csv import as_csv

        return as_csv(runs)
    from backcheck.spelling import Figures
    from backcheck.writing.training.text import text

    return text(runs, Figures(digits=6), width(), *look())


def write_reports(runs: list[Run], plot: str | None, picture: str, html: str | None, csv: str | None) -> None:
    """Pictures, the page and the numbers, each into its file."""
    if plot:
        from backcheck.writing.training.pictures import pictures

        _make_folder(plot)
        for name, content in pictures(runs, picture).items():  # type: ignore[arg-type]  # the choices of the option are the kinds
            write_whole(os.path.join(plot, name), [content])
    if html:
        from backcheck.writing.training.page import page

        write_whole(html, [page(runs).encode()])
    if csv:
        from backcheck.writing.training.csv import as_csv

        write_whole(csv, [as_csv(runs).encode()])


def check_places(problem: str, plot: str | None, written: dict[str, str | None]) -> None:
    """Before anything is trained: a folder that can hold the pictures, and files that are not the problem, nor each other."""
    taken = {_real(problem): "the problem file itself"}
    for option, path in written.items():
        if path and _real(path) in taken:
            raise BadArgument(f"--{option} {path} would write over {taken[_real(path)]}")
        if path:
            taken[_real(path)] = f"what --{option} writes"
    if plot and os.path.exists(plot) and not os.path.isdir(plot):
        raise CannotWrite(f"{plot}: this is no folder; --plot takes the folder that the pictures are drawn into")
    above = os.path.dirname(os.path.abspath(plot)) if plot else ""
    if plot and not os.path.isdir(above):
        raise CannotWrite(f"{plot}: there is no folder {above}")


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:  # a NUL in the name: told when it is opened
        return path


def _make_folder(path: str) -> None:
    try:
        with suppress(FileExistsError):
            os.mkdir(path)
    except OSError as error:
        raise CannotWrite(f"{path}: the folder cannot be made: {error.strerror}") from None


def _note(runs: list[Run], wanted: int, save: str | None) -> str:
    if runs[-1].stopped != "interrupted":
        return ""
    done = f"interrupted after {len(runs[-1].epochs) - 1} of {runs[-1].plan.epochs} epochs"
    more = f"; {wanted - len(runs)} of {wanted} runs were not begun" if wanted > len(runs) else ""
    if wanted > 1:
        return done + more
    return f"{done}; go on with --resume {save}" if save else f"{done}; with --save FILE it could be gone on with"
