"""Which entries an expression reads, through definitions and sums; it works nothing out."""

from __future__ import annotations

from collections.abc import Mapping

from backcheck.proving.numbers.evaluate import Key, Place
from backcheck.proving.tree import BINDERS, Tree

Letters = Mapping[str, int]


def reads(tree: Tree, place: Place, letters: Letters) -> dict[Key, None]:
    """The entries that are no definitions, in the order they are read; Undefined where a size is not known."""
    found: dict[Key, None] = {}
    _reads(tree, place, letters, letters, found, set())
    return found


def _reads(tree: Tree, place: Place, letters: Letters, local: Letters, found: dict[Key, None], seen: set[Key]) -> None:
    names = place.names
    if tree.op in ("name", "entry"):
        head = tree if tree.op == "name" else tree.parts[0]
        at = [int(part.text) if part.op == "number" else local.get(part.text, 0) for part in tree.parts[1:]]
        if head.text in local or head.text in place.sizes or names.is_letter(head.text):
            return
        key = (head.text, *at)
        if head.text not in names.defined:
            found[key] = None
        elif key not in seen:
            seen.add(key)
            definition = names.defined[head.text]
            _reads(definition.body, place, letters, {**letters, **dict(zip(definition.indices, at, strict=False))}, found, seen)
        return
    if tree.op == "call" and tree.text.rstrip("'") in names.defined:
        called = names.defined[tree.text.rstrip("'")]
        _reads(called.body, place, letters, {**letters, **dict.fromkeys(called.arguments, 0)}, found, seen)
    if tree.op not in BINDERS:
        for part in tree.parts:
            _reads(part, place, letters, local, found, seen)
        return
    for at_letter in place.range(tree.text):
        _reads(tree.parts[0], place, letters, {**local, tree.text: at_letter}, found, seen)
