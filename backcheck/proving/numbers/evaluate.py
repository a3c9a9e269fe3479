"""The number of a tree at a point: sizes, a number for each entry, functions for those left open, and what was worked out there.

Definitions are looked up and worked out, never put in. A derivative has a layer of its own, in which one entry has a slope.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backcheck.errors import Undefined
from backcheck.proving.names import Definition, Names
from backcheck.proving.numbers.arithmetic import EXACT, FLOATS
from backcheck.proving.numbers.compiling import compiled
from backcheck.proving.numbers.duals import Dual, plain
from backcheck.proving.numbers.functions import known
from backcheck.proving.numbers.leaves import Local
from backcheck.proving.numbers.reads import made_of
from backcheck.proving.numbers.reals import MOST_BITS, size
from backcheck.proving.numbers.uses import Uses
from backcheck.proving.numbers.work import Spent, Work
from backcheck.proving.tree import Tree

__all__ = ["Key", "Place", "Point", "Spent", "Work", "at", "spelled", "value"]
Key = tuple[Any, ...]  # ("z", 2), ("y",)


EXACT_COST, TOO_LARGE = 4, "a number that is too large"


class Place:
    """What all points of one size share: names, sizes, functions that were left open."""

    def __init__(self, uses: Uses, sizes: Mapping[str, int], chosen: Mapping[str, str], work: Work) -> None:
        self.uses, self.names, self.sizes, self.work = uses, uses.names, sizes, work
        self.chosen = chosen  # what f is, as it is written
        self.own = frozenset({*self.names.defined, *chosen})  # functions that are not ours
        self.made_of: dict[Key, frozenset[Key]] = {}  # what is known of it
        self._ranges: dict[str, range] = {}
        self._shapes: dict[str, tuple[int, ...]] = {}

    def size(self, text: str) -> int:
        if not text.isdigit() and text not in self.sizes:
            raise Undefined(f"no size is known for {text}")
        return int(text) if text.isdigit() else self.sizes[text]

    def range(self, letter: str) -> range:
        found = self._ranges.get(letter)
        if found is None:
            if not self.names.is_letter(letter):
                raise Undefined(f"no range is known for {letter}")
            found = self._ranges[letter] = range(1, self.size(self.names.size(letter)) + 1)
        return found

    def shape(self, name: str) -> tuple[int, ...]:
        found = self._shapes.get(name)
        if found is None:
            found = self._shapes[name] = tuple(self.size(size) for size in self.names.shapes.get(name, ()))
        return found


class Point:
    """The numbers themselves, or inside a derivative a layer over them with one slope."""

    __slots__ = ("_inside", "_parent", "_seed", "floats", "kept", "letters", "level", "place", "values")

    def __init__(self, place: Place, values: dict[Key, Any], floats: bool = False) -> None:
        self.place, self.values, self.floats = place, values, floats
        self.letters: Mapping[str, int] = {}
        self.level, self.kept = 0, frozenset[str]()
        self._parent: Point | None = None
        self._seed: Key = ()
        self._inside: dict[tuple[Key, int, frozenset[str]], Point] = {}

    def choose(self, letters: Mapping[str, int]) -> None:
        """Values for the free letters; what was worked out with others is forgotten."""
        if letters == self.letters:
            return
        self.letters = dict(letters)
        lettered = self.place.uses.lettered
        if lettered:
            for key in [key for key in self.values if key[0] in lettered]:
                del self.values[key]
            self._inside.clear()

    def along(self, key: Key, level: int, kept: frozenset[str]) -> Point:
        """The layer in which this entry has the slope 1, and the names kept are variables, whatever they are made of."""
        inside = self._inside.get((key, level, kept))
        if inside is None:
            inside = self._inside[key, level, kept] = Point(self.place, {}, self.floats)
            inside._parent, inside._seed, inside.level, inside.kept, inside.letters = self, key, level, kept, self.letters
        return inside

    def read(self, key: Key) -> Any:
        found = self.values.get(key)
        if found is None:
            found = self.values[key] = self._find(key)
        return found

    def _find(self, key: Key) -> Any:
        name, place = key[0], self.place
        if self._parent is not None:
            if key == self._seed:
                return Dual(self.level, self._parent.read(key), 1)
            if name in self.kept or not self._moves(key):
                return self._parent.read(key)
        if name in place.names.defined:
            return self._defined(place.names.defined[name], key)
        if name in self.letters:
            return self.letters[name]
        if name in place.sizes:
            return place.sizes[name]
        raise Undefined(f"no value is known for {spelled(key)}")

    def _moves(self, key: Key) -> bool:
        """Whether an entry is made of the one that has a slope here."""
        seed, place = self._seed, self.place
        return bool(seed) and seed[0] in place.uses.through(key[0]) and seed in made_of(key, place, self.letters)

    def _defined(self, definition: Definition, key: Key) -> Any:
        shape = self.place.shape(key[0])
        if len(shape) != len(key) - 1 or not all(1 <= at <= most for at, most in zip(key[1:], shape, strict=True)):
            raise Undefined(f"there is no {spelled(key)}")
        return self.work(definition.body, dict(zip(definition.indices, key[1:], strict=True)))

    def work(self, body: Tree, local: Local) -> Any:
        """What a definition is worth here; a number that is too large to go on with is refused."""
        return self._checked(compiled(body, self.floats)(self, {**self.letters, **local}))

    def _checked(self, found: Any) -> Any:
        if not self.floats and size(plain(found)) > MOST_BITS:
            raise Undefined(TOO_LARGE)
        return found

    def range(self, letter: str) -> range:
        found = self.place.range(letter)
        self.place.work.spend(len(found) * (1 if self.floats else EXACT_COST))
        return found

    def function(self, name: str) -> Callable[..., Any]:
        """A function that the derivation defines, or leaves open."""
        if name in self.place.chosen:
            return known(self.place.names.functions[name], FLOATS if self.floats else EXACT)[self.place.chosen[name]]
        definition = self.place.names.defined.get(name)
        if definition is None:
            raise Undefined(f"no function is known for {name}")
        arguments, body = definition.arguments, definition.body

        def of(*values: Any) -> Any:
            if len(values) != len(arguments):
                raise Undefined(f"{name} of {len(values)} numbers")
            return self.work(body, dict(zip(arguments, values, strict=True)))

        return of


def spelled(key: Key) -> str:
    """z[2] as people write it."""
    return str(key[0]) + (f"[{','.join(map(str, key[1:]))}]" if key[1:] else "")


def value(tree: Tree, point: Point, letters: Mapping[str, int] | None = None) -> Any:
    """The number of a tree; Undefined where it has none."""
    if letters is not None:
        point.choose(letters)
    try:
        return point.work(tree, {})
    except OverflowError:
        raise Undefined(TOO_LARGE) from None
    except RecursionError:
        raise Undefined("too many definitions inside each other") from None


def at(names: Names, sizes: Mapping[str, int], values: Mapping[Key, Any], floats: bool = False) -> Point:
    """A point with these numbers, for one that has no functions left open."""
    return Point(Place(Uses(names), sizes, {}, Work()), dict(values), floats)
