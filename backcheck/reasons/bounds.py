"""Between which numbers every z and a stays while some parameters stay where they are and the others may go anywhere.

Rounding is counted in: a bound holds for sums in any order, with or without fused multiplication, in the precision of the plan.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backcheck.reasons.network import Flags, Layer, Network
from backcheck.reasons.units import bounds
from backcheck.worksheet import Array

UNITS = {"float64": 2.0**-53, "float32": 2.0**-24}  # half a unit in the last place of 1
SHRINKING = {"float64": 1e-6, "float32": 1e-2}  # what 10⁹ roundings, or 10⁵, of a weight that shrinks step by step may add up to
NOTHING = -1100  # the grain of 0: finer than any number is coarse


class Assumed(NamedTuple):
    """Of a layer: what is assumed to stay for ever, and what only shrinks, all by one common factor between 1 and 0."""

    W: Flags
    b: Flags
    shrinks_weights: Flags
    shrinks_biases: Flags


class Span(NamedTuple):
    """Lower and upper bounds of numbers, one row for each example."""

    low: Array
    high: Array

    @property
    def zero(self) -> Flags:
        return np.asarray((self.low == 0) & (self.high == 0))


def forward(net: Network, x: Span, assumed: list[Assumed]) -> list[tuple[Span, Span]]:
    """The bounds of z and a of every layer."""
    found: list[tuple[Span, Span]] = []
    source, unit = x, UNITS[net.plan.precision]
    with np.errstate(all="ignore"):
        for layer, stays in zip(net.layers, assumed, strict=True):
            z = _sums(layer, stays, source, unit, SHRINKING[net.plan.precision])
            a = _activations(layer, z, unit)
            found.append((z, a))
            source = _dropped(a, layer.dropout)
    return found


def _activations(layer: Layer, z: Span, unit: float) -> Span:
    low, high = np.empty_like(z.low), np.empty_like(z.high)
    for kind in layer.kinds:
        at = list(kind.units) if len(layer.kinds) > 1 else slice(None)
        low[:, at], high[:, at] = bounds(kind, z.low[:, at], z.high[:, at], len(layer.W), unit)
    return Span(low, high)


def _dropped(a: Span, dropout: float) -> Span:
    """What the next layer reads: 0, or a divided by the probability that it is kept."""
    if not dropout:
        return a
    keep = 1 - dropout
    return Span(np.minimum(a.low / keep, 0), np.maximum(a.high / keep, 0))


def _sums(layer: Layer, stays: Assumed, source: Span, unit: float, shrinking: float) -> Span:
    """The bounds of W·a + b."""
    known = stays.W | stays.shrinks_weights
    low, high, size = _products(source, np.where(known, layer.W, 0))
    gamma = (
        2 * (layer.W.shape[1] + 4) * unit
    )  # twice the bound on the error of such a sum: of ours, and of another in another order
    room = gamma * (size + abs(layer.b)) if unit > UNITS["float64"] else gamma * size + gamma * abs(layer.b) * (size > 0)
    _forgive(room, low, high, layer, source, size, unit)
    low, high = low + layer.b - room, high + layer.b + room
    if stays.shrinks_weights.any() or stays.shrinks_biases.any():
        low, high = _shrunk(layer, stays, Span(low, high), shrinking * (size + abs(layer.b)))
    free = ((~source.zero).astype(np.float32) @ (~known).T.astype(np.float32) > 0) | ~(stays.b | stays.shrinks_biases)
    return Span(np.where(free, -np.inf, low), np.where(free, np.inf, high))


def _products(source: Span, W: Array) -> tuple[Array, Array, Array]:
    """The bounds of W·a, and the size of what is summed, Σ|W|·|a|."""
    if source.low is source.high:
        z = source.low @ W.T
        return z, z, _size(source.low) @ _size(W).T
    ends = np.nan_to_num(source.low, neginf=0), np.nan_to_num(source.high, posinf=0)
    up, down = np.maximum(W, 0).T, np.minimum(W, 0).T
    low, high = ends[0] @ up + ends[1] @ down, ends[1] @ up + ends[0] @ down
    endless = [np.isinf(end).astype(float) for end in source]
    if endless[0].any() or endless[1].any():
        signs = (up > 0).astype(float), (down < 0).astype(float)
        low = np.where(endless[0] @ signs[0] + endless[1] @ signs[1] > 0, -np.inf, low)
        high = np.where(endless[1] @ signs[0] + endless[0] @ signs[1] > 0, np.inf, high)
    return low, high, np.maximum(_size(ends[0]), _size(ends[1])) @ _size(W).T


def _size(numbers: Array) -> Array:
    """|a|, so large that a product of two is not 0 unless one of them is."""
    return np.where(numbers == 0, 0, np.maximum(abs(numbers), 1e-150))


def _shrunk(layer: Layer, stays: Assumed, z: Span, room: Array) -> Span:
    """The bounds of c·W·a + b for all c between 1 and 0; a bias that shrinks does so with the same c."""
    towards = np.where(stays.shrinks_biases, 0.0, layer.b)
    mixed = ((layer.W != 0) & ~stays.shrinks_weights).any(1) & (stays.shrinks_weights.any(1) | stays.shrinks_biases)
    shrinks = stays.shrinks_weights.any(1) | stays.shrinks_biases
    low, high = np.minimum(z.low - room, towards), np.maximum(z.high + room, towards)
    low, high = np.where(mixed, -np.inf, low), np.where(mixed, np.inf, high)
    return Span(np.where(shrinks & (room > 0), low, z.low), np.where(shrinks & (room > 0), high, z.high))


def _forgive(room: Array, low: Array, high: Array, layer: Layer, source: Span, size: Array, unit: float) -> None:
    """No room where the sum is exact in any order: all its terms are multiples of one power of 2, and not too many of it."""
    near = (room > 0) & (np.minimum(abs(low + layer.b), abs(high + layer.b)) <= room)
    if not near.any() or not (source.low == source.high).all():
        return
    grain = np.maximum(_grain(source.low)[:, None] + _grain(layer.W), _grain(layer.b[:, None]))
    exact = (size + abs(layer.b)) * 2.0 ** np.clip(grain, -900, 900) < 0.5 / unit
    room[near & exact & (grain < (900 if unit == UNITS["float64"] else 100))] = 0  # finer terms might underflow


def _grain(rows: Array) -> Array:
    """For each row the least p for which all its numbers are multiples of 2⁻ᵖ.

    >>> _grain(np.array([[0.5, 3.0], [0.0, 4.0], [0.25, 0.1]])).tolist()
    [1.0, -2.0, 55.0]
    """
    mantissa, exponent = np.frexp(rows)
    whole = (mantissa * 2.0**53).astype(np.int64)
    low_bit = np.log2(np.maximum(whole & -whole, 1))
    return np.asarray(np.where(rows == 0, NOTHING, 53 - exponent - low_bit).max(1))
