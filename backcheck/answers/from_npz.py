"""The .npz file of somebody's code → its answers; it unpickles and evaluates nothing, and knows no problem."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator

import numpy as np

from backcheck.answers import text as texts
from backcheck.answers.names import numbered
from backcheck.answers.text import LARGEST, LONGEST_NAME, MOST, Unreadable
from backcheck.answers.tree import Sheet
from backcheck.errors import Fault

WAY_OUT = "save it with np.savez('mine.npz', z1=z1, W2=W2)"
HEADER = re.compile(
    rb"\x93NUMPY[\x01-\x03]\0.{2}(?:\0\0)?\{'descr': '([<>|=]?)([biufU])([0-9]{1,4})', "
    rb"'fortran_order': (True|False), 'shape': \(([0-9]{0,9}(?:, ?[0-9]{1,9})?),?\), ?\} *\n",
    re.DOTALL,
)
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def npz_sheet(raw: bytes) -> Sheet:
    """The answers: every number of every array; raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            arrays = list(_arrays(archive))
    except Unreadable:
        raise
    except Exception as error:  # whatever the readers of archives make of broken bytes
        says = texts.printable(" ".join(str(error).split())[:100]) or type(error).__name__
        raise _refused(f"this is no .npz file: {says}") from None
    student = None
    answers: dict[str, str] = {}
    for name, array in arrays:
        if array.dtype.kind == "U":
            student = texts.student(str(array))
            continue
        for index, number in zip(np.ndindex(array.shape), array.ravel(), strict=True):
            answers[numbered(name, *(i + 1 for i in index)) if index else name] = _digits(number)
    if len(answers) < sum(array.size for _, array in arrays if array.dtype.kind != "U"):
        raise _refused("two of its arrays stand for the same numbers")
    return Sheet(student, answers, {})


def _digits(number: np.generic) -> str:
    """A number as it prints; of single and half precision no more digits than hold after some steps of work."""
    if number == 0:
        return "0"
    certain = {np.dtype(np.float32): 6, np.dtype(np.float16): 3}.get(number.dtype)
    text = str(number)
    return text if certain is None or len(text.strip("-0.").replace(".", "")) <= certain else f"{number:.{certain}g}"


def _refused(says: str, way_out: str = WAY_OUT) -> Unreadable:
    return Unreadable(Fault(1, 1, says, way_out))


def _arrays(archive: zipfile.ZipFile) -> Iterator[tuple[str, np.ndarray]]:
    """Name and array, of bounded size."""
    parts = archive.infolist()
    if len(parts) > MOST or sum(part.file_size for part in parts) > LARGEST + 200 * len(parts):
        raise _refused(f"its arrays are too large: a submission has at most {MOST:,} numbers")
    left = MOST
    for part in parts:
        name = texts.printable(part.filename.removesuffix(".npy"))[: LONGEST_NAME + 1]
        if not 0 < len(name) <= LONGEST_NAME:
            raise _refused("an array in it has no name, or a very long one")
        if part.compress_type not in PACKED:
            raise _refused(f"{name[:40]!r} in it is packed in a way that is not read")
        array = _array(name, archive.read(part))
        left -= array.size
        if left < 0:
            raise _refused(f"it holds more than {MOST:,} numbers")
        yield name, array


def _array(name: str, raw: bytes) -> np.ndarray:
    """The numbers of one array; its header is matched, never evaluated."""
    head = HEADER.match(raw)
    if head is None:
        raise _refused(f"{name[:40]!r} in it is no array of numbers with at most two dimensions")
    order, letter, size, fortran, shape = (group.decode() for group in head.groups())
    if letter == "U" and (name != "student" or shape):
        raise _refused(f"{name[:40]!r} in it holds text, not numbers")
    if letter == "b":
        raise _refused(f"{name[:40]!r} in it holds true and false, not numbers")
    dtype = np.dtype(f"{order}{letter}{size}")
    lengths = [int(n) for n in shape.split(",") if n.strip()]
    if math.prod(lengths) * dtype.itemsize != len(raw) - head.end():
        raise _refused(f"{name[:40]!r} in it is cut off")
    return np.frombuffer(raw, dtype, offset=head.end()).reshape(lengths, order="F" if fortran == "True" else "C")
