"""Entries in at most two free indices → the matrix expression they are the entries of, where there is one; it knows no numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from backcheck.matrices import trees
from backcheck.matrices.algebra import tidy
from backcheck.matrices.entries import Place
from backcheck.matrices.indices import Entries, Factor, Term, deltas, free
from backcheck.matrices.network import Network, NoForm
from backcheck.matrices.sums import plus
from backcheck.matrices.tree import SCALAR, Shape, Tree

Shapes = Mapping[str, Shape]


def form(entries: Entries, row: Place, column: Place, shapes: Shapes) -> Tree | None:
    """The matrix whose entry in a row and a column this is, or None."""
    try:
        return _form(entries, row, column, shapes)
    except NoForm:
        return None


def _form(entries: Entries, row: Place, column: Place, shapes: Shapes) -> Tree:
    if row is None and column is not None:
        return trees.transposed(_form(entries, column, None, shapes))
    terms = [part for term in entries for part in _opened(term)]
    found = [_term(term, row, column, shapes) for term in terms]
    full = (row.size if row else "1", column.size if column else "1")
    if found and not any(tree.shape == full for tree in found):
        found = [_term(term, row, column, shapes, trees.ones_like(full)) for term in terms]
    return plus(found) if found else trees.zeros(full)


def _opened(term: Term) -> Entries:
    """Brackets that hold a δ or a single vector are multiplied out: s_i·(δ_ij − s_j) is diag(s) − s·sᵀ."""
    for at, (factor, exponent) in enumerate(term.powers):
        others = term.powers[:at] + term.powers[at + 1 :]
        if factor.kind == "group" and exponent == 1 and _mixed(factor) and any(other.free for other, _ in others):
            parts = [Term(term.coefficient * part.coefficient, others + part.powers, term.sums + part.sums) for part in factor.body]
            return tuple(opened for part in parts for tidied in tidy(part) for opened in _opened(tidied))
    return (term,)


def _mixed(group: Factor) -> bool:
    """Whether not every term in brackets is a matrix."""
    found = [len(free((term,))) for term in group.body]
    return bool(deltas(group.body)) or (len(group.free) == 2 and 1 in found)


def _array(factor: Factor, shapes: Shapes) -> Tree:
    """A factor as an array over its free indices."""
    if len(factor.free) > 2:
        raise NoForm
    row, column = (*factor.free, None, None)[:2]
    match factor.kind:
        case "entry":
            return _named(factor, shapes[factor.name])
        case "size":
            return Tree("size", text=factor.name)
        case "apply":
            inner = _form(factor.body, row, column, shapes)
            return Tree("apply", (inner,), factor.name, shape=inner.shape)
        case "group":
            return _form(factor.body, row, column, shapes)
    assert factor.tree is not None  # noqa: S101 - functions of whole arrays carry how these are written
    if factor.kind != "softmax":
        return Tree(factor.kind, (factor.tree,))
    tree = Tree("softmax", (factor.tree,), shape=factor.tree.shape)
    return tree if tree.shape[1] == "1" else trees.transposed(tree)


def _named(factor: Factor, shape: Shape) -> Tree:
    """A named array; a row as a column, and the diagonal where both indices are one."""
    tree = Tree("name", text=factor.name, shape=shape)
    if len(factor.at) == 2 and factor.at[0] == factor.at[1]:
        return trees.diagonal(tree)
    return trees.transposed(tree) if shape[0] == "1" and shape != SCALAR else tree


def _term(term: Term, row: Place, column: Place, shapes: Shapes, ones: Tree | None = None) -> Tree:
    """One term; `ones` stand where it does not depend on the row and the column."""
    network = Network()
    for factor, exponent in term.powers:
        if factor.kind == "delta":
            network.equal = True
        else:
            network.put(factor, exponent, _array(factor, shapes))
    sums = term.sums
    while sums:
        index = network.easiest(sums)
        if not network.is_trace(index, sums):
            network.merge()
        network.sum_over(index)
        sums = tuple(other for other in sums if other != index)
    network.merge()
    tree = _assembled(network, row, column) or ones
    above = [trees.raised(scalar, exponent) for scalar, exponent in network.scalars if exponent > 0]
    below = [trees.raised(scalar, -exponent) for scalar, exponent in network.scalars if exponent < 0]
    return trees.scaled(term.coefficient, above, tree, below)


def _assembled(network: Network, row: Place, column: Place) -> Tree | None:
    """The array over the free indices; None where nothing depends on them."""
    if {row, column} - {None} < {*network.vectors, *(index for matrix in network.matrices for index in matrix[1:])}:
        raise NoForm
    left = network.vector(row) if row else None
    right = network.vector(column) if column else None
    matrix = network.matrices[0].turned(row) if network.matrices and row else None
    if row is None or column is None:
        return left
    if network.equal:
        diagonal = [part for part in (left, right, None if matrix is None else trees.diagonal(matrix)) if part is not None]
        return trees.diagonal(reduce(trees.hadamard, diagonal)) if diagonal else trees.eye(row.size)
    if matrix is not None:
        parts = [trees.diagonal(left) if left else None, matrix, trees.diagonal(right) if right else None]
        return reduce(trees.times, [part for part in parts if part is not None])
    if left is None and right is None:
        return None
    left, right = left or trees.ones(row.size), right or trees.ones(column.size)
    return trees.times(left, trees.transposed(right))
