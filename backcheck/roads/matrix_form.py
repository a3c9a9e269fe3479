"""The derivatives of a layer in matrices, for one example as columns: δ1 = (W2ᵀ·δ2) ⊙ a1 ⊙ (1 − a1); read off SymPy's slopes."""

from __future__ import annotations

import re
from typing import Any

import sympy as sp

from backcheck.cells import Index
from backcheck.formula import Cell, Formula
from backcheck.roads.chain import Chain
from backcheck.roads.definitions import n
from backcheck.roads.derived import arriving, output_delta
from backcheck.roads.written import written
from backcheck.spelling import Spelling, spell
from backcheck.worksheet import Phase, Row, Worksheet

ENTRIES = Spelling("−", " ⊙ ", True)  # product of entries


def matrix_forms(chain: Chain) -> list[tuple[int, str]]:
    """For each layer, from the last to the first, its lines."""
    sheet, lines = chain.sheet, []
    outputs = [row for row in sheet.in_phase(Phase.FORWARD) if row.name.startswith("a")]
    for a in reversed(outputs):
        z, layer = sheet[a.parents[0]], int(a.name[1:])
        delta = f"δ{layer} = ∂L/∂{z.name}"
        lines.append((layer, f"{delta} = {_delta(chain, a)}"))
        slopes = [_slope(z, at, layer, sheet) for at in range(1, len(z.parents))]
        lines.append((layer, "   ".join(slopes)))
    return lines


def _slope(z: Row, position: int, layer: int, sheet: Worksheet) -> str:
    """∂L/∂W = δ·xᵀ, ∂L/∂b = δ, summed over the examples."""
    tree = arriving(z.op, position)
    several = "Σₙ " if sheet.names.examples > 1 and tree.has(n) else ""
    factors = {str(cell.base) for cell in tree.atoms(sp.Indexed)}
    x = f"·{z.parents[0]}ᵀ" if "x" in factors else ""
    return f"∂L/∂{z.parents[position]} = {several}δ{layer}{x}"


def _delta(chain: Chain, a: Row) -> str:
    """δ of a layer: from the loss, or from the δ of the layer above, carried back by its weights."""
    if "|" in a.op:
        return f"∂L/∂{a.name} ⊙ f′({a.parents[0]}), with f of each unit"
    if a.name == chain.sheet.names.output:
        over = f"/{chain.sheet.names.examples}" if chain.sheet["L"].op == "mean" else ""
        text = _entries(output_delta(a.op, chain.loss_row.op), chain, a, "")
        return f"({text}){over}" if over and " " in text else text + over
    above = chain.readers[a.name][0]
    back = f"({above.parents[1]}ᵀ·δ{above.name[1:]})"
    return _entries(arriving(a.op, 0), chain, a, back)


def _entries(tree: Any, chain: Chain, a: Row, back: str) -> str:
    """A formula of entries, its letters being whole columns."""
    tree = tree.replace(sp.Sum, lambda body, _: sp.Function("sum")(body))
    formula = written(tree, _Columns(chain, a), _Nowhere())
    text = spell(formula, lambda cell: {"eta": "η", "g": back or "g"}.get(cell, cell), ENTRIES)
    return re.sub(r"(?<![\w.])([\d./]+) ⊙ ", r"\1·", text)


class _Nowhere(dict[Any, int]):
    """Any index: a whole column is meant."""

    def __missing__(self, _: Any) -> int:
        return 0


class _Columns:
    """Letters as the names of whole rows."""

    def __init__(self, chain: Chain, a: Row) -> None:
        self.chain, self.a = chain, a

    def cell(self, letter: str, index: Index) -> Formula:  # noqa: ARG002 - all of them
        return Cell({"a": self.a.name, "y": self.a.name, "z": self.a.parents[0]}.get(letter, letter))

    def number(self, letter: str) -> Formula:
        return self.chain.letters_of(self.a).number(letter)

    def size(self, letter: str) -> int:
        return self.chain.shapes[self.a.name][letter != "N"]
