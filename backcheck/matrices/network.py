"""The factors of one term as arrays joined at the letters they share; a sum over a letter multiplies them. It knows no entries."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import NamedTuple

from backcheck.matrices import trees
from backcheck.matrices.indices import Factor, Index
from backcheck.matrices.tree import Tree


class NoForm(Exception):
    """These entries are no product of matrices."""


class Matrix(NamedTuple):
    """An array with the indices of its rows and its columns."""

    tree: Tree
    row: Index
    column: Index

    def turned(self, row: Index) -> Tree:
        """The array with this index along its rows."""
        return self.tree if row == self.row else trees.transposed(self.tree)


class Network:
    """The factors of one term: scalars, vectors by their index, matrices between two."""

    def __init__(self) -> None:
        self.scalars: list[tuple[Tree, Fraction]] = []
        self.vectors: dict[Index, list[Tree]] = {}
        self.matrices: list[Matrix] = []
        self.equal = False  # whether a δ says that row and column are one

    def put(self, factor: Factor, exponent: Fraction, tree: Tree) -> None:
        """One factor with its exponent, and how it is written."""
        if not factor.free:
            self.scalars.append((tree, exponent))
        elif len(factor.free) == 1:
            self.vectors.setdefault(factor.free[0], []).append(trees.raised(tree, exponent))
        else:
            self.matrices.append(Matrix(trees.raised(tree, exponent), *factor.free))

    def vector(self, index: Index) -> Tree | None:
        """All vectors of an index, multiplied element by element."""
        found = self.vectors.pop(index, [])
        return reduce(trees.hadamard, found) if found else None

    def at(self, index: Index) -> list[Matrix]:
        """Takes out the matrices that have this index."""
        found = [matrix for matrix in self.matrices if index in (matrix.row, matrix.column)]
        self.matrices = [matrix for matrix in self.matrices if matrix not in found]
        return found

    def merge(self) -> None:
        """Matrices between the same two indices become one."""
        merged: dict[frozenset[Index], Matrix] = {}
        for matrix in self.matrices:
            name = frozenset(matrix[1:])
            if name in merged:
                before = merged[name]
                matrix = before._replace(tree=trees.hadamard(before.tree, matrix.turned(before.row)))
            merged[name] = matrix
        self.matrices = list(merged.values())

    def easiest(self, sums: tuple[Index, ...]) -> Index:
        """The summed index that fewest matrices have, so that products with vectors come first."""
        return min(sums, key=lambda index: (sum(index in matrix[1:] for matrix in self.matrices), sums.index(index)))

    def is_trace(self, index: Index, sums: tuple[Index, ...]) -> bool:
        """Whether Σ over two indices of the same two matrices is ahead."""
        found = [{*matrix[1:]} for matrix in self.matrices if index in matrix[1:]]
        return len(found) == 2 and found[0] == found[1] <= {*sums}

    def sum_over(self, index: Index) -> None:
        """Σ over one index: a product of what has it."""
        if not any(index in matrix[1:] for matrix in self.matrices):
            self.scalars.append((_inner(self.vectors.pop(index)), Fraction(1)))
            return
        found = self.at(index)
        if len(found) == 1:
            self.apply(found[0], self.vector(index), index)
        elif len(found) == 2:
            self.chain(found[0], found[1], self.vector(index), index)
        else:
            raise NoForm

    def apply(self, matrix: Matrix, vector: Tree | None, index: Index) -> None:
        """A matrix times a vector; with ones where there is none."""
        other = matrix.row if index == matrix.column else matrix.column
        vector = trees.ones(index.size) if vector is None else vector
        self.vectors.setdefault(other, []).append(trees.times(matrix.turned(other), vector))

    def chain(self, one: Matrix, two: Matrix, vector: Tree | None, index: Index) -> None:
        """A matrix times a matrix, with a diagonal one between if a vector stands there."""
        start = one.row if index == one.column else one.column
        end = two.row if index == two.column else two.column
        left, right = one.turned(start), two.turned(index)
        middle = [] if vector is None else [trees.diagonal(vector)]
        product = reduce(trees.times, [left, *middle, right])
        if start == end:
            self.vectors.setdefault(start, []).append(trees.diagonal(product))
        else:
            self.matrices.append(Matrix(product, start, end))


def _inner(vectors: list[Tree]) -> Tree:
    """Σ v, or the inner product of two."""
    if len(vectors) == 1:
        [vector] = vectors
        return Tree("trace", vector.parts) if vector.op == "diag" else Tree("total", (vector,))
    return trees.times(trees.transposed(vectors[0]), reduce(trees.hadamard, vectors[1:]))
