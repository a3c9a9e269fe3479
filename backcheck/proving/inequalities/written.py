"""The sign of an expression as it is written: squares, sums of what is positive, products; it expands nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import reduce

from backcheck.proving.algebra.forms import number_of
from backcheck.proving.algebra.givens import Contradiction
from backcheck.proving.algebra.normal import Points, normal, point
from backcheck.proving.algebra.page import Undefined
from backcheck.proving.algebra.signs import TURNED, product, sign
from backcheck.proving.inequalities.bounds import least_size
from backcheck.proving.inequalities.ground import Ground, back, beside, tell
from backcheck.proving.tree import Tree


def added(signs: Iterable[str]) -> str:
    """The sign of a sum.

    >>> added("+≥"), added("+-"), added("≤0")
    ('+', '?', '≤')
    """
    found = {*signs} - {"0"}
    for strict, weak in ("+≥", "-≤"):
        if found <= {strict, weak}:
            return strict if strict in found else weak if found else "0"
    return "?"


def square(known: str) -> str:
    return "+" if known in "+-" else "0" if known == "0" else "≥"


def sign_as_written(ground: Ground, tree: Tree, running: Points) -> str:
    """+ - ≥ ≤ 0, or ? where it is not to be seen."""
    try:
        form = normal(ground.page, tree, running)
    except Undefined:
        return "?"
    tell(ground, form)
    found = sign(ground.page, form)
    rule = RULES.get(tree.op) if found in "?≥≤" else None
    written = rule(ground, tree, running) if rule else "?"
    return found if written == "?" else written


def _times(ground: Ground, tree: Tree, running: Points) -> str:
    counted = Counter(_factors(tree))
    signs = {factor: sign_as_written(ground, factor, running) if often % 2 else "" for factor, often in counted.items()}
    squares = [square(sign_as_written(ground, factor, running)) for factor, often in counted.items() if often % 2 == 0]
    return reduce(product, [*(found for found in signs.values() if found), *squares], "+")


def _factors(tree: Tree) -> Iterator[Tree]:
    for part in tree.parts:
        yield from _factors(part) if part.op == "times" else (part,)


def _over(ground: Ground, tree: Tree, running: Points) -> str:
    above, below = (sign_as_written(ground, part, running) for part in tree.parts)
    return product(above, _not_zero(below))


def _not_zero(known: str) -> str:
    """What stands below a line is not 0 where the whole means something."""
    return {"≥": "+", "≤": "-"}.get(known, known)


def _power(ground: Ground, tree: Tree, running: Points) -> str:
    base = sign_as_written(ground, tree.parts[0], running)
    exponent = number_of(normal(ground.page, tree.parts[1], running))
    if exponent is None:
        return "+"  # means something for a positive base only
    base = _not_zero(base) if exponent < 0 else base
    if exponent.denominator != 1:
        return "+" if base == "+" else "≥"
    return base if exponent % 2 else square(base) if exponent else "+"


def _total(ground: Ground, tree: Tree, running: Points) -> str:
    """Of one sign if all that is added is; where all may be left out, it may be 0."""
    size, left_out = ground.page.names.size(tree.text), len({*map(str, tree.parts[1:])})
    found = _each(ground, tree, running)
    return found if least_size(ground.page, size) > left_out else {"+": "≥", "-": "≤"}.get(found, found)


def _each(ground: Ground, tree: Tree, running: Points) -> str:
    """Of what is added, or the greatest is taken of, at any point not left out: what is known of that one counts only here."""
    body, *left_out = tree.parts
    branch = beside(ground)
    own = branch.page.fresh(ground.page.names.size(tree.text))
    apart = branch.apart | {(own, point(ground.page, index, running)) for index in left_out}
    try:
        return sign_as_written(branch._replace(apart=apart), body, {**running, tree.text: own})
    except Contradiction:
        return "?"
    finally:
        back(ground, branch)


def _call(ground: Ground, tree: Tree, running: Points) -> str:
    rule = CALLS.get(tree.text)
    return rule(*(sign_as_written(ground, part, running) for part in tree.parts)) if rule else "?"


def _greatest(*signs: str) -> str:
    return next((known for known in "+≥" if known in signs), signs[0] if len({*signs}) == 1 else "?")


def _least(*signs: str) -> str:
    return TURNED[_greatest(*(TURNED[known] for known in signs))]


CALLS: dict[str, Callable[..., str]] = {
    **dict.fromkeys(("exp", "sigmoid", "softplus"), lambda _: "+"),
    "abs": square,
    "relu": lambda u: "+" if u == "+" else "≥",
    "sqrt": lambda u: "+" if u == "+" else "≥",
    "tanh": lambda u: u,
    "sign": lambda u: u,
    "max": _greatest,
    "min": _least,
}
RULES: dict[str, Callable[[Ground, Tree, Points], str]] = {
    "plus": lambda ground, tree, running: added(sign_as_written(ground, part, running) for part in tree.parts),
    "minus": lambda ground, tree, running: TURNED[sign_as_written(ground, tree.parts[0], running)],
    "times": _times,
    "over": _over,
    "power": _power,
    "total": _total,
    "largest": _each,
    "call": _call,
}
