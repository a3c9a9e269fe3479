"""What a rule needs, with what somebody wrote in the place of its letters; it knows neither rules nor what is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backcheck.proving.algebra.expand import plain
from backcheck.proving.inferences.rules import Reason, reason
from backcheck.proving.names import Scene
from backcheck.proving.statements import Misread, Property, Relation
from backcheck.proving.tree import Tree, bare, changed, free, put

Place = tuple[tuple[Tree, Tree], ...]
Letters = Mapping[str, Tree]


def filled(text: str, letters: Letters, place: Place, scene: Scene) -> Reason:
    pattern = reason(text)
    what = pattern.says
    if isinstance(what, Property):
        at_c = any(part.text == "c" for part in what.of)
        return Reason(what._replace(of=tuple(letters[part.text] for part in what.of)), place if at_c else free_of(letters, place))
    left, right = (_put(side, letters, scene) for side in (what.left, what.right))
    return Reason(Relation(what.sign, left, right), place if pattern.at else free_of(letters, place))


def all_that_stay(need: Reason, f: Tree, place: Place) -> tuple[Reason, ...]:
    """What the place names stays there together, and has to be numbers: what else there is may move."""
    if any(free(value) for _, value in place):
        raise Misread(1, "what stays, stays at a number", "stays(L, w, 0)")
    zero = Tree("number", text="0")
    return tuple(Reason(Relation("=", Tree("slope", (f, key)), zero), need.at) for key, _ in place)


def free_of(letters: Letters, place: Place) -> Place:
    """The place without a value for x: what is said of all x is said of no place of it."""
    return tuple((key, value) for key, value in place if key != letters.get("x"))


def _put(tree: Tree, letters: Letters, scene: Scene) -> Tree:
    if tree.op == "total":
        running = next((one for one in free(letters["f"]) if scene.names.is_letter(one)), "")
        if not running:
            raise Misread(1, "a probability has an index", "probability(s), of a vector s, or probability(s[i])")
        return Tree("total", (letters["f"],), running)
    moved = changed(tree, lambda node: _moved(letters, node.parts[0], scene) if node.op == "call" and node.text == "f" else node)
    return bare(moved if moved != tree and "f" not in free(tree) else put(tree, letters))


def _moved(letters: Letters, argument: Tree, scene: Scene) -> Tree:
    """f(x + c): f with x + c in the place of x, or of each entry of x."""
    x = letters["x"]

    def rule(node: Tree) -> Tree:
        is_x = bare(node) == x or (node.op == "entry" and node.parts[0] == x)
        return put(argument, {**letters, "x": node}) if is_x else node

    body = plain(letters["f"], scene._replace(at=()))
    return _changed_whole(body, rule)


def _changed_whole(tree: Tree, rule: Callable[[Tree], Tree]) -> Tree:
    """As `changed`, from the top: what was put in is not looked at again, nor the name in an entry."""
    found = rule(tree)
    if found is not tree:
        return found
    kept = 1 if tree.op == "entry" else 0
    return tree._replace(parts=(*tree.parts[:kept], *(_changed_whole(part, rule) for part in tree.parts[kept:])))
