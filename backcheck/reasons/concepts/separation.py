"""Whether a plane separates two classes, and by how much at most, in exact arithmetic, with a proof; it knows no perceptron.

A plane through 0 of the space of (w, b) is asked for, so that the margin counts the bias as a weight. With v = s·(x, 1):
* separable: some u has u·v > 0 for all examples. The shortest u with u·v ≥ 1 gives the largest margin, 1/‖u‖.
* touching: some u ≠ 0 has u·v ≥ 0 for all and > 0 for some, but no u has > 0 for all.
* overlapping: no such u. Only then has a logistic regression a largest likelihood (Albert and Anderson 1984).
Both questions are least squares with unknowns that are not negative (Lawson and Hanson 1974, chapter 23): finite, and over
fractions without any rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

MOST_NUMBERS, MOST_INPUTS = 4000, 12  # beyond that, fractions are too slow

Vector = Sequence[Fraction | int]


class Separation(NamedTuple):
    """The verdict, with what proves it."""

    kind: str  # separable, touching, overlapping, or undecided
    direction: tuple[Fraction, ...] = ()  # (w, b) that separates, or separates weakly
    weights: tuple[Fraction, ...] = ()  # of the examples: shares λ ≥ 0, Σ λ = 1, with Σ λ·v = 0: u·v > 0 cannot hold for all
    margin_squared: Fraction | None = None


def separation(signed: list[list[int]]) -> Separation:
    """The verdict on examples v = s·(x, 1), of any common scale.

    >>> separation([[1, 1], [1, -1]]).margin_squared  # x = 1 against x = −1
    Fraction(1, 1)
    >>> separation([[1, 1], [-1, -1]]).kind  # one place, both classes
    'overlapping'
    """
    width = len(signed[0])
    if len(signed) * width > MOST_NUMBERS or width > MOST_INPUTS + 1:
        return Separation("undecided")
    shares, rest = nonnegative([[*v, 1] for v in signed], [*[0] * width, 1])
    if any(rest):
        u = [-r / rest[-1] for r in rest[:-1]]
        return Separation("separable", tuple(u), margin_squared=1 / _dot(u, u))
    _, weakly = nonnegative(signed, [-sum(column) for column in zip(*signed, strict=True)])
    if any(weakly):
        return Separation("touching", tuple(-r for r in weakly), tuple(shares))
    return Separation("overlapping", weights=tuple(shares))


def nonnegative(columns: Sequence[Vector], goal: Vector) -> tuple[list[Fraction], list[Fraction]]:
    """The x ≥ 0 that brings Σ x·column nearest to a goal, and what is left of the goal.

    >>> nonnegative([(1, 0), (0, 1)], (3, -2))
    ([Fraction(3, 1), Fraction(0, 1)], [Fraction(0, 1), Fraction(-2, 1)])
    """
    x, used = [Fraction(0)] * len(columns), list[int]()
    while True:
        rest = [g - sum(x[j] * columns[j][i] for j in used) for i, g in enumerate(map(Fraction, goal))]
        gains = [(_dot(column, rest), -j) for j, column in enumerate(columns) if j not in used]
        gain, at = max(gains, default=(Fraction(0), 0))
        if gain <= 0:
            return x, rest
        used.append(-at)
        _settle(columns, goal, x, used)


def _settle(columns: Sequence[Vector], goal: Vector, x: list[Fraction], used: list[int]) -> None:
    """The least squares over the columns in use; a number that would be below 0 stops at 0, and its column goes out of use."""
    while True:
        best = solved([[_dot(columns[i], columns[j]) for j in used] for i in used], [_dot(columns[i], goal) for i in used])
        below = [x[j] / (x[j] - b) for j, b in zip(used, best, strict=True) if b <= 0]
        part = min(below, default=Fraction(1))
        for j, b in zip(used, best, strict=True):
            x[j] += part * (b - x[j])
        if not below:
            return
        used[:] = [j for j in used if x[j]]


def solved(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction]:
    """The solution of equations that have exactly one, by elimination."""
    rows = [[*row, r] for row, r in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        at = next(k for k in range(i, len(rows)) if rows[k][i])
        rows[i], rows[at] = rows[at], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        rows = [row if k == i else [a - row[i] * b for a, b in zip(row, rows[i], strict=True)] for k, row in enumerate(rows)]
    return [row[-1] for row in rows]


def _dot(left: Vector, right: Vector) -> Fraction:
    return sum((Fraction(a) * b for a, b in zip(left, right, strict=True)), Fraction(0))
