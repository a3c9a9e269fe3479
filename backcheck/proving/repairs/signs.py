"""Edits of signs and transposes, and of the order of matrices: what stands before, above or beside a part."""

from __future__ import annotations

from backcheck.proving.repairs.around import Around
from backcheck.proving.repairs.changes import Change, Changes
from backcheck.proving.repairs.places import ONE, Place, added, negative, same_number
from backcheck.proving.tree import Tree


def minus_dropped(place: Place, _: Around) -> Changes:
    if place.node.op == "minus" and place.role in ("root", "term"):
        yield Change(place.node.parts[0])


def minus_set(place: Place, _: Around) -> Changes:
    if place.node.op not in ("minus", "plus") and place.role in ("root", "term") and not same_number(place.node, 0):
        yield Change(negative(place.node))


def bracket_negated(place: Place, _: Around) -> Changes:
    if place.role == "root" and place.node.op == "plus":
        yield Change(negative(place.node))


def sign_inside(place: Place, here: Around) -> Changes:
    inside = ("argument", "exponent", "body") if place.node.op == "plus" else ("argument", "exponent")
    if place.role in inside and not same_number(place.node, 0):  # of a product in a sum it is the sign before the sum
        turned = [change.tree for change in turned_round(place, here)]
        yield Change(turned[0] if turned else negative(place.node))


def turned_round(place: Place, _: Around) -> Changes:
    """b - a for a - b."""
    if place.node.op == "plus" and len(place.node.parts) == 2:
        a, b = place.node.parts
        if (a.op == "minus") != (b.op == "minus"):
            yield Change(added(negative(b), negative(a)) if b.op == "minus" else added(negative(a), negative(b)))


def bracket_after_minus(place: Place, _: Around) -> Changes:
    """a - (b - c) for a - b - c: a minus before brackets turns all that stands in them."""
    parts = place.node.parts
    if place.node.op == "plus":
        for at, part in enumerate(parts[:-1]):
            if part.op == "minus" and len(parts) - at > 2 - (at == 0):
                yield Change(added(*parts[: at + 1], *map(negative, parts[at + 1 :])))


# matrices


def transposed(place: Place, here: Around) -> Changes:
    node = place.node
    if node.op == "transpose":
        yield Change(node.parts[0], node, node.parts[0])
    elif here.book.rank(node) and place.role not in ("head", "argument"):
        yield Change(Tree("transpose", (node,)), node, Tree("transpose", (node,)))


def entry_by_entry(place: Place, here: Around) -> Changes:
    """a b for a .* b, and a .* b for a b; a b^T, where the one is a column and the other a row."""
    node = place.node
    if node.op == "elementwise" and len(node.parts) == 2:
        a, b = node.parts
        for parts in ((a, b), (a, Tree("transpose", (b,))), (Tree("transpose", (a,)), b)):
            meant = Tree("times", parts)
            yield Change(meant, node, meant)
    elif node.op == "times" and len(node.parts) == 2 and all(map(here.book.rank, node.parts)):
        meant = node._replace(op="elementwise")
        yield Change(meant, node, meant)


def factors_exchanged(place: Place, here: Around) -> Changes:
    """B A for A B."""
    parts = place.node.parts
    if place.node.op == "times" and here.book.rank(place.node):
        for at in range(len(parts) - 1):
            if here.book.rank(parts[at]) and here.book.rank(parts[at + 1]):
                meant = place.node._replace(parts=(*parts[:at], parts[at + 1], parts[at], *parts[at + 2 :]))
                yield Change(meant, place.node, meant)


def one_for_delta(place: Place, here: Around) -> Changes:
    """delta(i,j) for 1 and 1 for delta(i,j): what only the case i = j or only all cases together allow."""
    if place.node.op == "call" and place.node.text == "delta":
        yield Change(ONE, place.node, ONE)
    elif same_number(place.node, 1) and place.role != "index":
        deltas = [one for one in here.terms if one.text == "delta" and here.may_stand(one, place)]
        yield from (Change(one, place.node, one) for one in deltas)
