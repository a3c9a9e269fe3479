"""How a network is trained, as data: what `training:` in a problem file says; it trains nothing."""

from __future__ import annotations

from typing import NamedTuple

from backcheck.worksheet import Array


class Choice(NamedTuple):
    """A name out of a table of the catalogue and its settings: adam, beta1 = 0.9, …"""

    name: str
    settings: dict[str, float] = {}  # noqa: RUF012, never changed


class Penalty(NamedTuple):
    """λ·Σ|w|, or λ·Σw², or half of that; of the weights alone, or of the biases as well."""

    strength: float
    half: bool = False  # of Σw² only
    biases: bool = False


class HeldOut(NamedTuple):
    """Examples that are not trained on, in rows as the worksheet's x and t."""

    inputs: Array
    targets: Array


class Plan(NamedTuple):
    """All that a run depends on beside the worksheet, which has the start, the data and the learning rate."""

    epochs: int = 100
    batch_size: int | None = None  # None: all examples at once
    shuffle: bool = True  # into new mini-batches in every epoch
    seed: int = 0  # of the shuffling, of dropout and of the part that is held out
    optimiser: Choice = Choice("sgd")
    schedule: Choice = Choice("constant")
    l1: Penalty | None = None
    l2: Penalty | None = None
    dropout: tuple[float, ...] = ()  # of each hidden layer, the probability that an output is dropped; (): none is
    clip: Choice | None = None  # norm or value, with its limit
    early_stopping: Choice | None = None  # patience, least, keep_best
    held_out: float | HeldOut | None = None  # a part of the examples, or examples of their own
    precision: str = "float64"
    order: str = "together"  # or output_first: every layer is updated before the slopes of the layer below are worked
    start: str = ""  # the file that the worksheet has W1, b1, … from, if it is not the problem's own
    level: float | None = None  # the loss whose first epoch is told
