"""Functions of numbers, applied to each entry, and functions of whole vectors and matrices; it looks up no shapes of names."""

from __future__ import annotations

from collections.abc import Callable

from backcheck.proving.entries.arrays import RULES, Array, Indices, Room, each, sum_of_squares, summed, together
from backcheck.proving.entries.known import OF_NUMBERS, same_range, unknown
from backcheck.proving.entries.operations import delta, square
from backcheck.proving.entries.shapes import indexed, misfit
from backcheck.proving.statements import Misread
from backcheck.proving.tree import Tree, name, number, put

U = name("u")
ONE, TWO = number(1), number(2)


def call(function: str, *arguments: Tree) -> Tree:
    return Tree("call", arguments, function)


# f'(u) where u is no plain variable; road 1 and road 2 have derivatives of their own for all others
PRIMES = {
    "exp": call("exp", U),
    "ln": Tree("over", (ONE, U)),
    "sqrt": Tree("over", (ONE, Tree("times", (TWO, call("sqrt", U))))),
    "tanh": Tree("plus", (ONE, Tree("minus", (Tree("power", (call("tanh", U), TWO)),)))),
    "sigmoid": Tree("times", (call("sigmoid", U), Tree("plus", (ONE, Tree("minus", (call("sigmoid", U),)))))),
    "softplus": call("sigmoid", U),
    "relu": call("step", U),
}


def _call(tree: Tree, room: Room) -> Array:
    plain = tree.text.rstrip("'")
    names, definition = room.names, room.names.defined.get(plain)
    if tree.text in OF_ARRAYS and definition is None and tree.text not in names.functions:
        return OF_ARRAYS[tree.text](tree, room)
    if definition is None and plain not in OF_NUMBERS and plain not in names.functions:
        if plain in names.shapes:
            return room.array(Tree("times", (Tree("name", text=plain, column=tree.column), *tree.parts), column=tree.column))
        raise unknown(tree, names, "known as a function", f"for any {plain}")
    if plain != tree.text:
        return _prime(tree, room)
    if definition is not None and not definition.arguments:
        return room.array(Tree("name", text=plain, column=tree.column))
    return _applied(tree, room, len(definition.arguments) if definition is not None else 0)


def _applied(tree: Tree, room: Room, takes: int) -> Array:
    """A function of numbers, applied to each entry; max(z) is the greatest entry."""
    arrays = tuple(room.array(part) for part in tree.parts)
    if len(arrays) == 1 and tree.text in ("max", "min"):
        return Array(tree, (), lambda _: _extreme(tree.text, arrays[0], room))
    if takes and len(arrays) != takes:
        says = f"{tree.text} takes {takes} number{'s' * (takes > 1)}, and {len(arrays)} stand{'s' * (len(arrays) == 1)} here"
        raise Misread(tree.column, says, "", len(tree.text))
    return each("call", tree, arrays, together(arrays, f"{tree.text} does not take them together"), tree.text)


def _extreme(text: str, array: Array, room: Room) -> Tree:
    """The greatest entry; the least is the greatest of the negatives, taken negative."""
    letters = [room.running(size) for size in indexed(array.shape)]
    found = array.at(tuple(map(name, letters)))
    found = found if text == "max" else Tree("minus", (found,))
    for one in reversed(letters):
        found = Tree("largest", (found,), one)
    return found if text == "max" else Tree("minus", (found,))


def _prime(tree: Tree, room: Room) -> Array:
    """f'(z): a slope by z where z is a variable."""
    plain, times = tree.text.rstrip("'"), len(tree.text) - len(tree.text.rstrip("'"))
    definition = room.names.defined.get(plain)
    if len(tree.parts) != 1 or (definition is not None and len(definition.arguments) != 1):
        raise Misread(tree.column, f"{tree.text} is no slope by one number", f"d({plain}, x) says by which", len(tree.text))
    array = room.array(tree.parts[0])
    if plain in room.names.functions:
        return each("call", tree, (array,), array.shape, tree.text)

    def at(place: Indices) -> Tree:
        u = array.at(place)
        if u.op in ("name", "entry"):
            return Tree("slope", (Tree("call", (u,), plain), *[u] * times), column=tree.column)
        if times > 1 or plain not in PRIMES:
            raise Misread(tree.column, f"{tree.text} is taken at a name only", f"let u = … ; {tree.text}(u)", len(tree.text))
        return put(PRIMES[plain], {"u": u})

    return Array(tree, array.shape, at)


# functions of vectors and matrices


def _whole(tree: Tree, room: Room, takes: tuple[int, ...], what: str) -> Array:
    """The one argument, if it has as many indices as it should."""
    arrays = [room.array(part) for part in tree.parts]
    if len(arrays) != 1:
        raise Misread(tree.column, f"{tree.text} takes {what}, and {len(arrays)} are written", "", len(tree.text))
    if len(indexed(arrays[0].shape)) not in takes:
        raise misfit(tree.parts, [arrays[0].shape], f"{tree.text} takes {what}", f"{tree.text}(z) where z is {what}")
    return arrays[0]


def _delta(tree: Tree, room: Room) -> Array:
    if len(tree.parts) != 2:
        raise Misread(tree.column, "delta takes two indices", "delta(i,j) is 1 where i = j, else 0", len(tree.text))
    same_range(*tree.parts, room.names)
    return Array(tree, (), lambda _: tree)


def _softmax(tree: Tree, room: Room) -> Array:
    array = _whole(tree, room, (1,), "a vector")
    below = summed(array, room, lambda entry: call("exp", entry))
    return Array(tree, array.shape, lambda at: Tree("over", (call("exp", array.at(at)), below), column=tree.column))


def _of_all(tree: Tree, room: Room, made: Callable[[Array, Room], Tree]) -> Array:
    """A number made of all entries."""
    array = _whole(tree, room, (1, 2), "a vector or a matrix")
    return Array(tree, (), lambda _: made(array, room))


def _diag(tree: Tree, room: Room) -> Array:
    """Of a vector the matrix that has it on its diagonal, of a matrix its diagonal."""
    array = _whole(tree, room, (1, 2), "a vector or a square matrix")
    over = indexed(array.shape)
    if len(over) == 1:
        return Array(tree, (*over, *over), lambda at: Tree("times", (array.at(at[:1]), delta(*at)), column=tree.column))
    if not square(array.shape):
        raise misfit(tree.parts, (array.shape,), "it has no diagonal", "both indices of a square matrix run over one range")
    return Array(tree, over[:1], lambda at: array.at((*at, *at)))


OF_ARRAYS: dict[str, Callable[[Tree, Room], Array]] = {
    "delta": _delta,
    "softmax": _softmax,
    "norm": lambda tree, room: _of_all(tree, room, lambda array, room: call("sqrt", sum_of_squares(array, room))),
    "sum": lambda tree, room: _of_all(tree, room, summed),
    "diag": _diag,
}
RULES["call"] = _call
