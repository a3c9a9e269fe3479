"""What a line declares or defines, added to the names that count; shapes are checked, nothing is decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from backcheck.proving.entries import value
from backcheck.proving.entries.arrays import Room
from backcheck.proving.entries.known import fresh, letters_in
from backcheck.proving.entries.shapes import ROW, Shape, in_words, indexed, spelled
from backcheck.proving.names import Definition, Names
from backcheck.proving.statements import Declare, Let, Misread
from backcheck.proving.tree import Tree, bare, free, name, walk

MOST_DEEP = 100


def declare(statement: Declare, names: Names) -> Names:
    """The names with those of one declaration.

    >>> names = declare(Declare("index", (("k", ("K",)),)), Names())
    >>> declare(Declare("vector", (("z", ("k",)),)), names).shapes
    {'z': ('K',)}
    """
    for called, over in statement.names:
        names = _declared(statement, called, over, names)
    return names


def _declared(statement: Declare, called: str, over: tuple[str, ...], names: Names) -> Names:
    if statement.kind == "index":
        _free_for(called, ("index", over[0]), names)
        if not over[0].isdigit() and kind(over[0], names)[0] not in ("", "size"):
            _refuse(over[0], names, "how many there are")
        return names._replace(letters={**names.letters, called: over[0]})
    if statement.kind == "function":
        _free_for(called, ("function", statement.how or "any"), names)
        return names._replace(functions={**names.functions, called: statement.how or "any"})
    shape = tuple(_range(one, called, names) for one in over)
    _free_for(called, ("array", shape), names)
    return names._replace(shapes={**names.shapes, called: shape})


def _range(over: str, called: str, names: Names) -> str:
    """The size that an index runs over, or the size itself: vector z[k], z[K], z[3]."""
    if over in names.letters:
        return names.letters[over]
    if over in names.sizes or (over.isdigit() and int(over) > 0):
        return over
    raise Misread(1, f"{called} has an index {over} that is not declared", f"a line before it: index {over} : K")


def kind(called: str, names: Names) -> tuple[str, object]:
    """What a name stands for already."""
    if called in names.letters:
        return "index", names.letters[called]
    if called in names.functions:
        return "function", names.functions[called]
    if called in names.defined:
        return "defined", names.defined[called]
    if called in names.shapes:
        return "array", names.shapes[called]
    return ("size", called) if called in names.sizes else ("", "")


def _free_for(called: str, wanted: tuple[str, object], names: Names) -> None:
    """A name is declared once, or twice in the same way."""
    if kind(called, names) not in (("", ""), wanted):
        _refuse(called, names, _in_words(wanted))


def _refuse(called: str, names: Names, wanted: str) -> NoReturn:
    says = f"{called} stands for {_in_words(kind(called, names))} already, and cannot be {wanted} too"
    raise Misread(1, says, "give one of the two another name")


def _in_words(found: tuple[str, object]) -> str:
    what, more = found
    words = {
        "index": f"an index over {more}",
        "size": "a size",
        "function": "a function",
        "defined": "what is defined for it above",
    }
    return words[what] if what in words else in_words(more) if isinstance(more, tuple) else "something else"


# definitions


def define(statement: Let, names: Names) -> Names:
    """The names with what one `let` defines, its body in entries."""
    called, body = statement.name, statement.body
    arguments = _arguments(statement, names)
    if called in free(body):
        raise Misread(body.column, f"{called} is defined by itself", f"in the body of {called} stands only what is known before it")
    if user := next((other for other, known in names.defined.items() if other != called and called in _used(known.body)), ""):
        raise Misread(1, f"{called} stands in the definition of {user} already, undefined", f"define {called} before {user}")
    within = names._replace(shapes={**names.shapes, **dict.fromkeys(arguments, ())}) if arguments else names
    shape, indices, found = _body(statement, within)
    _bound(found, indices, statement, within)
    if _deep(found, names, {}) > MOST_DEEP:
        raise Misread(
            1, f"{called} is more than {MOST_DEEP} operations deep, with all definitions put in", "define less upon definitions"
        )
    definition = Definition(indices, arguments, bare(found))
    if kind(called, names) != ("array", shape):  # vector s[k], and then what it is
        _free_for(called, ("defined", definition), names)
    return names._replace(shapes={**names.shapes, called: shape}, defined={**names.defined, called: definition})


def _deep(tree: Tree, names: Names, known: dict[str, int]) -> int:
    """How many operations stand inside each other, with the definitions put in; each definition is looked at once."""
    inner = max((_deep(part, names, known) for part in tree.parts), default=0)
    called = tree.text if tree.op in ("name", "call") else ""
    if called in names.defined and called not in known:
        known[called] = _deep(names.defined[called].body, names, known)
    return 1 + inner + known.get(called, 0)


def _used(body: Tree) -> set[str]:
    return {*free(body)} | {node.text for node in walk(body) if node.op == "call"}


def _arguments(statement: Let, names: Names) -> tuple[str, ...]:
    """The numbers it is a function of. Of a whole vector, as in f(w), it is no function but a quantity like all others."""
    for one in statement.arguments:
        if names.is_letter(one):
            raise Misread(1, f"{one} is an index, and no argument", f"let {statement.name}[{one}] = …")
    if any(names.shapes.get(one) for one in statement.arguments):
        return ()
    if len({*statement.arguments}) < len(statement.arguments):
        raise Misread(1, f"two arguments of {statement.name} have one name", "give each a name of its own")
    return statement.arguments


def _body(statement: Let, names: Names) -> tuple[Shape, tuple[str, ...], Tree]:
    """The shape of what is defined, its indices, and one entry of it."""
    if statement.indices:
        shape = tuple(_range(one, statement.name, names) for one in statement.indices)
        if len({*statement.indices}) < len(shape) or not all(map(names.is_letter, statement.indices)):
            raise Misread(1, f"the indices of {statement.name} are letters, each another", "let A[i,j] = …")
        return shape, statement.indices, value(statement.body, names)
    room = Room(names, statement.body)
    array = room.array(statement.body)
    if array.shape[:1] == (ROW,):
        says = f"{statement.name} would be a row, and a name stands for a vector that is upright"
        raise Misread(statement.body.column, says, f"define it upright, and write {statement.name}^T where it lies")
    letters = tuple(fresh(size, names, room.taken, declared=True) for size in indexed(array.shape))
    return array.shape, letters, array.at(tuple(map(name, letters)))


def _bound(body: Tree, indices: tuple[str, ...], statement: Let, names: Names) -> None:
    """What depends on an index has it in its name."""
    for one in free(body):
        if names.is_letter(one) and one not in indices and one in letters_in(statement.body, names):
            called = f"{statement.name}[{','.join((*statement.indices, one))}]"
            says = f"{one} stands free in what {statement.name} is to be"
            raise Misread(statement.body.column, says, f"sum over it, or let {called} = {spelled(statement.body)}")


def met(names: Names, trees: Iterable[Tree]) -> Names:
    """The names with those that are used as numbers without being declared."""
    new = {one: () for tree in trees for one in free(tree) if kind(one, names) == ("", "") and not names.is_letter(one)}
    return names._replace(shapes={**names.shapes, **new}) if new else names


def both(one: Names, other: Names) -> Names:
    """All names of two scopes."""
    functions, defined = {**one.functions, **other.functions}, {**one.defined, **other.defined}
    return Names({**one.letters, **other.letters}, {**one.shapes, **other.shapes}, functions, defined)
