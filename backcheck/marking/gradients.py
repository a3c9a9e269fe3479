"""The backward pass that somebody wrote in code, held against the true one: which array is wrong first, and what it looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from backcheck.marking.explanations import Explainer, Mistake
from backcheck.marking.handed_in import EPS, HandedIn, backward_order, handed_in
from backcheck.marking.mark import RIGHT, WRONG
from backcheck.marking.precision import allowances
from backcheck.roads.backprop import parameters
from backcheck.roads.work import WorkedSheet, work
from backcheck.slips.layers import seen
from backcheck.worksheet import Array, Worksheet

MISSING, WRONG_SHAPE = "missing", "wrong shape"


class ArrayMark(NamedTuple):
    """What is said of one array."""

    name: str
    given_as: str
    verdict: str
    difference: float | None  # of `cell` from its true number: the one that is furthest off what rounding explains
    cell: str
    says: str


class GradientReport(NamedTuple):
    """Every array in the order of the backward pass."""

    agrees: bool
    arrays: tuple[ArrayMark, ...]
    first_wrong: str | None
    mistake: Mistake | None
    precision: float  # of the arrays handed in


def check_gradients(sheet: Worksheet, gradients: Mapping[str, Any]) -> GradientReport:
    """Arrays of slopes by name (`W1`, `dW1`, `dL/dW1`, `w5`) against those of the sheet.

    >>> from backcheck.api import load
    >>> sheet = load("problems/softmax-batch.yaml")
    >>> report = check_gradients(sheet, {"W2": 4 * work(sheet).array("dL/dW2")})
    >>> report.agrees, report.first_wrong, report.mistake.id
    (False, 'dL/dW2', 'sum_for_mean')
    """
    done = work(sheet)
    given = handed_in(done, gradients)
    eps = max((one.eps for one in given), default=EPS)
    allowed = allowances(done, {one.row for one in given}, eps)
    marks = [_mark(done, allowed[one.row], one) for one in given]
    wrong = [one for one, mark in zip(given, marks, strict=True) if mark.verdict != RIGHT]
    return GradientReport(
        bool(given) and not wrong,
        (*marks, *_missing(done, given)),
        wrong[0].name if wrong else None,
        Explainer(done, allowed, eps).mistake(given, wrong) if wrong else None,
        eps,
    )


def _missing(done: WorkedSheet, given: list[HandedIn]) -> Iterator[ArrayMark]:
    """The slopes of parameters that were not handed in; of what is frozen nobody expects them."""
    sheet, rows = done.sheet, {one.row for one in given}
    for row in backward_order(sheet):
        p = row.partition("/d")[2]
        frozen = f"trainable {p}" in sheet and not sheet.given[f"trainable {p}"].any()
        if row == f"d{sheet.result}/d{p}" and p in parameters(sheet) and row not in rows and not frozen:
            yield ArrayMark(row, "", MISSING, None, "", f"{seen(row)} was not handed in")


def _mark(done: WorkedSheet, allowed: Array, one: HandedIn) -> ArrayMark:
    """The verdict on one array."""
    whole = done.array(one.row)
    true = one.of(whole)
    if one.array.shape != true.shape:
        says = f"{seen(one.name)} has the shape {_shape(true)}, not {_shape(one.array)}"
        return ArrayMark(one.name, one.given_as, WRONG_SHAPE, None, "", says)
    if not np.isfinite(one.array).all():
        cell = _cell(done, one, np.argwhere(~np.isfinite(one.array))[0])
        return ArrayMark(one.name, one.given_as, WRONG, None, cell, f"{seen(cell)} is {one.array[~np.isfinite(one.array)][0]}")
    apart = abs(one.array - true)
    over = apart - one.of(allowed)
    at = np.unravel_index(int(over.argmax()), over.shape)
    cell, largest = _cell(done, one, at), float(apart[at])
    if (over <= 0).all():
        return ArrayMark(one.name, one.given_as, RIGHT, largest, cell, f"{seen(one.name)} is right")
    says = f"{seen(cell)} should be {true[at]:.6g}, not {one.array[at] + 0.0:.6g}"
    return ArrayMark(one.name, one.given_as, WRONG, largest, cell, says)


def _cell(done: WorkedSheet, one: HandedIn, at: Any) -> str:
    return done.sheet.names.cell(one.row, tuple(int(i) for i in at) if one.place is None else one.place)


def _shape(array: Array) -> str:
    return " × ".join(map(str, array.shape)) or "a single number"
