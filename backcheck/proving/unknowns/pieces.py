"""Expressions with unknowns → sums of unknowns, piece by piece: relu(u) is u where u >= 0 and 0 where u <= 0; it solves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import product
from math import isqrt

from backcheck.proving import tree as trees
from backcheck.proving.names import Names
from backcheck.proving.tree import Tree, put
from backcheck.proving.unknowns.desk import Desk, Piece, unwritable
from backcheck.proving.unknowns.increasing import RISING
from backcheck.proving.unknowns.linear import Row, plus
from backcheck.proving.unknowns.logarithms import Form
from backcheck.proving.unknowns.meter import Meter
from backcheck.proving.unknowns.polynomials import Unwritable, constant, multiplied, number, times

MOST_POWER = 16

# where the argument u is so, the value is so many times u, and so much more
BENT: dict[str, tuple[tuple[str, int, int, int], ...]] = {  # relation to 0, of so many times u, then the value
    "relu": ((">=", 1, 1, 0), (">=", -1, 0, 0)),
    "abs": ((">=", 1, 1, 0), (">=", -1, -1, 0)),
    "sign": ((">", 1, 0, 1), (">", -1, 0, -1), ("=", 1, 0, 0)),
    "step": ((">", 1, 0, 1), (">", -1, 0, 0)),
    "relu'": ((">", 1, 0, 1), (">", -1, 0, 0)),
}
KINKS = ("step", "relu'")  # not defined at 0; who defines them there takes a number from 0 to 1

# one rule for each operation


def desk(names: Names, unknowns: Iterable[str] = (), meter: Meter | None = None) -> Desk:
    """An empty desk with all rules."""
    return Desk(names, RULES, unknowns, meter)


def _number(_: Desk, tree: Tree) -> list[Piece]:
    return [Piece((), number(Fraction(tree.text)))]


def _name(desk: Desk, tree: Tree) -> list[Piece]:
    text = tree.text
    if text in desk.known:
        return [Piece((), desk.known[text])]
    if text in desk.letters:
        return [Piece((), number(desk.letters[text]))]
    if text in desk.names.defined and text not in desk.unknowns:
        return desk.pieces(desk.names.defined[text].body)
    if desk.names.is_letter(text) or text in desk.names.sizes or desk.names.shapes.get(text):
        raise Unwritable(f"{text} has no value here")
    return [Piece((), desk.unknown(text))]


def _entry(desk: Desk, tree: Tree) -> list[Piece]:
    head, *indices = tree.parts
    places = [desk.index(part) for part in indices]
    text = f"{head.text}[{','.join(map(str, places))}]"
    if text in desk.known:
        return [Piece((), desk.known[text])]
    defined = desk.names.defined.get(head.text)
    if defined and head.text not in desk.unknowns:
        return desk.pieces(put(defined.body, dict(zip(defined.indices, map(trees.number, places), strict=True))))
    return [Piece((), desk.unknown(text))]


def _over(desk: Desk, tree: Tree) -> list[Piece]:
    return [
        piece
        for bottom in desk.pieces(tree.parts[1])
        for piece in desk.each(tree.parts[:1], lambda top, b=bottom: _divided(desk, top, b.of))
    ]


def _divided(desk: Desk, top: Form, bottom: Form) -> Form:
    by = constant(bottom)
    if by == 0:
        raise Unwritable("it divides by 0")
    if by is not None:
        return plus((1 / by, top))
    inverse = desk.value_of("1/", bottom)
    desk.rows.append(Row(plus((1, times(inverse, bottom)), (-1, number(1))), "=", "1/u times u is 1"))
    return times(top, inverse)


def _power(desk: Desk, tree: Tree) -> list[Piece]:
    return desk.each(tree.parts, lambda base, exponent: _raised(desk, base, exponent))


def _raised(desk: Desk, base: Form, exponent: Form) -> Form:
    by = constant(exponent)
    if by is None or by.denominator != 1 or abs(by) > MOST_POWER:
        raise Unwritable("only whole numbers are exponents here")
    found = multiplied(*[base] * abs(int(by)))
    return found if by >= 0 else _divided(desk, number(1), found)


def _call(desk: Desk, tree: Tree) -> list[Piece]:
    function, arguments = tree.text, tree.parts
    if function in BENT:
        return [piece for u in desk.pieces(arguments[0]) for piece in _bent(desk, function, u)]
    if function in ("max", "min"):
        return _greatest(desk, arguments, 1 if function == "max" else -1)
    if function in SMALL:
        return desk.each(arguments, lambda *forms: SMALL[function](desk, *forms))
    if function in RISING or function in desk.names.functions:
        return desk.each(arguments, lambda *forms: desk.value_of(function, _only(function, forms)))
    if function == "delta":
        return [Piece((), number(int(desk.index(arguments[0]) == desk.index(arguments[1]))))]
    if function in desk.names.defined:
        defined = desk.names.defined[function]
        return desk.pieces(put(defined.body, dict(zip(defined.arguments, arguments, strict=True))))
    raise unwritable(tree)


def _only(function: str, forms: tuple[Form, ...]) -> Form:
    if len(forms) != 1:
        raise Unwritable(f"{function} has {len(forms)} arguments; functions of one are solved here")
    return forms[0]


def _bent(desk: Desk, function: str, u: Piece) -> Iterator[Piece]:
    for relation, side, slope, more in BENT[function]:
        yield Piece((*u.needs, Row(plus((side, u.of)), relation)), plus((slope, u.of), (more, number(1))))
    if function in KINKS and desk.at_kinks:
        value = {f"{function}(0)": Fraction(1)}
        desk.rows += [Row(value, ">="), Row(plus((1, number(1)), (-1, value)), ">=")]
        yield Piece((*u.needs, Row(u.of, "=")), value)


def _greatest(desk: Desk, parts: Iterable[Tree], way: int) -> list[Piece]:
    found = []
    for pieces in product(*map(desk.pieces, parts)):
        needs = tuple(row for piece in pieces for row in piece.needs)
        for most in pieces:
            above = (Row(plus((way, most.of), (-way, piece.of)), ">=") for piece in pieces if piece is not most)
            found.append(Piece((*needs, *above), most.of))
    return found


def _square_root(desk: Desk, u: Form) -> Form:
    known = constant(u)
    if known is not None and known >= 0:
        top, bottom = isqrt(known.numerator), isqrt(known.denominator)
        if (top * top, bottom * bottom) == (known.numerator, known.denominator):
            return number(Fraction(top, bottom))
    root = desk.value_of("sqrt", u)
    desk.rows += [Row(root, ">="), Row(plus((1, times(root, root)), (-1, u)), "=", "a root times itself")]
    return root


def _exclusive_or(_: Desk, *forms: Form) -> Form:
    bits = [constant(form) for form in forms]
    if not set(bits) <= {Fraction(0), Fraction(1)}:
        raise Unwritable("xor is of numbers that are 0 or 1")
    return number(bits.count(Fraction(1)) % 2)


SMALL: dict[str, Callable[..., Form]] = {"sqrt": _square_root, "xor": _exclusive_or}
RULES: dict[str, Callable[[Desk, Tree], list[Piece]]] = {
    "number": _number,
    "name": _name,
    "entry": _entry,
    "plus": lambda desk, tree: desk.each(tree.parts, lambda *forms: plus(*((1, form) for form in forms))),
    "minus": lambda desk, tree: desk.each(tree.parts, lambda form: plus((-1, form))),
    "times": lambda desk, tree: desk.each(tree.parts, multiplied),
    "over": _over,
    "power": _power,
    "call": _call,
    "total": lambda desk, tree: desk.each(desk.running(tree), lambda *forms: plus(*((1, form) for form in forms))),
    "largest": lambda desk, tree: _greatest(desk, desk.running(tree), 1),
}
