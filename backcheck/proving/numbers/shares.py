"""Shares of a whole to try for each name with an index: equal ones, and nearly all for the first or for the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from backcheck.proving.numbers.evaluate import Key, Place
from backcheck.proving.numbers.reals import Number, plainly

Numbers = tuple[Number, ...]


def shares(entries: Sequence[Key], place: Place) -> Iterator[list[Numbers]]:
    """The same for all names, then for one and the other by turns."""
    names = [*dict.fromkeys(key[0] for key in entries)]
    last = {key[0]: place.shape(key[0])[-1:] for key in entries}
    for way in SHARES:
        yield [(_share(key, last[key[0]], way[names.index(key[0]) % len(way)]),) if last[key[0]] else ONE for key in entries]


SHARES = (("equal",), ("first",), ("last",), ("first", "last"), ("equal", "first"), ("first", "equal"))
ONE: tuple[Number, ...] = (1,)


def _share(key: Key, count: Sequence[int], way: str) -> Number:
    (most,), at = count, key[-1]
    if way == "equal" or most == 1:
        return plainly(Fraction(1, most))
    return Fraction(9, 10) if at == (1 if way == "first" else most) else Fraction(1, 10 * (most - 1))
