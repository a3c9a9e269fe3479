"""Which weights matter least: what size and slopes say of each, and what the loss does when it is removed; it trains nothing.

A weight that is removed is 0, in all its places, and the others stay. To second order that changes the loss by
−w·∂L/∂w + w²·∂²L/∂w²/2; where the loss is least the first term is 0, and the second alone is what optimal brain damage ranks by
(LeCun, Denker and Solla 1990). L is the loss alone, without penalties and without dropout.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from backcheck.cells import Place
from backcheck.errors import BadArgument
from backcheck.reasons.concepts.nudged_weights import Passes
from backcheck.training.plan import Plan
from backcheck.worksheet import Array, Worksheet

MOST, FEWEST, MOST_EXAMPLES = 2000, 100, 500
MOST_PRODUCTS = 10**10  # some seconds
STAGES = 12  # how often the loss is looked at while weights are removed one after the other
SAME = 12  # digits: weights that differ in later ones, by rounding, rank alike


class Weight(NamedTuple):
    """One weight."""

    name: str
    value: float
    slope: float  # ∂L/∂w
    curvature: float  # ∂²L/∂w²
    change: float  # of L when this one alone is removed; infinite if L has no value then
    frozen: bool
    places: tuple[Place, ...]


# name → how it is written, with g = ∂L/∂w and h = ∂²L/∂w², and the number; ranks go by its size
CRITERIA: dict[str, tuple[str, Callable[[Weight], float]]] = {
    "size": ("|w|", lambda w: abs(w.value)),
    "sensitivity": ("|w·g|", lambda w: abs(w.value * w.slope)),
    "second_derivative": ("w²·h/2", lambda w: w.value**2 * w.curvature / 2),
    "both": ("−w·g + w²·h/2", lambda w: -w.value * w.slope + w.value**2 * w.curvature / 2),
}
TRUTH = "removed"


class Removal(NamedTuple):
    """Weights removed one after the other, in one order."""

    order: tuple[str, ...]  # names, the least first
    losses: tuple[float, ...]  # after as many as Importance.counts says


class Importance(NamedTuple):
    """Every weight that was tried, and how well each criterion foretells what its removal does."""

    title: str
    loss: float
    weights: tuple[Weight, ...]  # in the order of the file
    of: int  # weights in all; if more than were tried, those lie evenly among them
    examples: tuple[int, int]  # that the loss was taken over, and in all
    agreement: dict[str, float | None]  # criterion → Spearman's rank correlation with the truth; None where all are equal
    counts: tuple[int, ...]
    removals: dict[str, Removal]  # by each criterion, and by the truth
    at_kink: bool


def importance(sheet: Worksheet, plan: Plan) -> Importance:  # noqa: ARG001 - every question is asked alike
    """The weights of a network as they stand in its sheet, biases left out; raises BadArgument where there is no network."""
    if not sheet.names.output:
        raise BadArgument("weights are ranked in a network; this is an expression")
    part = _fewer_examples(sheet)
    every = _weights(part)
    places = [every[i] for i in _chosen(part, len(every))]
    with np.errstate(all="ignore"):  # a loss that has no value is told as infinite
        passes = Passes(part)
        loss = float(passes.values[part.result])
        found = _measured(part, passes, places, loss)
        values = {name: [number(w) for w in found] for name, (_, number) in CRITERIA.items()} | {TRUTH: [w.change for w in found]}
        counts = _counts(len(found))
        removals = {name: _removal(passes, found, ranks(numbers), counts) for name, numbers in values.items()}
    agreement = {name: spearman(values[name], values[TRUTH]) for name in CRITERIA}
    used = len(part.given["x"]), len(sheet.given["x"])
    return Importance(sheet.title, loss, tuple(found), len(every), used, agreement, counts, removals, passes.m.at_kink)


def _fewer_examples(sheet: Worksheet) -> Worksheet:
    """At most five hundred examples, evenly among all."""
    count = len(sheet.given["x"])
    if count <= MOST_EXAMPLES:
        return sheet
    chosen = np.linspace(0, count - 1, MOST_EXAMPLES).round().astype(int)
    return sheet.with_given({name: sheet.given[name][chosen] for name in ("x", "t")}, sheet.names)


def _weights(sheet: Worksheet) -> list[tuple[Place, ...]]:
    """The places of every weight; one that has several is listed once."""
    names, found = sheet.names, dict[str, tuple[Place, ...]]()
    for row in (name for name in sheet.given if name[0] == "W" and name[1:].isdecimal()):
        for index in np.ndindex(sheet.given[row].shape):
            name = names.cell(row, index)
            found.setdefault(name, names.tied.get(name, ((row, index),)))
    return list(found.values())


def _chosen(sheet: Worksheet, count: int) -> list[int]:
    """Which weights are tried: all of them, or as many as time allows, evenly among all."""
    products = sum(sheet.given[row].size for row in sheet.given if row[0] == "W" and row[1:].isdecimal() and row != "W1")
    price = 4 * max(1, products) * len(sheet.given["x"])  # one pass with numbers, three more with their slopes
    most = min(count, MOST, max(FEWEST, MOST_PRODUCTS // price))
    return sorted(set(np.linspace(0, count - 1, most).round().astype(int).tolist()))


def _measured(sheet: Worksheet, passes: Passes, places: list[tuple[Place, ...]], loss: float) -> list[Weight]:
    removed, slopes = passes.removed(places), passes.slopes(places)
    found = []
    for at, left, first, second in zip(places, removed.tolist(), slopes.first.tolist(), slopes.second.tolist(), strict=True):
        row, index = at[0]
        frozen = f"trainable {row}" in sheet.given and not sheet.given[f"trainable {row}"][index]
        change = left - loss if math.isfinite(left) else math.inf
        found.append(Weight(sheet.names.cell(row, index), float(sheet.given[row][index]), first, second, change, bool(frozen), at))
    return found


def ranks(numbers: list[float]) -> Array:
    """1 for the one nearest to 0; equal ones share the mean of their ranks.

    >>> ranks([3.0, -1.0, 1.0, 0.5]).tolist()
    [4.0, 2.5, 2.5, 1.0]
    """
    sizes = [float(f"{abs(v):.{SAME}g}") for v in numbers]
    _, group, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[group])


def spearman(one: list[float], other: list[float]) -> float | None:
    """The correlation of ranks by size; None where all of one list are equal.

    >>> spearman([1, 2, 3, 4], [10, 20, 40, 30])
    0.8
    """
    u, v = (r - r.mean() for r in (ranks(one), ranks(other)))
    length = math.sqrt(float(u @ u) * float(v @ v))
    return float(u @ v) / length if length else None


def _counts(weights: int) -> tuple[int, ...]:
    """0, 1, 2, … all; of many, some that lie closer at the beginning."""
    if weights <= STAGES:
        return tuple(range(weights + 1))
    return tuple(sorted({0, *np.geomspace(1, weights, STAGES).round().astype(int).tolist()}))


def _removal(passes: Passes, weights: list[Weight], rank: Array, counts: tuple[int, ...]) -> Removal:
    """Least first; of equals, the first in the file."""
    order = [weights[i] for i in np.argsort(rank, kind="stable")]
    losses = [passes.without([w.places for w in order[:count]]) for count in counts]
    return Removal(tuple(w.name for w in order), tuple(v if math.isfinite(v) else math.inf for v in losses))
