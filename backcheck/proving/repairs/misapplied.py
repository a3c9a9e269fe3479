"""Rules that do not hold, used on the line before: where one gives the wrong line, that was the mistake; it knows no edits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from backcheck.proving.repairs.places import ONE, TWO, added, fraction, negative, product, put_at
from backcheck.proving.repairs.wrong import Test, Wrong
from backcheck.proving.tree import Tree, bare, changed, free, walk

MOST_TRIED = 40  # lines that a rule might have given
Rule = Callable[[Tree], Iterator[Tree]]


def misapplied(wrong: Wrong, slip: str) -> bool:
    """Whether the line before becomes the wrong line by one rule that does not hold, at one place or everywhere."""
    before = bare(wrong.before)
    lines = dict.fromkeys((before, wrong.opened(before, wrong.variable)))
    found = (line for before in lines for line in _used(before, WRONG_RULES[slip]))
    return any(wrong.agrees(line, wrong.line) for line in dict.fromkeys(islice(found, MOST_TRIED)))


def is_misapplied(wrong: Wrong, slip: str) -> bool:
    """The same for any id of a slip."""
    return slip in WRONG_RULES and misapplied(wrong, slip)


def _used(line: Tree, rule: Rule) -> Iterator[Tree]:
    yield from _at_one_place(line, line, (), rule)
    everywhere = changed(line, lambda node: next(rule(node), node))
    if all(node.op != "slope" for node in walk(line)) and everywhere != line:
        yield everywhere


def _at_one_place(line: Tree, node: Tree, path: tuple[int, ...], rule: Rule) -> Iterator[Tree]:
    yield from (put_at(line, path, other) for other in rule(node))
    for at, part in enumerate(node.parts if node.op != "slope" else ()):  # what is differentiated is not there any more
        yield from _at_one_place(line, part, (*path, at), rule)


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


def _slope(node: Tree, of: Tree) -> Tree:
    return node._replace(parts=(of, *node.parts[1:]))


def _slope_of_product(node: Tree) -> Iterator[Tree]:
    """(u v)' → u' v', (u/v)' → u'/v'."""
    if node.op == "slope" and node.parts[0].op in ("times", "over"):
        u, *v = (_slope(node, part) for part in node.parts[0].parts)
        yield product(u, *v) if node.parts[0].op == "times" else fraction(u, *v)


def _product_half(node: Tree) -> Iterator[Tree]:
    """(u v)' → u' v."""
    if node.op == "slope" and node.parts[0].op == "times":
        factors = node.parts[0].parts
        yield from (product(*factors[:at], _slope(node, one), *factors[at + 1 :]) for at, one in enumerate(factors))


def _quotient(node: Tree) -> Iterator[Tree]:
    """(u/v)' → (u v' - u' v)/v^2."""
    if node.op == "slope" and node.parts[0].op == "over" and node.parts[0].parts[0].op != "number":  # of 1/v it is a sign
        u, v = node.parts[0].parts
        yield fraction(added(product(u, _slope(node, v)), negative(product(_slope(node, u), v))), Tree("power", (v, TWO)))


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
    "product_rule_half": _product_half,
    "quotient_rule_order": _quotient,
}


# what would have been right


def right_instead(wrong: Wrong, slip: str) -> Tree | None:
    """The line before with the rule that holds, where the one that does not hold was used."""
    before, rule, right = bare(wrong.before), WRONG_RULES.get(slip), RIGHT_RULES.get(slip)
    if rule is None or right is None:
        return None
    return next((line for line in _rightly(before, before, (), rule, right, wrong)), None)


def _rightly(line: Tree, node: Tree, path: tuple[int, ...], rule: Rule, right: Rule, wrong: Wrong) -> Iterator[Tree]:
    if any(wrong.agrees(put_at(line, path, other), wrong.line) for other in islice(rule(node), 2)):
        yield from (put_at(line, path, other) for other in right(node))
    for at, part in enumerate(node.parts if node.op != "slope" else ()):
        yield from _rightly(line, part, (*path, at), rule, right, wrong)


def _product_rule(node: Tree) -> Iterator[Tree]:
    if node.parts[0].op == "times":
        yield added(*_product_half(node))
    else:
        u, v = node.parts[0].parts
        yield fraction(added(product(_slope(node, u), v), negative(product(u, _slope(node, v)))), Tree("power", (v, TWO)))


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


def by_rule(slip: str, other: Test | None = None) -> Test:
    """The wrong rule gives the line; or another test says so."""
    return lambda wrong: bool(other and other(wrong)) or misapplied(wrong, slip)


def linear(slip: str, op: str, text: str = "") -> Test:
    """A rule of linearity for something that is not linear, f(a) + f(b) for f(a + b): the edit or the rule says so."""

    def of_edit(wrong: Wrong) -> bool:
        meant = wrong.meant
        if not wrong.is_a("linearity") or meant is None or meant.op != op or (text and meant.text != text):
            return False
        return op in ("total", "slope") or meant.parts[-1 if op == "over" else 0].op in ("plus", "total")

    return by_rule(slip, of_edit)
