"""A student's line of working held against itself and against the step: which `=` holds, and what the working is for."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import numpy as np

from backcheck.formula import Call, Cell, Formula, Number, cells, evaluate, rebuild
from backcheck.functions import FLOATS
from backcheck.grading.extent import Lines, extent
from backcheck.grading.marked import OF_HALF_A_UNIT, OF_THE_NUMBER
from backcheck.grading.result import Equality
from backcheck.grading.span import FURTHER, Span, ends
from backcheck.grading.working import Chain, written_number

SAME = 1e-9  # two literal computations on the same written numbers that agree so far are the same computation


class Own(NamedTuple):
    """What the student's numbers stand for: the span of a name, and of a numeral that is one of theirs or was given."""

    of_name: Callable[[str], Any]  # raises KeyError for what is no quantity
    of_numeral: Mapping[float, Span]
    ambiguous: Collection[float] = ()  # numerals that stand for several quantities


class Working(NamedTuple):
    """The equalities of one line, and the value of its first part with exactly the numbers that stand there."""

    equalities: tuple[Equality, ...]
    value: float | None
    cut: bool = False  # the last result is cut off, not rounded
    shifted: bool = False  # its decimal point stands elsewhere

    @property
    def first_false(self) -> int | None:
        return next((i for i, equality in enumerate(self.equalities) if not equality.holds), None)


def half_unit(text: str) -> float:
    """Half a unit of the last place that is written: 0.00005 for 0.3510.

    >>> half_unit("0.3510"), half_unit("1.2e-3"), half_unit("20")
    (5e-05, 5e-05, 0.5)
    """
    mantissa, _, exponent = text.lower().partition("e")
    return 0.5 * 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def judged(chain: Chain, own: Own) -> Working:
    """Each `=` of a chain: it holds if what stands on both sides can be the same number."""
    spans = [_span(part, own, last=i == len(chain.parts) - 1) for i, part in enumerate(chain.parts)]
    sides = list(zip(chain.texts, chain.parts, strict=True))
    found = []
    for i in range(1, len(spans)):
        empty = [text for text, part in (sides[i - 1], sides[i]) if _has_no_value(part)]
        says = f"{empty[0]} has no finite value" if empty else ""
        found.append(Equality(chain.texts[i - 1], chain.texts[i], not empty and _meet(spans[i - 1], spans[i]), says))
    cut = shifted = False
    if found and not found[-1].holds and (text := written_number(chain.result)):
        cut, shifted = _cut_off(spans[-2], text), _shifted(spans[-2], text)
    return Working(tuple(found), literal(chain.parts[0]) if found else None, cut, shifted)


def literal(tree: Formula) -> float | None:
    """The value with exactly the numbers that are written; None where names stand in it, or it has none."""
    if next(cells(tree), None) is not None:
        return None
    try:
        value = float(evaluate(tree, float, FLOATS, zero_wins=True))
    except (ArithmeticError, ValueError, KeyError, TypeError):
        return None
    return value if math.isfinite(value) else None


def _has_no_value(tree: Formula) -> bool:
    """Whether it is made of numbers only and comes to none: 1/0, ln(−2)."""
    if next(cells(tree), None) is not None:
        return False
    try:
        return not math.isfinite(evaluate(tree, float, FLOATS, zero_wins=True))
    except (ArithmeticError, ValueError):
        return True
    except (KeyError, TypeError):  # a function that is not worked out here
        return False


def _span(tree: Formula, own: Own, last: bool) -> Span | None:
    """What a part can stand for; None where a name or function in it has no meaning here."""
    if last and (text := written_number(tree)):
        value, half = float(text), half_unit(text)
        return Span(value - half, value + half)
    box: dict[str, Any] = {}
    try:
        lines = Lines((("", _with_spans(tree, own, box)),))
        lo, hi = map(float, ends(extent(lines, box)))
    except (KeyError, TypeError, ArithmeticError, ValueError):
        return None
    return None if math.isnan(lo) or math.isnan(hi) else Span(lo, hi)


def _with_spans(tree: Formula, own: Own, box: dict[str, Any]) -> Formula:
    """The same formula with a quantity for every numeral that stands for one, and its span in the box."""
    if isinstance(tree, Number):
        span = own.of_numeral.get(float(tree.text)) or _unknown(tree.text)
        if span is None:
            return tree
        name = f"#{tree.text}" + (f" {len(box)}" if float(tree.text) in own.ambiguous else "")
        box[name] = span
        return Cell(name)
    if isinstance(tree, Cell):
        box[tree.name] = own.of_name(tree.name)
        return tree
    if isinstance(tree, Call) and tree.function in FURTHER:  # what stands behind the first number is a constant
        return Call(tree.function, (_with_spans(tree.arguments[0], own, box), *tree.arguments[1:]))
    return rebuild(tree, lambda part: _with_spans(part, own, box))


def _unknown(text: str) -> Span | None:
    """A number with decimals that stands for nothing on the sheet may be rounded; a whole one is itself."""
    if "." not in text and "e" not in text.lower():
        return None
    value, half = float(text), half_unit(text)
    return Span(value - half, value + half)


def _meet(left: Span | None, right: Span | None) -> bool:
    """Whether two parts can be the same number; what has no meaning here is not judged."""
    if left is None or right is None:
        return True
    room = OF_HALF_A_UNIT * (right.hi - right.lo) + OF_THE_NUMBER * max(abs(right.lo), abs(right.hi))
    return bool(left.lo <= right.hi + room and left.hi >= right.lo - room)


def _cut_off(span: Span | None, text: str) -> bool:
    if span is None:
        return False
    value, unit = float(text), 2 * half_unit(text)
    least, most = (value, value + unit) if value > 0 else (value - unit, value if value else unit)
    return bool(span.lo < most and span.hi >= least)


def _shifted(span: Span | None, text: str) -> bool:
    value, half = float(text), half_unit(text)
    if span is None or not value:
        return False
    ends_at = [sorted((span.lo * k, span.hi * k)) for k in (10, 0.1, 100, 0.01)]
    return any(lo <= value + half and hi >= value - half for lo, hi in ends_at)


def same(left: float | None, right: float | None) -> bool:
    """Whether two literal computations came out the same."""
    return left is not None and right is not None and bool(np.isclose(left, right, rtol=SAME, atol=0))
