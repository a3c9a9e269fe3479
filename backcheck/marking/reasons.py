"""Why a slip changes nothing: what is special about the numbers that it reads; it works nothing out anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from backcheck.roads.work import HIDDEN, WorkedSheet
from backcheck.slips.edits import Edit, Slip
from backcheck.slips.layers import seen
from backcheck.worksheet import Array, Phase

Test = Callable[[Array], Any]

# What an array has to be, and how that is said.
SYMMETRIC: tuple[Test, str] = (
    lambda array: array.ndim == 2 and array.shape == array.T.shape and (array == array.T).all(),
    "symmetric",
)
ALL_ONE: tuple[Test, str] = (lambda array: array.size and (array == 1).all(), "1 throughout")
ALL_ZERO: tuple[Test, str] = (lambda array: array.size and not array.any(), "0 throughout")
ALIKE: tuple[Test, str] = (
    lambda array: array.ndim == 2 and array.shape[1] > 1 and (array == array[..., :1]).all(),
    "the same for every unit",
)

REASONS: dict[str, tuple[tuple[Test, str], ...]] = {
    "transposed_weights": (SYMMETRIC,),
    "transposed_gradient": (SYMMETRIC,),
    "input_missing": (ALL_ONE,),
    "weight_missing": (ALL_ONE,),
    "rate_missing": (ALL_ONE,),
    "swapped_unit": (ALIKE,),
}


def because(right: WorkedSheet, slip: Slip) -> str:
    """`W1 is symmetric`, or nothing if the reason lies deeper."""
    sheet = right.sheet
    if slip.id in ("sum_for_mean", "mean_for_sum") and sheet.names.examples == 1:
        return "there is only one example"
    for row, edit in slip.rows.items():
        for test, says in (*REASONS.get(slip.id, ()), ALL_ZERO):
            for name in _read(right, slip, row, edit):
                if test(right.array(name)):
                    return f"{seen(name).replace('eta', 'η')} is {says}"
    return _by_activation(right, slip)


def _read(right: WorkedSheet, slip: Slip, row: str, edit: Edit) -> list[str]:
    """The rows that may be the reason: those that the sentence is about, the others, and the one that is worked."""
    sheet = right.sheet
    about = set(re.findall(r"[\w∂/]+", slip.says))
    read = [name for name in dict.fromkeys((*sheet[row].parents, *edit.parents)) if sheet[name].op not in HIDDEN]
    if sheet[row].phase is Phase.UPDATE:
        return [name for name in read if name == "eta" or sheet[name].claims]
    return [*sorted(read, key=lambda name: seen(name) not in about), row]


def _by_activation(right: WorkedSheet, slip: Slip) -> str:
    """f(z) = z wherever it is worked, or f′(z) = 1."""
    if slip.id not in ("activation_missing", "z_for_a", "activation_derivative_missing", "derivative_at_a"):
        return ""
    touched = {*slip.rows, *(parent for edit in slip.rows.values() for parent in edit.parents)}
    for a in right.sheet.in_phase(Phase.FORWARD):
        z = a.parents[0]
        layer = {a.name, z, f"dL/d{z}"} if a.name.startswith("a") and a.op != "identity" else set()
        if layer & touched and (right.array(a.name) == right.array(z)).all():
            return f"{a.name} = {z} everywhere"
    return ""
