"""What `explain` has found, as records; it finds nothing itself."""

from __future__ import annotations

from typing import NamedTuple

HARMLESS = "it does no harm"  # what is said of weights from inputs that are always 0: there is nothing to mend


class Finding(NamedTuple):
    """One reason, or one remedy that was tried."""

    id: str  # identical_units, frozen, dead_units, …
    verdict: str  # proven, measured or tried
    cells: tuple[str, ...]  # the quantities it is about
    says: str  # one sentence, in the quantities of the file
    because: tuple[str, ...] = ()  # a proof in a few lines, or how it was measured and against which threshold
    provided: tuple[str, ...] = ()  # the conditions of a proof
    source: str = ""  # where a threshold comes from
    follows: tuple[str, ...] = ()  # parameters that never move because of it


class Claim(NamedTuple):
    """A sentence of the file, and what has become of it."""

    says: str
    verdict: str  # proven, refuted or undecided
    epoch: int | None = None  # where it was refuted
    value: float | None = None  # the number that refuted it
    because: tuple[str, ...] = ()
