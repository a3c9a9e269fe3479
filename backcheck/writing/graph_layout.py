"""Places for the nodes of a graph: layers by longest path, few crossings, centres in a row; it knows no numbers and no ink."""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

Layers = tuple[tuple[str, ...], ...]  # names, and free places where a wire passes a layer
Wires = dict[str, list[str]]  # slot → the slots it is joined to in the next layer, or in the one before
SWEEPS = 12


def layered(parents: dict[str, tuple[str, ...]], result: str) -> tuple[Layers, dict[tuple[str, str], tuple[str, ...]]]:
    """The layers of a graph, and the way of each edge through them; `parents` is in the order of evaluation.

    >>> layered({"x": (), "y": (), "h1": ("x", "y"), "f": ("h1", "x")}, "f")[0]
    (('x', 'y'), ('x → 1', 'h1'), ('f',))
    """
    at = _layer_of(parents)
    routes = {(v, node): (v, *(f"{v} → {i}" for i in range(at[v] + 1, at[node])), node) for node in parents for v in parents[node]}
    layers: list[list[str]] = [[] for _ in range(max(at.values()) + 1)]
    for name in _walk(parents, result):
        for i, slot in enumerate(dict.fromkeys(s for (v, _), route in routes.items() if v == name for s in route[:-1])):
            layers[at[name] + i].append(slot)
        if not any(v == name for v, _ in routes):
            layers[at[name]].append(name)
    return _untangled(layers, *wires(routes.values())), routes


def wires(routes: Iterable[tuple[str, ...]]) -> tuple[Wires, Wires]:
    """Every piece of a wire, by its upper end and by its lower end."""
    below: Wires = {}
    above: Wires = {}
    pieces = dict.fromkeys(piece for route in routes for piece in pairwise(route))
    for upper, lower in pieces:
        below.setdefault(upper, []).append(lower)
        above.setdefault(lower, []).append(upper)
    return below, above


def _layer_of(parents: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """The longest way from a variable; then every node that is read moves up to just before its first reader."""
    at: dict[str, int] = {}
    for name, read in parents.items():
        at[name] = 1 + max((at[v] for v in read), default=-1)
    for name in reversed(parents):
        readers = [at[node] for node, read in parents.items() if name in read]
        at[name] = min(readers) - 1 if readers else at[name]
    return at


def _walk(parents: dict[str, tuple[str, ...]], result: str) -> list[str]:
    """Every node, each after its parents from left to right: an order in which a tree has no crossings."""
    seen: dict[str, None] = {}
    pending = [*reversed(parents), result]
    while pending:
        name = pending[-1]
        waiting = [v for v in parents[name] if v not in seen]
        if waiting:
            pending.append(waiting[0])
        else:
            seen[pending.pop()] = None
    return list(seen)


def _untangled(layers: list[list[str]], below: Wires, above: Wires) -> Layers:
    """The order with the fewest crossings met in sweeps down and up, each layer sorted by the mean place of its neighbours."""
    best, fewest = [list(layer) for layer in layers], _crossings(layers, below)
    for sweep in range(SWEEPS if fewest else 0):
        down = sweep % 2 == 0
        for i in range(1, len(layers)) if down else range(len(layers) - 2, -1, -1):
            _sort(layers[i], layers[i - 1 if down else i + 1], above if down else below)
        count = _crossings(layers, below)
        if count < fewest:
            best, fewest = [list(layer) for layer in layers], count
    return tuple(map(tuple, best))


def _sort(layer: list[str], fixed: list[str], joined: Wires) -> None:
    """Sorts a layer by the mean place of the neighbours in a fixed one; who has none stays where it is."""
    at = {slot: i for i, slot in enumerate(fixed)}
    key = {slot: float(i) for i, slot in enumerate(layer)}
    for slot in layer:
        if slot in joined:
            key[slot] = sum(at[other] for other in joined[slot]) / len(joined[slot])
    layer.sort(key=key.__getitem__)


def _crossings(layers: list[list[str]], below: Wires) -> int:
    """How many pairs of wires cross: the inversions between neighbouring layers."""
    count = 0
    for upper, lower in pairwise(layers):
        at, ends = {slot: i for i, slot in enumerate(lower)}, list[int]()
        for slot in upper:
            for end in sorted(at[other] for other in below.get(slot, ())):
                count += len(ends) - bisect(ends, end)
                insort(ends, end)
    return count


Extents = Mapping[str, tuple[float, float]]  # how far a slot reaches before and after its centre


def centres(layers: Layers, joined: tuple[Wires, Wires], extents: Extents, gap: float, room: float) -> dict[str, float]:
    """Where every slot stands in its layer, near the middle of its neighbours, without overlaps and within the room."""
    at: dict[str, float] = {}
    for layer in layers:
        at.update(_spread([0.0] * len(layer), layer, extents, gap, room))
    for sweep in range(2 * SWEEPS + 1):
        nearest = joined[1 - sweep % 2]
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = [_mean([at[other] for other in nearest.get(slot, (slot,))]) for slot in layer]
            at.update(_spread(wanted, layer, extents, gap, room))
    return at


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def _spread(wanted: list[float], layer: tuple[str, ...], extents: Extents, gap: float, room: float) -> Iterator[tuple[str, float]]:
    """The centres nearest to those wanted, by least squares, that keep their order and the gap: a monotone regression."""
    shifts = [extents[layer[0]][0]]
    for left, right in pairwise(layer):
        shifts.append(shifts[-1] + extents[left][1] + gap + extents[right][0])
    last = max(0.0, room - shifts[-1] - extents[layer[-1]][1])
    level = _monotone([want - shift for want, shift in zip(wanted, shifts, strict=True)])
    for slot, shift, base in zip(layer, shifts, level, strict=True):
        yield slot, shift + min(max(base, 0.0), last)


def _monotone(numbers: list[float]) -> list[float]:
    """The nearest sequence that never falls: neighbours in the wrong order are pooled.

    >>> _monotone([1, 3, 2, 4])
    [1.0, 2.5, 2.5, 4.0]
    """
    pools: list[tuple[float, int]] = []
    for number in numbers:
        pools.append((float(number), 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (high, many), (low, more) = pools[-2], pools.pop()
            pools[-1] = ((high * many + low * more) / (many + more), many + more)
    return [mean for mean, count in pools for _ in range(count)]
