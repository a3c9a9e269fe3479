"""The shapes of vectors and matrices, and which of them fit together; it knows no entries and looks up no names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backcheck.proving.statements import Misread
from backcheck.proving.tree import Tree

Shape = tuple[str, ...]  # () a number · (K,) a vector, standing upright · (ROW, K) lying · (J, K) a matrix · d(f, W) may have more
ROW = ""  # of a vector that lies: one row, told apart from a matrix that has one


def in_words(shape: Shape) -> str:
    """A shape as people say it.

    >>> in_words(()), in_words(("K",)), in_words((ROW, "K")), in_words(("J", "K")), in_words(("n", "k", "k"))
    ('a number', 'a vector (K)', 'a row (1×K)', 'a matrix (J×K)', 'an array (n×k×k)')
    """
    kind = "a row" if shape[:1] == (ROW,) else ("a number", "a vector", "a matrix", "an array")[min(len(shape), 3)]
    return f"{kind} ({'×'.join(size or '1' for size in shape)})" if shape else kind


def indexed(shape: Shape) -> Shape:
    """What its indices run over, one after the other."""
    return shape[1:] if shape[:1] == (ROW,) else shape


def product(left: Shape, right: Shape) -> Shape | None:
    """The shape of a matrix product; None where the two do not fit.

    >>> product(("J", "K"), ("K",)), product((ROW, "K"), ("K",)), product(("K",), (ROW, "J")), product(("K",), ("K",))
    (('J',), (), ('K', 'J'), None)
    """
    if not left or not right:
        return left or right
    if len(left) > 2 or len(right) > 2:
        return None
    rows, inner = left if len(left) == 2 else (left[0], ROW)
    other, columns = right if len(right) == 2 else (right[0], ROW)
    if inner != other:
        return None
    return (rows, columns) if columns else (rows,) if rows else ()


def transposed(shape: Shape) -> Shape | None:
    """None where there are more than rows and columns.

    >>> transposed(("K",)), transposed((ROW, "K")), transposed(("J", "K"))
    (('', 'K'), ('K',), ('K', 'J'))
    """
    if len(shape) > 2:
        return None
    return (ROW, *shape) if len(shape) == 1 else shape[1:] if shape[:1] == (ROW,) else shape[::-1]


# what is said where they do not fit


def spelled(tree: Tree) -> str:
    """A part of a line in plain signs."""
    from backcheck.proving.spelling.spelled import spell

    return spell(tree)


def misfit(trees: Sequence[Tree], shapes: Sequence[Shape], doing: str, way_out: str) -> Misread:
    """Both parts with their shapes, what cannot be done with them, and what can."""
    parts = ", ".join(f"{spelled(tree)} is {in_words(shape)}" for tree, shape in zip(trees, shapes, strict=True))
    return Misread(column(trees[-1]), f"{parts}: {doing}", way_out, len(spelled(trees[-1])))


def column(tree: Tree) -> int:
    """Where a part begins."""
    columns = [tree.column, *(column(part) for part in tree.parts[:1])] if tree.op != "call" else [tree.column]
    return min((one for one in columns if one), default=tree.column)


def what_fits(left: Tree, a: Shape, right: Tree, b: Shape) -> str:
    """Which products of the two there are."""
    ways = list(_ways(left, a, right, b))
    return f"what fits: {', '.join(ways)}" if ways else "a product takes J×K times K×N; look at the declarations"


def _ways(left: Tree, a: Shape, right: Tree, b: Shape) -> Iterator[str]:
    one, other = Tree("transpose", (left,)), Tree("transpose", (right,))
    tried = (((one, right), transposed(a), b), ((left, other), a, transposed(b)), ((right, left), b, a))
    for parts, first, second in tried:
        if first is not None and second is not None and (found := product(first, second)) is not None:
            yield f"{spelled(Tree('times', parts))} ({in_words(found)})"
    if a == b:
        yield f"{spelled(Tree('elementwise', (left, right)))} (element by element)"
