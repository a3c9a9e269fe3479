"""Numerals, names, entries, terms, factors and calls as functions of a point; it knows no sums over an index and no slopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from backcheck.errors import Undefined
from backcheck.proving.numbers.arithmetic import EXACT, FLOATS
from backcheck.proving.numbers.duals import Dual, level, parts, plain
from backcheck.proving.numbers.functions import functions
from backcheck.proving.tree import Tree

if TYPE_CHECKING:
    from backcheck.proving.numbers.evaluate import Point

Local = dict[str, Any]  # letters that run, and arguments of a function
Work = Callable[["Point", Local], Any]


def worked(tree: Tree, floats: bool) -> Work:
    rule = RULES.get(tree.op)
    if rule is None:
        raise Undefined(f"{tree.op} is not in entries")
    return rule(tree, floats)


def _constant(found: Any) -> Work:
    return lambda *_: found


def _number(tree: Tree, floats: bool) -> Work:
    number = (FLOATS if floats else EXACT).number(tree.text)
    return _constant(number)


def _name(tree: Tree, _: bool) -> Work:
    text, key = tree.text, (tree.text,)

    def name(e: Point, l: Local) -> Any:
        found = l.get(text)
        return e.read(key) if found is None else found

    return name


def index_of(tree: Tree) -> Work:
    if tree.op == "number":
        at = int(tree.text)
        return _constant(at)
    return _name(tree, False)


def _entry(tree: Tree, _: bool) -> Work:
    name, at = tree.parts[0].text, [index_of(part) for part in tree.parts[1:]]
    if len(at) == 1:
        (only,) = at
        return lambda e, l: e.read((name, only(e, l)))
    return lambda e, l: e.read((name, *[index(e, l) for index in at]))


def _plus(tree: Tree, floats: bool) -> Work:
    first, *others = [(part.op == "minus", worked(part.parts[0] if part.op == "minus" else part, floats)) for part in tree.parts]

    def plus(e: Point, l: Local) -> Any:
        found = -first[1](e, l) if first[0] else first[1](e, l)
        for negative, work in others:
            found = found - work(e, l) if negative else found + work(e, l)
        return found

    return plus


def _minus(tree: Tree, floats: bool) -> Work:
    body = worked(tree.parts[0], floats)
    return lambda e, l: -body(e, l)


def _times(tree: Tree, floats: bool) -> Work:
    first, *others = [worked(part, floats) for part in tree.parts]
    if len(others) == 1:
        (second,) = others
        return lambda e, l: first(e, l) * second(e, l)

    def times(e: Point, l: Local) -> Any:
        found = first(e, l)
        for work in others:
            found = found * work(e, l)
        return found

    return times


def _over(tree: Tree, floats: bool) -> Work:
    top, bottom = (worked(part, floats) for part in tree.parts)
    divide = functions(FLOATS if floats else EXACT)["divide"]
    return lambda e, l: divide(top(e, l), bottom(e, l))


def _power(tree: Tree, floats: bool) -> Work:
    base, exponent = (worked(part, floats) for part in tree.parts)
    arithmetic = FLOATS if floats else EXACT
    power = functions(arithmetic)["power"]
    if _is_numeral(tree.parts[1]):
        return lambda e, l: power(base(e, l), exponent(e, l))

    def of_above_0(e: Point, l: Local) -> Any:
        """With an exponent that may be any number, as e^(y ln x)."""
        below = base(e, l)
        if arithmetic.sign(plain(below)) <= 0:
            raise Undefined("a power of what is not above 0, where the exponent may be any number")
        return power(below, exponent(e, l))

    return of_above_0


def _is_numeral(tree: Tree) -> bool:
    return tree.op == "number" or (tree.op in ("minus", "over", "plus", "times") and all(map(_is_numeral, tree.parts)))


OF_TWO = ("max", "min", "xor")


def _call(tree: Tree, floats: bool) -> Work:
    """A function of ours, or one that the derivation defines or leaves open; each ' is one derivative."""
    if tree.text == "delta":
        if len(tree.parts) != 2:
            raise Undefined("a delta of other than two indices")
        i, j = map(index_of, tree.parts)
        return lambda e, l: int(i(e, l) == j(e, l))
    plainly = tree.text.rstrip("'")
    primes, ours = len(tree.text) - len(plainly), functions(FLOATS if floats else EXACT).get(plainly)
    arguments = [worked(part, floats) for part in tree.parts]
    wrong = ours is not None and len(arguments) != (2 if plainly in OF_TWO else 1)

    def call(e: Point, l: Local) -> Any:
        e.place.work.spend(1)
        if wrong and plainly not in e.place.own:
            raise Undefined(f"{plainly} of {len(arguments)} numbers")
        values = [argument(e, l) for argument in arguments]
        function = e.function(plainly) if ours is None or plainly in e.place.own else ours
        return _slope_at(function, primes, max(e.level, level(*values)), *values) if primes else function(*values)

    if ours is None or primes or wrong or len(arguments) != 1:
        return call
    (only,), ours_of_one = arguments, ours
    return lambda e, l: ours_of_one(only(e, l)) if plainly not in e.place.own else call(e, l)


def _slope_at(function: Callable[..., Any], primes: int, below: int, *values: Any) -> Any:
    if not primes:
        return function(*values)
    dual = Dual(below + 1, values[0], 1)
    return parts(_slope_at(function, primes - 1, below + 1, dual), below + 1)[1]


def _infinity(_: Tree, __: bool) -> Work:
    raise Undefined("oo is no number")


RULES: dict[str, Callable[[Tree, bool], Work]] = {
    "number": _number,
    "name": _name,
    "entry": _entry,
    "plus": _plus,
    "minus": _minus,
    "times": _times,
    "over": _over,
    "power": _power,
    "call": _call,
    "infinity": _infinity,
}
