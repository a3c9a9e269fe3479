"""The planted faults and what is beside them: the files load, every one has its twin, samples are judged rightly."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

import backcheck
from backcheck.api import load_with_training
from backcheck.training.plan import Choice, Plan

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import faults  # noqa: E402
from published_rules import autotrainer, deepdiagnosis, thedeepchecker, umlaut  # noqa: E402
from published_rules.record import Runs, observed, runs  # noqa: E402

FILES = faults.problems()
FAULTY = [path for path in FILES if not path.stem.endswith(faults.TWIN)]
SAMPLE = {faults.fault(path): path for path in FAULTY}  # one for each id
ADAM = Choice("adam", {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8})


def twin(path: Path) -> Path:
    return path.with_name(f"{path.stem}{faults.TWIN}.yaml")


def test_there_are_enough_of_every_kind() -> None:
    counted = Counter(map(faults.fault, FAULTY))
    assert len(FAULTY) >= 80
    assert set(counted) == set(faults.IDS)
    assert min(counted.values()) >= 6


def test_every_file_loads() -> None:
    for path in FILES:
        sheet, plan = load_with_training(path)
        assert len(sheet.given["x"]) <= 200
        assert plan.epochs <= 300


def test_a_name_begins_with_the_fault_and_the_twin_has_none() -> None:
    for path in FAULTY:
        assert path.stem.startswith(faults.fault(path) + "-")
        assert faults.fault(twin(path)) == "none"
    assert len(FILES) == 2 * len(FAULTY)


def test_a_twin_differs_only_in_the_fault() -> None:
    for path in FAULTY:
        ours, theirs = ([line for line in one.read_text().splitlines() if line[0] != "#"] for one in (path, twin(path)))
        assert len(ours) == len(theirs)
        differing = {line.partition(":")[0].strip(" -") for line, other in zip(ours, theirs, strict=True) if line != other}
        assert differing
        assert "title" not in differing
        assert len(differing) <= 2


@pytest.mark.parametrize("path", SAMPLE.values(), ids=SAMPLE)
def test_the_twin_learns_and_the_faulty_one_less(path: Path) -> None:
    """By a loop that is none of backcheck's own: the loss at the end, of examples that are held out where there are any."""
    end = []
    for one in (path, twin(path)):
        seen = observed(*load_with_training(one)).seen
        end.append(seen[-1].loss if seen[-1].held_out_loss is None else seen[-1].held_out_loss)
    assert seen[-1].loss < 0.55 * seen[0].loss
    if faults.fault(path) not in ("wrong_loss", "overfitting"):  # two losses cannot be compared, nor two sets of examples
        assert not end[0] < 1.5 * end[1]


@pytest.mark.parametrize("path", SAMPLE.values(), ids=SAMPLE)
def test_a_sample_is_judged_rightly(path: Path) -> None:
    assert faults.by_backcheck(path).named
    assert not faults.by_backcheck(twin(path)).says


def test_the_observer_trains_as_backcheck_does() -> None:
    for name in ("wave-momentum-healthy", "xor-sigmoid-healthy", "plane-linear-healthy"):
        sheet, plan = load_with_training(faults.FOLDER / f"rate_too_low-{name}.yaml")
        ours, theirs = backcheck.train(sheet, plan).loss, [now.loss for now in observed(sheet, plan).seen]
        assert ours == pytest.approx(theirs, rel=1e-9)


def seen(text: str, plan: Plan) -> Runs:
    return runs(backcheck.loads(text), plan)


def network(
    *layers: str, inputs: str = "", rate: float = 0.001, loss: str = "binary_cross_entropy", targets: str = "[0, 1, 1, 0]"
) -> str:
    lines = "".join(f"  - {{{layer}}}\n" for layer in layers)
    inputs = inputs or "[[-1, -1], [-1, 1], [1, -1], [1, 1]]"
    return f"inputs: {inputs}\ntargets: {targets}\nlayers:\n{lines}loss: {loss}\nlearning_rate: {rate}\n"


OUT = "units: 1, weights: {init: xavier, seed: 2}, biases: {init: zeros}, activation: sigmoid"
TANH = "units: 4, weights: {init: xavier, seed: 1}, biases: {init: zeros}, activation: tanh"
CLEAN = network(TANH, OUT)


def says(messages: list[faults.Message], what: str) -> bool:
    return any(what in message.says for message in messages)


def test_umlaut_on_the_bugs_of_its_study() -> None:
    """Its participants met pixels that were not divided by 255, a rate of −1 to 1 out of place, and a missing softmax."""
    pixels = network(TANH, OUT, inputs="[[0, 255], [255, 0], [255, 255], [0, 0]]")
    assert says(umlaut.messages(seen(pixels, Plan(5))), "exceeds")
    assert says(umlaut.messages(seen(network(TANH, OUT, rate=0.1), Plan(5))), "rate is high")
    assert says(umlaut.messages(seen(network(TANH, OUT, rate=1e-8), Plan(5))), "rate is low")
    assert says(umlaut.messages(seen(network(TANH, OUT, loss="cross_entropy"), Plan(5))), "softmax")
    assert umlaut.messages(seen(CLEAN, Plan(5))) == []


def test_autotrainer_on_its_five_problems() -> None:
    """Vanishing in deep sigmoid networks, exploding from large weights, dying ReLU, oscillation and slow convergence."""
    sigmoid = "units: 6, weights: {init: uniform, low: -0.2, high: 0.2, seed: 3}, biases: {init: zeros}, activation: sigmoid"
    large = "units: 6, weights: {init: uniform, low: -9, high: 9, seed: 3}, biases: {init: zeros}"
    dead = "units: 6, weights: {init: he, seed: 3}, biases: -9, activation: relu"
    line = "units: 1, weights: {init: he, seed: 3}, biases: {init: zeros}"
    regression = {"loss": "squared_error", "targets": "[0.1, 0.7, 0.4, 0.3]"}
    assert says(autotrainer.messages(seen(network(*[sigmoid] * 7, OUT, rate=0.1), Plan(30))), "vanish")
    assert says(autotrainer.messages(seen(network(*[large] * 6, line, rate=0.1, **regression), Plan(30))), "explode")
    assert says(autotrainer.messages(seen(network(dead, OUT, rate=0.1), Plan(30))), "dying")
    assert says(autotrainer.messages(seen(network(TANH, OUT, rate=1e-6), Plan(30))), "slow")
    oscillating = faults.FOLDER / "rate_too_high-moons-adam.yaml"
    assert says(autotrainer.messages(runs(*load_with_training(oscillating))), "oscillating")
    assert autotrainer.messages(seen(network(TANH, OUT, rate=0.05), Plan(100, optimiser=ADAM))) == []


def test_deepdiagnosis_on_its_symptoms() -> None:
    """Its motivating example ends in a softmax over one unit: the slopes are zero, and it asks for another activation or loss."""
    one = OUT.replace("sigmoid", "softmax")
    (message,) = deepdiagnosis.messages(seen(network(TANH, one, loss="squared_error"), Plan(20)))
    assert message.says == "numerical error: change the loss or the activation"
    signs = network(TANH, OUT, loss="squared_error", targets="[-1, 1, 1, -1]")
    assert says(deepdiagnosis.messages(seen(signs, Plan(20))), "out of range")
    full = "units: 4, weights: {init: xavier, seed: 1}, biases: 6.5, activation: tanh"
    assert says(deepdiagnosis.messages(seen(network(full, OUT), Plan(20))), "saturated")
    dead = "units: 4, weights: {init: he, seed: 1}, biases: -9, activation: relu"
    assert says(deepdiagnosis.messages(seen(network(dead, OUT), Plan(20))), "dead node")


def test_thedeepchecker_on_its_synthetic_faults() -> None:
    """Constant weights, a rate too high and too low, inputs that are not normalised, and labels it cannot reach."""
    same = "units: 4, weights: {init: constant, value: 0.1}, biases: {init: zeros}, activation: tanh"
    assert says(thedeepchecker.messages(seen(network(same, OUT), Plan(5))), "symmetry")
    assert says(thedeepchecker.messages(seen(network(TANH, OUT, rate=2), Plan(5, optimiser=ADAM))), "too quickly")
    assert says(thedeepchecker.messages(seen(network(TANH, OUT, rate=1e-7), Plan(5, optimiser=ADAM))), "too slowly")
    raw = network(TANH, OUT, inputs="[[0, 255], [255, 0], [255, 255], [0, 0]]")
    assert says(thedeepchecker.messages(seen(raw, Plan(5))), "feature unnormalised")
    marks = network(TANH, OUT, loss="squared_error", targets="[-3, 2, 1, 4]", rate=0.1)
    assert says(thedeepchecker.messages(seen(marks, Plan(5))), "negative values")
    assert not says(thedeepchecker.messages(seen(CLEAN, Plan(5))), "feature unnormalised")
