"""What a relation is about: what is given of it, its certain letters, its variables and sizes; it tries no numbers."""

from __future__ import annotations

from collections.abc import Sequence

from backcheck.proving.names import Names, Scene
from backcheck.proving.numbers.arithmetic import EXACT
from backcheck.proving.numbers.functions import functions
from backcheck.proving.numbers.uses import Uses
from backcheck.proving.statements import Relation, letters_of_given
from backcheck.proving.tree import BINDERS, Tree, free, walk

OURS = frozenset({"delta", *functions(EXACT)})
Each = tuple[tuple[str, tuple[str, ...]], ...]
Given = list[tuple[Relation, Each]]


def given_around(trees: Sequence[Tree], scene: Scene, uses: Uses, others: Sequence[str]) -> Given:
    """What is given of the names that count here, and of those that it ties to them; for which letters each is meant."""
    names = scene.names
    given = [(relation, _meant_for(relation, names)) for relation in scene.given]
    certain: Given = [(relation, ()) for relation in scene.case]
    certain += [(Relation("=", place, to), tuple((letter, ()) for letter in _letters_in(place, names))) for place, to in scene.at]
    about = {*uses.of([*trees, *(side for relation, _ in certain for side in (relation.left, relation.right))]), *others}
    found, waiting = certain, [(pair, _tied(pair[0], uses)) for pair in given]
    while True:
        near = [pair for pair, own in waiting if not own or own & about]
        if not near:
            return found
        found = [*found, *near]
        about = about.union(*(own for _, own in waiting if own & about))
        waiting = [(pair, own) for pair, own in waiting if pair not in near]


def _meant_for(relation: Relation, names: Names) -> Each:
    """The letters for all of whose values it is given; i != j is given of a certain i and j, as in a case."""
    certain = relation.each is None and is_of_indices(relation, names)
    return () if certain else letters_of_given(relation, _letters_in(relation.left, names))


def is_of_indices(relation: Relation, names: Names) -> bool:
    """i != j, i = 1, i < K: nothing but indices, of which one is a letter."""
    sides = (relation.left, relation.right)
    known = [names.is_letter(side.text) or side.text in names.sizes or side.op == "number" for side in sides if not side.parts]
    return known == [True, True] and any(side.op == "name" and names.is_letter(side.text) for side in sides)


def by_number(relation: Relation, names: Names) -> bool:
    """Whether it takes more to make it true than letters that are equal or not: i = 2, i > j."""
    letters = is_of_indices(relation, names)
    return letters and (relation.sign not in ("=", "!=") or not all(names.is_letter(side.text) for side in relation[1:3]))


def _tied(relation: Relation, uses: Uses) -> frozenset[str]:
    """The variables something given is about; none where it speaks of sizes and letters."""
    names = uses.names
    found = uses.of([relation.left, relation.right]) - OURS - names.sizes
    return frozenset(name for name in found if not names.is_letter(name))


def _letters_in(tree: Tree, names: Names) -> tuple[str, ...]:
    return tuple(name for name in free(tree) if names.is_letter(name))


def certain_letters(trees: Sequence[Tree], given: Given, uses: Uses) -> dict[str, None]:
    """Letters that have one certain value: free ones of the relation, and of what is given for one value only."""
    found = {letter: None for tree in trees for letter in _letters_in(tree, uses.names)}
    found |= dict.fromkeys(sorted(filter(uses.names.is_letter, uses.of(trees))))
    for relation, each in given:
        own = [*_letters_in(relation.left, uses.names), *_letters_in(relation.right, uses.names)]
        found |= {letter: None for letter in own if letter not in dict(each)}
    return found


def variables(bodies: Sequence[Tree], about: frozenset[str], given: Given, names: Names) -> list[str]:
    """Names that need numbers, as they are read; what stands alone on the left of something given comes last, to be solved for."""
    alone = [relation.left for relation, _ in given if relation.sign == "=" and relation.left.op in ("name", "entry")]
    last = {(tree.parts[0] if tree.op == "entry" else tree).text: None for tree in alone}
    read = {name: None for body in bodies for name in free(body) if name in about} | dict.fromkeys(sorted(about))
    known_otherwise = {*names.defined, *names.functions, *names.sizes}
    variables = [name for name in read if name in names.shapes or name not in OURS]
    variables = [name for name in variables if name not in known_otherwise and not names.is_letter(name)]
    return [name for name in variables if name not in last] + [name for name in variables if name in last]


def sizes_of(bodies: Sequence[Tree], about: frozenset[str], names: Names) -> tuple[list[str], dict[str, int]]:
    """Sizes that are no numbers, and how large they must be for the numerals that stand as an index."""
    found = {size: None for name in sorted(about) for size in names.shapes.get(name, (name,))}
    nodes = [node for body in bodies for node in walk(body)]
    letters = {node.text for node in nodes if node.op in BINDERS or (node.op == "name" and names.is_letter(node.text))}
    found |= {names.size(letter): None for letter in sorted(letters)}
    least: dict[str, int] = {}
    for node in nodes:
        if node.op == "entry":
            for index, size in zip(node.parts[1:], names.shapes.get(node.parts[0].text, ()), strict=False):
                if index.op == "number":
                    least[size] = max(int(index.text), least.get(size, 1))
    return sorted(found.keys() & names.sizes), least


def indices(node: Tree) -> tuple[Tree, ...]:
    return node.parts[1:] if node.op in ("entry", *BINDERS) else node.parts if node.text == "delta" else ()
