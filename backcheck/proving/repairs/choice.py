"""Which of the factors and terms that stand in other lines a repair may put in, and with which indices; it finds none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from backcheck.proving.names import NO_LETTER, Names
from backcheck.proving.repairs.alike import Alike
from backcheck.proving.repairs.places import size
from backcheck.proving.tree import BINDERS, Tree, free, name, put, walk

LARGEST = 16  # nodes of what is put in: what is longer was not forgotten by a slip
MOST = 48  # things that may be put in


def distinct(
    trees: Iterable[Tree], letters: Sequence[str], names: Names, book: Alike, more: Iterable[Tree] = ()
) -> tuple[Tree, ...]:
    """Each once, as many as may be, with the indices in use; no index by itself, no number but 1, nothing that is too long."""
    kept: dict[int, Tree] = {}
    short, further = ([tree for tree in some if size(tree) <= LARGEST and _nameable(tree)] for some in (trees, more))
    for tree in chain(_varied(short, letters, names), further, _varied(further, letters, names)):
        if (tree.op == "name" and names.is_letter(tree.text)) or (tree.op == "number" and tree.text != "1"):
            continue
        bare = tree.parts[0] if tree.op == "minus" else tree
        kept.setdefault(book.of(bare), bare)
        if len(kept) == MOST:
            break
    return tuple(kept.values())


def _nameable(tree: Tree) -> bool:
    """No index in it was made up."""
    return not any(NO_LETTER in node.text or "~" in node.text for node in walk(tree))


def _varied(trees: list[Tree], letters: Sequence[str], names: Names) -> Iterator[Tree]:
    """The trees, then a delta of every two indices, then the trees with another index."""
    yield from trees
    for at, i in enumerate(letters):
        for j in letters[at + 1 :]:
            if names.size(i) == names.size(j):
                yield Tree("call", (name(i), name(j)), "delta")
    for tree in trees:
        for one in free(tree):
            if names.is_letter(one):
                for other in letters:
                    if other != one and names.size(other) == names.size(one) and not runs(other, tree):
                        yield put(tree, {one: name(other)})


def runs(letter: str, tree: Tree) -> bool:
    return any(node.text == letter for node in walk(tree) if node.op in BINDERS)
