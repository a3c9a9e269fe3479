"""Where ∂L/∂a and ∂L/∂z are 0 for certain, while some parameters stay where they are; it knows no values of the others."""

from __future__ import annotations

import numpy as np

from backcheck.reasons.bounds import Assumed, Span
from backcheck.reasons.network import Flags, Layer, Network
from backcheck.reasons.units import at_zero, flat


def backward(net: Network, spans: list[tuple[Span, Span]], assumed: list[Assumed]) -> tuple[list[Flags], list[Flags]]:
    """Where ∂L/∂a and ∂L/∂z are 0, from the last layer to the first."""
    arriving = [np.zeros(spans[-1][0].low.shape, bool)]
    delta = [_delta_zero(net.layers[-1], spans[-1][0], arriving[0])]
    for (layer, (z, _)), (above, stays) in zip(
        reversed([*zip(net.layers, spans, strict=True)][:-1]),
        reversed([*zip(net.layers, assumed, strict=True)][1:]),
        strict=True,
    ):
        ways_out = ~(stays.W & (above.W == 0))
        arriving.insert(0, product_zero(~delta[0], ways_out))
        delta.insert(0, _delta_zero(layer, z, arriving[0]))
    return arriving, delta


def product_zero(one: Flags, other: Flags) -> Flags:
    """Where every term of a matrix product has a factor that is 0, from where the factors are not."""
    return np.asarray(one.astype(np.float32) @ other.astype(np.float32) == 0)


def _delta_zero(layer: Layer, z: Span, arriving: Flags) -> Flags:
    if layer.whole:
        alone = len(layer.W) == 1 and layer.kinds[0].op == "softmax"
        return np.broadcast_to(arriving.all(1, keepdims=True) | alone, arriving.shape)
    return arriving | slope_zero(layer, z)


def slope_zero(layer: Layer, z: Span) -> Flags:
    """Where the slope of the activation is 0 for certain."""
    found = np.zeros(z.low.shape, bool)
    for kind in layer.kinds:
        at = list(kind.units)
        slope = at_zero(kind)
        if slope is not None:
            found[:, at] = z.high[:, at] <= 0 if slope == 0 else z.high[:, at] < 0
        elif kind.op == "step":
            found[:, at] = True
        elif ":" in kind.op and not layer.whole:
            for j in at:  # one number for all examples, or nothing that could be known so exactly
                first = float(z.low[0, j])
                found[:, j] = (z.low[:, j] == first).all() and (z.high[:, j] == first).all() and flat(kind.op, first)
    return found
