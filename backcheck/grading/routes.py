"""The ways on which a step may be worked and still be right, each as a formula; it judges nothing."""

from __future__ import annotations

from backcheck.formula import Formula, cells, substitute
from backcheck.grading.steps import Steps
from backcheck.paper import ACTIVATIONS, LETTERED, forms
from backcheck.slips.layers import layers


def routes(steps: Steps, cell: str) -> list[Formula]:
    """The usual way first; then the other forms of the same step, from z where it is usually written in a, and without shortcuts."""
    return list(dict.fromkeys([steps.tree(cell), *_others(steps, cell)]))


def _others(steps: Steps, cell: str) -> list[Formula]:
    row = steps.unit_row(cell)
    if row.op not in LETTERED:
        return []
    usual, *others = forms(row.op)
    activation = row.op.removesuffix(".dz")
    if row.op.endswith(".dz") and activation in ACTIVATIONS and activation != "softmax":
        others += [substitute(form, {"a": forms(activation)[0]}) for form in (usual, *others) if "a" in cells(form)]
    trees = [steps.tree_of(cell, form, row) for form in others]
    layer = next((layer for layer in layers(steps.sheet) if layer.dz == row.name and layer.fused), None)
    return [*trees, steps.tree(cell, layer.chain)] if layer else trees
