"""Units that stay identical for ever: the coarsest grouping that the updates respect; it writes no sentences.

Two relations are refined together until nothing changes. Same activation: the same function and bias, the same weights from
units of the same activation, and, where a parameter into the unit can move, the same ∂L/∂z. Same ∂L/∂z: the same activation, and
the same weights to units of the same ∂L/∂z. Then parameters that correspond have equal slopes, and stay equal.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from backcheck.reasons.bounds import Assumed
from backcheck.reasons.network import Flags, Layer, Network
from backcheck.worksheet import Array

Classes = np.ndarray[tuple[Any, ...], np.dtype[np.intp]]


class Twins(NamedTuple):
    """For each layer the class of every unit, the inputs first: equal numbers are equal for ever, in every example."""

    activation: list[Classes]
    delta: list[Classes]  # of the layers; ∂L/∂z


class _Labels(NamedTuple):
    """Parameters that start equal and move by the same rule have equal labels; of tied ones, only one and the same parameter."""

    W: Classes
    b: Classes


def twins(net: Network, stays: list[Assumed]) -> Twins:
    """The coarsest classes that stay for ever.

    >>> from backcheck.api import load
    >>> from backcheck.reasons.network import network
    >>> from backcheck.reasons.rules import rules
    >>> from backcheck.reasons.still import still
    >>> from backcheck.training.plan import Plan
    >>> net = network(load("problems/xor-uniform.yaml"), Plan())
    >>> [classes.tolist() for classes in twins(net, still(net, rules(Plan(), 0.5)).stays).activation]
    [[0, 1], [0, 0], [0]]
    """
    labels = [_labels(net, layer, kept) for layer, kept in zip(net.layers, stays, strict=True)]
    moves = [
        (layer.trains_weights & ~kept.W).any(1) | (layer.trains_biases & ~kept.b)
        for layer, kept in zip(net.layers, stays, strict=True)
    ]
    found = Twins(_first_activations(net), _first_deltas(net))
    while True:
        finer = _refined(labels, moves, found)
        if _count(finer) == _count(found):
            return found
        found = finer


def _count(found: Twins) -> int:
    return sum(int(classes.max()) + 1 for part in found for classes in part)


def _first_activations(net: Network) -> list[Classes]:
    """Inputs that are equal in every example; units with the same function. Dropout treats every unit on its own."""
    found = [_by_column(net.x)]
    for layer in net.layers:
        classes = np.empty(len(layer.W), np.intp)
        for number, kind in enumerate(layer.kinds):
            classes[list(kind.units)] = number
        found.append(np.arange(len(layer.W)) if layer.dropout else classes)
    return found


def _first_deltas(net: Network) -> list[Classes]:
    """Outputs with the same targets in every example: every loss treats its outputs alike."""
    return [*(np.zeros(len(layer.W), np.intp) for layer in net.layers[:-1]), _by_column(net.t)]


def _labels(net: Network, layer: Layer, stays: Assumed) -> _Labels:
    moving = layer.trains_weights & ~stays.W, layer.trains_biases & ~stays.b
    arrays = layer.W, layer.b
    places = [net.places(row) for row in layer.rows] + [np.zeros(len(layer.b))] * (not layer.has_biases)
    found = []
    for array, moves, group in zip(arrays, moving, places, strict=True):
        values = np.unique(array, return_inverse=True)[1].reshape(array.shape)
        tied = np.where(moves, group, 0).astype(np.intp)
        found.append(_together(_together(values, moves.astype(np.intp)), tied))
    return _Labels(*found)


def _refined(labels: list[_Labels], moves: list[Flags], old: Twins) -> Twins:
    activation, delta = list(old.activation), list(old.delta)
    for l, (label, moving) in enumerate(zip(labels, moves, strict=True)):
        sources = _together(np.broadcast_to(activation[l], label.W.shape), label.W)
        where_moving = np.where(moving, delta[l] + 1, 0)
        activation[l + 1] = _by_row(np.column_stack([activation[l + 1], label.b, where_moving, np.sort(sources, 1)]))
    delta[-1] = _by_row(np.column_stack([activation[-1], delta[-1]]))
    for l in reversed(range(len(delta) - 1)):
        targets = _together(np.broadcast_to(delta[l + 1][:, None], labels[l + 1].W.shape), labels[l + 1].W).T
        delta[l] = _by_row(np.column_stack([activation[l + 1], delta[l], np.sort(targets, 1)]))
    return Twins(activation, delta)


def _together(classes: Classes, labels: Classes) -> Classes:
    """One number for each pair."""
    return np.asarray(classes * (int(labels.max()) + 1) + labels)


FEW = 64  # examples that tell most columns apart


def _by_column(numbers: Array) -> Classes:
    """The same for columns.

    >>> _by_column(np.array([[2, 0, 2], [1, 1, 1]])).tolist()
    [0, 1, 0]
    """
    classes = _by_row(numbers[:FEW].T)
    alike = np.flatnonzero(np.bincount(classes)[classes] > 1)
    if len(numbers) > FEW and len(alike):
        parts = np.arange(len(classes)) + len(classes)
        parts[alike] = _by_row(numbers[:, alike].T)
        classes = _by_row(parts[:, None])
    return classes


def _by_row(rows: Array | Classes) -> Classes:
    """The same number for rows that are equal, counted in the order in which they first appear.

    >>> _by_row(np.array([[2, 1], [0, 1], [2, 1]])).tolist()
    [0, 1, 0]
    """
    seen: dict[bytes, int] = {}
    whole = np.ascontiguousarray(rows)
    return np.array([seen.setdefault(row.tobytes(), len(seen)) for row in whole], np.intp)
