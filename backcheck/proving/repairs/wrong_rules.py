"""Rules that people use and that do not hold, as functions of the node they are used on; it knows no lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from backcheck.proving.repairs.places import ONE, TWO, added, fraction, negative, product
from backcheck.proving.tree import Tree, free, walk

Rule = Callable[[Tree], Iterator[Tree]]


def _each(node: Tree, apply: Callable[[Tree], Tree]) -> Tree | None:
    """Term by term: of a sum of terms, or over an index."""
    if node.op == "plus":
        return Tree("plus", tuple(negative(apply(part.parts[0])) if part.op == "minus" else apply(part) for part in node.parts))
    return node._replace(parts=(apply(node.parts[0]), *node.parts[1:])) if node.op == "total" else None


def _log(node: Tree) -> Iterator[Tree]:
    """ln(a + b) → ln(a) + ln(b), as well as ln((a + b)/c) → ln(a) + ln(b) - ln(c)."""
    if node.op == "call" and node.text == "ln" and any(one.op in ("plus", "total") for one in _apart(node.parts[0])):
        yield _log_of(node.parts[0])


def _apart(tree: Tree) -> Iterator[Tree]:
    yield tree
    if tree.op in ("times", "over"):
        yield from tree.parts


def _log_of(tree: Tree) -> Tree:
    if tree.op == "over":
        return added(_log_of(tree.parts[0]), negative(_log_of(tree.parts[1])))
    if tree.op == "times":
        return added(*map(_log_of, tree.parts))
    if tree.op in ("plus", "total"):
        return _each(tree, lambda part: Tree("call", (part,), "ln")) or tree
    return Tree("call", (tree,), "ln")


def _exp(node: Tree) -> Iterator[Tree]:
    if node.op == "call" and node.text == "exp" and (found := _each(node.parts[0], lambda part: Tree("call", (part,), "exp"))):
        yield found


def _power(node: Tree) -> Iterator[Tree]:
    if node.op == "call" and node.text == "sqrt" and (roots := _each(node.parts[0], lambda part: Tree("call", (part,), "sqrt"))):
        yield roots
    if node.op == "power" and (found := _each(node.parts[0], lambda part: Tree("power", (part, node.parts[1])))):
        yield found
        if found.op == "plus":
            yield added(*(part.parts[0] if part.op == "minus" else part for part in found.parts))


def _reciprocal(node: Tree) -> Iterator[Tree]:
    """c/(a + b) → c/a + c/b, and 1/a + 1/b → 1/(a + b)."""
    if node.op == "over" and (found := _each(node.parts[1], lambda part: fraction(node.parts[0], part))):
        yield found
    if node.op == "plus" and all(part.op == "over" for part in node.parts) and len({part.parts[0] for part in node.parts}) == 1:
        yield fraction(node.parts[0].parts[0], added(*(part.parts[1] for part in node.parts)))


def _fractions(node: Tree) -> Iterator[Tree]:
    """a/b + c/d → (a + c)/(b d), (a + c)/(b + d)."""
    if node.op == "plus" and len(node.parts) == 2:
        bare = [part.parts[0] if part.op == "minus" else part for part in node.parts]
        if all(part.op == "over" for part in bare):
            (a, b), (c, d) = (part.parts for part in bare)
            top = added(a, negative(c) if node.parts[1].op == "minus" else c)
            yield from (fraction(top, below) for below in (product(b, d), added(b, d)))


def _log_of_product(node: Tree) -> Iterator[Tree]:
    """ln(a b) → ln(a) ln(b), ln(a/b) → ln(a)/ln(b)."""
    if node.op == "call" and node.text == "ln" and node.parts[0].op in ("times", "over"):
        logs = [Tree("call", (part,), "ln") for part in node.parts[0].parts]
        if node.parts[0].op == "over" and node.parts[0].parts[0] == ONE:
            yield fraction(ONE, logs[1])
        yield product(*logs) if node.parts[0].op == "times" else fraction(*logs)


def _exp_of_product(node: Tree) -> Iterator[Tree]:
    """exp(a) exp(b) → exp(a b)."""
    if node.op == "times" and all(part.op == "call" and part.text == "exp" for part in node.parts):
        yield Tree("call", (product(*(part.parts[0] for part in node.parts)),), "exp")


def _totals(node: Tree) -> Iterator[Tree]:
    if node.op == "total" and node.parts[0].op == "times" and all(node.text in free(part) for part in node.parts[0].parts):
        if any(one.text == "delta" or one.op == "slope" for one in walk(node)):
            return  # that is a delta that was lost
        yield product(*(node._replace(parts=(part, *node.parts[1:])) for part in node.parts[0].parts))


def slope(node: Tree, of: Tree) -> Tree:
    return node._replace(parts=(of, *node.parts[1:]))


def _slope_of_product(node: Tree) -> Iterator[Tree]:
    """(u v)' → u' v', (u/v)' → u'/v'."""
    if node.op == "slope" and node.parts[0].op in ("times", "over"):
        u, *v = (slope(node, part) for part in node.parts[0].parts)
        yield product(u, *v) if node.parts[0].op == "times" else fraction(u, *v)


def product_half(node: Tree) -> Iterator[Tree]:
    """(u v)' → u' v."""
    if node.op == "slope" and node.parts[0].op == "times":
        factors = node.parts[0].parts
        yield from (product(*factors[:at], slope(node, one), *factors[at + 1 :]) for at, one in enumerate(factors))


def _quotient(node: Tree) -> Iterator[Tree]:
    """(u/v)' → (u v' - u' v)/v^2."""
    if node.op == "slope" and node.parts[0].op == "over" and node.parts[0].parts[0].op != "number":  # of 1/v it is a sign
        u, v = node.parts[0].parts
        yield fraction(added(product(u, slope(node, v)), negative(product(slope(node, u), v))), Tree("power", (v, TWO)))


WRONG_RULES: dict[str, Rule] = {
    "log_of_sum": _log,
    "exp_of_sum": _exp,
    "square_of_sum": _power,
    "reciprocal_of_sum": _reciprocal,
    "fractions_added": _fractions,
    "log_of_product": _log_of_product,
    "exp_of_product": _exp_of_product,
    "product_of_sums": _totals,
    "slope_of_product": _slope_of_product,
    "product_rule_half": product_half,
    "quotient_rule_order": _quotient,
}
