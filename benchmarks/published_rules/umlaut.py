"""UMLAUT (Schoop, Huang, Hartmann, CHI 2021): every rule of its callback that a problem file can trip; each message once.

Left out, because a file cannot show it: the shape and the type of images, inputs that are no numbers, and an activation of
the last layer before a softmax layer of its own (here the softmax is that activation).
"""

from __future__ import annotations

from itertools import pairwise

from published_rules.record import Record, Runs
from published_rules.rule import Message, rule

FIRST = 3  # epochs whose accuracies are too noisy to judge


def _parting(record: Record) -> bool:
    """From one epoch to the next the held-out loss rises while the loss does not."""
    losses = [(now.loss, now.held_out_loss) for now in record.seen[1:]]
    return any(b is not None and d is not None and d > b and c <= a for (a, b), (c, d) in pairwise(losses))


def _too_good(record: Record) -> bool:
    after = [(now.accuracy, now.held_out_accuracy) for now in record.seen[1 + FIRST :]]
    return any(held is not None and own is not None and (held > 0.95 or held - own > 0.05) for own, held in after)


RULES = [
    rule(
        "input data exceeds typical limits",
        "inputs_unscaled",
        lambda r: bool(r.inputs.min() < -1 or r.inputs.max() > 1),
        "input normalisation: from −1 to 1",
    ),
    rule("learning rate is high", "rate_too_high", lambda r: r.rate > 0.01, "learning rate: at most 0.01"),
    rule("learning rate is low", "rate_too_low", lambda r: r.rate < 1e-7, "learning rate: at least 1e-7"),
    rule("possible overfitting", "overfitting", _parting, "overfitting: held-out loss up, loss not up, in one epoch"),
    rule("check validation accuracy", "", _too_good, "validation accuracy: above 95 %, or 5 % above the training's"),
    rule(
        "missing softmax before loss",
        "wrong_loss",
        lambda r: r.loss == "cross_entropy" and r.activations[-1] != "softmax",
        "softmax computed before loss; said of cross entropy only, as the message explains it",
    ),
    rule("missing activation functions", "", lambda r: "identity" in r.activations[:-1], "no linear layer but the last"),
    rule("high dropout rate", "", lambda r: any(part > 0.5 for part in r.dropout), "dropout: at most 0.5"),
]


def messages(runs: Runs) -> list[Message]:
    """All that fire at some time in the run."""
    return [one.message for one in RULES if one.fires(runs.record)]
