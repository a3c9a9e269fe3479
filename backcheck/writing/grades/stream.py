"""A format written piece by piece while submissions are marked, so that a large class needs no large memory; it opens no file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Protocol

from backcheck.grading.result import Result
from backcheck.writing.grades import written
from backcheck.writing.grades.about import About


class Writer(Protocol):
    """Takes results as they come, and gives the text that is complete."""

    def add(self, results: Sequence[Result]) -> str: ...
    def end(self) -> str: ...


def writer(format: str, about: About) -> Writer:
    """The writer of a format; those that need all results keep them."""
    streamed: dict[str, Callable[[str, About], Writer]] = {"csv": Csv, "json": Json, "jsonl": JsonLines, "text": Text}
    return streamed.get(format, Whole)(format, about)


class Whole:
    """A format that is written at the end."""

    def __init__(self, format: str, about: About) -> None:
        self.format, self.about, self.results = format, about, list[Result]()

    def add(self, results: Sequence[Result]) -> str:
        self.results += results
        return ""

    def end(self) -> str:
        return written(self.format, self.results, self.about)


class Csv:
    """A header, and a row for each."""

    def __init__(self, format: str, about: About) -> None:  # noqa: ARG002
        from backcheck.writing.grades import csv

        self.form, self.begun = csv, False

    def add(self, results: Sequence[Result]) -> str:
        head = "" if self.begun else self.form.header()
        self.begun = True
        return head + self.form.rows(results)

    def end(self) -> str:
        return "" if self.begun else self.add([])


class JsonLines:
    """A line for each."""

    def __init__(self, format: str, about: About) -> None:  # noqa: ARG002
        from backcheck.writing.grades.json import line

        self.line = line

    def add(self, results: Sequence[Result]) -> str:
        return "".join(self.line(result) + "\n" for result in results)

    def end(self) -> str:
        return ""


class Json:
    """One document."""

    def __init__(self, format: str, about: About) -> None:
        from backcheck.writing.grades.json import line

        self.line, self.between = line, "\n  "
        self.head, self.tail = written(format, [], about).split("\n  \n")

    def add(self, results: Sequence[Result]) -> str:
        pieces = []
        for result in results:
            pieces += [self.head, self.between, self.line(result)]
            self.head, self.between = "", ",\n  "
        return "".join(pieces)

    def end(self) -> str:
        return f"{self.head}\n{self.tail}"


class Text:
    """The whole picture of a single submission, a few lines for each of several, and a last line for all."""

    def __init__(self, format: str, about: About) -> None:  # noqa: ARG002
        from backcheck.writing.grades.screen import Screen

        self.screen, self.about = Screen(about), about
        self.waiting: list[Result] = []  # the first one, until it is known whether it is the only one
        self.count = self.unreadable = 0
        self.shares = Fraction(0)

    def add(self, results: Sequence[Result]) -> str:
        from backcheck.writing.grades.text import in_short, title

        before, self.count = self.count, self.count + len(results)
        self.unreadable += sum(result.fault is not None for result in results)
        self.shares += sum((result.share for result in results if result.fault is None), Fraction(0))
        if self.count < 2:
            self.waiting += results
            return ""
        head = [*title(self.screen, self.about), ""] if before < 2 and (self.waiting or not before) else []
        shown, self.waiting = [*self.waiting, *results], []
        return self.screen.finished([*head, *(line for result in shown for line in in_short(result, self.screen))])

    def end(self) -> str:
        from backcheck.writing.grades.text import summary

        if self.count < 2:
            return written("text", self.waiting, self.about) if self.waiting else ""
        return self.screen.finished(["", *self.screen.lines(summary(self.count, self.unreadable, self.shares))])
