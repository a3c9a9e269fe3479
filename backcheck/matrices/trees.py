"""Trees put together so that they read well: signs in front, I and 1 left out; it knows no sums and no entries."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

from backcheck.matrices.tree import SCALAR, Shape, Tree
from backcheck.matrices.written import figures, numeral


def transposed(tree: Tree) -> Tree:
    """The transpose, taken inside products: (A·B)ᵀ is Bᵀ·Aᵀ."""
    shape = tree.shape[::-1]
    match tree.op:
        case "transpose":
            return tree.parts[0]
        case "eye":
            return tree
        case "number":
            return tree._replace(shape=shape)
        case "diag" if tree.parts[0].shape[1] == "1":
            return tree
        case "product":
            return times(transposed(tree.parts[1]), transposed(tree.parts[0]))
        case "scale":
            return tree._replace(
                parts=tuple(part if part.shape == SCALAR else transposed(part) for part in tree.parts), shape=shape
            )
    return tree if tree.shape == SCALAR else Tree("transpose", (tree,), shape=shape)


def times(one: Tree, other: Tree) -> Tree:
    """A product, of matrices or with a scalar; associated to the left."""
    if SCALAR in (one.shape, other.shape):
        if one.op == "number" and one.text == "1":
            return other
        if other.op == "number" and other.text == "1":
            return one
        one, other = (one, other) if one.shape == SCALAR else (other, one)
        return Tree("scale", (one, other), shape=other.shape)
    if one.op == "eye" or other.op == "eye":
        return other if one.op == "eye" else one
    if other.op == "product":
        return times(times(one, other.parts[0]), other.parts[1])
    return Tree("product", (one, other), shape=(one.shape[0], other.shape[1]))


def hadamard(one: Tree, other: Tree) -> Tree:
    """The product element by element; times 1/b is divided by b."""
    if other.op == "elementwise quotient" and other.parts[0].op == "number":
        top, below = (one.parts[0], hadamard(one.parts[1], other.parts[1])) if one.op == other.op else (one, other.parts[1])
        return Tree("elementwise quotient", (top, below), shape=one.shape)
    if one.op == "elementwise quotient":
        top = other if one.parts[0].op == "number" else hadamard(one.parts[0], other)
        return one._replace(parts=(top, one.parts[1]))
    return Tree("hadamard", (one, other), shape=one.shape)


def raised(tree: Tree, exponent: Fraction) -> Tree:
    """Every entry to a power."""
    if exponent == 1:
        return tree
    if exponent == Fraction(1, 2):
        return Tree("apply", (tree,), "sqrt", shape=tree.shape)
    if exponent < 0:
        return Tree("elementwise quotient", (numeral(Fraction(1)), raised(tree, -exponent)), shape=tree.shape)
    return Tree("power", (tree,), str(exponent), shape=tree.shape)


def diagonal(tree: Tree) -> Tree:
    """diag of a column is a matrix, diag of a matrix a column; one undoes the other."""
    if tree.op == "diag" and tree.shape[1] != "1":
        return tree.parts[0]
    return Tree("diag", (tree,), shape=(tree.shape[0], tree.shape[0] if tree.shape[1] == "1" else "1"))


def eye(size: str) -> Tree:
    """The identity."""
    return Tree("eye", text=size, shape=(size, size))


def ones(size: str) -> Tree:
    """A column of ones."""
    return Tree("ones", text=size, shape=(size, "1"))


def ones_like(shape: Shape) -> Tree:
    """A whole array of ones."""
    if shape[1] == "1":
        return ones(shape[0]) if shape[0] != "1" else numeral(Fraction(1))
    return times(ones(shape[0]), transposed(ones(shape[1])))


def zeros(shape: Shape) -> Tree:
    """An array of zeros."""
    return numeral(Fraction(0))._replace(shape=shape)


def scaled(coefficient: Fraction, above: list[Tree], tree: Tree | None, below: list[Tree]) -> Tree:
    """coefficient · scalars · array / scalars"""
    number, _, bottom = figures(abs(coefficient)).partition("/")
    if bottom and not below and (above or tree):
        scalars = [numeral(abs(coefficient)), *above]
    else:
        scalars = [*([Tree("number", text=number)] if number != "1" else []), *above]
        below = [*([Tree("number", text=bottom)] if bottom else []), *below]
    parts = [*scalars, *([tree] if tree is not None else [])] or [numeral(Fraction(1))]
    top = reduce(put_before, parts)
    if below:
        top = Tree("quotient", (top, reduce(times, below)), shape=top.shape)
    return negative(top) if coefficient < 0 else top


def put_before(scalar: Tree, tree: Tree) -> Tree:
    """A scalar before the first factor of a product; an inner product stays in brackets."""
    if tree.op == "product" and tree.shape != SCALAR:
        return Tree("product", (put_before(scalar, tree.parts[0]), tree.parts[1]), shape=tree.shape)
    return times(scalar, tree)


def negative(tree: Tree) -> Tree:
    """The sign in front."""
    return tree.parts[0] if tree.op == "negative" else Tree("negative", (tree,), shape=tree.shape)
