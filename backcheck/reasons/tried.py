"""The remedies that fit what was found, one change at a time, each run for as many epochs and ranked; it looks for no causes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from backcheck.errors import BackcheckError
from backcheck.reasons.finding import HARMLESS, Finding
from backcheck.reasons.measured import changes
from backcheck.reasons.measured.changes import Change
from backcheck.reasons.measured.loss_for_output import MATCHING
from backcheck.reasons.measured.observed import over
from backcheck.reasons.measured.rows import layers, loss_row
from backcheck.reasons.measured.trials import is_large, last, reached, shown
from backcheck.roads.forward import of_outputs
from backcheck.roads.work import LOGARITHMS, work
from backcheck.training.examples import split
from backcheck.training.plan import Plan
from backcheck.training.run import Run
from backcheck.worksheet import Worksheet

Train = Callable[[Worksheet, Plan, str], Run]
LOWER, HIGHER = (0.1, 0.01, 0.001), (10.0, 100.0, 1000.0, 1e4, 1e5)
PENALTIES = (0.001, 0.01, 0.1)
HARDLY = 0.01  # of the loss: what is less better than this is no remedy
OTHER_SCALE = {
    "wrong_loss",
    "target_out_of_range",
    "softmax_of_one",
}  # their remedies change what the loss is: Σ(t − y)² is compared


class Tried(NamedTuple):
    """A remedy, what has come of it, and the run; of a network that is too large to try, the reason and no run."""

    finding: Finding
    run: Run | None
    reached: float = math.inf


def _start(sheet: Worksheet) -> list[Change]:
    return [changes.start(changes.scheme_for(sheet))]


def _losses(sheet: Worksheet) -> list[Change]:
    """The loss that matches the outputs; for classes also the outputs that match a loss; a squared error for anything."""
    a, row, t = layers(sheet)[-1].a, of_outputs(loss_row(sheet)), sheet.given["t"]
    found = [changes.loss(MATCHING[a.op, row.op])] if (a.op, row.op) in MATCHING else []
    classes = bool(((t == 0) | (t == 1)).all())
    if classes and t.shape[1] > 1 and (t.sum(1) == 1).all() and a.op != "softmax":
        found.append(changes.both(changes.output("softmax"), changes.loss("cross_entropy")))
    if classes and t.shape[1] == 1:
        found.append(changes.both(changes.output("sigmoid"), changes.loss("binary_cross_entropy")))
    if row.op in LOGARITHMS or ":" in row.op:
        found.append(changes.loss("squared_error"))
    if row.op in LOGARITHMS and not classes:
        found.append(changes.both(changes.output("identity"), changes.loss("squared_error")))
    return found


LEAKY = changes.hidden("leaky_relu", ("relu",))
# cause → its remedies; those that change nothing in a network, or cannot be made in it, fall out
REMEDIES: dict[str, tuple[Change | Callable[[Worksheet], list[Change]], ...]] = {
    "identical_units": (_start,),
    "frozen": (_start, changes.biases(1.0), changes.all_trainable(), changes.hidden("leaky_relu", ("relu", "step"))),
    "dead_units": (LEAKY, changes.raised(), _start, changes.standardised()),
    "softmax_of_one": (
        changes.both(changes.output("sigmoid"), changes.loss("binary_cross_entropy")),
        changes.both(changes.output("sigmoid"), changes.loss("squared_error")),
        changes.both(changes.output("identity"), changes.loss("squared_error")),
    ),
    "may_revive": (LEAKY, changes.raised(), _start),
    "saturated": (changes.start("xavier"), changes.hidden("relu"), changes.rate(0.1)),
    "vanishing": (
        _start,
        changes.hidden("tanh"),
        changes.hidden("relu"),
        changes.both(changes.hidden("tanh"), changes.start("xavier")),
        changes.both(changes.hidden("relu"), changes.start("he")),
        changes.rate(10.0),
    ),
    "exploding": (_start, *map(changes.rate, LOWER), changes.clipped(1.0)),
    "rate_too_low": (*map(changes.rate, HIGHER),),
    "rate_too_high": (*map(changes.rate, LOWER),),
    "wrong_loss": (_losses,),
    "target_out_of_range": (changes.both(changes.output("identity"), changes.loss("squared_error")),),
    "inputs_unscaled": (changes.standardised(), *map(changes.rate, LOWER)),
    "overfitting": (*map(changes.l2, PENALTIES), changes.stopped_early(10)),
}


def tried(sheet: Worksheet, plan: Plan, findings: Iterable[Finding], train: Train, run: Run | None = None) -> list[Tried]:
    """For each finding its remedies, the best first; `run` is the training without any of them."""
    found: list[Tried] = []
    once: dict[str, Finding] = {}
    for finding in findings:
        once.setdefault(finding.id, finding)
    for finding in (finding for finding in once.values() if finding.id in REMEDIES and HARMLESS not in finding.says):
        if is_large(sheet, plan):
            says = "nothing was tried: a run of this network takes too long to be made only to compare"
            found.append(Tried(Finding(finding.id, "tried", finding.cells, says), None))
            continue
        run = run or train(sheet, plan, "")
        done = {one.run.name for one in found if one.run}
        found = [*found, *_ranked(finding, sheet, plan, run, train, done)]
    return found


def _ranked(finding: Finding, sheet: Worksheet, plan: Plan, run: Run, train: Train, done: set[str]) -> list[Tried]:
    """The remedies of one finding that were not tried for another one before it."""
    judge = _judge(finding.id, sheet, plan)
    every = [change for one in REMEDIES[finding.id] for change in (one(sheet) if callable(one) else [one])]
    fitting = [change for change in every if change.says not in done]
    runs = [(change, made) for change in fitting if (made := _run(change, sheet, plan, train))]
    results = sorted(((judge(made), n) for n, (_, made) in enumerate(runs)), key=lambda pair: (math.isnan(pair[0]), *pair))
    without = judge(run)
    return [
        Tried(_written(finding, runs[n][0], runs[n][1], value, without, place, len(results)), runs[n][1], value)
        for place, (value, n) in enumerate(results, 1)
    ]


def _written(finding: Finding, change: Change, run: Run, value: float, without: float, place: int, count: int) -> Finding:
    what = _measure(finding.id)
    better = "" if value < without - HARDLY * abs(without) or (math.isinf(without) and value < without) else ": no remedy here"
    how = f"comes to {value:.3g} in {len(run.epochs) - 1} epochs" if math.isfinite(value) else "grows beyond all numbers"
    says = f"with {change.says} {what} {how}, without {'to ' if math.isfinite(without) else ''}{shown(without)}{better}"
    because = (f"place {place} of {count}; everything else as in the file",)
    return Finding(finding.id, "tried", finding.cells, says, because)


def _measure(cause: str) -> str:
    return "the held-out loss" if cause == "overfitting" else "Σ(t − y)² per example" if cause in OTHER_SCALE else "the loss"


def _judge(cause: str, sheet: Worksheet, plan: Plan) -> Callable[[Run], float]:
    """By what the runs are ranked: the loss, on the held-out part for overfitting, and Σ(t − y)² where the loss is changed."""
    if cause == "overfitting":
        return _held_out
    return (lambda run: _squares(run, sheet, plan)) if cause in OTHER_SCALE else last


def _held_out(run: Run) -> float:
    """The held-out loss of the parameters that the run ends with."""
    if math.isinf(reached(run)):
        return math.inf
    stops = run.plan.early_stopping
    epoch = run.epochs[run.best if stops and stops.settings.get("keep_best") else -1]
    return math.inf if epoch.held_out_loss is None else epoch.held_out_loss


def _squares(run: Run, sheet: Worksheet, plan: Plan) -> float:
    """Σ(t − y)² of an example at the end, the mean over those that were trained on."""
    if math.isinf(reached(run)):
        return math.inf
    examples = split(sheet, plan)[0]
    try:
        done = work(over(run.sheet.with_given(run.values, run.sheet.names), examples.x.astype(float), examples.t.astype(float)))
        return float(((done.sheet.given["t"] - done.array(run.sheet.names.output)) ** 2).sum(1).mean())
    except BackcheckError:
        return math.inf


def _run(change: Change, sheet: Worksheet, plan: Plan, train: Train) -> Run | None:
    """The run with a change; None where it changes nothing or the network has no loss then."""
    try:
        other, how = change.of(sheet, plan)
        return (
            None if _alike(other, sheet) and all(a is b for a, b in zip(how, plan, strict=True)) else train(other, how, change.says)
        )
    except BackcheckError:
        return None


def _alike(one: Worksheet, other: Worksheet) -> bool:
    """Whether two sheets have the same rows and the same numbers."""
    if set(one.rows) != set(other.rows):
        return False
    return all(np.array_equal(one.given[name], other.given[name]) for name in one.given)
