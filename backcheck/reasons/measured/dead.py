"""ReLU units that are silent on all the data now, and that what still moves could wake; those dead for ever it leaves to others."""

from __future__ import annotations

import numpy as np

from backcheck.reasons.finding import Finding
from backcheck.reasons.measured import changes
from backcheck.reasons.measured.observed import Observed
from backcheck.reasons.measured.ranges import op_of, slopes_of_layer
from backcheck.roads.work import WorkedSheet

MOST = 0.7  # of a layer: AUTOTRAINER's threshold for units without a slope; it is told whatever the loss
HALF, LESS = 0.5, 0.75  # of a layer: told where waking them brings the loss down by a quarter
SOURCE = "f′(z) = 0 for z ≤ 0 (Lu, Shin, Su and Karniadakis 2019); the share of 0.7 is that of AUTOTRAINER (Zhang et al. 2021)"
CUT_OFF = ("relu", "leaky_relu")  # the second with a slope of 0


def look(seen: Observed) -> Finding | None:
    """Most units of a layer silent at the start, with something before them, or a decay, that can wake them."""
    silent = {l: found for l in range(len(seen.layers) - 1) if (found := _awake_later(seen, l))}
    if not silent:
        return None
    l = max(silent, key=lambda layer: len(silent[layer]) / _units(seen, layer))
    share = len(silent[l]) / _units(seen, l)
    if share < HALF:
        return None
    remedies = (changes.hidden("leaky_relu", CUT_OFF), changes.raised(), changes.start("he"))
    helps = None if seen.learnt else seen.confirmed(*remedies, at_most=LESS)
    if share < MOST and helps is None:
        return None
    name = seen.layers[l].a.name
    cells = tuple(f"{name}[{j + 1}]" for j in silent[l])
    count = len(seen.looked_at.given["x"])
    limits = f"limit {HALF:.0%}, without regard to the loss {MOST:.0%}"
    says = (
        f"{len(silent[l])} of {_units(seen, l)} units of layer {l + 1} have z ≤ 0 on all {count} examples ({limits}): "
        f"no slope comes through them now, but {_what_moves(seen, l)}, so they may revive"
    )
    later = _later(seen, l, silent[l])
    return Finding("may_revive", "measured", cells, says, (*later, *([helps] if helps else [])), (), SOURCE)


def silent(done: WorkedSheet, seen: Observed, l: int) -> list[int]:
    """Units of a layer that are cut off at 0 and below it on all the data."""
    z, a = seen.layers[l]
    numbers = np.asarray(done.array(z.name))
    slope, _ = slopes_of_layer(a, numbers) if a.op != "softmax" else (np.ones_like(numbers), numbers)
    cut = [op_of(a, j)[0] in CUT_OFF for j in range(numbers.shape[1])]
    return [j for j in range(numbers.shape[1]) if cut[j] and (numbers[:, j] <= 0).all() and not slope[:, j].any()]


def _awake_later(seen: Observed, l: int) -> list[int]:
    """The silent units of a layer that something can still wake."""
    units = [j for j in silent(seen.start, seen, l) if f"a{l + 1}[{j + 1}]" not in seen.dead_for_ever]
    return units if units and _what_moves(seen, l) else []


def _what_moves(seen: Observed, l: int) -> str:
    """What could wake a silent unit of a layer: slopes that reach the layers below, or the decay of its own weights."""
    below = seen.layers[:l]
    slopes = any(np.asarray(seen.start.array(f"dL/d{layer.W}"))[seen.trainable[layer.W] > 0].any() for layer in below)
    if slopes:
        return f"the slopes of layer {l} are not 0"
    plan, layer = seen.plan, seen.layers[l]
    decays = plan.l1 or plan.l2 or plan.optimiser.name == "adamw"
    positive = layer.b is not None and (seen.start.sheet.given[layer.b] > 0).any()
    return f"the penalty draws {layer.W} to 0 and a bias is above 0" if decays and positive else ""


def _later(seen: Observed, l: int, units: list[int]) -> tuple[str, ...]:
    if seen.end is None:
        return ()
    still = set(silent(seen.end, seen, l)) & set(units)
    return (f"after {seen.epochs} epochs {len(still)} of them are still silent",)


def _units(seen: Observed, l: int) -> int:
    return int(seen.start.array(seen.layers[l].a.name).shape[1])
