"""Graded submissions → annotations of GitHub Actions, and a summary of the job; nothing handed in becomes a command of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backcheck.grading.result import MISSING, UNREADABLE, WRONG, Result
from backcheck.writing.grades import markdown, words
from backcheck.writing.grades.about import About

MOST_OF_A_KIND = 10  # GitHub drops what a step says beyond that
MOST_BYTES = 1_000_000  # of a summary; GitHub takes 1 MiB
DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
IN_DATA = str.maketrans(DATA)
IN_PROPERTY = str.maketrans({**DATA, ":": "%3A", ",": "%2C"})


def text(results: Sequence[Result], about: About) -> str:  # noqa: ARG001
    """A line for each annotation: of one submission every wrong number, of several the first of each."""
    one = len(results) == 1
    kinds = {
        "error": [line for result in results for line in _errors(result, one)],
        "warning": [line for result in results for line in _warnings(result)],
        "notice": [command("notice", words.called(r), words.score(r), r.file) for r in results if not r.fault],
    }
    return "".join(line + "\n" for kind, lines in kinds.items() for line in _few(kind, lines))


def _errors(result: Result, everything: bool) -> Iterator[str]:
    if result.fault:
        says = words.visible(result.fault.says, words.MOST_SAID)
        yield command("error", "unreadable", says, result.file, result.fault.line)
    wrong = [mark for mark in result.cells if mark.verdict in (WRONG, UNREADABLE)]
    for mark in wrong if everything else wrong[:1]:
        more = "" if everything or len(wrong) == 1 else f"\nand {len(wrong) - 1:,} more"
        title = f"{words.visible(mark.name)} is {words.SAID[mark.verdict]}"
        yield command("error", title, (words.body(mark) or title) + more, result.file, mark.line)


def _warnings(result: Result) -> Iterator[str]:
    missing = [words.visible(mark.name) for mark in result.cells if mark.verdict == MISSING]
    if missing:
        yield command("warning", f"{len(missing):,} missing", words.listed(missing), result.file)


def _few(kind: str, lines: list[str]) -> list[str]:
    """As many as GitHub shows, the last of them a count of the others."""
    if len(lines) <= MOST_OF_A_KIND:
        return lines
    shown = lines[: MOST_OF_A_KIND - 1]
    return [*shown, command(kind, "and more", f"and {len(lines) - len(shown):,} more, which are not shown here")]


def command(kind: str, title: str, message: str, file: str = "", line: int | None = None) -> str:
    """A workflow command.

    >>> command("error", "w5 is wrong", "50 %: see below", "a,b.yaml", 3)
    '::error file=a%2Cb.yaml,line=3,title=w5 is wrong::50 %25: see below'
    """
    properties = {"file": words.visible(file), "line": str(line or ""), "title": title}
    said = ",".join(f"{key}={value.translate(IN_PROPERTY)}" for key, value in properties.items() if value)
    return f"::{kind} {said}::{message.translate(IN_DATA)}"


def job_summary(results: Sequence[Result], about: About) -> str:
    """Markdown for $GITHUB_STEP_SUMMARY, with as many submissions in full as it has room for."""
    lines: list[str] = []
    size = 0
    for parts in _parts(results, about):
        size += sum(len(part.encode()) + 1 for part in parts)
        if size > MOST_BYTES:
            return "\n".join([*lines, "", "There is no room here for the rest."]) + "\n"
        lines += parts
    return "\n".join(lines) + "\n"


def _parts(results: Sequence[Result], about: About) -> Iterator[list[str]]:
    yield from ([line] for line in markdown.overview(results, about))
    yield from (list(markdown.section(result)) for result in results)
