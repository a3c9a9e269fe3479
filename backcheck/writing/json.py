"""A report → the JSON of `backcheck step`: names and formulas in plain ASCII, numbers with every digit."""

from __future__ import annotations

import json
from typing import Any

from backcheck.lines import Line
from backcheck.roads.work import HIDDEN, WorkedSheet
from backcheck.spelling import PLAIN, Figures, spell
from backcheck.writing.report import Report


def as_json(report: Report, figures: Figures, only: bool) -> str:
    """The document; with `only` its values are those of the lines shown."""
    values = {line.name: line.value for line in report.lines} if only else _values(report.done, report)
    document: dict[str, Any] = {
        "format": "backcheck.step",
        "version": 1,
        "title": report.title,
        "conventions": report.head,
        "values": values,
        "steps": [_step(line, figures) for line in report.lines],
    }
    summaries = [s for section in report.sections for s in section.summaries]
    if summaries:
        document["summaries"] = [
            {"name": s.name, "shape": s.shape, "norm": s.norm, "least": s.least, "most": s.most} for s in summaries
        ]
    if report.losses:
        document["losses"] = report.losses
    if report.remarks:
        document["remarks"] = report.remarks
    return json.dumps(document, indent=1, allow_nan=False)


def _values(done: WorkedSheet, report: Report) -> dict[str, float]:
    shown = {line.row for line in report.lines} | {s.name for section in report.sections for s in section.summaries}
    names = done.sheet.names
    values: dict[str, float] = {}
    for row in done.sheet.rows:
        if row.op in HIDDEN or row.name not in shown:
            continue
        array = done.array(row.name)
        places = [()] if not array.shape else _places(array.shape)
        values.update(zip((names.cell(row.name, place) for place in places), array.ravel().tolist(), strict=True))
    return values


def _places(shape: tuple[int, ...]) -> Any:
    from itertools import product

    return product(*map(range, shape))


def _step(line: Line, figures: Figures) -> dict[str, Any]:
    step = {"name": line.name, "phase": line.phase.value}
    if line.formula is None:
        return {**step, "formula": line.name, "numbers": figures(line.value), "value": line.value}
    numbers = spell(line.formula, lambda cell: PLAIN.number(figures(line.inputs[cell])), PLAIN)
    return {**step, "formula": spell(line.formula, PLAIN.name, PLAIN), "numbers": numbers, "value": line.value}
