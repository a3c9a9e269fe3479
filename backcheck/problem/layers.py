"""The layers of a network's file: weights, biases, activations and what is frozen; it knows no rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backcheck.catalogue import ACTIVATIONS
from backcheck.problem.arrays import from_elsewhere, is_elsewhere
from backcheck.problem.draft import Draft, cell, count, matrix, vector
from backcheck.problem.functions import Operation, operation
from backcheck.problem.text import List, Map, Node, Scalar, kind
from backcheck.worksheet import Array

LAYER_KEYS = ("units", "weights", "biases", "activation", "trainable")


class Layer(NamedTuple):
    """One layer as read: its arrays and the operation of each unit."""

    weights: Array
    biases: Array | None
    operations: list[Operation]  # one for the layer, or one for each unit
    masks: dict[str, Array]


def layers(draft: Draft, node: Node | None, incoming: int | None) -> list[Layer] | None:
    nodes = draft.reading.list(node, "layers") if node else None
    if nodes is None:
        return None
    found: list[Layer | None] = []
    for l, item in enumerate(nodes, 1):
        layer = _layer(draft, item, l, incoming)
        incoming = len(layer.weights) if layer else None
        found.append(layer)
    return None if None in found else [layer for layer in found if layer]


def _layer(draft: Draft, node: Node, l: int, incoming: int | None) -> Layer | None:
    where = f"layer {l}"
    if not isinstance(node, Map):
        draft.reading.fault(node, f"{where} should be a mapping with weights and activation, not {kind(node)}")
        return None
    draft.reading.keys(node, LAYER_KEYS, where)
    weights = _weights(draft, node, l, incoming)
    operations = _activation(draft, node.get("activation"), l, None if weights is None else len(weights))
    biases = _biases(draft, node, l, weights) if weights is not None else None
    if weights is None or operations is None:
        return None
    masks = _masks(draft, node.get("trainable"), l, {f"W{l}": weights, **({} if biases is None else {f"b{l}": biases})})
    return Layer(weights, biases, operations, masks)


def _weights(draft: Draft, layer: Map, l: int, incoming: int | None) -> Array | None:
    node, what = layer.get("weights"), f"weights of layer {l}"
    if node is None:
        draft.reading.fault(layer, f"weights is missing in layer {l}", "weights: [[0.1, 0.2], [0.3, 0.4]], one row for each unit")
        return None
    before = len(draft.reading.faults)
    if isinstance(node, Map) and is_elsewhere(node):
        units = draft.reading.whole(layer.get("units") or node.get("units"), "units", 1, 10**7)
        if len(draft.reading.faults) > before or (node.get("init") and incoming is None):
            return None
        shape = (units, incoming) if units and incoming else None
        array = from_elsewhere(draft.reading, node, what, draft.folder, shape, (incoming or 1, units or 1))
        if array is not None and array.ndim != 2:
            draft.reading.fault(node, f"{what} has the shape {array.shape}; it should be one row for each unit")
            return None
    else:
        array = matrix(draft, node, what, f"W{l}", "row")
        units = draft.reading.whole(layer.get("units"), "units", 1) if layer.get("units") else None
    if array is None or len(draft.reading.faults) > before:
        return None
    if units and units != len(array):
        draft.reading.fault(layer.get("units") or node, f"units is {units}, but {what} has {count(len(array), 'row')}")
        return None
    return _fitting(draft, node, array, what, l, incoming)


def _fitting(draft: Draft, node: Node, array: Array, what: str, l: int, incoming: int | None) -> Array | None:
    if incoming is None or array.shape[1] == incoming:
        return array
    source = count(incoming, "input") if l == 1 else f"{count(incoming, 'unit')} in layer {l - 1}"
    way_out = "one row for each unit, one column for each incoming value"
    if array.shape[0] == incoming:
        way_out += f"; transposed, {array.shape[1]} × {array.shape[0]}, it would fit"
    row = node.items[0] if isinstance(node, List) else node
    draft.reading.fault(row, f"{what} has {count(array.shape[1], 'column')} for {source}", way_out)
    return None


def _biases(draft: Draft, layer: Map, l: int, weights: Array) -> Array | None:
    """One for each unit; a single number gives every unit that value; left out: none."""
    node, what, row, units = layer.get("biases"), f"biases of layer {l}", f"b{l}", len(weights)
    if node is None:
        return None
    if isinstance(node, Map) and is_elsewhere(node):
        array = from_elsewhere(draft.reading, node, what, draft.folder, (units,), (weights.shape[1], units))
        array = None if array is None else array.ravel()
    elif isinstance(node, List):
        if not draft.reading.list(node, what):
            return None
        array = vector(draft, node.items, "bias", row)
    else:
        array = np.full(units, cell(draft, node, "biases", (row, (0,))))
        for table in (draft.own, draft.written):
            if (row, (0,)) in table:
                table.update({(row, (j,)): table[row, (0,)] for j in range(units)})
    if array is not None and len(array) != units:
        draft.reading.fault(
            node,
            f"{what} has {count(len(array), 'number')} for {count(units, 'unit')}",
            "one for each unit, or a single number for all",
        )
        return None
    return array


def _activation(draft: Draft, node: Node | None, l: int, units: int | None) -> list[Operation] | None:
    if node is None:
        return [Operation("identity")]
    if not isinstance(node, List):
        one = operation(draft.reading, node, "activation", ACTIVATIONS, ("z",))
        return [one] if one else None
    found = [operation(draft.reading, item, "activation", ACTIVATIONS, ("z",), over=False) for item in node.items]
    for item, one in zip(node.items, found, strict=True):
        if one and one.op == "softmax":
            draft.reading.fault(
                item, "softmax is not the activation of one unit", "it joins all units of a layer: activation: softmax"
            )
    if units is not None and len(found) != units:
        draft.reading.fault(
            node,
            f"layer {l} has {count(len(found), 'activation')} for {count(units, 'unit')}",
            "one for each unit, or one for all",
        )
        return None
    operations = [one for one in found if one]
    if len(operations) != len(found):
        return None
    return operations[:1] if len(set(operations)) == 1 else operations


def _masks(draft: Draft, node: Node | None, l: int, arrays: dict[str, Array]) -> dict[str, Array]:
    """Which parameters are frozen: true or false for the layer, for its weights or biases, or for each number."""
    if node is None:
        return {}
    if isinstance(node, Scalar):
        truth = draft.reading.truth(node, "trainable")
        return {row: np.zeros(array.shape) for row, array in arrays.items()} if truth is False else {}
    settings = draft.reading.mapping(node, "trainable")
    if settings is None:
        return {}
    draft.reading.keys(settings, ("weights", "biases"), "trainable")
    masks = {}
    for key, value in settings.pairs:
        row = {"weights": f"W{l}", "biases": f"b{l}"}.get(key.text, "")
        if row in arrays:
            mask = _mask(draft, value, key.text, arrays[row].shape)
            if not mask.all():
                masks[row] = mask
        elif row:
            draft.reading.fault(key, f"layer {l} has no {key.text}")
    return masks


def _mask(draft: Draft, node: Node, what: str, shape: tuple[int, ...]) -> Array:
    if not isinstance(node, List):
        return np.full(shape, float(draft.reading.truth(node, f"trainable {what}") is not False))
    if len(node.items) != shape[0]:
        draft.reading.fault(
            node,
            f"trainable has {count(len(node.items), 'value')} where {what} has {shape[0]}",
            f"true or false for each number of {what}, shaped alike",
        )
        return np.ones(shape)
    if len(shape) == 1:
        return np.array([float(draft.reading.truth(item, f"trainable {what}") is not False) for item in node.items])
    return np.array([_mask(draft, item, what, shape[1:]) for item in node.items])
