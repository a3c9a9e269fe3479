"""Complete lines of a CSV file of numbers → columns of values, straight from the bytes; it knows no header and no quotes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from backcheck.answers import text as texts
from backcheck.answers.digits import MINUS, Floats, decode, decode_spans
from backcheck.answers.eights import Bytes, Truth, Whole

TAB, NEWLINE, SPACE, COMMA = b"\t\n ,"


class Block(NamedTuple):
    """Rows of numbers; each matrix has one row for each student and one column for each number."""

    students: list[str | None]
    value: Floats
    half: Floats
    decimals: Whole
    plain: Truth  # False where nothing is written, too
    raw: bytes
    ends: Whole  # of every field in the raw bytes, that of the student first; the next begins one byte later

    def text(self, i: int, j: int) -> str:
        """What student i has written for number j."""
        return written(self.raw, self.ends, i, j)


def written(raw: bytes, ends: Whole, i: int, j: int) -> str:
    """One field, as people may see it."""
    return texts.answer(raw[ends[i, j] + 1 : ends[i, j + 1]].decode(errors="replace"))


def decode_table(raw: bytes, columns: int, delimiter: int = COMMA) -> Block | None:
    """The rows of complete lines, a student and numbers in each; None if anything about them is out of the ordinary.

    >>> block = decode_table(b"Ada,0.3510,-12\\nBob,,x\\n", 3)
    >>> block.students, block.value.tolist(), block.half.tolist()[0], block.text(1, 1)
    (['Ada', 'Bob'], [[0.351, -12.0], [nan, nan]], [5e-05, 0.5], 'x')
    """
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n")
    if b'"' in raw or not raw.endswith(b"\n") or not _is_utf8(raw):
        return None
    buffer = np.frombuffer(raw, np.uint8)
    lines = raw.count(b"\n")
    found = np.flatnonzero((buffer == delimiter) | (buffer == NEWLINE))
    strange = np.count_nonzero(buffer < SPACE) - (raw.count(b"\t") if delimiter == TAB else 0) - lines
    if strange or len(found) != lines * columns:
        return None
    ends = found.reshape(lines, columns)
    if (buffer[ends[:, -1]] != NEWLINE).any():
        return None
    table = block(raw, ends)
    return None if None in table.students and _has_blank_row(table, delimiter) else table


def _has_blank_row(table: Block, delimiter: int) -> bool:
    """Whether some line is nothing but commas and blanks."""
    lines = zip(table.students, table.raw.decode().split("\n"), strict=False)
    return any(student is None and not line.replace(chr(delimiter), " ").strip() for student, line in lines)


def _is_utf8(raw: bytes) -> bool:
    try:
        return raw.isascii() or bool(raw.decode())
    except UnicodeDecodeError:
        return False


def block(raw: bytes, ends: Whole) -> Block:
    """The block whose fields end there."""
    starts = ends[:, :-1] + 1
    shape = starts.shape
    flat = decode_spans(raw, starts.ravel(), ends[:, 1:].ravel())
    matrices = flat.value.reshape(shape), flat.half.reshape(shape), flat.decimals.reshape(shape), flat.plain.reshape(shape)
    found = Block(_students(raw, ends), *matrices, raw, ends)
    if not found.plain.all():
        _read_again(found)
    return found


def _students(raw: bytes, ends: Whole) -> list[str | None]:
    """The names in the first column."""
    first = [0, *(ends[:-1, -1] + 1).tolist()]
    names = [raw[i:j].decode() for i, j in zip(first, ends[:, 0].tolist(), strict=True)]
    together = "".join(names)
    if together.isprintable() and " " not in together and max(map(len, names), default=0) <= texts.LONGEST_NAME:
        return [name or None for name in names]
    return [texts.student(name) for name in names]


def _read_again(found: Block) -> None:
    """Fields with blanks around a number or a real minus sign, which the bytes alone do not show to be numbers."""
    buffer = np.frombuffer(found.raw, np.uint8)
    start, end = found.ends[:, :-1] + 1, found.ends[:, 1:]
    odd = _no_sign(buffer[np.minimum(start, len(buffer) - 1)]) | _no_sign(buffer[end - 1]) | (MINUS in found.raw)
    again: Any = np.nonzero(~found.plain & (end > start) & odd)
    if len(again[0]) == 0:
        return
    rows, columns = (part.tolist() for part in again)
    fresh = decode([found.text(i, j) for i, j in zip(rows, columns, strict=True)])
    for whole, part in zip((found.value, found.half, found.decimals, found.plain), fresh, strict=True):
        whole[again] = part


def _no_sign(byte: Bytes) -> Truth:
    """Whether it is a blank or a part of a character beyond ASCII, some of which are blanks."""
    return (byte <= SPACE) | (byte > ord("~"))
