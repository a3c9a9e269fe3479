"""What is done to slopes before an update: ties summed, penalties added, frozen ones zeroed, all clipped; it moves nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from backcheck.training.in_place import Statement
from backcheck.training.machine import Machine
from backcheck.training.plan import Penalty, Plan


def together(m: Machine, plan: Plan, part: slice, s: Any) -> list[Statement]:
    """The statements for a part of the parameters, in the order in which they are worked; s is scratch paper."""
    w, g = m.values[part], m.slopes[part]
    found: list[Statement] = [_tied(g, m.groups[part])] if m.groups[part].any() else []
    if plan.l1:
        found += [partial(np.sign, w, s), *_added(g, _strength(m, plan.l1, part), s)]
    if plan.l2:
        found += [partial(np.copyto, s, w), *_added(g, (1 if plan.l2.half else 2) * _strength(m, plan.l2, part), s)]
    if not m.trainable[part].all():
        found.append(partial(np.multiply, g, m.trainable[part], g))
    return found + (_clipped(g, m.groups[part], plan.clip.name, plan.clip.settings["limit"]) if plan.clip else [])


def _strength(m: Machine, penalty: Penalty, part: slice) -> Any:
    """λ for each parameter that the penalty is of, and 0 for the others; one that is a weight in any of its places is a weight."""
    whole = m.flat({name: penalty.strength if name[0] == "W" or penalty.biases else 0.0 for name in m.names})
    if m.groups.any():
        largest = np.zeros(m.groups.max() + 1)
        np.maximum.at(largest, m.groups, whole)
        whole = np.where(m.groups > 0, largest[m.groups], whole)
    return whole.astype(m.dtype)[part]


def _added(g: Any, strength: Any, s: Any) -> list[Statement]:
    """g + λ·s"""
    return [partial(np.multiply, s, strength, s), partial(np.add, g, s, g)]


def _tied(g: Any, groups: Any) -> Statement:
    """Every place of a tied parameter gets the sum over its places."""
    places = np.flatnonzero(groups)
    group = groups[places]

    def summed() -> None:
        g[places] = np.bincount(group, weights=g[places])[group]

    return summed


def _clipped(g: Any, groups: Any, kind: str, limit: float) -> list[Statement]:
    if kind == "value":
        return [partial(np.clip, g, -limit, limit, g)]
    first = np.unique(groups, return_index=True)[1]
    once = np.union1d(np.flatnonzero(groups == 0), first) if groups.any() else slice(None)  # what is tied is one parameter

    def shortened() -> None:
        largest = float(np.abs(g[once]).max())
        if not 0 < largest < np.inf:
            return
        part = g[once] / g.dtype.type(largest)  # whose squares are numbers
        length = largest * float(np.sqrt(np.vdot(part, part)))
        if length > limit:
            np.multiply(g, limit / length, g)

    return [shortened]
