"""Mistakes with the rules for derivatives, known by what is missing; it knows no names for them."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.proving.repairs.misapplied import misapplied
from backcheck.proving.repairs.wrong import Wrong, without_minus
from backcheck.proving.tree import Tree, free, name, number, put, walk

MOST_INNER = 12  # parts of a function's argument that are differentiated


def _slopes(wrong: Wrong) -> Iterator[tuple[Tree, Tree]]:
    """What is differentiated in the line before, once, with the definitions put in; and by what."""
    for node in walk(wrong.before):
        if node.op == "slope" and len(node.parts) == 2:
            by = node.parts[1]
            yield wrong.opened(node.parts[0], _variable(by)), by


def _variable(by: Tree) -> str:
    return (by.parts[0] if by.op == "entry" else by).text


def wrong_index(wrong: Wrong) -> bool:
    """The index by which is differentiated was taken for another."""
    if not wrong.is_a("index", "exchanged") or wrong.edit is None:
        return False
    letters = {letter for _, by in _slopes(wrong) for part in by.parts[1:] for letter in free(part)}
    return wrong.edit.change.meant in letters or (bool(letters) and any(node.op == "slope" for node in walk(wrong.line)))


def inner_missing(wrong: Wrong) -> bool:
    """What is missing is the slope of what stands inside a function, or one factor of the chain."""
    if any(wrong.agrees(Tree("times", (wrong.line, Tree("slope", (inner, by)))), wrong.before) for inner, by in _inner(wrong)):
        return True
    if wrong.is_a("factor_missing", "factor", "size_factor", "divisor_missing"):
        sought = wrong.meant
    else:
        sought = Tree("minus", (number(1),)) if wrong.is_a("sign") else None
    if sought is None:
        return False
    if sought.op != "minus" and any(wrong.agrees(sought, slope) for slope in _chained(wrong)):
        return True
    return any(wrong.agrees(_with_letter_of(inner, sought, wrong), Tree("slope", (inner, by))) for inner, by in _inner(wrong))


def _chained(wrong: Wrong) -> list[Tree]:
    """The slopes of d(E, a) d(a, z)."""
    factors = wrong.before.parts if wrong.before.op == "times" else ()
    return [factor for factor in factors if factor.op == "slope"]


def _with_letter_of(inner: Tree, sought: Tree, wrong: Wrong) -> Tree:
    """z[k] for z[m], where m is the one index of what stands inside."""
    own, other = ([one for one in free(tree) if wrong.names.is_letter(one)] for tree in (sought, inner))
    if len(own) == len(other) == 1 and wrong.names.size(own[0]) == wrong.names.size(other[0]):
        return put(sought, {own[0]: name(other[0])})
    return sought


def _inner(wrong: Wrong) -> Iterator[tuple[Tree, Tree]]:
    """What stands inside functions and powers, where it is more than a name; and the parts of that."""
    for body, by in _slopes(wrong):
        around = [node for node in walk(body) if node.op in ("call", "power", "over") and node.text != "delta"]
        inside = {part: None for node in around for argument in node.parts for part in walk(argument) if part.parts}
        inner = [part for part in inside if part.op not in ("entry", "call", "power") and _variable(by) in free(part)]
        yield from ((part, by) for part in inner[:MOST_INNER])


def quotient_order(wrong: Wrong) -> bool:
    """u v' - u' v for u' v - u v'."""
    of_quotient = any(node.op == "over" for node in walk(wrong.before)) or any(
        node.op == "over" for body, _ in _slopes(wrong) for node in walk(body)
    )
    difference = any(node.op == "over" and node.parts[0].op == "plus" for node in walk(wrong.line))
    differentiated = any(node.op == "slope" for node in walk(wrong.before))
    if not (of_quotient and difference and differentiated):
        return False
    return wrong.agrees(Tree("minus", (wrong.line,)), wrong.before) or misapplied(wrong, "quotient_rule_order")


def product_half(wrong: Wrong) -> bool:
    """The term that is missing is u v' of the product rule."""
    term = without_minus(wrong.meant) if wrong.is_a("term_missing") else None
    products = [(body.parts, by) for body, by in _slopes(wrong) if body.op == "times"]
    if term is not None and any(wrong.agrees(term, half) for factors, by in products for half in _halves(factors, by)):
        return True
    return misapplied(wrong, "product_rule_half")


def _halves(factors: tuple[Tree, ...], by: Tree) -> Iterator[Tree]:
    for at, factor in enumerate(factors):
        yield Tree("times", (*factors[:at], Tree("slope", (factor, by)), *factors[at + 1 :]))
