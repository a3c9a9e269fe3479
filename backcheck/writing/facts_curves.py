"""The page of one function → its curve and that of its slope, with gaps where they jump; it draws nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np

from backcheck.arithmetic import parse
from backcheck.catalogue import LOSSES
from backcheck.formula import evaluate
from backcheck.functions import FLOATS
from backcheck.pages.fact import Facts, Form, Piece
from backcheck.writing.curves import Curve

POINTS = 241
ACROSS, AROUND, INSIDE = 6.0, 3.0, (0.1, 0.9)  # |z| ≤ 6; |y − t| ≤ 3; and where logarithms end, away from the ends
OF_SOFTMAX = "exp(z)/(exp(z) + 2)", "a*(1 - a)"  # of the first of three outputs, the other two z being 0
FUNCTIONS = {**FLOATS, "sum": lambda term: term}
Place = Mapping[str, float]


def curves(facts: Facts) -> list[Curve]:
    """The function and its slope; of softmax those of the first output, a loss for one output and one target."""
    if facts.name == "softmax":
        forms = [Form(of, (Piece(None, None, (parse(text),)),), True) for of, text in zip(("a", "da/dz"), OF_SOFTMAX, strict=True)]
        labels = "a_1 of z = (z, 0, 0)", "∂a_1/∂z_1"
        return _both(forms, labels, "z", (-ACROSS, ACROSS), {}, facts)
    given = {letter: float(value) for letter, value in facts.parameters.items()}
    if facts.name not in LOSSES:
        return _both(list(facts.forms[:2]), ("a", "∂a/∂z"), "z", (-ACROSS, ACROSS), given, facts)
    forms = [form for form in facts.forms if form.name in ("l", "dL/dy")]
    forms = forms if len(forms) == 2 else [facts.forms[0], *forms]
    t, ends = (1.0, INSIDE) if facts.domain[0] == 0 else (0.5, (0.5 - AROUND, 0.5 + AROUND))
    labels = f"L for t = {t:g}", f"∂L/∂y for t = {t:g}"
    return _both(forms, labels, "y", ends, {"t": t, "K": 1.0, **given}, facts)


def _both(
    forms: list[Form], labels: tuple[str, str], letter: str, ends: tuple[float, float], given: Place, facts: Facts
) -> list[Curve]:
    value, slope = forms
    first = value.pieces[0]
    kinks = {float(kink.at.subs({symbol: given[symbol.name] for symbol in kink.at.free_symbols})): kink for kink in facts.kinks}
    at_kinks = [{at: kink.value for at, kink in kinks.items()}, {at: kink.slope for at, kink in kinks.items()}]

    def read(x: float) -> Place:
        place = {**given, letter: x}
        return {**place, "a": _worked(first, place)} if letter == "z" else place

    found = []
    for form, label, taken in zip((value, slope), labels, at_kinks, strict=True):
        points = [point for piece in form.pieces for point in _piece(piece, ends, given, read)]
        x, y = np.array(list(_with_gaps(points, taken))).T
        found.append(Curve(label, x, y))
    return found


def _piece(piece: Piece, ends: tuple[float, float], given: Place, read: object) -> Iterator[tuple[float, float]]:
    """Points of one piece, both its ends included, as many to a length as in any other."""
    low, high = (_worked(Piece(None, None, (end,)), given) if end else None for end in (piece.low, piece.high))
    low, high = (ends[0] if low is None else low), (ends[1] if high is None else high)
    count = max(2, round(POINTS * (high - low) / (ends[1] - ends[0])))
    for x in np.linspace(low, high, count).tolist():
        yield x, _worked(piece, read(x))  # type: ignore[operator]


def _worked(piece: Piece, place: Place) -> float:
    return float(evaluate(piece.forms[0], place.__getitem__, FUNCTIONS))


def _with_gaps(points: list[tuple[float, float]], taken: Mapping[float, float]) -> Iterator[tuple[float, float]]:
    """Where two pieces meet with different values, a gap, the value that is taken there, and another gap."""
    yield points[0]
    for (x, y), (next_x, next_y) in pairwise(points):
        if x == next_x and y != next_y:
            yield from ((x, np.nan), (x, taken.get(x, y)), (x, np.nan))
        yield next_x, next_y
