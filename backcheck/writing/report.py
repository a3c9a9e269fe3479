"""A worked sheet → what is to be written, by phase and layer, whatever the format; it spells nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from backcheck.errors import Undefined
from backcheck.lines import Line, line, lines
from backcheck.roads.work import HIDDEN, WorkedSheet
from backcheck.worksheet import Phase, Row
from backcheck.writing.conventions import activation, conventions, notation, shape

MOST_NUMBERS, MOST_CELLS = 3000, 12  # in a sheet with more numbers, every row with more cells is summarised
MOST_ORIGINS = 200  # --only shows at most so many quantities that one comes from


class Summary(NamedTuple):
    """A row with many numbers, in a few."""

    name: str
    shape: tuple[int, ...]
    norm: float
    least: float
    most: float


class Section(NamedTuple):
    """The lines of one phase and layer; a summarised row has its typical cell among the lines."""

    title: str
    phase: Phase
    lines: list[Line]
    summaries: list[Summary]
    asked_for: str = ""  # the quantity that is written in full, however long its formula


class Report(NamedTuple):
    """Everything a writer needs."""

    done: WorkedSheet
    title: str
    head: list[str]
    sections: list[Section]
    remarks: list[str]
    losses: list[float]  # before each of several steps, and after the last

    @property
    def lines(self) -> Iterator[Line]:
        return (line for section in self.sections for line in section.lines)


def report(done: WorkedSheet, only: str | None = None, losses: list[float] | None = None) -> Report:
    """The whole sheet, or one quantity with all that it comes from."""
    rows, remarks = _rows(done) if only is None else ([], [])
    seen: set[str] = set()
    most = MOST_CELLS if sum(done.array(row.name).size for row in rows) > MOST_NUMBERS else MOST_NUMBERS
    sections = [_section(done, title, list(group), seen, most) for title, group in groupby(rows, _title(done))]
    if only is not None:
        sections = _origins(done, only)
    sections = [section for section in sections if section.lines or section.summaries]
    head = [shape(done.sheet), *conventions(done), *notation(line for section in sections for line in section.lines)]
    if done.on_paper is not None:
        decimals = f"{done.on_paper} decimal{'' if done.on_paper == 1 else 's'}"
        head.append(f"on paper: every result is rounded to {decimals}, and the rounded number is carried on")
    if losses:
        head.append(f"step {len(losses) - 1} of {len(losses) - 1}: its sheet, from the parameters that the steps before it left")
    return Report(done, done.sheet.title, head, sections, remarks, losses or [])


def _rows(done: WorkedSheet) -> tuple[list[Row], list[str]]:
    """The rows that are quantities of the problem, and a remark for each that has no value and that nothing else needs."""
    remarks, out = [], set()
    for row in done.sheet.in_phase(Phase.BACKWARD):
        try:
            done.array(row.name)
        except Undefined as error:
            remarks.append(str(error))
            out.add(row.name)
    remarks = list(dict.fromkeys(remarks))
    return [row for row in done.sheet.rows if row.op not in HIDDEN and row.name not in out], remarks


def _title(done: WorkedSheet) -> Any:
    """The heading under which a row stands."""
    sheet = done.sheet

    def title(row: Row) -> tuple[str, Phase]:
        name = row.phase.value.capitalize()
        if not sheet.names.output:
            kinds = {Phase.BACKWARD: "Local partials" if row.claims and row.claims[0] != sheet.result else "Backward, path by path"}
            return kinds.get(row.phase, name), row.phase
        layer = re.search(r"\d+", row.name)
        if row.op == "tied":
            return f"{name}, tied parameters", row.phase
        if row.phase is Phase.FORWARD and layer:
            return f"{name}, layer {layer[0]} ({activation(sheet[f'a{layer[0]}'].op)})", row.phase
        if row.phase in (Phase.BACKWARD, Phase.UPDATE):
            rest = "inputs" if row.phase is Phase.BACKWARD else "all slopes together"
            return f"{name}, layer {layer[0]}" if layer else f"{name}, {rest}", row.phase
        return name, row.phase

    return title


def _section(done: WorkedSheet, title: tuple[str, Phase], rows: list[Row], seen: set[str], most: int) -> Section:
    """The lines of some rows, without the quantities that were seen before: a tied parameter stands in several places."""
    section = Section(*title, [], [])
    for row in rows:
        array = done.array(row.name)
        if array.size > most:
            section.summaries.append(_summary(row, array))
            section.lines.extend([line(done, row, _typical(array))] if row.phase is not Phase.GIVEN else [])
            continue
        for one in lines(done, row):
            if one.name not in seen:
                section.lines.append(one)
            seen.add(one.name)
    return section


def _summary(row: Row, array: Any) -> Summary:
    return Summary(row.name, array.shape, float(np.linalg.norm(array)), float(array.min()), float(array.max()))


def _typical(array: Any) -> tuple[int, ...]:
    """The place of a number of middling size."""
    flat = np.abs(array).ravel()
    place = np.argpartition(flat, flat.size // 2)[flat.size // 2]
    return tuple(int(i) for i in np.unravel_index(place, array.shape))


def _origins(done: WorkedSheet, only: str) -> list[Section]:
    """A quantity and everything it comes from, in the order of the sheet."""
    order = {row.name: i for i, row in enumerate(done.sheet.rows)}
    target = done.locate(only)
    found = {target: line(done, done.sheet[target[0]], target[1])}
    pending = [target]
    while pending and len(found) <= MOST_ORIGINS:
        for cell in found[pending.pop()].inputs:
            place = done.locate(cell)
            if place not in found:
                found[place] = line(done, done.sheet[place[0]], place[1])
                pending.append(place)
    name, phase = found[target].name, done.sheet[target[0]].phase
    title = f"{name} and what it comes from"
    if len(found) <= MOST_ORIGINS:
        places = sorted(found, key=lambda place: (order[place[0]], place[1]))
        return [Section(title, phase, [found[place] for place in places], [], name)]
    rows = sorted(_ancestors(done, target[0]), key=order.__getitem__)
    summaries = [_summary(done.sheet[row], done.array(row)) for row in rows if done.sheet[row].op not in HIDDEN]
    return [Section(title, phase, [found[target]], summaries, name)]


def _ancestors(done: WorkedSheet, name: str) -> set[str]:
    found, pending = set(), list(done.sheet[name].parents)
    while pending:
        row = pending.pop()
        if row not in found:
            found.add(row)
            pending.extend(done.sheet[row].parents)
    return found
