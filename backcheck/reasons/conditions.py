"""What a proof takes for granted, in words, for the plan at hand; it proves nothing."""

from __future__ import annotations

from backcheck.reasons.network import Network
from backcheck.reasons.rules import Rules

WITH_STATE = ("momentum", "nesterov", "adam", "adamw", "rmsprop")


def conditions(net: Network, rules: Rules, data: bool) -> tuple[str, ...]:
    """Common to all proofs; `data`: it was looked at, so other examples may undo the proof."""
    found = [
        f"{net.plan.optimiser.name} begins without a memory of earlier steps"
        if net.plan.optimiser.name in WITH_STATE
        else "plain gradient descent, or any other update by one rule for all parameters that begins without a memory",
        "all numbers stay finite",
        "mini-batches, their order, the schedule of the rate, clipping and early stopping change nothing",
    ]
    if data:
        found.append("it is trained on these examples only")
    if rules.pulls_weights:
        found.append("the penalty leaves a parameter that is 0 where it is; of others it is taken into account")
    if any(layer.dropout for layer in net.layers):
        found.append("dropout makes some outputs 0 and the others larger; it is taken into account")
    return tuple(found)
