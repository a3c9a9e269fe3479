"""What an exercise cannot show is found, and every way out that is suggested is one."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from random_problems import networks, tried

import backcheck
from backcheck.marking.lint import Finding, lint
from backcheck.slips.edits import slipped, written_rows
from backcheck.slips.slips import slips
from backcheck.writing.lint import as_json, text

SMALL = [path for path in sorted(Path("problems").glob("*.yaml")) if not path.stem.startswith("digits")]

# Nothing is special about these numbers: with six decimals everything shows.
PLAIN = """
inputs: [[0.5, 1.5], [-0.7, 0.9], [0.2, -0.3]]
targets: [[0.1, 0.8], [0.3, -0.4], [0.6, 0.05]]
layers:
  - {weights: [[0.3, -0.4], [0.2, 0.7]], biases: [0.1, -0.2], activation: sigmoid}
  - {weights: [[0.6, 0.9], [-0.5, 0.4]], biases: [0.15, 0.25], activation: tanh}
loss: squared_error
learning_rate: 0.3
"""


def found(file: str, decimals: int = 6) -> dict[str, Finding]:
    return {finding.says: finding for finding in lint(backcheck.loads(file), decimals)}


def test_an_exercise_that_shows_everything() -> None:
    assert found(PLAIN) == {}
    assert text([], 6) == "With 6 decimals, every mistake that is known here shows, and each one differently."


HIDING = [
    (
        "weights: [[0.3, -0.4], [0.2, 0.7]]",
        "weights: [[0.3, 0.2], [0.2, 0.7]]",
        "W1 is transposed on the way forward",
        "W1 is symmetric",
    ),
    (
        "weights: [[0.6, 0.9], [-0.5, 0.4]]",
        "weights: [[0.6, 0.9], [0.9, 0.4]]",
        "W2 is transposed on the way back",
        "W2 is symmetric",
    ),
    ("biases: [0.1, -0.2]", "biases: [0, 0]", "b1 is missing in z1", "b1 is 0 throughout"),
    ("biases: [0.15, 0.25]", "biases: 0", "b2 is subtracted in z2, not added", "b2 is 0 throughout"),
    (
        "inputs: [[0.5, 1.5], [-0.7, 0.9], [0.2, -0.3]]",
        "inputs: [[1, 1], [1, 1], [1, 1]]",
        "x is missing in ∂L/∂W1",
        "x is 1 throughout",
    ),
    (
        "inputs: [[0.5, 1.5], [-0.7, 0.9], [0.2, -0.3]]",
        "inputs: [[0.5, 0.5], [-0.7, -0.7], [0.2, 0.2]]",
        "values 1 and 2 of x are swapped in z1",
        "x is the same for every unit",
    ),
    ("learning_rate: 0.3", "learning_rate: 1", "the learning rate is missing", "η is 1 throughout"),
    ("activation: tanh", "activation: relu", "the activation of layer 2 is missing", "a2 = z2 everywhere"),
    ("activation: tanh", "activation: relu", "ReLU′ of layer 2 is missing", "a2 = z2 everywhere"),
]


@pytest.mark.parametrize(
    ("usual", "special", "says", "because"), HIDING, ids=[f"{says}: {because}" for _, _, says, because in HIDING]
)
def test_what_hides_a_mistake(usual: str, special: str, says: str, because: str) -> None:
    assert usual in PLAIN
    finding = found(PLAIN.replace(usual, special))[says]
    assert (finding.because, finding.cells) == (because, ())
    assert finding.suggests


def test_the_ways_out_in_words() -> None:
    assert found(PLAIN.replace("[[0.3, -0.4], [0.2, 0.7]]", "[[0.3, 0.20], [0.20, 0.7]]"))[
        "W1 is transposed on the way forward"
    ] == Finding(
        "transposed_weights",
        "W1 is transposed on the way forward",
        "W1 is symmetric",
        (),
        "W1[1,2] = 0.30 in place of 0.20",
        ("transposed_weights",),
    )
    one = PLAIN.replace("inputs: [[0.5, 1.5], [-0.7, 0.9], [0.2, -0.3]]", "inputs: [0.5, 1.5]").replace(
        "[[0.1, 0.8], [0.3, -0.4], [0.6, 0.05]]", "[0.1, 0.8]"
    )
    assert [(finding.says, finding.because, finding.suggests) for finding in lint(backcheck.loads(one), 6)] == [
        ("the gradient is summed over the examples, not averaged", "there is only one example", "a second example")
    ]


def test_small_slopes_round_to_nothing() -> None:
    sheet = backcheck.load("problems/two-two-two.yaml")
    first = lint(sheet, 2)[0]
    assert (first.id, first.cells, first.suggests) == ("rounds_to_zero", ("dL/dw1", "dL/dw2", "dL/dw3", "dL/dw4"), "4 decimals")
    assert max(abs(backcheck.step(sheet)[name]) for name in first.cells) < 0.005


def test_slopes_that_are_nothing() -> None:
    findings = {finding.says.split(":")[0]: finding for finding in lint(backcheck.load("problems/xor-solution.yaml"))}
    assert findings["∂L/∂W2 is 0 throughout"].suggests == "W1[1,1] = 1.1 in place of 1"


def test_the_reason_may_lie_before_the_matrix() -> None:
    reasons = {finding.says: finding.because for finding in lint(backcheck.load("problems/nothing-moves.yaml"))}
    assert reasons["W2 is transposed on the way forward"] == "a1 is 0 throughout"  # W2 is not symmetric
    assert reasons["W1 is transposed on the way forward"] == "W1 is symmetric"


def test_two_mistakes_that_look_alike() -> None:
    # With two examples the half of a slope is also its mean over them.
    finding = next(f for f in lint(backcheck.load("problems/own-formulas.yaml")) if f.id == "same_digits")
    assert finding.says == "∂L/∂a2 is half of what it should be; the gradient is averaged over the examples, not summed"
    assert (finding.about, finding.suggests) == (("factor", "mean_for_sum"), "another example")


def test_twins_in_the_hidden_layer() -> None:
    findings = {finding.says for finding in lint(backcheck.load("problems/xor-uniform.yaml"))}
    assert {"values 1 and 2 of a1 are swapped in z2", "units 1 and 2 are swapped in ∂L/∂z1"} <= findings


# every suggestion is tried


def hidden(sheet: backcheck.Worksheet, decimals: int) -> set[str]:
    """The slips that change no digit, found without any of the code that looks for them in earnest."""
    right = backcheck.step(sheet)
    unseen = set()
    for slip in slips(sheet):
        try:
            done = slipped(right, slip)
        except backcheck.Undefined:
            continue
        if all(same_digits(done.array(row), right.array(row), decimals) for row in written_rows(right)):
            unseen.add(slip.says)
    return unseen


def same_digits(one: np.ndarray, other: np.ndarray, decimals: int) -> bool:
    pairs = list(zip(one.ravel().tolist(), other.ravel().tolist(), strict=True))
    return all(written(a, decimals) == written(b, decimals) or abs(a - b) < 1e-13 for a, b in pairs)


def written(value: float, decimals: int) -> str:
    """The digits on paper: a 5 behind them rounds up, and there is no −0.00."""
    digits = f"{value + math.copysign(1e-14, value):.{decimals}f}"
    return digits if float(digits) else digits.lstrip("-")


def changed(sheet: backcheck.Worksheet, suggests: str) -> backcheck.Worksheet:
    """The problem with the number that was suggested."""
    match = re.fullmatch(r"(.+) = (\S+) in place of (\S+)", suggests)
    assert match, suggests
    name, new, old = match.groups()
    given = {row: array.copy() for row, array in sheet.given.items()}
    row, index = backcheck.step(sheet).locate(name)
    for place in sheet.names.tied.get(name, [(row, index)]):
        assert given[place[0]][place[1]] == pytest.approx(eval(old))  # noqa: S307 - written by this file's own problems: 1/10
        given[place[0]][place[1]] = float(new)
    return sheet.with_given(given, sheet.names)


def holds(sheet: backcheck.Worksheet, finding: Finding, decimals: int) -> None:
    """What is suggested for a mistake that does not show makes it show."""
    if finding.suggests in ("", "a second example", "another example") or finding.id in (
        "all_zero",
        "rounds_to_zero",
        "same_digits",
    ):
        return
    if match := re.fullmatch(r"(\d+) decimals", finding.suggests):
        enough = int(match[1])
        assert finding.says in hidden(sheet, enough - 1)
        assert finding.says not in hidden(sheet, enough)
    else:
        assert finding.says not in hidden(changed(sheet, finding.suggests), decimals)


@pytest.mark.parametrize("decimals", [2, 4])
@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_suggestions_hold(path: Path, decimals: int) -> None:
    sheet = backcheck.load(path)
    findings = lint(sheet, decimals)
    special = ("all_zero", "rounds_to_zero", "same_digits")
    assert {finding.says for finding in findings if finding.id not in special} == hidden(sheet, decimals)
    for finding in findings[:: 1 if len(findings) < 20 else 8]:
        holds(sheet, finding, decimals)


@tried(10)
@given(networks(smooth=True))
def test_suggestions_hold_in_random_networks(file: str) -> None:
    sheet = backcheck.loads(file)
    for finding in lint(sheet, 3)[:10]:
        if "/" not in finding.suggests and "e-" not in finding.suggests:
            holds(sheet, finding, 3)


def test_a_second_example_does_bring_it_out() -> None:
    sheet = backcheck.load("problems/softmax-three.yaml")
    finding = next(finding for finding in lint(sheet) if finding.suggests == "a second example")
    more = Path("problems/softmax-three.yaml").read_text().replace("[1, 2, 3]", "[[1, 2, 3], [2, 0, 1]]", 1)
    two = backcheck.loads(more.replace("targets: [0, 0, 1]", "targets: [[0, 0, 1], [1, 0, 0]]"))
    assert finding.says not in hidden(two, 4)


def test_a_sign_that_rounds_away_is_no_difference() -> None:
    # ∂L/∂W1 = 0.00004 is written 0.0000, and −0.00004 as well.
    file = "{inputs: [0.5], targets: [0], layers: [{weights: [[0.00016]]}], loss: half_squared_error}"
    findings = found(file, 4)
    assert findings["a slope that is not 0 is written as 0"].cells == ("dL/dW1[1,1]",)
    assert findings["∂L/∂W1 has the wrong sign"].suggests == "5 decimals"


def test_the_same_findings_every_time() -> None:
    sheet = backcheck.load("problems/xor-uniform.yaml")
    assert lint(sheet, 3) == lint(sheet, 3)


def test_a_large_network_is_no_exercise() -> None:
    with pytest.raises(backcheck.BackcheckError, match=r"232,405 numbers in \d+ rows are no exercise to be written by hand"):
        lint(backcheck.load("problems/digits-784-100-100-10.yaml"))


def test_decimals_have_bounds() -> None:
    with pytest.raises(backcheck.BackcheckError, match="decimals should be from 0 to 12, not 13"):
        lint(backcheck.loads(PLAIN), 13)


def test_as_text() -> None:
    assert text(lint(backcheck.load("problems/two-two-two.yaml"), 3), 3) == (
        "What this exercise cannot show with 3 decimals:\n"
        "\n"
        "Brought out by 4 decimals\n"
        "  · 2 slopes that are not 0 are written as 0: ∂L/∂w1, ∂L/∂w3\n"
        "  · σ′ of layer 1 is worked as z·(1 − z)\n"
        "  · W1 is not updated\n"
        "\n"
        "Brought out by a second example\n"
        "  · the gradient is summed over the examples, not averaged (there is only one example)"
    )


def test_as_json() -> None:
    document = json.loads(as_json(lint(backcheck.load("problems/two-two-two.yaml"), 3), 3))
    assert (document["format"], document["version"], document["decimals"]) == ("backcheck.lint", 1, 3)
    assert next(finding for finding in document["findings"] if finding["id"] == "sum_for_mean") == {
        "id": "sum_for_mean",
        "says": "the gradient is summed over the examples, not averaged",
        "because": "there is only one example",
        "cells": [],
        "suggests": "a second example",
        "about": ["sum_for_mean"],
    }
