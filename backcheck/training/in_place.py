"""Activations and slopes as statements that work in place, for arrays that are made once; it knows no layers.

What has no entry here is worked by the rules of the worksheet, which make new arrays; the numbers are the same up to rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

Statement = Callable[[], Any]
InPlace = Callable[..., list[Statement]]


def _sigmoid(z: Any, a: Any) -> list[Statement]:
    return [partial(np.negative, z, a), partial(np.exp, a, a), partial(np.add, a, 1, a), partial(np.reciprocal, a, a)]


def _softmax(z: Any, a: Any) -> list[Statement]:
    """The largest is taken off first: nothing overflows."""
    edge = np.empty((len(z), 1), z.dtype)
    return [
        partial(np.max, z, 1, edge, True),
        partial(np.subtract, z, edge, a),
        partial(np.exp, a, a),
        partial(np.sum, a, 1, None, edge, True),
        partial(np.divide, a, edge, a),
    ]


def _times_a_rest(d: Any, a: Any) -> list[Statement]:
    s = np.empty_like(a)
    return [partial(np.subtract, 1, a, s), partial(np.multiply, s, a, s), partial(np.multiply, d, s, d)]


def _times_one_less_square(d: Any, a: Any) -> list[Statement]:
    s = np.empty_like(a)
    return [partial(np.multiply, a, a, s), partial(np.subtract, 1, s, s), partial(np.multiply, d, s, d)]


def _where_above_zero(d: Any, a: Any) -> list[Statement]:
    above = np.empty(a.shape, bool)
    return [partial(np.greater, a, 0, above), partial(np.multiply, d, above, d)]


# (operation, its parameters) → a from z; d, which holds ∂L/∂a, becomes ∂L/∂z with the help of a alone: a may take the place of z
ACTIVATIONS: dict[tuple[str, ...], tuple[InPlace, InPlace]] = {
    ("identity",): (lambda z, a: [] if a is z else [partial(np.copyto, a, z)], lambda d, a: []),
    ("sigmoid",): (_sigmoid, _times_a_rest),
    ("tanh",): (lambda z, a: [partial(np.tanh, z, a)], _times_one_less_square),
    ("relu", "0"): (lambda z, a: [partial(np.maximum, z, 0, out=a)], _where_above_zero),
}
OUTPUTS: dict[tuple[str, ...], InPlace] = {("softmax", "1"): _softmax}  # as above, where ∂L/∂z comes from the loss at once

# loss → what (y − t) is multiplied by, for ∂L/∂y of one example with K outputs
DIFFERENCES: dict[str, Callable[[int], float]] = {
    "squared_error": lambda K: 2.0,
    "half_squared_error": lambda K: 1.0,
    "mean_squared_error": lambda K: 2.0 / K,
}
FUSED = {"sigmoid+binary_cross_entropy", "softmax+cross_entropy"}  # ∂L/∂z = y − t
