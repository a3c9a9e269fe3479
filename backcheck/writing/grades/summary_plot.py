"""How a class did → a picture with matplotlib; it counts nothing itself."""

from __future__ import annotations

from typing import Any

from backcheck.spelling import SCREEN
from backcheck.writing.figure import Kind, rendered
from backcheck.writing.grades import words
from backcheck.writing.grades.summary import MOST_SHOWN, Summary, bins, headline

BLUE, RED, GREY = "#4477aa", "#cc6677", "#999999"


def picture(summary: Summary, kind: Kind, title: str = "") -> bytes:
    """The summary as a PNG or an SVG, the same bytes every time."""
    return rendered((9, 7.2), lambda made: _drawn(made, summary, title), kind)


def _drawn(figure: Any, summary: Summary, title: str) -> None:
    """The shares above, and side by side below them the steps and the mistakes."""
    says = headline(summary)
    figure.suptitle(f"{words.visible(title)}\n{says}" if title else says, parse_math=False)
    axes = figure.subplot_mosaic([["shares", "shares"], ["steps", "mistakes"]], height_ratios=[1, 1.3])
    _shares(axes["shares"], summary)
    steps, mistakes = summary.steps[:MOST_SHOWN], summary.mistakes[:MOST_SHOWN]
    lost = [f"{count}  (−{words.points(points)} points)" for _, count, points in steps]
    names = [SCREEN.name(words.visible(name)) for name, _, _ in steps]
    _bars(axes["steps"], "First wrong step (points lost there by all)", names, [count for _, count, _ in steps], lost, RED)
    counts = [count for _, count in mistakes]
    _bars(axes["mistakes"], "Mistakes, in so many submissions", [id for id, _ in mistakes], counts, list(map(str, counts)), GREY)
    for each in axes.values():
        each.spines[["top", "right"]].set_visible(False)


def _shares(axes: Any, summary: Summary) -> None:
    found = axes.bar(range(len(summary.shares)), summary.shares, width=0.9, color=BLUE)
    axes.bar_label(found, [str(count or "") for count in summary.shares])
    axes.set_xticks(range(len(summary.shares)), bins())
    axes.set_title("Share of the points", loc="left", fontsize="medium")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _bars(axes: Any, title: str, names: list[str], counts: list[int], labels: list[str], color: str) -> None:
    """Bars from left to right, the longest at the top."""
    found = axes.barh(range(len(names)), counts, color=color)
    axes.bar_label(found, labels, padding=3, fontsize="small")
    axes.set_yticks(range(len(names)), names, parse_math=False)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.5 * max(counts, default=1) or 1)  # room for the labels
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_title(title if names else f"{title}: none", loc="left", fontsize="medium")
