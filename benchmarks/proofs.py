"""What `explain` proves about networks of 100 hidden units, in a warm process: milliseconds, goal 50.

python benchmarks/proofs.py [rounds]
"""

from __future__ import annotations

import sys
from statistics import median

from timing import seconds, table  # first, because it sets the number of threads

# isort: split
import backcheck
from backcheck.reasons.proven import proven
from backcheck.training.plan import Choice, Penalty, Plan
from backcheck.worksheet import Worksheet

STARTS = {"he": "{init: he, seed: 1}", "zeros": "{init: zeros}", "one constant": "{init: constant, value: 0.1}"}
PLANS = {
    "SGD": Plan(),
    "Adam, L2, mini-batches": Plan(optimiser=Choice("adam", {"epsilon": 1e-8}), l2=Penalty(0.01, half=True), batch_size=10),
}


def problem(start: str, biases: str, activation: str) -> Worksheet:
    """20-50-50-10 with 500 examples."""
    layers = "".join(
        f"- {{units: 50, weights: {start}, biases: {{init: constant, value: {biases}}}, activation: {activation}}}\n"
        for _ in range(2)
    )
    return backcheck.loads(
        "inputs: {init: uniform, low: 0, high: 1, shape: [500, 20], seed: 3}\ntargets: {init: uniform, low: 0, high: 1, seed: 4}\n"
        f"layers:\n{layers}- {{units: 10, weights: {start}, activation: sigmoid}}\nloss: squared_error\nlearning_rate: 0.1\n"
    )


def main(rounds: int = 21) -> None:
    rows = []
    for called, start in STARTS.items():
        for activation, biases in (("relu", "0"), ("relu", "-30"), ("tanh", "0")):
            sheet = problem(start, biases, activation)
            for plan_name, plan in PLANS.items():
                found = proven(sheet, plan)
                times = sorted(seconds(lambda sheet=sheet, plan=plan: proven(sheet, plan)) for _ in range(rounds))
                ids = ", ".join(dict.fromkeys(finding.id for finding in found)) or "nothing"
                rows.append([f"{called}, {activation}, b = {biases}", plan_name, f"{median(times) * 1e3:.1f} ms", ids])
    table("Proofs about 20-50-50-10, 500 examples", ["network", "plan", "median", "proven"], rows)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
