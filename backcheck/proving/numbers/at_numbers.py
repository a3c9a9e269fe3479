"""`--numbers z=1,2,3`: typed numbers for the names of a derivation, and what each side of a line is for them; it judges nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import product
from operator import add, mul
from typing import NamedTuple

from backcheck.arithmetic import NotArithmetic, parse_typed
from backcheck.errors import BadArgument, Undefined, did_you_mean
from backcheck.formula import Call, Formula, Negative, Power, Product, Quotient, Sum, children
from backcheck.proving.names import Names, Scene
from backcheck.proving.numbers.arithmetic import EXACT
from backcheck.proving.numbers.evaluate import Key, Place, Point, Spent, Work, value
from backcheck.proving.numbers.exact import decimal, told
from backcheck.proving.numbers.reals import Number
from backcheck.proving.numbers.solving import HOLDS
from backcheck.proving.numbers.uses import Uses
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree, free

MOST_TYPED, MOST_SHOWN = 10_000, 64
NOT_THIS_CASE = "-"  # an entry that the case leaves out
FUNCTIONS = {"exp": EXACT.exp, "ln": EXACT.ln, "sqrt": EXACT.sqrt}


class Numbers(NamedTuple):
    """What was typed: sizes, letters, and a number for each entry."""

    sizes: dict[str, int]
    letters: dict[str, int]
    values: dict[Key, Number]


def read(typed: Mapping[str, str], names: Names) -> Numbers:
    """Texts → numbers, by what the names are declared as; sizes follow from how many there are.

    >>> read({"z": "1, 1/2", "W": "1,2; 3,4; 5,6"}, Names(shapes={"z": ("K",), "W": ("N", "K")})).sizes
    {'K': 2, 'N': 3}
    """
    numbers = Numbers({}, {}, {})
    for name, text in typed.items():
        if len(text) > MOST_TYPED:
            raise BadArgument(f"--numbers {name}: this is longer than {MOST_TYPED:,} characters")
        if name in names.defined:
            raise BadArgument(f"--numbers {name}: {name} is defined in the derivation; give numbers for what it is made of")
        if name in names.sizes or names.is_letter(name):
            kept = numbers.sizes if name in names.sizes else numbers.letters
            _keep(kept, name, _whole(name, text), name)
        elif name in names.shapes:
            _array(name, _rows(name, text), names.shapes[name], numbers)
        else:
            known = [*names.shapes, *names.sizes, *names.letters]
            raise BadArgument(f"--numbers: {name[:60]} is not declared. {did_you_mean(name, known)}".strip())
    return numbers


def _keep(sizes: dict[str, int], size: str, count: int, by: str) -> None:
    known = int(size) if size.isdigit() else sizes.setdefault(size, count)
    if known != count:
        raise BadArgument(
            f"--numbers {by}: {count} where {size} is {known}" if size != str(known) else f"--numbers {by}: not {known}"
        )


def _whole(name: str, text: str) -> int:
    if not text.strip().isdecimal() or not 1 <= int(text) <= MOST_TYPED:
        raise BadArgument(f"--numbers {name}: a whole number from 1 on is needed, not {text[:40]!r}")
    return int(text)


def _rows(name: str, text: str) -> list[list[Number]]:
    text = text.strip()
    bare = text[1:-1] if text[:1] + text[-1:] in ("()", "[]") and text.count(text[0]) == 1 else text
    return [[_number(name, part) for part in row.split(",")] for row in bare.split(";")]


def _number(name: str, text: str) -> Number:
    try:
        return _value(parse_typed(text, (), FUNCTIONS))
    except (NotArithmetic, Undefined) as error:
        raise BadArgument(f"--numbers {name}: {text.strip()[:40]!r} is no number: {error}") from None


def _value(tree: Formula) -> Number:
    """A typed number, exactly: 1/3, ln(2), -2."""
    parts = [_value(part) for part in children(tree)]
    match tree:
        case Sum():
            return reduce(add, parts)
        case Product():
            return reduce(mul, parts)
        case Negative():
            return -parts[0]
        case Quotient():
            return EXACT.divide(*parts)
        case Power():
            return EXACT.power(*parts)
        case Call(function):
            return FUNCTIONS[function](*parts)
    return EXACT.number(getattr(tree, "text", "0"))


def _array(name: str, rows: list[list[Number]], shape: Sequence[str], numbers: Numbers) -> None:
    if len({len(row) for row in rows}) > 1:
        raise BadArgument(f"--numbers {name}: its rows are not equally long")
    counts = (len(rows), len(rows[0]))[2 - len(shape) :] if len(shape) < 3 else ()
    if len(shape) > 2 or (len(shape) < 2 and len(rows) > 1) or (not shape and len(rows[0]) > 1):
        wanted = ("one number", "numbers with commas: 1,2,3", "rows with ; between them: 1,2; 3,4")[min(len(shape), 2)]
        raise BadArgument(f"--numbers {name}: {name} is {wanted}")
    for size, count in zip(shape, counts, strict=True):
        _keep(numbers.sizes, size, count, name)
    flat = [number for row in rows for number in row]
    for at, number in zip(product(*(range(1, count + 1) for count in counts)), flat, strict=True):
        numbers.values[name, *at] = number


# what a side of a line is


def sides(relation: Relation, scene: Scene, numbers: Numbers) -> tuple[str, str]:
    """Both sides, over all values of the letters that are free in either."""
    letters = [name for name in {**free(relation.left), **free(relation.right)} if scene.names.is_letter(name)]
    return at(relation.left, scene, numbers, letters), at(relation.right, scene, numbers, letters)


def at(tree: Tree, scene: Scene, numbers: Numbers, letters: Sequence[str] | None = None) -> str:
    """The value of a tree in entries: a number, a vector, or a matrix with ; between its rows."""
    every = [name for name in free(tree) if scene.names.is_letter(name)] if letters is None else letters
    running = [letter for letter in every if letter not in numbers.letters]
    place = Place(Uses(scene.names), numbers.sizes, {}, Work())
    try:
        ranges = [place.range(letter) for letter in running]
        if reduce(mul, map(len, ranges), 1) > MOST_SHOWN:
            return f"more than {MOST_SHOWN} numbers"
        point = _point(place, scene, numbers)
        chosen = [{**numbers.letters, **dict(zip(running, values, strict=True))} for values in product(*ranges)]
        return _arranged([_entry(tree, scene, point, letters) for letters in chosen], [*map(len, ranges)])
    except Spent:
        return "this takes too much work"
    except Undefined as undefined:
        return str(undefined)


def _point(place: Place, scene: Scene, numbers: Numbers) -> Point:
    """The numbers, and what is said to be put in their place."""
    values = dict(numbers.values)
    for spot, to in scene.at:
        letters = [part.text for part in spot.parts[1:]]
        for chosen in product(*(place.range(letter) for letter in letters)):
            key = ((spot.parts[0] if spot.parts else spot).text, *chosen)
            values[key] = value(to, Point(place, dict(numbers.values)), dict(zip(letters, chosen, strict=True)))
    return Point(place, values)


def _entry(tree: Tree, scene: Scene, point: Point, letters: Mapping[str, int]) -> str:
    try:
        if not all(_is_true(relation, point, letters) for relation in scene.case):
            return NOT_THIS_CASE
        return decimal(value(tree, point, letters))
    except Undefined as undefined:
        return f"undefined ({undefined})" if not str(undefined).startswith("no ") else str(undefined)


def _is_true(relation: Relation, point: Point, letters: Mapping[str, int]) -> bool:
    """Whether a case is this one; one that speaks of letters that are not chosen leaves nothing out."""
    if any(point.place.names.is_letter(name) and name not in letters for name in (*free(relation.left), *free(relation.right))):
        return True
    off = value(relation.left, point, letters) - value(relation.right, point)
    return told(off) in HOLDS[relation.sign]


def _arranged(said: Sequence[str], counts: Sequence[int]) -> str:
    """A vector with commas, a matrix with ; after each row, more indices with a bracket for each.

    >>> _arranged("abcd", [2, 2]), _arranged("abcdefgh", [2, 2, 2])
    ('(a, b; c, d)', '((a, b; c, d), (e, f; g, h))')
    """
    if not counts:
        return said[0]
    if len(counts) == 1:
        return f"({', '.join(said)})"
    each = len(said) // counts[0]
    parts = [_arranged(said[at : at + each], counts[1:]) for at in range(0, len(said), each)]
    return f"({'; '.join(part[1:-1] for part in parts)})" if len(counts) == 2 else f"({', '.join(parts)})"
