"""The roads to every derivative: each gives the published numbers, none can see another, and on random problems they agree."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import random_problems
from hypothesis import given
from mpmath import mp, mpf

import backcheck
from backcheck.cells import Names
from backcheck.marking.check import check
from backcheck.roads.backprop import with_backward
from backcheck.roads.by_nudging import nudged, taylor
from backcheck.roads.by_symbols import by_symbols
from backcheck.roads.derived import arriving
from backcheck.roads.exact import FUNCTIONS, Exact
from backcheck.roads.twin import twins
from backcheck.worksheet import Phase, Worksheet

EIGHT = "problems/cross-entropy-eight-weights.yaml"
# ∂C/∂w1 … ∂C/∂w8, as they are handed in to eight decimals
PUBLISHED = "0.00239563 0.00302369 0.00479125 0.00604739 0.44403305 -0.13214137 0.44538258 -0.13254298"


def claims(sheet: Worksheet) -> dict[str, tuple[str, str]]:
    return {row.name: row.claims for row in sheet.rows if row.claims}


def test_symbols_and_nudging_give_the_published_numbers() -> None:
    sheet = backcheck.load(EIGHT)
    symbols, nudges = by_symbols(sheet, claims(sheet)).cells, nudged(sheet, list(claims(sheet).values()))
    for i, number in enumerate(PUBLISHED.split(), 1):
        row, index = sheet.names.find(f"dC/dw{i}") or ("", ())
        assert f"{float(symbols[row][index].value):.8f}" == number
        assert f"{nudges[claims(sheet)[row]].value[index]:.8f}" == number


def test_symbols_know_thirty_digits() -> None:
    sheet = backcheck.loads("{expression: exp(10*x)*ln(y)/(x*30), at: {x: 0.1, y: 3}}")
    (slope,) = by_symbols(sheet, {"df/dy": ("f", "y")}).cells["df/dy"].flat
    with mp.workdps(40):
        assert abs(mp.mpf(slope.value) * 9 - mp.e) < mpf("1e-30")


@pytest.mark.parametrize(
    "name", ["two-two-two", "softmax-batch", "tied-weight", "own-formulas", "shared-variable", "one-unit-different"]
)
def test_the_road_of_symbols_never_looks_at_a_backward_row(name: str) -> None:
    """A sheet whose backward rows say nonsense, and one that has none, give the same symbols."""
    sheet = backcheck.load(f"problems/{name}.yaml")
    start = sheet.in_phase(Phase.GIVEN, Phase.FORWARD, Phase.LOSS)
    blank = Worksheet(tuple(start), sheet.given, sheet.names)
    nonsense = [row._replace(op="nonsense", parents=()) for row in sheet.in_phase(Phase.BACKWARD, Phase.UPDATE)]
    poisoned = Worksheet((*start, *nonsense), sheet.given, sheet.names)
    first, other = (by_symbols(of, claims(sheet)).cells for of in (blank, poisoned))
    assert set(first) == set(other)
    assert all(u.value == v.value for row in first for u, v in zip(first[row].flat, other[row].flat, strict=True))
    moved = [nudged(of, list(claims(sheet).values())) for of in (blank, poisoned)]
    assert all((moved[0][claim].value == moved[1][claim].value).all() for claim in moved[0])


@pytest.mark.parametrize("z", [-700, -40, -1e-9, 3, 36, 40, 700])
@pytest.mark.parametrize("loss", ["binary_cross_entropy", "squared_error"])
def test_saturated_units(z: float, loss: str) -> None:
    """∂L/∂z of a sigmoid unit that is almost 0 or 1 keeps its digits on every road."""
    text = f"{{inputs: [1], targets: [0.25], layers: [{{weights: [[{z}]], activation: sigmoid}}], loss: {loss}, learning_rate: 0}}"
    sheet = backcheck.loads(text)
    done = backcheck.step(sheet)
    cells = by_symbols(sheet, claims(sheet)).cells["dL/dz1"]
    assert done["dL/dz1[1]"] == pytest.approx(float(cells[0, 0].value), rel=1e-12, abs=0)
    assert check(sheet).agrees


def test_every_bound_holds_and_is_no_excuse() -> None:
    """Floats are within the bound of the exact numbers, and the bound is a few units in the last place."""
    sheet = backcheck.load("problems/softmax-batch.yaml")
    done, symbols = backcheck.step(sheet), by_symbols(sheet, claims(sheet)).cells
    for row, cells in symbols.items():
        for hand, cell in zip(done.array(row).flat, cells.flat, strict=True):
            assert abs(hand - cell.value) <= 2.0**-53 * 8 * cell.error
            assert cell.error <= 1e4 * max(abs(cell.value), mpf("1e-3"))


def exact(value: float, error: float) -> Exact:
    return Exact(mpf(value), mpf(error))


@pytest.mark.parametrize(
    ("found", "value", "error"),
    [
        (exact(3, 1) + exact(-2, 2), 1, 4),  # both errors, and half a unit of the result
        (exact(3, 1) * exact(2, 2), 6, 3 * 2 + 2 * 1 + 6),
        (exact(6, 1) / exact(2, 2), 3, (1 + 3 * 2) / 2 + 3),
        (exact(2, 1) ** 3, 8, 3 * 4 * (1 + 2)),
    ],
)
def test_running_errors(found: Exact, value: float, error: float) -> None:
    assert (found.value, found.error) == (value, error)


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"log", "sqrt", "power", "pi"}))
def test_errors_are_passed_on_by_the_slope_of_a_function(name: str) -> None:
    above, below = (float(FUNCTIONS[name](exact(0.3 + h, 0)).value) for h in (1e-5, -1e-5))
    found = FUNCTIONS[name](exact(0.3, 1000))
    assert float(found.error) == pytest.approx(1000 * abs(above - below) / 2e-5 + 2 * abs(float(found.value)), rel=1e-6)


def test_the_sums_of_a_layer_are_those_that_sympy_finds() -> None:
    """What balls work as products of matrices: Σ_j g[n,j]·W[j,k] and Σ_n g[n,j]·x[n,k]."""
    assert str(arriving("affine", 0)) == "Sum(W[j, k]*g[n, j], (j, 0, J - 1))"
    assert str(arriving("affine", 1)) == "Sum(g[n, j]*x[n, k], (n, 0, N - 1))"


# nudging


def test_taylor_slopes_tell_right_from_wrong() -> None:
    sheet = backcheck.load("problems/two-two-two.yaml")
    right = backcheck.step(sheet).array("dL/dW1")
    assert taylor(sheet, ("L", "W1"), right) == pytest.approx(2, abs=0.05)
    for wrong in (right * 1.01, -right, right.T, right + 1e-3):
        assert taylor(sheet, ("L", "W1"), wrong) == pytest.approx(1, abs=0.05)


def test_a_straight_line_has_no_remainder() -> None:
    sheet = backcheck.loads("{expression: 3*x + 2, at: {x: 5}}")
    assert taylor(sheet, ("f", "x"), np.array(3.0)) is None
    assert taylor(sheet, ("f", "x"), np.array(2.0)) == pytest.approx(1, abs=0.05)


def test_nudging_estimates_its_own_error() -> None:
    sheet = backcheck.load("problems/softmax-batch.yaml")
    done = backcheck.step(sheet)
    for name, claim in claims(sheet).items():
        nudge = nudged(sheet, [claim])[claim]
        assert (abs(done.array(name) - nudge.value) <= 100 * nudge.error + 1e-17).all()
        assert nudge.error.max() < 1e-14


def test_a_kink_is_seen_by_nudging() -> None:
    sheet = backcheck.load("problems/kink.yaml")
    nudge = nudged(sheet, [("L", "W1"), ("L", "W2")])
    assert nudge["L", "W1"].unclear.tolist() == [[True, True], [False, False]]
    assert not nudge["L", "W2"].unclear.any()


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_libraries_that_differentiate_on_their_own(library: str) -> None:
    pytest.importorskip(library)
    for name in ("two-two-two", "softmax-batch", "tied-weight", "own-formulas", "shared-variable", "one-unit-different", "kink"):
        checked = check(backcheck.load(f"problems/{name}.yaml"), library)
        assert checked.agrees
        assert checked.roads[-1] == f"by {library}"


# twins


@pytest.mark.parametrize("name", ["two-two-two", "softmax-batch", "tied-weight", "digits-784-100-100-10", "one-unit-different"])
def test_twins_are_small_and_of_unequal_widths(name: str) -> None:
    sheet = backcheck.load(f"problems/{name}.yaml")
    twin = with_backward(next(twins(sheet)))
    kinds = [{op for row in of.in_phase(Phase.FORWARD) for op in row.op.split("|")} for of in (sheet, twin)]
    assert kinds[0] == kinds[1]
    assert all(len(set(array.shape)) == 2 for row, array in twin.given.items() if row[0] == "W")
    assert twin.names.examples == 2
    assert isinstance(twin.names, Names)
    assert math.isfinite(backcheck.step(twin).loss)


# the roads agree


def agree(text: str) -> Any:
    sheet = backcheck.loads(text)
    try:
        backcheck.step(sheet)
    except backcheck.Undefined:
        return
    checked = check(sheet)
    assert not checked.wrong, [(mark.name, mark.by_hand, mark.by_roads, mark.reason) for mark in checked.wrong[:3]]


@random_problems.tried(1500)
@given(random_problems.networks())
def test_no_disagreement_on_random_networks(text: str) -> None:
    agree(text)


@random_problems.tried(500)
@given(random_problems.expressions(edges=True))
def test_no_disagreement_on_random_expressions(text: str) -> None:
    agree(text)


def test_a_number_that_was_given_and_is_none_is_named() -> None:
    sheet = backcheck.load("problems/two-two-two.yaml")
    with pytest.raises(backcheck.Undefined, match="w1 was given as nan, which is no finite number"):
        backcheck.step(sheet.with_given({"W1": np.full((2, 2), np.nan)}, sheet.names))
