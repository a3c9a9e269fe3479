"""A problem file → its blank worksheet; the one place that tells a network from an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from backcheck.errors import BadProblem
from backcheck.problem.reading import Reading, TooMany
from backcheck.problem.text import Map, Node, decoded, read
from backcheck.worksheet import Worksheet

if TYPE_CHECKING:
    from backcheck.problem.marking import Section


class Problem(NamedTuple):
    """A blank worksheet, and what is needed to point at its file later."""

    blank: Worksheet
    file: str
    text: str
    loss: Node
    marking: Section | None = None


def problem(raw: bytes, file: str, folder: str) -> Problem:
    """The given numbers and the forward pass of a problem; raises BadProblem with every fault of the file.

    `file` is how messages call it, `folder` is where the paths in it begin.
    """
    text = decoded(raw, file)
    root, faults = read(text, file)
    reading = Reading(faults)
    try:
        sheet = _sheet(root, reading, folder)
        marking = _marking(root.get("marking"), reading, file, text)
    except TooMany:
        sheet = marking = None
    if sheet is None or faults:
        raise BadProblem(file, faults, text)
    return Problem(sheet, file, text, root.get("loss") or root, marking)


def _sheet(root: Map, reading: Reading, folder: str) -> Worksheet | None:
    if root.get("expression") or root.get("let") or (root.get("at") and not root.get("layers")):
        from backcheck.problem.expression import expression

        return expression(root, reading)
    from backcheck.problem.network import network

    return network(root, reading, folder)


def _marking(node: Node | None, reading: Reading, file: str, text: str) -> Section | None:
    if node is None:
        return None
    from backcheck.problem.marking import section

    return section(node, reading, file, text)
