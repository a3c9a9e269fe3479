"""Edits that move brackets: into or out of a sum, a function, a power, a fraction; rules of linearity turned back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from backcheck.proving.repairs.around import Around
from backcheck.proving.repairs.changes import Change, Changes
from backcheck.proving.repairs.places import Place, added, fraction, negative, product, without
from backcheck.proving.tree import BINDERS, Tree, free, walk

Wrap = Callable[[Tree], Tree]


def wraps(node: Tree) -> Iterator[tuple[Tree, Wrap]]:
    """What a node holds, each with the way to put another thing into its place: sum(k, ·), ln ·, ·^2, ·/b, a/·, a ·, - ·."""
    parts = node.parts
    match node.op:
        case "minus":
            yield parts[0], negative
            yield from ((inner, _then(wrap, negative)) for inner, wrap in wraps(parts[0]))
        case "total" | "largest":
            yield parts[0], lambda inner: node._replace(parts=(inner, *parts[1:]))
        case "call" if len(parts) == 1:
            yield parts[0], lambda inner: node._replace(parts=(inner,))
        case "power":
            yield parts[0], lambda inner: node._replace(parts=(inner, parts[1]))
            yield parts[1], lambda inner: node._replace(parts=(parts[0], inner))
        case "over":
            yield parts[0], lambda inner: fraction(inner, parts[1])
            yield parts[1], lambda inner: fraction(parts[0], inner)
        case "times":
            for at, part in enumerate(parts):
                yield part, _among(parts, at)


def _then(first: Wrap, second: Wrap) -> Wrap:
    return lambda inner: second(first(inner))


def _among(parts: tuple[Tree, ...], at: int) -> Wrap:
    return lambda inner: product(*parts[:at], inner, *parts[at + 1 :])


JOINED: dict[str, Callable[..., Tree]] = {"plus": added, "times": product}


def brackets_lost(place: Place, here: Around) -> Changes:
    """a (b - c) for a b - c."""
    if place.node.op == "plus" and any(node.op == "times" for part in place.node.parts for node in (part, *part.parts[:1])):
        yield from (change for change in moved_in(place, here) if _is_multiplied(change.tree, place.node))


def _is_multiplied(then: Tree, now: Tree) -> bool:
    """Brackets stand there that are a factor, and did not before."""
    return _in_products(then) > _in_products(now)


def _in_products(tree: Tree) -> int:
    return sum(part.op == "plus" for node in walk(tree) if node.op == "times" for part in node.parts)


def moved_in(place: Place, _: Around) -> Changes:
    """sum(k, a) b → sum(k, a b), a b + c → a (b + c), a^2 + b → (a + b)^2: what stands beside goes into the bracket."""
    node = place.node
    if node.op not in JOINED:
        return
    join = JOINED[node.op]
    for at, part in enumerate(node.parts):
        for inner, wrap in wraps(part):
            for beside in {at - 1, at + 1} & set(range(len(node.parts))):
                both = (inner, node.parts[beside]) if beside > at else (node.parts[beside], inner)
                rest = list(node.parts)
                rest[at] = wrap(join(*both))
                del rest[beside]
                yield Change(join(*rest), node, join(*rest))
            if node.op == "plus" and at == 0 and len(node.parts) > 2:
                meant = wrap(join(inner, *node.parts[1:]))
                yield Change(meant, node, meant)


def moved_out(place: Place, _: Around) -> Changes:
    """sum(k, a b) → sum(k, a) b, a (b + c) → a b + c, (a + b)^2 → a + b^2: what stands in the bracket goes out."""
    for inner, wrap in wraps(place.node):
        if inner.op in JOINED and not (inner.op == "times" and place.node.op in ("minus", "times")):
            join = JOINED[inner.op]
            for at, part in enumerate(inner.parts):
                if place.node.op in BINDERS and place.node.text in free(part):
                    continue
                left = wrap(join(*without(inner.parts, at)))
                meant = join(left, part) if at else join(part, left)
                yield Change(meant, place.node, meant)
