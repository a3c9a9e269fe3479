"""Shapes as they are typed, and the shape of every part of a tree; it knows no entries and no numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from backcheck.errors import BadArgument, did_you_mean
from backcheck.matrices.meanings import RULES, Notes
from backcheck.matrices.signs import Mistake
from backcheck.matrices.tree import Shape, Tree

SIZE = re.compile(r"[^\W\d_]\w*|[1-9][0-9]{0,8}")


def shape_of(name: str, typed: str) -> Shape:
    """A shape as it is typed: "n,d", "n×d", "d" (a column), "1,d" (a row), "1" or "scalar".

    >>> shape_of("X", "n x d"), shape_of("w", "d"), shape_of("c", "scalar")
    (('n', 'd'), ('d', '1'), ('1', '1'))
    """
    text = typed.strip().removeprefix("(").removesuffix(")").strip()
    sizes = [size.strip() for size in re.split(r",|×|\s+x\s+", text)] if text not in ("scalar", "") else ["1"]
    sizes = [size for size in sizes if size] or ["?"]
    if len(sizes) > 2 or not all(SIZE.fullmatch(size) for size in sizes):
        ways = f"{name}=n,d is a matrix, {name}=d a column, {name}=1,d a row, {name}=1 a scalar; {name}=3,d works too"
        raise BadArgument(f"{typed!r} is no shape for {name}: {ways}")
    return sizes[0], sizes[1] if len(sizes) == 2 else "1"


def shaped(tree: Tree, shapes: Mapping[str, Shape], notes: Notes) -> Tree:
    """The same tree with the shape of each part, in which every operation means one thing.

    >>> X, w = ("n", "d"), ("d", "1")
    >>> tree = Tree("product", (Tree("name", text="X"), Tree("name", text="w")))
    >>> shaped(tree, {"X": X, "w": w}, {}).shape
    ('n', '1')
    """
    if tree.op in ("eye", "ones"):
        return _of_a_size(tree, shapes)
    if tree.op == "name":
        return _name(tree, shapes)
    tree = tree._replace(parts=tuple(shaped(part, shapes, notes) for part in tree.parts))
    return RULES[tree.op](tree, notes)


def _sizes(shapes: Mapping[str, Shape]) -> set[str]:
    return {size for shape in shapes.values() for size in shape}


def _name(tree: Tree, shapes: Mapping[str, Shape]) -> Tree:
    if tree.text in shapes:
        return tree._replace(shape=shapes[tree.text])
    if tree.text in _sizes(shapes):
        return tree._replace(op="size")
    hint = did_you_mean(tree.text, list(shapes))
    way_out = f"--shape {tree.text}=n,d for a matrix, {tree.text}=d for a column, {tree.text}=1 for a scalar"
    raise Mistake(tree.column, f"{tree.text} has no shape", hint or way_out, len(tree.text))


def _of_a_size(tree: Tree, shapes: Mapping[str, Shape]) -> Tree:
    size = tree.parts[0].text
    if tree.parts[0].op not in ("name", "number") or (size not in _sizes(shapes) and not size.isdecimal()) or size == "0":
        way_out = f"sizes are {', '.join(sorted(_sizes(shapes) - {'1'})) or 'given with --shape'}"
        raise Mistake(tree.column, f"{tree.op} takes one size", way_out, len(tree.op))
    return Tree(tree.op, (), size, tree.column, (size, size if tree.op == "eye" else "1"))
