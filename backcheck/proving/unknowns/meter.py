"""How much work one question may cost, counted in fractions that are added or multiplied: the same on every machine."""

from __future__ import annotations

MOST_WORK = 300_000  # about a second


class TooMuch(Exception):
    """The work is beyond its bound."""


class Meter:
    """What was spent, of what may be; what is spent in a part counts for the whole."""

    def __init__(self, most: int = MOST_WORK, whole: Meter | None = None) -> None:
        self.spent, self.most, self.whole = 0, most, whole

    def spend(self, work: int) -> None:
        """
        >>> whole = Meter(3)
        >>> Meter(10, whole).spend(2)
        >>> whole.left
        1
        """
        self.spent += work
        if self.whole is not None:
            self.whole.spend(work)
        if self.spent > self.most:
            raise TooMuch

    @property
    def left(self) -> int:
        """What may still be spent."""
        return self.most - self.spent
