"""Scores into the CSV that Canvas or Moodle exported, in which nothing else changes; it opens no file."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from backcheck.classroom.cells_of_csv import Field, decoded, table
from backcheck.errors import BadArgument, did_you_mean
from backcheck.grading.result import Result

Rows = Sequence[Sequence[Field]]

POINTS_POSSIBLE, READ_ONLY, EXCUSED = "points possible", "read only", "ex"  # of Canvas, in lower case
MAXIMUM = "maximum grade"  # the column of Moodle's grading worksheet
PLACES = 10_000  # four decimals: the systems show two, and keep more
MOST_LISTED = 20
WITH_COMMA, WITH_POINT = re.compile(r"-?\d+,\d+"), re.compile(r"-?\d+\.\d+")


def scores_of(results: Iterable[Result]) -> dict[str, Fraction | None]:
    """Student, or the name of the file where that is not said, → score; what could not be marked has none."""
    found: dict[str, Fraction | None] = {}
    files: dict[str, str] = {}
    for result in results:
        student = result.student or os.path.splitext(os.path.basename(result.file))[0]
        if student in found:
            raise BadArgument(f"two submissions are of {student!r}: {files[student]} and {result.file}; keep one of them")
        found[student], files[student] = None if result.fault else result.score, result.file
    return found


def filled(
    raw: bytes,
    scores: Mapping[str, Fraction | None],
    id_column: str,
    column: str,
    out_of: Fraction | None = None,
) -> bytes:
    """The export with the scores in one column; `out_of` scales them to the points that Canvas or Moodle says are possible.

    >>> filled(b"Name;Login;HW3\\nAda;a1;-\\nBob;b2;7,5\\n", {"a1": Fraction(19, 2)}, "Login", "HW3")
    b'Name;Login;HW3\\nAda;a1;9,5\\nBob;b2;7,5\\n'
    """
    text = decoded(raw)
    found = table(text.text)
    if not found.rows:
        raise BadArgument("the grade book is empty")
    by, at = _column(found.rows[0], id_column), _column(found.rows[0], column)
    if by == at:
        raise BadArgument(f"the column {column!r} holds the students, not their scores")
    rows = _rows_of_students(found.rows, by)
    unknown = [student for student in scores if student not in rows]
    if unknown:
        raise BadArgument(_unknown(unknown, found.rows, by))
    factors = _factors(found.rows, at, out_of)
    comma = _has_decimal_comma(found.rows, by)
    given = {rows[student]: score for student, score in scores.items() if score is not None and student in rows}
    new = {(r, at): written(score * factors[r], comma) for r, score in given.items() if _text(found.rows[r], at).lower() != EXCUSED}
    return text.raw(found.with_fields(new))


def written(score: Fraction, comma: bool = False) -> str:
    """A score with as many decimals as it needs, at most four.

    >>> written(Fraction(4)), written(Fraction(2, 3)), written(Fraction(7, 2), comma=True)
    ('4', '0.6667', '3,5')
    """
    whole, part = divmod(round(score * PLACES), PLACES)
    text = f"{whole}.{part:04d}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def _text(row: Sequence[Field], at: int) -> str:
    return row[at].text if at < len(row) else ""


def _column(header: Sequence[Field], name: str) -> int:
    names = [field.text for field in header]
    if names.count(name.strip()) == 1:
        return names.index(name.strip())
    if name.strip() in names:
        raise BadArgument(f"the column {name!r} stands twice in the grade book")
    longer = next((other for other in names if name and other.startswith(name)), "")
    hint = f"did you mean {longer!r}?" if longer else did_you_mean(name, names) or f"its columns are {_listed(names)}"
    raise BadArgument(f"the grade book has no column {name!r}; {hint}")


def _rows_of_students(rows: Rows, by: int) -> dict[str, int]:
    """Student → number of the row; rows without a student are the system's own."""
    found = {r: _text(row, by) for r, row in enumerate(rows) if r and not _is_of_points(row)}
    if twice := [student for student, count in Counter(filter(None, found.values())).items() if count > 1]:
        raise BadArgument(f"two rows of the grade book have the same {rows[0][by].text!r}: {_listed(twice)}")
    return {student: r for r, student in found.items() if student}


def _is_of_points(row: Sequence[Field]) -> bool:
    return _text(row, 0).lower() == POINTS_POSSIBLE


def _unknown(students: list[str], rows: Rows, by: int) -> str:
    """The sentence for students that are not in the grade book."""
    known = [_text(row, by) for row in rows[1:]]
    where = next((field.text for c, field in enumerate(rows[0]) if _are_in_column(students, rows, c)), "")
    hints = [
        f"{student!r} ({hint})" if (hint := did_you_mean(student, known)) else repr(student) for student in students[:MOST_LISTED]
    ]
    more = f" and {len(students) - MOST_LISTED} more" if len(students) > MOST_LISTED else ""
    there = f"; they stand in the column {where!r}" if where else ""
    return f"not in the column {rows[0][by].text!r} of the grade book, so nothing is written: {', '.join(hints)}{more}{there}"


def _are_in_column(students: list[str], rows: Rows, c: int) -> bool:
    return {*students} <= {_text(row, c) for row in rows[1:]}


def _factors(rows: Rows, at: int, out_of: Fraction | None) -> list[Fraction]:
    """What the score in each row is multiplied by, so that full marks are all the points that are possible there."""
    row = next(filter(_is_of_points, rows[1:]), None)
    says = _text(row, at) if row else ""
    if READ_ONLY in says.lower():
        raise BadArgument(f"the column {rows[0][at].text!r} is read only in Canvas")
    names = [field.text.strip().lower() for field in rows[0]]
    column = names.index(MAXIMUM) if MAXIMUM in names else -1
    possible = [_points(_text(row, column) if column >= 0 else says) for row in rows]
    return [points / out_of if points and out_of else Fraction(1) for points in possible]


def _points(says: str) -> Fraction:
    """`10`, `10,5`, `1,000.00`: the last point or comma is the decimal one, as Canvas reads it; 0 for anything else."""
    whole, point, decimals = says.replace(",", ".").rpartition(".")
    digits = whole.replace(".", "") + point + decimals
    return Fraction(digits) if re.fullmatch(r"\d*\.?\d+", digits) else Fraction(0)


def _has_decimal_comma(rows: Rows, by: int) -> bool:
    """Whether the numbers that are in the file already are written with one."""
    texts = [field.text for row in rows[1:] for c, field in enumerate(row) if c != by]
    return sum(map(bool, map(WITH_COMMA.fullmatch, texts))) > sum(map(bool, map(WITH_POINT.fullmatch, texts)))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:MOST_LISTED])) + (" …" if len(names) > MOST_LISTED else "")
