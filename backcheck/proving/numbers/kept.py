"""What was worked out at points is kept for the lines that follow: most of them are about the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from functools import cached_property
from typing import Any

from backcheck.proving.names import Names
from backcheck.proving.numbers.evaluate import Place, Point, Work
from backcheck.proving.numbers.exact import to_float
from backcheck.proving.numbers.solving import Values
from backcheck.proving.numbers.uses import Uses

MOST_KEPT = 80  # points, in floats and exactly


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


class Kept:
    """The places and points of one set of names."""

    def __init__(self, names: Names) -> None:
        self.names, self.uses = names, Uses(names)
        self._places: dict[Any, Place] = {}
        self._numbers: dict[Any, Numbers] = {}

    def place(self, sizes: Mapping[str, int], chosen: Mapping[str, str], work: Work) -> Place:
        key = (*sizes.items(), *chosen.items())
        if key not in self._places:
            self._places[key] = Place(self.uses, dict(sizes), chosen, work)
        self._places[key].work = work
        return self._places[key]

    def numbers(self, place: Place, values: Values) -> Numbers:
        key = (id(place), *values.items())
        found = self._numbers.get(key)
        if found is None:
            if len(self._numbers) == MOST_KEPT:
                self._numbers.clear()
            found = self._numbers[key] = Numbers(place, values)
        return found


_last: ContextVar[Kept | None] = ContextVar("kept", default=None)


def forget() -> None:
    """Nothing, after what broke off in the middle."""
    _last.set(None)


def kept_of(names: Names) -> Kept:
    """What is kept of these names: the last ones only."""
    found = _last.get()
    if found is None or found.names != names:
        found = Kept(names)
        _last.set(found)
    return found
