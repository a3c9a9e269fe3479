"""Sums of trees, with what their terms have in common taken out: A·x + B·x as (A + B)·x; it knows no entries."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

from backcheck.matrices.tree import SCALAR, Tree
from backcheck.matrices.trees import negative, put_before, times
from backcheck.matrices.written import numeral


def plus(terms: list[Tree]) -> Tree:
    """A sum; A·x + B·x is (A + B)·x."""
    terms = _taken_out(terms)
    if len(terms) == 1:
        return terms[0]
    numbers = [_number(_unsigned(term)) for term in terms]
    if numbers[0] and numbers[0].op == "number" and numbers == numbers[:1] * len(numbers):
        return times(numbers[0], plus([_signed(term, _without(_unsigned(term))) for term in terms]))
    shape = next((term.shape for term in terms if term.shape != SCALAR), SCALAR)
    return Tree("sum", tuple(terms), shape=shape) if terms else numeral(Fraction(0))


def _taken_out(terms: list[Tree]) -> list[Tree]:
    """Terms that end in the same factor, taken together."""
    found: list[Tree] = []
    for term in terms:
        for at, before in enumerate(found):
            if (common := _common(before, term)) is not None:
                found[at] = common
                break
        else:
            found.append(term)
    return found


def _common(one: Tree, other: Tree) -> Tree | None:
    """Two products as one, if they end or begin with the same array."""
    (scalars, a), (others, b) = _chain(_unsigned(one)), _chain(_unsigned(other))
    if len(a) < 2 or len(b) < 2 or (a[-1] != b[-1] and a[0] != b[0]):
        return None
    last = a[-1] == b[-1]
    left, right = (a[:-1], b[:-1]) if last else (a[1:], b[1:])
    shared = scalars if scalars == others else []
    inner = plus(
        [
            _signed(one, _product(scalars[len(shared) :], left)),
            _signed(other, _product(others[len(shared) :], right)),
        ]
    )
    return reduce(put_before, [*shared, times(inner, a[-1]) if last else times(a[0], inner)])


def _chain(tree: Tree) -> tuple[list[Tree], list[Tree]]:
    """The scalars of a product, and its arrays."""
    if tree.shape == SCALAR:
        return [tree], []
    if tree.op not in ("product", "scale"):
        return [], [tree]
    chains = [_chain(part) for part in tree.parts]
    return [scalar for scalars, _ in chains for scalar in scalars], [array for _, arrays in chains for array in arrays]


def _product(scalars: list[Tree], arrays: list[Tree]) -> Tree:
    return reduce(put_before, [*scalars, reduce(times, arrays)])


def _unsigned(tree: Tree) -> Tree:
    return tree.parts[0] if tree.op == "negative" else tree


def _signed(tree: Tree, part: Tree) -> Tree:
    return negative(part) if tree.op == "negative" else part


def _number(tree: Tree) -> Tree | None:
    """The scalar that a product begins with."""
    while tree.op == "product":
        tree = tree.parts[0]
    return tree.parts[0] if tree.op == "scale" else None


def _without(tree: Tree) -> Tree:
    if tree.op == "product":
        return tree._replace(parts=(_without(tree.parts[0]), tree.parts[1]))
    return tree.parts[1]
