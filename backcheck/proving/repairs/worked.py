"""The slope of what stands inside a function, worked out, so that it can be named as what is missing; it knows no edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from backcheck.proving.names import Scene
from backcheck.proving.repairs.places import size
from backcheck.proving.statements import Misread
from backcheck.proving.tree import BINDERS, Tree, bare, free, walk

MOST = 6  # slopes of one line
LARGEST = 9  # nodes


def worked(slopes: Iterable[Tree], scene: Scene) -> Iterator[Tree]:
    """-2 x for d(-x^2, x); only of numbers, where no index is about, and only what is short."""
    alone = (one for one in slopes if not any(scene.names.is_letter(letter) for letter in free(one)))
    for slope in islice(alone, MOST):
        found = _worked(slope, scene)
        if found is not None and size(found) <= LARGEST and free(found):
            yield bare(found)


def _worked(slope: Tree, scene: Scene) -> Tree | None:
    from backcheck.proving.algebra.equal import page_of
    from backcheck.proving.algebra.expand import plain
    from backcheck.proving.algebra.givens import Contradiction
    from backcheck.proving.algebra.normal import normal
    from backcheck.proving.algebra.page import TooMuch, Undefined
    from backcheck.proving.approaching.as_tree import as_tree

    try:
        tree = plain(slope, scene)
        if any(node.op in BINDERS for node in walk(tree)):
            return None
        page, _ = page_of((tree,), scene._replace(at=()), {})
        return as_tree(page, normal(page, tree))
    except (Contradiction, KeyError, Misread, TooMuch, Undefined):
        return None
