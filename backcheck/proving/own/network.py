"""A network → its backward pass derived entry by entry, for layers of any width, as a derivation in text; it proves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from backcheck.errors import BadArgument
from backcheck.proving.own.entries import ACTIVATIONS, LOSSES, TOGETHER, UNKNOWN
from backcheck.slopes import own_formula
from backcheck.spelling import PLAIN, spell
from backcheck.worksheet import Phase, Row, Worksheet

PLACEHOLDER = re.compile(r"\b(?:Z|A|Y|T_M|T|M|K|SCALE)\b")
LETTERS = ("i", "j", "k", "l")


class Layer(NamedTuple):
    """One layer: its rows, and the letters of what comes in and of its own units, each with a second one."""

    number: int
    z: Row
    a: Row
    below: str
    letter: str
    other: str
    weights: str
    biases: str

    @property
    def incoming(self) -> str:
        return self.z.parents[0]


def network(sheet: Worksheet) -> str:
    """The whole derivation.

    >>> from backcheck.api import load
    >>> print(network(load("problems/xor-solution.yaml")).splitlines()[2])
    index i, m0 : n0 ; j, m1 : n1 ; k, m2 : n2 ; n, q : N
    """
    layers = _layers(sheet)
    writer = _Writer(sheet, layers)
    blocks = [writer.declared(), *writer.of_loss()]
    for layer in reversed(layers):
        blocks += writer.of_layer(layer)
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _layers(sheet: Worksheet) -> list[Layer]:
    found = []
    for number, a in enumerate((row for row in sheet.in_phase(Phase.FORWARD) if row.name.startswith("a")), start=1):
        if "|" in a.op:
            way_out = "ask for its formulas without --steps"
            raise BadArgument(f"layer {number} has units with activations of their own: a derivation has one for all; {way_out}")
        z = sheet[a.parents[0]]
        weights, biases = z.parents[1], (z.parents[2] if len(z.parents) > 2 else "")
        found.append(Layer(number, z, a, _letter(number - 1), _letter(number), f"m{number}", weights, biases))
    return found


def _letter(layer: int) -> str:
    return LETTERS[layer] if layer < len(LETTERS) else f"l{layer}"


class _Writer:
    """The blocks of a derivation; each is a list of lines."""

    def __init__(self, sheet: Worksheet, layers: list[Layer]) -> None:
        self.sheet, self.layers, self.last = sheet, layers, layers[-1]
        self.batch = sheet.names.examples > 1
        self.loss = next(row for row in sheet.rows if row.name in ("L[n]", "L") and row.op not in ("mean", "total"))
        self.kind = self.loss.op.partition("+")[2].removesuffix(" of any targets") or self.loss.op
        self.known = self.kind in LOSSES
        self.front = "(1/N) " if self.batch and sheet["L"].op == "mean" else ""

    # names

    def at(self, array: str, *letters: str, n: str = "n") -> str:
        """An entry of what every example has its own: x[n,i] in a batch, x[i] for one example."""
        return f"{array}[{','.join([n, *letters] if self.batch else letters)}]"

    def filled(self, text: str, layer: Layer, letter: str, n: str = "n") -> str:
        """A line of a table with the entries of a layer put in."""
        entries = {
            "Z": self.at(layer.z.name, letter, n=n),
            "A": self.at(layer.a.name, letter, n=n),
            "Y": self.at(layer.a.name, letter, n=n),
            "T": self.at("t", letter, n=n),
            "T_M": self.at("t", layer.other, n=n),
            "M": layer.other,
            "K": f"n{layer.number}",
            "SCALE": _scale(layer.a),
        }
        return PLACEHOLDER.sub(lambda found: entries[found[0]], text)

    def slope(self, of: str, by: str) -> str:
        return f"d({of}, {by})"

    def delta(self, one: str, other: str) -> str:
        return f"delta({one},{other})"

    # what everything stands for

    def declared(self) -> list[str]:
        """Names, what is given, and the forward pass."""
        first = self.layers[0]
        ranges = [f"{first.below}, m0 : n0", *(f"{layer.letter}, {layer.other} : n{layer.number}" for layer in self.layers)]
        lines = [f"# {' '.join(self.sheet.title.split())}" if self.sheet.title else "# the backward pass of a network"]
        units = ", ".join(f"n{layer.number}" for layer in self.layers)
        lines.append(f"# n0 inputs, then {units} units: the steps hold for any number of them")
        lines.append("index " + " ; ".join([*ranges, "n, q : N"] if self.batch else ranges))
        lines.append(f"{'matrix' if self.batch else 'vector'} {self.at('x', first.below)}, {self.at('t', self.last.letter)}")
        for layer in self.layers:
            lines.append(f"matrix {layer.weights}[{layer.letter},{layer.below}]")
            lines += [f"vector {layer.biases}[{layer.letter}]"] if layer.biases else []
        lines += [f"for any {name}" for name in dict.fromkeys(UNKNOWN[row.a.op] for row in self.layers if row.a.op in UNKNOWN)]
        if self.loss.op == "softmax+cross_entropy":
            lines.append(f"given sum({self.last.letter}, {self.at('t', self.last.letter)}) = 1")
        for layer in self.layers:
            lines += self.forward(layer)
        return [*lines, f"let L = {self.whole_loss()}"]

    def forward(self, layer: Layer) -> Iterator[str]:
        added = f"sum({layer.below}, {layer.weights}[{layer.letter},{layer.below}] {self.at(layer.incoming, layer.below)})"
        yield f"let {self.at(layer.z.name, layer.letter)} = {added}{f' + {layer.biases}[{layer.letter}]' if layer.biases else ''}"
        yield f"let {self.at(layer.a.name, layer.letter)} = {self.activation(layer)}"

    def activation(self, layer: Layer) -> str:
        if layer.a.op == "softmax":
            scale = _scale(layer.a)
            front = "" if scale == "1" else f"{scale} "
            z, others = self.at(layer.z.name, layer.letter), self.at(layer.z.name, layer.other)
            return f"exp({front}{z})/sum({layer.other}, exp({front}{others}))"
        if ":" in layer.a.op:
            z = self.at(layer.z.name, layer.letter)
            return _numbers(spell(own_formula(layer.a.op), lambda name: {"z": z}.get(name, name), PLAIN), layer.a)
        return _numbers(self.filled(ACTIVATIONS[layer.a.op][0], layer, layer.letter), layer.a)

    def whole_loss(self) -> str:
        letter = self.last.letter
        if self.known:
            front, one, _ = (_numbers(self.filled(text, self.last, letter), self.loss) for text in LOSSES[self.kind])
            inner = f"{front}sum({letter}, {one})"
        else:
            y, t = self.at(self.last.a.name, letter), self.at("t", letter)
            spelled = spell(own_formula(self.loss.op), lambda name: {"y": y, "t": t}.get(name, name), PLAIN)
            inner = re.sub(r"\bsum\(", f"sum({letter}, ", spelled)
            inner = inner if inner != spelled else f"sum({letter}, {inner})"
        return f"{self.front}sum(n, {inner})" if self.batch else inner

    # the backward pass

    def of_loss(self) -> list[list[str]]:
        """∂L/∂y."""
        if not self.known:
            return []
        letter, other, y = self.last.letter, self.last.other, self.last.a.name
        slope = LOSSES[self.kind][2]
        here = _numbers(self.filled(slope, self.last, letter), self.loss)
        left = self.slope("L", self.at(y, letter))
        if self.batch:
            there = _numbers(self.filled(slope, self.last, other, n="q"), self.loss)
            only = f"{self.front}sum(q, sum({other}, ({there}) {self.delta('q', 'n')} {self.delta(other, letter)}))"
        else:
            there = _numbers(self.filled(slope, self.last, other), self.loss)
            only = f"sum({other}, ({there}) {self.delta(other, letter)})"
        value = f"{self.front}({here})" if self.front else here
        return [[f"claim {left} = {value}", f"  {left}", f"  = {only}    # each output stands in one term", f"  = {value}"]]

    def of_layer(self, layer: Layer) -> list[list[str]]:
        """∂L/∂a of a hidden layer, ∂L/∂z, then ∂L/∂W and ∂L/∂b."""
        blocks = [] if layer is self.last else [self.carried_back(self.layers[layer.number])]
        blocks.append(self.through_activation(layer))
        blocks.append(self.of_parameter(layer, layer.weights, (layer.letter, layer.below), self.at(layer.incoming, layer.below)))
        if layer.biases:
            blocks.append(self.of_parameter(layer, layer.biases, (layer.letter,), ""))
        return blocks

    def carried_back(self, above: Layer) -> list[str]:
        """∂L/∂a is the sum over the units it goes to."""
        left = self.slope("L", self.at(above.incoming, above.below))
        z = self.at(above.z.name, above.other)
        chain = f"sum({above.other}, {self.slope('L', z)} {self.slope(z, self.at(above.incoming, above.below))})"
        value = f"sum({above.other}, {self.slope('L', z)} {above.weights}[{above.other},{above.below}])"
        return [f"claim {left} = {value}", f"  {left}", f"  = {chain}    # chain rule: every unit that reads it", f"  = {value}"]

    def through_activation(self, layer: Layer) -> list[str]:
        letter, other = layer.letter, layer.other
        a, z = layer.a.name, layer.z.name
        left = self.slope("L", self.at(z, letter))
        chain = f"sum({other}, {self.slope('L', self.at(a, other))} {self.slope(self.at(a, other), self.at(z, letter))})"
        lines = [f"  {left}", f"  = {chain}    # chain rule"]
        if layer.a.op == "softmax":
            slope = f"{_front(layer.a)}{self.at(a, other)} ({self.delta(other, letter)} - {self.at(a, letter)})"
            lines.append(f"  = sum({other}, {self.slope('L', self.at(a, other))} {slope})    # the slopes of softmax")
            value = ""
        else:
            value = f"{self.slope('L', self.at(a, letter))} {self.own_slope(layer)}"
            lines.append(f"  = {value}    # {self.delta(other, letter)} leaves one term")
        together = TOGETHER.get(self.loss.op) if layer is self.last else None
        if together:
            text = self.filled(together, layer, letter).replace("1 (", "(", 1)
            value = f"{self.front}({text})"
            lines.append(f"  = {value}")
        return [f"claim {left} = {value}", *lines] if value else lines

    def own_slope(self, layer: Layer) -> str:
        if ":" in layer.a.op:
            return self.slope(self.at(layer.a.name, layer.letter), self.at(layer.z.name, layer.letter))
        return f"({_numbers(self.filled(ACTIVATIONS[layer.a.op][1], layer, layer.letter), layer.a)})"

    def of_parameter(self, layer: Layer, name: str, letters: tuple[str, ...], incoming: str) -> list[str]:
        """A weight or a bias reaches one unit only; in a batch, once for each example."""
        place = f"{name}[{','.join(letters)}]"
        left = self.slope("L", place)
        z, own = self.at(layer.z.name, layer.other), self.at(layer.z.name, layer.letter)
        after = f" {incoming}" if incoming else ""
        chain = f"sum({layer.other}, {self.slope('L', z)} {self.slope(z, place)})"
        inner = f"sum({layer.other}, {self.slope('L', z)} {self.delta(layer.other, layer.letter)}{after})"
        value = f"{self.slope('L', own)}{after}"
        if self.batch:
            chain, inner, value = (f"sum(n, {text})" for text in (chain, inner, value))
        return [f"claim {left} = {value}", f"  {left}", f"  = {chain}    # chain rule", f"  = {inner}", f"  = {value}"]


def _numbers(text: str, row: Row) -> str:
    """Parameters that stand in the file as numbers: the slope of leaky ReLU."""
    for letter, value in _parameters(row).items():
        text = re.sub(rf"\b{letter}\b", value, text)
    return text


def _parameters(row: Row) -> dict[str, str]:
    own = {"leaky_relu": "slope", "elu": "alpha", "huber": "delta_0"}
    return {own[row.op]: row.parents[-1]} if row.op in own else {}


def _scale(row: Row) -> str:
    return row.parents[-1] if row.op == "softmax" else "1"


def _front(row: Row) -> str:
    return "" if _scale(row) == "1" else f"{_scale(row)} "
