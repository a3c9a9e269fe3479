"""A step on paper with one thing done wrong, as another formula: the mistakes behind a number; it judges nothing.

An edit rewrites the formula of one cell. Letters are those of the paper: g is the slope arriving at a, z and a the unit's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from backcheck.formula import Cell, Formula, Negative, Number, Product, Quotient, Sum, add, cells, multiply, negative, substitute
from backcheck.grading.steps import Steps
from backcheck.spelling import SCREEN

TWO, HALF = Number("2"), Quotient(Number("1"), Number("2"))
MOST_UNITS = 8  # of wider layers nobody takes one unit for another by hand


class Candidate(NamedTuple):
    """One mistake: its id, what it is in words, and the formula that comes of it."""

    id: str
    says: str
    tree: Formula


def seen(name: str) -> str:
    """A quantity as it is called in a sentence."""
    return SCREEN.name(name)


def terms(tree: Formula) -> tuple[Formula, ...]:
    return tree.terms if isinstance(tree, Sum) else (tree,)


def signed(tree: Formula) -> Iterator[Candidate]:
    """The sign of the whole, and of each term of a sum."""
    yield Candidate("sign", "the sign is the other way round", negative(tree))
    for i, term in enumerate(terms(tree)):
        if len(terms(tree)) > 1:
            flipped = (*terms(tree)[:i], negative(term), *terms(tree)[i + 1 :])
            yield Candidate("sign", f"term {i + 1} of the sum has the wrong sign", add(*flipped))


def scaled(tree: Formula) -> Iterator[Candidate]:
    """Twice or half of it; a number in front left out."""
    yield Candidate("factor", "the number is twice what it should be", multiply(TWO, tree))
    yield Candidate("factor", "the number is half of what it should be", multiply(HALF, tree))
    body = tree.body if isinstance(tree, Negative) else tree
    if isinstance(body, Product):
        for i, factor in enumerate(body.factors):
            if isinstance(factor, Number):
                rest = multiply(*body.factors[:i], *body.factors[i + 1 :])
                says = f"the factor {factor.text} is missing"
                yield Candidate("factor", says, negative(rest) if body is not tree else rest)


def without_terms(tree: Formula, id: str, says: Callable[[Formula], str]) -> Iterator[Candidate]:
    """Each term of a sum left out; of three or more, each one alone as well."""
    found = terms(tree)
    if len(found) == 1 or len(found) > MOST_UNITS:
        return
    for i, term in enumerate(found):
        yield Candidate(id, f"{says(term)} is missing", add(*found[:i], *found[i + 1 :]))
    for term in found if len(found) > 2 else ():
        yield Candidate(id, f"only {says(term)} is there", term)


def without_factors(tree: Formula, id: str, says: Callable[[Formula], str]) -> Iterator[Candidate]:
    """Each factor of a product left out, wherever it stands in a sum."""
    if isinstance(tree, Negative):
        yield from (c._replace(tree=negative(c.tree)) for c in without_factors(tree.body, id, says))
    if isinstance(tree, Product):
        for i, factor in enumerate(tree.factors):
            if not isinstance(factor, Number):
                yield Candidate(id, f"{says(factor)} is missing", multiply(*tree.factors[:i], *tree.factors[i + 1 :]))


def exchanged(tree: Formula, id: str, says: str, change: Callable[[str], str | None]) -> Iterator[Candidate]:
    """Every quantity that `change` knows another one for is replaced by it."""
    parts = {name: Cell(other) for name in set(cells(tree)) if (other := change(name))}
    if parts:
        yield Candidate(id, says, substitute(tree, parts))


class Cells:
    """The cells of a sheet by row and index, for edits that read another one."""

    def __init__(self, steps: Steps) -> None:
        self.steps, self.names = steps, steps.sheet.names

    def at(self, row: str, index: tuple[int, ...]) -> str | None:
        """The name of a cell, if there is one."""
        if row not in self.steps.sheet:
            return None
        shape = self.steps.done.array(row).shape
        if len(index) != len(shape) or not all(0 <= i < size for i, size in zip(index, shape, strict=True)):
            return None
        return self.names.cell(row, index)

    def shape(self, row: str) -> tuple[int, ...]:
        return self.steps.done.array(row).shape

    def in_row(self, row: str, to: str) -> Callable[[str], str | None]:
        """Takes the same place of another row: z for a, the new weight for the old one."""

        def change(name: str) -> str | None:
            found, index = self.steps.place(name)
            return self.at(to, index) if found == row else None

        return change

    def transposed(self, row: str) -> Callable[[str], str | None]:
        """Takes [k,j] for [j,k]."""

        def change(name: str) -> str | None:
            found, index = self.steps.place(name)
            return self.at(row, index[::-1]) if found == row and index[0] != index[-1] else None

        return change

    def moved(self, row: str, axis: int, start: int, end: int, both: bool = True) -> Callable[[str], str | None]:
        """Takes one unit for another along an axis; both ways, or one of them twice."""

        def change(name: str) -> str | None:
            found, index = self.steps.place(name)
            if found != row or len(index) <= axis - (axis < 0):
                return None
            to = {start: end, end: start} if both else {start: end}
            place = list(index)
            place[axis] = to.get(index[axis], index[axis])
            return self.at(row, tuple(place)) if tuple(place) != index else None

        return change

    def neighbours(self, tree: Formula) -> Iterator[Candidate]:
        """One quantity taken for another one of its row: the wrong unit, the wrong weight, the wrong example's."""
        for name in dict.fromkeys(cells(tree)):
            row, index = self.steps.place(name)
            for axis, i in enumerate(index):
                size = self.shape(row)[axis]
                for other in range(size if size <= MOST_UNITS else 0):
                    to = self.at(row, (*index[:axis], other, *index[axis + 1 :]))
                    if other != i and to and to != name:
                        says = f"{seen(to)} is taken for {seen(name)}"
                        yield Candidate("swapped_unit", says, substitute(tree, {name: Cell(to)}))

    def swapped(self, tree: Formula) -> Iterator[Candidate]:
        """Two units in each other's place, in all they stand for in the formula."""
        for row in dict.fromkeys(self.steps.place(name)[0] for name in cells(tree)):
            shape = self.shape(row)
            for axis, size in enumerate(shape):
                for i in range(size if size <= MOST_UNITS else 0):
                    for j in range(i):
                        yield from exchanged(
                            tree,
                            "swapped_unit",
                            f"units {j + 1} and {i + 1} of {seen(row)} are swapped",
                            self.moved(row, axis, i, j),
                        )
