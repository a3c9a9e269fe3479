"""The remedies that are tried: one change at a time, for as many epochs, ranked; what does not fit is left out."""

from __future__ import annotations

import numpy as np
import pytest

from backcheck.api import load, loads
from backcheck.reasons.finding import Finding
from backcheck.reasons.measured import measured
from backcheck.reasons.proven import proven
from backcheck.reasons.tried import REMEDIES, tried
from backcheck.training.plan import Choice, Plan
from backcheck.training.train import train

XOR = """
inputs: [[0, 0], [0, 1], [1, 0], [1, 1]]
targets: [0, 1, 1, 0]
layers:
  - {{units: 4, weights: {{init: {start}}}, biases: 0, activation: {activation}}}
  - {{units: 1, weights: {{init: {start}}}, biases: 0, activation: {output}}}
loss: {loss}
learning_rate: {rate}
"""
CONTRACT = """
identical_units frozen dead_units softmax_of_one may_revive saturated vanishing exploding
rate_too_low rate_too_high wrong_loss target_out_of_range inputs_unscaled overfitting
"""


def xor(start="xavier, seed: 2", activation="tanh", output="sigmoid", loss="binary_cross_entropy", rate=0.5):
    return loads(XOR.format(start=start, activation=activation, output=output, loss=loss, rate=rate))


def remedies(sheet, plan, *causes):
    return tried(sheet, plan, [Finding(cause, "measured", ("eta",), "") for cause in causes], train)


def test_every_cause_has_remedies():
    assert sorted(REMEDIES) == sorted(CONTRACT.split())


def test_a_rate_that_is_too_low_is_raised_and_the_best_comes_first():
    sheet, plan = xor(rate=1e-4), Plan(epochs=200)
    found = tried(sheet, plan, measured(sheet, plan, train(sheet, plan)), train)
    assert [one.finding.id for one in found] == ["rate_too_low"] * 5
    assert [one.reached for one in found] == sorted(one.reached for one in found)
    assert found[0].finding.verdict == "tried"
    assert "times the learning rate the loss comes to" in found[0].finding.says
    assert all(len(one.run.loss) == 201 for one in found)
    assert found[0].run.loss[-1] == found[0].reached < 0.5 * train(sheet, plan).loss[-1]


def test_one_thing_is_changed_and_nothing_else():
    sheet = xor()
    for one in remedies(sheet, Plan(epochs=3), "rate_too_high"):
        assert one.run.sheet.rows == sheet.rows
        assert {name for name in sheet.given if not np.array_equal(one.run.sheet.given[name], sheet.given[name])} == {"eta"}


def test_remedies_that_do_not_fit_are_left_out():
    """There are biases, nothing is frozen, and there is no ReLU that could be made leaky."""
    assert [one.run.name for one in remedies(xor(), Plan(epochs=3), "frozen")] == ["weights drawn by xavier and biases of 0"]


def test_a_remedy_is_tried_once_though_several_findings_ask_for_it():
    names = [one.run.name for one in remedies(xor("zeros", "relu"), Plan(epochs=3), "frozen", "identical_units", "frozen")]
    assert len(names) == len(set(names)) == 2


def test_what_does_not_help_is_said_to_be_none():
    sheet = load("problems/xor-all-zeros.yaml")
    found = tried(sheet, Plan(epochs=200), proven(sheet, Plan()), train)
    verdicts = {one.run.name: "no remedy" in one.finding.says for one in found}
    assert verdicts == {
        "weights drawn by he and biases of 0": False,
        "leaky_relu in the hidden layers": True,
    }


def test_nothing_moves_until_something_is_changed():
    """A bias of 1, or random weights that may move, let the network of one frozen path learn."""
    sheet = load("problems/nothing-moves.yaml")
    found = {one.run.name: one for one in remedies(sheet, Plan(epochs=50), "frozen")}
    assert found["a bias of 1 for every unit"].run.loss[-1] < 0.2
    assert found["every weight trainable"].run.loss[-1] == 1.0


def test_other_losses_are_compared_by_the_squared_error():
    sheet = xor(loss="cross_entropy", rate=0.5)
    found = remedies(sheet, Plan(epochs=300), "wrong_loss")
    assert found[0].run.name == "sigmoid outputs and binary_cross_entropy as the loss"
    assert "Σ(t − y)² per example comes to" in found[0].finding.says
    assert found[0].reached < 0.1


def test_overfitting_is_judged_by_the_held_out_loss():
    draw = np.random.default_rng(1)
    x = draw.normal(size=(20, 6))
    t = x[:, :1] + draw.normal(size=(20, 1))
    numbers = {"inputs": x.tolist(), "targets": t.tolist()}
    text = "".join(f"{key}: {value}\n" for key, value in numbers.items())
    text += "layers:\n  - {units: 16, weights: {init: xavier}, biases: 0, activation: tanh}\n"
    text += "  - {units: 1, weights: {init: xavier}, biases: 0}\nloss: half_squared_error\nlearning_rate: 0.02\n"
    adam = Choice("adam", {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8})
    found = remedies(loads(text), Plan(epochs=150, optimiser=adam, held_out=0.4), "overfitting")
    stopped = next(one for one in found if one.run.name == "early stopping")
    assert stopped.reached == stopped.run.epochs[stopped.run.best].held_out_loss == min(e.held_out_loss for e in stopped.run.epochs)
    assert "the held-out loss comes to" in stopped.finding.says


def test_a_run_that_overflows_is_ranked_last():
    sheet = xor("he, seed: 3", "relu", "identity", "squared_error", rate=0.1)
    found = remedies(sheet, Plan(epochs=50), "rate_too_low")
    assert found[-1].reached == np.inf
    assert "grows beyond all numbers" in found[-1].finding.says


def test_a_network_too_large_is_not_tried():
    found = remedies(xor(), Plan(epochs=10**8), "rate_too_low")
    assert [one.run for one in found] == [None]
    assert "takes too long" in found[0].finding.says


def test_what_does_no_harm_is_not_mended():
    """The third input is 0 in every example: its weights never move, and nothing is lost by it."""
    text = XOR.format(start="xavier", activation="tanh", output="sigmoid", loss="squared_error", rate=0.5)
    sheet = loads(text.replace("[[0, 0], [0, 1], [1, 0], [1, 1]]", "[[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 0]]"))
    findings = proven(sheet, Plan())
    assert [one.id for one in findings] == ["frozen"]
    assert tried(sheet, Plan(epochs=2), findings, train) == []


def test_findings_without_remedies_are_passed_over():
    assert remedies(xor(), Plan(), "something_else") == []


@pytest.mark.parametrize("cause", REMEDIES)
def test_every_remedy_runs_on_a_network_of_its_kind(cause):
    """Whatever is found on XOR with a softmax of one output, every remedy can be made or falls out."""
    for sheet in (
        xor(),
        xor("zeros", "relu", "softmax", "squared_error"),
        load("problems/tied-weight.yaml"),
        load("problems/one-unit-different.yaml"),
    ):
        for one in remedies(sheet, Plan(epochs=2, held_out=0.3 if sheet.names.examples > 1 else None), cause):
            assert one.finding.id == cause
            assert len(one.run.loss) == 3
