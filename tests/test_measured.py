"""What is measured: each cause planted in a small network and named, its healthy twin without an alarm, and the numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backcheck.api import completed, load, loads, problem_of
from backcheck.reasons.finding import Finding
from backcheck.reasons.measured import CAUSES, changes, measured
from backcheck.reasons.measured.curvature import curvature
from backcheck.reasons.measured.loss_for_output import MATCHING
from backcheck.reasons.measured.observed import Observed, loss_of, over
from backcheck.reasons.measured.ranges import ranges, slopes, steepest
from backcheck.reasons.measured.rows import rebuilt
from backcheck.reasons.measured.scale import spread
from backcheck.reasons.measured.targets import _on_simplex
from backcheck.reasons.measured.trials import is_large
from backcheck.reasons.proven import proven
from backcheck.roads.work import work
from backcheck.training.plan import Choice, Plan
from backcheck.training.train import train
from backcheck.worksheet import Row, Worksheet

ADAM = Choice("adam", {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8})
DRAW = np.random.default_rng(5)
X = DRAW.uniform(-1, 1, (24, 2))
INSIDE = ((X**2).sum(1) < 0.6).astype(float)[:, None]
HEIGHT = 0.5 + 0.4 * np.sin(2 * X[:, :1]) * X[:, 1:]
KINDS = np.eye(3)[(X[:, 0] > 0).astype(int) + (X[:, 1] > 0.3)]


def rows(array: np.ndarray) -> str:
    return "[" + ", ".join("[" + ", ".join(f"{v:.6g}" for v in row) + "]" for row in array) + "]"


def layer(units: int, activation: str, weights: str = "init: xavier, seed: 3", biases: str = "0") -> str:
    return f"  - units: {units}\n    weights: {{{weights}}}\n    biases: {biases}\n    activation: {activation}\n"


def network(x: np.ndarray, t: np.ndarray, layers: str, loss: str, rate: float) -> Worksheet:
    return loads(f"inputs: {rows(x)}\ntargets: {rows(t)}\nlayers:\n{layers}loss: {loss}\nlearning_rate: {rate}\n")


def found(sheet: Worksheet, plan: Plan) -> list[Finding]:
    return measured(sheet, plan, train(sheet, plan), proven(sheet, plan))


HIDDEN, OUT = layer(8, "tanh"), layer(1, "sigmoid", "init: xavier, seed: 4")
LINEAR, SOFTMAX = layer(1, "identity", "init: xavier, seed: 4"), layer(3, "softmax", "init: xavier, seed: 4")
DEEP = "".join(layer(6, "sigmoid", f"init: xavier, seed: {seed}") for seed in range(6))
DEEP_TANH = DEEP.replace("sigmoid", "tanh")
WIDE = "".join(layer(6, "relu", f"init: uniform, low: -5, high: 5, seed: {seed}", "0.1") for seed in range(6))
HE = "".join(layer(6, "relu", f"init: he, seed: {seed}", "0.1") for seed in range(6))
BCE, SQUARES, CE = "binary_cross_entropy", "half_squared_error", "cross_entropy"


def two_relu(biases: str) -> str:
    return layer(6, "relu", "init: he, seed: 1", "0.1") + layer(4, "relu", "init: he, seed: 2", biases)


SGD, LONG = Plan(epochs=200, batch_size=8), Plan(epochs=300, optimiser=ADAM)
SLOW, WRONG_SIDE = Plan(epochs=80, batch_size=8), layer(1, "sigmoid", "init: uniform, low: -1, high: 1, seed: 4", "5")

# cause → a network that has it, and its twin without it: inputs, targets, layers, loss, rate, plan
PLANTED = {
    "target_out_of_range": [(X, 4 * HEIGHT, HIDDEN + OUT, SQUARES, 0.3, SGD), (X, HEIGHT, HIDDEN + OUT, SQUARES, 0.3, SGD)],
    "wrong_loss": [(X, INSIDE, HIDDEN + OUT, CE, 0.3, SGD), (X, INSIDE, HIDDEN + OUT, BCE, 0.3, SGD)],
    "inputs_unscaled": [
        (X * [1, 1000], HEIGHT, HIDDEN + LINEAR, SQUARES, 0.1, SGD),
        (X, HEIGHT, HIDDEN + LINEAR, SQUARES, 0.1, SGD),
    ],
    "saturated": [
        (X, HEIGHT, layer(8, "tanh", "init: uniform, low: -2, high: 2, seed: 3", "12") + LINEAR, SQUARES, 0.1, SGD),
        (X, HEIGHT, layer(8, "tanh", "init: uniform, low: -2, high: 2, seed: 3", "0") + LINEAR, SQUARES, 0.1, SGD),
    ],
    "exploding": [(X, HEIGHT, WIDE + LINEAR, SQUARES, 0.05, SGD), (X, HEIGHT, HE + LINEAR, SQUARES, 0.05, SGD)],
    "may_revive": [
        (X, INSIDE, two_relu("[0.1, -9, -9, -9]") + OUT, BCE, 0.1, SGD),
        (X, INSIDE, two_relu("0.1") + OUT, BCE, 0.1, SGD),
    ],
    "rate_too_high": [(X, HEIGHT, HIDDEN + LINEAR, SQUARES, 9.0, SGD), (X, HEIGHT, HIDDEN + LINEAR, SQUARES, 0.1, SGD)],
    "vanishing": [(X, INSIDE, DEEP + OUT, BCE, 0.01, LONG), (X, INSIDE, DEEP_TANH + OUT, BCE, 0.01, LONG)],
    "rate_too_low": [(X, HEIGHT, HIDDEN + LINEAR, SQUARES, 1e-5, SGD), (X, HEIGHT, HIDDEN + LINEAR, SQUARES, 0.1, SGD)],
}


@pytest.mark.parametrize("cause", PLANTED)
def test_a_planted_cause_is_the_only_one_named(cause):
    *problem, plan = PLANTED[cause][0]
    assert [one.id for one in found(network(*problem), plan)] == [cause]


@pytest.mark.parametrize("cause", PLANTED)
def test_its_healthy_twin_gives_no_alarm(cause):
    *problem, plan = PLANTED[cause][1]
    assert found(network(*problem), plan) == []


@pytest.mark.parametrize("cause", PLANTED)
def test_every_finding_has_number_threshold_reason_and_source(cause):
    *problem, plan = PLANTED[cause][0]
    one = found(network(*problem), plan)[0]
    assert one.verdict == "measured"
    assert any(sign.isdigit() for sign in one.says)
    assert one.because
    assert one.source
    assert one.cells


FAR = "init: uniform, low: -6, high: 6, seed: 1"
HALF = layer(1, "identity", "init: zeros", "0.5")
TINY = "".join(layer(6, "tanh", f"init: uniform, low: -0.01, high: 0.01, seed: {seed}") for seed in range(6))
NEGATIVE = layer(5, "relu", "init: uniform, low: -3, high: -2, seed: 1", "0.3")
SWOLLEN = "".join(layer(8, "leaky_relu", f"init: uniform, low: -1.6, high: 1.6, seed: {seed}") for seed in range(1, 8))
DECAY = changes.l2(0.01).of(load("problems/two-two-two.yaml"), Plan(epochs=60))[1]
MORE = {
    "a softmax under a squared error that begins sure and wrong": (
        "wrong_loss",
        network(X, KINDS, HIDDEN + layer(3, "softmax", FAR), "squared_error", 0.05),
        SLOW,
    ),
    "a softmax under a squared error that learns slowly": (
        "wrong_loss",
        network(X, KINDS, HIDDEN + layer(3, "softmax", "init: uniform, low: -2, high: 2, seed: 5"), "squared_error", 0.05),
        SLOW,
    ),
    "weights whose sums are ten times the inputs, and a rate that is none too high": (
        "exploding",
        network(X, HEIGHT, SWOLLEN + LINEAR, SQUARES, 0.03),
        SLOW,
    ),
    "a sigmoid under a squared error that begins on the wrong side": (
        "wrong_loss",
        network(X, 1 - INSIDE, HIDDEN + WRONG_SIDE, "squared_error", 0.1),
        SLOW,
    ),
    "outputs that may leave where the logarithm is": ("wrong_loss", network(X, HEIGHT, HALF, BCE, 0.01), SLOW),
    "a loss that is least where it is most wrong": (
        "wrong_loss",
        network(X, HEIGHT, HIDDEN + LINEAR, "sum(-(t - y)**2)", 0.01),
        SLOW,
    ),
    "percent under a softmax": ("target_out_of_range", network(X, 100 * KINDS, HIDDEN + SOFTMAX, "squared_error", 0.05), SLOW),
    "signs under binary cross entropy": ("target_out_of_range", network(X, 2 * INSIDE - 1, HIDDEN + OUT, BCE, 0.05), SLOW),
    "steps of Adam that cannot cover the way": (
        "rate_too_low",
        network(X, HEIGHT, HIDDEN + LINEAR, SQUARES, 1e-6),
        Plan(epochs=50, optimiser=ADAM),
    ),
    "weights of seven layers a hundred times too small": (
        "vanishing",
        network(X, INSIDE, TINY + OUT, BCE, 0.01),
        LONG,
    ),
    "a whole first layer that only the decay of weights can wake": (
        "may_revive",
        network(abs(X), INSIDE, NEGATIVE + OUT, BCE, 0.1),
        DECAY,
    ),
}


@pytest.mark.parametrize("case", MORE)
def test_more_of_the_kind(case):
    cause, sheet, plan = MORE[case]
    assert [one.id for one in found(sheet, plan)] == [cause]


HEALTHY = {
    "targets 0 and 1 under a sigmoid and a squared error": (network(X, INSIDE, HIDDEN + OUT, "squared_error", 0.5), SGD),
    "a linear output for classes": (network(X, INSIDE, HIDDEN + LINEAR, "squared_error", 0.05), SGD),
    "a softmax under a squared error that learns": (network(X, KINDS, HIDDEN + SOFTMAX, "squared_error", 0.3), SGD),
    "one example": (load("problems/two-two-two.yaml"), Plan()),
    "units dead by chance in a network that learns": (
        network(X, INSIDE, layer(12, "relu", "init: he, seed: 2", "-0.3") + OUT, BCE, 0.05),
        Plan(epochs=300, optimiser=ADAM),
    ),
    "an input that never changes": (network(np.column_stack([X, np.full(24, 5.0)]), HEIGHT, HIDDEN + LINEAR, SQUARES, 0.02), SGD),
    "outputs that saturate because they are right": (network(X, INSIDE, HIDDEN + OUT, BCE, 0.03), Plan(epochs=600, optimiser=ADAM)),
}


@pytest.mark.parametrize("case", HEALTHY)
def test_no_alarm_on(case):
    assert found(*HEALTHY[case]) == []


def test_overfitting_needs_a_rise_a_fall_and_a_gap():
    draw = np.random.default_rng(1)
    x = draw.normal(size=(16, 8))
    t = x[:, :1] + draw.normal(size=(16, 1))
    sheet = network(x, t, layer(20, "tanh") + LINEAR, SQUARES, 0.02)
    plan = Plan(epochs=200, optimiser=ADAM, held_out=0.4)
    assert "overfitting" in [one.id for one in found(sheet, plan)]
    assert "overfitting" not in [one.id for one in found(sheet, plan._replace(held_out=None))]
    stops = Choice("early_stopping", {"patience": 10.0, "least": 0.0, "keep_best": 1.0})
    assert "overfitting" not in [one.id for one in found(sheet, plan._replace(early_stopping=stops))]


def test_units_proven_dead_are_not_said_to_revive():
    """Sigmoid outputs stay between 0 and 1, so that a bias of −20 keeps a unit silent for ever."""
    hidden = layer(4, "sigmoid") + layer(4, "relu", "init: xavier, seed: 2", "[1, -20, -20, -20]")
    sheet, plan = network(X, INSIDE, hidden + OUT, BCE, 0.1), SLOW
    run = train(sheet, plan)
    assert "may_revive" in [one.id for one in measured(sheet, plan, run)]
    assert "may_revive" not in [one.id for one in measured(sheet, plan, run, proven(sheet, plan))]


# the numbers


def test_curvature_of_a_quadratic_is_the_eigenvalue_and_the_search_finds_its_minimum():
    """Linear regression: H = XᵀX/N; along the slope g the loss is least at gᵀg/gᵀHg."""
    x = np.column_stack([X, np.ones(24)])
    t = X @ [[1.0], [-2.0]] + 0.5
    sheet = network(X, t, layer(1, "identity", "init: zeros", "0"), SQUARES, 0.1)
    hessian = x.T @ x / 24
    slope = -(t.T @ x / 24).ravel()
    seen = curvature(sheet)
    assert seen is not None
    assert seen.largest == pytest.approx(np.linalg.eigvalsh(hessian)[-1], rel=1e-3)
    assert seen.limit == pytest.approx(2 / np.linalg.eigvalsh(hessian)[-1], rel=1e-3)
    assert seen.best_rate == pytest.approx(slope @ slope / (slope @ hessian @ slope), rel=1e-3)


def test_curvature_of_the_two_two_two_example_is_no_limit():
    """2/λmax is 26.6 for Σ(t − y)² while the best step along the slope is 61."""
    seen = curvature(load("problems/one-step-squared-error.yaml"))
    assert seen is not None
    assert 26 < seen.limit < 27
    assert 60 < seen.best_rate < 62


def test_curvature_of_tied_parameters_is_that_of_one():
    """w stands in three places; the second derivative by it from three losses."""
    sheet = load("problems/tied-weight.yaml")
    masks = {f"trainable {row}": np.zeros(sheet.given[row].shape) for row in ("W1", "W2", "b1")}
    masks["trainable W1"][0, 0] = masks["trainable W1"][1, 1] = masks["trainable W2"][0, 0] = 1
    frozen = rebuilt(sheet, {}, masks)

    def loss(w: float) -> float:
        W1, W2 = sheet.given["W1"].copy(), sheet.given["W2"].copy()
        W1[0, 0] = W1[1, 1] = W2[0, 0] = w
        return work(sheet.with_given({"W1": W1, "W2": W2}, sheet.names)).loss

    seen = curvature(frozen)
    assert seen is not None
    assert seen.largest == pytest.approx((loss(0.6 + 1e-4) - 2 * loss(0.6) + loss(0.6 - 1e-4)) / 1e-8, rel=1e-3)


def test_nothing_that_moves_has_no_curvature():
    assert curvature(load("problems/nothing-moves.yaml")) is None


@pytest.mark.parametrize(
    ("op", "parents", "low", "high", "steep"),
    [
        ("sigmoid", (), 0, 1, 0.25),
        ("tanh", (), -1, 1, 1),
        ("relu", ("0",), 0, math.inf, 1),
        ("leaky_relu", ("0.01",), -math.inf, math.inf, 1),
        ("elu", ("2",), -2, math.inf, 2),
        ("z: 1/(1 + exp(-z))", (), 0, 1, 0.25),
        ("z: z**3", (), -math.inf, math.inf, 3 * 700**2),
    ],
)
def test_ranges_and_steepest_slopes(op, parents, low, high, steep):
    assert ranges(Row("a1", op, ("z1", *parents)), 1) == [pytest.approx((low, high), abs=1e-9)]
    assert steepest(op, parents) == pytest.approx(steep, rel=1e-6)


def test_least_outputs_of_gelu_and_silu():
    z = np.linspace(-3, 3, 60001)[:, None]
    for op in ("gelu", "silu"):
        a = z * (np.array([[math.erfc(-v / math.sqrt(2)) / 2] for v in z.ravel()]) if op == "gelu" else 1 / (1 + np.exp(-z)))
        assert ranges(Row("a1", op, ("z1",)), 1)[0][0] == pytest.approx(a.min(), abs=1e-8)
        assert slopes(op, (), z)[a.argmin(), 0] == pytest.approx(0, abs=1e-4)


def test_the_nearest_softmax_outputs_are_no_farther_than_any_other():
    t = DRAW.normal(size=(20, 4))
    near = _on_simplex(t)
    assert near.min() >= 0
    assert near.sum(1) == pytest.approx(np.ones(20))
    others = DRAW.dirichlet(np.ones(4), size=500)
    assert all(((t[n] - near[n]) ** 2).sum() <= ((t[n] - others) ** 2).sum(1).min() + 1e-12 for n in range(20))


def test_the_condition_number_is_at_least_what_is_said():
    for _ in range(50):
        x = DRAW.normal(size=(30, 3)) * DRAW.uniform(0.1, 10, 3) + DRAW.uniform(-5, 5, 3)
        with_ones = np.column_stack([x, np.ones(30)])
        assert spread(x, True)[0] <= np.linalg.cond(with_ones.T @ with_ones) * (1 + 1e-9)
        assert spread((x - x.mean(0)) / x.std(0), True)[0] == pytest.approx(1)


def test_the_bound_on_the_first_delta_holds():
    sheet = network(X, HEIGHT, layer(8, "tanh", "init: uniform, low: -2, high: 2, seed: 3", "12") + LINEAR, SQUARES, 0.1)
    line = next(line for one in found(sheet, SGD) for line in one.because if line.startswith("|δ1| ≤"))
    bound, real = (float(part.split()[0]) for part in (line.split("= ")[1], line.split("it is ")[1]))
    assert 0 < real <= bound


def test_of_many_examples_some_are_looked_at_and_the_loss_stays_its_mean():
    sheet = network(X, HEIGHT, HIDDEN + LINEAR, SQUARES, 0.1)
    some = over(sheet, X[:7], HEIGHT[:7])
    y = np.asarray(work(some).array("a2"))
    assert work(some).loss == pytest.approx(loss_of(sheet, HEIGHT[:7], y, True))
    assert not is_large(sheet, SGD)
    assert is_large(sheet, SGD._replace(epochs=10**7))


def test_a_network_too_large_to_try_is_told_by_what_is_seen_alone():
    sheet, plan = network(X, HEIGHT, HIDDEN + LINEAR, SQUARES, 1e-5), SGD
    run = train(sheet, plan)
    facts = Observed(sheet, plan, run)
    facts.is_large = True
    assert dict(CAUSES)["rate_too_low"](facts).id == "rate_too_low"
    assert facts.tried == {}


# the changes


def test_a_changed_network_is_the_one_that_a_file_would_give():
    sheet = network(X, KINDS, HIDDEN + SOFTMAX, "squared_error", 0.3)
    for change, layers, loss in [
        (changes.loss("cross_entropy"), HIDDEN + SOFTMAX, "cross_entropy"),
        (changes.output("sigmoid"), HIDDEN + SOFTMAX.replace("softmax", "sigmoid"), "squared_error"),
        (changes.hidden("leaky_relu"), HIDDEN.replace("tanh", "leaky_relu") + SOFTMAX, "squared_error"),
        (changes.both(changes.output("sigmoid"), changes.loss(BCE)), HIDDEN + SOFTMAX.replace("softmax", "sigmoid"), BCE),
    ]:
        one, other = change.of(sheet, Plan())[0], network(X, KINDS, layers, loss, 0.3)
        done, same = work(one), work(other)
        assert done.loss == pytest.approx(same.loss, rel=1e-12)
        assert done.array("W1'") == pytest.approx(same.array("W1'"), rel=1e-9)
        assert [row.op for row in one.rows if row.name == "L[n]"] == [row.op for row in other.rows if row.name == "L[n]"]


def test_a_bias_for_layers_without_one_and_nothing_for_others():
    sheet = load("problems/nothing-moves.yaml")
    with_bias = changes.biases(1.0).of(sheet, Plan())[0]
    assert work(with_bias).array("z1").tolist() == [[1.0, 1.0]]
    assert "b2'" in with_bias
    assert changes.biases(1.0).of(with_bias, Plan())[0] is with_bias


def test_a_new_start_leaves_what_is_frozen_or_tied():
    tied, frozen = load("problems/tied-weight.yaml"), load("problems/nothing-moves.yaml")
    drawn = changes.start("xavier").of(tied, Plan())[0]
    assert drawn.given["W1"][0, 0] == drawn.given["W1"][1, 1] == drawn.given["W2"][0, 0] == 0.6
    assert drawn.given["W1"][0, 1] != 0.2
    assert changes.start("he").of(frozen, Plan())[0].given["W2"][1].tolist() == [0.5, -0.3]


def test_a_matching_loss_has_the_slope_y_minus_t():
    for (output, _), matching in MATCHING.items():
        sheet = network(X, KINDS, HIDDEN + SOFTMAX.replace("softmax", output), matching, 0.3)
        done = work(sheet)
        assert done.array("dL/dz2") == pytest.approx((done.array("a2") - KINDS) / 24, abs=1e-12)


# cases that an examiner found who had not read the rules


XOR = """
inputs: [[0, 0], [0, 1], [1, 0], [1, 1]]
targets: [[0], [1], [1], [0]]
layers:
  - weights: [[0.9, -0.7], [-0.8, 0.9], [0.5, 0.6]]
    biases: [0.1, 0.2, -0.3]
    activation: tanh
    trainable: {hidden}
  - weights: [[0.4, -0.5, 0.3]]
    biases: [0.1]
    activation: sigmoid
    trainable: {output}
loss: binary_cross_entropy
learning_rate: {rate}
training: {{epochs: 300, optimiser: {optimiser}}}
"""


def xor(rate: str = "0.5", hidden: str = "true", output: str = "true", optimiser: str = "sgd") -> list[str]:
    found = problem_of(XOR.format(rate=rate, hidden=hidden, output=output, optimiser=optimiser), "xor")
    sheet, plan = completed(found), found.plan
    return [finding.id for finding in measured(sheet, plan, train(sheet, plan), proven(sheet, plan))]


@pytest.mark.parametrize("rate", ["1e-7", "1e-6", "1e-5", "1e-4"])
@pytest.mark.parametrize("optimiser", ["sgd", "rmsprop", "adam"])
def test_the_lower_the_rate_the_truer_that_it_is_too_low(rate: str, optimiser: str) -> None:
    assert xor(rate, optimiser=optimiser) == ["rate_too_low"]


@pytest.mark.parametrize(
    ("hidden", "output"), [("{weights: false}", "{weights: false}"), ("false", "true"), ("{weights: false}", "false")]
)
def test_weights_that_the_file_holds_and_the_network_needs(hidden: str, output: str) -> None:
    assert xor(hidden=hidden, output=output) == ["frozen"]


def test_masks_of_a_network_that_learns_with_what_is_free_are_no_fault() -> None:
    assert xor(hidden="{biases: false}", output="{biases: false}") == []


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_a_start_on_the_kink_has_the_curvature_of_the_side_that_the_file_gives(activation: str) -> None:
    """XOR with biases of 0: the input [0, 0] puts every unit on its kink. Differences across it would make a jump of it."""
    text = XOR.format(rate="0.1", hidden="true", output="true", optimiser="sgd").replace("tanh", activation)
    on, beside = (curvature(loads(text.replace("0.1, 0.2, -0.3", f"{b}, {b}, {b}"))) for b in ("0", "-0.001"))
    assert on is not None
    assert beside is not None
    assert on.largest == pytest.approx(beside.largest, rel=1e-3)
    assert on.largest > 0.2  # ∂²L/∂b2² alone is the mean of y(1 − y), nearly a quarter
