"""Results for which only scores are wanted: tables are judged as they are read, and no mark is written before somebody looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, islice
from typing import TypeVar

from backcheck.answers.files import Source
from backcheck.answers.read import submissions
from backcheck.answers.submission import Submission
from backcheck.answers.tables import Table, tables
from backcheck.classroom.faults import marked_here
from backcheck.grading.marker import Marker
from backcheck.grading.result import Result

AT_ONCE = 3000  # submissions
Item = TypeVar("Item")


def results_of(marker: Marker, sources: Sequence[Source]) -> Iterator[list[Result]]:
    """The results of every submission, in order, some at a time."""
    for is_table, some in groupby(chain.from_iterable(map(_read, sources)), lambda one: isinstance(one, Table)):
        if is_table:
            yield from (_whole(marker, table) for table in some if isinstance(table, Table))
        else:
            yield from (_each(marker, part) for part in in_chunks(one for one in some if isinstance(one, Submission)))


def _read(source: Source) -> Iterator[Submission | Table]:
    return tables(source) if source.ending == ".csv" else submissions(source)


def _whole(marker: Marker, table: Table) -> list[Result]:
    try:
        return marker.mark_table(table)
    except Exception:  # one by one, so that all the others are marked
        return _each(marker, [table.submission(i) for i in range(len(table.students))])


def _each(marker: Marker, some: list[Submission]) -> list[Result]:
    try:
        return marker.mark(some)
    except Exception:
        return marked_here(marker, some)


def in_chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """A few at a time."""
    rest = iter(items)
    while some := list(islice(rest, AT_ONCE)):
        yield some
