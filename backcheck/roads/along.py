"""The loss along a direction: whether a claimed slope is the one it starts with; it knows no derivative.

Parameters are really changed, and every row is really worked again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from backcheck.roads.forward import part
from backcheck.roads.imaginary import ABOVE, BELOW, MIXED, scattered
from backcheck.roads.passes import EPS, NUDGE, Claim, Pass, nudges, passes
from backcheck.worksheet import Array, Worksheet


class Along(NamedTuple):
    """The slope of the result in one direction, and Σ slope·direction, with the sum of the sizes of its terms."""

    measured: float
    expected: float
    size: float


def direction(sheet: Worksheet, slopes: Mapping[Claim, Array]) -> Along:
    """One nudge of all these rows at once, in a fixed direction that looks random, through the whole forward pass.

    >>> from backcheck.api import load
    >>> from backcheck.roads.by_nudging import nudged
    >>> sheet = load("problems/one-step-squared-error.yaml")
    >>> claims = [row.claims for row in sheet.rows if row.claims and row.claims[1] in sheet.given]
    >>> along = direction(sheet, {claim: nudge.value for claim, nudge in nudged(sheet, claims).items()})
    >>> abs(along.measured - along.expected) < 1e-15
    True
    """
    ways, counted = _directions(sheet, [by for _, by in slopes])
    small = {name: nudges(NUDGE, sheet.given[name]) for name in ways}
    ways = {name: way * small[name] for name, way in ways.items()}
    with np.errstate(all="ignore"):
        nudged = Pass(sheet, moved={by: 1j * way for by, way in ways.items()})
    terms = [g * counted[by] * (small[by] / NUDGE) for (_, by), g in slopes.items()]
    measured = float(nudged.values[sheet.result].imag) / NUDGE
    return Along(measured, sum(float(t.sum()) for t in terms), sum(float(abs(t).sum()) for t in terms))


STEPS = 2.0 ** -np.arange(2, 36)
SEEN = 64  # times what rounding does: then it changes log₂ of a remainder by less than 1/32
APART = 10_000  # numbers of the scattered ones, from row to row
BENT = 2.0**-30  # of a slope: what differs by more has come to different sides of a kink
MOST_NUMBERS = 2**20  # in one array over several steps: 8 MB


def taylor(sheet: Worksheet, claim: Claim, claimed: Array) -> float | None:
    """How |L(p + h·v) − L(p) − h·g·v| shrinks with h along a fixed direction v: 2, or more, if g is the slope, 1 if it is not.

    It is the slope of its logarithm against that of h, between the smallest h whose remainder is well above rounding. None: no
    remainder is, as where L runs straight; or p lies at a kink, where no slope has a remainder that shrinks.

    >>> from backcheck.api import load
    >>> sheet = load("problems/shared-variable.yaml")
    >>> slope = 0.5 * np.sin(2) + 1 * np.cos(2) + 4
    >>> round(taylor(sheet, ("f", "x"), np.array(slope)), 1), round(taylor(sheet, ("f", "x"), np.array(slope + 0.01)), 1)
    (2.0, 1.0)
    """
    of, by = claim
    sheet = part(sheet, of, by, Pass(sheet).values if of != sheet.result else {})
    ways, counted = _directions(sheet, [by])
    slope = claimed * counted[by]
    with np.errstate(all="ignore"):
        plain, *others = passes(sheet).roundings[:3]
        if plain.m.at_kink and _bends(sheet, ways):
            return None
        start = float(plain.values[sheet.result])
        moved = _moved(sheet, ways)
    left = abs(moved[1:] - moved[0] - STEPS * float(slope.sum()))
    rounded = math.sqrt(float(((claimed * plain.values[by]) ** 2).sum()))  # p + h·v is rounded before L is worked
    noise: Any = max(abs(float(one.values[sheet.result]) - start) for one in others)
    noise = noise + EPS * (abs(start) + rounded + STEPS * float(abs(slope).sum()))
    return _shrinks(left, SEEN * noise)


def _bends(sheet: Worksheet, ways: Mapping[str, Array]) -> bool:
    """Whether the slope in a direction depends on the side of a kink."""
    moved = {name: 1j * NUDGE * way for name, way in ways.items()}
    slopes = [float(Pass(sheet, side=side, moved=moved).values[sheet.result].imag) / NUDGE for side in (ABOVE, BELOW, MIXED)]
    return not max(slopes) - min(slopes) <= BENT * max(map(abs, slopes))


def _shrinks(left: Array, seen: Array) -> float | None:
    """How many binary places are lost from one step to the next, over the three smallest that are seen one after the other."""
    plain = np.isfinite(left) & (left > seen)
    last = next((i for i in range(len(left) - 1, 1, -1) if plain[i - 2 : i + 1].all()), None)
    if last is None:
        return None
    found = math.log2(left[last - 2] / left[last]) / 2
    if last + 1 < len(left) and left[last] / 2**found > 2 * seen[last + 1]:
        return None  # what was seen up to here is a jump or a kink on the way, and before it L runs straight
    return found


def _moved(sheet: Worksheet, ways: Mapping[str, Array]) -> Array:
    """L for no step, and for every step."""
    steps, largest = np.array([0.0, *STEPS]), max(way.size for way in ways.values())
    parts = np.array_split(steps, math.ceil(steps.size * largest / MOST_NUMBERS))
    moved = ({name: part.reshape(-1, *[1] * way.ndim) * way for name, way in ways.items()} for part in parts)
    return np.concatenate([np.atleast_1d(Pass(sheet, moved=move).values[sheet.result]) for move in moved])


def _directions(sheet: Worksheet, names: Sequence[str]) -> tuple[dict[str, Array], dict[str, Array]]:
    """A direction of unit length for some rows: how they move, and by what each of their slopes counts.

    A parameter in several places moves in all of them, and each place has its whole slope.
    """
    values = sheet.given if all(name in sheet.given for name in names) else Pass(sheet).values
    ways = {name: scattered(values[name].shape, APART * i) for i, name in enumerate(names)}
    places = {row.name.removeprefix("places "): sheet.given[row.name] for row in sheet.rows if row.op == "places"}
    tied = [places[name].astype(int) for name in names if name in places]
    count = np.bincount(np.concatenate([at.ravel() for at in tied])) if tied else np.zeros(0, int)
    count[:1] = 0
    draw, counted = scattered(count.shape, APART * len(names)), dict[str, Array]()
    for name, at in places.items() if tied else ():
        group = np.where(at < len(count), at, 0).astype(int)
        here = count[group] > 0
        ways[name] = np.where(here, draw[group], ways.get(name, 0))
        counted[name] = ways[name] / np.where(here, count[group], 1)
    length = math.sqrt(sum(way.size for way in ways.values()))
    return {name: way / length for name, way in ways.items()}, {name: counted.get(name, ways[name]) / length for name in names}
