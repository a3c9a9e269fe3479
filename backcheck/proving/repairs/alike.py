"""Whether two lines are the same as written, but for the order of terms and factors and for brackets; it knows no values."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from backcheck.proving.tree import BINDERS, Tree, walk

Bases = tuple[tuple[int, int], ...]  # (what is multiplied, how often), in a fixed order
MOST_POWER = 64


class Product(NamedTuple):
    """A number times powers of things that have a number of their own in the book."""

    number: int | Fraction
    bases: Bases


class Alike:
    """A book in which every way of writing has a number: two trees that differ in order and brackets only have the same.

    >>> from backcheck.proving.tree import name, number
    >>> a, b, book = name("a"), name("b"), Alike({})
    >>> book.of(Tree("times", (a, Tree("times", (b, a))))) == book.of(Tree("times", (Tree("power", (a, number("2"))), b)))
    True
    """

    def __init__(self, shapes: Mapping[str, tuple[str, ...]]) -> None:
        self._shapes = shapes
        self._numbers: dict[object, int] = {}
        self._said: list[object] = []
        self._products: dict[tuple[int, tuple[str, ...]], Product] = {}
        self._ranks: dict[int, int] = {}
        self._kept: list[Tree] = []  # an id stands for a tree only as long as the tree lives

    def of(self, tree: Tree, bound: tuple[str, ...] = ()) -> int:
        """The number of a tree."""
        return self._number(self.product(tree, bound))

    def product(self, tree: Tree, bound: tuple[str, ...] = ()) -> Product:
        """A tree as a number times powers."""
        key = (id(tree), bound)
        found = self._products.get(key)
        if found is None:
            self._kept.append(tree)
            found = self._products[key] = self._read(tree, bound)
        return found

    def inside(self, tree: Tree) -> set[int]:
        """The numbers of all that a tree is made of, itself among them; indices that run are read as free ones."""
        found, pending = set(), [tree]
        while pending:
            node = pending.pop()
            found.add(self.of(node))
            pending += node.parts
        return found

    def cancelled(self, tree: Tree) -> int:
        """How many terms and factors fall out: 2 in a - a + b, 2 in a/a."""
        found = 0
        for node in walk(tree):
            if node.op == "plus":
                parts = [term for part in node.parts for term in self._terms(self.product(part))]
                found += len(parts) - len(self._terms(self._plus(node, ())))
            elif node.op == "over":
                top, below = ({base for base, _ in self.product(part).bases} for part in node.parts)
                found += 2 * len(top & below)
        return found

    def nothing(self, tree: Tree) -> int:
        """How many differences in it are nothing: 1 in q - q; numbers are counted together, and are none."""
        found = 0
        for node in walk(tree):
            if node.op == "plus":
                terms = {bases for part in node.parts for _, bases in self._terms(self.product(part)) if bases}
                found += len(terms - {bases for _, bases in self._terms(self._plus(node, ()))})
        return found

    def _number(self, said: object) -> int:
        at = self._numbers.get(said)
        if at is None:
            at = self._numbers[said] = len(self._said)
            self._said.append(said)
        return at

    def _read(self, tree: Tree, bound: tuple[str, ...]) -> Product:
        match tree.op:
            case "number":
                return Product(int(tree.text) if tree.text.isdecimal() else Fraction(tree.text), ())
            case "minus":
                inner = self.product(tree.parts[0], bound)
                return Product(-inner.number, inner.bases)
            case "times":
                return self._times(tree, bound)
            case "over":
                top, below = (self.product(part, bound) for part in tree.parts)
                if below.number:
                    return _merged((top, 1), (below, -1))
            case "power":
                base, exponent = (self.product(part, bound) for part in tree.parts)
                n = int(exponent.number)
                if not exponent.bases and n == exponent.number and abs(n) <= MOST_POWER and (base.number or n >= 0):
                    return _merged((base, n))
            case "plus":
                return self._plus(tree, bound)
        return self._atom(self._opaque(tree, bound))

    def _atom(self, said: object) -> Product:
        return Product(1, ((self._number(said), 1),))

    def _opaque(self, tree: Tree, bound: tuple[str, ...]) -> object:
        if tree.op == "name":
            level = len(bound) - 1 - bound[::-1].index(tree.text) if tree.text in bound else None
            return ("name", tree.text) if level is None else ("runs", level)
        if tree.op in BINDERS:
            body = self.of(tree.parts[0], (*bound, tree.text))
            return tree.op, body, tuple(self.of(part, bound) for part in tree.parts[1:])
        parts = [self.of(part, bound) for part in tree.parts]
        if tree.op == "call" and tree.text == "delta":
            parts.sort()
        return tree.op, tree.text, tuple(parts)

    def _times(self, tree: Tree, bound: tuple[str, ...]) -> Product:
        """Numbers in any order; matrices and vectors in theirs."""
        arrays = [part for part in tree.parts if self.rank(part)]
        numbers = [part for part in tree.parts if not self.rank(part)] if len(arrays) > 1 else tree.parts
        found = [(self.product(part, bound), 1) for part in numbers]
        if len(arrays) > 1:
            held = [self.product(part, bound) for part in arrays]
            order = tuple(self._number(Product(1, one.bases)) for one in held)
            found += [(Product(one.number, ()), 1) for one in held] + [(self._atom(("times", order)), 1)]
        return _merged(*found)

    def _plus(self, tree: Tree, bound: tuple[str, ...]) -> Product:
        terms: dict[Bases, int | Fraction] = {}
        for part in tree.parts:
            for number, bases in self._terms(self.product(part, bound)):
                terms[bases] = terms.get(bases, 0) + number
        left = tuple(sorted((bases, number) for bases, number in terms.items() if number))
        if len(left) < 2:
            return Product(left[0][1], left[0][0]) if left else Product(0, ())
        if left[0][1] > 0:
            return self._atom(("plus", left))
        turned = self._atom(("plus", tuple((bases, -number) for bases, number in left)))  # b - a is -(a - b)
        return turned._replace(number=-1)

    def _terms(self, one: Product) -> list[tuple[int | Fraction, Bases]]:
        """A bracket behind a plus or a minus is opened."""
        if abs(one.number) == 1 and len(one.bases) == 1 and one.bases[0][1] == 1:
            match self._said[one.bases[0][0]]:
                case ("plus", tuple() as inner):
                    return [(one.number * number, bases) for bases, number in inner]
        return [(one.number, one.bases)]

    def rank(self, tree: Tree) -> int:
        """0 for a number, 1 for a vector, 2 for a matrix, as far as the writing shows it."""
        found = self._ranks.get(id(tree))
        if found is None:
            self._kept.append(tree)
            found = self._ranks[id(tree)] = self._rank(tree)
        return found

    def _rank(self, tree: Tree) -> int:
        match tree.op:
            case "name":
                return len(self._shapes.get(tree.text, ()))
            case "entry" | "slope" | "number" | "infinity":
                return 0
            case "total" | "largest":
                return self.rank(tree.parts[0])
        return max(map(self.rank, tree.parts), default=0)


def _merged(*parts: tuple[Product, int]) -> Product:
    number: int | Fraction = 1
    bases: dict[int, int] = {}
    for one, power in parts:
        if one.number != 1:
            number *= one.number if power == 1 else Fraction(one.number) ** power
        for base, times in one.bases:
            bases[base] = bases.get(base, 0) + times * power
    return Product(number, tuple(sorted((base, times) for base, times in bases.items() if times)))
