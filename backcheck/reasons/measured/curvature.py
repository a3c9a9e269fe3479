"""How steeply the slopes change: λmax of the Hessian from differences of slopes, and beside it the rate that is really best.

For a loss that is quadratic in the parameters, gradient descent converges at a rate below 2/λmax and at no rate above it
(LeCun, Bottou, Orr and Müller 1998, section 5). For any other loss 2/λmax is the curvature at one point and no limit: the
line search says how far a step along the slope really leads downhill.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from backcheck.errors import BackcheckError
from backcheck.reasons.measured.rows import layers, with_numbers
from backcheck.roads.backprop import parameters
from backcheck.roads.work import work
from backcheck.worksheet import Array, Worksheet

MOST_ROUNDS = 40  # of the power iteration
SETTLED = 1e-3  # relative change of λ from one round to the next: three digits are enough to compare a rate with
WIDEST = 60  # doublings of a line search, from a thousandth of 1/λmax on
ASIDE = 1e-3  # much more than the distance of the differences, and too little to change λ in the digits that are shown
KINKED = ("relu", "leaky_relu", "elu")
GOLDEN = (math.sqrt(5) - 1) / 2


class Curvature(NamedTuple):
    """The steepest direction at a point, and the best step along the slope there."""

    largest: float  # λmax of the Hessian over the trainable parameters
    best_rate: float  # of one step down the slope, by line search
    best_loss: float  # after that step
    loss: float  # before it

    @property
    def limit(self) -> float:
        """2/λmax."""
        return 2 / self.largest if self.largest > 0 else math.inf

    def says(self) -> str:
        """Both numbers in one line."""
        step = f"the line search along the slope finds its lowest loss, {self.best_loss:.4g}, at the rate {self.best_rate:.3g}"
        if self.largest <= 0:
            return f"at the start no direction curves upwards (λmax = {self.largest:.3g}); {step}"
        return f"at the start λmax = {self.largest:.3g}, so 2/λmax = {self.limit:.3g} (a limit only for a quadratic loss); {step}"


class Point:
    """The trainable parameters of a sheet as one vector, and the loss and its slope around them."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.rows = [p for p in parameters(sheet) if np.any(sheet.given.get(f"trainable {p}", 1))]
        self.masks = [np.asarray(sheet.given.get(f"trainable {p}", np.ones(sheet.given[p].shape))).ravel() for p in self.rows]
        self.w = self._flat({p: sheet.given[p] for p in self.rows})

    def _flat(self, arrays: dict[str, Array]) -> Array:
        return np.concatenate([arrays[p].ravel() for p in self.rows]) if self.rows else np.zeros(0)

    def _moved(self, w: Array) -> Worksheet:
        ends = np.cumsum([self.sheet.given[p].size for p in self.rows])[:-1]
        parts = dict(zip(self.rows, np.split(w, ends), strict=True))
        return self.sheet.with_given({p: part.reshape(self.sheet.given[p].shape) for p, part in parts.items()}, self.sheet.names)

    def slope(self, w: Array) -> Array:
        """∂L/∂w; every place of a tied parameter has the sum over its places, as an update has."""
        done = work(self._moved(w))
        return self._flat({p: np.asarray(done.array(f"dL/d{p}")) for p in self.rows}) * np.concatenate(self.masks)

    def loss(self, w: Array) -> float:
        try:
            return work(self._moved(w)).loss
        except BackcheckError:
            return math.inf


def off_kinks(sheet: Worksheet) -> Worksheet:
    """The same network a little to the side of its kinks, where its slopes are those that the file gives for the kinks themselves.

    A difference of slopes across a kink is a jump and no curvature: with biases of 0, an input of 0 puts every unit on one.
    """
    for layer in layers(sheet):
        if layer.b is None or layer.a.op not in KINKED:
            continue
        on = (work(sheet).array(layer.z.name) == 0).any(0)
        side = 1.0 if layer.a.op == "relu" and float(sheet.given[layer.a.parents[1]]) > 0.5 else -1.0
        if on.any():
            sheet = with_numbers(sheet, {layer.b: sheet.given[layer.b] + side * ASIDE * on})
    return sheet


def curvature(sheet: Worksheet) -> Curvature | None:
    """λmax and the line search at the numbers of a sheet; None where nothing can move or numbers overflow."""
    try:
        point = Point(off_kinks(sheet))
    except BackcheckError:
        return None
    if not point.rows:
        return None
    try:
        slope = point.slope(point.w)
        if not slope.any():
            return None
        largest = _largest(point)
    except BackcheckError:
        return None
    before = point.loss(point.w)
    best, after = _search(point, slope, 1e-3 / largest if largest > 0 else 1e-3 / max(1.0, float(abs(slope).max())))
    return Curvature(largest, best, after, before)


def _largest(point: Point) -> float:
    """The largest eigenvalue by power iteration; if the one of largest size is below 0, the same with all raised by its size."""
    found = _power(point, 0.0)
    return found if found > 0 else _power(point, -found) + found


def _power(point: Point, raised: float) -> float:
    v = np.random.default_rng(0).normal(size=len(point.w)) * np.concatenate(point.masks)
    v = _alike(point, v)
    v /= np.linalg.norm(v)
    found = math.inf
    for _ in range(MOST_ROUNDS):
        u = times(point, v) + raised * v
        before, found = found, float(v @ u)
        length = float(np.linalg.norm(u))
        if length == 0 or abs(found - before) <= SETTLED * abs(found):
            break
        v = u / length
    return found


def _alike(point: Point, v: Array) -> Array:
    """The same number in all places of a tied parameter, so that they move as one."""
    groups = np.concatenate(
        [np.asarray(point.sheet.given.get(f"places {p}", np.zeros(point.sheet.given[p].shape))).ravel() for p in point.rows]
    )
    for group in np.unique(groups[groups > 0]):
        v[groups == group] = v[groups == group][0]
    return v


def times(point: Point, v: Array) -> Array:
    """The Hessian times a direction, from slopes at two points: the cube root of the rounding unit balances both errors."""
    h = np.finfo(float).eps ** (1 / 3) * max(1.0, float(np.linalg.norm(point.w)))
    return np.asarray((point.slope(point.w + h * v) - point.slope(point.w - h * v)) / (2 * h))


def _search(point: Point, slope: Array, rate: float) -> tuple[float, float]:
    """The rate with the lowest loss of one step: doubled while the loss falls, then narrowed down by golden sections."""

    def at(r: float) -> float:
        return point.loss(point.w - r * slope)

    found = at(rate)
    for _ in range(WIDEST):
        further = at(2 * rate)
        if not further < found:
            break
        rate, found = 2 * rate, further
    low, high = rate / 2, 2 * rate
    for _ in range(20):
        one, two = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        low, high = (low, two) if at(one) < at(two) else (one, high)
    middle = (low + high) / 2
    return middle, at(middle)
