"""The road of the pencil: cell by cell from the written formulas, every result rounded and the rounded number carried on.

Sums and products of decimals are exact here, and a 5 behind the last digit is rounded up, as taught at school.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from backcheck.errors import Undefined
from backcheck.formula import evaluate
from backcheck.functions import FLOATS
from backcheck.lines import Parents, formula
from backcheck.roads.work import WorkedSheet, idle, work
from backcheck.why import undefined
from backcheck.worksheet import Array, Phase, Row, Worksheet

MOST_CELLS = 20_000


def work_on_paper(sheet: Worksheet, decimals: int) -> WorkedSheet:
    """The worksheet as it comes out by hand with so many decimals."""
    exact = work(sheet)
    rows = [row for row in sheet.rows if row.phase is not Phase.GIVEN]
    shapes = {row.name: _shape(exact, row) for row in rows}
    size = sum(map(math.prod, shapes.values()))
    if size > MOST_CELLS:
        raise Undefined(
            f"on paper every number is worked by itself, and here there are {size:,} of them: at most {MOST_CELLS:,} are possible"
        )
    given = {row.name: exact.array(row.name) for row in sheet.in_phase(Phase.GIVEN)}
    done = WorkedSheet(sheet, given, on_paper=decimals)
    aside = {row.name for row in idle(sheet)}
    for row in rows:
        try:
            done.fill(row.name, _row(done, row, shapes[row.name], decimals))
        except Undefined as error:
            if row.name not in aside:
                raise
            done.undefined[row.name] = error
    return done


def _shape(exact: WorkedSheet, row: Row) -> tuple[int, ...]:
    """As many numbers as without rounding; a slope that has no value there has the shape of what it is the slope of."""
    try:
        return exact.array(row.name).shape
    except Undefined:
        return exact.array(row.claims[1] if row.claims else row.parents[0]).shape


def _row(done: WorkedSheet, row: Row, shape: tuple[int, ...], decimals: int) -> Array:
    rounded = np.zeros(shape)
    for place in np.ndindex(shape):
        tree, inputs = formula(Parents(done, row), place, 0.0)
        try:
            value = evaluate(tree, {cell: _exact(v) for cell, v in inputs.items()}.__getitem__, EXACT, Fraction, zero_wins=True)
            rounded[place] = _rounded(value, decimals)
        except (ValueError, ZeroDivisionError, OverflowError):
            raise Undefined(undefined(done.sheet.names.cell(row.name, place), tree, inputs)) from None
    return rounded


def _exact(value: float) -> Fraction:
    """The number that was written, not its nearest binary one."""
    return Fraction(repr(value))


def _rounded(value: Fraction, decimals: int) -> float:
    """Half away from zero.

    >>> _rounded(Fraction("1.13595"), 4), _rounded(Fraction("-0.00005"), 4)
    (1.136, -0.0001)
    """
    unit = 10**decimals
    return math.copysign(math.floor(abs(value) * unit + Fraction(1, 2)) / unit, value) + 0.0


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator == 1 and abs(exponent) <= 64:
        return base ** int(exponent)
    return Fraction(math.pow(base, exponent))


def _by_floats(function: Callable[..., float]) -> Callable[..., Fraction]:
    return lambda *arguments: Fraction(function(*map(float, arguments)))


EXACT: dict[str, Callable[..., Any]] = {name: _by_floats(function) for name, function in FLOATS.items()} | {
    "power": _power,
    "max": max,
    "min": min,
    "abs": abs,
}
