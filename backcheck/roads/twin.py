"""A small network of the same make: the same operations in unequal widths, with two examples; it works nothing out.

What one example of a square network cannot show (a matrix transposed by mistake, a mean taken for a sum) shows here, and a
network too large for the road of symbols has its formulas checked on its twin.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from backcheck.catalogue import unit
from backcheck.cells import Names
from backcheck.worksheet import Array, Phase, Row, Worksheet

WIDTHS = (3, 2, 4, 3, 5)  # of the inputs and the layers, over and over
EXAMPLES = 2
LAYERS_ALIKE = 2  # of several layers of the same kind, so many are kept; every kind is
LETTERS = ("x", "t")


def twins(sheet: Worksheet) -> Iterator[Worksheet]:
    """Blank twins of a network, each with other numbers: some of them may lie where a formula has no value."""
    layers = _layers(sheet)
    for seed in range(8):
        yield _twin(sheet, layers, np.random.default_rng(seed))


Layer = tuple[Row, Row]  # z and a


def _layers(sheet: Worksheet) -> list[Layer]:
    """The layers worth keeping."""
    outputs = [row for row in sheet.in_phase(Phase.FORWARD) if row.name.startswith("a")]
    layers = [(sheet[a.parents[0]], a) for a in outputs]
    *hidden, last = layers
    alike: dict[tuple[str, str], list[Layer]] = {}
    for layer in hidden:
        alike.setdefault((layer[0].op, layer[1].op), []).append(layer)
    return [*(layer for kind in alike.values() for layer in kind[:LAYERS_ALIKE]), last]


def _twin(sheet: Worksheet, layers: list[Layer], draw: np.random.Generator) -> Worksheet:
    texts = dict.fromkeys([*(row.name for row in sheet.rows if row.op == "numeral"), "1", str(EXAMPLES)])
    rows: list[Row] = []
    given: dict[str, Array] = {text: np.array(float(Fraction(text))) for text in texts}
    below, width = "x", WIDTHS[0]
    given["x"] = _drawn(draw, EXAMPLES, width)
    for i, (z, a) in enumerate(layers, 1):
        op, parents = _units(a)
        wide = op.count("|") + 1 if "|" in op else WIDTHS[i % len(WIDTHS)]
        given[f"W{i}"] = _drawn(draw, wide, width)
        if z.op == "affine":
            given[f"b{i}"] = _drawn(draw, wide)
        read = (f"W{i}", f"b{i}") if z.op == "affine" else (f"W{i}",)
        rows += [Row(f"z{i}", z.op, (below, *read)), Row(f"a{i}", op, (f"z{i}", *parents))]
        below, width = f"a{i}", wide
    given["t"] = _targets(sheet, draw, width)
    rows += _loss(sheet, layers[-1], len(layers))
    start = [Row(name, "given", (), Phase.GIVEN) for name in given if sheet_like(name)]
    if "eta" in sheet:
        given["eta"] = sheet.given["eta"]
        start.append(Row("eta", "given", (), Phase.GIVEN))
    start += _tied_and_frozen(sheet, given)
    names = Names(examples=EXAMPLES, output=below)
    numerals = [Row(text, "numeral", (), Phase.GIVEN) for text in texts]
    return Worksheet((*start, *numerals, *rows), given, names, "twin of " + (sheet.title or "the network"))


def sheet_like(name: str) -> bool:
    """Whether a given row is an array of the network, and no numeral."""
    return name in LETTERS or name[0] in "Wb"


def _units(a: Row) -> tuple[str, tuple[str, ...]]:
    """The operation of a layer; of mixed units, each kind once."""
    if "|" not in a.op:
        return a.op, a.parents[1:]
    kinds = list(dict.fromkeys(unit(a.op, a.parents, j) for j in range(a.op.count("|") + 1)))
    kinds = kinds if len(kinds) > 1 else kinds * 2
    return "|".join(op for op, _ in kinds), tuple(parameter for _, (_, *parameters) in kinds for parameter in parameters)


def _drawn(draw: np.random.Generator, *shape: int) -> Array:
    """Numbers of two decimals."""
    return np.round(draw.uniform(-1, 1, shape), 2)


def _targets(sheet: Worksheet, draw: np.random.Generator, width: int) -> Array:
    """Between 0 and 1; those of an example sum to 1 where the loss counts on it."""
    targets = np.round(draw.uniform(0.1, 0.9, (EXAMPLES, width)), 2)
    loss = next(row for row in sheet.in_phase(Phase.LOSS))
    if "cross_entropy" in loss.op and "binary" not in loss.op and "any targets" not in loss.op:
        targets = np.eye(width)[draw.integers(width, size=EXAMPLES)]
    return targets


def _loss(sheet: Worksheet, last: Layer, count: int) -> list[Row]:
    """The loss of each example and of the batch; the mean where there was only one."""
    loss = next(row for row in sheet.in_phase(Phase.LOSS))
    new = {last[0].name: f"z{count}", last[1].name: f"a{count}"}
    whole = "total" if sheet["L"].op == "total" else "mean"
    parents = tuple(new.get(parent, parent) for parent in loss.parents)
    return [Row("L[n]", loss.op, parents, Phase.LOSS), Row("L", whole, ("L[n]",), Phase.LOSS)]


def _tied_and_frozen(sheet: Worksheet, given: dict[str, Array]) -> list[Row]:
    """If the network ties or freezes parameters, so does its twin, though not the same ones."""
    rows = []
    arrays = [name for name in given if name[0] in "Wb"]
    if any(row.op == "places" for row in sheet.rows):
        first, last = arrays[0], arrays[-1]
        for name in dict.fromkeys((first, last)):
            given[f"places {name}"] = np.zeros(given[name].shape)
            rows.append(Row(f"places {name}", "places", (), Phase.GIVEN))
        given[f"places {first}"].flat[0] = given[f"places {last}"].flat[-1] = 1
        given[last].flat[-1] = given[first].flat[0]
    if any(row.op == "mask" for row in sheet.rows):
        given["trainable W1"] = (np.arange(given["W1"].size) % 2).reshape(given["W1"].shape).astype(np.float64)
        rows.append(Row("trainable W1", "mask", (), Phase.GIVEN))
    return rows
