"""A closer look at a run from time to time: sizes of weights, activations, slopes, and every parameter if they are few."""

from __future__ import annotations

from typing import Any

import numpy as np

from backcheck.training.machine import Machine, Workspace, work
from backcheck.training.run import Look

MOST_LOOKS, MOST_EXAMPLES, MOST_WATCHED = 400, 256, 60


class Looks:
    """The looks so far, over a few of the examples that are trained on, the same ones each time."""

    def __init__(self, machine: Machine, x: Any, t: Any, epochs: int) -> None:
        self.machine, self.found = machine, list[Look]()
        self.every, self.last = -(-epochs // MOST_LOOKS) or 1, epochs
        some = np.unique(np.linspace(0, len(x) - 1, min(len(x), MOST_EXAMPLES)).astype(int))
        self.space = Workspace(machine, x[some], t[some])
        few = int(np.count_nonzero(machine.trainable)) <= MOST_WATCHED
        self.watched = tuple(_names(machine)) if few else ()
        self.places = np.flatnonzero(machine.trainable) if few else np.zeros(0, int)

    def take(self, epoch: int, at_last: bool = False) -> None:
        """Looks, if it is time to; `at_last` even if it is not."""
        if (epoch % self.every and epoch != self.last and not at_last) or (self.found and self.found[-1].epoch == epoch):
            return
        m, space = self.machine, self.space
        work(space.forward)
        for statements in space.backward:
            work(statements)
        weights = [layer.names[0] for layer in m.layers]
        self.found.append(
            Look(
                epoch,
                tuple(_mean(m.value[name]) for name in weights),
                tuple(map(_mean, space.a)),
                tuple(_mean(m.slope[name]) for name in weights),
                tuple(m.values[self.places].tolist()),
            )
        )


def _mean(array: Any) -> float:
    return float(np.abs(array).mean(dtype=np.float64))


def _names(machine: Machine) -> list[str]:
    """Every trainable number by the name it has in the file, in the order in which the machine keeps them."""
    names, found = machine.sheet.names, []
    for name in machine.names:
        shape = machine.sheet.given[name].shape
        places = machine.view(machine.trainable, name)
        found += [names.cell(name, index[::-1]) for index in np.ndindex(shape[::-1]) if places[index]]
    return found
