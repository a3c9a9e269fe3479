"""`backcheck grade`: answers worked by hand, marked one by one or a class at a time, in the formats that graders read."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from backcheck.commands import Answer
from backcheck.commands.output import look, width
from backcheck.commands.outputs import Book, Outputs, keep_apart
from backcheck.errors import BadArgument, did_you_mean

if TYPE_CHECKING:
    from backcheck.answers.files import Source
    from backcheck.grading.marker import Marker
    from backcheck.grading.result import Result

GRADEBOOK = "gradebook"  # not a format: the file of another system, with the scores filled in
MOST_TYPED = 2**28  # bytes
QUICK = {"csv", GRADEBOOK}  # what needs scores only


def grade(
    file: str,
    answers: tuple[str, ...],
    key: bool,
    hints: int,
    write: tuple[str, ...],
    summary: bool,
    plot: str | None,
    gradebook: str | None,
    id: str | None,
    column: str | None,
    jobs: int,
    resume: str | None,
    scheduler: str | None,
    exit_zero: bool,
    format: str,
) -> Answer:
    """Marks every submission; a broken one is reported, and the others are marked."""
    from backcheck.answers.files import found
    from backcheck.commands.problems import given_with_marking
    from backcheck.grading.marker import Marker
    from backcheck.writing.grades.about import About

    if file == "-" and "-" in answers:
        raise BadArgument("only one of the problem and the answers can come from standard input")
    targets = [(format, ""), *map(_target, write)]
    book = _book(gradebook, id, column, [path for name, path in targets if name == GRADEBOOK])
    if summary and format != "text":
        raise BadArgument("--summary is text: choose --format text, and others with --write FORMAT=FILE")
    keep_apart([*(path for _, path in targets if path), *filter(None, (plot, resume))], answers)
    sheet, marking = given_with_marking(file)
    others: list[str] = []
    sources = found(answers, _typed() if "-" in answers else b"", others)
    marker = Marker(sheet, marking, key, hints)
    about = About(sheet.title, file, hints, width(), *look(), os.environ)
    outputs = Outputs([target for target in targets if target[0] != GRADEBOOK], about, book, summary, plot)
    quick = {name for name, _ in targets} <= QUICK and jobs == 1 and not (resume or scheduler or plot)
    for results in _quickly(marker, sources) if quick else _all(marker, sources, jobs, resume, scheduler):
        outputs.add(results)
    return outputs.end(exit_zero)._replace(note=_not_read(others))


def _not_read(others: list[str]) -> str:
    """What lies in the folders and is no file of answers by its name."""
    from backcheck.answers.files import KINDS
    from backcheck.writing.grades.words import listed

    if not others:
        return ""
    return f"not read, as answers end with {', '.join(KINDS)}: {listed(sorted(others))}"


def _typed() -> bytes:
    """What comes from standard input."""
    if sys.stdin is None:
        raise BadArgument("standard input is closed")
    typed = sys.stdin.buffer.read(MOST_TYPED + 1)
    if len(typed) > MOST_TYPED:
        raise BadArgument(f"more than {MOST_TYPED >> 20} MiB come from standard input: put them into a file")
    return typed


def _quickly(marker: Marker, sources: Sequence[Source]) -> Iterator[list[Result]]:
    """Results whose marks nobody will look at: in this process, many at once."""
    from backcheck.classroom.lazily import results_of

    return results_of(marker, sources)


def _all(marker: Marker, sources: Sequence[Source], jobs: int, resume: str | None, scheduler: str | None) -> Iterator[list[Result]]:
    """Results with all their marks, by one worker or several."""
    from itertools import chain

    from backcheck.answers.read import submissions
    from backcheck.classroom.progress import watched
    from backcheck.classroom.run import grade_class

    files = all(source.ending not in (".csv", ".jsonl", "") for source in sources)
    every = chain.from_iterable(map(submissions, sources))
    found = grade_class(every, marker, jobs, scheduler=scheduler, resume=resume, about=marker.fingerprint() if resume else "")
    for result in watched(found, len(sources) if files else None):
        yield [result]


def _target(text: str) -> tuple[str, str]:
    """`junit=report.xml` → the format and the file."""
    from backcheck.writing.grades import FORMATS

    format, _, path = text.partition("=")
    known = [*FORMATS, GRADEBOOK]
    if not path or format not in known:
        hint = did_you_mean(format, known) if format not in known else ""
        raise BadArgument(
            f"--write {text!r} should be FORMAT=FILE, like junit=report.xml; {hint or 'formats: ' + ', '.join(known)}"
        )
    return format, path


def _book(gradebook: str | None, id: str | None, column: str | None, to: list[str]) -> Book | None:
    """The grade book, if one is wanted; four options belong together."""
    given = {"--gradebook EXPORT.csv": gradebook, "--id COLUMN": id, "--column COLUMN": column, "--write gradebook=FILE": to}
    if not any(given.values()):
        return None
    if len(to) > 1:
        raise BadArgument("one grade book is filled, and --write gradebook=FILE says twice where to")
    if missing := [option for option, value in given.items() if not value]:
        raise BadArgument(f"a grade book needs {' and '.join(missing)} as well")
    return Book(str(gradebook), str(id), str(column), to[0])
