"""The mistakes of the backward pass, as formulas: one short function for each kind of row; it judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from backcheck.arithmetic import parse
from backcheck.catalogue import LOSSES
from backcheck.cells import Index
from backcheck.formula import ONE, Cell, Formula, Number, Product, add, multiply, negative, substitute
from backcheck.grading.at_any_step import SLOPES_IN_A, alike, of_examples, one_by_one, stripped
from backcheck.grading.edits import Candidate, exchanged, scaled, seen, without_terms
from backcheck.paper import ACTIVATIONS, LETTERED
from backcheck.slips.backward import TAKEN_FOR_SLOPE, Z_FOR_A
from backcheck.slips.layers import Layer
from backcheck.spelling import spell

if TYPE_CHECKING:
    from backcheck.grading.mistakes import Book


def of_loss_slope(book: Book, layer: Layer, name: str, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂y"""
    row, _ = book.of_row(name)
    fused = layer.fused
    t, y, N = row.parents[0], row.parents[2 if fused else 1], row.parents[3 if fused else 2]
    yield Candidate("sign", "the sign is the other way round: y and t are swapped in the difference", negative(tree))
    yield from scaled(tree)
    own = row.op.partition(".")[0].partition("+")[2].partition(" ")[0] or row.op.partition(".")[0]
    for loss, parameters in LOSSES.items():
        if loss not in alike(own) and not parameters:
            yield Candidate("wrong_loss_gradient", f"this is the slope of {loss}", book.letters(name, f"{loss}.dy", (t, y, N)))
    for text in ("y", "t", "t + y", "(t - y)**2", "t - y"):
        says = f"the slope of the loss is worked as {spell(parse(text), str)}"
        yield Candidate("wrong_loss_gradient", says, book.letters(name, f"t y: {text}", (t, y)))
    yield from of_examples(book, tree)
    yield from without_terms(tree, "path_missing", lambda term: spell(term, seen))


def of_delta(book: Book, layer: Layer, name: str, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂z = ∂L/∂a·f′(z)"""
    row, index = book.of_row(name)
    op = row.op.removesuffix(".dz")
    g_z_a = row.parents[:3]
    arriving = Cell(book.at.at(g_z_a[0], index) or g_z_a[0])
    if op == "identity":
        return
    yield Candidate("activation_derivative_missing", f"{layer.prime} is missing", arriving)
    yield Candidate("activation_for_derivative", "f(z) stands where f′(z) should", book.letters(name, "g z a: g*a", g_z_a))
    yield from _other_slopes(book, name, op, g_z_a)
    if layer is book.layers[-1]:
        t, y = book.sheet["L[n]" if "L[n]" in book.sheet else "L"].parents[:2]
        for text in ("y - t", "t - y"):
            says = f"it is worked as {spell(parse(text), str)}, which belongs to another loss"
            yield Candidate("wrong_loss_gradient", says, book.letters(name, f"t y: {text}", (t, y)))
    if op != "softmax":
        yield Candidate("derivative_twice", f"{layer.prime} is multiplied in twice", multiply(tree, *_without(tree, arriving)))
        yield Candidate(
            "slope_missing", f"{seen(arriving.name)} is missing: only {layer.prime} is there", multiply(*_without(tree, arriving))
        )
    if op in ACTIVATIONS and op != "softmax":
        forward, slope = (parse(form.partition(";")[0]) for form in ACTIVATIONS[op])
        at_a = substitute(slope, {"z": Cell("a"), "a": substitute(forward, {"z": Cell("a")})})
        yield Candidate("derivative_at_a", "f′ is taken at a, not at z", book.steps.tree_of(name, at_a, row))
    if op in SLOPES_IN_A:
        yield from exchanged(tree, "z_for_a", "z is taken for a in f′", book.at.in_row(layer.a.name, layer.z.name))
    if op == "softmax":
        yield Candidate("softmax_elementwise", "softmax is treated unit by unit", book.letters(name, "g z a: g*a*(1 - a)", g_z_a))
        yield Candidate(
            "activation_derivative_missing", "the sum over the other units is missing", book.letters(name, "g z a: g*a", g_z_a)
        )
    yield from of_examples(book, tree)


def _without(tree: Formula, factor: Formula) -> list[Formula]:
    """The other factors of a product."""
    return [part for part in (tree.factors if isinstance(tree, Product) else (tree,)) if part != factor]


def _other_slopes(book: Book, name: str, op: str, g_z_a: tuple[str, ...]) -> Iterator[Candidate]:
    for text in TAKEN_FOR_SLOPE.get(op, ()):
        says = f"f′ is worked as {spell(parse(text), str)}"
        if text not in Z_FOR_A:
            yield Candidate("wrong_activation_derivative", says, book.letters(name, f"g z a: g*({text})", g_z_a))
    for other in ("sigmoid", "tanh"):
        if other != op:
            text = LETTERED[f"{other}.dz"].partition(";")[0]
            says = f"f′ is that of {other}"
            yield Candidate("wrong_activation_derivative", says, book.letters(name, f"g z a: {text}", g_z_a))


def of_fused(book: Book, layer: Layer, name: str, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂z at once, (y − t)/N"""
    row, index = book.of_row(name)
    t_z_y, N = row.parents[:3], row.parents[3]
    t_y = (t_z_y[0], t_z_y[2])
    yield Candidate("sign", "the sign is the other way round: t − y for y − t", negative(tree))
    yield from scaled(tree)
    a = Cell(book.at.at(layer.a.name, index) or layer.a.name)
    yield Candidate(
        "derivative_twice", "a·(1 − a) is multiplied in once more: it is in there already", multiply(tree, a, add(ONE, negative(a)))
    )
    if arriving := book.at.at(layer.da, index):
        yield Candidate("activation_derivative_missing", f"{layer.prime} is missing", Cell(arriving))
        alone = multiply(Cell(arriving), a, add(ONE, negative(a)))
        if row.op.startswith("softmax"):
            yield Candidate("softmax_elementwise", "softmax is treated unit by unit", alone)
    for loss, parameters in LOSSES.items():
        if not parameters and "cross" not in loss and loss != "half_squared_error":  # with f′ once more, as above
            slope = LETTERED[f"{loss}.dy"].partition(";")[0]
            K = str(book.at.shape(layer.a.name)[-1])
            text = f"({slope})*y*(1 - y)".replace("K", K).replace("/N", f"/{N}")
            yield Candidate("wrong_loss_gradient", f"this is the slope of {loss}", book.letters(name, f"t y: {text}", t_y))
    for text in ("y", "t + y", "(y - t)**2"):
        says = f"it is worked as {spell(parse(text), str)}"
        yield Candidate("wrong_loss_gradient", says, book.letters(name, f"t y: {text}", t_y))
    yield from exchanged(tree, "z_for_a", "z is taken for a", book.at.in_row(layer.a.name, layer.z.name))
    yield from of_examples(book, tree)


def of_weight(book: Book, layer: Layer, name: str, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂W = Σ δ·x over the examples"""
    at, (_, index) = book.at, book.steps.place(name)
    yield from stripped(tree, "input_missing", f"{layer.x} is missing", book, layer.x)
    yield from stripped(tree, "slope_missing", f"{seen(layer.dz)} is missing", book, layer.dz)
    if layer.l > 1:
        before = book.layers[layer.l - 2]
        says = f"{before.z.name} is taken for {before.a.name}"
        yield from exchanged(tree, "z_for_a", says, at.in_row(before.a.name, before.z.name))
    if (other := at.at(layer.dW, index[::-1])) and other != name:
        yield Candidate(
            "transposed_gradient", f"this is the number of {seen(other)}: the matrix is transposed", book.steps.tree(other)
        )
    yield from _upstream(book, layer, tree)
    yield from _outputs_for_inputs(book, layer, tree)
    yield from exchanged(tree, "weight_for_input", f"{layer.W} is taken for {layer.x}", _weight_of(book, layer, index))
    yield from of_examples(book, tree)
    yield from _one_example(book, tree)


def _one_example(book: Book, tree: Formula) -> Iterator[Candidate]:
    """Only some of the examples, with or without the mean."""
    N = Number(str(book.sheet.names.examples))
    for found in without_terms(tree, "one_example", lambda term: f"the part {spell(term, seen)}"):
        yield found
        if book.sheet["L"].op == "mean":
            yield found._replace(says=f"{found.says}, and it is not divided by {N.text}", tree=multiply(N, found.tree))


def _weight_of(book: Book, layer: Layer, index: Index) -> Callable[[str], str | None]:
    return lambda cell: book.at.at(layer.W, index) if book.steps.place(cell)[0] == layer.x else None


def _outputs_for_inputs(book: Book, layer: Layer, tree: Formula) -> Iterator[Candidate]:
    """The layer's own output for what came in: a2 for a1."""

    def own(cell: str) -> str | None:
        row, (n, k) = book.steps.place(cell)[0], (*book.steps.place(cell)[1], 0, 0)[:2]
        return book.at.at(layer.a.name, (n, k)) if row == layer.x else None

    yield from exchanged(tree, "output_for_input", f"{layer.a.name} is taken for {layer.x}", own)


def _upstream(book: Book, layer: Layer, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂a for ∂L/∂z, or that of another layer."""
    if layer.a.op != "identity":
        says = f"{layer.prime} is missing: {seen(layer.da)} is taken for {seen(layer.dz)}"
        yield from exchanged(tree, "activation_derivative_missing", says, book.at.in_row(layer.dz, layer.da))
    for other in book.layers:
        if other.l != layer.l:
            says = f"{seen(other.dz)} is taken for {seen(layer.dz)}"
            yield from exchanged(tree, "other_layer", says, book.at.in_row(layer.dz, other.dz))


def of_bias(book: Book, layer: Layer, name: str, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂b = Σ δ over the examples"""
    yield from _upstream(book, layer, tree)
    yield from of_examples(book, tree)
    _, (j,) = book.steps.place(name)
    if bias := book.at.at(layer.b, (j,)):
        yield Candidate("bias_included", f"{seen(bias)} is multiplied in: its own factor is 1", multiply(tree, Cell(bias)))
    yield from _one_example(book, tree)


def of_carried(book: Book, layer: Layer, name: str, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂x = Σ δ·W over the units that x goes into"""
    row, _ = book.of_row(name)
    found = next((one for one in book.layers if one.dx == row.name), None)
    if found is None:
        return
    at, W = book.at, found.W
    yield from without_terms(tree, "path_missing", lambda term: f"the path {spell(term, seen)}")
    yield from stripped(tree, "weight_missing", f"the weights {W} are missing", book, W)
    yield from stripped(tree, "slope_missing", f"{seen(found.dz)} is missing", book, found.dz)
    yield from _transposed_back(book, found, name, tree)
    yield from exchanged(
        tree, "updated_weight_used", f"the new {W} is used on the way back, not the old one", at.in_row(W, f"{W}'")
    )
    yield from one_by_one(tree, "updated_weight_used", at.in_row(W, f"{W}'"))
    yield from _upstream(book, found, tree)
    for other in book.layers:
        if other.l != found.l:
            yield from exchanged(tree, "other_layer", f"{other.W} is taken for {W}", at.in_row(W, other.W))


def _transposed_back(book: Book, layer: Layer, name: str, tree: Formula) -> Iterator[Candidate]:
    """Row k of the weights where column k belongs."""
    _, (n, k) = book.steps.place(name)
    units, incoming = layer.shape
    pairs = [(book.at.at(layer.dz, (n, j)), book.at.at(layer.W, (k, j))) for j in range(units)]
    if k < units and incoming >= units and all(dz and w for dz, w in pairs):
        whole = add(*(multiply(Cell(dz), Cell(w)) for dz, w in pairs if dz and w))
        yield Candidate("transposed_weights", f"{layer.W} is transposed on the way back", whole)
    yield from exchanged(tree, "transposed_weights", f"{layer.W} is transposed on the way back", book.at.transposed(layer.W))
