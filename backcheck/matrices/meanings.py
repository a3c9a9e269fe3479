"""What each operation means for parts of these shapes, and what to say where they do not fit; it knows no entries."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from backcheck.matrices.misfits import fits, mismatch, spelled
from backcheck.matrices.signs import Mistake
from backcheck.matrices.tree import SCALAR, Tree, number
from backcheck.matrices.written import written

MOST_FACTORS = 8  # of a power of a square matrix
Notes = dict[str, None]


def _product(tree: Tree, _: Notes) -> Tree:
    a, b = tree.parts
    if SCALAR in (a.shape, b.shape):
        return tree._replace(op="scale", shape=a.shape if b.shape == SCALAR else b.shape)
    if a.shape[1] != b.shape[0]:
        raise mismatch(tree, "the inner sizes of this matrix product differ", fits(a, b))
    return tree._replace(shape=(a.shape[0], b.shape[1]))


def _sum(tree: Tree, notes: Notes) -> Tree:
    arrays = [part for part in tree.parts if part.shape != SCALAR]
    for other in arrays[1:]:
        if other.shape != arrays[0].shape:
            way_out = "terms need one shape"
            if other.shape == arrays[0].shape[::-1]:
                way_out = f"with {written(_bare(other), chr(39))}' they fit"
            raise mismatch(tree._replace(parts=(arrays[0], _bare(other))), "the shapes of these terms differ", way_out)
    if arrays and len(arrays) < len(tree.parts):
        notes["a scalar that stands in a sum with an array is added to every entry"] = None
    return tree._replace(shape=arrays[0].shape if arrays else SCALAR)


def _bare(tree: Tree) -> Tree:
    return tree.parts[0] if tree.op == "negative" else tree


def _hadamard(tree: Tree, notes: Notes) -> Tree:
    a, b = tree.parts
    if SCALAR in (a.shape, b.shape):
        return _product(tree, notes)
    if a.shape != b.shape:
        raise mismatch(tree, "an element-wise product takes two of one shape", fits(a, b).partition(", check")[0])
    return tree._replace(shape=a.shape)


def _quotient(tree: Tree, notes: Notes) -> Tree:
    a, b = tree.parts
    if b.shape != SCALAR:
        if tree.op == "quotient" and "1" not in b.shape:
            raise mismatch(tree, "no division by a matrix", "write ./ to divide element by element; inverses are not read")
        if a.shape not in (SCALAR, b.shape):
            raise mismatch(tree, "an element-wise quotient takes two of one shape", "or a scalar on either side")
        if tree.op == "quotient":
            notes[f"{written(tree)} divides element by element"] = None
    if b.shape == SCALAR:
        return tree._replace(op="quotient", shape=a.shape)
    return tree._replace(op="elementwise quotient", shape=b.shape)


def constant(tree: Tree) -> Fraction | None:
    """The value of a part that is a plain number."""
    parts = [constant(part) for part in tree.parts]
    match tree.op, parts:
        case "number", []:
            return number(tree.text)
        case "negative", [Fraction() as part]:
            return -part
        case "quotient", [Fraction() as top, Fraction() as bottom] if bottom:
            return top / bottom
    return None


def _power(tree: Tree, notes: Notes) -> Tree:
    base, exponent = tree.parts
    power = constant(exponent)
    if power is None or abs(power) > 1000:
        way_out = "exp(p*ln(x)) is x to the power p" if power is None else ""
        raise Mistake(exponent.column, f"the exponent {written(exponent)} should be a plain number of moderate size", way_out)
    if tree.op == "power" and "1" not in base.shape:
        return _of_a_matrix(tree, base, power, notes)
    if tree.op == "power" and base.shape != SCALAR:
        notes[f"{written(tree)} is meant element by element: every entry to the power {written(exponent)}"] = None
    return Tree("power", (base,), str(power), tree.column, base.shape)


def _of_a_matrix(tree: Tree, base: Tree, power: Fraction, notes: Notes) -> Tree:
    says = f"{written(base)} is {spelled(base.shape)}: no power {written(tree.parts[1])} of it as a matrix"
    if base.shape[0] != base.shape[1]:
        raise Mistake(tree.column, says, "write .^ to raise every entry")
    if power.denominator > 1 or not 1 <= power <= MOST_FACTORS:
        raise Mistake(
            tree.column, says, f"whole powers from 1 to {MOST_FACTORS} are read, .^ raises every entry; inverses are not read"
        )
    notes[f"{written(tree)} is a product of matrices; .^ would raise every entry"] = None
    product = base
    for _ in range(int(power) - 1):
        product = Tree("product", (product, base), column=tree.column, shape=base.shape)
    return product


def _norm(tree: Tree, notes: Notes) -> Tree:
    body, kind = tree.parts[0], tree.text
    matrix = "1" not in body.shape
    if kind == "1" and not matrix:
        return Tree("total", (Tree("apply", (body,), "abs", tree.column, body.shape),), column=tree.column)
    if kind not in ("", "F") and (kind != "2" or matrix):
        way_out = "norm(A) and ||A||_F are the root of the sum of all squares"
        raise Mistake(tree.column, f"the norm with index {kind} is not differentiated here", way_out)
    if matrix:
        notes[f"the norm of {written(body)} is Frobenius': the root of the sum of all squares"] = None
    return tree._replace(text="")


def _trace(tree: Tree, _: Notes) -> Tree:
    rows, columns = tree.parts[0].shape
    if rows != columns:
        says = f"trace takes a square matrix; {written(tree.parts[0])} is {spelled((rows, columns))}"
        raise Mistake(tree.column, says, "sum(...) adds all entries", 5)
    return tree


def _of_a_vector(tree: Tree, _: Notes) -> Tree:
    shape = tree.parts[0].shape
    if "1" not in shape or shape == SCALAR:
        says = f"{tree.op} takes a column or a row; {written(tree.parts[0])} is {spelled(shape)}"
        raise Mistake(tree.column, says, f"write it for one row: {tree.op}(W*x) with x a column", len(tree.op))
    return tree._replace(shape=shape if tree.op == "softmax" else SCALAR)


def _diag(tree: Tree, _: Notes) -> Tree:
    rows, columns = tree.parts[0].shape
    if "1" in (rows, columns):
        return tree._replace(shape=(rows, rows) if columns == "1" else (columns, columns))
    if rows != columns:
        says = f"diag takes a vector or a square matrix; {written(tree.parts[0])} is {spelled((rows, columns))}"
        raise Mistake(tree.column, says, width=4)
    return tree._replace(shape=(rows, "1"))


def _same(tree: Tree, _: Notes) -> Tree:
    return tree._replace(shape=tree.parts[0].shape)


def _scalar(tree: Tree, _: Notes) -> Tree:
    return tree


RULES: dict[str, Callable[[Tree, Notes], Tree]] = {
    "number": _scalar,
    "sum": _sum,
    "negative": _same,
    "product": _product,
    "hadamard": _hadamard,
    "quotient": _quotient,
    "elementwise quotient": _quotient,
    "power": _power,
    "elementwise power": _power,
    "transpose": lambda tree, _: tree._replace(shape=tree.parts[0].shape[::-1]),
    "apply": _same,
    "norm": _norm,
    "trace": _trace,
    "total": _scalar,
    "mean": _scalar,
    "lse": _of_a_vector,
    "softmax": _of_a_vector,
    "diag": _diag,
}
