"""Training 784-100-100-10 in mini-batches against eager PyTorch, one thread, in turn; and the losses of both after 70 updates.

OPENBLAS_NUM_THREADS=1 taskset -c 1 python benchmarks/training.py [rounds]
"""

from __future__ import annotations

import sys
from pathlib import Path

from timing import side_by_side, table  # first, because it sets the number of threads

# isort: split
import numpy as np
import torch

import backcheck
from backcheck.training.plan import Plan
from backcheck.training.train import Training
from backcheck.worksheet import Worksheet

PROBLEM = Path(__file__).parent.parent / "problems" / "digits-784-100-100-10.yaml"
GOALS = {("float32", 16): 2.3, ("float32", 128): 1.25, ("float64", 16): 1.7, ("float64", 128): 1.1}
UPDATES = 70


def problem(examples: int) -> Worksheet:
    """The problem with more examples: random inputs, as many of each class."""
    sheet = backcheck.load(PROBLEM)
    x = np.random.default_rng(5).uniform(0, 1, (examples, 784))
    t = np.eye(10)[np.arange(examples) % 10]
    return sheet.with_given({"x": x, "t": t}, sheet.names)


def eager(sheet: Worksheet, precision: str):
    """The same network as one writes it with torch.nn, and one epoch of mini-batches in the order of the examples."""
    dtype = getattr(torch, precision)
    linear = []
    for l in (1, 2, 3):
        W, b = (torch.tensor(sheet.given[f"{name}{l}"], dtype=dtype) for name in "Wb")
        layer = torch.nn.Linear(W.shape[1], W.shape[0], dtype=dtype)
        layer.weight.data, layer.bias.data = W, b
        linear.append(layer)
    model = torch.nn.Sequential(linear[0], torch.nn.Sigmoid(), linear[1], torch.nn.Sigmoid(), linear[2])
    optimiser = torch.optim.SGD(model.parameters(), lr=float(sheet.given["eta"]))
    criterion = torch.nn.CrossEntropyLoss()
    x, t = torch.tensor(sheet.given["x"], dtype=dtype), torch.tensor(sheet.given["t"].argmax(1))

    def epoch(batch: int) -> None:
        for start in range(0, len(x), batch):
            optimiser.zero_grad()
            criterion(model(x[start : start + batch]), t[start : start + batch]).backward()
            optimiser.step()

    def loss() -> float:
        with torch.no_grad():
            return float(criterion(model(x), t))

    return epoch, loss


def compared(precision: str, batch: int, rounds: int) -> list[str]:
    """Both from the same start over the same mini-batches; first 70 updates, then epochs in turn."""
    sheet = problem(UPDATES * batch)
    training = Training(sheet, Plan(epochs=1, batch_size=batch, shuffle=False, precision=precision))
    epoch, loss = eager(sheet, precision)
    ours = [e.loss for e in training.epochs()][-1]
    epoch(batch)
    gap = abs(ours - loss()) / ours
    mine, theirs, ratio = side_by_side(training.one_epoch, lambda: epoch(batch), rounds)
    speeds = [f"{len(sheet.given['x']) / seconds:,.0f}" for seconds in (mine, theirs)]
    return [f"{precision}, batch {batch}", *speeds, f"{1 / ratio:.2f}", f"{GOALS[precision, batch]}", f"{gap:.1e}"]


def main(rounds: int = 21) -> None:
    torch.set_num_threads(1)
    rows = [compared(precision, batch, rounds) for precision, batch in GOALS]
    header = ["784-100-100-10", "backcheck, samples/s", "PyTorch", "ratio", "goal at least", "losses after 70 updates differ by"]
    table("Training, samples a second", header, rows)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
