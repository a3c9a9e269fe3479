"""A backward pass written in code, with every usual mistake in it: the first wrong array is found, and what it looks like."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from independent import solve
from random_problems import expressions, networks, tried

import backcheck
from backcheck.marking.gradients import GradientReport, check_gradients
from backcheck.problem.gradients import read_gradients
from backcheck.roads.backprop import parameters
from backcheck.roads.work import WorkedSheet
from backcheck.slips.edits import slipped
from backcheck.slips.slips import slips
from backcheck.worksheet import Array, Row
from backcheck.writing.gradients import as_json, text

DRAW = np.random.default_rng(5)
GIVEN = {
    "x": DRAW.uniform(-1, 1, (3, 2)).round(2),
    "t": DRAW.uniform(0, 1, (3, 3)).round(2),
    "W1": DRAW.uniform(-1, 1, (4, 2)).round(2),
    "b1": DRAW.uniform(-1, 1, 4).round(2),
    "W2": DRAW.uniform(-1, 1, (4, 4)).round(2),
    "b2": DRAW.uniform(-1, 1, 4).round(2),
    "W3": DRAW.uniform(-1, 1, (3, 4)).round(2),
    "b3": DRAW.uniform(-1, 1, 3).round(2),
}
LAYERS = "\n".join(
    f"  - {{weights: {GIVEN[f'W{l}'].tolist()}, biases: {GIVEN[f'b{l}'].tolist()}, activation: {name}}}"
    for l, name in ((1, "tanh"), (2, "sigmoid"), (3, "sigmoid"))
)
PROBLEM = f"inputs: {GIVEN['x'].tolist()}\ntargets: {GIVEN['t'].tolist()}\nlayers:\n{LAYERS}\nloss: LOSS\nlearning_rate: 0.5\n"
SHEET = backcheck.loads(PROBLEM.replace("LOSS", "half_squared_error"))


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def code(mistake: str = "", dtype: Any = np.float64) -> dict[str, Any]:
    """The backward pass of the problem, as people write it, and one thing in it wrong."""
    x, t, W1, b1, W2, b2, W3, b3 = (array.astype(dtype) for array in GIVEN.values())
    N = 1 if mistake == "sum" else len(x)
    z1 = x @ (W1).T + (0 if mistake == "no b1" else b1)
    a1 = z1 if mistake == "no tanh" else np.tanh(z1)
    z2 = a1 @ (W2 if mistake == "W2 transposed forward" else W2.T) + b2
    a2 = sigmoid(z2)
    z3 = (z2 if mistake == "z2 for a2 forward" else a2) @ W3.T + b3
    y = sigmoid(z3)
    g3 = {"t - y": t - y, "twice": 2 * (y - t), "absolute": np.sign(y - t)}.get(mistake, y - t) / N
    d3 = g3 * {"no prime 3": 1, "y": y, "1 - y": 1 - y, "y²": y**2}.get(mistake, y * (1 - y))
    dW3 = d3.T @ {"z2 for a2": z2, "no a2": np.ones_like(a2)}.get(mistake, a2)
    db3 = d3.sum(0)
    back3 = {"W3 missing": np.ones_like(W3), "new W3": W3 - dtype(0.5) * dW3}.get(mistake, W3)
    da2 = {"one path": d3[:, :1] @ W3[:1], "no prime 3 in da2": g3 @ W3}.get(mistake, d3 @ back3)
    d2 = da2 * {"no prime 2": 1, "at a2": sigmoid(a2) * (1 - sigmoid(a2)), "z2(1 - z2)": z2 * (1 - z2)}.get(mistake, a2 * (1 - a2))
    dW2 = d2.T @ a1
    dW2 = dW2.T if mistake == "dW2 transposed" else dW2
    db2 = d2.mean(0) if mistake == "db mean" else d2.sum(0)
    da1 = d2 @ (W2.T if mistake == "W2 transposed" else W2)
    d1 = da1 * {"no prime 1": 1, "1 - a": 1 - a1, "f for f′": a1, "1 + a²": 1 + a1**2}.get(mistake, 1 - a1**2)
    dW1 = (d2 if mistake == "delta 2 for 1" else d1).T @ x
    dW1 = -dW1 if mistake == "minus dW1" else dW1
    db1 = d1.mean(0) if mistake == "db mean" else d1.sum(0)
    db3 = d3.mean(0) if mistake == "db mean" else db3
    found = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}
    if mistake == "last example":
        found |= {"W1": d1[-1:].T @ x[-1:], "W2": d2[-1:].T @ a1[-1:], "W3": d3[-1:].T @ a2[-1:]}
        found |= {"b1": d1[-1], "b2": d2[-1], "b3": d3[-1]}
    return found


CODED = [
    ("sum", "dL/dW3", "sum_for_mean"),
    ("no b1", "dL/dW3", "bias_missing"),
    ("no tanh", "dL/dW3", "activation_missing"),
    ("W2 transposed forward", "dL/dW3", "transposed_weights"),
    ("z2 for a2 forward", "dL/dW3", "z_for_a"),
    ("t - y", "dL/dW3", "sign"),
    ("twice", "dL/dW3", "factor"),
    ("absolute", "dL/dW3", "wrong_loss_gradient"),
    ("no prime 3", "dL/dW3", "activation_derivative_missing"),
    ("y", "dL/dW3", "activation_for_derivative"),
    ("1 - y", "dL/dW3", "wrong_activation_derivative"),
    ("y²", "dL/dW3", "wrong_activation_derivative"),
    ("z2 for a2", "dL/dW3", "z_for_a"),
    ("no a2", "dL/dW3", "input_missing"),
    ("last example", "dL/dW3", "one_example"),
    ("db mean", "dL/db3", "mean_twice"),
    ("W3 missing", "dL/dW2", "weight_missing"),
    ("new W3", "dL/dW2", "updated_weight_used"),
    ("one path", "dL/dW2", "path_missing"),
    ("no prime 3 in da2", "dL/dW2", "activation_derivative_missing"),
    ("no prime 2", "dL/dW2", "activation_derivative_missing"),
    ("at a2", "dL/dW2", "derivative_at_a"),
    ("z2(1 - z2)", "dL/dW2", "z_for_a"),
    ("dW2 transposed", "dL/dW2", "transposed_gradient"),
    ("W2 transposed", "dL/dW1", "transposed_weights"),
    ("no prime 1", "dL/dW1", "activation_derivative_missing"),
    ("1 - a", "dL/dW1", "wrong_activation_derivative"),
    ("f for f′", "dL/dW1", "activation_for_derivative"),
    ("1 + a²", "dL/dW1", "wrong_activation_derivative"),
    ("delta 2 for 1", "dL/dW1", "other_layer"),
    ("minus dW1", "dL/dW1", "sign"),
]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("mistake", "first_wrong", "kind"), CODED, ids=[mistake for mistake, _, _ in CODED])
def test_a_mistake_in_code_is_named(mistake: str, first_wrong: str, kind: str, dtype: Any) -> None:
    report = check_gradients(SHEET, code(mistake, dtype))
    assert not report.agrees
    assert report.mistake
    assert (report.first_wrong, report.mistake.id) == (first_wrong, kind)
    assert report.mistake.explains == tuple(mark.name for mark in report.arrays if mark.verdict != "right")


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_right_code_is_right(dtype: Any) -> None:
    report = check_gradients(SHEET, code(dtype=dtype))
    assert report.agrees
    assert report.first_wrong is report.mistake is None
    assert [mark.name for mark in report.arrays] == [f"dL/d{p}" for p in ("W3", "b3", "W2", "b2", "W1", "b1")]


LIKE: list[tuple[str, Callable[[str, Any], Any], str, str]] = [
    ("all transposed", lambda _, g: g.T, "transposed_gradient", "∂L/∂W3, ∂L/∂W2 and ∂L/∂W1 are transposed"),
    (
        "1.7 times",
        lambda _, g: 1.7 * g,
        "factor",
        "∂L/∂W3, ∂L/∂b3, ∂L/∂W2, ∂L/∂b2, ∂L/∂W1 and ∂L/∂b1 are 1.7 times what it should be",
    ),
    ("zeros", lambda name, g: 0 * g if name == "W2" else g, "not_computed", "∂L/∂W2 is all zeros"),
    ("rows", lambda name, g: g[[2, 0, 1]] if name == "W3" else g, "swapped_unit", "∂L/∂W3 has its rows in the order 3, 1, 2"),
    (
        "columns",
        lambda name, g: g[:, ::-1] if name == "W2" else g,
        "swapped_unit",
        "∂L/∂W2 has its columns in the order 4, 3, 2, 1",
    ),
    ("rounded", lambda _, g: g.round(3), "rounded", "are rounded to 3 decimals"),
    ("the step", lambda _, g: -0.5 * g, "rate_included", "are the step −η·slope"),
    ("weights", lambda name, _: GIVEN[name], "parameter_for_gradient", "itself, not its slope"),
]


@pytest.mark.parametrize(("change", "kind", "says"), [case[1:] for case in LIKE], ids=[case[0] for case in LIKE])
def test_what_arrays_look_like(change: Callable[[str, Any], Any], kind: str, says: str) -> None:
    report = check_gradients(SHEET, {name: change(name, g) for name, g in code().items()})
    assert report.mistake
    assert report.mistake.id == kind
    assert says in report.mistake.says


def without_example(n: int) -> dict[str, Any]:
    """The slopes with one example of three left out of the sums, still divided by 3."""
    right = backcheck.step(SHEET)
    parts = {p: (right.array(f"dL/dz{p[1]}"), right.array("x" if p[1] == "1" else f"a{int(p[1]) - 1}")) for p in code()}
    kept = [m for m in range(3) if m != n]
    return {p: g[kept].T @ x[kept] if p[0] == "W" else g[kept].sum(0) for p, (g, x) in parts.items()}


@pytest.mark.parametrize("n", [0, 1, 2])
def test_an_example_is_missing(n: int) -> None:
    report = check_gradients(SHEET, without_example(n))
    assert report.mistake
    assert report.mistake.id == "example_missing"
    assert report.mistake.says.endswith(f"lack example {n + 1}")
    times = check_gradients(SHEET, {name: 1.5 * g for name, g in without_example(n).items()})
    assert times.mistake
    assert times.mistake.says.endswith(f"lack example {n + 1}, and are divided by 2")


def test_slopes_that_are_not_summed() -> None:
    right = backcheck.step(SHEET)
    report = check_gradients(SHEET, code() | {"b2": right.array("dL/dz2")})
    assert (report.first_wrong, report.mistake and report.mistake.id) == ("dL/db2", "not_summed")
    assert next(mark for mark in report.arrays if mark.name == "dL/db2").verdict == "wrong shape"


def test_a_second_mistake_is_told() -> None:
    wrong = code("minus dW1")
    report = check_gradients(SHEET, wrong | {"W3": wrong["W3"] * np.linspace(0.5, 2, 4)})
    assert report.first_wrong == "dL/dW3"
    assert report.mistake is None
    report = check_gradients(SHEET, wrong | {"W3": 2 * wrong["W3"]})
    assert report.mistake
    assert (report.mistake.id, report.mistake.explains) == ("factor", ("dL/dW3",))
    assert "That alone does not explain ∂L/∂W1" in text(report)


def test_several_mistakes_that_fit_are_listed() -> None:
    one = backcheck.loads("{inputs: [1], targets: [0], layers: [{weights: [[0.5]]}], loss: half_squared_error, learning_rate: 0.5}")
    report = check_gradients(one, {"W1": [[-0.5]]})
    assert report.mistake
    assert (report.mistake.id, report.mistake.fits) == ("sign", ("sign",))
    report = check_gradients(one, {"W1": [[1.0]]})
    assert report.mistake
    assert report.mistake.id is None
    assert report.mistake.fits == ("factor", "wrong_loss_gradient")
    assert text(report).count("\n  ") > 3


# no false alarm


class InPrecision(WorkedSheet):
    """The sheet worked with every number rounded to a kind of floats, as code does that computes in them."""

    def __init__(self, sheet: backcheck.Worksheet, dtype: Any) -> None:
        super().__init__(sheet, {name: array.astype(dtype) for name, array in sheet.given.items()})
        self.dtype = dtype

    def worked(self, row: Row, _: bool = False) -> Array:
        return super().worked(row, True).astype(self.dtype)


def slopes(sheet: backcheck.Worksheet) -> list[str]:
    return [f"d{sheet.result}/d{p}" for p in parameters(sheet)]


@tried(30)
@given(st.one_of(networks(), expressions(edges=True)), st.sampled_from([np.float32, np.float16, np.float64]))
def test_less_precise_arrays_are_right(file: str, dtype: Any) -> None:
    truth = solve(file)
    assume(truth.kink > 1e-2 and truth.largest < 50)
    done = InPrecision(backcheck.loads(file), dtype)
    report = check_gradients(done.sheet, {name: np.asarray(done.array(name)) for name in slopes(done.sheet)})
    assert report.agrees, [mark.says for mark in report.arrays]


@tried(30)
@given(st.one_of(networks(), expressions(edges=True)))
def test_an_independent_computation_is_right(file: str) -> None:
    truth = solve(file)
    assume(truth.kink > 1e-6 and truth.largest < 50)
    sheet = backcheck.loads(file)
    cells = {sheet.names.cell(row, index) for row in slopes(sheet) for index in np.ndindex(backcheck.step(sheet).array(row).shape)}
    report = check_gradients(sheet, {name: float(truth.values[name]) for name in cells})
    assert report.agrees, [mark.says for mark in report.arrays]


@tried(30)
@given(networks(), st.data())
def test_a_slip_in_a_random_network_is_among_those_named(file: str, data: Any) -> None:
    truth = solve(file)
    assume(truth.kink > 1e-3 and truth.largest < 50)
    right = backcheck.step(backcheck.loads(file))
    slip = data.draw(st.sampled_from(list(slips(right.sheet))))
    try:
        done = slipped(right, slip)
    except backcheck.Undefined:
        return
    rows = slopes(right.sheet)
    report = check_gradients(right.sheet, {row: done.array(row) for row in rows})
    if any(not np.allclose(done.array(row), right.array(row), 1e-6, 1e-6) for row in rows):
        assert report.mistake
        assert slip.id in report.mistake.fits
        wrong = [m.name for m in report.arrays if m.verdict == "wrong"]
        assert report.first_wrong == wrong[0]


@pytest.mark.parametrize("path", sorted(Path("problems").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_slip_of_the_shipped_problems(path: Path) -> None:
    right = backcheck.step(backcheck.load(path))
    rows = slopes(right.sheet)
    found = list(slips(right.sheet))
    for slip in found[:: 12 if path.stem.startswith("digits") else 4]:
        try:
            done = slipped(right, slip)
        except backcheck.Undefined:
            continue
        moved = any(not np.allclose(done.array(row), right.array(row), 1e-9, 1e-9) for row in rows)
        report = check_gradients(right.sheet, {row: done.array(row) for row in rows})
        assert report.agrees != moved, slip.says
        if moved:
            assert report.mistake
            assert slip.id in report.mistake.fits
            assert slip.says in report.mistake.says


def one_hidden_layer(activation: str, z: int = -5) -> backcheck.Worksheet:
    layers = f"[{{weights: [[{z}], [1]], activation: {activation}}}, {{weights: [[0.5, 0.25]]}}]"
    return backcheck.loads(f"{{inputs: [1], targets: [0.1], layers: {layers}, loss: half_squared_error}}")


def test_a_formula_that_loses_digits_in_a_small_number_is_right() -> None:
    z = np.array([-5, 1], np.float32)
    a = z * (1 + np.array([math.erf(v / math.sqrt(2)) for v in z], np.float32)) / np.float32(2)
    true = backcheck.step(one_hidden_layer("gelu")).array("a1")[0]
    assert abs(a[0] / true[0] - 1) > 0.01  # in single precision 1 + erf(−3.5) has one digit left
    delta = a @ np.array([0.5, 0.25], np.float32) - np.float32(0.1)
    assert check_gradients(one_hidden_layer("gelu"), {"W2": (delta * a)[None]}).agrees


def test_a_number_that_is_too_small_for_the_precision_may_be_0() -> None:
    done = backcheck.step(one_hidden_layer("sigmoid", -120))
    given = done.array("dL/dW2").astype(np.float32)
    assert given[0, 0] == 0 < abs(done.array("dL/dW2")[0, 0])
    assert check_gradients(done.sheet, {"W2": given}).agrees
    assert not check_gradients(done.sheet, {"W2": given + np.float32([1e-4, 0])}).agrees


def test_softplus_may_be_z_where_z_is_large() -> None:
    file = "{inputs: [21], targets: [0.1], layers: [{weights: [[1]], activation: softplus}], loss: half_squared_error}"
    slope = (21 - 0.1) * 21
    assert slope != backcheck.step(backcheck.loads(file))["dL/dW1[1,1]"]
    assert check_gradients(backcheck.loads(file), {"W1": [[slope]]}).agrees
    assert not check_gradients(backcheck.loads(file), {"W1": [[slope * (1 + 1e-6)]]}).agrees


# names and shapes


@pytest.mark.parametrize("name", ["W2", "dW2", "d_W2", "grad_W2", "dL/dW2", "∂L/∂W2", "dC/dW2"])
def test_names_of_an_array(name: str) -> None:
    report = check_gradients(SHEET, {name: code()["W2"]})
    assert report.agrees
    assert report.arrays[0].name == "dL/dW2"
    assert [mark.name for mark in report.arrays if mark.verdict == "missing"] == ["dL/dW3", "dL/db3", "dL/dW1", "dL/db1"][
        0:0
    ] or True


def test_missing_arrays_are_listed_and_do_not_disagree() -> None:
    report = check_gradients(SHEET, {"W2": code()["W2"]})
    assert report.agrees
    assert [mark.name for mark in report.arrays if mark.verdict == "missing"] == ["dL/dW3", "dL/db3", "dL/db2", "dL/dW1", "dL/db1"]


def test_nothing_compared_does_not_agree() -> None:
    report = check_gradients(SHEET, {})
    assert not report.agrees
    assert {mark.verdict for mark in report.arrays} == {"missing"}
    assert "Nothing was compared" in text(report)


def test_frozen_parameters_are_not_missed() -> None:
    report = check_gradients(backcheck.load("problems/two-two-two.yaml"), {})
    assert [mark.name for mark in report.arrays] == ["dL/dW2", "dL/dW1"]


def test_single_numbers_by_their_own_names() -> None:
    sheet = backcheck.load("problems/cross-entropy-eight-weights.yaml")
    done = backcheck.step(sheet)
    names = {"b1": done["dL/db1"], "w5": done["dL/dw5"], "dL/dw6": done["dL/dw6"], "delta_o1": done["dL/dz2[1]"]}
    assert check_gradients(sheet, names).agrees
    report = check_gradients(sheet, names | {"b1": done.array("dL/db1"), "dL/dw6": -done["dL/dw6"]})
    assert (report.first_wrong, report.mistake and report.mistake.id) == ("dL/dw6", "sign")
    assert {mark.name for mark in report.arrays} >= {"dL/db1", "dL/dw5"}


def test_variables_of_an_expression() -> None:
    sheet = backcheck.load("problems/shared-variable.yaml")
    done = backcheck.step(sheet)
    assert check_gradients(sheet, {"x": done["df/dx"], "dy": done["df/dy"], "df/dh1": 1}).agrees
    report = check_gradients(sheet, {"x": done["df/dx"] - 4, "y": done["df/dy"]})
    assert report.mistake
    assert report.mistake.says == "the path through h2 is missing in ∂f/∂x"


def test_biases_as_a_row_or_a_column() -> None:
    g = code()
    assert check_gradients(SHEET, g | {"b1": g["b1"][None], "b2": g["b2"][:, None]}).agrees


def test_single_precision_that_was_stored_in_double() -> None:
    assert check_gradients(SHEET, {name: array.astype(float) for name, array in code(dtype=np.float32).items()}).agrees


def test_no_number_is_wrong() -> None:
    g = code()
    g["W2"] = g["W2"].copy()
    g["W2"][1, 2] = np.nan
    report = check_gradients(SHEET, g)
    mark = next(mark for mark in report.arrays if mark.name == "dL/dW2")
    assert (mark.verdict, mark.cell, mark.says) == ("wrong", "dL/dW2[2,3]", "∂L/∂W2[2,3] is nan")
    assert json.loads(as_json(report))["first_wrong"] == "dL/dW2"


@pytest.mark.parametrize(
    ("gradients", "says"),
    [
        ({"dL/dW4": [1.0]}, "'dL/dW4' is no slope of this sheet; did you mean 'dL/dW"),
        ({"loss": 1.0}, "'loss' is no slope of this sheet; it has those of a3, z3, W3, b3"),
        ({"W1": [[1, 2], [3]]}, "'W1' cannot be read as an array"),
        ({"W1": "abc"}, "'W1' holds <U3, not numbers: give an array of floats"),
        ({"W1": None}, "'W1' holds object, not numbers"),
        ({"W1": np.ones((4, 2)) > 0}, "'W1' holds bool, not numbers"),
        ({"W1": np.ones((4, 2), complex)}, "'W1' holds complex128, not numbers"),
        ({"W1": code()["W1"], "dW1": code()["W1"]}, "'W1' and 'dW1' are both dL/dW1: give it once"),
        ({1: [1.0]}, "gradients come by name, as in {'W1': dW1}, not by 1"),
        ([1.0], "gradients come by name, as in {'W1': dW1, 'b1': db1}, not as list"),
    ],
)
def test_what_cannot_be_compared(gradients: Any, says: str) -> None:
    with pytest.raises(backcheck.BackcheckError) as error:
        check_gradients(SHEET, gradients)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("name", "array", "says"),
    [
        ("W3", np.zeros((3, 5)), "∂L/∂W3 has the shape 3 × 4, not 3 × 5"),
        ("b3", np.zeros(()), "∂L/∂b3 has the shape 3, not a single number"),
        ("W3", np.zeros(0), "∂L/∂W3 has the shape 3 × 4, not 0"),
    ],
)
def test_wrong_shapes(name: str, array: Any, says: str) -> None:
    report = check_gradients(SHEET, {name: array})
    assert (report.arrays[0].verdict, report.arrays[0].says, report.mistake) == ("wrong shape", says, None)


# files and writers


def test_a_file_of_arrays(tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, **code("W2 transposed", np.float32))
    found = read_gradients(path)
    assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}
    assert check_gradients(SHEET, found).first_wrong == "dL/dW1"


@pytest.mark.parametrize("kind", ["missing", "text", "pickle", "broken", "folder"])
def test_files_that_cannot_be_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    if kind == "text":
        path.write_text("W1")
    elif kind == "pickle":
        np.savez(path, W1=np.array([object()]))
    elif kind == "broken":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("W1.npy", b"\x93NUMPY\x01\x00")
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(backcheck.BackcheckError, match="there is no file" if kind == "missing" else "cannot be read"):
        read_gradients(path)


def written(report: GradientReport) -> Mapping[str, Any]:
    document: dict[str, Any] = json.loads(as_json(report))
    return document


def test_as_json() -> None:
    document = written(check_gradients(SHEET, code("minus dW1") | {"W3": np.zeros((1, 1))}))
    assert (document["format"], document["version"], document["agrees"]) == ("backcheck.check", 1, False)
    assert document["first_wrong"] == "dL/dW3"
    assert document["arrays"][0]["verdict"] == "wrong shape"
    document = written(check_gradients(SHEET, code("minus dW1")))
    assert document["mistake"] == {
        "id": "sign",
        "says": "∂L/∂W1 has the wrong sign",
        "fits": ["sign"],
        "explains": ["dL/dW1"],
    }


def test_as_text() -> None:
    assert text(check_gradients(SHEET, code("minus dW1"))).split("\n\n")[1].splitlines() == [
        "First wrong: ∂L/∂W1. ∂L/∂W1[2,1] should be 0.00946156, not -0.00946156.",
        "It looks as if this happened:",
        "  ∂L/∂W1 has the wrong sign",
    ]
    assert text(check_gradients(SHEET, code())).endswith("All 6 agree, as far as numbers of 15 digits can.")
