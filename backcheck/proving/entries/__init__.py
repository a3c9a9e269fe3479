"""Vectors and matrices taken apart into their entries, shapes checked first; it decides nothing and knows no numbers.

Each operation has one rule: from arrays, its parts, to an array, which is a shape and what stands at given indices.
"""

from __future__ import annotations

from backcheck.proving.entries import calls  # adds its rules, as the other modules do
from backcheck.proving.entries.arrays import RULES, Array, Room, entry_of
from backcheck.proving.entries.known import fresh, index, plain_number, same_range, unknown
from backcheck.proving.entries.operations import IDENTITY, delta, is_identity, square
from backcheck.proving.entries.shapes import Shape, in_words, indexed, misfit, spelled
from backcheck.proving.names import Names
from backcheck.proving.statements import Misread, Relation
from backcheck.proving.tree import Tree, free, name

__all__ = ["calls", "elaborate", "value"]


def elaborate(relation: Relation, names: Names, in_use: tuple[str, ...] = ()) -> Relation:
    """A relation between numbers, or between arrays entry by entry: it is then meant for all of their indices.

    >>> z = Tree("name", text="z")
    >>> relation = Relation(">", z, Tree("number", text="0"))
    >>> elaborate(relation, Names({"k": "K"}, {"z": ("K",)})).left.parts[1].text
    'k'
    """
    room = Room(names, relation.left, relation.right)
    room.taken |= {*in_use}
    sides = room.array(relation.left), room.array(relation.right)
    shape = _shape_of_both(*sides, names)
    letters = tuple(fresh(size, names, room.taken, declared=True) for size in shape)
    left, right = (side.at(tuple(map(name, letters)) if side.shape or is_identity(side.tree, names) else ()) for side in sides)
    each = None if relation.each is None else (*relation.each, *((one, ()) for one in letters))
    return Relation(relation.sign, left, right, each)


def value(tree: Tree, names: Names) -> Tree:
    """An expression that is a number, in entries."""
    return Room(names, tree).number(tree, "a number is needed here")


def condition(relation: Relation, names: Names) -> Relation:
    """A relation that is given, or a case: i = j may stand there, too, and 0 < z[k] is said of z[k], for each k."""
    one, other = relation.left, relation.right
    if one.op == "number":
        return condition(turned(relation), names) if other.op != "number" else relation
    if _is_letter(one, names) and (other.op == "number" or _is_letter(other, names)) and relation.sign in ("=", "!="):
        same_range(one, other, names)
        return relation
    found = elaborate(relation, names)
    return turned(found) if found.sign in TURNED and _has_letters(found.right, names) > _has_letters(found.left, names) else found


def _has_letters(tree: Tree, names: Names) -> bool:
    return any(map(names.is_letter, free(tree)))


def _is_letter(tree: Tree, names: Names) -> bool:
    return tree.op == "name" and names.is_letter(tree.text)


TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def turned(relation: Relation) -> Relation:
    """The same, said from the other side."""
    return relation._replace(sign=TURNED.get(relation.sign, relation.sign), left=relation.right, right=relation.left)


def _shape_of_both(left: Array, right: Array, names: Names) -> Shape:
    """What the indices run over in which both sides are said to be equal."""
    if not left.shape or not right.shape:
        one, other = (left, right) if left.shape else (right, left)
        if not one.shape or (other.tree.op == "number" and (len(one.shape) < 2 or not other.tree.text.strip("0."))):
            return indexed(one.shape)
        if square(one.shape) and is_identity(other.tree, names):
            return one.shape
    elif left.shape == right.shape or (_lies(left, right) and indexed(left.shape) == indexed(right.shape)):
        return indexed(left.shape)
    trees, shapes = (left.tree, right.tree), (left.shape, right.shape)
    raise misfit(trees, shapes, "they cannot be compared", "both sides of a relation have one shape; a single entry is z[k]")


def _lies(left: Array, right: Array) -> bool:
    """A gradient may be written as a row or upright: both are in use."""
    return any(side.tree.op == "slope" for side in (left, right))


# leaves


def _number(tree: Tree, _: Room) -> Array:
    return Array(tree, (), lambda _: tree)


def _name(tree: Tree, room: Room) -> Array:
    names, text = room.names, tree.text
    definition = names.defined.get(text)
    if definition is not None and definition.arguments:
        called = Tree("call", tuple(map(name, definition.arguments)), text, tree.column)
        return Array(tree, (), lambda _: called)
    if text not in names.shapes and text not in names.sizes:
        plain_number(tree, names)
    if text == IDENTITY and text not in names.shapes:
        return Array(tree, (), lambda at: delta(*at) if at else tree)
    return Array(tree, names.shapes.get(text, ()), lambda at: Tree("entry", (tree, *at), column=tree.column) if at else tree)


def _entry(tree: Tree, room: Room) -> Array:
    """z[k]; W[j] is a row of W, standing upright."""
    base, *typed = tree.parts
    if base.op == "name" and base.text not in room.names.shapes:
        raise unknown(base, room.names, "declared", f"vector {base.text}[{', '.join(spelled(part) for part in typed)}]")
    array, over = room.array(base), indexed(room.array(base).shape)
    if len(typed) > len(over):
        many = "1 index stands" if len(typed) == 1 else f"{len(typed)} indices stand"
        says = f"{spelled(base)} is {in_words(array.shape)}, and {many} beside it"
        raise Misread(typed[len(over)].column or tree.column, says, _way_out(base, array.shape, room.names))
    found = tuple(index(part, size, room.names, spelled(base)) for part, size in zip(typed, over, strict=False))
    return Array(tree, over[len(typed) :], lambda at: array.at((*found, *at)))


def _way_out(base: Tree, shape: Shape, names: Names) -> str:
    return f"a number has no entries: {spelled(base)}" if not shape else entry_of(base, shape, names)


RULES |= {"number": _number, "infinity": _number, "name": _name, "entry": _entry}
