"""Derivatives of trees, rule by rule; it knows no numbers and puts nothing in a simpler form."""

from __future__ import annotations

from collections.abc import Callable

from backcheck.proving.statements import Misread
from backcheck.proving.tree import Tree, free, name, number, put, walk

ZERO, ONE = number(0), number(1)


class NoRule(Misread):
    """Something that may have a derivative, but none by these rules."""


def plus(*terms: Tree) -> Tree:
    kept = tuple(term for term in terms if term != ZERO)
    return kept[0] if len(kept) == 1 else Tree("plus", kept) if kept else ZERO


def times(*factors: Tree) -> Tree:
    kept = tuple(factor for factor in factors if factor != ONE)
    return ZERO if ZERO in kept else kept[0] if len(kept) == 1 else Tree("times", kept) if kept else ONE


def minus(tree: Tree) -> Tree:
    return tree if tree == ZERO else Tree("minus", (tree,))


def over(one: Tree, other: Tree) -> Tree:
    return one if one == ZERO else Tree("over", (one, other))


def power(base: Tree, exponent: Tree) -> Tree:
    return Tree("power", (base, exponent))


def call(function: str, *arguments: Tree) -> Tree:
    return Tree("call", arguments, function)


def of_tanh(u: Tree) -> Tree:
    return plus(ONE, minus(power(call("tanh", u), number(2))))


# the slope of a function of one number
SLOPES: dict[str, Callable[[Tree], Tree]] = {
    "exp": lambda u: call("exp", u),
    "ln": lambda u: over(ONE, u),
    "sqrt": lambda u: over(ONE, times(number(2), call("sqrt", u))),
    "sigmoid": lambda u: times(call("sigmoid", u), plus(ONE, minus(call("sigmoid", u)))),
    "tanh": of_tanh,
    "softplus": lambda u: call("sigmoid", u),
    "relu": lambda u: call("step", u),
    "abs": lambda u: call("sign", u),
}
FLAT = ("step", "sign")  # but for the kink, where their slope means nothing


def slope(tree: Tree, by: Tree) -> Tree:
    """The derivative of a tree by a name or an entry; definitions have been put in."""
    match tree.op:
        case "number" | "infinity":
            return ZERO
        case "name":
            return ONE if tree == by else ZERO
        case "entry":
            return _of_entry(tree, by)
        case "plus":
            return plus(*(slope(term, by) for term in tree.parts))
        case "minus":
            return minus(slope(tree.parts[0], by))
        case "times":
            return _of_product(tree.parts, by)
        case "over":
            u, v = tree.parts
            above = plus(times(slope(u, by), v), minus(times(u, slope(v, by))))
            return over(above, power(v, number(2))) if slope(v, by) != ZERO else over(slope(u, by), v)
        case "power":
            base, exponent = tree.parts
            return _of_power(base, exponent, by)
        case "call":
            return _of_call(tree, by)
        case "total":
            return _of_total(tree, by)
    raise NoRule(tree.column or 1, f"no rule for the derivative of a {WORDS.get(tree.op, tree.op)} is known here")


WORDS = {"largest": "greatest of many"}


def _of_entry(tree: Tree, by: Tree) -> Tree:
    """∂z[k]/∂z[j] is 1 where k is j."""
    if by.op != "entry" or tree.parts[0] != by.parts[0]:
        return ZERO
    pairs = zip(tree.parts[1:], by.parts[1:], strict=True)
    return times(*(ONE if one == other else call("delta", one, other) for one, other in pairs))


def _of_product(factors: tuple[Tree, ...], by: Tree) -> Tree:
    slopes = [slope(factor, by) for factor in factors]
    return plus(*(times(*factors[:at], found, *factors[at + 1 :]) for at, found in enumerate(slopes)))


def _of_power(base: Tree, exponent: Tree, by: Tree) -> Tree:
    found = times(exponent, power(base, plus(exponent, minus(ONE))), slope(base, by))
    steeper = slope(exponent, by)
    return found if steeper == ZERO else plus(found, times(power(base, exponent), call("ln", base), steeper))


def _of_call(tree: Tree, by: Tree) -> Tree:
    if tree.text in ("delta", "xor"):
        return ZERO
    if tree.text in ("max", "min"):
        one, other = tree.parts[0], tree.parts[1] if len(tree.parts) == 2 else Tree("call", tree.parts[1:], tree.text)
        ahead = plus(one, minus(other)) if tree.text == "max" else plus(other, minus(one))
        chosen = call("step", ahead)
        return plus(times(chosen, slope(one, by)), times(plus(ONE, minus(chosen)), slope(other, by)))
    (u,) = tree.parts
    inner = slope(u, by)
    if inner == ZERO or tree.text in FLAT:
        return ZERO
    rule = SLOPES.get(tree.text)
    return times(rule(u) if rule else call(tree.text + "'", u), inner)


def _of_total(tree: Tree, by: Tree) -> Tree:
    """A sum term by term; its index gives way to an index of `by` that has the same letter."""
    body, *left_out = tree.parts
    letter = tree.text
    taken = {*free(by)} | {node.text for node in walk(body) if node.op in ("total", "largest")} | {*free(body)}
    if letter in free(by):
        while letter in taken:
            letter += "~"
        body = put(body, {tree.text: name(letter)})
    inner = slope(body, by)
    return ZERO if inner == ZERO else Tree("total", (inner, *left_out), letter)
