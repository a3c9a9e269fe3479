"""The mistakes in a computation graph: local partials, factors of a path, and paths that are left out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from backcheck.cells import VIA
from backcheck.formula import ONE
from backcheck.slips.edits import Edit, Slip, then
from backcheck.slips.layers import seen
from backcheck.slopes import SLOPE_BY, own_formula
from backcheck.worksheet import Phase, Row, Worksheet


def of_paths(sheet: Worksheet) -> Iterator[Slip]:
    """Those of every row of the backward pass of an expression."""
    for row in sheet.in_phase(Phase.BACKWARD):
        name = _seen(row.name)
        if row.claims:
            yield Slip("sign", f"{name} has the wrong sign", {row.name: then(row, np.negative)})
        if row.op == "g d: g*d":
            yield from _of_product(sheet, row)
        elif VIA in "".join(row.parents):
            yield from _of_sum(row)
        elif row.claims and own_formula(row.op) != own_formula(sheet[row.claims[0]].op):  # exp is its own derivative
            yield from _of_partial(row, row.claims[0])


def _seen(name: str) -> str:
    """`∂f/∂x`, of which path it may be."""
    top, _, below = name.partition("/d")
    return f"∂{top[1:]}/∂{below}" if below else seen(name)


def _of_product(sheet: Worksheet, row: Row) -> Iterator[Slip]:
    """A path is what arrives times a local partial; a 1 may be left out."""
    for at, missing in enumerate(row.parents):
        if SLOPE_BY in sheet[missing].op and own_formula(sheet[missing].op) == ONE:
            continue
        edit = Edit((row.parents[1 - at],), lambda kept: kept)
        yield Slip("factor_missing", f"the factor {_seen(missing)} is missing in {_seen(row.name)}", {row.name: edit})
    both = Edit(row.parents, np.add)
    yield Slip("added_along_path", f"the factors of {_seen(row.name)} are added, not multiplied", {row.name: both})


def _of_sum(row: Row) -> Iterator[Slip]:
    """Several paths are added."""
    for path in row.parents:
        rest = tuple(parent for parent in row.parents if parent != path)
        says = f"the path through {path.partition(VIA)[2]} is missing in {_seen(row.name)}"
        yield Slip("path_missing", says, {row.name: Edit(rest, lambda *paths: sum(paths))})
    product = Edit(row.parents, lambda *paths: np.prod(paths))
    yield Slip("paths_multiplied", f"the paths of {_seen(row.name)} are multiplied, not added", {row.name: product})


def _of_partial(row: Row, of: str) -> Iterator[Slip]:
    """The slope of one operation."""
    says = f"{of} itself stands where {_seen(row.name)} should"
    yield Slip("activation_for_derivative", says, {row.name: Edit((of,), lambda value: value)})
