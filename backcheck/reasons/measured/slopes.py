"""Slopes that shrink or grow from layer to layer: the first layer against the last, and the sums on the way forward."""

from __future__ import annotations

import math

import numpy as np

from backcheck.reasons.finding import Finding
from backcheck.reasons.measured import changes
from backcheck.reasons.measured.facts import Facts
from backcheck.worksheet import Array

VANISHED, EXPLODED = 1e-3, 70.0  # the thresholds of AUTOTRAINER for the slopes of the first layer against those of the last
SWOLLEN = 10.0  # times the inputs: He's and Glorot's starts keep the sums at the size of the inputs, to a factor of 3 or so
FAR_OFF = 100.0  # times the loss of constant outputs: a start so far off has to be unlearnt before anything is learnt
SOURCE = "products of f′ and W: Hochreiter 1991, Bengio, Simard and Frasconi 1994; 0.001 and 70: AUTOTRAINER (Zhang et al. 2021)"


def vanishing(facts: Facts) -> Finding | None:
    """Slopes of the first layer a thousandth of those of the last."""
    sizes = relative(facts)
    if facts.learnt or len(sizes) < 3 or not (sizes[0] > 0 and sizes[-1] > 0):
        return None
    back = shrinking(facts)
    if back >= VANISHED:
        return None
    scheme = changes.start(changes.scheme_for(facts.sheet))
    helps = facts.confirmed(
        scheme,
        changes.hidden("tanh"),
        changes.hidden("relu"),
        changes.both(changes.hidden("tanh"), changes.start("xavier")),
        changes.both(changes.hidden("relu"), changes.start("he")),
    )
    if helps is None:
        return None
    layers = facts.layers
    says = (
        f"∂L/∂z of layer 1 is {back:.2g} times that of layer {len(sizes)} (limit {VANISHED:g}): "
        f"on average every layer on the way back leaves {back ** (1 / (len(sizes) - 1)):.2g} of it"
    )
    each = f"root mean squares over the data; mean |∂L/∂W| over mean |W| from layer 1 on: {_listed(sizes)}"
    because = (each, *_moved(facts), *([helps] if helps else []))
    return Finding("vanishing", "measured", tuple(f"dL/d{layer.W}" for layer in layers[:-1]), says, because, (), SOURCE)


def exploding(facts: Facts) -> Finding | None:
    """Sums that are of another order of magnitude than the inputs, or slopes that grow seventyfold, because of how it starts."""
    if len(facts.layers) < 3:
        return None
    (forward, l), back = swelling(facts), shrinking(facts)
    if max(forward, back / EXPLODED * SWOLLEN) <= SWOLLEN:
        return None
    helps = None if facts.learnt else facts.confirmed(changes.start("xavier"), changes.start("he"))
    if helps is None and (max(forward, back) <= EXPLODED or facts.first <= FAR_OFF * facts.idle):
        return None
    count = len(facts.layers)
    way = f"the sums z are {forward:.3g} times as large as the inputs in layer {l}"
    if back > forward:
        way = f"the slopes ∂L/∂z grow {back:.3g}-fold from layer {count} to layer 1"
    limit = SWOLLEN if forward >= back else EXPLODED
    says = f"{way} (limit {limit:g}): with the usual start they would keep their size"
    because = (
        f"the loss begins at {facts.first:.3g}, constant outputs have {facts.idle:.3g}",
        f"root mean squares over the data: z forward {forward:.3g}, ∂L/∂z backward {back:.3g}",
        f"the first update changes the weights by {float(facts.sheet.given['eta']) * max(relative(facts)):.2g} of their size",
        *([helps] if helps else []),
    )
    return Finding("exploding", "measured", tuple(f"dL/d{layer.W}" for layer in facts.layers), says, because, (), SOURCE)


def relative(facts: Facts) -> list[float]:
    """mean |∂L/∂W| over mean |W| of each layer at the start."""
    found = []
    for layer in facts.layers:
        weights = float(abs(facts.start.sheet.given[layer.W]).mean())
        found.append(float(abs(facts.start.array(f"dL/d{layer.W}")).mean()) / weights if weights > 0 else 0.0)
    return found


def swelling(facts: Facts) -> tuple[float, int]:
    """The largest z of a layer against the inputs, or against 1 where these are smaller, and the layer."""
    done, size = facts.start, max(1.0, _size(facts.looked_at.given["x"]))
    return max((_size(done.array(layer.z.name)) / size, l) for l, layer in enumerate(facts.layers, 1))


def shrinking(facts: Facts) -> float:
    """∂L/∂z of the first layer against that of the last: below 1 it shrinks on its way back, above 1 it grows."""
    first, last = (_size(facts.start.array(f"dL/d{facts.layers[l].z.name}")) for l in (0, -1))
    return first / last if last > 0 else 0.0


def _size(array: Array) -> float:
    return math.sqrt(float((np.asarray(array) ** 2).mean()))


def _listed(sizes: list[float]) -> str:
    return ", ".join(f"{size:.2g}" for size in sizes)


def _moved(facts: Facts) -> tuple[str, ...]:
    """How far the weights of the first and the last layer went in the run."""
    parts = []
    for layer in (facts.layers[0], facts.layers[-1]):
        old, new = facts.start.sheet.given[layer.W], facts.run.values[layer.W]
        parts.append(f"{layer.W} by {float(abs(new - old).mean() / (abs(old).mean() or 1)):.2g}")
    return (f"in {facts.epochs} epochs the run changed {' and '.join(parts)} of its size",)
