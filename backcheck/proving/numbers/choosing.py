"""A number for each entry, so that all that is given is true: chosen one by one, and solved for where an equation says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from backcheck.errors import Undefined
from backcheck.proving.numbers.evaluate import Key, Place
from backcheck.proving.numbers.reals import RATIONAL, Number, plainly
from backcheck.proving.numbers.solving import Condition, Values, holds, linear_step, solutions, tangent

MOST_TRIED = 200  # numbers put in for one point
COST_OF_A_TRY = 20  # beside what it takes to work out what is given
PLAIN: tuple[Number, ...] = (0, 1, -1, Fraction(1, 2), Fraction(3, 5))  # what an equation that is not linear may like


def solved(
    conditions: Sequence[Condition], order: Sequence[Key], tries: Mapping[Key, Sequence[Number]], place: Place
) -> Values | None:
    """A number for each entry, the first that is tried where nothing forbids it; None where none were found."""
    if not all(holds(condition, place, {}) for condition in conditions if not condition.reads):
        return None
    solved_for = _solved_for(conditions, order)
    order = _in_turn(order, solved_for)
    due: dict[Key, list[Condition]] = {key: [] for key in order}
    for condition in conditions:
        if condition.reads:
            due[max(condition.reads, key=order.index)].append(condition)
    return _Search(order, due, tries, place, solved_for).onwards({})


def _solved_for(conditions: Sequence[Condition], order: Sequence[Key]) -> dict[Key, frozenset[Key]]:
    """An entry of its own for each equation: the one alone on its left, or the last it reads; and the others it reads."""
    found: dict[Key, frozenset[Key]] = {}
    for condition in conditions:
        if condition.relation.sign == "=":
            left = condition.relation.left
            alone = [left.text if left.op == "name" else left.parts[0].text] if left.op in ("name", "entry") else []
            own = [key for key in order if key in condition.reads and key not in found]
            own = [key for key in own if key[0] in alone] or own
            found |= {key: condition.reads - {key} for key in own[-1:]}
    return found


def _in_turn(order: Sequence[Key], solved_for: Mapping[Key, frozenset[Key]]) -> list[Key]:
    """Each entry that is solved for as soon as all others of its equation are there."""
    found: dict[Key, None] = {}

    def solve() -> None:
        ready = [key for key, others in solved_for.items() if key not in found and others <= found.keys()]
        if ready:
            found.update(dict.fromkeys(ready))
            solve()

    for key in [key for key in order if key not in solved_for]:
        solve()
        found[key] = None
    solve()
    return [*found, *(key for key in solved_for if key not in found)]


class _Search:
    """Forwards as long as a number fits, back where none is left."""

    def __init__(
        self,
        order: Sequence[Key],
        due: Mapping[Key, list[Condition]],
        tries: Mapping[Key, Sequence[Number]],
        place: Place,
        solved_for: Mapping[Key, frozenset[Key]],
    ) -> None:
        self.order, self.due, self.tries, self.place, self.solved_for = order, due, tries, place, solved_for
        self.tied = set[Key]().union(*(condition.reads for conditions in due.values() for condition in conditions))
        self.left = MOST_TRIED

    def onwards(self, values: Values) -> Values | None:
        if len(values) == len(self.order):
            return values
        key = self.order[len(values)]
        if not self.due[key]:
            return self._first(key, values)
        for change in self._candidates(key, values):
            self.left -= 1
            self.place.work.spend(COST_OF_A_TRY)
            if self.left < 0:
                return None
            found = {**values, **change}
            if all(holds(condition, self.place, found) for changed in change for condition in self._now_due(changed, found)):
                onwards = self.onwards(found)
                if onwards is not None:
                    return onwards
        return None

    def _first(self, key: Key, values: Values) -> Values | None:
        """An entry nothing is said of yet; where something is said later, it may have to be another number."""
        first, *others = self.tries[key]
        most = 0 if key not in self.tied else 2 if key in self.solved_for else len(others)
        for number in [first, *[*PLAIN[:2], *others[:6], *PLAIN[2:], *others[6:]][:most]]:
            found = self.onwards({**values, key: number})
            if found is not None or self.left < 0:
                return found
        return None

    def _now_due(self, key: Key, values: Values) -> Iterator[Condition]:
        """What reads this entry and no later one."""
        at = self.order.index(key)
        for later in self.order[at : len(values)]:
            yield from (condition for condition in self.due[later] if key in condition.reads)

    def _candidates(self, key: Key, values: Values) -> Iterator[Values]:
        """Solutions of the equations that are due here; numbers to try, and numbers beside and between the bounds that are due."""
        equations = [condition for condition in self.due[key] if condition.relation.sign == "="]
        first, *others = self.tries[key]
        if len(equations) > 1:
            yield from self._together(key, equations, values)
        for equation in equations:
            yield from ({key: x} for x in solutions(equation, key, first, self.place, values))
        if equations:
            yield from ({key: number} for number in (*PLAIN, first))
            return
        yield from ({key: number} for number in (first, *others[:3]))
        bounds = [condition for condition in self.due[key] if condition.relation.sign != "!="]
        roots = [*self._roots(key, bounds, values)]
        yield from ({key: number} for number in _beside(roots))
        yield from ({key: number} for number in (others if len(roots) < len(bounds) or not bounds else others[:4]))

    def _roots(self, key: Key, bounds: Sequence[Condition], values: Values) -> Iterator[Fraction]:
        """Where bounds are met, if they are linear."""
        for bound in bounds:
            try:
                root = tangent(bound, key, 1, self.place, values)
            except Undefined:
                continue
            if isinstance(root, RATIONAL):
                yield Fraction(root)

    def _together(self, key: Key, equations: Sequence[Condition], values: Values) -> Iterator[Values]:
        """As many entries as equations, solved for at once; right where they are linear."""
        read = set[Key]().union(*(equation.reads for equation in equations))
        keys = [one for one in self.order[: len(values) + 1] if one in read][-len(equations) :]
        if len(keys) < len(equations):
            return
        try:
            step = linear_step(equations, keys, {**values, key: self.tries[key][0]}, self.place)
        except Undefined:
            return
        if step is not None:
            yield step


def _beside(bounds: Sequence[Fraction]) -> Iterator[Number]:
    """Numbers between bounds, and outside of all of them.

    >>> [str(number) for number in _beside([Fraction(0), Fraction(1)])]
    ['1/2', '1/4', '-1', '2', '-1/2', '3/2', '0', '1/2']
    """
    ordered = sorted({*bounds})
    for low, high in pairwise(ordered):
        yield from (plainly((low + high) / 2), plainly((3 * low + high) / 4))
    if ordered:
        for step in (1, Fraction(1, 2)):
            yield from (plainly(ordered[0] - step), plainly(ordered[-1] + step))
    yield from (plainly(root / 2) for root in ordered)
