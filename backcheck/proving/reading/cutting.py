"""Lists of signs and words, cut where a comma, a sign or a word stands outside of all brackets; it knows no grammar."""

from __future__ import annotations

from collections.abc import Sequence

from backcheck.proving.reading.signs import Token

OPEN, CLOSED = ("(", "[", "{"), (")", "]", "}")


class Part(list[Token]):
    """Tokens of a line, and the column where they end."""

    def __init__(self, found: Sequence[Token], end: int) -> None:
        super().__init__(found)
        self.end = end

    def slice(self, start: int, stop: int | None = None) -> Part:
        stop = len(self) if stop is None else stop
        return Part(self[start:stop], self[stop].column if stop < len(self) else self.end)

    def begins(self, *texts: str) -> bool:
        return bool(self) and self[0].text in texts

    def without(self, *texts: str) -> Part:
        """The rest, where it begins with one of these."""
        return self.slice(1) if self.begins(*texts) else self


def places(part: Part, *texts: str) -> list[int]:
    """Where one of these stands outside of all brackets."""
    depth, found = 0, []
    for at, token in enumerate(part):
        if token.kind == "sign":
            depth += (token.text in OPEN) - (token.text in CLOSED)
        if depth <= 0 and token.text in texts and token.kind in ("sign", "name"):
            found.append(at)
    return found


def no_decimal_comma(part: Part) -> None:
    """0,5 is one number to some, and two to others."""
    for at in places(part, ","):
        number, comma = part[at - 1 : at + 2 : 2], part[at]
        if at and comma.close and len(number) == 2 and number[1].close and number[0].kind == number[1].kind == "number":
            raise comma.wrong("this comma has no place in a number", "a decimal is written with a point: 0.5")


def place(part: Part, *texts: str) -> int | None:
    """Where the first of these stands."""
    return next(iter(places(part, *texts)), None)


def cut(part: Part, *texts: str) -> list[Part]:
    """The pieces between these; one at the very end says nothing.

    >>> from backcheck.proving.reading.signs import tokens
    >>> [[token.text for token in piece] for piece in cut(Part(tokens("y, d(f,x);"), 10), ",", ";")]
    [['y'], ['d', '(', 'f', ',', 'x', ')']]
    """
    ends = places(part, *texts)
    if ends and ends[-1] == len(part) - 1 and len(part) > 1:
        part = part.slice(0, ends.pop())
    starts = [0, *(at + 1 for at in ends)]
    return [part.slice(start, stop) for start, stop in zip(starts, [*ends, len(part)], strict=True)]
