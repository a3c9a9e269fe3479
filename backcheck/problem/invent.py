"""`2-3-2` → a problem file with numbers that are pleasant to work by hand, the same for the same seed."""

from __future__ import annotations

import itertools
import re
from itertools import pairwise
from random import Random

from backcheck.catalogue import ACTIVATIONS, LOSSES
from backcheck.errors import BadArgument, did_you_mean

SHAPE = re.compile(r"[0-9]{1,4}(?:-[0-9]{1,4})+")
WIDEST, MOST_WEIGHTS = 64, 2000
OUTPUTS = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}  # what a loss wants the last layer to be
BOUNDED = {"sigmoid": (0.05, 0.95), "tanh": (-0.9, 0.9), "softmax": (0.0, 1.0)}  # targets the outputs can reach


def invent(shape: str, activation: str, loss: str, examples: int, seed: int) -> str:
    """The text of a problem file."""
    widths = _widths(shape)
    _known(activation, ACTIVATIONS, "activation")
    _known(loss, LOSSES, "loss")
    draw = Random(seed)  # noqa: S311 - numbers for homework
    last = OUTPUTS.get(loss, activation)
    if loss == "cross_entropy" and widths[-1] < 2:
        raise BadArgument("cross_entropy needs two outputs or more: a softmax over one unit is always 1")
    inputs = [[_decimal(draw, 0.05, 1.0) for _ in range(widths[0])] for _ in range(examples)]
    pairs = list(pairwise(widths))
    layers = [_layer(draw, incoming, units, activation if l < len(pairs) else last) for l, (incoming, units) in enumerate(pairs, 1)]
    targets = _targets(draw, examples, widths[-1], loss, last)
    return "\n".join(
        [
            f"title: A {shape} network, {loss.replace('_', ' ')}",
            f"inputs: {_row(inputs[0]) if examples == 1 else _rows(inputs)}",
            f"targets: {targets}",
            "layers:",
            *layers,
            f"loss: {loss}",
            "learning_rate: 0.5",
            *(["batch: mean"] if examples > 1 else []),
            "",
        ]
    )


def _widths(shape: str) -> list[int]:
    widths = [int(width) for width in shape.split("-")] if SHAPE.fullmatch(shape) else []
    if not widths or not 0 < min(widths) <= max(widths) <= WIDEST:
        raise BadArgument(
            f"{shape[:40]!r} is no shape: give widths from 1 to {WIDEST}, such as 2-3-2 for two inputs, three units, two outputs"
        )
    if sum(a * b for a, b in itertools.pairwise(widths)) > MOST_WEIGHTS:
        raise BadArgument(
            f"{shape} has more than {MOST_WEIGHTS} weights: let a file draw them by seed, weights: {{init: xavier, seed: 7}}"
        )
    return widths


def _known(name: str, catalogue: dict[str, dict[str, str]], what: str) -> None:
    if name not in catalogue:
        hint = did_you_mean(name, list(catalogue)) or "known: " + ", ".join(catalogue)
        raise BadArgument(f"unknown {what} {name[:40]!r}: {hint}")


def _decimal(draw: Random, low: float, high: float) -> str:
    """A number on the grid of 0.05, never 0: short enough to multiply by hand."""
    steps = [i for i in range(round(low * 20), round(high * 20) + 1) if i]
    return f"{draw.choice(steps) / 20:.2f}"


def _layer(draw: Random, incoming: int, units: int, activation: str) -> str:
    weights = [[_decimal(draw, -0.8, 0.8) for _ in range(incoming)] for _ in range(units)]
    biases = [_decimal(draw, -0.5, 0.5) for _ in range(units)]
    return f"  - weights: {_rows(weights)}\n    biases: {_row(biases)}\n    activation: {activation}"


def _targets(draw: Random, examples: int, outputs: int, loss: str, last: str) -> str:
    if last == "softmax":
        rows = [["0"] * outputs for _ in range(examples)]
        for row in rows:
            row[draw.randrange(outputs)] = "1"
    elif loss == "binary_cross_entropy":
        rows = [[draw.choice("01") for _ in range(outputs)] for _ in range(examples)]
    else:
        low, high = BOUNDED.get(last, (0.05, 1.0))
        rows = [[_decimal(draw, low, high) for _ in range(outputs)] for _ in range(examples)]
    return _row(rows[0]) if examples == 1 else _rows(rows)


def _row(numbers: list[str]) -> str:
    return f"[{', '.join(numbers)}]"


def _rows(rows: list[list[str]]) -> str:
    return _row([_row(row) for row in rows])
