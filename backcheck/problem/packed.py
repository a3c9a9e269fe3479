"""The bytes of a file, plain or packed with gzip, and never more of them than a bound; it knows nothing of what they mean."""

from __future__ import annotations

import os
import zlib
from typing import BinaryIO, cast

MOST_NUMBERS, MOST_BYTES = 50_000_000, 2**30  # of an array, and of the file it comes from, unpacked too
CHUNK = 2**20


class Unreadable(ValueError):
    """What is wrong with a file beside the problem, and the way out."""

    def __init__(self, says: str, way_out: str = "") -> None:
        super().__init__(says)
        self.way_out = way_out


def opened(path: str) -> BinaryIO:
    """The file itself, or what is packed in it."""
    if os.stat(path).st_size > MOST_BYTES:
        raise Unreadable(f"it has more than {MOST_BYTES:,} bytes")
    if not path.endswith(".gz"):
        return open(path, "rb")
    import gzip

    return cast("BinaryIO", gzip.open(path))


def read_at_most(file: BinaryIO, most: int) -> bytes:
    """So many bytes, or fewer if the file ends; memory is taken only for bytes that are there."""
    parts, missing = [], most
    try:
        while missing and (part := file.read(min(missing, CHUNK))):
            parts.append(part)
            missing -= len(part)
    except EOFError:
        raise Unreadable("it is cut off: what is packed in it ends too early", "get the file once more") from None
    except (zlib.error, OSError) as error:
        if isinstance(error, OSError) and error.errno:  # the disk, and not what the file holds
            raise
        says = "it is not packed with gzip, or it is damaged"
        raise Unreadable(says, "get the file once more; if it is not packed, its name should not end in .gz") from None
    return b"".join(parts)
