"""The learning rate of an epoch, and when it is time to stop; it trains nothing."""

from __future__ import annotations

import math
from collections.abc import Callable

from backcheck.training.plan import Choice

# η at the start, the epochs that lie behind, all that are planned, the plateaus so far; then the settings → η
SCHEDULES: dict[str, Callable[..., float]] = {
    "constant": lambda eta, e, E, plateaus: eta,
    "step": lambda eta, e, E, plateaus, every, factor: eta * factor ** (e // every),
    "exponential": lambda eta, e, E, plateaus, factor: eta * factor**e,
    "cosine": lambda eta, e, E, plateaus, to: to + (eta - to) * (1 + math.cos(math.pi * min(e / E, 1))) / 2,
    "plateau": lambda eta, e, E, plateaus, patience, factor, least: eta * factor**plateaus,
}


def rate(schedule: Choice, eta: float, e: int, epochs: int, plateaus: int = 0) -> float:
    """The learning rate of the epoch that comes after e epochs.

    >>> rate(Choice("step", {"every": 10, "factor": 0.5}), 0.8, 20, 100)
    0.2
    """
    return SCHEDULES[schedule.name](eta, e, epochs, plateaus, **schedule.settings)


class Patience:
    """Counts how often so many epochs went by without a loss that is lower by more than `least`; then it counts anew.

    >>> patience = Patience(Choice("", {"patience": 2, "least": 0}))
    >>> [patience.lost(loss) for loss in (5, 4, 4, 4, 4, 4, 3)]
    [0, 0, 0, 1, 1, 2, 2]
    """

    def __init__(self, choice: Choice | None) -> None:
        settings = choice.settings if choice else {}
        self.patience, self.least = settings.get("patience", math.inf), settings.get("least", 0.0)
        self.best, self.waited, self.times = math.inf, 0, 0

    def lost(self, loss: float) -> int:
        """Takes the loss of one more epoch; returns how often patience was lost so far."""
        if math.isinf(self.best) or self.best - loss > self.least:  # from an infinite loss on, every epoch is a beginning
            self.best, self.waited = min(self.best, loss), 0
        else:
            self.waited += 1
        if self.waited >= self.patience:
            self.waited, self.times = 0, self.times + 1
        return self.times
