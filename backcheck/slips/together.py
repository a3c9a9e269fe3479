"""The mistakes in what many slopes have in common: how examples and shared places are put together, and the step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from backcheck.roads.backprop import parameters
from backcheck.slips.edits import Edit, Slip, by_formula, by_row, then
from backcheck.slips.layers import Layer
from backcheck.worksheet import Row, Worksheet


def over_examples(all_layers: list[Layer]) -> Iterator[Slip]:
    """Mistakes in how the examples of a batch are put together, made in every layer alike."""
    sheet = all_layers[0].sheet
    N = sheet.names.examples
    weights = [sheet[layer.dW] for layer in all_layers]
    biases = [sheet[layer.db] for layer in all_layers if layer.b]
    if N == 1:
        return
    if sheet["L"].op == "mean":
        yield Slip("mean_twice", f"every slope is divided by the {N} examples once more", _all([*weights, *biases], 1 / N))
        if biases:
            yield Slip("mean_twice", f"the slopes of the biases are divided by the {N} examples once more", _all(biases, 1 / N))
            yield Slip("sum_for_mean", "the slopes of the biases are summed over the examples, not averaged", _all(biases, N))
            yield Slip("sum_for_mean", "the slopes of the weights are summed over the examples, not averaged", _all(weights, N))
    elif biases:
        yield Slip("mean_for_sum", "the slopes of the biases are averaged over the examples, not summed", _all(biases, 1 / N))
        yield Slip("mean_for_sum", "the slopes of the weights are averaged over the examples, not summed", _all(weights, 1 / N))
    for which, says in ((slice(-1, None), "last"), (slice(0, 1), "first")):
        yield Slip("one_example", f"only the {says} example counts in the slopes", _some([*weights, *biases], which, 1))
        if sheet["L"].op == "mean":
            rest = f"only the {says} example counts in the slopes, and it is not divided by {N}"
            yield Slip("one_example", rest, _some([*weights, *biases], which, N))


def _all(rows: list[Row], c: float) -> Mapping[str, Edit]:
    return {row.name: then(row, lambda slope: c * slope) for row in rows}


def _some(rows: list[Row], which: slice, c: float) -> Mapping[str, Edit]:
    """The same rows from some of the examples only."""

    def work(row: Row) -> Callable[..., Any]:
        right = by_row(row).work
        return lambda *parents: c * right(*(parent[which] for parent in parents))

    return {row.name: Edit(row.parents, work(row)) for row in rows}


def of_ties(sheet: Worksheet) -> Iterator[Slip]:
    """A parameter that stands in several places has the sum of its slopes, not that of one place."""
    rows = [row for row in sheet.rows if row.op == "tied"]
    if rows:
        only = {row.name: Edit(row.parents[:1], lambda part: part) for row in rows}
        yield Slip("path_missing", "every place of a shared parameter has a slope of its own: they are not summed", only)


def of_update(sheet: Worksheet) -> Iterator[Slip]:
    """Those of the step: p − η·∂p for every parameter alike, and single ones left behind."""
    moving = [row for p in parameters(sheet) if (row := sheet.by_name.get(f"{p}'")) and row.op in ("sgd", "sgd masked")]
    if not moving:
        return
    yield Slip("ascent", "the step goes up the slope: + in place of −", _moved(moving, "p + eta*dp"))
    yield Slip("rate_missing", "the learning rate is missing", _moved(moving, "p - dp"))
    yield Slip("rate_for_slope", "the new parameter is p − η, without its slope", _moved(moving, "p - eta"))
    for row in moving:
        yield Slip("not_updated", f"{row.parents[0]} is not updated", {row.name: Edit(row.parents[:1], lambda p: p)})
    for p in parameters(sheet):
        if (row := sheet.by_name.get(f"{p}'")) and row.op in ("sgd masked", "frozen"):
            slope = f"d{sheet.result}/d{p}"
            says = f"{p} is updated though {'it' if row.op == 'frozen' else 'some of it'} is frozen"
            yield Slip("frozen_updated", says, {row.name: by_formula((p, "eta", slope), "p eta dp", "p - eta*dp")})


def _moved(rows: list[Row], text: str) -> Mapping[str, Edit]:
    """Every moving parameter by another formula; what is frozen stays."""
    return {row.name: _where_trainable(row, by_formula(row.parents[:3], "p eta dp", text)) for row in rows}


def _where_trainable(row: Row, edit: Edit) -> Edit:
    if len(row.parents) == 3:
        return edit
    return Edit(row.parents, lambda p, eta, dp, mask: np.where(mask, edit.work(p, eta, dp), p))
