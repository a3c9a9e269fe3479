"""Slopes that shrink or grow from layer to layer: the first layer against the last, and the sums on the way forward."""

from __future__ import annotations

import math

import numpy as np

from backcheck.reasons.finding import Finding
from backcheck.reasons.measured import changes
from backcheck.reasons.measured.observed import USEFUL, Observed
from backcheck.worksheet import Array

VANISHED, EXPLODED = 1e-3, 70.0  # the thresholds of AUTOTRAINER for the slopes of the first layer against those of the last
SWOLLEN = 10.0  # times the inputs: He's and Glorot's starts keep the sums at the size of the inputs, to a factor of 3 or so
FAR_OFF = 100.0  # times the loss of constant outputs: a start so far off has to be unlearnt before anything is learnt
SOURCE = "products of f′ and W: Hochreiter 1991, Bengio, Simard and Frasconi 1994; 0.001 and 70: AUTOTRAINER (Zhang et al. 2021)"


def vanishing(seen: Observed) -> Finding | None:
    """Slopes of the first layer a thousandth of those of the last."""
    sizes = relative(seen)
    if seen.learnt or len(sizes) < 3 or not (sizes[0] > 0 and sizes[-1] > 0):
        return None
    back = shrinking(seen)
    if back >= VANISHED:
        return None
    scheme = changes.start(changes.scheme_for(seen.sheet))
    helps = seen.confirmed(
        scheme,
        changes.hidden("tanh"),
        changes.hidden("relu"),
        changes.both(changes.hidden("tanh"), changes.start("xavier")),
        changes.both(changes.hidden("relu"), changes.start("he")),
    )
    if helps is None and (seen.last < USEFUL * seen.idle or back >= VANISHED**2):  # nothing learnt, by slopes that are nothing
        return None
    layers = seen.layers
    says = (
        f"∂L/∂z of layer 1 is {back:.2g} times that of layer {len(sizes)} (limit {VANISHED:g}): "
        f"on average every layer on the way back leaves {back ** (1 / (len(sizes) - 1)):.2g} of it"
    )
    each = f"root mean squares over the data; mean |∂L/∂W| over mean |W| from layer 1 on: {_listed(sizes)}"
    because = (each, *_moved(seen), *([helps] if helps else []))
    return Finding("vanishing", "measured", tuple(f"dL/d{layer.W}" for layer in layers[:-1]), says, because, (), SOURCE)


def exploding(seen: Observed) -> Finding | None:
    """Sums that are of another order of magnitude than the inputs, or slopes that grow seventyfold, because of how it starts."""
    (forward, l), back = swelling(seen), shrinking(seen)
    shallow = len(seen.layers) < 3
    if len(seen.layers) < 2 or (shallow and (seen.learnt or forward <= EXPLODED or seen.first <= FAR_OFF * seen.idle)):
        return None
    if max(forward, back / EXPLODED * SWOLLEN) <= SWOLLEN:
        return None
    helps = None if seen.learnt else seen.confirmed(changes.start("xavier"), changes.start("he"))
    if helps is None and (max(forward, back) <= EXPLODED or seen.first <= FAR_OFF * seen.idle):
        return None
    count = len(seen.layers)
    way = f"the sums z are {forward:.3g} times as large as the inputs in layer {l}"
    if back > forward:
        way = f"the slopes ∂L/∂z grow {back:.3g}-fold from layer {count} to layer 1"
    limit = SWOLLEN if forward >= back else EXPLODED
    says = f"{way} (limit {limit:g}): with the usual start they would keep their size"
    because = (
        f"the loss begins at {seen.first:.3g}, constant outputs have {seen.idle:.3g}",
        f"root mean squares over the data: z forward {forward:.3g}, ∂L/∂z backward {back:.3g}",
        f"the first update changes the weights by {float(seen.sheet.given['eta']) * max(relative(seen)):.2g} of their size",
        *([helps] if helps else []),
    )
    return Finding("exploding", "measured", tuple(f"dL/d{layer.W}" for layer in seen.layers), says, because, (), SOURCE)


def relative(seen: Observed) -> list[float]:
    """mean |∂L/∂W| over mean |W| of each layer at the start."""
    found = []
    for layer in seen.layers:
        weights = float(abs(seen.start.sheet.given[layer.W]).mean())
        found.append(float(abs(seen.start.array(f"dL/d{layer.W}")).mean()) / weights if weights > 0 else 0.0)
    return found


def swelling(seen: Observed) -> tuple[float, int]:
    """The largest z of a layer against the inputs, or against 1 where these are smaller, and the layer."""
    done, size = seen.start, max(1.0, _size(seen.looked_at.given["x"]))
    return max((_size(done.array(layer.z.name)) / size, l) for l, layer in enumerate(seen.layers, 1))


def shrinking(seen: Observed) -> float:
    """∂L/∂z of the first layer against that of the last: below 1 it shrinks on its way back, above 1 it grows."""
    first, last = (_size(seen.start.array(f"dL/d{seen.layers[l].z.name}")) for l in (0, -1))
    return first / last if last > 0 else 0.0


def _size(array: Array) -> float:
    return math.sqrt(float((np.asarray(array) ** 2).mean()))


def _listed(sizes: list[float]) -> str:
    return ", ".join(f"{size:.2g}" for size in sizes)


def _moved(seen: Observed) -> tuple[str, ...]:
    """How far the weights of the first and the last layer went in the run."""
    parts = []
    for layer in (seen.layers[0], seen.layers[-1]):
        old, new = seen.start.sheet.given[layer.W], seen.run.values[layer.W]
        parts.append(f"{layer.W} by {float(abs(new - old).mean() / (abs(old).mean() or 1)):.2g}")
    return (f"in {seen.epochs} epochs the run changed {' and '.join(parts)} of its size",)
