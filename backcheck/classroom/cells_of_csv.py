"""The bytes of a CSV file → where its fields stand, and new ones put in without touching anything else; it knows no grades."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import NamedTuple

from backcheck.errors import BadArgument

DELIMITERS = ",;\t"
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Field(NamedTuple):
    """One field: from where to where it stands, with its quotation marks, and what it says without them."""

    start: int
    end: int
    text: str


class Text(NamedTuple):
    """A file as text; the same encoding gives its very bytes back."""

    text: str
    encoding: str
    mark: bytes  # that stands before the text and tells its encoding

    def raw(self, text: str) -> bytes:
        return self.mark + text.encode(self.encoding, "surrogatepass" if self.encoding.startswith("utf") else "strict")


def decoded(raw: bytes) -> Text:
    """UTF-16 if its mark is there, else UTF-8 with or without a mark, else one character for each byte.

    >>> decoded("Zoë".encode("latin-1")).text, decoded(codecs.BOM_UTF8 + b"a").text
    ('Zoë', 'a')
    """
    for mark, encoding in UTF_16.items():
        if raw.startswith(mark):
            try:
                return Text(raw[2:].decode(encoding, "surrogatepass"), encoding, mark)
            except UnicodeDecodeError:
                raise BadArgument("the grade book is cut off in the middle of a character") from None
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    try:
        return Text(raw[len(mark) :].decode(), "utf-8", mark)
    except UnicodeDecodeError:
        return Text(raw.decode("latin-1"), "latin-1", b"")


class Table(NamedTuple):
    """The rows of a text; what separates their fields."""

    text: str
    rows: list[list[Field]]
    delimiter: str

    def with_fields(self, new: Mapping[tuple[int, int], str]) -> str:
        """The text with other fields in some places (row, column); a row that is too short gets empty ones before it."""
        pieces: list[str] = []
        done = 0
        for (r, c), text in sorted(new.items()):
            row = self.rows[r]
            start, end, _ = row[c] if c < len(row) else (row[-1].end, row[-1].end, "")
            pieces += [self.text[done:start], self.delimiter * max(0, c - len(row) + 1), self._quoted(text, self.text[start:end])]
            done = end
        return "".join([*pieces, self.text[done:]])

    def _quoted(self, text: str, before: str) -> str:
        """In quotation marks where the field had them, or needs them."""
        return f'"{text}"' if before.startswith('"') or self.delimiter in text else text


def table(text: str) -> Table:
    """The fields of a CSV; they are separated by what is most frequent in its first line.

    >>> found = table('a;"b;1"\\nc;""\\n')
    >>> [[field.text for field in row] for row in found.rows], found.with_fields({(1, 1): "7"})
    ([['a', 'b;1'], ['c', '']], 'a;"b;1"\\nc;"7"\\n')
    """
    first = re.sub(r'"[^"]*"', "", text[: text.find("\n")] if "\n" in text else text)
    delimiter = max(DELIMITERS, key=first.count)
    return Table(text, _rows(text, delimiter), delimiter)


def _rows(text: str, delimiter: str) -> list[list[Field]]:
    """A field that begins with a quotation mark ends with one, and `""` within it is one; else quotation marks are text."""
    d = re.escape(delimiter)
    field = re.compile(
        rf'(?:"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"(?P<more>[^{d}\r\n]*+)|(?P<plain>[^{d}\r\n]*+))(?P<after>{d}|\r\n|\r|\n|\Z)'
    )
    rows: list[list[Field]] = [[]]
    for found in field.finditer(text):
        says = found["plain"] if found["quoted"] is None else found["quoted"].replace('""', '"') + found["more"]
        if found.group() or rows[-1]:  # else it is the nothing behind the last line end
            rows[-1].append(Field(found.start(), found.start("after"), says.strip()))
        if found["after"] == "":
            break
        if found["after"] != delimiter:
            rows.append([])
    return [row for row in rows if row]
