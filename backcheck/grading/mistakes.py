"""The mistakes that people make at every cell of a problem, as formulas; which kinds a row has room for; it judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from backcheck.cells import Index
from backcheck.formula import ONE, Call, Cell, Formula, Product, add, cells, multiply, negative, rebuild, substitute
from backcheck.grading.at_backward import of_bias, of_carried, of_delta, of_fused, of_loss_slope, of_weight
from backcheck.grading.at_forward import of_activation, of_loss, of_weighted_sum
from backcheck.grading.edits import MOST_UNITS, Candidate, Cells, scaled, seen, signed, terms, without_factors, without_terms
from backcheck.grading.steps import Steps
from backcheck.slips.layers import Layer, layers
from backcheck.spelling import spell
from backcheck.worksheet import Phase, Row

STEPS = ("sgd", "sgd masked")  # p − η·slope; the slope may be one with penalties, or m
Kind = Callable[["Book", Layer, str, Formula], Iterator[Candidate]]


class Book:
    """The mistakes of every cell of one problem, made when they are first asked for."""

    def __init__(self, steps: Steps) -> None:
        self.steps, self.sheet, self.at = steps, steps.sheet, Cells(steps)
        self.layers = layers(self.sheet) if self.sheet.names.output else []
        self.kinds: dict[str, tuple[Kind, Layer]] = dict(_kinds(self.layers)) if self.layers else {}
        self._found: dict[str, list[Candidate]] = {}

    def mistakes(self, name: str) -> list[Candidate]:
        """Every single mistake at a cell that changes its formula, the likeliest kinds first."""
        if name not in self._found:
            tree = self.steps.tree(name)
            found = [*self._of_kind(name, tree), *_anywhere(self, name, tree)]
            self._found[name] = _different(found, tree)
        return self._found[name]

    def _of_kind(self, name: str, tree: Formula) -> Iterator[Candidate]:
        row = self.steps.row(name)
        if row.name in self.kinds:
            kind, layer = self.kinds[row.name]
            return kind(self, layer, name, tree)
        return (_of_update if row.name.endswith("'") else _of_formula)(self, name, tree)

    def letters(self, name: str, op: str, parents: Iterable[str]) -> Formula:
        """The formula of a cell by another operation, `g z a: g*a`."""
        row = self.steps.row(name)
        return self.steps.tree(name, Row(row.name, op, tuple(parents), row.phase))

    def of_row(self, name: str) -> tuple[Row, Index]:
        """The row of a cell, of a mixed one that of its own unit."""
        return self.steps.unit_row(name), self.steps.place(name)[1]


def _different(found: list[Candidate], right: Formula) -> list[Candidate]:
    """Without what changes nothing, and what another one says already."""
    seen_already, kept = {right}, []
    for candidate in found:
        if candidate.tree not in seen_already:
            seen_already.add(candidate.tree)
            kept.append(candidate)
    return kept


def _kinds(found: list[Layer]) -> Iterator[tuple[str, tuple[Kind, Layer]]]:
    for layer in found:
        yield layer.z.name, (of_weighted_sum, layer)
        yield layer.a.name, (of_activation, layer)
        yield layer.da, (of_carried, layer)
        yield layer.dz, (of_fused if layer.fused else of_delta, layer)
        yield layer.dW, (of_weight, layer)
        yield layer.db, (of_bias, layer)
        yield layer.dx, (of_carried, layer)
    last = found[-1]
    yield last.da, (of_loss_slope, last)
    for row in last.sheet.in_phase(Phase.LOSS):
        yield row.name, (of_loss, last)


def _anywhere(book: Book, name: str, tree: Formula) -> Iterator[Candidate]:
    """Slips that belong to no kind of step: a neighbour's number, two units swapped, the sign, twice or half."""
    row, index = book.steps.place(name)
    for axis, i in enumerate(index):
        size = book.at.shape(row)[axis]
        for other in range(size if size <= MOST_UNITS else 0):
            to = book.at.at(row, (*index[:axis], other, *index[axis + 1 :]))
            if other != i and to and to != name:
                yield Candidate("swapped_unit", f"this is the number of {seen(to)}", book.steps.tree(to))
    yield from book.at.neighbours(tree)
    yield from book.at.swapped(tree)
    if book.steps.row(name).phase is not Phase.UPDATE:
        yield from scaled(tree)
        yield from signed(tree)


def _of_update(book: Book, name: str, tree: Formula) -> Iterator[Candidate]:
    """p′ = p − η·∂L/∂p"""
    row, index = book.steps.row(name), book.steps.place(name)[1]
    p = row.parents[0]
    slope = row.parents[2] if row.op in STEPS else f"d{book.sheet.result}/d{p}"
    own, eta = Cell(book.at.at(p, index) or p), Cell("eta")
    dp = Cell(book.at.at(slope, index) or slope)
    yield Candidate("not_updated", f"{seen(own.name)} is not updated", own)
    if row.op == "frozen" or tree == own:
        yield Candidate("frozen_updated", f"{seen(own.name)} is updated though it is frozen", add(own, negative(multiply(eta, dp))))
        return
    if row.op not in STEPS:
        yield from _of_optimiser(tree, own, dp)
        return
    yield Candidate("ascent", "the step goes up the slope: + in place of −", add(own, multiply(eta, dp)))
    yield Candidate("rate_missing", "the learning rate is missing", add(own, negative(dp)))
    yield Candidate("rate_for_slope", "the slope is missing: only the rate is subtracted", add(own, negative(eta)))
    yield Candidate("only_the_change", "this is the change η·∂L/∂p, not the new parameter", multiply(eta, dp))
    yield Candidate("only_the_change", "this is the change −η·∂L/∂p, not the new parameter", negative(multiply(eta, dp)))
    if len(index) == 2 and (other := book.at.at(slope, index[::-1])) and other != dp.name:
        says = f"{seen(other)} is taken for {seen(dp.name)}: the gradient is transposed"
        yield Candidate("transposed_gradient", says, add(own, negative(multiply(eta, Cell(other)))))


def _of_optimiser(tree: Formula, own: Formula, dp: Formula) -> Iterator[Candidate]:
    """Any other step, p − η·change."""
    first, *rest = terms(tree)
    change = negative(add(*rest))
    yield Candidate("ascent", "the step goes up the slope: + in place of −", add(first, change))
    yield Candidate("rate_missing", "the learning rate is missing", substitute(tree, {"eta": ONE}))
    yield Candidate("only_the_change", "this is the change, not the new parameter", change)
    yield Candidate("only_the_change", "this is the change, not the new parameter", negative(change))
    yield Candidate("optimiser_missing", "this is the step w − η·∂L/∂w", add(own, negative(multiply(Cell("eta"), dp))))
    yield Candidate("root_missing", "the root of v is missing", _without_roots(tree))
    raw = {name: Cell(name.replace("hat(", "(", 1)) for name in cells(tree) if name.startswith(("mhat(", "vhat("))}
    yield Candidate("bias_correction_missing", "m and v are not divided by 1 − beta^n", substitute(tree, raw))
    for name, other in raw.items():
        says = f"{seen(other.name)} is taken for {seen(name)}: it is not divided by 1 − beta^n"
        yield Candidate("bias_correction_missing", says, substitute(tree, {name: other}))


def _without_roots(tree: Formula) -> Formula:
    match tree:
        case Call("sqrt", (body,)):
            return body
    return rebuild(tree, _without_roots)


def _of_formula(_: Book, name: str, tree: Formula) -> Iterator[Candidate]:
    """A line of an expression, or any other formula: terms and factors left out, paths joined in the wrong way."""
    kind = "path_missing" if "/d" in name else "term_missing"
    yield from without_terms(tree, kind, lambda term: spell(term, seen))
    yield from without_factors(tree, "factor_missing", lambda factor: spell(factor, seen))
    found = terms(tree)
    if "/d" in name and len(found) > 1:
        yield Candidate("paths_multiplied", "the paths are multiplied, not added", multiply(*found))
    if "/d" in name and isinstance(tree, Product):
        yield Candidate("added_along_path", "the slopes along a path are added, not multiplied", add(*tree.factors))
