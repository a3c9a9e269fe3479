"""What the update of a sheet takes for granted, in sentences, read from its rows: optimiser, penalties, clipping."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.catalogue import OPTIMISERS, letters
from backcheck.cells import LENGTH
from backcheck.roads.updates import BY_LENGTH, COUNT, MASKED, NEW, ROWS, row_of
from backcheck.worksheet import Phase, Row, Worksheet

MOMENTUM = "m is beta times the m of the step before (0 at first) plus the whole slope"
CORRECTED = "m and v begin with 0 and are divided by 1 − beta1^n and 1 − beta2^n in step n; epsilon stands outside the root"
SENTENCES = {
    "momentum": MOMENTUM,
    "nesterov": f"{MOMENTUM}; the step goes along slope + beta·m",
    "adam": CORRECTED,
    "adamw": f"{CORRECTED}; the decay is no part of the slope, so that neither clipping nor m and v see it",
    "rmsprop": "v begins with 0 and is not corrected; epsilon stands outside the root",
}
TITLES = {"momentum": "momentum", "nesterov": "Nesterov momentum", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSProp"}
PENALTIES = {"l": "{}·Σ|w|", "2*k": "{}·Σw² (without ½)", "k": "{}·½Σw² (with ½)"}


def sentences(sheet: Worksheet) -> Iterator[str]:
    """In the order in which they are worked; none where every parameter just goes down its slope."""
    rows = sheet.in_phase(Phase.UPDATE)
    p = next((row.parents[0] for row in rows if row.name.endswith(NEW) and row.op != "frozen"), "")
    if slopes := [row for row in rows if row.name.startswith("g ")]:
        biases = any(row.parents[1][0] == "b" for row in slopes)
        of = "weights and biases" if biases else "weights" if sheet.names.output else "variables"
        yield f"penalty {_penalty(slopes[0])} of the {of}: a part of the loss, whose slope goes into g; the L shown is without it"
    if clipped := sheet.by_name.get(row_of("clipped", p)):
        yield f"clipping, after penalties: {_clipping(clipped)}"
    for optimiser, says in SENTENCES.items():
        settings = _settings(sheet, optimiser, p)
        if settings:
            yield f"{TITLES[optimiser]} with {', '.join(map(' = '.join, settings.items()))}: {says}"


def _penalty(slope: Row) -> str:
    """What is added to the loss, from the row of a slope."""
    text, strength = slope.op.partition(":")[2], dict(zip(letters(slope.op), slope.parents, strict=True))
    return " + ".join(says.format(strength[kind[-1]]) for kind, says in PENALTIES.items() if f"+ {kind}*" in text)


def _clipping(clipped: Row) -> str:
    limit = clipped.parents[1]
    if clipped.op == BY_LENGTH:
        return f"{LENGTH} is the length of all slopes together; where it is above {limit}, all are shortened to that length"
    return f"every slope by itself is kept from −{limit} to {limit}"


def _settings(sheet: Worksheet, optimiser: str, p: str) -> dict[str, str] | None:
    """The settings of an optimiser whose rows a sheet has."""
    found: dict[str, str] = {}
    for kind, op, reads in ROWS[optimiser]:
        row = sheet.by_name.get(row_of(kind, p))
        if row is None or COUNT.sub("1", row.op).removesuffix(MASKED) != op.removesuffix(MASKED):
            return None
        found |= zip(reads.split(), row.parents, strict=False)
    return {letter: parent for letter, parent in found.items() if letter in OPTIMISERS[optimiser]}
