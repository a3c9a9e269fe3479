"""Sentences about a training: how they are read, and what is proven, refuted or left undecided."""

from __future__ import annotations

import contextlib
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_problems import tried

from backcheck.api import load, loads
from backcheck.errors import BadArgument
from backcheck.problem.claims import EXAMPLES, FORMS, NotUnderstood, Part, claims, sentence
from backcheck.problem.reading import Reading
from backcheck.problem.text import read
from backcheck.reasons.claims import expect_frozen, judge
from backcheck.training.examples import held_out
from backcheck.training.plan import Choice, Penalty, Plan
from backcheck.training.train import train

ZEROS, UNIFORM, NAMED = (load(f"problems/{name}.yaml") for name in ("xor-all-zeros", "xor-uniform", "one-step-squared-error"))
ADAM = Choice("adam", {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8})


def one(sheet, text, plan=Plan()):  # noqa: B008 - never changed
    return judge(sheet, plan, [sentence(text, sheet)])[0]


# reading


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_understood(text):
    sheet = NAMED if "w5" in text else ZEROS
    assert sentence(text, sheet).says == text


def test_every_form_has_an_example():
    assert {sentence(text, NAMED).what for text in EXAMPLES} == {what for what, _ in FORMS} - {"above"}


@pytest.mark.parametrize(
    ("text", "what", "parts"),
    [
        ("units 1 and 2 stay equal", "equal", [("a1", (None, 0)), ("a1", (None, 1))]),
        ("Units 2, 1 of layer 2 are identical.", "equal", [("a2", (None, 1)), ("a2", (None, 0))]),
        ("W1 never changes", "constant", [("W1", ())]),
        ("w5 never changes", "constant", [("W2", (0, 0))]),
        ("w1 and w2 and w8 do not change", "constant", [("W1", (0, 0)), ("W1", (1, 0)), ("W2", (1, 1))]),
        ("W2[1,2], W2[2,1] never change", "constant", [("W2", (0, 1)), ("W2", (1, 0))]),
        ("layer 2 never changes", "constant", [("W2", ()), ("b2", ())]),
        ("the biases of layer 1 stay 0.35", "stays", [("b1", ())]),
        ("the output stays 0", "stays", [("a2", ())]),
        ("output 2 stays above 1e-3", "above", [("a2", (None, 1))]),
        ("a2[1] stays 0.5", "stays", [("a2", (None, 0))]),
        ("C never falls", "never_falls", [("L", ())]),
        ("the loss falls below 1/10", "falls_below", [("L", ())]),
        ("hidden unit 2 is dead", "dead", [("a1", (None, 1))]),
    ],
)
def test_sentences_are_read(text, what, parts):
    read_as = sentence(text, NAMED)
    assert (read_as.what, [(part.row, part.index) for part in read_as.parts]) == (what, parts)


def test_numbers_are_read_with_the_digits_that_were_written():
    assert [(s.number, s.give) for s in (sentence(f"L stays {n}", NAMED) for n in ("0", "0.50", "1/4", "-2", "1e-3"))] == [
        (0.0, 0.0),
        (0.5, 0.005),
        (0.25, 0.0),
        (-2.0, 0.0),
        (0.001, 0.0),
    ]


@pytest.mark.parametrize(
    ("text", "says", "way_out"),
    [
        ("W1 nevr changes", "this claim is not understood", "did you mean 'W1 never changes'?"),
        ("why does it not learn", "this claim is not understood", "for instance: units 1 and 2 stay equal"),
        ("w9 never changes", "there is no quantity 'w9'", "quantities here are the output, the loss, W1"),
        ("unit 3 is dead", "there is no unit 3 in layer 1", "they count from 1 to 2"),
        ("units 1 and 2 of layer 7 stay equal", "there is no layer 7", "the layers count from 1 to 2"),
        ("layer 7 never changes", "there is no layer 7", "the layers count from 1 to 2"),
        ("W1 stay equal", "W1 alone cannot be equal", "name two"),
        ("W1 and b1 stay equal", "W1 and b1 have different numbers of numbers", ""),
        ("W2[1,3] never changes", "there is no quantity 'W2[1,3]'", "did you mean"),
        ("W1 is dead", "W1 is no unit", "only a unit can be dead"),
    ],
)
def test_what_is_not_understood(text, says, way_out):
    with pytest.raises(NotUnderstood) as error:
        sentence(text, NAMED)
    assert str(error.value) == says
    assert error.value.way_out.startswith(way_out)


def test_faults_point_at_the_part_that_is_wrong():
    root, faults = read("claims:\n  - W1 and W9 never change\n  - 'unit 5 is dead'\n  - [a list]\n  - the output stays 0\n", "f")
    found = claims(root.get("claims"), Reading(faults), ZEROS)
    assert [each.says for each in found] == ["the output stays 0"]
    assert [(fault.line, fault.column, fault.says) for fault in faults] == [
        (2, 12, "there is no quantity 'W9'"),
        (3, 6, "there is no unit 5 in layer 1"),
        (4, 5, "claim 3 should be a sentence, not a list"),
    ]


def test_an_expression_has_no_claims():
    root, faults = read("claims: [W1 never changes]", "f")
    assert claims(root.get("claims"), Reading(faults), load("problems/computation-graph.yaml")) == []
    assert "about the training of a network" in faults[0].says


@given(st.text(max_size=60))
@tried(300)
def test_any_text_is_a_claim_or_not_understood(text):
    with contextlib.suppress(NotUnderstood):
        assert sentence(text, NAMED).parts


# judging


@pytest.mark.parametrize(
    ("text", "verdict", "epoch", "value"),
    [
        ("W1 never changes", "proven", None, None),
        ("b1 stays 0", "proven", None, None),
        ("units 1 and 2 stay equal", "proven", None, None),
        ("unit 1 is dead", "proven", None, None),
        ("W1 and W2 never change", "proven", None, None),
        ("b2 never changes", "refuted", 1, 0.1),
        ("the output stays 0", "refuted", 1, 0.1),
        ("L never falls", "refuted", 1, 0.41),
        ("a2[1] stays 0.5", "refuted", 0, 0.0),
        ("the loss falls below 0.1", "refuted", 100, 0.25),
        ("L never rises", "undecided", None, None),
        ("the output stays below 0.6", "undecided", None, None),
    ],
)
def test_xor_from_all_zeros(text, verdict, epoch, value):
    claim = one(ZEROS, text)
    assert (claim.verdict, claim.epoch) == (verdict, epoch)
    assert claim.value == (None if value is None else pytest.approx(value))
    assert claim.because


def test_some_epoch_that_shows_it_is_proof_enough():
    claim = one(ZEROS, "the loss falls below 0.3")
    loss = train(ZEROS, Plan()).loss
    assert (claim.verdict, claim.epoch, claim.value) == ("proven", 4, loss[4])
    assert min(loss[:4]) >= 0.3 > loss[4]


def test_a_proof_in_lines_comes_with_the_claim():
    assert any("induction" in line for line in one(UNIFORM, "units 1 and 2 stay equal").because)
    assert len(one(UNIFORM, "units 1 and 2 stay equal").because) > 3


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("W1[1,1] and W1[2,1] stay equal", "proven"),
        ("b1[1] and b1[2] stay equal", "proven"),
        ("W2[1,1] and W2[1,2] stay equal", "proven"),
        ("W1[1,1] and W1[1,2] stay equal", "undecided"),  # true by a symmetry of the data, which no proof here sees
        ("W1[1,1] and W2[1,1] stay equal", "refuted"),
        ("units 1 and 2 are identical", "proven"),
    ],
)
def test_equal_for_ever(text, verdict):
    assert one(UNIFORM, text, Plan(epochs=500)).verdict == verdict


@pytest.mark.parametrize("optimiser", [Choice("sgd"), Choice("momentum", {"beta": 0.9}), ADAM])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_sums_in_another_order_refute_nothing(optimiser, precision):
    """Two units that are mirror images: equal in truth, with inputs exchanged, but their sums are worked in another order."""
    x = np.round(np.random.default_rng(0).normal(size=(12, 3)), 3)
    both = np.concatenate([x, x[:, ::-1]])
    text = f"inputs: {both.tolist()}\ntargets: {[0.3] * 24}\nlayers:\n"
    text += "  - {weights: [[0.1, 0.7, -0.3], [-0.3, 0.7, 0.1]], biases: 0.1, activation: tanh}\n"
    text += "  - {weights: [[0.4, 0.4]], biases: 0}\nloss: squared_error\nlearning_rate: 0.05\n"
    sheet, plan = loads(text), Plan(epochs=300, optimiser=optimiser, precision=precision)
    values = train(sheet, plan).values["W2"][0]
    assert abs(values[0] - values[1]) < (1e-12 if precision == "float64" else 1e-4)
    assert one(sheet, "W2[1,1] and W2[1,2] stay equal", plan).verdict == "undecided"
    assert one(sheet, "W2[1,1] never changes", plan).verdict == "refuted"


def test_a_slope_that_is_rounding_moves_nothing():
    """Two examples whose slopes cancel: the weight does not move in truth, and 0.1 + 0.2 − 0.3 is not 0 in floats."""
    text = (
        "inputs: [[0.1], [0.2], [-0.3]]\ntargets: [-1, -1, -1]\nlayers:\n  - {weights: [[0]], biases: [0], activation: identity}\n"
    )
    sheet = loads(text + "loss: squared_error\nlearning_rate: 0.1\n")
    assert train(sheet, Plan(epochs=5)).values["W1"][0, 0] != 0
    assert one(sheet, "W1 never changes", Plan(epochs=5)).verdict == "undecided"
    assert one(sheet, "W1 never changes", Plan(epochs=5, optimiser=ADAM)).verdict == "undecided"
    assert one(sheet, "b1 never changes", Plan(epochs=5)).verdict == "refuted"


def test_a_tiny_rate_moves_all_the_same():
    text = "inputs: [1]\ntargets: [1]\nlayers:\n  - {weights: [[0]]}\nloss: squared_error\nlearning_rate: 1e-12\n"
    assert one(loads(text), "W1 never changes").epoch == 1


def test_frozen_numbers_by_mask_and_a_penalty_that_pulls():
    sheet = load("problems/nothing-moves.yaml")
    assert one(sheet, "W2 never changes").verdict == "proven"
    assert one(sheet, "the loss stays 1").verdict == "proven"
    assert one(sheet, "L never falls").verdict == "proven"
    assert one(NAMED, "b1 never changes").verdict == "proven"
    claim = one(UNIFORM, "W1 never changes", Plan(l2=Penalty(0.1)))
    assert (claim.verdict, claim.epoch) == ("refuted", 1)


def test_dead_is_refuted_by_the_first_example_that_wakes():
    text = "inputs: [[1], [-1]]\ntargets: [1, 0]\nlayers:\n  - {weights: [[1], [-1]], biases: [-2, 0], activation: relu}\n"
    sheet = loads(text + "  - {weights: [[1, 1]]}\nloss: squared_error\nlearning_rate: 0.1\n")
    assert one(sheet, "unit 1 is dead").verdict == "proven"
    claim = one(sheet, "unit 2 is dead")
    assert (claim.epoch, claim.value) == (0, 1.0)
    assert claim.because == ("before any update, a1[2] of example 2 is 1",)


def test_without_a_rate_what_is_not_proven_is_undecided():
    text = (
        "inputs: [1]\ntargets: [1]\nlayers:\n  - {weights: [[0.5]], trainable: false}\n  - {weights: [[1]]}\nloss: squared_error\n"
    )
    assert [one(loads(text), f"{name} never changes").verdict for name in ("W1", "W2")] == ["proven", "undecided"]


def test_a_warm_start_counts():
    start = {name: np.full_like(ZEROS.given[name], 0.5) for name in ("W1", "b1", "W2")}
    assert one(ZEROS.with_given(start, ZEROS.names), "W1 never changes").verdict == "refuted"


def test_the_loss_is_that_of_what_is_trained_on():
    """Of XOR's examples the one with the target 1 alone would leave a loss above 0; what is held out does not count."""
    text = "inputs: [[1], [1], [1], [1]]\ntargets: [0, 0, 0, 1]\nlayers: [{weights: [[0]], trainable: false}]\n"
    sheet = loads(text + "loss: squared_error\nlearning_rate: 0.1\n")
    seed = next(seed for seed in range(99) if held_out(4, 0.25, seed)[3])  # holds back the last one
    plan = Plan(held_out=0.25, seed=seed)
    assert one(sheet, "the loss stays 0", plan).verdict == "proven"
    assert one(sheet, "the loss stays 0.25", plan).verdict == "refuted"


def test_expect_frozen():
    found = expect_frozen(ZEROS, Plan(), ["W1", "b1", "W2", "b2", "W2[1,2]"])
    assert [claim.says for claim in found][:2] == ["W1 never changes", "b1 never changes"]
    assert [claim.verdict for claim in found] == ["proven", "proven", "proven", "refuted", "proven"]
    assert (found[3].epoch, found[3].value) == (1, pytest.approx(0.1))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("w55", "did you mean 'w5'"),
        ("L", "parameters here are W1, "),
        ("a1", "parameters here are W1, "),
        ("W1[1,7]", "did you mean"),
    ],
)
def test_expect_frozen_of_what_is_no_parameter(name, hint):
    with pytest.raises(BadArgument, match=hint):
        expect_frozen(NAMED, Plan(), [name])


# no claim is proven that a training contradicts

ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "z**2")
NUMBERS = st.sampled_from([0, 0, 0.5, 0.5, -0.5, 1])
OPTIMISERS = st.sampled_from([Choice("sgd"), Choice("momentum", {"beta": 0.9}), ADAM])


@st.composite
def problems(draw):
    width, hidden, examples = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 4))

    def matrix(rows, columns, numbers=NUMBERS):
        return [[draw(numbers) for _ in range(columns)] for _ in range(rows)]

    trainable = draw(st.sampled_from(["true", "{weights: false}", "{biases: false}"]))
    text = f"inputs: {matrix(examples, width)}\ntargets: {matrix(examples, 1)}\nlayers:\n"
    text += f"  - {{weights: {matrix(hidden, width)}, biases: {matrix(1, hidden)[0]}, "
    text += f"activation: {draw(st.sampled_from(ACTIVATIONS))}, trainable: {trainable}}}\n"
    text += f"  - {{weights: {matrix(1, hidden)}, biases: [{draw(NUMBERS)}], activation: {draw(st.sampled_from(ACTIVATIONS))}}}\n"
    sheet = loads(text + "loss: squared_error\nlearning_rate: 0.05\n")
    penalty = draw(st.sampled_from([None, None, Penalty(0.01)]))
    return sheet, Plan(epochs=6, optimiser=draw(OPTIMISERS), l2=penalty, batch_size=draw(st.sampled_from([None, 1, 2])))


@given(problems())
@tried(150)
def test_what_is_proven_holds_in_training(problem):
    sheet, plan = problem
    units = range(1, len(sheet.given["W1"]) + 1)
    parameters = [sheet.names.cell(row, index) for row in ("W1", "b1", "W2", "b2") for index in np.ndindex(sheet.given[row].shape)]
    texts = [f"{name} never changes" for name in [*parameters, "the output", "L", *(f"a1[{j}]" for j in units)]]
    texts += [f"{a} and {b} stay equal" for a, b in itertools.combinations(parameters, 2)]
    texts += [f"units {a} and {b} stay equal" for a, b in itertools.combinations(units, 2)]
    sentences = [sentence(text, sheet) for text in texts]
    proven = [told for told, claim in zip(sentences, judge(sheet, plan, sentences), strict=True) if claim.verdict == "proven"]
    from backcheck.reasons.claims_by_training import by_training

    again = by_training(sheet, plan, proven) if proven else []
    assert [claim.says for claim in again if claim.verdict == "refuted"] == []


def test_a_part_takes_numbers_as_numpy_does():
    assert np.arange(6).reshape(2, 3)[Part("a1", (None, 1), "a1[2]").at].tolist() == [1, 4]
