"""The .npz file of gradients that somebody's code has saved → its arrays; it unpickles nothing and knows no problem."""

from __future__ import annotations

import os
import zipfile
from typing import Any

import numpy as np

from backcheck.errors import BadArgument
from backcheck.problem.packed import MOST_BYTES

MOST_ARRAYS = 10_000


def read_gradients(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Name → array, each with the kind of numbers it was saved with."""
    name = os.fspath(path)
    try:
        _check_size(name)
        with np.load(name, allow_pickle=False) as arrays:
            return {key: arrays[key] for key in arrays.files}
    except FileNotFoundError:
        raise BadArgument(f"there is no file {name!r}") from None
    except Exception as error:  # whatever the readers of NumPy and of zip archives make of broken bytes
        says = " ".join(str(error).split())[:160] or type(error).__name__
        raise BadArgument(f"{name!r} cannot be read: {says}; save it with np.savez('{SAVED}', W1=dW1, b1=db1)") from None


SAVED = "mine.npz"


def _check_size(name: str) -> None:
    """Refuses what is no archive, and what would not fit into memory."""
    if os.stat(name).st_size > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES:,} bytes")
    if not zipfile.is_zipfile(name):
        raise ValueError("it is no .npz file")
    with zipfile.ZipFile(name) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_ARRAYS:
        raise ValueError(f"it holds {len(parts):,} arrays; at most {MOST_ARRAYS:,} are read")
    if sum(part.file_size for part in parts) > MOST_BYTES:
        raise ValueError(f"unpacked it has more than {MOST_BYTES:,} bytes")
