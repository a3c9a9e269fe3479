"""Numbers that refute a relation, as they are shown: what it reads, and what its sides are there; it looks for none."""

from __future__ import annotations

from typing import Any

from backcheck.proving.numbers.evaluate import Key, spelled, value
from backcheck.proving.numbers.exact import decimal, text
from backcheck.proving.numbers.reads import reads
from backcheck.proving.numbers.setting import Sample, Setting
from backcheck.proving.statements import Relation
from backcheck.proving.verdict import Counterexample, Number

MOST_SHOWN = 16  # numbers, with those that what is given needs beside them
FIGURES = (6, 12, 24)  # of both sides, until they show which is which


def counterexample(relation: Relation, setting: Setting, sample: Sample) -> Counterexample:
    numbers, letters = sample.numbers, sample.letters
    place, point = numbers.place, numbers.exactly
    sides = [value(side, point, letters) for side in (relation.left, relation.right)]
    values = [(spelled(key), _number(numbers.values[key])) for key in _shown(relation, setting, sample)]
    values += [(f"{name}(u)", Number(how, how)) for name, how in place.chosen.items()]
    return Counterexample((*place.sizes.items(),), (*letters.items(),), (*values,), relation.sign, *_told_apart(*sides))


def _shown(relation: Relation, setting: Setting, sample: Sample) -> list[Key]:
    """What the sides read, and what is given together with that, in the order it was chosen."""
    place, letters = sample.numbers.place, sample.letters
    read = reads(relation.left, place, letters) | reads(relation.right, place, letters)
    conditions = setting.conditions(place, letters)
    beside = read.union(*(condition.reads for condition in conditions if not read.isdisjoint(condition.reads)))
    return [key for key in sample.numbers.values if key in (beside if len(beside) <= MOST_SHOWN else read)]


def _number(number: object) -> Number:
    return Number(text(number), decimal(number))


def _told_apart(left: Any, right: Any) -> tuple[Number, Number]:
    """Both sides, with as many digits as it takes; where that are too many, the left one as the right and what it is off by.

    >>> from fractions import Fraction
    >>> [side.decimal for side in _told_apart(1, 1 + Fraction(1, 10**40))]
    ['1 - 1e-40', '1']
    """
    for digits in FIGURES:
        one, other = decimal(left, digits), decimal(right, digits)
        if one != other or left == right:
            return Number(text(left), one), Number(text(right), other)
    off = decimal(left - right)
    one, other = decimal(left), decimal(right)
    off = off if other == "0" else f"{other} - {off[1:]}" if off.startswith("-") else f"{other} + {off}"
    return Number(text(left), off), Number(text(right), other)
