"""Checkers in processes of their own, each with a time limit for a step: what answers too late is ended and begun anew."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any, NamedTuple

from steps_elsewhere import as_python, as_text, by_fractions, by_solver
from steps_elsewhere.forms import ONE
from steps_elsewhere.written_out import Written

from backcheck.proving.decide import decide
from backcheck.proving.verdict import FALSE
from backcheck.proving.verdict import PROVEN as PROVEN_HERE

START = 90.0  # seconds that a checker may take to begin
SLACK = 3.0  # seconds for writing a step in a checker's own language, which are not counted
PROVEN, NUMBERS, NO, OPEN = "proven", "numbers", "no", "open"  # numbers: refuted by numbers that it shows
LATE, NOT_TAKEN = "too late", "not taken"  # not taken: it has no words for the step, or fails
Prepare = Callable[[Written], Callable[[], str]]


class Answer(NamedTuple):
    verdict: str
    seconds: float
    says: str = ""


def _python(library: str, judge: str, assumes: bool = True) -> Prepare:
    return as_python.checker(library, getattr(as_python, judge), assumes)


def _text(name: str) -> Prepare:
    return getattr(as_text, name)()


def _small(name: str) -> Prepare:
    return as_text.read_by(name, getattr(as_text, name))


def _solver(library: str) -> Prepare:
    return by_solver.checker(library)


def _rewriting() -> Prepare:
    return importlib.import_module("steps_elsewhere.by_rewriting").checker()  # its laws are objects of egglog


CHECKERS: dict[str, Callable[[], Prepare]] = {
    "sympy simplify": partial(_python, "sympy", "simplified"),
    "sympy equals": partial(_python, "sympy", "equals"),
    "diofant simplify": partial(_python, "diofant", "simplified"),
    "symengine expand": partial(_python, "symengine", "expanded", False),
    "giac simplify": partial(_text, "giac"),
    "maxima radcan, equal": partial(_text, "maxima"),
    "mathics FullSimplify": partial(_text, "mathics"),
    "python-flint fractions": by_fractions.checker,
    "z3": partial(_solver, "z3"),
    "cvc5": partial(_solver, "cvc5.pythonic"),
    "egglog": _rewriting,
    "alkahest cancel": partial(_small, "alkahest"),
    "mathhook simplify": partial(_small, "mathhook"),
    "ocas simplify": partial(_small, "ocas"),
}
OURS = "backcheck"


def _ours() -> Callable[[Any], Answer]:
    def judge(question: Any) -> Answer:
        start = perf_counter()
        found = decide(*question)
        spent = perf_counter() - start
        return Answer(PROVEN if found.verdict == PROVEN_HERE else NUMBERS if found.verdict == FALSE else OPEN, spent, found.says)

    return judge


def _theirs(prepare: Prepare) -> Callable[[Any], Answer]:
    """All cases of a step: proven if all are."""

    def judge(cases: Iterable[Written]) -> Answer:
        spent, found = 0.0, list[str]()
        try:
            for case in cases:
                asked = prepare(case)
                start = perf_counter()
                try:
                    found.append(asked())
                finally:
                    spent += perf_counter() - start
                if found[-1] in (NUMBERS, NO):
                    return Answer(found[-1], spent)
        except Exception as error:  # of whatever checker: the step is then one that it did not take
            return Answer(NOT_TAKEN, spent, f"{type(error).__name__}: {error}"[:200])
        return Answer(PROVEN if {*found} == {PROVEN} else OPEN, spent)

    return judge


def serve(pipe: Connection, name: str) -> None:
    """A process: begins, warms up, then answers one step after the other."""
    os.setsid()  # so that what it starts ends with it
    for stream in (1, 2):  # some talk while they work
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    try:
        judge = _ours() if name == OURS else _theirs(CHECKERS[name]())
    except Exception as error:
        pipe.send(f"{type(error).__name__}: {error}")
        return
    if name != OURS:
        judge((Written(ONE, ONE),))
    pipe.send("")
    while True:
        try:
            pipe.send(judge(pipe.recv()))
        except EOFError:
            return


class Checker:
    """One of them, in a process."""

    def __init__(self, name: str, limit: float) -> None:
        self.name, self.limit = name, limit
        self.missing = self._begin()

    def _begin(self) -> str:
        self.pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self.process = context.Process(target=serve, args=(theirs, self.name), daemon=True)
        self.process.start()
        theirs.close()
        try:
            return self.pipe.recv() if self.pipe.poll(START) else "it does not begin"
        except EOFError:
            return "it ends at once"

    def judge(self, question: Any) -> Answer:
        try:
            self.pipe.send(question)
            if self.pipe.poll(self.limit + SLACK):
                found = self.pipe.recv()
                return found if found.seconds <= self.limit else Answer(LATE, self.limit)
            late = Answer(LATE, self.limit)
        except (EOFError, BrokenPipeError, ConnectionError):
            late = Answer(NOT_TAKEN, 0.0, "its process ended")
        self.end()
        self._begin()
        return late

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join()
