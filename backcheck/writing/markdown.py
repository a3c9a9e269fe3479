"""A report → Markdown: a heading and a table for each section."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backcheck.spelling import Figures
from backcheck.writing.report import Report
from backcheck.writing.text import Table, Writer, sections

SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_[]|#~"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def markdown(report: Report, figures: Figures) -> str:
    """The same sections as on screen, never wrapped."""
    title = [f"# {escaped(report.title)}\n"] if report.title else []
    head = [f"* {escaped(sentence)}" for sentence in report.head]
    return "\n".join([*title, *head, *sections(report, Writer(report, figures, 10**6, drawn))])


def drawn(title: str, header: list[str], rows: Table) -> str:
    """A table with its heading."""
    return "\n".join(_table(title, header, rows))


def escaped(text: str) -> str:
    """Text in which no sign means anything to Markdown or HTML."""
    return text.translate(SPECIAL)


def _table(title: str, header: list[str], rows: Table) -> Iterator[str]:
    if title:
        yield f"## {escaped(title)}\n"
    used = [i for i in range(len(header)) if any(row[i] for row in rows)]
    yield "| " + " | ".join(header[i] or " " for i in used) + " |"
    yield "|" + "---|" * len(used)
    for row in rows:
        yield "| " + " | ".join(escaped(re.sub("\n| {2,}", ", ", row[i])) for i in used) + " |"
