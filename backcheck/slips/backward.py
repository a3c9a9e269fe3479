"""The mistakes of the backward pass of a network behind its outputs, each as an edit of one rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from backcheck.arithmetic import parse
from backcheck.roads.by_hand import rule
from backcheck.slips.edits import Edit, Slip, by_formula, then
from backcheck.slips.forward import MOST_UNITS, neighbours, swapped
from backcheck.slips.layers import Layer, seen
from backcheck.spelling import spell
from backcheck.worksheet import Array

# Activation → what is taken for its derivative, in z and a, beside f(z) itself: half of a rule, a wrong power, another rule.
TAKEN_FOR_SLOPE: dict[str, tuple[str, ...]] = {
    "sigmoid": ("1 - a", "a**2", "a*(1 + a)", "z*(1 - z)", "1 - a**2"),
    "tanh": ("1 - a", "a**2", "1 + a**2", "1 - z**2", "a*(1 - a)"),
    "relu": ("a*(1 - a)", "1 - a**2"),
    "leaky_relu": ("relu'(z)",),
    "softplus": ("sigmoid(z)*(1 - sigmoid(z))", "1 - sigmoid(z)"),
    "elu": ("relu'(z)",),
    "gelu": ("relu'(z)",),
    "silu": ("sigmoid(z)", "sigmoid(z)*(1 - sigmoid(z))"),
}


Z_FOR_A = ("z*(1 - z)", "1 - z**2")  # right, but for one letter


def of_layer(layer: Layer, others: list[Layer]) -> Iterator[Slip]:
    """Those of one layer, in the order of the rows."""
    yield from _of_activation(layer)
    yield from _of_weights(layer, others)
    if layer.b:
        yield from _of_biases(layer)
    if layer.l > 1:
        yield from _carried_back(layer, others)


def _of_activation(layer: Layer) -> Iterator[Slip]:
    """∂L/∂z = ∂L/∂a·f′(z); where the loss gives ∂L/∂z at once, there is no f′ to mistake."""
    g_z_a, dz, l = layer.chain.parents[:3], layer.dz, layer.l
    if layer.fused or layer.a.op == "identity":
        return
    yield Slip("activation_derivative_missing", f"{layer.prime} is missing", {dz: Edit((layer.da,), lambda g: g)})
    yield Slip(
        "activation_for_derivative", f"f(z) stands where f′(z) should, in layer {l}", {dz: by_formula(g_z_a, "g z a", "g*a")}
    )
    for text in TAKEN_FOR_SLOPE.get(layer.a.op, ()):
        says = f"{layer.prime} is worked as {spell(parse(text), str)}"
        kind = "z_for_a" if text in Z_FOR_A else "wrong_activation_derivative"
        yield Slip(kind, says, {dz: by_formula(g_z_a, "g z a", f"g*({text})")})
    if layer.a.op == "softmax":
        yield elementwise(layer)
    if layer.a.op not in SIGNED:
        yield _at_a(layer)
    yield Slip("sign", f"{seen(dz)} has the wrong sign", {dz: then(layer.chain, np.negative)})
    for j, k in neighbours(layer.shape[0]):
        says = f"units {j + 1} and {k + 1} are swapped in {seen(dz)}"
        yield Slip("swapped_unit", says, {dz: then(layer.sheet[dz], swapped(j, k))})


SIGNED = {"relu", "leaky_relu", "step"}  # their slope asks only for the sign, and a has that of z


def _at_a(layer: Layer) -> Slip:
    """f′(a) for f′(z)."""
    forward, slope, g_a = rule(layer.a), rule(layer.chain), (layer.da, layer.a.name, *layer.a.parents[1:])
    says = f"{layer.prime} is taken at {layer.a.name}, not at {layer.z.name}"
    return Slip("derivative_at_a", says, {layer.dz: Edit(g_a, lambda g, a, *p: slope(g, a, forward(a, *p), *p))})


def elementwise(layer: Layer) -> Slip:
    """Only the diagonal of the Jacobian of softmax."""
    says = f"softmax of layer {layer.l} is treated unit by unit: ∂y_j/∂z_k is missing for k ≠ j"
    parents = layer.chain.parents
    return Slip("softmax_elementwise", says, {layer.dz: by_formula(parents, "g z a scale", "scale*g*a*(1 - a)")})


def _product(g: Array, x: Array) -> Any:
    return g.T @ x


def _of_weights(layer: Layer, others: list[Layer]) -> Iterator[Slip]:
    """∂L/∂W = δᵀ·x."""
    dW, g_x, x = layer.dW, (layer.dz, layer.x), layer.x
    row, name = layer.sheet[dW], seen(dW)

    def slip(kind: str, says: str, parents: tuple[str, ...], work: Callable[..., Any] = _product) -> Slip:
        return Slip(kind, says, {dW: Edit(parents, work)})

    yield Slip("sign", f"{name} has the wrong sign", {dW: then(row, np.negative)})
    yield slip("input_missing", f"{x} is missing in {name}", g_x, lambda g, x: _product(g, np.ones_like(x)))
    if layer.a.op != "identity":
        yield slip("activation_derivative_missing", f"{layer.prime} is missing in {name} only", (layer.da, x))
    if layer.l > 1 and others[layer.l - 2].a.op != "identity":
        before = others[layer.l - 2].z.name
        yield slip("z_for_a", f"{name} is worked with {before} in place of {x}", (layer.dz, before))
    if layer.square:
        yield Slip("transposed_gradient", f"{name} is transposed", {dW: then(row, np.transpose)})
        yield slip("output_for_input", f"{name} is worked with {layer.a.name} in place of {x}", (layer.dz, layer.a.name))
    for other in others:
        if other.l != layer.l and other.shape[0] == layer.shape[0]:
            says = f"{name} is worked with {seen(other.dz)} in place of {seen(layer.dz)}"
            yield slip("other_layer", says, (other.dz, x))
    for j, k in neighbours(layer.shape[1]):
        says = f"values {j + 1} and {k + 1} of {x} are swapped in {name}"
        yield Slip("swapped_unit", says, {dW: then(row, swapped(j, k))})


def _of_biases(layer: Layer) -> Iterator[Slip]:
    """∂L/∂b = Σδ."""
    db, name = layer.db, seen(layer.db)
    yield Slip("sign", f"{name} has the wrong sign", {db: then(layer.sheet[db], np.negative)})
    if layer.a.op != "identity":
        says = f"{layer.prime} is missing in {name} only"
        yield Slip("activation_derivative_missing", says, {db: Edit((layer.da,), lambda g: g.sum(0))})


def _back(g: Array, W: Array) -> Any:
    return g @ W


def _carried_back(layer: Layer, others: list[Layer]) -> Iterator[Slip]:
    """∂L/∂x = δ·W, the sum over the units that x goes into."""
    dx, W, name, units = layer.dx, layer.W, seen(layer.dx), layer.shape[0]
    g_W = (layer.dz, W)

    def slip(kind: str, says: str, work: Callable[..., Any] = _back, parents: tuple[str, ...] = g_W) -> Slip:
        return Slip(kind, says, {dx: Edit(parents, work)})

    yield slip("sign", f"{name} has the wrong sign", lambda g, W: -_back(g, W))
    yield slip("weight_missing", f"{W} is missing on the way back", lambda g, W: _back(g, np.ones_like(W)))
    if layer.square:
        yield slip("transposed_weights", f"{W} is transposed on the way back", lambda g, W: _back(g, W.T))
    untied = layer.dW == f"dL/d{W}"  # the new value of a shared parameter waits for the slopes of all its places
    if untied and f"{W}'" in layer.sheet and layer.sheet[f"{W}'"].op != "frozen":
        yield slip("updated_weight_used", f"the new {W} is used on the way back, not the old one", _back, (layer.dz, f"{W}'"))
    if layer.a.op != "identity":
        yield slip("activation_derivative_missing", f"{layer.prime} is missing in {name} only", _back, (layer.da, W))
    for other in others:
        if other.l != layer.l and other.shape == layer.shape:
            yield slip("other_layer", f"{other.W} is used on the way back in place of {W}", _back, (layer.dz, other.W))
    for j in range(units if 1 < units <= MOST_UNITS else 0):
        yield slip("path_missing", f"{name} has only the path through unit {j + 1} of layer {layer.l}", _only(j))
        if units > 2:
            yield slip("path_missing", f"the path through unit {j + 1} of layer {layer.l} is missing in {name}", _without(j))
    for j, k in neighbours(units):
        says = f"units {j + 1} and {k + 1} of layer {layer.l} are swapped in {name}"
        yield slip("swapped_unit", says, _swapped(j, k))


def _only(j: int) -> Callable[..., Any]:
    return lambda g, W: g[:, [j]] @ W[[j]]


def _without(j: int) -> Callable[..., Any]:
    return lambda g, W: _back(g, W) - g[:, [j]] @ W[[j]]


def _swapped(j: int, k: int) -> Callable[..., Any]:
    swap = swapped(j, k)
    return lambda g, W: _back(swap(g), W)
