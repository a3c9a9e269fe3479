"""Which parameters never move, whatever the others do: the largest set that holds itself still; it writes no sentences.

Assume that a set of parameters stays where it is. If then the slope of each of them is 0 in every example, whatever the
others are, it does stay: by induction over the updates. What fails is taken out of the set, until nothing fails.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backcheck.reasons.backward import backward, product_zero
from backcheck.reasons.bounds import Assumed, Span, forward
from backcheck.reasons.network import Flags, Layer, Network
from backcheck.reasons.rules import Rules
from backcheck.worksheet import Array

FEW = 64  # examples that are looked at first: what moves by them is not looked at again


class Still(NamedTuple):
    """What holds at the start and after every later step, in every example."""

    stays: list[Assumed]
    z: list[Span]
    a: list[Span]
    arriving_zero: list[Flags]  # ∂L/∂a is 0, by example and unit
    delta_zero: list[Flags]  # ∂L/∂z is 0


def still(net: Network, rules: Rules) -> Still:
    """The largest set of parameters that holds itself still.

    >>> from backcheck.api import load
    >>> from backcheck.reasons.network import network
    >>> from backcheck.reasons.rules import rules
    >>> from backcheck.training.plan import Plan
    >>> found = still(network(load("problems/xor-all-zeros.yaml"), Plan()), rules(Plan(), 0.1))
    >>> [(bool(stays.W.all()), bool(stays.b.all())) for stays in found.stays]
    [(True, True), (True, False)]
    """
    assumed = [_first(net, layer, rules) for layer in net.layers]
    if len(net.x) > FEW:
        few = net.x[:: len(net.x) // FEW + 1]
        found = _settled(net, Span(few, few), assumed)
        if not _is_anything(net, found, few):
            return found._replace(stays=_unseen_only(net, found))
        assumed = found.stays
    return _settled(net, Span(net.x, net.x), assumed)


def on_any_data(net: Network, rules: Rules) -> Still:
    """The same, if nothing is known of the inputs."""
    anything = np.full((1, net.x.shape[1]), np.inf)
    return _settled(net, Span(-anything, anything), [_first(net, layer, rules) for layer in net.layers])


def _is_anything(net: Network, found: Still, few: Array) -> bool:
    """Whether some examples alone leave a unit without effect, or a parameter where it is for another reason than an input of 0."""
    quiet = any(units.all(0).any() for units in (*found.delta_zero, *(a.zero for a in found.a)))
    seen = [(few != 0).any(0), *(np.ones(layer.W.shape[1], bool) for layer in net.layers[1:])]
    return quiet or any(
        (stays.W & layer.trains_weights & at).any() or (stays.b & layer.trains_biases).any() or _is_tied(net, layer)
        for layer, stays, at in zip(net.layers, found.stays, seen, strict=True)
    )


def _is_tied(net: Network, layer: Layer) -> bool:
    return any(f"places {row}" in net.sheet.given for row in layer.rows)


def _unseen_only(net: Network, found: Still) -> list[Assumed]:
    """Where inputs of 0 are all that keeps a weight from moving, those that are 0 in every example."""
    first, *others = found.stays
    seen = net.layers[0].trains_weights & (net.x != 0).any(0)
    return [first._replace(W=first.W & ~seen, shrinks_weights=first.shrinks_weights & ~seen), *others]


def _first(net: Network, layer: Layer, rules: Rules) -> Assumed:
    """What may stay: all that is frozen, or that no penalty pulls at."""
    tied = [net.places(row) > 0 for row in layer.rows]
    pulls = rules.pulls_weights, rules.pulls_biases
    if any(places.any() for places in tied):  # a weight may be a bias as well
        pulls = (any(pulls), any(pulls))
    W = ~layer.trains_weights | (layer.W == 0) | (not pulls[0])
    b = ~layer.trains_biases | (layer.b == 0) | (not pulls[1])
    return Assumed(W, b, ~W & ~tied[0] & rules.evenly, ~b & ~tied[-1] & rules.evenly if layer.has_biases else ~b)


def _settled(net: Network, x: Span, assumed: list[Assumed]) -> Still:
    while True:
        spans = forward(net, x, assumed)
        arriving, delta = backward(net, spans, assumed)
        kept = _kept(net, x, assumed, [a for _, a in spans], delta)
        if all(np.array_equal(*pair) for old, new in zip(assumed, kept, strict=True) for pair in zip(old, new, strict=True)):
            return Still(assumed, [z for z, _ in spans], [a for _, a in spans], arriving, delta)
        assumed = kept


def _kept(net: Network, x: Span, assumed: list[Assumed], a: list[Span], delta: list[Flags]) -> list[Assumed]:
    """What of the assumption follows from it: the slopes that are 0 in every example."""
    sources = [x.zero, *(span.zero for span in a[:-1])]
    moves: dict[str, Flags] = {}
    for layer, source, units in zip(net.layers, sources, delta, strict=True):
        moves |= {f"W{layer.number}": layer.trains_weights & ~product_zero(~units.T, ~source)}
        moves |= {f"b{layer.number}": layer.trains_biases & ~units.all(0)}
    _move_together(net, moves)
    return [
        Assumed(*(flags & ~moves[f"{row}{layer.number}"] for flags, row in zip(stays, "WbWb", strict=True)))
        for layer, stays in zip(net.layers, assumed, strict=True)
    ]


def _move_together(net: Network, moves: dict[str, Flags]) -> None:
    """A parameter in several places moves if its slope in one of them is not 0."""
    rows = [row for layer in net.layers for row in layer.rows if f"places {row}" in net.sheet.given]
    groups = {group for row in rows for group in net.places(row)[moves[row]].tolist()} - {0}
    for row in rows:
        moves[row] = moves[row] | np.isin(net.places(row), list(groups))
