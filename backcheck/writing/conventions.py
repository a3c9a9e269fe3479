"""What a worksheet takes for granted, in sentences for its head: ½ or not, mean or sum, the slope at a kink, what is frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from backcheck.arithmetic import number
from backcheck.catalogue import unit
from backcheck.cells import PARAMETER, Place
from backcheck.formula import functions_of
from backcheck.lines import Line
from backcheck.roads.backprop import parameters
from backcheck.roads.work import WorkedSheet
from backcheck.slopes import own_formula
from backcheck.spelling import Figures
from backcheck.worksheet import Phase, Row, Worksheet
from backcheck.writing import updates

MOST_WIDTHS = 12  # a deeper network is called by its ends and its depth
LOSSES = {
    "squared_error": "L = Σ(t − y)², without ½",
    "half_squared_error": "L = ½Σ(t − y)², with ½",
    "mean_squared_error": "L = (1/K)Σ(t − y)², the mean over the K outputs, without ½",
    "binary_cross_entropy": "L = −Σ[t ln y + (1 − t) ln(1 − y)]",
    "cross_entropy": "L = −Σ t ln y",
    "absolute_error": "L = Σ|t − y|, slope 0 at t = y",
    "huber": "L = Σ of ½(t − y)² up to |t − y| = δ, beyond it δ(|t − y| − δ/2)",
}
# activation with a kink: what holds there, with the value of its last parameter put in
KINKS = {
    "relu": "ReLU′(0) = {}",
    "leaky_relu": "leaky ReLU′(0) = {}, the slope of the negative side",
    "elu": "ELU′(0) = {}, the slope of the negative side",
    "step": "step(0) = {}; its slope is 0 everywhere",
}
KINKED = {"abs", "max", "min", "relu"}  # functions of a typed formula that have one
# function → what its sign means, for those that not everybody knows
NOTATION = {
    "lse": "lse(…) = ln Σ exp(…)",
    "Phi": "Φ is the normal distribution, φ its density",
    "heaviside": "heaviside(z, c) is 1 above 0, 0 below, c at 0",
}


def conventions(done: WorkedSheet) -> list[str]:
    """One sentence for each convention in force."""
    sheet = done.sheet
    found = of_network(sheet) if sheet.names.output else []
    return [*found, *kinks(sheet), *_of_update(sheet), *_at_kinks(done)]


def notation(lines: Iterable[Line]) -> list[str]:
    """What signs mean that these lines use."""
    used = {function for line in lines if line.formula for function in functions_of(line.formula)}
    return [sentence for function, sentence in NOTATION.items() if function in used]


def shape(sheet: Worksheet) -> str:
    """`2-2-2 network, sigmoid → sigmoid, 1 example`, or the number of operations of an expression."""
    if not sheet.names.output:
        count = len(sheet.in_phase(Phase.FORWARD))
        return f"expression, {count} operation{'s' * (count > 1)}"
    widths = [sheet.given["x"].shape[1], *(len(a) for name, a in sheet.given.items() if name.startswith("W"))]
    count = sheet.names.examples
    size = "-".join(map(str, widths if len(widths) <= MOST_WIDTHS else [*widths[:2], "…", widths[-1]]))
    depth = "" if len(widths) <= MOST_WIDTHS else f" of {len(widths) - 1} layers"
    return f"{size} network{depth}, {_activations(sheet)}, {count} example{'s' * (count > 1)}"


def activation(op: str) -> str:
    """How an operation is called in a title: its name, or its formula; in brackets those of the units, if they differ."""
    names = ", ".join(one.partition(":")[2].strip() or one for one in op.split("|"))
    return f"[{names}]" if "|" in op else names


def _activations(sheet: Worksheet) -> str:
    """`tanh → sigmoid`, layer by layer; layers alike are counted."""
    layers = [activation(row.op) for row in sheet.in_phase(Phase.FORWARD) if row.name.startswith("a")]
    runs = [(name, len(list(alike))) for name, alike in groupby(layers)]
    return " → ".join(f"{count} × {name}" if count > 3 else " → ".join([name] * count) for name, count in runs)


def of_network(sheet: Worksheet) -> list[str]:
    loss = next(row for row in sheet.rows if row.phase is Phase.LOSS)
    name = loss.op.partition("+")[2].partition(" ")[0] or loss.op
    sentence = LOSSES.get(name) or f"L = {loss.op.partition(':')[2].strip()}"
    if name == "huber":
        sentence += f", δ = {loss.parents[-1]}"
    if loss.name == "L[n]":
        sentence += f" for each example; L is their {'mean' if sheet['L'].op == 'mean' else 'sum'}"
    ties = [_tie(sheet, tied, places) for tied, places in sheet.names.tied.items()]
    return [sentence, *ties]


def _tie(sheet: Worksheet, tied: str, places: tuple[Place, ...]) -> str:
    where = [sheet.names.plain(*place) for place in places]
    shown = ", ".join(where[:6]) + (f" and {len(where) - 6} more" if len(where) > 6 else "")
    return f"{tied} is one parameter in {len(where)} places, {shown}: its slope is the sum over them"


def kinks(sheet: Worksheet) -> list[str]:
    """What holds at the kinks of the activations and formulas in use."""
    rows = sheet.in_phase(Phase.FORWARD, Phase.LOSS)
    return list(dict.fromkeys(sentence for row in rows for sentence in _kinks_of(row)))


def _kinks_of(row: Row) -> Iterator[str]:
    for j, op in enumerate(row.op.split("|")):
        if op in KINKS:
            parameter = unit(row.op, row.parents, j)[1][-1]
            if op != "elu" or number(parameter) != 1:
                yield KINKS[op].format(parameter)
        elif ":" in op and functions_of(own_formula(op)) & KINKED:
            yield "at a kink of a formula: |u|′ = 0, and a constant in max or min takes the slope"


def _of_update(sheet: Worksheet) -> list[str]:
    if "eta" not in sheet:
        return ["no learning rate is given, so there is no update (--rate gives one)"] if sheet.names.output else []
    rate = sheet.names.written.get(("eta", ())) or Figures(digits=6)(float(sheet.given["eta"]))
    frozen = frozen_says(sheet)
    return [f"learning rate η = {rate}" + (f"; frozen: {', '.join(frozen)}" if frozen else ""), *updates.sentences(sheet)]


def frozen_says(sheet: Worksheet) -> list[str]:
    """Frozen arrays by their row, single frozen numbers by their name."""
    found: list[str] = []
    for row in filter(PARAMETER.fullmatch, parameters(sheet)):
        mask = sheet.given.get(f"trainable {row}")
        if mask is None:
            continue
        places = [tuple(map(int, place)) for place in zip(*(mask == 0).nonzero(), strict=True)]
        found += [row] if not mask.any() else [sheet.names.cell(row, place) for place in places[:8]] + ["…"] * (len(places) > 8)
    return list(dict.fromkeys(found))


def _at_kinks(done: WorkedSheet) -> list[str]:
    """The numbers of this very sheet that sit exactly on a kink."""
    found = []
    for row in done.sheet.in_phase(Phase.FORWARD):
        ops = row.op.split("|")
        if not done.sheet.names.output or not any(op in KINKS for op in ops):
            continue
        for place in zip(*(done.array(row.parents[0]) == 0).nonzero(), strict=True):
            op = ops[int(place[-1]) % len(ops)]
            if op in KINKS:
                found.append(done.sheet.names.cell(row.parents[0], tuple(map(int, place))))
    shown = ", ".join(found[:6]) + (f" and {len(found) - 6} more" if len(found) > 6 else "")
    return [f"at a kink: {shown} = 0; the slope there is a convention"] if found else []
