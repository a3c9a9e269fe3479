"""Which entries an expression reads, through definitions and sums; it works nothing out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from backcheck.proving.tree import BINDERS, Tree

if TYPE_CHECKING:
    from backcheck.proving.numbers.evaluate import Key, Place

Letters = Mapping[str, int]


def reads(tree: Tree, place: Place, letters: Letters) -> frozenset[Key]:
    """The entries that are no definitions; Undefined where a size is not known."""
    found = frozenset[Any]().union(*(made_of(key, place, letters) for key in {*_direct(tree, place, letters, letters)}))
    return frozenset(key for key in found if key[0] not in place.names.defined)


def made_of(key: Key, place: Place, letters: Letters) -> frozenset[Key]:
    """All entries that one comes down to, through definitions; itself, too."""
    definition = place.names.defined.get(key[0])
    if definition is None:
        return frozenset((key,))
    known = (key, *map(letters.get, sorted(place.uses.letters(key[0]))))
    found = place.made_of.get(known)
    if found is None:
        place.made_of[known] = frozenset((key,))  # what is defined by itself ends here
        local = {**letters, **dict(zip(definition.indices, key[1:], strict=False)), **dict.fromkeys(definition.arguments, 0)}
        try:
            direct = {*_direct(definition.body, place, letters, local)}
            found = place.made_of[known] = frozenset((key,)).union(*(made_of(other, place, letters) for other in direct))
        except BaseException:
            del place.made_of[known]
            raise
    return found


def _direct(tree: Tree, place: Place, letters: Letters, local: Letters) -> Iterator[Key]:
    """The entries that stand there, with sums written out, and the functions that are called."""
    if tree.op in ("name", "entry"):
        head = tree if tree.op == "name" else tree.parts[0]
        if not (head.text in local or head.text in place.sizes or place.names.is_letter(head.text)):
            yield (head.text, *(int(part.text) if part.op == "number" else local.get(part.text, 0) for part in tree.parts[1:]))
        return
    if tree.op == "call" and tree.text.rstrip("'") in place.names.defined:
        yield (tree.text.rstrip("'"),)
    for part in () if tree.op in BINDERS else tree.parts:
        yield from _direct(part, place, letters, local)
    for at in place.range(tree.text) if tree.op in BINDERS else ():
        yield from _direct(tree.parts[0], place, letters, {**local, tree.text: at})
