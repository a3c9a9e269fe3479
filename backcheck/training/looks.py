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
        places = _places(machine) if few else {}
        self.watched, self.places = tuple(places), np.array([*places.values()], int)

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


def _places(machine: Machine) -> dict[str, int]:
    """Every trainable number by the name it has in the file, and where the machine keeps it; one in several places once."""
    names, found = machine.sheet.names, dict[str, int]()
    everywhere = np.arange(len(machine.values))
    for name in machine.names:
        places = machine.view(everywhere, name).T
        for index in np.ndindex(places.shape):
            if machine.trainable[places[index]]:
                found.setdefault(names.cell(name, index), int(places[index]))
    return found
