"""A softmax over one unit is 1 whatever it reads: nothing below it learns."""

from __future__ import annotations

from backcheck.reasons.conditions import conditions
from backcheck.reasons.finding import Finding
from backcheck.reasons.network import Network
from backcheck.reasons.rules import Rules
from backcheck.reasons.words import numbered


def softmax_of_one(net: Network, rules: Rules) -> list[Finding]:
    """One finding for each layer that has a softmax over one unit."""
    return [
        _finding(net, rules, layer.number)
        for layer in net.layers
        if len(layer.W) == 1
        and layer.kinds[0].op == "softmax"
        and any(below.trains_weights.any() or below.trains_biases.any() for below in net.layers[: layer.number])
    ]


def without_a_loss(net: Network) -> list[Finding]:
    """Where the loss has no value for an output of 1: what the output is can be proven, and nothing of slopes."""
    l = len(net.layers)
    if len(net.layers[-1].W) != 1 or net.layers[-1].kinds[0].op != "softmax":
        return []
    a, z = f"a{l}[1]", f"z{l}[1]"
    proof = (
        f"softmax divides exp({z}) by the sum over all units of the layer; here that is exp({z}) itself.",
        f"So {a} = exp({z})/exp({z}) = 1 in every example, whatever {z} is, and 1 − {a} = 0.",
    )
    says = f"{a} is a softmax over one unit, so it is 1 for every input, for which the loss has no value: use sigmoid"
    return [Finding("softmax_of_one", "proven", (a,), says, numbered(proof))]


def _finding(net: Network, rules: Rules, l: int) -> Finding:
    a, z = f"a{l}[1]", f"z{l}[1]"
    way_out = "use sigmoid, or give each class an output of its own" if l == len(net.layers) else "use another activation there"
    pulled = ", but for what the penalty does" if rules.pulls_weights else ""
    below = f"no parameter of layer {l}" + (" or of a layer before it" if l > 1 else "")
    proof = (
        f"softmax divides exp({z}) by the sum over all units of the layer; here that is exp({z}) itself.",
        f"So {a} = exp({z})/exp({z}) = 1 in every example, whatever {z} is: ∂{a}/∂{z} = {a}·(1 − {a}) = 0.",
        f"Every slope of a parameter below has the factor ∂L/∂{z} = ∂L/∂{a}·0 = 0, at this step and after every later one.",
    )
    says = f"{a} is a softmax over one unit, so it is 1 for every input and {below} ever learns{pulled}: {way_out}"
    return Finding("softmax_of_one", "proven", (a,), says, numbered(proof), conditions(net, rules, data=False)[:2])
