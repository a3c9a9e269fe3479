"""Planted mistakes: the number that a wrong formula gives from the sheet's own numbers is explained by that mistake.

The sheets are worked here in plain Python, every number rounded to five decimals; so are the wrong formulas.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import pytest

from backcheck import api
from backcheck.answers.submission import Submission
from backcheck.grading.marker import Marker
from backcheck.grading.result import CellMark, Mistake

Numbers = dict[str, float]
Wrong = Callable[[Numbers], float]

NET = """
inputs: {inputs}
targets: {targets}
layers:
  - weights: [[0.31, -0.47], [0.62, 0.23]]
    biases: [0.12, -0.29]
    activation: {hidden}
  - weights: [[0.54, -0.71], [0.43, 0.86]]
    biases: [0.37, -0.16]
    activation: {outer}
loss: {loss}
learning_rate: 0.4
batch: {batch}
"""
W = {1: [[0.31, -0.47], [0.62, 0.23]], 2: [[0.54, -0.71], [0.43, 0.86]]}
B = {1: [0.12, -0.29], 2: [0.37, -0.16]}
ETA = 0.4


class Net(NamedTuple):
    """A 2-2-2 network, and whether ∂L/∂z comes at once from softmax with cross-entropy."""

    inputs: list[list[float]]
    targets: list[list[float]]
    hidden: str
    outer: str
    loss: str
    batch: str = "mean"

    @property
    def text(self) -> str:
        return NET.format(**self._asdict())

    def name(self, row: str, n: int, j: int) -> str:
        return f"{row}[{n};{j}]" if len(self.inputs) > 1 else f"{row}{j}" if row in "xt" else f"{row}[{j}]"


NETS = {
    "sigmoid": Net([[0.35, 0.82]], [[0.13, 0.77]], "sigmoid", "sigmoid", "squared_error"),
    "softmax": Net([[0.35, 0.82]], [[0, 1]], "sigmoid", "softmax", "cross_entropy"),
    "tanh": Net([[0.35, 0.82], [0.64, -0.27]], [[0.13, 0.77], [0.58, -0.36]], "tanh", "tanh", "half_squared_error"),
    "sum": Net([[0.35, 0.82], [0.64, -0.27]], [[0.13, 0.77], [0.58, -0.36]], "tanh", "tanh", "squared_error", "sum"),
}


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


F = {"sigmoid": sigmoid, "tanh": math.tanh}
SLOPE = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a}
UNITS = (1, 2)


@cache
def sheet(kind: str, slip: str = "", wrote: float = 0.0) -> Numbers:
    """All numbers by name, each from the rounded ones before it; given ones too. A slip is carried along."""
    net, v = NETS[kind], Numbers()
    examples = range(1, len(net.inputs) + 1)
    count = len(net.inputs) if net.batch == "mean" else 1
    at = net.name
    for n in examples:
        v |= {at("x", n, k): net.inputs[n - 1][k - 1] for k in UNITS} | {at("t", n, k): net.targets[n - 1][k - 1] for k in UNITS}
    for l in UNITS:
        v |= {f"W{l}[{j},{k}]": W[l][j - 1][k - 1] for j in UNITS for k in UNITS} | {f"b{l}[{j}]": B[l][j - 1] for j in UNITS}

    def note(name: str, value: float) -> None:
        v[name] = wrote if name == slip else round(value, 5)

    losses = []
    for n in examples:
        for l, x in ((1, "x"), (2, "a1")):
            for j in UNITS:
                note(at(f"z{l}", n, j), sum(v[at(x, n, k)] * v[f"W{l}[{j},{k}]"] for k in UNITS) + v[f"b{l}[{j}]"])
            outer = net.outer if l > 1 else net.hidden
            total = sum(math.exp(v[at(f"z{l}", n, j)]) for j in UNITS)
            for j in UNITS:
                z = v[at(f"z{l}", n, j)]
                note(at(f"a{l}", n, j), math.exp(z) / total if outer == "softmax" else F[outer](z))
        pairs = [(v[at("t", n, j)], v[at("a2", n, j)]) for j in UNITS]
        square = sum((t - y) ** 2 for t, y in pairs)
        losses.append(-sum(t * math.log(y) for t, y in pairs) if "cross" in net.loss else square / (2 if "half" in net.loss else 1))
        for j, (t, y) in zip(UNITS, pairs, strict=True):
            note(at("dL/da2", n, j), (-t / y if "cross" in net.loss else (y - t) * (1 if "half" in net.loss else 2)) / count)
            note(at("dL/dz2", n, j), y - t if "cross" in net.loss else v[at("dL/da2", n, j)] * SLOPE[net.outer](y))
        for k in UNITS:
            note(at("dL/da1", n, k), sum(v[at("dL/dz2", n, j)] * v[f"W2[{j},{k}]"] for j in UNITS))
            note(at("dL/dz1", n, k), v[at("dL/da1", n, k)] * SLOPE[net.hidden](v[at("a1", n, k)]))
    note("L", sum(losses) / count)
    for l, x in ((1, "x"), (2, "a1")):
        for j in UNITS:
            note(f"dL/db{l}[{j}]", sum(v[at(f"dL/dz{l}", n, j)] for n in examples))
            note(f"b{l}[{j}]'", v[f"b{l}[{j}]"] - ETA * v[f"dL/db{l}[{j}]"])
            for k in UNITS:
                note(f"dL/dW{l}[{j},{k}]", sum(v[at(f"dL/dz{l}", n, j)] * v[at(x, n, k)] for n in examples))
                note(f"W{l}[{j},{k}]'", v[f"W{l}[{j},{k}]"] - ETA * v[f"dL/dW{l}[{j},{k}]"])
    return v


GIVEN = ("x", "t", "W", "b")


@cache
def marker(kind: str) -> Marker:
    return Marker(*api.loads_with_marking(NETS[kind].text))


def marked(kind: str, slip: str = "", wrote: str = "0") -> dict[str, CellMark]:
    """The marks of a sheet with one slip, which all later numbers follow from."""
    numbers = sheet(kind, slip, float(wrote))
    answers = {name: f"{value:.5f}" for name, value in numbers.items() if not name.startswith(GIVEN) or name.endswith("'")}
    [result] = marker(kind).mark([Submission("a.yaml", None, answers | ({slip: wrote} if slip else {}))])
    return {cell.name: cell for cell in result.cells}


def explained(kind: str, slip: str, wrote: float) -> Mistake:
    found = marked(kind, slip, f"{wrote:.5f}")[slip].mistake
    assert found is not None
    return found


@pytest.mark.parametrize("kind", NETS)
def test_the_sheets_are_right_without_a_mistake(kind: str) -> None:
    assert {cell.verdict for cell in marked(kind).values()} <= {"right", "follows"}


# id, cell, what is written there. v holds the numbers of the sheet.
SIGMOID: list[tuple[str, str, Wrong]] = [
    ("sign", "dL/da2[1]", lambda v: 2 * (v["t1"] - v["a2[1]"])),
    ("sign", "dL/dz2[1]", lambda v: -v["dL/da2[1]"] * v["a2[1]"] * (1 - v["a2[1]"])),
    ("sign", "dL/dW1[1,2]", lambda v: -v["dL/dz1[1]"] * v["x2"]),
    ("sign", "z1[1]", lambda v: v["x1"] * v["W1[1,1]"] + v["x2"] * v["W1[1,2]"] - v["b1[1]"]),
    ("factor", "dL/da2[1]", lambda v: v["a2[1]"] - v["t1"]),
    ("factor", "dL/dz2[2]", lambda v: 2 * v["dL/da2[2]"] * v["a2[2]"] * (1 - v["a2[2]"])),
    ("factor", "L", lambda v: ((v["t1"] - v["a2[1]"]) ** 2 + (v["t2"] - v["a2[2]"]) ** 2) / 2),
    ("activation_missing", "a1[1]", lambda v: v["z1[1]"]),
    ("activation_missing", "a2[2]", lambda v: v["z2[2]"]),
    ("activation_derivative_missing", "dL/dz2[1]", lambda v: v["dL/da2[1]"]),
    ("activation_derivative_missing", "dL/dz1[2]", lambda v: v["dL/da1[2]"]),
    ("activation_derivative_missing", "dL/dW2[1,2]", lambda v: v["dL/da2[1]"] * v["a1[2]"]),
    ("activation_for_derivative", "dL/dz1[1]", lambda v: v["dL/da1[1]"] * v["a1[1]"]),
    ("activation_for_derivative", "dL/dz2[2]", lambda v: v["dL/da2[2]"] * v["a2[2]"]),
    ("wrong_activation_derivative", "dL/dz2[2]", lambda v: v["dL/da2[2]"] * (1 - v["a2[2]"] ** 2)),
    ("wrong_activation_derivative", "dL/dz1[1]", lambda v: v["dL/da1[1]"] * (1 - v["a1[1]"])),
    ("wrong_loss_gradient", "dL/da2[1]", lambda v: (v["a2[1]"] - v["t1"]) / (v["a2[1]"] * (1 - v["a2[1]"]))),
    ("wrong_loss_gradient", "dL/da2[2]", lambda v: (v["a2[2]"] - v["t2"]) ** 2),
    ("input_missing", "dL/dW1[1,2]", lambda v: v["dL/dz1[1]"]),
    ("input_missing", "z1[1]", lambda v: v["x2"] * v["W1[1,2]"] + v["b1[1]"]),
    ("input_missing", "z2[2]", lambda v: v["a1[1]"] * v["W2[2,1]"] + v["b2[2]"]),
    ("z_for_a", "z2[1]", lambda v: v["z1[1]"] * v["W2[1,1]"] + v["z1[2]"] * v["W2[1,2]"] + v["b2[1]"]),
    ("z_for_a", "dL/dW2[1,2]", lambda v: v["dL/dz2[1]"] * v["z1[2]"]),
    ("z_for_a", "dL/dz1[2]", lambda v: v["dL/da1[2]"] * v["z1[2]"] * (1 - v["z1[2]"])),
    ("bias_missing", "z1[2]", lambda v: v["x1"] * v["W1[2,1]"] + v["x2"] * v["W1[2,2]"]),
    ("bias_missing", "z2[1]", lambda v: v["a1[1]"] * v["W2[1,1]"] + v["a1[2]"] * v["W2[1,2]"]),
    ("transposed_weights", "z1[1]", lambda v: v["x1"] * v["W1[1,1]"] + v["x2"] * v["W1[2,1]"] + v["b1[1]"]),
    ("transposed_weights", "dL/da1[1]", lambda v: v["dL/dz2[1]"] * v["W2[1,1]"] + v["dL/dz2[2]"] * v["W2[1,2]"]),
    ("transposed_gradient", "dL/dW1[1,2]", lambda v: v["dL/dz1[2]"] * v["x1"]),
    ("transposed_gradient", "dL/dW2[2,1]", lambda v: v["dL/dz2[1]"] * v["a1[2]"]),
    ("transposed_gradient", "W2[1,2]'", lambda v: v["W2[1,2]"] - ETA * v["dL/dW2[2,1]"]),
    ("path_missing", "dL/da1[1]", lambda v: v["dL/dz2[1]"] * v["W2[1,1]"]),
    ("path_missing", "dL/da1[2]", lambda v: v["dL/dz2[2]"] * v["W2[2,2]"]),
    ("weight_missing", "dL/da1[2]", lambda v: v["dL/dz2[1]"] + v["dL/dz2[2]"]),
    ("weight_missing", "z1[1]", lambda v: v["x1"] + v["x2"] + v["b1[1]"]),
    ("updated_weight_used", "dL/da1[1]", lambda v: v["dL/dz2[1]"] * v["W2[1,1]'"] + v["dL/dz2[2]"] * v["W2[2,1]'"]),
    ("ascent", "W2[1,2]'", lambda v: v["W2[1,2]"] + ETA * v["dL/dW2[1,2]"]),
    ("ascent", "b1[2]'", lambda v: v["b1[2]"] + ETA * v["dL/db1[2]"]),
    ("rate_missing", "W1[2,2]'", lambda v: v["W1[2,2]"] - v["dL/dW1[2,2]"]),
    ("rate_missing", "b2[1]'", lambda v: v["b2[1]"] - v["dL/db2[1]"]),
    ("not_updated", "W2[2,2]'", lambda v: v["W2[2,2]"]),
    ("not_updated", "b2[1]'", lambda v: v["b2[1]"]),
    ("mean_for_sum", "L", lambda v: ((v["t1"] - v["a2[1]"]) ** 2 + (v["t2"] - v["a2[2]"]) ** 2) / 2),
    ("swapped_unit", "a1[1]", lambda v: v["a1[2]"]),
    ("swapped_unit", "dL/dW2[1,1]", lambda v: v["dL/dz2[1]"] * v["a1[2]"]),
    ("swapped_unit", "z1[1]", lambda v: v["x2"] * v["W1[1,1]"] + v["x1"] * v["W1[1,2]"] + v["b1[1]"]),
    ("swapped_unit", "dL/da1[1]", lambda v: v["dL/dz2[2]"] * v["W2[1,1]"] + v["dL/dz2[1]"] * v["W2[2,1]"]),
    ("arithmetic", "a2[1]", lambda v: v["a2[1]"] + 0.07),
    ("arithmetic", "dL/dW1[1,2]", lambda v: v["dL/dW1[1,2]"] + 0.00042),
]
SOFTMAX: list[tuple[str, str, Wrong]] = [
    ("sign", "dL/dz2[1]", lambda v: v["t1"] - v["a2[1]"]),
    ("sign", "dL/dz2[2]", lambda v: v["t2"] - v["a2[2]"]),
    ("sign", "L", lambda v: math.log(v["a2[2]"])),
    ("factor", "dL/dz2[2]", lambda v: 2 * (v["a2[2]"] - v["t2"])),
    ("activation_missing", "a2[1]", lambda v: v["z2[1]"]),
    ("activation_derivative_missing", "dL/dz2[2]", lambda v: v["dL/da2[2]"]),
    ("activation_derivative_missing", "dL/dz1[1]", lambda v: v["dL/da1[1]"]),
    ("activation_for_derivative", "dL/dz1[2]", lambda v: v["dL/da1[2]"] * v["a1[2]"]),
    ("wrong_activation_derivative", "dL/dz1[2]", lambda v: v["dL/da1[2]"] * (1 - v["a1[2]"] ** 2)),
    ("wrong_loss_gradient", "dL/dz2[1]", lambda v: 2 * (v["a2[1]"] - v["t1"]) * v["a2[1]"] * (1 - v["a2[1]"])),
    ("wrong_loss_gradient", "dL/dz2[2]", lambda v: v["a2[2]"] + v["t2"]),
    ("wrong_loss_gradient", "dL/da2[2]", lambda v: v["a2[2]"] - v["t2"]),
    ("input_missing", "dL/dW2[1,1]", lambda v: v["dL/dz2[1]"]),
    ("z_for_a", "dL/dW2[1,1]", lambda v: v["dL/dz2[1]"] * v["z1[1]"]),
    ("z_for_a", "dL/dz2[1]", lambda v: v["z2[1]"] - v["t1"]),
    ("bias_missing", "z2[2]", lambda v: v["a1[1]"] * v["W2[2,1]"] + v["a1[2]"] * v["W2[2,2]"]),
    ("transposed_weights", "z2[2]", lambda v: v["a1[1]"] * v["W2[1,2]"] + v["a1[2]"] * v["W2[2,2]"] + v["b2[2]"]),
    ("transposed_gradient", "dL/dW2[1,2]", lambda v: v["dL/dz2[2]"] * v["a1[1]"]),
    ("path_missing", "dL/da1[2]", lambda v: v["dL/dz2[1]"] * v["W2[1,2]"]),
    ("weight_missing", "dL/da1[1]", lambda v: v["dL/dz2[1]"] + v["dL/dz2[2]"] + 0.0),
    ("updated_weight_used", "dL/da1[2]", lambda v: v["dL/dz2[1]"] * v["W2[1,2]'"] + v["dL/dz2[2]"] * v["W2[2,2]'"]),
    ("ascent", "W1[2,1]'", lambda v: v["W1[2,1]"] + ETA * v["dL/dW1[2,1]"]),
    ("rate_missing", "W2[1,1]'", lambda v: v["W2[1,1]"] - v["dL/dW2[1,1]"]),
    ("not_updated", "W2[1,1]'", lambda v: v["W2[1,1]"]),
    ("mean_for_sum", "L", lambda v: -math.log(v["a2[2]"]) / 2),
    ("swapped_unit", "L", lambda v: -math.log(v["a2[1]"])),
    ("swapped_unit", "a2[1]", lambda v: v["a2[2]"]),
    ("swapped_unit", "dL/dz2[1]", lambda v: v["a2[1]"] - v["t2"]),
    ("arithmetic", "a2[2]", lambda v: v["a2[2]"] + 0.003),
]


def over(v: Numbers, *rows: str) -> list[list[float]]:
    """The numbers of some cells of both examples: `dL/dz1[n;1]`."""
    return [[v[row.replace("[n;", f"[{n};")] for row in rows] for n in (1, 2)]


TANH: list[tuple[str, str, Wrong]] = [
    ("sign", "dL/da2[1;1]", lambda v: (v["t[1;1]"] - v["a2[1;1]"]) / 2),
    ("factor", "dL/da2[2;1]", lambda v: v["a2[2;1]"] - v["t[2;1]"]),
    ("activation_missing", "a1[2;1]", lambda v: v["z1[2;1]"]),
    ("activation_derivative_missing", "dL/dz2[2;1]", lambda v: v["dL/da2[2;1]"]),
    ("activation_for_derivative", "dL/dz2[1;1]", lambda v: v["dL/da2[1;1]"] * v["a2[1;1]"]),
    ("wrong_activation_derivative", "dL/dz2[1;2]", lambda v: v["dL/da2[1;2]"] * v["a2[1;2]"] * (1 - v["a2[1;2]"])),
    ("wrong_activation_derivative", "dL/dz1[2;1]", lambda v: v["dL/da1[2;1]"] * (1 - v["a1[2;1]"])),
    ("wrong_loss_gradient", "dL/da2[1;2]", lambda v: (v["a2[1;2]"] - v["t[1;2]"]) ** 2),
    ("input_missing", "dL/dW1[1,2]", lambda v: sum(g for (g,) in over(v, "dL/dz1[n;1]"))),
    ("input_missing", "z1[2;2]", lambda v: v["x[2;1]"] * v["W1[2,1]"] + v["b1[2]"]),
    ("z_for_a", "dL/dW2[2,1]", lambda v: sum(g * z for g, z in over(v, "dL/dz2[n;2]", "z1[n;1]"))),
    ("z_for_a", "dL/dz2[2;1]", lambda v: v["dL/da2[2;1]"] * (1 - v["z2[2;1]"] ** 2)),
    ("bias_missing", "z1[2;1]", lambda v: v["x[2;1]"] * v["W1[1,1]"] + v["x[2;2]"] * v["W1[1,2]"]),
    ("transposed_weights", "z1[1;2]", lambda v: v["x[1;1]"] * v["W1[1,2]"] + v["x[1;2]"] * v["W1[2,2]"] + v["b1[2]"]),
    ("transposed_weights", "dL/da1[2;2]", lambda v: v["dL/dz2[2;1]"] * v["W2[2,1]"] + v["dL/dz2[2;2]"] * v["W2[2,2]"]),
    ("transposed_gradient", "dL/dW1[1,2]", lambda v: sum(g * x for g, x in over(v, "dL/dz1[n;2]", "x[n;1]"))),
    ("path_missing", "dL/da1[2;1]", lambda v: v["dL/dz2[2;1]"] * v["W2[1,1]"]),
    ("weight_missing", "dL/da1[1;1]", lambda v: v["dL/dz2[1;1]"] + v["dL/dz2[1;2]"]),
    ("updated_weight_used", "dL/da1[1;2]", lambda v: v["dL/dz2[1;1]"] * v["W2[1,2]'"] + v["dL/dz2[1;2]"] * v["W2[2,2]'"]),
    ("ascent", "W1[1,1]'", lambda v: v["W1[1,1]"] + ETA * v["dL/dW1[1,1]"]),
    ("rate_missing", "W2[2,1]'", lambda v: v["W2[2,1]"] - v["dL/dW2[2,1]"]),
    ("not_updated", "W1[2,1]'", lambda v: v["W1[2,1]"]),
    ("sum_for_mean", "dL/dW1[2,1]", lambda v: 2 * sum(g * x for g, x in over(v, "dL/dz1[n;2]", "x[n;1]"))),
    ("sum_for_mean", "L", lambda v: 2 * v["L"]),
    ("mean_twice", "dL/db2[1]", lambda v: sum(g for (g,) in over(v, "dL/dz2[n;1]")) / 2),
    ("one_example", "dL/dW2[1,2]", lambda v: v["dL/dz2[2;1]"] * v["a1[2;2]"]),
    ("swapped_unit", "a1[1;1]", lambda v: v["a1[1;2]"]),
    ("swapped_unit", "z1[1;1]", lambda v: v["z1[2;1]"]),
    ("arithmetic", "z2[1;1]", lambda v: v["z2[1;1]"] + 0.0007),
]
SUM: list[tuple[str, str, Wrong]] = [
    ("mean_for_sum", "L", lambda v: v["L"] / 2),
    ("mean_for_sum", "dL/dW2[1,1]", lambda v: sum(g * a for g, a in over(v, "dL/dz2[n;1]", "a1[n;1]")) / 2),
    ("mean_for_sum", "dL/db1[2]", lambda v: sum(g for (g,) in over(v, "dL/dz1[n;2]")) / 2),
]
PLANTED = [
    pytest.param(kind, *case, id=f"{kind}-{case[0]}-{case[1]}")
    for kind, cases in {"sigmoid": SIGMOID, "softmax": SOFTMAX, "tanh": TANH, "sum": SUM}.items()
    for case in cases
]


@pytest.mark.parametrize(("kind", "id", "name", "wrong"), PLANTED)
def test_a_planted_mistake_is_found_where_it_was_made(kind: str, id: str, name: str, wrong: Wrong) -> None:
    wrote = f"{wrong(sheet(kind)):.5f}"
    cells = marked(kind, name, wrote)
    assert [cell.name for cell in cells.values() if cell.verdict == "wrong"] == [name]
    found = cells[name].mistake
    assert found is not None
    assert id in found.fits
    assert found.id == (id if len(found.fits) == 1 else None)
    if found.id and id != "arithmetic":
        assert found.says.endswith(f"= {wrote.replace('-', '−')}."), "the sentence ends with the number that was written"


def test_most_mistakes_are_named_alone() -> None:
    alone = 0
    for kind, cases in {"sigmoid": SIGMOID, "softmax": SOFTMAX, "tanh": TANH}.items():
        for id, name, wrong in cases:
            alone += explained(kind, name, wrong(sheet(kind))).id == id
    assert alone >= 0.8 * (len(SIGMOID) + len(SOFTMAX) + len(TANH))


@pytest.mark.parametrize("kind", ["sigmoid", "softmax", "tanh"])
@pytest.mark.parametrize(
    ("places", "where"), [(1, "one place too far to the right"), (-1, "one place too far to the left"), (2, "two")]
)
def test_the_decimal_point_in_the_wrong_place(kind: str, places: int, where: str) -> None:
    """0.56054 becomes 5.6054, or 0.056054."""
    for name in (name for name in sheet(kind) if name.startswith(("a2", "L"))):
        wrote = f"{sheet(kind)[name] * 10.0**places:.{5 - places}f}"
        found = marked(kind, name, wrote)[name].mistake
        assert found is not None
        assert "decimal_point" in found.fits
        if found.id:
            assert where in found.says


@pytest.mark.parametrize("kind", ["sigmoid", "softmax", "tanh"])
def test_cut_off_digits(kind: str) -> None:
    """Where cutting off and rounding differ, at whatever step; what is worked from hidden digits as well may still follow."""
    v, seen = sheet(kind), 0
    for name in v:
        if not name.startswith("z1"):
            continue
        exact = marker(kind).steps.true(name)
        wrote = f"{math.trunc(exact * 1000) / 1000:.3f}"
        if abs(float(wrote) - exact) > 0.00051:
            found = marked(kind, name, wrote)[name].mistake
            assert found is not None
            assert "truncated" in found.fits
            seen += 1
    assert seen


def test_every_id_of_the_contract_that_is_a_formula_is_planted() -> None:
    ids = {"sign", "factor", "activation_missing", "activation_derivative_missing", "activation_for_derivative"}
    ids |= {"wrong_activation_derivative", "wrong_loss_gradient", "input_missing", "z_for_a", "bias_missing"}
    ids |= {"transposed_weights", "transposed_gradient", "path_missing", "weight_missing", "updated_weight_used"}
    ids |= {"ascent", "rate_missing", "not_updated", "mean_for_sum", "swapped_unit", "arithmetic"}
    assert ids <= {id for id, _, _ in [*SIGMOID, *SOFTMAX, *TANH, *SUM]}


def test_the_sentence_has_the_numbers_of_the_student() -> None:
    v = sheet("sigmoid")
    found = explained("sigmoid", "dL/dz2[2]", v["dL/da2[2]"] * v["a2[2]"])
    assert found.says == "f(z) stands where f′(z) should: −0.29838·0.62081 = −0.18524."
    found = explained("sigmoid", "W2[1,2]'", v["W2[1,2]"] - v["dL/dW2[1,2]"])
    assert found.says == "The learning rate is missing: −0.71 − 0.11218 = −0.82218."


def test_two_units_with_the_same_mistake_are_named_by_that() -> None:
    """A third of a number is ambiguous alone: 0.40 is w5 itself, or what another weight would give."""
    text = api.load_with_marking("problems/one-step-squared-error.yaml")

    def ids(answers: dict[str, str]) -> dict[str, str | None]:
        [result] = Marker(*text).mark([Submission("a.yaml", None, answers)])
        return {cell.name: cell.mistake.id for cell in result.cells if cell.mistake}

    assert ids({"w5'": "0.40"}) == {"w5'": None}
    assert ids({"w5'": "0.40", "w6'": "0.45"}) == {"w5'": "not_updated", "w6'": "not_updated"}


def test_two_digits_that_are_exchanged() -> None:
    found = explained("sigmoid", "a2[1]", 0.56504)  # for 0.56054
    assert (found.id, found.fits) == ("digits_exchanged", ("digits_exchanged",))


def test_two_mistakes_at_once_are_called_so() -> None:
    v = sheet("sigmoid")
    found = explained("sigmoid", "dL/dz1[2]", -v["dL/da1[2]"] * v["a1[2]"])
    assert found.id is None
    assert found.fits[0] == "arithmetic"
    assert "activation_for_derivative+sign" in found.fits


def test_what_follows_from_a_mistake_is_not_charged_again() -> None:
    cells = marked("sigmoid", "dL/dz2[1]", f"{sheet('sigmoid')['dL/da2[1]']:.5f}")
    assert [cell.name for cell in cells.values() if cell.verdict == "wrong"] == ["dL/dz2[1]"]
    behind = [
        "dL/dW2[1,1]",
        "dL/dW2[1,2]",
        "dL/db2[1]",
        "dL/da1[1]",
        "dL/da1[2]",
        "dL/dz1[1]",
        "dL/dW1[2,2]",
        "W2[1,1]'",
        "W1[1,2]'",
    ]
    assert {cells[name].verdict for name in behind} == {"follows"}


def test_the_decimal_point_in_the_wrong_place_of_a_number_filled_up_with_zeros() -> None:
    """0.56054 becomes 5.60540."""
    assert "decimal_point" in explained("sigmoid", "a2[1]", 5.6054).fits
