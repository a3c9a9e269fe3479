"""What a run leaves behind, as records; it trains nothing and draws nothing."""

from __future__ import annotations

from typing import NamedTuple

from backcheck.training.plan import Plan
from backcheck.worksheet import Array, Worksheet


class Epoch(NamedTuple):
    """Where the network stands after so many epochs; 0 is before any update."""

    number: int
    loss: float  # L of all examples that are trained on, without penalties and without dropout
    rate: float  # the learning rate of the epoch that comes
    accuracy: float | None = None  # the part of the examples that are classified rightly, where targets are classes
    held_out_loss: float | None = None
    held_out_accuracy: float | None = None


class Look(NamedTuple):
    """What is looked at more closely, not necessarily in every epoch. Layers count from 1: index 0 is layer 1."""

    epoch: int
    sizes: tuple[float, ...]  # mean |w| of the weights of each layer
    activations: tuple[float, ...]  # mean |a| of each layer, over a few examples
    gradients: tuple[float, ...]  # mean |∂L/∂W| of each layer
    parameters: tuple[float, ...]  # every trainable number, in the order of Run.watched; () if they are many


class Overflow(NamedTuple):
    """Where numbers first became infinite."""

    epoch: int  # the one in which it happened, from 1
    update: int  # the update within it, from 1
    quantity: str  # dL/dW2[1,1]


class Run(NamedTuple):
    """One training from its start to its end."""

    name: str  # of the variant; "" where there is one run only
    sheet: Worksheet  # with what it began with
    plan: Plan
    epochs: list[Epoch]
    looks: list[Look]
    watched: tuple[str, ...]  # names of the trainable numbers, if they are few
    values: dict[str, Array]  # W1, b1, … at the end, in the shapes of the worksheet
    stopped: str = ""  # why it ended before the last epoch: "early", "overflow", "interrupted"
    overflow: Overflow | None = None
    best: int = 0  # the epoch with the least loss: of the held-out part, if there is one

    @property
    def loss(self) -> list[float]:
        """One number for each epoch, the first before any update."""
        return [epoch.loss for epoch in self.epochs]

    @property
    def diverged(self) -> bool:
        """Infinite, or still rising at the end from where no loss was before, a thousand times above the start."""
        loss = self.loss
        rising = len(loss) > 3 and loss[-4] < loss[-3] < loss[-2] < loss[-1]
        return self.overflow is not None or (rising and loss[-1] == max(loss) and loss[-1] > 1000 * loss[0])
