"""The project's own rules of differentiation: a formula → the formula of its slope; it knows no numbers."""

from __future__ import annotations

from functools import lru_cache

from backcheck.arithmetic import parse
from backcheck.formula import (
    ONE,
    ZERO,
    Call,
    Cell,
    Formula,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    add,
    cells,
    functions_of,
    multiply,
    substitute,
)
from backcheck.functions import AGAINST_A_CONSTANT, OVER_OUTPUTS, SLOPES

TWO = Number("2")
K = Cell("K")  # the number of outputs
SLOPE_BY = " ∂/∂"  # no typed formula can contain this sign


def slope(tree: Formula, by: str, arriving: Formula = ONE, each: bool = False) -> Formula:
    """arriving · ∂tree/∂by, by the chain rule from the outside in.

    `each` says that the tree has one value for each output, as it does inside a `sum`: a sum that is read there
    collects what arrives from all of them.

    >>> slope(parse("x*ln(x)"), "x") == parse("ln(x) + x*(1/x)")
    True
    >>> slope(parse("sum((t - y)**2)"), "y") == parse("-(2*(t - y))")
    True
    """
    if by not in cells(tree):
        return ZERO
    if tree == Cell(by):
        return arriving
    if isinstance(tree, Call) and tree.function in OVER_OUTPUTS:
        arriving = Call("sum", (arriving,)) if each else arriving
        return slope(tree.arguments[0], by, arriving / K if tree.function == "mean" else arriving, each=True)
    return add(*(slope(part, by, multiply(arriving, local), each) for part, local in _local(tree)))


def _local(tree: Formula) -> list[tuple[Formula, Formula]]:
    """Each part of a node with the slope of the node by that part."""
    match tree:
        case Negative(body):
            return [(body, -ONE)]
        case Sum(terms):
            return [(term, ONE) for term in terms]
        case Product(factors):
            others = [multiply(*factors[:i], *factors[i + 1 :]) for i in range(len(factors))]
            return list(zip(factors, others, strict=True))
        case Quotient(top, bottom):
            return [(top, ONE / bottom), (bottom, -(top / bottom**TWO))]
        case Power(base, exponent):
            return _power(base, exponent)
        case Call(function, (u, *rest)):
            rules = _rules_of(function, u, rest)
            return [(part, _rule(rule, u, *rest)) for part, rule in zip((u, *rest), rules, strict=True)]
    raise TypeError(tree)


def _power(base: Formula, exponent: Formula) -> list[tuple[Formula, Formula]]:
    """n·uⁿ⁻¹ by the base; uᵛ·ln u by the exponent, if that is no constant."""
    if isinstance(exponent, Number) and exponent.text.isdecimal():
        return [(base, exponent * base ** Number(str(int(exponent.text) - 1)))] if int(exponent.text) else []
    by_base = (base, exponent * base ** (exponent - ONE))
    return [by_base, (exponent, Power(base, exponent) * Call("ln", (base,)))] if any(cells(exponent)) else [by_base]


def _rules_of(function: str, u: Formula, rest: list[Formula]) -> tuple[str, ...]:
    """The slopes of a function; of max and min those against a constant, if the second one is none."""
    if function in AGAINST_A_CONSTANT and any(cells(u)) and not any(cells(rest[0])):
        return AGAINST_A_CONSTANT[function]
    return SLOPES[function]


def _rule(text: str, u: Formula, *rest: Formula) -> Formula:
    return substitute(parse(text), dict(zip("uv", (u, *rest), strict=False)))


@lru_cache(maxsize=512)
def own_formula(op: str) -> Formula:
    """The formula of an operation that is its own: `z: z**3`, or the slope of one, `g z a: z**3 ∂/∂z times g`.

    >>> own_formula("x: x**2 ∂/∂x") == parse("2*x")
    True
    >>> own_formula("t y N: sum((t - y)**2) ∂/∂y over N") == parse("-(2*(t - y))/N")
    True
    """
    text, _, slope_by = op.partition(":")[2].partition(SLOPE_BY)
    tree = parse(text.strip())
    match slope_by.split():
        case []:
            return tree
        case [by]:
            return slope(tree, by)
        case [by, "times", arriving] if functions_of(tree) & OVER_OUTPUTS:
            return slope(tree, by, Cell(arriving), each=True)
        case [by, "times", arriving]:
            return Cell(arriving) * slope(tree, by)
        case [by, "over", examples]:
            return slope(tree, by) / Cell(examples)
    raise ValueError(op)
