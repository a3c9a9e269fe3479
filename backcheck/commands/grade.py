"""`backcheck grade`: answers worked by hand, marked one by one or a class at a time, in the formats that graders read."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING, TypeVar

from backcheck.commands import Answer
from backcheck.commands.output import look, width
from backcheck.errors import BadArgument, did_you_mean

if TYPE_CHECKING:
    from backcheck.answers.files import Source
    from backcheck.answers.submission import Submission
    from backcheck.answers.tables import Table
    from backcheck.grading.marker import Marker
    from backcheck.grading.result import Result
    from backcheck.writing.grades.about import About

AT_ONCE = 2048  # submissions
Item = TypeVar("Item")


def grade(
    file: str,
    answers: tuple[str, ...],
    key: bool,
    hints: int,
    write: tuple[str, ...],
    summary: bool,
    plot: str | None,
    jobs: int,
    exit_zero: bool,
    format: str,
) -> Answer:
    """Marks every submission; a broken one is reported, and the others are marked."""
    if file == "-" and "-" in answers:
        raise BadArgument("only one of the problem and the answers can come from standard input")
    from backcheck.answers.files import found
    from backcheck.commands.problems import given_with_marking
    from backcheck.grading.marker import Marker
    from backcheck.writing.grades.about import About

    sheet, marking = given_with_marking(file)
    marker = Marker(sheet, marking, key, hints)
    sources = found(answers, sys.stdin.buffer.read() if "-" in answers else b"")
    draw, spelling = look()
    about = About(sheet.title, file, hints, width(), draw, spelling, os.environ)
    outputs = Outputs([(format, ""), *map(_target, write)], about)
    for results in results_of(marker, sources):
        outputs.add(results)
    return outputs.end(exit_zero)


def results_of(marker: Marker, sources: Sequence[Source]) -> Iterator[list[Result]]:
    """The marks of every submission, in order, some at a time; rows of a table are marked as they are."""
    from backcheck.answers.read import submissions
    from backcheck.answers.tables import Table, tables

    def read(source: Source) -> Iterator[Submission | Table]:
        return tables(source) if source.ending == ".csv" else submissions(source)

    for is_table, some in groupby(chain.from_iterable(map(read, sources)), lambda one: isinstance(one, Table)):
        if is_table:
            yield from (marker.mark_table(table) for table in some)
        else:
            yield from map(marker.mark, in_chunks(some))


def in_chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _target(text: str) -> tuple[str, str]:
    """`junit=report.xml` → the format and the file."""
    from backcheck.writing.grades import FORMATS

    format, equals, path = text.partition("=")
    if not equals or not path or format not in FORMATS:
        hint = did_you_mean(format, list(FORMATS)) or "formats: " + ", ".join(FORMATS)
        raise BadArgument(f"--write {text!r} should be FORMAT=FILE, like junit=report.xml; {hint}")
    return format, path


class Outputs:
    """Everything that is written of the results: to standard output, and to files that appear whole when all is marked."""

    def __init__(self, targets: Sequence[tuple[str, str]], about: About) -> None:
        from backcheck.writing.grades.stream import writer

        self.writers = [(path, writer(format, about)) for format, path in targets]
        self.pieces: list[list[str]] = [[] for _ in targets]
        self.right, self.unreadable = True, False

    def add(self, results: list[Result]) -> None:
        for pieces, (_, one) in zip(self.pieces, self.writers, strict=True):
            pieces.append(one.add(results))
        self.right &= all(result.right for result in results)
        self.unreadable |= any(result.fault for result in results)

    def end(self, exit_zero: bool) -> Answer:
        from backcheck.commands.output import write

        for pieces, (_, one) in zip(self.pieces, self.writers, strict=True):
            pieces.append(one.end())
        for pieces, (path, _) in zip(self.pieces, self.writers, strict=True):
            if path:
                write(path, "".join(pieces).encode())
        return Answer("".join(self.pieces[0]), self.right or exit_zero, self.unreadable)
