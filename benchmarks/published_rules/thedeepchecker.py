"""TheDeepChecker (Ben Braiek, Khomh, TOSEM 2023): its checks before training and while one batch is fitted, with its settings.

A message counts once however many layers and updates give it. Left out, because a file cannot show it: gradients that are
wrong, labels that are corrupt, augmentation, and differences between training and testing; regularisation that overwhelms
the loss has no message among the ids.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from backcheck.worksheet import Array
from published_rules.record import Record, Runs, Seen
from published_rules.rule import Message

NEAR = 1e-2  # equal to this is equal
F_CRITICAL = 2.70554  # of the F test at α = 0.1
START, PERIOD, WINDOW = 10, 10, 5  # updates before the first check, between two, and checks that a trend needs
FLUCTUATION = 50  # checks over which the loss is looked at for smoothness
PATIENCE = 5

# message → the causes that it names
NAMES = {
    "feature constant": "frozen",
    "feature unnormalised": "inputs_unscaled",
    "target unnormalised": "target_out_of_range",
    "unbalanced labels": "",
    "poor initialisation: symmetry unbroken": "identical_units frozen",
    "choose a well-known initialisation": "saturated vanishing exploding",
    "missing biases": "",
    "choose null biases": "dead_units may_revive saturated",
    "loss at cold start is poor": "wrong_loss softmax_of_one",
    "loss should be averaged": "rate_too_high",
    "unable to fit a single batch": "",
    "loss smoothly towards zero: regularise": "overfitting",
    "loss is no number": "exploding rate_too_high",
    "outputs are constant": "softmax_of_one frozen",
    "outputs are not valid": "wrong_loss",
    "unable to predict high magnitudes": "target_out_of_range",
    "unable to predict negative values": "target_out_of_range",
    "dead activations": "dead_units may_revive",
    "saturated activations": "saturated",
    "unstable activations": "vanishing exploding",
    "mostly negative weights": "",
    "dead weights": "frozen vanishing",
    "weights diverge": "exploding rate_too_high",
    "biases diverge": "exploding rate_too_high",
    "vanishing gradient": "vanishing",
    "exploding gradient": "exploding",
    "untrained weights": "frozen",
    "weights change too quickly": "rate_too_high",
    "weights change too slowly": "rate_too_low",
    "loss slowly or not decreasing": "rate_too_low",
    "loss diverges": "rate_too_high exploding",
    "loss fluctuates": "rate_too_high",
    "loss is not representative": "wrong_loss",
}


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= NEAR


def _unnormalised(column: Array) -> bool:
    """Neither from 0 or −1 to 1, nor of mean 0 and deviation 1."""
    spans = _near(column.max(), 1) and (_near(column.min(), 0) or _near(column.min(), -1))
    return not spans and not (_near(column.std(), 1) and _near(column.mean(), 0))


def _same_spread(array: Array, deviation: float) -> bool:
    ratio = max(float(np.var(array)), 1e-300) / deviation**2
    return max(ratio, 1 / ratio) <= F_CRITICAL


def _balance(t: Array) -> float:
    shares = t.mean(0) if t.shape[1] > 1 else np.array([float((t <= t.min()).mean()), float((t > t.min()).mean())])
    shares = shares[shares > 0] / shares.sum()
    return float((np.exp(-(shares * np.log(shares)).sum()) - 1) / (max(t.shape[1], 2) - 1))


def _initialisation(record: Record) -> set[str]:
    found = set()
    for w, name in zip(record.seen[0].weights, record.activations, strict=True):
        out, into = w.shape
        schemes = {"relu": np.sqrt(2 / into), "tanh": np.sqrt(2 / (into + out)), "sigmoid": np.sqrt(1 / into)}
        wanted = [schemes[name]] if name in schemes else list(schemes.values())
        if w.size > 1 and _near(float(np.var(w)) * 1e6, 0):  # its tolerance is 1e-8 here
            found.add("poor initialisation: symmetry unbroken")
        elif w.size > 1 and not any(_same_spread(w, spread) for spread in wanted):
            found.add("choose a well-known initialisation")
    biases = record.seen[0].biases
    if not biases:
        found.add("missing biases")
    elif any(b.sum() != 0 for b in biases):
        found.add("choose null biases")
    return found


def _before(runs: Runs) -> set[str]:
    record, fit = runs.record, runs.fit
    found = _initialisation(record)
    found |= {"feature constant" for column in record.inputs.T if column.std() == 0}
    found |= {"feature unnormalised" for column in record.inputs.T if column.std() and _unnormalised(column)}
    if record.classes:
        expected = np.log(max(record.targets.shape[1], 2))
        found |= {"unbalanced labels"} if _balance(record.targets) < 0.5 else set()
        found |= {"loss at cold start is poor"} if not abs(record.seen[0].loss - expected) < expected else set()
    else:
        found |= {"target unnormalised" for column in record.targets.T if _unnormalised(column)}
    return found | ({"loss should be averaged"} if record.summed else set()) | _fitting(fit, record.classes)


def _fitting(fit: list[tuple[float, float]], classes: bool) -> set[str]:
    losses, performances = np.array(fit).T
    if not np.isfinite(losses[-1]):
        return {"loss is no number", "unable to fit a single batch"}
    missed = 1 - performances.max() > 0.05 if classes else performances.min() > 0.001
    least = losses.min()
    zero = least <= 1e-8 or (least <= 1e-5 and _smoothness(losses) > 0.95)
    found = {"unable to fit a single batch"} if missed else set()
    return found | ({"loss smoothly towards zero: regularise"} if zero else set())


def _smoothness(losses: Array) -> float:
    with np.errstate(all="ignore"):
        rising = losses[1:] / losses[:-1] > 1
    return 1 - float((rising[1:] != rising[:-1]).sum()) / len(losses)


def _density(a: Array, low: float) -> Array:
    """ρ_B of each unit: how far, in 50 bins from `low` to 1, its outputs lie from the middle on average."""
    place = np.clip(np.floor((a - low) / (1 - low) * 50), 0, 49)
    found = []
    for unit, bins in zip(a.T, place.T, strict=True):
        parts = [(int((bins == b).sum()), abs(2 * (float(unit[bins == b].mean()) - low) / (1 - low) - 1)) for b in np.unique(bins)]
        found.append(sum(count * far for count, far in parts) / len(unit))
    return np.array(found)


def _activations(now: Seen, record: Record) -> set[str]:
    found = set()
    for a, name in zip(now.activations[:-1], record.activations, strict=False):
        if name in ("sigmoid", "tanh"):
            found |= {"saturated activations"} if (_density(a, -1.0 if name == "tanh" else 0.0) > 0.85).mean() > 0.5 else set()
        elif (np.percentile(abs(a), 95, axis=0) < 1e-5).mean() > 0.5:
            found.add("dead activations")
        spread = float(a.std())
        if not 0.5 <= spread <= 2 and not _same_spread(a, 0.5 if spread < 0.5 else 2.0):
            found.add("unstable activations")
    return found


def _outputs(seen: list[Seen], now: Seen, record: Record) -> set[str]:
    """What the outputs have shown up to here; the constant ones are said after some patience."""
    y, patient = now.activations[-1], len(seen) > PATIENCE * PERIOD
    found = set()
    if record.classes:
        whole = y.shape[1] == 1 or bool((abs(y.sum(1) - 1) < 0.05).all())
        found |= set() if whole and (y >= 0).all() and (y.shape[1] > 1 or (y <= 1).all()) else {"outputs are not valid"}
    if not patient:
        return found
    every = [one.activations[-1] for one in seen]
    found |= {"outputs are constant"} if not any((a.var(0) > 0).all() for a in every) else set()
    if not record.classes:
        reached, below = max(float(abs(a).max()) for a in every) > 1, min(float(a.min()) for a in every) < 0
        found |= {"unable to predict high magnitudes"} if (abs(record.targets) > 1).any() and not reached else set()
        found |= {"unable to predict negative values"} if (record.targets < 0).any() and not below else set()
    return found


def _trend(values: list[float], compare: Callable[[float], bool]) -> bool:
    """Whether each of the last steps of a window has a ratio that compares so."""
    recent = values[-WINDOW:]
    return len(recent) == WINDOW and all(compare(b / a if a else np.nan) for a, b in pairwise(recent))


def _arrays(seen: list[Seen], layer: int, what: str) -> list[float]:
    return [float(abs(getattr(one, what)[layer]).mean()) for one in seen[-WINDOW:]]


def _weights(seen: list[Seen], now: Seen) -> set[str]:
    found = set()
    for l, w in enumerate(now.weights):
        sizes, slopes = _arrays(seen, l, "weights"), _arrays(seen, l, "gradients")
        found |= {"mostly negative weights"} if (w < 0).mean() > 0.95 else set()
        found |= {"dead weights"} if (abs(w) < 1e-5).mean() > 0.95 else set()
        found |= {"weights diverge"} if sizes[-1] > 1e8 or _trend(sizes, lambda r: r >= 2) else set()
        found |= {"vanishing gradient"} if slopes[-1] < 1e-6 or _trend(slopes, lambda r: r <= 0.5) else set()
        found |= {"exploding gradient"} if slopes[-1] > 1e6 or _trend(slopes, lambda r: r >= 2) else set()
    for l in range(len(now.biases)):
        sizes = _arrays(seen, l, "biases")
        found |= {"biases diverge"} if sizes[-1] > 1e8 or _trend(sizes, lambda r: r >= 2) else set()
    return found


def _changes(seen: list[Seen]) -> set[str]:
    """log10 of the mean change of a weight by its mean size, over the updates since the last check."""
    found = set()
    for l in range(len(seen[0].weights)):
        steps = [(float(abs(b.weights[l] - a.weights[l]).mean()), float(abs(a.weights[l]).mean())) for a, b in pairwise(seen)]
        ratios = [np.log10(change / size) if change else 0.0 for change, size in steps if size]
        mean = float(np.mean(ratios)) if ratios else 0.0
        told = "untrained weights" if mean == 0 else "weights change too quickly" if mean > -1 else ""
        found |= {told or ("weights change too slowly" if mean < -4 else "")} - {""}
    return found


def _loss(losses: list[float], performances: list[float]) -> set[str]:
    """Means over each period so far."""
    found, least = set(), min(losses)
    recent = losses[-WINDOW:]
    if len(recent) == WINDOW:
        slow = all((a - b) / a < 0.05 if a else True for a, b in pairwise(recent))
        found |= {"loss slowly or not decreasing"} if slow else set()
        found |= {"loss diverges"} if _trend([value / least for value in losses] if least else losses, lambda r: r >= 2) else set()
    found |= {"loss fluctuates"} if _smoothness(np.array(losses[-FLUCTUATION:])) < 0.5 else set()
    if len(losses) > 2 and np.std(losses) and np.std(performances):
        fits = abs(float(np.corrcoef(losses, performances)[0, 1]))
        found |= {"loss is not representative"} if fits < 0.5 else set()
    return found


def _performance(now: Seen, record: Record) -> float:
    return float(abs(record.targets - now.activations[-1]).mean()) if now.accuracy is None else now.accuracy


def _done(seen: list[Seen], record: Record) -> bool:
    """The batch is fitted, some updates in a row."""
    recent: list[Any] = [_performance(now, record) for now in seen[-PATIENCE:]]
    return len(recent) == PATIENCE and all(p == 1 if record.classes else p < 1e-4 for p in recent)


def _while_fitting(record: Record) -> set[str]:
    found: set[str] = set()
    losses: list[float] = []
    performances: list[float] = []
    for update, now in enumerate(record.seen):
        if not np.isfinite(now.loss):
            return found | {"loss is no number"}
        seen = record.seen[: update + 1]
        if update % PERIOD == 0:
            found |= _outputs(seen, now, record)
            losses.append(float(np.mean([one.loss for one in seen[-PERIOD:]])))
            performances.append(float(np.mean([_performance(one, record) for one in seen[-PERIOD:]])))
            found |= _loss(losses, performances)
        if update >= START and update % PERIOD == 0:
            found |= _activations(now, record) | _weights(seen, now) | _changes(seen[-PERIOD - 1 :])
        if _done(seen, record):
            break
    return found


def messages(runs: Runs) -> list[Message]:
    """All that fire, before training and while a batch is fitted."""
    with np.errstate(all="ignore"):
        found = _before(runs) | _while_fitting(runs.batch)
    return [Message(says, tuple(names.split())) for says, names in NAMES.items() if says in found]
