"""How much may be worked out for one question: counted, so that every run is the same."""

from __future__ import annotations

from time import process_time

from backcheck.proving.allowance import seconds


class Spent(Exception):
    """All the work that was allowed is done."""


class Work:
    """What is left of the terms and calls that may be worked out; 100,000 take about a tenth of a second.

    The clock stands behind the count, which alone would make every run the same: for numbers that take unusually long.
    """

    def __init__(self, left: int = 200_000) -> None:
        self.allow(left)

    def allow(self, left: int) -> None:
        """So much from now on."""
        self.left, self.until = left * seconds.get(), process_time() + seconds.get()

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0 or process_time() > self.until:
            raise Spent
