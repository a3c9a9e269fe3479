"""Every derivative of a sheet as a formula in named quantities, by the chain rule from SymPy's slopes; it reads the blank sheet.

δ of an output is written in targets and outputs, δ of a hidden unit in what arrives at it, and a weight's slope as δ times
what it weighs, so that the whole derivation takes two or three operations for each parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import sympy as sp

from backcheck.arithmetic import parse
from backcheck.catalogue import unit
from backcheck.cells import Index
from backcheck.formula import ONE, Cell, Formula, Number, Quotient, add, multiply
from backcheck.roads.definitions import definition, j, y
from backcheck.roads.derived import arriving, local, output_delta, p, q, shortest
from backcheck.roads.written import written
from backcheck.worksheet import Phase, Row, Worksheet

Shapes = Mapping[str, tuple[int, ...]]


class Link(NamedTuple):
    """One factor of a chain, ∂of/∂by = formula, between two cells."""

    of: str
    by: str
    formula: Formula


class Chain:
    """Writes the derivatives of one sheet; `shapes` says how many numbers each of its rows has."""

    def __init__(self, sheet: Worksheet, shapes: Shapes) -> None:
        self.sheet, self.shapes = sheet, shapes
        nodes = sheet.in_phase(Phase.FORWARD, Phase.LOSS)
        self.readers: dict[str, list[Row]] = {}
        for row in nodes:
            for parent in dict.fromkeys(row.parents):
                self.readers.setdefault(parent, []).append(row)
        self.single = not sheet.names.output
        self.loss = next((row for row in nodes if row.phase is Phase.LOSS), None)

    def slope(self, claim: tuple[str, str], index: Index) -> Formula:
        """∂of/∂by at one cell."""
        of, by = claim
        if self.single:
            return self.by_paths(by) if of == self.sheet.result else self.link(self.sheet[of], by)
        if places := self.places(by, index):
            return add(*(self.raw(row, place) for row, place in places))
        return self.raw(by, index)

    def forward(self, name: str, index: Index) -> Formula:
        """The definition of a cell of the forward pass."""
        row = self.sheet[name]
        op, parents = self.own(row, index)
        tree = definition(op, self.single).value
        letters = ("n", "j")
        return self.paper(row, op, parents, tree, letters, index)

    def by_paths(self, v: str) -> Formula:
        """∂f/∂v of an expression: over every operation that reads v, what arrives there times its local partial."""
        f = self.sheet.result
        parts = []
        for reader in self.readers.get(v, []):
            arrived: Formula = ONE if reader.name == f else Cell(self.sheet.names.cell(f"d{f}/d{reader.name}", ()))
            parts.append(multiply(arrived, self.link(reader, v)))
        return add(*parts)

    def link(self, row: Row, v: str) -> Formula:
        """∂row/∂v of one operation of an expression."""
        return self.paper(row, row.op, row.parents, local(row.op, row.parents.index(v), True), (), ())

    def raw(self, name: str, index: Index) -> Formula:
        """∂L at one place, by the one row that reads it."""
        reader = self.readers[name][0]
        if name == self.sheet.names.output:
            return self.of_output(index)
        op, parents = self.own(reader, index)
        if reader.name == self.sheet.names.output and "." not in op:
            return self.of_loss(reader, op, parents, index)
        position = parents.index(name)
        letters = tuple(str(i) for i in definition(op).reads[position].indices)
        return self.paper(reader, op, parents, arriving(op, position), letters, index)

    def of_output(self, index: Index) -> Formula:
        """∂L/∂y."""
        loss = self.loss_row
        reads = definition(loss.op).reads
        position = next(at for at, read in enumerate(reads) if getattr(read, "base", None) == y)
        return self.over_examples(self.paper(loss, loss.op, loss.parents, arriving(loss.op, position), ("n", "k"), index, ONE))

    def of_loss(self, reader: Row, op: str, parents: tuple[str, ...], index: Index) -> Formula:
        """δ of an output: the slope of the loss put into the slope of the activation."""
        letters = self.letters_of(reader._replace(op=op, parents=parents))
        return self.over_examples(written(output_delta(op, self.loss_row.op), letters, _indices(("n", "j"), index)))

    def letters_of(self, a: Row) -> _Letters:
        """What the letters of an activation are called, and of the outputs those of the loss as well."""
        names = dict(zip(map(_letter, definition(self.loss_row.op).reads), self.loss_row.parents, strict=True))
        names |= dict(zip(map(_letter, definition(a.op).reads), a.parents, strict=True))
        return _Letters(self, a, names, None)

    @property
    def loss_row(self) -> Row:
        assert self.loss is not None  # noqa: S101 - a network has a loss
        return self.loss

    def over_examples(self, formula: Formula) -> Formula:
        """Divided by the number of examples, where the batch is their mean."""
        count = self.sheet.names.examples
        return Quotient(formula, Number(str(count))) if self.sheet["L"].op == "mean" and count > 1 else formula

    def own(self, row: Row, index: Index) -> tuple[str, tuple[str, ...]]:
        """The operation of a unit, and what it reads."""
        return unit(row.op, row.parents, index[-1]) if "|" in row.op else (row.op, row.parents)

    def places(self, name: str, index: Index) -> list[tuple[str, Index]]:
        """All places of a parameter that stands in several."""
        if f"places {name}" not in self.sheet or not self.sheet.given[f"places {name}"][index]:
            return []
        group = self.sheet.given[f"places {name}"][index]
        tied = [row.name.removeprefix("places ") for row in self.sheet.rows if row.op == "places"]
        found = [(W, np.argwhere(self.sheet.given[f"places {W}"] == group)) for W in sorted(tied)]
        return [(W, tuple(map(int, place))) for W, places in found for place in places]

    def paths(self, v: str, most: int) -> list[list[Link]]:
        """Every path from the result of an expression back to a variable, as links; at most so many and one."""
        found: list[list[Link]] = []
        pending: list[tuple[str, list[Link]]] = [(v, [])]
        while pending and len(found) <= most:
            at, links = pending.pop()
            if at == self.sheet.result:
                found.append(links)
            for reader in reversed(self.readers.get(at, [])):
                pending.append((reader.name, [self.link_of(reader, at), *links]))
        return found

    def chains(self, by: str, index: Index) -> list[list[Link]]:
        """∂L/∂w as products of links from L to the parameter: one for each place, example and path through its layer."""
        places = self.places(by, index) or [(by, index)]
        found = [self.chain(W, place, n) for W, place in places for n in range(self.shapes["x"][0])]
        return [chain for chains in found for chain in chains]

    def chain(self, by: str, place: Index, n: int) -> list[list[Link]]:
        """The products for one example: through every output of the layer that depends on z."""
        z, (unit_, *k) = self.readers[by][0], place
        a = self.readers[z.name][0]
        last = self.link_at(z, z.parents.index(by), (n, unit_), (unit_, *k))
        op, parents = self.own(a, (n, unit_))
        units = range(self.shapes[a.name][1]) if depends_on_layer(op) else (unit_,)
        chains = []
        for i in units:
            first = Link("L", self.cell(a.name, (n, i)), self.raw(a.name, (n, i)))
            middle = self.link_at(a._replace(op=op, parents=parents), 0, (n, i), (n, unit_))
            chains.append([first, middle, last])
        return chains

    def links_of_unit(self, a: Row, index: Index) -> list[Link]:
        """From a unit's activation to the z it depends on."""
        op, parents = self.own(a, index)
        n, unit_ = index
        units = range(self.shapes[a.name][1]) if depends_on_layer(op) else (unit_,)
        return [self.link_at(a._replace(op=op, parents=parents), 0, index, (n, i)) for i in units]

    def link_of(self, row: Row, v: str) -> Link:
        """The link from an operation of an expression to what it reads."""
        return Link(row.name, v, self.link(row, v))

    def link_at(self, row: Row, position: int, of: Index, by: Index) -> Link:
        """∂(one cell of a row)/∂(one cell of a row it reads)."""
        at = _indices(("n", "j"), of) | dict(zip((p, q), by, strict=False))
        tree = local(row.op, position).replace(sp.KroneckerDelta, lambda one, other: sp.Integer(at[one] == at[other]))
        if of == by:  # a unit's own slope: a − a·a is a·(1 − a)
            tree = shortest(tree.xreplace({q: j}))
        names = dict(zip(map(_letter, definition(row.op).reads), row.parents, strict=True))
        formula = written(tree, _Letters(self, row, names, None), at)
        return Link(self.cell(row.name, of), self.cell(row.parents[position], by), formula)

    def cell(self, row: str, index: Index) -> str:
        return self.sheet.names.cell(row, index)

    def paper(
        self,
        row: Row,
        op: str,
        parents: tuple[str, ...],
        tree: Any,
        letters: tuple[str, ...],
        index: Index,
        arrived: Formula | None = None,
    ) -> Formula:
        names = dict(zip(map(_letter, definition(op, self.single).reads), parents, strict=True))
        return written(tree, _Letters(self, row, names, arrived), _indices(letters, index))


def depends_on_layer(op: str) -> bool:
    """Whether a unit reads the z of other units: softmax, or a formula with a sum."""
    return bool(definition(op).value.has(sp.Sum))


def _letter(read: Any) -> str:
    return str(getattr(read, "base", read))


def _indices(letters: tuple[str, ...], index: Index) -> dict[Any, int]:
    from backcheck.roads import definitions

    return dict.fromkeys((definitions.n, definitions.j, definitions.k), 0) | {
        getattr(definitions, letter): i for letter, i in zip(letters, index, strict=False)
    }


class _Letters:
    """What the letters of one row's formula are called."""

    def __init__(self, chain: Chain, row: Row, names: dict[str, str], arrived: Formula | None) -> None:
        self.chain, self.row, self.names, self.arrived = chain, row, names, arrived

    def cell(self, letter: str, index: Index) -> Formula:
        if letter == "g":
            return self.arrived or Cell(self.chain.sheet.names.cell(f"dL/d{self.row.name}", index))
        name = self.row.name if letter == "a" else self.names[letter]
        return Cell(self.chain.sheet.names.cell(name, index[: len(self.chain.shapes[name])]))

    def number(self, letter: str) -> Formula:
        name = self.names[letter]
        return parse(name) if self.chain.sheet[name].op == "numeral" else Cell(self.chain.sheet.names.cell(name, ()))

    def size(self, letter: str) -> int:
        first = self.chain.shapes[self.row.parents[0]]
        if self.row.op in ("affine", "linear"):
            return {"N": first[0], "K": first[-1], "J": self.chain.shapes[self.row.parents[1]][0]}[letter]
        return {"N": first[0], "K": first[-1], "J": first[-1]}[letter]
