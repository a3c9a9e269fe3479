"""What the causes are measured on: the network at its start and at its end, how far its loss came, and runs with one thing changed.

A number alone says little: units may be saturated in a network that learns well. So a cause is named only where the loss
stays high, and where it falls when this one thing is changed. It knows no causes.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from backcheck.cells import Names
from backcheck.errors import BackcheckError
from backcheck.reasons.measured.changes import Change
from backcheck.reasons.measured.rows import Layer, layers, loss_row, with_numbers
from backcheck.reasons.measured.trials import is_large, reached, shown, tried
from backcheck.roads.backprop import parameters, with_backward
from backcheck.roads.by_hand import rule
from backcheck.roads.forward import of_outputs
from backcheck.roads.work import WorkedSheet, work
from backcheck.training.examples import split
from backcheck.training.plan import Plan
from backcheck.training.run import Run
from backcheck.worksheet import Array, Phase, Row, Worksheet

LEARNT = 0.1  # of the loss of the best constant outputs: from here on nine tenths of what there is to learn are learnt
BETTER = 0.5  # of the loss: what a change has to reach in as many epochs to be called a remedy
USEFUL = 0.9  # of the loss of constant outputs: a change that leaves more has taught the network nothing
NOTHING = 1e-12  # a loss that is rounding: all examples have the same targets
MOST_EXAMPLES = 512  # that are looked at, spread evenly over all of them


class Observed:
    """A network, its plan and its run, with what is measured on them when somebody asks."""

    def __init__(self, sheet: Worksheet, plan: Plan, run: Run, dead_for_ever: frozenset[str] = frozenset()) -> None:
        self.sheet, self.plan, self.run, self.dead_for_ever = sheet, plan, run, dead_for_ever
        self.tried: dict[str, Run | None] = {}

    # the run

    @cached_property
    def first(self) -> float:
        """The loss before any update."""
        return self.run.loss[0]

    @cached_property
    def last(self) -> float:
        """The loss at the end."""
        return reached(self.run)

    @cached_property
    def idle(self) -> float:
        """The loss of the best outputs that are the same for every example, or that of the start where it is 0."""
        constant = self._constant
        return constant if math.isfinite(constant) and constant > NOTHING else self.first

    @cached_property
    def learnt(self) -> bool:
        """Whether the loss has come down to a tenth of what constant outputs reach."""
        return self.last <= LEARNT * self.idle

    @property
    def epochs(self) -> int:
        return len(self.run.epochs) - 1

    @cached_property
    def updates(self) -> int:
        """Updates that were really made."""
        return self.epochs * self.per_epoch

    @cached_property
    def per_epoch(self) -> int:
        count = len(self.examples)
        return math.ceil(count / min(self.plan.batch_size or count, count))

    # the data and the network

    @cached_property
    def examples(self) -> Array:
        """The inputs that are trained on."""
        return split(self.sheet, self.plan)[0].x.astype(np.float64)

    @cached_property
    def targets(self) -> Array:
        return split(self.sheet, self.plan)[0].t.astype(np.float64)

    @cached_property
    def layers(self) -> list[Layer]:
        return layers(self.sheet)

    @cached_property
    def looked_at(self) -> Worksheet:
        """The sheet as the run begins, over the examples that are trained on, or some of them if they are many."""
        count = len(self.examples)
        some = np.unique(np.linspace(0, count - 1, min(count, MOST_EXAMPLES)).astype(int))
        return over(self.sheet, self.examples[some], self.targets[some])

    @cached_property
    def start(self) -> WorkedSheet:
        return work(self.looked_at)

    @cached_property
    def end(self) -> WorkedSheet | None:
        """The network as the run has left it, if it still has numbers."""
        try:
            return work(self.looked_at.with_given(self.run.values, self.looked_at.names))
        except BackcheckError:
            return None

    @cached_property
    def trainable(self) -> dict[str, Array]:
        """1 for every number that the run may move."""
        return {
            p: np.asarray(self.sheet.given.get(f"trainable {p}", np.ones(self.sheet.given[p].shape)))
            for p in parameters(self.sheet)
        }

    @cached_property
    def _constant(self) -> float:
        t = self.targets
        row = of_outputs(loss_row(self.sheet))
        middle = np.median(t, 0) if row.op == "absolute_error" else t.mean(0)
        return loss_of(self.sheet, t, np.broadcast_to(middle, t.shape).copy(), self.sheet["L"].op != "total")

    # runs with one thing changed

    def trial(self, change: Change) -> Run | None:
        """The same training with one thing changed; None if the network is too large to try, or has no loss then."""
        if change.says not in self.tried:
            self.tried[change.says] = tried(self.sheet, self.plan, change)
        return self.tried[change.says]

    def cured_by(self, *changes: Change, at_most: float = BETTER) -> tuple[Change, float] | None:
        """Of some changes the best one, if it leaves much less of the loss than without it, and less than constant outputs have."""
        found = [(reached(run), change) for change in changes if (run := self.trial(change))]
        best = min(found, key=lambda pair: pair[0], default=None)
        limit = min(at_most * self.last, USEFUL * self.idle)
        return (best[1], best[0]) if best and best[0] <= limit else None

    def first_cure(self, *changes: Change) -> str | None:
        """The same for changes of which each goes further than the one before: the first that is enough."""
        if self.is_large:
            return self.confirmed()
        return next((helps for change in changes if (helps := self.confirmed(change))), None)

    @cached_property
    def is_large(self) -> bool:
        return is_large(self.sheet, self.plan)

    def confirmed(self, *changes: Change, at_most: float = BETTER) -> str | None:
        """The sentence that a change helps; "" where that cannot be tried and nothing was learnt; None where it does not."""
        if self.is_large:
            return "" if self.last > BETTER * self.idle else None
        cure = self.cured_by(*changes, at_most=at_most)
        if cure is None:
            return None
        return f"with {cure[0].says} the loss reaches {cure[1]:.3g} in as many epochs, without {shown(self.last)}"


def over(sheet: Worksheet, x: Array, t: Array) -> Worksheet:
    """The same network over other examples; one alone has the loss of a batch of one."""
    if len(x) == sheet.names.examples:
        return with_numbers(sheet, {"x": x, "t": t})
    if len(x) == 1:
        x, t = np.repeat(x, 2, 0), np.repeat(t, 2, 0)
    names = Names(sheet.names.own, sheet.names.further, {}, len(x), sheet.names.output)
    given = {**sheet.given, "x": x, "t": t, str(len(x)): np.asarray(float(len(x)))}
    blank = [row for row in sheet.in_phase(Phase.GIVEN, Phase.FORWARD, Phase.LOSS) if row.name != str(len(x))]
    numeral = Row(str(len(x)), "numeral", (), Phase.GIVEN)
    return with_backward(Worksheet((numeral, *blank), given, names, sheet.title))


def loss_of(sheet: Worksheet, t: Array, y: Array, is_mean: bool) -> float:
    """L of some outputs, whatever they come from."""
    row = of_outputs(loss_row(sheet))
    with np.errstate(all="ignore"):
        each = np.asarray(rule(row)(t, y, *(sheet.given[p] for p in row.parents[2:]))).reshape(-1)
        return float(each.mean() if is_mean else each.sum())
