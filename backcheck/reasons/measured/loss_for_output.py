"""A loss that does not fit the outputs: constant outputs do as well as the right ones, or a wrong output feels no slope."""

from __future__ import annotations

import math

import numpy as np

from backcheck.reasons.finding import Finding
from backcheck.reasons.measured import changes
from backcheck.reasons.measured.observed import BETTER, Observed, loss_of, over
from backcheck.reasons.measured.ranges import ranges
from backcheck.reasons.measured.rows import loss_row
from backcheck.reasons.measured.saturation import oversized
from backcheck.reasons.measured.trials import reached, shown
from backcheck.roads.forward import of_outputs
from backcheck.roads.work import LOGARITHMS, work
from backcheck.worksheet import Array

# activation of the outputs, loss → the loss that matches: with it ∂L/∂z = y − t, which f′ does not shrink
DIFFERENCES = ("squared_error", "half_squared_error", "mean_squared_error", "absolute_error", "huber")
MATCHING = {
    **{("softmax", op): "cross_entropy" for op in (*DIFFERENCES, "binary_cross_entropy")},
    **{("sigmoid", op): "binary_cross_entropy" for op in DIFFERENCES},
}
PULL = 0.5  # of what the errors would pull with: below it more is lost on the way through the outputs than comes through
LITTLE = 0.25  # of the loss of constant outputs: a softmax that is left with more has learnt little, even if no pull is lost
LESS = 0.75  # of the loss: the matching loss has to come so much lower, by the measure of the file's own
NO_LEAST = "a loss is of use only if right outputs have less of it than outputs that ignore the inputs"
MATCHED = "Auer, Herbster and Warmuth 1996: over saturating outputs a squared error has many minima, the matching loss none"
HIGHEST = 1e3  # as far as outputs without a limit are tried


def look(seen: Observed) -> Finding | None:
    """A loss that has no value for some outputs, or no less of it for the right ones."""
    if _is_constant(seen):
        return None
    return _undefined(seen) or _ignoring(seen)


def _finding(says: str, because: tuple[str, ...], source: str) -> Finding:
    return Finding("wrong_loss", "measured", ("L",), says, because, (), source)


def _is_constant(seen: Observed) -> bool:
    """A softmax of one output, which is always 1: another fault, and a provable one."""
    return seen.layers[-1].a.op == "softmax" and seen.targets.shape[1] == 1


def _undefined(seen: Observed) -> Finding | None:
    """An output that may leave the numbers that have a logarithm."""
    row, a = of_outputs(loss_row(seen.sheet)), seen.layers[-1].a
    top = LOGARITHMS.get(row.op)
    outside = [] if top is None else [r for r in ranges(a, seen.targets.shape[1]) if r[0] < 0 or r[1] > top]
    if not outside:
        return None
    low, high = outside[0]
    between = "above 0" if top == math.inf else "between 0 and 1"
    says = f"{row.op} has a value only for outputs {between}, but these can be anything from {low:.3g} to {high:.3g}"
    return _finding(
        says, ("the range of the activation was held against where the loss has a value",), "the logarithms in the loss"
    )


def _ignoring(seen: Observed) -> Finding | None:
    """Outputs that are the same for every example, and have no more loss than outputs that equal the targets."""
    t = seen.targets
    if not (t != t[0]).any():
        return None
    is_mean = seen.sheet["L"].op != "total"
    right = loss_of(seen.sheet, t, t.copy(), is_mean)
    found = [(loss_of(seen.sheet, t, np.broadcast_to(y, t.shape).copy(), is_mean), y) for y in _constants(seen, t)]
    least, y = min(((loss, y) for loss, y in found if not math.isnan(loss)), key=lambda pair: pair[0], default=(math.inf, t[0]))
    away = (t - np.asarray(y)).any()
    if not (away and math.isfinite(right) and least <= right + 1e-9 * max(abs(right), abs(least))):
        return None
    says = (
        f"outputs that are {_listed(y)} for every example have a loss of {least:.3g}, "
        f"outputs that equal the targets one of {right:.3g}: it is no gain to be right"
    )
    return _finding(says, ("the loss was worked for constant outputs in reach of the activation, and for the targets",), NO_LEAST)


def _listed(y: Array) -> str:
    return f"{y[0]:.4g}" if (y == y[0]).all() else ", ".join(f"{number:.3g}" for number in y)


def _constants(seen: Observed, t: Array) -> list[Array]:
    """Some outputs that could be put out for every example."""
    a, units = seen.layers[-1].a, t.shape[1]
    if a.op == "softmax":
        return [np.full(units, 1 / units), *(np.eye(units) * (1 - 1e-6) + 1e-6 / units)]
    limits = ranges(a, units)
    low, high = max(*(r[0] for r in limits), -HIGHEST), min(*(r[1] for r in limits), HIGHEST)
    inner = np.concatenate([np.linspace(-2, 2, 41), [-HIGHEST, -100, -10, 10, 100, HIGHEST]])
    return [np.full(units, v) for v in np.clip(inner, low, high)]  # a limit is not reached, but come as near to as one likes


def flat(seen: Observed) -> Finding | None:
    """Outputs that are wrong, and so far out on a flat part of their activation that hardly a slope comes back."""
    better = _better(seen)
    if not better or (seen.layers[-1].a.op == "sigmoid" and oversized(seen, len(seen.layers) - 1)):
        return None  # weights of another order of magnitude make them flat whatever the loss
    pull = _pull(seen)
    if pull >= PULL or (cure := _matching(seen, better)) is None:
        return None
    lost = f"at the start {pull:.0%} of the pull of the errors come through the outputs (limit {PULL:.0%}; with {better} all of it)"
    how = "Σ f·|t − y| / Σ |t − y| over all examples and outputs, with f = y(1 − y) over its value for outputs that favour nothing"
    return _finding(f"{_both(seen)}: {lost}", (how, *([cure] if cure else [])), MATCHED)


def slow(seen: Observed) -> Finding | None:
    """A softmax without the loss that matches it, in a network that has learnt little and learns more with it."""
    better = _better(seen)
    if not better or seen.layers[-1].a.op != "softmax" or seen.last <= LITTLE * seen.idle:
        return None
    cure = _matching(seen, better)
    return (
        _finding(f"{_both(seen)}: {cure}", (f"{_pull(seen):.0%} of the pull of the errors come through",), MATCHED)
        if cure
        else None
    )


def _better(seen: Observed) -> str:
    """The loss that matches the outputs, where targets are classes, another one is used, and little is learnt."""
    t = seen.targets
    if seen.learnt or t.min() < 0 or t.max() > 1 or _is_constant(seen):
        return ""
    return MATCHING.get((seen.layers[-1].a.op, of_outputs(loss_row(seen.sheet)).op), "")


def _both(seen: Observed) -> str:
    return f"{seen.layers[-1].a.op} outputs under {of_outputs(loss_row(seen.sheet)).op}"


def _pull(seen: Observed) -> float:
    """y(1 − y) of the outputs as a part of what it is at 1/2, or at 1/K of a softmax: a mean weighted by how wrong they are."""
    y = np.asarray(seen.start.array(seen.layers[-1].a.name))
    even = 1 / y.shape[1] if seen.layers[-1].a.op == "softmax" else 0.5
    wrong = abs(seen.looked_at.given["t"] - y)
    return float((y * (1 - y) / (even * (1 - even)) * wrong).sum() / wrong.sum()) if wrong.any() else 1.0


def _matching(seen: Observed, better: str) -> str | None:
    """What the matching loss makes of it, judged by the loss of the file."""
    if seen.is_large:
        return "" if seen.last > BETTER * seen.idle else None
    run = seen.trial(changes.loss(better))
    if run is None or math.isinf(reached(run)):
        return None
    there = work(over(seen.sheet.with_given(run.values, seen.sheet.names), seen.examples, seen.targets)).loss
    if there > LESS * seen.last:
        return None
    part = "" if math.isinf(seen.last) else f" ({there / seen.last:.0%}, limit {LESS:.0%})"
    return (
        f"trained with {better} in as many epochs, the loss of the file comes to {there:.3g}, without to {shown(seen.last)}{part}"
    )
