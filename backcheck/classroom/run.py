"""A class is marked: chunks, workers and a journal, put together; it opens no answers and writes no results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack

from backcheck.answers.submission import Submission
from backcheck.classroom.chunks import ALONE, MOST, chunks
from backcheck.classroom.faults import Engine
from backcheck.classroom.resume import Journal
from backcheck.classroom.workers import marked
from backcheck.errors import BadArgument
from backcheck.grading.result import Result

MOST_JOBS = 256


def grade_class(
    submissions: Iterable[Submission],
    marker: Engine,
    jobs: int = 1,
    executor: Executor | None = None,
    scheduler: str | None = None,
    resume: str | None = None,
    about: str = "",
) -> Iterator[Result]:
    """One result for each submission, in order, whatever happens to it.

    `about` is all that the results depend on beside the submissions, the problem's text and what is shown of it; a journal that
    was written for something else is not taken up again.
    """
    if type(jobs) is not int or not 1 <= jobs <= MOST_JOBS:
        raise BadArgument(f"jobs should be a whole number from 1 to {MOST_JOBS}, not {jobs!r}")
    if executor is not None and scheduler is not None:
        raise BadArgument("choose one of executor and scheduler")
    return _graded(submissions, marker, jobs, executor, scheduler, resume, about)


def _graded(
    submissions: Iterable[Submission],
    marker: Engine,
    jobs: int,
    executor: Executor | None,
    scheduler: str | None,
    resume: str | None,
    about: str,
) -> Iterator[Result]:
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(resume, about)) if resume else None
        if scheduler is not None:
            from backcheck.classroom.dask import dask_executor

            executor = stack.enter_context(dask_executor(scheduler))
        alone = jobs == 1 and executor is None and journal is None
        pieces = chunks(submissions, ALONE if alone else MOST)
        found = (
            journal.resumed(pieces, lambda some: marked(some, marker, jobs, executor))
            if journal
            else marked(pieces, marker, jobs, executor)
        )
        for results in found:
            yield from results
