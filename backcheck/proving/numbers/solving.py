"""Whether something given is true of numbers, and the numbers for which it is.

Nothing is assumed of what is given but that it can be evaluated: an equation that is linear in x, e^x, ln x or x² is solved by its
slope, any other by trying; what was found is checked exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from backcheck.errors import Undefined
from backcheck.proving.numbers.arithmetic import EXACT
from backcheck.proving.numbers.duals import parts
from backcheck.proving.numbers.evaluate import Key, Place, Point, value
from backcheck.proving.numbers.exact import to_float, told
from backcheck.proving.numbers.reals import RATIONAL, Number, plainly
from backcheck.proving.statements import Relation

MOST_TOLD = 40  # digits: whoever needs more is given another number
COST = 10  # of a condition, in terms
HOLDS = {"=": (0,), "!=": (1, -1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0)}
Values = dict[Key, Number]
Letters = Mapping[str, int]


class Condition(NamedTuple):
    """Something given, for one choice of its letters, with the entries it reads."""

    relation: Relation
    letters: Letters
    reads: frozenset[Key]


def holds(condition: Condition, place: Place, values: Values) -> bool:
    """Whether it is true, exactly."""
    place.work.spend(COST)
    try:
        return told(off_by(condition, values, place), MOST_TOLD) in HOLDS[condition.relation.sign]
    except Undefined:
        return False


def _difference(condition: Condition, point: Point) -> Number:
    left, right = condition.relation.left, condition.relation.right
    return value(left, point, condition.letters) - value(right, point)


def linear_step(equations: Sequence[Condition], keys: Sequence[Key], values: Values, place: Place) -> Values | None:
    """What these entries are where all equations hold, by Newton's step: exact, if they are linear."""
    rows = [[*(slope_of(equation, key, values, place) for key in keys), -off_by(equation, values, place)] for equation in equations]
    if not all(isinstance(number, RATIONAL) for row in rows for number in row[:-1]):
        return None
    for at in range(len(keys)):
        pivot = next((row for row in rows[at:] if row[at]), None)
        if pivot is None:
            return None
        rows.remove(pivot)
        pivot = [EXACT.divide(number, pivot[at]) for number in pivot]
        rows = [[number - row[at] * own for number, own in zip(row, pivot, strict=True)] for row in rows]
        rows.insert(at, pivot)
    return {key: values[key] + row[-1] for key, row in zip(keys, rows, strict=True)}


def off_by(condition: Condition, values: Values, place: Place) -> Number:
    return _difference(condition, Point(place, dict(values)))


def slope_of(condition: Condition, key: Key, values: Values, place: Place) -> Number:
    layer = Point(place, dict(values)).along(key, 1, frozenset({str(key[0])}))
    return parts(_difference(condition, layer), 1)[1]


def tangent(condition: Condition, key: Key, x: Number, place: Place, values: Values) -> Number | None:
    """Where the two sides would be equal if they were linear."""
    here = {**values, key: x}
    slope = slope_of(condition, key, here, place)
    if told(slope, MOST_TOLD) in (None, 0):
        return None
    return x + EXACT.divide(-off_by(condition, here, place), slope)


def _said(condition: Condition, place: Place, values: Values) -> Number | None:
    """What stands on the right, where the left is just the entry that is solved for."""
    left, right = condition.relation.left, condition.relation.right
    if left.op not in ("name", "entry") or (left if left.op == "name" else left.parts[0]).text in place.names.defined:
        return None
    try:
        return value(right, Point(place, dict(values)), condition.letters)
    except Undefined:
        return None


def solutions(condition: Condition, key: Key, start: Number, place: Place, values: Values) -> Iterator[Number]:
    """Where the two sides are equal, if they are linear in x, e^x, ln x or x²; then fractions near a root that floats find."""
    told_at_once = _said(condition, place, values)
    if told_at_once is not None:
        yield told_at_once
        return
    for x in (start, 1):
        try:
            found = tangent(condition, key, x, place, values)
            if found is None:
                continue
            yield found
            if holds(condition, place, {**values, key: found}):
                return
            step = found - x
            yield x * EXACT.exp(step)
            yield EXACT.ln(EXACT.exp(x) * (1 + step))
            square = EXACT.sqrt(x * (x + 2 * step))
            yield from (square, -square)
        except Undefined:
            continue
    for first in (2.0, -2.0):
        root = _float_root(condition, key, first, place, values)
        if root is not None:
            yield plainly(Fraction(root).limit_denominator(100))
            if abs(root) < LARGE:
                yield EXACT.ln(Fraction(math.exp(root)).limit_denominator(100) or 1)


LARGE, NEWTON = 20, 16  # e^20; steps of Newton's method


def _float_root(condition: Condition, key: Key, x: float, place: Place, values: Values) -> float | None:
    """A root by Newton's method, as far as floats see."""
    floats = {other: to_float(number) for other, number in values.items()}
    try:
        for _ in range(NEWTON):
            place.work.spend(COST)
            layer = Point(place, {**floats, key: x}, floats=True).along(key, 1, frozenset({str(key[0])}))
            off, slope = parts(_difference(condition, layer), 1)
            step = -off / slope
            x += step
            if abs(step) <= abs(x) * CLOSE:
                return x if math.isfinite(x) else None
    except (Undefined, ZeroDivisionError, OverflowError):
        pass
    return None


CLOSE = 2.0**-40
