"""The Python face: a file becomes a worksheet, a worksheet becomes numbers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from backcheck.errors import BadArgument, BadProblem
from backcheck.opening import opened
from backcheck.problem.load import Problem, problem
from backcheck.problem.text import LARGEST as LARGEST_PROBLEM
from backcheck.roads.backprop import with_backward
from backcheck.roads.work import WorkedSheet, outputs_outside, work
from backcheck.worksheet import Phase, Row, Worksheet

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from backcheck.grading.points import Marking
    from backcheck.grading.result import Result
    from backcheck.marking.gradients import GradientReport
    from backcheck.proving.verdict import Derivation
    from backcheck.reasons.explain import Explained
    from backcheck.training.plan import Plan
    from backcheck.training.run import Run

MOST_DECIMALS = 15  # more than that a float cannot hold


def load(path: str | os.PathLike[str]) -> Worksheet:
    """The worksheet of a problem file; raises BadProblem, which lists every fault of the file.

    >>> sheet = load("problems/one-step-squared-error.yaml")
    >>> sheet.title
    'One SGD step, squared error'
    """
    return loads(*read_file(path))


def loads(raw: bytes | str, name: str = "<text>", folder: str = "") -> Worksheet:
    """The worksheet of a problem given as text; paths in it begin at `folder`."""
    found = problem_of(raw, name, folder)
    sheet = completed(found)
    if found.marking:  # a section that asks for what is not there is a fault of the file, whatever the file is wanted for
        from backcheck.grading.points import marking

        marking(sheet, found.marking)
    return sheet


def load_with_marking(path: str | os.PathLike[str]) -> tuple[Worksheet, Marking]:
    """The worksheet of a problem file, and how answers to it are marked.

    >>> sheet, marking = load_with_marking("problems/one-step-squared-error.yaml")
    >>> len(marking.asked), marking.out_of
    (29, Fraction(29, 1))
    """
    return loads_with_marking(*read_file(path))


def loads_with_marking(raw: bytes | str, name: str = "<text>", folder: str = "") -> tuple[Worksheet, Marking]:
    """The same of a problem given as text."""
    from backcheck.grading.points import marking

    found = problem_of(raw, name, folder)
    sheet = completed(found)
    return sheet, marking(sheet, found.marking)


def load_with_training(path: str | os.PathLike[str]) -> tuple[Worksheet, Plan]:
    """The worksheet of a network's file, and how it is trained.

    >>> sheet, plan = load_with_training("problems/two-two-two.yaml")
    >>> plan.epochs, plan.optimiser.name
    (100, 'sgd')
    """
    from backcheck.training.plan import Plan

    found = problem_of(*read_file(path))
    return completed(found), found.plan or Plan()


def train(sheet: Worksheet, plan: Plan | None = None) -> Run:
    """A network trained by a plan; the losses of all epochs, the parameters at the end.

    >>> run = train(load("problems/two-two-two.yaml"))
    >>> len(run.loss), run.loss[100] < run.loss[0]
    (101, True)
    """
    from backcheck.training.plan import Plan
    from backcheck.training.train import train as trained

    return trained(sheet, plan or Plan())


def explain(path: str | os.PathLike[str], *, proofs: bool = False) -> Explained:
    """Why a network does not learn: what is proven, and unless only proofs are wanted, what is measured and what was tried.

    >>> found = explain("problems/xor-all-zeros.yaml", proofs=True)
    >>> [(finding.id, finding.verdict, len(finding.cells)) for finding in found.findings]
    [('frozen', 'proven', 8), ('identical_units', 'proven', 2)]
    """
    from backcheck.reasons.explain import explain as explained
    from backcheck.training.plan import Plan

    found = problem_of(*read_file(path), to_explain=True)
    return explained(completed(found), found.plan or Plan(), found.claims, proofs=proofs)


def step(sheet: Worksheet, on_paper: int | None = None) -> WorkedSheet:
    """Forward, loss, backward and one update; `on_paper=4` rounds every result to 4 decimals and carries it on.

    >>> done = step(load("problems/one-step-squared-error.yaml"))
    >>> round(done["dL/dw5"], 6), done.array("W2'").shape
    (0.163392, (2, 2))
    """
    if on_paper is None:
        return work(sheet)
    if type(on_paper) is not int or not 0 <= on_paper <= MOST_DECIMALS:
        raise BadArgument(f"on_paper should be a whole number of decimals from 0 to {MOST_DECIMALS}, not {on_paper!r}")
    from backcheck.roads.on_paper import work_on_paper

    return work_on_paper(sheet, on_paper)


def steps(sheet: Worksheet, count: int, on_paper: int | None = None) -> Iterator[WorkedSheet]:
    """One worked sheet after the other, each from the parameters that the one before it ended with."""
    for _ in range(count):
        done = step(sheet, on_paper)
        yield done
        sheet = done.updated()


def grade(
    problem: str | os.PathLike[str],
    answers: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    key: bool = False,
    hints: int = 2,
    jobs: int = 1,
    executor: Executor | None = None,
    scheduler: str | None = None,
    resume: str | None = None,
) -> Iterator[Result]:
    """One result for every submission in some files and folders, in order; `executor` is any of `concurrent.futures`.

    >>> folder = "problems/"
    >>> result = next(grade(folder + "one-step-squared-error.yaml", folder + "answers/one-step-squared-error.yaml"))
    >>> str(result.score), str(result.out_of), result.first_wrong
    ('28', '29', 'dL/dw1')
    """
    from itertools import chain

    from backcheck.answers.files import found
    from backcheck.answers.read import submissions
    from backcheck.classroom.run import grade_class
    from backcheck.grading.marker import Marker

    if hints not in (0, 1, 2):
        raise BadArgument(f"hints should be 0, 1 or 2, not {hints!r}")
    marker = Marker(*load_with_marking(problem), key, hints)
    paths = [answers] if isinstance(answers, str | os.PathLike) else answers
    every = chain.from_iterable(map(submissions, found([os.fspath(path) for path in paths])))
    return grade_class(every, marker, jobs, executor, scheduler, resume, marker.fingerprint() if resume else "")


def check_gradients(sheet: Worksheet, gradients: Mapping[str, Any]) -> GradientReport:
    """Slopes that somebody's own code has found, by name (`W1`, `dL/dW1`, `w5`), against those of the sheet.

    >>> sheet = load("problems/two-two-two.yaml")
    >>> report = check_gradients(sheet, {"W2": step(sheet).array("dL/dW2").T})
    >>> report.agrees, report.first_wrong, report.mistake.id
    (False, 'dL/dW2', 'transposed_gradient')
    """
    from backcheck.marking.gradients import check_gradients as checked

    return checked(sheet, gradients)


def prove(path: str | os.PathLike[str], numbers: Mapping[str, str] | None = None) -> Derivation:
    """Every line of a derivation by hand with its verdict; with numbers, as `{"z": "1,2,3"}`, also what each side is worth there.

    >>> found = prove("problems/derivations/softmax-jacobian.slip.txt")
    >>> len(found.lines), found.first_wrong.line, found.first_wrong.verdict
    (8, 10, 'false')
    """
    from backcheck.proving.judging.judge import judge
    from backcheck.proving.reading import read
    from backcheck.proving.reading.kinds import LARGEST, decoded, kind

    name = os.fspath(path)
    text = decoded(opened(name, LARGEST, "the derivation"), name)
    return judge(read(text, kind(name, text), name), numbers)


def read_file(path: str | os.PathLike[str]) -> tuple[bytes, str, str]:
    """The bytes of a file, how messages call it, and the folder where the paths in it begin."""
    name = os.fspath(path)
    return opened(name, LARGEST_PROBLEM, "the problem file"), name, os.path.dirname(name)


def problem_of(raw: bytes | str, name: str, folder: str = "", to_explain: bool = False) -> Problem:
    """A problem as it was read, with its plan, its variants and its claims.

    A softmax over one unit is always 1, for which a loss with ln(1 − y) has no value: it cannot be worked, but explained.
    """
    found = problem(raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw, name, folder)
    alone = any(row.op == "softmax" and len(found.blank.given[f"W{row.name[1:]}"]) == 1 for row in found.blank.rows[-3:])
    if not (to_explain and alone):
        _check_outputs(found, alone)
    return found


def completed(found: Problem) -> Worksheet:
    """The whole worksheet of a problem, with its backward pass and the first update of its plan."""
    return with_backward(found.blank, found.plan)


def _check_outputs(found: Problem, alone: bool) -> None:
    """A loss that takes logarithms needs outputs that have one."""
    if says := outputs_outside(found.blank):
        usual = "end in softmax or sigmoid, or choose another loss"
        way_out = "a softmax over one unit is always 1: end in sigmoid" if alone else usual
        raise BadProblem(found.file, [found.loss.fault(says, way_out)], found.text)


def with_rate(sheet: Worksheet, rate: float, written: str = "") -> Worksheet:
    """The same worksheet with another learning rate, shown as it was written."""
    digits = {place: text for place, text in sheet.names.written.items() if place != ("eta", ())}
    names = sheet.names.with_written(digits | ({("eta", ()): written} if written else {}))
    if "eta" in sheet:
        return sheet.with_given({"eta": np.array(rate)}, names)
    eta = Row("eta", "given", phase=Phase.GIVEN)
    start = sheet.in_phase(Phase.GIVEN)
    forward = sheet.in_phase(Phase.FORWARD, Phase.LOSS)
    given = {**sheet.given, "eta": np.array(rate)}
    return with_backward(Worksheet((*start, eta, *forward), given, names, sheet.title))
