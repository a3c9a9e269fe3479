"""How a relation can be looked at, with few definitions put in or all: what holds of a name holds of what it stands for.

With d(L, z2[k]) left as it is, one step of a backward pass is one layer deep, however many layers lie above it.
"""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.proving.algebra.expand import Expansion, plain_with_origins
from backcheck.proving.names import NO_LETTER, Names, Scene
from backcheck.proving.tree import Tree, bare, called, changed, mentioned, name, walk

View = tuple[tuple[Tree, Tree], tuple[Tree, ...]]  # both sides; all that was differentiated
MOST_ROUNDS = 5


def views(left: Tree, right: Tree, scene: Scene) -> Iterator[View]:
    """The relation with ever more put in; the last view has everything."""
    seen: list[tuple[Tree, Tree]] = []
    if not scene.at and scene.names.defined:
        relation = bare(left), bare(right)
        for sides in filter(None, (carried_back(*relation, scene.names), relation)):
            view = _partly(*sides, scene.names)
            if view[0] not in seen:
                seen.append(view[0])
                yield view
    view = fully(left, right, scene)
    if view[0] not in seen:
        yield view


def fully(left: Tree, right: Tree, scene: Scene) -> View:
    """Everything put in."""
    (one, ones), (other, others) = plain_with_origins(left, scene), plain_with_origins(right, scene)
    return (one, other), (*ones, *others)


def _partly(left: Tree, right: Tree, names: Names) -> View:
    """Only those definitions put in that a derivative has to look into."""
    opened: frozenset[str] = frozenset()
    for _ in range(MOST_ROUNDS):
        work = Expansion(names, only=opened)
        kept = frozenset(names.defined) - opened
        sides = work.expanded(left, kept), work.expanded(right, kept)
        if work.opened <= opened:
            break
        opened |= work.opened
    return sides, tuple(work.origins)


# the chain rule through what lies between


def carried_back(left: Tree, right: Tree, names: Names) -> tuple[Tree, Tree] | None:
    """All derivatives of L by that of the places which is nearest to L; those by it are left as they are."""
    slopes = [node for side in (left, right) for node in walk(side) if _is_of_name(node, names)]
    whole = {node.parts[0].text for node in slopes}
    if len(whole) != 1:
        return None
    (result,) = whole
    reads = {defined: _reads(names.defined[defined].body, names) for defined in names.defined}
    heads = {called(node.parts[1]) for node in slopes}
    nearest = next((head for head in sorted(heads) if head in reads and all(_from(reads, head, o) for o in heads - {head})), None)
    if nearest is None:
        return None
    try:
        one, other = (changed(side, lambda node: _carried(node, result, nearest, reads, names)) for side in (left, right))
    except _NotOneWay:
        return None
    return one, other


class _NotOneWay(Exception):
    """A quantity that reaches the result by more than one other."""


def _is_of_name(node: Tree, names: Names) -> bool:
    return node.op == "slope" and len(node.parts) == 2 and node.parts[0].op == "name" and node.parts[0].text in names.defined


def _reads(body: Tree, names: Names) -> frozenset[str]:
    return mentioned(body) & {*names.shapes, *names.defined}


def _from(reads: dict[str, frozenset[str]], one: str, other: str) -> bool:
    """Whether one is made from the other, perhaps by way of others."""
    pending, met = [one], {one}
    while pending:
        for below in reads.get(pending.pop(), frozenset()) - met:
            met.add(below)
            pending.append(below)
    return other in met


def _carried(node: Tree, result: str, nearest: str, reads: dict[str, frozenset[str]], names: Names) -> Tree:
    if not _is_of_name(node, names) or node.parts[0].text != result:
        return node
    place = node.parts[1]
    if called(place) == nearest:
        return _left_as_it_is(result, place)
    readers = [other for other in reads if called(place) in reads[other] and _from(reads, result, other)]
    if len(readers) != 1 or readers[0] == result:
        raise _NotOneWay
    letters = [f"{NO_LETTER}{size}{'~' * (at + 1 + _depth(place))}" for at, size in enumerate(names.shapes[readers[0]])]
    between = Tree("entry", (name(readers[0]), *map(name, letters))) if letters else name(readers[0])
    above = _carried(Tree("slope", (node.parts[0], between)), result, nearest, reads, names)
    found = Tree("times", (above, Tree("slope", (between, place))))
    for letter in letters:
        found = Tree("total", (found,), letter)
    return found


def _depth(place: Tree) -> int:
    """How many ~ the letters of a place have at most."""
    return max((part.text.count("~") for part in place.parts), default=0)


def _left_as_it_is(result: str, place: Tree) -> Tree:
    own = f"∂{result}/∂{called(place)}"
    return Tree("entry", (name(own), *place.parts[1:])) if place.op == "entry" else name(own)
