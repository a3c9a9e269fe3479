"""Curves → a plot in characters, braille dots or ASCII, with axes, ticks and a legend; it knows no functions, only points."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count, pairwise
from typing import NamedTuple

from backcheck.spelling import SCREEN, Figures
from backcheck.writing.curves import Curve, bounds, pieces, printable

SMALLEST = (24, 8)  # columns and lines below which no plot can be read
BESIDE_A_TICK, UNDER_A_TICK = 4, 14  # lines, and columns, from one tick to the next at least
DASHES = ("1", "100", "11100", "1111100100")  # 1: a dot is set
MARKS = "*o+x#@"
BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # the dots of a sign, by row and column, above U+2800


class Frame(NamedTuple):
    """The part of the plane that is shown, and the grid of dots that it is shown on."""

    left: float
    right: float
    low: float
    high: float
    across: int
    down: int

    def dot(self, x: float, y: float) -> tuple[int, int]:
        """The column and the row of a point, counted from the upper left."""
        column = (x - self.left) / (self.right - self.left) * (self.across - 1)
        row = (self.high - y) / (self.high - self.low) * (self.down - 1)
        return round(column), round(row)


def terminal(curves: list[Curve], width: int, height: int, ascii: bool = False) -> str:
    """A plot of `width` columns and `height` lines, legend and axes included, in braille dots or in ASCII."""
    width, height = max(width, SMALLEST[0]), max(height, SMALLEST[1] + len(curves))
    rows = height - len(curves) - 2
    left, right, low, high = bounds(curves)
    ticks = {tick: _number(tick, ascii) for tick in ticks_of(low, high, rows // BESIDE_A_TICK)}
    margin = max(map(len, ticks.values()))
    columns = width - margin - 2
    fine = (1, 1) if ascii else (2, 4)
    frame = Frame(left, right, low, high, columns * fine[0], rows * fine[1])
    screen = _axes_through_zero(frame, columns, rows, ascii)
    for i, curve in enumerate(curves):
        for dots in _dots(curve, frame):
            _draw(screen, dots, i, ascii)
    at = {frame.dot(left, tick)[1] // fine[1]: text for tick, text in ticks.items()}
    edge = ("+", "|") if ascii else ("┤", "│")
    lines = [f"{at.get(r, ''):>{margin}} {edge[r not in at]}{''.join(line)}".rstrip() for r, line in enumerate(screen)]
    return "\n".join([*_legend(curves, ascii), *lines, *_axis_below(frame, columns, margin, ascii)])


def ticks_of(low: float, high: float, wanted: int) -> list[float]:
    """Round numbers within a range, 1, 2, 2.5, 3 or 5 times a power of ten apart: about as many as wanted, and two at least.

    >>> ticks_of(0.1, 0.93, 4), ticks_of(-6, 6, 4)
    ([0.25, 0.5, 0.75], [-6.0, -3.0, 0.0, 3.0, 6.0])
    """
    for most in count(max(2, wanted)):
        power = 10.0 ** math.floor(math.log10((high - low) / most))
        step = next(step * power for step in (1, 2, 2.5, 3, 5, 10, 20) if (high - low) / (step * power) <= most)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)  # what is a tick but for rounding is one
        if last > first:
            return [float(i * step) for i in range(first, last + 1)]
    raise AssertionError


def _number(value: float, ascii: bool) -> str:
    text = Figures(digits=4)(value)
    return text if ascii else text.replace("-", SCREEN.minus)


def _axes_through_zero(frame: Frame, columns: int, rows: int, ascii: bool) -> list[list[str]]:
    """An empty screen with a faint line where x or y is 0."""
    screen = [[" "] * columns for _ in range(rows)]
    column, row = frame.dot(0, 0)
    column, row = column * columns // frame.across, row * rows // frame.down
    if frame.left < 0 < frame.right:
        for line in screen:
            line[column] = ":" if ascii else "┊"
    if frame.low < 0 < frame.high:
        screen[row] = [("." if ascii else "┄") if sign == " " else sign for sign in screen[row]]
    return screen


def _dots(curve: Curve, frame: Frame) -> Iterator[list[tuple[int, int]]]:
    """The dots of each piece of a curve in the order they are drawn."""
    for piece in pieces(curve):
        dots = [frame.dot(*point) for point in piece]
        drawn = dict.fromkeys(dots[:1])
        for (x, y), (to_x, to_y) in pairwise(dots):
            steps = max(abs(to_x - x), abs(to_y - y))
            drawn |= dict.fromkeys(
                (x + round((to_x - x) * i / steps), y + round((to_y - y) * i / steps)) for i in range(1, steps + 1)
            )
        yield list(drawn)


def _draw(screen: list[list[str]], dots: list[tuple[int, int]], curve: int, ascii: bool) -> None:
    """One piece in the dashes of its curve, which begin with a dot."""
    dashes = "1" if ascii else DASHES[curve % len(DASHES)]
    for i, (x, y) in enumerate(dots):
        if ascii:
            screen[y][x] = MARKS[curve % len(MARKS)]
        elif dashes[i % len(dashes)] == "1":
            sign = screen[y // 4][x // 2]
            before = ord(sign) if 0x2800 <= ord(sign) < 0x2900 else 0x2800
            screen[y // 4][x // 2] = chr(before | BRAILLE[y % 4][x % 2])


def _legend(curves: list[Curve], ascii: bool) -> Iterator[str]:
    """A piece of each curve with its name."""
    for i, curve in enumerate(curves):
        sample = [[" "] * 4]
        _draw(sample, [(x, 0 if ascii else 2) for x in range(4 if ascii else 8)], i, ascii)
        yield f"  {''.join(sample[0])}  {printable(curve.label)}"


def _axis_below(frame: Frame, columns: int, margin: int, ascii: bool) -> tuple[str, str]:
    """The line under the plot with its ticks, and their numbers."""
    ticks = ticks_of(frame.left, frame.right, columns // UNDER_A_TICK)
    line = ["-" if ascii else "─"] * columns
    numbers = " " * (margin + 2)
    for tick in ticks:
        column, text = frame.dot(tick, 0)[0] * columns // frame.across, _number(tick, ascii)
        line[column] = "+" if ascii else "┬"
        start = min(margin + 2 + column - len(text) // 2, margin + 2 + columns - len(text))
        if start > len(numbers.rstrip()):
            numbers = numbers.rstrip().ljust(start) + text
    return " " * (margin + 1) + ("+" if ascii else "╰") + "".join(line), numbers
