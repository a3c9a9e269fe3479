"""What wrong arrays may look like beside the true ones: transposed, a multiple, permuted, rounded; it knows no rules."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from backcheck.cells import PARAMETER
from backcheck.marking.likeness import Change, Likeness
from backcheck.marking.likenesses_of_examples import of_examples
from backcheck.roads.work import WorkedSheet
from backcheck.slips.layers import layers, seen
from backcheck.worksheet import Array


def likenesses(done: WorkedSheet, row: str, given: Array) -> Iterator[Likeness]:
    """Everything that may turn the slopes of a row into these; whether it does is for others to see."""
    true = done.array(row)
    if not given.shape and true.shape:  # a single number of the row
        yield from _multiples(done)
        return
    if given.shape != true.shape:
        yield from _of_shapes(done)
        return
    if not given.any():
        yield Likeness("not_computed", "{} {is_} all zeros", lambda _, true: np.zeros_like(true))
        return
    if true.ndim == 2:
        yield Likeness("transposed_gradient", "{} {is_} transposed", lambda _, true: true.T)
    yield from _rounded(given)
    yield from _multiples(done)
    yield from _permuted(given, true)
    yield from of_examples(done)
    yield from _other_rows(done, row)


def _of_shapes(done: WorkedSheet) -> Iterator[Likeness]:
    """What has another shape than it should."""
    yield Likeness("transposed_gradient", "{} {is_} transposed", lambda _, true: true.T)
    for one in layers(done.sheet) if done.sheet.names.output else ():
        parts = {one.db: done.array(one.dz), one.dW: done.array(one.dz)[:, :, None] * done.array(one.x)[:, None, :]}
        for name, each in parts.items():
            yield Likeness("not_summed", "{} {has} one slope for each example: they are not summed", _in_place_of(name, each))


def _in_place_of(row: str, other: Array) -> Change:
    return lambda name, true: other if name == row else true


def _rounded(given: Array) -> Iterator[Likeness]:
    """The true numbers, written with few decimals."""
    decimals = next((k for k in range(1, 9) if (given == np.round(given, k)).all()), None)
    if decimals:
        says = f"{{}} {{is_}} rounded to {decimals} decimal{'s' * (decimals > 1)}"
        yield Likeness("rounded", says, lambda _, true: np.round(true, decimals))


def _multiples(done: WorkedSheet) -> Iterator[Likeness]:
    """A constant times the truth, one that means something."""
    N = done.sheet.names.examples
    K = done.sheet.given["t"].shape[1] if done.sheet.names.output else 1
    eta = float(done.sheet.given["eta"]) if "eta" in done.sheet else 1.0
    named = [(-1.0, "sign", "{} {has} the wrong sign"), (2.0, "factor", "{} {is_} twice what it should be")]
    named += [(0.5, "factor", "{} {is_} half of what it should be")]
    named += [(N, "sum_for_mean", f"{{}} {{is_}} summed over the {N} examples, not averaged")]
    named += [(1 / N, "mean_for_sum", f"{{}} {{is_}} divided by the {N} examples once too often")]
    named += [(K, "sum_for_mean", f"{{}} {{is_}} not divided by the {K} outputs")]
    named += [(1 / K, "mean_for_sum", f"{{}} {{is_}} divided by the {K} outputs once too often")]
    named += [(eta, "rate_included", "{} {holds} the learning rate already"), (-eta, "rate_included", "{} {is_} the step −η·slope")]
    for c, (kind, says) in {c: (kind, says) for c, kind, says in reversed(named) if c != 1}.items():
        yield Likeness(kind, says, _times(c))


def _times(c: float) -> Change:
    return lambda _, true: c * true


def multiple(given: Array, true: Array) -> Iterator[Likeness]:
    """Any constant times the truth, if several numbers agree on it."""
    if given.shape == true.shape and np.count_nonzero(true) > 1:
        at = np.unravel_index(abs(true).argmax(), true.shape)
        c = float(given[at] / true[at])
        yield Likeness("factor", f"{{}} {{is_}} {c:.6g} times what it should be", _times(c))


def _permuted(given: Array, true: Array) -> Iterator[Likeness]:
    """Rows or columns in another order."""
    for axis, what in enumerate(("rows", "columns")[: true.ndim]):
        order = _order(np.moveaxis(given, axis, 0), np.moveaxis(true, axis, 0))
        if order:
            what = "numbers" if true.ndim == 1 else what
            says = f"{{}} {{has}} its {what} in the order {', '.join(str(i + 1) for i in order)}"
            size = true.shape[axis]

            def permuted(_: str, true: Array, axis: int = axis, order: list[int] = order, size: int = size) -> Array:
                return true.take(order, axis) if true.ndim > axis and true.shape[axis] == size else true

            yield Likeness("swapped_unit", says, permuted)


MOST_PERMUTED = 200


def _order(given: Array, true: Array) -> list[int]:
    """For each given row the nearest true one, if that uses every row once."""
    if not 1 < len(true) <= MOST_PERMUTED:
        return []
    apart = abs(given[:, None] - true[None]).reshape(len(true), len(true), -1).sum(-1)
    order = [int(i) for i in apart.argmin(1)]
    return order if sorted(order) == list(range(len(true))) != order else []


def _other_rows(done: WorkedSheet, row: str) -> Iterator[Likeness]:
    """The parameter itself, its new value, or the slopes of something else."""
    shape = done.array(row).shape
    of = row.partition("/d")[2]
    for prime, shown in (("", ""), ("'", "′")):
        if PARAMETER.fullmatch(of) and of + prime in done.sheet:
            yield Likeness("parameter_for_gradient", f"{{}} {{is_}} {of}{shown} itself, not its slope", _parameter(done, prime))
    for other in done.sheet.rows:
        if other.claims and other.name != row and done.array(other.name).shape == shape:
            yield Likeness("other_layer", f"{{}} {{is_}} {seen(other.name)}", _in_place_of(row, done.array(other.name)))


def _parameter(done: WorkedSheet, prime: str) -> Change:
    def parameter(row: str, true: Array) -> Array:
        name = row.partition("/d")[2] + prime
        return done.array(name) if name in done.sheet else true

    return parameter
