"""The mistakes of the forward pass and of the loss, each as an edit of one rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from backcheck.catalogue import letters
from backcheck.paper import LETTERED
from backcheck.slips.edits import Edit, Slip, by_formula, then
from backcheck.slips.layers import Layer
from backcheck.worksheet import Array, Worksheet

MOST_UNITS = 6  # of wider layers nobody mistakes one unit for the next by hand


def neighbours(width: int) -> list[tuple[int, int]]:
    """Columns that stand beside each other, of an array that is not too wide."""
    return list(pairwise(range(width))) if width <= MOST_UNITS else []


def swapped(j: int, k: int) -> Callable[[Array], Array]:
    """Two columns in each other's place."""

    def swap(array: Array) -> Array:
        order = list(range(array.shape[-1]))
        order[j], order[k] = k, j
        return array[..., order]

    return swap


def _weighted(x: Array, W: Array, b: Any = 0.0) -> Any:
    return x @ W.T + b


def forward(layer: Layer, before: Layer | None) -> Iterator[Slip]:
    """Those of one layer."""
    z, a = layer.z, layer.a

    def slip(kind: str, says: str, work: Callable[..., Any], parents: tuple[str, ...] = z.parents) -> Slip:
        return Slip(kind, says, {z.name: Edit(parents, work)})

    if a.op != "identity":
        yield _no_activation(layer)
    if before and before.a.op != "identity":
        yield slip(
            "z_for_a",
            f"{z.name} is worked with {before.z.name} in place of {before.a.name}",
            _weighted,
            (before.z.name, *z.parents[1:]),
        )
    if layer.square:
        yield slip("transposed_weights", f"{layer.W} is transposed on the way forward", lambda x, W, b=0.0: _weighted(x, W.T, b))
    if layer.b:
        yield slip("bias_missing", f"{layer.b} is missing in {z.name}", _weighted, z.parents[:2])
        yield slip("sign", f"{layer.b} is subtracted in {z.name}, not added", lambda x, W, b: _weighted(x, W, -b))
    for j, k in neighbours(layer.shape[1]):
        yield slip("swapped_unit", f"values {j + 1} and {k + 1} of {layer.x} are swapped in {z.name}", _of_swapped(j, k))


def _no_activation(layer: Layer) -> Slip:
    """a = z; the derivative is written in a, and takes the a that stands there."""
    slope = layer.sheet[layer.dz]
    edits = {layer.a.name: Edit((layer.z.name,), lambda z: z)}
    if slope.op in IN_A:
        text = LETTERED[slope.op].partition(";")[0]
        edits[slope.name] = by_formula(slope.parents, " ".join(letters(slope.op)), text)
    return Slip("activation_missing", f"the activation of layer {layer.l} is missing", edits)


IN_A = ("sigmoid.dz", "tanh.dz", "sigmoid+binary_cross_entropy.dz", "softmax+cross_entropy.dz")


def _of_swapped(j: int, k: int) -> Callable[..., Any]:
    swap = swapped(j, k)
    return lambda x, W, b=0.0: _weighted(swap(x), W, b)


SQUARED = {"squared_error": (0.5, "with a ½"), "half_squared_error": (2, "without its ½"), "mean_squared_error": (0.5, "with a ½")}


def of_loss(sheet: Worksheet) -> Iterator[Slip]:
    """Those that change the loss and no derivative."""
    N, L = sheet.names.examples, sheet["L"]
    each = sheet.by_name.get("L[n]", L)
    if each.op in SQUARED:
        c, how = SQUARED[each.op]
        yield Slip("factor", f"the loss is worked {how}", {each.name: then(each, lambda loss: c * loss)})
    if each.op == "mean_squared_error" and (K := sheet.given["t"].shape[1]) > 1:
        yield Slip("sum_for_mean", f"the loss is not divided by its {K} outputs", {each.name: then(each, lambda loss: K * loss)})
    if L.op == "mean":
        yield Slip("sum_for_mean", "the loss is summed over the examples, not averaged", {"L": Edit(L.parents, np.sum)})
    if L.op == "total":
        yield Slip(
            "mean_for_sum",
            "the loss is averaged over the examples, not summed",
            {"L": Edit(L.parents, lambda each: each.sum() / N)},
        )
