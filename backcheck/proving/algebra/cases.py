"""The cases of a step: which of its free letters have the same value; it knows nothing of what the step says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backcheck.proving.names import Names, Scene
from backcheck.proving.statements import Relation
from backcheck.proving.tree import BINDERS, Tree, free, walk

MOST_CASES = 220
Points = dict[str, str]  # letter → its point: the first letter (or the number) that has the same value


class TooManyCases(Exception):
    """More letters than anybody compares."""


def letters(trees: list[Tree], names: Names) -> list[str]:
    """The letters that stand free, in the order they are read."""
    found: dict[str, None] = {}
    for tree in trees:
        found |= {text: None for text in free(tree) if names.is_letter(text)}
    return [*found]


def cases(trees: list[Tree], scene: Scene) -> list[Points]:
    """All ways in which letters over one range can be equal or not. Letters of different ranges are never compared."""
    names = scene.names
    of_letters = [relation for relation in (*scene.given, *scene.case) if compares_letters(relation, names)]
    told = [side for relation in of_letters for side in (relation.left, relation.right)]
    aside = [side for relation in scene.given for side in (relation.left, relation.right)]
    every = letters([*trees, *told], names)
    every += [letter for letter in letters(aside, names) if letter not in every and _certain(letter, scene)]
    found: list[Points] = [{}]
    for size in dict.fromkeys(map(names.size, every)):
        own = [letter for letter in every if names.size(letter) == size]
        numerals = _numerals([*trees, *told, *aside], names, size)
        ways = [*_values(own, size)] if size.isdigit() else [*_coincidences(own, numerals)]
        if len(found) * len(ways) > MOST_CASES:
            raise TooManyCases
        found = [{**points, **way} for points in found for way in ways]
    return [points for points in found if all(_allowed(relation, points, names) for relation in of_letters)]


def compares_letters(relation: Relation, names: Names) -> bool:
    """i = j, i != j"""
    return relation.left.op == "name" and names.is_letter(relation.left.text)


def _certain(letter: str, scene: Scene) -> bool:
    """A letter in what is given that is one certain index: it stands on the right side only, or after no `for`."""
    for relation in scene.given:
        left = free(relation.left)
        each = [name for name, _ in relation.each] if relation.each is not None else [*left]
        if letter in {*left, *free(relation.right)} and letter not in each:
            return True
    return False


def _numerals(trees: list[Tree], names: Names, size: str) -> list[str]:
    """Numbers that stand as an index over the same range: x[1], delta(k,1), sum(k != 1, …)."""
    found: dict[str, None] = {}
    for tree in trees:
        for node in walk(tree):
            found |= {part.text: None for part in _indices(node, names, size) if part.op == "number"}
    return [*found]


def _indices(node: Tree, names: Names, size: str) -> list[Tree]:
    """The indices over one range in an entry, a delta, or what a sum leaves out."""
    if node.op == "entry":
        shape = names.shapes.get(node.parts[0].text) or (size,) * len(node.parts)
        return [index for index, over in zip(node.parts[1:], shape, strict=False) if over == size]
    if node.op in BINDERS:
        return [*node.parts[1:]] if names.size(node.text) == size else []
    if node.op == "call" and node.text == "delta":
        letters = [part for part in node.parts if part.op == "name" and names.is_letter(part.text)]
        return [*node.parts] if all(names.size(part.text) == size for part in letters) else []
    return []


def _values(own: list[str], size: str) -> Iterator[Points]:
    """Over a range with a number, each letter takes each value."""
    if int(size) ** len(own) > MOST_CASES:
        raise TooManyCases
    found: list[Points] = [{}]
    for letter in own:
        found = [{**points, letter: str(value)} for points in found for value in range(1, int(size) + 1)]
    yield from found


def _coincidences(own: list[str], numerals: list[str]) -> Iterator[Points]:
    """Every way to put letters together, all apart first."""
    if len(own) > 6:
        raise TooManyCases
    groups: list[list[list[str]]] = [[[numeral] for numeral in numerals]]
    for letter in own:
        apart = [[*way, [letter]] for way in groups]
        together = [[*way[:at], [*group, letter], *way[at + 1 :]] for way in groups for at, group in enumerate(way)]
        groups = apart + together
    for way in groups:
        yield {letter: group[0] for group in way for letter in group if letter in own}


def _allowed(relation: Relation, points: Points, names: Names) -> bool:
    """Whether a case is one of those that are told: i = j."""
    sides = [_point(side, points, names) for side in (relation.left, relation.right)]
    if None in sides or relation.sign not in ("=", "!="):
        return True
    return (sides[0] == sides[1]) == (relation.sign == "=")


def _point(side: Tree, points: Mapping[str, str], names: Names) -> str | None:
    if side.op == "number":
        return side.text
    return points.get(side.text) if side.op == "name" and names.is_letter(side.text) else None


def told(points: Points, names: Names) -> str:
    """A case in words: i = j."""
    together = [(letter, point) for letter, point in points.items() if letter != point]
    pairs = [f"{letter} = {point}" if point.isdigit() else f"{point} = {letter}" for letter, point in together]
    apart = [letter for letter, point in points.items() if letter == point]
    both = [(one, other) for at, one in enumerate(apart) for other in apart[at + 1 :] if names.size(one) == names.size(other)]
    return ", ".join(pairs + [f"{one} ≠ {other}" for one, other in both])
