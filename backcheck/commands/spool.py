"""Text that is written piece by piece and read when it is complete; what is long waits in a temporary file, not in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from backcheck.errors import CannotWrite

IN_MEMORY = 2**22  # characters
AT_ONCE = 2**20


class Spool:
    """Pieces of text, in order; it can be read several times."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.file: IO[str] | None = None

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)
        if self.length > IN_MEMORY:
            self._put_down()

    def _put_down(self) -> None:
        from tempfile import TemporaryFile

        try:
            if self.file is None:
                self.file = TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115, it is gone with the spool
            self.file.writelines(self.pieces)
        except OSError as error:
            raise CannotWrite(f"no temporary file can be written: {error.strerror}") from None
        self.pieces, self.length = [], 0

    def __iter__(self) -> Iterator[str]:
        if self.file is not None:
            self._put_down()
            self.file.seek(0)
            yield from iter(lambda: self.file.read(AT_ONCE) if self.file else "", "")
        yield from self.pieces

    def __del__(self) -> None:
        if self.file is not None:
            self.file.close()
