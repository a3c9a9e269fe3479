"""What is known while expressions with unknowns are taken apart, and what comes up on the way; it has no rule for any operation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from backcheck.proving.names import Names
from backcheck.proving.tree import Tree, number, put
from backcheck.proving.unknowns.increasing import EXACT
from backcheck.proving.unknowns.linear import Row, holds, split
from backcheck.proving.unknowns.logarithms import Form
from backcheck.proving.unknowns.meter import Meter, TooMuch
from backcheck.proving.unknowns.polynomials import MOST_TERMS, Unwritable

MOST_PIECES, DEEPEST = 128, 200


class Piece(NamedTuple):
    """What an expression is, where these rows are true."""

    needs: tuple[Row, ...]
    of: Form


Key = tuple[tuple[str, Fraction], ...]


class Applied(NamedTuple):
    """A function at an argument, and the unknown that its value is."""

    function: str
    argument: Form
    value: str


def unwritable(tree: Tree) -> Unwritable:
    return Unwritable(f"{tree.text or tree.op} is not among what is solved here")


Rules = Mapping[str, "Callable[[Desk, Tree], list[Piece]]"]


class Desk:
    """One question: names with their values, functions that were applied, rows that go with unknowns of our own."""

    def __init__(self, names: Names, rules: Rules, unknowns: Iterable[str] = (), meter: Meter | None = None) -> None:
        self.names, self.rules, self.unknowns = names, rules, frozenset(unknowns)
        self.at_kinks = False  # whether step(0) has a value, whatever it is
        self.known: dict[str, Form] = {}  # data, and unknowns that were found: names and entries, w and W[1,2]
        self.letters: dict[str, int] = {}
        self.tables: dict[str, dict[Key, Form]] = {}  # functions that were found
        self.met: dict[str, None] = {}  # unknowns, in the order they are met
        self.applied: dict[tuple[str, Key], Applied] = {}
        self.rows: list[Row] = []
        self.meter, self.depth = meter or Meter(), 0

    def pieces(self, tree: Tree) -> list[Piece]:
        """All that an expression can be, and where."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise TooMuch
        if tree.op not in self.rules:
            raise unwritable(tree)
        found = self.rules[tree.op](self, tree)
        self.depth -= 1
        found = [piece for piece in found if all(holds(row) for row in piece.needs if not split(row.of)[0])]
        if len(found) > MOST_PIECES:
            raise TooMuch
        return found

    def each(self, trees: Iterable[Tree], combine: Callable[..., Form]) -> list[Piece]:
        """The pieces of some expressions together, in all ways."""
        found: list[tuple[tuple[Row, ...], tuple[Form, ...]]] = [((), ())]
        for tree in trees:
            pieces = self.pieces(tree)
            found = [((*needs, *p.needs), (*forms, p.of)) for needs, forms in found for p in pieces]
            self.meter.spend(sum(1 + sum(map(len, forms)) for _, forms in found))
            if len(found) > MOST_PIECES:
                raise TooMuch
        return [Piece(needs, combine(*forms)) for needs, forms in found]

    def index(self, tree: Tree) -> int:
        """The number that an index is."""
        if tree.op == "number" and tree.text.isdigit():
            return int(tree.text)
        if tree.op == "name" and tree.text in self.letters:
            return self.letters[tree.text]
        raise Unwritable(f"the index {tree.text} has no value here")

    def unknown(self, text: str) -> Form:
        """An unknown by its name."""
        self.met.setdefault(text)
        return {text: Fraction(1)}

    def value_of(self, function: str, argument: Form) -> Form:
        """The value of a function that is not piecewise linear: known, or an unknown that is the same for the same argument."""
        key = tuple(sorted(argument.items()))
        if key in self.tables.get(function, {}):
            return self.tables[function][key]
        exact = EXACT[function](argument) if function in EXACT and not split(argument)[0] else None
        if exact is not None:
            return exact
        if (function, key) not in self.applied:
            self.applied[function, key] = Applied(function, argument, f"{function}#{len(self.applied) + 1}")
        return {self.applied[function, key].value: Fraction(1)}

    def running(self, tree: Tree) -> Iterator[Tree]:
        """The parts of a total or a greatest, written out."""
        size = self.names.size(tree.text)
        if not size.isdigit() or int(size) > MOST_TERMS:
            raise Unwritable(f"{tree.text} runs to {size}, and that is not a number up to {MOST_TERMS}")
        left_out = {self.index(part) for part in tree.parts[1:]}
        for i in range(1, int(size) + 1):
            if i not in left_out:
                yield put(tree.parts[0], {tree.text: number(i)})
