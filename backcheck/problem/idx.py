"""Arrays from IDX files, the format of the handwritten digits: two zeros, a type, the sizes, the numbers; it knows no problems."""

from __future__ import annotations

import math
import os
import re
from typing import BinaryIO

import numpy as np

from backcheck.problem.packed import Unreadable, opened, read_at_most
from backcheck.worksheet import Array

# the third byte of a file → its numbers, the largest byte first (http://yann.lecun.com/exdb/mnist/)
TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
NAME = re.compile(r"[-.]idx[0-9]?(?:-[a-z]+)?(?:\.gz)?$")  # train-images-idx3-ubyte.gz, digits.idx
MOST_DIMENSIONS = 8
BEGINS = "an IDX file begins with the bytes 00 00, a type from 08 to 0E, and the number of its sizes"


def read_idx(path: str, most: int, take: int | None = None) -> Array:
    """The array of a file with at most so many numbers; `take` reads only the first so many examples."""
    with opened(path) as file:
        kind, sizes = _header(file)
        if take is not None:
            sizes = (min(take, sizes[0]), *sizes[1:])
        numbers, width = math.prod(sizes), kind.itemsize
        if numbers > most:
            raise Unreadable(f"it says that it holds {_times(sizes)} = {numbers:,} numbers; at most {most:,} are possible")
        if not path.endswith(".gz"):  # else only unpacking can tell
            _enough(os.fstat(file.fileno()).st_size - file.tell(), numbers * width, sizes)
        raw = read_at_most(file, numbers * width)
        _enough(len(raw), numbers * width, sizes)
        if take is None and file.read(1):
            raise Unreadable(f"it holds more bytes than its sizes {_times(sizes)} say")
    return np.frombuffer(raw, kind).reshape(sizes)


def _header(file: BinaryIO) -> tuple[np.dtype[np.generic], tuple[int, ...]]:
    magic = read_at_most(file, 4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES:
        packed = magic[:2] == b"\x1f\x8b"
        raise Unreadable("it is no IDX file", "it is packed with gzip: let its name end in .gz" if packed else BEGINS)
    if not 1 <= magic[3] <= MOST_DIMENSIONS:
        raise Unreadable(f"it says that it has {magic[3]} sizes; from 1 to {MOST_DIMENSIONS} are possible", BEGINS)
    raw = read_at_most(file, 4 * magic[3])
    if len(raw) < 4 * magic[3]:
        raise Unreadable("it ends before its sizes", "get the file once more")
    return np.dtype(TYPES[magic[2]]), tuple(int(size) for size in np.frombuffer(raw, ">u4"))


def _enough(there: int, needed: int, sizes: tuple[int, ...]) -> None:
    if there < needed:
        says = f"its sizes {_times(sizes)} need {needed:,} bytes, and it has {there:,}"
        raise Unreadable(says, "get the file once more: it is cut off")


def _times(sizes: tuple[int, ...]) -> str:
    """How many of how many: 60,000 × 28 × 28."""
    return " × ".join(f"{size:,}" for size in sizes)
