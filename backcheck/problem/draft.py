"""Numbers typed into a network's file, with the names and digits they were given; it knows no layers."""

from __future__ import annotations

import math

import numpy as np

from backcheck.cells import Place
from backcheck.problem.reading import Reading, written
from backcheck.problem.text import Map, Node, Scalar
from backcheck.worksheet import Array


class Draft:
    """What is found while a file is read."""

    def __init__(self, reading: Reading, folder: str) -> None:
        self.reading, self.folder = reading, folder
        self.given: dict[str, Array] = {}
        self.own: dict[Place, str] = {}
        self.named: dict[str, tuple[Scalar, float]] = {}  # own name → where it first stands, its value
        self.written: dict[Place, str] = {}


def cell(draft: Draft, node: Node, what: str, place: Place) -> float:
    """One number, or `w5: 0.40`, a number with a name of its own."""
    if isinstance(node, Map) and len(node.pairs) == 1:
        key, node = node.pairs[0]
        value = draft.reading.number(node, key.text)
        if draft.reading.name(key) and value is not None:
            _own_name(draft, key, value, place)
    else:
        value = draft.reading.number(node, what)
    if isinstance(node, Scalar) and value is not None and (text := written(node.text)):
        draft.written[place] = text
    return math.nan if value is None else value


def _own_name(draft: Draft, key: Scalar, value: float, place: Place) -> None:
    first, known = draft.named.setdefault(key.text, (key, value))
    if known != value:
        draft.reading.fault(
            key,
            f"{key.text} is {known:g} in line {first.line} and {value:g} here",
            "the same name twice is one parameter: it has one value",
        )
    draft.own[place] = key.text


def vector(draft: Draft, nodes: list[Node], what: str, row: str) -> Array:
    return np.array([cell(draft, node, f"{what} {j}", (row, (j - 1,))) for j, node in enumerate(nodes, 1)])


def matrix(draft: Draft, node: Node, what: str, row: str, each: str) -> Array | None:
    """A list of lists, all of one length: one list for each unit, or for each example."""
    rows = draft.reading.list(node, what)
    if rows is None:
        return None
    lists = [draft.reading.list(r, f"{each} {i} of {what}") for i, r in enumerate(rows, 1)]
    if None in lists:
        return None
    found = [[cell(draft, c, what, (row, (i, k))) for k, c in enumerate(cells or ())] for i, cells in enumerate(lists)]
    wrong = next((i for i, numbers in enumerate(found) if len(numbers) != len(found[0])), None)
    if wrong is not None:
        draft.reading.fault(
            rows[wrong],
            f"{each} {wrong + 1} of {what} has {count(len(found[wrong]), 'number')}, {each} 1 has {len(found[0])}",
            "a number is written with a point: 0.25, not 0,25" if 0 in max(found[wrong], found[0], key=len) else "",
        )
        return None
    return np.array(found)


def count(n: int, thing: str) -> str:
    return f"{n:,} {thing}{'' if n == 1 else 's'}"
