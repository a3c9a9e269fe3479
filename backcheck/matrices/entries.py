"""A shaped tree → the entries of its array, in indices; it knows no derivative and no numbers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from backcheck.matrices.algebra import constant, delta, plus, raised, single, summed, times
from backcheck.matrices.indices import Entries, Factor, Index, fresh
from backcheck.matrices.tree import Shape, Tree, bare, number

Place = Index | None  # None where the size is 1: there is nothing to count
MINUS_ONE = constant(-1)


def places(shape: Shape) -> tuple[Place, Place]:
    """Letters for the row and the column of an array."""
    row, column = (None if size == "1" else fresh(size) for size in shape)
    return row, column


def known(*at: Place) -> tuple[Index, ...]:
    """The letters that are there."""
    return tuple(index for index in at if index is not None)


def entries(tree: Tree, row: Place = None, column: Place = None) -> Entries:
    """The entry of an array in a row and a column.

    >>> from backcheck.matrices.language import parse
    >>> from backcheck.matrices.shapes import shaped
    >>> tree = shaped(parse("A*x", ["A", "x"]), {"A": ("n", "m"), "x": ("m", "1")}, {})
    >>> [term] = entries(tree, Index(0, "n"))
    >>> [factor.name for factor, _ in term.powers], [index.size for index in term.sums]
    (['A', 'x'], ['m'])
    """
    if tree.shape == ("1", "1"):
        row = column = None
    return RULES[tree.op](tree, row, column)


def _product(tree: Tree, row: Place, column: Place) -> Entries:
    left, right = tree.parts
    inner = None if left.shape[1] == "1" else fresh(left.shape[1])
    return summed(times(entries(left, row, inner), entries(right, inner, column)), known(inner))


def _each(tree: Tree, row: Place, column: Place) -> Entries:
    return times(*(entries(part, row, column) for part in tree.parts))


def _quotient(tree: Tree, row: Place, column: Place) -> Entries:
    top, bottom = tree.parts
    return times(entries(top, row, column), raised(entries(bottom, row, column), Fraction(-1)))


def _apply(tree: Tree, row: Place, column: Place) -> Entries:
    body = entries(tree.parts[0], row, column)
    return raised(body, Fraction(1, 2)) if tree.text == "sqrt" else single(Factor("apply", tree.text, body=body))


def _over(kind: str, tree: Tree, at: tuple[Index, ...] = ()) -> Factor:
    """A function of a whole array, whose entries are run over inside."""
    part = tree.parts[0]
    inner = places(part.shape)
    return Factor(kind, "", at, entries(part, *inner), known(*inner), bare(part))


def _softmax(tree: Tree, row: Place, column: Place) -> Entries:
    return single(_over("softmax", tree, known(row, column)))


def _trace(tree: Tree, *_: Place) -> Entries:
    index = places(tree.parts[0].shape)[0]
    return summed(entries(tree.parts[0], index, index), known(index))


def _total(tree: Tree, *_: Place) -> Entries:
    at = places(tree.parts[0].shape)
    return summed(entries(tree.parts[0], *at), known(*at))


def _mean(tree: Tree, *_: Place) -> Entries:
    sizes = [single(Factor("size", size), Fraction(-1)) for size in tree.parts[0].shape if size != "1"]
    return times(*sizes, _total(tree))


def _diag(tree: Tree, row: Place, column: Place) -> Entries:
    part = tree.parts[0]
    if part.shape[1] == "1" or part.shape[0] == "1":
        entry = entries(part, row, None) if part.shape[1] == "1" else entries(part, None, row)
        return times(entry, single(delta(row, column))) if row and column and row != column else entry
    return entries(part, row, row)


RULES: dict[str, Callable[[Tree, Place, Place], Entries]] = {
    "number": lambda tree, *_: constant(number(tree.text)),
    "size": lambda tree, *_: single(Factor("size", tree.text)),
    "name": lambda tree, *at: single(Factor("entry", tree.text, known(*at))),
    "eye": lambda _, row, column: single(delta(row, column)) if row and column and row != column else constant(1),
    "ones": lambda *_: constant(1),
    "sum": lambda tree, *at: plus(*(entries(part, *at) for part in tree.parts)),
    "negative": lambda tree, *at: times(MINUS_ONE, entries(tree.parts[0], *at)),
    "product": _product,
    "scale": _each,
    "hadamard": _each,
    "quotient": _quotient,
    "elementwise quotient": _quotient,
    "power": lambda tree, *at: raised(entries(tree.parts[0], *at), Fraction(tree.text)),
    "transpose": lambda tree, row, column: entries(tree.parts[0], column, row),
    "apply": _apply,
    "norm": lambda tree, *_: single(_over("norm", tree)),
    "lse": lambda tree, *_: single(_over("lse", tree)),
    "softmax": _softmax,
    "trace": _trace,
    "total": _total,
    "mean": _mean,
    "diag": _diag,
}
