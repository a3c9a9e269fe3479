"""A source is opened and read to its end, and whatever goes wrong becomes one more submission; it knows no format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeVar

from backcheck.answers.files import Source
from backcheck.answers.submission import Submission
from backcheck.answers.text import Unreadable
from backcheck.errors import Fault

PLAIN_FILE = "hand in the file itself, and let it be read"
Item = TypeVar("Item")
Reader = Callable[[str, BinaryIO], Iterator[Item]]


def reading(source: Source, reader: Reader[Item]) -> Iterator[Item | Submission]:
    """All that a reader finds in a source; it raises nothing."""
    try:
        if source.refused:
            raise Unreadable(Fault(1, 1, source.refused, PLAIN_FILE))
        with source.open() as file:
            yield from reader(source.file, file)
    except OSError as error:
        yield refused(source.file, Unreadable(Fault(1, 1, f"the file cannot be read: {error.strerror or error}", PLAIN_FILE)))
    except Unreadable as error:
        yield refused(source.file, error)


def refused(file: str, error: Unreadable, line: int = 0, student: str | None = None) -> Submission:
    """The submission that cannot be read; `line`: of the file, where the fault counts from a line in it."""
    fault = error.fault._replace(line=line) if line else error.fault
    return Submission(file, student, {}, {}, fault, error.source)
