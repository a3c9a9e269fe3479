"""Edits of numbers, exponents, functions and derivatives: what a part is, or what is applied to it."""

from __future__ import annotations

from backcheck.proving.repairs.around import Around
from backcheck.proving.repairs.changes import Change, Changes
from backcheck.proving.repairs.places import INNER, ONE, TWO, WHOLE, Place, added, negative, product, same_number, without
from backcheck.proving.tree import BINDERS, Tree, number, walk

NO_NUMBERS = ((1, "below"), (0, "term"), (0, "taken away"))  # a factor or a term that is too many


def number_replaced(place: Place, _: Around) -> Changes:
    node = place.node
    if node.op == "minus" and node.parts[0].op == "number" and place.role == "factor":
        yield Change(number(0), node, "0")
    if node.op == "number" and node.text.isdigit() and place.role not in ("index", "exponent"):
        n = int(node.text)
        if n == 1 and place.role == "top":
            return  # a factor that is missing
        twice = () if place.role == "factor" else (2 * n,)
        for other in dict.fromkeys((n - 1, n + 1, 0, 1, 2, *twice)):
            if other not in (n, -1) and (other, place.role) not in NO_NUMBERS:
                yield Change(number(other), node, str(other))


def exponent_replaced(place: Place, _: Around) -> Changes:
    """One more or one less; the other sign."""
    node = place.node
    if place.role != "exponent":
        return
    for more in (1, -1):
        meant = number(int(node.text) + more) if node.op == "number" and node.text.isdigit() else added(node, number(more))
        yield Change(meant, node, meant)
    if node.op == "plus" and any(same_number(part, 1) for part in map(_bare, node.parts)):
        meant = added(*without(node.parts, *(at for at, part in enumerate(node.parts) if same_number(_bare(part), 1))))
        yield Change(meant, node, meant)


def _bare(tree: Tree) -> Tree:
    return tree.parts[0] if tree.op == "minus" else tree


def square_dropped(place: Place, _: Around) -> Changes:
    if place.node.op == "power":
        yield Change(place.node.parts[0], place.node.parts[1], place.node.parts[0])


def square_set(place: Place, here: Around) -> Changes:
    node = place.node
    if node.text not in here.names.sizes and place.role in (*WHOLE, "factor", "top", "below", "taken away"):
        if node.op == "power" and same_number(node.parts[1], 1):
            return
        if _can_be_raised(node):
            yield Change(Tree("power", (node, TWO)), node, Tree("power", (node, TWO)))


def power_set(place: Place, here: Around) -> Changes:
    """x^3 for x, where a power of x that is next to it stands in a line that is right."""
    if place.role in (*WHOLE, "factor", "top", "below", "taken away") and _can_be_raised(place.node):
        powers = [node.parts for line in here.known for node in walk(line) if node.op == "power"]
        known = {int(n.text) for base, n in powers if base == place.node and n.text.isdecimal()}
        for n in sorted({other for one in known for other in (one - 1, one, one + 1)} - {0, 1, 2}):
            meant = Tree("power", (place.node, number(n)))
            yield Change(meant, place.node, meant)


def _can_be_raised(node: Tree) -> bool:
    return node.op in ("name", "entry", "call", "plus", "total") and node.text != "delta"


KIN = (("exp", "ln"), ("max", "min"), ("sigmoid", "tanh", "relu", "softplus"), ("relu", "step", "abs", "sign"))


def function_replaced(place: Place, here: Around) -> Changes:
    node = place.node
    if node.op == "call" and node.text != "delta":
        known = {other for family in KIN if node.text in family for other in family}
        kin = sorted({node.text + "'", node.text.removesuffix("'"), *known} - {node.text})
        for other in kin if node.text in known or node.text.rstrip("'") in here.names.functions else sorted(known):
            if other != node.text:
                yield Change(node._replace(text=other), node.text, other)


def sum_for_greatest(place: Place, _: Around) -> Changes:
    if place.node.op in BINDERS:
        words = ("the sum", "the greatest")
        at = BINDERS.index(place.node.op)
        yield Change(place.node._replace(op=BINDERS[1 - at]), words[at], words[1 - at])


def function_dropped(place: Place, _: Around) -> Changes:
    if place.node.op == "call" and len(place.node.parts) == 1:
        yield Change(place.node.parts[0], place.node.text)


def function_set(place: Place, here: Around) -> Changes:
    """One that stands elsewhere in the line, in the one before or in the one after."""
    yield from _set(place, here.functions)


SLOPES = {"abs": "sign", "relu": "step"}  # what is left of a function that is linear in pieces


def other_function_set(place: Place, here: Around) -> Changes:
    found = ("ln", "exp", *(SLOPES[one] for one in here.functions if one in SLOPES))
    yield from _set(place, tuple(one for one in found if one not in here.functions))


def _set(place: Place, functions: tuple[str, ...]) -> Changes:
    if place.role in (*WHOLE, *INNER, "taken away") and place.node.op in (
        "name",
        "entry",
        "plus",
        "over",
        "times",
        "total",
        "minus",
    ):
        for function in functions:
            yield Change(Tree("call", (place.node,), function), "", function)


def complemented(place: Place, here: Around) -> Changes:
    """1 - a for a, and a for 1 - a."""
    node = place.node
    if node.op == "plus" and len(node.parts) == 2 and same_number(node.parts[0], 1) and node.parts[1].op == "minus":
        yield Change(node.parts[1].parts[0], node, node.parts[1].parts[0])
    elif node.op == "power" and same_number(node.parts[1], 2):
        base = node.parts[0]
        for meant in (product(base, added(ONE, negative(base))), added(ONE, negative(node))):
            yield Change(meant, node, meant)
    elif node.op in ("name", "entry", "call", "power", "total") and place.role not in ("head", "index", "by", "left out"):
        if node.op == "name" and here.names.is_letter(node.text):
            return
        meant = added(ONE, negative(node))
        yield Change(meant, node, meant)


def nothing_for_all(place: Place, _: Around) -> Changes:
    """0 in the place of what is differentiated, or of what a function is applied to."""
    if place.role in ("differentiated", "argument") and place.node.op != "number":
        yield Change(number(0), place.node, "0")


def slope_by_more(place: Place, _: Around) -> Changes:
    """The second derivative for the first, and the first for the second."""
    node = place.node
    if node.op == "slope":
        body, *by = node.parts
        yield Change(node._replace(parts=(body, *by[1:])) if len(by) > 1 else node._replace(parts=(body, *by, *by)), node)
