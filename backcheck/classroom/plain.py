"""Results as lists of texts and numbers, and back: for a pipe between processes, and for a journal in JSON; exact both ways."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from backcheck.errors import Fault
from backcheck.grading.result import CellMark, Equality, Mistake, Result

Plain = Any  # what JSON can hold
MISTAKE, WORKING, POINTS, OF = (CellMark._fields.index(name) for name in ("mistake", "working", "points", "of"))


def as_plain(result: Result) -> Plain:
    """A result without any class of ours, which costs a quarter of what pickling the records themselves does.

    >>> as_plain(Result("a.yaml", None, (), Fraction(1, 2), Fraction(2)))
    ['a.yaml', None, [], (1, 2), (2, 1), None, None, '']
    """
    cells = [_plain_cell(mark) for mark in result.cells]
    fault = result.fault and tuple(result.fault)
    return [result.file, result.student, cells, _pair(result.score), _pair(result.out_of), result.passed, fault, result.source]


def from_plain(plain: Plain) -> Result:
    """The same result again."""
    file, student, cells, score, out_of, passed, fault, source = plain
    found = tuple(_cell(values) for values in cells)
    return Result(file, student, found, _fraction(*score), _fraction(*out_of), passed, fault and Fault(*fault), source)


def _plain_cell(mark: CellMark) -> Plain:
    values: list[Any] = [*mark]
    if mark.mistake:
        values[MISTAKE] = tuple(mark.mistake)
    values[WORKING] = [tuple(equality) for equality in mark.working]
    values[POINTS], values[OF] = _pair(mark.points), _pair(mark.of)
    return values


def _cell(values: Plain) -> CellMark:
    values = [*values]
    if values[MISTAKE]:
        id, says, fits = values[MISTAKE]
        values[MISTAKE] = Mistake(id, says, tuple(fits))
    values[WORKING] = tuple(Equality(*equality) for equality in values[WORKING])
    values[POINTS], values[OF] = _fraction(*values[POINTS]), _fraction(*values[OF])
    return CellMark._make(values)


def _pair(value: Fraction) -> tuple[int, int]:
    return value.numerator, value.denominator


@lru_cache(1000)
def _fraction(numerator: int, denominator: int) -> Fraction:
    return Fraction(numerator, denominator)
