"""The check of every parameter, and the certified gradient, against torch.autograd.gradcheck (float64, full mode).

python benchmarks/gradient_check.py [rounds]        needs torch and python-flint

Ours is everything: the step by hand, every slope by nudging, and the comparison. Nothing is extrapolated: gradcheck runs
through all parameters in every round.
"""

from __future__ import annotations

import sys

from timing import side_by_side, table  # first, because it sets the number of threads

# isort: split
import torch

import backcheck
from backcheck.roads.by_nudging import nudged
from backcheck.roads.certified import certified

NETWORKS = [(widths, batch) for widths in ((784, 30, 10), (64, 32, 10), (20, 30, 10), (2, 2, 2)) for batch in (1, 16)]
MOST = 1e-12  # of the largest slope
WELL = 100  # times its own estimate: so far nudging may be off
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


def check(sheet, claims):
    """Whether every slope by hand is confirmed, and the largest difference relative to the largest slope."""
    done, found = backcheck.step(sheet), nudged(sheet, list(claims.values()))
    apart = {name: abs(found[claim].value - done.array(name)) for name, claim in claims.items()}
    if not all((apart[name] <= WELL * found[claim].error).all() for name, claim in claims.items()):
        sys.exit("nudging does not confirm the slopes by hand")
    return max(array.max() for array in apart.values()) / max(abs(done.array(name)).max() for name in claims)


def main(rounds: int = 5) -> None:
    torch.set_num_threads(1)
    rows = []
    for widths, batch in NETWORKS:
        sheet = backcheck.loads(problem(widths, batch))
        claims = {row.name: row.claims for row in sheet.rows if row.claims and row.claims[1][0] in "Wb"}
        error = check(sheet, claims)
        if error > MOST:
            sys.exit(f"off by {error:.0e} of the largest slope")
        ours, theirs, ratio = side_by_side(lambda: check(sheet, claims), lambda: gradcheck(sheet), rounds)  # noqa: B023
        balls, _, balls_ratio = side_by_side(lambda: certified(sheet, claims, 50), lambda: gradcheck(sheet), max(1, rounds // 2))  # noqa: B023
        size = sum(sheet.given[by].size for _, by in claims.values())
        rows.append(
            [
                "-".join(map(str, widths)),
                str(batch),
                f"{size:,}",
                f"{theirs * 1e3:,.1f} ms",
                f"{ours * 1e3:.2f} ms",
                f"{1 / ratio:,.0f}x",
                f"{error:.0e}",
                f"{balls * 1e3:.1f} ms",
                f"{1 / balls_ratio:,.0f}x",
            ]
        )
    header = ["network", "batch", "parameters", "gradcheck", "full check", "faster", "error", "50 digits", "faster"]
    table("Every parameter, in a warm process; error relative to the largest slope", header, rows)
    print("\n  goals on 784-30-10: 500x at batch 1, 100x at batch 16, error at most 1e-12; 50 digits 50x at batch 16")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
