"""Rows of a file → lines of a derivation: comments off, rows joined inside of brackets, LaTeX freed of what only sets it."""

from __future__ import annotations

import re
from typing import NamedTuple

from backcheck.proving.reading.cutting import CLOSED, OPEN
from backcheck.proving.reading.source import Row

MOST_JOINED, MOST_SIGNS = 20, 2000
IS_LATEX = re.compile(r"\\[A-Za-z({\[,;!|]|\\\\|\\$|&|\$")
ENVIRONMENT = r"(?:aligned|align|alignedat|split|gathered|gather|equation|eqnarray|multline)\*?"
WRAPPING = re.compile(
    rf"\\(?:begin|end)\{{{ENVIRONMENT}\}}|\\\\(?:\[[^\]]*\])?|\\$|\\[\[\]()]|\$\$?|&|\\(?:nonumber|notag)\b|\\(?:tag|label)\*?\{{[^}}]*\}}"
)
REMARK = re.compile(r"\\(?:text|mbox|textrm|textit)\{([^{}]*)\}")
BESIDE = re.compile(r"&&?\s*(?:\\q?quad\s*)?(\\(?:text|mbox|textrm|textit)\{[^{}]*[ {}(][^{}]*\}.*\\?\S.*)$")  # a column of reasons
A_NAME = re.compile(r"[\w'-]+")  # what \text{…} says in one word belongs to the formula
SPACE = r"(?:\s|\\q?quad\b|\\[,;:! ])*"
RELATES = r"[=<>≤≥≠⇒]|!=|\\(?:leq?|geq?|neq?|lt|gt|implies|Rightarrow|iff|Leftrightarrow|stackrel|overset|approx)\b"
GOES_ON = re.compile(rf"{SPACE}&{SPACE}(?!\s|\\q?quad|\\[,;:! ]|\\\\|{RELATES})\S")  # an aligned row without a relation
BEGINS_ANEW = re.compile(rf"{SPACE}(?:{RELATES})")
WORD = re.compile(r"\s*([a-z]+)\b")


class Typed(NamedTuple):
    """A line of the derivation: one row of the file or several, without what is no formula."""

    rows: tuple[Row, ...]
    text: str  # of all rows, one below the other; columns are those of the file
    reason: str
    latex: bool


def lines(rows: list[Row], words: frozenset[str]) -> list[Typed]:
    """The lines; one of these words always begins one."""
    found, at = list[Typed](), 0
    each = [_one(row) for row in rows]
    while at < len(rows):
        stop = at + (_rows(each, at, words) if each[at].text.strip() else 1)
        if each[at].text.strip():
            found.append(_joined(each[at:stop]) if stop > at + 1 else each[at])
        at = stop
    return found


def _one(row: Row) -> Typed:
    """A row, its comment taken off; what only sets LaTeX is blank, so that columns stay."""
    text = " " * row.begins + row.text[row.begins :]
    is_latex = len(text) <= MOST_SIGNS and bool(IS_LATEX.search(text.partition("#")[0]))
    found = re.search(r"#|(?<!\\)%" if is_latex else "#", text)
    text, reason = (text[: found.start()], text[found.end() :].strip()) if found else (text, "")
    if is_latex:
        beside = BESIDE.search(text)
        if beside:
            text, reason = text[: beside.start()] + (r"\\" if text.rstrip().endswith(r"\\") else ""), _in_words(beside[1]) or reason
        remarks = [remark.strip() for remark in REMARK.findall(text) if not A_NAME.fullmatch(remark)]
        reason = " ".join([*remarks, *([reason] if reason else [])])
        text = WRAPPING.sub(_blank, REMARK.sub(lambda found: found[0] if A_NAME.fullmatch(found[1]) else _blank(found), text))
    return Typed((row,), text.rstrip().removesuffix(".").rstrip(), reason, is_latex)


def _in_words(remark: str) -> str:
    """What stands in the last column, without what sets it."""
    return " ".join(re.sub(r"\\(?:text|mbox|textrm|textit)\b|\\tag\*?\{[^}]*\}|\\\\.*|[{}$]", " ", remark).split())


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _joined(parts: list[Typed]) -> Typed:
    reasons = " ".join(part.reason for part in parts if part.reason)
    rows = tuple(row for part in parts for row in part.rows)
    return Typed(rows, "\n".join(part.text for part in parts), reasons, any(part.latex for part in parts))


def _rows(each: list[Typed], at: int, words: frozenset[str]) -> int:
    """How many rows from this one on are one line: until all brackets are closed, if they ever are."""
    count, depth = 1, _open(each[at].text)
    for typed in each[at + 1 : at + MOST_JOINED]:
        goes_on = typed.latex and bool(GOES_ON.match(typed.rows[0].text))
        if (depth <= 0 and not goes_on) or not typed.text.strip() or _begins_anew(typed, words):
            break
        count, depth = count + 1, depth + _open(typed.text)
    return count if depth <= 0 else 1


def _begins_anew(typed: Typed, words: frozenset[str]) -> bool:
    word = WORD.match(typed.text)
    return bool(BEGINS_ANEW.match(typed.text)) or (word is not None and word[1] in words)


def _open(text: str) -> int:
    return sum(map(text.count, OPEN)) - sum(map(text.count, CLOSED))
