"""Every number agrees with a second computation in many digits, and with numbers that others have published."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from independent import Solution, solve
from random_problems import AWKWARD, AWKWARD_IN_EXPRESSIONS, expressions, networks, tried

import backcheck

NEAR_A_KINK, TOO_STEEP = 1e-6, 50
SMALL = 0.1  # below it a difference counts by itself: 1 − 0.9999 has lost digits before anything is divided by it


def worked(text: str) -> backcheck.WorkedSheet:
    return backcheck.step(backcheck.loads(text))


def agree(text: str, truth: Solution | None = None) -> None:
    """Every cell of the independent computation is there, and equal."""
    done, values = worked(text), (truth or solve(text)).values
    assert set(done.known_names()) - set(done.sheet.names.further) <= set(values)  # so that none goes unchecked
    for name, value in values.items():
        assert abs(done[name] - value) <= 1e-12 * max(abs(value), SMALL), f"{name}: {done[name]!r} is not {float(value)!r}"


@tried(120)
@given(networks())
def test_networks(text: str) -> None:
    truth = solve(text)
    assume(truth.kink > NEAR_A_KINK and truth.largest < TOO_STEEP)
    agree(text, truth)


@tried(120)
@given(expressions(edges=True))
def test_expressions(text: str) -> None:
    truth = solve(text)
    assume(truth.kink > NEAR_A_KINK and truth.largest < TOO_STEEP)
    agree(text, truth)


# names that mean something elsewhere


@pytest.mark.parametrize("name", AWKWARD_IN_EXPRESSIONS)
def test_a_variable_or_a_line_called(name: str) -> None:
    agree(f"{{expression: '({name} + x)*{name}**2/(1 + exp(-{name})) - sin(x)', at: {{{name}: 0.7, x: -2}}, learning_rate: 0.1}}")
    agree(f"{{let: {{{name}: x*q + x, r: '{name}**2/x - ln({name})*q'}}, at: {{x: 0.7, q: 3}}, learning_rate: 0.1}}")
    agree(f"{{let: {{s: x*q + x, {name}: s**2/x - ln(s)*q}}, at: {{x: 0.7, q: 3}}, learning_rate: 0.1}}")


@pytest.mark.parametrize("name", AWKWARD)
def test_a_parameter_called(name: str) -> None:
    agree(
        f"""
inputs: [[0.3, -1.1], [0.8, 0.4]]
targets: [[0.2, -0.3], [1, 0]]
layers:
  - {{weights: [[{name}: 0.5, -0.4], [0.3, 0.9]], biases: [0.1, {name}: 0.5], activation: softplus}}
  - {{weights: [[0.2, -0.6], [{name}: 0.5, 0.25]], activation: "z/(1 + exp(-z))"}}
loss: mean((t - y)**2)
learning_rate: 0.3
"""
    )


@pytest.mark.parametrize("name", ["L", "E", "C", "loss", "x1", "t1", "y12", "eta", "η", "lr"])
def test_what_a_parameter_cannot_be_called(name: str) -> None:
    with pytest.raises(backcheck.BadProblem, match=f"'{name}' already means something here"):
        backcheck.loads(f"{{inputs: [1], targets: [1], layers: [{{weights: [[{name}: 0.5]]}}], loss: squared_error}}")


# one example of everything, so that none depends on luck


ACTIVATIONS = [
    "identity",
    "sigmoid",
    "tanh",
    "relu",
    "{relu: {at_zero: 1}}",
    "leaky_relu",
    "{leaky_relu: {slope: 0.2}}",
    "softplus",
]
ACTIVATIONS += ["elu", "{elu: {alpha: 0.7}}", "gelu", "silu", "step", "softmax", "{softmax: {scale: 2.5}}", "'z/(1 + exp(-z))'"]
ACTIVATIONS += ["'z**2/(1 + sum(z**2))'", "'exp(z)/sum(exp(z))'", "'z - mean(abs(z))'", "[tanh, elu, 'z**3']"]


@pytest.mark.parametrize("batch", ["mean", "sum"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_hidden_activation(activation: str, batch: str) -> None:
    agree(
        f"""
inputs: [[0.3, -1.1], [0.8, 0.4], [-0.6, 1/3]]
targets: [[0.2, -0.3], [1, 0], [0.4, .5]]
layers:
  - weights: [[0.5, -0.4], [w: 0.3, 0.9], [-0.7, 0.1]]
    biases: [0.1, -0.2, 0.3]
    activation: {activation}
  - weights: [[0.2, -0.6, w: 0.3], [0.15, 0.25, -0.35]]
    activation: tanh
    trainable: {{weights: [[true, false, true], [true, true, true]]}}
loss: half_squared_error
batch: {batch}
learning_rate: 3e-1
"""
    )


LOSSES = ["squared_error", "half_squared_error", "mean_squared_error", "binary_cross_entropy", "cross_entropy", "absolute_error"]
LOSSES += ["huber", "{huber: {delta: 0.1}}", "'sum((t - y)**4)'", "'mean((t - y)**2)*sum(y)'", "'-sum(t*ln(y))/ln(2)'"]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ["sigmoid", "softmax", "{softmax: {scale: 2}}", "[sigmoid, '1/(2 + z^2)', sigmoid]"])
@pytest.mark.parametrize("targets", ["[[0.2, 0.3, 0.5], [0, 1, 0]]", "[[0.9, 0.4, 0.1], [0, 0.25, 1]]"])
def test_loss(loss: str, activation: str, targets: str) -> None:
    agree(
        f"""
inputs: [[0.3, -1.1], [0.8, 0.4]]
targets: {targets}
layers:
  - weights: [[0.5, -0.4], [0.3, 0.9], [-0.7, 0.1]]
    biases: 0.05
    activation: {activation}
loss: {loss}
learning_rate: 1/4
"""
    )


@pytest.mark.parametrize(
    ("targets", "hot"),
    [("[2, 0]", [[0, 0, 1], [1, 0, 0]]), ("[1, 1]", [[0, 1, 0], [0, 1, 0]]), ("[0.0, 2.0]", [[1, 0, 0], [0, 0, 1]])],
)
def test_class_numbers(targets: str, hot: list[list[int]]) -> None:
    done = worked(f"{{inputs: [[1, 2], [3, -1]], targets: {targets}, {SOFTMAX_LAYER}, loss: cross_entropy}}")
    assert done.array("t").tolist() == hot


def test_one_class_number() -> None:
    done = worked(f"{{inputs: [1, 2], targets: 2, {SOFTMAX_LAYER}, loss: cross_entropy}}")
    assert done.array("t").tolist() == [[0, 0, 1]]


SOFTMAX_LAYER = "layers: [{weights: [[0.1, 0.2], [0.3, 0.4], [0, 0]], activation: softmax}]"


def test_conventions_at_a_kink() -> None:
    def slope(activation: str) -> float:
        return worked(f"{{inputs: [0], targets: [1], layers: [{{weights: [[1]], activation: {activation}}}], loss: 'sum(y)'}}")[
            "dL/dz1[1]"
        ]

    assert [slope(a) for a in ("relu", "{relu: {at_zero: 1}}", "{relu: {at_zero: 1/2}}", "'max(0, z)'", "'relu(z)'")] == [
        0,
        1,
        0.5,
        0,
        0,
    ]
    assert [slope(a) for a in ("leaky_relu", "{leaky_relu: {slope: 0.2}}", "elu", "{elu: {alpha: 2}}")] == [0.01, 0.2, 1, 2]
    assert [slope(a) for a in ("step", "'abs(z)'", "'min(z, 0)'")] == [0, 0, 0]


@pytest.mark.parametrize(("at_zero", "value"), [("", 1), ("at_zero: 0", 0), ("at_zero: 0.5", 0.5)])
def test_step_at_zero(at_zero: str, value: float) -> None:
    text = f"{{inputs: [0], targets: [1], layers: [{{weights: [[1]], activation: {{step: {{{at_zero}}}}}}}], loss: squared_error}}"
    assert worked(text)["a1[1]"] == value


def test_targets_may_share_a_name() -> None:
    done = worked("{inputs: [1], targets: [v: 0.5, v: 0.5], layers: [{weights: [[1], [2]]}], loss: squared_error}")
    assert (done["v"], done["L"]) == (0.5, 2.5)


def test_a_name_is_of_one_kind() -> None:
    with pytest.raises(backcheck.BadProblem, match="v names a parameter and an input"):
        backcheck.loads("{inputs: [v: 1], targets: [1], layers: [{weights: [[v: 1]]}], loss: squared_error}")


def test_softmax_of_one_output_has_no_binary_cross_entropy() -> None:
    with pytest.raises(backcheck.BadProblem, match=r"needs outputs between 0 and 1, but a1\[1\] = 1"):
        backcheck.loads("{inputs: [1], targets: [0], layers: [{weights: [[1]], activation: softmax}], loss: binary_cross_entropy}")


# published numbers

TWO_TWO_TWO = """
inputs: [0.05, 0.10]
targets: [0.01, 0.99]
layers:
  - weights: [[w1: 0.15, w2: 0.20], [w3: 0.25, w4: 0.30]]
    biases: {b1: 0.35}
    activation: sigmoid
  - weights: [[w5: 0.40, w6: 0.45], [w7: 0.50, w8: 0.55]]
    biases: {b2: 0.60}
    activation: sigmoid
loss: half_squared_error
learning_rate: 0.5
"""


def test_the_well_known_two_two_two() -> None:
    done = worked(TWO_TWO_TWO)
    published = {"L": 0.298371109, "w1'": 0.149780716, "w2'": 0.19956143, "w3'": 0.24975114, "w4'": 0.29950229}
    published |= {"w5'": 0.35891648, "w6'": 0.408666186, "w7'": 0.511301270, "w8'": 0.561370121}
    published |= {"a1[1]": 0.593269992, "a1[2]": 0.596884378, "y1": 0.75136507, "y2": 0.772928465, "dL/dw5": 0.082167041}
    published |= {"dL/da1[1]": 0.036350306, "dL/dw1": 0.000438568, "delta2[1]": 0.138498562, "delta2[2]": -0.038098236}
    assert {name: done[name] for name in published} == pytest.approx(published, abs=1e-8)


ONE_STEP = """
inputs: [0.05, 0.10]
targets: [0.01, 0.99]
layers:
  - {weights: [[w1: 0.15, w3: 0.25], [w2: 0.20, w4: 0.30]], biases: 0.35, activation: sigmoid, trainable: {biases: false}}
  - {weights: [[w5: 0.40, w7: 0.50], [w6: 0.45, w8: 0.55]], biases: 0.60, activation: sigmoid, trainable: {biases: false}}
loss: squared_error
learning_rate: 0.3
names: {z3: "z2[1]", z4: "z2[2]"}
"""
BY_HAND = {"z1[1]": 0.3825, "z1[2]": 0.39, "a1[1]": 0.5945, "a1[2]": 0.5963, "z3": 1.1359, "z4": 1.1955, "y1": 0.7569, "y2": 0.7677}
BY_HAND |= {"dL/dz3": 0.2749, "dL/dz4": -0.0793, "dL/dw5": 0.1634, "dL/dw7": 0.1639, "dL/dw6": -0.0471}
BY_HAND |= {"dL/dw8": -0.0473, "dL/dw1": 0.0008, "dL/dw3": 0.0018, "dL/dw2": 0.0011, "dL/dw4": 0.0023, "w5'": 0.3510, "w7'": 0.4508}
BY_HAND |= {"w6'": 0.4641, "w8'": 0.5642, "w1'": 0.1498, "w3'": 0.2495, "w2'": 0.1997, "w4'": 0.2993}
BY_HAND |= {"dL/dz1[1]": 0.0179, "dL/dz1[2]": 0.0226}


def test_one_step_worked_by_hand() -> None:
    """Four decimals, each result rounded and carried on: the last digit may be off by one."""
    done = worked(ONE_STEP)
    assert {name: done[name] for name in BY_HAND} == pytest.approx(BY_HAND, abs=1e-4)
    assert done["L"] == pytest.approx(0.6072, abs=2e-4)


def test_cross_entropy_to_eight_decimals() -> None:
    text = """
inputs: [0.05, 0.10]
targets: [0.01, 0.99]
layers:
  - {weights: [[w1: 0.15, w3: 0.25], [w2: 0.20, w4: 0.30]], biases: [0.35, 0.35], activation: sigmoid}
  - {weights: [[w5: 0.40, w7: 0.50], [w6: 0.45, w8: 0.55]], biases: [0.60, 0.60], activation: sigmoid}
loss: binary_cross_entropy
"""
    done = worked(text)
    hidden, out = [0.04791251, 0.06047388], [0.74693192, -0.22228212]
    weights = [0.00239563, 0.00302369, 0.00479125, 0.00604739, 0.44403305, -0.13214137, 0.44538258, -0.13254298]
    assert [done["delta1[1]"], done["delta1[2]"]] == pytest.approx(hidden, abs=6e-9)
    assert [done["delta2[1]"], done["delta2[2]"]] == pytest.approx(out, abs=6e-9)
    assert done.array("dL/db1").tolist() + done.array("dL/db2").tolist() == pytest.approx(hidden + out, abs=6e-9)
    assert [done[f"dC/dw{i}"] for i in range(1, 9)] == pytest.approx(weights, abs=6e-9)


def test_computation_graph() -> None:
    done = worked("{expression: ln(x) + exp(y)*z, at: {x: 1, y: 3, z: 2}}")
    published = {"h1": 0, "h2": 20.0855, "h3": 40.171, "f": 40.171, "df/dh1": 1, "df/dh3": 1, "dh3/dh2": 2, "dh3/dz": 20.0855}
    published |= {"dh1/dx": 1, "dh2/dy": 20.0855, "df/dx": 1, "df/dy": 40.171, "df/dz": 20.0855}
    assert {name: done[name] for name in published} == pytest.approx(published, abs=5e-4)


@pytest.mark.parametrize(
    ("expression", "value"), [("(-2 + 3)*x", 5), ("(-2 - 3)/x", -1), ("x*(-2 + 3)", 5), ("(-x)**2", 25), ("-x**2", -25)]
)
def test_signs_in_an_expression(expression: str, value: float) -> None:
    assert worked(f"{{expression: {expression}, at: {{x: 5}}}}")["f"] == value


def softmax(scale: str, z: str = "[1, 2, 3]", loss: str = "cross_entropy", targets: str = "[0, 1, 0]") -> backcheck.WorkedSheet:
    layer = f"{{weights: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], activation: {{softmax: {{scale: {scale}}}}}}}"
    return worked(f"{{inputs: {z}, targets: {targets}, layers: [{layer}], loss: {loss}}}")


def test_softmax() -> None:
    assert softmax("1").array("a1")[0].tolist() == pytest.approx([0.0900, 0.2447, 0.6652], abs=5e-5)
    assert softmax("10").array("a1")[0].tolist() == pytest.approx([2.06e-9, 0.000045, 0.999955], rel=0.01)
    assert softmax("1", "[101, 102, 103]").array("a1") == pytest.approx(softmax("1").array("a1"), rel=1e-14)


def test_softmax_with_cross_entropy_has_the_slope_a_minus_t() -> None:
    done = softmax("1", targets="[0.2, 0.5, 0.3]")
    a, t = done.array("a1")[0], [0.2, 0.5, 0.3]
    assert done.array("dL/dz1")[0].tolist() == pytest.approx([p - q for p, q in zip(a, t, strict=True)], rel=1e-14)
    assert done.array("dL/dW1").tolist() == [pytest.approx([x * (a[j] - t[j]) for x in (1, 2, 3)], rel=1e-14) for j in range(3)]


@pytest.mark.parametrize("y", [0.2, 0.5, 0.7])
@pytest.mark.parametrize("a", [0.1, 0.2, 0.7])
def test_slope_of_cross_entropy_by_its_output(a: float, y: float) -> None:
    """dC/da = −(y − a)/(a − a²), which is 0 at a = y, where the second derivative is 1/(y(1 − y))."""

    def slope(a: float) -> float:
        return worked(f"{{expression: '-(y*ln(a) + (1 - y)*ln(1 - a))', at: {{a: {a!r}, y: {y}}}}}")["df/da"]

    assert slope(a) == pytest.approx(-(y - a) / (a - a * a), abs=1e-13)
    assert slope(y) == pytest.approx(0, abs=1e-14)
    second = (slope(a + 1e-6) - slope(a - 1e-6)) / 2e-6
    assert second == pytest.approx((a * a + y - 2 * a * y) / (a - a * a) ** 2, rel=1e-6)


XOR = """
inputs: [[0, 0], [0, 1], [1, 0], [1, 1]]
targets: [0, 1, 1, 0]
layers:
  - {weights: WEIGHTS, biases: BIASES, activation: ACTIVATION}
  - {weights: [OUT], biases: [0]}
loss: half_squared_error
learning_rate: 0.1
"""


def xor(weights: str, biases: str, out: str, activation: str = "relu") -> backcheck.Worksheet:
    text = XOR.replace("WEIGHTS", weights).replace("BIASES", biases).replace("OUT", out).replace("ACTIVATION", activation)
    return backcheck.loads(text)


def test_xor_by_hand() -> None:
    done = backcheck.step(xor("[[1, 1], [1, 1]]", "[0, -1]", "[1, -2]"))
    assert done.array("a2").ravel().tolist() == [0, 1, 1, 0]


def test_from_all_zeros_only_the_last_bias_moves() -> None:
    for done in backcheck.steps(xor("[[0, 0], [0, 0]]", "[0, 0]", "[0, 0]"), 3):
        assert not any(done.array(row).any() for row in ("dL/dW1", "dL/db1", "dL/dW2"))
        assert done["dL/db2[1]"] != 0


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh", "softplus", "softmax"])
def test_from_a_constant_hidden_units_stay_alike(activation: str) -> None:
    for done in backcheck.steps(xor("[[0.3, 0.3], [0.3, 0.3]]", "[0.3, 0.3]", "[0.3, 0.3]", activation), 5):
        W, b, out = done.array("W1'"), done.array("b1'"), done.array("W2'")
        assert (W[0] == W[1]).all()
        assert b[0] == b[1]
        assert out[0, 0] == out[0, 1]


# far out, where a formula worked as it is written would be 0/0 or ln 0

HUGE, TINY = 1e307, 1e-290  # beyond these a double cannot hold the number, or not with all its digits
FAR = ["[700, -700, 0.5]", "[-700, -699, -698]", "[700, 699.5, 690]", "[0, 0.1, -50]", "[36.5, 0.2, -36.5]", "[300, -20, -340]"]
FAR += ["[-700, 700, -700]", "[-40, 0.3, 650]", "[-745, 745, 1]"]


def far(z: str, targets: str, activation: str, loss: str, hidden: bool = False) -> str:
    unit = "weights: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]"
    last = ", {weights: [[1, 2, -0.5], [0.3, -1, 1]]}" if hidden else ""
    return f"{{inputs: {z}, targets: {targets}, layers: [{{{unit}, activation: {activation}}}{last}], loss: {loss}}}"


def farthest(z: str) -> float:
    return max(abs(float(part)) for part in z.strip("[]").split(","))


def agree_far_out(text: str, farthest: float) -> None:
    """Also where e to the power of twice the farthest z must be told from 0, which takes some digits."""
    truth, done = solve(text, int(80 + 1.6 * 2 * farthest / math.log(10))).values, worked(text)
    names = ["L", *(f"dL/dz1[{j}]" for j in (1, 2, 3)), *(f"dL/dW1[{j},{k}]" for j in (1, 2, 3) for k in (1, 2, 3))]
    for name in names:
        assert math.isfinite(done[name])
        if TINY < abs(truth[name]) < HUGE:
            assert abs(done[name] - truth[name]) <= 1e-12 * abs(truth[name]), f"{name}: {done[name]!r}, not {float(truth[name])!r}"
        else:
            assert abs(done[name]) <= 2 * TINY, name


@pytest.mark.parametrize("z", FAR)
@pytest.mark.parametrize("targets", ["[1, 0, 0]", "[0.25, 0.5, 0.25]", "[0.9, 0.05, 0]"])
@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("sigmoid", "binary_cross_entropy"),
        ("softmax", "cross_entropy"),
        ("softmax", "binary_cross_entropy"),
        ("{softmax: {scale: 0.5}}", "binary_cross_entropy"),
    ],
)
def test_logarithms_far_out(z: str, targets: str, activation: str, loss: str) -> None:
    agree_far_out(far(z, targets, activation, loss), farthest(z))


@pytest.mark.parametrize("z", ["[70, -70, 0.5]", "[3.65, 0.2, -3.65]", "[0, 0.1, -50]"])
@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy", "absolute_error"])
def test_softmax_with_a_scale_far_out(z: str, loss: str) -> None:
    agree_far_out(far(z, "[0.2, 0.7, 0.1]", "{softmax: {scale: 10}}", loss), 10 * farthest(z))


PLAIN_LOSSES = ["squared_error", "half_squared_error", "mean_squared_error", "absolute_error", "huber", "{huber: {delta: 0.05}}"]
PLAIN_LOSSES += ["'sum((t - y)**4)'"]


@pytest.mark.parametrize("z", FAR)
@pytest.mark.parametrize("loss", PLAIN_LOSSES)
def test_softmax_with_other_losses_far_out(z: str, loss: str) -> None:
    agree_far_out(far(z, "[0.3, 0.45, 0.2]", "softmax", loss), farthest(z))


@pytest.mark.parametrize("z", FAR)
@pytest.mark.parametrize("targets", ["[0.35, 0.6]", "[-2, 3]"])
def test_hidden_softmax_far_out(z: str, targets: str) -> None:
    agree_far_out(far(z, targets, "softmax", "squared_error", hidden=True), farthest(z))


@pytest.mark.parametrize("z", ["[700, -700, 0.5]", "[36.5, 0.2, -36.5]", "[-20, 20, 8]"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus", "elu", "silu"])
def test_saturated_activations_far_out(z: str, activation: str) -> None:
    agree_far_out(far(z, "[0.3, 0.45, 0.2]", activation, "squared_error"), farthest(z))


@pytest.mark.parametrize("z", ["[30, -30, 0.1]", "[9, -9, 700]", "[-38.5, -12, 6]"])
def test_gelu_far_out(z: str) -> None:
    agree_far_out(far(z, "[0.3, 0.45, 0.2]", "gelu", "squared_error"), 500)


# legal files whose quantities have no value


def undefined(layer: str, inputs: str, loss: str = "squared_error", more: str = "") -> str:
    text = f"{{inputs: {inputs}, targets: [1], layers: [{{{layer}}}], loss: {loss}{more}}}"
    with pytest.raises(backcheck.Undefined) as error:
        worked(text)
    return str(error.value)


@pytest.mark.parametrize(
    ("layer", "inputs", "loss", "message"),
    [
        (
            "weights: [[1]], activation: exp(z)",
            "[1000]",
            "squared_error",
            "a1[1] has no value: exp(z1[1]) is too large for a number",
        ),
        ("weights: [[1]], activation: ln(z)", "[0]", "squared_error", "a1[1] has no value: ln(z1[1]) is the logarithm of 0"),
        ("weights: [[1]], activation: ln(z)", "[-2]", "squared_error", "a1[1] has no value: ln(z1[1]) is the logarithm of -2"),
        ("weights: [[1]], activation: sqrt(z)", "[-2]", "squared_error", "sqrt(z1[1]) is the root of -2"),
        ("weights: [[1]], activation: 1/z", "[0]", "squared_error", "a1[1] has no value: 1/z1[1] divides by 0"),
        ("weights: [[1]], activation: sqrt(z)", "[0]", "squared_error", "dL/dz1[1] has no value"),
        ("weights: [[1e300]]", "[1e300]", "squared_error", "z1[1] has no value: x1·W1[1,1] is too large"),
        ("weights: [[1e200]]", "[1]", "squared_error", "L has no value: (t1 − a1[1])² is too large"),
        ("weights: [[1]], activation: sigmoid", "[-800]", "-sum(t*ln(y))", "L has no value: ln(a1[1]) is the logarithm of 0"),
        ("weights: [[1]]", "[1000]", "sum(exp(t*y))", "L has no value: exp(t1·a1[1]) is too large"),
    ],
)
def test_undefined(layer: str, inputs: str, loss: str, message: str) -> None:
    assert message in undefined(layer, inputs, loss)


def test_undefined_names_the_value() -> None:
    assert undefined("weights: [[2]], activation: exp(z)", "[500]").endswith("with z1[1] = 1000")
    assert undefined("weights: [[1]], activation: sigmoid", "[-800]", "-sum(t*ln(y))").endswith("with a1[1] = 0")


def test_undefined_names_the_example() -> None:
    text = "{inputs: [[1], [900]], targets: [1, 1], layers: [{weights: [[1]], activation: exp(z)}], loss: squared_error}"
    with pytest.raises(backcheck.Undefined, match=r"a1\[2;1\] has no value: exp\(z1\[2;1\]\) is too large .* with z1\[2;1\] = 900"):
        worked(text)


def test_undefined_in_an_expression() -> None:
    with pytest.raises(backcheck.Undefined, match=r"h1 has no value: ln\(x\) is the logarithm of -3, with x = -3"):
        worked("{expression: 2*ln(x), at: {x: -3}}")


def test_undefined_in_the_update() -> None:
    says = undefined("weights: [[1e150]]", "[1e4]", more=", learning_rate: 1e200")
    assert says.startswith("W1[1,1]' has no value: η·∂L/∂W1[1,1] is too large")


@pytest.mark.parametrize("activation", ["exp(z)", "sigmoid(z)**3"])
def test_an_output_of_zero_has_no_cross_entropy(activation: str) -> None:
    text = f"{{inputs: [-800], targets: [1], layers: [{{weights: [[1]], activation: {activation}}}], loss: cross_entropy}}"
    with pytest.raises(backcheck.BadProblem, match=r"cross_entropy needs outputs above 0, but a1\[1\] = 0"):
        backcheck.loads(text)
