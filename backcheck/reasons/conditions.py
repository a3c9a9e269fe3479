"""What a proof takes for granted, in words, for the plan at hand; it proves nothing."""

from __future__ import annotations

from backcheck.reasons.network import Network
from backcheck.reasons.rules import Rules

WITH_STATE = ("momentum", "nesterov", "adam", "adamw", "rmsprop")


def conditions(net: Network, rules: Rules, data: bool, pulled: bool = False) -> tuple[str, ...]:
    """Common to all proofs. Other examples may undo one that looked at the `data`, and a penalty one that is `pulled` at by it."""
    found = [
        f"{net.plan.optimiser.name} begins without a memory of earlier steps"
        if net.plan.optimiser.name in WITH_STATE
        else "plain gradient descent, or any other update by one rule for all parameters that begins without a memory",
        "all numbers stay finite",
        "mini-batches, their order, the schedule of the rate, clipping and early stopping change nothing",
    ]
    if data:
        found.append("it is trained on these examples only")
    if pulled and not rules.pulls_weights:
        found.append("no L1, L2 or weight decay, which would pull at numbers that are not 0")
    if not all(layer.trains_weights.all() and (layer.trains_biases.all() or not layer.has_biases) for layer in net.layers):
        found.append("what the file freezes stays frozen")
    if rules.pulls_weights:
        found.append("the penalty leaves a parameter that is 0 where it is; of others it is taken into account")
    if any(layer.dropout for layer in net.layers):
        found.append("dropout makes some outputs 0 and the others larger; it is taken into account")
    return tuple(found)
