"""The first line of a CSV file → what its columns are; it reads no other line."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import NamedTuple

from backcheck.answers.text import LARGEST, LONGEST_NAME, MOST, Unreadable, printable
from backcheck.errors import Fault

DELIMITERS = (",", ";", "\t")
# Names of the column that says whose row it is, the surest first.
STUDENTS = (
    "student",
    "student id",
    "student_id",
    "studentid",
    "name of student",
    "student name",
    "id",
    "matriculation",
    "matriculation number",
    "matrikelnummer",
    "number",
    "login",
    "user",
    "username",
    "email",
    "e-mail",
    "name",
)
WAY_OUT = "begin with name,value for one answer in each line, or with student and names of quantities for one student in each line"
OPEN, CLOSE = re.compile(r"[^\[\]]*\[[0-9]{1,9}"), re.compile(r" ?[0-9]{1,9}\][^\[\]]*")  # a name like W1[1,2], cut at its comma


class Header(NamedTuple):
    """One answer in each line (then `value` is its column), or one student."""

    delimiter: str
    columns: int
    student: int  # the column of the student; of the names of quantities, where `value` is given
    value: int | None = None
    names: tuple[str, ...] = ()  # of the quantities, of a class
    places: tuple[int, ...] = ()  # their columns


def header(line: str) -> Header:
    """What the first line says; raises Unreadable."""
    found = next((h for d in DELIMITERS if (h := _with(line, d))), None)
    if found is None:
        raise Unreadable(Fault(1, 1, "the first line does not name the columns", WAY_OUT), line)
    seen: set[str] = set()
    for name in found.names:
        if len(name) > LONGEST_NAME or name in seen:
            says = "is too long for a name" if len(name) > LONGEST_NAME else "names two columns"
            raise Unreadable(Fault(1, max(line.find(name), 0) + 1, f"{name[:40]!r} {says}", "name each column once"), line)
        seen.add(name)
    return found


def _with(line: str, delimiter: str) -> Header | None:
    """The header, if this is what its columns are separated by."""
    fields = split(line, delimiter)
    if fields is None:
        return None
    fields = [printable(field).strip() for field in joined(fields, delimiter)]
    lower = [field.lower() for field in fields]
    if "name" in lower and "value" in lower:
        return Header(delimiter, len(fields), lower.index("name"), lower.index("value"))
    students = [lower.index(word) for word in STUDENTS if word in lower]
    places = tuple(i for i, word in enumerate(lower) if word and word not in STUDENTS)
    if not students or not 0 < len(places) <= MOST:
        return None
    return Header(delimiter, len(fields), students[0], None, tuple(fields[i] for i in places), places)


csv.field_size_limit(LARGEST)  # what is longer is refused before


def split(record: str, delimiter: str) -> list[str] | None:
    """The fields of one row, or None if its quotation marks do not fit."""
    try:
        rows = list(csv.reader([record], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def joined(fields: Sequence[str], delimiter: str) -> list[str]:
    """Fields in which a name like W1[1,2], written without quotation marks, is whole again.

    >>> joined(["W1[1", "2]", "0.35"], ",")
    ['W1[1,2]', '0.35']
    """
    whole: list[str] = []
    for field in fields:
        if whole and CLOSE.fullmatch(field) and OPEN.fullmatch(whole[-1]):
            whole[-1] += delimiter + field
        else:
            whole.append(field)
    return whole
