"""A file that somebody names → its bytes, or one clear word why it cannot be read; it knows nothing of what is in files."""

from __future__ import annotations

import os

from backcheck.errors import BadProblem, Fault, did_you_mean


def opened(path: str | os.PathLike[str], largest: int, called: str) -> bytes:
    """What the file holds, and if that is more than `largest` bytes, one more than those; `called`: the problem file, ….

    A pipe or a device is read no further than that, either.
    """
    name = os.fspath(path)
    try:
        with open(name, "rb") as file:
            return file.read(largest + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        raise BadProblem(name, [Fault(1, 1, _unreadable(name, error, called))]) from None


def _unreadable(name: str, error: OSError | ValueError, called: str) -> str:
    if isinstance(error, IsADirectoryError):
        return f"this is a folder; name {called} in it"
    if isinstance(error, FileNotFoundError):
        return f"there is no such file; {did_you_mean(name, _beside(name))}".removesuffix("; ")
    return f"the file cannot be read: {getattr(error, 'strerror', error)}"


def _beside(name: str) -> list[str]:
    """The files in the folder of a file."""
    folder = os.path.dirname(name)
    try:
        return [os.path.join(folder, other) for other in os.listdir(folder or ".")]
    except OSError:
        return []
