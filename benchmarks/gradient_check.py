"""The check of every parameter, and the certified gradient, against torch.autograd.gradcheck (float64, full mode).

python benchmarks/gradient_check.py [rounds]        needs torch and python-flint
"""

from __future__ import annotations

import sys

from timing import side_by_side, table  # first, because it sets the number of threads

# isort: split
import torch

import backcheck
from backcheck.roads.by_nudging import nudged
from backcheck.roads.certified import certified

NETWORKS = [((784, 30, 10), 1), ((784, 30, 10), 16), ((64, 32, 10), 16), ((20, 30, 10), 16), ((2, 2, 2), 16)]
LAYER = "  - {{units: {units}, weights: {{init: xavier, seed: {seed}}}, biases: {{init: zeros}}, activation: {activation}}}"


def problem(widths: tuple[int, ...], batch: int) -> str:
    """A network with a hidden layer of sigmoid units and softmax outputs, all its numbers by seed."""
    inputs, hidden, outputs = widths
    return "\n".join(
        [
            f"inputs: {{init: uniform, low: 0, high: 1, shape: [{batch}, {inputs}], seed: 1}}",
            f"targets: [{', '.join(str(n % outputs) for n in range(batch))}]",
            "layers:",
            LAYER.format(units=hidden, seed=7, activation="sigmoid"),
            LAYER.format(units=outputs, seed=9, activation="softmax"),
            "loss: cross_entropy",
        ]
    )


def gradcheck(sheet):
    """torch's own check of the same network and numbers."""
    W1, b1, W2, b2 = (torch.tensor(sheet.given[name].copy(), requires_grad=True) for name in ("W1", "b1", "W2", "b2"))
    x, t = (torch.tensor(sheet.given[name].copy()) for name in ("x", "t"))

    def loss(W1, b1, W2, b2):
        logits = torch.sigmoid(x @ W1.T + b1) @ W2.T + b2
        return -(t * torch.log_softmax(logits, 1)).sum(1).mean()

    return torch.autograd.gradcheck(loss, (W1, b1, W2, b2))


def main(rounds: int = 5) -> None:
    torch.set_num_threads(1)
    rows = []
    for widths, batch in NETWORKS:
        sheet = backcheck.loads(problem(widths, batch))
        claims = {row.name: row.claims for row in sheet.rows if row.claims and row.claims[1][0] in "Wb"}
        found, done = nudged(sheet, list(claims.values())), backcheck.step(sheet)
        apart = max(abs(found[claim].value - done.array(name)).max() for name, claim in claims.items())
        largest = max(abs(done.array(name)).max() for name in claims)
        ours, theirs, ratio = side_by_side(lambda: nudged(sheet, list(claims.values())), lambda: gradcheck(sheet), rounds)  # noqa: B023
        balls, _, balls_ratio = side_by_side(lambda: certified(sheet, claims, 50), lambda: gradcheck(sheet), max(1, rounds // 2))  # noqa: B023
        size = sum(done.array(name).size for name in claims)
        rows.append(
            [
                "-".join(map(str, widths)),
                str(batch),
                f"{size:,}",
                f"{theirs * 1e3:,.1f} ms",
                f"{ours * 1e3:.2f} ms",
                f"{1 / ratio:,.0f}x",
                f"{apart / largest:.0e}",
                f"{balls * 1e3:.1f} ms",
                f"{1 / balls_ratio:,.0f}x",
            ]
        )
    header = ["network", "batch", "parameters", "gradcheck", "full check", "faster", "error", "50 digits", "faster"]
    table("Every parameter, in a warm process; error relative to the largest slope", header, rows)
    print("\n  goals on 784-30-10: 500x at batch 1, 100x at batch 16, error at most 1e-12; 50 digits 50x at batch 16")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
