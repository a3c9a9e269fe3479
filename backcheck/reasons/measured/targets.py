"""Targets that no output can reach, whatever the weights: the range of the activation against the targets; it trains nothing."""

from __future__ import annotations

import math

import numpy as np

from backcheck.reasons.finding import Finding
from backcheck.reasons.measured.observed import Observed
from backcheck.reasons.measured.ranges import op_of, ranges
from backcheck.worksheet import Array

MOST_SHARE = 0.01  # of the targets' variance: what less than this costs cannot be told from rounding and noise
SOURCE = "the range of the activation; what lies outside of it stays in the error, so R² ≤ 1 − that share of the variance"


def look(seen: Observed) -> Finding | None:
    """Targets outside of the range of their outputs."""
    t, a = seen.targets, seen.layers[-1].a
    if a.op == "softmax" and t.shape[1] == 1:  # a constant 1, which is another fault, and provable
        return None
    near = _on_simplex(t) if a.op == "softmax" else _clipped(t, ranges(a, t.shape[1]))
    away = (t - near) ** 2
    share = float(away.sum()) / (float(((t - t.mean(0)) ** 2).sum()) or float((t**2).sum()) or 1.0)
    if share <= MOST_SHARE:
        return None
    j = int(away.sum(0).argmax())
    n = int(away[:, j].argmax())
    missed = f"at least {_share(share)} of the targets' variance cannot be reached (limit {MOST_SHARE:.0%})"
    says = f"{_beyond(seen, j, float(t[n, j]), t)}: {missed}"
    cells = tuple(seen.looked_at.names.cell(a.name, (0, k)) for k in np.flatnonzero(away.sum(0) > 0)[:20])
    because = (
        f"the nearest outputs there can be are {math.sqrt(float(away.max())):.3g} away at the most",
        f"the mean loss of the best constant outputs is {seen.idle:.4g}, the run came to {seen.last:.4g}",
    )
    return Finding("target_out_of_range", "measured", cells, says, because, (), SOURCE)


def _share(share: float) -> str:
    return "all" if share >= 1 else f"{share:.2g} ({share:.1%})"


def _beyond(seen: Observed, j: int, farthest: float, t: Array) -> str:
    a = seen.layers[-1].a
    op, _ = op_of(a, j)
    if a.op == "softmax":
        sums = t.sum(1)
        worst = float(sums[abs(sums - 1).argmax()])
        return f"softmax outputs lie between 0 and 1 and sum to 1, but targets go to {farthest:.4g} and sum to {worst:.4g}"
    low, high = ranges(a, t.shape[1])[j]
    limits = f"above {low:.4g}" if high == math.inf else f"between {low:.4g} and {high:.4g}"
    return f"the outputs of {op.partition(': ')[2] or op} lie {limits}, but targets go to {farthest:.4g}"


def _clipped(t: Array, limits: list[tuple[float, float]]) -> Array:
    low, high = (np.array(side) for side in zip(*limits, strict=True))
    return np.clip(t, low, high)


def _on_simplex(t: Array) -> Array:
    """The nearest outputs that are not below 0 and sum to 1 (Duchi, Shalev-Shwartz, Singer and Chandra 2008)."""
    falling = -np.sort(-t, axis=1)
    over = (np.cumsum(falling, 1) - 1) / np.arange(1, t.shape[1] + 1)
    last = (falling > over).sum(1) - 1
    return np.asarray(np.maximum(t - over[np.arange(len(t)), last][:, None], 0))
