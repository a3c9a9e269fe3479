"""Conditions in words: those that were found (0 < y < 1), and one that would make a false line true; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.proving.algebra.cases import Points, told
from backcheck.proving.algebra.domains import Need
from backcheck.proving.names import Names, Scene
from backcheck.proving.spelling.spelled import spell
from backcheck.proving.statements import Relation
from backcheck.proving.tree import BINDERS, Tree, changed, free, name, number, put

SIGNS = {"+": "> 0", "≥": ">= 0", "≠": "!= 0"}
ONE = number(1)
MOST_TOLD = 5  # cases that anybody reads


def in_words(needs: tuple[Need, ...]) -> tuple[str, ...]:
    """Each condition once; y > 0 and 1 - y > 0 as 0 < y < 1."""
    said: dict[str, None] = {}
    needs = tuple(dict.fromkeys(map(_in_plain_letters, needs)))
    positive = [need.tree for need in needs if need.known == "+"]
    for need in needs:
        below_one = _rest_of_one(need.tree)
        if need.known == "+" and _one_minus(need.tree) in positive:
            said[f"0 < {spell(need.tree)} < 1{_each(need)}"] = None
        elif (need.known == "≠" and need.tree in positive) or (need.known == "+" and below_one in positive):
            continue
        elif below_one is not None and need.known != "≥":
            said[f"{spell(below_one)} {'<' if need.known == '+' else '!='} 1{_each(need)}"] = None
        else:
            said[f"{spell(need.tree)} {SIGNS[need.known]}{_each(need)}"] = None
    return tuple(said)


def _in_plain_letters(need: Need) -> Need:
    """k for k~, where nothing else is called k."""
    tree, running = changed(need.tree, _plain_index), need.running
    for letter in running:
        plain = letter.rstrip("~")
        if plain != letter and plain not in free(tree) and plain not in running:
            tree = put(tree, {letter: name(plain)})
            running = tuple(plain if other == letter else other for other in running)
    return need._replace(tree=tree, running=running)


def _plain_index(tree: Tree) -> Tree:
    """The same sum, over k for k~."""
    plain = tree.text.rstrip("~")
    if tree.op not in BINDERS or plain == tree.text or plain in free(tree.parts[0]):
        return tree
    body = put(tree.parts[0], {tree.text: name(plain)})
    return tree._replace(text=plain, parts=(body, *tree.parts[1:]))


def _one_minus(tree: Tree) -> Tree:
    return Tree("plus", (ONE, Tree("minus", (tree,))))


def _rest_of_one(tree: Tree) -> Tree | None:
    """y, in 1 - y."""
    if tree.op == "plus" and len(tree.parts) == 2 and tree.parts[0] == ONE and tree.parts[1].op == "minus":
        return tree.parts[1].parts[0]
    return None


def _each(need: Need) -> str:
    return f" for each {', '.join(letter.rstrip('~') for letter in need.running)}" if need.running else ""


def only_in(shown: tuple[Points, ...], failing: tuple[Points, ...], names: Names) -> str:
    """Which cases were thought of, and which were not."""
    yes, no = (dict.fromkeys(told(points, names) for points in some) for some in (shown, failing))
    if not yes or not no or {*yes} & {*no} or "" in yes or len(yes) + len(no) > MOST_TOLD:
        return ""
    return f"it holds for {' and for '.join(yes)}, but not for {' or for '.join(no)}"


def would_help(over: frozenset[str], scene: Scene) -> Iterator[Relation]:
    """Conditions that might be missing: that the entries of a vector add up to 1."""
    for vector in sorted(over):
        shape = scene.names.shapes.get(vector, ())
        letter = next((letter for letter, size in scene.names.letters.items() if (size,) == shape), "")
        if letter:
            entry = Tree("entry", (name(vector), name(letter)))
            yield Relation("=", Tree("total", (entry,), letter), ONE)


def less_than_one_hot(given: Relation) -> Relation | None:
    """Of t[k] = delta(k, c) only that the t add up to 1."""
    left, right = given.left, given.right
    if given.sign != "=" or left.op != "entry" or len(left.parts) != 2 or right.op != "call" or right.text != "delta":
        return None
    return Relation("=", Tree("total", (left,), left.parts[1].text), ONE)
