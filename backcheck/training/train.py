"""The run of a network through its epochs; what is seen of it is left to others."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from backcheck.errors import BadArgument
from backcheck.roads.work import work as work_out
from backcheck.training.examples import Examples, right, split, threshold
from backcheck.training.looks import Looks
from backcheck.training.machine import Machine, Workspace, work
from backcheck.training.overflow import in_forward
from backcheck.training.plan import Plan
from backcheck.training.run import Epoch, Overflow, Run
from backcheck.training.schedules import Patience, rate
from backcheck.training.updates import State, Updates
from backcheck.worksheet import Worksheet

AT_ONCE = 1024  # examples that are worked together where nothing is learnt from them


def train(sheet: Worksheet, plan: Plan, name: str = "") -> Run:
    """A whole run.

    >>> from backcheck.api import load
    >>> run = train(load("problems/two-two-two.yaml"), Plan(epochs=1))
    >>> [round(loss, 9) for loss in run.loss]
    [0.298371109, 0.291027774]
    """
    training = Training(sheet, plan, name)
    for _ in training.epochs():
        pass
    return training.run()


class Training:
    """A run under way. `stop = True` ends it after the mini-batch that is being worked; it can go on from there."""

    def __init__(self, sheet: Worksheet, plan: Plan, name: str = "") -> None:
        if "eta" not in sheet.given:
            raise BadArgument("without a learning rate nothing is learnt: write learning_rate: 0.1 into the file, or give --rate")
        self.sheet, self.plan, self.name, self.stop = sheet, plan, name, False
        self.machine = Machine(sheet, plan.precision)
        self.examples, self.held_out = split(sheet, plan)
        self.edge = threshold(sheet.given["t"])
        self.updates = Updates(self.machine, self.examples, plan)
        self.looks = Looks(self.machine, self.examples.x, self.examples.t, plan.epochs)
        self.measuring: dict[int, Workspace] = {}
        self.plateaus = Patience(plan.schedule if plan.schedule.name == "plateau" else None)
        self.patience = Patience(plan.early_stopping)
        self.done: list[Epoch] = []
        self.best, self.least, self.best_values = 0, math.inf, self.machine.values.copy()
        self.overflow: Overflow | None = None

    def epochs(self) -> Iterator[Epoch]:
        """Epoch after epoch, as each is done; before any update, epoch 0."""
        with np.errstate(all="ignore"):  # what overflows is found, and told
            if not self.done:
                yield self._first()
            elif self.updates.at_once:
                self._over(self.examples)
            while not self.stopped and len(self.done) <= self.plan.epochs:
                before = self.updates.state()
                if not self.one_epoch():
                    return
                epoch = self._measured()
                if epoch is None:
                    self._find_overflow(before)
                    return
                yield epoch

    @property
    def stopped(self) -> str:
        """Why there are no more epochs, if they are not all done."""
        if self.overflow:
            return "overflow"
        if self.patience.times:
            return "early"
        return "interrupted" if self.stop and len(self.done) <= self.plan.epochs else ""

    def run(self) -> Run:
        """What there is so far."""
        if self.done:
            with np.errstate(all="ignore"):
                self.looks.take(self.done[-1].number, at_last=True)
        keep_best = self.plan.early_stopping and self.plan.early_stopping.settings.get("keep_best")
        values = self.machine.arrays(self.best_values if keep_best else None)
        found = (self.done, self.looks.found, self.looks.watched, values, self.stopped, self.overflow, self.best)
        return Run(self.name, self.sheet, self.plan, *found)

    def _first(self) -> Epoch:
        epoch = self._measured()
        if epoch is None:
            work_out(self.sheet)  # says which quantity of the problem has no value
            raise BadArgument("the loss is no finite number before any update: begin with smaller weights, or in float64")
        return epoch

    def one_epoch(self) -> bool:
        """One epoch, from where it was left; whether it came to its end."""
        self.updates.set_rate(self.done[-1].rate)
        self.updates.begin()
        while not self.updates.once():
            if self.stop:
                return False
        return True

    def _measured(self) -> Epoch | None:
        """The epoch that is done, or None if it ended with a number that is none."""
        loss, accuracy = self._over(self.examples)
        if not (math.isfinite(loss) and self.updates.is_finite()):
            return None
        out = self._over(self.held_out) if self.held_out else (None, None)
        epoch = self.remember(Epoch(len(self.done), loss, 0.0, accuracy, *out))
        if self.best == epoch.number:
            self.best_values[...] = self.machine.values
        self.looks.take(epoch.number)
        return epoch

    def remember(self, epoch: Epoch) -> Epoch:
        """Whether it is the best so far, and what that means for the learning rate and for going on."""
        watched = epoch.loss if epoch.held_out_loss is None else epoch.held_out_loss
        if watched < self.least:
            self.best, self.least = epoch.number, watched
        self.patience.lost(watched)
        eta, plateaus = float(self.sheet.given["eta"]), self.plateaus.lost(watched)
        self.done.append(epoch._replace(rate=rate(self.plan.schedule, eta, epoch.number, self.plan.epochs, plateaus)))
        return self.done[-1]

    def _over(self, examples: Examples) -> tuple[float, float | None]:
        """L of examples, and the part of them that is classified rightly."""
        total, hits = 0.0, 0
        for space in self._spaces(examples):
            work(space.forward)
            total += float(space.losses().sum(dtype=np.float64))
            hits += 0 if self.edge is None else right(space.t, space.a[-1], self.edge)
        count = len(examples)
        return total / count if self.machine.is_mean else total, None if self.edge is None else hits / count

    def _spaces(self, examples: Examples) -> Iterator[Workspace]:
        """The examples in a workspace, some at a time; where all of them are learnt from at once, in that of the updates."""
        if examples is self.examples and self.updates.at_once:
            yield from self.updates.spaces.values()
            return
        for start in range(0, len(examples), AT_ONCE):
            x, t = examples.x[start : start + AT_ONCE], examples.t[start : start + AT_ONCE]
            if len(x) not in self.measuring:
                self.measuring[len(x)] = Workspace(self.machine, x, t)
            space = self.measuring[len(x)]
            space.x, space.t = x, t
            yield space

    def _find_overflow(self, before: State) -> None:
        """Goes through the epoch again, and back to where it began: the last place that has numbers."""
        self.updates.restore(before)
        update, quantity = self.updates.first_overflow() or (-(-len(self.examples) // self.updates.batch), self._after_updates())
        self.overflow = Overflow(len(self.done), update, quantity)
        self.updates.restore(before)

    def _after_updates(self) -> str:
        """The first quantity without a number where the examples are only looked at."""
        start = 0
        for space in self._spaces(self.examples):
            work(space.forward)
            if found := in_forward(space, self.examples.places[start:]):
                return found
            start += space.examples
        return "L"
