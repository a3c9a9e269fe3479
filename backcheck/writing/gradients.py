"""What was found in gradients that somebody's code has worked out, as text or JSON; it judges nothing."""

from __future__ import annotations

import json
import math

from backcheck.marking.explanations import Mistake
from backcheck.marking.gradients import MISSING, ArrayMark, GradientReport
from backcheck.marking.mark import RIGHT
from backcheck.slips.layers import seen
from backcheck.spelling import Figures
from backcheck.writing.text import plain

HEADER = ["", "verdict", "largest difference", "at"]
APART = Figures(digits=2)


def text(report: GradientReport) -> str:
    """A table of the arrays in the order of the backward pass, and what went wrong first."""
    rows = [[seen(mark.name), mark.verdict, _difference(mark), _place(mark)] for mark in report.arrays]
    return "\n".join([plain("", HEADER, rows), "", *_sentences(report)])


def _difference(mark: ArrayMark) -> str:
    return "" if mark.difference is None else APART(mark.difference)


def _place(mark: ArrayMark) -> str:
    return seen(mark.cell) if mark.difference else ""


def _sentences(report: GradientReport) -> list[str]:
    """The verdict on the whole, as far as it goes."""
    by_name = {mark.name: mark for mark in report.arrays}
    compared = [mark for mark in report.arrays if mark.verdict != MISSING]
    if not compared:
        return ["Nothing was compared: no gradient was handed in."]
    lines = []
    if report.first_wrong is None:
        how = f"as far as numbers of {_digits(report.precision)} digits can"
        lines.append(f"All {len(compared)} agree, {how}." if len(compared) > 1 else f"It agrees, {how}.")
    else:
        lines.append(f"First wrong: {seen(report.first_wrong)}. {_sentence(by_name[report.first_wrong].says)}")
        lines += _of_mistake(report.mistake, [mark.name for mark in compared if mark.verdict != RIGHT])
    if missing := [seen(mark.name) for mark in report.arrays if mark.verdict == MISSING]:
        lines.append(f"Not handed in: {', '.join(missing)}.")
    return lines


def _of_mistake(mistake: Mistake | None, wrong: list[str]) -> list[str]:
    """What it looks like, and how much of what is wrong that explains."""
    if mistake is None:
        return ["It looks like no single mistake that is known here."]
    lines = ["It looks as if one of these happened:" if " or " in mistake.says else "It looks as if this happened:"]
    lines += [f"  {says}" for says in mistake.says.split("; or ")]
    rest = [seen(name) for name in wrong if name not in mistake.explains]
    if rest:
        lines.append(f"That alone does not explain {', '.join(rest)}: there is another mistake.")
    elif len(wrong) > 1:
        lines.append(f"That alone explains all {len(wrong)} that are wrong.")
    return lines


def _sentence(says: str) -> str:
    return says + "."


def _digits(eps: float) -> int:
    """How many digits numbers of a precision have."""
    return math.floor(-math.log10(eps))


def as_json(report: GradientReport) -> str:
    """The document of `backcheck check --gradients`."""
    document = {
        "format": "backcheck.check",
        "version": 1,
        "agrees": report.agrees,
        "arrays": [mark._asdict() for mark in report.arrays],
        "first_wrong": report.first_wrong,
        "mistake": report.mistake._asdict() if report.mistake else None,
    }
    return json.dumps(document, indent=1, allow_nan=False)
