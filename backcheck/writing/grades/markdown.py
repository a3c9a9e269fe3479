"""Graded submissions → Markdown for a comment or a summary; nothing that was handed in becomes markup, a link or a mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from backcheck.grading.result import MISSING, WRONG, CellMark, Result
from backcheck.writing.grades import words
from backcheck.writing.grades.about import About
from backcheck.writing.markdown import escaped

MARKUP = re.compile(r"[!\"#$%&*:;<>?@\[\]\\^_`{|}~]|(?<!\d)\.")  # a full stop only within a number: `www.` makes a link
CALLING = re.compile(r"[@:](?=\S)|(?<=www)(?=\.)", re.IGNORECASE)  # @names are mentioned, addresses become links
BREAK = "&#8203;"  # a space of no width
HEADER = ["", "line", "written", "verdict", "because"]


def text(results: Sequence[Result], about: About) -> str:
    """An overview where there are several, then what there is to say of each."""
    return "\n".join([*overview(results, about), *(part for result in results for part in section(result))]) + "\n"


def overview(results: Sequence[Result], about: About) -> Iterator[str]:
    """The title, and a row for each of several submissions."""
    yield f"## {said(about.title or about.problem or 'Grade')}"
    yield ""
    if len(results) != 1:
        rows = [(code(words.called(result)), *_in_a_row(result)) for result in results]
        yield from table(["submission", "score", "first wrong"], rows)
        yield ""


def _in_a_row(result: Result) -> tuple[str, str]:
    if result.fault:
        return "0", said(f"unreadable: {words.visible(result.fault.says)}")
    return words.score(result), code(result.first_wrong or "")


def section(result: Result) -> Iterator[str]:
    """One submission: its score, and a table of what is not right."""
    yield f"### {code(words.called(result))}"
    yield ""
    if result.fault:
        yield f"**Unreadable**: {code(words.unreadable(result))}"
    else:
        yield f"**{said(words.score(result))}**: {said(words.tally(result))}"
    yield ""
    noted = words.noted(result)
    missing = [mark.name for mark in noted if mark.verdict == MISSING and not mark.reason]
    marks = [mark for mark in noted if mark.verdict != MISSING or mark.reason]
    if marks:
        first = next((mark for mark in marks if mark.verdict == WRONG), None)
        yield from table(HEADER, (_row(mark, mark is first) for mark in marks))
        yield ""
    if missing:
        yield f"Missing: {words.listed(map(code, missing))}."
        yield ""


def _row(mark: CellMark, first: bool) -> list[str]:
    """A number; the first that is wrong stands out."""
    name, verdict = code(mark.name), words.SAID[mark.verdict]
    parts = dict(words.told(mark))
    step = " = ".join(parts[heading] for heading in ("the step", "your numbers") if heading in parts)
    expected = f"expected {parts['expected']}" if "expected" in parts else ""
    because = "<br>".join(filter(None, (said(parts.get("because", "")), code(step), said(expected))))
    return [
        f"**{name}**" if first else name,
        str(mark.line or ""),
        code(parts.get("you wrote", "")),
        f"**first {verdict}**" if first else verdict,
        because,
    ]


def table(header: list[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Rows of cells that are Markdown already."""
    yield f"| {' | '.join(header)} |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def code(text: str) -> str:
    """Text as it was written; a code span of Markdown could be left with a backtick, and a table with a bar.

    >>> code("w5*2|`"), code("")
    ('<code>w5&#42;2&#124;&#96;</code>', '')
    """
    shown = MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", words.visible(text, words.MOST_SAID))
    return f"<code>{shown}</code>" if text else ""


def said(sentence: str) -> str:
    """A sentence, which may quote what was written."""
    return CALLING.sub(rf"\g<0>{BREAK}", escaped(words.visible(sentence, words.MOST_SAID)))
