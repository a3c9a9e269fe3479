"""Slips as students make them, read from student_slips.txt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("student_slips.txt")


class StudentSlip(NamedTuple):
    """A derivation up to a slip, the wrong line, how it went on, what was meant ("-": nothing can be), its possible names."""

    group: str
    about: str
    before: str
    wrong: str
    after: str
    meant: str
    names: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join((self.about, self.before, self.wrong, self.after)) + "\n"


def student_slips() -> Iterator[StudentSlip]:
    group, about = "", ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            group = line.removeprefix("== ")
        elif line.startswith("@ "):
            about = ""
        elif line.startswith("  "):
            about += line.strip() + "\n"
        elif line and not line.startswith("#"):
            before, wrong, after, meant, names = (part.strip() for part in line.split("|"))
            yield StudentSlip(group, about, before, wrong, after, meant, tuple(names.split()))
