"""pytest collects `*.backcheck.yaml`: each number of an answers file is a test, and so is the check of a problem file.

An answers file names its problem itself, `problem: sheet.yaml`, beside `student` and `answers`; so a folder of them belongs to
those who may choose what is asked. Everything that is not needed by runs without such files is imported when one is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from backcheck.grading.result import CellMark, Result

ENDINGS = (".backcheck.yaml", ".backcheck.yml")
DIGITS, WIDTH = 6, 100


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    return HandWorked.from_parent(parent, path=file_path) if file_path.name.endswith(ENDINGS) else None


class Failed(Exception):
    """What is said of a test that failed, without the way through the program that led there."""


class HandWorked(pytest.File):
    """A problem file or an answers file."""

    def collect(self) -> Iterable[pytest.Item]:
        """One test for each number; a file that cannot be used is one test that fails, so that the others are run."""
        from backcheck.answers.of_problem import problem_of
        from backcheck.api import read_file
        from backcheck.errors import BackcheckError

        try:
            raw, name, _ = read_file(self.path)
            problem = problem_of(name, raw)
            return [Check.from_parent(self, name="check")] if problem is None else list(self._numbers(problem))
        except BackcheckError as error:
            return [Unusable.from_parent(self, name="file", says=str(error))]

    def _numbers(self, problem: str) -> Iterator[pytest.Item]:
        from backcheck.answers.files import Source
        from backcheck.answers.read import submissions
        from backcheck.api import load_with_marking
        from backcheck.classroom.faults import marked_here
        from backcheck.grading.marker import Marker
        from backcheck.writing.grades.words import unique

        marker = Marker(*load_with_marking(problem))
        for result in marked_here(marker, list(submissions(Source(str(self.path), str(self.path))))):
            if result.fault:
                yield Unusable.from_parent(self, name="file", says=_unreadable(result))
            names = unique(mark.name for mark in result.cells)
            for name, mark in zip(names, result.cells, strict=True):
                yield Number.from_parent(self, name=name, said=mark)


def _unreadable(result: Result) -> str:
    from backcheck.writing.grades.words import unreadable

    return "\n".join(filter(None, (unreadable(result), result.source)))


class Item(pytest.Item):
    """A test that says what is wrong in words."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from backcheck.errors import BackcheckError

        if isinstance(excinfo.value, Failed | BackcheckError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.name


class Unusable(Item):
    """A file that cannot be read, or names a problem that cannot."""

    def __init__(self, *, says: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.says = says

    def runtest(self) -> None:
        raise Failed(self.says)


class Number(Item):
    """One number that was handed in, or should have been."""

    def __init__(self, *, said: CellMark, **rest: Any) -> None:
        from backcheck.writing.grades.words import number

        super().__init__(**rest)
        self.said = said
        self.user_properties += [("score", number(said.points)), ("max_score", number(said.of))]

    def runtest(self) -> None:
        from backcheck.grading.result import NOT_JUDGED
        from backcheck.writing.grades.words import GOOD, SAID, because, body, in_line, visible

        if self.said.verdict == NOT_JUDGED:
            pytest.skip(f"not judged: {because(self.said)}")
        if self.said.verdict not in GOOD:
            head = f"{visible(self.said.name)} is {SAID[self.said.verdict]}{in_line(self.said)}"
            raise Failed("\n".join(filter(None, (head, body(self.said)))))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None if self.said.line is None else self.said.line - 1, self.name


class Check(Item):
    """Every derivative of a problem, by independent roads."""

    def runtest(self) -> None:
        from backcheck.api import load
        from backcheck.marking.check import check
        from backcheck.spelling import Figures
        from backcheck.writing.check import text

        found = check(load(self.path))
        if not found.agrees:
            raise Failed(text(found, False, Figures(DIGITS), WIDTH))
