"""What one person handed in, as it was written; it knows no problem and judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from backcheck.errors import Fault


class Submission(NamedTuple):
    """Names and texts, `{"z1[1]": "0.05*0.15 + … = 0.3825"}`, with the line each stands in; or why there are none."""

    file: str  # as messages call it: the path that was given, or found below a folder that was given
    student: str | None
    answers: Mapping[str, str]
    lines: Mapping[str, int] = {}  # name → line of the file; a name without one stands in no line
    fault: Fault | None = None  # the file is unreadable: there are no answers, and this is why
    source: str = ""  # the line that the fault is in, to be shown with it
