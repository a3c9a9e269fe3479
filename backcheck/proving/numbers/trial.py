"""Whether an edited line agrees with the line before in floats at a few points: for hundreds of edits, before any proof.

It decides nothing: what agrees here is still to be shown, and what has no number here is passed over.
"""

from __future__ import annotations

from backcheck.proving.entries import elaborate
from backcheck.proving.names import Scene
from backcheck.proving.numbers.trial_points import points
from backcheck.proving.statements import Misread, Relation
from backcheck.proving.tree import Tree, bare, changed


class Trial:
    """A test of edits of a wrong line: whether they agree with the line before wherever they are tried."""

    def __init__(self, sign: str, before: Tree, others: list[Tree], scene: Scene, certain: tuple[str, ...]) -> None:
        self._sign, self._before, self._scene, self._certain = sign, before, scene, certain
        found = [one for line in others if (one := self._in_entries(Relation(sign, before, line))) is not None]
        self._plain = [(_flat(one.left), _flat(one.right)) for one in found] == [(_flat(before), _flat(line)) for line in others]
        self._points = points(found, scene) if found else []

    def __call__(self, line: Tree) -> bool:
        relation = Relation(self._sign, self._before, line)
        return self._holds(relation if self._plain else self._in_entries(relation))

    def agrees(self, one: Tree, other: Tree) -> bool:
        """The same question about any two sides."""
        return self._holds(self._in_entries(Relation("=", one, other)))

    def _holds(self, relation: Relation | None) -> bool:
        return relation is not None and bool(self._points) and all(at.agrees(relation) for at in self._points)

    def _in_entries(self, relation: Relation) -> Relation | None:
        try:
            return elaborate(relation, self._scene.names, self._certain)
        except Misread:
            return None


def trial(sign: str, before: Tree, wrong: Tree, after: Tree | None, scene: Scene, certain: tuple[str, ...] = ()) -> Trial:
    """One for a line, the one before it and the one after."""
    return Trial(sign, bare(before), [bare(line) for line in (wrong, after) if line is not None], scene, certain)


def _flat(tree: Tree) -> Tree:
    """Without brackets in a product, which no entries need."""

    def rule(node: Tree) -> Tree:
        parts = (part.parts if part.op == "times" else (part,) for part in node.parts)
        return node._replace(parts=tuple(one for some in parts for one in some)) if node.op == "times" else node

    return changed(tree, rule)
