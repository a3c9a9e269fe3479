"""Units that begin on the flat parts of their activation: how many, and the bound on what comes back to the first layer."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from backcheck.reasons.finding import Finding
from backcheck.reasons.measured import changes
from backcheck.reasons.measured.observed import Observed, over
from backcheck.reasons.measured.ranges import ranges, slopes_of_layer
from backcheck.reasons.measured.rows import loss_row
from backcheck.roads.work import WorkedSheet, work

FLAT = 0.05  # of the largest slope: a sigmoid from |z| = 4.4 on, a tanh from |z| = 2.2 on
MOST, NEARLY_ALL = 0.5, 0.8  # parts of a layer's outputs over all examples
SOURCE = (
    "the chain rule: δ is f′(z) times what comes back; LeCun et al. 1998, section 4.6: weights should begin where f is not flat"
)


def look(seen: Observed) -> Finding | None:
    """A layer most of which is flat at the start, because of its weights and not of its inputs."""
    shares = flat_shares(seen, seen.start)
    if not shares or max(shares.values()) <= MOST:
        return None
    l = max(shares, key=lambda layer: shares[layer])
    helps = None if seen.learnt else seen.confirmed(changes.start("xavier"))
    if helps is None and not (shares[l] > NEARLY_ALL and l < len(seen.layers) - 1 and _is_by_weights(seen, l)):
        return None
    a = seen.layers[l].a
    kind = a.op.replace("|", ", ")
    says = (
        f"{shares[l]:.0%} of the outputs of layer {l + 1} ({kind}) begin where the slope is less than {FLAT:.0%} of its maximum "
        f"(limit {MOST:.0%}), so hardly anything comes back through it"
    )
    because = (
        *_bound(seen),
        f"mean |w| of {seen.layers[l].W} is {_size(seen, l):.3g}; xavier would give {_usual(seen, l):.3g}",
    )
    units = seen.start.array(a.name).shape[1]
    cells = tuple(f"{a.name}[{j + 1}]" for j in range(min(units, 20)))
    return Finding("saturated", "measured", cells, says, (*because, *([helps] if helps else [])), (), SOURCE)


def flat_shares(seen: Observed, done: WorkedSheet) -> dict[int, float]:
    """Of each layer with limits on both sides the part that is flat.

    Not of outputs whose loss divides f′ out, or for which there is such a loss and the weights are not to blame.
    """
    found = {}
    fused = "+" in loss_row(seen.sheet).op.partition(":")[0]
    for l, (z, a) in enumerate(seen.layers):
        numbers = np.asarray(done.array(z.name))
        limits = ranges(a, numbers.shape[1])
        bounded = np.array([np.isfinite(r).all() for r in limits])
        is_last = l + 1 == len(seen.layers)
        by_loss = is_last and (fused or (a.op == "sigmoid" and not oversized(seen, l)))
        if a.op in ("softmax", "step") or not bounded.any() or by_loss:
            continue
        slope, most = slopes_of_layer(a, numbers)
        found[l] = float((abs(slope) < FLAT * most)[:, bounded & (most > 0)].mean()) if (bounded & (most > 0)).any() else 0.0
    return found


def _is_by_weights(seen: Observed, l: int) -> bool:
    """Whether the layer is flat with standardised inputs as well."""
    sheet, _ = changes.standardised().of(seen.sheet, seen.plan)
    return flat_shares(seen, work(over(sheet, sheet.given["x"], sheet.given["t"]))).get(l, 0.0) > MOST


def _bound(seen: Observed) -> tuple[str, ...]:
    """|δ1| ≤ Π max f′ · Π‖W‖ · |δL| over the data, beside what it really is."""
    done, layers = seen.start, seen.layers
    if f"dL/d{layers[-1].z.name}" not in done.sheet or len(layers) < 2:
        return ()
    last = float(np.linalg.norm(done.array(f"dL/d{layers[-1].z.name}"), axis=1).max())
    first = float(np.linalg.norm(done.array(f"dL/d{layers[0].z.name}"), axis=1).max())
    bound = last
    for layer, above in pairwise(layers):
        if layer.a.op == "softmax":
            return ()
        slope, _ = slopes_of_layer(layer.a, np.asarray(done.array(layer.z.name)))
        bound *= float(abs(slope).max()) * float(np.linalg.norm(done.sheet.given[above.W], 2))
    n = len(layers)
    return (f"|δ1| ≤ Π max f′ · Π‖W‖ · |δ{n}| = {bound:.3g} for every example; it is {first:.3g} at most, and |δ{n}| {last:.3g}",)


def oversized(seen: Observed, l: int) -> bool:
    """Whether the weights of a layer are of another order of magnitude than those that xavier draws."""
    return _size(seen, l) > 10 * _usual(seen, l)


def _size(seen: Observed, l: int) -> float:
    return float(abs(seen.start.sheet.given[seen.layers[l].W]).mean())


def _usual(seen: Observed, l: int) -> float:
    """Mean |w| of a uniform draw between ±√(6/(incoming + outgoing))."""
    return float(np.sqrt(6 / sum(seen.sheet.given[seen.layers[l].W].shape)) / 2)
