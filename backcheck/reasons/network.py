"""A worksheet and a plan → the layers as arrays, with what may move and by which rule; it draws no conclusions."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from backcheck.catalogue import unit
from backcheck.formula import functions_of
from backcheck.functions import OVER_OUTPUTS
from backcheck.slopes import own_formula
from backcheck.training.plan import Plan
from backcheck.worksheet import Array, Phase, Row, Worksheet

Flags = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]


class Kind(NamedTuple):
    """An activation with its settings, and the units that have it."""

    op: str
    settings: tuple[float, ...]
    units: tuple[int, ...]


class Layer(NamedTuple):
    """One layer; a layer without biases has zeros there that never move."""

    number: int
    W: Array
    b: Array
    trains_weights: Flags
    trains_biases: Flags
    has_biases: bool
    kinds: tuple[Kind, ...]
    whole: bool  # the activation joins the units: softmax, or a formula with a sum
    dropout: float

    @property
    def rows(self) -> tuple[str, ...]:
        """W1 and, where the layer has one, b1."""
        return (f"W{self.number}", f"b{self.number}")[: 1 + self.has_biases]


class Network(NamedTuple):
    """All that the proofs read."""

    sheet: Worksheet
    plan: Plan
    x: Array
    t: Array
    layers: list[Layer]
    named_rows: frozenset[str]  # with numbers that have names of their own

    def places(self, row: str) -> Array:
        """The number of the group of each tied parameter, 0 where a parameter stands in one place only."""
        return np.asarray(self.sheet.given.get(f"places {row}", np.zeros(self.sheet.given[row].shape)))


def network(sheet: Worksheet, plan: Plan) -> Network:
    """The network that a run begins with.

    >>> from backcheck.api import load
    >>> found = network(load("problems/xor-uniform.yaml"), Plan())
    >>> [layer.rows for layer in found.layers], found.layers[0].kinds
    ([('W1', 'b1'), ('W2', 'b2')], (Kind(op='sigmoid', settings=(), units=(0, 1)),))
    """
    activations = [row for row in sheet.in_phase(Phase.FORWARD) if row.name[0] == "a"]
    layers = [_layer(sheet, plan, l, row, l == len(activations)) for l, row in enumerate(activations, 1)]
    return Network(
        sheet, plan, _plain(sheet.given["x"]), _plain(sheet.given["t"]), layers, frozenset(row for row, _ in sheet.names.own)
    )


def _layer(sheet: Worksheet, plan: Plan, l: int, row: Row, is_last: bool) -> Layer:
    has_biases = len(sheet[row.parents[0]].parents) == 3
    W = _plain(sheet.given[f"W{l}"])
    b = _plain(sheet.given[f"b{l}"]) if has_biases else np.zeros(len(W))
    trains_biases = _mask(sheet, f"b{l}", b) if has_biases else np.zeros(len(W), bool)
    dropout = plan.dropout[l - 1] if not is_last and l <= len(plan.dropout) else 0.0
    return Layer(l, W, b, _mask(sheet, f"W{l}", W), trains_biases, has_biases, _kinds(sheet, row, len(W)), joins(row.op), dropout)


def _plain(array: Array) -> Array:
    """−0.0 is 0.0."""
    return np.asarray(array, float) + 0.0


def _mask(sheet: Worksheet, row: str, array: Array) -> Flags:
    return np.asarray(sheet.given.get(f"trainable {row}", np.ones(array.shape)), bool)


def _kinds(sheet: Worksheet, row: Row, units: int) -> tuple[Kind, ...]:
    found: dict[tuple[str, tuple[float, ...]], list[int]] = {}
    for j in range(units):
        op, parents = unit(row.op, row.parents, j) if "|" in row.op else (row.op, row.parents)
        found.setdefault((op, tuple(float(sheet.given[p]) for p in parents[1:])), []).append(j)
    return tuple(Kind(op, settings, tuple(at)) for (op, settings), at in found.items())


@lru_cache(maxsize=512)
def joins(op: str) -> bool:
    """Whether an activation reads the other units of its layer.

    >>> joins("softmax"), joins("z: z - mean(z)"), joins("z: z**3")
    (True, True, False)
    """
    if "|" in op:
        return False
    return op == "softmax" or (":" in op and bool(functions_of(own_formula(op)) & OVER_OUTPUTS))
