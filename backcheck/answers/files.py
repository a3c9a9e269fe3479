"""Paths somebody named → the files that hold answers, in one order everywhere; what is in them it does not know."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from backcheck.answers.text import printable
from backcheck.errors import BadArgument, did_you_mean

KINDS = (".yaml", ".yml", ".json", ".jsonl", ".csv", ".npz", ".txt")
STDIN = "standard input"


class Source(NamedTuple):
    """A file of answers that has not been opened yet."""

    path: str
    file: str  # as messages call it
    inside: bool = False  # found in a folder: it has to be a plain file, whatever it may turn into meanwhile
    refused: str = ""  # why it is not opened
    raw: bytes | None = None  # what came from standard input

    @property
    def ending(self) -> str:
        """What the name says of the format: ".yaml", or "" for standard input."""
        return os.path.splitext(self.path)[1].lower()

    def open(self) -> BinaryIO:
        """Its bytes; raises OSError."""
        if self.raw is not None:
            return io.BytesIO(self.raw)
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        if self.inside:  # neither a link that took its place nor a pipe that nobody writes to
            flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(self.path, flags)
        if self.inside and not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(NO_FILE)
        return open(descriptor, "rb")


NO_FILE = "this is no plain file"
DESCRIPTORS = ("/proc/", "/dev/")  # a pipe that the shell has opened, `<(unzip -p …)`: somebody writes to it
NO_LINK = "this is a link, and links are not followed"


def found(paths: Sequence[str], typed: bytes = b"", others: list[str] | None = None) -> list[Source]:
    """Every file of answers, once, in the order of the paths; `typed` is what came from standard input, for a path -.

    `others` takes the names of the files in folders that are not read.
    """
    sources: dict[str, Source] = {}
    for path in paths:
        for real, source in _below(path, typed, [] if others is None else others):
            sources.setdefault(real, source)
    return list(sources.values())


def _below(path: str, typed: bytes, others: list[str]) -> list[tuple[str, Source]]:
    """The files that one path means, each with the path that it really has."""
    if path == "-":
        return [(path, Source(path, STDIN, raw=typed))]
    try:
        real, mode = os.path.realpath(path), os.stat(path).st_mode
    except (OSError, ValueError):
        raise BadArgument(_missing(path)) from None
    if stat.S_ISFIFO(mode) and not real.startswith(DESCRIPTORS):
        return [(real, Source(path, _called(path), refused=NO_FILE))]
    if not stat.S_ISDIR(mode):
        return [(real, Source(path, _called(path)))]
    sources = [(os.path.join(real, os.path.relpath(source.path, path)), source) for source in _in_folder(path, others)]
    if not sources:
        raise BadArgument(f"the folder {_called(path)!r} holds no answers: files that end with {', '.join(KINDS)}")
    return sources


def _missing(path: str) -> str:
    folder, name = os.path.split(path)
    try:
        there = sorted(os.listdir(folder or "."))[:1000]
    except (OSError, ValueError):
        there = []
    return f"there is no file or folder {_called(path)!r}; {did_you_mean(name, there)}".removesuffix("; ")


def _in_folder(top: str, others: list[str]) -> Iterator[Source]:
    """All files below a folder: names in the order of their letters, files and folders among each other."""
    waiting = [(Source(top, _called(top)), True)]
    while waiting:
        source, is_folder = waiting.pop()
        if not is_folder:
            yield source
            continue
        try:
            with os.scandir(source.path) as entries:
                inside = [found for entry in entries if (found := _entry(entry, others))]
        except OSError as error:
            yield source._replace(refused=f"this folder cannot be read: {error.strerror or error}")
            continue
        waiting += sorted(inside, key=lambda one: one[0].path, reverse=True)


def _entry(entry: os.DirEntry[str], others: list[str]) -> tuple[Source, bool] | None:
    """What one entry of a folder is: a source, a folder to look into, or nothing of interest."""
    if entry.name.startswith("."):
        return None
    source = Source(entry.path, _called(entry.path), inside=True)
    if entry.is_dir(follow_symlinks=False):
        return source, True
    is_link, is_ours = entry.is_symlink(), entry.name.lower().endswith(KINDS)
    if not is_ours and not (is_link and entry.is_dir()):
        others.append(source.file)
        return None
    plain = entry.is_file(follow_symlinks=False)
    return source if plain else source._replace(refused=NO_LINK if is_link else NO_FILE), False


def _called(path: str) -> str:
    """A path as it can be shown, alike on every system."""
    return printable(path.replace(os.sep, "/"))
