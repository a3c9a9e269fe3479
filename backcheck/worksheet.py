"""The one record that everything reads: named rows, each made from earlier rows by a named operation; it computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple

import numpy as np

from backcheck.cells import Names

Array = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]


class Phase(Enum):
    """The parts of a worksheet, in the order they are worked."""

    GIVEN = "given"
    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"


class Row(NamedTuple):
    """One array of numbers and where it comes from; a single number in it is a cell.

    An operation is only a name, which each reader looks up in a table of its own: `tanh`, `tanh.dz` for its slope,
    `softmax+cross_entropy` for two that are worked together. Four spellings need no table:
    `numeral` (the row's name is its value), `sigmoid|tanh` (one operation for each unit), `z: z**3` (a formula in the letters
    before the colon, which are the parents in order) and `g z a: z**3 ∂/∂z times g` (the slope of one). After any of them
    ` masked` may stand: where the last parent is 0, the number is that of the first.
    """

    name: str
    op: str
    parents: tuple[str, ...] = ()
    phase: Phase = Phase.FORWARD
    claims: tuple[str, str] | None = None  # ("L", "W2"): this row says that it is ∂L/∂W2, whatever it does


class Worksheet:
    """The rows of one problem in the order they are worked, and the numbers that were given."""

    __slots__ = ("by_name", "given", "names", "rows", "title")

    def __init__(self, rows: tuple[Row, ...], given: Mapping[str, Array], names: Names, title: str = "") -> None:
        self.rows, self.given, self.names, self.title = rows, given, names, title
        self.by_name: Mapping[str, Row] = {row.name: row for row in rows}
        for array in given.values():
            array.flags.writeable = False  # what was given stays as it is, whoever asks for it
        seen: set[str] = set()
        for row in rows:
            if row.name in seen or not seen.issuperset(row.parents):
                raise ValueError(f"row {row.name!r} stands twice, or before one of its parents")
            seen.add(row.name)

    def __getitem__(self, name: str) -> Row:
        return self.by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self.by_name

    def in_phase(self, *phases: Phase) -> list[Row]:
        """The rows of some phases, in order."""
        return [row for row in self.rows if row.phase in phases]

    @property
    def result(self) -> str:
        """The name of what is differentiated: L, or an expression's own result."""
        return self.in_phase(Phase.FORWARD, Phase.LOSS)[-1].name

    def extended(self, rows: list[Row]) -> Worksheet:
        """The same sheet with more rows at its end."""
        return Worksheet((*self.rows, *rows), self.given, self.names, self.title)

    def with_given(self, numbers: Mapping[str, Array], names: Names) -> Worksheet:
        """The same sheet from other numbers, and what is written of them."""
        return Worksheet(self.rows, {**self.given, **numbers}, names, self.title)
