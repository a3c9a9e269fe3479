"""Road 2: a relation held against numbers, exactly; it shares no rule of algebra or of differentiation with road 1.

Floats only choose where to look: a relation is called wrong where exact numbers, or intervals that do not meet, say so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from backcheck.errors import Undefined
from backcheck.proving.names import Scene
from backcheck.proving.numbers import samples
from backcheck.proving.numbers.evaluate import Key, Spent, Work, spelled, value
from backcheck.proving.numbers.exact import decimal, text, told
from backcheck.proving.numbers.reads import reads
from backcheck.proving.numbers.reals import DIGITS
from backcheck.proving.numbers.setting import Sample, Setting
from backcheck.proving.numbers.solving import HOLDS
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree
from backcheck.proving.verdict import Counterexample, Number

DRAWS = 8  # families of numbers, until the sides have a value for one
MOST_EXACT = 12  # points of a relation that looks true, worked exactly
MOST_DOUBTED = 4  # points where floats see a difference and exact numbers do not
MOST_REFINED = 1  # points where two sides that may be equal are worked to 200 digits
MOST_WORK, ENOUGH = 200_000, 185_000  # work; and what that is left, when a relation with large sums has been tried often enough
MOST_SMALL, FEW_SMALL = 40, 12  # sets of small numbers, where one is looked for, and where nothing looks wrong
APART = 2.0**-30  # floats that differ by more, for their size, are looked at exactly


class Search(NamedTuple):
    """What numbers say."""

    counterexample: Counterexample | None
    agreed: int  # points where it holds, or where 40 digits do not tell the sides apart
    defined: int  # points where both sides mean something and all that is given is true
    reason: str = ""  # why there is none of these


def refute(relation: Relation, scene: Scene, sizes: Sequence[int] = samples.SIZES) -> Search:
    """Numbers for which the relation is false, the smallest that are found soon; or at how many points it holds."""
    try:
        return _refuted(relation, scene, sizes)
    except RecursionError:
        return Search(None, 0, 0, "too many definitions stand inside each other to try numbers")


def _refuted(relation: Relation, scene: Scene, sizes: Sequence[int]) -> Search:
    """What is said to be put in after differentiation may lie outside what is given of it."""
    found = _Search(relation, scene).over(sizes)
    if not found.defined and scene.at:
        places = {_called(place) for place, _ in scene.at}
        given = tuple(given for given in scene.given if places.isdisjoint(map(_called, (given.left, given.right))))
        found = found if len(given) == len(scene.given) else _Search(relation, scene._replace(given=given)).over(sizes)
    return found


def _called(tree: Tree) -> str:
    return tree.parts[0].text if tree.op == "entry" else tree.text


def _by_turns(seen: Sequence[Sample]) -> list[Sample]:
    """One for each of the sizes, then the next for each."""
    counts: dict[tuple[int, ...], int] = {}
    turns: list[tuple[int, int]] = []
    for at, sample in enumerate(seen):
        sizes = tuple(sample.numbers.place.sizes.values())
        counts[sizes] = counts.get(sizes, 0) + 1
        turns.append((counts[sizes], at))
    return [seen[at] for _, at in sorted(turns)]


class _Search:
    """One relation; counts what it does, so that it ends."""

    def __init__(self, relation: Relation, scene: Scene) -> None:
        self.relation, self.work = relation, Work(MOST_WORK)
        self.setting = Setting([relation.left, relation.right], scene, self.work)
        self.agreed = self.defined = self.doubted = self.refined = 0
        self.reason = ""

    def over(self, sizes: Sequence[int]) -> Search:
        try:
            found = self._found(sizes)
        except Spent:
            found, self.reason = None, "it takes too much work to try numbers"
        return Search(found and self._counterexample(found), self.agreed, self.defined, "" if self.defined else self._reason())

    def _found(self, sizes: Sequence[int]) -> Sample | None:
        """A sample that refutes."""
        seen: list[Sample] = []
        for sample, looks_true in self._generic(sizes):
            if looks_true:
                seen.append(sample)
            elif self._is_false(sample):
                return next(self._among_small(sizes, MOST_SMALL), sample)
        for sample in _by_turns(seen)[:MOST_EXACT]:
            if self._is_false(sample):
                return sample
        return next(self._among_small(sizes[:1], FEW_SMALL), None)

    def _generic(self, sizes: Sequence[int]) -> Iterator[tuple[Sample, bool]]:
        """Numbers that are all different: more sets of them for the two smallest sizes, and most where there are no sizes."""
        most = 2 if self.relation.sign == "=" else 4
        for at, place in enumerate(self.setting.places(sizes)):
            wanted, unsolved = DRAWS if not self.setting.sizes else most if at < 2 else 1, 0
            for draw in range(DRAWS):
                found = [(sample, self._looks(sample)) for sample in self.setting.generic(place, draw)]
                defined = [(sample, looks) for sample, looks in found if looks is not None]
                yield from defined
                wanted -= bool(defined)
                unsolved += not found
                if not wanted or unsolved == 2 or not self.setting.variables:
                    break
            if at and self.work.left < ENOUGH:
                return

    def _among_small(self, sizes: Sequence[int], most: int) -> Iterator[Sample]:
        """Points of small numbers at which it is false."""
        for place in self.setting.places(sizes):
            for sample in self.setting.small(place, most):
                if self._looks(sample) is False and self._is_false(sample):
                    yield sample

    def _looks(self, sample: Sample) -> bool | None:
        """Whether it is true in floats; None where a side has no value."""
        point = sample.numbers.in_floats
        try:
            left, right = float(value(self.relation.left, point, sample.letters)), float(value(self.relation.right, point))
        except Undefined as undefined:
            self.reason = self.reason or str(undefined)
            return None
        gap = (left - right) / (1 + abs(left) + abs(right))
        return (0 if abs(gap) < APART else 1 if gap > 0 else -1) in HOLDS[self.relation.sign] if math.isfinite(gap) else None

    def _is_false(self, sample: Sample) -> bool:
        """Exactly."""
        if self.doubted >= MOST_DOUBTED:
            return False
        point = sample.numbers.exactly
        try:
            left, right = value(self.relation.left, point, sample.letters), value(self.relation.right, point)
            side = told(left - right, DIGITS[0])
            if side is None and self.refined < MOST_REFINED:
                self.refined += 1
                side = told(left - right)
        except Undefined as undefined:
            self.reason = self.reason or str(undefined)
            self.doubted += 1
            return False
        self.defined += 1
        if side is None or side in HOLDS[self.relation.sign]:
            self.agreed += 1
            return False
        return True

    def _reason(self) -> str:
        if self.reason:
            return f"no numbers were found for which both sides have a value: {self.reason}"
        return "no numbers were found for which all that is given is true"

    def _counterexample(self, sample: Sample) -> Counterexample:
        """The sample as it is shown: what the sides read, and what they are."""
        numbers, letters = sample.numbers, sample.letters
        place, point = numbers.place, numbers.exactly
        sides = [value(side, point, letters) for side in (self.relation.left, self.relation.right)]
        entries: dict[Key, None] = {}
        for side in (self.relation.left, self.relation.right):
            entries |= reads(side, place, letters)
        values = [(spelled(key), _number(numbers.values[key])) for key in sorted(entries, key=[*numbers.values].index)]
        values += [(f"{name}(u)", Number(how, how)) for name, how in place.chosen.items()]
        digits = next((digits for digits in (6, 12, 24) if len({decimal(side, digits) for side in sides}) == 2), 36)
        left, right = (Number(text(side), decimal(side, digits)) for side in sides)
        shown = tuple((name, size) for name, size in place.sizes.items())
        return Counterexample(shown, tuple(letters.items()), tuple(values), self.relation.sign, left, right)


def _number(number: object) -> Number:
    return Number(text(number), decimal(number))
