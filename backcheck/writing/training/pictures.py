"""Runs → the pictures of a folder, drawn with matplotlib, the same bytes every time; it opens no file."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from backcheck.training.run import Run
from backcheck.writing.curves import Curve, printable
from backcheck.writing.figure import Kind, line, rendered
from backcheck.writing.training.chart import Chart
from backcheck.writing.training.curves import charts, side_by_side

PART = (7.2, 3.4)  # inches, of a part with its legend
ACROSS, MOST_PARTS = 2, 12
HEADINGS = {
    "loss": "Learning curve",
    "parameters": "Trainable parameters",
    "weights": "Mean |w| of each layer, relative to the start",
    "activations": "Mean |a| of each layer",
    "gradients": "Mean |∂L/∂W| of each layer",
    "compared": "Runs side by side, ranked by the loss they reached",
}


def pictures(runs: list[Run], kind: Kind, title: str = "") -> dict[str, bytes]:
    """File name → picture. Of several runs, those with the lowest losses have a part in each."""
    found = charts(runs[0]) if len(runs) == 1 else side_by_side(runs, MOST_PARTS)
    title = title or runs[0].sheet.title
    drawn = {}
    for name, parts in found.items():
        more = f": the {MOST_PARTS} best of {len(runs)} runs" if name != "compared" and len(runs) > MOST_PARTS else ""
        heading = "\n".join(map(printable, filter(None, (title, HEADINGS[name] + more))))
        drawn[f"{name}.{kind}"] = _picture(parts, kind, heading, name == "compared")
    return drawn


def _picture(parts: list[Chart], kind: Kind, heading: str, alike: bool) -> bytes:
    """The parts below each other, many of them in two columns; where all have the same curves, one legend is enough."""
    across = ACROSS if len(parts) > 3 else 1
    down = math.ceil(len(parts) / across)

    def draw(figure: Any) -> None:
        figure.suptitle(heading, parse_math=False)
        grid = figure.subplots(down, across, squeeze=False).ravel()
        for axes, chart in zip(grid, parts, strict=False):
            lines = _part(axes, chart, len(parts) > 1)
            if not alike or len(parts) == 1:
                _legend(axes, lines, chart, loc="upper left", bbox_to_anchor=(1.01, 1))  # outside, where it hides nothing
        for axes in grid[len(parts) :]:
            axes.set_axis_off()
        if alike and len(parts) > 1:
            _legend(figure, lines, parts[0], loc="outside right center")

    return rendered((PART[0] * across, PART[1] * down + 0.6), draw, kind)


def _part(axes: Any, chart: Chart, titled: bool) -> list[Any]:
    """One set of axes; returns its lines."""
    lines = [line(axes, _drawable(curve, chart.log), i, linewidth=1.8) for i, curve in enumerate(chart.curves)]
    if chart.log:
        axes.set_yscale("log", nonpositive="mask")
    first, last = chart.epochs
    axes.set_xlim(first - 0.03 * (last - first), last + 0.03 * (last - first))
    if limits := chart.limits:
        axes.set_ylim(limits)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.tick_params(labelsize="small")
    axes.set_xlabel("epoch" + (f"   ({chart.note})" if chart.note else ""), fontsize="small", parse_math=False)
    if titled:
        axes.set_title(printable(chart.title), loc="left", fontsize="medium", parse_math=False)
    return lines


def _drawable(curve: Curve, log: bool) -> Curve:
    """A gap where there is no logarithm, so that a point between two gaps is a dot."""
    return curve._replace(y=np.where(curve.y > 0, curve.y, np.nan)) if log else curve


def _legend(where: Any, lines: list[Any], chart: Chart, **place: Any) -> None:
    """Names in which no sign is a command."""
    made = where.legend(lines, [str(i) for i in range(len(lines))], frameon=False, fontsize="small", **place)
    for text, curve in zip(made.get_texts(), chart.curves, strict=True):
        text.set(text=printable(curve.label), parse_math=False)
