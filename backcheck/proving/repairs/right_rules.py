"""The rules that hold in the place of those that do not, as functions of the node they are used on; it knows no lines."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.proving.repairs.places import ONE, TWO, added, fraction, negative, product
from backcheck.proving.repairs.wrong_rules import Rule, product_half, slope
from backcheck.proving.tree import Tree


def _product_rule(node: Tree) -> Iterator[Tree]:
    if node.parts[0].op == "times":
        yield added(*product_half(node))
    else:
        u, v = node.parts[0].parts
        yield fraction(added(product(slope(node, u), v), negative(product(u, slope(node, v)))), Tree("power", (v, TWO)))


def _square(node: Tree) -> Iterator[Tree]:
    """(a - b)^2 → a^2 - 2 a b + b^2."""
    if node.op == "power" and node.parts[1] == TWO and len(node.parts[0].parts) == 2 and node.parts[0].op == "plus":
        a, b = node.parts[0].parts
        yield added(_squared(a), product(TWO, a, b), _squared(b))


def _squared(tree: Tree) -> Tree:
    """(-2 a b)^2 → 2^2 a^2 b^2."""
    if tree.op == "minus":
        return _squared(tree.parts[0])
    return Tree("times", tuple(map(_squared, tree.parts))) if tree.op == "times" else Tree("power", (tree, TWO))


def _common_denominator(node: Tree) -> Iterator[Tree]:
    """1/a + 1/b → (a + b)/(a b)."""
    if node.op == "plus" and len(node.parts) == 2:
        (c, a), (d, b) = (part.parts[0].parts if part.op == "minus" else part.parts for part in node.parts)
        other = product(d, a)
        yield fraction(added(product(c, b), negative(other) if node.parts[1].op == "minus" else other), product(a, b))


def _sum_of_logs(node: Tree) -> Iterator[Tree]:
    """ln(a b) → ln(a) + ln(b), ln(1/b) → -ln(b)."""
    top, *others = (Tree("call", (part,), "ln") for part in node.parts[0].parts)
    if node.parts[0].op == "times":
        yield added(top, *others)
    else:
        yield negative(others[0]) if node.parts[0].parts[0] == ONE else added(top, negative(others[0]))


def _exp_of_terms(node: Tree) -> Iterator[Tree]:
    if node.parts[0].op == "plus":
        yield product(*(Tree("call", (part,), "exp") for part in node.parts[0].parts))


RIGHT_RULES: dict[str, Rule] = {
    "exp_of_sum": _exp_of_terms,
    "square_of_sum": _square,
    "reciprocal_of_sum": _common_denominator,
    "fractions_added": _common_denominator,
    "log_of_product": _sum_of_logs,
    "slope_of_product": _product_rule,
    "quotient_rule_order": _product_rule,
    "product_rule_half": _product_rule,
}
