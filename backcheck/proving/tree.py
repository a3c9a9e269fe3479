"""An expression of a derivation as a tree, in the form people wrote it; it knows no grammar, no shapes and no rule of algebra.

number    0.5              text: the numeral
name      y                text: the name of a number, a vector, a matrix, an index or a size
entry     z[k] (W x)[i]    parts: what has entries, then its indices
plus      a + b - c        parts: the terms; one that is taken away is a `minus`
minus     -a
times     a b c            parts: the factors, in order: of matrices it is the matrix product
elementwise  a .* b
over      a/b
power     a^n
transpose a^T              text: ' where it was typed as a', and a may be a number, of which that is the slope
call      exp(z) f(z) f'(z)   text: the function's name; parts: its arguments
total     sum(k, z[k])     text: the index that runs; parts: what is added, then the indices it leaves out (k != i)
largest   max(k, z[k])     the same, for the greatest
slope     d(L, z[j])       parts: what is differentiated, then by what, one after the other
infinity  oo
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

BINDERS = ("total", "largest")
PRIME = "'"


class Tree(NamedTuple):
    """One operation on its parts; the column is where it was typed, counting from 1."""

    op: str
    parts: tuple[Tree, ...] = ()
    text: str = ""
    column: int = 0


def number(value: object) -> Tree:
    """A numeral; a negative one is a `minus`."""
    text = str(value)
    return Tree("minus", (number(text[1:]),)) if text.startswith("-") else Tree("number", text=text)


def name(text: str) -> Tree:
    return Tree("name", text=text)


def walk(tree: Tree) -> Iterator[Tree]:
    """A tree and all its parts, from the top."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(node.parts))


def bare(tree: Tree) -> Tree:
    """The same tree, wherever it was typed: two trees that look alike are then equal."""
    return tree._replace(parts=tuple(map(bare, tree.parts)), column=0)


def changed(tree: Tree, rule: Callable[[Tree], Tree]) -> Tree:
    """Every node through the rule, the parts first."""
    return rule(tree._replace(parts=tuple(changed(part, rule) for part in tree.parts)) if tree.parts else tree)


# names that stand free, and what is put in their place


def free(tree: Tree) -> dict[str, None]:
    """The names that nothing in the tree binds, in the order they are read."""
    if tree.op == "name":
        return {tree.text: None}
    found: dict[str, None] = {}
    for at, part in enumerate(tree.parts):
        inner = free(part)
        if at == 0 and tree.op in BINDERS:
            inner.pop(tree.text, None)
        found |= inner
    return found


def called(tree: Tree) -> str:
    """The name of a place: y, or z of z[k]."""
    return tree.parts[0].text if tree.op == "entry" else tree.text


def mentioned(tree: Tree) -> frozenset[str]:
    """All names in a tree, of what it calls as well."""
    return frozenset(node.text for node in walk(tree) if node.op in ("name", "call"))


def put(tree: Tree, names: Mapping[str, Tree]) -> Tree:
    """Trees put in the place of free names; an index that runs gives way to a name of its own.

    >>> put(Tree("total", (name("i"),), "k"), {"i": name("k")})
    Tree(op='total', parts=(Tree(op='name', parts=(), text='k', column=0),), text='k~', column=0)
    """
    if tree.op == "name":
        return names.get(tree.text, tree)
    if tree.op not in BINDERS:
        return tree._replace(parts=tuple(put(part, names) for part in tree.parts)) if tree.parts else tree
    body, *left_out = tree.parts
    inner = {key: value for key, value in names.items() if key != tree.text and key in free(body)}
    text = tree.text
    taken = {other for value in inner.values() for other in free(value)}
    if text in taken:
        taken |= {*free(body)}
        while text in taken:
            text += "~"  # an index k~ runs over what k runs over
        inner[tree.text] = name(text)
    return tree._replace(parts=(put(body, inner), *(put(part, names) for part in left_out)), text=text)
