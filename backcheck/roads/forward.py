"""The forward pass for any library of arrays, one line for each operation; it knows no derivative.

The same table is worked over complex NumPy arrays whose imaginary parts are nudges, and by libraries that differentiate on
their own. A row may hold many passes at once along leading axes. Only real parts are compared, and what is subtracted from
a number to keep its digits is subtracted from its nudge as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from backcheck.arithmetic import parse
from backcheck.catalogue import letters, unit
from backcheck.cells import Names
from backcheck.formula import Formula, evaluate, functions_of
from backcheck.functions import OVER_OUTPUTS
from backcheck.roads.elementary import Rule, functions, sigmoid, size, softplus
from backcheck.worksheet import Phase, Row, Worksheet

LIBRARY = ("exp", "log", "log1p", "expm1", "sqrt", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh", "erf", "erfc")
# … and power, where, broadcast_to, concatenate; number(text): a numeral; array(u): u as an array; times(x, W): x·Wᵀ;
# above(u): where u > 0, and a side at the kink u = 0; positive(u): where u > 0, and it makes no difference at 0;
# jump(u): 0, unless u is a nudged 0; largest(u): where the last axis has its maximum, once; apart(u): […, j, k] = u[…, k], and
# −∞ at k = j.


def rules(m: Any) -> dict[str, Rule]:
    """Operation → what it makes of its parents, with the functions of a library."""

    def lse(z: Any) -> Any:
        top, rest = _from_top(m, z)
        return top + m.log1p(_total(_exps(m, rest)))

    def softmax(z: Any) -> Any:
        rest = _from_top(m, z)[1]
        e = _exps(m, rest)
        return m.where(m.largest(rest), 1.0, e) / (1 + _total(e))

    def tlog(t: Any, y: Any) -> Any:
        return m.where(t == 0, 0.0, t * m.log(m.where(t == 0, 1.0, y)))

    def softmax_cross_entropy(t: Any, z: Any, y: Any, scale: Any) -> Any:
        rest = _from_top(m, scale * z)[1]
        return (t * (m.log1p(_total(_exps(m, rest))) - rest)).sum(-1)

    def softmax_binary(t: Any, z: Any, y: Any, scale: Any) -> Any:
        rest = _from_top(m, scale * z)[1]
        odds = rest - lse(m.apart(rest))[..., 0]
        return (t * softplus(m, -odds) + (1 - t) * softplus(m, odds)).sum(-1)

    return {
        "affine": lambda x, W, b: m.times(x, W) + b[..., None, :],
        "linear": m.times,
        "mean": lambda losses: losses.sum(-1) / losses.shape[-1],
        "total": lambda losses: losses.sum(-1),
        "identity": lambda z: z,
        "sigmoid": lambda z: sigmoid(m, z),
        "tanh": m.tanh,
        "relu": lambda z, at_zero: m.where(m.above(z), z, 0.0),
        "leaky_relu": lambda z, slope: m.where(m.above(z), z, slope * z),
        "softplus": lambda z: softplus(m, z),
        "elu": lambda z, alpha: m.where(m.above(z), z, alpha * m.expm1(m.where(m.positive(z), 0.0, z))),
        "gelu": lambda z: z * m.erfc(-z / 2**0.5) / 2,
        "silu": lambda z: z * sigmoid(m, z),
        "step": lambda z, at_zero: m.where(z.real == 0, at_zero + m.jump(z), m.where(m.positive(z), 1 + 0 * z, 0.0)),
        "softmax": lambda z, scale: softmax(scale * z),
        "squared_error": lambda t, y: ((t - y) * (t - y)).sum(-1),
        "half_squared_error": lambda t, y: ((t - y) * (t - y)).sum(-1) / 2,
        "mean_squared_error": lambda t, y: ((t - y) * (t - y)).sum(-1) / y.shape[-1],
        "binary_cross_entropy": lambda t, y: -(tlog(t, y) + tlog(1 - t, 1 - y)).sum(-1),
        "cross_entropy": lambda t, y: -tlog(t, y).sum(-1),
        "absolute_error": lambda t, y: size(m, t - y).sum(-1),
        "huber": lambda t, y, delta: _huber(m, size(m, t - y), delta).sum(-1),
        "sigmoid+binary_cross_entropy": lambda t, z, y: (t * softplus(m, -z) + (1 - t) * softplus(m, z)).sum(-1),
        "softmax+cross_entropy": softmax_cross_entropy,
        "softmax+cross_entropy of any targets": softmax_cross_entropy,
        "softmax+binary_cross_entropy": softmax_binary,
    }


class Table(NamedTuple):
    """All rules over one library."""

    m: Any
    rules: Mapping[str, Rule]
    functions: Mapping[str, Rule]


def table(m: Any) -> Table:
    """The rules over a library."""
    return Table(m, rules(m), functions(m))


def _huber(m: Any, far: Any, delta: Any) -> Any:
    return m.where(m.positive(far - delta), delta * (far - delta / 2), far * far / 2)


def _total(u: Any) -> Any:
    return u.sum(-1)[..., None]


def _from_top(m: Any, z: Any) -> tuple[Any, Any]:
    """The largest of the outputs, and all of them measured from it."""
    top = _total(m.where(m.largest(z), z, 0.0))
    return top, z - top


def _exps(m: Any, rest: Any) -> Any:
    """The exponentials without that of the largest, which is 1."""
    return m.where(m.largest(rest), 0.0, m.exp(rest))


def forward(m: Any, sheet: Worksheet, given: Mapping[str, Any], moved: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Every row of the forward pass; what stands in `moved` is added to a row as soon as it is worked."""
    by, moved = table(m), moved or {}
    values = {name: array + moved[name] if name in moved else array for name, array in given.items()}
    for row in sheet.in_phase(Phase.FORWARD, Phase.LOSS):
        value = whole(row, worked(by, row, [values[parent] for parent in row.parents]))
        values[row.name] = value + moved[row.name] if row.name in moved else value
    return values


def whole(row: Row, value: Any) -> Any:
    """L itself, where a loss has one value for each example and there is one example."""
    return value[..., 0] if row.phase is Phase.LOSS and row.name == "L" and row.op not in ("mean", "total") else value


def of_outputs(row: Row) -> Row:
    """softmax+cross_entropy, which is worked from z, as the loss of the outputs that it stands for."""
    _, fused, loss = row.op.removesuffix(" of any targets").partition("+")
    return row._replace(op=loss, parents=(row.parents[0], row.parents[2])) if fused and ":" not in row.op else row


def part(sheet: Worksheet, of: str, by: str, values: Mapping[str, Any]) -> Worksheet:
    """The part of a sheet that a claim is about: one operation alone for a local slope, and the loss of y if y is moved."""
    if of != sheet.result:
        node = sheet[of]
        given = {name: np.asarray(values[name]) for name in node.parents}
        return Worksheet((*(Row(name, "given", (), Phase.GIVEN) for name in given), node), given, Names())
    if by != sheet.names.output:
        return sheet
    blank = sheet.in_phase(Phase.GIVEN, Phase.FORWARD, Phase.LOSS)
    return Worksheet(tuple(of_outputs(row) if row.phase is Phase.LOSS else row for row in blank), sheet.given, sheet.names)


def worked(by: Table, row: Row, parents: list[Any]) -> Any:
    """One row; a loss for each example."""
    if "|" in row.op:
        return _each_unit(by, row, parents)
    if ":" in row.op:
        return _formula(by, row.op, dict(zip(letters(row.op), parents, strict=True)))
    return by.rules[row.op](*parents)


@lru_cache(maxsize=512)
def tree_of(op: str) -> Formula:
    """The formula of an operation that is its own."""
    return parse(op.partition(":")[2].strip())


def each_alone(op: str) -> bool:
    """Whether every unit is worked from its own z."""
    return op != "softmax" and not (":" in op and functions_of(tree_of(op)) & OVER_OUTPUTS)


def _formula(by: Table, op: str, parents: dict[str, Any]) -> Any:
    """An operation that is its own formula; sum and mean run over the outputs."""
    m, shape = by.m, np.broadcast_shapes(*(tuple(parent.shape) for parent in parents.values()))

    def total(u: Any) -> Any:
        return _total(m.broadcast_to(m.array(u), shape))

    over = {"sum": total, "mean": lambda u: total(u) / shape[-1]}
    value = evaluate(tree_of(op), parents.__getitem__, {**by.functions, **over}, m.number)
    return value[..., 0] if letters(op) == ("t", "y") and shape else m.broadcast_to(value, shape)


def _each_unit(by: Table, row: Row, parents: list[Any]) -> Any:
    """`sigmoid|tanh`: the columns of each kind of unit together, put back in their order."""
    at, z = dict(zip(row.parents, parents, strict=True)), parents[0]
    kinds: dict[Any, list[int]] = {}
    for j in range(row.op.count("|") + 1):
        kinds.setdefault(unit(row.op, row.parents, j), []).append(j)
    found = []
    for (op, names), units in kinds.items():
        found.append(worked(by, Row(row.name, op), [z[..., np.array(units)], *(at[p] for p in names[1:])]))
    back = np.argsort([j for units in kinds.values() for j in units])
    return by.m.concatenate(found, -1)[..., back]
