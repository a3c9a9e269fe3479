"""Which quantity of a network is the first that is no finite number; it works nothing out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from backcheck.training.machine import Machine, Workspace

Named = Iterable[tuple[str, Any]]


def in_forward(space: Workspace, places: Any) -> str | None:
    """On the way forward; where a has taken the place of z, only a z that is no number can have made it none."""
    layers = list(zip(space.machine.layers, space.z, space.a, strict=True))
    rows = [pair for layer, z, a in layers for pair in [(layer.z.name, z), (layer.a.name, a)][: 2 - (a is z)]]
    return _first(space.machine, rows, places) or (None if np.isfinite(space.losses()).all() else "L")


def in_backward(space: Workspace, places: Any) -> str | None:
    """On the way back, from the last layer to the first."""
    m = space.machine
    for layer, d in reversed(list(zip(m.layers, space.d, strict=True))):
        slopes = [(f"dL/d{name}", m.slope[name].T) for name in layer.names]
        if found := _first(m, [(f"dL/d{layer.z.name}", d)], places) or _first(m, slopes):
            return found
    return None


def in_values(m: Machine, memory: Mapping[str, Any]) -> str | None:
    """Among the parameters after an update, or in what the optimiser remembers: m(w5), v(w5)."""
    kept = [(f"{letter} {name}", m.view(array, name).T) for letter, array in memory.items() for name in m.names]
    return _first(m, [*kept, *((f"{name}'", m.value[name].T) for name in m.names)])


def _first(m: Machine, rows: Named, places: Any = None) -> str | None:
    """The first cell that is no number; `places` are the examples that the lines of the arrays belong to."""
    for row, array in rows:
        bad = np.argwhere(~np.isfinite(array))
        if len(bad):
            n, *rest = map(int, bad[0])
            return m.sheet.names.cell(row, (n if places is None else int(places[n]), *rest))
    return None
