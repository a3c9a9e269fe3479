"""What a problem asks for and what it is worth: names, kinds and exact points, against a plain reference."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backcheck
from backcheck import api
from backcheck.answers.submission import Submission
from backcheck.errors import BadProblem
from backcheck.grading import marked
from backcheck.grading.asked import shape
from backcheck.grading.marker import Marker
from backcheck.grading.points import Marking
from backcheck.grading.result import Result
from backcheck.grading.scores import Scores
from backcheck.roads.work import HIDDEN, work

HERE = Path(__file__).parent
FILES = [
    path
    for folder in (HERE / "valid", HERE.parent / "problems")
    for path in sorted(folder.glob("*.yaml"))
    if "784" not in path.name
]
EXAMPLE = HERE.parent / "problems" / "one-step-squared-error.yaml"
GRAPH = "expression: ln(x) + exp(y)*z\nat: {x: 1, y: 3, z: 2}\nlearning_rate: 0.1\n"
NETWORK = "inputs: [1, 2]\ntargets: [0.5]\nlayers:\n  - weights: [[{0}0.1, {1}0.2]]\n    biases: [0]\nloss: squared_error\n"


def names(text: str) -> list[str]:
    """What is asked for, by name."""
    sheet, marking = api.loads_with_marking(text)
    return [sheet.names.cell(*place) for place in marking.asked]


def weights(section: str, text: str = "") -> dict[str, Fraction]:
    sheet, marking = api.loads_with_marking((text or EXAMPLE.read_text()) + section)
    assert list(marking.weights) == list(marking.asked)
    return {sheet.names.cell(*place): weight for place, weight in marking.weights.items()}


def marks(section: str, answers: Mapping[str, str]) -> Result:
    sheet, marking = api.loads_with_marking(EXAMPLE.read_text() + section)
    [result] = Marker(sheet, marking).mark([Submission("a.yaml", None, answers)])
    return result


# what is asked for


def test_the_usual_numbers_of_the_example() -> None:
    asked = names(EXAMPLE.read_text())
    assert len(asked) == 29
    assert asked[:9] == ["z1[1]", "z1[2]", "a1[1]", "a1[2]", "z2[1]", "z2[2]", "a2[1]", "a2[2]", "L"]
    assert asked[9:15] == ["dL/dz2[1]", "dL/dz2[2]", "dL/dw5", "dL/dw7", "dL/dw6", "dL/dw8"]
    assert asked[15:21] == ["dL/dz1[1]", "dL/dz1[2]", "dL/dw1", "dL/dw3", "dL/dw2", "dL/dw4"]
    assert sorted(asked[21:]) == [f"w{i}'" for i in range(1, 9)]


def test_the_usual_numbers_of_a_graph() -> None:
    assert names(GRAPH) == ["h1", "h2", "h3", "f", "df/dz", "df/dy", "df/dx"]
    assert names("expression: sqrt(x)*y\nat: {x: 0, y: 2}\n") == ["h1", "f", "df/dy"], "df/dx has no value at 0"


def test_of_a_batch_the_loss_of_each_example_is_not_asked_for() -> None:
    text = "inputs: [[1], [2]]\ntargets: [[0], [1]]\nlayers:\n  - weights: [[0.5]]\nloss: squared_error\n"
    assert names(text) == ["z1[1;1]", "z1[2;1]", "a1[1;1]", "a1[2;1]", "L", "dL/dz1[1;1]", "dL/dz1[2;1]", "dL/dW1[1,1]"]
    assert names(text + 'marking: {ask: ["L[2]", loss]}') == ["L[2]", "L"]


def test_one_parameter_in_two_places_is_asked_for_once() -> None:
    assert names(NETWORK.format("w: ", "w: ").replace("0.2", "0.1") + "learning_rate: 1\n")[3:] == [
        "dL/dz1[1]",
        "dL/db1[1]",
        "dL/dw",
        "w'",
        "b1[1]'",
    ]


def test_what_is_frozen_is_asked_for_by_name_only() -> None:
    text = (
        NETWORK.format("", "").replace("loss", "    trainable: {weights: [[true, false]], biases: false}\nloss")
        + "learning_rate: 1\n"
    )
    assert names(text)[4:] == ["dL/dW1[1,1]", "W1[1,1]'"]
    assert names(text + 'marking: {ask: ["W1[1,2]\'", gradients, "dL/db1[1]"]}') == ["dL/dW1[1,1]", "dL/db1[1]", "W1[1,2]'"]


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("weighted_sums", "z1[1] z1[2] z2[1] z2[2]"),
        ("activations", "a1[1] a1[2] a2[1] a2[2]"),
        ("loss", "L"),
        ("deltas", "dL/dz2[1] dL/dz2[2] dL/dz1[1] dL/dz1[2]"),
        ("slopes_of_activations", "dL/da2[1] dL/da2[2] dL/da1[1] dL/da1[2]"),
        ("gradients", "dL/dw5 dL/dw7 dL/dw6 dL/dw8 dL/dw1 dL/dw3 dL/dw2 dL/dw4"),
        ("input_gradients", "dL/dx1 dL/dx2"),
        ("updates", "w1' w3' w2' w4' w5' w7' w6' w8'"),
    ],
)
def test_kinds_of_a_network(kind: str, asked: str) -> None:
    assert names(EXAMPLE.read_text() + f"marking: {{ask: [{kind}]}}") == asked.split()


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("values", "h1 h2 h3 f"),
        ("partials", "dh1/dx dh2/dy dh3/dh2 dh3/dz df/dh3 df/dh2 df/dh1"),
        ("gradients", "df/dz df/dy df/dx"),
        ("updates", "x' y' z'"),
    ],
)
def test_kinds_of_a_graph(kind: str, asked: str) -> None:
    assert names(GRAPH + f"marking: {{ask: [{kind}]}}") == asked.split()


def test_a_variable_with_the_name_of_a_kind() -> None:
    text = "let: {updates: x*values, f: updates + x}\nat: {x: 1, values: 2}\nlearning_rate: 1\nmarking:"
    assert names(f"{text} {{ask: [updates]}}") == ["updates"], "what the file names comes first"
    assert names(f"{text} {{ask: [values]}}") == ["updates", "f"], "a variable is given: it cannot be meant"


@pytest.mark.parametrize("name", ["dL/dw5", "dC/dw5", "dE/dw5", "dL/dW2[1,1]", "∂L/∂w5", "dL / dw5", "dloss/dw5"])
def test_every_name_of_a_number(name: str) -> None:
    assert weights(f'marking: {{ask: ["{name}"], weights: {{"{name}": 3}}}}') == {"dL/dw5": 3}


def test_names_that_the_file_gives() -> None:
    text = EXAMPLE.read_text().replace("names: {", 'names: {new_w5: "w5\'", slope: dL/dw5, ')
    asked = ["h1", "error", "dL/dz3", "slope", "new_w5", "w6_new", "w7+"]
    assert names(text + f"marking: {{ask: [{', '.join(asked)}]}}") == ["a1[1]", "L", "dL/dz2[1]", "dL/dw5", "w5'", "w7'", "w6'"]
    sheet, marking = api.loads_with_marking(text)
    [result] = Marker(sheet, marking).mark([Submission("a", None, {"error": "0.6073", "new_w5": "0.3510", "h1": "0.5945"})])
    assert {cell.name: cell.verdict for cell in result.cells if cell.written} == {"a1[1]": "right", "L": "right", "w5'": "right"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_number_is_where_the_worked_sheet_has_it(path: Path) -> None:
    sheet, marking = api.load_with_marking(path)
    done = work(sheet)
    rows = [row.name for row in sheet.rows if row.op not in HIDDEN and row.name not in done.undefined]
    assert {name: shape(sheet, name) for name in rows} == {name: done.array(name).shape for name in rows}
    assert [done.locate(sheet.names.cell(*place)) for place in marking.asked] == list(marking.asked)


# what it is worth


def test_points_are_exactly_what_is_written() -> None:
    found = weights("marking: {weights: {loss: 1/3, deltas: 0.1, updates: 2e-1, z1: .5}}")
    assert (found["L"], found["dL/dz1[1]"], found["w5'"], found["z1[1]"], found["z1[2]"]) == (
        *(Fraction(1, 3), Fraction(1, 10), Fraction(1, 5), Fraction(1, 2), Fraction(1)),
    )


def test_the_weight_of_a_number_comes_before_that_of_its_kind() -> None:
    for section in ('{deltas: 2, "dL/dz1[1]": 3}', '{"delta1[1]": 3, deltas: 2}'):
        found = weights(f"marking: {{ask: [deltas], weights: {section}}}")
        assert found == {"dL/dz2[1]": 2, "dL/dz2[2]": 2, "dL/dz1[1]": 3, "dL/dz1[2]": 2}


def test_a_number_with_a_weight_of_its_own_is_asked_for() -> None:
    assert weights("marking: {ask: [loss], weights: {loss: 2, dL/dw5: 3}}") == {"L": 2, "dL/dw5": 3}
    answers = {"L": "0.6072", "z1[1]": "0.3825"}
    result = marks("marking: {ask: [loss], weights: {dL/dw5: 3}}", answers)
    assert (result.score, result.out_of) == (1, 4), "what was not asked for earns nothing"
    assert {cell.name: (cell.points, cell.of) for cell in result.cells} == {"z1[1]": (0, 0), "L": (1, 1), "dL/dw5": (0, 3)}


def test_shares() -> None:
    _, marking = api.load_with_marking(HERE / "valid" / "marking.yaml")
    assert marking[2:] == (1, Fraction(1, 2), Fraction(1, 2), Fraction(3, 4), Fraction(1, 3), Fraction(3, 5), 3)
    _, marking = api.load_with_marking(EXAMPLE)
    assert marking[2:] == (0, 0, 0, 1, Fraction(9, 10), None, None)


def test_every_command_refuses_a_section_that_means_nothing() -> None:
    for read in (api.loads, api.loads_with_marking):
        with pytest.raises(BadProblem, match="did you mean 'deltas'"):
            read(EXAMPLE.read_text() + "marking: {ask: [delta]}")


def test_very_many_names_of_nothing() -> None:
    start = time.perf_counter()
    with pytest.raises(BadProblem) as caught:
        api.loads(EXAMPLE.read_text() + f"marking: {{ask: [{', '.join(f'q{i}' for i in range(20_000))}]}}")
    assert len(caught.value.faults) == 20
    assert time.perf_counter() - start < 2


# points


def points(verdicts: Mapping[int, tuple[int, bool, bool, str | None]], marking: Marking) -> tuple[dict[int, Fraction], Fraction]:
    """The rule in plain words: verdict, whether it comes from a wrong number, whether that makes it trivial, the mistake."""
    kept = {"truncated": marking.truncated, "transposed_gradient": marking.transposed, "descent_direction": marking.descent}
    found, carried = {}, Fraction(0)
    left = marking.carried_at_most * marking.out_of
    for cell, (verdict, own, trivial, mistake) in verdicts.items():
        weight = marking.weight_of(("q", (cell,)))
        share = Fraction(0)
        if verdict == marked.RIGHT or (verdict == marked.FOLLOWS and not own):
            share = Fraction(1)
        elif verdict == marked.FOLLOWS and not trivial:
            share = min(marking.carried, (left - carried) / weight) if weight else share
            carried += share * weight
        elif verdict == marked.WRONG:
            share = kept.get(mistake or "", share)
        found[cell] = share * weight
    return found, sum(found.values(), Fraction(0))


FRACTIONS = st.fractions(0, 1, max_denominator=12)
MISTAKES = st.sampled_from([None, "sign", "truncated", "transposed_gradient", "descent_direction"])


@settings(max_examples=150, deadline=None)
@given(st.data(), st.lists(st.fractions(0, 9, max_denominator=9), min_size=1, max_size=9), st.tuples(*[FRACTIONS] * 5))
def test_points_against_the_plain_rule(data: st.DataObject, worth: list[Fraction], shares: tuple[Fraction, ...]) -> None:
    asked = tuple(("q", (i,)) for i in range(len(worth)))
    marking = Marking(asked, dict(zip(asked, worth, strict=True)), *shares)
    verdict = st.tuples(st.integers(0, 3), st.booleans(), st.booleans(), MISTAKES)
    sheets = data.draw(st.lists(st.lists(verdict, min_size=len(worth), max_size=len(worth)), min_size=1, max_size=3))
    scores = Scores(_explained(sheets), marking)
    for r, sheet in enumerate(sheets):
        found, score = points(dict(enumerate(sheet)), marking)
        assert [scores.of(r, i) for i in range(len(worth))] == list(found.values())
        assert scores.score(r) == score <= marking.out_of
        assert all(0 <= earned <= weight for earned, weight in zip(found.values(), worth, strict=True))


def _explained(sheets: list[list[tuple[int, bool, bool, str | None]]]) -> Any:
    verdict, tainted, trivial = (np.array([[cell[part] for cell in sheet] for sheet in sheets]) for part in range(3))
    cells = tuple(str(i) for i in range(verdict.shape[1]))
    return SimpleNamespace(
        steps=SimpleNamespace(place=lambda cell: ("q", (int(cell),))),
        marked=SimpleNamespace(cells=cells, verdict=verdict, tainted=tainted, trivial=trivial, vague=np.zeros_like(tainted)),
        named=lambda r, i: (sheets[r][i][3], []),
    )


def solved(decimals: int, section: str) -> dict[str, str]:
    sheet, marking = api.loads_with_marking(EXAMPLE.read_text() + section)
    done = backcheck.step(sheet)
    return {sheet.names.cell(row, index): f"{done.array(row)[index]:.{decimals}f}" for row, index in marking.asked}


@pytest.mark.parametrize("section", ["", "marking: {weights: {deltas: 1/3, loss: 0.1, updates: 1/7}, pass: 1}"])
def test_full_marks_are_exactly_one(section: str) -> None:
    result = marks(section, solved(6, section))
    assert result.share == 1
    assert result.score == result.out_of
    assert result.passed is (True if section else None)


def test_a_number_that_is_cut_off_keeps_its_share() -> None:
    answers = solved(4, "") | {"a1[1]": "0.5944"}  # 0.59447…
    assert marks("", answers).score == 28
    assert marks("marking: {truncated: 2/3}", answers).score == 28 + Fraction(2, 3)


def test_slopes_as_directions_of_descent_keep_their_share() -> None:
    answers = solved(6, "")
    turned = {name: f"{-float(text):.6f}" if name.startswith("dL/dw") else text for name, text in answers.items()}
    assert marks("", turned).score == 21
    assert marks("marking: {descent: 1/2}", turned).score == 25


def test_credit_that_is_carried_has_its_share_and_its_cap() -> None:
    """z1[1] is wrong; everything that comes from it is worked correctly."""
    sheet = api.loads(EXAMPLE.read_text())
    done = work(sheet)
    a = 1 / (1 + np.exp(-0.5))
    answers = {
        "z1[1]": "0.5",
        "a1[1]": f"{a:.8f}",
        "z2[1]": f"{0.4 * a + 0.5 * done['a1[2]'] + 0.6:.8f}",
        "a1[2]": f"{done['a1[2]']:.8f}",
    }
    ask = 'ask: ["z1[1]", "a1[1]", "a1[2]", "z2[1]"]'
    scores = {
        "carried: 1": 3,  # both that follow: less than nine tenths of four points
        "carried: 1, carried_at_most: 1/4": 2,
        "carried: 1, carried_at_most: 1": 3,
        "carried: 1/2, carried_at_most: 1": 2,
        "carried: 0": 1,
        "carried: 1, carried_at_most: 3/8": 1 + Fraction(3, 2),
    }
    for shares, score in scores.items():
        result = marks(f"marking: {{{ask}, {shares}}}", answers)
        assert [cell.verdict for cell in result.cells] == ["wrong", "follows", "right", "follows"]
        assert (result.score, result.out_of) == (score, 4), shares
    last = marks(f"marking: {{{ask}, carried_at_most: 3/8}}", answers).cells[-1]
    assert (last.name, last.points) == ("z2[1]", Fraction(1, 2)), "what is above the cap is taken from the last"


@pytest.mark.parametrize(("least", "passed"), [("1/29", True), ("0.0345", False), ("0", True)])
def test_the_pass_mark_is_compared_exactly(least: str, passed: bool) -> None:
    assert marks(f"marking: {{pass: {least}}}", {"z1[1]": "0.3825"}).passed is passed


OF_BOTH = ["gradients", "updates", "x1", "W1", "L[1]", "nothing"]
OF_NETWORK, OF_GRAPH = ["deltas", "activations", "L", "dL/dw5", "w5'", "z1[1]"], ["partials", "values", "f", "df/dx", "h1", "x"]
PARTS = st.sampled_from([0, 1, 0.5, "1/3", "0.999"])
NUMBERS = st.sampled_from([2, -1, 1e300, 1e-300, "1/0", "1e999", "7/1e-300", "half"])
ANYTHING = st.recursive(
    st.none() | NUMBERS | st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=8),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(OF_BOTH), part, max_size=3),
    max_leaves=8,
)


@st.composite
def sections(draw: st.DrawFn, words: list[str]) -> object:
    """Mostly good ones: at most one key holds something else."""
    found: dict[str, object] = {"ask": draw(st.lists(st.sampled_from(words), min_size=1))}
    found["weights"] = draw(st.dictionaries(st.sampled_from(words), PARTS | st.integers(0, 100), max_size=3))
    found |= draw(
        st.fixed_dictionaries({}, optional=dict.fromkeys(("truncated", "descent", "carried", "carried_at_most", "pass"), PARTS))
    )
    if draw(st.integers(0, 2)) == 0:
        found[draw(st.sampled_from(["ask", "weights", "carried", "pass", "passed"]))] = draw(ANYTHING)
    return draw(ANYTHING) if draw(st.integers(0, 9)) == 0 else found


@settings(max_examples=300, deadline=None)
@given(
    st.tuples(st.just(EXAMPLE.read_text()), sections([*OF_BOTH[:2], *OF_NETWORK]) | sections(OF_BOTH + OF_NETWORK))
    | st.tuples(st.just(GRAPH), sections([*OF_BOTH[:2], *OF_GRAPH[:-1]]) | sections(OF_BOTH + OF_GRAPH))
)
def test_any_section_is_a_marking_or_a_fault(problem_and_section: tuple[str, object]) -> None:
    problem, section = problem_and_section
    text = re.sub(r'"([\d./e-]+)"', r"\1", json.dumps(section))
    try:
        sheet, marking = api.loads_with_marking(f"{problem}marking: {text}\n")
    except BadProblem as error:
        assert all(fault.line > 3 for fault in error.faults)  # noqa: PT017 - both ends are right
        return
    assert 0 < marking.out_of == sum(marking.weights.values())
    assert all(0 <= share <= 1 for share in marking[2:] if isinstance(share, Fraction))
    [result] = Marker(sheet, marking).mark([Submission("a", None, {sheet.names.cell(*marking.asked[0]): "1"})])
    assert 0 <= result.score <= result.out_of == marking.out_of
