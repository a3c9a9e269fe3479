"""Runs → a report for the terminal, as wide as it is: conventions, some epochs, a plot in characters, the parameters at the end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from backcheck.spelling import SCREEN, Figures, Spelling
from backcheck.training.run import Run
from backcheck.writing.curves import LARGEST, Curve, NothingToPlot, printable
from backcheck.writing.grades.about import About
from backcheck.writing.grades.screen import Screen
from backcheck.writing.plot_text import DASHES, terminal
from backcheck.writing.text import Draw, Table, flowing
from backcheck.writing.training import results
from backcheck.writing.training.chart import Chart, on_scale
from backcheck.writing.training.curves import compared, of_loss
from backcheck.writing.training.facts import in_common

WIDEST_PLOT, PLOT_LINES, MOST_IN_PLOT = 100, 16, 6
NARROWEST_TABLE = 14  # a column of remarks narrower than this is not readable
ASCII = {
    "√(": "sqrt(",
    "√": "sqrt ",
    "⌊": "floor(",
    "⌋": ")",
    "λ": "lambda",
    "β": "beta",
    "ε": "epsilon",
    "ρ": "rho",
    "∇": "grad ",
    "⇒": "=>",
    "∀": "for all ",
    "∘": "o",
    "ⁿ": "^n",
    "π": "pi",
    "“": '"',
    "”": '"',
}


def text(
    runs: list[Run],
    figures: Figures = Figures(digits=6),  # noqa: B008 - never changed
    width: int = 100,
    draw: Draw | None = None,
    spelling: Spelling = SCREEN,
    about: list[str] | None = None,
) -> str:
    """The whole report; `draw` makes a table with colours where plain lines are not wanted; `about` stands in for the facts."""
    writer = Writer(figures, width, draw, spelling)
    says = in_common(runs) if about is None else about
    parts = ["\n".join([*writer.lines(runs[0].sheet.title or "Training"), *(x for s in says for x in writer.lines(s, "· ", "  "))])]
    parts += _one(runs[0], writer) if len(runs) == 1 else several(runs, writer)
    return writer.screen.say("\n\n".join(parts))


class Writer:
    """Fits sentences, tables and plots into the width of the screen, in the signs that it knows."""

    def __init__(self, figures: Figures, width: int, draw: Draw | None = None, spelling: Spelling = SCREEN) -> None:
        self.figures, self.width, self.spelling = figures, width, spelling
        self.screen = Screen(About(width=width, draw=draw, spelling=spelling))

    def number(self, value: float) -> str:
        return self.figures(value).replace("-", self.spelling.minus)

    def signs(self, text: str) -> str:
        """A text in which nothing commands a terminal, with the signs that the screen knows."""
        safe = "\n".join(map(printable, text.split("\n")))
        if not self.spelling.on_screen:
            for sign, plain in ASCII.items():
                safe = safe.replace(sign, plain)
        return self.screen.say(safe)

    def lines(self, text: str, lead: str = "", indent: str = "") -> list[str]:
        return self.screen.lines(self.signs(text), lead if self.spelling.on_screen else lead.replace("·", "*"), indent)

    def sentence(self, text: str) -> str:
        return "\n".join(self.lines(text))

    def table(self, title: str, header: list[str], rows: Table) -> str:
        """A table; one that is too wide, as blocks of lines."""
        rows, header = [[self.signs(cell) for cell in row] for row in rows], [self.signs(cell) for cell in header]
        widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
        if sum(widths) + 3 * len(header) + 1 > self.width:  # each block begins with what its number means
            rows = [[f"{header[0]} {row[0]}".strip(), *row[1:]] for row in rows]
        return self.screen.table(self.signs(title), header, rows)

    def plot(self, chart: Chart) -> list[str]:
        """In characters, with the logarithm of what is above 0 where the numbers span more than two decades."""
        shown = chart.curves[:MOST_IN_PLOT]
        says = f"log10 of the {chart.title.lower()}" if chart.log else chart.title
        more = f"; the first {MOST_IN_PLOT} of {len(chart.curves)}" if len(chart.curves) > MOST_IN_PLOT else ""
        room = min(self.width, WIDEST_PLOT)
        labels = [_cut(self.signs(curve.label), room - 8, self.screen.say("…")) for curve in shown]
        curves = [_within(curve, chart)._replace(label=label) for curve, label in zip(shown, labels, strict=True)]
        ascii = not self.spelling.on_screen or len(curves) > len(DASHES)  # there are more marks than dashes
        try:
            drawn = terminal(curves, room, PLOT_LINES + len(curves), ascii)
        except NothingToPlot:
            return []
        return ["\n".join([*self.lines(f"{says}, by epoch{more}"), drawn])]


def _cut(label: str, room: int, mark: str) -> str:
    return label if len(label) <= room else label[: room - len(mark)] + mark


def _within(curve: Curve, chart: Chart) -> Curve:
    """As far as the chart reaches: a line that leaves it ends at its edge."""
    top = LARGEST if chart.top is None else chart.top
    inside = abs(curve.y) <= top
    leaving = ~inside & np.concatenate([[False], inside[:-1]])
    return on_scale(
        curve._replace(y=np.where(inside, curve.y, np.where(leaving & (chart.top is not None), top, np.nan))), chart.log
    )


def _one(run: Run, writer: Writer) -> Iterator[str]:
    yield writer.table("Some epochs", *results.epochs(run, writer.number))
    yield from writer.plot(of_loss(run))
    yield "\n".join(writer.sentence(sentence) for sentence in results.outcome(run, writer.number))
    header, layers = results.layers(run, writer.number)
    if layers:
        yield writer.table("Layers, at the start and at the end", header, layers)
    if found := results.listed(run, writer.number):
        yield _parameters(found, writer)


def _parameters(found: Table, writer: Writer) -> str:
    """As many in a line as there is room for."""
    room = max(NARROWEST_TABLE, writer.width - max(len(row[0]) for row in found) - 7)
    rows = [[row[0], "\n".join(flowing(row[1:], room))] for row in found]
    return writer.table("Parameters at the end", ["", ""], rows)


def several(runs: list[Run], writer: Writer) -> Iterator[str]:
    """The ranked table, and all losses in one plot."""
    says, header, rows = results.ranked(runs, writer.number)
    yield writer.table(says, header, rows)
    if remarks := results.remarks(runs):
        yield "\n".join(writer.sentence(remark) for remark in remarks)
    for chart in compared(runs)[:1]:
        yield from writer.plot(chart)
