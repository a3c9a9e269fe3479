"""The places of a line where something can be edited, and trees made a little larger or smaller; it knows no mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from backcheck.proving.tree import BINDERS, Tree, number

MOST_PLACES = 160  # a line has at most 400 nodes; its longest in the worked examples has 60
WHOLE = ("root", "term", "argument", "body")  # where a product stands by itself: a factor more changes no other
INNER = ("factor", "top", "below", "base", "argument", "exponent", "body")  # where a sum would stand in brackets


class Place(NamedTuple):
    """A node of a line: the way to it, what it is there, and the indices that run over it."""

    node: Tree
    path: tuple[int, ...]
    role: str
    runs: tuple[str, ...]


ROLES = {
    "plus": ("term",),
    "times": ("factor",),
    "elementwise": ("factor",),
    "over": ("top", "below"),
    "power": ("base", "exponent"),
    "call": ("argument",),
    "total": ("body", "left out"),
    "largest": ("body", "left out"),
    "entry": ("head", "index"),
    "slope": ("differentiated", "by"),
}


def places(tree: Tree) -> Iterator[Place]:
    """All places of a line, from the top, in the order they are read.

    >>> [(place.node.text, place.role) for place in places(Tree("over", (ONE, TWO)))]
    [('', 'root'), ('1', 'top'), ('2', 'below')]
    """
    pending, left = [Place(tree, (), "root", ())], MOST_PLACES
    while pending and left:
        place, left = pending.pop(), left - 1
        yield place
        pending += reversed([_part(place, at) for at in range(len(place.node.parts))])


def _part(place: Place, at: int) -> Place:
    node = place.node
    roles = ROLES.get(node.op, ("alone",))
    role = "index" if node.text == "delta" and node.op == "call" else roles[min(at, len(roles) - 1)]
    if node.op == "minus":
        role = "taken away"
    runs = (*place.runs, node.text) if node.op in BINDERS and at == 0 else place.runs
    return Place(node.parts[at], (*place.path, at), role, runs)


def put_at(tree: Tree, path: tuple[int, ...], new: Tree) -> Tree:
    """The line with another node at one place; all that was not on the way to it is shared."""
    if not path:
        return new
    at, parts = path[0], tree.parts
    part = put_at(parts[at], path[1:], new)
    if tree.op == "minus" and part.op == "minus":
        return part.parts[0]
    return tree._replace(parts=(*parts[:at], part, *parts[at + 1 :]))


# trees a little larger or smaller, as a person would write them

ONE, TWO = number(1), number(2)


def negative(tree: Tree) -> Tree:
    return tree.parts[0] if tree.op == "minus" else Tree("minus", (tree,))


def added(*terms: Tree) -> Tree:
    """A sum; the terms of a sum in it become terms of its own."""
    flat = tuple(part for term in terms for part in (term.parts if term.op == "plus" else (term,)))
    return flat[0] if len(flat) == 1 else Tree("plus", flat) if flat else number(0)


def product(*factors: Tree) -> Tree:
    """A product; ones are left out, and a minus stands before it.

    >>> product(TWO, Tree("minus", (ONE,))) == Tree("minus", (TWO,))
    True
    """
    flat: list[Tree] = []
    minus = False
    for factor in factors:
        minus ^= factor.op == "minus"
        inner = factor.parts[0] if factor.op == "minus" else factor
        flat += inner.parts if inner.op == "times" else () if same_number(inner, 1) else (inner,)
    flat = _powers_joined(flat)
    flat.sort(key=lambda one: one.op != "number")  # 2 a, not a 2; the order of all others stays
    made = flat[0] if len(flat) == 1 else Tree("times", tuple(flat)) if flat else ONE
    return Tree("minus", (made,)) if minus else made


def _powers_joined(factors: list[Tree]) -> list[Tree]:
    """x^3 for x x^2; x x stays."""
    joined: list[Tree] = []
    for one in factors:
        base, n = _power(one)
        at = next((at for at, other in enumerate(joined) if _power(other)[0] == base and n + _power(other)[1] > 2), None)
        if at is None or base.op == "number":
            joined.append(one)
        else:
            joined[at] = Tree("power", (base, number(n + _power(joined[at])[1])))
    return joined


def _power(tree: Tree) -> tuple[Tree, int]:
    """What is multiplied, and how often."""
    if tree.op == "power" and tree.parts[1].text.isdecimal():
        return tree.parts[0], int(tree.parts[1].text)
    return tree, 1


def fraction(top: Tree, below: Tree) -> Tree:
    """A fraction; that of a fraction is one fraction."""
    if top.op == "minus":
        return negative(fraction(top.parts[0], below))
    if top.op == "over":
        return Tree("over", (top.parts[0], product(top.parts[1], below)))
    return top if same_number(below, 1) else Tree("over", (top, below))


def times(tree: Tree, factor: Tree) -> Tree:
    """One factor more: in the numerator, where there is one; a fraction goes in as one."""
    if tree.op == "minus":
        return negative(times(tree.parts[0], factor))
    if factor.op == "over":
        return fraction(times(tree, factor.parts[0]), factor.parts[1])
    if tree.op == "over":
        return fraction(times(tree.parts[0], factor), tree.parts[1])
    return product(tree, factor)


def reciprocal(tree: Tree) -> Tree:
    return Tree("over", (ONE, tree))


def divided(tree: Tree, by: Tree) -> Tree:
    """One factor more in the denominator."""
    return negative(divided(tree.parts[0], by)) if tree.op == "minus" else fraction(tree, by)


def without(parts: tuple[Tree, ...], *left_out: int) -> tuple[Tree, ...]:
    return tuple(part for at, part in enumerate(parts) if at not in left_out)


def same_number(tree: Tree, value: int) -> bool:
    return tree.op == "number" and tree.text == str(value)


def size(tree: Tree) -> int:
    """How many nodes a tree has."""
    return 1 + sum(map(size, tree.parts))
