"""The file of a network → a blank worksheet: what is given and the forward pass, every fault noted; it derives nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from backcheck.catalogue import ACTIVATIONS, ANY_TARGETS, BATCH, FUSED, LOSSES
from backcheck.cells import Names, Place
from backcheck.errors import did_you_mean
from backcheck.problem.arrays import from_elsewhere, is_elsewhere
from backcheck.problem.functions import Operation, operation
from backcheck.problem.reading import Reading, number, written
from backcheck.problem.text import List, Map, Node, Scalar, kind
from backcheck.worksheet import Array, Phase, Row, Worksheet

KEYS = ("title", "inputs", "targets", "layers", "loss", "learning_rate", "batch", "names")
LAYER_KEYS = ("units", "weights", "biases", "activation", "trainable")
GIVEN, FORWARD, LOSS = Phase.GIVEN, Phase.FORWARD, Phase.LOSS


@dataclass(slots=True)
class Layer:
    """One layer as read: its arrays and the operation of each unit."""

    weights: Array
    biases: Array | None
    operations: list[Operation]  # one for the layer, or one for each unit
    masks: dict[str, Array]


@dataclass(slots=True)
class Draft:
    """What is found while a file is read."""

    reading: Reading
    folder: Path
    given: dict[str, Array] = field(default_factory=dict)
    own: dict[Place, str] = field(default_factory=dict)
    named: dict[str, tuple[Scalar, float]] = field(default_factory=dict)  # own name → where it first stands, its value
    written: dict[Place, str] = field(default_factory=dict)
    sizes: dict[str, tuple[int, ...]] = field(default_factory=dict)  # every row that a name can mean → its shape


def network(root: Map, reading: Reading, folder: Path) -> Worksheet | None:
    """The blank worksheet of a network, or None if there are faults."""
    draft = Draft(reading, folder)
    reading.keys(root, KEYS, "the problem")
    for key in ("inputs", "targets", "layers", "loss"):
        if root.get(key) is None:
            reading.fault(root, f"{key} is missing", "a network has inputs, targets, layers and a loss")
    title = reading.text(root.get("title"), "title")
    inputs = _inputs(draft, root.get("inputs"))
    layers = _layers(draft, root.get("layers"), inputs.shape[1] if inputs is not None else None)
    loss = operation(reading, node, "loss", LOSSES, ("t", "y")) if (node := root.get("loss")) else None
    batch = reading.word(root.get("batch"), "batch", BATCH) or "mean"
    _rate(draft, root.get("learning_rate"))
    targets = None
    if inputs is not None and layers and loss:
        targets = _targets(draft, root.get("targets"), (len(inputs), len(layers[-1].weights)), loss.op)
    if inputs is None or targets is None or not layers or loss is None or reading.faults:
        return None
    draft.given |= {"x": inputs, "t": targets}
    rows = _rows(draft, layers, loss, batch)
    further = _further_names(draft, root.get("names"), len(inputs), f"a{len(layers)}")
    names = Names(draft.own, further, draft.written, len(inputs), f"a{len(layers)}")
    return None if reading.faults else Worksheet(tuple(rows), draft.given, names, title)


# ---- arrays of numbers


def _cell(draft: Draft, node: Node, what: str, place: Place) -> float:
    """One number, or `w5: 0.40`, a number with a name of its own."""
    if isinstance(node, Map) and len(node.pairs) == 1:
        key, node = node.pairs[0]
        value = draft.reading.number(node, key.text)
        if draft.reading.name(key) and value is not None:
            _own_name(draft, key, value, place)
    else:
        value = draft.reading.number(node, what)
    if isinstance(node, Scalar) and value is not None and (text := written(node.text)):
        draft.written[place] = text
    return math.nan if value is None else value


def _own_name(draft: Draft, key: Scalar, value: float, place: Place) -> None:
    first, known = draft.named.setdefault(key.text, (key, value))
    if known != value:
        draft.reading.fault(
            key, f"{key.text} is {known:g} in line {first.line} and {value:g} here", "the same name twice is one parameter: it has one value"
        )
    draft.own[place] = key.text


def _vector(draft: Draft, nodes: list[Node], what: str, row: str) -> Array:
    return np.array([_cell(draft, node, f"{what} {j}", (row, (j - 1,))) for j, node in enumerate(nodes, 1)])


def _matrix(draft: Draft, node: Node, what: str, row: str, each: str) -> Array | None:
    """A list of lists, all of one length: one list for each unit, or for each example."""
    rows = draft.reading.list(node, what)
    if rows is None:
        return None
    lists = [draft.reading.list(r, f"{each} {i} of {what}") for i, r in enumerate(rows, 1)]
    if None in lists:
        return None
    found = [[_cell(draft, c, what, (row, (i, k))) for k, c in enumerate(cells or ())] for i, cells in enumerate(lists)]
    wrong = next((i for i, numbers in enumerate(found) if len(numbers) != len(found[0])), None)
    if wrong is not None:
        draft.reading.fault(rows[wrong], f"{each} {wrong + 1} of {what} has {_count(len(found[wrong]), 'number')}, {each} 1 has {len(found[0])}")
        return None
    return np.array(found)


def _count(n: int, thing: str) -> str:
    return f"{n:,} {thing}{'' if n == 1 else 's'}"


def _inputs(draft: Draft, node: Node | None) -> Array | None:
    """One example, or one row for each example of a batch."""
    if node is None:
        return None
    if isinstance(node, Map) and is_elsewhere(node):
        shape = _shape(draft, node.get("shape"))
        array = from_elsewhere(draft.reading, node, "inputs", draft.folder, shape, shape or (1, 1))
        if array is not None and array.ndim not in (1, 2):
            draft.reading.fault(node, f"inputs has the shape {array.shape}; it should be one row for each example")
            return None
        return None if array is None else np.atleast_2d(array)
    if isinstance(node, List) and node.items and not isinstance(node.items[0], List):
        return np.array([[_cell(draft, c, f"input {k}", ("x", (0, k - 1))) for k, c in enumerate(node.items, 1)]])
    return _matrix(draft, node, "inputs", "x", "example")


def _shape(draft: Draft, node: Node | None) -> tuple[int, ...] | None:
    if node is None:
        return None
    numbers = [draft.reading.whole(n, "shape", 1) for n in node.items] if isinstance(node, List) else []
    if len(numbers) == 2 and None not in numbers:
        return tuple(n for n in numbers if n)
    draft.reading.fault(node, f"shape should be [examples, inputs], not {kind(node)}")
    return None


def _targets(draft: Draft, node: Node | None, shape: tuple[int, int], loss: str) -> Array | None:
    """Targets shaped like the outputs; for cross_entropy also the number of a class for each example."""
    examples, outputs = shape
    if node is None:
        return None
    if isinstance(node, Map) and is_elsewhere(node):
        array = from_elsewhere(draft.reading, node, "targets", draft.folder, None, shape)
        return None if array is None else _shaped_targets(draft, node, array, shape, loss)
    items = node.items if isinstance(node, List) else [node]
    flat = not any(isinstance(item, List) for item in items)
    if flat and loss == "cross_entropy" and len(items) == examples and (examples, len(items)) != (1, outputs):
        return _classes(draft, items, outputs)
    if flat and (len(items) == outputs and examples == 1 or len(items) == examples and outputs == 1):
        places = [("t", (0, j)) if examples == 1 else ("t", (j, 0)) for j in range(len(items))]
        return np.array([_cell(draft, c, "a target", p) for c, p in zip(items, places, strict=True)]).reshape(shape)
    if flat and isinstance(node, List) and items:
        array = np.array([_cell(draft, c, "a target", ("t", (0, j))) for j, c in enumerate(items)])
    else:
        matrix = _matrix(draft, node, "targets", "t", "example")
        if matrix is None:
            return None
        array = matrix
    return _shaped_targets(draft, node, array, shape, loss)


def _shaped_targets(draft: Draft, node: Node, array: Array, shape: tuple[int, int], loss: str) -> Array | None:
    if array.shape == shape:
        return array
    if array.size == math.prod(shape) and 1 in shape:
        return array.reshape(shape)
    if loss == "cross_entropy" and array.size == shape[0]:
        return _one_hot(draft, [node] * shape[0], list(array.ravel()), shape[1])
    size = " × ".join(map(str, array.shape))
    wanted = f"{_count(shape[0], 'example')} and {_count(shape[1], 'output')}"
    way_out = f"give {shape[0]} × {shape[1]} numbers" + (f", or {_count(shape[0], 'class number')}" if loss == "cross_entropy" else "")
    draft.reading.fault(node, f"targets has {size} {'numbers' if array.size != 1 else 'number'}; there are {wanted}", way_out)
    return None


def _classes(draft: Draft, nodes: list[Node], outputs: int) -> Array | None:
    numbers = [draft.reading.number(node, "a class") for node in nodes]
    return None if None in numbers else _one_hot(draft, nodes, [n for n in numbers if n is not None], outputs)


def _one_hot(draft: Draft, nodes: list[Node], numbers: list[float], outputs: int) -> Array | None:
    """A row of zeros with a one for each class; classes count from 0, as data sets do."""
    for node, n in zip(nodes, numbers, strict=True):
        if n not in range(outputs):
            draft.reading.fault(node, f"{n:g} is no class: {_count(outputs, 'output')} give the classes 0 to {outputs - 1}")
            return None
    return np.eye(outputs)[np.array(numbers, dtype=int)]


def _rate(draft: Draft, node: Node | None) -> None:
    rate = draft.reading.number(node, "learning_rate")
    if rate is not None and rate < 0 and node:
        draft.reading.fault(node, "learning_rate should not be below 0", "a step goes down the slope: w' = w - rate*dL/dw")
    if rate is not None:
        draft.given["eta"] = np.array(rate)
        if isinstance(node, Scalar) and (text := written(node.text)):
            draft.written["eta", ()] = text


# ---- layers


def _layers(draft: Draft, node: Node | None, incoming: int | None) -> list[Layer] | None:
    nodes = draft.reading.list(node, "layers") if node else None
    if nodes is None:
        return None
    layers: list[Layer | None] = []
    for number_, item in enumerate(nodes, 1):
        layer = _layer(draft, item, number_, incoming)
        incoming = len(layer.weights) if layer else None
        layers.append(layer)
    return None if None in layers else [layer for layer in layers if layer]


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
        if node.get("init") and incoming is None:
            return None
        shape = (units, incoming) if units and incoming else None
        array = from_elsewhere(draft.reading, node, what, draft.folder, shape, (incoming or 1, units or 1))
        if array is not None and array.ndim != 2:
            draft.reading.fault(node, f"{what} has the shape {array.shape}; it should be one row for each unit")
            return None
    else:
        array = _matrix(draft, node, what, f"W{l}", "row")
        units = draft.reading.whole(layer.get("units"), "units", 1) if layer.get("units") else None
    if array is None or len(draft.reading.faults) > before:
        return None
    if units and units != len(array):
        draft.reading.fault(layer.get("units") or node, f"units is {units}, but {what} has {_count(len(array), 'row')}")
    return _fitting(draft, node, array, what, l, incoming)


def _fitting(draft: Draft, node: Node, array: Array, what: str, l: int, incoming: int | None) -> Array | None:
    if incoming is None or array.shape[1] == incoming:
        return array
    source = _count(incoming, "input") if l == 1 else f"{_count(incoming, 'unit')} in layer {l - 1}"
    way_out = "one row for each unit, one column for each incoming value"
    if array.shape[0] == incoming:
        way_out += f"; transposed, {array.shape[1]} × {array.shape[0]}, it would fit"
    row = node.items[0] if isinstance(node, List) else node
    draft.reading.fault(row, f"{what} has {_count(array.shape[1], 'column')} for {source}", way_out)
    return None


def _biases(draft: Draft, layer: Map, l: int, weights: Array) -> Array | None:
    """One for each unit; a single number gives every unit that value; left out: none."""
    node, what, row, units = layer.get("biases"), f"biases of layer {l}", f"b{l}", len(weights)
    if node is None:
        return None
    if isinstance(node, Map) and is_elsewhere(node):
        array = from_elsewhere(draft.reading, node, what, draft.folder, (units,), (weights.shape[1], units))
        array = None if array is None else array.ravel()
    elif isinstance(node, List) and node.items:
        array = _vector(draft, node.items, "bias", row)
    else:
        array = np.full(units, _cell(draft, node, "biases", (row, (0,))))
        for table in (draft.own, draft.written):
            if (row, (0,)) in table:
                table.update({(row, (j,)): table[row, (0,)] for j in range(units)})
    if array is not None and len(array) != units:
        draft.reading.fault(node, f"{what} has {_count(len(array), 'number')} for {_count(units, 'unit')}", "one for each unit, or a single number for all")
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
            draft.reading.fault(item, "softmax is not the activation of one unit", "it joins all units of a layer: activation: softmax")
    if units is not None and len(found) != units:
        draft.reading.fault(node, f"layer {l} has {_count(len(found), 'activation')} for {_count(units, 'unit')}", "one for each unit, or one for all")
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
        draft.reading.fault(node, f"trainable has {_count(len(node.items), 'value')} for {shape[0]} of {what}", "one for each number, shaped alike")
        return np.ones(shape)
    if len(shape) == 1:
        return np.array([float(draft.reading.truth(item, f"trainable {what}") is not False) for item in node.items])
    return np.array([_mask(draft, item, what, shape[1:]) for item in node.items])


# ---- rows


def _rows(draft: Draft, layers: list[Layer], loss: Operation, batch: str) -> list[Row]:
    """What is given, the forward pass, and the loss."""
    for l, layer in enumerate(layers, 1):
        draft.given[f"W{l}"] = layer.weights
        if layer.biases is not None:
            draft.given[f"b{l}"] = layer.biases
        draft.given |= {f"trainable {row}": mask for row, mask in layer.masks.items()}
    _find_ties(draft)
    examples = len(draft.given["x"])
    forward = [row for l, layer in enumerate(layers, 1) for row in _forward(l, layer)]
    last = _loss(draft, forward[-1], loss, batch, examples)
    numerals = dict.fromkeys(p for row in (*forward, *last) for p in row.parents if number(p) is not None)
    numerals |= {"1": None, str(examples): None}
    order = sorted(draft.given, key=lambda name: {"x": 0, "t": 1, "eta": 3}.get(name, 2))
    kinds = {"trainable": "mask", "places": "places"}
    given = [Row(name, kinds.get(name.split()[0], "given"), phase=GIVEN) for name in order]
    return [*given, *(Row(text, "numeral", phase=GIVEN) for text in numerals), *forward, *last]


def _forward(l: int, layer: Layer) -> list[Row]:
    before = f"a{l - 1}" if l > 1 else "x"
    z = Row(f"z{l}", "linear" if layer.biases is None else "affine", (before, f"W{l}", *(() if layer.biases is None else (f"b{l}",))))
    op = "|".join(one.op for one in layer.operations)
    parameters = [p for one in layer.operations for p in one.parameters]
    return [z, Row(f"a{l}", op, (f"z{l}", *parameters))]


def _loss(draft: Draft, a: Row, loss: Operation, batch: str, examples: int) -> list[Row]:
    """The loss of each example, worked from z where that keeps it from ln 0, and their mean or sum."""
    op, parents = loss.op, ("t", a.name, *loss.parameters)
    if f"{a.op}+{loss.op}" in FUSED:
        sums = [math.fsum(t) for t in draft.given["t"]]
        any_targets = loss.op == "cross_entropy" and any(s != 1 for s in sums)
        op = f"{a.op}+{loss.op}{ANY_TARGETS if any_targets else ''}"
        parents = ("t", a.parents[0], a.name, *a.parents[1:])
    if examples == 1:
        return [Row("L", op, parents, LOSS)]
    return [Row("L[n]", op, parents, LOSS), Row("L", "mean" if batch == "mean" else "total", ("L[n]",), LOSS)]


def _find_ties(draft: Draft) -> None:
    """Numbers the groups of places that are one parameter, and refuses one that is frozen in one place only."""
    groups: dict[str, list[Place]] = {}
    for place, name in draft.own.items():
        groups.setdefault(name, []).append(place)
    for group, (name, places) in enumerate(((n, p) for n, p in groups.items() if len(p) > 1), 1):
        for row, index in places:
            draft.given.setdefault(f"places {row}", np.zeros(draft.given[row].shape))[index] = group
        masks = {float(draft.given[f"trainable {row}"][index]) if f"trainable {row}" in draft.given else 1.0 for row, index in places}
        if len(masks) > 1:
            says = f"{name} is one parameter in {len(places)} places, frozen in one and not in another"
            draft.reading.fault(draft.named[name][0], says, "freeze it in all of them, or give it two names")


def _further_names(draft: Draft, node: Node | None, examples: int, output: str) -> dict[str, str]:
    """`names:` another name for a quantity that exists."""
    found: dict[str, str] = {}
    mapping = draft.reading.mapping(node, "names")
    names = Names(draft.own, {}, {}, examples, output)
    for key, value in mapping.pairs if mapping else ():
        if not draft.reading.name(key):
            continue
        if key.text in draft.named:
            draft.reading.fault(key, f"{key.text} is the name of a parameter already", f"it stands in line {draft.named[key.text][0].line}")
        elif not isinstance(value, Scalar) or not _exists(draft, names, value.text):
            hint = did_you_mean(value.text, _known(draft, names)) if isinstance(value, Scalar) else ""
            draft.reading.fault(value, f"{key.text} should name a quantity, not {kind(value)}", hint or "for instance z1[1], a2[1], dL/dz2[1]")
        else:
            found[key.text] = value.text
    return found


def _shapes(draft: Draft) -> dict[str, tuple[int, ...]]:
    """The shape of every row that a name can mean."""
    examples = len(draft.given["x"])
    shapes = {name: array.shape for name, array in draft.given.items()}
    for name, array in draft.given.items():
        if name[0] == "W":
            shapes |= {f"z{name[1:]}": (examples, len(array)), f"a{name[1:]}": (examples, len(array))}
    return shapes | {"L": ()} | ({"L[n]": (examples,)} if examples > 1 else {})


def _exists(draft: Draft, names: Names, text: str) -> bool:
    place = names.find(text)
    if place is None:
        return False
    base = place[0].removeprefix("dL/d").removesuffix("'")
    shape = _shapes(draft).get(base)
    return shape is not None and len(shape) == len(place[1]) and all(0 <= i < n for i, n in zip(place[1], shape, strict=True))


def _known(draft: Draft, names: Names) -> list[str]:
    shapes = [(row, shape) for row, shape in _shapes(draft).items() if " " not in row and math.prod(shape) <= 100]
    plain = [names.cell(row, index) for row, shape in shapes for index in np.ndindex(shape)]
    return plain + [f"dL/d{name}" for name in plain if name != "L"]
