"""A relation with all that is given around it: which sizes, letters and entries it is about, and points at which to hold it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import NamedTuple

from backcheck.proving.names import Scene
from backcheck.proving.numbers import samples
from backcheck.proving.numbers.about import by_number, certain_letters, given_around, indices, sizes_of, variables
from backcheck.proving.numbers.arithmetic import EXACT
from backcheck.proving.numbers.choosing import solved
from backcheck.proving.numbers.evaluate import Key, Place, Work
from backcheck.proving.numbers.exponents import in_exponents
from backcheck.proving.numbers.functions import known
from backcheck.proving.numbers.kept import Kept, Numbers
from backcheck.proving.numbers.reads import reads
from backcheck.proving.numbers.reals import Number
from backcheck.proving.numbers.shares import shares
from backcheck.proving.numbers.solving import Condition
from backcheck.proving.tree import Tree, free, walk

MOST_ENTRIES = 150  # numbers at one point: nobody redoes more
MOST_CONDITIONS = 150
MOST_IN_VAIN = 3  # sets of numbers that nothing given lets through


class Sample(NamedTuple):
    """One thing to try: numbers, and values for the free letters."""

    numbers: Numbers
    letters: Mapping[str, int]


class Setting:
    """What stays the same while points change."""

    def __init__(
        self, trees: Sequence[Tree], scene: Scene, work: Work, others: Sequence[str] = (), kept: Kept | None = None
    ) -> None:
        self.kept = kept or Kept(scene.names)
        self.names, self.uses, self.work = scene.names, self.kept.uses, work
        self.given = given_around(trees, scene, self.uses, others)
        sides = [side for relation, _ in self.given for side in (relation.left, relation.right)]
        about = self.uses.of([*trees, *sides]).union(others)
        bodies = [*trees, *sides, *(definition.body for name, definition in scene.names.defined.items() if name in about)]
        self.letters = certain_letters(trees, self.given, self.uses)
        self.variables = variables(bodies, about, self.given, self.names)
        self.in_exponents = in_exponents([*trees, *sides], self.uses)
        self.open = [name for name in scene.names.functions if name in about]
        self.calls = about  # names, and functions that are called
        self.sizes, self.at_least = sizes_of(bodies, about, self.names)
        self.by_number = any(part.op == "number" for body in bodies for node in walk(body) for part in indices(node))
        self.by_number |= any(by_number(relation, self.names) for relation, _ in self.given)
        self._known: dict[object, list[Condition]] = {}
        self._one_for_all = not any(not self.letters.keys().isdisjoint(free(side)) for side in sides)

    def places(self, allowed: Sequence[int] = samples.SIZES, draw: int = 0) -> Iterator[Place]:
        """All sizes that what is given allows, small ones first; larger ones where only they do."""
        for sizes in (allowed, samples.LARGER):
            places = [self._place(size, draw) for size in samples.sizes(self.sizes, sizes)]
            fitting = [place for place in places if self._fits(place)]
            yield from fitting
            if fitting:
                return

    def _place(self, sizes: Mapping[str, int], draw: int) -> Place:
        chosen = {}
        for at, name in enumerate(self.open):
            candidates = [*known(self.names.functions[name], EXACT)]
            chosen[name] = candidates[(draw + at) % len(candidates)]
        return self.kept.place(sizes, chosen, self.work)

    def _again(self, place: Place, draw: int) -> Place:
        """The same sizes, with other functions where some are left open."""
        return self._place(place.sizes, draw) if self.open else place

    def _fits(self, place: Place) -> bool:
        """Whether all indices that are numerals are there, and what is given of the sizes alone is true."""
        if any(place.size(size) < least for size, least in self.at_least.items()):
            return False
        of_sizes = [relation for relation, _ in self.given if {*free(relation.left), *free(relation.right)} <= {*self.sizes}]
        return solved([Condition(relation, {}, frozenset()) for relation in of_sizes], (), {}, place) is not None

    def some(self, sizes: Mapping[str, int]) -> bool:
        """Whether some numbers of these sizes make all true that is given."""
        place = self._place(sizes, 0)
        return self._fits(place) and any(True for draw in range(3) for _ in self.generic(place, draw))

    def generic(self, place: Place, draw: int) -> Iterator[Sample]:
        """Points of numbers that are all different."""
        return self.at(self._again(place, draw), draw)

    def at(self, place: Place, draw: int) -> Iterator[Sample]:
        """The same with just these functions."""
        return self._samples(place, samples.generic(self._kinds(place), draw))

    def shares(self, place: Place) -> Iterator[Sample]:
        """Where something is tied together: equal shares of a whole, and nearly all for one."""
        if any(relation.sign == "=" for relation, _ in self.given):
            for tries in shares(self.entries(place), place):
                yield from self._samples(place, tries)

    def small(self, place: Place, most: int) -> Iterator[Sample]:
        """Points of small numbers, each set of them once."""
        seen, in_vain = set[tuple[object, ...]](), 0
        for draw, tries in enumerate(islice(samples.smallest(self._kinds(place)), most)):
            found = [*self._samples(self._again(place, draw), tries)]
            in_vain += not found
            if in_vain == MOST_IN_VAIN:
                return
            for sample in found:
                key = (*sample.letters.values(), *sample.numbers.place.chosen.values(), *sample.numbers.values.values())
                if key not in seen:
                    seen.add(key)
                    yield sample

    def _samples(self, place: Place, tries: Sequence[samples.Numbers]) -> Iterator[Sample]:
        """One point for each choice of the free letters."""
        order = self.entries(place)
        if len(order) > MOST_ENTRIES:
            return
        to_try = dict(zip(order, tries, strict=True))
        found: Numbers | None = None
        for letters in samples.letters([*self.letters], self.names, place.sizes, self.by_number):
            if found is None or not self._one_for_all:
                found = self._solved(place, letters, order, to_try)
            if found is not None:
                yield Sample(found, letters)
            elif self._one_for_all:
                return

    def _solved(
        self, place: Place, letters: Mapping[str, int], order: Sequence[Key], tries: Mapping[Key, samples.Numbers]
    ) -> Numbers | None:
        conditions = self.conditions(place, letters)
        values = solved(conditions, order, tries, place) if len(conditions) <= MOST_CONDITIONS else None
        return None if values is None else self.kept.numbers(place, values)

    def moved(self, sample: Sample, changed: Mapping[Key, Number]) -> Sample | None:
        """The same with other numbers for some entries, and for those that follow from them."""
        tries = {key: (changed.get(key, number),) for key, number in sample.numbers.values.items()}
        found = self._solved(sample.numbers.place, sample.letters, [*tries], tries)
        return None if found is None else Sample(found, sample.letters)

    def _kinds(self, place: Place) -> list[str]:
        return [self.in_exponents.get(str(key[0]), "") for key in self.entries(place)]

    def entries(self, place: Place) -> list[Key]:
        """All entries of all variables."""
        ranges = [(name, [range(1, size + 1) for size in place.shape(name)]) for name in self.variables]
        return [(name, *at) for name, own in ranges for at in product(*own)]

    def conditions(self, place: Place, letters: Mapping[str, int]) -> list[Condition]:
        """All that is given, for each value of the letters it is meant for."""
        key = (id(place), *letters.items())
        if key not in self._known:
            self._known[key] = [*self._all_conditions(place, letters)]
        return self._known[key]

    def _all_conditions(self, place: Place, letters: Mapping[str, int]) -> Iterator[Condition]:
        for relation, each in self.given:
            for values in product(*(place.range(letter) for letter, _ in each)):
                local = {**letters, **{letter: value for (letter, _), value in zip(each, values, strict=True)}}
                if not any(local[letter] == local.get(other) for letter, apart in each for other in apart):
                    yield Condition(relation, local, reads(relation.left, place, local) | reads(relation.right, place, local))
