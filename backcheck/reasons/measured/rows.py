"""The rows of a network, and the same network with some of them changed; it knows no causes and no remedies."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from backcheck.arithmetic import number
from backcheck.catalogue import ANY_TARGETS, FUSED
from backcheck.roads.backprop import with_backward
from backcheck.roads.forward import of_outputs
from backcheck.worksheet import Array, Phase, Row, Worksheet

GIVEN, FORWARD, LOSS = Phase.GIVEN, Phase.FORWARD, Phase.LOSS


class Layer(NamedTuple):
    """The rows of one layer."""

    z: Row
    a: Row

    @property
    def W(self) -> str:
        return self.z.parents[1]

    @property
    def b(self) -> str | None:
        return self.z.parents[2] if len(self.z.parents) > 2 else None


def layers(sheet: Worksheet) -> list[Layer]:
    """The layers in order."""
    return [Layer(sheet[row.parents[0]], row) for row in sheet.in_phase(FORWARD) if row.name.startswith("a")]


def with_numbers(sheet: Worksheet, numbers: Mapping[str, Array]) -> Worksheet:
    """The same sheet from other numbers; the digits of the file no longer hold for them."""
    written = {place: text for place, text in sheet.names.written.items() if place[0] not in numbers}
    return sheet.with_given(numbers, sheet.names.with_written(written))


def loss_row(sheet: Worksheet) -> Row:
    """The loss of each example."""
    return next(row for row in sheet.rows if row.phase is LOSS)


def rebuilt(sheet: Worksheet, new: Mapping[str, Row], given: Mapping[str, Array] | None = None) -> Worksheet:
    """The sheet with some rows of the forward pass in place of the old ones, and with further given numbers."""
    rows = [new.get(row.name, row) for row in sheet.in_phase(FORWARD)]
    first = new.get(loss_row(sheet).name, of_outputs(loss_row(sheet)))
    tail = [_worked_together(sheet, rows[-1], first), *(row for row in sheet.in_phase(LOSS) if row.name != first.name)]
    numbers = {**sheet.given, **(given or {})}
    texts = [p for row in (*rows, *tail) for p in row.parents if p not in numbers and number(p) is not None]
    numbers |= {text: np.asarray(number(text), float) for text in texts}
    start = [row for row in sheet.in_phase(GIVEN) if row.name != "eta"]
    start += [Row(name, "given", (), GIVEN) for name in given or () if name not in sheet]
    start += [sheet["eta"]] if "eta" in sheet else []
    start += [Row(text, "numeral", (), GIVEN) for text in dict.fromkeys(texts)]
    return with_backward(Worksheet((*start, *rows, *tail), numbers, sheet.names, sheet.title))


def _worked_together(sheet: Worksheet, a: Row, row: Row) -> Row:
    """A loss that takes logarithms is worked from z, where its activation allows that."""
    t, kind = sheet.given["t"], f"{a.op}+{row.op}"
    if kind not in FUSED or (kind == "softmax+binary_cross_entropy" and t.shape[1] == 1):
        return row
    free = row.op == "cross_entropy" and any(math.fsum(one) != 1 for one in t)
    return Row(row.name, f"{kind}{ANY_TARGETS if free else ''}", (row.parents[0], a.parents[0], a.name, *a.parents[1:]), LOSS)
