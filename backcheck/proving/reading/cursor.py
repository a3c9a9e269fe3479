"""A place between the signs and words of a line: what comes next, what is missing there; it knows no grammar."""

from __future__ import annotations

from collections.abc import Sequence

from backcheck.proving.reading.declared import Declared
from backcheck.proving.reading.signs import Token
from backcheck.proving.statements import Misread

CLOSES = {"(": ")", "[": "]", "{": "}"}
WAYS_OUT = {",": "a decimal is written with a point: 0.5", ":": "words that are no formula stand after #"}


class Cursor:
    """Goes through the tokens once; where they end too early, the column is `end`."""

    def __init__(self, found: Sequence[Token], declared: Declared, end: int) -> None:
        self.tokens, self.declared, self.end, self.at = found, declared, end, 0

    def peek(self, ahead: int = 0) -> Token | None:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else None

    def sees(self, *texts: str, ahead: int = 0) -> bool:
        """Whether the next token is one of these signs, or of these kinds."""
        token = self.peek(ahead)
        return token is not None and (token.kind in texts or (token.kind == "sign" and token.text in texts))

    def next(self, *texts: str) -> Token | None:
        """The next token if it is one of these signs, or of these kinds."""
        if not self.sees(*texts):
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def next_word(self, word: str) -> bool:
        token = self.peek()
        found = token is not None and token.kind == "name" and token.text == word
        self.at += found
        return found

    def wrong(self, says: str, way_out: str = "") -> Misread:
        """What is wrong with the next token, or with that there is none."""
        token = self.peek()
        return token.wrong(says, way_out) if token else Misread(self.end, says, way_out)

    def close(self, opened: Token) -> None:
        """The bracket that belongs to the one that was opened."""
        sign, found = CLOSES.get(opened.text, opened.text), self.peek()
        if self.next(sign):
            return
        if not found:
            raise opened.wrong(f"the {opened.text!r} is never closed", f"close it with {sign}")
        if found.text == ",":
            self.ends()
        raise found.wrong(f"{found.text!r} stands where {sign!r} is missing", f"close the {opened.text!r} with {sign}")

    def ends(self) -> None:
        """Nothing is left over."""
        token = self.peek()
        if token is None:
            return
        way_out = "no bracket is open here" if token.text in CLOSES.values() else WAYS_OUT.get(token.text, "")
        raise token.wrong(f"{token.text!r} has no place here", way_out or "check the brackets and bars before it")
