"""The updates of a run: what one mini-batch does to the parameters, statement by statement; it measures nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from backcheck.errors import BadArgument
from backcheck.training import overflow
from backcheck.training.examples import DROPPING, SHUFFLING, Examples, stream
from backcheck.training.in_place import Statement
from backcheck.training.machine import Machine, Workspace, work
from backcheck.training.optimisers import MEMORY, OPTIMISERS
from backcheck.training.plan import Plan
from backcheck.training.slopes import together

State = dict[str, Any]


class Updates:
    """Mini-batches in their order, and the statements that each of them is worked by."""

    def __init__(self, machine: Machine, examples: Examples, plan: Plan) -> None:
        self.machine, self.examples, self.plan = machine, examples, plan
        if plan.order == "output_first" and (name := _in_two_layers(machine)):
            raise BadArgument(f"{name} stands in two layers, so that no layer can be updated before another: order: together")
        self.batch = min(plan.batch_size or len(examples), len(examples))
        self.shuffles = plan.shuffle and self.batch < len(examples)
        self.dropout = plan.dropout if any(plan.dropout) else ()
        self.at_once = self.batch == len(examples) and not self.dropout  # the pass forward that measures is the one that learns
        self.shuffling, self.dropping = stream(plan.seed, SHUFFLING), stream(plan.seed, DROPPING)
        self.rate, self.whole = np.zeros(1, machine.dtype), slice(0, len(machine.values))
        self.folded = plan.optimiser.name == "sgd" and not together(machine, plan, self.whole, machine.slopes)
        self.memory = {name: np.zeros_like(machine.values) for name in MEMORY}
        self.counts = np.zeros(len(machine.layers))  # of updates; one for each part that is updated by itself
        self.order, self.position = np.arange(len(examples)), 0  # of the epoch under way
        self.chosen = np.zeros(self.batch, np.intp)
        self.spaces = {size: self._space(size) for size in {self.batch, len(examples) % self.batch} - {0}}
        self.programs = {size: self._program(space) for size, space in self.spaces.items()}

    def set_rate(self, rate: float) -> None:
        """The learning rate of the epoch; for plain SGD it is in the slopes already, which saves a pass over them."""
        self.rate[...] = rate
        for size, space in self.spaces.items():
            space.scale[...] = (self.rate[0] if self.folded else 1) / (size if self.machine.is_mean else 1)

    def begin(self) -> None:
        """The order of a new epoch, unless one is under way."""
        if not self.position and self.shuffles:
            self.order = self.shuffling.permutation(len(self.examples))

    def once(self) -> bool:
        """The update of one mini-batch; whether that was the last one of the epoch."""
        work(self.programs[self._choose()])
        return self._moved_on()

    def first_overflow(self) -> tuple[int, str] | None:
        """The epoch once more: the update, from 1, in which a quantity became no number, and which was the first."""
        self.begin()
        over = False
        while not over:
            update = self.position // self.batch + 1
            space = self.spaces[self._choose()]
            places = self.examples.places[self.chosen[: space.examples]]
            work([*([] if self.at_once else self._read(space)), *space.forward])
            found = overflow.in_forward(space, places)
            if not found:
                work(self._back(space))
                found = overflow.in_backward(space, places) or overflow.in_values(self.machine, self.memory)
            if found:
                return update, found
            over = self._moved_on()
        return None

    def is_finite(self) -> bool:
        """Whether the parameters, and what the optimiser remembers of their slopes, are all numbers."""
        return bool(np.isfinite(self.machine.values).all() and all(np.isfinite(array).all() for array in self.memory.values()))

    def _choose(self) -> int:
        chosen = self.order[self.position : self.position + self.batch]
        self.chosen[: len(chosen)] = chosen
        return len(chosen)

    def _moved_on(self) -> bool:
        self.position += self.batch
        if self.position >= len(self.order):
            self.position = 0
        return not self.position

    def _space(self, size: int) -> Workspace:
        x, t = self.examples.x, self.examples.t
        if not self.at_once:
            x, t = np.empty_like(x[:size]), np.empty_like(t[:size])
        return Workspace(self.machine, x, t, self.dropout, self.dropping)

    def _program(self, space: Workspace) -> list[Statement]:
        """What is read, the way forward, the way back, and the step."""
        if self.at_once:  # the way forward was gone when the epoch before was measured
            return self._back(space)
        return [*self._read(space), *space.forward, *self._back(space)]

    def _read(self, space: Workspace) -> list[Statement]:
        """The examples of the mini-batch; those that lie next to each other are not copied."""
        examples, chosen = self.examples, self.chosen[: space.examples]
        if not self.shuffles:
            return [partial(self._point, space)]
        return [partial(np.take, examples.x, chosen, 0, space.x, "clip"), partial(np.take, examples.t, chosen, 0, space.t, "clip")]

    def _point(self, space: Workspace) -> None:
        here = slice(self.position, self.position + space.examples)
        space.x, space.t = self.examples.x[here], self.examples.t[here]

    def _back(self, space: Workspace) -> list[Statement]:
        """The way back, and the step: of all parameters together, or of each layer before the way leads on."""
        steps = self._steps()
        if self.plan.order == "together":
            return [s for statements in (*space.backward, *steps) for s in statements]
        return [s for pair in zip(space.backward, steps, strict=True) for statements in pair for s in statements]

    def _steps(self) -> list[list[Statement]]:
        """The step of all parameters, or of each layer, the last first."""
        if self.plan.order == "together":
            return [self._step(self.whole, 0)]
        layers = list(enumerate(self.machine.layers))
        return [self._step(self.machine.part(layer.names), l) for l, layer in reversed(layers)]

    def _step(self, part: slice, l: int) -> list[Statement]:
        m, optimiser = self.machine, self.plan.optimiser
        w, g, s = m.values[part], m.slopes[part], np.zeros_like(m.values[part])
        if self.folded:
            return [partial(np.subtract, w, g, w)]
        state = {name: array[part] for name, array in self.memory.items()}
        state |= {"count": self.counts[l : l + 1], "trainable": m.trainable[part]}
        slopes = together(m, self.plan, part, s)
        return [*slopes, *OPTIMISERS[optimiser.name](w, g, self.rate, state, s, **optimiser.settings)]

    # what a run that goes on later has to know

    def state(self) -> State:
        """Everything that the next update depends on, copied."""
        arrays = {"values": self.machine.values, **self.memory, "counts": self.counts, "order": self.order}
        streams = {"shuffling": self.shuffling, "dropping": self.dropping}
        found = {name: array.copy() for name, array in arrays.items()}
        return found | {"position": self.position} | {name: one.bit_generator.state for name, one in streams.items()}

    def restore(self, state: State) -> None:
        arrays = {"values": self.machine.values, **self.memory, "counts": self.counts}
        for name, array in arrays.items():
            array[...] = state[name]
        self.order, self.position = np.array(state["order"], np.intp), int(state["position"])
        self.shuffling.bit_generator.state, self.dropping.bit_generator.state = state["shuffling"], state["dropping"]


def _in_two_layers(machine: Machine) -> str:
    """A parameter that is tied over layers, if there is one."""
    tied = machine.sheet.names.tied.items()
    return next((name for name, places in tied if len({row[1:] for row, _ in places if row in machine.names}) > 1), "")
