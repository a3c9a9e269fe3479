"""How far the marking is, on a terminal and nowhere else; what is marked it does not know."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE = 0.7  # seconds without a bar: most classes are marked sooner than a bar is imported
EVERY = 0.1  # seconds


def watched(results: Iterable[T], total: int | None = None) -> Iterator[T]:
    """The same results, with a bar on stderr where that is a terminal; total: how many there will be, if that is known."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield from results
        return
    bar: Any = None
    shown = time.monotonic() + PATIENCE - EVERY
    try:
        for count, result in enumerate(results, 1):
            if time.monotonic() - shown > EVERY:
                bar = bar or _bar(total)
                bar.update(bar.task_ids[0], completed=count)
                shown = time.monotonic()
            yield result
    finally:
        if bar:
            bar.stop()


def _bar(total: int | None) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("marking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
    bar.add_task("", total=total)
    bar.start()
    bar.console.show_cursor(True)  # Ctrl-C ends the process at once, and nobody would bring it back
    return bar
