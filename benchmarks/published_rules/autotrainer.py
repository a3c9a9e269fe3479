"""AUTOTRAINER (Zhang, Zhai, Ma, Shen, ICSE 2021): its monitor, every third epoch, with the parameters of its repository.

It is made for classification. For a regression, whose accuracy it has none of, the rules of gradients are asked all the same
and slow convergence is not: with an accuracy that is always 0, every run of a regression would count as not converging.
Two outputs may have either cross entropy. Left out: overfitting, which its code has switched off, and repairs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from backcheck.worksheet import Array
from published_rules.record import Record, Runs, Seen
from published_rules.rule import Message

EVERY = 3  # epochs between two looks
BEFORE = 0.3  # of the epochs that are planned: earlier, losses and accuracies are not judged
BETA_1, BETA_2, BETA_3 = 1e-3, 1e-4, 70.0  # first layer's gradient by the last's; the first's; that ratio when it explodes
GAMMA = 0.7  # part of the gradients that is exactly zero
ZETA, ETA = 0.03, 0.2  # height of a swing of the accuracy; swings in an epoch
DELTA = 0.01  # least gain of accuracy from one epoch to the next
THETA = 0.7  # an accuracy that satisfies
OMEGA_1, OMEGA_2 = 10.0, 1.0  # mean |a| of a layer; sum of |y| of an example
LARGE = 1e3  # a loss that counts as no number

MESSAGES = {
    "abnormal_data": Message("abnormal data", ("inputs_unscaled",)),
    "loss": Message("improper loss", ("wrong_loss", "target_out_of_range")),
    "activation": Message("improper activation", ("wrong_loss", "softmax_of_one", "target_out_of_range")),
    "explode": Message("gradient explode", ("exploding",)),
    "relu": Message("dying ReLU", ("dead_units", "may_revive")),
    "vanish": Message("gradient vanish", ("vanishing",)),
    "slow": Message("slow convergence", ("rate_too_low",)),
    "unstable": Message("oscillating loss", ("rate_too_high",)),
}


def _norms(now: Seen) -> tuple[float, float]:
    """Of the first layer's ∂L/∂W, and how many times the last one's."""
    with np.errstate(all="ignore"):
        first, last = (float(np.linalg.norm(now.gradients[l])) for l in (0, -1))
    return first, (first / last if last else math.nan)


def _zeros(now: Seen) -> float:
    every: list[Array] = [*now.gradients, *now.bias_gradients]
    return sum(int((g == 0).sum()) for g in every) / sum(g.size for g in every)


def _broken(arrays: list[Array]) -> bool:
    return any(not np.isfinite(array).all() for array in arrays)


# feature → whether one look shows it; it stays until the end of the run
OF_ONE_LOOK: dict[str, Callable[[Seen], bool]] = {
    "vanish": lambda now: _norms(now)[1] < BETA_1 and _norms(now)[0] < BETA_2,
    "explode": lambda now: _norms(now)[1] > BETA_3,
    "relu": lambda now: _zeros(now) >= GAMMA,
    "no_numbers": lambda now: _broken([*now.weights, *now.gradients]),
    "output": lambda now: not float(abs(now.activations[-1]).sum(1).max()) <= OMEGA_2 + 0.1,
    "abnormal": lambda now: any(float(abs(a).mean()) >= OMEGA_1 for a in now.activations[:-1]),
}


def _swings(accuracies: list[float]) -> bool:
    """Whether peaks stand above valleys by ζ at least once in 1/η epochs."""
    inner = list(zip(accuracies, accuracies[1:], accuracies[2:], strict=False))
    peaks, valleys = [b for a, b, c in inner if b >= a and b >= c], [b for a, b, c in inner if b <= a and b <= c]
    return sum(p - v >= ZETA for p, v in zip(peaks, valleys, strict=False)) >= ETA * len(accuracies)


def _misfit(record: Record) -> tuple[bool, bool]:
    """Whether the loss does not fit the number of outputs, else whether the output's activation does not fit the loss."""
    outputs, last, binary = record.targets.shape[1], record.activations[-1], record.loss == "binary_cross_entropy"
    entropy = record.loss == "cross_entropy"
    fits = binary if outputs == 1 else binary or entropy if outputs == 2 else entropy
    if not (record.classes and not fits):
        wanted = "sigmoid" if binary and outputs != 2 else "softmax" if record.loss == "cross_entropy" else last
        return False, record.classes and last != wanted
    return True, False


def _of_losses(record: Record, epochs: int) -> set[str]:
    """What losses and accuracies show after so many epochs."""
    own = record.seen[1 : epochs + 1]
    losses = [value for now in own for value in (now.loss, now.held_out_loss) if value is not None]
    if any(not math.isfinite(value) or value >= LARGE for value in losses):
        return {"no_loss"}
    found = {"negative"} if min(losses) < 0 else set()
    accuracies = [now.accuracy for now in own if now.accuracy is not None]
    if epochs < BEFORE * record.epochs - EVERY or not accuracies:
        return found
    held = [now.accuracy if now.held_out_accuracy is None else now.held_out_accuracy for now in own]
    tests = [value for value in held if value is not None]
    if _swings(accuracies):
        found.add("unstable")
    if max(accuracies) < THETA and max(tests) < THETA:
        found.add("not_converged")
    if all(max((b - a for a, b in pairwise(some)), default=0.0) < DELTA for some in (accuracies, tests)):
        found.add("slow")
    return found


def _issues(features: set[str], judged: bool) -> list[str]:
    """Which problems the features make, in the order in which the monitor asks."""
    found = ["abnormal_data"] if "abnormal" in features and "output" not in features else []
    if "negative" in features:
        found.append("loss")
    elif "no_loss" in features:
        found += ["activation"] if "output" in features else ["explode"] if "no_numbers" in features else []
    if features & {"not_converged", "slow"} or not judged:
        chain = ("output", "relu", "explode", "vanish")
        first = next((name for name in chain if name in features), "")
        both = {"not_converged", "slow"} <= features and "abnormal" not in features
        found += [{"output": "activation"}.get(first, first)] if first else ["slow"] if both else []
    if "unstable" in features:
        found.append("activation" if "output" in features else "unstable")
    if "improper_loss" in features and "output" not in features:
        found.append("loss")
    return list(dict.fromkeys(found))


def messages(runs: Runs) -> list[Message]:
    """Those of the first look that finds something."""
    record = runs.record
    loss, activation = _misfit(record)
    features = {name for name, on in (("improper_loss", loss), ("output", activation)) if on}
    for epochs in range(EVERY, max(len(record.seen), EVERY + 1), EVERY):
        look = record.seen[min(epochs, len(record.seen) - 1)]
        features |= {name for name, shows in OF_ONE_LOOK.items() if (name != "output" or record.classes) and shows(look)}
        features |= _of_losses(record, min(epochs, len(record.seen) - 1))
        if found := _issues(features, record.classes):
            return [MESSAGES[name] for name in found]
    return []
