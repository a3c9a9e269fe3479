"""A tree in entries → the same with definitions put in and differentiated, then what is said `at` a place put in; no numbers."""

from __future__ import annotations

from backcheck.proving.algebra.slopes import slope
from backcheck.proving.names import Names, Scene
from backcheck.proving.statements import Misread
from backcheck.proving.tree import BINDERS, Tree, bare, called, free, mentioned, name, put

MOST_NODES = 20_000


def plain(tree: Tree, scene: Scene) -> Tree:
    """The tree without definitions and derivatives."""
    return plain_with_origins(tree, scene)[0]


def plain_with_origins(tree: Tree, scene: Scene) -> tuple[Tree, list[Tree]]:
    """The tree without definitions and derivatives; and what was differentiated: its slope means nothing where it does not."""
    kept = frozenset(called(place) for place, _ in scene.at) & {*scene.names.defined}
    work = Expansion(scene.names)
    found = [work.expanded(bare(tree), kept), *work.origins]
    for place, value in scene.at:
        there = work.expanded(bare(value), kept)
        found = [_put(part, bare(place), there) for part in found]
    if kept:
        found = [work.expanded(part, frozenset()) for part in found]
    return found[0], found[1:]


def _put(tree: Tree, place: Tree, value: Tree) -> Tree:
    """A value in the place of y, or of z[k] for each k."""
    if place.op == "name":
        return put(tree, {place.text: value})
    return _entries(tree, place.parts[0].text, [index.text for index in place.parts[1:]], value)


def _entries(tree: Tree, called: str, letters: list[str], value: Tree) -> Tree:
    """A value for each entry; an index that runs gives way to what stands free in the value."""
    if tree.op == "entry" and tree.parts[0].text == called:
        return put(value, dict(zip(letters, tree.parts[1:], strict=True)))
    if tree.op in BINDERS and tree.text in free(value):
        own = tree.text
        while own in {*free(value), *free(tree.parts[0])}:
            own += "~"
        tree = tree._replace(text=own, parts=(put(tree.parts[0], {tree.text: name(own)}), *tree.parts[1:]))
    return tree._replace(parts=tuple(_entries(part, called, letters, value) for part in tree.parts))


class Expansion:
    """Counts the nodes that are made, so that a few definitions of each other cannot make millions."""

    def __init__(self, names: Names, only: frozenset[str] | None = None) -> None:
        self.names, self.left = names, MOST_NODES
        self.only = only  # definitions that are put in; a derivative looks into those that it depends on as well
        self.origins: list[Tree] = []
        self.opened: frozenset[str] = frozenset()
        self.bound: list[str] = []  # the indices that run where it is being worked

    def expanded(self, tree: Tree, kept: frozenset[str]) -> Tree:
        """Definitions put in, but for those that are kept as variables; derivatives taken."""
        self.left -= 1
        if self.left < 0:
            raise Misread(tree.column or 1, "this is too long once all definitions are put in")
        if tree.op == "slope":
            return self._slope(tree, kept)
        if tree.op == "entry":
            return self._defined(tree, tree.parts[0].text, tree.parts[1:], kept)
        if tree.op == "name":
            return self._defined(tree, tree.text, (), kept)
        if tree.op in BINDERS:
            self.bound.append(tree.text)
            body = self.expanded(tree.parts[0], kept)
            self.bound.pop()
            return tree._replace(parts=(body, *tree.parts[1:]))
        parts = tuple(self.expanded(part, kept) for part in tree.parts)
        if tree.op == "call" and tree.text in self.names.defined:
            definition = self.names.defined[tree.text]
            return self.expanded(put(bare(definition.body), dict(zip(definition.arguments, parts, strict=True))), kept)
        return tree._replace(parts=parts)

    def _defined(self, tree: Tree, own: str, at: tuple[Tree, ...], kept: frozenset[str]) -> Tree:
        definition = self.names.defined.get(own)
        if definition is None or own in kept or definition.arguments:
            return tree
        self.opened |= {own}
        return self.expanded(put(bare(definition.body), dict(zip(definition.indices, at, strict=True))), kept)

    def _slope(self, tree: Tree, kept: frozenset[str]) -> Tree:
        body, *places = tree.parts
        heads = frozenset(map(called, places))
        own = kept | (heads & {*self.names.defined}) if self.only is None else self._idle(heads)
        found = self.expanded(body, own)
        steps = [self.expanded(found, frozenset()) if self.only is None else found]
        for place in places:
            found = slope(found, bare(place))
            steps.append(found)
        self.origins += [step for step in steps[:-1] if not free(step).keys() & {*self.bound}]
        return self.expanded(found, kept) if own != kept else found

    def _idle(self, heads: frozenset[str]) -> frozenset[str]:
        """The definitions that do not depend on any of these names, and these names."""
        moved: set[str] = {*heads}
        for own, definition in self.names.defined.items():  # each is made from earlier ones
            if mentioned(definition.body) & moved:
                moved.add(own)
        return frozenset(self.names.defined) - moved | (heads & {*self.names.defined})
