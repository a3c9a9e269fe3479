"""What a few lines of formulas can give over spans of their quantities: the exact range, not a wider one; it knows no worksheet.

A quantity that is read once may take its whole span. One that is read twice, as a in a·(1 − a), is sent to the end where the
result is greatest, or least; where the slope by it changes its sign inside the span, the span is halved until that is known.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from backcheck.formula import Formula, cells, evaluate
from backcheck.grading.jet import JETS, Jet
from backcheck.grading.span import Span, ends
from backcheck.grading.spans_of import SPANS

HALVINGS, CLOSE = 400, 1e-11  # how often a box is halved, fewer times where the lines are long; and how close to the exact end
LONG = 400_000  # what all halvings together may cost: quantities read, times quantities that slopes are by
HEAVY = 10_000  # what the slopes may cost once; beyond that a range is left a little too wide


class Lines:
    """Formulas in the order they are worked; the last one is what is asked for, the others are not on the sheet."""

    __slots__ = ("reads", "size", "steps", "twice")

    def __init__(self, steps: tuple[tuple[str, Formula], ...]) -> None:
        self.steps = steps
        self.reads = _reads(steps)  # how often each quantity is read on the way, whichever line it is read in
        self.twice = [name for name, count in self.reads.items() if count > 1]
        self.size = sum(1 for _, tree in steps for _ in cells(tree))  # what it costs to work them

    @property
    def tree(self) -> Formula:
        return self.steps[-1][1]

    def over(self, box: Mapping[str, Any], functions: Mapping[str, Any] = SPANS) -> Any:
        """The last line over spans, with every quantity on its own."""
        known = dict(box)
        for name, tree in self.steps:
            value = known[name] = evaluate(tree, known.__getitem__, functions, zero_wins=True)
        return value


def _reads(steps: tuple[tuple[str, Formula], ...]) -> Counter[str]:
    times: Counter[str] = Counter({steps[-1][0]: 1})
    hidden = {name for name, _ in steps}
    for name, tree in reversed(steps):
        for read in cells(tree):
            times[read] += times[name]
    return Counter({name: count for name, count in times.items() if name not in hidden})


def wide(lines: Lines, box: Mapping[str, Any]) -> Span:
    """A range that holds the exact one, at a third of its cost."""
    try:
        with np.errstate(all="ignore"):
            return Span(*ends(lines.over(box)))
    except ZeroDivisionError:
        return Span(np.nan, np.nan)


def extent(lines: Lines, box: Mapping[str, Any], halved: bool = True) -> Span:
    """The exact range over a box, number by number of its columns; a little too wide at turns that are not `halved`."""
    try:
        with np.errstate(all="ignore"):
            return _extent(lines, box, halved)
    except ZeroDivisionError:  # of exact numbers
        return Span(np.nan, np.nan)


def _extent(lines: Lines, box: Mapping[str, Any], halved: bool) -> Span:
    found, unclear = _at_ends(lines, box)
    if not (halved and unclear.any()):
        return found
    columns = (np.shape(end) for value in box.values() if isinstance(value, Span) for end in ends(value))
    shape = np.broadcast_shapes(*columns, np.shape(found.lo))
    lo, hi = np.broadcast_to(found.lo, shape).copy(), np.broadcast_to(found.hi, shape).copy()
    for i, one, spans in _one_by_one(box, np.broadcast_to(unclear, shape)):
        lo[i], hi[i] = -_greatest(lines, one, spans, -1), _greatest(lines, one, spans, 1)
    return Span(lo, hi)


def reaches(lines: Lines, box: Mapping[str, Any], target: Span) -> tuple[Span, Any]:
    """A range that may be a little too wide, and where the exact one meets the target: it is halved only as far as that takes."""
    try:
        with np.errstate(all="ignore"):
            found, unclear = _at_ends(lines, box)
            meets = np.array(np.broadcast_to((found.lo <= target.hi) & (found.hi >= target.lo), np.shape(target.lo)))
            for i, one, spans in _one_by_one(box, meets & unclear):
                least, most = float(target.lo[i]), float(target.hi[i])
                meets[i] = _greatest(lines, one, spans, 1, least) >= least and _greatest(lines, one, spans, -1, -most) >= -most
            return found, meets
    except ZeroDivisionError:
        return Span(np.nan, np.nan), np.zeros(np.shape(target.lo), bool)


def _at_ends(lines: Lines, box: Mapping[str, Any]) -> tuple[Span, Any]:
    """The range with every quantity at the ends that its slope tells, and where some slope does not tell."""
    twice = [name for name in lines.twice if isinstance(box[name], Span)]
    if not twice or lines.size * len(twice) > HEAVY:
        return Span(*ends(lines.over(box))), np.zeros((), bool)
    low, high, unclear = _sent_to_ends(lines, box, twice)
    return Span(np.asarray(ends(lines.over(low))[0], float), np.asarray(ends(lines.over(high))[1], float)), unclear


def _one_by_one(box: Mapping[str, Any], where: Any) -> Iterator[tuple[tuple[int, ...], dict[str, Any], list[str]]]:
    """The places of columns, with the box there and the quantities that are no points: the slope by one may hold another twice."""
    for place in np.argwhere(where):
        i = tuple(place)
        one = {name: _at(value, i) for name, value in box.items()}
        yield i, one, [name for name, value in one.items() if isinstance(value, Span)]


def _at(value: Any, i: tuple[int, ...]) -> Any:
    """One submission's span out of the columns."""
    if not isinstance(value, Span):
        return value
    return Span(*(float(end[i]) if np.ndim(end) else float(end) for end in (value.lo, value.hi)))


def _sent_to_ends(lines: Lines, box: Mapping[str, Any], twice: list[str]) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Where the result is least, where it is greatest, and where that is not yet known."""
    slopes = _slopes(lines, box, twice)
    low, high = dict(box), dict(box)
    unclear: Any = np.zeros((), bool)
    for name in twice:
        lo, hi = ends(slopes.get(name, 0.0))
        up = lo >= 0
        down = (hi <= 0) & ~up
        least, most = box[name].lo, box[name].hi
        high[name] = Span(np.where(up, most, least), np.where(down, least, most))  # the whole span where neither is known
        low[name] = Span(np.where(down, most, least), np.where(up, least, most))
        unclear = unclear | ~(up | down)
    return low, high, unclear


def _point(value: Any) -> Span:
    return Span(value, value)


def _slopes(lines: Lines, box: Mapping[str, Any], names: list[str]) -> Mapping[str, Any]:
    jets = {q: Jet(span, {q: 1.0} if q in names else {}) if isinstance(span, Span) else span for q, span in box.items()}
    found = lines.over(jets, JETS)
    return found.slopes if isinstance(found, Jet) else {}


def _greatest(lines: Lines, box: dict[str, Any], spans: list[str], sign: int, enough: float = np.inf) -> float:
    """The greatest number, or minus the least: boxes are halved, the most promising one first.

    It goes no further than is needed to know whether that is `enough`: what it gives then is not exact, but on the same side.
    """
    best, count, most = -np.inf, 0, min(HALVINGS, LONG // (lines.size * len(spans) + 1))
    queue: list[tuple[float, int, dict[str, Any]]] = [(-np.inf, 0, box)]
    while queue:
        bound, _, part = heapq.heappop(queue)
        if best >= enough:
            return best
        if -bound <= best or count > most or -bound < enough < np.inf:
            return max(best, -bound)
        top, reached, split = _bounds(lines, part, spans, sign)
        best = max(best, reached)
        if split is None or top - best <= CLOSE * max(abs(top), abs(best)):
            best = max(best, top)
            continue
        for half in _halves(part, split):
            count += 1
            heapq.heappush(queue, (-top, count, half))
    return best


def _bounds(lines: Lines, box: dict[str, Any], spans: list[str], sign: int) -> tuple[float, float, str | None]:
    """What cannot be exceeded in a box, what is reached in it, and the quantity to halve it by."""
    sent, unclear = _sent(lines, box, spans, sign)
    if 0 < len(unclear) < len(spans):  # with some at their ends, the slopes by the others are known better
        sent, unclear = _sent(lines, sent, list(unclear), sign)
    middle = sent | {name: _point((box[name].lo + box[name].hi) / 2) for name in unclear}
    reached = _top(lines, middle, sign)
    if not unclear:
        return reached, reached, None
    top = min(_top(lines, sent, sign), reached + sum(unclear.values()))
    widest = max(unclear, key=lambda name: box[name].hi - box[name].lo)
    return top, reached, widest


def _sent(lines: Lines, box: dict[str, Any], spans: list[str], sign: int) -> tuple[dict[str, Any], dict[str, float]]:
    """The box with every quantity at its end whose slope has one sign; of the others, how much they can add to the middle."""
    slopes = _slopes(lines, box, spans)
    sent, unclear = dict(box), {}
    for name in spans:
        lo, hi = (float(end) for end in ends(slopes.get(name, 0.0)))
        least, most = box[name].lo, box[name].hi
        if lo >= 0 or hi <= 0:
            sent[name] = _point(most if (lo >= 0) == (sign > 0) else least)
        elif most > least:
            unclear[name] = max(-lo, hi) * (most - least) / 2
    return sent, unclear


def _top(lines: Lines, box: Mapping[str, Any], sign: int) -> float:
    lo, hi = ends(lines.over(box))
    return float(hi) if sign > 0 else -float(lo)


def _halves(box: dict[str, Any], name: str) -> list[dict[str, Any]]:
    span = box[name]
    middle = (span.lo + span.hi) / 2
    return [{**box, name: Span(span.lo, middle)}, {**box, name: Span(middle, span.hi)}]
