"""What the names of a line are defined as, and the names in that; it knows no rule of algebra."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.proving.names import Names
from backcheck.proving.tree import Tree, bare, put

MOST = 12  # definitions that are looked up for one line


def nodes(tree: Tree) -> Iterator[Tree]:
    """All parts of a line that have a value: not the z, and not the k, of z[k]."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        if node.op != "entry" and node.text != "delta":
            pending.extend(reversed(node.parts))


def opened(line: Tree, names: Names) -> Iterator[Tree]:
    """The bodies of all definitions that a line leads to."""
    pending, seen = [line], {line}
    while pending and len(seen) <= MOST:
        for node in nodes(pending.pop(0)):
            body = body_of(node, names)
            if body is not None and body not in seen:
                seen.add(body)
                pending.append(body)
                yield body


def known_by(line: Tree, names: Names) -> Iterator[Tree]:
    """The bodies; and of a slope of something defined the slopes of the bodies, and of what is defined in them."""
    yield from opened(line, names)
    for node in nodes(line):
        if node.op == "slope":
            for body in opened(node.parts[0], names):
                yield Tree("slope", (body, *node.parts[1:]))


def body_of(node: Tree, names: Names) -> Tree | None:
    """What a name, an entry or a call of a function stands for, if it is defined."""
    head, *indices = node.parts if node.op == "entry" else (node,)
    definition = names.defined.get(head.text) if head.op in ("name", "call") else None
    if definition is None:
        return None
    filled = (definition.indices, indices) if head.op == "name" else (definition.arguments, node.parts)
    if len(filled[0]) != len(filled[1]) or (head.op == "name" and definition.arguments):
        return None
    return bare(put(definition.body, dict(zip(*filled, strict=True))))
