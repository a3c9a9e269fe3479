"""The proof that parameters never move, line by line: what is 0 forward, what is 0 backward, and the induction."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from backcheck.reasons.backward import slope_zero
from backcheck.reasons.network import Flags, Layer, Network
from backcheck.reasons.parts import Part
from backcheck.reasons.rules import Rules
from backcheck.reasons.still import Still
from backcheck.reasons.units import at_zero
from backcheck.reasons.words import activation, alike, figure, listed, told, units


def proof(net: Network, rules: Rules, found: Still, every: list[Part]) -> list[str]:
    """The lines, without their numbers."""
    held = [part for part in every if part.never.any()]
    names = listed(name for part in held for name in told(net, part.row, part.never))
    has = "have the values they" if " and " in names else "has the values it"
    lines = [f"Suppose that {names} still {has} began with{_values(held)}{_masked(net)}."]
    lines += [line for layer in net.layers[:-1] for line in _quiet(found, layer)]
    lines += [line for layer in reversed(net.layers) for line in _nothing_arrives(net, found, layer)]
    lines += [line for part in reversed(held) for line in _slopes(net, found, part)]
    others = any(part.moving.any() for part in every)
    alone = "All this follows from line 1" + (", whatever the other parameters are by then." if others else ".")
    pulls = " and no penalty pulls at them" if rules.pulls_weights else ""
    step = f"An update with slope 0 changes nothing{pulls}: after it line 1 holds again, and so do lines 2 to {len(lines)}."
    return [*lines, f"{alone} {step}", "Line 1 holds at the start; by induction over the updates, it holds for ever."]


def _values(held: list[Part]) -> str:
    known = [
        f"{part.row}{same}"
        for part in held
        if part.never.all() and (same := alike(part.layer.W if part.row[0] == "W" else part.layer.b))
    ]
    return f" ({', '.join(known)})" if known else ""


def _masked(net: Network) -> str:
    trained = all(layer.trains_weights.all() and (layer.trains_biases.all() or not layer.has_biases) for layer in net.layers)
    return "" if trained else "; what is not trained has them anyway"


def _quiet(found: Still, layer: Layer) -> Iterator[str]:
    """Units that give 0 in every example."""
    l = layer.number - 1
    zero, z_zero = np.asarray(found.a[l].zero.all(0)), np.asarray(found.z[l].zero.all(0))
    if (at := zero & z_zero).any():
        f = activation(layer.kinds[0].op) if len(layer.kinds) == 1 else "f"
        a, z = listed(units(layer, at)), listed(units(layer, at, "z"))
        yield f"Then {z} = 0 in every example, since {_no_sum(layer, at)}, and {a} = {f if f.isidentifier() else 'f'}(0) = 0."
    if (at := zero & ~z_zero).any():
        a, z = listed(units(layer, at)), listed(units(layer, at, "z"))
        most = figure(float(found.z[l].high[:, at].max()))
        yield f"Then {z} ≤ 0 in every example (at most {most}), and {a} = 0."


def _no_sum(layer: Layer, at: Flags) -> str:
    l, bias = layer.number, f" and b{layer.number} = 0" if layer.has_biases else ""
    if not layer.W[at].any():
        return f"W{l} = 0{bias}" if at.all() else f"all weights into it are 0{bias and ', and so is its bias'}"
    return f"every product in W{l}·{'x' if l == 1 else f'a{l - 1}'} has a factor 0{bias and ', and the bias is 0'}"


def _nothing_arrives(net: Network, found: Still, layer: Layer) -> Iterator[str]:
    """Units whose ∂L/∂z is 0 in every example, and why."""
    l = layer.number - 1
    arriving, delta = np.asarray(found.arriving_zero[l].all(0)), np.asarray(found.delta_zero[l].all(0))
    if (at := arriving & delta).any():
        a, z = listed(units(layer, at)), listed(units(layer, at, "z"))
        yield f"∂L/∂{a} = 0, since {_no_way_out(net.layers[l + 1], at, found)}; so ∂L/∂{z} = 0{_at_the_kink(found, layer)}."
    if (at := ~arriving & delta).any():
        yield f"∂L/∂{listed(units(layer, at, 'z'))} = 0 in every example, since {_flat(layer, found, at)}."


def _no_way_out(above: Layer, at: Flags, found: Still) -> str:
    if not above.W[:, at].any():
        return "every weight out of it is 0" + (f" (W{above.number} = 0)" if not above.W.any() else "")
    if found.delta_zero[above.number - 1].all():
        return f"∂L/∂z{above.number} = 0"
    return f"every weight out of it is 0, or leads to a unit of layer {above.number} whose ∂L/∂z is 0"


def _at_the_kink(found: Still, layer: Layer) -> str:
    kinked = found.z[layer.number - 1].zero.any() and all(at_zero(kind) is not None for kind in layer.kinds)
    return f", whatever the slope of {activation(layer.kinds[0].op)} at 0 is" if kinked else ""


def _flat(layer: Layer, found: Still, at: Flags) -> str:
    if layer.kinds[0].op == "softmax":
        return "a softmax over one unit is always 1"
    kinds = [kind for kind in layer.kinds if at[list(kind.units)].any()]
    if all(kind.op == "step" for kind in kinds):
        return "the slope of step is 0 everywhere"
    if not slope_zero(layer, found.z[layer.number - 1])[:, at].all():
        return "in each example the slope is 0, or nothing arrives"
    where = "for z ≤ 0" if all(at_zero(kind) == 0 for kind in kinds) else "at this z"
    return f"the slope of {activation(kinds[0].op) if len(kinds) == 1 else 'the activation'} is 0 {where}"


def _slopes(net: Network, found: Still, part: Part) -> Iterator[str]:
    """Why ∂L/∂W and ∂L/∂b are 0."""
    l, delta = part.layer.number, np.asarray(found.delta_zero[part.layer.number - 1].all(0))
    source = "x" if l == 1 else f"a{l - 1}"
    by_delta = part.never & (delta[:, None] if part.row[0] == "W" else delta)
    if by_delta.any():
        times = f"·{source}" if part.row[0] == "W" else ""
        yield f"∂L/∂{_names(net, part, by_delta)} = Σ ∂L/∂z{l}{times} = 0, since ∂L/∂z{l} = 0 there."
    if part.row[0] == "W" and (rest := part.never & ~by_delta).any():
        zero = np.asarray((net.x == 0).all(0) if l == 1 else found.a[l - 2].zero.all(0))
        if (by_source := rest & zero).any():
            yield f"∂L/∂{_names(net, part, by_source)} = Σ ∂L/∂z{l}·{source} = 0, since {source} = 0 there."
        if (mixed := rest & ~zero).any():
            yield f"∂L/∂{_names(net, part, mixed)} = Σ ∂L/∂z{l}·{source} = 0: in each example a factor is 0."


def _names(net: Network, part: Part, flags: Flags) -> str:
    names = listed(told(net, part.row, flags))
    return names if " " not in names else f"({names})"
