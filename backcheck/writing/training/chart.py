"""Curves over the epochs that belong into one picture: their scale, their limits, and not too many points; it knows no runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from backcheck.worksheet import Array
from backcheck.writing.curves import LARGEST, Curve

MOST_POINTS = 500  # of a line; a picture is not wider
DECADES = 100.0  # a loss that spans more is shown on a logarithmic scale
HIGHEST = 1e200  # on a logarithmic scale; ticks further up would be no numbers any more
AIR = 1.4  # times what is shown, above and below it on a logarithmic scale


class Chart(NamedTuple):
    """Curves over the epochs that belong into one picture."""

    title: str
    curves: list[Curve]
    log: bool = False
    top: float | None = None  # what lies above is not shown
    note: str = ""  # what is not shown
    shares: bool = False  # from 0 to 1

    @property
    def epochs(self) -> tuple[float, float]:
        """The first and the last, an epoch apart at least, whether or not there are numbers of them."""
        x = np.concatenate([curve.x for curve in self.curves])
        return float(x.min()), max(float(x.max()), float(x.min()) + 1)

    @property
    def limits(self) -> tuple[float, float] | None:
        """The least and greatest y that are shown; None: those of the curves, and some air."""
        if self.shares:
            return -0.03, 1.03
        shown = np.concatenate([curve.y for curve in self.curves])
        shown = shown[(abs(shown) <= LARGEST) & ((shown > 0) | (not self.log))]
        cut = self.top is not None and len(shown) > 0 and shown.max() > self.top
        if not len(shown) or not (cut or self.log):
            return None
        low, high = float(shown.min()), float(shown.max())
        high = self.top if cut and self.top else high * AIR
        if not self.log:
            return min(0.0, low), high
        return max(min(low / AIR, HIGHEST / DECADES), 1 / HIGHEST), min(max(high, DECADES / HIGHEST), HIGHEST)


def thinned(label: str, x: Sequence[int], y: Array) -> Curve:
    """The same line from fewer points: of every stretch the lowest and the highest, and both ends."""
    if len(x) <= MOST_POINTS:
        return Curve(label, np.array(x, float), y)
    edges = np.linspace(0, len(x), MOST_POINTS // 2).astype(int)
    known = np.where(np.isnan(y), 0.0, y)
    kept = {0, len(x) - 1}
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        kept |= {start + int(known[start:end].argmin()), start + int(known[start:end].argmax())}
    which = sorted(kept)
    return Curve(label, np.array(x, float)[which], y[which])


def scaled(chart: Chart) -> Chart:
    """On a logarithmic scale if its numbers are above 0 and span more than two decades."""
    values = np.concatenate([curve.y for curve in chart.curves])
    finite = values[abs(values) <= min(LARGEST, chart.top or LARGEST)]
    above = finite[finite > 0]
    if not len(above) or (finite < 0).any() or above.max() <= DECADES * above.min():
        return chart
    return chart._replace(log=True, note=", ".join(filter(None, (chart.note, zeros(chart.curves)))))


def on_scale(curve: Curve, log: bool) -> Curve:
    """The curve as it is drawn: on a logarithmic scale its logarithms, and a gap where there is none."""
    if not log:
        return curve
    above = (curve.y > 0) & (curve.y <= LARGEST)
    return curve._replace(y=np.log10(np.where(above, curve.y, 1.0)) + np.where(above, 0.0, np.nan))


def zeros(curves: list[Curve]) -> str:
    some = any((curve.y == 0).any() and curve.y.any() for curve in curves)
    return "a 0 has no place on a logarithmic scale" if some else ""


def visible(chart: Chart) -> bool:
    return any((abs(curve.y) <= LARGEST).any() for curve in chart.curves)
