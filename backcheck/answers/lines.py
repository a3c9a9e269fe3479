"""The lines of a file in pieces of bounded size, with their numbers; it knows nothing of what stands in them."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np

from backcheck.answers.text import LARGEST

PIECE = 2**23  # bytes read at once
NEWLINE = b"\n"


class Lines:
    """One pass over a file; `number` lines have been handed out."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.number = file, 0
        self.piece, self.at, self.ended = b"", 0, False

    def line(self) -> bytes | None:
        """The next line without its end, None behind the last; of one that is too long as much as shows that it is."""
        while (end := self.piece.find(NEWLINE, self.at)) < 0 and not self.ended and len(self.piece) - self.at <= LARGEST:
            self._read()
        if end < 0 and not self.ended:
            return self._too_long()
        if end < 0 and self.at == len(self.piece):
            return None
        end = len(self.piece) if end < 0 else end
        found, self.at = self.piece[self.at : end], end + 1 if end < len(self.piece) else end
        self.number += 1
        return found

    def block(self, most: int) -> bytes:
        """The next complete lines, at most so many, with their ends; nothing behind the last."""
        if self.piece.find(NEWLINE, self.at) < 0 and not self.ended:
            self._read()
        end = self.piece.rfind(NEWLINE, self.at) + 1
        if end == 0:  # the last line has no end, or it is a very long one
            line = self.line()
            return b"" if line is None else line + NEWLINE
        lines = self.piece.count(NEWLINE, self.at, end)
        if lines > most:
            ends = np.flatnonzero(np.frombuffer(self.piece, np.uint8)[self.at : end] == NEWLINE[0])
            lines, end = most, self.at + int(ends[most - 1]) + 1
        found, self.at = self.piece[self.at : end], end
        self.number += lines
        return found

    def rest(self, most: int) -> bytes:
        """All that follows, up to so many bytes."""
        found = self.piece[self.at :] + self.file.read(most)
        self.piece, self.at, self.ended = b"", 0, True
        return found[:most]

    def _read(self) -> None:
        more = self.file.read(PIECE)
        self.piece, self.at, self.ended = self.piece[self.at :] + more, 0, not more

    def _too_long(self) -> bytes:
        """The beginning of the line; the rest of it is passed over."""
        found = self.piece[self.at :][: LARGEST + 1]
        while (end := self.piece.find(NEWLINE, self.at)) < 0 and not self.ended:
            self.at = len(self.piece)
            self._read()
        self.at = end + 1 if end >= 0 else len(self.piece)
        self.number += 1
        return found
