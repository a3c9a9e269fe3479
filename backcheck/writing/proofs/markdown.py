"""A judged derivation → Markdown: a table of lines, the first wrong one in bold; nothing of what was written becomes markup."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.proving.reading.source import Source
from backcheck.proving.verdict import Counterexample, Derivation, Judged
from backcheck.writing.grades.markdown import code, said, table
from backcheck.writing.proofs import Look, Table
from backcheck.writing.proofs import words as say

HEADER = ["line", "", "verdict", "written", "because"]


def written(derivation: Derivation, source: Source | None, look: Look) -> str:  # noqa: ARG001 - all formats take the same
    """The title, the summary, a row for each line, the remarks."""
    first = derivation.first_wrong
    parts = [f"## {said(derivation.title or 'Derivation')}", "", f"**{said(say.summary(derivation))}**", ""]
    parts += table(HEADER, (_row(line, line is first) for line in derivation.lines)) if derivation.lines else []
    parts += ["", *(f"* {said(remark)}" for remark in derivation.remarks)] if derivation.remarks else []
    return "\n".join(parts) + "\n"


def _row(line: Judged, first: bool) -> list[str]:
    verdict = f"**{line.verdict}**" if first else line.verdict
    return [str(line.line), say.MARKS[line.verdict], verdict, code(line.text.strip()), "<br>".join(_because(line))]


def _because(line: Judged) -> Iterator[str]:
    """All there is to say of a line."""
    if line.reason.strip():
        yield f"reason: {said(line.reason.strip())}"
    if line.counterexample:
        yield "for example: " + ", ".join(_example(line.counterexample))
    if line.values:
        yield "values: " + ", ".join(code(f"{side}{sign} {' '.join(rows)}") for side, sign, rows in say.values(line))
    for told in say.told(line):
        yield f"{told.heading}: " + "; ".join(_both(*row) for row in told.rows)


def _example(found: Counterexample) -> Iterator[str]:
    place, against = say.place(found), say.against(found)
    yield from [code(place)] if place else []
    yield from (code(f"{name} {value}") for name, value in say.numbers(found))
    yield from [said(against)] if against else []


def _both(formula: str, words: str) -> str:
    return f"{code(formula)} ({said(words)})" if formula and words else code(formula) or said(words)


def rules(found: Table, look: Look) -> str:  # noqa: ARG001 - all formats take the same
    """The table of rules; its first row names the columns."""
    header, *rows = found
    return "\n".join(table(list(header), ([code(name), code(line), *map(said, rest)] for name, line, *rest in rows))) + "\n"
