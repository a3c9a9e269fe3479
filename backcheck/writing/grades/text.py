"""Graded submissions → text for the terminal: the first wrong step before all others, and the right ones only counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from backcheck.errors import Fault
from backcheck.grading.result import MISSING, UNREADABLE, WRONG, CellMark, Result
from backcheck.writing.grades import words
from backcheck.writing.grades.about import About
from backcheck.writing.grades.screen import Screen

HEADER = ["", "line", "you wrote", "verdict", "because"]
MOST_LISTED = 40  # numbers of one submission in a table
MOST_IN_A_ROW = 30  # characters of what was written, in a table; it stands in full in their own file


def text(results: Sequence[Result], about: About) -> str:
    """Of one submission the whole picture, of several a few lines for each."""
    screen = Screen(about)
    if len(results) == 1:
        return screen.finished([*title(screen, about), *_picture(results[0], screen)])
    each = [line for result in results for line in in_short(result, screen)]
    unreadable = sum(result.fault is not None for result in results)
    shares = sum((result.share for result in results if result.fault is None), Fraction(0))
    last = summary(len(results), unreadable, shares)
    return screen.finished([*title(screen, about), "", *each, "", *screen.lines(last)])


def title(screen: Screen, about: About) -> list[str]:
    """What is marked."""
    return screen.lines(words.visible(about.title or about.problem) or "Grade")


def _picture(result: Result, screen: Screen) -> Iterator[str]:
    """One submission, for the one who handed it in."""
    if result.fault:
        yield from _fault(result, result.fault, screen)
        return
    yield from screen.lines(f"{words.called(result)}: {words.score(result)}", "· ", "  ")
    yield from screen.lines(words.tally(result), "· ", "  ")
    marks = words.noted(result)
    first = next((mark for mark in marks if mark.verdict == WRONG), None)
    if first:
        yield "\n" + _first(first, screen)
    rest = [mark for mark in marks if mark is not first and (mark.verdict != MISSING or mark.reason)]
    if rest:
        yield "\n" + _table(rest, "What else there is to say" if first else "", screen)
    missing = [screen.name(mark.name) for mark in marks if mark.verdict == MISSING and not mark.reason]
    if missing:
        yield ""
        yield from screen.lines(f"Missing: {words.listed(missing)}.")


def _first(mark: CellMark, screen: Screen) -> str:
    """The step to look at before all others, in full."""
    title = f"First wrong: {screen.name(mark.name)}{words.in_line(mark)}"
    return screen.table(title, ["", ""], [list(part) for part in words.told(mark)])


def _table(marks: list[CellMark], title: str, screen: Screen) -> str:
    """A row for each number; below what is said of it, its step."""
    rows = [_row(mark, screen) for mark in marks[:MOST_LISTED]]
    more = [f"… and {len(marks) - MOST_LISTED:,} more"] if len(marks) > MOST_LISTED else []
    return "\n".join([screen.table(title, HEADER, rows), *more])


def _row(mark: CellMark, screen: Screen) -> list[str]:
    said = dict(words.told(mark))
    step = " = ".join(said[heading] for heading in ("the step", "your numbers") if heading in said)
    expected = f"expected {said['expected']}" if "expected" in said else ""
    because = "\n".join(filter(None, (said.get("because"), step, expected)))
    return [screen.name(mark.name), str(mark.line or ""), _cut(words.wrote(mark)), mark.verdict.replace("_", " "), because]


def _cut(wrote: str) -> str:
    return wrote if len(wrote) <= MOST_IN_A_ROW else wrote[: MOST_IN_A_ROW - 1] + "…"


def _fault(result: Result, fault: Fault, screen: Screen) -> Iterator[str]:
    """A file that cannot be read: place, sentence, the line with a mark under it, the way out."""
    safe = fault._replace(says=words.visible(fault.says, words.MOST_SAID), way_out="")
    source = [""] * (fault.line - 1) + [result.source] if result.source else []
    place, *excerpt = safe.report(words.visible(result.file), source).split("\n")
    yield from screen.lines(place, "", "  ")
    yield from excerpt
    for line in fault.way_out.splitlines():
        yield from screen.lines(words.visible(line), " " * 4, " " * 4)


def in_short(result: Result, screen: Screen) -> Iterator[str]:
    """One submission among many: only what is not right."""
    if result.fault:
        yield from screen.lines(words.unreadable(result), "", "  ")
        return
    yield from screen.lines(f"{words.called(result)}: {words.score(result)}", "", "  ")
    marks = words.noted(result)
    first = next((mark for mark in marks if mark.verdict == WRONG), None)
    if first:
        says = f"first wrong: {screen.name(first.name)}{words.in_line(first)}, {_cut(words.wrote(first))}. {words.because(first)}"
        yield from screen.lines(says.rstrip(), "  ", "    ")
    for heading, verdict in (("also wrong", WRONG), ("unreadable", UNREADABLE), ("missing", MISSING)):
        names = [screen.name(mark.name) for mark in marks if mark.verdict == verdict and mark is not first]
        if names:
            yield from screen.lines(f"{heading}: {words.listed(names)}", "  ", "    ")


def summary(count: int, unreadable: int, shares: Fraction) -> str:
    """The last line, from the sum of all shares."""
    says = f"{count:,} submissions" + (f", {unreadable:,} unreadable" if unreadable else "")
    return says + (f"; on average {words.percent(shares / (count - unreadable))} of the points" if count > unreadable else "")
