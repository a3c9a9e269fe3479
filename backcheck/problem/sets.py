"""Small sets of examples that need no file: XOR, two spirals, blobs, and the digits of scikit-learn; it knows no networks."""

from __future__ import annotations

import math
import os
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from backcheck.problem.packed import MOST_NUMBERS, Unreadable
from backcheck.worksheet import Array

TURNS, RADIUS = 1.5, 2.0  # of each spiral; of the circle on which the blobs lie
DECIMALS = 4  # of an input: enough to work with on paper, and the same on every machine
DIGITS = (1797, 65)  # 8 × 8 numbers from 0 to 16, and the digit
NO_DIGITS = 'pip install "backcheck[digits]", or: pip install scikit-learn'


class Examples(NamedTuple):
    """One row for each example, and the number of its class."""

    inputs: Array
    classes: Array


def made(name: str, settings: dict[str, float]) -> Examples:
    """The set of that name.

    >>> made("xor", {}).inputs.tolist(), made("xor", {}).classes.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0])
    >>> made("spirals", {"examples": 4, "noise": 0, "seed": 0}).inputs.tolist()
    [[0.0, -0.5], [0.0, 0.5], [-1.0, 0.0], [1.0, 0.0]]
    """
    match name:
        case "xor":
            return Examples(np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0.0, 1, 1, 0]))
        case "digits":
            return _digits()
    examples, seed = int(settings["examples"]), int(settings["seed"])
    if name == "spirals":
        return _spirals(examples, settings["noise"], seed)
    return _blobs(examples, int(settings["classes"]), settings["noise"], seed)


def _spirals(examples: int, noise: float, seed: int) -> Examples:
    """Two arms of one and a half turns, half a turn apart; noise is in the angle, as in the notes of Stanford's CS231n."""
    index = np.arange(examples)
    arm, r = index % 2, (index // 2 + 1) / math.ceil(examples / 2)
    angle = math.pi * (2 * TURNS * r + arm) + noise * _normal(seed, 1, examples)[0]
    return Examples(_round(np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1)), arm.astype(np.float64))


def _blobs(examples: int, classes: int, noise: float, seed: int) -> Examples:
    """One cloud for each class, evenly on a circle; noise is their standard deviation."""
    of = np.arange(examples) % classes  # in turn, so that the first so many examples hold all classes alike
    angle = 2 * math.pi * of / classes
    centres = RADIUS * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Examples(_round(centres + noise * _normal(seed, 2, examples).T), of.astype(np.float64))


def _round(inputs: Array) -> Array:
    return np.asarray(np.round(inputs, DECIMALS) + 0.0)  # no −0


def _normal(seed: int, rows: int, columns: int) -> Array:
    """Normal numbers by Box and Muller's formula: unlike `normal`, the stream of `random` has never changed."""
    u = np.random.default_rng(seed).random((2, rows, columns))
    return np.asarray(np.sqrt(-2 * np.log1p(-u[0])) * np.cos(2 * math.pi * u[1]))


def _digits() -> Examples:
    table = _table_of_digits()
    return Examples(table[:, :-1] / 16, table[:, -1].copy())


@lru_cache(maxsize=1)
def _table_of_digits() -> Array:
    """The 8×8 digits from the file that scikit-learn brings, which need not be imported for it; else as it gives them."""
    from importlib import import_module
    from importlib.util import find_spec

    from backcheck.problem.csv_tables import read_table

    spec = find_spec("sklearn")
    if spec is None:
        raise Unreadable("the 8×8 digits come with scikit-learn, which is not installed", NO_DIGITS)
    for folder in spec.submodule_search_locations or ():
        path = os.path.join(folder, "datasets", "data", "digits.csv.gz")
        if os.path.isfile(path) and (table := read_table(path, MOST_NUMBERS).array).shape == DIGITS:
            return table
    return np.column_stack(import_module("sklearn.datasets").load_digits(return_X_y=True)).astype(np.float64)
