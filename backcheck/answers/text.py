"""Bytes and words from strangers → text that is safe to show, within bounds; it knows no formats and no names of quantities."""

from __future__ import annotations

from backcheck.errors import Fault

LARGEST, MOST, DEEPEST = 2**20, 10_000, 24  # bytes, answers and levels of one submission
LONGEST, LONGEST_NAME = 4000, 200  # characters of an answer; of the name of a quantity or a student
SHOWN, BEFORE_FAULT = 200, 100  # characters of a line that is shown with a fault
STRANGE = "\ufffd"  # stands where a character that cannot be shown was

UTF8_BOM = b"\xef\xbb\xbf"
SAVE_AS = "save it as text, in UTF-8"
NO_TEXT = {  # how files begin that are something else; the longer of two alike comes first
    b"\xff\xfe\0\0": "UTF-32, not UTF-8",
    b"\0\0\xfe\xff": "UTF-32, not UTF-8",
    b"\xff\xfe": "UTF-16, not UTF-8",
    b"\xfe\xff": "UTF-16, not UTF-8",
    b"%PDF": "a PDF, not text",
    b"\x89PNG": "a picture, not text",
    b"\xff\xd8\xff": "a picture, not text",
    b"GIF8": "a picture, not text",
    b"PK\x03\x04": "an archive or an office document, not text",
    b"\xd0\xcf\x11\xe0": "an office document, not text",
    b"{\\rtf": "an office document, not text",
    b"\x1f\x8b": "an archive, not text",
}
MARKS = tuple(NO_TEXT)
HAND_IN = "hand in text with one answer in each line: z1[1]: 0.3825"


class Unreadable(Exception):
    """What was handed in cannot be read: the fault, and the line it is in."""

    def __init__(self, fault: Fault, line: str = "") -> None:
        super().__init__(fault.says)
        self.fault, self.source = fault, excerpt(line, fault.column)


def too_large() -> Unreadable:
    return Unreadable(Fault(1, 1, f"this is too large: a submission has at most {LARGEST:,} bytes", HAND_IN))


def decoded(raw: bytes) -> str:
    """The bytes of a file as text, or why they are none."""
    if len(raw) > LARGEST:
        raise too_large()
    if raw.startswith(MARKS):
        says = next(says for mark, says in NO_TEXT.items() if raw.startswith(mark))
        raise Unreadable(Fault(1, 1, f"this is {says}", SAVE_AS if "UTF" in says else HAND_IN))
    return utf8(raw.removeprefix(UTF8_BOM))


def utf8(raw: bytes) -> str:
    """The same for a part of a file."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise _at(raw, error.start, f"this is no text: byte 0x{raw[error.start]:02x} is not UTF-8", SAVE_AS) from None
    if "\0" in text:
        says = "this is UTF-16, not UTF-8" if _every_other_is_zero(raw) else "this is no text: it holds a NUL byte"
        raise _at(raw, raw.index(b"\0"), says, SAVE_AS)
    return text


def _every_other_is_zero(raw: bytes) -> bool:
    return raw.count(b"\0", 0, 100) >= len(raw[:100]) // 3


def _at(raw: bytes, place: int, says: str, way_out: str) -> Unreadable:
    """A fault at one byte."""
    begin = raw.rfind(b"\n", 0, place) + 1
    end = raw.find(b"\n", place)
    line = raw[begin : end if end >= 0 else len(raw)].decode(errors="replace")
    column = len(raw[begin:place].decode(errors="replace")) + 1
    return Unreadable(Fault(raw.count(b"\n", 0, place) + 1, column, says, way_out), line)


def printable(text: str) -> str:
    """The text in one line, without anything that could move a cursor or turn the order of reading.

    >>> printable("0.35\\n"), printable("\\x1b[31m0.35"), printable("0.35\\u202e")
    ('0.35 ', '\ufffd[31m0.35', '0.35\ufffd')
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else STRANGE for c in text)


def answer(text: str) -> str:
    """What was written for a quantity; what is far too long to be a number or working ends with …"""
    text = printable(text[: 2 * LONGEST]).strip()
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def student(text: str) -> str | None:
    """The name of a student, or None where there is none."""
    return printable(text[: 2 * LONGEST_NAME]).strip()[:LONGEST_NAME] or None


def excerpt(line: str, column: int = 1) -> str:
    """A line of the file to show with a fault, shortened to the place that is meant."""
    begin = 0 if column <= SHOWN - BEFORE_FAULT // 2 else column - BEFORE_FAULT
    shown = printable(line[begin : begin + SHOWN]).rstrip()
    return ("…" if begin else "") + shown + ("…" if len(line) > begin + SHOWN else "")
