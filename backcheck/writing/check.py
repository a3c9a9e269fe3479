"""What the roads say of each other → text or JSON: what is wrong and where it began; every number on request."""

from __future__ import annotations

import json
from typing import Any

from backcheck.marking.certificate import Certified, least
from backcheck.marking.check import Checked
from backcheck.marking.mark import NOT_JUDGED, RIGHT, WRONG, Mark
from backcheck.spelling import SCREEN, Figures, Spelling
from backcheck.writing.conventions import shape
from backcheck.writing.text import Draw, Table, plain, wrapped

SAID = {RIGHT: "right", WRONG: "WRONG", NOT_JUDGED: "not judged"}
NARROWEST = 20  # a column of reasons narrower than this is not readable
MOST_LISTED = 200  # of the numbers that something is to be said of


def text(
    checked: Checked, everything: bool, figures: Figures, width: int, draw: Draw | None = None, spelling: Spelling = SCREEN
) -> str:
    """The verdict, then what is to be said, then the arrays; with `everything` every number."""
    writer = _Writer(checked, figures, width, draw or plain, spelling)
    listed = checked.marks if everything else [mark for mark in checked.marks if mark.verdict != RIGHT]
    parts = ["\n".join(part for line in _head(checked) for part in wrapped(line, width, between_words=True))]
    parts += writer.marks("", listed) + writer.marks("On the twin", [mark for mark in checked.twin if mark.verdict == WRONG])
    parts += [writer.arrays()]
    if checked.certified:
        parts += [writer.proven() if everything else writer.least_proven()]
    return "\n\n".join([*parts, *_verdict(checked, width)])


def _head(checked: Checked) -> list[str]:
    sheet = checked.done.sheet
    roads = " and ".join(["by symbols to 30 digits" if road == "by symbols" else road for road in checked.roads])
    lines = [f"Check: {sheet.title}" if sheet.title else "Check", f"· {shape(sheet)}"]
    lines.append(f"· every number worked by hand, held against the roads {roads}")
    if checked.twin:
        lines.append(f"· and {len(checked.twin)} numbers of a small twin: the same operations, unequal widths, two examples")
    elif sheet.names.output:
        lines.append("· no twin: on every small network of the same make that was tried, a formula has no value")
    return lines


def _verdict(checked: Checked, width: int) -> list[str]:
    """The last word."""
    counts = {verdict: sum(mark.verdict == verdict for mark in checked.marks) for verdict in SAID}
    said = ", ".join(f"{count:,} {SAID[verdict].lower()}" for verdict, count in counts.items() if count)
    if checked.agrees:
        says = f"The roads agree: {said}."
    elif checked.wrong:
        first = checked.wrong[0]
        says = f"The roads disagree: {said}. The first number that is wrong is {first.name}: {first.reason}."
    else:
        says = f"Nothing could be compared ({said}): no derivative has been checked."
    return ["\n".join(wrapped(says, width, between_words=True))]


class _Writer:
    """Tables of marks."""

    def __init__(self, checked: Checked, figures: Figures, width: int, draw: Draw, spelling: Spelling) -> None:
        self.checked, self.figures, self.width, self.draw, self.spelling = checked, figures, width, draw, spelling

    def marks(self, title: str, marks: list[Mark]) -> list[str]:
        """A line for each number; what is said of it stands below where the table would be too wide."""
        if not marks:
            return []
        roads = self.checked.roads
        shown = marks[:MOST_LISTED] if any(mark.verdict != RIGHT for mark in marks) and len(marks) > 10 * MOST_LISTED else marks
        table = [
            [self.spelling.name(m.name), self.number(m.by_hand), *(self.said(m, road) for road in roads), SAID[m.verdict], m.reason]
            for m in shown
        ]
        header = ["", "by hand", *roads, "verdict", "because"]
        more = [f"… and {len(marks) - len(shown):,} more"] if len(shown) < len(marks) else []
        return ["\n".join([self.table(title, header, table), *more])]

    def table(self, title: str, header: list[str], rows: Table) -> str:
        """A table with its last column wrapped; where even that is too wide, each row as a block of lines."""
        widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
        room = self.width - sum(widths[:-1]) - 3 * len(header) - 1
        if room >= min(widths[-1], NARROWEST):
            return self.draw(title, header, [[*row[:-1], "\n".join(wrapped(row[-1], room, between_words=True))] for row in rows])
        lines = [title] if title else []
        for name, *cells in rows:
            lines.append(name)
            for head, cell in zip(header[1:], cells, strict=True):
                lines += ["  " + part for part in wrapped(f"{head}: {cell}", self.width - 2, between_words=True)] if cell else []
        return "\n".join(lines)

    def said(self, mark: Mark, road: str) -> str:
        """The number of a road, with the error it estimates for itself."""
        if road not in mark.by_roads:
            return ""
        error = f" ± {Figures(1)(mark.error)}" if road == "by nudging" and mark.error else ""
        return self.number(mark.by_roads[road]) + error.replace("-", self.spelling.minus)

    def number(self, value: float) -> str:
        return self.figures(value).replace("-", self.spelling.minus)

    def arrays(self) -> str:
        """How far each array is from the other roads at most, and the slope of its Taylor remainder."""
        rows: Table = []
        for row in dict.fromkeys(mark.row for mark in self.checked.marks):
            marks = [mark for mark in self.checked.marks if mark.row == row]
            apart = [
                max((abs(m.by_hand - m.by_roads[road]) for m in marks if road in m.by_roads), default=None)
                for road in self.checked.roads
            ]
            taylor = self.checked.taylor.get(row)
            slope = "" if row not in self.checked.taylor else "straight" if taylor is None else f"{taylor:.2f}"
            slope = "at a kink" if slope and any(mark.verdict == NOT_JUDGED for mark in marks) else slope
            rows.append([self.spelling.name(row), f"{len(marks):,}", *("" if a is None else self.number(a) for a in apart), slope])
        header = ["array", "numbers", *(f"furthest from {road[3:]}" for road in self.checked.roads), "Taylor slope"]
        return self.table("", header, rows)

    def proven(self) -> str:
        """Every number with its proven digits."""
        rows = [
            [self.spelling.name(c.name), c.digits.replace("-", self.spelling.minus), str(c.proven), str(c.right)]
            for c in self.checked.certified
        ]
        return self.table("Proven by ball arithmetic", ["", "proven", "digits", "right in floats"], rows)

    def least_proven(self) -> str:
        """For each array the number that is known least well."""
        rows = [
            [self.spelling.name(row), str(proven), str(right)] for row, (proven, right) in least(self.checked.certified).items()
        ]
        return self.table("Proven by ball arithmetic, at least", ["array", "digits", "right in floats"], rows)


def as_json(checked: Checked) -> str:
    """Every number with its verdict."""
    certified = {one.name: one for one in checked.certified}
    document = {
        "format": "backcheck.check",
        "version": 1,
        "title": checked.done.sheet.title,
        "agrees": checked.agrees,
        "first_wrong": checked.wrong[0].name if checked.wrong else None,
        "roads": ["by hand", *checked.roads],
        "cells": [_cell(mark, checked.roads, certified.get(mark.name)) for mark in checked.marks],
        "taylor": checked.taylor,
        "twin": {
            "numbers": len(checked.twin),
            "agrees": not any(mark.verdict == WRONG for mark in checked.twin) if checked.twin else None,
            "wrong": [_cell(mark, checked.roads) for mark in checked.twin if mark.verdict == WRONG],
        },
    }
    return json.dumps(document, indent=1, allow_nan=False)


def _cell(mark: Mark, roads: tuple[str, ...], certified: Certified | None = None) -> dict[str, Any]:
    said = {road.replace(" ", "_"): mark.by_roads.get(road) for road in dict.fromkeys(("by symbols", "by nudging", *roads))}
    cell = {
        "name": mark.name,
        "by_hand": mark.by_hand,
        **said,
        "error": mark.error,
        "verdict": mark.verdict,
        "reason": mark.reason or None,
    }
    return cell | (
        {"proven": certified.digits, "proven_digits": certified.proven, "right_digits": certified.right} if certified else {}
    )
