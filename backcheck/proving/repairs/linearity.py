"""Edits that turn rules of linearity back: f(a) + f(b) for f(a + b), and f(a + b) for f(a) + f(b)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise

from backcheck.proving.repairs.around import Around
from backcheck.proving.repairs.brackets import JOINED, Wrap, wraps
from backcheck.proving.repairs.changes import Change, Changes
from backcheck.proving.repairs.places import TWO, Place, added, fraction, negative, product, same_number
from backcheck.proving.tree import Tree


def _same(one: Tree, other: Tree) -> Iterator[tuple[Tree, Tree, Wrap]]:
    """What two trees hold in wraps that look the same."""
    if one.op == other.op and one.op in ("total", "call", "power", "over", "slope") and one.text == other.text:
        if one.op == "slope":
            if one.parts[1:] == other.parts[1:]:
                yield one.parts[0], other.parts[0], lambda inner: one._replace(parts=(inner, *one.parts[1:]))
            return
        for (a, wrap), (b, other_wrap) in zip(wraps(one), wraps(other), strict=False):
            if wrap(a) == other_wrap(a):
                yield a, b, wrap


def outer_moved_in(place: Place, _: Around) -> Changes:
    """sum(k, a)^2 → sum(k, a^2), ln(sum(k, a)) → sum(k, ln(a))."""
    node = place.node
    for total, wrap in _outer(node):
        meant = total._replace(parts=(wrap(total.parts[0]), *total.parts[1:]))
        yield Change(meant, node, meant)


def _outer(node: Tree) -> Iterator[tuple[Tree, Wrap]]:
    if node.op in ("call", "power"):
        yield from ((inner, wrap) for inner, wrap in islice(wraps(node), 1) if inner.op == "total")


def outer_moved_out(place: Place, _: Around) -> Changes:
    """sum(k, a^2) → sum(k, a)^2, sum(k, ln(a)) → ln(sum(k, a)): a sum is not taken term by term."""
    node = place.node
    if node.op == "total" and node.parts[0].op in ("call", "power"):
        for inner, wrap in islice(wraps(node.parts[0]), 1):
            meant = wrap(node._replace(parts=(inner, *node.parts[1:])))
            yield Change(meant, node, meant)


def linearity_undone(place: Place, _: Around) -> Changes:
    """ln a + ln b → ln(a + b), exp a + exp b → exp(a + b), a^2 + b^2 → (a + b)^2, 1/a + 1/b → 1/(a + b), sum a sum b → sum(a b)."""
    node = place.node
    if node.op not in ("plus", "times", "over"):
        return
    for at, (one, other) in enumerate(pairwise(node.parts)):
        minus = other.op == "minus"
        for a, b, wrap in _same(one, other.parts[0] if minus else other):
            for meant in _joined(a, b, minus or node.op == "over"):
                whole = wrap(meant)
                if node.op == "over":
                    yield Change(whole, node, whole)
                else:
                    yield Change(JOINED[node.op](*node.parts[:at], whole, *node.parts[at + 2 :]), node, whole)


def squares_joined(place: Place, _: Around) -> Changes:
    """a^2 + b^2 → (a + b)^2, where the squares are not written as such: 1 + exp(-2z) → (1 + exp(-z))^2."""
    node = place.node
    if node.op == "plus" and len(node.parts) == 2:
        a, b = node.parts
        root, other = _root(a), _root(b.parts[0] if b.op == "minus" else b)
        if root is not None and other is not None:
            meant = Tree("power", (added(root, negative(other) if b.op == "minus" else other), TWO))
            yield Change(meant, node, meant)


def _root(tree: Tree) -> Tree | None:
    if same_number(tree, 1):
        return tree
    if tree.op == "power":
        return tree.parts[0] if same_number(tree.parts[1], 2) else None
    if tree.op == "call" and tree.text == "exp":
        half = _half(tree.parts[0])
        return None if half is None else tree._replace(parts=(half,))
    roots = [_root(part) for part in tree.parts] if tree.op in ("times", "over") else [None]
    found = tuple(root for root in roots if root is not None)
    return tree._replace(parts=found) if len(found) == len(roots) else None


def _half(tree: Tree) -> Tree | None:
    """z of 2 z."""
    if tree.op == "minus":
        half = _half(tree.parts[0])
        return None if half is None else negative(half)
    return product(*tree.parts[1:]) if tree.op == "times" and same_number(tree.parts[0], 2) else None


def _joined(a: Tree, b: Tree, less: bool) -> Iterator[Tree]:
    if less:
        yield added(a, negative(b))
        yield fraction(a, b)
    else:
        yield added(a, b)
        yield product(a, b)


def linearity_used(place: Place, _: Around) -> Changes:
    """The other way: ln(a b) → ln a + ln b, exp(a + b) → exp a exp b, (a b)^2 → a^2 b^2, sum(a b) → sum a · sum b."""
    node = place.node
    if node.op in ("total", "call", "power", "over", "slope"):
        for inner, wrap in _distributed(node):
            if inner.op in ("plus", "times"):
                parts = [negative(wrap(part.parts[0])) if part.op == "minus" else wrap(part) for part in inner.parts]
                for meant in (added(*parts), product(*parts)):
                    yield Change(meant, node, meant)
            elif inner.op == "over":
                a, b = map(wrap, inner.parts)
                for meant in (added(a, negative(b)), fraction(a, b)):
                    yield Change(meant, node, meant)


def _distributed(node: Tree) -> Iterator[tuple[Tree, Wrap]]:
    if node.op == "slope":
        yield node.parts[0], lambda inner: node._replace(parts=(inner, *node.parts[1:]))
    else:
        yield from wraps(node)
