"""The file of a network → a blank worksheet: what is given and the forward pass, every fault noted; it derives nothing."""

from __future__ import annotations

import math

import numpy as np

from backcheck.arithmetic import number
from backcheck.catalogue import ANY_TARGETS, BATCH, FUSED, LOSSES
from backcheck.cells import PARAMETER, Names, Place
from backcheck.errors import did_you_mean
from backcheck.problem import data
from backcheck.problem.draft import Draft
from backcheck.problem.examples import examples
from backcheck.problem.functions import Operation, operation
from backcheck.problem.layers import Layer
from backcheck.problem.layers import layers as read_layers
from backcheck.problem.reading import LONGEST_NAME, Reading
from backcheck.problem.text import Map, Node, Scalar, kind
from backcheck.worksheet import Phase, Row, Worksheet

KEYS = ("title", "data", "inputs", "targets", "layers", "loss", "learning_rate", "batch", "names")
SECTIONS = ("marking", "training", "variants", "claims")
GIVEN, FORWARD, LOSS = Phase.GIVEN, Phase.FORWARD, Phase.LOSS


def network(root: Map, reading: Reading, folder: str) -> Worksheet | None:
    """The blank worksheet of a network, or None if there are faults."""
    draft = Draft(reading, folder)
    reading.keys(root, (*KEYS, *SECTIONS), "the problem")
    needed = ("layers", "loss") if root.get("data") else ("inputs", "targets", "layers", "loss")
    if missing := [key for key in needed if root.get(key) is None]:
        says = f"{', '.join(missing[:-1])} and {missing[-1]} are missing" if len(missing) > 1 else f"{missing[0]} is missing"
        way_out = "a network has inputs, targets, layers and a loss; a computation graph has expression or let, and at"
        reading.fault(root, says, way_out)
    title = reading.text(root.get("title"), "title")
    inputs, aims = examples(draft, root)
    layers = read_layers(draft, root.get("layers"), inputs.shape[1] if inputs is not None else None)
    loss = operation(reading, node, "loss", LOSSES, ("t", "y")) if (node := root.get("loss")) else None
    batch = reading.word(root.get("batch"), "batch", BATCH) or "mean"
    data.rate(draft, root.get("learning_rate"))
    targets = None
    if inputs is not None and layers and loss:
        targets = aims((len(inputs), len(layers[-1].weights)), loss.op)
    if inputs is None or targets is None or not layers or loss is None or reading.faults:
        return None
    draft.given |= {"x": inputs, "t": targets}
    rows = _rows(draft, layers, loss, batch)
    further = _further_names(draft, root.get("names"), len(inputs), f"a{len(layers)}")
    names = Names(draft.own, further, draft.written, len(inputs), f"a{len(layers)}")
    return None if reading.faults else Worksheet(tuple(rows), draft.given, names, title)


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
    texts = ["1", str(examples), *(parent for row in (*forward, *last) for parent in row.parents)]
    numerals = {text: np.asarray(value) for text in texts if (value := number(text)) is not None}
    order = sorted(draft.given, key=lambda name: {"x": 0, "t": 1, "eta": 3}.get(name, 2))
    kinds = {"trainable": "mask", "places": "places"}
    given = [Row(name, kinds.get(name.split()[0], "given"), phase=GIVEN) for name in order]
    draft.given |= numerals
    return [*given, *(Row(text, "numeral", phase=GIVEN) for text in numerals), *forward, *last]


def _forward(l: int, layer: Layer) -> list[Row]:
    before = f"a{l - 1}" if l > 1 else "x"
    z = Row(
        f"z{l}",
        "linear" if layer.biases is None else "affine",
        (before, f"W{l}", *(() if layer.biases is None else (f"b{l}",))),
    )
    op = "|".join(one.op for one in layer.operations)
    parameters = [p for one in layer.operations for p in one.parameters]
    return [z, Row(f"a{l}", op, (f"z{l}", *parameters))]


def _loss(draft: Draft, a: Row, loss: Operation, batch: str, examples: int) -> list[Row]:
    """The loss of each example, worked from z where that keeps it from ln 0, and their mean or sum."""
    op, parents = loss.op, ("t", a.name, *loss.parameters)
    alone = f"{a.op}+{loss.op}" == "softmax+binary_cross_entropy" and draft.given["t"].shape[1] == 1  # y = 1: no ln(1 − y)
    if f"{a.op}+{loss.op}" in FUSED and not alone:
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
        kinds = {{"x": "an input", "t": "a target"}.get(row, "a parameter") for row, _ in places}
        if len(kinds) > 1:
            draft.reading.fault(draft.named[name][0], f"{name} names {' and '.join(sorted(kinds))}", "give them two names")
        if "a target" in kinds:  # it has no slope that could be summed over its places
            continue
        for row, index in places:
            draft.given.setdefault(f"places {row}", np.zeros(draft.given[row].shape))[index] = group
        masks = {
            float(draft.given[f"trainable {row}"][index]) if f"trainable {row}" in draft.given else 1.0 for row, index in places
        }
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
            draft.reading.fault(
                key,
                f"{key.text} is the name of a parameter already",
                f"it stands in line {draft.named[key.text][0].line}",
            )
        elif not isinstance(value, Scalar) or not _exists(draft, names, value.text):
            hint = did_you_mean(value.text, _known(draft, names)) if isinstance(value, Scalar) else ""
            draft.reading.fault(
                value,
                f"{key.text} should name a quantity, not {kind(value)}",
                hint or "for instance z1[1], a2[1], dL/dz2[1]",
            )
        else:
            found[key.text] = value.text
    return found


def _shapes(draft: Draft) -> dict[str, tuple[int, ...]]:
    """The shape of every row that a name can mean."""
    examples = len(draft.given["x"])
    shapes = {name: array.shape for name, array in draft.given.items() if name[0].isalpha()}  # no numerals
    for name, array in draft.given.items():
        if name[0] == "W":
            shapes |= {f"z{name[1:]}": (examples, len(array)), f"a{name[1:]}": (examples, len(array))}
    return shapes | {"L": ()} | ({"L[n]": (examples,)} if examples > 1 else {})


def _exists(draft: Draft, names: Names, text: str) -> bool:
    return len(text) <= 2 * LONGEST_NAME and any(_is_there(draft, place) for place in names.meanings(text))


def _is_there(draft: Draft, place: Place) -> bool:
    slope, base = place[0].startswith("dL/d"), place[0].removeprefix("dL/d")
    if base.endswith("'"):
        base = base[:-1]
        if slope or not PARAMETER.fullmatch(base) or "eta" not in draft.given:
            return False
    if slope and not (base == "x" or base[0] in "Wbza"):
        return False
    shape = _shapes(draft).get(base)
    return shape is not None and len(shape) == len(place[1]) and all(0 <= i < n for i, n in zip(place[1], shape, strict=True))


def _known(draft: Draft, names: Names) -> list[str]:
    shapes = [(row, shape) for row, shape in _shapes(draft).items() if " " not in row and math.prod(shape) <= 100]
    plain = [names.cell(row, index) for row, shape in shapes for index in np.ndindex(shape)]
    return plain + [f"dL/d{name}" for name in plain if name[0] not in "Lte"]
