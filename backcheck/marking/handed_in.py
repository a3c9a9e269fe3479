"""Arrays that somebody's code has worked out, by the names of the slopes they are meant to be; it judges no number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from backcheck.cells import Index
from backcheck.errors import BadArgument, NoSuchQuantity, did_you_mean
from backcheck.roads.work import WorkedSheet
from backcheck.worksheet import Array, Phase, Worksheet

# How names of slopes begin in code, and what they are slopes by.
PREFIXES = {"dL/d": "", "dC/d": "", "dE/d": "", "grad_": "", "d_": "", "d": "", "delta": "z"}
EPS = float(np.finfo(np.float64).eps)


class HandedIn(NamedTuple):
    """One array, or one number: `place` is None for a whole row."""

    given_as: str
    name: str  # as the sheet calls it
    row: str
    place: Index | None
    array: Array
    eps: float  # of the numbers it was worked with

    def of(self, whole: Array) -> Array:
        """What of a row this is about."""
        return whole if self.place is None else np.asarray(whole[self.place])


def handed_in(done: WorkedSheet, gradients: Mapping[str, Any]) -> list[HandedIn]:
    """Every array under the name of its slope, in the order of the backward pass."""
    if not isinstance(gradients, Mapping):
        raise BadArgument(f"gradients come by name, as in {{'W1': dW1, 'b1': db1}}, not as {type(gradients).__name__}")
    found = [_one(done, name, value) for name, value in gradients.items()]
    seen: dict[tuple[str, Index | None], str] = {}
    for one in found:
        if (before := seen.setdefault((one.row, one.place), one.given_as)) != one.given_as:
            raise BadArgument(f"{before!r} and {one.given_as!r} are both {one.name}: give it once")
    order = {name: at for at, name in enumerate(backward_order(done.sheet))}
    return sorted(found, key=lambda one: (order[one.row], one.place or ()))


def backward_order(sheet: Worksheet) -> list[str]:
    """The claimed slopes as they are worked, from the result back; that of a shared parameter stands where its first part does."""
    order: list[str] = []
    for row in sheet.in_phase(Phase.BACKWARD):
        name = row.name.removesuffix(" via")
        if name not in order and name in sheet and sheet[name].claims:
            order.append(name)
    return order


def _one(done: WorkedSheet, name: str, value: Any) -> HandedIn:
    if not isinstance(name, str):
        raise BadArgument(f"gradients come by name, as in {{'W1': dW1}}, not by {name!r}")
    array, eps = _numbers(name, value)
    row, index = _place(done, name, array.ndim)
    shown = row if index is None else done.sheet.names.cell(row, index)
    if index is not None and array.size == 1:
        array = array.reshape(())
    if index is None and array.ndim == 2 and 1 in array.shape and done.array(row).shape == (array.size,):
        array = array.reshape(-1)  # the slopes of biases as one row or one column
    return HandedIn(name, shown, row, index, array, eps)


def _numbers(name: str, value: Any) -> tuple[Array, float]:
    """The numbers as they are, and the precision that their kind can claim."""
    try:
        array = np.asarray(value)
    except Exception as error:  # whatever another library makes of being turned into an array
        says = " ".join(str(error).split())[:160] or type(error).__name__
        raise BadArgument(f"{name!r} cannot be read as an array: {says}") from None
    if array.dtype.kind not in "fiu":
        raise BadArgument(f"{name!r} holds {array.dtype}, not numbers: give an array of floats")
    eps = max(EPS, float(np.finfo(array.dtype).eps)) if array.dtype.kind == "f" else EPS
    with np.errstate(over="ignore"):
        return array.astype(np.float64), max(eps, _stored_wider(array))


def _stored_wider(array: Any) -> float:
    """Numbers that were worked in single precision and stored in double have no more digits than before."""
    if array.dtype != np.float64:
        return EPS
    finite = array[np.isfinite(array)]
    with np.errstate(all="ignore"):
        single = (finite == finite.astype(np.float32)).all() and (finite != np.round(finite, 3)).any()
    return float(np.finfo(np.float32).eps) if single else EPS


def _place(done: WorkedSheet, name: str, ndim: int) -> tuple[str, Index | None]:
    """The row, and the index if it is about one number; `b1` may be an array's name and a number's own name at once."""
    row, index = _whole(done.sheet, name), _single(done, name)
    if row and (index is None or ndim > 0):
        return row, None
    if index:
        return index
    if row:
        return row, None
    slopes = [row.partition("/d")[2] for row in backward_order(done.sheet)]
    hint = did_you_mean(name, [*slopes, *(f"d{done.sheet.result}/d{of}" for of in slopes), *done.sheet.names.places])
    raise NoSuchQuantity(f"{name!r} is no slope of this sheet; {hint or 'it has those of ' + ', '.join(slopes[:20])}")


def _whole(sheet: Worksheet, name: str) -> str:
    """`W1`, `dW1`, `grad_W1`, `dL/dW1`, `delta2` → the row of that slope, or nothing."""
    result = sheet.result
    bare = name.replace("∂", "d").replace(" ", "").replace("δ", "delta")
    tries = [bare, f"d{result}/d{bare}"]
    for start, of in PREFIXES.items():
        if bare.startswith(start):
            tries.append(f"d{result}/d{of}{bare[len(start) :]}")
    return next((row for row in tries if row in sheet and sheet[row].claims), "")


def _single(done: WorkedSheet, name: str) -> tuple[str, Index] | None:
    """`w5`, `W1[1,2]`, `dL/dw5` → the place of that slope, or None."""
    result = done.sheet.result
    for text in (name, f"d{result}/d{name}"):
        try:
            row, index = done.locate(text)
        except NoSuchQuantity:
            continue
        if done.sheet[row].claims:
            return row, index
    return None
