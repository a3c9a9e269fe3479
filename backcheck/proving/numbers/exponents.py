"""Which names stand in an exponent: logarithms times whole numbers keep e^z a fraction."""

from __future__ import annotations

from collections.abc import Iterable

from backcheck.proving.numbers.uses import Uses
from backcheck.proving.tree import Tree, walk

POWER, FACTOR, DIVISOR = "exponent", "factor of one", "divisor of one"  # what a name is that stands in an exponent
EXPONENTS = frozenset({"exp", "sigmoid", "tanh", "softplus"})


def in_exponents(trees: Iterable[Tree], uses: Uses) -> dict[str, str]:
    """Names of which e to the power is taken, through definitions too: the first of a product, its other factors, what is below.

    >>> from backcheck.proving.names import Names
    >>> w, x, T = (Tree("name", text=text) for text in "wxT")
    >>> body = Tree("call", (Tree("over", (Tree("times", (w, x)), T)),), "exp")
    >>> in_exponents([body], Uses(Names()))
    {'w': 'exponent', 'x': 'factor of one', 'T': 'divisor of one'}
    """
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    pending = [(tree, "") for tree in trees]
    while pending:
        tree, kind = pending.pop()
        plainly = tree.text.rstrip("'")
        name = (tree.parts[0] if tree.op == "entry" else tree).text if tree.op in ("name", "entry") else plainly
        if tree.op in ("name", "entry", "call") and (name, kind) not in seen:
            seen.add((name, kind))
            definition = uses.names.defined.get(name)
            if definition is not None:
                pending.append((definition.body, kind))
            elif kind and tree.op != "call" and found.get(name) != POWER:
                found[name] = kind
        pending += reversed(_parts(tree, kind or (POWER if tree.op == "call" and _is_exponential(plainly, uses) else "")))
    return found


def _parts(tree: Tree, kind: str) -> list[tuple[Tree, str]]:
    if tree.op == "entry":
        return []
    if kind == POWER and tree.op == "times":
        first = _first_named(tree)
        return [(part, POWER if at == first else FACTOR) for at, part in enumerate(tree.parts)]
    if kind == POWER and tree.op == "over":
        return [(tree.parts[0], POWER), (tree.parts[1], DIVISOR)]
    return [(part, kind) for part in tree.parts]


def _is_exponential(function: str, uses: Uses) -> bool:
    return function in EXPONENTS or not EXPONENTS.isdisjoint(uses.through(function))


def _first_named(tree: Tree) -> int:
    named = [at for at, part in enumerate(tree.parts) if any(node.op == "name" for node in walk(part))]
    return named[0] if named else 0
