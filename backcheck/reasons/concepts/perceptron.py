"""A perceptron against logistic regression on the same examples, with a proof of what either can reach; it knows no network."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from typing import NamedTuple

import numpy as np

from backcheck.reasons.concepts.examples import Examples, examples
from backcheck.reasons.concepts.logistic import Fit, OnPath, fit, path, probabilities
from backcheck.reasons.concepts.rosenblatt import Perceptron, perceptron
from backcheck.reasons.concepts.separation import Separation, separation
from backcheck.training.plan import Plan
from backcheck.worksheet import Array, Worksheet

PATIENCE, LITTLE = {"separable": 10**7, "undecided": 3 * 10**6}, 10**6  # products: where it ends, where it may, where it cannot


class Point(NamedTuple):
    """What the two say to one example."""

    number: int  # from 1
    target: int  # 0 or 1
    by_perceptron: int | None  # None: on the line
    probability: float
    by_logistic: int | None

    @property
    def disagree(self) -> bool:
        return self.by_perceptron != self.by_logistic


class Comparison(NamedTuple):
    """All of it."""

    title: str
    labels: tuple[str, str]
    perceptron: Perceptron
    separation: Separation
    radius: float  # R, the length of the longest (x, 1)
    margin: float | None  # γ, the largest there is if `exact`, else that of the perceptron's own line; None if nothing separates
    bound: Fraction | float | None  # (R/γ)²
    exact: bool
    common: tuple[Fraction, ...]  # a point that lies among both classes, where no plane separates them
    logistic: Fit
    exists: bool | None  # whether the likelihood has a largest value; None if that is not decided
    path: tuple[OnPath, ...]  # where it has none
    points: tuple[Point, ...]

    def right(self, by: str) -> int:
        """How many examples one of the two puts on the right side."""
        return sum(getattr(point, by) == point.target for point in self.points)

    @property
    def disagreements(self) -> list[int]:
        """The numbers of the examples they disagree on."""
        return [point.number for point in self.points if point.disagree]


def compare(sheet: Worksheet, plan: Plan) -> Comparison:  # noqa: ARG001 - every question is asked alike
    """The comparison on the examples of a sheet; raises BadArgument where their targets are not two classes."""
    data = examples(sheet)
    planes = _separation(data)
    rule = perceptron(data.signed, data.unit, PATIENCE.get(planes.kind, LITTLE))
    if planes.kind == "undecided" and rule.ended == "converged":
        planes = Separation("separable", rule.weights)  # by a line that makes no mistake, though it is not the widest
    longest = Fraction(max(sum(v * v for v in row) for row in data.signed), data.unit**2)
    exact = planes.margin_squared is not None
    margin = _margin_squared(data, planes)
    fitted, along = _logistic(data, planes)
    return Comparison(
        sheet.title,
        data.labels,
        rule,
        planes,
        sqrt(longest),
        None if margin is None else sqrt(margin),
        None if margin is None else longest / margin,
        exact,
        _common(data, planes),
        fitted,
        {"overlapping": True, "undecided": None}.get(planes.kind, False),
        tuple(along),
        _points(data, rule, fitted),
    )


def _separation(data: Examples) -> Separation:
    """The verdict in the units of the file, in which s·(w·x + b) is 1 where an example is nearest."""
    found = separation(data.signed)
    if found.margin_squared is None:
        return found
    return found._replace(
        direction=tuple(u * data.unit for u in found.direction), margin_squared=found.margin_squared / data.unit**2
    )


def _margin_squared(data: Examples, planes: Separation) -> Fraction | None:
    """γ², if a plane separates the examples."""
    if planes.margin_squared is not None or planes.kind != "separable":
        return planes.margin_squared
    u = planes.direction
    least = min(sum((a * b for a, b in zip(u, v, strict=True)), Fraction(0)) for v in data.signed)
    return least * least / sum(a * a for a in u) / data.unit**2


def _common(data: Examples, planes: Separation) -> tuple[Fraction, ...]:
    """Σ λ·(x, 1) over one class is that over the other, and both have the last number ½: twice the rest is a mean of either."""
    upper = [(share, v) for share, v, s in zip(planes.weights, data.signed, data.signs, strict=False) if s > 0]
    return (
        tuple(2 * sum((share * v[i] for share, v in upper), Fraction(0)) / data.unit for i in range(len(data.signed[0]) - 1))
        if upper
        else ()
    )


def _logistic(data: Examples, planes: Separation) -> tuple[Fit, list[OnPath]]:
    if planes.kind not in ("separable", "touching"):
        return fit(data.inputs, data.targets), []
    widest = np.array([float(a) for a in planes.direction]) if planes.margin_squared is not None else None
    along, last = path(data.inputs, data.targets, widest)
    return last, along


def _points(data: Examples, rule: Perceptron, fitted: Fit) -> tuple[Point, ...]:
    chances = probabilities(data.inputs, fitted.weights).tolist()
    sums = (data.inputs @ fitted.weights).tolist()
    found = []
    for n, (v, s, z, p) in enumerate(zip(data.signed, data.signs, sums, chances, strict=True), 1):
        product = s * sum((a * b for a, b in zip(rule.weights, v, strict=True)), Fraction(0))
        found.append(Point(n, int(s > 0), _side(product), p, _side(_settled(z, data.inputs[n - 1], fitted.weights))))
    return tuple(found)


def _side(z: float | Fraction) -> int | None:
    return None if z == 0 else int(z > 0)


def _settled(z: float, x: Array, w: Array) -> float:
    """0 where a sum is not more than what rounding leaves of its terms (2⁻⁴⁰ of them: the weights come from some steps)."""
    return 0.0 if abs(z) <= 2.0**-40 * float(abs(x) @ abs(w) + 1) else z
