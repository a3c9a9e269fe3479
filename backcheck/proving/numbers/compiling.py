"""A tree in entries → a function of a point that gives its number; slopes are dual numbers; it rewrites nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from backcheck.errors import Undefined
from backcheck.proving.numbers.arithmetic import EXACT, FLOATS
from backcheck.proving.numbers.duals import Dual, level, parts
from backcheck.proving.numbers.functions import functions
from backcheck.proving.numbers.leaves import RULES, Local, Work, index_of, worked
from backcheck.proving.tree import Tree

if TYPE_CHECKING:
    from backcheck.proving.numbers.evaluate import Point


@lru_cache(maxsize=4096)
def compiled(tree: Tree, floats: bool) -> Work:
    return worked(tree, floats)


def _over_all(tree: Tree, floats: bool, onto: Callable[[Any, Any], Any]) -> Work:
    """All values of an index, put together one after the other."""
    letter, body, left_out = tree.text, worked(tree.parts[0], floats), [index_of(part) for part in tree.parts[1:]]

    def all_of(e: Point, l: Local) -> Any:
        skipped, before, found = [index(e, l) for index in left_out], l.get(letter), None
        for at in e.range(letter):
            if at not in skipped:
                l[letter] = at
                found = body(e, l) if found is None else onto(found, body(e, l))
        if before is None:
            l.pop(letter, None)
        else:
            l[letter] = before
        return found

    return all_of


def _total(tree: Tree, floats: bool) -> Work:
    work = _over_all(tree, floats, lambda one, other: one + other)

    def total(e: Point, l: Local) -> Any:
        found = work(e, l)
        return 0 if found is None else found

    return total


def _largest(tree: Tree, floats: bool) -> Work:
    work = _over_all(tree, floats, functions(FLOATS if floats else EXACT)["max"])

    def largest(e: Point, l: Local) -> Any:
        found = work(e, l)
        if found is None:
            raise Undefined("the largest of nothing")
        return found

    return largest


def _slope(tree: Tree, floats: bool) -> Work:
    """By a name or an entry, which is a variable of its own inside; the argument of a function is one, too."""
    places = [((by.parts[0] if by.op == "entry" else by).text, [index_of(part) for part in by.parts[1:]]) for by in tree.parts[1:]]
    work, kept = worked(tree.parts[0], floats), frozenset(name for name, _ in places)
    for name, at in places:
        work = _slope_by(work, name, at, kept)
    return work


def _slope_by(body: Work, name: str, at: list[Work], kept: frozenset[str]) -> Work:
    def slope(e: Point, l: Local) -> Any:
        here = max(e.level, level(*l.values())) + 1
        if not at and name in l:
            inside, local = e.along((), here, e.kept), {**l, name: Dual(here, l[name], 1)}
        else:
            inside, local = e.along((name, *[index(e, l) for index in at]), here, e.kept | kept), l
        return parts(body(inside, local), here)[1]

    return slope


RULES.update(total=_total, largest=_largest, slope=_slope)
