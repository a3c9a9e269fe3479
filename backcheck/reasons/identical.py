"""Units that stay identical for ever, and what that makes of the network: the words of the proof."""

from __future__ import annotations

import numpy as np

from backcheck.reasons.conditions import conditions
from backcheck.reasons.crossing import crossed
from backcheck.reasons.finding import Finding
from backcheck.reasons.network import Layer, Network
from backcheck.reasons.rules import Rules
from backcheck.reasons.still import Still
from backcheck.reasons.twins import Classes, Twins
from backcheck.reasons.units import rises
from backcheck.reasons.words import listed, numbered, one_number


def groups(classes: Classes) -> list[list[int]]:
    """The units that have company in their class.

    >>> groups(np.array([0, 1, 0, 2, 1]))
    [[0, 2], [1, 4]]
    """
    found = [np.flatnonzero(classes == number).tolist() for number in range(int(classes.max()) + 1)]
    return [group for group in found if len(group) > 1]


def identical_units(net: Network, rules: Rules, found: Still, twins: Twins) -> list[Finding]:
    """One finding for each group of hidden units."""
    return [
        Finding(
            "identical_units",
            "proven",
            tuple(_units(layer, group)),
            _says(net, found, layer, group, twins),
            numbered(_proof(net, found, layer, group, twins)),
            _conditions(net, rules, layer, twins),
        )
        for layer, classes in zip(net.layers[:-1], twins.activation[1:], strict=False)
        for group in groups(classes)
    ]


def _units(layer: Layer, group: list[int]) -> list[str]:
    return [f"a{layer.number}[{j + 1}]" for j in group]


def _conditions(net: Network, rules: Rules, layer: Layer, twins: Twins) -> tuple[str, ...]:
    data = bool(groups(twins.activation[0])) or bool(groups(twins.delta[-1]))
    return (
        *conditions(net, rules, data),
        f"no dropout in layer {layer.number}",
        "sums are exact; rounding in different orders can in time drive equal units apart",
    )


# what it says


def _says(net: Network, found: Still, layer: Layer, group: list[int], twins: Twins) -> str:
    l, above = layer.number, net.layers[layer.number]
    out = above.W[:, group]
    moves = (above.trains_weights & ~found.stays[l].W)[:, group]
    same = (out == out[:, :1]).all() and (moves == moves[:, :1]).all() and not net.places(f"W{l + 1}").any()
    weight = f"with {len(group)} times its output weights" if same else "with the sums of their output weights"
    if same and len(out) == 1:
        weight = f"with the output weight {len(group)}·{net.sheet.names.cell(f'W{l + 1}', (0, group[0]))}"
    whole = len(group) == len(layer.W)
    who = f"your {len(group)} units of layer {l}" if whole else listed(_units(layer, group))
    left = int(twins.activation[l].max()) + 1
    counts = "" if whole else f"; layer {l} counts for {left} units, not {len(layer.W)}"
    return f"{who} are identical and stay so for ever: they are one unit {weight}{counts}{_not_represented(net, twins)}"


def _not_represented(net: Network, twins: Twins) -> str:
    """XOR is out of reach for one unit in every hidden layer, if no function on the way ever turns."""
    narrow = all(int(classes.max()) == 0 for classes in twins.activation[1:-1]) and len(net.layers[-1].W) == 1
    if not narrow or not all(rises(kind) for layer in net.layers for kind in layer.kinds):
        return ""
    crossing = crossed(net.x, net.t)
    what = f", so it cannot represent XOR in examples {listed(str(n + 1) for n in sorted(crossing))}" if crossing else ""
    return f", whose output only rises or only falls along one direction{what}"


# the proof


def _proof(net: Network, found: Still, layer: Layer, group: list[int], twins: Twins) -> list[str]:
    l, names = layer.number, _units(layer, group)
    moving = (layer.trains_weights & ~found.stays[l - 1].W)[group].any() or (layer.trains_biases & ~found.stays[l - 1].b)[
        group
    ].any()
    a, z = " = ".join(names[:4]), " = ".join(name.replace("a", "∂L/∂z", 1) for name in names[:4])
    if not moving:
        return [
            f"{_same_into(layer, group, twins)}, so {a} in every example.",
            "No parameter that leads into them ever moves, by the masks or because its slope is always 0.",
            "So line 1 holds after every update.",
        ]
    return [
        f"{_same_into(layer, group, twins)}, so {a} in every example.",
        f"{_same_out_of(net, layer, group, twins)}; their activations have the same slope, so {z}.",
        f"So the slopes of what corresponds are equal: ∂L/∂W{l} = Σ ∂L/∂z{l}·{'x' if l == 1 else f'a{l - 1}'} in their rows"
        f"{f', ∂L/∂b{l} = Σ ∂L/∂z{l}' if layer.has_biases else ''}, and ∂L/∂W{l + 1} = Σ ∂L/∂z{l + 1}·a{l} in their columns.",
        "An update treats equal parameters with equal slopes alike: they are equal after it, and lines 1 to 3 hold again.",
        "They are equal at the start; by induction over the updates, they stay equal for ever.",
    ]


def _same_into(layer: Layer, group: list[int], twins: Twins) -> str:
    l, rows = layer.number, layer.W[group]
    biases = f" and the same bias{one_number(layer.b[group])}" if layer.has_biases else ""
    if (rows == rows[0]).all():
        weights = f"the same weights{one_number(rows)}"
    else:
        weights = f"the same weights, in another order, from what is itself equal ({_company(twins.activation[l - 1], l - 1)})"
    return f"{listed(_units(layer, group))} have {weights}{biases}"


def _same_out_of(net: Network, layer: Layer, group: list[int], twins: Twins) -> str:
    l, out = layer.number, net.layers[layer.number].W[:, group]
    if (out == out[:, :1]).all():
        row = f"W{l + 1}[1,j]" if len(out) == 1 else f"W{l + 1}[k,j]"
        return f"Their weights into layer {l + 1} are the same, {row}{one_number(out)} for j = {listed(str(j + 1) for j in group)}"
    equal = _company(twins.delta[l], l + 1)
    return f"Their weights into layer {l + 1} are the same, in another order, to units with equal ∂L/∂z ({equal})"


def _company(classes: Classes, l: int) -> str:
    letter = "x" if l == 0 else f"a{l}"
    return "; ".join(" = ".join(f"{letter}{j + 1}" if l == 0 else f"{letter}[{j + 1}]" for j in group) for group in groups(classes))
