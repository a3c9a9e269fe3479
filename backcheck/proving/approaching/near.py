"""Numbers near the place of a limit: they show people a wrong one, and hold a proven one to account; they prove nothing."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from backcheck.errors import Undefined
from backcheck.proving.names import Scene
from backcheck.proving.numbers.evaluate import Point, Spent, Work, spelled, value
from backcheck.proving.numbers.exact import to_float
from backcheck.proving.numbers.setting import Sample, Setting
from backcheck.proving.tree import Tree
from backcheck.proving.verdict import Counterexample, Number

SIZES, DRAWS, MOST_WORK = (3, 2), 3, 40_000
SHOWN = 2  # y = 1/1000
FAR = (
    (9, 18),
    (2, 3),
)  # powers of ten, where a proven limit is held against exact numbers: the second where the first are too large
NEAR = 1e-6  # what is so near to it has come to it
SETTLED = 0.01  # of the way that is left: slower than that nothing runs that people write
STEPS = tuple(Fraction(1, 10**n) for n in range(1, 5))


class Row(NamedTuple):
    """One sample: the number that runs, nearer with each step, the expression there, and what its limit is said to be."""

    sample: Sample
    at: tuple[Fraction, ...]
    values: tuple[float, ...]
    right: float | None


def rows(of: Tree, right: Tree, variable: str, to: Tree, side: int, scene: Scene) -> list[Row]:
    """A few samples in which all of it has a value; `side` is 1 from above, -1 from below."""
    setting = Setting([of, right] if _finite(right) else [of], scene, Work(MOST_WORK))
    found = []
    try:
        for place in setting.places(SIZES):
            for draw in range(DRAWS):
                for sample in setting.generic(place, draw):
                    row = _row(sample, of, right, variable, to, side)
                    if row is not None:
                        found.append(row)
                        break
    except (Spent, Undefined):
        pass
    return found


def _finite(tree: Tree) -> bool:
    return tree.op != "infinity" and not (tree.op == "minus" and tree.parts[0].op == "infinity")


def _row(sample: Sample, of: Tree, right: Tree, variable: str, to: Tree, side: int) -> Row | None:
    try:
        near = tuple(_place(sample, to, side, step) for step in STEPS)
        values = tuple(_worth(sample, of, variable, at) for at in near)
        return Row(sample, near, values, _worth(sample, right, variable, near[0]) if _finite(right) else None)
    except (Undefined, ArithmeticError, ValueError):
        return None


def _place(sample: Sample, to: Tree, side: int, step: Fraction) -> Fraction:
    if not _finite(to):
        return side / step
    return Fraction(_worth(sample, to, "", Fraction(0))).limit_denominator(10**9) + side * step


def _exactly(sample: Sample, of: Tree, variable: str, at: Fraction) -> float:
    point = Point(sample.numbers.place, {**sample.numbers.values, (variable,): at})
    return to_float(value(of, point, sample.letters))


def _worth(sample: Sample, tree: Tree, variable: str, at: Fraction) -> float:
    numbers = {key: to_float(number) for key, number in sample.numbers.values.items()} | {(variable,): float(at)}
    point = Point(sample.numbers.place, numbers, floats=True)
    found = float(value(tree, point, sample.letters))
    if not math.isfinite(found):
        raise ValueError
    return found


def speaks_against(row: Row, of: Tree, variable: str, to: Tree, side: int) -> bool:
    """Whether the numbers come to rest somewhere else than at the limit that was found."""
    for powers in FAR:
        try:
            first, last = (_exactly(row.sample, of, variable, _place(row.sample, to, side, Fraction(1, 10**n))) for n in powers)
        except (Undefined, ArithmeticError, ValueError):
            continue
        left = abs(last - row.right) if row.right is not None else 1 + abs(last)
        return left > NEAR * (1 + abs(last)) and abs(last - first) < SETTLED * left
    return False


def in_numbers(row: Row, variable: str, sign: str, right: Tree) -> Counterexample:
    """One of the numbers, to redo: what the expression is there, beside what it is said to run to."""
    at, sample = row.at[SHOWN], row.sample
    values = [(spelled(key), _number(number)) for key, number in sample.numbers.values.items() if key != (variable,)]
    said = _number(row.right) if row.right is not None else Number(*["oo" if right.op == "infinity" else "-oo"] * 2)
    sizes, letters = tuple(sample.numbers.place.sizes.items()), tuple(sample.letters.items())
    return Counterexample(sizes, letters, ((variable, _number(at)), *values), sign, _number(row.values[SHOWN]), said)


def _number(number: object) -> Number:
    return Number(
        str(number) if isinstance(number, int | Fraction) else "",
        f"{(number if isinstance(number, float) else to_float(number)) + 0.0:.6g}",
    )  # 0, not -0
