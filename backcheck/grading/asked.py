"""The numbers of a worksheet that can be asked for, by kind and by name; it knows no points."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from backcheck.cells import LENGTH, OF_PARAMETER, PARAMETER, Place
from backcheck.errors import Undefined
from backcheck.roads.work import HIDDEN, work
from backcheck.worksheet import Phase, Row, Worksheet


def kind_of(sheet: Worksheet, row: Row) -> str | None:
    """What sort of quantity the numbers of a row are."""
    name = row.name
    if row.op in HIDDEN or row.phase is Phase.GIVEN or name.endswith(" via"):
        return None
    if row.phase is Phase.UPDATE:
        return "updates" if name.endswith("'") else None  # m and v of an optimiser are asked for one by one
    if not sheet.names.output:
        if row.phase is not Phase.BACKWARD:
            return "values"
        of, by = row.claims or ("", "")
        return "gradients" if of == sheet.result and by in sheet and sheet[by].phase is Phase.GIVEN else "partials"
    if row.phase is Phase.LOSS:
        return "loss" if name == "L" else None
    if row.phase is Phase.FORWARD:
        return "weighted_sums" if name[0] == "z" else "activations"
    by = name.removeprefix("dL/d")
    if PARAMETER.fullmatch(by):
        return "gradients"
    return {"z": "deltas", "a": "slopes_of_activations"}.get(by[0], "input_gradients")


def of_kinds(sheet: Worksheet, kinds: Collection[str]) -> Iterator[Place]:
    """All numbers of some kinds, in order: a parameter in several places once, without what is frozen or has no value."""
    again = {place for places in sheet.names.tied.values() for place in places[1:]}
    nowhere = without_value(sheet)
    for row in sheet.rows:
        if kind_of(sheet, row) not in kinds or row.name in nowhere:
            continue
        base = _base(row.name)
        mask = sheet.given.get(f"trainable {base}")
        for index in np.ndindex(shape(sheet, row.name)):
            if (mask is None or mask[index]) and (base, index) not in again:
                yield row.name, index


def without_value(sheet: Worksheet) -> Collection[str]:
    """Partials of an expression that do not exist where it is worked."""
    if sheet.names.output:
        return ()
    try:
        return work(sheet).undefined
    except Undefined:  # nothing has a value, and whoever works the sheet is told
        return ()


def shape(sheet: Worksheet, name: str) -> tuple[int, ...]:
    """The shape of a row, without working it.

    >>> from backcheck.api import load
    >>> sheet = load("problems/softmax-batch.yaml")
    >>> shape(sheet, "dL/dW1"), shape(sheet, "z1"), shape(sheet, "L")
    ((3, 2), (4, 3), ())
    """
    base = _base(name.removesuffix(" via"))
    if base == LENGTH:
        return ()
    if base in sheet.given:
        return sheet.given[base].shape
    if not sheet.names.output or base == "L":
        return ()
    examples = sheet.names.examples
    return (examples,) if base == "L[n]" else (examples, len(sheet.given[f"W{base[1:]}"]))


def _base(name: str) -> str:
    """The row that a slope is by, or that an update or a part of one comes from; any other is its own."""
    name = name.removesuffix("'").removeprefix("dL/d")
    found = OF_PARAMETER.fullmatch(name)
    return found["of"] if found else name


def find(sheet: Worksheet, text: str) -> Place | None:
    """The number behind any of its names, given or worked; of a parameter in several places the first."""
    for row, index in sheet.names.meanings(text):
        if row in sheet and sheet[row].op not in HIDDEN and _inside(index, shape(sheet, row)):
            return sheet.names.find(sheet.names.cell(row, index)) or (row, index)
    return None


def _inside(index: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return len(index) == len(shape) and all(0 <= i < size for i, size in zip(index, shape, strict=True))


def whole(sheet: Worksheet, text: str) -> str | None:
    """The first number of the array that a name means, if it means one."""
    row = next((row for row, index in sheet.names.meanings(text) if row in sheet and not index), None)
    size = shape(sheet, row) if row and sheet[row].op not in HIDDEN else ()
    return sheet.names.cell(str(row), (0,) * len(size)) if size else None


def known_names(sheet: Worksheet, longest: int = 100) -> list[str]:
    """Names worth suggesting: every worked number of the rows that are not too long to list."""
    found = [*sheet.names.further]
    for row in sheet.rows:
        size = shape(sheet, row.name) if row.phase is not Phase.GIVEN else (0,)
        found += [sheet.names.cell(row.name, index) for index in np.ndindex(size if np.prod(size) <= longest else (0,))]
    return found
