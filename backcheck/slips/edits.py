"""A worksheet with a few of its rows worked by another rule, and everything after them following; it knows no mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from backcheck.arithmetic import parse
from backcheck.errors import Undefined
from backcheck.formula import evaluate
from backcheck.roads.by_hand import FUNCTIONS, rule
from backcheck.roads.work import WorkedSheet, idle
from backcheck.worksheet import Array, Phase, Row, Worksheet


class Edit(NamedTuple):
    """How a row is worked instead: the rows that are read, and what is done with their arrays."""

    parents: tuple[str, ...]
    work: Callable[..., Any]


class Slip(NamedTuple):
    """A single mistake: the id of its kind, a sentence, and the rows that it is made in."""

    id: str
    says: str
    rows: Mapping[str, Edit]


class SlippedSheet(WorkedSheet):
    """The numbers of a worksheet with a slip in it; what the slip does not reach is taken over from the right ones."""

    def __init__(self, right: WorkedSheet, slip: Slip) -> None:
        reached = set(slip.rows)
        for row in right.sheet.rows:
            if reached.intersection(row.parents):
                reached.add(row.name)
        super().__init__(right.sheet, {name: right.array(name) for name in _worked(right) if name not in reached})
        self.slip, self.reached = slip, reached

    def worked(self, row: Row, checked_later: bool = False) -> Array:
        """The numbers of a row, by the slip's rule where it has one."""
        edit = self.slip.rows.get(row.name)
        if edit is None:
            return super().worked(row, checked_later)
        value = np.asarray(edit.work(*[self.array(parent) for parent in edit.parents]), np.float64)
        if row.phase is Phase.LOSS:
            value = value.sum() if row.name == "L" else value.reshape(-1)
        if not np.isfinite(value).all():
            raise Undefined(f"{row.name} has no value: {self.slip.says}")
        return value


def worked_with(sheet: Worksheet, slip: Slip) -> WorkedSheet:
    """The whole sheet with the slip made; raises Undefined if a number that follows from it is none."""
    from backcheck.roads.work import work

    return slipped(work(sheet), slip)


def slipped(right: WorkedSheet, slip: Slip) -> SlippedSheet:
    """The same from a sheet that is worked already."""
    done = SlippedSheet(right, slip)
    with np.errstate(all="ignore"):
        for name in _worked(right):
            done.array(name)
    return done


def _worked(right: WorkedSheet) -> list[str]:
    """The rows that have a value and are read, or belong to a parameter."""
    aside = {row.name for row in idle(right.sheet)} | set(right.undefined)
    return [row.name for row in right.sheet.rows if row.name not in aside]


def written_rows(right: WorkedSheet) -> list[str]:
    """The rows that somebody who works the sheet writes down."""
    given = {row.name for row in right.sheet.in_phase(Phase.GIVEN)}
    return [name for name in _worked(right) if name not in given]


def by_formula(parents: tuple[str, ...], letters: str, text: str) -> Edit:
    """A row worked by a formula, in one letter for each parent.

    >>> float(by_formula(("dL/da1", "a1"), "g a", "g*(1 - a)").work(2.0, 0.25))
    1.5
    """
    tree, names = parse(text), letters.split()

    def work(*arrays: Array) -> Any:
        return evaluate(tree, dict(zip(names, arrays, strict=True)).__getitem__, FUNCTIONS, np.float64)

    return Edit(parents, work)


def by_row(row: Row) -> Edit:
    """A row worked as another row would be."""
    return Edit(row.parents, rule(row))


def then(row: Row, change: Callable[[Array], Any]) -> Edit:
    """A row worked as it should be, and then changed."""
    right = rule(row)
    return Edit(row.parents, lambda *arrays: change(np.asarray(right(*arrays))))
