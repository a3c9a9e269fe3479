"""The tables of a report with rich: a frame, and colours that can be turned off."""

from __future__ import annotations

from io import StringIO

from rich.box import ROUNDED
from rich.console import Console
from rich.table import Table
from rich.text import Text

from backcheck.writing.text import Draw

STYLES = dict(enumerate(("bold cyan", "", "dim", "bold")))  # name, formula, numbers put in, result


def drawer(width: int) -> Draw:
    """Draws a table with a frame and ANSI colours for a terminal of this width."""
    console = Console(file=StringIO(), width=width, force_terminal=True, color_system="standard", highlight=False)

    def draw(title: str, header: list[str], rows: list[list[str]]) -> str:
        used = [i for i in range(len(header)) if any(row[i] for row in rows)]
        table = Table(title=title or None, title_justify="left", title_style="bold", box=ROUNDED, show_header=any(header))
        for i in used:
            table.add_column(header[i], style=STYLES.get(i, "") if len(header) > 2 or i == 0 else "", no_wrap=True)
        heights = [max(row[i].count("\n") for i in used) for row in rows]
        # One cell for each column instead of one for each number: rich spends its time on cells, and the lines are cut already.
        columns = [[row[i] + "\n" * (high - row[i].count("\n")) for row, high in zip(rows, heights, strict=True)] for i in used]
        table.add_row(*(Text("\n".join(column)) for column in columns))
        with console.capture() as capture:
            console.print(table)
        return capture.get().rstrip("\n")

    return draw
