"""The simplex over fractions: numbers for which linear rows are all true, or the rows that cannot be; it knows no expressions.

After Dutertre and de Moura (2006): each sum has a least and a greatest value; they are held one after the other, and those that
cannot be held together are named, with multipliers. Whoever asks adds these up anew, by `linear.adds_up`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from backcheck.proving.unknowns.linear import Contradiction, Row, holds, plus, split
from backcheck.proving.unknowns.logarithms import TINY, Form, is_number, sign
from backcheck.proving.unknowns.meter import Meter, TooMuch

__all__ = ["Simplex", "TooMuch", "contradiction"]


class Bound(NamedTuple):
    """The least or greatest value of a sum, and the row that says so: `times` that row is the distance to the bound."""

    value: Form
    row: Row
    times: Fraction


class Simplex:
    """Rows that are held together, one after the other; the last ones can be let go again."""

    def __init__(self, meter: Meter | None = None) -> None:
        self.solved: dict[str, dict[str, Fraction]] = {}  # a name that is written by the others: s = w1 + 2 w2
        self.value: dict[str, Form] = {}
        self.sums: dict[tuple[tuple[str, Fraction], ...], str] = {}
        self.bounds: tuple[dict[str, Bound], dict[str, Bound]] = ({}, {})  # the least, the greatest
        self.undo: list[tuple[int, str, Bound | None]] = []
        self.meter = meter or Meter()

    def hold(self, row: Row) -> Contradiction | None:
        """One more row; None where all can still be true together."""
        unknown, known = split(row.of)
        if not unknown:
            return None if holds(row) else Contradiction(((Fraction(_against(row)), row),))
        first = min(unknown)
        size = unknown[first]
        name, known = self._name(plus((1 / size, unknown))), plus((-1 / size, known))
        for side in (0, 1):  # at least, at most
            outwards = 1 if side == 0 else -1
            if row.sign == "=" or (size > 0) == (side == 0):
                value = plus((1, known), (outwards, {TINY: Fraction(row.sign == ">")}))
                clash = self._bound(side, name, Bound(value, row, outwards / size))
                if clash:
                    return clash
        return self._repair()

    def mark(self) -> int:
        """How much is held, to come back to."""
        return len(self.undo)

    def release(self, mark: int) -> None:
        """Whatever was held since the mark is let go."""
        while len(self.undo) > mark:
            side, name, before = self.undo.pop()
            if before is None:
                del self.bounds[side][name]
            else:
                self.bounds[side][name] = before
        self._repair()

    def worth(self, form: Form) -> dict[str, Fraction]:
        """The value of a form, as the numbers are now; a name that is new is 0."""
        return plus(
            *((times, {name: Fraction(1)} if is_number(name) else self.value.get(name, {})) for name, times in form.items())
        )

    def _name(self, form: Mapping[str, Fraction]) -> str:
        """A name for a sum of unknowns: itself if there is only one."""
        for name in form:
            self.value.setdefault(name, {})
        key = tuple(sorted(form.items()))
        if len(form) == 1:
            return key[0][0]
        if key not in self.sums:
            name = self.sums[key] = f"~{len(self.sums)}"
            self.solved[name] = self._count(
                plus(*((times, self.solved.get(part, {part: Fraction(1)})) for part, times in form.items()))
            )
            self.value[name] = plus(*((times, self.value[part]) for part, times in self.solved[name].items()))
        return self.sums[key]

    def _count(self, form: dict[str, Fraction]) -> dict[str, Fraction]:
        self.meter.spend(1 + len(form))
        return form

    def _bound(self, side: int, name: str, bound: Bound) -> Contradiction | None:
        before, other = self.bounds[side].get(name), self.bounds[1 - side].get(name)
        outwards = 1 if side == 0 else -1
        if before and sign(plus((outwards, bound.value), (-outwards, before.value))) <= 0:
            return None
        if other and sign(plus((outwards, bound.value), (-outwards, other.value))) > 0:
            return Contradiction(((bound.times, bound.row), (other.times, other.row)))
        self.undo.append((side, name, before))
        self.bounds[side][name] = bound
        if name not in self.solved and self._beyond(name, side):
            self._move(name, plus((1, bound.value), (-1, self.value[name])))
        return None

    def _beyond(self, name: str, side: int) -> bool:
        bound = self.bounds[side].get(name)
        return bound is not None and sign(plus((1, self.value[name]), (-1, bound.value))) == (-1 if side == 0 else 1)

    def _move(self, name: str, by: Form) -> None:
        self.value[name] = plus((1, self.value[name]), (1, by))
        for other, form in self.solved.items():
            if name in form:
                self.value[other] = self._count(plus((1, self.value[other]), (form[name], by)))

    def _repair(self) -> Contradiction | None:
        """Bland's rule: the first name beyond its bound changes places with the first that can give way, so that it ends."""
        while True:
            wrong = min(((name, side) for name in self.solved for side in (0, 1) if self._beyond(name, side)), default=None)
            if wrong is None:
                return None
            name, side = wrong
            gives = min((other for other in self.solved[name] if self._can_give(name, side, other)), default=None)
            if gives is None:
                return self._contradiction(name, side)
            bound = self.bounds[side][name].value
            by = plus((1, bound), (-1, self.value[name]))
            self._exchange(name, gives)
            self._move(name, by)

    def _can_give(self, name: str, side: int, other: str) -> bool:
        way = (1 if side == 0 else -1) * (1 if self.solved[name][other] > 0 else -1)
        limit = self.bounds[1 if way > 0 else 0].get(other)
        return limit is None or sign(plus((way, limit.value), (-way, self.value[other]))) > 0

    def _exchange(self, name: str, other: str) -> None:
        """`other` is solved for, in the row of `name`."""
        form = self.solved.pop(name)
        times = form.pop(other)
        self.solved[other] = plus((-1 / times, form), (1, {name: 1 / times}))
        for key, row in self.solved.items():
            if key != other and other in row:
                self.solved[key] = self._count(
                    plus((row[other], self.solved[other]), (1, {n: v for n, v in row.items() if n != other}))
                )

    def _contradiction(self, name: str, side: int) -> Contradiction:
        """Its bound, with those of all that would have to give way, each as often as it occurs."""
        outwards = 1 if side == 0 else -1
        found = [(Fraction(1), self.bounds[side][name])]
        for other, times in self.solved[name].items():
            found.append((abs(times), self.bounds[1 if outwards * times > 0 else 0][other]))
        return Contradiction(tuple((times * bound.times, bound.row) for times, bound in found))


def _against(row: Row) -> int:
    """The multiplier that makes a row without unknowns read 0 >= something above 0."""
    return -1 if row.sign == "=" and sign(row.of) > 0 else 1


def contradiction(rows: Iterable[Row], work: Meter | int | None = None) -> Contradiction | None:
    """Why rows cannot all be true; None where they can.

    >>> contradiction([Row({"w": Fraction(1), "1": Fraction(-2)}, ">="), Row({"w": Fraction(-1), "1": Fraction(2)}, ">")]) is None
    False
    """
    simplex = Simplex(Meter(work) if isinstance(work, int) else work)
    return next((found for row in rows if (found := simplex.hold(row))), None)
