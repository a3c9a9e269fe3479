"""An expression of matrices as a tree, with the shape of every part; it knows no grammar and no rule for shapes."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

Shape = tuple[str, str]
SCALAR: Shape = ("1", "1")


class Tree(NamedTuple):
    """One operation on its parts; the shape is known once `shapes` has been there."""

    op: str
    parts: tuple[Tree, ...] = ()
    text: str = ""  # a name, a numeral, the function applied
    column: int = 0
    shape: Shape = SCALAR


def number(text: str) -> Fraction:
    """A numeral, exactly."""
    return Fraction(text)  # exponents are bounded where the text is read


def walk(tree: Tree) -> list[Tree]:
    """A tree and all its parts."""
    found, pending = [], [tree]
    while pending:
        found.append(pending.pop())
        pending.extend(found[-1].parts)
    return found


def bare(tree: Tree) -> Tree:
    """The same tree, wherever it was typed."""
    return tree._replace(parts=tuple(map(bare, tree.parts)), column=0)
