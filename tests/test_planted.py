"""One mistake at a time in the table of the road by hand: `check` must see each, and name the step that broke first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backcheck
from backcheck.marking.check import check
from backcheck.roads import by_hand
from backcheck.roads.by_hand import FUNCTIONS, RULES

OLD = dict(RULES)

# operation → the mistakes planted in it, one at a time
PLANTED: dict[str, list[Callable[..., Any]]] = {
    "affine": [lambda x, W, b: x @ W.T - b, lambda x, W, b: x @ W.T],
    "linear": [lambda x, W: x @ W.T * 2],
    "affine.dx": [lambda g, W: g @ abs(W), lambda g, W: g / 2 @ W],
    "affine.dW": [lambda g, x: g.T @ x / len(x), lambda g, x: g[:1].T @ x[:1], lambda g, x: -g.T @ x],
    "affine.db": [lambda g: g.mean(0), lambda g: g[0], lambda g: abs(g).sum(0)],
    "mean": [lambda losses: losses.sum(), lambda losses: losses.max()],
    "total": [lambda losses: losses.mean()],
    "tied": [lambda own, places, *every: own, lambda own, places, *every: OLD["tied"](own, places, *every) / 2],
    "sgd": [lambda p, eta, dp: p + eta * dp, lambda p, eta, dp: p - dp, lambda p, eta, dp: p],
    "sgd masked": [lambda p, eta, dp, mask: p - eta * dp, lambda p, eta, dp, mask: np.where(mask, p, p - eta * dp)],
    "frozen": [lambda p: 0 * p],
    # forward: a
    "identity": [lambda z: z + 1],
    "sigmoid": [lambda z: 1 / (1 + np.exp(z)), lambda z: np.tanh(2 * z)],
    "tanh": [lambda z: np.tanh(z / 2)],
    "relu": [lambda z, at_zero: abs(z), lambda z, at_zero: z],
    "leaky_relu": [lambda z, slope: np.maximum(z, 0), lambda z, slope: np.where(z > 0, z, -slope * z)],
    "softplus": [lambda z: np.log(1 + np.exp(-z))],
    "elu": [lambda z, alpha: np.where(z > 0, z, alpha * np.exp(z))],
    "gelu": [lambda z: z / (1 + np.exp(-1.702 * z))],
    "silu": [lambda z: z / (1 + np.exp(z))],
    "step": [lambda z, at_zero: np.sign(z)],
    "softmax": [lambda z, scale: np.exp(z) / np.exp(z).sum(0), lambda z, scale: 1 / (1 + np.exp(-z))],
    # ∂L/∂z
    "identity.dz": [lambda g, z, a: g * z],
    "sigmoid.dz": [lambda g, z, a: g * a, lambda g, z, a: g * z * (1 - z), lambda g, z, a: g, lambda g, z, a: g * (1 - a)],
    "tanh.dz": [lambda g, z, a: g * (1 - a), lambda g, z, a: g * (1 - z**2), lambda g, z, a: g * a * (1 - a)],
    "relu.dz": [lambda g, z, a, at_zero: g * a, lambda g, z, a, at_zero: g, lambda g, z, a, at_zero: g * (z < 0)],
    "leaky_relu.dz": [lambda g, z, a, slope: g * (z > 0), lambda g, z, a, slope: g * np.where(z > 0, slope, 1)],
    "softplus.dz": [lambda g, z, a: g / (1 + np.exp(z))],
    "elu.dz": [lambda g, z, a, alpha: g * np.where(z > 0, 1, a)],
    "gelu.dz": [lambda g, z, a: g * np.where(z > 0, 1, 0)],
    "silu.dz": [lambda g, z, a: g / (1 + np.exp(-z))],
    "step.dz": [lambda g, z, a, at_zero: g],
    "softmax.dz": [lambda g, z, a, scale: g * a * (1 - a), lambda g, z, a, scale: scale * a * g],
    # L and ∂L/∂y
    "squared_error": [lambda t, y: ((t - y) ** 2).sum(-1) / 2],
    "half_squared_error": [lambda t, y: ((t - y) ** 2).sum(-1)],
    "mean_squared_error": [lambda t, y: ((t - y) ** 2).sum(-1)],
    "binary_cross_entropy": [lambda t, y: -(t * np.log(y)).sum(-1)],
    "cross_entropy": [lambda t, y: -(t * np.log2(y)).sum(-1)],
    "absolute_error": [lambda t, y: (t - y).sum(-1)],
    "huber": [lambda t, y, delta: ((t - y) ** 2).sum(-1) / 2],
    "squared_error.dy": [lambda t, y, N: 2 * (t - y) / N, lambda t, y, N: (y - t) / N, lambda t, y, N: 2 * (y - t)],
    "half_squared_error.dy": [lambda t, y, N: 2 * (y - t) / N],
    "mean_squared_error.dy": [lambda t, y, N: 2 * (y - t) / N],
    "binary_cross_entropy.dy": [lambda t, y, N: -t / y / N],
    "cross_entropy.dy": [lambda t, y, N: (y - t) / N],
    "absolute_error.dy": [lambda t, y, N: np.sign(t - y) / N],
    "huber.dy": [lambda t, y, N, delta: (y - t) / N],
    # worked together
    "sigmoid+binary_cross_entropy": [lambda t, z, y: -(t * np.log(y)).sum(-1)],
    "sigmoid+binary_cross_entropy.dy": [lambda t, z, y, N: (y - t) / N],
    "sigmoid+binary_cross_entropy.dz": [lambda t, z, y, N: (t - y) / N, lambda t, z, y, N: (y - t) * y * (1 - y) / N],
    "softmax+cross_entropy": [lambda t, z, y, scale: -(t * np.log(1 - y)).sum(-1)],
    "softmax+cross_entropy.dy": [lambda t, z, y, N, scale: -t / N],
    "softmax+cross_entropy.dz": [lambda t, z, y, N, scale: y - t, lambda t, z, y, N, scale: (y - t) * y * (1 - y) / N],
    "softmax+cross_entropy of any targets": [lambda t, z, y, scale: -np.log(y).sum(-1)],
    "softmax+cross_entropy of any targets.dy": [lambda t, z, y, N, scale: -1 / y / N],
    "softmax+cross_entropy of any targets.dz": [lambda t, z, y, N, scale: (y - t) / N],
    "softmax+binary_cross_entropy": [lambda t, z, y, scale: -(t * np.log(y)).sum(-1)],
    "softmax+binary_cross_entropy.dy": [lambda t, z, y, N, scale: -t / y / N],
    "softmax+binary_cross_entropy.dz": [lambda t, z, y, N, scale: (y - t) / N],
}

HIDDEN = """
inputs: [[0.4, -0.7, 1.2], [-0.5, 0.9, 0.3]]
targets: [[0.3, 0.7], [0.6, 0.4]]
layers:
  - weights: [[0.5, -0.3, {first}], [-0.8, 0.6, 0.2]]
    biases: [0.1, -0.2]
    activation: {activation}
    {frozen}
  - weights: [[0.7, -0.4], [{second}, 0.9]]
    {biases}
    activation: {output}
loss: {loss}
batch: {batch}
learning_rate: 0.5
"""
TARGETS_OF_ANY_SUM = ("[[0.3, 0.7], [0.6, 0.4]]", "[[0.3, 0.9], [0.6, 0.1]]")


def network(op: str) -> str:
    """A network of two examples in which an operation occurs."""
    base = op.removesuffix(".dz").removesuffix(".dy").removesuffix(" of any targets")
    output, together, loss = base.partition("+")
    fields = {"activation": "tanh", "output": "identity", "loss": "squared_error", "batch": "mean", "biases": "biases: [0.3, -0.1]"}
    fields |= {"frozen": "", "first": "0.4", "second": "0.2"}
    if together:
        fields |= {"output": output, "loss": loss}
    elif base in by_hand.LOSSES:
        fields |= {"loss": base if base != "huber" else "{huber: {delta: 0.2}}"}
        fields |= {"output": "softplus"} if base == "cross_entropy" else {"output": "1/(1 + exp(-z))"} if "cross" in base else {}
    elif base in by_hand.ACTIVATIONS:
        fields |= {"activation": {"leaky_relu": "{leaky_relu: {slope: 0.1}}", "elu": "{elu: {alpha: 0.7}}"}.get(base, base)}
        fields |= {"activation": "identity"} if base == "identity" else {}
    fields |= {"linear": {"biases": ""}, "total": {"batch": "sum"}, "tied": {"first": "w: 0.4", "second": "w: 0.4"}}.get(op, {})
    if op in ("sgd masked", "frozen"):
        fields["frozen"] = "trainable: {weights: [[true, false, true], [false, true, true]], biases: false}"
    text = HIDDEN.format(**fields)
    return text.replace(*TARGETS_OF_ANY_SUM) if op.removesuffix(".dz").removesuffix(".dy").endswith("any targets") else text


def test_every_operation_has_a_planted_mistake() -> None:
    assert set(PLANTED) == set(RULES), "plant a mistake in every operation of backcheck/roads/by_hand.py"
    assert sum(map(len, PLANTED.values())) >= 25


@pytest.mark.parametrize("op", PLANTED)
def test_the_network_holds_the_operation_and_is_right(op: str) -> None:
    sheet = backcheck.loads(network(op))
    assert op in {row.op for row in sheet.rows}
    assert check(sheet).agrees


@pytest.mark.parametrize(("op", "which"), [(op, which) for op, mistakes in PLANTED.items() for which in range(len(mistakes))])
def test_a_planted_mistake_is_caught_where_it_was_made(op: str, which: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RULES, op, PLANTED[op][which])
    sheet = backcheck.loads(network(op))
    checked = check(sheet)
    assert not checked.agrees
    first = next(mark for mark in checked.marks if mark.verdict == "wrong")
    assert sheet[first.row].op == op
    assert first.reason.startswith("this step is wrong")
    for mark in checked.marks:
        if mark.verdict == "wrong" and sheet[mark.row].op != op:
            assert mark.reason.startswith("follows from"), mark


FORMULAS = {
    "power": "z**3/9",
    "exp": "exp(z/3)",
    "ln": "ln(3 + z)",
    "sqrt": "sqrt(4 + z)",
    "sin": "sin(z)",
    "cos": "cos(z)",
    "tan": "tan(z/3)",
    "atan": "atan(z)",
    "sinh": "sinh(z/2)",
    "cosh": "cosh(z/2)",
    "tanh": "tanh(2*z)",
    "erf": "erf(z)",
    "abs": "abs(z)",
    "sign": "z*sign(z)",
    "max": "max(z, z/5)",
    "min": "min(z, z/5)",
    "sigmoid": "sigmoid(2*z)",
    "softplus": "softplus(z)",
    "relu": "relu(z) + z/9",
    "relu'": "relu(z) + z/9",
    "heaviside": "max(z, z/5)",
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_mistake_in_a_function_of_typed_formulas_is_caught(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = HIDDEN.format(
        activation=FORMULAS[function],
        output="identity",
        loss="squared_error",
        batch="mean",
        biases="",
        frozen="",
        first="0.4",
        second="0.2",
    )
    assert check(backcheck.loads(text)).agrees
    old = FUNCTIONS[function]
    monkeypatch.setitem(FUNCTIONS, function, lambda *u: old(*u) * 1.001 + 0.001)
    assert not check(backcheck.loads(text)).agrees
