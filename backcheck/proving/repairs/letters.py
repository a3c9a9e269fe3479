"""Edits of indices and names: one for another, here or throughout, or in each other's place."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.proving.repairs.around import Around
from backcheck.proving.repairs.changes import Change, Changes
from backcheck.proving.repairs.places import Place
from backcheck.proving.tree import BINDERS, Tree, free, name, put, walk


def index_replaced(place: Place, here: Around) -> Changes:
    if place.role == "index" and place.node.op == "name":
        for other in here.others(place.node.text, place):
            yield Change(name(other), place.node, other)


def other_index_in_square(place: Place, here: Around) -> Changes:
    """s[i] s[j] for s[i]^2."""
    node = place.node
    if node.op == "power" and node.parts[0].op == "entry" and node.parts[1].text == "2":
        for letter in free(node.parts[0]):
            for other in here.others(letter, place):
                meant = Tree("times", (node.parts[0], put(node.parts[0], {letter: name(other)})))
                yield Change(meant, node, meant)


def indices_exchanged(place: Place, here: Around) -> Changes:
    """W[k,j] for W[j,k], where both run over the same."""
    node = place.node
    if node.op == "entry" and len(node.parts) == 3:
        head, i, j = node.parts
        if here.names.is_letter(i.text) and j.text not in here.others(i.text, place):
            return
        yield Change(node._replace(parts=(head, j, i)), node, node._replace(parts=(head, j, i)))


def index_replaced_throughout(place: Place, here: Around) -> Changes:
    """One index for another in a whole factor, term or sum."""
    if place.role in ("head", "index") or not place.node.parts:
        return
    for letter in free(place.node):
        for other in here.others(letter, place):
            if all(node.text != other for node in walk(place.node) if node.op in BINDERS):
                yield Change(put(place.node, {letter: name(other)}), letter, other)


def letters_exchanged(place: Place, here: Around) -> Changes:
    """i for j and j for i."""
    letters = [one for one in free(place.node) if here.names.is_letter(one)] if place.node.op != "delta" else []
    yield from _exchanged(place, letters, here)


def _exchanged(place: Place, letters: list[str], here: Around) -> Changes:
    for at, i in enumerate(letters):
        for j in letters[at + 1 :]:
            if here.names.size(i) == here.names.size(j):
                yield Change(put(place.node, {i: name(j), j: name(i)}), f"{i} and {j}")


def sum_letter_replaced(place: Place, here: Around) -> Changes:
    if place.node.op in BINDERS:
        body = free(place.node.parts[0])
        for letter in body:
            if letter != place.node.text and here.names.is_letter(letter):
                yield Change(place.node._replace(text=letter), place.node.text, letter)


# names


def _alike(text: str, here: Around) -> Iterator[str]:
    """Names of the same shape."""
    shape = here.names.shapes.get(text, ())
    for other in here.quantities:
        if other != text and here.names.shapes.get(other, ()) == shape and other not in here.names.sizes:
            yield other


def _is_quantity(node: Tree, here: Around) -> bool:
    return node.op == "name" and not here.names.is_letter(node.text)


def name_replaced(place: Place, here: Around) -> Changes:
    node = place.node
    if _is_quantity(node, here) and place.role != "index":
        for other in dict.fromkeys((*_alike(node.text, here), *(() if here.names.shapes.get(node.text) else here.sizes))):
            if other != node.text:
                yield Change(name(other), node, other)


def entry_replaced(place: Place, here: Around) -> Changes:
    """W[i,j] for x[j]: another quantity with other indices."""
    node = place.node
    if node.op in ("entry", "name") and place.role in ("factor", "top", "below", "term", "root", "body", "taken away"):
        head = node.parts[0] if node.op == "entry" else node
        if node.op == "name" and not _is_quantity(node, here):
            return
        for other in (one for one in here.factors if one.op in ("entry", "name")):
            if (other.parts[0] if other.op == "entry" else other) != head and here.may_stand(other, place):
                yield Change(other, node, other)


def names_exchanged(place: Place, here: Around) -> Changes:
    """y and a in each other's place; or one for the other throughout."""
    if place.role in ("head", "index") or not place.node.parts:
        return
    names = [one for one in free(place.node) if not here.names.is_letter(one) and one not in here.names.sizes]
    for at, a in enumerate(names):
        for b in _alike(a, here):
            if b in names[at + 1 :]:
                yield Change(put(place.node, {a: name(b), b: name(a)}), f"{a} and {b}")
