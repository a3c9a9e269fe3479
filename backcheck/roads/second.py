"""Second derivatives in named quantities: every derivative of a sheet differentiated once more, along the links of its chains."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp
from sympy import Symbol

from backcheck.cells import Index
from backcheck.formula import Cell, Formula, cells
from backcheck.roads.chain import Chain
from backcheck.roads.definitions import symbolic
from backcheck.roads.derived import shortest, sigmoids_named
from backcheck.roads.written import written
from backcheck.worksheet import Phase, Worksheet


class Second:
    """Differentiates the formulas of one sheet by its parameters."""

    def __init__(self, chain: Chain) -> None:
        self.chain, self.sheet = chain, chain.sheet
        self.known: dict[tuple[str, str], Any] = {}

    def derivative(self, slope: str, by: str) -> Formula:
        """∂(a derivative)/∂(a parameter) as a formula."""
        return written(shortest(sigmoids_named(self.total(slope, by))), _Names(), {})

    def total(self, cell: str, by: str) -> Any:
        """The derivative of a quantity by a parameter, through all that it comes from."""
        if cell == by:
            return sp.S.One
        if (cell, by) not in self.known:
            partials = self.partials(cell)
            parts = [slope * self.total(before, by) for before, slope in partials.items() if slope != 0]
            self.known[cell, by] = sp.Add(*parts)
        return self.known[cell, by]

    def partials(self, cell: str) -> dict[str, Any]:
        """By each quantity that is read for this one, the slope with the others held still."""
        name, index = self.places[cell]
        row = self.sheet[name]
        if row.phase is Phase.GIVEN:
            return {}
        if row.claims:
            formula = self.chain.slope(row.claims, index)
            tree = in_symbols(formula)
            return {read: tree.diff(Symbol(read)) for read in dict.fromkeys(cells(formula))}
        return {link.by: in_symbols(link.formula) for link in self.links(name, index)}

    def links(self, name: str, index: Index) -> list[Any]:
        """The links from a cell of the forward pass to the cells it reads."""
        row, chain = self.sheet[name], self.chain
        if chain.single:
            return [chain.link_of(row, parent) for parent in dict.fromkeys(row.parents)]
        if row.op in ("affine", "linear"):
            n, j = index
            width = range(chain.shapes[row.parents[0]][1])
            weights = [chain.link_at(row, at, index, place) for at, place in ((0, (n, k)) for k in width)]
            weights += [chain.link_at(row, 1, index, (j, k)) for k in width]
            return weights + ([chain.link_at(row, 2, index, (j,))] if row.op == "affine" else [])
        return chain.links_of_unit(row, index)

    @cached_property
    def places(self) -> dict[str, tuple[str, Index]]:
        """Where every quantity stands."""
        found: dict[str, tuple[str, Index]] = {}
        for row in self.sheet.rows:
            shape = self.chain.shapes.get(row.claims[1] if row.claims else row.name) if not self.chain.single else ()
            for index in np.ndindex(shape) if shape is not None else ():
                found.setdefault(self.sheet.names.cell(row.name, index), (row.name, index))
        return found


def in_symbols(formula: Formula) -> Any:
    """A formula in named quantities as a SymPy expression of symbols with those names."""
    return symbolic(formula, {cell: Symbol(cell) for cell in cells(formula)}, None)


class _Names:
    """Symbols are called what they are called."""

    def cell(self, letter: str, index: Index) -> Formula:
        raise TypeError(letter, index)

    def number(self, letter: str) -> Formula:
        return Cell(letter)

    def size(self, letter: str) -> int:
        raise TypeError(letter)


def parameter_cells(sheet: Worksheet, rows: list[str]) -> list[str]:
    """Every parameter once, by its name."""
    names = (sheet.names.cell(row, index) for row in rows for index in np.ndindex(sheet.given[row].shape))
    return list(dict.fromkeys(names))
