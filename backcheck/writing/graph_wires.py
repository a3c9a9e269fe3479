"""Wires between two layers of boxes on a screen of characters: one track for each quantity; it knows no graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
SIGNS = {
    UP: "│", DOWN: "│", UP | DOWN: "│", LEFT: "─", RIGHT: "─", LEFT | RIGHT: "─",
    UP | RIGHT: "╰", UP | LEFT: "╯", DOWN | RIGHT: "╭", DOWN | LEFT: "╮",
    UP | DOWN | RIGHT: "├", UP | DOWN | LEFT: "┤", LEFT | RIGHT | DOWN: "┬", LEFT | RIGHT | UP: "┴",
    UP | DOWN | LEFT | RIGHT: "┼",
}  # fmt: skip


class Net(NamedTuple):
    """What leaves one place: its column above, and the columns below at which it arrives."""

    source: int
    ends: tuple[int, ...]

    @property
    def low(self) -> int:
        return min(self.source, *self.ends)

    @property
    def high(self) -> int:
        return max(self.source, *self.ends)

    @property
    def straight(self) -> bool:
        return self.low == self.high


class Canvas:
    """A screen that grows downwards; every sign has its own place, and a sign of two columns leaves the next one empty."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = []

    def grow(self, rows: int) -> int:
        """New empty rows; the number of the first."""
        self.lines += [[] for _ in range(rows)]
        return len(self.lines) - rows

    def put(self, row: int, column: int, signs: Iterable[str]) -> None:
        """Writes signs side by side."""
        line = self.lines[row]
        for i, sign in enumerate(signs, column):
            line += [" "] * (i + 1 - len(line))
            line[i] = sign

    def __str__(self) -> str:
        return "\n".join("".join(line).rstrip() for line in self.lines)


def routed(canvas: Canvas, nets: list[Net]) -> bool:
    """Draws the wires below a layer; False if no order of the tracks keeps them apart."""
    track = tracks(nets)
    if track is None:
        return False
    top = canvas.grow(max(track.values(), default=-1) + 1)
    bottom = len(canvas.lines)
    cells: dict[tuple[int, int], list[int]] = {}
    for net in nets:
        own = _cells(net, top, top + track[net] if net in track else bottom, bottom)
        for place, mask in own.items():
            cells.setdefault(place, []).append(mask)
    for (row, column), masks in cells.items():  # of two wires that cross, the one that falls lies on top
        canvas.put(row, column, SIGNS[masks[0]] if len(masks) == 1 else "│")
    return True


def _cells(net: Net, top: int, row: int, bottom: int) -> dict[tuple[int, int], int]:
    """Each place of one wire and the sides at which it goes on: down to its track, along it, down from it."""
    cells: dict[tuple[int, int], int] = {(r, net.source): UP | DOWN for r in range(top, row)}
    if row == bottom:
        return cells
    for column in range(net.low, net.high + 1):
        cells[row, column] = LEFT * (column > net.low) | RIGHT * (column < net.high) | UP * (column == net.source)
    for end in net.ends:
        cells[row, end] |= DOWN
        cells.update(dict.fromkeys(((r, end) for r in range(row + 1, bottom)), UP | DOWN))
    return cells


def tracks(nets: list[Net]) -> Mapping[Net, int] | None:
    """A row for every wire that is not straight; where one arrives in the column that another leaves, the other turns off first.

    >>> a, b = Net(0, (4,)), Net(4, (8,))
    >>> tracks([a, b]) == {b: 0, a: 1}
    True
    """
    waiting = sorted((net for net in nets if not net.straight), key=lambda net: (net.high - net.low, net.low))
    first = {net: [other for other in waiting if other is not net and other.source in net.ends] for net in waiting}
    found: dict[Net, int] = {}
    while waiting:
        net = next((net for net in waiting if all(other in found for other in first[net])), None)
        if net is None:
            return None
        waiting.remove(net)
        row = 1 + max((found[other] for other in first[net]), default=-1)
        while any(at == row and net.low <= other.high + 1 and other.low <= net.high + 1 for other, at in found.items()):
            row += 1
        found[net] = row
    return found
