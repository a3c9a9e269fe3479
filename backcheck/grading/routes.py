"""The ways on which a step may be worked and still be right: other forms, from z where it is written in a, without shortcuts."""

from __future__ import annotations

from backcheck.arithmetic import parse
from backcheck.formula import Call, Cell, Formula, cells, rebuild, substitute
from backcheck.grading.extent import Lines
from backcheck.grading.steps import AS_WRITTEN, Steps
from backcheck.paper import ACTIVATIONS, LETTERED, forms
from backcheck.slips.layers import layers

REMEMBERED = 20_000  # cells; strangers may state any selection of them


Way = tuple[Lines, Lines]

# Slopes as many work them, from a where the sheet has z: the sign of both is the same, and for ELU e^z is in a already.
FROM_A = {
    "relu": "g*relu'(as_written(a), at_zero)",
    "leaky_relu": "g*leaky_relu'(as_written(a), slope)",
    "elu": "g*(min(a, 0) + alpha + (1 - alpha)*heaviside(a, 0))",
    "softplus": "g*(1 - exp(-a))",
}


class Routes:
    """The ways of every cell of one problem, made when they are first asked for."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self._found: dict[tuple[str, frozenset[str]], list[Way]] = {}

    def ways(self, cell: str, stated: frozenset[str]) -> list[Way]:
        """The usual way first; each as it is, and with what rounding adds to steps that are not on the sheet."""
        key = cell, stated
        if key not in self._found:
            if len(self._found) > REMEMBERED:
                self._found.clear()
            trees = dict.fromkeys([self.steps.tree(cell), *_others(self.steps, cell)])
            self._found[key] = [
                (self.steps.lines_with(cell, stated, {cell: tree}), self.steps.rounded_lines(cell, tree, stated)) for tree in trees
            ]
        return self._found[key]


def _others(steps: Steps, cell: str) -> list[Formula]:
    row = steps.unit_row(cell)
    if row.op not in LETTERED:
        return []
    usual, *others = forms(row.op)
    activation = row.op.removesuffix(".dz")
    if row.op.endswith(".dz") and activation in ACTIVATIONS and activation != "softmax":
        others += [substitute(form, {"a": forms(activation)[0]}) for form in (usual, *others) if "a" in cells(form)]
        others += [parse(FROM_A[activation])] if activation in FROM_A else []
    trees = [_as_written(steps.tree_of(cell, form, row)) for form in others]
    layer = next((layer for layer in layers(steps.sheet) if layer.dz == row.name and layer.fused), None)
    return [*trees, steps.tree(cell, layer.chain)] if layer else trees


def _as_written(tree: Formula) -> Formula:
    """Of a number that only its sign is taken of, the digits that were written count: 0.000 is no positive number."""
    match tree:
        case Call("as_written", (Cell(name),)):
            return Cell(AS_WRITTEN + name)
    return rebuild(tree, _as_written)
