"""Nudging holds against the road by hand and published numbers, says where it cannot speak, and sees what is planted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from random_problems import expressions, networks, tried

import backcheck
from backcheck import Undefined, Worksheet, catalogue
from backcheck.functions import TYPED
from backcheck.roads import along, by_hand, by_nudging, forward, nudged_layers, passes
from backcheck.roads.backprop import parameters
from backcheck.roads.by_nudging import direction, forward_pass, nudged, taylor
from backcheck.roads.imaginary import Complex

PROBLEMS = sorted((Path(__file__).parent.parent / "problems").glob("*.yaml"))
# The estimate is how far a few passes lie apart that round differently, each number by a unit or two in its last place: now and
# then all of them lie near each other by chance. The road by hand rounds, too: by some units of the largest slope of the sheet.
WELL, BY_HAND = 100, 2.0**-46


def slopes_by_hand(sheet: Worksheet) -> Iterator[tuple[tuple[str, str], Any]]:
    """Each claim that has a value with what the road by hand makes of it."""
    done = backcheck.step(sheet)
    for row in sheet.rows:
        if row.claims:
            try:
                yield row.claims, done.array(row.name)
            except Undefined:  # one partial of an expression
                continue


def disagreements(sheet: Worksheet) -> list[tuple[str, str]]:
    """The claims for which nudging and the road by hand are farther apart than they may be, kinks aside."""
    by_hand = dict(slopes_by_hand(sheet))
    found = nudged(sheet, list(by_hand))
    largest = max((abs(array).max(initial=0) for array in by_hand.values()), default=0)
    wrong = []
    for claim, array in by_hand.items():
        value, error, unclear = found[claim]
        assert value.shape == error.shape == array.shape
        agrees = abs(value - array) <= WELL * error + BY_HAND * largest
        if not (agrees if unclear is None else agrees | unclear).all():
            wrong.append(claim)
    return wrong


def network(activation: str, loss: str = "squared_error", targets: str = "[[0.3, 1], [0, 0.9]]", z: float = 0.7) -> Worksheet:
    """Two examples, two layers, the last z near the number that is asked for."""
    return backcheck.loads(
        f"inputs: [[1, 0.5], [0.2, 1]]\ntargets: {targets}\nlayers:\n"
        "  - {weights: [[0.5, -0.3], [0.8, 0.6]], biases: [0.1, -0.2], activation: tanh}\n"
        f"  - weights: [[{z}, 0.3], [-0.4, {z}]]\n    biases: [0.1, -0.3]\n    activation: {activation}\nloss: {loss}\n"
    )


# tables


def test_the_forward_table_is_that_of_the_catalogue() -> None:
    structure = {"affine", "linear", "mean", "total"}
    fused = {*catalogue.FUSED, catalogue.FUSED[1] + catalogue.ANY_TARGETS}
    assert set(forward.rules(Complex())) == {*catalogue.ACTIVATIONS, *catalogue.LOSSES} | structure | fused
    assert set(forward.functions(Complex())) == TYPED | {"power"}


def test_the_road_can_spell_no_slope() -> None:
    spelled = {*forward.rules(Complex()), *forward.functions(Complex())}
    assert not [name for name in spelled if name.endswith(("'", ".dz", ".dy", ".dW", ".db", ".dx"))]
    for module in (along, by_nudging, forward, nudged_layers, passes):
        assert not {"backcheck.slopes", "backcheck.roads.by_hand", "backcheck.roads.backprop", "backcheck.paper", "sympy"} & {
            getattr(value, "__module__", getattr(value, "__name__", "")) for value in vars(module).values()
        }


def test_only_the_blank_sheet_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = backcheck.load(PROBLEMS[0].parent / "softmax-batch.yaml")
    blank = Worksheet(tuple(row for row in sheet.rows if row.phase.value in ("given", "forward", "loss")), sheet.given, sheet.names)
    claims = [claim for claim, _ in slopes_by_hand(sheet)]
    monkeypatch.setattr(by_hand, "RULES", {})
    for claim, nudge in nudged(blank, claims).items():
        assert nudge.value.tolist() == nudged(sheet, claims)[claim].value.tolist()


# against the road by hand


@pytest.mark.parametrize("file", PROBLEMS, ids=lambda file: file.stem)
def test_shipped_problems(file: Path) -> None:
    assert disagreements(backcheck.load(file)) == []


@tried(120)
@given(networks())
def test_random_networks(text: str) -> None:
    try:
        sheet = backcheck.loads(text)
        assert disagreements(sheet) == []
    except Undefined:
        return
    done = backcheck.step(sheet)
    for name, array in forward_pass(sheet).items():
        assert array == pytest.approx(done.array(name), rel=1e-12, abs=1e-12 * abs(done.array(name)).max())


@tried(120)
@given(expressions(edges=True))
def test_random_expressions(text: str) -> None:
    try:
        assert disagreements(backcheck.loads(text)) == []
    except Undefined:
        return


@pytest.mark.parametrize("op", sorted({*catalogue.ACTIVATIONS} - {"softmax"}))
@pytest.mark.parametrize("z", [700.0, -700.0, 40.0, -40.0, 1e-12])
def test_activations_far_out(op: str, z: float) -> None:
    assert disagreements(network(op, z=z)) == []


@pytest.mark.parametrize("z", [700.0, -700.0, 300.0, 40.0, -40.0])
@pytest.mark.parametrize(
    ("activation", "loss", "targets"),
    [
        ("sigmoid", "binary_cross_entropy", "[[0.3, 1], [0, 0.9]]"),
        ("softmax", "cross_entropy", "[[0, 1], [1, 0]]"),
        ("{softmax: {scale: 2}}", "cross_entropy", "[[0.5, 0.7], [1, 0.3]]"),
        ("softmax", "binary_cross_entropy", "[[0.5, 0.7], [1, 0]]"),
        ("sigmoid", "cross_entropy", "[[0.5, 0.5], [1, 0]]"),
        ("softplus", "cross_entropy", "[[0.5, 0.5], [1, 0]]"),
    ],
)
def test_losses_far_out(activation: str, loss: str, targets: str, z: float) -> None:
    sheet = network(activation, loss, targets, z)
    try:
        assert disagreements(sheet) == []
    except Undefined as error:
        assert "too large for a number" in str(error)  # noqa: PT017 - ∂L/∂y beyond 10³⁰⁸


def test_a_tiny_slope_has_all_its_digits() -> None:
    """softmax + cross_entropy: ∂L/∂z = y − t, where 1 − y is 10⁻¹⁷⁴, and y rounds to 1."""
    sheet = backcheck.loads(
        "{inputs: [1], targets: 0, layers: [{weights: [[400], [0]], activation: softmax}], loss: cross_entropy}"
    )
    found = nudged(sheet, [("L", "z1")])["L", "z1"]
    assert found.value[0] == pytest.approx([-math.exp(-400), math.exp(-400)], rel=1e-13)
    assert (found.error[0] < 1e-13 * math.exp(-400)).all()


def test_an_output_that_is_almost_0_is_nudged_by_less() -> None:
    """−t ln y at y = e⁻⁶⁵⁰: ∂L/∂y = −t/y, and ∂L/∂z = −t(1 − y)."""
    sheet = network("sigmoid", "cross_entropy", "[[0.5, 0.5], [0.5, 0.5]]", z=-650)
    y = forward_pass(sheet)["a2"]
    found = nudged(sheet, [("L", "a2"), ("L", "z2")])
    assert found["L", "a2"].value == pytest.approx(-0.25 / y, rel=1e-9)
    assert found["L", "z2"].value == pytest.approx(-0.25 * (1 - y), rel=1e-9)


def test_a_large_network_is_right_to_a_millionth_of_a_millionth() -> None:
    layers = "".join(
        f"  - {{units: {n}, weights: {{init: xavier, seed: {n}}}, biases: {{init: uniform, seed: {n + 1}}}, activation: {a}}}\n"
        for n, a in ((30, "sigmoid"), (10, "softmax"))
    )
    inputs = "{init: uniform, shape: [16, 784], seed: 3}"
    sheet = backcheck.loads(f"inputs: {inputs}\ntargets: {[n % 10 for n in range(16)]}\nlayers:\n{layers}loss: cross_entropy\n")
    by_hand = {claim: array for claim, array in slopes_by_hand(sheet) if claim[1] in parameters(sheet)}
    assert sum(array.size for array in by_hand.values()) == 23_860
    largest = max(abs(array).max() for array in by_hand.values())
    for claim, nudge in nudged(sheet, list(by_hand)).items():
        assert abs(nudge.value - by_hand[claim]).max() < 1e-12 * largest
        assert (abs(nudge.value - by_hand[claim]) <= WELL * nudge.error).all()
        assert nudge.error.max() < 1e-12 * largest


def test_published_numbers() -> None:
    """The well-known 2-2-2 worked example: w5 moves the error by 0.082167041."""
    sheet = backcheck.loads(
        "inputs: [0.05, 0.10]\ntargets: [0.01, 0.99]\nlayers:\n"
        "  - {weights: [[0.15, 0.20], [0.25, 0.30]], biases: 0.35, activation: sigmoid}\n"
        "  - {weights: [[0.40, 0.45], [0.50, 0.55]], biases: 0.60, activation: sigmoid}\nloss: half_squared_error\n"
    )
    found = nudged(sheet, [("L", "W2"), ("L", "W1")])
    assert found["L", "W2"].value[0, 0] == pytest.approx(0.082167041, abs=5e-10)
    assert found["L", "W1"].value[0, 0] == pytest.approx(0.000438568, abs=5e-10)


# kinks, ties, expressions


def test_at_a_kink_both_sides_lie_within_the_error_and_it_is_said() -> None:
    sheet = backcheck.load(PROBLEMS[0].parent / "kink.yaml")
    claims = [claim for claim, _ in slopes_by_hand(sheet)]
    found = nudged(sheet, claims)
    L = float(forward_pass(sheet)["L"])
    y = float(forward_pass(sheet)["a2"][0, 0])
    above = 2 * (y - 1) * 0.5  # ∂L/∂z1[1] of the unit at its kink, where it lets a nudge through; below it is 0
    z1 = found["L", "z1"]
    assert z1.unclear.tolist() == [[True, False]]
    assert z1.value[0, 0] == pytest.approx(above)
    assert z1.error[0, 0] == pytest.approx(abs(above))
    assert found["L", "W1"].unclear.tolist() == [[True, True], [False, False]]
    assert found["L", "W2"].unclear is None or not found["L", "W2"].unclear.any()
    assert pytest.approx((y - 1) ** 2) == L


def test_a_kink_that_moves_nothing_is_clear() -> None:
    """Two ReLU units at their kink with nothing behind them: whatever the side, the slope is 0."""
    sheet = backcheck.load(PROBLEMS[0].parent / "xor-all-zeros.yaml")
    for nudge in nudged(sheet, [("L", "W1"), ("L", "b1")]).values():
        assert nudge.unclear is None or not nudge.unclear.any()
        assert not nudge.value.any()


def test_kinks_that_cancel_on_two_sides_but_not_between() -> None:
    """relu(z) − relu(z) of two units with z = 0: 0 with both above, 0 with both below, and a kink for each weight."""
    sheet = backcheck.loads(
        "inputs: [1, 2]\ntargets: [1]\nlayers:\n  - {weights: [[2, -1], [4, -2]], activation: relu}\n"
        "  - {weights: [[2, -1]], activation: identity}\nloss: squared_error\n"
    )
    assert nudged(sheet, [("L", "x")])["L", "x"].unclear.all()


@pytest.mark.parametrize("op", ["step", "sign(z)"])
def test_at_a_jump_nothing_is_said(op: str) -> None:
    sheet = backcheck.loads(
        f"{{inputs: [1, 2], targets: [1], layers: [{{weights: [[2, -1]], activation: '{op}'}}], loss: squared_error}}"
    )
    found = nudged(sheet, [("L", "W1"), ("L", "a1")])
    assert found["L", "W1"].unclear.all()
    assert found["L", "W1"].error.min() > 1e300
    assert found["L", "a1"].unclear is None or not found["L", "a1"].unclear.any()


def test_a_number_that_is_0_but_for_rounding_lies_at_the_kink() -> None:
    sheet = backcheck.loads("{expression: abs(x + y - z), at: {x: 0.1, y: 0.2, z: 0.3}}")
    assert float(forward_pass(sheet)["f"]) == pytest.approx(5.6e-17, rel=0.1)
    assert all(nudge.unclear for nudge in nudged(sheet, [("f", "x"), ("f", "y"), ("f", "z")]).values())


def test_a_tied_parameter_has_the_sum_over_its_places() -> None:
    sheet = backcheck.load(PROBLEMS[0].parent / "tied-weight.yaml")
    found = nudged(sheet, [("L", "W1"), ("L", "W2"), ("L", "b1")])
    W1, W2 = sheet.given["W1"], sheet.given["W2"]
    w = lambda value: backcheck.Worksheet(  # noqa: E731
        sheet.rows,
        {**sheet.given, "W1": np.array([[value, W1[0, 1]], [W1[1, 0], value]]), "W2": np.array([[value, W2[0, 1]]])},
        sheet.names,
    )
    h = 1e-5
    difference = (float(forward_pass(w(0.6 + h))["L"]) - float(forward_pass(w(0.6 - h))["L"])) / (2 * h)
    for claim, place in ((("L", "W1"), (0, 0)), (("L", "W1"), (1, 1)), (("L", "W2"), (0, 0))):
        assert found[claim].value[place] == pytest.approx(difference, rel=1e-8)
    assert found["L", "b1"].value[0] == found["L", "b1"].value[1]
    assert nudged(sheet, [("L", "W2")])["L", "W2"].value[0, 0] == found["L", "W1"].value[0, 0]  # though W1 is not asked for


def test_an_expression_has_total_and_local_slopes() -> None:
    sheet = backcheck.loads("{let: {a: x*y, b: a + x, f: a*b}, at: {x: 3, y: 0.5}}")
    found = nudged(sheet, [("f", "x"), ("f", "a"), ("b", "a"), ("b", "x"), ("a", "x"), ("f", "b")])
    slopes = {claim: float(nudge.value) for claim, nudge in found.items()}
    # f = xy(xy + x) = x²(y² + y): ∂f/∂x = 2x(y² + y); ∂f/∂a = b + a, for b moves with a
    assert slopes == pytest.approx({("f", "x"): 4.5, ("f", "a"): 6, ("b", "a"): 1, ("b", "x"): 1, ("a", "x"): 0.5, ("f", "b"): 1.5})


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("x**3", 12.0),
        ("x**-2", 0.25),
        ("(x - 1)**7", 7 * 3.0**6),
        ("x**(2 + 1)", 12.0),
        ("x**n", 12.0),
        ("erf(x)", 2 / math.sqrt(math.pi) * math.exp(-4)),
        ("2**x", math.log(2) / 4),
        ("(-x)**2.5", -2.5 * 2**1.5),
        ("atan(x)", 0.2),
    ],
)
def test_powers_of_negative_numbers_and_functions(text: str, slope: float) -> None:
    sheet = backcheck.loads(f"{{expression: '{text} + 0*n', at: {{x: -2, n: 3}}}}")
    assert float(nudged(sheet, [("f", "x")])["f", "x"].value) == pytest.approx(slope, rel=1e-14)


@pytest.mark.parametrize("x", ["1e-35", "1e-100", "1e35"])
def test_tiny_and_huge_numbers(x: str) -> None:
    found = nudged(backcheck.loads(f"{{expression: ln(x), at: {{x: {x}}}}}"), [("f", "x")])["f", "x"]
    assert float(found.value) == pytest.approx(1 / float(x), rel=1e-13)
    assert found.unclear is None


# the short cut, and Taylor


def test_a_direction_sees_one_wrong_number() -> None:
    sheet = backcheck.load(PROBLEMS[0].parent / "softmax-batch.yaml")
    slopes = {claim: nudge.value for claim, nudge in nudged(sheet, [("L", "W1"), ("L", "b2")]).items()}
    right = direction(sheet, slopes)
    assert abs(right.measured - right.expected) < 1e-15 * right.size
    slopes["L", "W1"] = slopes["L", "W1"] + 1e-9 * np.eye(3, 2)[[1, 2, 0]]
    assert abs(direction(sheet, slopes).measured - direction(sheet, slopes).expected) > 1e-10


def test_a_wrong_short_cut_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = backcheck.load(PROBLEMS[0].parent / "two-two-two.yaml")
    old = forward.rules

    def bent(m: Any) -> dict[str, Any]:
        return {**old(m), "affine": lambda x, W, b: m.times(x, W * W) + b[..., None, :]}

    monkeypatch.setattr(forward, "rules", bent)
    with pytest.raises(RuntimeError, match="do not add up"):
        nudged(sheet, [("L", "W1"), ("L", "W2")])


@pytest.mark.parametrize("file", [file for file in PROBLEMS if "784" not in file.stem], ids=lambda file: file.stem)
def test_a_wrong_slope_leaves_a_remainder_of_first_order(file: Path) -> None:
    sheet = backcheck.load(file)
    for claim, array in slopes_by_hand(sheet):
        unclear = nudged(sheet, [claim])[claim].unclear
        right = taylor(sheet, claim, array)
        assert right is None or right == pytest.approx(2, abs=0.05)
        if unclear is None or not unclear.any():
            off = array + 1e-3 * np.where(np.arange(array.size).reshape(array.shape) % 3, 0.7, 1) * (1 + abs(array))
            assert taylor(sheet, claim, off) == pytest.approx(1, abs=0.05)


@tried(60)
@given(networks(smooth=True))
def test_taylor_of_random_networks(text: str) -> None:
    sheet = backcheck.loads(text)
    try:
        slopes = dict(slopes_by_hand(sheet))
    except Undefined:
        return
    for p in parameters(sheet):
        right, wrong = taylor(sheet, ("L", p), slopes["L", p]), taylor(sheet, ("L", p), slopes["L", p] + 0.01)
        assert right is None or right > 1.5
        assert wrong is not None
        assert wrong < 1.5


def test_a_straight_line_has_no_remainder() -> None:
    sheet = backcheck.loads(
        "{inputs: [2], targets: [1], layers: [{weights: [[3]], activation: identity}], loss: 'sum(y) - sum(t)'}"
    )
    assert taylor(sheet, ("L", "W1"), np.array([[2.0]])) is None
    assert taylor(sheet, ("L", "W1"), np.array([[2.001]])) == pytest.approx(1, abs=0.01)


def test_taylor_makes_no_statement_at_a_kink() -> None:
    sheet = backcheck.load(PROBLEMS[0].parent / "kink.yaml")
    slopes = dict(slopes_by_hand(sheet))
    assert taylor(sheet, ("L", "W1"), slopes["L", "W1"]) is None
    assert taylor(sheet, ("L", "W2"), slopes["L", "W2"]) == pytest.approx(2, abs=0.01)
