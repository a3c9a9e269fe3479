"""Nothing may move at all: everything is masked, or the learning rate is 0; it looks at no slopes."""

from __future__ import annotations

import numpy as np

from backcheck.reasons.finding import Finding
from backcheck.reasons.network import Network
from backcheck.reasons.words import cells, numbered

ONLY_THEN = ("the update is one of w − η·(…), as all of them are here",)


def unmoved(net: Network) -> list[Finding]:
    """One finding for every parameter, if none of them can move whatever its slope is."""
    if not any(layer.trains_weights.any() or layer.trains_biases.any() for layer in net.layers):
        says = "no parameter is trainable: trainable: false holds all of them, so nothing is learnt"
        lines = ("An update changes only what is trainable.", "So every parameter, and with them the output, stays what it is.")
        return [Finding("frozen", "proven", _every(net), says, numbered(lines))]
    schedule, eta = net.plan.schedule, net.sheet.given.get("eta")
    if eta is None or eta != 0 or (schedule.name == "cosine" and schedule.settings["to"] != 0):
        return []
    lines = (
        "The learning rate is 0 in every epoch, also where a schedule multiplies it.",
        "Every update takes η times something off, and that is 0: every parameter stays what it is.",
    )
    return [Finding("frozen", "proven", _every(net), "the learning rate is 0, so nothing is learnt", numbered(lines), ONLY_THEN)]


def _every(net: Network) -> tuple[str, ...]:
    rows = [(f"{letter}{layer.number}", getattr(layer, letter)) for layer in net.layers for letter in "Wb"[: 1 + layer.has_biases]]
    return tuple(dict.fromkeys(name for row, array in rows for name in cells(net, row, np.ones(array.shape, bool))))
