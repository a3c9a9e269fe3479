"""`backcheck grade`: answers worked by hand, marked one by one or a class at a time, in the formats that graders read."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from backcheck.commands import Answer
from backcheck.commands.output import look, width
from backcheck.errors import BadArgument, did_you_mean

if TYPE_CHECKING:
    from backcheck.answers.files import Source
    from backcheck.grading.marker import Marker
    from backcheck.grading.result import Result
    from backcheck.writing.grades.about import About
    from backcheck.writing.grades.stream import Writer

GRADEBOOK = "gradebook"  # not a format: the file of another system, with the scores filled in
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
    sheet, marking = given_with_marking(file)
    sources = found(answers, _typed() if "-" in answers else b"")
    marker = Marker(sheet, marking, key, hints)
    about = About(sheet.title, file, hints, width(), *look(), os.environ)
    outputs = Outputs([target for target in targets if target[0] != GRADEBOOK], about)
    quick = {name for name, _ in targets} <= QUICK and jobs == 1 and not (resume or scheduler or plot)
    for results in _quickly(marker, sources) if quick else _all(marker, sources, jobs, resume, scheduler):
        outputs.add(results, counted=summary or plot is not None, kept=book is not None)
    return outputs.end(book, plot, summary, exit_zero)


def _typed() -> bytes:
    """What comes from standard input, as far as one submission or a class may reach."""
    if sys.stdin is None:
        raise BadArgument("standard input is closed")
    return sys.stdin.buffer.read()


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


class Book:
    """The file that Canvas or Moodle exported, and where the filled one goes."""

    def __init__(self, path: str, id: str, column: str, to: str) -> None:
        self.id, self.column, self.to = id, column, to
        try:
            with open(path, "rb") as file:
                self.raw = file.read()
        except (OSError, ValueError) as error:
            raise BadArgument(f"{path}: the grade book cannot be read: {getattr(error, 'strerror', None) or error}") from None

    def filled(self, results: Sequence[Result]) -> bytes:
        from backcheck.classroom.gradebook import filled, scores_of

        return filled(self.raw, scores_of(results), self.id, self.column, results[0].out_of if results else None)


def _book(gradebook: str | None, id: str | None, column: str | None, to: list[str]) -> Book | None:
    """The grade book, if one is wanted; four options belong together."""
    given = {"--gradebook EXPORT.csv": gradebook, "--id COLUMN": id, "--column COLUMN": column, "--write gradebook=FILE": to}
    if not any(given.values()):
        return None
    if missing := [option for option, value in given.items() if not value]:
        raise BadArgument(f"a grade book needs {' and '.join(missing)} as well")
    return Book(str(gradebook), str(id), str(column), to[0])


class Outputs:
    """Everything that is written of the results: to standard output, and to files that appear whole when all is marked."""

    def __init__(self, targets: Sequence[tuple[str, str]], about: About) -> None:
        from backcheck.writing.grades.stream import writer

        self.about, self.formats = about, {format for format, _ in targets}
        self.writers: list[tuple[str, Writer]] = [(path, writer(format, about)) for format, path in targets]
        self.pieces: list[list[str]] = [[] for _ in targets]
        self.kept: list[Result] = []
        self.right, self.unreadable, self.fault = True, False, ""

    def add(self, results: list[Result], counted: bool = False, kept: bool = False) -> None:
        """Some more results."""
        for pieces, (_, one) in zip(self.pieces, self.writers, strict=True):
            pieces.append(one.add(results))
        if counted or kept or "github" in self.formats:
            self.kept += results
        self.right = self.right and all(result.right for result in results)
        for result in results:
            if result.fault:
                self.unreadable = True
                self._fault(result.fault.says)

    def _fault(self, says: str) -> None:
        from backcheck.classroom.faults import FAULT_OF_OURS

        if says.startswith(FAULT_OF_OURS):
            self.fault = f"a submission could not be marked; {says}; set BACKCHECK_TRACEBACK=1 to see where, and please report it"

    def end(self, book: Book | None = None, plot: str | None = None, summary: bool = False, exit_zero: bool = False) -> Answer:
        """Writes the files, which nothing is written of if one of them cannot be made; returns what goes to standard output."""
        from backcheck.classroom.whole import write_whole

        for pieces, (_, one) in zip(self.pieces, self.writers, strict=True):
            pieces.append(one.end())
        files = [(path, "".join(pieces).encode()) for pieces, (path, _) in zip(self.pieces, self.writers, strict=True) if path]
        if book:
            files.append((book.to, book.filled(self.kept)))
        if plot:
            files.append((plot, self._picture(plot)))
        for path, content in files:
            write_whole(path, content)
        self._job_summary()
        text = "".join(self.pieces[0]) + (self._summary() if summary else "")
        graded = "classroom50" in self.formats  # there, any other code than 0 means that nothing was graded
        return Answer(text, self.right or exit_zero or graded, self.unreadable and not graded, self.fault)

    def _summary(self) -> str:
        from backcheck.writing.grades import summary

        return "\n" + summary.text(summary.class_summary(self.kept), self.about)

    def _picture(self, path: str) -> bytes:
        from backcheck.writing.grades.summary import class_summary
        from backcheck.writing.grades.summary_plot import picture

        ending = os.path.splitext(path)[1].lower()
        if ending not in (".png", ".svg"):
            raise BadArgument(f"--plot {path!r}: the picture is a .png or an .svg")
        return picture(class_summary(self.kept), "png" if ending == ".png" else "svg", self.about.title)

    def _job_summary(self) -> None:
        """In a GitHub workflow, the page of the job shows a table."""
        path = os.environ.get("GITHUB_STEP_SUMMARY")
        if not path or "github" not in self.formats:
            return
        from backcheck.writing.grades.github import job_summary

        with suppress(OSError), open(path, "a", encoding="utf-8") as file:
            file.write(job_summary(self.kept, self.about))
