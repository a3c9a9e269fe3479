"""What `backcheck grade` writes of its results: standard output, files that appear whole, a filled grade book, a summary."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from backcheck.commands import Answer
from backcheck.commands.spool import Spool
from backcheck.errors import BadArgument
from backcheck.grading.result import Result

if TYPE_CHECKING:
    from backcheck.writing.grades.about import About
    from backcheck.writing.grades.stream import Writer
    from backcheck.writing.grades.summary import Class, Summary


class Book:
    """The file that Canvas or Moodle exported, and where the filled one goes."""

    def __init__(self, path: str, id: str, column: str, to: str) -> None:
        self.id, self.column, self.to = id, column, to
        self.scored: list[Result] = []
        try:
            with open(path, "rb") as file:
                self.raw = file.read()
        except (OSError, ValueError) as error:
            raise BadArgument(f"{path}: the grade book cannot be read: {getattr(error, 'strerror', None) or error}") from None

    def add(self, results: Sequence[Result]) -> None:
        """Keeps the scores."""
        self.scored += [Result(r.file, r.student, (), r.score, r.out_of, r.passed, r.fault) for r in results]

    def filled(self) -> bytes:
        from backcheck.classroom.gradebook import filled, scores_of

        return filled(self.raw, scores_of(self.scored), self.id, self.column, self.scored[0].out_of if self.scored else None)


def keep_apart(written: Iterable[str], answers: Iterable[str]) -> None:
    """Raises BadArgument, before anything is marked, where a file that is written cannot be, or takes the place of another.

    It should not lie among the answers either: the next run would read it.
    """
    from backcheck.answers.files import KINDS

    places = [(answer, os.path.realpath(answer)) for answer in answers if answer != "-"]
    seen: set[str] = set()
    for path in written:
        real = os.path.realpath(path)
        if real in seen:
            raise BadArgument(f"{path} would be written twice: name another file for one of the two")
        seen.add(real)
        if not os.path.isdir(os.path.dirname(real)):
            raise BadArgument(f"{path}: there is no folder {os.path.dirname(path)!r} to write it to")
        for answer, place in places:
            if real == place:
                raise BadArgument(f"{path} holds answers: write to another file")
            if real.lower().endswith(KINDS) and real.startswith(os.path.join(place, "")):
                raise BadArgument(f"{path} would lie in {answer}, and the next run would take it for answers: write it elsewhere")


class Outputs:
    """Takes the results as they come; nothing of them is kept that is not needed at the end."""

    def __init__(
        self,
        targets: Sequence[tuple[str, str]],
        about: About,
        book: Book | None = None,
        summary: bool = False,
        plot: str | None = None,
    ) -> None:
        from backcheck.writing.grades.stream import writer

        if plot and not plot.lower().endswith((".png", ".svg")):
            raise BadArgument(f"--plot {plot!r}: the picture is a .png or an .svg")
        self.about, self.book, self.summary, self.plot = about, book, summary, plot
        self.formats = {format for format, _ in targets}
        self.written: list[tuple[str, Writer, Spool]] = [(path, writer(format, about), Spool()) for format, path in targets]
        self.of_class: Class | None = None
        if summary or plot:
            from backcheck.writing.grades.summary import Class

            self.of_class = Class()
        self.of_job: list[Result] = []  # for the page of a job on GitHub
        self.right, self.unreadable, self.fault = True, False, ""

    def add(self, results: list[Result]) -> None:
        """Some more results."""
        for _, one, spool in self.written:
            spool.add(one.add(results))
        if self.of_class:
            self.of_class.add(results)
        if self.book:
            self.book.add(results)
        if "github" in self.formats:
            self.of_job += results
        self.right = self.right and all(result.right for result in results)
        for result in results:
            if result.fault:
                self.unreadable = True
                self._fault(result.fault.says)

    def _fault(self, says: str) -> None:
        from backcheck.classroom.faults import FAULT_OF_OURS

        if says.startswith(FAULT_OF_OURS):
            self.fault = f"a submission could not be marked; {says}; set BACKCHECK_TRACEBACK=1 to see where, and please report it"

    def end(self, exit_zero: bool = False) -> Answer:
        """Writes the files, which nothing is written of if one of them cannot be made; returns what goes to standard output."""
        from backcheck.classroom.whole import write_whole

        for _, one, spool in self.written:
            spool.add(one.end())
        files: list[tuple[str, Iterable[bytes]]] = [(path, _encoded(spool)) for path, _, spool in self.written if path]
        if self.book:
            files.append((self.book.to, [self.book.filled()]))
        counted = self.of_class.summary() if self.of_class else None
        if self.plot and counted:
            files.append((self.plot, [self._picture(self.plot, counted)]))
        for path, content in files:
            write_whole(path, content)
        self._job_summary()
        spool = self.written[0][2]
        if self.summary and counted:
            spool.add(self._in_words(counted))
        graded = "classroom50" in self.formats  # there, any other code than 0 means that nothing was graded
        return Answer(spool, self.right or exit_zero or graded, self.unreadable and not graded, self.fault)

    def _in_words(self, counted: Summary) -> str:
        from backcheck.writing.grades import summary

        return "\n" + summary.text(counted, self.about)

    def _picture(self, path: str, counted: Summary) -> bytes:
        from backcheck.writing.grades.summary_plot import picture

        return picture(counted, "png" if path.lower().endswith("png") else "svg", self.about.title)

    def _job_summary(self) -> None:
        """In a GitHub workflow, the page of the job shows a table."""
        path = os.environ.get("GITHUB_STEP_SUMMARY")
        if not path or "github" not in self.formats:
            return
        from backcheck.writing.grades.github import job_summary

        with suppress(OSError), open(path, "a", encoding="utf-8") as file:
            file.write(job_summary(self.of_job, self.about))


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode() for piece in pieces)
