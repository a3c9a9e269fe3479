"""Arrays that are not typed into the problem: from .npz and .csv files beside it, or drawn by seed; it knows no networks."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any

import numpy as np

from backcheck.arithmetic import number
from backcheck.catalogue import SCHEMES
from backcheck.errors import did_you_mean
from backcheck.problem.reading import Reading
from backcheck.problem.text import Map, Scalar, kind
from backcheck.worksheet import Array

MOST_NUMBERS, MOST_BYTES = 50_000_000, 2**30
BESIDES = {"init": ("init", "seed", "low", "high", "value", "units", "shape"), "file": ("file", "key")}


def is_elsewhere(node: Map) -> bool:
    """Whether a mapping says where numbers come from, and is not a number with a name."""
    return any(key.text in BESIDES for key, _ in node.pairs)


def from_elsewhere(
    reading: Reading, node: Map, what: str, folder: str, shape: tuple[int, ...] | None, fan: tuple[int, ...]
) -> Array | None:
    """The array of `{file: w.npz, key: W1}` or `{init: he, seed: 7}`."""
    source = "file" if node.get("file") else "init"
    before = len(reading.faults)
    size = "units" if what.startswith("weights") else "shape" if what in ("inputs", "targets") else ""
    known = [key for key in BESIDES[source] if key not in ("units", "shape") or key == size]
    reading.keys(node, known, f"{what}: {{{source}: …}}")
    if len(reading.faults) > before:
        return None
    return _from_file(reading, node, what, folder) if source == "file" else _drawn(reading, node, what, shape, fan)


def _drawn(reading: Reading, node: Map, what: str, shape: tuple[int, ...] | None, fan: tuple[int, ...]) -> Array | None:
    """Numbers by one of the usual schemes; the same seed gives the same numbers on every machine."""
    scheme = reading.word(node.get("init"), f"init of {what}", SCHEMES)
    if scheme is None:
        return None
    for key, _ in node.pairs:
        if key.text not in ("init", "units", "shape", *SCHEMES[scheme]):
            reading.fault(key, f"{scheme} has no setting {key.text!r}", f"it has: {', '.join(SCHEMES[scheme]) or 'none'}")
            return None
    if shape is None:
        reading.fault(
            node,
            f"how many numbers has {what}?",
            "say it in the layer: units: 100" if what != "inputs" else "say it: shape: [64, 784]",
        )
        return None
    if math.prod(shape) > MOST_NUMBERS:
        reading.fault(node, f"{what} would have {math.prod(shape):,} numbers; at most {MOST_NUMBERS:,} are possible")
        return None
    settings = {key: reading.number(node.get(key), key) for key in SCHEMES[scheme] if key != "seed" and node.get(key)}
    seed = reading.whole(node.get("seed"), "seed") if node.get("seed") else 0
    if seed is None or None in settings.values():
        return None
    if scheme == "constant" and "value" not in settings:
        reading.fault(node, "constant needs its value", "{init: constant, value: 0.5}")
        return None
    try:
        return _schemes(scheme, shape, fan, settings, seed)
    except (ValueError, OverflowError):
        reading.fault(node, "uniform needs a low that is below its high", "{init: uniform, low: -0.5, high: 0.5, seed: 7}")
        return None


def _schemes(scheme: str, shape: tuple[int, ...], fan: tuple[int, ...], settings: dict[str, Any], seed: int) -> Array:
    incoming, outgoing = fan
    if scheme in ("zeros", "constant"):
        return np.full(shape, settings.get("value", 0.0))
    draw = np.random.default_rng(seed)
    if scheme == "he":  # normal, variance 2/incoming
        return draw.normal(0.0, math.sqrt(2 / incoming), shape)
    if scheme == "xavier":  # uniform, variance 2/(incoming + outgoing)
        settings = {"high": math.sqrt(6 / (incoming + outgoing))}
    high = settings.get("high", 1 / math.sqrt(incoming))
    return draw.uniform(settings.get("low", -high), high, shape)


def _from_file(reading: Reading, node: Map, what: str, folder: str) -> Array | None:
    name = node.get("file")
    suffix = os.path.splitext(name.text)[1] if isinstance(name, Scalar) else ""
    if not isinstance(name, Scalar) or suffix not in _READERS:
        reading.fault(name or node, f"{what} can be read from .npz, .npy and .csv files, not from {kind(name or node)}")
        return None
    path = os.path.join(folder, name.text)
    try:
        if os.stat(path).st_size > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES:,} bytes")
        array = _READERS[suffix](path, reading, node)
    except FileNotFoundError:
        there = sorted(other for other in os.listdir(folder or ".") if other.endswith(suffix))[:50]
        reading.fault(
            name,
            f"there is no file {name.text!r}",
            did_you_mean(name.text, there) or "the path begins at the folder of the problem file",
        )
        return None
    except Exception as error:  # whatever the readers of NumPy and of zip archives make of broken bytes
        reading.fault(name, f"{name.text!r} cannot be read: {' '.join(str(error).split())[:120] or type(error).__name__}")
        return None
    return None if array is None else _checked(reading, name, array)


def _checked(reading: Reading, name: Scalar, array: Any) -> Array | None:
    if not np.issubdtype(array.dtype, np.number) or np.iscomplexobj(array):
        reading.fault(name, f"{name.text!r} holds {array.dtype}, not numbers")
        return None
    if not 0 < array.size <= MOST_NUMBERS:
        reading.fault(name, f"{name.text!r} holds {array.size:,} numbers; from 1 to {MOST_NUMBERS:,} are possible")
        return None
    with np.errstate(over="ignore"):
        array = array.astype(np.float64)
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        place = ",".join(str(i + 1) for i in bad[0])
        reading.fault(name, f"{name.text!r} holds {array[tuple(bad[0])]} at [{place}]", "every number of a problem is finite")
        return None
    return np.asarray(array)


def _npz(path: str, reading: Reading, node: Map) -> Array | None:
    import zipfile

    if not zipfile.is_zipfile(path):
        raise ValueError("it is no .npz file")
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
            raise ValueError(f"unpacked it has more than {MOST_BYTES:,} bytes")
    key = node.get("key")
    with np.load(path, allow_pickle=False) as arrays:
        if key is None and len(arrays.files) == 1:
            return np.asarray(arrays[arrays.files[0]])
        if isinstance(key, Scalar) and key.text in arrays.files:
            return np.asarray(arrays[key.text])
        known = ", ".join(arrays.files[:20])
        says = f"no array {kind(key)} in the file" if key else "the file holds several arrays: which one?"
        hint = did_you_mean(key.text, arrays.files) if isinstance(key, Scalar) else ""
        reading.fault(key or node, says, hint or f"it holds: {known}")
    return None


def _npy(path: str, *_: object) -> Array:
    with open(path, "rb") as file:  # np.load leaves a broken archive open
        return np.asarray(np.lib.format.read_array(file, allow_pickle=False))


def _csv(path: str, *_: object) -> Array:
    rows = []
    for count, line in enumerate(_text(path).splitlines(), 1):
        values = [number(cell.strip()) for cell in line.split(",")] if line.strip() else []
        if None in values:
            raise ValueError(f"line {count} holds {line.split(',')[values.index(None)].strip()[:40]!r}, which is no number")
        if values:
            rows.append(values)
    if len({len(row) for row in rows}) != 1:
        raise ValueError("its lines have different numbers of values" if rows else "it is empty")
    return np.array(rows, dtype=np.float64)


def _text(path: str) -> str:
    with open(path, encoding="utf-8-sig") as file:
        return file.read()


_READERS: dict[str, Callable[[str, Reading, Map], Array | None]] = {".npz": _npz, ".npy": _npy, ".csv": _csv}
