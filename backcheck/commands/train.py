"""`backcheck train`."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import backcheck.commands.threads  # noqa: F401 - before NumPy is imported
from backcheck.classroom.whole import write_whole
from backcheck.commands import Answer
from backcheck.commands.problems import given_problem
from backcheck.commands.training_reports import check_places, shown, write_reports
from backcheck.errors import BadArgument, Undefined

if TYPE_CHECKING:
    from backcheck.problem.load import Problem
    from backcheck.training.run import Run
    from backcheck.training.train import Training

VARIED = "the variants of the file are left out: --vary asks for others"
EVERY = 30.0  # seconds from one saving of a long run to the next


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
    from backcheck.problem.options import every_run

    said = {key: text for key, text in options.items() if text is not None}
    if "start" in said:  # a path that is typed begins here, one in a file beside that file
        said["start"] = json.dumps(os.path.abspath(said["start"]))
    found = given_problem(file)
    problems = every_run(found, said, vary)
    if (save or resume) and len(problems) > 1:
        raise BadArgument(f"--{'save' if save else 'resume'} is for one run, and these are {len(problems)}")
    check_places(file, plot, {"html": html, "csv": csv, "save": save})
    runs, faults = _runs(problems, save, resume)
    write_reports(runs, plot, picture, html, csv)
    interrupted = runs[-1].stopped == "interrupted"
    told = [VARIED] if vary and found.variants else []
    note = "\n".join([*told, *faults, *([_interruption(runs, len(problems), save)] if interrupted else [])])
    return Answer(shown(runs, format), right=not faults, note=note, interrupted=interrupted)


def _runs(problems: list[tuple[str, Problem]], save: str | None, resume: str | None) -> tuple[list[Run], list[str]]:
    """All runs, and what is wrong with those that cannot be made, as long as there is one that can."""
    runs: list[Run] = []
    faults: list[str] = []
    stopping: dict[str, Training] = {}
    with _interruptible(stopping):
        for name, problem in problems:
            try:
                runs.append(_run(name, problem, save, resume, stopping))
            except (Undefined, BadArgument) as error:
                if len(problems) == 1:
                    raise
                faults.append(f"{name}: {error}")
            if runs and runs[-1].stopped == "interrupted":
                break
    if not runs:
        raise BadArgument("\n".join(faults))
    return runs, faults


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


def _interruption(runs: list[Run], wanted: int, save: str | None) -> str:
    done = f"interrupted after {len(runs[-1].epochs) - 1} of {runs[-1].plan.epochs} epochs"
    if wanted > 1:
        return done + (f"; {wanted - len(runs)} of {wanted} runs were not made" if wanted > len(runs) else "")
    return f"{done}; go on with --resume {save}" if save else f"{done}; with --save FILE it could be gone on with"
