"""Changes to the tree of a problem file: what an option or a variant says is put in the place of what stands there.

A change is a mapping of keys: those of the file itself; those of `training`; `layer 2`, `every layer` or `hidden layers` with
what changes there; and the short words that people compare by: rate, activation, hidden, init.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from backcheck.catalogue import SCHEMES
from backcheck.errors import did_you_mean
from backcheck.problem.reading import Reading
from backcheck.problem.text import List, Map, Node, Scalar, kind
from backcheck.problem.training import KEYS as OF_TRAINING

OF_FILE = ("title", "inputs", "targets", "data", "layers", "loss", "learning_rate", "batch")
MOST_HIDDEN = 50


def changed(root: Map, change: Map, reading: Reading) -> Map:
    """The same file with what the change says; the file itself stays as it is."""
    for key, value in change.pairs:
        root = _changed(root, key, value, reading)
    return root


def _changed(root: Map, key: Scalar, value: Node, reading: Reading) -> Map:
    name = key.text.replace("_", " ") if key.text.lower().startswith(("layer", "every", "hidden")) else key.text
    if name in SHORT:
        return SHORT[name](root, key, value, reading)
    if name in OF_FILE:
        return put(root, key, value)
    if name == "training" and isinstance(value, Map):
        for inner, node in value.pairs:
            root = drawn_anew(root, node, reading) if inner.text == "init" else _in_training(root, inner, node)
        return root
    if name in OF_TRAINING:
        return _in_training(root, key, value)
    places = _places(root, name)
    if places is None or not isinstance(value, Map):
        known = [*OF_FILE, *OF_TRAINING, *SHORT, "layer 1", "every layer", "hidden layers"]
        says = (
            f"{kind(key)} is nothing that can be changed" if places is None else f"{key.text} should be a mapping of what changes"
        )
        reading.fault(key, says, did_you_mean(key.text, known) or f"known: {', '.join(known)}")
        return root
    return _in_layers(root, places, value)


def put(node: Map, key: Scalar, value: Node) -> Map:
    """A mapping with one value exchanged, or added."""
    pairs = [(k, value if k.text == key.text else v) for k, v in node.pairs]
    if all(k.text != key.text for k, _ in pairs):
        pairs.append((key, value))
    return with_pairs(node, pairs)


def with_pairs(node: Map, pairs: list[tuple[Scalar, Node]]) -> Map:
    made = Map(node.line, node.column)
    made.pairs, made.seen = pairs, node.seen
    return made


def without(node: Map, name: str) -> Map:
    return with_pairs(node, [(key, value) for key, value in node.pairs if key.text != name])


def _named(key: Node, text: str) -> Scalar:
    """A key of another name that messages point at the old one for."""
    return Scalar(key.line, key.column, key.width, text)


def _in_training(root: Map, key: Scalar, value: Node) -> Map:
    section = root.get("training")
    inside = section if isinstance(section, Map) else Map(key.line, key.column)
    return put(root, _named(key, "training"), put(inside, key, value))


def _layers(root: Map) -> list[Node]:
    layers = root.get("layers")
    return layers.items if isinstance(layers, List) else []


def _with_layers(root: Map, layers: Iterable[Node]) -> Map:
    node = root.get("layers")
    made = List(node.line, node.column) if node else List(root.line, root.column)
    made.items = list(layers)
    return put(root, Scalar(made.line, made.column, 1, "layers"), made)


def _places(root: Map, name: str) -> list[int] | None:
    """The layers that a key means."""
    count = len(_layers(root))
    if name in ("every layer", "hidden layers"):
        return list(range(count if name == "every layer" else count - 1))
    word, _, which = name.partition(" ")
    return [int(which) - 1] if word == "layer" and which.isdigit() and which.isascii() and 0 < int(which) <= count else None


def _in_layers(root: Map, places: Iterable[int], change: Map) -> Map:
    layers = list(_layers(root))
    for place in places:
        layer = layers[place]
        if isinstance(layer, Map):
            for key, value in change.pairs:
                layer = put(layer, key, value)
            layers[place] = layer
    return _with_layers(root, layers)


def _rate(root: Map, key: Scalar, value: Node, reading: Reading) -> Map:
    return put(root, _named(key, "learning_rate"), value)


def _activation(root: Map, key: Scalar, value: Node, reading: Reading) -> Map:
    """Of the hidden layers: what the outputs are belongs to the loss."""
    change = with_pairs(Map(key.line, key.column), [(key, value)])
    if len(_layers(root)) < 2:
        says = "there is no hidden layer whose activation could be another"
        reading.fault(key, says, "layer 1: {activation: tanh} is that of the outputs")
    return _in_layers(root, range(len(_layers(root)) - 1), change)


def _init(root: Map, key: Scalar, value: Node, reading: Reading) -> Map:
    return drawn_anew(root, value, reading)


def drawn_anew(root: Map, how: Node, reading: Reading) -> Map:
    """Weights drawn in every layer: `he`, or `{init: he, seed: 3}`; each layer draws its own numbers. Biases stay."""
    if isinstance(how, Scalar) and how.text not in SCHEMES:
        reading.fault(how, f"unknown init {kind(how)}", did_you_mean(how.text, list(SCHEMES)) or f"known: {', '.join(SCHEMES)}")
        return root
    layers = enumerate(_layers(root))
    return _with_layers(root, [_drawn(layer, how, l) if isinstance(layer, Map) else layer for l, layer in layers])


def _drawn(layer: Map, value: Node, l: int) -> Map:
    settings = value if isinstance(value, Map) else with_pairs(Map(value.line, value.column), [(_named(value, "init"), value)])
    seed = settings.get("seed")
    first = int(seed.text) if isinstance(seed, Scalar) and seed.text.isdigit() and seed.text.isascii() else 0
    scheme = settings.get("init")
    if isinstance(scheme, Scalar) and "seed" in SCHEMES.get(scheme.text, ()):
        settings = put(settings, _named(value, "seed"), Scalar(value.line, value.column, 1, str(first + l)))
    units = layer.get("units") or _units(layer)
    layer = put(layer, _named(value, "units"), units) if units else layer
    return put(without(layer, "weights"), _named(value, "weights"), settings)


def _units(layer: Map) -> Scalar | None:
    """How many units the weights are of, where they are typed."""
    weights = layer.get("weights")
    if isinstance(weights, List):
        return Scalar(weights.line, weights.column, 1, str(len(weights.items)))
    return _as_scalar(weights.get("units")) if isinstance(weights, Map) else None


def _as_scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) else None


def _hidden(root: Map, key: Scalar, value: Node, reading: Reading) -> Map:
    """So many hidden layers like the first one, all weights drawn anew where the file's would not fit."""
    count = reading.whole(value, "hidden", 0, MOST_HIDDEN)
    if count is None or not _layers(root):
        return root
    *hidden, output = _layers(root)
    if count and not (hidden and isinstance(hidden[0], Map)):
        reading.fault(value, "the file has no hidden layer to take as the pattern", "give it one; hidden: 0 leaves it out")
        return root
    if count == len(hidden):
        return root
    first = hidden[0] if hidden else None
    layers = [first] * count + [output]
    made = [_like(layer, key, l) for l, layer in enumerate(layers) if isinstance(layer, Map)]
    return _with_layers(root, made)


def _like(layer: Map, key: Scalar, l: int) -> Map:
    """A layer with weights of its own, drawn as the file draws those of its pattern, or by Xavier."""
    weights = layer.get("weights")
    if isinstance(weights, Map) and weights.get("init"):
        return _drawn(layer, weights, l)
    return _drawn(without(layer, "trainable"), _named(key, "xavier"), l)


SHORT: dict[str, Callable[[Map, Scalar, Node, Reading], Map]] = {
    "rate": _rate,
    "activation": _activation,
    "hidden": _hidden,
    "init": _init,
}
