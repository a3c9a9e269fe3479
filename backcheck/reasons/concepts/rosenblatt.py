"""Rosenblatt's rule in whole numbers, until it makes no mistake or comes back to where it was; it knows no logistic regression.

Weights begin with 0 and examples come in the order of the file. An example whose s·(w·x + b) is not above 0 is a mistake:
w + s·x and b + s take the place of w and b. (With targets of 0 and 1 this is w + (t − y)·x.) A weight vector depends on the
one before it alone, so that one that comes back at the start of an epoch comes back for ever.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

MOST_EPOCHS = 20_000


class Perceptron(NamedTuple):
    """Where the rule has come to."""

    ended: str  # converged, cycling, or stopped
    mistakes: tuple[int, ...]  # in each epoch
    weights: tuple[Fraction, ...]  # at the end, or at the start of the cycle, the bias last
    cycle: tuple[int, int] | None = None  # the numbers of the epochs that begin with the same weights
    in_cycle: tuple[int, ...] = ()  # how many examples are on the right side after each epoch of the cycle

    @property
    def updates(self) -> int:
        """All mistakes until the end."""
        return sum(self.mistakes)


def perceptron(signed: list[list[int]], unit: int = 1, most_products: int = 10**6) -> Perceptron:
    """The rule on examples s·(x, 1)·unit; about a million products take a second.

    >>> done = perceptron([[1, 1], [1, -1]])
    >>> done.ended, done.mistakes, list(map(int, done.weights))
    ('converged', (2, 0), [2, 0])
    """
    w, began, mistakes, right = [0] * len(signed[0]), dict[tuple[int, ...], int](), list[int](), list[int]()
    for epoch in range(1, _epochs(signed, most_products) + 1):
        if tuple(w) in began:
            first = began[tuple(w)]
            return Perceptron("cycling", tuple(mistakes), _whole(w, unit), (first, epoch), tuple(right[first - 1 :]))
        began[tuple(w)] = epoch
        mistakes.append(_epoch(signed, w))
        right.append(sum(_product(w, v) > 0 for v in signed))
        if not mistakes[-1]:
            return Perceptron("converged", tuple(mistakes), _whole(w, unit))
    return Perceptron("stopped", tuple(mistakes), _whole(w, unit))


def _epochs(signed: list[list[int]], most_products: int) -> int:
    return max(10, min(MOST_EPOCHS, most_products // (len(signed) * len(signed[0]))))


def _epoch(signed: list[list[int]], w: list[int]) -> int:
    """Every example once."""
    mistakes = 0
    for v in signed:
        if _product(w, v) <= 0:
            mistakes += 1
            w[:] = [a + b for a, b in zip(w, v, strict=True)]
    return mistakes


def _product(w: list[int], v: list[int]) -> int:
    return sum(a * b for a, b in zip(w, v, strict=True))


def _whole(w: list[int], unit: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(a, unit) for a in w)
