"""Which mistake makes of the true slopes the ones that were handed in: slips are tried, then what the arrays look like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from typing import NamedTuple

import numpy as np

from backcheck.errors import Undefined
from backcheck.marking.handed_in import HandedIn
from backcheck.marking.likeness import Likeness, said
from backcheck.marking.likenesses import likenesses, multiple
from backcheck.marking.precision import ALLOWANCE
from backcheck.roads.work import WorkedSheet
from backcheck.slips.layers import seen
from backcheck.slips.slips import slipped, slips
from backcheck.worksheet import Array


class Mistake(NamedTuple):
    """What the wrong arrays look like; `id` is None where several kinds of mistake fit."""

    id: str | None
    says: str
    fits: tuple[str, ...]
    explains: tuple[str, ...]  # the wrong arrays that come out exactly so


class Explanation(NamedTuple):
    """One kind of mistake, and the wrong arrays that come out as they are."""

    id: str
    says: str
    explains: tuple[str, ...]


class Explainer:
    """Holds what was handed in against what every mistake would have made of it."""

    def __init__(self, done: WorkedSheet, allowed: Mapping[str, Array], eps: float) -> None:
        self.done, self.allowed, self.eps = done, allowed, eps

    def mistake(self, given: list[HandedIn], wrong: list[HandedIn]) -> Mistake | None:
        """What explains most of the wrong arrays, and the first one at least, without making a right one wrong.

        Mistakes in the rules come before what arrays merely look like, unless that explains more.
        """
        best: list[Explanation] = []
        for found in (self._by_slips(given, wrong), self._by_likeness(given, wrong), self._as_multiple(given, wrong)):
            reached = len(best[0].explains) if best else 0
            if reached < len(wrong):
                best = _most([one for one in found if len(one.explains) > reached]) or best
        if not best:
            return None
        fits = tuple(dict.fromkeys(one.id for one in best))
        return Mistake(fits[0] if len(fits) == 1 else None, "; or ".join(one.says for one in best), fits, best[0].explains)

    def _by_slips(self, given: list[HandedIn], wrong: list[HandedIn]) -> Iterator[Explanation]:
        for slip in slips(self.done.sheet):
            try:
                sheet = slipped(self.done, slip)
                arrays = {one.name: one.of(sheet.array(one.row)) for one in given}
            except Undefined:
                continue
            if explained := self._explained(given, wrong, arrays):
                yield Explanation(slip.id, slip.says, explained)

    def _by_likeness(self, given: list[HandedIn], wrong: list[HandedIn]) -> Iterator[Explanation]:
        yield from self._changed(given, wrong, likenesses(self.done, wrong[0].row, wrong[0].array))

    def _as_multiple(self, given: list[HandedIn], wrong: list[HandedIn]) -> Iterator[Explanation]:
        first = wrong[0]
        yield from self._changed(given, wrong, multiple(first.array, first.of(self.done.array(first.row))))

    def _changed(self, given: list[HandedIn], wrong: list[HandedIn], found: Iterable[Likeness]) -> Iterator[Explanation]:
        """The same change made in every array that is wrong."""
        true = {one.name: one.of(self.done.array(one.row)) for one in given}
        for like in found:
            changed = {one.name: like.change(one.row, true[one.name]) for one in wrong}
            if explained := self._explained(given, wrong, true | changed):
                yield Explanation(like.id, said(like, [seen(name) for name in explained]), explained)

    def _explained(self, given: list[HandedIn], wrong: list[HandedIn], arrays: Mapping[str, Array]) -> tuple[str, ...]:
        """The wrong arrays that are as they would be, up to the first that is not; none if a right one would be wrong."""
        names = {one.name for one in wrong}
        if not all(self.same(one, arrays[one.name]) for one in given if one.name not in names):
            return ()
        return tuple(one.name for one in takewhile(lambda one: self.same(one, arrays[one.name]), wrong))

    def same(self, one: HandedIn, array: Array) -> bool:
        """Whether what was handed in is this array, as far as its precision goes."""
        if array.shape != one.array.shape or not np.isfinite(one.array).all():
            return False
        allowed = one.of(self.allowed[one.row])
        if allowed.shape != array.shape:
            allowed = allowed.max(initial=0)
        return bool((abs(one.array - array) <= allowed + ALLOWANCE * self.eps * abs(array).max(initial=0)).all())


def _most(found: list[Explanation]) -> list[Explanation]:
    """Those that explain most; of equals all, the earlier ones first."""
    most = max((len(one.explains) for one in found), default=0)
    return [one for one in found if len(one.explains) == most]
