"""Road 2: a relation held against numbers, exactly; it shares no rule of algebra or of differentiation with road 1.

Floats only choose where to look: a relation is called wrong where exact numbers, or intervals that do not meet, say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from backcheck.proving.names import Scene
from backcheck.proving.numbers import samples
from backcheck.proving.numbers.evaluate import Place, Spent, Work
from backcheck.proving.numbers.hunting import downhill
from backcheck.proving.numbers.kept import forget, kept_of
from backcheck.proving.numbers.setting import Sample, Setting
from backcheck.proving.numbers.shown import counterexample
from backcheck.proving.numbers.standing import Standing
from backcheck.proving.numbers.weighing import Scales
from backcheck.proving.statements import Relation
from backcheck.proving.tree import called
from backcheck.proving.verdict import Counterexample

DRAWS = len(samples.FAMILIES)  # families of numbers, until the sides have a value for one
MOST_EXACT = 5  # points of a relation that looks true, worked exactly: one for each size, those with fewer numbers first
FEW_EXACT, MOST_EXACT_WORK = 2, 500  # no more of them, where they are that much work
MOST_WORK, ENOUGH = 200_000, 185_000  # work; and what that is left, when a relation with large sums has been tried often enough
MOST_SMALL, FEW_SMALL = 40, 12  # sets of small numbers, where one is looked for, and where nothing looks wrong
KINKS = frozenset({"abs", "relu", "sign", "step", "max", "min", "sqrt"})  # below 0 they are other functions


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
        forget()
        return Search(None, 0, 0, "too many definitions stand inside each other to try numbers")


def _refuted(relation: Relation, scene: Scene, sizes: Sequence[int]) -> Search:
    """What is said to be put in after differentiation may lie outside what is given of it."""
    found = _Search(relation, scene).over(sizes)
    if not found.defined and scene.at:
        places = {called(place) for place, _ in scene.at}
        given = tuple(given for given in scene.given if places.isdisjoint(map(called, (given.left, given.right))))
        found = found if len(given) == len(scene.given) else _Search(relation, scene._replace(given=given)).over(sizes)
    return found


def _one_for_each(seen: Sequence[Sample]) -> list[Sample]:
    """One for each of the sizes, with letters that are equal for the first and different for the last; small ones first."""
    by_size: dict[tuple[int, ...], list[Sample]] = {}
    for sample in seen:
        by_size.setdefault(tuple(sample.numbers.place.sizes.values()), []).append(sample)
    if len(by_size) == 1:
        return [*seen]
    chosen = [own[at * (len(own) - 1) // (len(by_size) - 1)] for at, own in enumerate(by_size.values())]
    return sorted(chosen, key=lambda sample: len(sample.numbers.values))


class _Search:
    """One relation; counts what it does, so that it ends."""

    def __init__(self, relation: Relation, scene: Scene) -> None:
        self.relation, self.work = relation, Work(MOST_WORK)
        self.setting = Setting([relation.left, relation.right], scene, self.work, kept=kept_of(scene.names))
        self.scales = Scales(relation, Standing(self.setting, scene))

    def over(self, sizes: Sequence[int]) -> Search:
        try:
            found = self._found([*self.setting.places(sizes)])
        except Spent:
            found, self.scales.reason = None, "it takes too much work to try numbers"
        self.work.allow(MOST_WORK)
        shown = found and counterexample(self.relation, self.setting, found)
        return Search(shown, self.scales.agreed, self.scales.defined, "" if self.scales.defined else self._reason())

    def _found(self, places: Sequence[Place]) -> Sample | None:
        """A sample that refutes."""
        seen: list[tuple[float, Sample]] = []
        for sample, gap in self._generic(places):
            if self.scales.fits(gap):
                seen.append((abs(gap), sample))
            elif self.scales.is_false(sample):
                return self._smaller(places) or sample
        left = self.work.left
        for at, sample in enumerate(_one_for_each([sample for _, sample in seen])[:MOST_EXACT]):
            if self.scales.is_false(sample):
                return sample
            if at >= FEW_EXACT and left - self.work.left > MOST_EXACT_WORK:
                break
        few = places[: 1 if self.relation.sign == "=" else 2]
        return next(self._among_small(few, FEW_SMALL), None) or next(self._hunted(few, seen), None)

    def _smaller(self, places: Sequence[Place]) -> Sample | None:
        """Numbers that are easier to redo, where some are found soon."""
        try:
            first = (self._among_small(places[:1], FEW_SMALL), self._shares(places[:1]))
            return next(chain(*first, self._among_small(places, MOST_SMALL)), None)
        except Spent:
            return None

    def _generic(self, places: Sequence[Place]) -> Iterator[tuple[Sample, float]]:
        """Numbers that are all different: more sets of them for the two smallest sizes, and most where there are no sizes."""
        most = 2 if self.relation.sign == "=" else 4
        most += 2 * (not self.setting.calls.isdisjoint(KINKS))
        for at, place in enumerate(places):
            wanted, unsolved = DRAWS if not self.setting.sizes else most if at < 2 else 1, 0
            for draw in range(DRAWS):
                found = [(sample, self.scales.gap(sample)) for sample in self.setting.generic(place, draw)]
                defined = [(sample, gap) for sample, gap in found if gap is not None]
                yield from defined
                wanted -= bool(defined)
                unsolved += not found
                if not wanted or unsolved == 2 or not self.setting.variables:
                    break
            if at and self.work.left < ENOUGH:
                return

    def _among_small(self, places: Sequence[Place], most: int) -> Iterator[Sample]:
        """Points of small numbers at which it is false."""
        for place in places:
            yield from filter(self.scales.is_false, filter(self.scales.looks_false, self.setting.small(place, most)))

    def _hunted(self, places: Sequence[Place], seen: list[tuple[float, Sample]]) -> Iterator[Sample]:
        """For an inequality: shares of a whole, and points further and further down from where it is nearly false."""
        if self.relation.sign in ("=", "!=") or not self.setting.variables:
            return
        yield from self._shares(places)
        nearest = [sample for _, sample in sorted(seen, key=lambda pair: pair[0])]
        lower = downhill(nearest, self.setting, self.scales.margin)
        yield from filter(self.scales.is_false, filter(self.scales.looks_false, lower))

    def _shares(self, places: Sequence[Place]) -> Iterator[Sample]:
        found = chain.from_iterable(map(self.setting.shares, places))
        yield from filter(self.scales.is_false, filter(self.scales.looks_false, found))

    def _reason(self) -> str:
        if self.scales.reason:
            return f"no numbers were found for which both sides have a value: {self.scales.reason}"
        return "no numbers were found for which all that is given is true"
