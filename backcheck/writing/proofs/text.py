"""A judged derivation → lines for the terminal: the verdict, the line as it was written, and below what there is to say of it."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.proving.reading.source import Source
from backcheck.proving.verdict import NOT_UNDERSTOOD, PROVEN, WRONG, Counterexample, Derivation, Judged
from backcheck.writing.grades.words import COMMAND
from backcheck.writing.proofs import Look, Table
from backcheck.writing.proofs import words as say
from backcheck.writing.proofs.columns import Columns, wrapped

GREEN, RED, YELLOW, BOLD, DIM = "32", "1;31", "33", "1", "2"
FEW = 30  # characters of a value that stands beside its side
DEEPEST = 8  # columns of indentation that are kept
AROUND = 30  # characters of a long line on either side of the place that is not understood


def written(derivation: Derivation, source: Source | None, look: Look) -> str:
    """The whole report; lines without a remark stand close together."""
    page = _Page(derivation.lines, look, source)
    blocks = [list(page.block(line)) for line in derivation.lines]
    parts = page.columns.sentence(say.shown(derivation.title) or "Derivation", BOLD)
    for before, block in zip([[], *blocks], blocks, strict=False):
        parts += [*([] if len(before) == len(block) == 1 else [""]), *block]
    for remark in derivation.remarks:
        parts += ["", *page.columns.sentence(f"Note: {say.shown(remark)}")]
    return COMMAND.sub(r"\1: ", "\n".join([*parts, "", *page.columns.sentence(say.summary(derivation), BOLD)]))


class _Page:
    """On the left numbers, marks, verdicts and headings; on the right formulas and sentences."""

    def __init__(self, lines: tuple[Judged, ...], look: Look, source: Source | None) -> None:
        self.indents = {line.number: min(line.indent, DEEPEST) for line in source.lines} if source else {}
        self.file = source.text.split("\n") if source else []
        self.digits = max((len(str(line.line)) for line in lines), default=1)
        self.columns = Columns(look, [])
        self.mark = max(map(len, map(self.columns.signs, say.MARKS.values())))
        self.indent = " " * (self.digits + self.mark + 3)
        self.columns = Columns(look, [self.indent + heading for line in lines for heading in _headings(line)])
        self.indent = "  " if self.columns.narrow else self.indent

    def block(self, line: Judged) -> Iterator[str]:
        """A line of the derivation, and what there is to say of it."""
        columns, text = self.columns, " " * self.indents.get(line.line, 0) + say.shown(line.text)
        mark = columns.signs(say.MARKS[line.verdict]).ljust(self.mark)
        head = f" {line.line:>{self.digits}} {mark} {line.verdict}"
        reason = f"   # {say.shown(line.reason)}" if line.reason.strip() else ""
        beside = len(columns.signs(text + reason)) <= columns.room and line.verdict != NOT_UNDERSTOOD
        yield from columns.row(head, text + reason if beside else text, _colour(line.verdict))
        if line.verdict == NOT_UNDERSTOOD and line.column:
            yield from columns.rows("", self.pointed(line))
        if reason and not beside:
            yield from columns.row("", reason.strip(), of_right=DIM)
        if line.counterexample:
            yield from self.under("for example", self.example(line.counterexample))
        if line.values:
            yield from self.under("values", list(self.values(line)))
        for told in say.told(line):
            yield from self.under(told.heading, [part for row in told.rows for part in self.both(*row)])

    def under(self, heading: str, lines: list[str]) -> Iterator[str]:
        """Lines under a heading, which stands only beside the first."""
        for i, line in enumerate(lines):
            yield from self.columns.rows(self.indent + heading if i == 0 else "", [line], DIM)

    def both(self, formula: str, words: str) -> list[str]:
        """A formula and what is said of it, below it where the line is not long enough."""
        if not (formula and words):
            return [formula or words]
        beside = f"{formula}   ({words})"
        return [beside] if len(self.columns.signs(beside)) <= self.columns.room else [formula, f"  ({words})"]

    def example(self, found: Counterexample) -> list[str]:
        numbers = self.columns.below_each_other(say.numbers(found))
        return [part for part in (say.place(found), *numbers, say.against(found)) if part]

    def values(self, line: Judged) -> Iterator[str]:
        """Single numbers below each other; where there are many, each side above its own."""
        found = say.values(line)
        if all(len(rows) == 1 and len(rows[0]) < FEW for _, _, rows in found):
            yield from self.columns.below_each_other([(side, f"{sign.strip()} {rows[0]}") for side, sign, rows in found])
            return
        for side, sign, rows in found:
            yield side + sign
            yield from (f"  {row}" for row in rows)

    def pointed(self, line: Judged) -> list[str]:
        """A mark under the place that is not understood, below its surroundings in the file if they do not stand above already."""
        indent, at = self.indents.get(line.line, 0), line.column - 1
        row = self.file[line.line - 1] if line.line <= len(self.file) else " " * indent + line.text
        if row.strip() == say.shown(line.text) and len(wrapped(" " * indent + row.strip(), self.columns.room)) == 1:
            return [" " * (indent + at - len(row) + len(row.lstrip())) + "^"]
        around = min(AROUND, (self.columns.room - 3) // 2)
        begin = max(0, min(at, len(row)) - around)
        excerpt = "".join(sign if sign.isprintable() else " " for sign in row[begin : at + around]).replace("##[", "# [")
        lead, more = "…" if begin else "", "…" if at + around < len(row) else ""
        return [lead + excerpt + more, " " * (len(lead) + min(at, len(row)) - begin) + "^"]


def _headings(line: Judged) -> Iterator[str]:
    yield line.verdict
    yield from (told.heading for told in say.told(line))
    yield from ["for example"] if line.counterexample else []


def _colour(verdict: str) -> str:
    return GREEN if verdict == PROVEN else RED if verdict in WRONG else YELLOW


def rules(table: Table, look: Look) -> str:
    """The table of rules: a name, how it is written, and what there is to say of it."""
    (_, _, *headings), *rows = table
    columns = Columns(look, ["  " + row[0] for row in rows])
    blocks = []
    for name, line, *rest in rows:
        said = [f"{heading}: {cell}" for heading, cell in zip(headings, rest, strict=True) if cell]
        blocks.append([*columns.row("  " + name, line, BOLD), *(part for text in said for part in columns.row("", text))])
    return "\n\n".join("\n".join(block) for block in blocks)
