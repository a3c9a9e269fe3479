"""Sums, products, quotients, powers and derivatives of arrays, entry by entry; it knows no functions and looks up no names."""

from __future__ import annotations

from backcheck.proving.entries.arrays import RULES, Array, Indices, Room, each, sum_of_squares, together
from backcheck.proving.entries.known import letter, range_used, same_range
from backcheck.proving.entries.shapes import ROW, Shape, column, indexed, misfit, product, spelled, transposed, what_fits
from backcheck.proving.names import Names
from backcheck.proving.spelling.spellings import FUNCTIONS
from backcheck.proving.statements import Misread
from backcheck.proving.tree import PRIME, Tree, free, name, number, put, walk

IDENTITY = "I"  # where it is not declared, and stands beside a square matrix


def delta(one: Tree, other: Tree) -> Tree:
    return Tree("call", (one, other), "delta")


def _plus(tree: Tree, room: Room) -> Array:
    arrays = tuple(room.array(part) for part in tree.parts)
    shape = next((array.shape for array in arrays if array.shape), ())
    if square(shape):
        arrays = tuple(array._replace(shape=shape) if is_identity(array.tree, room.names) else array for array in arrays)
    together(arrays, "they cannot be added", broadcast=len(indexed(shape)) < 2)
    return each("plus", tree, arrays, shape)


def square(shape: Shape) -> bool:
    return len(shape) == 2 and shape[0] == shape[1]


def is_identity(tree: Tree, names: Names) -> bool:
    """I, -I, 2 c I where I is not declared: the identity, if a square matrix is beside it."""
    if tree.op == "name":
        return tree.text == IDENTITY and IDENTITY not in names.shapes
    return tree.op in ("minus", "times") and any(is_identity(part, names) for part in tree.parts)


def _minus(tree: Tree, room: Room) -> Array:
    array = room.array(tree.parts[0])
    return Array(tree, array.shape, lambda at: Tree("minus", (array.at(at),), column=tree.column))


def _times(tree: Tree, room: Room) -> Array:
    found = room.array(tree.parts[0])
    for part in tree.parts[1:]:
        found = _product(tree, found, room.array(part), room)
    return found._replace(tree=tree)


def _product(tree: Tree, left: Array, right: Array, room: Room) -> Array:
    both = Tree("times", (*(left.tree.parts if left.tree.op == "times" else (left.tree,)), right.tree), column=tree.column)
    shape = product(left.shape, right.shape)
    if shape is None:
        trees, shapes = (left.tree, right.tree), (left.shape, right.shape)
        raise misfit(trees, shapes, "they cannot be multiplied", what_fits(left.tree, left.shape, right.tree, right.shape))
    if not left.shape or not right.shape:
        return Array(both, shape, lambda at: _factors(*(_shared(one, shape, at, room.names) for one in (left, right))))
    outer = left.shape[:-1] if len(left.shape) == 2 else left.shape
    cut = len(indexed(outer)) if outer != (ROW,) else 0
    summed = left.shape[-1] if len(left.shape) == 2 else ROW
    inner = (name(room.running(summed)),) if summed else ()

    def at(place: Indices) -> Tree:
        body = _factors(left.at((*place[:cut], *inner)), right.at((*inner, *place[cut:])))
        return Tree("total", (body,), inner[0].text, tree.column) if inner else body

    return Array(both, shape, at)


def _shared(array: Array, shape: Shape, at: Indices, names: Names) -> Tree:
    """One side of a product with a number: 2 I may be a matrix, in I x the identity changes nothing."""
    if array.shape or not is_identity(array.tree, names):
        return array.at(at if array.shape else ())
    return put(array.at(()), {IDENTITY: number(1)}) if shape else array.at(at)


def _factors(*parts: Tree) -> Tree:
    opened = [factor for part in parts for factor in (part.parts if part.op == "times" else (part,))]
    return Tree("times", tuple(opened), column=parts[0].column)


def _elementwise(tree: Tree, room: Room) -> Array:
    arrays = tuple(room.array(part) for part in tree.parts)
    return each("times", tree, arrays, together(arrays, "they cannot be multiplied element by element"))


def _over(tree: Tree, room: Room) -> Array:
    above, below = (room.array(part) for part in tree.parts)
    if len(indexed(below.shape)) > 1:
        says = "nothing is divided by a matrix"
        raise misfit((above.tree, below.tree), (above.shape, below.shape), says, "divide entries: A[j,k]/B[j,k]")
    return each("over", tree, (above, below), together((above, below), "they cannot be divided"))


def _power(tree: Tree, room: Room) -> Array:
    base, exponent = (room.array(part) for part in tree.parts)
    norm = tree.parts[0]
    if norm.op == "call" and norm.text == "norm" and tree.parts[1].text == "2" and len(norm.parts) == 1:
        return Array(tree, (), lambda _: sum_of_squares(room.array(norm.parts[0]), room))
    if len(base.shape) > 1:
        part, inner = spelled(base.tree), spelled(Tree("elementwise", (base.tree, base.tree)))
        raise misfit((base.tree,), (base.shape,), "it has no powers", f"{inner} (element by element) or {part} {part}")
    if tree.parts[0].text == "e" and "e" not in room.names.shapes:
        return each("call", tree, (exponent,), exponent.shape, "exp")
    return each("power", tree, (base, exponent), together((base, exponent), "they cannot be a power"))


def _transpose(tree: Tree, room: Room) -> Array:
    array = room.array(tree.parts[0])
    if tree.text == PRIME and not array.shape:
        return _slope(Tree("slope", (tree.parts[0], _only_variable(tree, room.names)), column=tree.column), room)._replace(
            tree=tree
        )
    shape = transposed(array.shape)
    if shape is None:
        raise misfit((array.tree,), (array.shape,), "it has no transpose", "a matrix has one, and a vector")
    return Array(tree, shape, lambda at: array.at(at[::-1]))


def _only_variable(tree: Tree, names: Names) -> Tree:
    """The x of G', where G is made of one number that may vary, and of no other."""
    found, pending, body = dict[str, None](), [tree.parts[0]], tree.parts[0]
    while pending:
        part = pending.pop()
        for text in (*free(part), *applied(part)):
            definition = names.defined.get(text)
            if definition is not None:
                pending.append(put(definition.body, dict.fromkeys(definition.arguments, number(1))))
            elif not names.is_letter(text) and text not in names.sizes and text not in names.functions:
                found[text] = None
    if len(found) == 1 and not names.shapes.get(only := next(iter(found))):
        return name(only)
    says = f"{spelled(body)} is a number here: a prime transposes vectors and matrices, and is a slope of functions"
    raise Misread(tree.column, says, f"a derivative is written d({spelled(body)}, {next(iter(found), 'x')})")


def applied(body: Tree) -> list[str]:
    """The functions that somebody defined and that are applied in it."""
    return [node.text.rstrip("'") for node in walk(body) if node.op == "call" and node.text.rstrip("'") not in FUNCTIONS]


# sums over an index, slopes


def _binder(tree: Tree, room: Room) -> Array:
    body, *left_out = tree.parts
    if not room.names.is_letter(tree.text):
        letter(Tree("name", text=tree.text, column=tree.column), room.names, range_used(body, tree.text, room.names))
    runs = Tree("name", text=tree.text, column=tree.column)
    for part in left_out:
        same_range(runs, part, room.names)
    array = room.array(body)

    def at(place: Indices) -> Tree:
        if any(part.text == tree.text for part in place):  # the entry k of a sum over k
            anew = room.running(room.names.size(tree.text))
            inner = put(array.at(tuple(name(f"?{at}") for at in range(len(place)))), {tree.text: name(anew)})
            found = put(inner, {f"?{at}": part for at, part in enumerate(place)})
            return Tree(tree.op, (found, *left_out), anew, tree.column)
        return Tree(tree.op, (array.at(place), *left_out), tree.text, tree.column)

    return Array(tree, array.shape, at)


def _slope(tree: Tree, room: Room) -> Array:
    """d(f, w): the shape of f, then that of w."""
    arrays = [room.array(part) for part in tree.parts]
    for array in arrays[1:]:
        _is_variable(array.tree, room.names)
    shapes = [indexed(array.shape) for array in arrays]
    cuts = [sum(map(len, shapes[:at])) for at in range(len(shapes) + 1)]

    def at(place: Indices) -> Tree:
        parts = (array.at(place[cuts[at] : cuts[at + 1]]) for at, array in enumerate(arrays))
        return Tree("slope", tuple(parts), column=tree.column)

    return Array(tree, tuple(size for shape in shapes for size in shape), at)


def _is_variable(tree: Tree, names: Names) -> None:
    called = tree.parts[0] if tree.op == "entry" else tree
    definition = names.defined.get(called.text)
    if called.op != "name" or called.text in names.sizes or (definition is not None and definition.arguments):
        says = f"{spelled(tree)} is nothing that one differentiates by"
        raise Misread(column(tree), says, "by a number, a vector or an entry: d(f, x), d(f, z), d(f, z[j])", len(spelled(tree)))


RULES |= {"plus": _plus, "minus": _minus, "times": _times, "elementwise": _elementwise, "over": _over, "power": _power}
RULES |= {"transpose": _transpose, "total": _binder, "largest": _binder, "slope": _slope}
