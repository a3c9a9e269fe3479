"""Two columns as wide as the screen, in the signs and colours that it knows; nothing here knows what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from backcheck.spelling import to_ascii
from backcheck.writing.proofs import Look

NARROWEST = 24  # where there are fewer columns on the right, it stands below what is on the left
Pair = tuple[str, str]


class Columns:
    """`left` is as wide as the widest of what stands on the left."""

    def __init__(self, look: Look, left: Sequence[str]) -> None:
        self.look = look
        self.left = max((len(self.signs(text)) for text in left), default=0) + 2
        self.narrow = look.width - self.left < NARROWEST
        if self.narrow:
            self.left = 4
        self.room = max(NARROWEST, look.width - self.left)

    def row(self, left: str, right: str, paint: str = "", of_right: str = "") -> Iterator[str]:
        """Something on the left, and a text beside it."""
        yield from self.rows(left, wrapped(self.signs(right), self.room, "  "), paint, of_right)

    def rows(self, left: str, right: Sequence[str], paint: str = "", of_right: str = "") -> Iterator[str]:
        """The same with lines that are not to be broken, if they fit."""
        left, space = self.signs(left), " " * self.left
        if len(left) + 2 > self.left:
            yield self.painted(left, paint)
            left = ""
        for line in right:
            for part in wrapped(self.signs(line), self.room, "  ") if len(self.signs(line)) > self.room else [self.signs(line)]:
                yield self.painted(left, paint) + space[len(left) :] + self.painted(part, of_right)
                left = ""

    def below_each_other(self, pairs: Sequence[Pair]) -> list[str]:
        """Names, and what they are equal to."""
        widest = max(len(self.signs(name)) for name, _ in pairs)
        return [f"{self.signs(name).ljust(widest)} {self.signs(value)}" for name, value in pairs]

    def sentence(self, text: str, paint: str = "") -> list[str]:
        return [self.painted(line, paint) for line in wrapped(self.signs(text), self.look.width)]

    def signs(self, text: str) -> str:
        return text if self.look.on_screen else to_ascii(text)

    def painted(self, text: str, paint: str) -> str:
        """In a colour, but not the space before it."""
        bare = text.lstrip(" ")
        return f"{text[: len(text) - len(bare)]}\x1b[{paint}m{bare}\x1b[0m" if self.look.colour and paint and bare else text


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """A text in lines, broken between words, all but the first further in; what is longer than a line is broken anywhere."""
    return wrap(text, width, subsequent_indent=indent, break_on_hyphens=False) or [""]
