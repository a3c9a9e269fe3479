"""Edits of sums over an index: one that is missing or too many, what it runs over, what it leaves out."""

from __future__ import annotations

from backcheck.proving.repairs.around import Around
from backcheck.proving.repairs.changes import Change, Changes
from backcheck.proving.repairs.places import Place, fraction, negative, product
from backcheck.proving.tree import Tree, free, name, number, put


def sum_dropped(place: Place, _: Around) -> Changes:
    node = place.node
    if node.op == "total":
        yield Change(node.parts[0], node.text)


def one_of_a_sum(place: Place, here: Around) -> Changes:
    """z[i] for sum(k, z[k])."""
    node = place.node
    if node.op == "total":
        for other in here.others(node.text, place):
            yield Change(put(node.parts[0], {node.text: name(other)}), node.text)


def sum_missing(place: Place, here: Around) -> Changes:
    """A sum over an index that stands here and should run."""
    if place.role not in ("head", "index", "by", "left out", "exponent"):
        for letter in free(place.node):
            if here.names.is_letter(letter) and letter not in place.runs:
                yield Change(_summed(place.node, letter), "", letter)


def _summed(tree: Tree, letter: str) -> Tree:
    """A fraction that has no such index stays before the sum, and what stands below it, too."""
    if tree.op == "times":
        constant = [part for part in tree.parts if part.op == "over" and letter not in free(part)]
        summed = product(*(part for part in tree.parts if part not in constant))
        return product(*constant, Tree("total", (summed,), letter))
    if tree.op == "over" and letter not in free(tree.parts[1]):
        return fraction(_summed(tree.parts[0], letter), tree.parts[1])
    return negative(_summed(tree.parts[0], letter)) if tree.op == "minus" else Tree("total", (tree,), letter)


def left_out_dropped(place: Place, _: Around) -> Changes:
    node = place.node
    if node.op in ("total", "largest") and len(node.parts) > 1:
        yield Change(node._replace(parts=node.parts[:1]), node.text, node.parts[1])


def left_out_missing(place: Place, here: Around) -> Changes:
    node = place.node
    if node.op in ("total", "largest") and len(node.parts) == 1:
        for other in here.others(node.text, place):
            yield Change(node._replace(parts=(*node.parts, name(other))), node.text, other)


def zero_for_one(place: Place, _: Around) -> Changes:
    """A term or a factor that should be 0: all of it."""
    if place.role == "root" and place.node.op != "number":
        yield from (Change(number(n), place.node, str(n)) for n in (0, 1))
