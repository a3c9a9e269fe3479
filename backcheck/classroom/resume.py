"""A journal of results that are finished, so that an interrupted run goes on where it stopped; it knows no marker."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b

import backcheck
from backcheck.answers.submission import Submission
from backcheck.classroom.chunks import Chunk
from backcheck.classroom.faults import BROKEN_OFF, FAULT_OF_OURS
from backcheck.classroom.plain import as_plain, from_plain
from backcheck.errors import BadArgument, CannotWrite
from backcheck.grading.result import Result

HEAD = b'{"format": "backcheck.journal", "version": 1}\n'
KEY = 16  # bytes
START = len('["') + 2 * KEY  # of a line: up to the end of its key


class Journal:
    """Results in a file, one in each line behind its key; `about` is all that they depend on beside the submission."""

    def __init__(self, path: str, about: str) -> None:
        self.path = path
        self.about = blake2b(f"{backcheck.__version__}\0{about}".encode("utf-8", "surrogatepass"), digest_size=KEY).digest()
        try:
            if os.path.exists(path) and not os.path.isfile(path):
                raise OSError("this is no plain file")
            self.places, end = _scanned(path)
            self.file = open(path, "a+b")  # noqa: SIM115, closed by __exit__
            self.file.truncate(end)  # what was being written when the run was interrupted
        except (OSError, ValueError) as error:
            raise CannotWrite(f"{path}: the journal cannot be written: {getattr(error, 'strerror', None) or error}") from None
        if not end:
            self._append(HEAD)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def resumed(self, chunks: Iterable[Chunk], mark: Callable[[Iterator[Chunk]], Iterator[list[Result]]]) -> Iterator[list[Result]]:
        """The results of each chunk, in order; only what is not in the journal is marked, and then is."""
        waiting: deque[list[tuple[bytes, Result | None]]] = deque()

        def unmarked() -> Iterator[Chunk]:
            for chunk in chunks:
                keys = [self.key(submission) for submission in chunk]
                known = [(key, self.get(key)) for key in keys]
                waiting.append(known)
                yield [submission for submission, (_, result) in zip(chunk, known, strict=True) if result is None]

        for fresh in mark(unmarked()):
            known, rest = waiting.popleft(), iter(fresh)
            found = [(key, result or next(rest)) for key, result in known]
            self.add([one for one, (_, before) in zip(found, known, strict=True) if before is None])
            yield [result for _, result in found]

    def key(self, submission: Submission) -> bytes:
        """What tells this submission, marked like this, from every other: 32 hexadecimal digits."""
        file, student, answers, lines, fault, source = submission
        text = json.dumps([file, student, [*answers.items()], [*lines.items()], fault, source])
        return blake2b(text.encode(), digest_size=KEY, key=self.about).hexdigest().encode()

    def get(self, key: bytes) -> Result | None:
        """The result that was written for a key."""
        if key not in self.places:
            return None
        self.file.seek(self.places[key])
        try:
            return from_plain(json.loads(self.file.readline())[1])
        except (ValueError, TypeError, ArithmeticError, LookupError):  # somebody has edited it
            return None

    def add(self, found: Iterable[tuple[bytes, Result]]) -> None:
        """Writes results at the end, all at once. One that was broken off may succeed the next time."""
        lines = [f'["{key.decode()}", {json.dumps(as_plain(result))}]\n'.encode() for key, result in found if not _in_vain(result)]
        if lines:
            self._append(b"".join(lines))

    def _append(self, data: bytes) -> None:
        try:
            self.file.write(data)
            self.file.flush()
        except OSError as error:
            raise CannotWrite(f"{self.path}: the journal cannot be written: {error.strerror}") from None


def _scanned(path: str) -> tuple[dict[bytes, int], int]:
    """Key → where its line begins, and where the last complete line ends."""
    places: dict[bytes, int] = {}
    end = 0
    with suppress(FileNotFoundError), open(path, "rb") as file:
        for line in file:
            if not end and not HEAD.startswith(line):
                raise BadArgument(f"{path}: this is no journal of backcheck, and is left as it is")
            if not line.endswith(b"}\n" if not end else b"]\n"):
                break
            if end:
                places[line[2:START]] = end
            end += len(line)
    return places, end


def _in_vain(result: Result) -> bool:
    return result.fault is not None and result.fault.says.startswith((FAULT_OF_OURS, BROKEN_OFF))
