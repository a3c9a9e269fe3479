"""The ways on which a step may be worked and still be right, each as lines on paper; it judges nothing."""

from __future__ import annotations

from backcheck.formula import Formula
from backcheck.grading.extent import Lines
from backcheck.grading.steps import Steps
from backcheck.paper import forms
from backcheck.slips.layers import layers
from backcheck.worksheet import Phase


def routes(steps: Steps, cell: str, stated: frozenset[str]) -> list[Lines]:
    """The usual way first; then the long way where the loss gives ∂L/∂z at once, and f′ from z where it is written in a."""
    found = [steps.lines(cell, stated)]
    for tree in _others(steps, cell):
        lines = steps.lines_with(cell, stated, {cell: tree})
        if lines not in found:
            found.append(lines)
    return found


def _others(steps: Steps, cell: str) -> list[Formula]:
    row, sheet = steps.row(cell), steps.sheet
    if row.phase is not Phase.BACKWARD or not sheet.names.output or not row.name.startswith("dL/dz"):
        return []
    layer = next(layer for layer in layers(sheet) if layer.dz == row.name)
    chain = [steps.tree(cell, layer.chain)] if layer.fused else []
    if ":" in row.op or "|" in row.op or layer.fused:
        return chain
    _, *second = forms(row.op)
    return chain + [steps.tree_of(cell, form) for form in second]
