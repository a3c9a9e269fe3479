"""The parameters of a network by rows, and which of them never move; it proves nothing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backcheck.reasons.network import Flags, Layer, Network
from backcheck.reasons.still import Still


class Part(NamedTuple):
    """The parameters of one row: which are trained, which of these never move, and those that only miss an input."""

    row: str
    layer: Layer
    trained: Flags
    never: Flags
    unseen: Flags  # weights from inputs that are 0 in every example, and never move for no other reason

    @property
    def moving(self) -> Flags:
        return self.trained & ~self.never


def parts(net: Network, found: Still) -> list[Part]:
    """By rows, in order."""
    every = []
    for layer, stays, delta in zip(net.layers, found.stays, found.delta_zero, strict=True):
        W = layer.trains_weights & stays.W
        first = layer.number == 1
        empty = np.asarray((net.x == 0).all(0)) if first else np.zeros(layer.W.shape[1], bool)
        every.append(Part(f"W{layer.number}", layer, layer.trains_weights, W, W & empty & ~np.asarray(delta.all(0))[:, None]))
        if layer.has_biases:
            b = layer.trains_biases & stays.b
            every.append(Part(f"b{layer.number}", layer, layer.trains_biases, b, np.zeros_like(b)))
    return every
