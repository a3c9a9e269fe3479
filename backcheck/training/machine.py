"""A network as arrays that are made once and statements that work them in place, forward and backward; it takes no step.

All parameters lie one after the other in one array, and so do their slopes: an update is a few statements over the whole.
Weights are matrices with a column for each unit here. In float32 they also lie so, which makes x·W faster; in float64 they lie
with the numbers of each unit together, as in the worksheet, which makes their slopes xᵀ·∂L/∂z faster.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from backcheck.arithmetic import number
from backcheck.roads.backprop import parameters, slope_of
from backcheck.roads.by_hand import rule
from backcheck.training.in_place import ACTIVATIONS, DIFFERENCES, FUSED, OUTPUTS, Statement
from backcheck.worksheet import Array, Phase, Row, Worksheet


class Layer(NamedTuple):
    """The rows of one layer."""

    z: Row
    a: Row

    @property
    def names(self) -> tuple[str, ...]:
        """W and, where it has one, b."""
        return self.z.parents[1:]


class Machine:
    """The parameters of a network, their slopes, and what never changes about them."""

    def __init__(self, sheet: Worksheet, precision: str = "float64") -> None:
        self.sheet, self.dtype = sheet, np.dtype(precision)
        self.layers = [Layer(sheet[row.parents[0]], row) for row in sheet.in_phase(Phase.FORWARD) if row.name[0] == "a"]
        self.loss = next(row for row in sheet.rows if row.phase is Phase.LOSS)
        self.is_mean = sheet["L"].op != "total"
        self.names = parameters(sheet)
        sizes = [sheet.given[name].size for name in self.names]
        self.starts = dict(zip(self.names, np.cumsum([0, *sizes]).tolist(), strict=False))
        self.values, self.slopes = np.zeros(sum(sizes), self.dtype), np.zeros(sum(sizes), self.dtype)
        self.value = {name: self.view(self.values, name) for name in self.names}
        self.slope = {name: self.view(self.slopes, name) for name in self.names}
        self.set({name: sheet.given[name] for name in self.names})
        self.trainable = self.flat({name: _mask(sheet, name) for name in self.names}).astype(self.dtype)
        self.groups = self.flat({name: sheet.given.get(f"places {name}", 0) for name in self.names}).astype(int)
        numerals = {row.name: sheet.given[row.name] for row in sheet.in_phase(Phase.GIVEN) if row.op == "numeral"}
        self.numerals = {text: np.asarray(value, self.dtype) for text, value in numerals.items()}

    def view(self, flat: Any, name: str) -> Any:
        """The part of a parameter: a matrix with a column for each unit, or a bias for each."""
        shape, start = self.sheet.given[name].shape, self.starts[name]
        part = flat[start : start + math.prod(shape)]
        return part.reshape(shape).T if self.dtype == np.float64 else part.reshape(shape[::-1])

    def part(self, names: tuple[str, ...]) -> slice:
        """Where parameters lie that lie together."""
        start = min(self.starts[name] for name in names)
        return slice(start, start + sum(self.sheet.given[name].size for name in names))

    def flat(self, arrays: dict[str, Any]) -> Any:
        """Arrays in the shapes of the worksheet, one after the other."""
        whole = np.zeros(len(self.values))
        for name, array in arrays.items():
            self.view(whole, name)[...] = np.asarray(array).T
        return whole

    def set(self, arrays: dict[str, Any]) -> None:
        """Parameters from arrays in the shapes of the worksheet."""
        for name, array in arrays.items():
            self.value[name][...] = array.T

    def arrays(self, flat: Any = None) -> dict[str, Array]:
        """The parameters, or others that lie like them, in the shapes of the worksheet."""
        whole = self.values if flat is None else flat
        return {name: np.array(self.view(whole, name).T, np.float64, order="C") for name in self.names}


def _mask(sheet: Worksheet, name: str) -> Any:
    return sheet.given.get(f"trainable {name}", 1.0)


class Workspace:
    """The arrays for so many examples at once, and the statements that fill them from x and t, which may be exchanged."""

    def __init__(self, machine: Machine, x: Any, t: Any, dropout: tuple[float, ...] = (), draw: Any = None) -> None:
        self.machine, self.x, self.t, self.examples = machine, x, t, len(x)
        outputs = [machine.value[layer.names[0]].shape[1] for layer in machine.layers]
        self.z = [self._empty(units) for units in outputs]
        self.a = [z if self._fast(l) else self._empty(z.shape[1]) for l, z in enumerate(self.z)]
        self.d = [self._empty(units) for units in outputs]
        self.kept = [self._empty(units) for units in outputs[:-1]] if dropout else []
        self.out = [self._empty(units) for units in outputs[:-1]] if dropout else self.a[:-1]  # what the next layer reads
        self.scale = np.array(1 / len(x) if machine.is_mean else 1, machine.dtype)  # every slope is worked times this
        self.forward = [s for l in range(len(outputs)) for s in self._forward(l, dropout, draw)]
        self.backward = [self._backward(l) for l in reversed(range(len(outputs)))]  # one list for each layer, the last first

    def _empty(self, units: int) -> Any:
        return np.zeros((self.examples, units), self.machine.dtype)

    def _fast(self, l: int) -> bool:
        """Whether a may take the place of z: the loss may still need the z of the outputs."""
        return l + 1 < len(self.machine.layers) and _kind(self.machine.layers[l].a) in ACTIVATIONS

    def _forward(self, l: int, dropout: tuple[float, ...], draw: Any) -> list[Statement]:
        W, *b = (self.machine.value[name] for name in self.machine.layers[l].names)
        z = self.z[l]
        found: list[Statement] = [partial(np.dot, self.out[l - 1], W, z) if l else lambda: np.dot(self.x, W, z)]
        found += [partial(np.add, self.z[l], bias, self.z[l]) for bias in b]
        found += self._activation(l)
        return found + (self._dropped(l, 1 - dropout[l], draw) if l < len(self.kept) else [])

    def _activation(self, l: int) -> list[Statement]:
        row, z, a = self.machine.layers[l].a, self.z[l], self.a[l]
        kind = _kind(row)
        if kind in ACTIVATIONS:
            return ACTIVATIONS[kind][0](z, a)
        if kind in OUTPUTS:
            return OUTPUTS[kind](z, a)
        return [_assign(a, rule(row), z, *self._numerals(row.parents[1:]))]

    def _dropped(self, l: int, keep: float, draw: Any) -> list[Statement]:
        """Each output is kept with this probability, and then divided by it: the mean stays as it is."""
        kept, below = self.kept[l], np.empty(self.kept[l].shape, bool)
        return [
            partial(draw.random, out=kept, dtype=kept.dtype),
            partial(np.less, kept, keep, below),
            partial(np.multiply, below, kept.dtype.type(1 / keep), kept),
            partial(np.multiply, self.a[l], kept, self.out[l]),
        ]

    def _backward(self, l: int) -> list[Statement]:
        """∂L/∂z of a layer, and the slopes of its parameters; all of them times `scale`."""
        m, d = self.machine, self.d[l]
        W, *b = m.layers[l].names
        if l + 1 == len(m.layers):
            found = self._from_loss()
        else:
            found = [partial(np.dot, self.d[l + 1], m.value[m.layers[l + 1].names[0]].T, d)]
            found += [partial(np.multiply, d, self.kept[l], d)] if self.kept else []
            found += self._through(l)
        found.append(self._product(l, d, m.slope[W]))
        return found + [partial(np.add.reduce, d, 0, None, m.slope[name]) for name in b]

    def _product(self, l: int, d: Any, G: Any) -> Statement:
        """∂L/∂W, in the way in which it lies."""
        if G.flags.c_contiguous:
            return partial(np.dot, self.out[l - 1].T, d, G) if l else lambda: np.dot(self.x.T, d, G)
        return partial(np.dot, d.T, self.out[l - 1], G.T) if l else lambda: np.dot(d.T, self.x, G.T)

    def _through(self, l: int) -> list[Statement]:
        """∂L/∂a in d becomes ∂L/∂z."""
        row, d = self.machine.layers[l].a, self.d[l]
        if (kind := _kind(row)) in ACTIVATIONS:
            return ACTIVATIONS[kind][1](d, self.a[l])
        slope = rule(Row(f"dL/d{row.parents[0]}", slope_of(row.op, ".dz"), ("g", row.parents[0], row.name, *row.parents[1:])))
        return [_assign(d, slope, d, self.z[l], self.a[l], *self._numerals(row.parents[1:]))]

    def _from_loss(self) -> list[Statement]:
        loss, d, y = self.machine.loss, self.d[-1], self.a[-1]
        op, last = loss.op, len(self.d) - 1
        fused = "+" in op and ":" not in op
        if (op in FUSED and _is_plain(loss)) or op in DIFFERENCES:
            factor = 1.0 if fused else DIFFERENCES[op](d.shape[1])
            found: list[Statement] = [lambda: np.subtract(y, self.t, d), partial(np.multiply, d, self.scale, d)]
            if factor != 1:
                found.append(partial(np.multiply, d, d.dtype.type(factor), d))
            return found if fused else found + self._through(last)
        one = np.asarray(1, d.dtype)
        read = (self.z[-1], y) if fused else (y,)
        names = ("t", "z", "y", "1") if fused else ("t", "y", "1")
        settings = loss.parents[1 + len(read) :]
        slope = rule(Row("", slope_of(op, ".dz" if fused else ".dy"), (*names, *settings)))
        more = (*read, one, *self._numerals(settings))
        found = [lambda: np.copyto(d, slope(self.t, *more), "same_kind"), partial(np.multiply, d, self.scale, d)]
        return found if fused else found + self._through(last)

    def losses(self) -> Array:
        """L of each example, after the forward statements."""
        loss = self.machine.loss
        read = (self.t, self.z[-1], self.a[-1]) if "+" in loss.op and ":" not in loss.op else (self.t, self.a[-1])
        return np.asarray(rule(loss)(*read, *self._numerals(loss.parents[len(read) :]))).reshape(-1)

    def _numerals(self, texts: tuple[str, ...]) -> list[Any]:
        return [self.machine.numerals[text] for text in texts]


def _assign(out: Any, worked: Any, *parents: Any) -> Statement:
    return lambda: np.copyto(out, worked(*parents), "same_kind")


def _kind(row: Row) -> tuple[str, ...]:
    """An operation with the settings that make a difference: ("relu", "0")."""
    settings = tuple(f"{value:g}" for text in row.parents[1:] if (value := number(text)) is not None)
    return (row.op, *settings)


def _is_plain(loss: Row) -> bool:
    """softmax with scale 1, or none to set."""
    return all(number(text) == 1 for text in loss.parents[3:])


def work(statements: list[Statement]) -> None:
    for statement in statements:
        statement()
