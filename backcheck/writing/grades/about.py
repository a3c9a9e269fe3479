"""What a format has to know besides the results; nothing here looks it up."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from backcheck.spelling import SCREEN, Spelling

if TYPE_CHECKING:
    from backcheck.writing.text import Draw


class About(NamedTuple):
    """The problem, the screen and the place where the grading runs."""

    title: str = ""  # of the problem
    problem: str = ""  # its file
    hints: int = 2
    width: int = 100  # columns of the screen
    draw: Draw | None = None  # makes a table with colours where plain lines are not wanted
    spelling: Spelling = SCREEN
    environment: Mapping[str, str] = MappingProxyType({})
    datetime: str = ""  # when the submission was handed in, as 2026-06-01T14:32:01Z
