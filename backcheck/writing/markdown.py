"""A report → Markdown: a heading and a table for each section."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.spelling import Figures
from backcheck.writing.report import Report
from backcheck.writing.text import Table, Writer, blocks

SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>|#"})


def markdown(report: Report, figures: Figures) -> str:
    """The same sections as on screen, never wrapped."""

    def draw(title: str, header: list[str], rows: Table) -> str:
        return "\n".join(_table(title, header, rows))

    return "\n".join(blocks(report, Writer(report, figures, 10**6, draw)))


def _table(title: str, header: list[str], rows: Table) -> Iterator[str]:
    if title:
        yield f"## {title.translate(SPECIAL)}\n"
    used = [i for i in range(len(header)) if any(row[i] for row in rows)]
    yield "| " + " | ".join(header[i] or " " for i in used) + " |"
    yield "|" + "---|" * len(used)
    for row in rows:
        yield "| " + " | ".join(row[i].replace("\n", " ").translate(SPECIAL) for i in used) + " |"
