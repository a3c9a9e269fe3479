"""The mistakes people make in backpropagation, one at a time: which ones a worksheet has room for, and what follows from each.

Every mistake is an edit of one rule of the sheet, or of the same rule in all layers; families of them stand in modules of
their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.slips.at_outputs import at_outputs
from backcheck.slips.backward import of_layer
from backcheck.slips.edits import Slip, slipped, worked_with
from backcheck.slips.forward import forward, of_loss
from backcheck.slips.layers import layers
from backcheck.slips.of_paths import of_paths
from backcheck.slips.together import of_ties, of_update, over_examples
from backcheck.worksheet import Worksheet

__all__ = ["Slip", "slipped", "slips", "worked_with"]


def slips(sheet: Worksheet) -> Iterator[Slip]:
    """Every single mistake that can be made in a sheet, in the order in which it would be made.

    >>> from backcheck.api import load
    >>> sheet = load("problems/two-two-two.yaml")
    >>> slip = next(slip for slip in slips(sheet) if slip.id == "updated_weight_used")
    >>> slip.says, round(worked_with(sheet, slip)["dL/da1[1]"], 6)
    ('the new W2 is used on the way back, not the old one', 0.03023)
    """
    yield from _of_network(sheet) if sheet.names.output else of_paths(sheet)
    yield from of_update(sheet)


def _of_network(sheet: Worksheet) -> Iterator[Slip]:
    found = layers(sheet)
    for before, layer in zip([None, *found], found, strict=False):
        yield from forward(layer, before)
    yield from of_loss(sheet)
    yield from at_outputs(found[-1])
    for layer in reversed(found):
        yield from of_layer(layer, found)
    yield from over_examples(found)
    yield from of_ties(sheet)
