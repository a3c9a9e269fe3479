"""torch and jax, given the forward pass alone, come to the slopes of the road by hand; without them there is a clear sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from random_problems import expressions, networks, tried

import backcheck
from backcheck import BackcheckError, Undefined
from backcheck.roads.by_autograd import by_library
from backcheck.roads.by_nudging import nudged

PROBLEMS = Path(__file__).parent.parent / "problems"
LIBRARIES = ["torch", "jax"]
WELL, ROUNDING = 100, 2.0**-46  # as for nudging: of its estimate, and of the largest slope of the sheet
DEFINED = ["one-step-squared-error", "softmax-batch", "own-formulas", "one-unit-different", "tied-weight", "shared-variable"]
EVERY_OPERATION = [
    ("[sigmoid, tanh]", "[softplus, gelu]", "{huber: {delta: 0.3}}"),
    ("[silu, elu]", "[{leaky_relu: {slope: 0.1}}, identity]", "absolute_error"),
    ("softmax", "[relu, step]", "mean_squared_error"),
    ("z - mean(z)", "sigmoid", "binary_cross_entropy"),
    ("[erf(z), z**3/9]", "softmax", "cross_entropy"),
    ("['max(z, z/5)', abs(z)]", "softmax", "binary_cross_entropy"),
    ("['2**z', sqrt(4 + z)]", "softplus", "cross_entropy"),
    ("[atan(z), sin(z)]", "1/(1 + exp(-z))", "binary_cross_entropy"),
    ("['min(z, z/5)', relu(z)]", "cosh(z/2)", "sum((t - y)**4)"),
]


def compared(sheet: backcheck.Worksheet, library: str) -> None:
    """All claims of a sheet, kinks aside, where libraries have conventions of their own."""
    done, by_hand = backcheck.step(sheet), {}
    for row in sheet.rows:
        if row.claims:
            by_hand[row.claims] = done.array(row.name)
    found, estimates = by_library(sheet, list(by_hand), library), nudged(sheet, list(by_hand))
    largest = max(abs(array).max(initial=0) for array in by_hand.values())
    for claim, array in by_hand.items():
        _, error, unclear = estimates[claim]
        assert found[claim].dtype == np.float64
        assert found[claim].shape == array.shape
        agrees = abs(found[claim] - array) <= WELL * error + ROUNDING * largest
        assert (agrees if unclear is None else agrees | unclear).all(), claim


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name", DEFINED)
def test_shipped_problems(name: str, library: str) -> None:
    pytest.importorskip(library)
    compared(backcheck.load(PROBLEMS / f"{name}.yaml"), library)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(("first", "second", "loss"), EVERY_OPERATION)
def test_every_operation(first: str, second: str, loss: str, library: str) -> None:
    pytest.importorskip(library)
    first, second, loss = (text if text[0] in "[{" or text.isidentifier() else f"'{text}'" for text in (first, second, loss))
    sheet = backcheck.loads(
        "inputs: [[1, 0.5], [0.2, -0.9]]\ntargets: [[0.3, 0.7], [0.6, 0.2]]\nlayers:\n"
        f"  - {{weights: [[0.5, -0.3], [0.8, 0.6]], biases: [0.1, -0.2], activation: {first}}}\n"
        f"  - {{weights: [[0.7, 0.3], [-0.4, 0.9]], biases: [0.1, 0.3], activation: {second}}}\nloss: {loss}\n"
    )
    compared(sheet, library)


@tried(60)
@given(networks())
def test_random_networks(text: str) -> None:
    pytest.importorskip("torch")
    try:
        compared(backcheck.loads(text), "torch")
    except Undefined:
        return


@tried(40)
@given(expressions())
def test_random_expressions(text: str) -> None:
    pytest.importorskip("torch")
    try:
        compared(backcheck.loads(text), "torch")
    except Undefined:
        return


def test_the_precision_of_jax_is_left_as_it_was() -> None:
    numpy = pytest.importorskip("jax.numpy")
    before = numpy.asarray(1.0).dtype
    by_library(backcheck.load(PROBLEMS / "shared-variable.yaml"), [("f", "x")], "jax")
    assert numpy.asarray(1.0).dtype == before


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_that_is_not_installed(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(BackcheckError, match=rf"{library} is not installed: pip install 'backcheck\[{library}\]'"):
        by_library(backcheck.load(PROBLEMS / "two-two-two.yaml"), [("L", "W1")], library)
