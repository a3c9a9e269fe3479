"""Whether numbers for a relation also leave true what is given of other things, and of functions at all numbers."""

from __future__ import annotations

from collections.abc import Sequence

from backcheck.errors import Undefined
from backcheck.proving.names import Scene
from backcheck.proving.numbers.evaluate import Place, value
from backcheck.proving.numbers.setting import Sample, Setting
from backcheck.proving.numbers.solving import HOLDS
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree, walk

CLOSE = 2.0**-30
DRAWS = 4
OTHER_SIZES = (2, 1, 3)


class Standing:
    """What is given beside that which the numbers were chosen by; asked only where they refute something."""

    def __init__(self, setting: Setting, scene: Scene) -> None:
        self.setting, self.scene = setting, scene
        near = [relation for relation, _ in setting.given]
        self.apart = tuple(given for given in scene.given if given not in near)
        self.of_functions = tuple(given for given in near if given in scene.given and given.each is None and self._is_of_one(given))
        self._known: dict[object, bool] = {}

    def _is_of_one(self, given: Relation) -> bool:
        nodes = (node for side in (given.left, given.right) for node in walk(side))
        return any(node.op == "call" and node.text.rstrip("'") in self.scene.names.functions for node in nodes)

    def holds(self, sample: Sample) -> bool:
        place = sample.numbers.place
        key = (*place.sizes.items(), *place.chosen.items())
        if key not in self._known:
            self._known[key] = self._others(place) and all(self._everywhere(given, place) for given in self.of_functions)
        return self._known[key]

    def _others(self, place: Place) -> bool:
        """Whether something of these sizes makes the rest true; where nothing of any size does, that says nothing."""
        if not self.apart:
            return True
        setting = self._alone([side for given in self.apart for side in (given.left, given.right)], self.apart)
        sizes = [{**dict.fromkeys(setting.sizes, other), **place.sizes} for other in OTHER_SIZES]
        return any(map(bool, (setting.some(own) for own in sizes))) or not any(setting.some(own.sizes) for own in setting.places())

    def _everywhere(self, given: Relation, place: Place) -> bool:
        """What is given of a function is meant for all numbers, not for one."""
        setting = self._alone([given.left, given.right], ())
        there = setting.kept.place(place.sizes, place.chosen, place.work)
        seen = (sample for draw in range(DRAWS) for sample in setting.at(there, draw))
        return all(_is_true(given, sample) for sample in seen)

    def _alone(self, trees: Sequence[Tree], given: tuple[Relation, ...]) -> Setting:
        scene = self.scene._replace(given=given, case=(), at=())
        return Setting(trees, scene, self.setting.work, kept=self.setting.kept)


def _is_true(given: Relation, sample: Sample) -> bool:
    point = sample.numbers.in_floats
    try:
        left, right = float(value(given.left, point, sample.letters)), float(value(given.right, point))
    except (Undefined, ArithmeticError):
        return True
    gap = (left - right) / (1 + abs(left) + abs(right))
    return (0 if abs(gap) < CLOSE else 1 if gap > 0 else -1) in HOLDS[given.sign]
