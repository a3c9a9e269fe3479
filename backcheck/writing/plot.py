"""Curves → a picture with matplotlib, or a plot in characters; it knows no functions, only points."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Literal

import numpy as np

from backcheck.errors import BackcheckError
from backcheck.writing.curves import LARGEST, Curve, bounds, pieces, printable
from backcheck.writing.plot_text import terminal

__all__ = ["Curve", "picture", "terminal"]


def picture(curves: list[Curve], kind: Literal["png", "svg"], title: str = "") -> bytes:
    """The plot as a PNG or an SVG, the same bytes every time."""
    bounds(curves)
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise BackcheckError("a picture needs matplotlib, which is not installed: pip install matplotlib") from None
    import warnings

    with mpl.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a sign that no font has is drawn as an empty box
        mpl.rcdefaults()
        mpl.rcParams["svg.hashsalt"] = "backcheck"
        figure = Figure(figsize=(7.2, 4.2), layout="constrained")
        FigureCanvasAgg(figure)
        _plotted(figure.subplots(), curves, title)
        file = BytesIO()
        figure.savefig(
            file, format=kind, dpi=144, metadata={"Software": None} if kind == "png" else {"Date": None, "Creator": None}
        )
    return file.getvalue()


def _plotted(axes: Any, curves: list[Curve], title: str) -> None:
    """Lines with gaps, single points as dots, and names in which no sign is a command."""
    lines = []
    for i, curve in enumerate(curves):
        y = np.where((abs(curve.x) <= LARGEST) & (abs(curve.y) <= LARGEST), curve.y, np.nan)
        lines += axes.plot(curve.x, y, color=f"C{i}", linewidth=2, linestyle=("-", "--", "-.", ":")[i % 4])
        alone = [piece[0] for piece in pieces(curve) if len(piece) == 1]
        if alone:
            axes.plot(*zip(*alone, strict=True), "o", color=f"C{i}", markersize=5)
    axes.axhline(0, color="0.7", linewidth=0.8, zorder=0)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(printable(title), parse_math=False)
    legend = axes.legend(lines, [str(i) for i in range(len(curves))], frameon=False)
    for text, curve in zip(legend.get_texts(), curves, strict=True):
        text.set(text=printable(curve.label), parse_math=False)
