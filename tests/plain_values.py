"""Trees in entries worked out with mpmath, and relations read from text: a road of the tests' own, without any of the program's."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mpmath import mp, mpf

from backcheck.proving.entries import elaborate
from backcheck.proving.judging.scope import Scope
from backcheck.proving.names import Names, Scene
from backcheck.proving.reading import read
from backcheck.proving.statements import Claim, Limit, Misread, Relation
from backcheck.proving.tree import Tree

mp.dps = 40
LARGEST = 20  # of what stands in an exponent


class NoValue(Exception):
    """It means nothing at these numbers."""


class Numbers(NamedTuple):
    """A number for each name, each entry and each letter."""

    names: Names
    sizes: Mapping[str, int]
    letters: Mapping[str, int]
    scalars: Mapping[str, Any]
    entries: Mapping[str, list[Any]]


def value(tree: Tree, at: Numbers) -> Any:
    if tree.op in ("total", "largest"):
        return _over(tree, at)
    if tree.op == "entry":
        return at.entries[tree.parts[0].text][_index(tree.parts[1], at) - 1]
    if tree.op == "name":
        return mpf(at.letters.get(tree.text) or at.sizes.get(tree.text) or at.scalars[tree.text])
    if tree.op == "number":
        return mpf(tree.text)
    if tree.op == "call" and tree.text == "delta":
        return mpf(_index(tree.parts[0], at) == _index(tree.parts[1], at))
    parts = [value(part, at) for part in tree.parts]
    try:
        return OPERATIONS[tree.text if tree.op == "call" else tree.op](*parts)
    except (ZeroDivisionError, OverflowError):
        raise NoValue from None


def _index(tree: Tree, at: Numbers) -> int:
    return int(tree.text) if tree.op == "number" else at.letters[tree.text]


def _over(tree: Tree, at: Numbers) -> Any:
    size = at.names.size(tree.text)
    apart = {_index(part, at) for part in tree.parts[1:]}
    many = [k for k in range(1, (int(size) if size.isdigit() else at.sizes[size]) + 1) if k not in apart]
    found = [value(tree.parts[0], at._replace(letters={**at.letters, tree.text: k})) for k in many]
    if tree.op == "largest" and not found:
        raise NoValue
    return max(found) if tree.op == "largest" else mp.fsum(found)


def _over_line(one: Any, other: Any) -> Any:
    if other == 0:
        raise NoValue
    return one / other


def _power(base: Any, exponent: Any) -> Any:
    if (base == 0 and exponent < 0) or (base < 0 and exponent != int(exponent)):
        raise NoValue
    return base ** (int(exponent) if exponent == int(exponent) else exponent)


def _real(function: Callable[[Any], Any], least: float, at_least: bool) -> Callable[[Any], Any]:
    def worked(u: Any) -> Any:
        if u < least or (u == least and not at_least):
            raise NoValue
        return function(u)

    return worked


def _tame(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """So that 1 - tanh(u) and e^-u are told from 0 with the digits there are."""

    def worked(u: Any) -> Any:
        if abs(u) > LARGEST:
            raise NoValue
        return function(u)

    return worked


def _step(u: Any) -> Any:
    if u == 0:
        raise NoValue
    return mpf(u > 0)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "plus": lambda *parts: mp.fsum(parts),
    "minus": lambda u: -u,
    "times": lambda *parts: math.prod(parts, start=mpf(1)),
    "over": _over_line,
    "power": _power,
    "exp": _tame(mp.exp),
    "ln": _real(mp.log, 0, at_least=False),
    "sqrt": _real(mp.sqrt, 0, at_least=True),
    "abs": abs,
    "relu": lambda u: max(u, mpf(0)),
    "step": _step,
    "sign": mp.sign,
    "max": max,
    "min": min,
    "sigmoid": _tame(lambda u: 1 / (1 + mp.exp(-u))),
    "tanh": _tame(mp.tanh),
    "softplus": _tame(lambda u: mp.log(1 + mp.exp(u))),
}


def asked(text: str) -> tuple[Relation | Limit, Scene]:
    """The last line of a derivation, in entries, and all that counts there."""
    scope = Scope()
    for line in read(text, "text").lines:
        statement = line.statement
        if isinstance(statement, Misread):
            raise statement
        if not isinstance(statement, Claim | Limit):
            scope.take(line, statement)
            continue
        relation = statement.relations[0] if isinstance(statement, Claim) else statement.relation
        found = elaborate(relation, scope.names, scope.certain())
        scope.meet((found.left, found.right))
        return (found if isinstance(statement, Claim) else statement._replace(of=found.left, relation=found)), scope.scene
    raise ValueError(text)
