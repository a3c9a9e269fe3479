"""Questions of concept: a perceptron and logistic regression, initial weights, the weights that matter least."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from random_problems import networks, tried

import backcheck
from backcheck.errors import BadArgument, Undefined
from backcheck.reasons.concepts import QUESTIONS
from backcheck.reasons.concepts.importance import Importance, Weight, importance
from backcheck.reasons.concepts.initialisation import Initialisation, initialisation
from backcheck.reasons.concepts.nudged_weights import Passes
from backcheck.reasons.concepts.perceptron import Comparison, compare
from backcheck.training.plan import Plan
from backcheck.writing.training.concepts import as_json, text

PROBLEMS = Path(__file__).parent.parent / "problems"


def compared(inputs: Any, targets: Any, outputs: int = 1) -> Comparison:
    weights = [[0.0] * len(inputs[0])] * outputs
    problem = {"inputs": inputs, "targets": targets, "layers": [{"weights": weights, "biases": 0}], "loss": "squared_error"}
    return compare(backcheck.loads(json.dumps(problem)), Plan())


def ranked(problem: str) -> Importance:
    return importance(backcheck.loads(problem), Plan())


def started(widths: list[int], activation: str, inputs: str = "", plan: Plan | None = None) -> Initialisation:
    """A network whose own weights are all 0.1, and whose last layer is the identity."""
    data = inputs or f"[{', '.join(['1'] * widths[0])}]"
    count = 100 if inputs else 1
    lines = [f"inputs: {data}", f"targets: [{', '.join(['[' + ', '.join(['0'] * widths[-1]) + ']'] * count)}]", "layers:"]
    for l, units in enumerate(widths[1:], 1):
        f = activation if l < len(widths) - 1 else "identity"
        lines += [f"  - weights: {{init: constant, value: 0.1}}\n    units: {units}\n    biases: 0.5\n    activation: {f}"]
    return initialisation(backcheck.loads("\n".join([*lines, "loss: squared_error"])), plan or Plan())


# a perceptron and logistic regression

AND = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]


def test_rosenblatts_rule_worked_by_hand() -> None:
    found = compared(*AND)
    assert found.perceptron.ended == "converged"
    assert found.perceptron.mistakes == (2, 3, 3, 2, 2, 3, 2, 1, 0)
    assert found.perceptron.weights == (3, 2, -4)
    assert found.right("by_perceptron") == 4


def test_the_largest_margin_worked_by_hand() -> None:
    """−b ≥ 1, −(w + b) ≥ 1 and 2w + b ≥ 1 leave w ≥ 2: the shortest is (2, 2, −3), and γ = 1/√17; R = √3."""
    found = compared(*AND)
    assert found.separation.direction == (2, 2, -3)
    assert found.margin == pytest.approx(1 / math.sqrt(17))
    assert found.radius == pytest.approx(math.sqrt(3))
    assert found.bound == 51
    assert found.perceptron.updates == 18


@pytest.mark.parametrize("targets", [[0, 0, 0, 1], [-1, -1, -1, 1]])
def test_either_pair_of_labels_is_the_same_question(targets: list[int]) -> None:
    assert compared(AND[0], targets).perceptron == compared(*AND).perceptron
    assert compared(AND[0], [[1 - (t > 0), int(t > 0)] for t in targets], 2).perceptron == compared(*AND).perceptron


def test_xor_is_a_cycle_and_no_line_separates_it() -> None:
    found = compare(backcheck.load(PROBLEMS / "xor-solution.yaml"), Plan())
    assert (found.perceptron.ended, found.perceptron.cycle, found.perceptron.mistakes) == ("cycling", (1, 2), (4,))
    assert found.separation.kind == "overlapping"
    assert found.common == (Fraction(1, 2), Fraction(1, 2))
    assert found.separation.weights == (Fraction(1, 4),) * 4
    assert found.exists
    assert found.logistic.weights.tolist() == [0, 0, 0]
    assert [point.probability for point in found.points] == [0.5] * 4
    assert found.bound is None


def test_separable_examples_have_no_largest_likelihood() -> None:
    found = compare(backcheck.load(PROBLEMS / "logistic-regression.yaml"), Plan())
    assert found.perceptron.ended == "converged"
    assert found.exists is False
    sizes, losses, angles = zip(*((p.size, p.loss, p.angle) for p in found.path), strict=True)
    assert list(sizes) == sorted(sizes)
    assert sizes[-1] > 60
    assert list(losses) == sorted(losses, reverse=True)
    assert losses[-1] < 1e-7
    assert angles[-1] < 1.5  # it comes nearer as the logarithm of the penalty grows


def test_the_largest_margin_of_decimals() -> None:
    """(1, 1, −3) is 7·v2 + ½·v3 + 3½·v4, whose products with it are 1; R² = 3² + 1² + 1² and γ² = 1/11."""
    found = compare(backcheck.load(PROBLEMS / "logistic-regression.yaml"), Plan())
    assert found.separation.direction == (1, 1, -3)
    assert found.separation.margin_squared == Fraction(1, 11)
    assert found.bound == 121


def test_decimals_count_as_they_are_written() -> None:
    """0.1 + 0.2 is 0.3: the middle of two examples of one class lies on one of the other."""
    found = compared([[0.1], [0.3], [0.2]], [0, 0, 1])
    assert found.separation.kind == "overlapping"
    assert found.common == (Fraction(1, 5),)


def test_classes_that_touch() -> None:
    found = compared([[0], [1], [1], [2]], [0, 0, 1, 1])
    assert found.separation.kind == "touching"
    w, b = found.separation.direction
    assert w > 0
    assert w + b == 0
    assert found.common == (1,)
    assert found.exists is False
    assert found.perceptron.ended != "converged"


HOURS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 1.75, 2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 4, 4.25, 4.5, 4.75, 5, 5.5]
PASSED = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1]


def test_the_published_numbers_of_hours_of_study() -> None:
    """The example of Wikipedia's page on logistic regression."""
    found = compared([[h] for h in HOURS], PASSED)
    w, b = found.logistic.weights
    assert (round(w, 4), round(b, 4)) == (1.5046, -4.0777)
    assert round(-found.logistic.loss, 5) == -8.02988
    assert [round(found.points[HOURS.index(h)].probability, 2) for h in (1, 2, 3, 4, 5)] == [0.07, 0.26, 0.61, 0.87, 0.97]
    assert found.logistic.slope < 1e-13 * sum(HOURS)
    assert found.right("by_logistic") == 16


def test_two_groups_have_a_closed_form() -> None:
    """p is 1/4 where x = 0 and 2/3 where x = 1: b = ln(1/3), w = ln 2 − b."""
    found = compared([[0]] * 4 + [[1]] * 3, [0, 0, 0, 1, 1, 1, 0])
    assert found.logistic.weights == pytest.approx([math.log(2) + math.log(3), -math.log(3)], rel=1e-13)
    assert found.exists


def test_points_they_disagree_on_are_those_that_differ() -> None:
    found = compared([[h] for h in HOURS], PASSED)
    assert found.disagreements == [p.number for p in found.points if p.by_perceptron != p.by_logistic]
    assert found.perceptron.ended == "cycling"
    first, again = found.perceptron.cycle or (0, 0)
    assert len(found.perceptron.in_cycle) == again - first
    assert len(found.perceptron.mistakes) == again - 1


def test_many_inputs_are_left_to_the_perceptron() -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(-9, 10, (60, 20))
    found = compared(x.tolist(), [int(v) for v in x @ np.arange(1, 21) > 0.5])
    assert found.perceptron.ended == "converged"
    assert (found.separation.kind, found.exact, found.exists) == ("separable", False, False)
    assert found.bound is not None
    assert found.perceptron.updates <= found.bound


@pytest.mark.parametrize(
    ("targets", "says"),
    [
        ([0, 1, 2, 0], "they are 0, 1, 2"),
        ([0.5, 1, 0.5, 1], "they are 0.5, 1"),
        ([1, 1, 1, 1], "every one of them is 1"),
        ([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], "each example has 3 of them"),
        ([[1, 1], [0, 1], [0, 1], [1, 0]], "not one-hot"),
    ],
)
def test_targets_that_are_not_two_classes(targets: Any, says: str) -> None:
    with pytest.raises(BadArgument, match=says):
        compared(AND[0], targets, len(targets[0]) if isinstance(targets[0], list) else 1)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_expression_is_no_network(question: str) -> None:
    with pytest.raises(BadArgument, match="this is an expression"):
        QUESTIONS[question](backcheck.loads("expression: x*y\nat: {x: 1, y: 2}"), Plan())


@tried(120)
@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.booleans()), min_size=2, max_size=9))
def test_every_verdict_on_a_line_has_a_proof(points: list[tuple[int, int, bool]]) -> None:
    assume(len({t for *_, t in points}) == 2)
    found = compared([[x, y] for x, y, _ in points], [int(t) for *_, t in points])
    signed = [[s * x, s * y, s] for x, y, t in points for s in [1 if t else -1]]
    sides = [sum(a * b for a, b in zip(found.separation.direction, v, strict=False)) for v in signed]
    if found.separation.kind == "separable":
        assert found.perceptron.ended == "converged"
        assert found.bound is not None
        assert found.perceptron.updates <= found.bound
        assert min(sides) == 1  # the margin is reached, and no example lies nearer
    else:
        assert found.perceptron.ended == "cycling"
        shares = found.separation.weights
        assert min(shares) >= 0
        assert sum(shares) == 1
        assert all(sum(share * v[i] for share, v in zip(shares, signed, strict=True)) == 0 for i in range(3))
    if found.separation.kind == "touching":
        assert min(sides) == 0 < max(sides)
    if found.separation.kind == "overlapping":
        assert found.logistic.slope < 1e-11


# initial weights


def test_he_keeps_the_variance_of_relu_in_theory() -> None:
    found = started([40, 40, 40, 40], "relu")
    xavier, he, own = found.schemes
    assert [layer.sums.theory for layer in he.layers] == pytest.approx([2, 2, 2], rel=1e-5)
    assert [layer.sums.theory for layer in xavier.layers] == pytest.approx([1, 1 / 2, 1 / 4], rel=1e-5)
    assert he.layers[0].activations.theory == pytest.approx(1 - 1 / math.pi, rel=1e-5)
    assert [layer.deltas.theory for layer in he.layers] == pytest.approx([1, 1, 1], rel=1e-5)
    assert [layer.deltas.theory for layer in xavier.layers] == pytest.approx([1 / 4, 1 / 2, 1], rel=1e-5)
    assert found.keeps == "he"
    assert [layer.sums.theory for layer in own.layers] == [None] * 3


def test_unequal_widths_count_what_comes_in_forward_and_what_goes_out_back() -> None:
    """He: 2·E[a²] = 2 forward; back n_out·(2/n)·½ is 40/80 and then 80/20 of it."""
    he = started([40, 20, 80, 40], "relu").schemes[1]
    assert [layer.sums.theory for layer in he.layers] == pytest.approx([2, 2, 2], rel=1e-5)
    assert [layer.deltas.theory for layer in he.layers] == pytest.approx([2, 0.5, 1], rel=1e-5)
    assert [layer.deltas.found for layer in he.layers] == pytest.approx([2, 0.5, 1], rel=0.3)


@pytest.mark.parametrize("activation", ["identity", "tanh", "relu", "sigmoid", "z*sigmoid(z)"])
def test_measured_variances_meet_the_theory(activation: str) -> None:
    """The relative error of a variance over n·D units is √(2/(n·D)) for each layer passed, were all examples alike."""
    found = started([40, 40, 40, 40], activation)
    for scheme in found.schemes[:2]:
        for l, layer in enumerate(scheme.layers, 1):
            assert layer.sums.theory is not None
            assert layer.deltas.theory is not None
            error = 4 * math.sqrt(2 * 4 / (40 * found.draws))
            assert layer.sums.found == pytest.approx(layer.sums.theory, rel=error), (scheme.name, l)
            assert layer.deltas.found == pytest.approx(layer.deltas.theory, rel=2 * error), (scheme.name, l)


@tried(8)
@given(st.integers(10, 60), st.integers(2, 5))
def test_xavier_keeps_the_variance_of_the_identity(width: int, layers: int) -> None:
    found = started([width] * (layers + 1), "identity")
    xavier = found.schemes[0]
    assert [layer.sums.theory for layer in xavier.layers] == pytest.approx([1.0] * layers)
    for l, layer in enumerate(xavier.layers, 1):
        assert layer.sums.found == pytest.approx(1, abs=4 * math.sqrt(2 * (l + 1) / (width * found.draws)))
    assert found.keeps == "xavier"


def test_the_start_of_the_file() -> None:
    """One unit for ever: z = 0.1·Σx + 0.5 has variance n/100."""
    own = started([25, 3, 1], "identity").schemes[2]
    assert own.layers[0].sums.found == pytest.approx(0.25, rel=0.05)
    assert own.layers[1].sums.found == pytest.approx(0.25 * 0.09, rel=0.05)
    assert own.layers[0].deltas.found == pytest.approx(0.01, rel=0.05)


def test_data_are_taken_where_there_are_enough() -> None:
    inputs = "[" + ", ".join(f"[{(-1) ** i * 3}, {(-1) ** (i // 2) * 3}]" for i in range(100)) + "]"
    found = started([2, 30, 1], "tanh", inputs)
    assert (found.inputs, found.examples) == ("data", 100)
    assert found.schemes[1].layers[0].sums.theory == pytest.approx(2 / 2 * 2 * 9)  # n·Var(w)·E[x²]
    assert started([2, 30, 1], "tanh").inputs == "normal"


def test_softmax_has_no_theory_and_one_layer_no_growth() -> None:
    found = initialisation(backcheck.load(PROBLEMS / "softmax-batch.yaml"), Plan())
    last = found.schemes[0].layers[-1]
    assert last.activations.theory is None
    assert last.sums.theory is not None
    assert initialisation(backcheck.load(PROBLEMS / "logistic-regression.yaml"), Plan()).keeps is None


# weights that matter least


def by_name(found: Importance) -> dict[str, Weight]:
    return {w.name: w for w in found.weights}


def test_brain_damage_is_exact_where_a_quadratic_loss_is_least() -> None:
    """y = w1 + 2·w2 = 3 is the target: L = 0, and ∂²L/∂w² = 2x²."""
    found = ranked("inputs: [1, 2]\ntargets: [3]\nlayers: [{weights: [[w1: 1, w2: 1]]}]\nloss: squared_error")
    w1, w2 = found.weights
    assert (w1.slope, w1.curvature, w1.change) == (0, 2, 1)
    assert (w2.slope, w2.curvature, w2.change) == (0, 8, 4)
    assert found.agreement == {"size": None, "sensitivity": None, "second_derivative": 1, "both": 1}
    assert found.removals["removed"].order == ("w1", "w2")
    assert found.removals["removed"].losses == (0, 1, 9)


def test_a_weight_in_two_layers_is_removed_from_both() -> None:
    """y = w²·x, L = (2 − w²)²: ∂L/∂w = −4w(2 − w²), ∂²L/∂w² = 12w² − 8."""
    layers = "layers: [{weights: [[w: 1]]}, {weights: [[w: 1]]}]\nloss: squared_error"
    (w,) = ranked(f"inputs: [1]\ntargets: [2]\n{layers}").weights
    assert (w.name, len(w.places), w.slope, w.curvature, w.change) == ("w", 2, -4, 4, 3)


def test_a_weight_twice_in_one_layer_and_as_a_bias() -> None:
    """y = w·1 + w·2 + w = 4w, target 0: L = 16w²."""
    (w,) = ranked(
        "inputs: [1, 2]\ntargets: [0]\nlayers: [{weights: [[w: 0.5, w: 0.5]], biases: [w: 0.5]}]\nloss: squared_error"
    ).weights
    assert (w.slope, w.curvature, w.change) == (16, 32, -4)


def test_frozen_weights_are_ranked_and_said_to_be_frozen() -> None:
    layer = "{weights: [[0.5, -1]], trainable: {weights: [[false, true]]}}"
    found = ranked(f"inputs: [1, 1]\ntargets: [1]\nlayers: [{layer}]\nloss: squared_error")
    assert [w.frozen for w in found.weights] == [True, False]
    assert "W1[1,1] (frozen)" in text(found, 80)


def test_the_weights_of_xor() -> None:
    """Without W1[1,1] the first unit is x2: 0, 1, 0, −1 in place of 0, 1, 1, 0; and so on."""
    found = importance(backcheck.load(PROBLEMS / "xor-solution.yaml"), Plan())
    assert [w.change for w in found.weights] == [0.5, 0.5, 1, 1, 1.5, 1]
    assert found.at_kink
    assert found.agreement["sensitivity"] is None


@tried(60)
@given(networks())
def test_slopes_and_removals_are_those_of_the_sheet(problem: str) -> None:
    """The first slope against the road by hand; the change against the loss of a sheet with that number 0."""
    sheet = backcheck.loads(problem)
    done, found = backcheck.step(sheet), ranked(problem)
    for w in found.weights[:6]:
        given = {row: sheet.given[row].copy() for row, _ in w.places}
        for row, index in w.places:
            given[row][index] = 0
        try:
            left = backcheck.step(sheet.with_given(given, sheet.names)).loss
        except Undefined:
            continue
        assert w.change == pytest.approx(left - done.loss, rel=1e-9, abs=1e-11)
        if not found.at_kink:
            row, index = w.places[0]
            assert w.slope == pytest.approx(float(done.array(f"dL/d{row}")[index]), rel=1e-9, abs=1e-11)


SMOOTH = [
    ("[sigmoid, tanh, gelu]", "sigmoid", "binary_cross_entropy"),
    ("[silu, softplus, 'z/sqrt(1 + z**2)']", "identity", "huber"),
    ("[elu, sin(z), atan(z)]", "softmax", "cross_entropy"),
    ("[erf(z), exp(z/3), ln(2 + z**2)]", "softmax", "binary_cross_entropy"),
    ("['z**3/5', leaky_relu, 2**z]", "z/(1 + sum(z**2))", "sum((t - y)**4) + sum(y)*mean(t)"),
]


@pytest.mark.parametrize(("hidden", "last", "loss"), SMOOTH)
def test_second_slopes_are_differences_of_first_ones(hidden: str, last: str, loss: str) -> None:
    """A central difference over h errs by h² and by rounding/h: 10⁻⁹ or so at h = 10⁻⁵."""
    first = f"{{weights: {{init: he, seed: 3}}, units: 3, biases: [0.1, 0.2, 0.3], activation: {hidden}}}"
    second = f"{{weights: {{init: he, seed: 4}}, units: 2, biases: 0.1, activation: {last}}}"
    data = "inputs: [[0.5, -1.2], [0.3, 0.8], [1.1, 0.4]]\ntargets: [[0, 1], [1, 0], [0, 1]]"
    sheet = backcheck.loads(f"{data}\nlayers: [{first}, {second}]\nloss: {loss}")
    for w in importance(sheet, Plan()).weights:
        ((row, index),) = w.places
        slopes = []
        for h in (1e-5, -1e-5):
            moved = sheet.given[row].copy()
            moved[index] += h
            slopes.append(float(backcheck.step(sheet.with_given({row: moved}, sheet.names)).array(f"dL/d{row}")[index]))
        assert w.curvature == pytest.approx((slopes[0] - slopes[1]) / 2e-5, rel=1e-6, abs=1e-8)


@tried(40)
@given(st.lists(st.integers(1, 4), min_size=2, max_size=4), st.integers(1, 5), st.integers(0, 999))
def test_two_terms_are_the_whole_change_in_a_linear_network(widths: list[int], examples: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    layers = [{"weights": rng.normal(size=(m, n)).tolist()} for n, m in pairwise(widths)]
    x, t = rng.normal(size=(examples, widths[0])), rng.normal(size=(examples, widths[-1]))
    found = ranked(json.dumps({"inputs": x.tolist(), "targets": t.tolist(), "layers": layers, "loss": "squared_error"}))
    for w in found.weights:
        assert w.change == pytest.approx(-w.value * w.slope + w.value**2 * w.curvature / 2, rel=1e-9, abs=1e-11 * (1 + found.loss))


def test_many_weights_are_tried_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backcheck.reasons.concepts.importance.MOST", 200)
    layers = "layers: [{weights: {init: he}, units: 60, activation: tanh}, {weights: {init: he, seed: 1}, units: 1}]"
    found = ranked(
        f"inputs: {{init: uniform, shape: [1500, 50]}}\ntargets: {{init: uniform, seed: 2}}\n{layers}\nloss: squared_error"
    )
    assert (len(found.weights), found.of, found.examples) == (200, 3060, (500, 1500))
    assert found.counts[:4] == (0, 1, 2, 3)
    assert found.counts[-1] == 200
    assert "200 of 3,060 weights were tried" in text(found, 200)


def test_a_loss_without_a_value_is_no_number_in_json() -> None:
    problem = "inputs: [1]\ntargets: [1]\nlayers: [{weights: [[0.5]]}]\nloss: -sum(t*ln(y))"
    found = ranked(problem)
    assert found.weights[0].change == math.inf
    assert json.loads(as_json(found))["weights"]["W1[1,1]"]["change"] is None


def test_groups_of_passes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = backcheck.load(PROBLEMS / "two-two-two.yaml")
    together = importance(sheet, Plan())
    monkeypatch.setattr("backcheck.reasons.concepts.nudged_weights.AT_ONCE", 1)
    assert importance(sheet, Plan()) == together
    places = [w.places for w in together.weights]
    assert Passes(sheet).without(places[:1]) == pytest.approx(together.loss + together.weights[0].change)


# writing


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("width", [40, 80, 100])
def test_an_answer_fits_the_width_and_is_the_same_each_time(question: str, width: int) -> None:
    for name in ("logistic-regression", "xor-solution"):
        sheet = backcheck.load(PROBLEMS / f"{name}.yaml")
        answer = QUESTIONS[question](sheet, Plan())
        shown = text(answer, width)
        assert max(map(len, shown.splitlines())) <= width
        assert shown == text(QUESTIONS[question](sheet, Plan()), width)
        document = json.loads(as_json(answer))
        assert (document["format"], document["version"], document["question"]) == ("backcheck.explain", 1, question)
        assert document["says"]


def test_what_is_said_of_and() -> None:
    says = " ".join(text(compared(*AND), 100).split())
    assert "Epoch 9 has no mistake, after 18 mistakes in all: the perceptron stays there." in says
    assert "Its line is 3·x1 + 2·x2 − 4 = 0" in says
    assert (
        "at most (R/γ)² = 51 mistakes (Novikoff 1962): R = 1.732 is the length of the longest (x, 1), γ = 0.2425 the largest"
        in says
    )
    assert "2·x1 + 2·x2 − 3 = 0. It made 18." in says


def test_what_is_said_of_xor() -> None:
    says = " ".join(text(compare(backcheck.load(PROBLEMS / "xor-solution.yaml"), Plan()), 100).split())
    assert "Epochs 1 and 2 begin with the same weights" in says
    assert "the point (0.5, 0.5) is a mean of examples of the one and of the other, with the shares 1/2 of example 1, 1/2" in says
    assert "Its p is the same everywhere: there is no line." in says
