"""Parameters whose slope is 0 now and after every later step: what is found, and what follows from it."""

from __future__ import annotations

import numpy as np

from backcheck.reasons.conditions import conditions
from backcheck.reasons.constant import best, same_output
from backcheck.reasons.finding import HARMLESS, Finding
from backcheck.reasons.frozen_proof import proof
from backcheck.reasons.network import Flags, Network
from backcheck.reasons.parts import Part, parts
from backcheck.reasons.rules import Rules
from backcheck.reasons.still import Still, on_any_data
from backcheck.reasons.words import cells, figure, listed, numbered, told


def frozen(net: Network, rules: Rules, found: Still) -> list[Finding]:
    """What never moves; weights from inputs that are always 0, which do no harm, in a finding of their own."""
    every = parts(net, found)
    unseen = _unseen(net, rules, every)
    if all(part.unseen[part.never].all() for part in every):
        return unseen
    names = dict.fromkeys(name for part in every for name in cells(net, part.row, part.never & ~part.unseen))
    says, because = _says(net, found, every), numbered(proof(net, rules, found, every))
    return [Finding("frozen", "proven", tuple(names), says, because, _provided(net, rules, found, every)), *unseen]


def _provided(net: Network, rules: Rules, found: Still, every: list[Part]) -> tuple[str, ...]:
    free = on_any_data(net, rules).stays
    data = any(not np.array_equal(*pair) for old, new in zip(found.stays, free, strict=True) for pair in zip(old, new, strict=True))
    settles = ("the output's biases make steps small and many enough to settle; with mini-batches they only come near",)
    not_zero = any((part.layer.W if part.row[0] == "W" else part.layer.b)[part.never].any() for part in every)
    return (*conditions(net, rules, data, not_zero), *(settles if same_output(net, found) and best(net, found) is not None else ()))


def _unseen(net: Network, rules: Rules, every: list[Part]) -> list[Finding]:
    at = np.flatnonzero(every[0].unseen.any(0)).tolist()
    if not at:
        return []
    names = dict.fromkeys(cells(net, every[0].row, every[0].unseen))
    inputs = listed(f"x{k + 1}" for k in at)
    says = f"{inputs} {'are' if len(at) > 1 else 'is'} 0 in every example, so the weights from there never move; {HARMLESS}"
    lines = (
        "∂L/∂W1[j,k] = Σ ∂L/∂z1[j]·xk, summed over the examples, and here xk = 0 in every example.",
        "So the slope is 0 at every step, whatever else happens, and an update with slope 0 changes nothing.",
    )
    return [Finding("frozen", "proven", tuple(names), says, numbered(lines), conditions(net, rules, data=True, pulled=True))]


def _says(net: Network, found: Still, every: list[Part]) -> str:
    trained = _count(net, [(part.row, part.trained) for part in every])
    moving = _count(net, [(part.row, part.moving) for part in every])
    if not moving:
        none = (
            f"none of the {trained} trainable parameters ever moves" if trained > 1 else "the only trainable parameter never moves"
        )
        return f"{none}: the slope is 0 now and after every later step{_stuck(found)}"
    rows = listed(name for part in every if part.never.any() for name in told(net, part.row, part.never))
    left = listed(name for part in every if part.moving.any() for name in told(net, part.row, part.moving))
    alone = f"; {left} alone {'move' if ' and ' in left else 'moves'}" if moving < trained - moving else ""
    verb = "moves" if trained - moving == 1 else "move"
    return f"{trained - moving} of the {trained} parameters never {verb}: {rows}{alone}{_output(net, found)}"


def _count(net: Network, rows: list[tuple[str, Flags]]) -> int:
    """How many parameters; one in several places counts once."""
    places = [(net.places(row)[flags], flags) for row, flags in rows]
    tied = {group for groups, _ in places for group in groups[groups > 0].tolist()}
    return sum(int(flags.sum()) - int((groups > 0).sum()) for groups, flags in places) + len(tied)


def _stuck(found: Still) -> str:
    low, high = found.a[-1]
    still = (low == low[0, 0]).all() and (high == low[0, 0]).all()
    return f", and the output stays {figure(float(low[0, 0]))}" if still else ", and the output stays what it is"


def _output(net: Network, found: Still) -> str:
    if not same_output(net, found):
        return ""
    goal = best(net, found)
    if goal is None:
        return ", so the output is one and the same for every example"
    mean = listed(map(figure, goal.tolist()) if len(set(goal.tolist())) > 1 else [figure(float(goal[0]))])
    return f", so the output is one and the same for every example and goes to {mean}, the mean of the targets"
