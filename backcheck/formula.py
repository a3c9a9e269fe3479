"""How a number is written on paper: a small tree that is printed, evaluated and differentiated; it knows nothing of networks."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any


class Formula:
    """The root of all nodes; `a*b + c` builds trees, dropping factors of 1 and terms of 0.

    Nodes are written out by hand: eight dataclasses would cost every command a tenth of the time NumPy takes to import.
    """

    __slots__: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(getattr(self, part) == getattr(other, part) for part in self.__slots__)

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, part) for part in self.__slots__)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(repr(getattr(self, part)) for part in self.__slots__)})"

    def __add__(self, other: Formula) -> Formula:
        return add(self, other)

    def __sub__(self, other: Formula) -> Formula:
        return add(self, negative(other))

    def __mul__(self, other: Formula) -> Formula:
        return multiply(self, other)

    def __truediv__(self, other: Formula) -> Formula:
        return self if other == ONE else self if self == ZERO else Quotient(self, other)

    def __pow__(self, other: Formula) -> Formula:
        return self if other == ONE else Power(self, other)

    def __neg__(self) -> Formula:
        return negative(self)


class Number(Formula):
    """A numeral, kept as the digits that were written."""

    __slots__ = __match_args__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Cell(Formula):
    """A quantity of the worksheet, or a letter of a rule, by its name."""

    __slots__ = __match_args__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Negative(Formula):
    """−body"""

    __slots__ = __match_args__ = ("body",)

    def __init__(self, body: Formula) -> None:
        self.body = body


class Sum(Formula):
    """Two terms or more; a difference has a Negative among them."""

    __slots__ = __match_args__ = ("terms",)

    def __init__(self, terms: tuple[Formula, ...]) -> None:
        self.terms = terms


class Product(Formula):
    """Two factors or more."""

    __slots__ = __match_args__ = ("factors",)

    def __init__(self, factors: tuple[Formula, ...]) -> None:
        self.factors = factors


class Quotient(Formula):
    """top/bottom"""

    __slots__ = __match_args__ = ("top", "bottom")

    def __init__(self, top: Formula, bottom: Formula) -> None:
        self.top, self.bottom = top, bottom


class Power(Formula):
    """base to the exponent"""

    __slots__ = __match_args__ = ("base", "exponent")

    def __init__(self, base: Formula, exponent: Formula) -> None:
        self.base, self.exponent = base, exponent


class Call(Formula):
    """A function by name: `exp(z)`; `sum`, `mean` and `lse` run over all outputs until they are written out."""

    __slots__ = __match_args__ = ("function", "arguments")

    def __init__(self, function: str, arguments: tuple[Formula, ...]) -> None:
        self.function, self.arguments = function, arguments


ZERO, ONE = Number("0"), Number("1")


def negative(tree: Formula) -> Formula:
    """−tree, with two signs cancelling."""
    if isinstance(tree, Negative):
        return tree.body
    return tree if tree == ZERO else Negative(tree)


def add(*terms: Formula) -> Formula:
    """A sum without its zeros; sums inside it are opened."""
    flat: list[Formula] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Sum) else (term,) if term != ZERO else ())
    return Sum(tuple(flat)) if len(flat) > 1 else flat[0] if flat else ZERO


def multiply(*factors: Formula) -> Formula:
    """A product without its ones; 0 if a factor is 0; signs come to the front."""
    flat: list[Formula] = []
    sign = 1
    for factor in factors:
        if isinstance(factor, Negative):
            sign, factor = -sign, factor.body
        flat.extend(factor.factors if isinstance(factor, Product) else (factor,) if factor != ONE else ())
    if ZERO in flat:
        return ZERO
    tree: Formula = Product(tuple(flat)) if len(flat) > 1 else flat[0] if flat else ONE
    return tree if sign == 1 else negative(tree)


def children(tree: Formula) -> tuple[Formula, ...]:
    """The parts of a node, from left to right."""
    match tree:
        case Sum(parts) | Product(parts) | Call(_, parts):
            return parts
        case Negative(body):
            return (body,)
        case Quotient(left, right) | Power(left, right):
            return (left, right)
    return ()


def cells(tree: Formula) -> Iterator[str]:
    """The names read by a formula, in the order they are written, repeats included."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, Cell):
            yield node.name
        pending.extend(reversed(children(node)))


def functions_of(tree: Formula) -> set[str]:
    """The functions that a formula calls."""
    called = {tree.function} if isinstance(tree, Call) else set()
    return called.union(*map(functions_of, children(tree)))


def rebuild(tree: Formula, part: Callable[[Formula], Formula]) -> Formula:
    """The same node with each of its parts passed through `part`; what became 0 or 1 falls away."""
    match tree:
        case Negative(body):
            return negative(part(body))
        case Sum(terms):
            return add(*map(part, terms))
        case Product(factors):
            return multiply(*map(part, factors))
        case Quotient(top, bottom):
            return part(top) / part(bottom)
        case Power(base, exponent):
            return part(base) ** part(exponent)
        case Call(function, arguments):
            return Call(function, tuple(map(part, arguments)))
    return tree


def substitute(tree: Formula, parts: Mapping[str, Formula]) -> Formula:
    """The same formula with other formulas in the place of some names."""
    if isinstance(tree, Cell):
        return parts.get(tree.name, tree)
    return rebuild(tree, lambda part: substitute(part, parts))


Algebra = Mapping[str, Callable[..., Any]]


def evaluate(
    tree: Formula,
    read: Callable[[str], Any],
    functions: Algebra,
    numeral: Callable[[str], Any] = float,
    zero_wins: bool = False,
) -> Any:
    """The value of a formula in any arithmetic with + − × / and powers: floats, fractions, arrays.

    `zero_wins`: what a 0 is multiplied with, or divided by, is not looked at, as on paper: 0·ln(0.0000) is 0.
    """
    if isinstance(tree, Number):
        return numeral(tree.text)
    if isinstance(tree, Cell):
        return read(tree.name)
    parts: list[Any] = []
    for part in children(tree):
        parts.append(evaluate(part, read, functions, numeral, zero_wins))
        if zero_wins and parts[-1] == 0 and (isinstance(tree, Product) or (isinstance(tree, Quotient) and len(parts) == 1)):
            return parts[-1]
    match tree:
        case Negative():
            return -parts[0]
        case Sum():
            return reduce(operator.add, parts)
        case Product():
            return reduce(operator.mul, parts)
        case Quotient():
            return parts[0] / parts[1]
        case Power():
            return functions["power"](*parts)
        case Call(function):
            return functions[function](*parts)
    raise TypeError(tree)
