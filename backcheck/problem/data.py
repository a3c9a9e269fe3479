"""The inputs, targets and learning rate of a network's file; it knows no layers but their number of outputs."""

from __future__ import annotations

import math

import numpy as np

from backcheck.problem.arrays import from_elsewhere, is_elsewhere
from backcheck.problem.draft import Draft, cell, count, matrix
from backcheck.problem.reading import written
from backcheck.problem.text import List, Map, Node, Scalar, kind
from backcheck.worksheet import Array


def inputs(draft: Draft, node: Node | None) -> Array | None:
    """One example, or one row for each example of a batch."""
    if node is None:
        return None
    if isinstance(node, Map) and is_elsewhere(node):
        shape = _shape(draft, node.get("shape"))
        if node.get("shape") and not shape:
            return None
        array = from_elsewhere(draft.reading, node, "inputs", draft.folder, shape, shape or (1, 1))
        if array is not None and array.ndim == 0:
            draft.reading.fault(node, "inputs has the shape (); it should be one row for each example")
            return None
        return None if array is None else flat_rows(np.atleast_2d(array))
    if isinstance(node, List) and node.items and not isinstance(node.items[0], List):
        return np.array([[cell(draft, c, f"input {k}", ("x", (0, k - 1))) for k, c in enumerate(node.items, 1)]])
    return matrix(draft, node, "inputs", "x", "example")


def flat_rows(array: Array) -> Array:
    """One row for each example, whatever it is: an image of 28 × 28 becomes 784 numbers."""
    return array.reshape(len(array), -1) if array.ndim > 2 else array


def _shape(draft: Draft, node: Node | None) -> tuple[int, ...] | None:
    if node is None:
        return None
    numbers = [draft.reading.whole(n, "shape", 1) for n in node.items] if isinstance(node, List) else []
    if len(numbers) == 2 and None not in numbers:
        return tuple(n for n in numbers if n)
    draft.reading.fault(node, f"shape should be [examples, inputs], not {kind(node)}")
    return None


def targets(draft: Draft, node: Node | None, shape: tuple[int, int], loss: str) -> Array | None:
    """Targets shaped like the outputs; for cross_entropy also the number of a class for each example."""
    examples, outputs = shape
    if node is None:
        return None
    if isinstance(node, Map) and is_elsewhere(node):
        drawn = _shape(draft, node.get("shape")) or shape
        array = from_elsewhere(draft.reading, node, "targets", draft.folder, drawn, shape)
        return None if array is None else _shaped_targets(draft, node, flat_rows(array), shape, loss)
    items = node.items if isinstance(node, List) else [node]
    flat = not any(isinstance(item, List) for item in items)
    if flat and loss == "cross_entropy" and len(items) == examples and outputs > 1:
        return _classes(draft, items, outputs)
    if flat and ((len(items) == outputs and examples == 1) or (len(items) == examples and outputs == 1)):
        places = [("t", (0, j)) if examples == 1 else ("t", (j, 0)) for j in range(len(items))]
        return np.array([cell(draft, c, "a target", p) for c, p in zip(items, places, strict=True)]).reshape(shape)
    if flat and isinstance(node, List) and items:
        array = np.array([cell(draft, c, "a target", ("t", (0, j))) for j, c in enumerate(items)])
    else:
        found = matrix(draft, node, "targets", "t", "example")
        if found is None:
            return None
        array = found
    return _shaped_targets(draft, node, array, shape, loss)


def _shaped_targets(draft: Draft, node: Node, array: Array, shape: tuple[int, int], loss: str) -> Array | None:
    if array.shape == shape:
        return array
    if array.size == math.prod(shape) and 1 in shape:
        _move(draft, array.shape, shape)
        return array.reshape(shape)
    if loss == "cross_entropy" and array.size == shape[0]:
        return one_hot(draft, [node], array.ravel(), shape[1])
    size = " × ".join(map(str, array.shape))
    wanted = f"{count(shape[0], 'example')} with {count(shape[1], 'output')}"
    way_out = f"give {shape[0]} × {shape[1]} numbers" + (
        f", or {count(shape[0], 'class number')}" if loss == "cross_entropy" else ""
    )
    draft.reading.fault(node, f"targets has {size} {'numbers' if array.size != 1 else 'number'} for {wanted}", way_out)
    return None


def _move(draft: Draft, old: tuple[int, ...], new: tuple[int, ...]) -> None:
    """The names and digits of the targets go with them into their new shape."""
    for table in (draft.own, draft.written):
        found = {place[1]: table.pop(place) for place in list(table) if place[0] == "t"}
        for index, text in found.items():
            flat = int(np.ravel_multi_index(index[-len(old) :], old))
            table["t", tuple(int(i) for i in np.unravel_index(flat, new))] = text


def _classes(draft: Draft, nodes: list[Node], outputs: int) -> Array | None:
    numbers = [draft.reading.number(node, "a class") for node in nodes]
    return None if None in numbers else one_hot(draft, nodes, np.array(numbers, np.float64), outputs)


def one_hot(draft: Draft, nodes: list[Node], numbers: Array, outputs: int, way_out: str = "classes count from 0") -> Array | None:
    """Rows of zeros with a one for the class; classes count from 0, as data sets do. One node for each number, or for all."""
    known = (numbers >= 0) & (numbers < outputs) & (numbers == np.floor(numbers))
    if not known.all():
        first = int(np.argmin(known))
        draft.reading.fault(
            nodes[min(first, len(nodes) - 1)],
            f"{numbers[first]:g} is no class: {count(outputs, 'output')} give the classes 0 to {outputs - 1}",
            way_out,
        )
        return None
    hot = np.zeros((len(numbers), outputs))
    hot[np.arange(len(numbers)), numbers.astype(int)] = 1.0
    return hot


def rate(draft: Draft, node: Node | None) -> None:
    value = draft.reading.number(node, "learning_rate")
    if value is not None and value < 0 and node:
        draft.reading.fault(node, "learning_rate should not be below 0", "a step goes down the slope: w' = w - rate*dL/dw")
    if value is not None:
        draft.given["eta"] = np.array(value)
        if isinstance(node, Scalar) and (text := written(node.text)):
            draft.written["eta", ()] = text
