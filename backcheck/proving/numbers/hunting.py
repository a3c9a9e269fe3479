"""From points where an inequality holds, downhill to where it may not: in floats, by steps that leave the numbers simple."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import cycle, islice

from backcheck.proving.numbers.evaluate import Key
from backcheck.proving.numbers.exact import to_float
from backcheck.proving.numbers.reals import RATIONAL, Number, plainly
from backcheck.proving.numbers.setting import Sample, Setting

MOST_STARTS, MOST_MOVES = 3, 80
MOST_MOVED = 8  # entries
FIRST_STEP, LAST_STEP = Fraction(1, 2), Fraction(1, 64)
SIMPLE = (1, 3, 6)  # divisors of fractions that a point near the lowest one is rounded to
Margin = Callable[[Sample], float | None]
Direction = tuple[tuple[Key, int], ...]


def downhill(starts: Sequence[Sample], setting: Setting, margin: Margin) -> Iterator[Sample]:
    """Points with less and less margin, from a few starts of different sizes, letters and numbers."""
    kinds: dict[object, Sample] = {}
    for start in starts:
        kinds.setdefault((id(start.numbers if not setting.sizes else start.numbers.place), *start.letters.values()), start)
    for start in islice(kinds.values(), MOST_STARTS):
        yield from _from(start, setting, margin)


def _from(start: Sample, setting: Setting, margin: Margin) -> Iterator[Sample]:
    """One direction after the other a step on or back: a longer one after one that led down, a shorter one where none does."""
    best, lowest = start, margin(start)
    keys = [*islice(start.numbers.values, MOST_MOVED)]
    steps = dict.fromkeys(_directions(keys), FIRST_STEP)
    for direction in islice(cycle(steps), MOST_MOVES // 2):
        if lowest is None or lowest < 0 or max(steps.values()) < LAST_STEP:
            break
        for way in (1, -1):
            moved = setting.moved(best, _stepped(best, direction, way * steps[direction]))
            found = None if moved is None else margin(moved)
            if moved is not None and found is not None and found < lowest:
                best, lowest = moved, found
                steps[direction] *= 4
                break
        steps[direction] /= 2
    yield best
    for divisor in SIMPLE:
        rounded = setting.moved(best, _rounded(best, keys, divisor))
        if rounded is not None:
            yield rounded


def _directions(keys: Sequence[Key]) -> list[Direction]:
    """Each entry alone; all together, and against each other.

    >>> _directions([("a",), ("b",)])[1:]
    [((('b',), 1),), ((('a',), 1), (('b',), 1)), ((('a',), 1), (('b',), -1))]
    """
    alone: list[Direction] = [((key, 1),) for key in keys]
    together = [tuple((key, sign**at) for at, key in enumerate(keys)) for sign in (1, -1)]
    return alone + together if len(keys) > 1 else alone


def _stepped(sample: Sample, direction: Direction, step: Fraction) -> dict[Key, Number]:
    return {key: plainly(_fraction(sample.numbers.values[key]) + sign * step) for key, sign in direction}


def _rounded(sample: Sample, keys: Sequence[Key], divisor: int) -> dict[Key, Number]:
    return {key: plainly(Fraction(round(_fraction(sample.numbers.values[key]) * divisor), divisor)) for key in keys}


def _fraction(number: Number) -> Fraction:
    return Fraction(number) if isinstance(number, RATIONAL) else Fraction(to_float(number)).limit_denominator(8)
