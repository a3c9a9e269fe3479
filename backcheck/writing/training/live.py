"""How far a training is, with its loss as a curve, on a terminal and nowhere else; it trains nothing and keeps nothing."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from backcheck.training.run import Epoch
from backcheck.writing.curves import Curve, NothingToPlot
from backcheck.writing.training.chart import Chart, on_scale, scaled

PATIENCE = 0.7  # seconds without anything shown: a small network has learnt sooner than a picture is imported
EVERY = 0.1  # seconds from one picture to the next at least
SHARE = 0.05  # of the time may be spent on drawing
MOST_KEPT = 400  # losses that the curve is drawn from; of more every second one is forgotten
LINES, LEAST_LINES, WIDEST = 14, 9, 100  # of the curve
NARROW = 60  # columns; with fewer there is no room for the bar
See = Callable[[Epoch], None]


@contextmanager
def live(epochs: int, name: str = "") -> Iterator[See]:
    """What each epoch is given to as it is done; what was shown is wiped away at the end, however that comes."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield _nowhere
        return
    screen = Screen(epochs, name)
    try:
        yield screen.see
    finally:
        screen.stop()


@contextmanager
def busy(says: str) -> Iterator[None]:
    """A sign that something is being worked on, on a terminal and nowhere else; it leaves nothing behind."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(says):
        yield


def _nowhere(epoch: Epoch) -> None:
    """Where there is no terminal."""


class Screen:
    """The curve and the bar below it."""

    def __init__(self, epochs: int, name: str) -> None:
        self.epochs, self.name = epochs, name
        self.kept: list[tuple[int, float]] = []
        self.every = 1
        self.started = time.monotonic()
        self.shown, self.pause = self.started, PATIENCE
        self.display: Any = None

    def see(self, epoch: Epoch) -> None:
        """Takes an epoch; draws if it is time to."""
        if epoch.number % self.every == 0 or not self.kept:
            self.kept.append((epoch.number, epoch.loss))
            if len(self.kept) > MOST_KEPT:
                self.every *= 2
                self.kept = self.kept[::2]
        if time.monotonic() - self.shown > self.pause:
            self.display = self.display or _display()
            now = time.monotonic()
            self.display.update(self._drawn(epoch, now), refresh=True)
            self.shown = time.monotonic()
            self.pause = max(EVERY, (self.shown - now) / SHARE)

    def stop(self) -> None:
        if self.display:
            self.display.stop()

    def _drawn(self, epoch: Epoch, now: float) -> Any:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        console = self.display.console
        lines = min(LINES, console.height - 4)  # a display as high as the screen would scroll away
        curve = self._curve(epoch, min(console.width, WIDEST), lines) if lines >= LEAST_LINES else ""
        says = Text(self._says(epoch, now), no_wrap=True, overflow="ellipsis" if _shows_signs() else "crop")
        last = Table.grid(padding=(0, 2))
        bar = ProgressBar(total=max(1, self.epochs), completed=epoch.number, width=min(30, console.width // 4))
        last.add_row(*([bar] if console.width > NARROW else []), says)
        return Group(*([Text(curve, no_wrap=True, overflow="crop")] if curve else []), last)

    def _curve(self, epoch: Epoch, width: int, lines: int) -> str:
        """The loss so far; its logarithm, where it spans more than two decades."""
        from backcheck.writing.plot_text import terminal

        x, y = np.array([*self.kept, (epoch.number, epoch.loss)], float).T
        log = scaled(Chart("", [Curve("", x, y)])).log
        curve = on_scale(Curve("log10 of the loss" if log else "loss", x, y), log)
        try:
            return terminal([curve], width, lines, not _shows_signs())
        except NothingToPlot:
            return ""

    def _says(self, epoch: Epoch, now: float) -> str:
        gone = epoch.number - self.kept[0][0]  # a run that is resumed does not begin at 0
        left = (now - self.started) / gone * (self.epochs - epoch.number) if gone else 0
        name = "".join(sign for sign in self.name if sign.isprintable() and (sign.isascii() or _shows_signs()))
        accuracy = f"  accuracy {100 * epoch.accuracy:.1f} %" if epoch.accuracy is not None else ""
        says = f"{name}  " if name else ""
        return f"{says}epoch {epoch.number:,} of {self.epochs:,}  L {epoch.loss:.4g}  {left:,.0f} s left{accuracy}"


def _shows_signs() -> bool:
    try:
        "⣿┤─".encode(sys.stderr.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _display() -> Any:
    from rich.console import Console
    from rich.live import Live

    plain = bool(os.environ.get("NO_COLOR"))
    console = Console(stderr=True, highlight=False, no_color=plain, color_system=None if plain else "auto")
    display = Live(console=console, transient=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False)
    display.start()
    console.show_cursor(True)  # a process that is killed brings it back to nobody
    return display
