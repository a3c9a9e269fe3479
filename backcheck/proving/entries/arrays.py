"""What a part of a line is, as an array: a shape, and what stands at given indices; it knows no operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from backcheck.proving.entries.known import fresh, letters_in
from backcheck.proving.entries.shapes import Shape, indexed, misfit, spelled
from backcheck.proving.names import Names
from backcheck.proving.tree import Tree, name, number

Indices = tuple[Tree, ...]


class Array(NamedTuple):
    """A part of a line as it was typed, its shape, and its entry at given indices."""

    tree: Tree
    shape: Shape
    at: Callable[[Indices], Tree]


class Room:
    """The names that count, and the indices that are in use."""

    def __init__(self, names: Names, *trees: Tree) -> None:
        self.names = names
        self.taken = {found for tree in trees for found in letters_in(tree, names)}

    def array(self, tree: Tree) -> Array:
        """A part of a line, its shapes checked."""
        return RULES[tree.op](tree, self)

    def number(self, tree: Tree, why: str) -> Tree:
        """A part that has to be a number."""
        found = self.array(tree)
        if found.shape:
            raise misfit((tree,), (found.shape,), why, entry_of(tree, found.shape, self.names))
        return found.at(())

    def running(self, size: str) -> str:
        """An index for a sum of ours."""
        return fresh(size, self.names, self.taken, declared=False)


RULES: dict[str, Callable[[Tree, Room], Array]] = {}  # operation → its rule; each module of rules adds its own


def entry_of(tree: Tree, shape: Shape, names: Names) -> str:
    """How one entry of an array is written."""
    over = indexed(shape)
    letters = [next((one for one, size in names.letters.items() if size == wanted), "k") for wanted in over]
    shown = spelled(tree) if tree.op in ("name", "call", "entry") else f"({spelled(tree)})"
    return f"one entry of it is {shown}[{','.join(letters)}]"


def each(op: str, tree: Tree, arrays: tuple[Array, ...], shape: Shape, text: str = "") -> Array:
    """An operation on numbers, done entry by entry; what is a number goes with every entry."""

    def at(place: Indices) -> Tree:
        parts = tuple(array.at(place if array.shape else ()) for array in arrays)
        return Tree(op, parts, text, tree.column)

    return Array(tree, shape, at)


def together(arrays: tuple[Array, ...], doing: str, broadcast: bool = True) -> Shape:
    """The one shape of parts that are taken entry by entry; a number goes with each entry of a vector."""
    first = next((array for array in arrays if array.shape), None)
    if first is None:
        return ()
    for array in arrays:
        if array.shape != first.shape and (array.shape or not broadcast):
            pair = sorted((first, array), key=arrays.index)
            way_out = "their shapes have to be the same" if array.shape else entry_of(first.tree, first.shape, Names())
            raise misfit([one.tree for one in pair], [one.shape for one in pair], doing, way_out)
    return first.shape


def summed(array: Array, room: Room, body: Callable[[Tree], Tree] = lambda entry: entry) -> Tree:
    """The sum of all entries, or of something made of each."""
    letters = [room.running(size) for size in indexed(array.shape)]
    found = body(array.at(tuple(map(name, letters))))
    for one in reversed(letters):
        found = Tree("total", (found,), one)
    return found


def sum_of_squares(array: Array, room: Room) -> Tree:
    return summed(array, room, lambda entry: Tree("power", (entry, number(2))))
