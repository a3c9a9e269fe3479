"""Many results → how a class did: the shares, the steps that lose most, the mistakes; as text with bars in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from backcheck.grading.result import Result
from backcheck.writing.grades import words
from backcheck.writing.grades.about import About
from backcheck.writing.grades.screen import Screen

BINS = 10
MOST_SHOWN = 10  # steps, and mistakes
SHORTEST, LONGEST = 4, 40  # characters of the longest bar
EIGHTHS = " ▏▎▍▌▋▊▉█"


class Summary(NamedTuple):
    """How a class did."""

    submissions: int
    unreadable: int
    mean: Fraction | None  # of the shares of those that could be read
    median: Fraction | None
    shares: tuple[int, ...]  # how many have 0 to 10 %, …, 90 to 100 % of the points; the upper end belongs to the bin above
    steps: tuple[tuple[str, int, Fraction], ...]  # name, how many are first wrong there, points lost there by all
    mistakes: tuple[tuple[str, int], ...]  # id, in how many submissions


class Class:
    """Counts results as they come, and keeps none."""

    def __init__(self) -> None:
        self.unreadable, self.shares = 0, Counter[Fraction]()
        self.first, self.lost, self.mistakes = Counter[str](), Counter[tuple[str, Fraction]](), Counter[str]()

    def add(self, results: Iterable[Result]) -> None:
        for result in results:
            if result.fault:
                self.unreadable += 1
                continue
            self.shares[result.share] += 1
            if result.first_wrong is not None:
                self.first[result.first_wrong] += 1
            self.lost.update((cell.name, cell.of - cell.points) for cell in result.cells if cell.points != cell.of)
            self.mistakes.update({cell.mistake.id for cell in result.cells if cell.mistake and cell.mistake.id})

    def summary(self) -> Summary:
        read = self.shares.total()
        return Summary(
            read + self.unreadable,
            self.unreadable,
            sum((share * times for share, times in self.shares.items()), start=Fraction(0)) / read if read else None,
            _median(self.shares) if read else None,
            _binned(self.shares),
            _steps(self.first, self.lost),
            tuple(sorted(self.mistakes.items(), key=lambda item: (-item[1], item[0]))),
        )


def class_summary(results: Iterable[Result]) -> Summary:
    """How these did."""
    found = Class()
    found.add(results)
    return found.summary()


def _median(shares: Counter[Fraction]) -> Fraction:
    """The one in the middle, or half-way between the two."""
    ordered = [share for share, times in sorted(shares.items()) for _ in range(times)]
    return (ordered[len(ordered) // 2] + ordered[(len(ordered) - 1) // 2]) / 2


def _binned(shares: Counter[Fraction]) -> tuple[int, ...]:
    counts = Counter[int]()
    for share, times in shares.items():
        counts[min(BINS - 1, max(0, int(share * BINS)))] += times
    return tuple(counts[i] for i in range(BINS))


def _steps(first: Counter[str], lost: Counter[tuple[str, Fraction]]) -> tuple[tuple[str, int, Fraction], ...]:
    """Where most go wrong comes first; points tell apart what is equal in that, as missing numbers lose points, too."""
    points: dict[str, Fraction] = {}
    for (name, by_one), times in lost.items():
        points[name] = points.get(name, Fraction(0)) + by_one * times
    steps = [(name, first[name], points.get(name, Fraction(0))) for name in {**points, **first}]
    return tuple(sorted(steps, key=lambda step: (-step[1], -step[2], step[0])))


def text(summary: Summary, about: About) -> str:
    """The summary for the terminal, as wide as it is."""
    screen = Screen(about)
    return screen.finished(list(_lines(summary, screen)))


def _lines(summary: Summary, screen: Screen) -> Iterator[str]:
    yield from screen.lines(headline(summary))
    if any(summary.shares):
        rows = [(name, count, str(count)) for name, count in zip(bins(), summary.shares, strict=True)]
        yield from _bars("Share of the points", rows, screen)
    if summary.steps:
        steps = summary.steps[:MOST_SHOWN]
        rows = [(screen.name(name), count, f"{count}, {words.points(lost)} points") for name, count, lost in steps]
        yield from _bars("Steps: how many are first wrong there, and the points that all lose there", rows, screen)
    if summary.mistakes:
        rows = [(id, count, str(count)) for id, count in summary.mistakes[:MOST_SHOWN]]
        yield from _bars("Mistakes: in how many submissions", rows, screen)


def headline(summary: Summary) -> str:
    """`31 submissions, 1 unreadable; mean 81 %, median 85 %`."""
    says = f"{summary.submissions:,} submission" + ("" if summary.submissions == 1 else "s")
    says += f", {summary.unreadable:,} unreadable" if summary.unreadable else ""
    if summary.mean is None or summary.median is None:
        return says
    return f"{says}; mean {words.percent(summary.mean)}, median {words.percent(summary.median)}"


def bins() -> list[str]:
    """`0-10 %`, …; of full marks and a little less, the last."""
    return [f"{i * 100 // BINS}-{(i + 1) * 100 // BINS} %" for i in range(BINS)]


def _bars(title: str, rows: list[tuple[str, int, str]], screen: Screen) -> Iterator[str]:
    """A name, a bar and a number in each line."""
    yield ""
    yield from screen.lines(title)
    margin, most = max(len(name) for name, _, _ in rows), max(count for _, count, _ in rows) or 1
    room = max(SHORTEST, min(LONGEST, screen.width - margin - max(len(says) for _, _, says in rows) - 4))
    for name, count, says in rows:
        drawn = bar(Fraction(count, most), room, screen.spelling.on_screen)
        yield f"  {name:>{margin}} " + " ".join(filter(None, (drawn, says)))


def bar(part: Fraction, room: int, blocks: bool) -> str:
    """A part of the room, in eighths of a character where the screen has them.

    >>> bar(Fraction(3, 8), 4, True), bar(Fraction(3, 8), 4, False)
    ('█▌', '##')
    """
    if not blocks:
        return "#" * round(part * room)
    whole, eighths = divmod(round(part * room * 8), 8)
    return "█" * whole + EIGHTHS[eighths].strip()
