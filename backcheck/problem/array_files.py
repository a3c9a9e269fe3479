"""Arrays from files beside the problem, .npz, .npy, .csv and IDX, every number finite; it knows no networks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from backcheck.errors import did_you_mean
from backcheck.problem.csv_tables import read_table
from backcheck.problem.idx import NAME as IDX
from backcheck.problem.idx import read_idx
from backcheck.problem.packed import MOST_BYTES, MOST_NUMBERS, Unreadable
from backcheck.problem.reading import Reading
from backcheck.problem.text import Node, Scalar, kind
from backcheck.worksheet import Array

KINDS = "from .npz, .npy, .csv and IDX files"
CALLED = "an IDX file is called like train-images-idx3-ubyte or digits.idx; it and a .csv file may be packed, with .gz at the end"
TABLE = re.compile(r"\.csv(?:\.gz)?$")


class Source:
    """A file that is named in the problem, and what is wanted of it."""

    def __init__(self, reading: Reading, what: str, folder: str, take: int | None = None) -> None:
        self.reading, self.what, self.folder, self.take = reading, what, folder, take

    def array(self, name: Node, key: Node | None = None, scale: float = 1.0) -> Array | None:
        """The numbers of a file times a scale; what is wrong is noted as a fault of the name."""
        found = self.opened(name, lambda path: _READERS[_suffix(path)](self, path, name, key))
        return None if found is None else self.checked(name, found, scale)

    def opened(self, name: Node, read: Callable[[str], Any]) -> Any:
        """What a reader makes of the file, or None."""
        if not isinstance(name, Scalar) or _suffix(name.text) is None:
            self.reading.fault(name, f"{self.what} can be read {KINDS}, not from {kind(name)}", CALLED)
            return None
        try:
            path = os.path.join(self.folder, name.text)
            if os.stat(path).st_size > MOST_BYTES:
                raise Unreadable(f"it has more than {MOST_BYTES:,} bytes")
            return read(path)
        except FileNotFoundError:
            self._not_there(name)
        except Exception as error:  # whatever the readers of NumPy and of zip archives make of broken bytes
            why = " ".join(str(error).split())[:200] or type(error).__name__
            self.reading.fault(name, f"{name.text!r} cannot be read: {why}", getattr(error, "way_out", ""))
        return None

    def _not_there(self, name: Scalar) -> None:
        there = sorted(other for other in os.listdir(self.folder or ".") if _suffix(other) == _suffix(name.text))[:50]
        here = "" if os.path.isabs(name.text) else "the path begins at the folder of the problem file"
        way_out = did_you_mean(name.text, there) or here
        self.reading.fault(name, f"there is no file {name.text!r}", way_out)

    def checked(self, name: Node, array: Any, scale: float = 1.0) -> Array | None:
        """The array as float64, times a scale, if it is one of finite numbers and not too large."""
        array = array[: self.take] if array.ndim else array
        wrong, way_out = "", ""
        if not np.issubdtype(array.dtype, np.number) or np.iscomplexobj(array):
            wrong = f"{array.dtype}, not numbers"
        elif not 0 < array.size <= MOST_NUMBERS:
            wrong = f"{array.size:,} numbers; from 1 to {MOST_NUMBERS:,} are possible"
        else:
            with np.errstate(over="ignore", invalid="ignore"):
                found = np.multiply(array, scale, dtype=np.float64) if scale != 1 else np.asarray(array, np.float64)
            if np.isfinite(found).all():
                return found
            bad = np.argwhere(~np.isfinite(found))[0]
            value, place = float(array[tuple(bad)]), ",".join(str(i + 1) for i in bad)
            times = f", which is too large times {scale:g}," if np.isfinite(value) and scale != 1 else ""
            wrong, way_out = f"{value}{times} at [{place}]", "every number of a problem is finite"
        self.reading.fault(name, f"{kind(name)} holds {wrong}", way_out)
        return None


def arrays_of(path: str) -> list[str]:
    """The names of the arrays in an .npz file, which is no larger than is possible."""
    import zipfile

    if not zipfile.is_zipfile(path):
        raise Unreadable("it is no .npz file")
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
            raise Unreadable(f"unpacked it has more than {MOST_BYTES:,} bytes")
    with np.load(path, allow_pickle=False) as arrays:
        return list(arrays.files)


def _npz(source: Source, path: str, name: Node, key: Node | None) -> Array | None:
    files = arrays_of(path)
    if key is None and len(files) == 1:
        wanted = files[0]
    elif isinstance(key, Scalar) and key.text in files:
        wanted = key.text
    else:
        says = f"no array {kind(key)} in the file" if key else "the file holds several arrays: which one?"
        hint = did_you_mean(key.text, files) if isinstance(key, Scalar) else ""
        source.reading.fault(key or name, says, hint or f"it holds: {', '.join(files[:20])}")
        return None
    with np.load(path, allow_pickle=False) as arrays:
        return np.asarray(arrays[wanted])


def _npy(_source: Source, path: str, *_: object) -> Array:
    with open(path, "rb") as file:  # np.load leaves a broken archive open
        return np.asarray(np.lib.format.read_array(file, allow_pickle=False))


def _csv(_source: Source, path: str, *_: object) -> Array:
    return read_table(path, MOST_NUMBERS).array


def _idx(source: Source, path: str, *_: object) -> Array:
    return read_idx(path, MOST_NUMBERS, source.take)


_READERS: dict[str | None, Callable[[Source, str, Node, Node | None], Array | None]] = {
    ".npz": _npz,
    ".npy": _npy,
    ".csv": _csv,
    ".idx": _idx,
}


def _suffix(path: str) -> str | None:
    """The kind of a file, by its name."""
    if TABLE.search(path):
        return ".csv"
    ending = os.path.splitext(path)[1]
    return ".idx" if IDX.search(os.path.basename(path)) else ending if ending in _READERS else None


def is_table(path: str) -> bool:
    """Whether a file may have a header line."""
    return _suffix(path) == ".csv"
