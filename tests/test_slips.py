"""Every slip is one edit, everything behind it follows from it, and nothing before it moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_problems import expressions, networks, tried

import backcheck
from backcheck.marking.lint import lint
from backcheck.roads.by_hand import rule
from backcheck.slips.edits import Slip, slipped, worked_with, written_rows
from backcheck.slips.slips import slips

PROBLEMS = sorted(Path("problems").glob("*.yaml"))
SMALL = [path for path in PROBLEMS if not path.stem.startswith("digits")]

IDS = """
sign factor activation_missing activation_derivative_missing activation_for_derivative wrong_activation_derivative derivative_at_a
derivative_twice softmax_elementwise wrong_loss_gradient input_missing output_for_input z_for_a bias_missing transposed_weights
transposed_gradient path_missing weight_missing updated_weight_used other_layer swapped_unit sum_for_mean mean_for_sum mean_twice
one_example ascent rate_missing rate_for_slope not_updated frozen_updated factor_missing added_along_path paths_multiplied
"""


def of(path: Path) -> tuple[backcheck.WorkedSheet, list[Slip]]:
    sheet = backcheck.load(path)
    return backcheck.step(sheet), list(slips(sheet))


def test_every_kind_occurs() -> None:
    assert {slip.id for path in PROBLEMS for slip in of(path)[1]} == set(IDS.split())


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.stem)
def test_sentences_are_different(path: Path) -> None:
    said = [(slip.says, *slip.rows) for slip in of(path)[1]]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_a_slip_changes_something_or_lint_says_that_it_does_not(path: Path) -> None:
    right, found = of(path)
    unseen = {finding.says for finding in lint(right.sheet, 12)}
    for slip in found:
        try:
            done = slipped(right, slip)
        except backcheck.Undefined:
            continue
        same = all(np.array_equal(done.array(row), right.array(row)) for row in written_rows(right))
        assert same <= (slip.says in unseen), slip.says


def follows(right: backcheck.WorkedSheet, slip: Slip) -> None:
    """Rows that were not edited come from their parents by their own rule; what the slip does not reach is as it was."""
    try:
        done = slipped(right, slip)
    except backcheck.Undefined:
        return
    for row in map(right.sheet.__getitem__, written_rows(right)):
        edit = slip.rows.get(row.name)
        work, parents = (edit.work, edit.parents) if edit else (rule(row), row.parents)
        value = np.asarray(work(*[done.array(parent) for parent in parents])).reshape(-1)
        again = value.sum(keepdims=True) if row.name == "L" else value
        assert np.array_equal(done.array(row.name).reshape(-1), again), (slip.says, row.name)
        assert done.array(row.name).shape == right.array(row.name).shape, (slip.says, row.name)
        if row.name not in done.reached:
            assert done.array(row.name) is right.array(row.name)


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_everything_follows(path: Path) -> None:
    right, found = of(path)
    for slip in found:
        follows(right, slip)


@tried(15)
@given(st.one_of(networks(), expressions(edges=True)))
def test_everything_follows_in_random_problems(text: str) -> None:
    right = backcheck.step(backcheck.loads(text))
    for slip in slips(right.sheet):
        follows(right, slip)


# Two inputs, three hidden units, two outputs, two examples: the numbers that follow, worked here once more and otherwise.

X, T = np.array([[0.5, -1.0], [1.5, 0.25]]), np.array([[1.0, 0.0], [0.5, -0.5]])
W1, B1 = np.array([[0.2, -0.4], [0.6, 0.1], [-0.3, 0.5]]), np.array([0.1, -0.2, 0.3])
W2, B2 = np.array([[0.7, -0.5, 0.2], [0.4, 0.3, -0.6]]), np.array([0.05, -0.15])
TEXT = f"""
inputs: {X.tolist()}
targets: {T.tolist()}
layers:
  - {{weights: {W1.tolist()}, biases: {B1.tolist()}, activation: sigmoid}}
  - {{weights: {W2.tolist()}, biases: {B2.tolist()}, activation: tanh}}
loss: squared_error
learning_rate: 0.5
"""
A1 = 1 / (1 + np.exp(-(X @ W1.T + B1)))
Z2 = A1 @ W2.T + B2
Y = np.tanh(Z2)
G = -(T - Y)  # ∂L/∂y, with 2 from the square and ½ from the mean
D2 = G * (1 - Y**2)
D1 = (D2 @ W2) * A1 * (1 - A1)


def sums(delta: Any, x: Any) -> Any:
    return sum(np.outer(d, v) for d, v in zip(delta, x, strict=True))


CASES = [
    ("tanh′ of layer 2 is missing", "dL/dz2", G),
    ("tanh′ of layer 2 is missing", "dL/dW1", sums((G @ W2) * A1 * (1 - A1), X)),
    ("f(z) stands where f′(z) should, in layer 1", "dL/dz1", (D2 @ W2) * A1),
    ("σ′ of layer 1 is worked as 1 − a", "dL/dz1", (D2 @ W2) * (1 - A1)),
    ("tanh′ of layer 2 is taken at a2, not at z2", "dL/dz2", G * (1 - np.tanh(Y) ** 2)),
    ("∂L/∂a2 has the wrong sign, as from y − t for t − y", "dL/dW2", -sums(D2, A1)),
    ("∂L/∂a2 is half of what it should be", "dL/dW1", sums(D1, X) / 2),
    ("the slope of the loss is that of absolute_error", "dL/dz2", np.sign(Y - T) / 2 * (1 - Y**2)),
    ("the gradient is summed over the examples, not averaged", "dL/dW1", 2 * sums(D1, X)),
    ("the slopes of the biases are summed over the examples, not averaged", "dL/db1", 2 * D1.sum(0)),
    ("every slope is divided by the 2 examples once more", "dL/dW2", sums(D2, A1) / 2),
    ("only the last example counts in the slopes", "dL/dW2", np.outer(D2[1], A1[1])),
    ("only the first example counts in the slopes, and it is not divided by 2", "dL/db2", 2 * D2[0]),
    ("x is missing in ∂L/∂W1", "dL/dW1", D1.sum(0)[:, None] * np.ones((3, 2))),
    ("∂L/∂W2 is worked with z1 in place of a1", "dL/dW2", sums(D2, X @ W1.T + B1)),
    ("W2 is missing on the way back", "dL/da1", np.repeat(D2.sum(1, keepdims=True), 3, axis=1)),
    ("the new W2 is used on the way back, not the old one", "dL/da1", D2 @ (W2 - 0.5 * sums(D2, A1))),
    ("∂L/∂a1 has only the path through unit 2 of layer 2", "dL/da1", np.outer(D2[:, 1], W2[1])),
    ("units 1 and 2 of layer 2 are swapped in ∂L/∂a1", "dL/da1", D2[:, ::-1] @ W2),
    ("values 1 and 2 of x are swapped in ∂L/∂W1", "dL/dW1", sums(D1, X[:, ::-1])),
    ("targets 1 and 2 are swapped in ∂L/∂a2", "dL/da2", -(T[:, ::-1] - Y)),
    ("b1 is missing in z1", "a1", 1 / (1 + np.exp(-X @ W1.T))),
    ("b2 is subtracted in z2, not added", "a2", np.tanh(Z2 - 2 * B2)),
    ("the activation of layer 1 is missing", "z2", (X @ W1.T + B1) @ W2.T + B2),
    ("z2 is worked with z1 in place of a1", "a2", np.tanh((X @ W1.T + B1) @ W2.T + B2)),
    ("the step goes up the slope: + in place of −", "b2'", B2 + 0.5 * D2.sum(0)),
    ("the learning rate is missing", "W1'", W1 - sums(D1, X)),
    ("W1 is not updated", "W1'", W1),
]


@pytest.mark.parametrize(("says", "row", "value"), CASES, ids=[f"{says}: {row}" for says, row, _ in CASES])
def test_numbers_with_a_slip(says: str, row: str, value: Any) -> None:
    sheet = backcheck.loads(TEXT)
    slip = next(slip for slip in slips(sheet) if slip.says == says)
    assert worked_with(sheet, slip).array(row) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(("last", "loss"), [("softmax", "cross_entropy"), ("sigmoid", "binary_cross_entropy")])
def test_shortcuts_at_the_outputs(last: str, loss: str) -> None:
    layer = f"{{weights: [[0.2, 0.4], [-0.3, 0.1]], activation: {last}}}"
    sheet = backcheck.loads(f"{{inputs: [0.3, 0.7], targets: [0, 1], layers: [{layer}], loss: {loss}}}")
    y, t = backcheck.step(sheet).array("a1"), np.array([[0.0, 1.0]])
    delta = {slip.says: worked_with(sheet, slip).array("dL/dz1") for slip in slips(sheet)}
    assert delta["a(1 − a) is multiplied into ∂L/∂z1 once more: it is in there already"] == pytest.approx((y - t) * y * (1 - y))
    if last == "softmax":
        assert delta["the derivative of softmax of layer 1 is missing"] == pytest.approx(-t / y)
        one_by_one = "softmax of layer 1 is treated unit by unit: ∂y_j/∂z_k is missing for k ≠ j"
        assert delta[one_by_one] == pytest.approx(-t * (1 - y))
    else:
        assert delta["σ′ of layer 1 is missing"] == pytest.approx(-t / y + (1 - t) / (1 - y))


def test_square_layers_can_be_transposed() -> None:
    text = """{inputs: [0.3, 0.7], targets: [0, 1], loss: half_squared_error, learning_rate: 1, layers: [
      {weights: [[0.2, 0.4], [-0.3, 0.1]], activation: tanh}, {weights: [[0.5, 0.6], [-0.7, 0.8]]}]}"""
    sheet = backcheck.loads(text)
    right = backcheck.step(sheet)
    W2, delta = sheet.given["W2"], right.array("dL/dz2")
    by_says = {slip.says: slipped(right, slip) for slip in slips(sheet)}
    assert by_says["W2 is transposed on the way back"].array("dL/da1") == pytest.approx(delta @ W2.T)
    assert by_says["W2 is transposed on the way forward"].array("z2") == pytest.approx(right.array("a1") @ W2)
    assert by_says["∂L/∂W1 is transposed"].array("dL/dW1") == pytest.approx(right.array("dL/dW1").T)
    assert by_says["W1 is used on the way back in place of W2"].array("dL/da1") == pytest.approx(delta @ sheet.given["W1"])
    assert by_says["∂L/∂W2 is worked with a2 in place of a1"].array("dL/dW2") == pytest.approx(delta.T @ right.array("a2"))


def test_a_slip_that_leaves_no_number_says_so() -> None:
    sheet = backcheck.load("problems/nothing-moves.yaml")
    slip = next(slip for slip in slips(sheet) if slip.says.endswith("that of cross_entropy"))
    with pytest.raises(backcheck.Undefined, match=r"dL/da3 has no value: the slope of the loss is that of cross_entropy"):
        worked_with(sheet, slip)


def test_paths_of_an_expression() -> None:
    sheet = backcheck.load("problems/shared-variable.yaml")
    right = backcheck.step(sheet)
    by_says = {slip.says: slipped(right, slip)["df/dx"] for slip in slips(sheet)}
    whole, square = right["df/dx"], 2 * 2
    assert by_says["the path through h2 is missing in ∂f/∂x"] == pytest.approx(whole - square)
    assert by_says["the factor ∂a/∂x is missing in ∂f/∂x via a"] == pytest.approx(whole - np.sin(2) * 0.5 + np.sin(2))
    assert by_says["∂b/∂x has the wrong sign"] == pytest.approx(whole - 2 * 1.0 * np.cos(2))
