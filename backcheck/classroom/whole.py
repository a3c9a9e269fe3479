"""Files that appear whole or not at all; what is in them it does not know."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress

from backcheck.errors import CannotWrite

CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def write_whole(path: str, data: Iterable[bytes]) -> None:
    """Writes a file, piece by piece, beside its place and moves it there when all of it is on the disk.

    Through a link, to a device or into a pipe (`/dev/stdout`) it writes directly: they should stay what they are.
    """
    try:
        mode = _mode(path)
        if mode is None or stat.S_ISREG(mode):
            _replace(path, data, mode)
        else:
            with open(path, "wb") as file:
                file.writelines(data)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        raise CannotWrite(f"{path}: the file cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _mode(path: str) -> int | None:
    """What stands there now, None if nothing does; raises if it is protected from being written."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISREG(mode) and not os.access(path, os.W_OK):
        raise PermissionError("it is write-protected")
    return mode


def _replace(path: str, data: Iterable[bytes], mode: int | None) -> None:
    folder, name = os.path.split(path)
    beside = os.path.join(folder, f".{name[:50]}.{secrets.token_hex(4)}.part")
    descriptor = os.open(beside, CREATE, 0o666)  # the system takes off what new files should not have
    try:
        with open(descriptor, "wb") as file:
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(descriptor, stat.S_IMODE(mode))
            file.writelines(data)
            file.flush()
            os.fsync(descriptor)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
