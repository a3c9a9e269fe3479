"""Units like ReLU whose z is at or below 0 in every example and stays there: the words of the proof."""

from __future__ import annotations

import numpy as np

from backcheck.reasons.backward import slope_zero
from backcheck.reasons.conditions import conditions
from backcheck.reasons.finding import Finding
from backcheck.reasons.network import Flags, Layer, Network
from backcheck.reasons.rules import Rules
from backcheck.reasons.still import Still
from backcheck.reasons.units import at_zero
from backcheck.reasons.words import SHOWN, figure, listed, numbered


def dead(net: Network, found: Still) -> list[Flags]:
    """By layer, the units that give 0 with slope 0 in every example, now and after every later step, because z ≤ 0."""
    return [_dead(layer, found) for layer in net.layers]


def _dead(layer: Layer, found: Still) -> Flags:
    like_relu = np.zeros(len(layer.W), bool)
    for kind in layer.kinds:
        like_relu[list(kind.units)] = at_zero(kind) is not None
    l = layer.number - 1
    return np.asarray(like_relu & (found.z[l].high <= 0).all(0) & slope_zero(layer, found.z[l]).all(0))


def dead_units(net: Network, rules: Rules, found: Still) -> list[Finding]:
    """One finding for all dead units; where z is 0 itself, that is told of what is frozen."""
    at = [flags & ~found.z[l].zero.all(0) for l, flags in enumerate(dead(net, found))]
    places = [(l, int(j)) for l, flags in enumerate(at) for j in np.flatnonzero(flags)]
    if not places:
        return []
    names = [f"a{l + 1}[{j + 1}]" for l, j in places]
    lines = [_why(net, found, l, j) for l, j in places[:SHOWN]]
    if len(places) > SHOWN:
        lines.append(f"The same holds for {listed(names[SHOWN:])}.")
    return [
        Finding(
            "dead_units",
            "proven",
            tuple(names),
            _says(net, at, names),
            numbered([*lines, *_induction(rules, _last_whole(at))]),
            conditions(net, rules, data=True, pulled=True),
        )
    ]


def _last_whole(at: list[Flags]) -> int:
    """The number of the last layer all of whose units are dead, or 0."""
    return max((l for l, flags in enumerate(at, 1) if flags.all()), default=0)


def _says(net: Network, at: list[Flags], names: list[str]) -> str:
    if l := _last_whole(at):
        below = "layer 1" if l == 1 else f"layers 1 to {l}"
        follows = f"layer {l} is left with none of its units, so {below} cannot learn and the output does not depend on the inputs"
    else:
        left = [
            f"layer {layer.number} is left with {int((~flags).sum())} of its {len(flags)} units"
            for layer, flags in zip(net.layers, at, strict=True)
            if flags.any()
        ]
        follows = listed(left)
    verb = "is 0 in every example and stays" if len(names) == 1 else "are 0 in every example and stay"
    return f"{listed(names)} {verb} so for ever: {follows}"


def _why(net: Network, found: Still, l: int, j: int) -> str:
    layer, z = net.layers[l], f"z{l + 1}[{j + 1}]"
    kind = next(kind for kind in layer.kinds if j in kind.units)
    a = f"a{l + 1}[{j + 1}]"
    return f"{_bound(net, found, l, j, z)}, so {a} = {_called(kind.op)}({z}) = 0 and its slope is 0: ∂L/∂{z} = 0 in every example."


def _called(op: str) -> str:
    return "relu" if ":" in op else op


def _bound(net: Network, found: Still, l: int, j: int, z: str) -> str:
    """How far below 0 it is, from the inputs or from what the layer before can give at all."""
    examples = "in the one example" if len(net.x) == 1 else f"in all {len(net.x)} examples"
    if l == 0:
        most = float((net.x @ net.layers[0].W[j] + net.layers[0].b[j]).max())
        return f"{z} is at most {figure(most)} {examples}"
    most = float(found.z[l].high[:, j].max())
    at_most = "0" if most == 0 else figure(most)
    if np.isfinite(found.a[l - 1].low).all() and (found.a[l - 1].high - found.a[l - 1].low <= 1e-6).all():
        return f"{z} is at most {at_most} {examples}, as long as nothing that leads to it has moved"
    low, high = found.a[l - 1].low.min(), found.a[l - 1].high.max()
    reach = f"from {figure(float(low))} up" if np.isinf(high) else f"between {figure(float(low))} and {figure(float(high))}"
    return (
        f"Every a{l} is a number {reach}, whatever the layers before do; with the weights that lead to it, {z} is at most {at_most}"
    )


def _induction(rules: Rules, whole: int) -> list[str]:
    stays = (
        "the penalty only draws it towards its bias, which is not above 0"
        if rules.pulls_weights
        else "these z are the same again after the update"
    )
    return [
        "The slopes of what leads into such a unit are sums of ∂L/∂z·input or of ∂L/∂z with ∂L/∂z = 0, those of the weights out "
        "of it sums with a = 0 as a factor: they are 0 in every mini-batch.",
        *([f"Every way from the layers before leads through layer {whole}, so their slopes are 0 as well."] if whole > 1 else []),
        f"A slope of 0 changes nothing: {stays}, and lines 1 and following hold again. By induction they hold for ever.",
    ]
