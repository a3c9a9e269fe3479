"""Every formula of a network, against composing the loss and calling sympy.diff; and how the work grows with the network.

python benchmarks/derivation.py [whole]        `whole` differentiates 8-8-8-8-2 the long way, too, which takes many minutes
"""

from __future__ import annotations

import sys

from timing import seconds, table  # first, because it sets the number of threads

# isort: split
import numpy as np
import sympy as sp
from sympy.core.cache import clear_cache

import backcheck
from backcheck.formula import Call, Negative, Power, Quotient, Sum, children
from backcheck.marking.derivation import derivation
from backcheck.roads import definitions, derived
from backcheck.roads.chain import Chain
from backcheck.worksheet import Phase

COMPOSED = [(2, 2, 2), (4, 4, 4, 2), (8, 8, 8, 8, 2)]
LARGER = [(32, 32, 32), (8,) * 17, (8,) * 33]
LAYER = "  - {{units: {}, weights: {{init: xavier, seed: {}}}, biases: {{init: zeros}}, activation: sigmoid}}"


def problem(widths: tuple[int, ...]) -> str:
    layers = [LAYER.format(units, seed) for seed, units in enumerate(widths[1:])]
    head = f"inputs: {{init: uniform, low: 0, high: 1, shape: [1, {widths[0]}], seed: 1}}\ntargets: [{[0.5] * widths[-1]}]\nlayers:"
    return "\n".join([head, *layers, "loss: squared_error", "learning_rate: 0.1"])


def formulas(sheet, shapes):
    """Every slope of the backward pass as a formula, from nothing: SymPy starts with empty caches."""
    clear_cache()
    for known in (definitions.definition, derived.local, derived.arriving, derived.output_delta):
        known.cache_clear()
    chain = Chain(sheet, shapes)
    rows = [row for row in sheet.rows if row.claims and row.claims[1] != "x"]
    return [chain.slope(row.claims, index) for row in rows for index in np.ndindex(shapes[row.claims[1]])]


def operations(tree) -> int:
    """+ − × / powers and calls in a formula; a difference is one operation."""
    parts = children(tree)
    if isinstance(tree, Sum):
        return len(parts) - 1 + sum(operations(part.body if isinstance(part, Negative) else part) for part in parts)
    own = 1 if isinstance(tree, Call | Negative | Power | Quotient) else max(len(parts) - 1, 0)
    return own + sum(map(operations, parts))


def composed(widths: tuple[int, ...]) -> None:
    """The loss in inputs, weights and biases alone, and its derivative by each parameter."""
    clear_cache()
    a, parameters = list(sp.symbols(f"x:{widths[0]}")), []
    for layer, units in enumerate(widths[1:]):
        W = [[sp.Symbol(f"W{layer}_{j}_{k}") for k in range(len(a))] for j in range(units)]
        b = [sp.Symbol(f"b{layer}_{j}") for j in range(units)]
        a = [1 / (1 + sp.exp(-sum(w * v for w, v in zip(W[j], a, strict=True)) - b[j])) for j in range(units)]
        parameters += [w for row in W for w in row] + b
    loss = sum((sp.Symbol(f"t{j}") - y) ** 2 for j, y in enumerate(a))
    for parameter in parameters:
        loss.diff(parameter)


def main(whole: str = "") -> None:
    rows = []
    for widths in COMPOSED + LARGER:
        sheet = backcheck.loads(problem(widths))
        done = backcheck.step(sheet)
        shapes = {row.name: done.array(row.name).shape for row in sheet.in_phase(Phase.GIVEN, Phase.FORWARD, Phase.LOSS)}
        size = sum(array.size for name, array in sheet.given.items() if name[0] in "Wb")
        ours = min(seconds(lambda: formulas(sheet, shapes)) for _ in range(3))  # noqa: B023
        count = sum(map(operations, formulas(sheet, shapes)))
        both = seconds(lambda: derivation(sheet))  # noqa: B023
        run = widths in COMPOSED[:2] or (whole and widths in COMPOSED)
        theirs = seconds(lambda: composed(widths)) if run else None  # noqa: B023
        name = "-".join(map(str, widths)) if len(widths) < 8 else f"{len(widths) - 1} layers of {widths[0]}"
        long_way = ["", ""] if theirs is None else [f"{theirs:.2f} s", f"{theirs / ours:,.0f}x"]
        rows.append([name, f"{size:,}", f"{ours * 1e3:,.0f} ms", f"{count / size:.2f}", f"{both * 1e3:,.0f} ms", *long_way])
    header = [
        "network",
        "parameters",
        "formulas",
        "operations/parameter",
        "and 30 digits of each",
        "sympy.diff of the loss",
        "ratio",
    ]
    table("Deriving every formula, caches empty", header, rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
