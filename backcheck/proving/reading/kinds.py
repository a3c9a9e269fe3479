"""The bytes of a file → its text, and whether it is plain text, Markdown or YAML; it opens nothing and reads no mathematics."""

from __future__ import annotations

import os
import re

from backcheck.answers.text import MARKS, NO_TEXT, SAVE_AS, UTF8_BOM, Unreadable, utf8
from backcheck.errors import BadProblem, Fault

LARGEST = 256 * 1024  # bytes; a derivation is read by people, and this is a hundred pages of it
ENDINGS = {".md": "markdown", ".markdown": "markdown", ".yaml": "yaml", ".yml": "yaml"}  # all others are plain text
HOW = "a derivation is text: one line for each step, claim A = B, then = C"
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*derivation\b", re.MULTILINE)
KEY = re.compile(r"\A(?:\s*(?:#.*|---)?\n)*(?:steps|title)\s*:")


def kind(name: str, text: str) -> str:
    """Text, markdown or yaml: a file by its ending, standard input (which has no name) by what it holds.

    >>> kind("softmax.md", ""), kind("", "```derivation"), kind("", "title: Softmax"), kind("softmax.tex", "title: Softmax")
    ('markdown', 'markdown', 'yaml', 'text')
    """
    if name:
        return ENDINGS.get(os.path.splitext(name)[1].lower(), "text")
    return "yaml" if KEY.match(text) else "markdown" if FENCE.search(text) else "text"


def decoded(raw: bytes, called: str) -> str:
    """The bytes as text, or the one reason why they are none."""
    try:
        return _decoded(raw)
    except Unreadable as error:
        line = error.fault.line
        raise BadProblem(called, [error.fault], "\n" * (line - 1) + error.source) from None


def _decoded(raw: bytes) -> str:
    if len(raw) > LARGEST:
        raise Unreadable(Fault(1, 1, f"this is too large: a derivation has at most {LARGEST:,} bytes", "cut it into several"))
    if raw.startswith(MARKS):
        says = next(says for mark, says in NO_TEXT.items() if raw.startswith(mark))
        raise Unreadable(Fault(1, 1, f"this is {says}", SAVE_AS if "UTF" in says else HOW))
    return utf8(raw.removeprefix(UTF8_BOM))
