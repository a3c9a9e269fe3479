"""Points for a trial in floats, and what a tree is worth at one: most edits of a line share most of their parts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from backcheck.errors import Undefined
from backcheck.proving.names import Names, Scene
from backcheck.proving.numbers.compiling import compiled
from backcheck.proving.numbers.evaluate import Place, Point, Spent, Work
from backcheck.proving.numbers.exact import to_float
from backcheck.proving.numbers.setting import Sample, Setting
from backcheck.proving.numbers.solving import HOLDS
from backcheck.proving.statements import Misread, Relation
from backcheck.proving.tree import BINDERS, Tree

SIZES = (3, 2)  # at 2 too much is true by accident
DRAWS = 8  # families of numbers that are tried, until the line before has a value
FAMILIES = 2  # for as many: numbers as small as these fit too much by accident
MOST_WORK = 400_000  # terms and calls for all edits of a line
MOST_PAIRS = 6  # of letters over the same range
MOST_LOOKED_AT = 200
CLOSE = 2.0**-30  # as for any relation that is held against numbers
MOST_NAMES = 12  # names that stand in none of the lines and may be put in
NO_NUMBER = (Misread, Undefined, Spent, ArithmeticError, ValueError)
NONE = frozenset[str]()


def points(found: list[Relation], scene: Scene) -> list[At]:
    """Points at which the line before means something, with numbers for other names too, where there are not too many."""
    others = [name for name in scene.names.shapes if name not in scene.names.functions][:MOST_NAMES]
    return _points_with(others, found, scene) or _points_with([], found, scene)


def _points_with(others: list[str], found: list[Relation], scene: Scene) -> list[At]:
    sides = [side for relation in found for side in (relation.left, relation.right)]
    setting, letters = Setting(sides, scene, Work(MOST_WORK), others), Letters(scene.names)
    try:
        return [at for place in setting.places(SIZES) for at in _of_size(place, setting, letters, found[0].left)]
    except (Undefined, Spent):
        return []


def _of_size(place: Place, setting: Setting, letters: Letters, before: Tree) -> Iterator[At]:
    """Of two families of numbers a few: free letters are equal at some, and every two are different at some."""
    families = 0
    for draw in range(DRAWS):
        met = [at for sample in setting.generic(place, draw) if (at := At(sample, letters)).number(before) is not None]
        if met:
            yield from _chosen(met)
            families += 1
        if families == FAMILIES:
            return


def _chosen(met: list[At]) -> Iterator[At]:
    """The first and the last; and for every two letters that could differ one where they do, and most others are the same."""
    chosen = [met[0], met[-1]]
    for pair in sorted(met[0].same)[:MOST_PAIRS]:
        apart = [one for one in met[:MOST_LOOKED_AT] if pair not in one.same]
        if apart:
            chosen.append(max(apart, key=lambda one: len(one.same)))
    yield from dict.fromkeys(chosen)


class Letters:
    """Which letters each tree reads, worked out once for all points."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._of: dict[int, frozenset[str]] = {}
        self._kept: list[Tree] = []  # for their ids

    def of(self, tree: Tree) -> frozenset[str]:
        found = self._of.get(id(tree))
        if found is None:
            self._kept.append(tree)
            found = self._of[id(tree)] = self._read(tree)
        return found

    def _read(self, tree: Tree) -> frozenset[str]:
        if tree.op == "name":
            return frozenset((tree.text,)) if self._names.is_letter(tree.text) else NONE
        found = NONE.union(*map(self.of, tree.parts[1:] if tree.op == "entry" else tree.parts))
        return found - {tree.text} if tree.op in BINDERS else found


class At:
    """One point. What a part of a line is worth there is kept: most edits share most of their parts."""

    def __init__(self, sample: Sample, letters: Letters) -> None:
        numbers = {key: to_float(number) for key, number in sample.numbers.values.items()}
        self._point = Point(sample.numbers.place, numbers, floats=True)
        self._point.choose(_all_letters(self._point.place) | dict(sample.letters))
        self._letters, self._sample = letters, sample
        self.same = frozenset(pair for pair in combinations(sample.letters, 2) if self._are_same(*pair))
        self._kept: dict[object, float] = {}
        self._trees: list[Tree] = []  # an id stands for a tree only as long as the tree lives

    def _are_same(self, one: str, other: str) -> bool:
        size = self._point.place.names.size
        return size(one) == size(other) and self._sample.letters[one] == self._sample.letters[other]

    def agrees(self, relation: Relation) -> bool:
        left, right = self.number(relation.left), self.number(relation.right)
        if left is None or right is None:
            return False
        gap = (left - right) / (1 + abs(left) + abs(right))
        return (0 if abs(gap) < CLOSE else 1 if gap > 0 else -1) in HOLDS[relation.sign]

    def number(self, tree: Tree) -> float | None:
        try:
            found = self._worth(tree, {})
        except NO_NUMBER:
            return None
        return found if math.isfinite(found) else None

    def _worth(self, tree: Tree, local: Mapping[str, int]) -> float:
        key = (id(tree), *map(local.get, self._letters.of(tree))) if local else id(tree)
        found = self._kept.get(key)
        if found is None:
            self._trees.append(tree)
            found = self._kept[key] = self._work(tree, local)
        return found

    def _work(self, tree: Tree, local: Mapping[str, int]) -> float:
        if tree.op == "total":
            left_out = {self._worth(part, local) for part in tree.parts[1:]}
            own = [at for at in self._point.range(tree.text) if at not in left_out]
            return sum(self._worth(tree.parts[0], {**local, tree.text: at}) for at in own)
        rule = RULES.get(tree.op)
        if rule is None:
            return float(compiled(tree, True)(self._point, {**self._point.letters, **local}))
        return rule([self._worth(part, local) for part in tree.parts])


def _all_letters(place: Place) -> dict[str, int]:
    """Values for letters that stand free in none of the lines, too: 1, 2, … by turns."""
    known = [letter for letter, size in place.names.letters.items() if size.isdigit() or size in place.sizes]
    return {letter: at % len(place.range(letter)) + 1 for at, letter in enumerate(known)}


RULES: dict[str, Callable[[list[float]], float]] = {
    "plus": sum,
    "minus": lambda parts: -parts[0],
    "times": math.prod,
    "over": lambda parts: parts[0] / parts[1],
    "power": lambda parts: math.pow(*parts),
}
