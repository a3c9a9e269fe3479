"""Curves → a picture with matplotlib, or a plot in characters; it knows no functions, only points."""

from __future__ import annotations

from typing import Any

from backcheck.writing.curves import Curve, bounds, printable
from backcheck.writing.figure import Kind, line, rendered
from backcheck.writing.plot_text import terminal

__all__ = ["Curve", "picture", "terminal"]


def picture(curves: list[Curve], kind: Kind, title: str = "") -> bytes:
    """The plot as a PNG or an SVG, the same bytes every time."""
    bounds(curves)
    return rendered((7.2, 4.2), lambda made: _plotted(made.subplots(), curves, title), kind)


def _plotted(axes: Any, curves: list[Curve], title: str) -> None:
    """Lines with gaps, and names in which no sign is a command."""
    lines = [line(axes, curve, i) for i, curve in enumerate(curves)]
    axes.axhline(0, color="0.7", linewidth=0.8, zorder=0)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(printable(title), parse_math=False)
    legend = axes.legend(lines, [str(i) for i in range(len(curves))], frameon=False)
    for text, curve in zip(legend.get_texts(), curves, strict=True):
        text.set(text=printable(curve.label), parse_math=False)
