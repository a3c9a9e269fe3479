"""Lines of a CSV file that are not all plain numbers → their rows, one by one; it knows how fields are quoted."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from backcheck.answers import text as texts
from backcheck.answers.header import Header, joined, split
from backcheck.answers.lines import Lines
from backcheck.answers.text import LARGEST, MOST, Unreadable
from backcheck.answers.tree import Sheet, checked_name
from backcheck.errors import Fault
from backcheck.problem.text import Scalar

MOST_LINES = 100  # of one row: a text in quotation marks may hold line ends
QUOTES = b'"'
DECIMAL_COMMA = "write a decimal point; put an answer that holds a comma into quotation marks"


class Row(NamedTuple):
    """One student's row."""

    line: int
    student: str | None
    texts: list[str]  # one for each name of the header


class BadRow(NamedTuple):
    """A row that cannot be read; it may still be clear whose it is."""

    line: int
    student: str | None
    error: Unreadable


def rows(raw: bytes, lines: Lines, number: int, head: Header) -> Iterator[Row | BadRow]:
    """The rows of complete lines, the first of which is line `number` of the file."""
    for line, record in _records(raw, lines, number, head.delimiter):
        row = _row(line, record, head)
        if row is not None:
            yield row


def _records(raw: bytes, lines: Lines, number: int, delimiter: str) -> Iterator[tuple[int, bytes]]:
    """Line by line, or several lines where a quotation mark is open at the end of the first."""
    waiting = deque(raw.removesuffix(b"\n").split(b"\n"))
    while waiting:
        record = [waiting.popleft()]
        if record[0].count(QUOTES) % 2 and not _complete(record, waiting, lines, delimiter):
            waiting.extendleft(reversed(record[1:]))  # they are rows of their own
            del record[1:]
        yield number, b"\n".join(record).rstrip(b"\r")
        number += len(record)


def _complete(record: list[bytes], waiting: deque[bytes], lines: Lines, delimiter: str) -> bool:
    """Adds lines until the open quotation mark is closed, and tells whether that has made one row of them."""
    size = len(record[0])
    while len(record) < MOST_LINES and size <= LARGEST:
        line = waiting.popleft() if waiting else lines.line()
        if line is None:
            return False
        record.append(line)
        size += len(line)
        if line.count(QUOTES) % 2:
            return split(b"\n".join(record).decode(errors="replace").rstrip("\r"), delimiter) is not None
    return False


def _row(line: int, record: bytes, head: Header) -> Row | BadRow | None:
    """The row, unless it is blank: spreadsheets end with lines of nothing but commas."""
    try:
        if len(record) > LARGEST:
            raise texts.too_large()
        text = texts.utf8(record)
        fields = split(text, head.delimiter)
        if fields is None:
            raise Unreadable(
                Fault(1, 1, "the quotation marks of this row do not fit", 'inside of "…" a quotation mark is written ""'), text
            )
    except Unreadable as error:
        return BadRow(line, _student_of(record, head), error)
    if not any(map(str.strip, fields)):
        return None
    student = texts.student(fields[head.student]) if head.student < len(fields) else None
    if any(map(str.strip, fields[head.columns :])):
        says = f"this row has {len(fields)} fields, and the first line names {head.columns}"
        return BadRow(line, student, Unreadable(Fault(1, 1, says, DECIMAL_COMMA), text))
    fields += [""] * (head.columns - len(fields))
    return Row(line, student, [texts.answer(fields[place]) for place in head.places])


def _student_of(record: bytes, head: Header) -> str | None:
    """Whose row it is, as far as can be told of one that is broken."""
    fields = record[:LARGEST].decode(errors="replace").split(head.delimiter, head.student + 1)
    return texts.student(fields[head.student].strip('"')) if head.student < len(fields) - 1 else None


def one_sheet(text: str, head: Header, value: int) -> Sheet:
    """The answers of a file with one name and one value in each line; raises Unreadable."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=head.delimiter, strict=True)
    found = Sheet(None, {}, {})
    line = 1
    try:
        for fields in reader:
            if line > 1 and any(map(str.strip, fields)):
                found = _with(found, joined(fields, head.delimiter), head, value, line)
            line = reader.line_num + 1
    except csv.Error:
        raise _at(
            line, text, "the quotation marks of this row do not fit", 'inside of "…" a quotation mark is written ""'
        ) from None
    except Unreadable as error:
        raise _at(line, text, error.fault.says, error.fault.way_out) from None
    return found


def _at(line: int, text: str, says: str, way_out: str) -> Unreadable:
    lines = text.split("\n")
    return Unreadable(Fault(line, 1, says, way_out), lines[line - 1] if line <= len(lines) else "")


def _with(sheet: Sheet, fields: list[str], head: Header, value: int, line: int) -> Sheet:
    """The sheet with one more answer."""
    if any(map(str.strip, fields[head.columns :])):
        says = f"this row has {len(fields)} fields, and the first line names {head.columns}"
        raise Unreadable(Fault(line, 1, says, DECIMAL_COMMA))
    fields = fields + [""] * (head.columns - len(fields))
    name, text = fields[head.student].strip(), fields[value]
    if name.lower() == "student":
        return sheet._replace(student=texts.student(text))
    name = checked_name(Scalar(line, 1, 1, name))
    if name in sheet.answers:
        raise Unreadable(
            Fault(line, 1, f"{name[:40]!r} stands here for the second time", f"it stands in line {sheet.lines[name]} already")
        )
    if len(sheet.answers) == MOST:
        raise Unreadable(Fault(line, 1, f"this is more than {MOST:,} answers"))
    sheet.answers[name], sheet.lines[name] = texts.answer(text), line
    return sheet
