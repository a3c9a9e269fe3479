"""What several commands take: a problem file, another learning rate."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from backcheck.errors import BadArgument

if TYPE_CHECKING:
    from backcheck.grading.points import Marking
    from backcheck.problem.load import Problem
    from backcheck.worksheet import Worksheet


def given(file: str) -> Worksheet:
    """The worksheet of a file, or of standard input."""
    from backcheck import api

    return api.loads(*_typed()) if file == "-" else api.load(file)


def given_with_marking(file: str) -> tuple[Worksheet, Marking]:
    """The same, and how it is marked."""
    from backcheck import api

    return api.loads_with_marking(*_typed()) if file == "-" else api.load_with_marking(file)


def _typed() -> tuple[bytes, str]:
    """What comes from standard input, and how messages call it."""
    from backcheck.problem.text import LARGEST

    if sys.stdin is None:
        raise BadArgument("standard input is closed")
    return sys.stdin.buffer.read(LARGEST + 1), "standard input"


def given_problem(file: str, to_explain: bool = False) -> Problem:
    """The whole problem of a file, with its plan, its variants and its claims."""
    from backcheck import api

    return api.problem_of(*((*_typed(), "") if file == "-" else api.read_file(file)), to_explain)


def with_rate(sheet: Worksheet, rate: str | None) -> Worksheet:
    """The same with the learning rate of the command line."""
    if rate is None:
        return sheet
    from backcheck import api
    from backcheck.arithmetic import number
    from backcheck.problem.reading import written

    value = number(rate)
    if value is None or not 0 <= value < float("inf"):
        raise BadArgument(f"--rate {rate!r} is no learning rate: give a number such as 0.5 or 1/4")
    return api.with_rate(sheet, value, written(rate) or "")
