"""What may be put into a line to repair it: indices, names, factors and terms that stand in it or near it; it edits nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from backcheck.proving.names import Names, Scene
from backcheck.proving.repairs.alike import Alike
from backcheck.proving.repairs.places import Place, size
from backcheck.proving.tree import BINDERS, Tree, bare, free, name, number, put, walk

LARGEST = 16  # nodes of what is put in: what is longer was not forgotten by a slip
MOST = 40  # things that may be put in


class Around(NamedTuple):
    """One line that is wrong, with all that its repair may use."""

    wrong: Tree
    before: Tree
    names: Names
    letters: tuple[str, ...]  # indices that may stand free in the line
    quantities: tuple[str, ...]  # names that are no indices, those of the lines first
    functions: tuple[str, ...]
    sizes: tuple[str, ...]  # of the ranges that are in use
    factors: tuple[Tree, ...]
    terms: tuple[Tree, ...]
    book: Alike

    def others(self, letter: str, place: Place) -> Iterator[str]:
        """The indices over the same range that may stand here for this one."""
        if self.names.is_letter(letter):
            size = self.names.size(letter)
            for other in (*place.runs, *self.letters):
                if other != letter and self.names.size(other) == size:
                    yield other

    def may_stand(self, tree: Tree, place: Place) -> bool:
        """No index of the tree would stand alone here, or run twice."""
        if any(_runs(letter, tree) for letter in place.runs):
            return False
        return all(one in place.runs or one in self.letters for one in free(tree) if self.names.is_letter(one))


def around(before: Tree, wrong: Tree, after: Tree | None, scene: Scene) -> Around:
    """What is in use in the line, in the one before and in the one after."""
    names, (wrong, before, *next_line) = scene.names, map(bare, [wrong, before] + ([after] if after else []))
    lines = [wrong, before, *next_line]
    said = [side for relation in (*scene.given, *scene.case) for side in (relation.left, relation.right)]
    stand = {one: None for tree in (before, wrong, *next_line, *said) for one in free(tree)}
    letters = tuple(one for one in stand if names.is_letter(one))
    found = {node.text: None for line in lines for node in walk(line) if node.op == "name" and not names.is_letter(node.text)}
    quantities = tuple(found | {one: None for one in names.shapes if one not in names.functions})
    calls = {node.text: None for line in lines for node in walk(line) if node.op == "call" and node.text != "delta"}
    book = Alike(names.shapes)
    over = {node.text for line in lines for node in walk(line) if node.op in ("name", *BINDERS)}
    sizes = sorted(names.sizes & (over | {names.size(one) for one in over if names.is_letter(one)}))
    made = Around(wrong, before, names, letters, quantities, tuple(calls), tuple(sizes), (), (), book)
    meant = [bare(body) for line in lines for body in _bodies(line, names)]
    factors = _distinct(_varied((*_factors(lines), *_factors(meant), *_complements(lines)), made), made)
    terms = _distinct(_varied((*_terms(lines), *_terms(meant)), made), made)
    return made._replace(factors=factors, terms=terms)


def _nodes(tree: Tree) -> Iterator[Tree]:
    """All parts of a line that have a value: not the z, and not the k, of z[k]."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        if node.op != "entry" and node.text != "delta":
            pending.extend(reversed(node.parts))


def _factors(lines: list[Tree]) -> Iterator[Tree]:
    """All that is multiplied somewhere, and what stands in a place of its own; then the slopes of what is inside."""
    for line in lines:
        for node in _nodes(line):
            if node.op in ("times", "elementwise", "over", "power"):
                yield from node.parts[: 1 if node.op == "power" else None]
            if node.op == "over":
                yield Tree("power", (node.parts[1], number(2)))
            if node.op in ("entry", "call", "power", "total", "slope") or (node.op == "plus" and node is not line):
                yield node
    for line in lines:
        yield from (node for node in _nodes(line) if node.op == "name")
        yield from _inner_slopes(line)


def _bodies(line: Tree, names: Names) -> Iterator[Tree]:
    """What the names of a line are defined as."""
    for node in _nodes(line):
        head, *indices = node.parts if node.op == "entry" else (node,)
        definition = names.defined.get(head.text) if head.op == "name" else None
        if definition and not definition.arguments and len(indices) == len(definition.indices):
            yield put(definition.body, dict(zip(definition.indices, indices, strict=True)))


def _complements(lines: list[Tree]) -> Iterator[Tree]:
    """1 - a; then a (1 - a) and 1 - a^2, the slopes of sigmoid and tanh."""
    found = dict.fromkeys(node for line in lines for node in _nodes(line) if node.op in ("entry", "name"))
    one_less = {node: Tree("plus", (number(1), Tree("minus", (node,)))) for node in found}
    yield from one_less.values()
    for node, less in one_less.items():
        yield Tree("times", (node, less))
        yield Tree("plus", (number(1), Tree("minus", (Tree("power", (node, number(2))),))))


def _inner_slopes(line: Tree) -> Iterator[Tree]:
    """Of d(f(u), x): d(u, x)."""
    for node in _nodes(line):
        if node.op == "slope":
            body, *by = node.parts
            for inner in _nodes(body):
                if inner.op == "call" and len(inner.parts) == 1 and inner.parts[0].op not in ("name", "entry"):
                    yield Tree("slope", (inner.parts[0], by[0]))


def _terms(lines: list[Tree]) -> Iterator[Tree]:
    """All that is added somewhere, then 1, then the shortest of all."""
    for line in lines:
        for node in _nodes(line):
            if node.op == "plus":
                yield from (part.parts[0] if part.op == "minus" else part for part in node.parts)
    yield number(1)
    yield from lines[1:]
    yield from _halves(lines)
    for line in lines:
        yield from (node for node in _nodes(line) if node.op in ("entry", "name") or node.text == "delta")


def _halves(lines: list[Tree]) -> Iterator[Tree]:
    """Of d(a b, x): d(a, x) b and a d(b, x); of (a + b)^2: 2 a b."""
    for line in lines:
        for node in _nodes(line):
            if node.op == "slope" and node.parts[0].op == "times":
                factors, by = node.parts[0].parts, node.parts[1]
                for at, one in enumerate(factors):
                    yield Tree("times", (*factors[:at], Tree("slope", (one, by)), *factors[at + 1 :]))
            if node.op == "power" and node.parts[0].op == "plus" and len(node.parts[0].parts) == 2:
                a, b = (part.parts[0] if part.op == "minus" else part for part in node.parts[0].parts)
                yield Tree("times", (number(2), a, b))


def _varied(trees: Iterable[Tree], here: Around) -> Iterator[Tree]:
    """The trees, then each with another of its indices, and a delta of every two."""
    whole = [tree for tree in trees if size(tree) <= LARGEST]
    yield from whole
    in_use = {*here.letters, *(node.text for node in (*walk(here.wrong), *walk(here.before)) if node.op in BINDERS)}
    in_use |= {one for tree in whole for one in free(tree) if here.names.is_letter(one)}
    letters = sorted(in_use)
    for at, i in enumerate(letters):
        yield from (_delta(i, j) for j in letters[at + 1 :] if here.names.size(i) == here.names.size(j))
    for tree in whole:
        for one in free(tree):
            if here.names.is_letter(one):
                for other in letters:
                    if other != one and here.names.size(other) == here.names.size(one) and not _runs(other, tree):
                        yield put(tree, {one: name(other)})


def _runs(letter: str, tree: Tree) -> bool:
    return any(node.text == letter for node in walk(tree) if node.op in BINDERS)


def _delta(i: str, j: str) -> Tree:
    return Tree("call", (name(i), name(j)), "delta")


def _distinct(trees: Iterable[Tree], here: Around) -> tuple[Tree, ...]:
    """Each once, as many as may be; no index by itself, no number but 1."""
    kept: dict[int, Tree] = {}
    for tree in trees:
        if (tree.op == "name" and here.names.is_letter(tree.text)) or (tree.op == "number" and tree.text != "1"):
            continue
        bare = tree.parts[0] if tree.op == "minus" else tree
        kept.setdefault(here.book.of(bare), bare)
        if len(kept) == MOST:
            break
    return tuple(kept.values())
