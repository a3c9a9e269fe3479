"""A CSV file of answers → blocks of rows, or one submission; it is read in pieces, so a class may be of any size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO, NamedTuple

import numpy as np

from backcheck.answers import text as texts
from backcheck.answers.block import Block, block, decode_table, written
from backcheck.answers.digits import Floats
from backcheck.answers.eights import Truth, Whole
from backcheck.answers.files import Source
from backcheck.answers.header import Header, header
from backcheck.answers.lines import Lines
from backcheck.answers.opening import reading, refused
from backcheck.answers.rows import BadRow, Row, one_sheet, rows
from backcheck.answers.submission import Submission
from backcheck.answers.text import LARGEST, Unreadable
from backcheck.errors import Fault

MOST_ROWS, MOST_CELLS = 16_384, 2**20  # of one table


class Table(NamedTuple):
    """Rows of a class: students and, in matrices with one column for each name, the numbers they wrote."""

    file: str
    names: tuple[str, ...]
    students: list[str | None]
    value: Floats
    half: Floats  # of a unit of the last written place
    decimals: Whole
    plain: Truth  # where this is False, text(i, j) is no plain number: '' is nothing at all
    raw: bytes
    ends: Whole
    lines: Sequence[int]

    def text(self, i: int, j: int) -> str:
        """What student i has written for names[j]."""
        return written(self.raw, self.ends, i, j)

    def line(self, i: int) -> int:
        """The line of the file that row i begins in."""
        return self.lines[i]

    def submission(self, i: int) -> Submission:
        """Row i by itself."""
        answers = {name: text for name, text in zip(self.names, self.texts(i), strict=True) if text}
        return Submission(self.file, self.students[i], answers, dict.fromkeys(answers, self.line(i)))

    def texts(self, i: int) -> list[str]:
        """All that student i has written."""
        ends = self.ends[i].tolist()
        row = self.raw[ends[0] : ends[-1]].decode(errors="replace")
        if len(row) > texts.LONGEST or not (row.isascii() and row.isprintable()):
            return [self.text(i, j) for j in range(len(self.names))]
        first = ends[0]
        return [row[start + 1 - first : end - first].strip() for start, end in pairwise(ends)]


def tables(source: Source) -> Iterator[Table | Submission]:
    """The rows of a class, in their order, and a submission for each row that cannot be read; or the one submission of the file."""
    return reading(source, read_tables)


def read_tables(file: str, opened: BinaryIO) -> Iterator[Table | Submission]:
    """The same for a file that is open."""
    lines = Lines(opened)
    first = lines.line() or b""
    head = _header(first)
    if head.value is not None:
        rest = lines.rest(LARGEST + 1)
        yield Submission(file, *one_sheet(texts.decoded(first + b"\n" + rest), head, head.value))
        return
    while raw := lines.block(max(1, min(MOST_ROWS, MOST_CELLS // head.columns))):
        number = lines.number - raw.count(b"\n") + 1
        found = _fast(raw, head)
        if found is None:
            yield from _slow(file, head, rows(raw, lines, number, head))
        else:
            yield _table(file, head, found, range(number, number + len(found.students)))


def _header(first: bytes) -> Header:
    text = texts.decoded(first.removesuffix(b"\r"))
    if not text.strip():
        raise Unreadable(Fault(1, 1, "the file is empty, or its first line is", texts.HAND_IN))
    if "\r" in text:
        raise Unreadable(Fault(1, 1, "the lines of this file end with CR alone", "save it as CSV (UTF-8)"), text.partition("\r")[0])
    return header(text)


def _fast(raw: bytes, head: Header) -> Block | None:
    """The block straight from its bytes, if the columns are the student and then numbers."""
    if head.student != 0 or head.places != tuple(range(1, head.columns)):
        return None
    return decode_table(raw, head.columns, ord(head.delimiter))


def _table(file: str, head: Header, found: Block, lines: Sequence[int]) -> Table:
    return Table(file, head.names, *found, lines)


def _slow(file: str, head: Header, found: Iterator[Row | BadRow]) -> Iterator[Table | Submission]:
    """Tables of the rows that can be read, with the others between them."""
    good: list[Row] = []
    for row in found:
        if isinstance(row, Row):
            good.append(row)
            continue
        yield from _of_rows(file, head, good)
        good = []
        yield refused(file, row.error, row.line, row.student)
    yield from _of_rows(file, head, good)


def _of_rows(file: str, head: Header, good: list[Row]) -> Iterator[Table]:
    if good:
        raw = "\n".join("\n".join([row.student or "", *row.texts]) for row in good).encode()
        ends = np.append(np.flatnonzero(np.frombuffer(raw, np.uint8) == ord("\n")), len(raw)).reshape(len(good), -1)
        yield _table(file, head, block(raw.replace(b"\n", b" "), ends), [row.line for row in good])
