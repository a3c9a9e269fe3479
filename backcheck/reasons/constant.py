"""Whether the output is the same for every example, for ever, and the number it can at best become."""

from __future__ import annotations

import numpy as np

from backcheck.reasons.network import Flags, Network
from backcheck.reasons.still import Still
from backcheck.worksheet import Array

SQUARED = ("squared_error", "half_squared_error", "mean_squared_error")
MEAN_IS_BEST = {  # the output and the loss for which the mean of the targets is the best of all constant outputs
    *(("identity", loss) for loss in SQUARED),
    *(("sigmoid", loss) for loss in (*SQUARED, "sigmoid+binary_cross_entropy")),
    ("softmax", "softmax+cross_entropy"),
}


def same_output(net: Network, found: Still) -> bool:
    """Whether no output depends on the example, whatever the parameters that move become."""
    varies: Flags = (net.x != net.x[0]).any(0)
    for layer, stays, a in zip(net.layers, found.stays, found.a, strict=True):
        leads = ~(stays.W & (layer.W == 0))
        varies = (leads & varies).any(1)
        varies = np.full_like(varies, varies.any()) if layer.whole else varies
        varies &= ~a.zero.all(0)
        if layer.kinds[0].op == "softmax" and len(layer.W) == 1:
            varies[:] = False
    return not varies.any() and len(net.x) > 1


def best(net: Network, found: Still) -> Array | None:
    """The mean of the targets, where that is what the biases of the outputs lead to; None where it is not known."""
    last, plan = net.layers[-1], net.plan
    moving = last.trains_biases & ~found.stays[-1].b
    loss = next(row.op for row in net.sheet.rows if row.name in ("L[n]", "L"))
    pulled = plan.l1 or plan.l2 or plan.optimiser.name == "adamw"
    tied = any(net.places(row).any() for layer in net.layers for row in layer.rows)
    alone = all(stays.W.all() and (stays.b.all() or stays is found.stays[-1]) for stays in found.stays)
    settled = moving.all() and alone and len(last.kinds) == 1 and not (pulled or tied or plan.held_out is not None)
    in_reach = last.kinds[0].op == "identity" or ((net.t >= 0) & (net.t <= 1)).all()
    return net.t.mean(0) if settled and in_reach and (last.kinds[0].op, loss) in MEAN_IS_BEST else None
