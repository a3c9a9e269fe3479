"""A report → tables for the terminal, as wide as it is: formulas wrap at operators, and nothing is cut without saying so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from backcheck.formula import Cell
from backcheck.lines import Line
from backcheck.spelling import SCREEN, Figures, Spelling, spell
from backcheck.worksheet import Phase
from backcheck.writing.report import Report, Section

Table = list[list[str]]  # rows of cells; a cell may hold several lines
HEADER = ["", "formula", "numbers put in", "result"]
NARROWEST = 14  # a column of formulas narrower than this is not readable
BREAKS = re.compile(r"(?= [+−=-] )|(?=[·*])(?<!\*)|(?=/(?![∂d]))|(?<=, )|(?= via )")
Draw = Callable[[str, list[str], Table], str]


def text(report: Report, figures: Figures, width: int, draw: Draw | None = None, spelling: Spelling = SCREEN) -> str:
    """The whole report; `draw` makes a table with colours where plain lines are not wanted."""
    return "\n".join([_head(report, width), *sections(report, Writer(report, figures, width, draw or plain, spelling))])


class Writer:
    """Spells numbers and lines, and fits them into the width of the screen."""

    def __init__(self, report: Report, figures: Figures, width: int, draw: Draw, spelling: Spelling = SCREEN) -> None:
        self.figures, self.width, self.draw, self.spelling = figures, width, draw, spelling
        self.sheet = report.done.sheet
        names = self.sheet.names
        self.written = {names.cell(*place): digits for place, digits in names.written.items()}
        self.aliases = {names.cell(*place): alias for alias in names.further if (place := names.find(alias))}

    def number(self, cell: str, value: float) -> str:
        """A number as it was written in the file, or to the digits wanted."""
        return self.digits(cell, value).replace("-", self.spelling.minus)

    def name(self, cell: str) -> str:
        alias = self.aliases.get(cell)
        return self.spelling.name(cell) + (f" ({alias})" if alias else "")

    def row(self, line: Line, shorten: bool = True) -> list[str]:
        """name, formula, numbers put in, result."""
        value = self.number(line.name, line.value)
        if line.formula is None:
            return [self.name(line.name), "", "", value]
        formula = spell(line.formula, self.spelling.name, self.spelling, shorten)
        numbers = spell(
            line.formula, lambda cell: self.spelling.number(self.digits(cell, line.inputs[cell])), self.spelling, shorten
        )
        copied = isinstance(line.formula, Cell) or numbers == value
        return [self.name(line.name), formula, "" if copied else numbers, value]

    def digits(self, cell: str, value: float) -> str:
        """The same in ASCII."""
        return self.written.get(cell) or self.figures(value)

    def figure(self, value: float) -> str:
        """A number that is no quantity of the sheet."""
        return self.figures(value).replace("-", self.spelling.minus)


def _head(report: Report, width: int) -> str:
    sentences = [*([report.title] if report.title else []), *("· " + sentence for sentence in report.head)]
    return "\n".join(part for sentence in sentences for part in wrapped(sentence, width, between_words=True))


def sections(report: Report, writer: Writer) -> Iterator[str]:
    """Everything below the head, with an empty line before each part."""
    for section in report.sections:
        yield ""
        yield from _section(section, writer)
    if report.losses:
        yield ""
        rows = [[str(i), writer.figure(loss)] for i, loss in enumerate(report.losses)]
        yield writer.draw("The loss, step by step", ["after step", "L"], rows)
    for remark in report.remarks:
        yield ""
        yield "\n".join(wrapped("Note: " + remark, writer.width, between_words=True))


def _section(section: Section, writer: Writer) -> Iterator[str]:
    title = "\n".join(wrapped(section.title, writer.width, between_words=True))
    if section.summaries:
        yield writer.draw(title, ["array", "shape", "norm", "from", "to"], _summaries(section, writer))
        title = "" if section.asked_for or section.phase is Phase.GIVEN else "One number of each, of middling size"
    if section.lines and section.phase is Phase.GIVEN:
        yield writer.draw(title, ["", ""], _given(section, writer))
    elif section.lines:
        yield fitted(title, [writer.row(line, line.name != section.asked_for) for line in section.lines], writer)


def _given(section: Section, writer: Writer) -> Table:
    """The given numbers, one row for each array."""
    rows: dict[str, list[str]] = {}
    for line in section.lines:
        rows.setdefault(_label(line.row, writer), []).append(f"{writer.name(line.name)} = {writer.number(line.name, line.value)}")
    room = max(NARROWEST, writer.width - max(map(len, rows)) - 7)  # the frame of two columns
    return [[label, "\n".join(flowing(parts, room))] for label, parts in rows.items()]


def _label(row: str, writer: Writer) -> str:
    network = {"x": "inputs", "t": "targets", "eta": "rate"}
    return network.get(row, row) if writer.sheet.names.output else "rate" if row == "eta" else "values"


def flowing(parts: list[str], room: int) -> Iterator[str]:
    """Parts one after the other, as many in a line as fit."""
    now = ""
    for part in parts:
        if now and len(now) + len(part) + 3 > room:
            yield now
            now = ""
        now += ("   " if now else "") + part
    yield now


def _summaries(section: Section, writer: Writer) -> Table:
    return [
        [writer.spelling.name(s.name), " × ".join(map(str, s.shape)), *map(writer.figure, (s.norm, s.least, s.most))]
        for s in section.summaries
    ]


def fitted(title: str, rows: Table, writer: Writer, header: list[str] = HEADER) -> str:
    """A table if it fits, with formula and numbers as narrow as they have to be; else every quantity as a block of lines."""
    name, formula, numbers, *results = (max(len(head), *(len(row[i]) for row in rows)) for i, head in enumerate(header))
    room = writer.width - name - sum(results) - 3 * len(header) - 1  # the frame of the columns
    if formula + numbers > room:
        share = room // 2
        shrunk = min(formula, max(share, room - numbers)), min(numbers, max(share, room - formula))
        if any(now < min(natural, NARROWEST) for now, natural in zip(shrunk, (formula, numbers), strict=True)):
            return _stacked(title, rows, writer)
        formula, numbers = shrunk
    cells = [[row[0], "\n".join(wrapped(row[1], formula)), "\n".join(wrapped(row[2], numbers)), *row[3:]] for row in rows]
    return writer.draw(title, header, cells)


def _stacked(title: str, rows: Table, writer: Writer) -> str:
    lines = [title]
    for name, *parts in rows:
        indent = " " * 4
        lines.append(name)
        for part in filter(None, parts):
            first, *rest = wrapped(part, writer.width - 6)
            lines += [f"{indent}= {first}", *(f"{indent}  {more}" for more in rest)]
    return "\n".join(lines)


def wrapped(formula: str, width: int, between_words: bool = False) -> list[str]:
    """A formula in lines of at most `width`, broken before an operator, or between words.

    >>> wrapped("a1[1]·w5 + a1[2]·w7 + b2[1]", 12)
    ['a1[1]·w5', '+ a1[2]·w7', '+ b2[1]']
    """
    pieces = re.split(r"(?= )", formula) if between_words else BREAKS.split(formula)
    lines = [""]
    for piece in pieces:
        if lines[-1] and len(lines[-1]) + len(piece) > width:
            lines.append("")
            piece = piece.lstrip()
        while len(piece) > width:  # a single name or number wider than the column
            lines[-1:] = [piece[:width], ""]
            piece = piece[width:]
        lines[-1] += piece
    return [line for line in lines if line] or [""]


def plain(title: str, header: list[str], rows: Table) -> str:
    """A table in plain lines: a rule under the header, two spaces between columns."""
    split = [[cell.split("\n") for cell in row] for row in [header, *rows]]
    widths = [max(len(part) for row in split for part in row[i]) for i in range(len(header))]
    used = [i for i, width in enumerate(widths) if any(any(row[i]) for row in split[1:])]
    lines = [title] if title else []
    for at, row in enumerate(split):
        if at == 0 and not any(any(cell) for cell in row):
            continue
        height = max(len(cell) for cell in row)
        for k in range(height):
            parts = [(row[i][k] if k < len(row[i]) else "").ljust(widths[i]) for i in used]
            lines.append(("  " + "  ".join(parts)).rstrip())
        if at == 0:
            lines.append("  " + "  ".join("─" * widths[i] for i in used))
    return "\n".join(lines)
