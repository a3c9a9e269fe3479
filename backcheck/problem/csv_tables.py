"""Tables of numbers from CSV files, with a header line or without; it knows no problems."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backcheck.arithmetic import number
from backcheck.problem.packed import MOST_BYTES, Unreadable, opened, read_at_most
from backcheck.worksheet import Array

PLAIN = b"0123456789+-.eE, \t\n"  # of these NumPy makes what `number` makes, several times as fast
NO_NAMES = {"nan", "inf", "infinity", "na", "n/a", "null", "none"}  # what stands where a number is missing
COMMAS = "numbers are separated by commas and have a decimal point: 0.25, 1e-3 or 1/3"


class Table(NamedTuple):
    """The numbers, one row for each line, and the names of the columns if there is a header line."""

    array: Array
    header: tuple[str, ...] = ()


def read_table(path: str, most: int) -> Table:
    """The table of a file with at most so many numbers."""
    text = _text(path)
    if text.count(",") >= most:
        raise Unreadable(f"it holds more than {most:,} numbers")
    before = len(text) - len(text.lstrip("\n"))
    first = text[before:].partition("\n")[0]
    header = _header(first)
    body = text[before + len(first) :] if header else text
    if not body.strip():
        raise Unreadable("no numbers stand below its header line" if header else "it is empty")
    array = _plain(body)
    if array is None:
        array = _line_by_line(body, text.count("\n", 0, len(text) - len(body)) + 1)
    if header and len(header) != array.shape[1]:
        raise Unreadable(f"its header line names {len(header)} columns, and its lines have {array.shape[1]} values")
    return Table(array, header)


def _text(path: str) -> str:
    with opened(path) as file:
        raw = read_at_most(file, MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"unpacked it has more than {MOST_BYTES:,} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is no text: byte 0x{raw[error.start]:02x} is not UTF-8", "save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _header(line: str) -> tuple[str, ...]:
    """The names in a first line where no number stands."""
    import csv

    cells = [cell.strip() for cell in next(csv.reader([line], skipinitialspace=True), [])]
    names = any(cell[:1].isalpha() and cell.lower() not in NO_NAMES for cell in cells)
    return tuple(cells) if names and not any(number(cell) is not None for cell in cells) else ()


def _plain(text: str) -> Array | None:
    """Numbers of digits alone, read at once; None if anything else stands there."""
    if not text.isascii() or text.encode().translate(None, PLAIN):
        return None
    try:
        return np.loadtxt(text.split("\n"), delimiter=",", comments=None, ndmin=2)
    except ValueError:
        return None


def _line_by_line(text: str, start: int) -> Array:
    """Numbers as people write them, 1/3 too; it can say where something else stands."""
    rows = []
    for count, line in enumerate(text.split("\n"), start):
        values = [number(cell.strip()) for cell in line.split(",")] if line.strip() else []
        if None in values:
            cell = line.split(",")[values.index(None)].strip()[:40]
            raise Unreadable(f"line {count} holds {cell!r}, which is no number", COMMAS)
        if values:
            rows.append(values)
    if len({len(row) for row in rows}) != 1:
        raise Unreadable("its lines have different numbers of values")
    return np.array(rows, dtype=np.float64)
