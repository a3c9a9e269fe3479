"""Xavier's weights against He's and those of the file, by the variance in each layer, forward and back; it trains nothing.

With independent weights of mean 0, biases of 0 and n incoming values, E[z²] = n·Var(w)·E[a²] of the layer before, and
E[δ²] = n_out·Var(w)·E[δ²]·E[f′(z)²] of the layer after (He et al. 2015; Glorot and Bengio 2010 with f(z) = z). What f makes of z
is worked here for a z that is normal, as the sum over a wide layer is; of a narrow one it is an approximation.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import log, sqrt
from typing import NamedTuple

import numpy as np

from backcheck.errors import BadArgument
from backcheck.reasons.concepts.expected import Moments, moments
from backcheck.roads.by_hand import rule
from backcheck.training.plan import Plan
from backcheck.worksheet import Array, Phase, Row, Worksheet

EXAMPLES = 100  # with fewer in the file, which say little of a variance, inputs are drawn as well
DRAWN = 1000  # units of the narrowest layer, over all draws: a variance is met to √(2/1000), 4 %, even if examples are alike
MOST_PRODUCTS = 4 * 10**9
OWN = "file"

Draw = Callable[[np.random.Generator, int, int], Array]

SCHEMES: dict[str, Draw] = {  # outgoing × incoming, as a problem file draws them
    "xavier": lambda draw, n, m: draw.uniform(-sqrt(6 / (n + m)), sqrt(6 / (n + m)), (m, n)),  # variance 2/(incoming + outgoing)
    "he": lambda draw, n, m: draw.normal(0.0, sqrt(2 / n), (m, n)),  # variance 2/incoming
}
VARIANCES: dict[str, Callable[[int, int], float]] = {
    "xavier": lambda n, m: 2 / (n + m),
    "he": lambda n, m: 2 / n,  # noqa: ARG005 - every scheme may look at both
}


class Pair(NamedTuple):
    """What was found, and what the theory says; None where it says nothing."""

    found: float
    theory: float | None


class Layer(NamedTuple):
    """One layer under one scheme."""

    layer: int  # from 1
    sums: Pair  # variance of z
    activations: Pair  # variance of a
    deltas: Pair  # mean square of ∂L/∂z, where that of the last layer is 1


class Scheme(NamedTuple):
    """All layers, and how a variance grows from one to the next on the average."""

    name: str  # xavier, he or file
    layers: tuple[Layer, ...]
    forward: float | None  # the geometric mean of Var(z) over that of the layer before
    backward: float | None  # the same of the deltas over those of the layer after


class Initialisation(NamedTuple):
    """The table, and which scheme keeps the variance."""

    title: str
    widths: tuple[int, ...]  # inputs, then the units of each layer
    functions: tuple[str, ...]
    inputs: str  # data or normal
    examples: int
    draws: int
    schemes: tuple[Scheme, ...]
    keeps: str | None  # the one whose factors are nearest to 1, forward and back; None where there is one layer only


def initialisation(sheet: Worksheet, plan: Plan) -> Initialisation:  # noqa: ARG001 - all questions take the same
    """The variances of a network; raises BadArgument where there is none."""
    if not sheet.names.output:
        raise BadArgument("a start of the weights is for a network; this is an expression")
    widths = _widths(sheet)
    x = sheet.given["x"]
    data = x[np.linspace(0, len(x) - 1, EXAMPLES).round().astype(int)] if len(x) >= EXAMPLES else None
    draws = _draws(widths)
    schemes = [_scheme(sheet, name, widths, data, draws) for name in (*SCHEMES, OWN)]
    functions = tuple(row.op for row in _activations(sheet))
    inputs = "data" if data is not None else "normal"
    return Initialisation(sheet.title, widths, functions, inputs, EXAMPLES, draws, tuple(schemes), _nearest(schemes))


def _widths(sheet: Worksheet) -> tuple[int, ...]:
    return sheet.given["x"].shape[1], *(len(sheet.given[f"W{l}"]) for l in range(1, len(_activations(sheet)) + 1))


def _activations(sheet: Worksheet) -> list[Row]:
    return [row for row in sheet.in_phase(Phase.FORWARD) if row.name[0] == "a"]


def _draws(widths: tuple[int, ...]) -> int:
    """So many that the narrowest layer has a thousand units in all, as far as time allows; three at least."""
    products = 4 * EXAMPLES * sum(n * m for n, m in pairwise(widths))
    return max(3, min(-(-DRAWN // min(widths[1:])), MOST_PRODUCTS // products))


def _scheme(sheet: Worksheet, name: str, widths: tuple[int, ...], data: Array | None, draws: int) -> Scheme:
    found = _found(sheet, name, widths, data, draws)
    square = 1.0 if data is None else float((data * data).mean())
    theory = _theory(sheet, VARIANCES[name], widths, square) if name in VARIANCES else [(None, None, None)] * len(found)
    layers = [Layer(l, *map(Pair, *pair)) for l, pair in enumerate(zip(found, theory, strict=True), 1)]
    sums, deltas = [layer.sums.found for layer in layers], [layer.deltas.found for layer in layers]
    return Scheme(name, tuple(layers), _growth(sums[0], sums[-1], len(layers)), _growth(deltas[-1], deltas[0], len(layers)))


def _growth(first: float, last: float, layers: int) -> float | None:
    """The factor from one layer to the next, as their geometric mean."""
    ratio = last / first if first > 0 else 0.0
    return ratio ** (1 / (layers - 1)) if layers > 1 and 0 < ratio < np.inf else None


def _nearest(schemes: list[Scheme]) -> str | None:
    """Xavier or He, whichever strays less from a factor of 1."""
    strays = {s.name: abs(log(s.forward)) + abs(log(s.backward)) for s in schemes if s.forward and s.backward and s.name != OWN}
    return min(strays, key=lambda name: strays[name]) if len(strays) == len(SCHEMES) else None


def _found(sheet: Worksheet, name: str, widths: tuple[int, ...], data: Array | None, draws: int) -> list[tuple[float, ...]]:
    """Var(z), Var(a) and E[δ²] of each layer, over all units, examples and draws together."""
    count = len(widths) - 1
    totals = np.zeros((count, 5))  # of z, z², a, a², δ²
    with np.errstate(all="ignore"):
        for seed in range(draws):
            random = np.random.default_rng(seed)
            x = random.standard_normal((EXAMPLES, widths[0])) if data is None else data
            given = {**sheet.given, **_weights(sheet, name, widths, random), "x": x}
            totals += _means(sheet, given, random.standard_normal((len(x), widths[-1])), count)
        z, zz, a, aa, dd = (totals / draws).T
        return list(zip((zz - z * z).tolist(), (aa - a * a).tolist(), dd.tolist(), strict=True))


def _weights(sheet: Worksheet, name: str, widths: tuple[int, ...], random: np.random.Generator) -> dict[str, Array]:
    """One start of a scheme, with biases of 0; nothing where the file's own is wanted."""
    if name == OWN:
        return {}
    sizes = enumerate(pairwise(widths), 1)
    drawn = {f"W{l}": SCHEMES[name](random, n, m) for l, (n, m) in sizes}
    return drawn | {b: np.zeros_like(array) for b, array in sheet.given.items() if b[0] == "b" and b[1:].isdecimal()}


def _means(sheet: Worksheet, values: dict[str, Array], deltas: Array, count: int) -> Array:
    """The means of z, z², a, a² and δ² in each layer of one network, whose last δ are given."""
    for row in sheet.in_phase(Phase.FORWARD):
        values[row.name] = rule(row)(*[values[parent] for parent in row.parents])
    values[f"dL/dz{count}"] = deltas
    for l in range(count - 1, 0, -1):
        for name in (f"dL/da{l}", f"dL/dz{l}"):
            values[name] = rule(sheet[name])(*[values[parent] for parent in sheet[name].parents])
    layers = [(values[f"z{l}"], values[f"a{l}"], values[f"dL/dz{l}"]) for l in range(1, count + 1)]
    return np.array([[z.mean(), (z * z).mean(), a.mean(), (a * a).mean(), (d * d).mean()] for z, a, d in layers])


def _theory(
    sheet: Worksheet, variance: Callable[[int, int], float], widths: tuple[int, ...], square: float | None
) -> list[tuple[float | None, float | None, float | None]]:
    """The same three by the formulas at the head; `square` is E[x²]."""
    gains = [n * variance(n, m) for n, m in pairwise(widths)]
    sums, of_units = list[float | None](), list[Moments | None]()
    for a, gain in zip(_activations(sheet), gains, strict=True):
        sums.append(None if square is None else gain * square)
        of_units.append(None if sums[-1] is None else moments(a, [sheet.given[p] for p in a.parents[1:]], sums[-1]))
        square = of_units[-1].square if of_units[-1] else None
    deltas: list[float | None] = [1.0]
    for l in range(len(gains) - 1, 0, -1):
        back, of_unit = widths[l + 1] * variance(widths[l], widths[l + 1]), of_units[l - 1]
        deltas.insert(0, None if deltas[0] is None or of_unit is None else back * deltas[0] * of_unit.slope_square)
    spread = [None if m is None else m.square - m.mean**2 for m in of_units]
    return list(zip(sums, spread, deltas, strict=True))
