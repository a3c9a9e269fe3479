"""The edit behind a wrong line: the few that make it right, the likeliest first; it knows no grammar and decides nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby, islice
from typing import NamedTuple

from backcheck.proving.names import Scene
from backcheck.proving.repairs.around import Around, around
from backcheck.proving.repairs.edits import Edit, edits
from backcheck.proving.repairs.places import put_at, size
from backcheck.proving.tree import Tree, number
from backcheck.proving.verdict import Suggestion

MOST_SHOWN = 3
MOST_DECIDED = 8  # a proof takes longer than all the numbers that were tried before it
FACTORS = frozenset({"factor_missing", "function_missing", "delta_missing"})
Test = Callable[[Tree], bool]


class Repair(NamedTuple):
    """An edit that makes the line right: how the line reads then, and what was wrong."""

    edit: Edit
    text: str
    says: str


def suggest(before: Tree, wrong: Tree, after: Tree | None, scene: Scene, holds: Test, quick: Test) -> tuple[Suggestion, ...]:
    """What the line may have been meant to be: at most three, and none of those that too many others equal in plausibility."""
    return tuple(Suggestion(repair.text, repair.says) for repair in repairs(before, wrong, after, scene, holds, quick))


def repairs(before: Tree, wrong: Tree, after: Tree | None, scene: Scene, holds: Test, quick: Test) -> tuple[Repair, ...]:
    """The same, with the edits. `quick` holds a line against numbers, `holds` decides it."""
    here = around(before, wrong, after, scene)
    fitting = _different([edit for edit in edits(here) if quick(edit.tree)], here)
    return tuple(_first(_plausible(fitting, _Rank(here, after or before, quick)), holds))


def _different(fitting: list[Edit], here: Around) -> list[Edit]:
    """Of mere rearrangements of each other only the first."""
    first: dict[int, Edit] = {}
    for edit in fitting:
        first.setdefault(here.book.of(edit.tree), edit)
    return list(first.values())


def _plausible(fitting: list[Edit], rank: Callable[[Edit], tuple[int, int, int]]) -> Iterator[Edit]:
    """The likeliest first, as long as they can be told apart."""
    ranked = sorted((rank(edit), at) for at, edit in enumerate(fitting))
    for _, group in groupby(ranked, lambda one: one[0][:2]):
        alike = list(group)
        if len(alike) > MOST_SHOWN:
            return
        yield from (fitting[at] for _, at in alike)


class _Rank:
    """How far to seek an edit, how much of it is not in the next line, how long it is."""

    def __init__(self, here: Around, near: Tree, quick: Test) -> None:
        self._book, self._wrong, self._quick, self._is_nothing = here.book, here.wrong, quick, quick(number(0))
        self._cancelled, self._wanted = here.book.cancelled(here.wrong), here.book.inside(near)

    def __call__(self, edit: Edit) -> tuple[int, int, int]:
        """Nobody means to write a - a; and where 0 is wanted, any factor that is 0 would do."""
        far = edit.kind.far + (self._book.cancelled(edit.tree) > self._cancelled)
        far += self._is_nothing and edit.kind.slip in FACTORS and self._kills(edit)
        return far, len(self._book.inside(edit.tree) - self._wanted), size(edit.tree)

    def _kills(self, edit: Edit) -> bool:
        """Whether what is put in makes the line 0, whatever it stands beside."""
        meant = edit.change.meant
        return not isinstance(meant, Tree) or self._quick(put_at(self._wrong, edit.place.path, meant))


def _first(plausible: Iterator[Edit], holds: Test) -> Iterator[Repair]:
    from backcheck.proving.spelling.spelled import spell

    shown: set[str] = set()
    for edit in islice(plausible, MOST_DECIDED):
        text = spell(edit.tree)
        if text not in shown and holds(edit.tree):
            shown.add(text)
            yield Repair(edit, text, says(edit, spell))
        if len(shown) == MOST_SHOWN:
            return


def says(edit: Edit, spell: Callable[[Tree], str]) -> str:
    """What was wrong, in words: index i for j."""
    wrote, meant = (one if isinstance(one, str) else spell(one) for one in edit.change[1:])
    return edit.kind.says.format(wrote=wrote, meant=meant)
