"""The rows of an update that is more than w − η·∂L/∂w: penalties, clipping, momentum, Adam and the like; it computes nothing.

The slope of the loss comes first, then what the penalties add to it, as parts of the loss, then clipping, then the optimiser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from backcheck.catalogue import OPTIMISERS
from backcheck.cells import LENGTH
from backcheck.spelling import Figures
from backcheck.worksheet import Array, Phase, Row, Worksheet

if TYPE_CHECKING:
    from backcheck.training.plan import Penalty, Plan

NEW, START, MASKED = "'", "start", " masked"
MOVING = (NEW, "m", "v")  # rows that stay as their first parent is where a number is frozen

# Optimiser → its rows in the order they are worked: which, by what operation, from what. p is the parameter and g its slope;
# m0 and v0 are those that the step before left.
_MOMENTUM = ("m", "m b g: b*m + g", "m0 beta g")
_ADAM = (
    ("m", "m b g: b*m + (1 - b)*g", "m0 beta1 g"),
    ("v", "v b g: b*v + (1 - b)*g**2", "v0 beta2 g"),
    ("mhat", "m b: m/(1 - b**1)", "m beta1"),
    ("vhat", "v b: v/(1 - b**1)", "v beta2"),
)
ROWS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "sgd": ((NEW, "sgd", "p eta g"),),
    "momentum": (_MOMENTUM, (NEW, "sgd", "p eta m")),
    "nesterov": (_MOMENTUM, (NEW, "p r g b m: p - r*(g + b*m)", "p eta g beta m")),
    "adam": (*_ADAM, (NEW, "p r m v e: p - r*m/(sqrt(v) + e)", "p eta mhat vhat epsilon")),
    "adamw": (*_ADAM, (NEW, "p r d m v e: p*(1 - r*d) - r*m/(sqrt(v) + e)", "p eta decay mhat vhat epsilon")),
    "rmsprop": (
        ("v", "v b g: b*v + (1 - b)*g**2", "v0 rho g"),
        (NEW, "p r g v e: p - r*g/(sqrt(v) + e)", "p eta g v epsilon"),
    ),
}
BY_LENGTH, BY_VALUE = "g c n: g*c/max(n, c)", "g c: max(-c, min(c, g))"  # the first is g·c/n where n is more than c, else g
COUNT = re.compile(r"(?<=b\*\*)\d+")  # how many steps there have been, this one included


def with_update(sheet: Worksheet, parameters: list[str], plan: Plan) -> Worksheet:
    """A sheet that has its backward pass, and the update that a plan says."""
    draft = _Draft(sheet, plan)
    rows = list(draft.update(parameters))
    start = [Row(name, kind, (), Phase.GIVEN) for name, (kind, _) in draft.noted.items()]
    later = [row for row in sheet.rows if row.phase is not Phase.GIVEN]
    given = {name: array for name, (_, array) in draft.noted.items()}
    return Worksheet((*sheet.in_phase(Phase.GIVEN), *start, *later, *rows), {**sheet.given, **given}, sheet.names, sheet.title)


class _Draft:
    """The rows of an update, and the given numbers that they bring with them."""

    def __init__(self, sheet: Worksheet, plan: Plan) -> None:
        self.sheet, self.plan = sheet, plan
        self.noted: dict[str, tuple[str, Array]] = {}  # row → its kind, its numbers

    def update(self, parameters: list[str]) -> Iterator[Row]:
        """Parameter by parameter; the slopes of all of them come first where these are clipped together."""
        penalised = {p: self.penalised(p) for p in parameters if self.moves(p)}
        slopes = {p: rows[-1].name if rows else f"d{self.sheet.result}/d{p}" for p, rows in penalised.items()}
        together = bool(self.plan.clip and self.plan.clip.name == "norm" and slopes)
        if together:
            yield from (row for rows in penalised.values() for row in rows)
            yield self.length(slopes)
        for p in parameters:
            if p not in slopes:
                yield Row(p + NEW, "frozen", (p,), Phase.UPDATE)
                continue
            clipped = self.clipped(p, slopes[p])
            yield from [*([] if together else penalised[p]), *clipped]
            yield from self.optimised(p, clipped[0].name if clipped else slopes[p])

    def moves(self, p: str) -> bool:
        mask = self.sheet.given.get(f"trainable {p}")
        return mask is None or bool(mask.any())

    def penalised(self, p: str) -> list[Row]:
        """g = ∂L/∂p and what the penalties add to it, where one does."""
        letters, text, parents = "d p", "d", [f"d{self.sheet.result}/d{p}", p]
        l1, l2 = (self.strength(penalty, p) for penalty in (self.plan.l1, self.plan.l2))
        if l1:
            letters, text = f"{letters} l", f"{text} + l*sign(p)"
            parents.append(self.numeral(l1))
        if l2:
            letters, text = f"{letters} k", f"{text} + {'k*p' if self.plan.l2 and self.plan.l2.half else '2*k*p'}"
            parents.append(self.numeral(l2))
        return [Row(f"g {p}", f"{letters}: {text}", tuple(parents), Phase.UPDATE)] if l1 or l2 else []

    def strength(self, penalty: Penalty | None, p: str) -> float:
        is_bias = bool(self.sheet.names.output) and p[0] == "b"
        return penalty.strength if penalty and (penalty.biases or not is_bias) else 0.0

    def length(self, slopes: Mapping[str, str]) -> Row:
        """√Σg² over all that is trained."""
        parents = [name for p, slope in slopes.items() for name in (slope, self.counted(p))]
        return Row(LENGTH, "length", tuple(parents), Phase.UPDATE)

    def counted(self, p: str) -> str:
        """What of a parameter counts there: nothing that is frozen, and a number in several places once."""
        mask, tied = self.sheet.given.get(f"trainable {p}"), self.sheet.names.tied.values()
        again = [index for places in tied for row, index in places[1:] if row == p]
        if mask is None and not again:
            return self.numeral(1)
        counted = np.ones(self.sheet.given[p].shape) if mask is None else mask.copy()
        for index in again:
            counted[index] = 0
        return self.note(f"counted {p}", "mask", counted)

    def clipped(self, p: str, slope: str) -> list[Row]:
        if not self.plan.clip:
            return []
        limit = self.numeral(self.plan.clip.settings["limit"])
        op, parents = (BY_LENGTH, (slope, limit, LENGTH)) if self.plan.clip.name == "norm" else (BY_VALUE, (slope, limit))
        return [Row(f"clipped {p}", op, parents, Phase.UPDATE)]

    def optimised(self, p: str, slope: str) -> Iterator[Row]:
        """The rows of the optimiser."""
        mask = f"trainable {p}"
        for kind, op, reads in ROWS[self.plan.optimiser.name]:
            parents = tuple(self.read(letter, p, slope) for letter in reads.split())
            if kind in MOVING and mask in self.sheet:
                op, parents = op + MASKED, (*parents, mask)
            yield Row(row_of(kind, p), op, parents, Phase.UPDATE)

    def read(self, letter: str, p: str, slope: str) -> str:
        """The row behind a letter: the parameter, its slope, a setting, what the step before left, or a row of this step."""
        name, settings = self.plan.optimiser
        if letter in (found := {"p": p, "eta": "eta", "g": slope}):
            return found[letter]
        if letter in OPTIMISERS[name]:
            return self.numeral(settings.get(letter, float(OPTIMISERS[name][letter])))
        if letter in ("m0", "v0"):
            return self.note(row_of(letter, p), START, np.zeros(self.sheet.given[p].shape))
        return row_of(letter, p)

    def numeral(self, value: float) -> str:
        return self.note(Figures()(float(value)), "numeral", np.asarray(float(value)))

    def note(self, name: str, kind: str, array: Array) -> str:
        if name not in self.sheet:
            self.noted.setdefault(name, (kind, array))
        return name


def row_of(kind: str, p: str) -> str:
    """`W1'`, or `m W1`."""
    return p + NEW if kind == NEW else f"{kind} {p}"


def carried(sheet: Worksheet) -> dict[str, str]:
    """Given row → the row that it will be in the next step: `m0 W1` → `m W1`."""
    return {row.name: row_of(row.name[0], row.name[3:]) for row in sheet.rows if row.op == START}


def counted_on(sheet: Worksheet) -> Worksheet:
    """The same sheet one step later: 1 − β² in place of 1 − β."""
    if not carried(sheet):
        return sheet
    rows = [row if row.phase is not Phase.UPDATE else row._replace(op=COUNT.sub(_one_more, row.op)) for row in sheet.rows]
    return Worksheet(tuple(rows), sheet.given, sheet.names, sheet.title)


def _one_more(found: re.Match[str]) -> str:
    return str(int(found[0]) + 1)
