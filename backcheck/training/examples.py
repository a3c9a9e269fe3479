"""The examples of a run, those that are held out, and when one is classified rightly; it knows no weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from backcheck.training.plan import Plan
from backcheck.worksheet import Array, Worksheet

SPLITTING, SHUFFLING, DROPPING = range(3)  # what the streams of one seed are for


def stream(seed: int, purpose: int) -> np.random.Generator:
    """Random numbers for one purpose: what another one draws does not change them."""
    return np.random.default_rng([seed, purpose])


class Examples:
    """Inputs and targets, as one kind of float, and where they stand in the file."""

    def __init__(self, x: Array, t: Array, dtype: Any, places: Any = None) -> None:
        self.x, self.t = np.ascontiguousarray(x, dtype), np.ascontiguousarray(t, dtype)
        self.places = np.arange(len(x)) if places is None else places

    def __len__(self) -> int:
        return len(self.x)


def split(sheet: Worksheet, plan: Plan) -> tuple[Examples, Examples | None]:
    """The examples to train on and those that are held out, each in the order of the file."""
    x, t = sheet.given["x"], sheet.given["t"]
    if plan.held_out is None:
        return Examples(x, t, plan.precision), None
    if not isinstance(plan.held_out, float):
        return Examples(x, t, plan.precision), Examples(plan.held_out.inputs, plan.held_out.targets, plan.precision)
    out = held_out(len(x), plan.held_out, plan.seed)
    used, unused = (Examples(x[some], t[some], plan.precision, np.flatnonzero(some)) for some in (out == 0, out == 1))
    return used, unused


def held_out(examples: int, part: float, seed: int) -> Array:
    """Which of the examples are held out, at least one and never all of them.

    >>> held_out(5, 0.4, seed=1).sum()
    np.int64(2)
    """
    count = min(max(round(part * examples), 1), examples - 1)
    out = np.zeros(examples, bool)
    out[stream(seed, SPLITTING).permutation(examples)[:count]] = True
    return out


def threshold(t: Array) -> float | None:
    """What targets make of the examples: classes apart at this output, at the largest of several (NaN), or none at all (None).

    >>> threshold(np.array([[0.0], [1.0]])), threshold(np.array([[-1.0], [1.0]])), threshold(np.array([[0.3], [1.0]]))
    (0.5, 0.0, None)
    """
    if t.shape[1] > 1:
        one_hot = bool(((t == 0) | (t == 1)).all() and (t.sum(1) == 1).all())
        return np.nan if one_hot and len(t) > 1 else None
    values = set(np.unique(t).tolist())
    return {frozenset({0.0, 1.0}): 0.5, frozenset({-1.0, 1.0}): 0.0}.get(frozenset(values))


def right(t: Array, y: Array, edge: float) -> int:
    """How many examples are classified rightly."""
    if np.isnan(edge):
        return int((t.argmax(1) == y.argmax(1)).sum())
    return int(((t > edge) == (y > edge)).sum())
