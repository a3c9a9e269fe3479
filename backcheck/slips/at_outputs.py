"""The mistakes at the outputs: the slope of the loss, what the examples count, the shortcut of softmax with cross-entropy."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from backcheck.catalogue import LOSSES
from backcheck.slips.backward import elementwise
from backcheck.slips.edits import Edit, Slip, by_row, then
from backcheck.slips.forward import neighbours, swapped
from backcheck.slips.layers import Layer, seen
from backcheck.worksheet import Array, Row, Worksheet

ALIKE = {"squared_error", "half_squared_error", "mean_squared_error"}  # their slopes differ by a factor
# Activation and loss → another loss whose slope is told otherwise: y − t is f′ left out, (y − t)·y(1 − y) is f′ once more.
TOLD_OTHERWISE = {
    ("sigmoid", "half_squared_error"): "binary_cross_entropy",
    ("sigmoid", "binary_cross_entropy"): "half_squared_error",
}


def at_outputs(last: Layer) -> Iterator[Slip]:
    """Those in the first derivative that is written: ∂L/∂y, or ∂L/∂z where the loss gives it at once."""
    first, sheet = last.sheet[last.dz if last.fused else last.da], last.sheet
    name, K = seen(first.name), last.shape[0]

    def times(kind: str, says: str, c: float) -> Slip:
        return Slip(kind, says, {first.name: then(first, lambda slope: c * slope)})

    yield times("sign", f"{name} has the wrong sign, as from y − t for t − y", -1)
    yield times("factor", f"{name} is twice what it should be", 2)
    yield times("factor", f"{name} is half of what it should be", 0.5)
    if K > 2 and _loss(sheet) == "mean_squared_error":
        yield times("sum_for_mean", f"{name} is not divided by the {K} outputs", K)
    yield from _of_examples(sheet, times)
    yield from _other_losses(last)
    for j, k in neighbours(K):
        edit = _with_targets(by_row(first), swapped(j, k))
        yield Slip("swapped_unit", f"targets {j + 1} and {k + 1} are swapped in {name}", {first.name: edit})
    if last.fused:
        yield from _without_shortcut(last, first)


def _with_targets(edit: Edit, swap: Callable[[Array], Array]) -> Edit:
    return Edit(edit.parents, lambda t, *rest: edit.work(swap(t), *rest))


def _of_examples(sheet: Worksheet, times: Callable[[str, str, float], Slip]) -> Iterator[Slip]:
    """A mean over the examples for their sum, or the other way round; with one example nobody sees the difference."""
    N = sheet.names.examples
    if sheet["L"].op == "total":
        yield times("mean_for_sum", "the gradient is averaged over the examples, not summed", 1 / N)
    else:
        yield times("sum_for_mean", "the gradient is summed over the examples, not averaged", N)


def _loss(sheet: Worksheet) -> str:
    op = sheet["L[n]" if "L[n]" in sheet else "L"].op
    return op.partition("+")[2].partition(" ")[0] or op


def _other_losses(last: Layer) -> Iterator[Slip]:
    """The slope of another loss, as long as it has no parameter of its own."""
    own, sheet = _loss(last.sheet), last.sheet
    kin = (ALIKE if own in ALIKE else {own}) | {TOLD_OTHERWISE.get((last.a.op, own), own)}
    N = sheet[last.da].parents[3 if last.fused else 2]
    for loss in LOSSES:
        if loss in kin or LOSSES[loss] or (loss in ALIKE and loss != "half_squared_error"):
            continue
        rows = {last.da: by_row(Row(last.da, f"{loss}.dy", ("t", last.a.name, N)))}
        if last.fused:
            rows[last.dz] = by_row(last.chain)
        yield Slip("wrong_loss_gradient", f"the slope of the loss is that of {loss}", rows)


def _without_shortcut(last: Layer, first: Row) -> Iterator[Slip]:
    """y − t is the slope of loss and activation together: f′ is in it already, or it is worked the long way and falls out."""
    says = f"a(1 − a) is multiplied into {seen(first.name)} once more: it is in there already"
    edit = then(first, lambda slope: slope)
    twice = Edit((*edit.parents, last.a.name), lambda *read: edit.work(*read[:-1]) * read[-1] * (1 - read[-1]))
    yield Slip("derivative_twice", says, {first.name: twice})
    yield Slip("activation_derivative_missing", f"{last.prime} is missing", {last.dz: Edit((last.da,), lambda g: g)})
    if last.a.op == "softmax":
        yield elementwise(last)
