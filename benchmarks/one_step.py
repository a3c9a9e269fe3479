"""One step of 784-100-100-10, batch 64, against the same step as flat NumPy statements; and a 2-2-2 step in a warm process.

python benchmarks/one_step.py [rounds]
"""

from __future__ import annotations

import sys
from pathlib import Path

from timing import seconds, side_by_side, table  # first, because it sets the number of threads

# isort: split
import numpy as np

import backcheck

PROBLEMS = Path(__file__).parent.parent / "problems"


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def flat(x, t, W1, b1, W2, b2, W3, b3, eta):
    """The step as one would type it: forward, loss, backward, update."""
    a1 = sigmoid(x @ W1.T + b1)
    a2 = sigmoid(a1 @ W2.T + b2)
    z3 = a2 @ W3.T + b3
    e = np.exp(z3 - z3.max(1, keepdims=True))
    y = e / e.sum(1, keepdims=True)
    loss = -(t * np.log(y)).sum(1).mean()
    d3 = (y - t) / len(x)
    d2 = d3 @ W3 * a2 * (1 - a2)
    d1 = d2 @ W2 * a1 * (1 - a1)
    dW3, db3 = d3.T @ a2, d3.sum(0)
    dW2, db2 = d2.T @ a1, d2.sum(0)
    dW1, db1 = d1.T @ x, d1.sum(0)
    return loss, W1 - eta * dW1, b1 - eta * db1, W2 - eta * dW2, b2 - eta * db2, W3 - eta * dW3, b3 - eta * db3


def main(rounds: int = 201) -> None:
    sheet = backcheck.load(PROBLEMS / "digits-784-100-100-10.yaml")
    given = [sheet.given[name] for name in ("x", "t", "W1", "b1", "W2", "b2", "W3", "b3", "eta")]
    done, (loss, *updated) = backcheck.step(sheet), flat(*given)
    names = ("W1'", "b1'", "W2'", "b2'", "W3'", "b3'")
    worst = max(abs(done.array(name) - array).max() for name, array in zip(names, updated, strict=True))
    ours, theirs, ratio = side_by_side(lambda: backcheck.step(sheet), lambda: flat(*given), rounds)
    rows = [["784-100-100-10, batch 64", f"{ours * 1e3:.2f} ms", f"{theirs * 1e3:.2f} ms", f"{ratio:.3f}", "at most 1.15"]]
    table("One step in a warm process", ["network", "worksheet", "flat NumPy", "ratio", "goal"], rows)
    print(f"\n  same loss to {abs(done['L'] - loss):.1e}, same parameters to {worst:.1e}")
    small = backcheck.load(PROBLEMS / "two-two-two.yaml")
    times = sorted(seconds(lambda: backcheck.step(small)) for _ in range(2000))
    print(f"  2-2-2, one example: {times[1000] * 1e6:.0f} µs a step (median of 2000)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
