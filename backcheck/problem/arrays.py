"""Arrays that are not typed into the problem: from files beside it, or drawn by seed; it knows no networks."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np

from backcheck.catalogue import SCHEMES
from backcheck.problem.packed import MOST_NUMBERS
from backcheck.problem.reading import Reading
from backcheck.problem.text import Map
from backcheck.worksheet import Array

BESIDES = {"init": ("init", "seed", "low", "high", "value", "units", "shape"), "file": ("file", "key", "scale")}


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
    if source == "file":
        return cast("Array | None", reading.once(node, lambda: _from_file(reading, node, what, folder)))
    return _drawn(reading, node, what, shape, fan)


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


def scale_of(reading: Reading, node: Map) -> float | None:
    """`scale: 1/255`, by which every number of a file is multiplied; 1 unless told."""
    scale = reading.number(node.get("scale"), "scale") if node.get("scale") else 1.0
    if scale == 0:
        reading.fault(node.get("scale") or node, "scale should not be 0", "everything is multiplied by it: scale: 1/255")
        return None
    return scale


def _from_file(reading: Reading, node: Map, what: str, folder: str) -> Array | None:
    name, scale = node.get("file"), scale_of(reading, node)
    if name is None or scale is None:
        return None
    from backcheck.problem.array_files import Source

    return Source(reading, what, folder).array(name, node.get("key"), scale)
