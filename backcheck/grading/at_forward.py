"""The mistakes of the forward pass and of the loss, as formulas: one short function for each kind of row; it judges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from backcheck.catalogue import LOSSES
from backcheck.cells import Index
from backcheck.formula import Cell, Formula, Number, add, multiply, negative
from backcheck.grading.at_any_step import OTHER_ACTIVATIONS, SLOPES_IN_A, alike, one_by_one, over_examples, stripped
from backcheck.grading.edits import Candidate, exchanged, seen, terms, without_terms
from backcheck.slips.layers import Layer
from backcheck.spelling import spell

if TYPE_CHECKING:
    from backcheck.grading.mistakes import Book


def of_weighted_sum(book: Book, layer: Layer, name: str, tree: Formula) -> Iterator[Candidate]:
    """z = Σ W·x + b"""
    at, (_, index) = book.at, book.steps.place(name)
    if layer.b:
        bias = terms(tree)[-1]
        yield Candidate("bias_missing", f"the bias {seen(layer.b)} is missing", add(*terms(tree)[:-1]))
        yield Candidate("sign", "the bias is subtracted, not added", add(*terms(tree)[:-1], negative(bias)))
    if whole := _by_transposed(book, layer, index):
        rest = terms(tree)[len(whole) :]
        yield Candidate("transposed_weights", f"{layer.W} is transposed", add(*whole, *rest))
    yield from exchanged(tree, "transposed_weights", f"{layer.W} is transposed", at.transposed(layer.W))
    before = book.layers[layer.l - 2] if layer.l > 1 else None
    if before:
        says = f"{before.z.name} is taken for {before.a.name}"
        yield from exchanged(tree, "z_for_a", says, at.in_row(before.a.name, before.z.name))
        yield from one_by_one(tree, "z_for_a", at.in_row(before.a.name, before.z.name))
    yield from without_terms(tree, "input_missing", lambda term: f"the term {spell(term, seen)}")
    yield from stripped(tree, "weight_missing", f"the weights {layer.W} are missing", book, layer.W)
    yield from stripped(tree, "input_missing", f"{layer.x} is missing", book, layer.x)
    yield from exchanged(
        tree, "updated_weight_used", f"the new {layer.W} is used, not the old one", at.in_row(layer.W, f"{layer.W}'")
    )


def _by_transposed(book: Book, layer: Layer, index: Index) -> list[Formula]:
    """Σ x_k·W[k,j] in the place of Σ x_k·W[j,k], as far as there are weights."""
    n, j = index
    units, incoming = layer.shape
    pairs = [(book.at.at(layer.x, (n, k)), book.at.at(layer.W, (k, j))) for k in range(incoming)]
    return [multiply(Cell(x), Cell(w)) for x, w in pairs if x and w] if incoming <= units and j < incoming else []


def of_activation(book: Book, layer: Layer, name: str, tree: Formula) -> Iterator[Candidate]:
    """a = f(z)"""
    row, index = book.of_row(name)
    z = row.parents[0]
    own = Cell(book.at.at(z, index) or z)
    if row.op != "identity":
        yield Candidate("activation_missing", f"the activation is missing: {seen(own.name)} stands as it is", own)
    for op, text in OTHER_ACTIVATIONS.items():
        if op != row.op:
            yield Candidate("wrong_activation", f"the activation is {op}", book.letters(name, f"z: {text}", (z,)))
    for op, text in SLOPES_IN_A.items():
        if op == row.op:
            slope = text.replace("a", f"({op}(z))")
            yield Candidate("derivative_for_activation", "f′(z) stands where f(z) should", book.letters(name, f"z: {slope}", (z,)))
    if row.op in OTHER_ACTIVATIONS:
        other = OTHER_ACTIVATIONS[row.op].replace("z", "(-z)")
        yield Candidate("sign", f"{row.op} is taken at −z", book.letters(name, f"z: {other}", (z,)))
    if row.op == "softmax":
        yield Candidate("not_normalised", "e^z is not divided by the sum", book.letters(name, "z: exp(z)", (z,)))
        yield Candidate("not_normalised", "z is divided by the sum of all z, without e^z", book.letters(name, "z: z/sum(z)", (z,)))
        yield Candidate("wrong_activation", "e^z is divided by the sum of the others", book.letters(name, SOFTMAX_OF_OTHERS, (z,)))


SOFTMAX_OF_OTHERS = "z: exp(z)/(sum(exp(z)) - exp(z))"


def of_loss(book: Book, layer: Layer, name: str, tree: Formula) -> Iterator[Candidate]:
    """L"""
    row, _ = book.of_row(name)
    examples = book.sheet.names.examples
    op = row.op
    if op in ("mean", "total"):
        yield from over_examples(tree, examples, op == "mean")
        return
    outputs = book.at.shape(book.sheet.names.output)[-1]
    fused = "+" in op and ":" not in op
    t_y = (row.parents[0], row.parents[2 if fused else 1])
    if outputs > 1:
        mean = op == "mean_squared_error"
        K = Number(str(outputs))
        kind, says = (
            ("sum_for_mean", f"it is not divided by the {outputs} outputs")
            if mean
            else ("mean_for_sum", f"it is divided by the {outputs} outputs")
        )
        yield Candidate(kind, says, multiply(K, tree) if mean else tree / K)
    own = op.partition("+")[2].partition(" ")[0] or op
    for loss, parameters in LOSSES.items():
        if loss not in alike(own) and not parameters:
            yield Candidate("wrong_loss", f"this is {loss}", book.letters(name, loss, t_y))
    for text, says in (
        ("sum(t - y)", "the squares are missing"),
        ("sum(t + y)", "t and y are added"),
        ("sum(t**2 - y**2)", "t² − y² stands for (t − y)²"),
    ):
        yield Candidate("wrong_loss", says, book.letters(name, f"t y: {text}", t_y))
    yield from without_terms(tree, "path_missing", lambda term: spell(term, seen))
