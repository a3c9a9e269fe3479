"""One result for every submission, whatever happens while it is marked; it knows no processes."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Protocol

from backcheck.answers.submission import Submission
from backcheck.errors import Fault
from backcheck.grading.result import Result

FAULT_OF_OURS = "this is a fault of backcheck, not of this file"
BROKEN_OFF = "the marking was broken off"
PLEASE_REPORT = "the other submissions are marked; please report it, with this file"


class Engine(Protocol):
    """What marks submissions: one result for each, in order. It can be pickled."""

    def mark(self, submissions: Sequence[Submission], /) -> Sequence[Result]: ...

    def unreadable(self, submission: Submission, /) -> Result: ...


def marked_here(marker: Engine, chunk: Sequence[Submission]) -> list[Result]:
    """One result for each; if the marker fails, only the submission that it fails for has none but a fault."""
    try:
        return _written_out(marker, chunk)
    except Exception:
        if os.environ.get("BACKCHECK_TRACEBACK"):
            raise
    return [_alone(marker, submission) for submission in chunk]


def _written_out(marker: Engine, chunk: Sequence[Submission]) -> list[Result]:
    """The results with their marks, which a marker may leave to be written when somebody looks at them."""
    results = list(marker.mark(chunk))
    if len(results) != len(chunk):
        raise ValueError(f"{len(results)} results for {len(chunk)} submissions")
    for result in results:
        _ = result.cells
    return results


def _alone(marker: Engine, submission: Submission) -> Result:
    try:
        return _written_out(marker, [submission])[0]
    except Exception as error:
        return broken(marker, submission, f"{FAULT_OF_OURS}: {type(error).__name__} at {_place()}")


def _place() -> str:
    """Where an exception was raised. Its message is not told: it may hold a true value, or an address in memory."""
    last = traceback.extract_tb(sys.exc_info()[2])[-1]
    return f"{'/'.join(last.filename.replace(os.sep, '/').split('/')[-2:])}:{last.lineno}"


def broken(marker: Engine, submission: Submission, says: str) -> Result:
    """The result of a submission that could not be marked."""
    return marker.unreadable(submission._replace(answers={}, lines={}, fault=Fault(1, 1, says, PLEASE_REPORT), source=""))
