"""What no teacher would write in the place of a wrong line: the line before it, a derivative, a - a; it knows no values."""

from __future__ import annotations

from collections import Counter

from backcheck.proving.repairs.around import Around
from backcheck.proving.repairs.edits import Edit
from backcheck.proving.tree import Tree, free, name, number, put, walk

# by these a sum may come to cancel: y - y a - a + y a
REARRANGED = frozenset({"sign", "bracket", "linearity", "exponent", "factor"})

# slips in copying a line: what is meant is then the line before
COPIED = frozenset({"sign", "index", "name", "number", "exponent", "bracket", "transposed", "exchanged"})


class Decency:
    """Whether an edited line may be shown: a test for all edits of one line."""

    def __init__(self, here: Around) -> None:
        self._book, self._before = here.book, in_order(here.before)
        self._wrong = _parts(here.wrong)
        slopes = {node for node in walk(self._before) if node.op == "slope"}
        chain = {part for part in self._before.parts if part.op == "slope"} if self._before.op == "times" else set()
        unworked = slopes - (chain if len(chain) > 1 else set())
        unworked |= {in_order(line) for line in here.known if line.op == "slope"}  # the derivative in the claim, or opened
        self._faces = here.names
        self._unworked = {self._faceless(one) for one in unworked}
        self._whole = {in_order(one) for one in here.near if free(one)}
        self._body = in_order(here.before.parts[0]) if here.before.op == "slope" else None
        self._not_again = {self._before} if self._before.op != "number" else set()
        self._twice = any(len(node.parts) > 2 for line in here.known for node in walk(line) if node.op == "slope")
        self._sizes, self._cancelled = here.names.sizes, here.book.cancelled(here.wrong)
        leaves = [node for node in walk(self._before) if not node.parts]
        self._may_be_copied = len(leaves) > 1 and all(node.op != "slope" for node in walk(self._before))
        self._is_numeral = here.before.op == "number"
        self._certain = _certain(here.wrong)
        self._nothing, self._zeroed = here.book.nothing(here.wrong), _has_zero(here.wrong)

    def __call__(self, edit: Edit) -> bool:
        return (
            not self.repeats(edit)
            and not (edit.is_put_in and self._is_numeral and not free(edit.tree))
            and not (edit.is_put_in and (edit.place.node == number(0) or _has_zero(edit.tree) > self._zeroed))
            and ((edit.kind.slip in REARRANGED and not edit.is_put_in) or self._book.nothing(edit.tree) <= self._nothing)
            and (self._twice or edit.kind.slip != "derivative")
            and not (edit.is_put_in and self._cancels_a_size(edit))
            and _certain(edit.tree) <= self._certain
            and not (edit.kind.slip == "delta_missing" and self._is_there(edit))
        )

    def _faceless(self, tree: Tree) -> Tree:
        """With all indices as one: d(F, z[k]) is d(F, z[j])."""
        return put(tree, {one: name("·") for one in free(tree) if self._faces.is_letter(one)})

    def _is_whole(self, edit: Edit) -> bool:
        """What is put in is all that the line should be; or it is a term, and all that was to be differentiated, and no product."""
        meant = edit.change.meant
        if not isinstance(meant, Tree):
            return False
        bare = in_order(meant.parts[0] if meant.op == "minus" else meant)
        is_body = edit.kind.slip == "term_missing" and bare.op != "times" and bare == self._body
        return is_body or bare in self._whole

    def _cancels_a_size(self, edit: Edit) -> bool:
        """K/K"""
        meant = edit.change.meant
        is_size = isinstance(meant, Tree) and meant.text in self._sizes
        return is_size and self._book.cancelled(edit.tree) > self._cancelled

    def _is_there(self, edit: Edit) -> bool:
        """A delta that is put in stands there already."""
        meant = edit.change.meant
        return isinstance(meant, Tree) and self._book.of(meant) in self._book.inside(edit.place.node)

    def is_back(self, edit: Edit) -> bool:
        """It leads back to the line before."""
        return in_order(edit.tree) == self._before

    def repeats(self, edit: Edit) -> bool:
        """The line before, or the derivative that was to be worked out, is there again, and was not in what was written."""
        line = in_order(edit.tree)
        if line == self._before:
            return not (self._may_be_copied and edit.kind.slip in COPIED)
        held = _parts(edit.tree)
        if edit.is_put_in and self._is_whole(edit):
            return True
        slopes = {self._faceless(one) for one in held - self._wrong if one.op == "slope"}
        return bool((slopes & self._unworked) or (held & self._not_again) - self._wrong) or (
            _holds(line, self._before) and not any(_holds(part, self._before) for part in self._wrong)
        )


def in_order(tree: Tree) -> Tree:
    """With the terms and factors in one order, so that two lines that differ in nothing else are the same."""
    parts = tuple(map(in_order, tree.parts))
    if tree.op in ("plus", "times"):
        parts = tuple(sorted((part for one in parts for part in (one.parts if one.op == tree.op else (one,))), key=repr))
    return tree._replace(parts=parts)


def _parts(tree: Tree) -> set[Tree]:
    return {*walk(in_order(tree))}


def _holds(line: Tree, whole: Tree) -> bool:
    """All terms of a sum among more terms, all factors of a product among more factors."""
    if whole.op not in ("plus", "times"):
        return False
    sought = Counter(whole.parts)
    return any(node.op == whole.op and not sought - Counter(node.parts) for node in walk(line))


def _has_zero(tree: Tree) -> int:
    """How often 0 is multiplied or divided."""
    return sum(_is_zeroed(node) for node in walk(tree))


def _is_zeroed(node: Tree) -> bool:
    return node.op in ("times", "over") and number(0) in node.parts


def _certain(tree: Tree) -> int:
    """How often something with one index twice is 1 for sure: delta(j,j)."""
    return sum(node.text == "delta" and len({*node.parts}) == 1 for node in walk(tree))
