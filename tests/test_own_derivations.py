"""What `derive --steps` writes is read by `prove`, and every line of it is proven."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backcheck.api import load, loads
from backcheck.catalogue import ACTIVATIONS, LOSSES
from backcheck.commands.derive import derive
from backcheck.errors import BadArgument
from backcheck.problem.typed import problem_text
from backcheck.proving.judging.judge import judge
from backcheck.proving.own.expression import expression
from backcheck.proving.own.functions import function
from backcheck.proving.own.network import network
from backcheck.proving.reading import read
from backcheck.proving.verdict import FALSE, PROVEN, Derivation

PROBLEMS = Path(__file__).parents[1] / "problems"
NETWORKS = [path for path in sorted(PROBLEMS.glob("*.yaml")) if "layers:" in path.read_text()]
EXPRESSIONS = ["ln(x) + exp(y)*z", "x**2*y + sin(x*y) + ln(x)", "max(x, y)*abs(x)/sqrt(y)", "tanh(w*x + b)**2", "x", "x/(x + y)"]
SMALL = """
inputs: [0.5, -0.25]
targets: {targets}
layers:
  - {{weights: [[0.1, 0.2], [0.3, 0.4]], biases: 0.1, activation: {hidden}}}
  - {{weights: [[0.5, 0.6], [0.7, 0.8]], biases: 0.2, activation: {output}}}
loss: {loss}
learning_rate: 0.1
"""


def judged(text: str) -> Derivation:
    found = judge(read(text, "text"))
    assert found.lines
    assert [(line.text, line.verdict, line.says) for line in found.lines if line.verdict != PROVEN] == []
    assert not found.faults
    return found


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_networks(path: Path) -> None:
    if path.stem == "one-unit-different":
        with pytest.raises(BadArgument, match="units with activations of their own"):
            network(load(path))
        return
    found = judged(network(load(path)))
    for layer in re.findall(r"let z(\d+)", network(load(path))):
        assert any(line.text.startswith(f"claim d(L, W{layer}[") for line in found.lines)


@pytest.mark.parametrize("hidden", [name for name in ACTIVATIONS if name != "step"])
def test_every_activation(hidden: str) -> None:
    judged(network(loads(SMALL.format(targets="[0.3, 0.7]", hidden=hidden, output="identity", loss="squared_error"))))


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss(loss: str) -> None:
    judged(network(loads(SMALL.format(targets="[0.3, 0.7]", hidden="tanh", output="sigmoid", loss=loss))))


@pytest.mark.parametrize("name", [*ACTIVATIONS, *LOSSES])
def test_every_function(name: str) -> None:
    judged(function(name))


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expressions(text: str) -> None:
    names = dict.fromkeys(re.findall(r"\b[a-z]\b", text))
    judged(expression(loads(problem_text(text, ",".join(f"{name}=1" for name in names)), "expression")))


def test_a_slip_in_it_is_found() -> None:
    text = network(load(PROBLEMS / "one-step-squared-error.yaml"))
    slip = text.replace("claim d(L, W2[k,j]) = d(L, z2[k]) a1[j]", "claim d(L, W2[k,j]) = d(L, z2[k]) a2[k]")
    assert slip != text
    wrong = [line.text for line in judge(read(slip, "text")).lines if line.verdict == FALSE]
    assert wrong == ["claim d(L, W2[k,j]) = d(L, z2[k]) a2[k]"]


def test_values_are_not_asked_for_where_only_formulas_are_written() -> None:
    options = dict.fromkeys(("at", "only", "graph", "plot", "wrt"))
    text = derive("ln(x) + y", full=False, second=False, shape=(), steps=True, format="text", **options)  # type: ignore[arg-type]
    assert "claim d(h1, x) = 1/x" in text


def test_a_name_that_means_something_of_its_own() -> None:
    with pytest.raises(BadArgument, match="d means something of its own"):
        expression(loads(problem_text("d*x", "d=1,x=2"), "expression"))
