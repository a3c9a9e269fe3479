"""How the proofs call things: parameters, units and numbers, long lists shortened; it proves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from backcheck.reasons.network import Flags, Layer, Network
from backcheck.worksheet import Array

SHOWN = 6  # of a longer list only so many are named


def listed(names: Iterable[str], shown: int = SHOWN) -> str:
    """
    >>> listed(["W1", "b1", "W2"]), listed("abcdefgh", shown=3)
    ('W1, b1 and W2', 'a, b, c and 5 more')
    """
    every = list(dict.fromkeys(names))
    if len(every) > shown + 1:
        every = [*every[:shown], f"{len(every) - shown} more"]
    return f"{', '.join(every[:-1])} and {every[-1]}" if len(every) > 1 else "".join(every)


def figure(value: float) -> str:
    """
    >>> figure(0.5), figure(-2.0), figure(1 / 3)
    ('0.5', '-2', '0.333333')
    """
    return f"{value + 0.0:.6g}"


def units(layer: Layer | int, at: Sequence[int] | Flags, letter: str = "a") -> list[str]:
    """a1[2], or a1 where all units of the layer are meant."""
    number = layer if isinstance(layer, int) else layer.number
    index = np.flatnonzero(at) if isinstance(at, np.ndarray) else np.asarray(at)
    if not isinstance(layer, int) and len(index) == len(layer.W):
        return [f"{letter}{number}"]
    return [f"{letter}{number}[{j + 1}]" for j in index.tolist()]


def cells(net: Network, row: str, flags: Flags) -> list[str]:
    """The names of single parameters; a tied one may come several times."""
    places = np.argwhere(flags)
    if row in net.named_rows:
        return [net.sheet.names.cell(row, tuple(place)) for place in places.tolist()]
    pattern = f"{row}[{','.join(['%d'] * flags.ndim)}]"  # ten times as fast as asking for each name
    return [pattern % tuple(place) for place in (places + 1).tolist()]


def told(net: Network, row: str, flags: Flags) -> list[str]:
    """W1 where all of its numbers are meant, some of its rows or columns as a whole, or single names."""
    if flags.all():
        return [row]
    if flags.ndim == 1 or flags.shape[0] == 1 or flags.shape[1] == 1 or row in net.named_rows:
        return cells(net, row, flags)
    for across, what in ((flags, "row"), (flags.T, "column")):
        whole = across.all(1)
        if whole.any() and not across[~whole].any():
            return [_lines(row, what, np.flatnonzero(whole).tolist())]
    whole, also = flags.all(1), flags.all(0)
    if whole.any() and also.any() and not flags[~whole][:, ~also].any():
        return [_lines(row, what, np.flatnonzero(at).tolist()) for what, at in (("row", whole), ("column", also))]
    return cells(net, row, flags)


def _lines(row: str, what: str, at: list[int]) -> str:
    """
    >>> _lines("W1", "row", [0, 2])
    'rows 1 and 3 of W1'
    """
    return f"{what}{'s' * (len(at) > 1)} {listed(str(i + 1) for i in at)} of {row}"


def alike(values: Array) -> str:
    """What is added to a name where all numbers are one.

    >>> alike(np.array([0.5, 0.5])), alike(np.array([0.5, 1]))
    (' = 0.5', '')
    """
    return f" = {figure(float(values.flat[0]))}" if values.size and (values == values.flat[0]).all() else ""


def one_number(values: Array) -> str:
    """The same in brackets.

    >>> one_number(np.array([0.5, 0.5])), one_number(np.array([0.5, 1]))
    (' (0.5)', '')
    """
    return f" ({same.removeprefix(' = ')})" if (same := alike(values)) else ""


def numbered(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{n}. {line}" for n, line in enumerate(lines, 1))


def activation(op: str) -> str:
    """What stands before (z): relu, or the formula as the file writes it."""
    return op.partition(": ")[2] or op
