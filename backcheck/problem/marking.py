"""The section `marking:` of a problem file → what it asks for and what that is worth, as written; it knows no worksheet."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from backcheck.arithmetic import SPELLINGS
from backcheck.problem.reading import Reading
from backcheck.problem.text import Map, Node, Scalar, kind

# key → how a Marking calls it; each is a part, from 0 to 1, of the points of a number or of all
SHARES = {
    "truncated": "truncated",
    "transposed": "transposed",
    "descent": "descent",
    "carried": "carried",
    "carried_at_most": "carried_at_most",
    "pass": "pass_mark",
}
KEYS = ("ask", "weights", "decimals", *SHARES)
MOST_DECIMALS = 15


class Section(NamedTuple):
    """What is written under `marking:`, with the places where it is written; names are not looked up yet."""

    node: Map
    file: str
    text: str
    ask: tuple[Scalar, ...] | None  # cells and kinds; None: what is usual
    weights: tuple[tuple[Scalar, Fraction], ...]
    shares: Mapping[str, Fraction]
    decimals: int | None = None


def section(node: Node, reading: Reading, file: str, text: str) -> Section | None:
    """The section, exact to the digits that are written, or None if it is no mapping."""
    if not isinstance(node, Map):
        reading.mapping(node, "marking")
        return None
    reading.keys(node, KEYS, "marking")
    ask = _ask(reading, node.get("ask"))
    weights = _weights(reading, node.get("weights"))
    shares = {called: _share(reading, value, key) for key, called in SHARES.items() if (value := node.get(key))}
    decimals = _decimals(reading, value) if (value := node.get("decimals")) else None
    return Section(node, file, text, ask, weights, shares, decimals)


def _ask(reading: Reading, node: Node | None) -> tuple[Scalar, ...] | None:
    items = reading.list(node, "ask") if node else None
    if items is None:
        return None
    for item in items:
        if not isinstance(item, Scalar) or not item.text:
            reading.fault(item, f"ask should name quantities, not {kind(item)}", 'for instance deltas, "z1[1]", dL/dw5')
    return tuple(item for item in items if isinstance(item, Scalar))


def _weights(reading: Reading, node: Node | None) -> tuple[tuple[Scalar, Fraction], ...]:
    mapping = reading.mapping(node, "weights")
    pairs = mapping.pairs if mapping else ()
    return tuple((key, _exact(reading, value, f"the weight of {key.text[:40]}")) for key, value in pairs)


def _share(reading: Reading, node: Node, key: str) -> Fraction:
    share = _exact(reading, node, key)
    if share > 1:
        assert isinstance(node, Scalar)  # noqa: S101, it has been read as a number
        way_out = "write 60 % as 0.6" if key == "pass" else "1 keeps all points, 0 none"
        reading.fault(node, f"{key} should be a part from 0 to 1, not {node.text}", way_out)
    return share


def _decimals(reading: Reading, node: Node) -> int:
    value = _exact(reading, node, "decimals")
    if value.denominator != 1 or value > MOST_DECIMALS:
        reading.fault(node, f"decimals should be a whole number from 0 to {MOST_DECIMALS}")
        return 0
    return int(value)


def _exact(reading: Reading, node: Node, what: str) -> Fraction:
    """A number of 0 or more, exactly as it is written."""
    if reading.number(node, what) is None or not isinstance(node, Scalar):
        return Fraction(0)
    top, _, bottom = node.text.translate(SPELLINGS).partition("/")
    value = Fraction(top) / Fraction(bottom or "1")
    if value < 0:
        reading.fault(node, f"{what} should not be below 0")
    return value
