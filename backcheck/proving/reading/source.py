"""The text somebody handed in → its numbered rows, taken out of Markdown or YAML; it knows not what they say."""

from __future__ import annotations

import re
from typing import NamedTuple

from backcheck.errors import BadProblem, Fault, did_you_mean
from backcheck.proving.reading.kinds import LARGEST
from backcheck.proving.statements import Line

MOST_ROWS = 2000
FENCE = re.compile(r"^(?P<before>\s*(?:>\s?)*)(?P<fence>`{3,}|~{3,})\s*(?P<kind>[^\s`{]*)")
KEYS = ["title", "steps"]
BELOW = "write steps: | and the derivation below it, indented"


class Source(NamedTuple):
    """A derivation as it was handed in, and what each of its lines says."""

    title: str
    lines: tuple[Line, ...]
    text: str


class Row(NamedTuple):
    """A line of the file; the first so many signs of it are the file's, not the derivation's."""

    number: int
    text: str
    begins: int = 0


class Page(NamedTuple):
    title: str
    rows: list[Row]
    text: str


def page(text: str, kind: str, file: str) -> Page:
    """The rows of a derivation, numbered as in the file."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LARGEST:
        fault = Fault(1, 1, f"this is too large: a derivation has at most {LARGEST:,} signs", "cut it into several")
        raise BadProblem(file, [fault])
    found = _text(text) if kind == "text" else _markdown(text, file) if kind == "markdown" else _yaml(text, file)
    if len(found.rows) > MOST_ROWS:
        fault = Fault(found.rows[MOST_ROWS].number, 1, f"a derivation has at most {MOST_ROWS:,} lines", "cut it into several")
        raise BadProblem(file, [fault], text)
    return found


def _text(text: str) -> Page:
    """A comment above everything else is the title."""
    first = text.lstrip().partition("\n")[0]
    title = first.lstrip("#").strip() if first.startswith("#") else ""
    return Page(title, [Row(number, line) for number, line in enumerate(text.split("\n"), 1)], text)


def _markdown(text: str, file: str) -> Page:
    """What stands in the blocks ```derivation; the first heading is the title."""
    rows, title, opened, reads, begins = list[Row](), "", "", False, 0
    for number, line in enumerate(text.split("\n"), 1):
        fence = FENCE.match(line)
        if opened and fence and fence["fence"].startswith(opened) and not fence["kind"]:
            opened = ""
            rows.append(Row(number, ""))
        elif opened:
            rows += [Row(number, line, begins)] if reads else []
        elif fence:
            opened, reads, begins = fence["fence"], fence["kind"].lower() == "derivation", len(fence["before"])
        elif not title and line.startswith("#"):
            title = line.strip("# \t")
    if not any(row.text.strip() for row in rows):
        fault = Fault(1, 1, "no derivation stands in this Markdown file", "a derivation stands between ```derivation and ```")
        raise BadProblem(file, [fault], text)
    return Page(title, rows, text)


def _yaml(text: str, file: str) -> Page:
    """What stands below `steps: |`, found again row by row in the file, so that columns are true."""
    from backcheck.problem import text as yaml

    root, faults = yaml.read(text, file)
    for key, _ in root.pairs:
        if key.text not in KEYS:
            hint = did_you_mean(key.text, KEYS) or "its keys are title and steps"
            faults.append(key.fault(f"{yaml.kind(key)} is no key of a derivation", hint))
    steps, title, rows = root.get("steps"), root.get("title"), list[Row | None]()
    if isinstance(steps, yaml.Scalar) and steps.text.strip():
        lines = text.split("\n")
        rows = [_row(number, line, lines) for number, line in enumerate(steps.text.rstrip("\n").split("\n"), steps.line + 1)]
    if not rows or None in rows:
        faults.append((steps or root).fault("the steps have no lines of their own" if steps else "the steps are missing", BELOW))
    if faults:
        raise BadProblem(file, faults, text)
    return Page(title.text if isinstance(title, yaml.Scalar) else "", [row for row in rows if row], text)


def _row(number: int, line: str, lines: list[str]) -> Row | None:
    """The line of the file that a line of the value is."""
    found = lines[number - 1] if number <= len(lines) else ""
    if found.strip() != line.strip():
        return None
    return Row(number, found, max(0, len(found.rstrip()) - len(line.rstrip())))
