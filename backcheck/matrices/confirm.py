"""An answer held against differences on random arrays of unequal sizes; it knows no rule of differentiation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from backcheck.matrices.tree import Shape, Tree
from backcheck.matrices.values import Array, of_tree

SEED = 20
UNEQUAL = ((2, 3, 4, 5, 6), (4, 2, 6, 3, 5))  # sizes by turns: a transposed matrix does not fit
LARGEST = 6  # a larger number is a size like any other letter
TRIES, LEVELS = 40, 8
STEPS = (1 / 8, 1 / 8, 2**-9, 2**-15, 2**-21)  # the smaller ones for functions that are steep
ENOUGH = 1e-7  # differences that know less than this say too little; other numbers are drawn
FLAT, MOST_FLAT = 1e-3, 4
SAFETY = 10  # Ridders' estimate is the size of the error, not a bound on it
ROUNDING = 64 * np.finfo(np.float64).eps  # some dozen roundings on either side
RANGES = ((-1, 1), (0.2, 1.2), (1.1, 2.1), (-0.3, 0.3), (-0.9, -0.1), (3, 9), (-9, -3), (0, 0.1))  # the later for ln and roots


class Trial(NamedTuple):
    """One set of sizes, the largest difference met, and how far the differences themselves may be off."""

    sizes: dict[str, int]
    largest_difference: float
    error: float


class Draw(NamedTuple):
    """Random numbers, and the slope that differences find there."""

    sizes: dict[str, int]
    given: dict[str, Array]
    slope: Array
    error: Array


def draws(tree: Tree, by: str, shapes: Mapping[str, Shape]) -> Iterator[Iterator[Draw]]:
    """For each set of sizes random numbers at which the expression is defined and smooth."""
    names = dict.fromkeys(size for shape in shapes.values() for size in shape if size != "1")
    for turn, sizes in enumerate(_sizes(list(names))):
        yield _usable(tree, by, shapes, sizes, turn)


def _usable(tree: Tree, by: str, shapes: Mapping[str, Shape], sizes: dict[str, int], turn: int) -> Iterator[Draw]:
    """Numbers at which something changes come first: where all is flat, a wrong answer may be flat too."""
    random = np.random.default_rng([SEED, turn])
    flat = list[Draw]()
    for attempt in range(TRIES):
        if len(flat) == MOST_FLAT:
            break
        draw = _draw(tree, by, shapes, sizes, random, attempt)
        if draw is not None and np.abs(draw.slope).max() > FLAT:
            yield draw
        elif draw is not None:
            flat.append(draw)
    yield from flat


def _sizes(names: list[str]) -> Iterator[dict[str, int]]:
    for turn in UNEQUAL:
        found = {"1": 1}
        for at, name in enumerate(names):
            small = name.isdecimal() and int(name) <= LARGEST
            found[name] = int(name) if small else turn[at % len(turn)]
        yield found


def _draw(
    tree: Tree, by: str, shapes: Mapping[str, Shape], sizes: dict[str, int], random: np.random.Generator, attempt: int
) -> Draw | None:
    (low, high), step = RANGES[attempt % len(RANGES)], STEPS[attempt // len(RANGES)]
    given = {name: random.uniform(low, high, [sizes[size] for size in shape]) for name, shape in shapes.items()}

    def at(array: Array) -> Array:
        return of_tree(tree, {**given, by: array}, sizes)

    with np.errstate(all="ignore"):
        slope, error = differences(at, given[by], step)
    scale = max(1.0, float(np.max(np.abs(slope), initial=0)))
    usable = bool(np.isfinite(slope).all() and np.isfinite(error).all() and error.max(initial=0) <= ENOUGH * scale)
    return Draw(sizes, given, slope, error) if usable else None


def differences(at: Callable[[Array], Array], place: Array, step: float = 1 / 8) -> tuple[Array, Array]:
    """∂ by central differences, extrapolated to a step of 0 (Ridders 1982), and how far each may be off.

    >>> slope, error = differences(lambda x: x**3, np.array([[2.0]]))
    >>> bool(abs(slope[0, 0, 0, 0] - 12) <= 10 * error[0, 0, 0, 0] < 1e-8)
    True
    """
    output = at(place)
    slope, error = np.zeros(output.shape + place.shape), np.zeros(output.shape + place.shape)
    for cell in np.ndindex(place.shape):
        slope[(..., *cell)], error[(..., *cell)] = _along(at, place, cell, output, step)
    return slope, error


def _along(at: Callable[[Array], Array], place: Array, cell: tuple[int, ...], output: Array, first: float) -> tuple[Array, Array]:
    best, error, row = output, np.full(output.shape, np.inf), list[Array]()
    for level in range(LEVELS):
        step = np.zeros(place.shape)
        step[cell] = first / 2**level
        up, down = at(place + step), at(place - step)
        before, row = row, [(up - down) / (2 * step[cell])]
        rounding = np.finfo(np.float64).eps * np.maximum(np.abs(up), np.abs(down)) / step[cell]
        for order, coarse in enumerate(before, 1):
            fine = row[-1]
            row.append(fine + (fine - coarse) / (4**order - 1))
            off = np.maximum(np.abs(row[-1] - fine), np.abs(row[-1] - coarse)) + rounding
            best, error = np.where(off < error, row[-1], best), np.minimum(off, error)
    return best, error


def held(draw: Draw, claimed: Array) -> tuple[bool, Trial]:
    """Whether a claimed slope is what the differences say."""
    claimed = claimed.reshape(draw.slope.shape)
    off = np.abs(claimed - draw.slope)
    allowed = SAFETY * draw.error + ROUNDING * max(1.0, float(np.max(np.abs(claimed), initial=0)))
    trial = Trial(draw.sizes, float(off.max(initial=0)), float(draw.error.max(initial=0)))
    return bool((off <= allowed).all()), trial
