"""What to say where the shapes of two parts do not fit; it knows no operation."""

from __future__ import annotations

from backcheck.matrices.signs import Mistake
from backcheck.matrices.tree import SCALAR, Shape, Tree
from backcheck.matrices.written import written


def spelled(shape: Shape) -> str:
    """A shape in words: n×d, or scalar."""
    return "scalar" if shape == SCALAR else "×".join(shape)


def mismatch(tree: Tree, doing: str, way_out: str) -> Mistake:
    """An error that names both parts with their shapes."""
    a, b = tree.parts[0], tree.parts[-1]
    return Mistake(tree.column, f"{doing}: {written(a)} is {spelled(a.shape)}, {written(b)} is {spelled(b.shape)}", way_out)


def fits(a: Tree, b: Tree) -> str:
    """Which products of the two would fit."""
    left, right = written(a, "'"), written(b, "'")
    ways = []
    if a.shape[0] == b.shape[0]:
        ways.append(f"{left}'*{written(b, '*')} ({spelled((a.shape[1], b.shape[1]))})")
    if a.shape[1] == b.shape[1]:
        ways.append(f"{written(a, '*')}*{right}' ({spelled((a.shape[0], b.shape[0]))})")
    if b.shape[1] == a.shape[0]:
        ways.append(f"{written(b, '*')}*{written(a, '*')} ({spelled((b.shape[0], a.shape[1]))})")
    if a.shape == b.shape:
        ways.append(f"{written(a, '*')}.*{written(b, '*')} (element by element)")
    return f"what fits: {', '.join(ways)}" if ways else "a product takes n×m times m×k; check the shapes"
