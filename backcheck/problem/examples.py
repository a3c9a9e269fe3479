"""The key `data` of a network's file: inputs and targets from one place, a set or files; it knows no layers but their outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from backcheck.catalogue import SETS
from backcheck.errors import did_you_mean
from backcheck.problem import data
from backcheck.problem.arrays import scale_of
from backcheck.problem.draft import Draft, count
from backcheck.problem.packed import Unreadable
from backcheck.problem.reading import Reading
from backcheck.problem.text import Map, Node, Scalar, kind
from backcheck.worksheet import Array

if TYPE_CHECKING:
    from backcheck.problem.example_files import Found

MOST_EXAMPLES, MOST_NOISE = 1_000_000, 1000  # of a set that is made
FORMS: dict[str, tuple[str, ...]] = {  # the key by which a form is known → all its keys
    "set": ("set", "take"),
    "images": ("images", "labels", "scale", "take"),
    "file": ("file", "inputs", "targets", "scale", "take"),
}
WAYS = "data: xor, data: {set: spirals, examples: 200}, data: {file: points.csv} or data: {images: …, labels: …}"
Aims = Callable[[tuple[int, int], str], Array | None]  # examples and outputs, the loss → the targets


def examples(draft: Draft, root: Map) -> tuple[Array | None, Aims]:
    """The inputs, and how the targets are read once the outputs are known: from `data`, or from `inputs` and `targets`."""
    node = root.get("data")
    if node is None:
        return data.inputs(draft, root.get("inputs")), lambda shape, loss: data.targets(draft, root.get("targets"), shape, loss)
    for key, _ in root.pairs:
        if key.text in ("inputs", "targets"):
            draft.reading.fault(key, f"data says already what the {key.text} are", "keep data, or inputs and targets")
    found = draft.reading.once(node, lambda: _found(draft, node))
    if found is None:
        return None, lambda *_: None
    return found.inputs, lambda shape, _: _targets(draft, found, shape[1])


def held_out(reading: Reading, folder: str, node: Node, shape: tuple[int, int], loss: str) -> tuple[Array, Array] | None:
    """Examples of their own, in any form of `data` or as {inputs: …, targets: …}, for so many inputs and outputs."""
    draft = Draft(reading, folder)  # numbers of these are no cells of the problem: they have no names in it
    root = Map(node.line, node.column)
    if isinstance(node, Map) and node.get("inputs") and not any(node.get(form) for form in FORMS):
        reading.keys(node, ("inputs", "targets"), "held_out")
        if node.get("targets") is None:
            reading.fault(node, "targets is missing in held_out", "held_out: {inputs: …, targets: …}")
        root.pairs = node.pairs
    else:
        root.pairs = [(Scalar(node.line, node.column, 1, "data"), node)]
    inputs, aims = examples(draft, root)
    if inputs is None:
        return None
    if inputs.shape[1] != shape[0]:
        says = f"what is held out has {count(inputs.shape[1], 'input')}, what is trained on has {shape[0]}"
        reading.fault(node, says)
        return None
    targets = aims((len(inputs), shape[1]), loss)
    return None if targets is None else (inputs, targets)


def _found(draft: Draft, node: Node) -> Found | None:
    """The examples of a set or of files, the first so many if the file says so."""
    from backcheck.problem.array_files import Source
    from backcheck.problem.example_files import of_file, of_images

    if isinstance(node, Scalar):
        return _set(draft, node, Map(node.line, node.column), None)
    form = next((form for form in FORMS if isinstance(node, Map) and node.get(form)), None)
    if form is None or not isinstance(node, Map):
        draft.reading.fault(node, f"data should name a set or files, not {kind(node)}", WAYS)
        return None
    before = len(draft.reading.faults)
    take = draft.reading.whole(node.get("take"), "take", 1) if node.get("take") else None
    scale = scale_of(draft.reading, node) or 1.0
    if form != "set":
        draft.reading.keys(node, FORMS[form], f"data: {{{form}: …}}")
    found = None
    if len(draft.reading.faults) == before:
        source = Source(draft.reading, "data", draft.folder, take)
        name = node.get(form) or node
        found = _set(draft, name, node, take) if form == "set" else (of_file if form == "file" else of_images)(source, node, scale)
    if found and take and len(found.inputs) < take:
        says = f"take is {take:,}, but there are {count(len(found.inputs), 'example')}"
        draft.reading.fault(node.get("take") or node, says, "leave take out, and all of them are used")
    return found


def _set(draft: Draft, name: Node, node: Map, take: int | None) -> Found | None:
    """`spirals`, or with its settings: {set: spirals, noise: 0.2}."""
    from backcheck.problem.example_files import Found
    from backcheck.problem.sets import made

    if not isinstance(name, Scalar) or name.text not in SETS:
        hint = did_you_mean(name.text, list(SETS)) if isinstance(name, Scalar) else ""
        names = f"{', '.join(list(SETS)[:-1])} or {list(SETS)[-1]}"
        draft.reading.fault(
            name, f"the set should be {names}, not {kind(name)}", hint or "a file is named so: data: {file: points.csv}"
        )
        return None
    before = len(draft.reading.faults)
    draft.reading.keys(node, ("set", *SETS[name.text], "take"), f"data: {{set: {name.text}, …}}")
    settings = {key: _setting(draft, node.get(key), key, default) for key, default in SETS[name.text].items()}
    if settings.get("examples", 0) < settings.get("classes", 0):
        says = f"{settings['examples']:g} examples cannot hold {settings['classes']:g} classes"
        draft.reading.fault(node.get("classes") or node.get("examples") or node, says, "give at least one example for each class")
    if len(draft.reading.faults) > before:
        return None
    try:
        found = made(name.text, settings)
    except Unreadable as error:
        draft.reading.fault(name, str(error), error.way_out)
        return None
    return Found(found.inputs[:take], found.classes[:take, np.newaxis], name)


def _setting(draft: Draft, node: Node | None, key: str, default: str) -> float:
    """A setting of a set as a number; where it is at fault its default stands in."""
    if node is None:
        return float(default)
    value: float | None
    if key != "noise":
        value = draft.reading.whole(node, key, *((0,) if key == "seed" else (2, MOST_EXAMPLES)))
    elif (value := draft.reading.number(node, key)) is not None and not 0 <= value <= MOST_NOISE:
        draft.reading.fault(node, f"noise should be a number from 0 to {MOST_NOISE}, not {kind(node)}")
    return float(default) if value is None else value


def _targets(draft: Draft, found: Found, outputs: int) -> Array | None:
    """Targets shaped like the outputs; one column of whole numbers for several outputs is the number of a class."""
    columns = found.targets.shape[1]
    if columns == outputs:
        return found.targets
    if columns == 1:
        way_out = "classes count from 0, and the last layer has a unit for each"
        return data.one_hot(draft, [found.node], found.targets[:, 0], outputs, way_out)
    says = f"data has {count(columns, 'target')} for each example, and the network {count(outputs, 'output')}"
    draft.reading.fault(found.node, says, f"give the last layer {count(columns, 'unit')}")
    return None
