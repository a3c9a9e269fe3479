"""What stands around a wrong line: what its repair may use, and what it must not hold; it edits nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from backcheck.proving.names import Names, Scene
from backcheck.proving.repairs.alike import Alike
from backcheck.proving.repairs.choice import distinct, runs
from backcheck.proving.repairs.opened import known_by
from backcheck.proving.repairs.opened import nodes as nodes_of
from backcheck.proving.repairs.places import Place
from backcheck.proving.repairs.sources import divisors, factors, further_factors, inner_slopes, terms
from backcheck.proving.repairs.worked import worked
from backcheck.proving.tree import BINDERS, Tree, bare, free, walk


class Around(NamedTuple):
    """One line that is wrong, with all that its repair may use."""

    wrong: Tree
    before: Tree
    near: tuple[Tree, ...]  # the next line, where it is right, and the sides of the claim
    names: Names
    letters: tuple[str, ...]  # indices that may stand free in the line
    quantities: tuple[str, ...]  # names that are no indices: of the lines, and of what these are defined as
    functions: tuple[str, ...]  # of one argument
    sizes: tuple[str, ...]  # of the ranges that are in use
    factors: tuple[Tree, ...]
    divisors: tuple[Tree, ...]
    terms: tuple[Tree, ...]
    slopes: tuple[Tree, ...]  # of what stands inside something, worked out
    known: tuple[Tree, ...]  # the lines that are right, and what their names are defined as
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
        if any(runs(letter, tree) for letter in place.runs):
            return False
        return all(one in place.runs or one in self.letters for one in free(tree) if self.names.is_letter(one))


def around(before: Tree, wrong: Tree, near: tuple[Tree, ...], scene: Scene) -> Around:
    """What is in use in the line and in those beside it that are right: the one before, the one after, the claim."""
    names, wrong, before = scene.names, bare(wrong), bare(before)
    right = (before, *map(bare, near))
    known = tuple(dict.fromkeys((*right, *(body for line in right for body in known_by(line, names)))))
    said = [side for relation in (*scene.given, *scene.case) for side in (relation.left, relation.right)]
    stand = {one: None for tree in (before, wrong, *right[1:], *said) for one in free(tree)}
    letters = tuple(one for one in stand if names.is_letter(one))
    nodes = [node for line in (wrong, *known) for node in walk(line)]
    quantities = {node.text: None for node in nodes if node.op == "name" and not names.is_letter(node.text)}
    calls = {node.text: None for node in nodes if node.op == "call" and len(node.parts) == 1}
    over = {node.text for node in nodes if node.op in ("name", *BINDERS)}
    sizes = sorted(names.sizes & (over | {names.size(one) for one in over if names.is_letter(one)}))
    in_use = sorted({*letters, *(node.text for node in nodes if node.op in BINDERS and names.is_letter(node.text))})
    book = Alike(names.shapes)
    own = [Tree("minus", (node,)) for node in nodes_of(wrong) if node.op in ("name", "entry")]
    multiplied = distinct((*factors(known), *own), in_use, names, book, further_factors(known))
    below, added = (distinct(of(known), in_use, names, book) for of in (divisors, terms))
    slopes = tuple(dict.fromkeys(worked((one for line in known for one in inner_slopes(line)), scene)))
    of_names = (letters, tuple(quantities), tuple(calls), tuple(sizes))
    return Around(wrong, before, right[1:], names, *of_names, multiplied, below, added, slopes, known, book)
