"""DeepDiagnosis (Wardat, Cruz, Le, Rajan, ICSE 2022): its eight symptoms in the order of its callback, and the advice of its tree.

The first symptom ends the training: one message at most. Thresholds stand in its paper and in its repository. Where the two
differ, or where its code takes a mean that is zero by chance for an array of zeros (the slopes of a softmax add up to zero), the
reading is taken that helps it: sizes are compared, dead nodes are looked for before zeros, a loss that only rises counts as not
decreasing, and an accuracy of 1 as nothing left to gain.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from backcheck.worksheet import Array
from published_rules.record import Record, Runs, Seen
from published_rules.rule import Message

DEAD = 0.7  # part of a ReLU layer's outputs that are not above 0
SATURATED, PART = 5.0, 0.5  # |z| of a sigmoid or tanh, and of how many of them
VANISHED = 1e-7  # mean |∂L/∂W|
EVERY, LONGER = 5, 20  # epochs over which nothing changed; of the accuracy
FAR = 10.0  # times the span of the targets: outputs of a linear layer
POOR = (1e-5, 10.0)  # variance of weights
RATIO = 1e-3  # rate·‖∂L/∂W‖/‖W‖ should be within a hundred times of this
RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, np.inf), "elu": (-1.0, np.inf)}

# symptom → the causes that its name stands for
SYMPTOMS = {
    "out of range": "target_out_of_range wrong_loss",
    "numerical error": "exploding",
    "dead node": "dead_units may_revive",
    "saturated activation": "saturated",
    "unchanged tensor": "frozen",
    "invalid loss": "exploding",
    "loss not decreasing": "",
    "invalid accuracy": "",
    "accuracy not increasing": "",
    "vanishing gradient": "vanishing",
}
# advice → the causes that it is a remedy for
ADVICE = {
    "poor weights": "identical_units frozen saturated exploding vanishing",
    "normalise the data": "inputs_unscaled",
    "lower learning rate": "rate_too_high",
    "higher learning rate": "rate_too_low",
    "change the activation of the output": "target_out_of_range softmax_of_one wrong_loss",
    "change the loss or the activation": "wrong_loss softmax_of_one",
    "change an activation": "vanishing frozen",
    "change the optimiser": "",
    "add dropout": "",
}


def _still(values: list[float]) -> bool:
    return float(np.mean(values)) == max(values)


def _size(array: Array) -> float:
    return float(abs(array).mean())


def _no_number(array: Array) -> bool:
    """Infinite somewhere, or zero everywhere."""
    return not np.isfinite(array).all() or not array.any()


def _poor(now: Seen) -> bool:
    with np.errstate(all="ignore"):
        return any(w.size > 1 and not POOR[0] <= float(np.var(w, ddof=1)) <= POOR[1] for w in now.weights)


def _rate(record: Record, now: Seen) -> str:
    """Which way the rate should go, if any update is out of proportion."""
    with np.errstate(all="ignore"):
        for w, g in zip(now.weights, now.gradients, strict=True):
            ratio = record.rate * float(np.linalg.norm(g)) / max(float(np.linalg.norm(w)), 1e-300)
            if ratio > RATIO * 100:
                return "lower learning rate"
            if ratio < RATIO / 100:
                return "higher learning rate"
    return ""


def _advice(record: Record, now: Seen, order: str, otherwise: str) -> str:
    """w: are the weights poor; d: are the data out of scale; r: is the rate; in the order of the branch, else its last leaf."""
    answers = {
        "w": "poor weights" if _poor(now) else "",
        "d": "normalise the data" if record.inputs.min() < -1 or record.inputs.max() > 1 else "",
        "r": _rate(record, now),
    }
    return next((answers[letter] for letter in order if answers[letter]), otherwise)


def _out_of_range(record: Record, y: Array) -> bool:
    last, t = record.activations[-1], record.targets
    if last in ("relu", "identity") and record.loss == "cross_entropy":
        return True
    if last == "identity":
        return bool(np.ptp(y) > FAR * np.ptp(t))
    low, high = RANGES.get(last, (-np.inf, np.inf))
    return bool(t.min() < low or t.max() > high)


def _layers(record: Record, epoch: int, now: Seen) -> Iterator[tuple[str, str, str]]:
    """The forward pass: every z and a in turn, with the branch of the tree that a symptom leads to."""
    last = len(now.sums) - 1
    for l, (z, a, name) in enumerate(zip(now.sums, now.activations, record.activations, strict=True)):
        if l == last and name != "softmax" and epoch == 1 and _out_of_range(record, a):
            yield "out of range", "", "change the activation of the output"
        if name == "relu" and float((a <= 0).mean()) >= DEAD:
            yield "dead node", "dwr", "add dropout"
        if _no_number(z) or _no_number(a):
            yield "numerical error", "wdr", "change an activation"
        if epoch % EVERY == 0 and name in ("sigmoid", "tanh") and float((abs(z) >= SATURATED).mean()) > PART:
            yield "saturated activation", "dwr", "add dropout"
    if epoch % EVERY == 0:
        recent = record.seen[epoch - EVERY + 1 : epoch + 1]
        for l in range(last + 1):
            if _still([_size(one.sums[l]) for one in recent]):
                yield "unchanged tensor", "wr", "change the optimiser"
            if l < last and _still([_size(one.activations[l]) for one in recent]):
                yield "unchanged tensor", "wr", "change the optimiser"


def _metrics(record: Record, epoch: int, now: Seen) -> Iterator[tuple[str, str, str]]:
    if not np.isfinite(now.loss):
        yield "invalid loss", "r", "change the optimiser"
    recent = [one.loss for one in record.seen[epoch - EVERY + 1 : epoch + 1]]
    if epoch % EVERY == 0 and min(recent) == recent[0]:
        yield "loss not decreasing", "wdr", "change the optimiser"
    if now.accuracy == 0:
        yield "invalid accuracy", "r", "change the optimiser"
    if now.accuracy is not None and epoch % LONGER == 0:
        accuracies = [one.accuracy or 0.0 for one in record.seen[epoch - LONGER + 1 : epoch + 1]]
        if _still(accuracies) and accuracies[-1] < 1:  # at 1 there is nothing left to gain
            yield "accuracy not increasing", "wdr", "change the optimiser"


def _gradients(record: Record, epoch: int, now: Seen) -> Iterator[tuple[str, str, str]]:
    last = len(now.gradients) - 1
    for l in range(last, -1, -1):
        if _no_number(now.gradients[l]):
            yield "numerical error", "", "change the loss or the activation" if l == last else "change an activation"
        if _size(now.gradients[l]) < VANISHED:
            yield "vanishing gradient", "r", "change an activation"
        if not np.isfinite(now.weights[l]).all():
            yield "numerical error", "wdr", "change an activation"
    if epoch % EVERY == 0:
        recent = record.seen[epoch - EVERY + 1 : epoch + 1]
        for l in range(last, -1, -1):
            for some in ([one.gradients[l] for one in recent], [one.weights[l] for one in recent]):
                if _still([_size(array) for array in some]):
                    yield "unchanged tensor", "wr", "change the optimiser"


def messages(runs: Runs) -> list[Message]:
    """The first symptom of the first epoch that has one."""
    record = runs.record
    with np.errstate(all="ignore"):
        for epoch, now in enumerate(record.seen[1:], 1):
            for part in (_layers, _metrics, _gradients):
                for symptom, order, otherwise in part(record, epoch, now):
                    advice = _advice(record, now, order, otherwise)
                    return [Message(f"{symptom}: {advice}", tuple(f"{SYMPTOMS[symptom]} {ADVICE[advice]}".split()))]
    return []
