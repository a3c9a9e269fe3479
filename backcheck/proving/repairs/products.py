"""Edits of products and sums: a factor or a term more or less, the other side of the fraction bar."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.proving.repairs.around import Around
from backcheck.proving.repairs.changes import Change, Changes
from backcheck.proving.repairs.places import (
    INNER,
    ONE,
    TWO,
    WHOLE,
    Place,
    added,
    divided,
    fraction,
    negative,
    product,
    reciprocal,
    times,
    without,
)
from backcheck.proving.repairs.sources import halved
from backcheck.proving.tree import Tree, free, name, number, walk


def number_factor_dropped(place: Place, here: Around) -> Changes:
    yield from (change for change in _dropped(place) if _numeric(change.wrote, here))


def factor_dropped(place: Place, here: Around) -> Changes:
    yield from (change for change in _dropped(place) if not _numeric(change.wrote, here))


def _numeric(tree: Tree | str, here: Around) -> bool:
    """2, 1/2, n, 1/n."""
    if isinstance(tree, str):
        return False
    return (
        tree.op == "number"
        or tree.text in here.names.sizes
        or (tree.op == "over" and all(_numeric(one, here) for one in tree.parts))
    )


def _dropped(place: Place) -> Changes:
    node = place.node
    if node.op in ("times", "elementwise"):
        for at, part in enumerate(node.parts):
            left = without(node.parts, at)
            yield Change(product(*left) if node.op == "times" else left[0], part)
    elif node.op == "over":
        top, below = node.parts
        yield Change(top, reciprocal(below))
        if top.op not in ("number", "times"):
            yield Change(fraction(ONE, below), top)


def number_factor_missing(place: Place, here: Around) -> Changes:
    """2, and n where something is to the power of n; 1/2 only where a half stands somewhere. A sign is an edit of its own."""
    if place.role in WHOLE and place.node.op != "number":
        under = {part.parts[1] for part in (place.node, *place.node.parts) if part.op == "over"}
        for n in {2: None, **dict.fromkeys(sorted(_exponents(here)))}:
            if number(n) in under:
                continue  # that is a factor 1/n too many
            yield Change(_times_number(place.node, n), "", number(n))
        if halved(here.known):
            yield Change(fraction(place.node, TWO), "", reciprocal(TWO))


def _exponents(here: Around) -> set[int]:
    powers = (node.parts[1].text for line in here.known for node in walk(line) if node.op == "power")
    return {int(n) for n in powers if n.isdecimal() and 2 < int(n) < MOST_POWER}


MOST_POWER = 10


def _times_number(tree: Tree, n: int) -> Tree:
    """4 x for 2 x."""
    if tree.op == "times" and tree.parts[0].op == "number" and tree.parts[0].text.isdecimal():
        return Tree("times", (number(n * int(tree.parts[0].text)), *tree.parts[1:]))
    return times(tree, number(n))


def size_factor_missing(place: Place, here: Around) -> Changes:
    """n, 1/n."""
    if place.role in WHOLE:
        for size in here.sizes:
            yield Change(divided(place.node, name(size)), "", reciprocal(name(size)))
            yield Change(times(place.node, name(size)), "", name(size))


def factor_missing(place: Place, here: Around) -> Changes:
    """One that stands in the line before, in the one after or in the claim, or comes out of them."""
    if place.role in WHOLE:
        for factor in (*here.slopes, *_useful(here.factors, place, here)):
            yield Change(times(place.node, factor), "", factor)
            if here.book.rank(factor):  # of matrices the order counts
                yield Change(product(factor, place.node), "", factor)


def divisor_missing(place: Place, here: Around) -> Changes:
    if place.role in WHOLE:
        for factor in _useful(here.divisors, place, here):
            yield Change(divided(place.node, factor), "", reciprocal(factor))


def _useful(trees: tuple[Tree, ...], place: Place, here: Around) -> Iterator[Tree]:
    """A factor that knows nothing of the running index stands before the sum as well as in it."""
    inside = place.role == "body"
    for tree in trees:
        if here.may_stand(tree, place) and not (inside and place.runs[-1] not in free(tree)):
            yield tree


def delta_missing(place: Place, here: Around) -> Changes:
    if place.role in WHOLE:
        for factor in here.terms:
            if factor.text == "delta" and here.may_stand(factor, place):
                yield Change(times(place.node, factor), "", factor)


def term_dropped(place: Place, _: Around) -> Changes:
    if place.node.op == "plus":
        for at, part in enumerate(place.node.parts):
            yield Change(added(*without(place.node.parts, at)), part)


def term_missing(place: Place, here: Around) -> Changes:
    """One more in a sum that is there."""
    if place.node.op == "plus":
        yield from _with_terms(place, here)


def lonely_term_missing(place: Place, here: Around) -> Changes:
    """What is left of a sum of two."""
    if place.node.op != "plus" and place.role in ("root", *INNER, "differentiated"):
        yield from _with_terms(place, here)


def _with_terms(place: Place, here: Around) -> Changes:
    for term in here.terms:
        if here.may_stand(term, place):
            yield Change(added(place.node, negative(term)), "", negative(term))
            yield Change(added(place.node, term), "", term)
            if place.node.op != "plus":
                yield Change(added(term, negative(place.node)), "", term)


def power_for_product(place: Place, _: Around) -> Changes:
    """a^2 for 2 a, and 2 a for a^2."""
    node = place.node
    if node.op == "power":
        meant = product(node.parts[1], node.parts[0])
        yield Change(meant, node, meant)
    elif node.op == "times" and node.parts[0].op == "number":
        n, *others = node.parts
        for at, one in enumerate(others):
            power = Tree("power", (one, n))
            yield Change(product(*others[:at], power, *others[at + 1 :]), Tree("times", (n, one)), power)


def sum_for_product(place: Place, _: Around) -> Changes:
    node = place.node
    if node.op == "times":
        for at in range(1, len(node.parts)):
            yield Change(added(product(*node.parts[:at]), product(*node.parts[at:])), "times", "plus")
    elif node.op == "over":
        top, below = node.parts
        others = top.parts if top.op == "times" else (top,)
        for at, one in enumerate(others):
            yield Change(product(*without(others, at), added(one, negative(below))), "over", "minus")
    elif node.op == "plus":
        yield Change(product(*node.parts), "plus", "times")
        if any(part.op == "minus" for part in node.parts):
            yield Change(product(*(part.parts[0] if part.op == "minus" else part for part in node.parts)), "minus", "times")
