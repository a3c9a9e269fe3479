"""Slopes of parameters that lack an example of the batch, or have only one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from backcheck.marking.likeness import Change, Likeness
from backcheck.roads.work import WorkedSheet
from backcheck.slips.layers import layers
from backcheck.worksheet import Array

MOST_EXAMPLES = 64


def of_examples(done: WorkedSheet) -> Iterator[Likeness]:
    """One example of the batch left out, or all but one."""
    N = done.sheet.names.examples
    if not 1 < N <= MOST_EXAMPLES:
        return
    parts = _by_examples(done)
    mean = done.sheet["L"].op == "mean"
    for n in range(N):
        yield Likeness("example_missing", f"{{}} {{lacks}} example {n + 1}", _without(parts, n, 1.0))
        if mean and N > 2:
            says = f"{{}} {{lacks}} example {n + 1}, and {{is_}} divided by {N - 1}"
            yield Likeness("example_missing", says, _without(parts, n, N / (N - 1)))
        yield Likeness("one_example", f"{{}} {{has}} only example {n + 1}", _only(parts, n, 1.0))
        if mean:
            yield Likeness("one_example", f"{{}} {{has}} only example {n + 1}, not divided by {N}", _only(parts, n, float(N)))


def _by_examples(done: WorkedSheet) -> dict[str, tuple[Array, Array | None]]:
    """For each slope of a parameter what its examples are summed from."""
    found: dict[str, tuple[Array, Array | None]] = {}
    for one in layers(done.sheet):
        found[one.dW] = done.array(one.dz), done.array(one.x)
        found[one.db] = done.array(one.dz), None
    return found


def _example(parts: dict[str, tuple[Array, Array | None]], name: str, n: int) -> Any:
    g, x = parts[name]
    return g[n] if x is None else np.outer(g[n], x[n])


def _without(parts: dict[str, tuple[Array, Array | None]], n: int, c: float) -> Change:
    return lambda name, true: c * (true - _example(parts, name, n)) if name in parts else true


def _only(parts: dict[str, tuple[Array, Array | None]], n: int, c: float) -> Change:
    return lambda name, true: c * _example(parts, name, n) if name in parts else true
