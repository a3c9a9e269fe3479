"""Examples of two classes as whole numbers, exactly the decimals of the file; it separates nothing."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import NamedTuple

import numpy as np

from backcheck.errors import BadArgument
from backcheck.roads.given import short
from backcheck.worksheet import Array, Worksheet

LABELS = ((0.0, 1.0), (-1.0, 1.0))  # the targets that stand for the two classes
WAY_OUT = (
    "a perceptron answers yes or no: one target of 0 or 1 (or −1 or 1), or two as one-hot, for each example, both of them used"
)


class Examples(NamedTuple):
    """A line for each example: its inputs and a 1 for the bias, times the sign of its class, times `unit`."""

    signed: list[list[int]]  # s·(x, 1)·unit: a weight vector is right about an example if its product with this is above 0
    unit: int  # the least number that makes all inputs whole
    signs: list[int]  # 1 and −1
    inputs: Array  # (x, 1) as floats
    labels: tuple[str, str]  # what the classes are called

    @property
    def targets(self) -> Array:
        """0 and 1."""
        return (np.array(self.signs) + 1) / 2


def examples(sheet: Worksheet) -> Examples:
    """The data of a sheet; raises BadArgument where its targets are not two classes."""
    if not sheet.names.output:
        raise BadArgument("a perceptron needs examples with targets; this is an expression")
    x, t = sheet.given["x"], sheet.given["t"]
    signs, labels = _classes(t)
    exact = [[Fraction(repr(v)) if s else Fraction(v) for v, s in zip(*row, strict=True)] for row in _cells(x)]
    unit = lcm(*(v.denominator for row in exact for v in row))
    signed = [[s * int(v * unit) for v in (*row, Fraction(1))] for s, row in zip(signs, exact, strict=True)]
    return Examples(signed, unit, signs, np.hstack([x, np.ones((len(x), 1))]), labels)


def _cells(x: Array) -> list[tuple[list[float], list[bool]]]:
    return list(zip(x.tolist(), short(x).tolist(), strict=True))


def _classes(t: Array) -> tuple[list[int], tuple[str, str]]:
    """The sign of each example, and the two labels as the file has them."""
    if t.shape[1] == 2 and set(np.unique(t)) == {0.0, 1.0} and (t.sum(1) == 1).all() and t.any(0).all():
        return [1 if row[1] else -1 for row in t.tolist()], ("0", "1")
    found = tuple(sorted(set(t.ravel().tolist()))) if t.shape[1] == 1 else ()
    if found not in LABELS:
        raise BadArgument(f"the targets are not two classes: {_described(t)}; {WAY_OUT}")
    return [1 if v == found[1] else -1 for v in t.ravel().tolist()], (f"{found[0]:g}".replace("-", "−"), f"{found[1]:g}")


def _described(t: Array) -> str:
    if t.shape[1] > 1:
        return f"each example has {t.shape[1]} of them" + ("" if t.shape[1] > 2 else ", and they are not one-hot, or of one class")
    values = sorted(set(t.ravel().tolist()))
    if len(values) == 1:
        return f"every one of them is {values[0]:g}"
    shown = ", ".join(f"{v:g}" for v in values[:4])
    return f"they are {shown}{', …' if len(values) > 4 else ''}"
