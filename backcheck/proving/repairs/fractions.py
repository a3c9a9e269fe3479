"""Edits of fractions: what stands on the other side of the bar."""

from __future__ import annotations

from backcheck.proving.repairs.around import Around
from backcheck.proving.repairs.changes import Change, Changes
from backcheck.proving.repairs.places import ONE, WHOLE, Place, fraction, product, reciprocal, without


def inverted(place: Place, _: Around) -> Changes:
    node = place.node
    if node.op == "over":
        top, below = node.parts
        found = [fraction(below, top)]
        for at, one in enumerate(top.parts if top.op == "times" else ()):
            found.append(fraction(product(*without(top.parts, at), below), one))
        yield from (Change(meant, node, meant) for meant in found)


def over_for_times(place: Place, _: Around) -> Changes:
    if place.node.op == "over":
        top, below = place.node.parts
        yield Change(product(top, below), "over", "times")


def times_for_over(place: Place, _: Around) -> Changes:
    if place.node.op == "times":
        for at, part in enumerate(place.node.parts):
            yield Change(fraction(product(*without(place.node.parts, at)), part), "times", "over")


def reciprocal_of_one(place: Place, _: Around) -> Changes:
    """1/a for a: where a stands by itself."""
    node = place.node
    if place.role in (*WHOLE, "taken away") and node.op in ("name", "entry", "call", "total", "plus"):
        yield Change(fraction(ONE, node), node, reciprocal(node))


def denominator_split(place: Place, _: Around) -> Changes:
    """a/b c → a/(b c) and back: the factor that stands on the other side of the bar."""
    node = place.node
    if node.op == "times":
        for at, part in enumerate(node.parts):
            if part.op == "over":
                for other in range(len(node.parts)):
                    if other != at:
                        meant = product(
                            *without(node.parts, at, other), fraction(part.parts[0], product(part.parts[1], node.parts[other]))
                        )
                        yield Change(meant, node, meant)
    elif node.op == "over":
        top, below = node.parts
        if below.op == "times":
            for at, part in enumerate(below.parts):
                meant = fraction(product(top, part), product(*without(below.parts, at)))
                yield Change(meant, node, meant)
        if top.op == "times":
            for at, part in enumerate(top.parts):
                meant = fraction(product(*without(top.parts, at)), product(below, part))
                yield Change(meant, node, meant)
