"""Claims that follow from what never moves and from what stays equal; it trains nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from backcheck.cells import PARAMETER
from backcheck.problem.claims import Part, Sentence
from backcheck.reasons.dead import dead
from backcheck.reasons.finding import Claim, Finding
from backcheck.reasons.network import Flags
from backcheck.reasons.proven import Held, has_numbers, held, proven
from backcheck.roads.work import WorkedSheet, work
from backcheck.training.examples import split
from backcheck.training.plan import Plan
from backcheck.worksheet import Array, Worksheet

NEVER = "it is frozen, or its slope is 0 now and after every later step, or it is worked from such numbers: it never changes"
ALIKE = "equal at the start and treated alike by every update: by induction equal for ever, but for the rounding of sums"
FINDING = {"equal": "identical_units", "dead": "dead_units", "constant": "frozen"}  # where a proof in lines may stand


class Settled:
    """What never changes, of parameters and of what is worked from them."""

    def __init__(self, sheet: Worksheet, plan: Plan) -> None:
        self.sheet, self.plan = sheet, plan

    @cached_property
    def held(self) -> Held:
        return held(self.sheet, self.plan)

    @cached_property
    def findings(self) -> list[Finding]:
        return proven(self.sheet, self.plan)

    @cached_property
    def start(self) -> WorkedSheet:
        """What the run begins with, over all examples of the file."""
        return work(self.sheet)

    @cached_property
    def loss(self) -> Array:
        """L at the start: that of the examples that are trained on."""
        learnt_from, _ = split(self.sheet, self.plan)
        x, t = (np.asarray(array, np.float64) for array in (learnt_from.x, learnt_from.t))
        return work(self.sheet.with_given({"x": x, "t": t}, self.sheet.names)).array("L")

    @cached_property
    def has_numbers(self) -> bool:
        return has_numbers(self.sheet)

    def values(self, part: Part) -> Array:
        """What a part begins with."""
        return self.loss if part.row == "L" else np.asarray(self.start.array(part.row)[part.at])

    @cached_property
    def rows(self) -> dict[str, Flags]:
        """Of every row, which of its numbers never change.

        A sum never changes if its bias stays and every term is 0 for ever, or a weight that stays times 0 or what never changes.
        """
        found: dict[str, Flags] = {}
        net, still = self.held.net, self.held.still
        below, zero, examples = np.ones(net.x.shape[1], bool), (net.x == 0).all(0), len(net.x)
        for layer, stays, z, a, never in zip(net.layers, still.stays, still.z, still.a, dead(net, still), strict=True):
            l = layer.number
            sums = ((stays.W & ((layer.W == 0) | below)) | zero).all(1) & stays.b
            outputs = sums | never | z.zero.all(0)
            if layer.whole:
                outputs = np.full(len(outputs), outputs.all() or (len(outputs) == 1 and layer.kinds[0].op == "softmax"))
            found |= {f"W{l}": stays.W, f"b{l}": stays.b}
            found |= {f"z{l}": np.tile(sums, (examples, 1)), f"a{l}": np.tile(outputs, (examples, 1))}
            below, zero = outputs, a.zero.all(0)
        return found | {"L": np.asarray(below.all())}

    def never_change(self, told: Sentence) -> bool:
        """Whether no number that a claim is about ever changes."""
        return all(bool(np.all(self.rows[part.row][part.at])) for part in told.parts)

    def same_for_ever(self, one: Part, other: Part) -> bool:
        """Two units of the same class, or two parameters that start equal between units of the same classes."""
        if one.row != other.row or len(one.index) != len(other.index) or not one.index:
            return False
        if PARAMETER.fullmatch(one.row):
            return self._equal_parameters(one, other)
        classes = self.held.twins.activation[int(one.row[1:])]
        return one.index[0] == other.index[0] and bool(classes[one.index[1]] == classes[other.index[1]])

    def _equal_parameters(self, one: Part, other: Part) -> bool:
        net, twins, row, l = self.held.net, self.held.twins, one.row, int(one.row[1:])
        values, places = self.start.array(row), net.places(row)
        masks = np.asarray(self.sheet.given.get(f"trainable {row}", np.ones(values.shape)))
        if any(array[one.at] != array[other.at] for array in (values, masks, places)):
            return False
        if places[one.at]:  # two places of one parameter
            return True
        ends = [(twins.activation[l], 0), (twins.delta[l - 1], 0), *([(twins.activation[l - 1], 1)] if row[0] == "W" else [])]
        return all(bool(classes[one.index[at]] == classes[other.index[at]]) for classes, at in ends)


def proof(told: Sentence, settled: Settled) -> Claim | None:
    """The claim as proven, if it can be."""
    if told.what not in PROOFS or settled.held.rules.divides_by_zero or not settled.has_numbers:
        return None
    reason = PROOFS[told.what](told, settled)
    return Claim(told.says, "proven", because=(reason, *_lines(told, settled))) if reason else None


def _lines(told: Sentence, settled: Settled) -> tuple[str, ...]:
    """The proof of the finding that says the same, if there is one."""
    about = {part.called for part in told.parts}
    same = [found for found in settled.findings if found.id == FINDING.get(told.what) and about <= set(found.cells)]
    return same[0].because if same else ()


def _never(told: Sentence, settled: Settled) -> str:
    return NEVER if settled.never_change(told) else ""


def _by_start(holds: Callable[[Sentence, Array], bool]) -> Callable[[Sentence, Settled], str]:
    """What holds at the start, of numbers that never change."""

    def found(told: Sentence, settled: Settled) -> str:
        if not settled.never_change(told) or not all(holds(told, settled.values(part)) for part in told.parts):
            return ""
        return f"{NEVER}; and it holds at the start"

    return found


def _equal(told: Sentence, settled: Settled) -> str:
    first, *others = told.parts
    if all(settled.same_for_ever(first, other) for other in others):
        return ALIKE
    same = all(np.array_equal(settled.values(first), settled.values(other)) for other in others)
    return f"{NEVER}; and they are equal at the start" if same and settled.never_change(told) else ""


def _dead(told: Sentence, settled: Settled) -> str:
    flags = dead(settled.held.net, settled.held.still)
    every = all(flags[int(part.row[1:]) - 1][part.index[1]] for part in told.parts)
    return "z ≤ 0 in every example, now and for ever" if every else ""


PROOFS: dict[str, Callable[[Sentence, Settled], str]] = {
    "equal": _equal,
    "constant": _never,
    "never_falls": _never,
    "never_rises": _never,
    "stays": _by_start(lambda told, values: bool((abs(values - told.number) <= told.give).all())),
    "below": _by_start(lambda told, values: bool((values < told.number).all())),
    "above": _by_start(lambda told, values: bool((values > told.number).all())),
    "dead": _dead,
}
