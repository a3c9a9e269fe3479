"""A file of answers → its submissions, one after the other, whatever is in it; what would be right it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from backcheck.answers import text as texts
from backcheck.answers.files import Source
from backcheck.answers.from_json import json_sheet
from backcheck.answers.from_yaml import yaml_sheet
from backcheck.answers.opening import Reader, reading, refused
from backcheck.answers.submission import Submission
from backcheck.answers.text import LARGEST, Unreadable, decoded
from backcheck.answers.tree import Sheet
from backcheck.errors import Fault

MOSTLY = 2**14  # bytes that nearly every submission fits into
CSV_LINE = re.compile(rb"(?:\xef\xbb\xbf)?(?!\s*#)[^\n:{\[]*[,;\t]")
LINES_OF_JSON = re.compile(rb"\s*\{[^\n]*\}[ \t\r]*\n\s*\{")


def submissions(source: Source) -> Iterator[Submission]:
    """Everything that one file holds; what cannot be read is a submission with a fault. It raises nothing."""
    return reading(source, _reader(source.ending or _looks_like(source.raw or b"")))


def _reader(ending: str) -> Reader[Submission]:
    return {".jsonl": _json_lines, ".csv": _csv}.get(ending) or partial(_one, ending)


def _looks_like(raw: bytes) -> str:
    """The format of what came from standard input."""
    if raw.startswith(b"PK"):
        return ".npz"
    if LINES_OF_JSON.match(raw):
        return ".jsonl"
    return ".csv" if CSV_LINE.match(raw) else ".yaml"


def _one(ending: str, file: str, opened: BinaryIO) -> Iterator[Submission]:
    """The one submission of a file."""
    raw = opened.read(MOSTLY)  # to ask for more makes room for more
    raw += opened.read(LARGEST + 1 - MOSTLY) if len(raw) == MOSTLY else b""
    yield Submission(file, *(_npz(raw) if ending == ".npz" else _text(decoded(raw), ending)))


def _text(text: str, ending: str) -> Sheet:
    if not text or text.isspace():
        raise Unreadable(Fault(1, 1, "the file is empty", texts.HAND_IN))
    if ending == ".json":
        return json_sheet(text)
    return _either(text) if text.lstrip().startswith("{") else yaml_sheet(text)


def _either(text: str) -> Sheet:
    """JSON, or YAML that is written like it."""
    try:
        return json_sheet(text)
    except Unreadable as error:
        try:
            return yaml_sheet(text)
        except Unreadable:
            raise error from None


def _npz(raw: bytes) -> Sheet:
    if len(raw) > LARGEST:
        raise texts.too_large()
    from backcheck.answers.from_npz import npz_sheet

    return npz_sheet(raw)


def _json_lines(file: str, opened: BinaryIO) -> Iterator[Submission]:
    """One submission in each line."""
    number = 0
    while raw := opened.readline(LARGEST + 1):
        number += 1
        if len(raw) > LARGEST:
            _pass_over(opened, raw)
        try:
            text = decoded(raw.removesuffix(b"\n"))
            if text and not text.isspace():
                yield Submission(file, *json_sheet(text, number))
        except Unreadable as error:
            yield refused(file, error, number)


def _pass_over(opened: BinaryIO, raw: bytes) -> None:
    """Reads on to the end of a line that is too long, and keeps nothing of it."""
    while raw and not raw.endswith(b"\n"):
        raw = opened.readline(LARGEST)


def _csv(file: str, opened: BinaryIO) -> Iterator[Submission]:
    from backcheck.answers.tables import Table, read_tables

    for item in read_tables(file, opened):
        if isinstance(item, Table):
            yield from map(item.submission, range(len(item.students)))
        else:
            yield item
