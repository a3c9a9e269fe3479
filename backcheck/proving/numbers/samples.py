"""In which order sizes, letters and numbers are tried: small ones for people, ones that are all different for a test of truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product

from backcheck.proving.names import Names
from backcheck.proving.numbers.arithmetic import EXACT
from backcheck.proving.numbers.exponents import DIVISOR, FACTOR, POWER
from backcheck.proving.numbers.reals import Number

SIZES = (2, 3, 1, 4, 5)  # of one size, in this order
PAIRS = ((2, 3), (3, 2), (1, 2), (2, 1), (2, 2), (4, 3), (4, 5))  # of several, by turns: the first for most of them
LARGER = tuple(range(6, 13))  # only where something given asks for it
MOST_LETTERS = 60  # ways to choose values for the free letters


def sizes(names: Sequence[str], allowed: Iterable[int] = SIZES) -> Iterator[dict[str, int]]:
    """Values for sizes that are no numbers.

    >>> [*sizes(["K"], (2, 3))], next(sizes(["J", "K"]))
    ([{'K': 2}, {'K': 3}], {'J': 2, 'K': 3})
    """
    kept = [*allowed]
    pairs = [pair for pair in PAIRS if {*pair} <= {*kept}] or [pair for size in kept for pair in ((size, 2), (2, size))]
    turns = [(size,) for size in kept] if len(names) == 1 else pairs
    for turn in turns if names else [(0,)]:
        yield {name: turn[at % len(turn)] for at, name in enumerate(names)}


def letters(free: Sequence[str], names: Names, size: Mapping[str, int], by_number: bool) -> Iterator[dict[str, int]]:
    """Values for free letters: every way in which they can be equal or not; all values, where a numeral stands as an index."""
    groups: dict[str, list[str]] = {}
    for letter in free:
        groups.setdefault(names.size(letter), []).append(letter)
    most = [int(text) if text.isdigit() else size[text] for text in groups]
    ways = [_all(len(own), top) if by_number else _patterns(len(own), top) for own, top in zip(groups.values(), most, strict=True)]
    for number, chosen in enumerate(product(*ways)):
        if number == MOST_LETTERS:
            return
        pairs = [zip(own, values, strict=True) for own, values in zip(groups.values(), chosen, strict=True)]
        yield {letter: value for pair in pairs for letter, value in pair}


@lru_cache(maxsize=128)
def _patterns(count: int, most: int) -> list[tuple[int, ...]]:
    """Which are equal, the first always 1, a new value always the next.

    >>> _patterns(2, 5), len(_patterns(4, 5))
    ([(1, 1), (1, 2)], 15)
    """
    found: list[tuple[int, ...]] = [()]
    for _ in range(count):
        found = [(*way, at) for way in found for at in range(1, min(most, max(way, default=0) + 1) + 1)]
    return found


@lru_cache(maxsize=128)
def _all(count: int, most: int) -> list[tuple[int, ...]]:
    return [*product(range(1, most + 1), repeat=count)] if most**count <= 1000 else _patterns(count, most)


# numbers

Numbers = tuple[Number, ...]


def _fractions(text: str) -> Numbers:
    return tuple(EXACT.number(word) for word in text.split())


def _logs(text: str) -> Numbers:
    return tuple(EXACT.ln(number) for number in _fractions(text))


SMALL = _fractions("0 1 1/2 1/4 -1 2 3 3/4 1/3 -2 2/3 1/8 -1/2 1/5 4 -3 1/16 3/5 4/5 5 1/6 10 -10 1/10 9/10 1/100 99/100")
MINUS_1 = 4  # its place among these
SMALL_WHOLE = _fractions("0 1 -1 2 3 -2 1/2 4 -3")
SMALL_ONE_OVER = _fractions("1 1/2 1/3 -1 -1/2 1/4 2 3")
SMALL_IN_EXP = _logs("1 2 1/2 3 4 1/3 3/2 6 1/4 2/3 8 1/6 9 1/9 1/8 5 1/5 16 1/16")
MIXED = _fractions("2 3 -1 1/2 5 -3/2 1/3 4 -2 3/4 7 -1/3 5/2 6 -5 2/3 1/4 8 -4 3/2 9 -7/2 10 -1/4 11")
OPPOSITE = tuple(-number for number in MIXED)
BELOW_1 = _fractions("1/3 1/4 2/5 1/8 3/4 1/5 2/3 1/7 3/5 1/16 4/7 1/6 3/8 1/9 5/6 1/10 3/7 1/12 5/8 1/32 7/8 2/9 9/10 2/7 4/5")
ABOVE_0 = _fractions("2 3 1/2 5 3/2 1/3 4 7 3/4 5/2 6 2/3 1/4 8 9 7/2 10 1/5 11 4/3 12 5/3 13 9/4 14")
BELOW_0 = _fractions("-2 -1/2 -3 -1/3 -5 -3/2 -4 -3/4 -7 -5/2 -6 -2/3 -1/4 -8 -9 -7/2 -10 -1/5 -11 -4/3 -12 -5/3 -13 -9/4 -14")
IN_EXP = _logs("2 3 1/2 3/2 1/3 4 2/3 6 1/4 3/4 9/2 1/6 8 4/3 1/9 12 9 2/9 8/3 3/8 1/8 16 1/12 18 27")
WHOLE = _fractions("2 3 -1 1 4 -2 5 -3 6 -4 7 8 -5 9 10 -6 11 12 -7 13 14 -8 15 16 -9")
ONE_OVER = _fractions("1/2 1/3 1 -1 -1/2 1/4 1/5 -1/3")
IN_EXPONENTS: dict[str, Numbers] = {POWER: IN_EXP, FACTOR: WHOLE, DIVISOR: ONE_OVER}
SMALL_IN_EXPONENTS: dict[str, Numbers] = {POWER: SMALL_IN_EXP, FACTOR: SMALL_WHOLE, DIVISOR: SMALL_ONE_OVER}
FAMILIES = (
    (MIXED,),
    (BELOW_1,),
    (ABOVE_0,),
    (BELOW_0,),
    (OPPOSITE,),
    (BELOW_1, ABOVE_0),
    (ABOVE_0, BELOW_1),
    (ABOVE_0, BELOW_0),
    (BELOW_0, ABOVE_0),
)


def generic(kinds: Sequence[str], draw: int) -> list[Numbers]:
    """For each entry the numbers to try, one after the other; first ones that are all different."""
    families = FAMILIES[draw % len(FAMILIES)]
    lists = [IN_EXPONENTS.get(kind) or families[at % len(families)] for at, kind in enumerate(kinds)]
    if draw >= 4:  # where a factor of an exponent is to be below 1, or below 0
        lists = [families[0] if kind == FACTOR else numbers for kind, numbers in zip(kinds, lists, strict=True)]
    return [_turned(numbers, at + 3 * draw) for at, numbers in enumerate(lists)]


def smallest(kinds: Sequence[str]) -> Iterator[list[Numbers]]:
    """The same with small numbers first: all the first, each alone a later one, then mixtures."""
    count = len(kinds)
    ranks: list[list[int]] = [[0] * count]
    ranks += [[rank * (at == own) for at in range(count)] for rank in (1, 2) for own in range(min(count, 6))]
    ranks += [
        [1] * count,
        [(1, MINUS_1)[at % 2] for at in range(count)],
        [MINUS_1] * count,
        [2] * count,
        [*range(count)],
        [at + 1 for at in range(count)],
        [count - at for at in range(count)],
    ]
    ranks += [[3 if at == own else at % 3 for at in range(count)] for own in range(min(count, 4))]
    ranks += [[(at * step + start) % 9 for at in range(count)] for step in (1, 2, 3, 4) for start in (1, 2, 4, 7)]
    for rank in ranks:
        yield [_turned(SMALL_IN_EXPONENTS.get(kind, SMALL), at) for kind, at in zip(kinds, rank, strict=True)]


def _turned(numbers: Numbers, first: int) -> Numbers:
    """The list from one place on, then its beginning."""
    at = first % len(numbers)
    return numbers[at:] + numbers[:at]
