"""Factors, divisors and terms that a repair may put into a line: each stands in a line that is right, or comes out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from backcheck.proving.repairs.opened import nodes
from backcheck.proving.repairs.places import ONE, TWO, product
from backcheck.proving.tree import Tree, number

Lines = Sequence[Tree]


def factors(lines: Lines) -> Iterator[Tree]:
    """All that is multiplied somewhere, and what stands in a place of its own."""
    for line in lines:
        yield from chain.from_iterable(_factors_of(node, line) for node in nodes(line))
    yield from (node for node in nodes_of(lines) if node.op == "name")


def further_factors(lines: Lines) -> Iterator[Tree]:
    """What comes out of them: the slopes of a softmax, a sigmoid, a tanh, and of all that stands inside something."""
    yield from chain.from_iterable(map(_of_softmax, nodes_of(lines)))
    yield from _complements(lines)
    yield from chain.from_iterable(map(inner_slopes, lines))


def _factors_of(node: Tree, line: Tree) -> Iterator[Tree]:
    if node.op in ("times", "elementwise", "over", "power"):
        yield from node.parts[: 1 if node.op == "power" else None]
    if node.op in ("entry", "call", "power", "total", "slope") or (node.op == "plus" and node is not line):
        yield node


def nodes_of(lines: Lines) -> Iterator[Tree]:
    return chain.from_iterable(map(nodes, lines))


def _of_softmax(node: Tree) -> Iterator[Tree]:
    """Of d(s[i], z[j]): delta(i,j) - s[j], which is what a softmax leaves beside s[i]."""
    if node.op == "slope" and len(node.parts) == 2 and all(part.op == "entry" and len(part.parts) == 2 for part in node.parts):
        (s, i), (_, j) = (part.parts for part in node.parts)
        if i != j:
            yield Tree("plus", (Tree("call", (i, j), "delta"), Tree("minus", (Tree("entry", (s, j)),))))


def _complements(lines: Lines) -> Iterator[Tree]:
    """1 - a; then a (1 - a) and 1 - a^2, the slopes of sigmoid and tanh."""
    found = dict.fromkeys(node for line in lines for node in nodes(line) if node.op in ("entry", "name"))
    one_less = {node: Tree("plus", (ONE, Tree("minus", (node,)))) for node in found}
    yield from one_less.values()
    for node, less in one_less.items():
        yield Tree("times", (node, less))
        yield Tree("plus", (ONE, Tree("minus", (Tree("power", (node, TWO)),))))


def inner_slopes(line: Tree) -> Iterator[Tree]:
    """Of d(f(u), x), d(u^2, x) and d(1/u, x): d(u, x); then of all that may depend on x."""
    for node in nodes(line):
        if node.op == "slope":
            body, *by = node.parts
            yield from (Tree("slope", (inner, by[0])) for inner in map(_inside, nodes(body)) if inner is not None)
            others = (node for node in nodes(body) if node.op in ("name", "entry") and _head(node) != _head(by[0]))
            yield from (Tree("slope", (other, by[0])) for other in others if other != body)


def _head(node: Tree) -> Tree:
    return node.parts[0] if node.op == "entry" else node


def _inside(node: Tree) -> Tree | None:
    """What a function, a power or a fraction bar is applied to, where that is more than a name."""
    if node.op == "power" or (node.op == "call" and len(node.parts) == 1):
        inner = node.parts[0]
    elif node.op == "over":
        inner = node.parts[1]
    else:
        return None
    return None if inner.op in ("name", "entry", "number") else inner


def divisors(lines: Lines) -> Iterator[Tree]:
    """What stands under a fraction bar or will come to stand there: under a quotient's slope its square, and u of ln u."""
    for line in lines:
        below = [node.parts[1] for node in nodes(line) if node.op == "over"]
        yield from below
        yield from (part for one in below if one.op == "times" for part in one.parts)
        yield from chain.from_iterable(map(_common, nodes(line)))
        if any(node.op == "slope" for node in nodes(lines[0])):
            yield from (Tree("power", (one, TWO)) for one in below)
            yield from (node.parts[0] for node in nodes(line) if node.op == "call" and node.text == "ln")
        yield from (node for node in nodes(line) if node.op == "call" and node.text == "sqrt")
        yield from (node.parts[0] for node in nodes(line) if node.op == "power" and node.parts[1].op == "minus")


def _common(node: Tree) -> Iterator[Tree]:
    """The common denominator of two fractions."""
    if node.op == "plus":
        bare = [part.parts[0] if part.op == "minus" else part for part in node.parts]
        below = [part.parts[1] for part in bare if part.op == "over"]
        yield from (product(one, other) for at, one in enumerate(below) for other in below[at + 1 :])


def terms(lines: Lines) -> Iterator[Tree]:
    """All that is added somewhere, then 1, then the shortest of all."""
    for line in lines:
        for node in nodes(line):
            if node.op == "plus":
                yield from (part.parts[0] if part.op == "minus" else part for part in node.parts)
    yield ONE
    for line in lines:
        yield from chain.from_iterable(map(_halves, nodes(line)))
        yield from chain.from_iterable(map(_multiplied_out, nodes(line)))
    for line in lines:
        yield from (node for node in nodes(line) if node.op in ("entry", "name") or node.text == "delta")


def _multiplied_out(node: Tree) -> Iterator[Tree]:
    """The terms of a (b + c), and of a slope of a sum."""
    if node.op == "times":
        for at, one in enumerate(node.parts):
            if one.op == "plus":
                for term in one.parts:
                    yield product(*node.parts[:at], term, *node.parts[at + 1 :])
    elif node.op == "slope" and node.parts[0].op == "plus":
        yield from (Tree("slope", (term, *node.parts[1:])) for term in node.parts[0].parts if term.op != "minus")


def _halves(node: Tree) -> Iterator[Tree]:
    """Of d(a b, x): d(a, x) b and a d(b, x); of (a + b)^2: 2 a b."""
    if node.op == "slope" and node.parts[0].op == "times":
        factors, by = node.parts[0].parts, node.parts[1]
        for at, one in enumerate(factors):
            other = (*factors[:at], *factors[at + 1 :])
            if one == by:
                yield other[0] if len(other) == 1 else Tree("times", other)
            elif one.op == "call" and one.text == "exp" and one.parts == (by,):
                yield node.parts[0]
            yield Tree("times", (*factors[:at], Tree("slope", (one, by)), *factors[at + 1 :]))
    if node.op == "power" and node.parts[0].op == "plus" and len(node.parts[0].parts) == 2:
        a, b = (part.parts[0] if part.op == "minus" else part for part in node.parts[0].parts)
        yield Tree("times", (TWO, *(part for one in (a, b) for part in (one.parts if one.op == "times" else (one,)))))


def halved(lines: Lines) -> bool:
    """Whether a half stands somewhere, or comes of a root."""
    return any(_is_half(node) for line in lines for node in nodes(line))


def _is_half(node: Tree) -> bool:
    if node.op == "over":
        return node.parts[1] == number(2) or (node.parts[1].op == "times" and number(2) in node.parts[1].parts)
    return (node.op == "call" and node.text == "sqrt") or node.text == "0.5"
