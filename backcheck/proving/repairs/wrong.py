"""A line that does not follow, and what the edit that mends it shows of the mistake; it knows no names for mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from backcheck.proving.names import Names
from backcheck.proving.repairs.edits import Edit
from backcheck.proving.repairs.opened import body_of
from backcheck.proving.tree import BINDERS, Tree, changed, free, name, number, put, walk

MOST_OPENED = 400  # nodes
DEEP = 4  # definitions within definitions


class Wrong(NamedTuple):
    """A line that does not follow from the one before, with the edit that mends it, if there is one."""

    before: Tree
    line: Tree
    edit: Edit | None
    names: Names
    agrees: Callable[[Tree, Tree], bool]  # whether two sides agree for some numbers, as far as they are tried
    needs: bool = False  # it is true under a condition that is not given

    def is_a(self, *ids: str) -> bool:
        """Whether the edit is of one of these kinds."""
        return self.edit is not None and self.edit.kind.slip in ids

    @property
    def meant(self) -> Tree | None:
        """What was meant at the place of the edit."""
        return _tree(self.edit.change.meant) if self.edit else None

    @property
    def wrote(self) -> Tree | None:
        return _tree(self.edit.change.wrote) if self.edit else None

    @property
    def variable(self) -> str:
        """By what is differentiated in the line before."""
        by = next((node.parts[1] for node in walk(self.before) if node.op == "slope"), None)
        return "" if by is None else (by.parts[0] if by.op == "entry" else by).text

    def opened(self, tree: Tree, kept: str = "") -> Tree:
        """With what its names are defined as, but one; and the names in that, so that a loss is seen to hold its weights."""
        for _ in range(DEEP):
            if sum(1 for _ in walk(tree)) < MOST_OPENED:
                tree = changed(tree, lambda node: self._open(node, kept))
        return tree

    def _open(self, tree: Tree, kept: str) -> Tree:
        head = tree.parts[0] if tree.op == "entry" else tree
        return tree if head.text == kept else body_of(tree, self.names) or tree


Test = Callable[[Wrong], bool]


def _tree(one: Tree | str) -> Tree | None:
    return one if isinstance(one, Tree) else None


def by(*ids: str) -> Test:
    """The edit alone says it."""
    return lambda wrong: wrong.is_a(*ids)


def without_minus(tree: Tree | None) -> Tree | None:
    return tree.parts[0] if tree is not None and tree.op == "minus" else tree


# how often something is counted


def _is_size(tree: Tree | None, names: Names) -> bool:
    return tree is not None and tree.op == "name" and tree.text in names.sizes


def _is_one_over(tree: Tree | None, names: Names) -> bool:
    return tree is not None and tree.op == "over" and _is_size(tree.parts[1], names)


def sum_for_mean(wrong: Wrong) -> bool:
    """1/n is missing."""
    return wrong.is_a("size_factor", "divisor_missing", "factor_missing") and _is_one_over(wrong.meant, wrong.names)


def mean_for_sum(wrong: Wrong) -> bool:
    """1/n is too many."""
    return wrong.is_a("factor") and wrong.meant is None and _is_one_over(wrong.wrote, wrong.names)


def counted_once(wrong: Wrong) -> bool:
    """n is missing, or the sum over what is the same in each of its terms."""
    if wrong.is_a("size_factor", "factor_missing"):
        return _is_size(wrong.meant, wrong.names)
    return wrong.is_a("bracket") and _moved(wrong, into_sum=True) is not None


def counted_often(wrong: Wrong) -> bool:
    """n is too many, or something stands in a sum that has no index of it."""
    if wrong.is_a("factor") and wrong.meant is None:
        return _is_size(wrong.wrote, wrong.names)
    return wrong.is_a("bracket") and _moved(wrong, into_sum=False) is not None


def bias_counted(wrong: Wrong) -> bool:
    """The same, of a bias."""
    if not counted_often(wrong):
        return False
    found = (
        [_moved(wrong, into_sum=False)] if wrong.is_a("bracket") else [node for node in walk(wrong.before) if node.op == "slope"]
    )
    parts = [node.parts[1] if node.op == "slope" else node for node in found if node is not None]
    return any((part.parts[0] if part.op == "entry" else part).text.lower().startswith("b") for part in parts)


def _moved(wrong: Wrong, into_sum: bool) -> Tree | None:
    """The term that goes into a sum over an index, or out of it, though it has no such index."""
    if wrong.edit is None:
        return None
    now, then = wrong.edit.place.node, wrong.edit.change.tree
    whole, summed = (now, then) if into_sum else (then, now)
    if whole.op != "plus" or summed.op != "total" or summed.parts[0].op != "plus":
        return None
    return next((part for part in whole.parts if part in summed.parts[0].parts and summed.text not in free(part)), None)


def half_missing(wrong: Wrong) -> bool:
    """A half is missing, or a 2 too many."""
    half = wrong.meant is not None and wrong.meant.op == "over" and [part.text for part in wrong.meant.parts] == ["1", "2"]
    return wrong.is_a("factor") and (half or (wrong.meant is None and wrong.wrote == number(2)))


# cases and conditions


def only_true_class(wrong: Wrong) -> bool:
    """Only where two indices are the same is it true, and nothing in it tells them apart."""
    if any(node.op == "call" and node.text == "delta" for node in walk(wrong.line)) or wrong.is_a("index", "transposed", "sign"):
        return False
    if wrong.wrote == number(1) and wrong.is_a("delta", "delta_missing"):
        return True
    letters = [one for one in free(wrong.before) if wrong.names.is_letter(one)]
    pairs = [(i, j) for at, i in enumerate(letters) for j in letters[at + 1 :] if wrong.names.size(i) == wrong.names.size(j)]
    same = [tuple(put(side, {i: name(j)}) for side in (wrong.before, wrong.line)) for i, j in pairs]
    return any(wrong.agrees(*sides) for sides in same)


def delta_lost(wrong: Wrong) -> bool:
    """A delta is missing; or, in a derivative, the sum that it would have ended."""
    differentiated = any(node.op == "slope" for node in walk(wrong.before))
    return wrong.is_a("delta_missing", "delta") or (wrong.is_a("one_of_sum") and differentiated)


def not_normalised(wrong: Wrong) -> bool:
    """The sum of exponentials under a fraction is missing."""
    if not wrong.is_a("divisor_missing") or (meant := wrong.meant) is None or meant.op != "over":
        return False
    below = wrong.opened(meant.parts[1])
    return below.op in BINDERS and any(node.op == "call" and node.text == "exp" for node in walk(below))


def by_zero(wrong: Wrong) -> bool:
    """Something is divided by what is 0 for all numbers."""
    below = [node.parts[1] for node in walk(wrong.line) if node.op == "over"]
    return any(one.text == "0" or (one.op == "plus" and wrong.agrees(one, number(0))) for one in below)
