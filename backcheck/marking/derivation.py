"""A sheet → its derivatives as formulas in named quantities, each beside the numbers of two roads; it writes no text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from backcheck.cells import PARAMETER, Index
from backcheck.errors import BadArgument, Undefined
from backcheck.formula import Formula, cells, evaluate, substitute
from backcheck.functions import FLOATS
from backcheck.marking.mark import confirmed
from backcheck.marking.opinions import ROUNDING, BySymbols, small
from backcheck.roads.backprop import parameters
from backcheck.roads.chain import Chain, Link
from backcheck.roads.matrix_form import matrix_forms
from backcheck.roads.work import WorkedSheet, idle, work
from backcheck.worksheet import Phase, Row, Worksheet

if TYPE_CHECKING:
    from backcheck.roads.second import Second

MOST_FORMULAS = 20_000  # written cell by cell; of a larger network, one at a time
MOST_PATHS = 24  # to one variable, written out
MOST_SECOND = 300  # entries of a Hessian
EPS, FEW = 2.0**-52, 64  # a difference of two slopes is off by a few units in their last place
STEP = 1e-3  # of the differences that second derivatives are held against
SMALL = 1e-6  # what is left of their digits
MOST_PARTS = 3_000  # quantities in a formula that is composed in inputs and weights alone


class Derived(NamedTuple):
    """One derivative: its formula, the numbers that go into it, and what two roads make of it."""

    name: str
    row: str
    formula: Formula
    inputs: Mapping[str, float]
    by_symbols: float
    by_hand: float | None  # None: it has no value there
    agrees: bool | None  # None: at a kink, where either side may be taken
    in_full: bool = False  # however long it is


class Derivation(NamedTuple):
    """The derivatives of a sheet, and the chain of the one that was asked for."""

    done: WorkedSheet
    lines: list[Derived]
    chains: list[list[Link]]
    inputs: Mapping[str, float]  # every cell that a link of the chains reads
    paths: Mapping[str, list[list[Link]]]  # variable of an expression → the products of links from the result to it
    matrices: list[tuple[int, str]]  # layer and its formulas between whole arrays
    remarks: list[str]
    only: bool


def derivation(sheet: Worksheet, only: str | None = None, full: bool = False) -> Derivation:
    """All derivatives of a sheet, or one with its chain; `full` writes them in what was given alone."""
    done = work(sheet)
    found = _Derivation(done)
    if only is None:
        lines = [found.line(row, index, full) for row, index in found.places()]
        if not sheet.names.output:
            paths = found.paths([v for v in parameters(sheet) if f"d{sheet.result}/d{v}" not in done.undefined])
            read = found.numbers([path for of in paths.values() for path in of])
            return Derivation(done, lines, [], read, paths, [], list(dict.fromkeys(map(str, done.undefined.values()))), False)
        return Derivation(done, lines, [], {}, {}, matrix_forms(found.chain), found.remarks, False)
    row, index = found.asked(only)
    chains = found.chain.chains(row.claims[1], index) if row.claims and found.has_chain(row) else []
    paths = {} if sheet.names.output or not row.claims or row.claims[0] != sheet.result else found.paths([row.claims[1]])
    read = found.numbers([*chains, *(path for of in paths.values() for path in of)])
    return Derivation(done, [found.line(row, index, full)], chains, read, paths, [], [], True)


def second_derivatives(sheet: Worksheet, only: str | None = None) -> Derivation:
    """The Hessian: by two parameters, or by the one that was asked for and each; beside it differences of the slopes by hand."""
    from backcheck.roads.second import Second, parameter_cells

    done = work(sheet)
    found = _Derivation(done)
    names = parameter_cells(sheet, parameters(sheet))
    pairs = [(first, other) for i, first in enumerate(names) for other in names[i:]]
    if only is not None:
        row, index = found.asked(only)
        first = sheet.names.cell(row.claims[1], index) if row.claims else only
        pairs = [(first, other) for other in names]
    if len(pairs) > MOST_SECOND:
        raise BadArgument(
            f"the Hessian has {len(pairs):,} different entries: ask for those of one parameter with --only dL/d{names[0]}"
        )
    second = Second(found.chain)
    return Derivation(done, [found.second(second, *pair) for pair in pairs], [], {}, {}, [], [], only is not None)


class _Derivation:
    """Writes the derivatives of one worked sheet."""

    def __init__(self, done: WorkedSheet) -> None:
        self.done, self.sheet = done, done.sheet
        self.remarks: list[str] = []
        forward = self.sheet.in_phase(Phase.GIVEN, Phase.FORWARD, Phase.LOSS)
        self.chain = Chain(self.sheet, {row.name: done.array(row.name).shape for row in forward})
        claims = {row.name: row.claims for row in self.sheet.rows if row.claims and row.name not in done.undefined}
        self.opinions = BySymbols(self.sheet, claims).opinions() if small(self.sheet) else {}

    def places(self) -> Iterator[tuple[Row, Index]]:
        """Every cell that claims a derivative, but for the slopes that nothing needs."""
        aside = {row.name for row in idle(self.sheet) if row.claims and row.claims[1] == "x"}
        rows = [row for row in self.sheet.rows if row.claims and row.name not in aside and row.name not in self.done.undefined]
        size = sum(self.shape(row) for row in rows)
        if size > MOST_FORMULAS:
            example = f"--only d{self.sheet.result}/d{next(self.parameters())}"
            self.remarks.append(
                f"{size:,} derivatives are more than are written out ({MOST_FORMULAS:,}): ask for one with {example}"
            )
            return
        for row in rows:
            yield from ((row, index) for index in np.ndindex(self.of(row)))

    def of(self, row: Row) -> tuple[int, ...]:
        """The shape of what a row is the slope of."""
        return self.chain.shapes[row.claims[1]] if row.claims else ()

    def shape(self, row: Row) -> int:
        return int(np.prod(self.of(row), dtype=int))

    def asked(self, only: str) -> tuple[Row, Index]:
        """The row and the index of the derivative that was asked for."""
        row, index = self.done.locate(only)
        if not self.sheet[row].claims and f"d{self.sheet.result}/d{row}" in self.sheet:  # w5 for dL/dw5
            row = f"d{self.sheet.result}/d{row}"
        if not self.sheet[row].claims:
            raise BadArgument(f"{only} is no derivative: ask for one like d{self.sheet.result}/d{next(iter(self.parameters()))}")
        return self.sheet[row], index

    def parameters(self) -> Iterator[str]:
        """The names of the parameters."""
        rows = parameters(self.sheet)
        return (self.sheet.names.cell(row, index) for row in rows for index in np.ndindex(self.sheet.given[row].shape))

    def has_chain(self, row: Row) -> bool:
        return bool(self.sheet.names.output and row.claims and PARAMETER.fullmatch(row.claims[1]))

    def line(self, row: Row, index: Index, full: bool) -> Derived:
        """The formula of one cell, its numbers, and whether the roads agree."""
        assert row.claims  # noqa: S101 - only derivatives are asked for
        formula = self.chain.slope(row.claims, index)
        if full:
            formula = self.composed(formula)
        inputs = {cell: self.done[cell] for cell in dict.fromkeys(cells(formula))}
        try:
            hand = float(self.done.array(row.name)[index])
        except Undefined:
            hand = None
        value, agrees = self.judged(row, index, formula, inputs, hand)
        return Derived(self.sheet.names.cell(row.name, index), row.name, formula, inputs, value, hand, agrees, full)

    def second(self, second: Second, first: str, other: str) -> Derived:
        """One entry of the Hessian."""
        f = self.sheet.result
        formula = second.derivative(f"d{f}/d{first}", other)
        inputs = {cell: self.done[cell] for cell in dict.fromkeys(cells(formula))}
        value = float(evaluate(formula, inputs.__getitem__, FLOATS))
        hand, error = self.differenced(f"d{f}/d{first}", other)
        row, index = self.done.locate(f"d{f}/d{first}")
        opinion = self.opinions.get(row)
        at_kink = opinion is not None and opinion.unclear is not None and bool(opinion.unclear[index])
        agrees = None if at_kink else abs(hand - value) <= error + SMALL * abs(value)
        return Derived(f"d2{f}/d{first} d{other}", f"d2{f}", formula, inputs, value, hand, agrees)

    def differenced(self, slope: str, by: str) -> tuple[float, float]:
        """How a slope by hand changes with a parameter: central differences, extrapolated, and how far that may be off."""
        wide, near = (self.difference(slope, by, h) for h in (STEP, STEP / 2))
        best = near + (near - wide) / 3
        rounding = EPS * float(abs(self.done.array(self.done.locate(slope)[0])).max()) / STEP
        return best, abs(near - wide) + FEW * rounding

    def difference(self, slope: str, by: str, h: float) -> float:
        row, index = self.done.locate(by)
        tied = self.sheet.names.tied.get(by) or ((row, index),)

        def at(change: float) -> float:
            moved = {name: self.sheet.given[name].copy() for name, _ in tied}
            for name, place in tied:
                moved[name][place] += change
            return work(self.sheet.with_given(moved, self.sheet.names))[slope]

        return (at(h) - at(-h)) / (2 * h)

    def judged(
        self, row: Row, index: Index, formula: Formula, inputs: Mapping[str, float], hand: float | None
    ) -> tuple[float, bool | None]:
        """What the road of symbols says; in a large network, what the formula gives with the numbers by hand."""
        opinion = self.opinions.get(row.name)
        if opinion is None:
            value = float(evaluate(formula, inputs.__getitem__, FLOATS))
            room = ROUNDING * float(abs(self.done.array(row.name)).max())
            return value, None if hand is None else abs(value - hand) <= room
        value = float(opinion.value[index])
        if hand is None or (opinion.unclear is not None and opinion.unclear[index]):
            return value, None
        return value, bool(confirmed(np.array(hand), opinion._replace(value=np.array(value), allowed=opinion.allowed[index])))

    def composed(self, formula: Formula) -> Formula:
        """The formula with every quantity that is worked out replaced by what it is worked out from."""
        while names := [
            cell for cell in dict.fromkeys(cells(formula)) if self.sheet[self.done.locate(cell)[0]].phase is not Phase.GIVEN
        ]:
            formula = substitute(formula, {cell: self.meaning(cell) for cell in names})
            if sum(1 for _ in cells(formula)) > MOST_PARTS:
                raise BadArgument("composed in inputs and weights alone this formula is too long to be read: leave --full away")
        return formula

    def meaning(self, cell: str) -> Formula:
        """What a cell is, in the quantities before it."""
        name, index = self.done.locate(cell)
        claims = self.sheet[name].claims
        return self.chain.slope(claims, index) if claims else self.chain.forward(name, index)

    def paths(self, variables: list[str]) -> dict[str, list[list[Link]]]:
        return {v: self.chain.paths(v, MOST_PATHS) for v in variables}

    def numbers(self, chains: list[list[Link]]) -> dict[str, float]:
        read = dict.fromkeys(cell for chain in chains for link in chain for cell in cells(link.formula))
        return {cell: self.done[cell] for cell in read}
