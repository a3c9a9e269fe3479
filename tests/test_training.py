"""Runs against published numbers, PyTorch's, closed forms, the worksheet, and against themselves when stopped and resumed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from random_problems import networks, tried

import backcheck
from backcheck.api import load_with_training, with_rate
from backcheck.catalogue import OPTIMISERS, SCHEDULES
from backcheck.errors import BackcheckError, BadArgument, Undefined
from backcheck.training.examples import held_out
from backcheck.training.plan import Choice, HeldOut, Penalty, Plan
from backcheck.training.run import Overflow
from backcheck.training.saved import as_bytes, restored
from backcheck.training.schedules import rate
from backcheck.training.train import Training, train
from backcheck.worksheet import Worksheet

PROBLEMS = Path(__file__).parent.parent / "problems"
EXAMPLE = "two-two-two.yaml"


def problem(name: str = EXAMPLE) -> Worksheet:
    return backcheck.load(PROBLEMS / name)


def all_free() -> Worksheet:
    """The 2-2-2 example with its biases trained as well."""
    return backcheck.loads((PROBLEMS / EXAMPLE).read_text().replace("    trainable: {biases: false}\n", ""))


def usual(name: str, **settings: float) -> Choice:
    known = {**OPTIMISERS, **SCHEDULES}[name]
    return Choice(name, {key: float(value) for key, value in known.items()} | settings)


# published runs


def test_the_published_loss_after_one_step() -> None:
    assert round(train(problem(), Plan(epochs=1)).loss[1], 9) == 0.291027774


def test_the_published_loss_when_the_output_layer_is_updated_first() -> None:
    assert round(train(problem(), Plan(epochs=1, order="output_first")).loss[1], 9) == 0.291027924


def test_the_published_loss_after_ten_thousand_steps() -> None:
    run = train(problem(), Plan(epochs=10_000))
    assert f"{run.loss[-1]:.10f}" == "0.0000351019"
    assert len(run.loss) == 10_001
    assert len(run.looks) < 500  # not every epoch is looked at closely


# the same runs by PyTorch 2.13, in float64: the losses after 1 and after 10 updates
BY_TORCH = {
    "sgd": (0.28047144679143016, 0.12552703804413207),
    "momentum": (0.28047144679143016, 0.005175550427757983),
    "nesterov": (0.2641124672483516, 0.0048088273272783415),
    "adam": (0.12967522950920504, 8.619867588737214e-05),
    "adamw": (0.12914185100589654, 8.347591380818958e-05),
    "rmsprop": (0.01757882822026277, 0.0002027044271773648),
}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_optimisers_give_the_losses_of_pytorch(name: str) -> None:
    loss = train(all_free(), Plan(epochs=10, optimiser=usual(name))).loss
    assert (loss[1], loss[10]) == pytest.approx(BY_TORCH[name], rel=1e-9)


# the loss after 10 updates, and the rate of the fifth
SCHEDULED = {
    "step": (usual("step", every=3, factor=0.5), 0.19829644727398846, 0.25),
    "exponential": (usual("exponential", factor=0.9), 0.17809936038733873, 0.32805),
    "cosine": (usual("cosine", to=0.1), 0.18008129493248837, 0.3618033988749896),
}


@pytest.mark.parametrize("name", SCHEDULED)
def test_schedules_give_the_losses_of_pytorch(name: str) -> None:
    schedule, loss, fifth = SCHEDULED[name]
    run = train(all_free(), Plan(epochs=10, schedule=schedule))
    assert run.loss[10] == pytest.approx(loss, rel=1e-12)
    assert run.epochs[4].rate == pytest.approx(fifth, rel=1e-12)


def test_clipping_and_penalties_give_the_losses_of_pytorch() -> None:
    clipped = train(all_free(), Plan(epochs=10, clip=Choice("norm", {"limit": 0.1})))
    assert clipped.loss[10] == pytest.approx(0.2016769859321072, rel=1e-5)  # PyTorch divides by the length + 1e-6
    plan = Plan(epochs=10, l2=Penalty(0.01, half=True), l1=Penalty(0.02, biases=True))
    assert train(all_free(), plan).loss[10] == pytest.approx(0.1200383306144687, rel=1e-12)
    twice = plan._replace(l2=Penalty(0.005, half=False))  # λ·Σw² is ½·2λ·Σw²
    assert train(all_free(), twice).loss[10] == pytest.approx(0.1200383306144687, rel=1e-12)


def test_each_slope_is_clipped_alone() -> None:
    run = train(all_free(), Plan(epochs=1, clip=Choice("value", {"limit": 0.001})))
    moved = np.concatenate([(run.values[name] - run.sheet.given[name]).ravel() for name in run.values])
    assert np.isclose(abs(moved), 0.5 * 0.001).sum() == 8  # all but W1, whose slopes are smaller than that
    assert (abs(moved) < 0.5 * 0.001 * (1 + 1e-9)).all()


# closed forms


def test_linear_regression_reaches_the_closed_form() -> None:
    x = np.array([[0.5, 1.0], [1.5, 0.5], [2.0, 2.0], [3.0, 1.0], [0.2, 0.1]])
    t = np.array([[1.0], [2.0], [2.5], [4.0], [0.3]])
    text = f"inputs: {x.tolist()}\ntargets: {t.ravel().tolist()}\nlayers: [{{weights: [[0, 0]], biases: 0}}]\n"
    run = train(backcheck.loads(text + "loss: squared_error\nlearning_rate: 0.15\n"), Plan(epochs=5000))
    exact = np.linalg.lstsq(np.hstack([x, np.ones((5, 1))]), t, rcond=None)[0].ravel()
    assert np.append(run.values["W1"], run.values["b1"]) == pytest.approx(exact, rel=1e-10)


def test_logistic_regression_with_a_penalty_reaches_the_minimum_that_newton_finds() -> None:
    sheet, penalty = problem("logistic-regression.yaml"), 0.1
    run = train(sheet, Plan(epochs=4000, l2=Penalty(penalty, half=True, biases=True)))
    x, t = np.hstack([sheet.given["x"], np.ones((5, 1))]), sheet.given["t"].ravel()
    w = np.zeros(3)
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        w -= np.linalg.solve(x.T * (p * (1 - p)) @ x / 5 + penalty * np.eye(3), x.T @ (p - t) / 5 + penalty * w)
    assert np.append(run.values["W1"], run.values["b1"]) == pytest.approx(w, rel=1e-10)


# the worksheet


@tried(80)
@given(networks(), st.integers(1, 3))
def test_updates_are_those_of_the_worksheet(text: str, count: int) -> None:
    """Any activation, loss, tie and mask: a full batch of plain descent is what step --steps works out."""
    sheet = with_rate(backcheck.loads(text), 0.01)
    try:
        worked = list(backcheck.steps(sheet, count))
        run = train(sheet, Plan(epochs=count))
    except BackcheckError:
        assume(False)
    assert [done.loss for done in worked] == pytest.approx(run.loss[:count], rel=1e-9, abs=1e-12)
    for name, array in run.values.items():
        assert np.allclose(array, worked[-1].array(f"{name}'"), rtol=1e-9, atol=1e-12)


@tried(30)
@given(networks(examples=5), st.sampled_from(sorted(OPTIMISERS)), st.integers(1, 4))
def test_frozen_parameters_stay_and_tied_ones_stay_equal(text: str, name: str, size: int) -> None:
    sheet = with_rate(backcheck.loads(text), 0.001)
    plan = Plan(epochs=3, batch_size=size, optimiser=usual(name), l2=Penalty(0.1, biases=True), l1=Penalty(0.1, biases=True))
    try:
        run = train(sheet, plan)
    except BackcheckError:
        assume(False)
    for row, array in run.values.items():
        frozen = sheet.given.get(f"trainable {row}", np.ones(1)) == 0
        assert (np.broadcast_to(frozen, array.shape) <= (array == sheet.given[row])).all()
    for places in sheet.names.tied.values():
        values = [run.values[row][index] for row, index in places if row in run.values]
        assert values == pytest.approx([values[0]] * len(values), rel=1e-12) if values else True


def test_float32_is_near_float64() -> None:
    sheet = problem("digits-784-100-100-10.yaml")
    one, other = (train(sheet, Plan(epochs=5, batch_size=16, precision=kind)) for kind in ("float32", "float64"))
    assert one.loss == pytest.approx(other.loss, rel=1e-5)
    assert one.loss != other.loss


# seeds, stopping, going on


def noisy() -> Plan:
    return Plan(
        epochs=12,
        batch_size=3,
        seed=4,
        optimiser=usual("adam"),
        dropout=(0.4,),
        held_out=0.25,
        schedule=usual("plateau", patience=2, factor=0.5),
    )


def spirals(rate: float = 0.02) -> Worksheet:
    text = "data: {set: spirals, examples: 40}\nlayers:\n"
    text += "- {units: 6, weights: {init: he, seed: 1}, biases: 0, activation: tanh}\n"
    text += "- {units: 1, weights: {init: xavier}, biases: 0, activation: sigmoid}\nloss: binary_cross_entropy\n"
    return backcheck.loads(f"{text}learning_rate: {rate}\n")


def same(one: Any, other: Any) -> bool:
    return (
        one.epochs == other.epochs
        and one.looks == other.looks
        and all((one.values[n] == other.values[n]).all() for n in one.values)
    )


def test_the_same_seed_gives_the_same_run_and_another_seed_another_one() -> None:
    first, again = train(spirals(), noisy()), train(spirals(), noisy())
    assert same(first, again)
    assert first.loss[0] == again.loss[0]
    other = train(spirals(), noisy()._replace(seed=5))
    assert not same(first, other)


@pytest.mark.parametrize("stops", [[1], [5, 6], [37], [10, 45, 100]])
def test_a_run_that_was_stopped_anywhere_goes_on_as_if_it_had_not_been(stops: list[int]) -> None:
    sheet, plan = spirals(), noisy()
    whole = train(sheet, plan)
    training, updates = Training(sheet, plan), 0
    for stop in stops:  # after so many updates in all
        once = training.updates.once

        def counted(training: Training = training, once: Any = once, stop: int = stop) -> bool:
            nonlocal updates
            updates += 1
            training.stop = updates >= stop
            return bool(once())

        training.updates.once = counted  # type: ignore[method-assign]
        for _ in training.epochs():
            pass
        assert training.run().stopped == "interrupted"
        training = restored(sheet, plan, as_bytes(training), "run.npz")
    for _ in training.epochs():
        pass
    assert same(training.run(), whole)


def test_a_run_that_is_over_goes_on_for_more_epochs() -> None:
    sheet, plan = spirals(), noisy()
    short = Training(sheet, plan._replace(epochs=5))
    for _ in short.epochs():
        pass
    training = restored(sheet, plan, as_bytes(short), "run.npz")
    for _ in training.epochs():
        pass
    assert training.run().loss == train(sheet, plan).loss


def test_a_saved_run_is_not_mixed_up_with_another_one() -> None:
    raw = as_bytes(Training(spirals(), noisy()))
    with pytest.raises(BadArgument, match=r"r\.npz is a run of another problem, or of another plan"):
        restored(spirals(0.03), noisy(), raw, "r.npz")
    with pytest.raises(BadArgument, match="another plan"):
        restored(spirals(), noisy()._replace(seed=1), raw, "r.npz")
    for broken in (b"", b"PK", raw[:500], raw[:-300]):
        with pytest.raises(BadArgument, match="is no saved run"):
            restored(spirals(), noisy(), broken, "r.npz")


def test_early_stopping_ends_after_its_patience_and_may_keep_the_best() -> None:
    early = Choice("early", {"patience": 3, "least": 0, "keep_best": 1})
    sheet = with_rate(problem("xor-solution.yaml"), 0)
    run = train(sheet, Plan(epochs=50, early_stopping=early))  # nothing moves: the loss never falls
    assert (len(run.epochs), run.stopped, run.best) == (4, "early", 0)
    steep = with_rate(spirals(), 4.0)
    kept = train(steep, Plan(epochs=60, held_out=0.5, early_stopping=early))
    assert kept.stopped == "early"
    assert kept.best == len(kept.epochs) - 4
    assert min(e.held_out_loss or 9 for e in kept.epochs) == kept.epochs[kept.best].held_out_loss
    shorter = train(steep, Plan(epochs=kept.best, held_out=0.5))
    assert all((shorter.values[name] == kept.values[name]).all() for name in kept.values)


# examples


def test_what_is_held_out_is_never_learnt_from() -> None:
    sheet = spirals()
    out = held_out(40, 0.25, 4)
    assert out.sum() == 10
    x = sheet.given["x"].copy()
    x[out] = 1e6  # whatever stands there
    plain = noisy()._replace(schedule=usual("constant"))
    one, other = train(sheet, plain), train(sheet.with_given({"x": x}, sheet.names), plain)
    assert one.loss == other.loss
    assert one.epochs[3].held_out_loss != other.epochs[3].held_out_loss


def test_examples_of_their_own_are_measured() -> None:
    sheet = spirals()
    own = HeldOut(sheet.given["x"], sheet.given["t"])
    run = train(sheet, Plan(epochs=2, held_out=own))
    assert [epoch.held_out_loss for epoch in run.epochs] == run.loss
    assert run.epochs[0].accuracy == run.epochs[0].held_out_accuracy


def test_accuracy_counts_what_is_on_the_right_side() -> None:
    assert train(problem("xor-solution.yaml"), Plan(epochs=1)).epochs[0].accuracy == 1.0
    assert train(problem("xor-all-zeros.yaml"), Plan(epochs=1)).epochs[0].accuracy == 0.5
    assert train(problem(), Plan(epochs=1)).epochs[0].accuracy is None  # 0.01 and 0.99 are no classes


def test_dropout_keeps_the_mean_and_is_off_where_nothing_is_learnt() -> None:
    text = "inputs: [1]\ntargets: [0]\nlayers:\n- {units: 1000, weights: {init: constant, value: 1}}\n"
    text += "- {units: 1, weights: {init: constant, value: 0.001}}\nloss: squared_error\nlearning_rate: 0\n"
    sheet = backcheck.loads(text)
    training = Training(sheet, Plan(epochs=1, dropout=(0.3,)))
    assert [epoch.loss for epoch in training.epochs()] == pytest.approx([1.0, 1.0])
    space = training.updates.spaces[1]
    assert set(np.unique(space.out[0])) == {0.0, 1 / 0.7}
    kept = (space.out[0] > 0).mean()
    assert abs(kept - 0.7) < 4 * (0.7 * 0.3 / 1000) ** 0.5  # four standard deviations


def test_the_slope_under_dropout_is_that_of_the_thinned_network() -> None:
    sheet = with_rate(spirals(), 1.0)
    training = Training(sheet, Plan(epochs=1, dropout=(0.5,)))
    list(training.epochs())
    space = training.updates.spaces[40]
    kept = space.kept[0]
    h = np.tanh(sheet.given["x"] @ sheet.given["W1"].T + sheet.given["b1"]) * kept
    y = 1 / (1 + np.exp(-(h @ sheet.given["W2"].T + sheet.given["b2"])))
    d = (y - sheet.given["t"]) / 40
    below = d @ sheet.given["W2"] * kept * (1 - np.tanh(sheet.given["x"] @ sheet.given["W1"].T + sheet.given["b1"]) ** 2)
    run = training.run()
    assert np.allclose(run.values["W2"], sheet.given["W2"] - d.T @ h, rtol=1e-12)
    assert np.allclose(run.values["W1"], sheet.given["W1"] - below.T @ sheet.given["x"], rtol=1e-12)


def test_the_last_mini_batch_may_be_smaller() -> None:
    sheet = with_rate(problem("logistic-regression.yaml"), 0.5)  # five examples
    run = train(sheet, Plan(epochs=1, batch_size=2, shuffle=False))
    given = dict(sheet.given)
    for some in (slice(0, 2), slice(2, 4), slice(4, 5)):
        x, t = given["x"][some], given["t"][some]
        d = 1 / (1 + np.exp(-(x @ given["W1"].T + given["b1"]))) - t
        given |= {"W1": given["W1"] - 0.5 * d.T @ x / len(x), "b1": given["b1"] - 0.5 * d.mean(0)}
    assert np.allclose(run.values["W1"], given["W1"], rtol=1e-12)
    assert np.allclose(run.values["b1"], given["b1"], rtol=1e-12)


# rates


def test_rates_by_hand() -> None:
    assert [rate(usual("step", every=2, factor=0.1), 1.0, e, 9) for e in range(5)] == pytest.approx([1, 1, 0.1, 0.1, 0.01])
    assert [rate(usual("cosine"), 1.0, e, 4) for e in range(5)] == pytest.approx([1, 0.853553, 0.5, 0.146447, 0], abs=1e-6)


def test_a_plateau_lowers_the_rate() -> None:
    still = with_rate(problem("xor-solution.yaml"), 0.5)  # solved: the loss is 0 from the start
    run = train(still, Plan(epochs=6, schedule=usual("plateau", patience=2, factor=0.1)))
    assert [epoch.rate for epoch in run.epochs] == pytest.approx([0.5, 0.5, 0.05, 0.05, 0.005, 0.005, 0.0005])


# what overflows


def test_an_infinite_loss_stops_the_run_and_names_the_first_quantity() -> None:
    run = train(with_rate(problem("xor-all-zeros.yaml"), 1e3), Plan(epochs=300))
    assert run.stopped == "overflow"
    assert run.overflow == Overflow(47, 1, "L")
    assert run.diverged
    assert len(run.epochs) == 47  # up to epoch 46, which had a loss
    assert all(np.isfinite(array).all() for array in run.values.values())


@pytest.mark.parametrize("size", [None, 1])
def test_a_weighted_sum_that_overflows_is_named_with_its_example(size: int | None) -> None:
    """∂L/∂W1 = −1 moves W1 from 0 to 1e200: then z1 = 1e200·1e150 of the second example is no number, and the first one's is."""
    text = "inputs: [[1], [1e150]]\ntargets: [1, 0]\nlayers: [{weights: [[0]], activation: sin(z)}]\n"
    run = train(
        backcheck.loads(text + "loss: squared_error\nlearning_rate: 1e200\n"), Plan(epochs=5, batch_size=size, shuffle=False)
    )
    assert run.overflow == Overflow(1, 1 if size is None else 2, "z1[2;1]")
    assert run.loss == [0.5]
    assert run.values["W1"] == 0


def test_a_loss_that_still_rises_at_the_end_has_diverged() -> None:
    regression = "inputs: [[1], [2]]\ntargets: [1, 2]\nlayers: [{weights: [[0]]}]\nloss: squared_error\nlearning_rate: 1\n"
    assert train(backcheck.loads(regression), Plan(epochs=20)).diverged
    assert not train(with_rate(backcheck.loads(regression), 0.1), Plan(epochs=20)).diverged


def test_a_loss_that_is_infinite_at_once_is_refused() -> None:
    text = "inputs: [1]\ntargets: [0]\nlayers: [{weights: [[1e200]]}]\nloss: squared_error\nlearning_rate: 1\n"
    with pytest.raises(Undefined, match="L has no value"):
        train(backcheck.loads(text), Plan(epochs=1))


def test_without_a_rate_nothing_is_trained() -> None:
    with pytest.raises(BadArgument, match="--rate"):
        train(backcheck.loads("inputs: [1]\ntargets: [0]\nlayers: [{weights: [[1]]}]\nloss: squared_error\n"), Plan())


def test_a_plan_comes_from_the_file(tmp_path: Path) -> None:
    text = (PROBLEMS / EXAMPLE).read_text() + "training: {epochs: 3, optimiser: {adam: {beta1: 0.8}}, l2: 0.5, held_out: 0.5}\n"
    path = tmp_path / "net.yaml"
    path.write_text(text.replace(", held_out: 0.5", ""))
    _, plan = load_with_training(path)
    assert plan == Plan(epochs=3, optimiser=usual("adam", beta1=0.8), l2=Penalty(0.5, half=True))
    with pytest.raises(BackcheckError, match="of one example no part can be held out"):
        backcheck.loads(text)


# what is one parameter stays one


def test_a_parameter_in_two_layers_cannot_be_updated_layer_by_layer() -> None:
    text = "inputs: [1]\ntargets: [0]\nlayers: [{weights: [[w: 0.5]]}, {weights: [[w: 0.5]]}]\n"
    text += "loss: squared_error\nlearning_rate: 0.1\n"
    with pytest.raises(BadArgument, match="w stands in two layers"):
        train(backcheck.loads(text), Plan(order="output_first"))


def test_a_weight_that_is_a_bias_as_well_has_one_penalty() -> None:
    text = "inputs: [1]\ntargets: [0]\nlayers: [{weights: [[w: 0.5]], biases: [w: 0.5]}]\nloss: squared_error\nlearning_rate: 0.1\n"
    run = train(backcheck.loads(text), Plan(epochs=3, l2=Penalty(0.1)))
    assert run.values["W1"].item() == run.values["b1"].item()
    with pytest.raises(BackcheckError, match="w is a weight and a bias, and l2 is of the weights alone"):
        backcheck.loads(text + "training: {l2: 0.1}\n")


def test_the_length_of_slopes_counts_a_tied_one_once() -> None:
    text = (
        "inputs: [[1, 1]]\ntargets: [0]\nlayers: [{weights: [[w: 1, w: 1]], biases: [1]}]\nloss: squared_error\nlearning_rate: 1\n"
    )
    run = train(backcheck.loads(text), Plan(epochs=1, clip=Choice("norm", {"limit": 1.0})))  # slopes 2·3·2 = 12 of w, 6 of b
    length = (12**2 + 6**2) ** 0.5
    assert run.values["W1"][0] == pytest.approx(1 - 12 / length)
    assert run.values["b1"] == pytest.approx(1 - 6 / length)


# numbers at the edge of what there is


def test_a_length_whose_square_would_overflow_is_clipped() -> None:
    text = "inputs: [[1e20]]\ntargets: [0]\nlayers: [{weights: [[1e-20]]}]\nloss: squared_error\nlearning_rate: 1e-21\n"
    run = train(backcheck.loads(text), Plan(epochs=1, precision="float32", clip=Choice("norm", {"limit": 1.0})))
    assert run.values["W1"].item() == pytest.approx(9e-21, rel=1e-5)  # the slope 2e20 is shortened to 1


def test_what_adam_remembers_may_overflow() -> None:
    text = "inputs: [[1e20]]\ntargets: [0]\nlayers: [{weights: [[w: 1]]}]\nloss: absolute_error\nlearning_rate: 1\n"
    run = train(backcheck.loads(text), Plan(epochs=3, precision="float32", optimiser=usual("adam")))
    assert run.overflow == Overflow(1, 1, "v(w)")


def test_the_update_that_overflowed_counts_from_the_start_of_its_epoch_after_a_stop_too() -> None:
    text = "inputs: [[1], [1], [1], [1e150]]\ntargets: [1, 1, 1, 0]\nlayers: [{weights: [[0]], activation: sin(z)}]\n"
    sheet, plan = backcheck.loads(text + "loss: squared_error\nlearning_rate: 1e200\n"), Plan(epochs=5, batch_size=1, shuffle=False)
    whole = train(sheet, plan)
    training = Training(sheet, plan)
    training.updates.begin()
    training.stop = True
    assert [epoch.number for epoch in training.epochs()] == [0]
    training.stop = False
    with np.errstate(all="ignore"):
        training.updates.set_rate(1e200)
        training.updates.once()
    resumed = restored(sheet, plan, as_bytes(training), "run.npz")
    list(resumed.epochs())
    assert resumed.run().overflow == whole.overflow


def test_an_infinite_held_out_loss_is_no_reason_to_stop() -> None:
    from backcheck.training.schedules import Patience

    patience = Patience(Choice("early", {"patience": 2, "least": 0}))
    assert [patience.lost(loss) for loss in (np.inf, np.inf, np.inf, 3.0, 3.0, 2.0, 2.0, 2.0)] == [0, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("harm", ["order", "values", "about", "position"])
def test_a_saved_run_that_was_tampered_with_is_refused(harm: str) -> None:
    import io
    import json

    sheet, plan = spirals(), noisy()
    with np.load(io.BytesIO(as_bytes(Training(sheet, plan)))) as found:
        arrays = {name: found[name].copy() for name in found.files}
    about = json.loads(arrays["run about"].tobytes())
    if harm == "order":
        arrays["run order"][:] = 0
    elif harm == "values":
        arrays["run values"][0] = np.nan
    elif harm == "about":
        del about["shuffling"]
    else:
        about["position"] = -1
    arrays["run about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    file = io.BytesIO()
    np.savez(file, **arrays)
    with pytest.raises(BadArgument, match="is a broken saved run"):
        restored(sheet, plan, file.getvalue(), "run.npz")


def test_fewer_epochs_than_a_saved_run_has_are_refused() -> None:
    sheet, plan = spirals(), noisy()
    training = Training(sheet, plan)
    list(training.epochs())
    with pytest.raises(BadArgument, match="has 12 epochs already, more than 5"):
        restored(sheet, plan._replace(epochs=5), as_bytes(training), "run.npz")
