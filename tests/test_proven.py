"""What is proven about training: the worked examples to the letter, the edges of each theorem, and proofs confirmed by training."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import numpy as np
import proofs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_training import Setting, Trainer, exact_dot, plain_dot
from random_problems import tried

from backcheck.api import completed, load, loads, problem_of, step
from backcheck.errors import BadProblem
from backcheck.reasons.finding import Finding
from backcheck.reasons.proven import held, proven
from backcheck.training.plan import Choice, HeldOut, Penalty, Plan
from backcheck.worksheet import Worksheet

SGD = Plan()


def found(sheet: Worksheet, plan: Plan = SGD) -> dict[str, tuple[str, ...]]:
    """What is claimed, by kind; several findings of one kind after each other."""
    claims: dict[str, tuple[str, ...]] = {}
    for finding in proven(sheet, plan):
        claims[finding.id] = claims.get(finding.id, ()) + finding.cells
    return claims


def one(sheet: Worksheet, which: str, plan: Plan = SGD) -> Finding:
    (finding,) = (finding for finding in proven(sheet, plan) if finding.id == which)
    return finding


def net(
    *layers: tuple[Any, Any, str], x: Any = ((1, 2), (3, -1)), t: Any = None, loss: str = "squared_error", more: str = ""
) -> Worksheet:
    """Layers of weights, biases (or None) and an activation."""
    outputs = len(layers[-1][0])
    t = t if t is not None else [[0.3] * outputs, [0.6] * outputs]
    lines = [f"inputs: {[list(row) for row in x]}", f"targets: {t}", "layers:"]
    for W, b, activation in layers:
        lines += [f"  - weights: {W}", *([] if b is None else [f"    biases: {b}"]), f"    activation: {activation}"]
    return loads("\n".join([*lines, f"loss: {loss}", "learning_rate: 0.1", more]))


# the worked examples


def test_xor_from_all_zeros() -> None:
    finding = one(load("problems/xor-all-zeros.yaml"), "frozen")
    assert finding.cells == ("W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "b1[1]", "b1[2]", "W2[1,1]", "W2[1,2]")
    assert finding.says == (
        "8 of the 9 parameters never move: W1, b1 and W2; b2 alone moves, "
        "so the output is one and the same for every example and goes to 0.5, the mean of the targets"
    )
    assert finding.because == (
        "1. Suppose that W1, b1 and W2 still have the values they began with (W1 = 0, b1 = 0, W2 = 0).",
        "2. Then z1 = 0 in every example, since W1 = 0 and b1 = 0, and a1 = relu(0) = 0.",
        "3. ∂L/∂a1 = 0, since every weight out of it is 0 (W2 = 0); so ∂L/∂z1 = 0, whatever the slope of relu at 0 is.",
        "4. ∂L/∂W2 = Σ ∂L/∂z2·a1 = 0, since a1 = 0 there.",
        "5. ∂L/∂b1 = Σ ∂L/∂z1 = 0, since ∂L/∂z1 = 0 there.",
        "6. ∂L/∂W1 = Σ ∂L/∂z1·x = 0, since ∂L/∂z1 = 0 there.",
        "7. All this follows from line 1, whatever the other parameters are by then. "
        "An update with slope 0 changes nothing: after it line 1 holds again, and so do lines 2 to 6.",
        "8. Line 1 holds at the start; by induction over the updates, it holds for ever.",
    )
    assert finding.provided == (
        "plain gradient descent, or any other update by one rule for all parameters that begins without a memory",
        "all numbers stay finite",
        "mini-batches, their order, the schedule of the rate, clipping and early stopping change nothing",
        "the output's biases make steps small and many enough to settle; with mini-batches they only come near",
    )


@pytest.mark.parametrize("at_zero", ["0", "0.5", "1"])
def test_what_the_slope_of_relu_at_0_is_does_not_matter(at_zero: str) -> None:
    with open("problems/xor-all-zeros.yaml", encoding="utf-8") as file:
        sheet = loads(file.read().replace("activation: relu", f"activation: {{relu: {{at_zero: {at_zero}}}}}"))
    assert len(found(sheet)["frozen"]) == 8


def test_xor_from_one_constant() -> None:
    (finding,) = proven(load("problems/xor-uniform.yaml"), SGD)
    assert (finding.id, finding.cells) == ("identical_units", ("a1[1]", "a1[2]"))
    assert finding.says == (
        "your 2 units of layer 1 are identical and stay so for ever: they are one unit with the output weight 2·W2[1,1], "
        "whose output only rises or only falls along one direction, so it cannot represent XOR in examples 1, 2, 3 and 4"
    )
    assert finding.because == (
        "1. a1[1] and a1[2] have the same weights (0.5) and the same bias (0.5), so a1[1] = a1[2] in every example.",
        "2. Their weights into layer 2 are the same, W2[1,j] (0.5) for j = 1 and 2; "
        "their activations have the same slope, so ∂L/∂z1[1] = ∂L/∂z1[2].",
        "3. So the slopes of what corresponds are equal: ∂L/∂W1 = Σ ∂L/∂z1·x in their rows, ∂L/∂b1 = Σ ∂L/∂z1, "
        "and ∂L/∂W2 = Σ ∂L/∂z2·a1 in their columns.",
        "4. An update treats equal parameters with equal slopes alike: they are equal after it, and lines 1 to 3 hold again.",
        "5. They are equal at the start; by induction over the updates, they stay equal for ever.",
    )


def test_nothing_moves() -> None:
    finding = one(load("problems/nothing-moves.yaml"), "frozen")
    assert finding.says == (
        "none of the 8 trainable parameters ever moves: the slope is 0 now and after every later step, and the output stays 0"
    )
    assert finding.cells == ("W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "W2[1,1]", "W2[1,2]", "W3[1,1]", "W3[1,2]")
    assert "3. Then z2 = 0 in every example, since every product in W2·a1 has a factor 0, and a2 = relu(0) = 0." in finding.because


def test_a_softmax_over_one_unit() -> None:
    sheet = net(([[0.3, -0.2]], [0.1], "tanh"), ([[0.7]], [0.2], "softmax"), t=[[1], [1]], loss="cross_entropy")
    claims = proven(sheet, SGD)
    assert [finding.id for finding in claims] == ["softmax_of_one"]
    assert claims[0].follows == ("W1[1,1]", "W1[1,2]", "b1[1]", "W2[1,1]", "b2[1]")
    assert claims[0].cells == ("a2[1]",)
    assert claims[0].says == (
        "a2[1] is a softmax over one unit, so it is 1 for every input and no parameter of layer 2 or of a layer before it ever "
        "learns: use sigmoid, or give each class an output of its own"
    )


@pytest.mark.parametrize("name", ["one-step-squared-error", "own-formulas", "softmax-batch", "tied-weight", "xor-solution"])
def test_nothing_is_claimed_of_what_learns(name: str) -> None:
    assert proven(load(f"problems/{name}.yaml"), SGD) == []


def test_an_expression_is_no_network() -> None:
    assert proven(load("problems/computation-graph.yaml"), SGD) == []


# identical units

TWINS = (([[0.5, -0.2], [0.5, -0.2], [0.1, 0.4]], [0.1, 0.1, 0.1], "tanh"), ([[0.7, 0.7, 0.2]], [0.3], "identity"))


def test_two_of_three_units() -> None:
    finding = one(net(*TWINS), "identical_units")
    assert finding.cells == ("a1[1]", "a1[2]")
    assert finding.says == (
        "a1[1] and a1[2] are identical and stay so for ever: they are one unit with the output weight 2·W2[1,1]; "
        "layer 1 counts for 2 units, not 3"
    )


@pytest.mark.parametrize(("row", "index"), [("W1", (0, 0)), ("W1", (1, 1)), ("b1", (0,)), ("W2", (0, 1))])
@pytest.mark.parametrize("by", [1e-9, 0])
def test_a_change_of_one_weight_parts_them(row: str, index: tuple[int, ...], by: float) -> None:
    """By 1e-9, or in its last bit."""
    sheet = net(*TWINS)
    changed = np.array(sheet.given[row])
    changed[index] = changed[index] + by if by else np.nextafter(changed[index], 1)
    assert "identical_units" not in found(sheet.with_given({row: changed}, sheet.names))


def test_one_frozen_weight_parts_them() -> None:
    trained = "    trainable: {weights: [[true, true], [false, true], [true, true]]}"
    (W1, b1, f), above = TWINS
    assert "identical_units" not in found(net((W1, b1, f + "\n" + trained), above))
    both = trained.replace("[true, true]", "[false, true]", 1)
    assert found(net((W1, b1, f + "\n" + both), above))["identical_units"] == ("a1[1]", "a1[2]")


def test_an_activation_of_its_own_parts_them() -> None:
    (W1, b1, _), above = TWINS
    assert "identical_units" not in found(net((W1, b1, "[tanh, sigmoid, tanh]"), above))
    assert "identical_units" not in found(net((W1, b1, "[{elu: {alpha: 1}}, {elu: {alpha: 2}}, tanh]"), above))


def test_units_that_never_learn_need_no_equal_ways_out() -> None:
    (W1, b1, f), (_, b2, g) = TWINS
    assert "identical_units" not in found(net((W1, b1, f), ([[0.7, -0.3, 0.2]], b2, g)))
    held = f + "\n    trainable: false"
    finding = one(net((W1, b1, held), ([[0.7, -0.3, 0.2]], b2, g)), "identical_units")
    assert finding.because[1] == "2. No parameter that leads into them ever moves, by the masks or because its slope is always 0."
    assert "the sums of their output weights" in finding.says


def test_twins_of_twins_in_another_order() -> None:
    """Units 1 and 2 of layer 2 exchange their weights from units 1 and 2 of layer 1, which are equal only together with them."""
    first = ([[0.5, -0.2], [0.5, -0.2]], [0.1, 0.1], "sigmoid")
    second = ([[0.3, 0.8], [0.8, 0.3]], [0.0, 0.0], "sigmoid")
    assert found(net(first, second, ([[0.4, 0.4]], None, "identity")))["identical_units"] == ("a1[1]", "a1[2]", "a2[1]", "a2[2]")
    assert "identical_units" not in found(net(first, second, ([[0.4, 0.5]], None, "identity")))


def test_outputs_are_alike_only_with_the_same_targets() -> None:
    hidden = ([[0.5, -0.2], [0.5, -0.2]], [0.1, 0.1], "sigmoid")
    crossed = ([[0.3, 0.8], [0.8, 0.3]], [0.0, 0.0], "softmax")
    same, other = [[0.5, 0.5], [0.5, 0.5]], [[1, 0], [0, 1]]
    assert found(net(hidden, crossed, t=same, loss="cross_entropy"))["identical_units"] == ("a1[1]", "a1[2]")
    assert "identical_units" not in found(net(hidden, crossed, t=other, loss="cross_entropy"))


def test_dropout_parts_them_where_it_is() -> None:
    second = ([[0.3, 0.3, 0.1], [0.3, 0.3, 0.1]], [0.0, 0.0], "sigmoid")
    sheet = net(TWINS[0], second, ([[0.4, 0.4]], None, "identity"))
    assert found(sheet, Plan(dropout=(0.5, 0.0))) == {"identical_units": ("a2[1]", "a2[2]")}
    assert "identical_units" not in found(sheet, Plan(dropout=(0.5, 0.5)))


def test_tied_parameters() -> None:
    ties = "[[w: 0.5, v: 0.2], [w: 0.5, v: 0.2]]"
    assert found(net((ties, [0.1, 0.1], "tanh"), ([[0.7, 0.7]], None, "identity")))["identical_units"] == ("a1[1]", "a1[2]")
    beyond = net(
        ("[[w: 0.5, 0.2], [0.5, 0.2]]", [0.1, 0.1], "tanh"), ("[[0.7, 0.7], [w: 0.5, 0.5]]", None, "identity"), t=[[0, 1], [1, 0]]
    )
    assert "identical_units" not in found(beyond)


def test_a_function_that_turns_can_learn_xor() -> None:
    with open("problems/xor-uniform.yaml", encoding="utf-8") as file:
        sheet = loads(file.read().replace("activation: sigmoid", 'activation: "z**2"', 1))
    assert one(sheet, "identical_units").says.endswith("with the output weight 2·W2[1,1]")


def test_the_conditions_of_twins() -> None:
    assert one(net(*TWINS), "identical_units", Plan(optimiser=Choice("adam"))).provided == (
        "adam begins without a memory of earlier steps",
        "all numbers stay finite",
        "mini-batches, their order, the schedule of the rate, clipping and early stopping change nothing",
        "no dropout in layer 1",
        "sums are exact; rounding in different orders can in time drive equal units apart",
    )


# dead units

ALIVE = [[0.5, 0.5]]


def dead(b: float, plan: Plan = SGD, activation: str = "relu", W: Any = (-1.0, 0.0)) -> tuple[str, ...]:
    """One unit with z = −x1 + b beside one that is alive; x1 is 1 or 3."""
    layers = ([list(W), [0.5, 0.25]], [b, 1.0], activation), (ALIVE, [0.3], "identity")
    return found(net(*layers), plan).get("dead_units", ())


def test_a_dead_unit() -> None:
    finding = one(net(([[-1.0, 0.0], [0.5, 0.25]], [0.5, 1.0], "relu"), (ALIVE, [0.3], "identity")), "dead_units")
    assert finding.says == "a1[1] is 0 in every example and stays so for ever: layer 1 is left with 1 of its 2 units"
    assert finding.because == (
        "1. z1[1] is at most -0.5 in all 2 examples, so a1[1] = relu(z1[1]) = 0 and its slope is 0: "
        "∂L/∂z1[1] = 0 in every example.",
        "2. The slopes of what leads into such a unit are sums of ∂L/∂z·input or of ∂L/∂z with ∂L/∂z = 0, those of the weights out "
        "of it sums with a = 0 as a factor: they are 0 in every mini-batch.",
        "3. A slope of 0 changes nothing: these z are the same again after the update, and lines 1 and following hold again. "
        "By induction they hold for ever.",
    )

    assert finding.provided[3:] == (
        "it is trained on these examples only",
        "no L1, L2 or weight decay, which would pull at numbers that are not 0",
    )


def test_at_the_edge() -> None:
    assert dead(1.0) == ("a1[1]",)  # z is −2 and 0, and the slope at 0 is 0
    assert dead(1.0, activation="{relu: {at_zero: 1}}") == ()
    assert dead(0.999, activation="{relu: {at_zero: 1}}") == ("a1[1]",)
    assert dead(1.0 + 2**-50) == ()
    assert dead(0.5, activation="leaky_relu") == ()
    assert dead(0.5, activation="{leaky_relu: {slope: 0}}") == dead(0.5, activation='"max(z, 0)"') == ("a1[1]",)


def test_what_rounding_decides_is_not_claimed() -> None:
    """−0.1·3 + 0.3 is 0 on paper; in floats it is −5.6e-17 or 0 or above, as the sum is taken."""
    assert dead(0.3, W=(-0.1, 0.0)) == () != dead(0.0999, W=(-0.1, 0.0))


def test_penalties_may_revive() -> None:
    l2 = Penalty(0.1)
    assert dead(0.5, Plan(l2=l2)) == ()  # z tends to b, which is above 0
    assert dead(-0.5, Plan(l2=l2)) == ("a1[1]",)
    assert dead(-0.5, Plan(l2=l2, optimiser=Choice("adam"))) == ()
    assert dead(-0.5, Plan(l1=Penalty(0.1))) == ()
    assert dead(-0.5, Plan(optimiser=Choice("adamw", {"decay": 0.01}))) == ("a1[1]",)
    assert dead(-0.5, Plan(l2=Penalty(6.0))) == ()  # η·2λ is above 1: the weight would change its sign
    assert dead(-0.5, Plan(l2=l2, schedule=Choice("exponential", {"factor": 1.5}))) == ()


def test_dead_in_a_deeper_layer_by_signs() -> None:
    first = ([[0.3, 0.4], [-0.2, 0.6]], [0.1, 0.2], "sigmoid")
    second = ([[-0.3, -0.5], [0.4, 0.1]], [-0.1, 0.2], "relu")
    sheet = net(first, second, (ALIVE, [0.3], "identity"))
    finding = one(sheet, "dead_units")
    assert finding.cells == ("a2[1]",)
    assert finding.because[0].startswith("1. Every a1 is a number between 0 and 1, whatever the layers before do; ")
    assert finding.follows == ("W2[1,1]", "W2[1,2]", "b2[1]", "W3[1,1]")
    moved = net(first, ([[-0.3, 0.2], [0.4, 0.1]], [-0.1, 0.2], "relu"), (ALIVE, [0.3], "identity"))
    assert "dead_units" not in found(moved)  # dead now, and for how long nobody knows


def test_a_dead_layer_freezes_all_before_it() -> None:
    first = ([[0.3, 0.4], [-0.2, 0.6]], [0.1, 0.2], "relu")
    sheet = net(first, ([[-0.3, -0.5], [-0.4, -0.1]], [-0.1, -0.2], "relu"), (ALIVE, [0.3], "identity"))
    assert one(sheet, "dead_units").says.endswith(
        "layer 2 is left with none of its units, so layers 1 to 2 cannot learn and the output does not depend on the inputs"
    )
    assert len(one(sheet, "dead_units").follows) == 14  # all but b3
    assert any(line.endswith("leads through layer 2, so their slopes are 0 as well.") for line in one(sheet, "dead_units").because)


# frozen for other reasons


def test_below_a_step_nothing_moves() -> None:
    sheet = net(([[0.3, 0.4], [-0.2, 0.6]], [0.1, 0.2], "step"), (ALIVE, [0.3], "identity"))
    finding = one(sheet, "frozen")
    assert finding.cells == ("W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "b1[1]", "b1[2]")
    assert finding.because[1] == "2. ∂L/∂z1 = 0 in every example, since the slope of step is 0 everywhere."


def test_an_input_that_is_always_0_does_no_harm() -> None:
    sheet = net(([[0.3, 0.4]], [0.1], "tanh"), ([[0.5]], [0.3], "identity"), x=((0, 2), (0, -1)))
    assert found(sheet) == {"frozen": ("W1[1,1]",)}
    assert one(sheet, "frozen").says == "x1 is 0 in every example, so the weights from there never move; it does no harm"


def test_a_formula_that_is_flat_at_0() -> None:
    zero = ([[0, 0], [0, 0]], [0, 0], '"z**2"')
    assert len(found(net(zero, (ALIVE, [0.3], "identity")))["frozen"]) == 8
    assert "frozen" not in found(net(([[0, 0], [0, 0]], [0, 0], '"z**2 + 0.001*z"'), (ALIVE, [0.3], "identity")))


def test_a_slope_that_is_no_number_proves_nothing() -> None:
    assert proven(net(([[0, 0], [0, 0]], [0, 0], '"sqrt(abs(z))"'), ([[0, 0]], [0.3], "identity")), SGD) == []


def test_frozen_under_penalties_are_the_zeros() -> None:
    sheet = net(([[0, 0], [0, 0]], [0, 0], "relu"), ([[0, 0]], [0.3], "identity"))
    finding = one(sheet, "frozen", Plan(l2=Penalty(0.1), optimiser=Choice("adam"), dropout=(0.5,)))
    assert len(finding.cells) == 8
    assert "goes to" not in one(sheet, "frozen", Plan(l2=Penalty(0.1, biases=True))).says
    assert finding.provided[-2:] == (
        "the penalty leaves a parameter that is 0 where it is; of others it is taken into account",
        "dropout makes some outputs 0 and the others larger; it is taken into account",
    )
    below_step = net(([[0.3, 0.4]], [0.1], "step"), ([[0.5]], [0.3], "identity"))
    assert len(found(below_step)["frozen"]) == 3
    assert found(below_step, Plan(l2=Penalty(0.1)))["frozen"] == ("b1[1]",)


def test_the_mean_is_left_out_where_others_are_trained_on() -> None:
    held = HeldOut(np.zeros((1, 2)), np.zeros((1, 1)))
    assert one(load("problems/xor-all-zeros.yaml"), "frozen", Plan(held_out=held)).says.endswith("for every example")


def test_epsilon_0_divides_0_by_0() -> None:
    assert proven(load("problems/xor-all-zeros.yaml"), Plan(optimiser=Choice("adam", {"epsilon": 0.0}))) == []


# laws


@tried(60)
@given(st.integers(0, 10**6), st.sampled_from(["tanh", "sigmoid", "softplus", "gelu", "leaky_relu", "sin(z)"]))
def test_nothing_is_claimed_of_healthy_networks(seed: int, activation: str) -> None:
    draw = np.random.default_rng(seed)
    widths = draw.integers(1, 5, size=3)
    W = [draw.normal(size=(b, a)).tolist() for a, b in pairwise(widths)]
    x, t = draw.normal(size=(5, widths[0])).tolist(), draw.normal(size=(5, widths[2])).tolist()
    assert proven(net((W[0], 0.1, activation), (W[1], 0.2, "identity"), x=x, t=t), SGD) == []


@tried(60)
@given(st.integers(0, 10**9))
def test_every_proof_is_confirmed_by_training(seed: int) -> None:
    rng = random.Random(seed)
    _, false = proofs.confirm(proofs.network(rng), rng)
    assert not false, false[0]


@tried(60)
@given(st.integers(0, 10**9))
def test_both_trainers_begin_alike(seed: int) -> None:
    """The trainer of the tests is right: its slopes are those of the worksheet."""
    net_ = proofs.network(random.Random(seed))
    sheet = loads(proofs.text(net_))
    with np.errstate(all="ignore"):
        _, slopes = Trainer(net_, Setting(), exact_dot).work(net_.x, net_.t)
        _, other = Trainer(net_, Setting(), plain_dot).work(net_.x, net_.t)
    done = step(sheet)
    for row, slope in slopes.items():
        name = f"dL/d{row} via" if f"dL/d{row} via" in sheet else f"dL/d{row}"
        assert np.allclose(done.array(name), slope, rtol=1e-9, atol=1e-12)
        assert np.allclose(other[row], slope, rtol=1e-9, atol=1e-12)


def test_training_refutes_what_is_false() -> None:
    net_ = proofs.network(random.Random(5))._replace(
        W=[np.array([[0.5, 0.2], [0.5, 0.3]]), np.array([[0.4, 0.4]])],
        b=[np.array([0.1, 0.1]), None],
        activations=[["relu"] * 2, ["identity"]],
        masks={"W1": np.ones((2, 2)), "b1": np.ones(2), "W2": np.ones((1, 2))},
        ties=[],
        x=np.array([[1.0, 2.0], [3.0, -1.0]]),
        t=np.array([[0.3], [0.6]]),
        loss="squared_error",
    )
    claims = [
        Finding("frozen", "proven", ("W1[2,1]",), ""),
        Finding("dead_units", "proven", ("a1[2]",), ""),
        Finding("identical_units", "proven", ("a1[1]", "a1[2]"), ""),
        Finding("softmax_of_one", "proven", ("a2[1]",), ""),
    ]
    assert len(proofs.broken(net_, claims, Setting(), exact_dot)) == 4


def test_the_script_says_how_many_claims_are_false(capsys: pytest.CaptureFixture[str]) -> None:
    assert proofs.main(["6", "--seed", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("6 networks, claims about ")
    assert lines[1].split() == ["claim", "made", "false"]
    assert [line.split()[0] for line in lines[2:]] == ["frozen", "dead_units", "identical_units", "softmax_of_one"]
    assert all(line.split()[2] == "0" for line in lines[2:])


def test_the_trainer_of_the_package_confirms_the_first_example() -> None:
    from backcheck.training.train import train

    sheet = load("problems/xor-all-zeros.yaml")
    for name in ("sgd", "momentum", "adam"):
        run = train(sheet, Plan(epochs=300, optimiser=Choice(name, {"beta": 0.9} if name == "momentum" else _adam(name))))
        assert not any(run.values[row].any() for row in ("W1", "b1", "W2"))
        assert abs(run.values["b2"][0] - 0.5) < 1e-3


def _adam(name: str) -> dict[str, float]:
    return {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8} if name == "adam" else {}


def test_claims_can_be_judged_by_the_facts() -> None:
    known = held(load("problems/xor-uniform.yaml"), SGD)
    assert [classes.tolist() for classes in known.twins.activation] == [[0, 1], [0, 0], [0]]
    assert not known.still.stays[0].W.any()


def test_a_hundred_hidden_units() -> None:
    draw = np.random.default_rng(0)
    sizes = (20, 50, 50, 10)
    W = [(draw.normal(size=(b, a)) / np.sqrt(a)).tolist() for a, b in pairwise(sizes)]
    x, t = draw.normal(size=(500, 20)).tolist(), np.eye(10)[draw.integers(10, size=500)].tolist()
    dying = [-50.0] * 5 + [0.0] * 45
    sheet = net((W[0], dying, "relu"), (W[1], 0.0, "relu"), (W[2], 0.0, "softmax"), x=x, t=t, loss="cross_entropy")
    assert found(sheet)["dead_units"] == ("a1[1]", "a1[2]", "a1[3]", "a1[4]", "a1[5]")


def test_a_softmax_over_one_unit_under_a_loss_that_has_no_value_for_it() -> None:
    """ln(1 − 1): nothing can be worked, and nothing is claimed of slopes that would be 0 times infinity."""
    text = "inputs: [[1, 2], [2, 1]]\ntargets: [1, 0]\nlayers:\n  - {weights: [[0.3, -0.2]], activation: tanh}\n"
    text += "  - {weights: [[0.7]], activation: softmax}\nloss: binary_cross_entropy\nlearning_rate: 0.1\n"
    with pytest.raises(BadProblem, match="a softmax over one unit is always 1: end in sigmoid"):
        loads(text)
    sheet = completed(problem_of(text, "one", to_explain=True))
    finding = one(sheet, "softmax_of_one")
    assert finding.follows == ()
    assert (
        finding.says == "a2[1] is a softmax over one unit, so it is 1 for every input, for which the loss has no value: use sigmoid"
    )
