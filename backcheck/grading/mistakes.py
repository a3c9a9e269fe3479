"""The mistakes that people make at each kind of step, as formulas: one short function for each kind of row; it judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from backcheck.arithmetic import parse
from backcheck.catalogue import LOSSES
from backcheck.cells import Index
from backcheck.formula import ONE, Cell, Formula, Number, Product, add, cells, multiply, negative, rebuild, substitute
from backcheck.grading.edits import Candidate, Cells, exchanged, scaled, seen, signed, terms, without_factors, without_terms
from backcheck.grading.steps import Steps
from backcheck.paper import ACTIVATIONS, LETTERED
from backcheck.slips.at_outputs import ALIKE
from backcheck.slips.backward import TAKEN_FOR_SLOPE, Z_FOR_A
from backcheck.slips.layers import Layer, layers
from backcheck.spelling import spell
from backcheck.worksheet import Phase, Row

OTHER_ACTIVATIONS = {"sigmoid": "sigmoid(z)", "tanh": "tanh(z)", "relu": "max(0, z)"}
SLOPES_IN_A = {"sigmoid": "a*(1 - a)", "tanh": "1 - a**2"}
Kind = Callable[["Book", Layer | None, str, Formula], Iterator[Candidate]]


class Book:
    """The mistakes of every cell of one problem, made when they are first asked for."""

    def __init__(self, steps: Steps) -> None:
        self.steps, self.sheet, self.at = steps, steps.sheet, Cells(steps)
        self.layers = layers(self.sheet) if self.sheet.names.output else []
        self.kinds: dict[str, tuple[Kind, Layer | None]] = dict(_kinds(self.layers)) if self.layers else {}
        self._found: dict[str, list[Candidate]] = {}

    def mistakes(self, name: str) -> list[Candidate]:
        """Every single mistake at a cell that changes its formula, the likeliest kinds first."""
        if name not in self._found:
            tree = self.steps.tree(name)
            row = self.steps.row(name)
            kind, layer = self.kinds.get(row.name, (_of_update if row.phase is Phase.UPDATE else _of_formula, None))
            found = [*kind(self, layer, name, tree), *_anywhere(self, name, tree)]
            self._found[name] = _different(found, tree)
        return self._found[name]

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
        yield layer.z.name, (_of_weighted_sum, layer)
        yield layer.a.name, (_of_activation, layer)
        yield layer.da, (_of_carried, layer)
        yield layer.dz, (_of_fused if layer.fused else _of_delta, layer)
        yield layer.dW, (_of_weight, layer)
        yield layer.db, (_of_bias, layer)
        yield layer.dx, (_of_carried, layer)
    last = found[-1]
    yield last.da, (_of_loss_slope, last)
    for row in last.sheet.in_phase(Phase.LOSS):
        yield row.name, (_of_loss, last)


def _anywhere(book: Book, name: str, tree: Formula) -> Iterator[Candidate]:
    """Slips that belong to no kind of step: a neighbour's number, two units swapped, the sign, twice or half."""
    row, index = book.steps.place(name)
    for axis, i in enumerate(index):
        size = book.at.shape(row)[axis]
        for other in range(size if size <= 8 else 0):
            to = book.at.at(row, (*index[:axis], other, *index[axis + 1 :]))
            if other != i and to and to != name:
                yield Candidate("swapped_unit", f"this is the number of {seen(to)}", book.steps.tree(to))
    yield from book.at.neighbours(tree)
    yield from book.at.swapped(tree)
    if book.steps.row(name).phase is not Phase.UPDATE:
        yield from scaled(tree)
        yield from signed(tree)


def _of_weighted_sum(book: Book, layer: Layer | None, name: str, tree: Formula) -> Iterator[Candidate]:
    """z = Σ W·x + b"""
    assert layer is not None  # noqa: S101
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
        yield from _one_by_one(tree, "z_for_a", at.in_row(before.a.name, before.z.name))
    yield from without_terms(tree, "input_missing", lambda term: f"the term {spell(term, seen)}")
    yield from _stripped(tree, "weight_missing", f"the weights {layer.W} are missing", book, layer.W)
    yield from _stripped(tree, "input_missing", f"{layer.x} is missing", book, layer.x)
    yield from exchanged(
        tree, "updated_weight_used", f"the new {layer.W} is used, not the old one", at.in_row(layer.W, f"{layer.W}'")
    )


def _of_activation(book: Book, layer: Layer | None, name: str, tree: Formula) -> Iterator[Candidate]:
    """a = f(z)"""
    assert layer is not None  # noqa: S101
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


def _of_loss(book: Book, layer: Layer | None, name: str, tree: Formula) -> Iterator[Candidate]:
    """L"""
    row, _ = book.of_row(name)
    examples = book.sheet.names.examples
    op = row.op
    if op in ("mean", "total"):
        yield from _over_examples(tree, examples, op == "mean")
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
        if loss not in _alike(own) and not parameters:
            yield Candidate("wrong_loss", f"this is {loss}", book.letters(name, loss, t_y))
    for text, says in (
        ("sum(t - y)", "the squares are missing"),
        ("sum(t + y)", "t and y are added"),
        ("sum(t**2 - y**2)", "t² − y² stands for (t − y)²"),
    ):
        yield Candidate("wrong_loss", says, book.letters(name, f"t y: {text}", t_y))
    yield from without_terms(tree, "path_missing", lambda term: spell(term, seen))


def _alike(loss: str) -> set[str]:
    """Losses that differ by a factor only, which is a mistake of its own."""
    return ALIKE if loss in ALIKE else {loss}


def _over_examples(tree: Formula, examples: int, mean: bool) -> Iterator[Candidate]:
    N = Number(str(examples))
    if mean:
        yield Candidate("sum_for_mean", f"it is not divided by the {examples} examples", multiply(N, tree))
        yield Candidate("mean_twice", f"it is divided by the {examples} examples twice", tree / N)
    else:
        yield Candidate("mean_for_sum", f"it is divided by the {examples} examples", tree / N)


def _of_examples(book: Book, tree: Formula) -> Iterator[Candidate]:
    """What a batch, or a mean over outputs, makes of a slope."""
    if book.sheet.names.examples > 1:
        yield from _over_examples(tree, book.sheet.names.examples, book.sheet["L"].op == "mean")
    outputs = book.at.shape(book.sheet.names.output)[-1]
    loss = book.sheet["L[n]" if "L[n]" in book.sheet else "L"].op
    if outputs > 1 and loss == "mean_squared_error":
        yield Candidate("sum_for_mean", f"it is not divided by the {outputs} outputs", multiply(Number(str(outputs)), tree))


def _of_loss_slope(book: Book, layer: Layer | None, name: str, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂y"""
    assert layer is not None  # noqa: S101
    row, _ = book.of_row(name)
    fused = layer.fused
    t, y, N = row.parents[0], row.parents[2 if fused else 1], row.parents[3 if fused else 2]
    yield Candidate("sign", "the sign is the other way round: y and t are swapped in the difference", negative(tree))
    yield from scaled(tree)
    own = row.op.partition(".")[0].partition("+")[2].partition(" ")[0] or row.op.partition(".")[0]
    for loss, parameters in LOSSES.items():
        if loss not in _alike(own) and not parameters:
            yield Candidate("wrong_loss_gradient", f"this is the slope of {loss}", book.letters(name, f"{loss}.dy", (t, y, N)))
    for text in ("y", "t", "t + y", "(t - y)**2", "t - y"):
        says = f"the slope of the loss is worked as {spell(parse(text), str)}"
        yield Candidate("wrong_loss_gradient", says, book.letters(name, f"t y: {text}", (t, y)))
    yield from _of_examples(book, tree)
    yield from without_terms(tree, "path_missing", lambda term: spell(term, seen))


def _of_delta(book: Book, layer: Layer | None, name: str, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂z = ∂L/∂a·f′(z)"""
    assert layer is not None  # noqa: S101
    row, index = book.of_row(name)
    op = row.op.removesuffix(".dz")
    g_z_a = row.parents[:3]
    arriving = Cell(book.at.at(g_z_a[0], index) or g_z_a[0])
    if op == "identity":
        return
    yield Candidate("activation_derivative_missing", f"{layer.prime} is missing", arriving)
    yield Candidate("activation_for_derivative", "f(z) stands where f′(z) should", book.letters(name, "g z a: g*a", g_z_a))
    yield from _other_slopes(book, name, op, g_z_a)
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
    yield from _of_examples(book, tree)


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


def _of_fused(book: Book, layer: Layer | None, name: str, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂z at once, (y − t)/N"""
    assert layer is not None  # noqa: S101
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
        if not parameters and "cross" not in loss:
            slope = LETTERED[f"{loss}.dy"].partition(";")[0]
            K = str(book.at.shape(layer.a.name)[-1])
            text = f"({slope})*y*(1 - y)".replace("K", K).replace("/N", f"/{N}")
            yield Candidate("wrong_loss_gradient", f"this is the slope of {loss}", book.letters(name, f"t y: {text}", t_y))
    for text in ("y", "t + y", "(y - t)**2"):
        says = f"it is worked as {spell(parse(text), str)}"
        yield Candidate("wrong_loss_gradient", says, book.letters(name, f"t y: {text}", t_y))
    yield from exchanged(tree, "z_for_a", "z is taken for a", book.at.in_row(layer.a.name, layer.z.name))
    yield from _of_examples(book, tree)


def _of_weight(book: Book, layer: Layer | None, name: str, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂W = Σ δ·x over the examples"""
    assert layer is not None  # noqa: S101
    at, (_, index) = book.at, book.steps.place(name)
    yield from _stripped(tree, "input_missing", f"{layer.x} is missing", book, layer.x)
    yield from _stripped(tree, "slope_missing", f"{seen(layer.dz)} is missing", book, layer.dz)
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
    yield from _of_examples(book, tree)
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


def _of_bias(book: Book, layer: Layer | None, name: str, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂b = Σ δ over the examples"""
    assert layer is not None  # noqa: S101
    yield from _upstream(book, layer, tree)
    yield from _of_examples(book, tree)
    _, (j,) = book.steps.place(name)
    if bias := book.at.at(layer.b, (j,)):
        yield Candidate("bias_included", f"{seen(bias)} is multiplied in: its own factor is 1", multiply(tree, Cell(bias)))
    yield from _one_example(book, tree)


def _of_carried(book: Book, layer: Layer | None, name: str, tree: Formula) -> Iterator[Candidate]:
    """∂L/∂x = Σ δ·W over the units that x goes into"""
    row, _ = book.of_row(name)
    found = next((one for one in book.layers if one.dx == row.name), None)
    if found is None:
        return
    at, W = book.at, found.W
    yield from without_terms(tree, "path_missing", lambda term: f"the path {spell(term, seen)}")
    yield from _stripped(tree, "weight_missing", f"the weights {W} are missing", book, W)
    yield from _stripped(tree, "slope_missing", f"{seen(found.dz)} is missing", book, found.dz)
    yield from _transposed_back(book, found, name, tree)
    yield from exchanged(
        tree, "updated_weight_used", f"the new {W} is used on the way back, not the old one", at.in_row(W, f"{W}'")
    )
    yield from _one_by_one(tree, "updated_weight_used", at.in_row(W, f"{W}'"))
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


def _by_transposed(book: Book, layer: Layer, index: Index) -> list[Formula]:
    """Σ x_k·W[k,j] in the place of Σ x_k·W[j,k], as far as there are weights."""
    n, j = index
    units, incoming = layer.shape
    pairs = [(book.at.at(layer.x, (n, k)), book.at.at(layer.W, (k, j))) for k in range(incoming)]
    return [multiply(Cell(x), Cell(w)) for x, w in pairs if x and w] if incoming <= units and j < incoming else []


def _of_update(book: Book, layer: Layer | None, name: str, tree: Formula) -> Iterator[Candidate]:
    """p′ = p − η·∂L/∂p"""
    row, index = book.steps.row(name), book.steps.place(name)[1]
    p = row.parents[0]
    slope = f"d{book.sheet.result}/d{p}"
    own, eta = Cell(book.at.at(p, index) or p), Cell("eta")
    dp = Cell(book.at.at(slope, index) or slope)
    yield Candidate("not_updated", f"{seen(own.name)} is not updated", own)
    if row.op == "frozen" or tree == own:
        yield Candidate("frozen_updated", f"{seen(own.name)} is updated though it is frozen", add(own, negative(multiply(eta, dp))))
        return
    yield Candidate("ascent", "the step goes up the slope: + in place of −", add(own, multiply(eta, dp)))
    yield Candidate("rate_missing", "the learning rate is missing", add(own, negative(dp)))
    yield Candidate("rate_for_slope", "the slope is missing: only the rate is subtracted", add(own, negative(eta)))
    yield Candidate("only_the_change", "this is the change η·∂L/∂p, not the new parameter", multiply(eta, dp))
    yield Candidate("only_the_change", "this is the change −η·∂L/∂p, not the new parameter", negative(multiply(eta, dp)))
    if len(index) == 2 and (other := book.at.at(slope, index[::-1])) and other != dp.name:
        says = f"{seen(other)} is taken for {seen(dp.name)}: the gradient is transposed"
        yield Candidate("transposed_gradient", says, add(own, negative(multiply(eta, Cell(other)))))


def _of_formula(book: Book, layer: Layer | None, name: str, tree: Formula) -> Iterator[Candidate]:
    """A line of an expression, or any other formula: terms and factors left out, paths joined in the wrong way."""
    kind = "path_missing" if "/d" in name else "term_missing"
    yield from without_terms(tree, kind, lambda term: spell(term, seen))
    yield from without_factors(tree, "factor_missing", lambda factor: spell(factor, seen))
    found = terms(tree)
    if "/d" in name and len(found) > 1:
        yield Candidate("paths_multiplied", "the paths are multiplied, not added", multiply(*found))
    if "/d" in name and isinstance(tree, Product):
        yield Candidate("added_along_path", "the slopes along a path are added, not multiplied", add(*tree.factors))


def _stripped(tree: Formula, id: str, says: str, book: Book, row: str) -> Iterator[Candidate]:
    """Every quantity of a row left out of the products it stands in."""

    def strip(node: Formula) -> Formula:
        if isinstance(node, Cell):
            return ONE if book.steps.place(node.name)[0] == row else node
        return rebuild(node, strip)

    yield Candidate(id, says, strip(tree))


def _one_by_one(tree: Formula, id: str, change: Callable[[str], str | None]) -> Iterator[Candidate]:
    """The same change to one quantity at a time."""
    for name in dict.fromkeys(cells(tree)):
        if other := change(name):
            says = f"{seen(other)} is taken for {seen(name)}"
            yield from exchanged(tree, id, says, lambda cell, name=name, other=other: other if cell == name else None)  # type: ignore[misc]
