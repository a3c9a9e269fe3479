"""The section `claims:` of a problem file: sentences about a training, read by a small table of forms; it judges none.

A sentence is a subject and what is said of it:

    units 1 and 2 [of layer 2] · unit 3 · the output · output 2 · the loss · layer 1 · W1 · w5 · a2[1] · W1 and b1
    … stay equal · never change · stays 0.5 · stays below 1 · stays above 0 · never falls · never rises
    … falls below 0.1 · rises above 2 · is dead

Layer 1 is meant where no layer is named; a name of one unit without an example means that unit in every example.
`stays 0` means 0 itself, `stays 0.50` anything that is written so with two decimals.
"""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

import numpy as np

from backcheck.arithmetic import NUMBER, number
from backcheck.cells import PARAMETER, PER_EXAMPLE
from backcheck.errors import did_you_mean
from backcheck.problem.reading import Reading
from backcheck.problem.text import Node, Scalar, kind
from backcheck.worksheet import Worksheet

MOST, LONGEST = 100, 400
VALUE = rf"(?P<number>[-+−]?{NUMBER}(?:/{NUMBER})?)"
STAY = r"(?:stays?|remains?|is always|are always|keeps?)"
# what is said → how it may be written; the first form that fits is meant
FORMS: tuple[tuple[str, str], ...] = (
    ("equal", rf"(?:{STAY}|is|are) (?:always )?(?:equal|identical|alike|twins)"),
    ("constant", rf"(?:never (?:changes?|moves?)|do(?:es)? not (?:change|move)|{STAY} the same|(?:{STAY}|is|are) frozen)"),
    ("never_falls", r"never (?:falls?|sinks?|decreases?)"),
    ("never_rises", r"never (?:rises?|grows?|increases?)"),
    ("falls_below", rf"(?:falls?|sinks?|drops?|comes?|gets?) (?:below|under) {VALUE}"),
    ("rises_above", rf"(?:rises?|grows?|climbs?|comes?|gets?) (?:above|over) {VALUE}"),
    ("below", rf"{STAY} (?:below|under) {VALUE}"),
    ("above", rf"{STAY} (?:above|over) {VALUE}"),
    ("stays", rf"(?:{STAY}|is|are) (?:at )?{VALUE}"),
    ("dead", rf"(?:(?:{STAY}|is|are) dead|never fires?)"),
)
COMPILED = tuple((what, re.compile(rf"(?P<subject>.+?) +{form}\.?", re.IGNORECASE)) for what, form in FORMS)
EXAMPLES = (
    "units 1 and 2 stay equal", "W1 never changes", "the output stays 0", "L never falls", "the loss falls below 0.1",
    "the loss rises above 2", "b1 stays 0", "w5 stays below 1", "unit 1 is dead", "the loss never rises",
)  # fmt: skip
WAY_OUT = "for instance: " + "; ".join(EXAMPLES[:5]) + "; unit 1 is dead"
COUNTS = r"[0-9]{1,6}(?:(?:,? and |, ?)[0-9]{1,6})*"
UNITS = re.compile(rf"(?:the )?(?:hidden )?units? (?P<units>{COUNTS})(?: (?:of|in) layer (?P<layer>[0-9]{{1,3}}))?", re.IGNORECASE)
OUTPUT = re.compile(r"(?:the )?outputs?(?: (?P<unit>[0-9]{1,6}))?", re.IGNORECASE)
LAYER = re.compile(r"(?:(?:the )?(?P<part>weights|biases) (?:of|in) )?layer (?P<layer>[0-9]{1,3})", re.IGNORECASE)
LOSS = re.compile(r"the loss", re.IGNORECASE)
AND = re.compile(r",? and |, *(?![^\[]*\])", re.IGNORECASE)  # the comma of W1[1,2] does not part


Where = tuple[Any, ...]  # whole numbers, and None for everything


class Part(NamedTuple):
    """Numbers of one row: all of them, or those at an index."""

    row: str
    index: Where  # type: ignore[assignment]  # a tuple has a method of that name, which nobody needs
    called: str

    @property
    def at(self) -> tuple[int | slice, ...]:
        """The index as NumPy takes it."""
        return tuple(slice(None) if i is None else i for i in self.index)


class Sentence(NamedTuple):
    """One claim, read."""

    says: str
    what: str  # equal, constant, stays, …
    parts: tuple[Part, ...]
    number: float = 0.0
    give: float = 0.0  # half a unit of the last decimal that was written; 0 for a whole number


class NotUnderstood(Exception):
    """A part of a sentence that says nothing here, from a column on that counts from 0."""

    def __init__(self, says: str, column: int = 0, way_out: str = "") -> None:
        super().__init__(says)
        self.column, self.way_out = column, way_out


def claims(node: Node, reading: Reading, sheet: Worksheet) -> list[Sentence]:
    """The sentences of the section."""
    if not sheet.names.output:
        reading.fault(node, "claims are about the training of a network, and this is an expression", "remove claims")
        return []
    found = []
    for count, item in enumerate(reading.list(node, "claims") or (), 1):
        if count > MOST:
            reading.fault(item, f"there are more than {MOST} claims")
            break
        if not isinstance(item, Scalar) or not item.text or len(item.text) > LONGEST:
            reading.fault(item, f"claim {count} should be a sentence, not {kind(item)}", WAY_OUT)
            continue
        try:
            found.append(sentence(item.text, sheet))
        except NotUnderstood as error:
            start = error.column + item.quoted
            place = Scalar(item.line, item.column + start, max(1, item.width - start - item.quoted), "")
            reading.fault(place, str(error), error.way_out)
    return found


def sentence(text: str, sheet: Worksheet) -> Sentence:
    """One sentence about a network, read.

    >>> from backcheck.api import load
    >>> sentence("units 1 and 2 stay equal", load("problems/xor-uniform.yaml")).parts
    (Part(row='a1', index=(None, 0), called='a1[1]'), Part(row='a1', index=(None, 1), called='a1[2]'))
    """
    says = " ".join(text.split())
    for what, form in COMPILED:
        if found := form.fullmatch(says):
            parts = _subject(found["subject"], sheet)
            _check(what, parts, sheet)
            digits = found.groupdict().get("number") or "0"
            value = number(digits)
            if value is None or not math.isfinite(value):
                raise NotUnderstood(f"{digits} is no finite number", max(0, text.find(digits)))
            return Sentence(says, what, tuple(parts), value, _give(digits))
    raise NotUnderstood("this claim is not understood", 0, did_you_mean(says, list(EXAMPLES)) or WAY_OUT)


def _give(digits: str) -> float:
    """Half a unit of the last decimal.

    >>> _give("0.50"), _give("2")
    (0.005, 0.0)
    """
    _, point, decimals = digits.partition(".")
    return 0.5 * 10.0 ** -len(decimals) if point and decimals.isdigit() else 0.0


def _subject(text: str, sheet: Worksheet) -> list[Part]:
    if units := UNITS.fullmatch(text):
        l = int(units["layer"] or 1)
        return [_unit(f"a{l}", int(j), sheet, f"layer {l}") for j in re.findall("[0-9]+", units["units"])]
    if layer := LAYER.fullmatch(text):
        wanted = {"weights": "W", "biases": "b"}.get((layer["part"] or "").lower(), "Wb")
        rows = [f"{letter}{int(layer['layer'])}" for letter in wanted if f"{letter}{int(layer['layer'])}" in sheet.given]
        if not rows:
            raise NotUnderstood(f"there is no {text}", 0, f"the layers count from 1 to {_last(sheet)}")
        return [Part(row, (), row) for row in rows]
    found, start = [], 0
    for name in AND.split(text):
        found.append(_one(name.strip(), sheet, text.index(name, start)))
        start = text.index(name, start) + len(name)
    return found


def _one(name: str, sheet: Worksheet, column: int) -> Part:
    if output := OUTPUT.fullmatch(name):
        row = sheet.names.output
        return _unit(row, int(output["unit"]), sheet, "the outputs") if output["unit"] else Part(row, (), "the output")
    if LOSS.fullmatch(name):
        return Part("L", (), "L")
    part = named(name, sheet)
    if part is None:
        names = known(sheet)
        hint = did_you_mean(name, names) or f"quantities here are {', '.join(names[:8])}"
        raise NotUnderstood(f"there is no quantity {name[:40]!r}", column, hint)
    return part


def named(name: str, sheet: Worksheet) -> Part | None:
    """A row, or a number of one by any of its names, that is there before any backward pass.

    >>> from backcheck.api import load
    >>> sheet = load("problems/one-step-squared-error.yaml")
    >>> named("W1", sheet), named("w5", sheet)
    (Part(row='W1', index=(), called='W1'), Part(row='W2', index=(0, 0), called='w5'))
    """
    shapes = _shapes(sheet)
    if name in shapes and name not in sheet.names.places:
        return Part(name, (), name)
    for row, index in sheet.names.meanings(name):
        shape = shapes.get(row)
        if shape is not None and len(index) == len(shape) and all(0 <= i < n for i, n in zip(index, shape, strict=True)):
            everywhere = PER_EXAMPLE.fullmatch(row) and ";" not in name and len(shape) == 2
            return Part(row, (None, *index[1:]) if everywhere else index, name if row != "L" else "L")
    return None


def known(sheet: Worksheet) -> list[str]:
    """Names worth suggesting."""
    few = [(row, shape) for row, shape in _shapes(sheet).items() if PARAMETER.fullmatch(row) and np.prod(shape) <= 100]
    cells = [sheet.names.cell(row, index) for row, shape in few for index in np.ndindex(shape)]
    return ["the output", "the loss", *_shapes(sheet), *cells]


def _shapes(sheet: Worksheet) -> dict[str, tuple[int, ...]]:
    """Parameters, sums, activations and the loss."""
    shapes: dict[str, tuple[int, ...]] = {name: array.shape for name, array in sheet.given.items() if PARAMETER.fullmatch(name)}
    examples = len(sheet.given["x"])
    for l in range(1, _last(sheet) + 1):
        shapes |= {f"{letter}{l}": (examples, len(sheet.given[f"W{l}"])) for letter in "za"}
    return shapes | {"L": ()}


def _last(sheet: Worksheet) -> int:
    return int(sheet.names.output[1:])


def _unit(row: str, j: int, sheet: Worksheet, where: str) -> Part:
    shape = _shapes(sheet).get(row)
    if shape is None:
        raise NotUnderstood(f"there is no {where}", 0, f"the layers count from 1 to {_last(sheet)}")
    if not 1 <= j <= shape[1]:
        raise NotUnderstood(f"there is no unit {j} in {where}", 0, f"they count from 1 to {shape[1]}")
    return Part(row, (None, j - 1), f"{row}[{j}]")


def _check(what: str, parts: list[Part], sheet: Worksheet) -> None:
    """What is said must fit what it is said of."""
    if what == "equal" and len(parts) < 2:
        raise NotUnderstood(f"{parts[0].called} alone cannot be equal", 0, "name two: units 1 and 2 stay equal")
    if what == "equal":
        sizes = {_size(part, sheet) for part in parts}
        if len(sizes) > 1:
            raise NotUnderstood(f"{parts[0].called} and {parts[-1].called} have different numbers of numbers")
    if what == "dead" and not all(part.row.startswith("a") and len(part.index) == 2 for part in parts):
        raise NotUnderstood(f"{parts[0].called} is no unit", 0, "only a unit can be dead: unit 1 is dead")


def _size(part: Part, sheet: Worksheet) -> tuple[int, ...]:
    shape = _shapes(sheet)[part.row]
    return shape if not part.index else tuple(n for n, i in zip(shape, part.index, strict=True) if i is None)
