"""A relation with all that is given around it: which sizes, letters and entries it is about, and points at which to hold it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, product
from typing import NamedTuple

from backcheck.proving.names import Scene
from backcheck.proving.numbers import samples
from backcheck.proving.numbers.about import certain_letters, given_around, indices, sizes_of, variables
from backcheck.proving.numbers.arithmetic import EXACT
from backcheck.proving.numbers.choosing import solved
from backcheck.proving.numbers.evaluate import Key, Place, Point, Work
from backcheck.proving.numbers.exact import to_float
from backcheck.proving.numbers.functions import known
from backcheck.proving.numbers.reads import reads
from backcheck.proving.numbers.solving import Condition, Values
from backcheck.proving.numbers.uses import Uses
from backcheck.proving.tree import Tree, free, walk

MOST_ENTRIES = 150  # numbers at one point: nobody redoes more
MOST_CONDITIONS = 150
MOST_IN_VAIN = 3  # sets of numbers that nothing given lets through


class Numbers:
    """A number for each entry, and the points at which they are worked with; what was worked out there is kept."""

    def __init__(self, place: Place, values: Values) -> None:
        self.place, self.values = place, values

    @cached_property
    def exactly(self) -> Point:
        return Point(self.place, dict(self.values))

    @cached_property
    def in_floats(self) -> Point:
        return Point(self.place, {key: to_float(number) for key, number in self.values.items()}, floats=True)


class Sample(NamedTuple):
    """One thing to try: numbers, and values for the free letters."""

    numbers: Numbers
    letters: Mapping[str, int]


class Setting:
    """What stays the same while points change."""

    def __init__(self, trees: Sequence[Tree], scene: Scene, work: Work, others: Sequence[str] = ()) -> None:
        self.names, self.uses, self.work = scene.names, Uses(scene.names), work
        self.given = given_around(trees, scene, self.uses, others)
        sides = [side for relation, _ in self.given for side in (relation.left, relation.right)]
        about = self.uses.of([*trees, *sides]).union(others)
        bodies = [*trees, *sides, *(definition.body for name, definition in scene.names.defined.items() if name in about)]
        self.letters = certain_letters(trees, self.given, self.uses)
        self.variables = variables(bodies, about, self.given, self.names)
        self.in_exponents = samples.in_exponents([*trees, *sides], self.uses)
        self.open = [name for name in scene.names.functions if name in about]
        self.sizes, self.at_least = sizes_of(bodies, about, self.names)
        self.by_number = any(part.op == "number" for body in bodies for node in walk(body) for part in indices(node))
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
        return Place(self.uses, sizes, chosen, self.work)

    def _again(self, place: Place, draw: int) -> Place:
        """The same sizes, with other functions where some are left open."""
        return self._place(place.sizes, draw) if self.open else place

    def _fits(self, place: Place) -> bool:
        """Whether all indices that are numerals are there, and what is given of the sizes alone is true."""
        if any(place.size(size) < least for size, least in self.at_least.items()):
            return False
        of_sizes = [relation for relation, _ in self.given if {*free(relation.left), *free(relation.right)} <= {*self.sizes}]
        return solved([Condition(relation, {}, frozenset()) for relation in of_sizes], (), {}, place) is not None

    def generic(self, place: Place, draw: int) -> Iterator[Sample]:
        """Points of numbers that are all different."""
        return self._samples(self._again(place, draw), samples.generic(self._kinds(place), draw))

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
                conditions = self._conditions(place, letters)
                values = solved(conditions, order, to_try, place) if len(conditions) <= MOST_CONDITIONS else None
                found = None if values is None else Numbers(place, values)
            if found is not None:
                yield Sample(found, letters)
            elif self._one_for_all:
                return

    def _kinds(self, place: Place) -> list[str]:
        return [self.in_exponents.get(str(key[0]), "") for key in self.entries(place)]

    def entries(self, place: Place) -> list[Key]:
        """All entries of all variables."""
        ranges = [(name, [range(1, size + 1) for size in place.shape(name)]) for name in self.variables]
        return [(name, *at) for name, own in ranges for at in product(*own)]

    def _conditions(self, place: Place, letters: Mapping[str, int]) -> list[Condition]:
        """All that is given, for each value of the letters it is meant for."""
        found = []
        for relation, each in self.given:
            for values in product(*(place.range(letter) for letter, _ in each)):
                local = {**letters, **{letter: value for (letter, _), value in zip(each, values, strict=True)}}
                if any(local[letter] == local.get(other) for letter, apart in each for other in apart):
                    continue
                entries = reads(relation.left, place, local) | reads(relation.right, place, local)
                found.append(Condition(relation, local, frozenset(entries)))
        return found
