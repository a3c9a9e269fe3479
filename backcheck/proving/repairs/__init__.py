"""The edit behind a wrong line: the few that make it right, the likeliest first; it knows no grammar and decides nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby, islice
from typing import NamedTuple

from backcheck.proving.names import Scene
from backcheck.proving.repairs.around import Around, around
from backcheck.proving.repairs.decency import Decency, in_order
from backcheck.proving.repairs.edits import Edit, edits
from backcheck.proving.repairs.places import put_at, size
from backcheck.proving.tree import Tree, bare, free, number, walk

MOST_SHOWN = 3
MOST_ALIKE = 10  # at one distance
MOST_DECIDED = 6  # a proof takes longer than all the numbers that were tried before it
FACTORS = frozenset({"factor_missing", "function_missing", "delta_missing"})
Test = Callable[[Tree], bool]
Key = tuple[int, int, int]
Ranked = tuple[Key, Edit]


class Repair(NamedTuple):
    """An edit that makes the line right: how the line reads then, and what was wrong."""

    edit: Edit
    text: str
    says: str


class Search(NamedTuple):
    """What may be shown; and the edit that tells most of the mistake, if it only leads back to the line before."""

    shown: tuple[Repair, ...]
    edit: Edit | None


def search(
    before: Tree,
    wrong: Tree,
    after: Tree | None,
    scene: Scene,
    holds: Test,
    quick: Test,
    goals: tuple[Tree, ...] = (),
    allowed: Callable[[Edit], bool] | None = None,
) -> Search:
    """All that is found. `quick` holds a line against numbers, `holds` decides it; goals are sides of the claim.

    The next line helps only where it is right itself.
    """
    near = tuple(tree for tree in ((after,) if after is not None else ()) if quick(tree)) + goals
    here = around(before, wrong, near, scene)
    like = near[0] if len(near) > len(goals) else before
    decency, rank = Decency(here), _Rank(here, bare(like), quick)
    fitting: list[Ranked] = []
    back: Edit | None = None
    for edit in edits(here):
        if edit.kind.far > min((max(key[0], 1) for key, _ in fitting), default=edit.kind.far) + 1:
            break  # the nearest come first, and what is much further than one that fits is not shown
        if (allowed is None or allowed(edit)) and quick(edit.tree):
            back = back or (edit if decency.is_back(edit) else None)
            fitting += [(rank(edit), edit)] if decency(edit) else []
    shown = tuple(_first(_plausible(_different(fitting, here)), holds))
    if back is not None and (not shown or back.kind.far <= shown[0].edit.kind.far):
        return Search(shown, back)
    return Search(shown, shown[0].edit if shown else None)


def _different(fitting: list[Ranked], here: Around) -> list[Ranked]:
    """Of mere rearrangements of each other only the nearest, and of those the shortest; numbers are no rearrangements."""
    from backcheck.proving.spelling.spelled import spell

    first: dict[object, Ranked] = {}
    for key, edit in sorted(fitting, key=lambda one: (one[0][0], len(spell(one[1].tree)))):
        leaves = sorted(node.text for node in walk(edit.tree) if not node.parts)
        first.setdefault((here.book.of(edit.tree), *leaves) if free(edit.tree) else edit.tree, (key, edit))
    return list(first.values())


def _plausible(fitting: list[Ranked]) -> Iterator[Edit]:
    """The likeliest first, as long as they can be told apart; what is further to seek only beside a single one that is nearer."""
    ranked, more = sorted((key, at) for at, (key, _) in enumerate(fitting)), 0
    if len([key for key, _ in ranked if key[0] == ranked[0][0][0]]) > MOST_ALIKE:
        return  # what anything repairs says nothing of what was meant
    for key, group in groupby(ranked, lambda one: one[0][:2]):
        alike = list(group)
        further = key[0] - max(ranked[0][0][0], 1)
        if len(alike) > MOST_SHOWN or further > 1 or (further and more > 1):
            return
        more += len(alike)
        yield from (fitting[at][1] for _, at in alike)


class _Rank:
    """How far to seek an edit, how much of it is not in the next line, how long it is."""

    def __init__(self, here: Around, like: Tree, quick: Test) -> None:
        self._book, self._wrong, self._quick, self._is_nothing = here.book, here.wrong, quick, quick(number(0))
        self._cancelled, self._wanted = here.book.cancelled(here.wrong), here.book.inside(like)
        self._before = in_order(here.before)
        self._goals = {in_order(one) for one in here.near}

    def __call__(self, edit: Edit) -> Key:
        """What the next line or the claim says comes first; nobody means to write a/a; where 0 is wanted, any factor 0 would do."""
        if edit.kind.slip != "zero_or_one" and free(edit.tree) and in_order(edit.tree) in self._goals:
            return 0, 0, 0
        far = edit.kind.far + (self._book.cancelled(edit.tree) > self._cancelled)
        far += in_order(edit.tree) == self._before  # nobody writes the same line twice
        far += edit.is_put_in and isinstance(edit.change.meant, Tree) and _is_unworked(edit.change.meant)
        far += self._is_nothing and edit.kind.slip in FACTORS and self._kills(edit)
        return far, len(self._book.inside(edit.tree) - self._wanted), size(edit.tree)

    def _kills(self, edit: Edit) -> bool:
        """Whether what is put in makes the line 0, whatever it stands beside."""
        meant = edit.change.meant
        return not isinstance(meant, Tree) or self._quick(put_at(self._wrong, edit.place.path, meant))


def _is_unworked(tree: Tree) -> bool:
    """A derivative that somebody would have worked out."""
    return any(node.op == "slope" for node in walk(tree))


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
