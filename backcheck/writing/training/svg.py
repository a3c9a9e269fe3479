"""Curves → one SVG within a page of HTML, in the colours of that page, light or dark; it knows no runs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from backcheck.spelling import SCREEN, Figures
from backcheck.writing.curves import Curve, bounds, pieces, printable
from backcheck.writing.plot_text import ticks_of
from backcheck.writing.training.chart import Chart, on_scale

WIDE, HIGH = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 10, 34
DASHES = ("", "7 4", "9 3 2 3", "2 3")
COLOURS = (  # for light pages, for dark ones; a line is told from another by its dashes as well
    ("#0b62a4", "#6cb6ff"),
    ("#c2410c", "#ff9e64"),
    ("#15803d", "#7ee787"),
    ("#a21caf", "#e29bff"),
    ("#92700c", "#e3c04b"),
    ("#be123c", "#ff8fa3"),
    ("#0f766e", "#56d4c4"),
    ("#57534e", "#b8b2ac"),
    ("#4338ca", "#a5a0ff"),
    ("#4d7c0f", "#b5e05c"),
)


class Frame(NamedTuple):
    """The part of the plane that is shown; with `log`, y is the logarithm of what is shown."""

    left: float
    right: float
    low: float
    high: float
    log: bool

    def x(self, x: float) -> float:
        return LEFT + (x - self.left) / (self.right - self.left) * (WIDE - LEFT - RIGHT)

    def y(self, y: float) -> float:
        return TOP + (self.high - y) / (self.high - self.low) * (HIGH - TOP - BOTTOM)


def style() -> str:
    """The rules that the pictures of a page share."""
    dash = "".join(f".c{i} {{ stroke-dasharray: {DASHES[i % 4] or 'none'} }}\n" for i in range(len(COLOURS)))
    light, dark = ("\n".join(f".c{i} {{ stroke: {pair[k]} }}" for i, pair in enumerate(COLOURS)) for k in (0, 1))
    return f"{light}\n{dash}@media (prefers-color-scheme: dark) {{\n{dark}\n}}"


def figure(chart: Chart) -> str:
    """The picture with its title, and its legend in words below."""
    legend = "".join(
        f'<li><svg class="key" viewBox="0 0 28 8" aria-hidden="true"><path class="line c{i % len(COLOURS)}" d="M1 4H27"/></svg>'
        f"{escape(printable(curve.label))}</li>"
        for i, curve in enumerate(chart.curves)
    )
    note = f'<p class="note">{escape(chart.note)}</p>' if chart.note else ""
    return f"<figure><figcaption>{escape(printable(chart.title))}</figcaption>\n{svg(chart)}\n<ul>{legend}</ul>{note}</figure>"


def svg(chart: Chart) -> str:
    """Axes, ticks and lines."""
    curves = [on_scale(curve, chart.log) for curve in chart.curves]
    frame = _frame(curves, chart)
    labels = ", ".join(curve.label for curve in chart.curves)
    says = escape(printable(f"{chart.title}, by epoch: {labels}"))
    lines = [*_grid(frame), *(drawn for i, curve in enumerate(curves) for drawn in _line(curve, frame, i))]
    return "\n".join([f'<svg class="chart" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{says}">', *lines, "</svg>"])


def _frame(curves: list[Curve], chart: Chart) -> Frame:
    _, _, low, high = bounds(curves)
    if limits := chart.limits:
        low, high = (math.log10(limit) for limit in limits) if chart.log else limits
    air = 0 if chart.limits else 0.04 * (high - low)
    return Frame(*chart.epochs, low - air, high + air, chart.log)


def _grid(frame: Frame) -> Iterator[str]:
    ticks = list(_decades(frame)) if frame.log else [(y, _number(y)) for y in ticks_of(frame.low, frame.high, 5)]
    for at, says in ticks:
        y = frame.y(at)
        yield f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDE - RIGHT}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{says}</text>'
    for at in ticks_of(frame.left, frame.right, 7):
        x = frame.x(at)
        if at == round(at):  # there is no half epoch
            yield f'<path class="axis" d="M{x:.1f} {HIGH - BOTTOM}v4"/>'
            yield f'<text x="{x:.1f}" y="{HIGH - BOTTOM + 16}" text-anchor="middle">{at:,.0f}</text>'
    yield f'<path class="axis" d="M{LEFT} {TOP}V{HIGH - BOTTOM}H{WIDE - RIGHT}"/>'
    yield f'<text x="{WIDE - RIGHT}" y="{HIGH - 3}" text-anchor="end">epoch</text>'


def _decades(frame: Frame) -> Iterator[tuple[float, str]]:
    """Powers of ten, and between them 2 and 5 times these where there are few."""
    first, last = math.floor(frame.low), math.ceil(frame.high)
    between = (1, 2, 5) if frame.high - frame.low < 2 else (1,)
    every = next(step for step in (1, 2, 3, 5, 10, 20, 30, 50, 100, 200) if (last - first) / step <= 8)
    for power in range(first - first % every, last + 1, every):
        for times in between:
            at = power + math.log10(times)
            if frame.low <= at <= frame.high:
                yield at, _number(times * 10.0**power)


def _number(value: float) -> str:
    return SCREEN.number(Figures(digits=6)(value))


def _line(curve: Curve, frame: Frame, i: int) -> Iterator[str]:
    """The pieces of a curve; what lies above or below the frame is cut by it."""
    says = f"<title>{escape(printable(curve.label))}</title>"
    colour = f"c{i % len(COLOURS)}"
    for piece in pieces(curve):
        points = [(frame.x(x), min(max(frame.y(y), -4 * HIGH), 5 * HIGH)) for x, y in piece]
        if len(points) == 1:
            yield f'<circle class="{colour}" cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="3">{says}</circle>'
        else:
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
            yield f'<path class="line {colour}" d="M{path}">{says}</path>'
