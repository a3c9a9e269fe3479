"""A drawing for matplotlib → the bytes of a PNG or an SVG, the same every time; what is drawn it does not know."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from io import BytesIO
from typing import Any, Literal

import numpy as np

from backcheck.errors import BackcheckError
from backcheck.writing.curves import LARGEST, Curve, pieces

Kind = Literal["png", "svg"]
DASHES = ("-", "--", "-.", ":")


def rendered(size: tuple[float, float], draw: Callable[[Any], None], kind: Kind) -> bytes:
    """The picture, so many inches wide and high; the settings of the user do not reach it, nor do its own reach theirs."""
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise BackcheckError("a picture needs matplotlib, which is not installed: pip install matplotlib") from None
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a sign that no font has is drawn as an empty box
        mpl.rcdefaults()
        mpl.rcParams["svg.hashsalt"] = "backcheck"
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure)
        file = BytesIO()
        metadata = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
        figure.savefig(file, format=kind, dpi=144, metadata=metadata)
    return file.getvalue()


def line(axes: Any, curve: Curve, i: int, **style: Any) -> Any:
    """A curve in its colour and its dashes, with gaps where it has no numbers, and single points as dots."""
    y = np.where((abs(curve.x) <= LARGEST) & (abs(curve.y) <= LARGEST), curve.y, np.nan)
    style = {"color": f"C{i}", "linewidth": 2, "linestyle": DASHES[i % 4], **style}
    (drawn,) = axes.plot(curve.x, y, **style)
    alone = [piece[0] for piece in pieces(curve) if len(piece) == 1]
    if alone:
        axes.plot(*zip(*alone, strict=True), "o", color=style["color"], markersize=5)
    return drawn
