"""Tables and blocks of lines as wide as the screen, in the signs that it knows; nothing here knows what is graded."""

from __future__ import annotations

from backcheck.spelling import to_ascii
from backcheck.writing.grades.about import About
from backcheck.writing.grades.words import COMMAND, visible
from backcheck.writing.text import Table, plain, wrapped

NARROWEST = 20  # a column of sentences narrower than this is not readable


class Screen:
    """Fits text into a width."""

    def __init__(self, about: About) -> None:
        self.width, self.draw, self.spelling = about.width, about.draw or plain, about.spelling

    def name(self, cell: str) -> str:
        """A quantity, with the signs of mathematics or without."""
        return self.say(self.spelling.name(visible(cell)))

    def say(self, text: str) -> str:
        """Text in the signs of the screen."""
        return text if self.spelling.on_screen else to_ascii(text)

    def lines(self, text: str, lead: str = "", indent: str = "") -> list[str]:
        """A text broken between words, with something before its first line and before all others."""
        first, *rest = wrapped(self.say(text), max(NARROWEST, self.width - len(indent)), between_words=True)
        return [lead + first, *(indent + line.lstrip() for line in rest)]

    def table(self, title: str, header: list[str], rows: Table) -> str:
        """A table with its last column wrapped; where even that is too wide, each row as a block of lines."""
        rows = [[self.say(cell) for cell in row] for row in rows]
        widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
        room = self.width - sum(widths[:-1]) - 3 * len(header) - 1
        if room >= min(widths[-1], NARROWEST):
            wide = [[*row[:-1], "\n".join(self._wrapped(row[-1], room))] for row in rows]
            return self.draw("\n".join(self.lines(title)), header, wide)
        lines = self.lines(title) if title else []
        for name, *cells in rows:
            lines += self.lines(name)
            for head, cell in zip(header[1:], cells, strict=True):
                said = f"{head}: {cell}" if head else cell
                lines += [part for line in said.split("\n") for part in self.lines(line, "  ", "    ")] if cell else []
        return "\n".join(lines)

    def _wrapped(self, cell: str, room: int) -> list[str]:
        return [part for line in cell.split("\n") for part in wrapped(line, room, between_words=True)]

    def finished(self, lines: list[str]) -> str:
        """The whole text, in which no line is a command to a runner of workflows."""
        text = COMMAND.sub(r"\1: ", "\n".join(lines)).replace("##[", "# #[")
        return self.say(text) + "\n"
