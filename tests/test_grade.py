"""Verdicts on answers that people worked by hand: exact intervals, follow-through, working lines, names, and nothing that leaks."""

from __future__ import annotations

import json
import math
import pickle
import random
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
import students
from hypothesis import given
from hypothesis import strategies as st
from random_problems import tried

from backcheck import api
from backcheck.answers.submission import Submission
from backcheck.grading.marker import Marker
from backcheck.grading.points import default
from backcheck.grading.result import VERDICTS, CellMark, Mistake, Result
from backcheck.writing.grades import FORMATS, written
from backcheck.writing.grades.about import About

PROBLEMS = Path(__file__).parent.parent / "problems"
Cells = Mapping[str, CellMark]


def problem(stem: str) -> str:
    return (PROBLEMS / f"{stem}.yaml").read_text()


A = problem("one-step-squared-error")
ONE_UNIT = """
inputs: [0.5]
targets: [1]
layers:
  - weights: [[0.25]]
    activation: identity
loss: squared_error
learning_rate: 0.1
"""  # z = 0.125, L = 0.765625, ∂L/∂z = −1.75, ∂L/∂W = −0.875, W′ = 0.3375
CHAIN = "let:\n  a: x + 1\n  b: a*2\n  c: b*3\n  d: c + 5\n  f: d*2\nat: {x: 1}\n"  # 2, 4, 12, 17, 34; df/dx = 12


def marker(text: str = A, key: bool = False, hints: int = 2) -> Marker:
    return Marker(*api.loads_with_marking(text), key, hints)


def graded(answers: Mapping[str, str], text: str = A, key: bool = False, hints: int = 2) -> Result:
    [result] = marker(text, key, hints).mark([Submission("anna.yaml", None, answers)])
    return result


def handed_in(answers: Mapping[str, str], text: str = A, key: bool = False, hints: int = 2) -> dict[str, CellMark]:
    """The marks of what was handed in, by name; what belongs to no quantity is left out."""
    return {cell.name: cell for cell in graded(answers, text, key, hints).cells if cell.row and cell.verdict != "missing"}


def verdicts(answers: Mapping[str, str], text: str = A) -> dict[str, str]:
    return {name: cell.verdict for name, cell in handed_in(answers, text).items()}


def verdict(name: str, wrote: str, text: str = A) -> str:
    [found] = verdicts({name: wrote}, text).values()
    return found


def mistake(cell: CellMark) -> Mistake:
    assert cell.verdict == "wrong"
    assert cell.mistake is not None
    return cell.mistake


# The worked examples


def example(stem: str, answers: str = "") -> Result:
    [result] = api.grade(PROBLEMS / f"{stem}.yaml", PROBLEMS / "answers" / f"{answers or stem}.yaml")
    return result


def test_of_example_a_only_one_number_is_wrong() -> None:
    result = example("one-step-squared-error")
    not_right = {cell.name: cell.verdict for cell in result.cells if cell.verdict != "right"}
    assert not_right == {"L": "follows", "dL/dw1": "wrong", "w1'": "follows"}
    assert len(result.cells) == 29
    assert result.first_wrong == "dL/dw1"
    assert (result.score, result.out_of, result.share) == (28, 29, Fraction(28, 29))
    assert result.count() == (1, 0, 0)
    assert not result.right


def test_the_wrong_number_of_example_a_is_cut_off() -> None:
    cells = {cell.name: cell for cell in example("one-step-squared-error").cells}
    found = mistake(cells["dL/dw1"])
    assert (found.id, found.fits) == ("truncated", ("truncated",))
    assert "0.0179*0.05 = 0.0008 does not hold" in found.says
    assert [(e.left, e.right, e.holds) for e in cells["dL/dw1"].working] == [("0.0179*0.05", "0.0008", False)]
    assert cells["w1'"].from_own == 0.1498
    assert cells["w1'"].numbers == "0.15 − 0.3·0.0008"
    assert "∂L/∂w1" in cells["w1'"].reason
    assert all(e.holds for name, cell in cells.items() if name != "dL/dw1" for e in cell.working)
    assert cells["L"].reason == ""  # nothing wrong is behind it, only rounding


@pytest.mark.parametrize(
    ("stem", "right"),
    [
        ("cross-entropy-eight-weights", 16),
        ("computation-graph", 13),
        ("softmax-three", 9),
        ("softmax-three-times-ten", 3),
        ("xor-all-zeros", 9),
        ("xor-solution", 13),
    ],
)
def test_nothing_is_wrong_in_the_other_examples(stem: str, right: int) -> None:
    result = example(stem)
    assert {cell.verdict for cell in result.cells} <= {"right", "missing"}
    assert sum(cell.verdict == "right" for cell in result.cells) == right
    assert result.right
    assert result.first_wrong is None


def test_slips_are_named_with_the_numbers_put_in() -> None:
    result = example("one-step-squared-error", "slips")
    cells = {cell.name: cell for cell in result.cells}
    assert result.first_wrong == "dL/dz2[1]"
    assert [cell.name for cell in result.cells if cell.verdict == "wrong"] == ["dL/dz2[1]", "w5'"]
    assert mistake(cells["dL/dz2[1]"]).id == "activation_for_derivative"
    assert "0.7569 = 1.1307" in mistake(cells["dL/dz2[1]"]).says
    assert cells["dL/dw5"].verdict == "follows"
    assert cells["dL/dw5"].from_own == 0.6722
    assert mistake(cells["w5'"]) == Mistake(
        "rate_missing", "The learning rate is missing: 0.40 − 0.6722 = −0.2722.", ("rate_missing",)
    )


# What written digits mean


@pytest.mark.parametrize(
    ("wrote", "says"),
    [
        ("0.125", "right"),
        ("0.1250", "right"),
        ("0.12", "right"),  # 0.125 is a tie: rounded down, or up
        ("0.13", "right"),
        ("0.1", "right"),
        ("1e-1", "right"),
        ("1.25e-1", "right"),
        ("125e-3", "right"),
        ("+0.125", "right"),
        ("1/8", "right"),
        ("0.11", "wrong"),
        ("0.14", "wrong"),
        ("0.2", "wrong"),
        ("0.0", "wrong"),
        ("0.12499", "wrong"),
        ("0.12501", "wrong"),
        ("-0.125", "wrong"),
        ("0", "wrong"),  # of a sheet that has no decimals a bare 0 is 0
    ],
)
def test_a_number_means_what_rounds_to_it(wrote: str, says: str) -> None:
    assert verdict("z1[1]", wrote, ONE_UNIT) == says


@pytest.mark.parametrize(
    ("name", "wrote", "says"), [("w5'", "0.351", "right"), ("w5'", "0.3510", "right"), ("w5'", "0.35100", "wrong")]
)
def test_trailing_zeros_count(name: str, wrote: str, says: str) -> None:
    """w5′ = 0.350982…"""
    assert verdict(name, wrote) == says


def test_trailing_zeros_count_for_what_follows() -> None:
    """0.3·0.1700 is within 0.050985 … 0.051015, 0.3·0.17 is within 0.0495 … 0.0525."""
    assert verdicts({"dL/dw5": "0.1700", "w5'": "0.3480"}) == {"dL/dw5": "wrong", "w5'": "wrong"}
    assert verdicts({"dL/dw5": "0.17", "w5'": "0.3480"})["w5'"] == "follows"


@pytest.mark.parametrize(
    ("name", "wrote", "says"),
    [
        ("dL/dz2[2]", "-0.0793", "right"),  # −0.0792779
        ("dL/dz2[2]", "−0.0793", "right"),
        ("dL/dz2[2]", "-0.079", "right"),
        ("dL/dz2[2]", "-7.93e-2", "right"),
        ("dL/dz2[2]", "0.0793", "wrong"),
        ("dL/dz2[2]", "-0.0794", "wrong"),
        ("dL/dw1", "9e-4", "right"),  # 0.00089517
        ("dL/dw1", "1e-3", "right"),
        ("dL/dw1", "0.00", "right"),
        ("dL/dw1", "-0.00", "right"),
        ("dL/dw1", "8e-4", "wrong"),
        ("dL/dw1", "0.0000", "wrong"),
    ],
)
def test_negative_and_small_numbers(name: str, wrote: str, says: str) -> None:
    assert verdict(name, wrote) == says


def test_a_bare_zero_has_the_decimals_of_the_sheet() -> None:
    assert verdicts({"dL/dw1": "0", "L": "0.61"})["dL/dw1"] == "right"
    assert verdicts({"dL/dw1": "0", "L": "0.6073"})["dL/dw1"] == "wrong"


@pytest.mark.parametrize(
    ("answers", "id"),
    [
        ({"z1[1]": "0.3825", "a1[1]": "0.5944"}, "truncated"),  # 0.594476
        ({"z1[1]": "0.3825", "a1[1]": "0.59"}, None),  # which 0.594476 rounds to as well
        ({"z1[2]": "0.3900", "a1[2]": "0.596"}, None),
        ({"z1[2]": "0.3900", "a1[2]": "0.5962"}, "truncated"),  # 0.596282
        ({"dL/dz2[2]": "-0.07928", "a1[1]": "0.59448", "dL/dw6": "-0.04712"}, "truncated"),  # −0.047130
        ({"a1[1]": "0.5943"}, "arithmetic"),
    ],
)
def test_cut_off_digits_are_named(answers: dict[str, str], id: str | None) -> None:
    cell = list(handed_in(answers).values())[-1]
    assert (cell.mistake.id if cell.mistake else None) == id
    assert cell.verdict == ("wrong" if id else "right")


def test_what_cutting_off_costs_is_for_the_teacher() -> None:
    answers = {"z1[1]": "0.3825", "a1[1]": "0.5944"}
    assert handed_in(answers)["a1[1]"].points == 0
    lenient = handed_in(answers, A + "marking: {truncated: 3/4}\n")["a1[1]"]
    assert lenient.verdict == "wrong"
    assert lenient.points == Fraction(3, 4)


@pytest.mark.parametrize(
    "wrote",
    [
        ".3825",
        "+.3825",
        "0.3825" + 40 * "0",
        "00.3825",
        "(0.3825)",
        "0,3825",
        "3825E-4",
        "153/400",
    ],
)
def test_spellings_of_one_number(wrote: str) -> None:
    """z1[1] = 0.3825"""
    assert verdict("z1[1]", wrote) == "right"


# Follow-through


def test_the_first_wrong_number_is_found_and_later_ones_follow() -> None:
    result = graded({"z1[1]": "0.3335", "a1[1]": "0.5826", "a1[2]": "0.5963", "z2[1]": "1.1312", "a2[1]": "0.7561"})
    cells = {cell.name: cell for cell in result.cells}
    assert result.first_wrong == "z1[1]"
    assert cells["a1[1]"].verdict == cells["z2[1]"].verdict == cells["a2[1]"].verdict == "follows"
    assert cells["a1[2]"].verdict == "right"
    assert cells["a1[1]"].reason == "It follows from your own z1[1]."
    assert cells["a1[1]"].from_own == 0.5826
    assert (cells["z1[1]"].points, cells["a1[1]"].points, result.score) == (0, 1, 4)


def test_a_second_mistake_is_charged_once_more() -> None:
    found = verdicts({"z1[1]": "0.3335", "a1[1]": "0.6000", "a1[2]": "0.5963", "z2[1]": "1.1382"})
    assert found == {"z1[1]": "wrong", "a1[1]": "wrong", "a1[2]": "right", "z2[1]": "follows"}


def test_what_is_right_in_spite_of_a_wrong_number_before_it_is_right() -> None:
    assert verdicts({"z1[1]": "0.3335", "a1[1]": "0.5945"}) == {"z1[1]": "wrong", "a1[1]": "right"}


@pytest.mark.parametrize(
    ("section", "points"),
    [
        ("", [0, 1, 1, 1, 1]),
        ("marking: {weights: {a: 0.1, df/dx: 0}}\n", [0, 1, 1, 1, Fraction("0.69")]),  # at most nine tenths of 4.1
        ("marking: {carried_at_most: 1/2}\n", [0, 1, 1, 1, 0]),
        ("marking: {carried_at_most: 1}\n", [0, 1, 1, 1, 1]),
        ("marking: {carried_at_most: 0}\n", [0, 0, 0, 0, 0]),
        ("marking: {carried: 1/2, carried_at_most: 1/4}\n", [0, Fraction(1, 2), Fraction(1, 2), Fraction(1, 2), 0]),
        ("marking: {carried: 1/3}\n", [0, *4 * [Fraction(1, 3)]]),
        ("marking: {carried: 0}\n", [0, 0, 0, 0, 0]),
    ],
)
def test_carried_points_have_a_cap(section: str, points: list[Fraction]) -> None:
    result = graded({"a": "3", "b": "6", "c": "18", "d": "23", "f": "46"}, CHAIN + section)
    assert [cell.verdict for cell in result.cells] == ["wrong", *4 * ["follows"], "missing"]
    assert [cell.points for cell in result.cells][:5] == points
    assert result.score == sum(points)
    assert isinstance(result.score, Fraction)


def test_nothing_is_carried_from_a_zero_and_that_is_said() -> None:
    result = graded({"dL/dz1[1]": "0.0000", "dL/dw1": "0.0000", "w1'": "0.1500"})
    cells = {cell.name: cell for cell in result.cells}
    assert (cells["dL/dw1"].verdict, cells["w1'"].verdict) == ("follows", "follows")
    assert "it earns nothing" in cells["dL/dw1"].reason
    assert "it earns nothing" in cells["w1'"].reason
    assert result.score == 0


def test_a_zero_that_is_right_is_no_zero_that_should_be_none() -> None:
    """h1 = ln 1 = 0, and f = h1 + h3."""
    result = graded({"h1": "0", "h2": "20.1855", "h3": "40.3710", "f": "40.3710"}, problem("computation-graph"))
    assert {c.name: c.verdict for c in result.cells if c.written} == {"h1": "right", "h2": "wrong", "h3": "follows", "f": "follows"}
    assert result.score == 3


def test_missing_ancestors_are_passed_over_and_that_is_said() -> None:
    cells = handed_in({"z1[1]": "0.3335", "z2[1]": "1.1312"})
    assert cells["z2[1]"].verdict == "follows"
    assert "Judged from the numbers before a1[1], which is not on the sheet." in cells["z2[1]"].reason
    assert "It follows from your own z1[1]." in cells["z2[1]"].reason
    wrong = handed_in({"z1[1]": "0.3335", "z2[1]": "1.2312"})["z2[1]"]
    assert wrong.verdict == "wrong"
    assert "Judged from the numbers before a1[1]" in wrong.reason


def test_with_nothing_before_it_a_number_is_judged_from_what_is_given() -> None:
    assert verdicts({"w1'": "0.1497"}) == {"w1'": "right"}
    assert verdicts({"w1'": "0.1503"}) == {"w1'": "wrong"}
    cells = {cell.name: cell for cell in graded({"w1'": "0.1497"}).cells}
    assert cells["z1[1]"].verdict == "missing"
    assert (cells["z1[1]"].written, cells["z1[1]"].points, cells["z1[1]"].of) == (None, 0, 1)


# Working lines

SUM = "0.05*0.15 + 0.10*0.25 + 0.35"


@pytest.mark.parametrize(
    ("wrote", "holds", "says"),
    [
        (f"{SUM} = 0.3825", [True], "right"),
        (f"z1 = {SUM} = 0.3825", [True], "right"),
        (f"{SUM} = 0.0325 + 0.35 = 0.3825", [True, True], "right"),
        (f"{SUM} = 0.0075 + 0.025 + 0.35 = 0.3825", [True, True], "right"),
        (f"{SUM} ≈ 0.38", [True], "right"),
        ("x1*w1 + x2*w3 + b1[1] = 0.3825", [True], "right"),
        ("0.05·0.15 + 0.10·0.25 + 0.35 = 0.3825", [True], "right"),
        (f"{SUM} = 0.0325 + 0.45 = 0.3825", [False, False], "right"),
        ("0.05*0.15 + 0.10*0.25 = 0.3825", [False], "right"),
        (f"{SUM} = 0.3925", [False], "wrong"),
        (f"{SUM} = 0.3825 = 0.3835", [True, False], "wrong"),
        (f"{SUM} = 0.0325 + 0.45 = 0.4825", [False, True], "wrong"),
        (SUM, [], "right"),
        ("(0.05*0.15 + 0.10*0.25) + 0.35", [], "right"),
        ("0.05*0.15 + 0.10*0.25", [], "wrong"),
    ],
)
def test_every_equals_sign_is_judged(wrote: str, holds: list[bool], says: str) -> None:
    [cell] = handed_in({"z1[1]": wrote}).values()
    assert [equality.holds for equality in cell.working] == holds
    assert cell.verdict == says
    false = next((e for e in cell.working if not e.holds), None)
    if false:
        where = mistake(cell).says if says == "wrong" else cell.reason
        assert f"{false.left} = {false.right} does not hold" in where
    elif says == "wrong":
        assert mistake(cell).id == "bias_missing"


def test_a_false_equals_sign_is_arithmetic_and_what_follows_is_not_charged() -> None:
    cells = handed_in({"h1": f"sigmoid(z1 = {SUM} = 0.3925) = 0.5969"})
    assert {name: cell.verdict for name, cell in cells.items()} == {"z1[1]": "wrong", "a1[1]": "follows"}
    assert mistake(cells["z1[1]"]).id == "arithmetic"
    assert f"{SUM} = 0.3925 does not hold" in mistake(cells["z1[1]"]).says


def test_a_chain_inside_parentheses_is_an_answer_of_its_own() -> None:
    result = graded({"h1": f"sigmoid(z1 = {SUM} = 0.3825) = 0.5945"})
    cells = {cell.name: cell for cell in result.cells if cell.written}
    assert {name: cell.verdict for name, cell in cells.items()} == {"z1[1]": "right", "a1[1]": "right"}
    assert result.score == 2
    assert cells["z1[1]"].working[0].right == "0.3825"


@pytest.mark.parametrize("beside", [{}, {"z1[2]": "0.3900"}])
def test_working_that_is_right_for_another_quantity(beside: dict[str, str]) -> None:
    cell = handed_in({"z1[1]": "0.05*0.20 + 0.10*0.30 + 0.35 = 0.3900", **beside})["z1[1]"]
    assert mistake(cell).id == "swapped_unit"
    assert "z1[2]" in mistake(cell).says
    assert cell.working[0].holds


def test_numbers_of_the_working_stand_for_the_quantities_they_round() -> None:
    """2·0.7469·0.7569·0.2431 is 0.27486, whichever digits are behind the four that are written."""
    answers = {"a2[1]": "0.7569", "dL/dz2[1]": "-2*(0.01 - 0.7569)*0.7569*(1 - 0.7569) = 0.27485"}
    [equality] = handed_in(answers)["dL/dz2[1]"].working
    assert equality.holds
    [equality] = handed_in({**answers, "dL/dz2[1]": "-2*(0.01 - 0.7569)*0.7569*(1 - 0.7569) = 0.27495"})["dL/dz2[1]"].working
    assert not equality.holds


def test_a_decimal_comma_and_a_real_minus_sign() -> None:
    assert verdict("z1[1]", "0,3825") == "right"
    cell = handed_in({"dL/dz2[2]": "−2*(0.99 − 0.7677)*0.7677*(1 − 0.7677) = −0.0793"})["dL/dz2[2]"]
    assert cell.verdict == "right"
    assert [equality.holds for equality in cell.working] == [True]


# Names


@pytest.mark.parametrize(
    ("key", "wrote", "cell"),
    [
        ("dC/dw5", "0.1634", "dL/dw5"),
        ("dE/dz2[1]", "0.2749", "dL/dz2[1]"),
        ("delta2[1]", "0.2749", "dL/dz2[1]"),
        ("dL/dz3", "0.2749", "dL/dz2[1]"),
        ("dL/dW2[1,1]", "0.1634", "dL/dw5"),
        ("dL/do1", "1.4939", "dL/da2[1]"),
        ("h1", "0.5945", "a1[1]"),
        ("z4", "1.1955", "z2[2]"),
        ("C", "0.6073", "L"),
        ("loss", "0.6073", "L"),
        ("error", "0.6073", "L"),
        ("w5", "0.3510", "w5'"),
        ("w5'", "0.3510", "w5'"),
        ("w5′", "0.3510", "w5'"),
        ("w5_new", "0.3510", "w5'"),
        ("w5+", "0.3510", "w5'"),
        ("W2[1,1]'", "0.3510", "w5'"),
        ("-dL/dw5", "-0.1634", "dL/dw5"),
        ("−dL/dw5", "−0.1634", "dL/dw5"),
        ("-dL/dw6", "0.0471", "dL/dw6"),
        ("-dL/dw5", "-0.2749*0.5945 = -0.1634", "dL/dw5"),
    ],
)
def test_other_names_for_the_same_quantity(key: str, wrote: str, cell: str) -> None:
    assert verdicts({key: wrote}) == {cell: "right"}


def test_the_number_of_minus_a_slope_is_judged_with_its_sign() -> None:
    assert mistake(handed_in({"-dL/dw5": "0.1634"})["dL/dw5"]).id == "sign"


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("dL/dw9", "did you mean 'dL/dw8'?"),
        ("foo", "there is no quantity 'foo'"),
        ("", "there is no quantity ''"),
        ("z1[3]", "z1[3]"),
        ("z1[2;1]", "z1[2;1]"),
        ("x" * 100, "in this problem"),
        ("L[n]", "L[n]"),
    ],
)
def test_unknown_names_are_unreadable_and_cost_nothing_else(key: str, says: str) -> None:
    result = graded({"w1'": "0.1497", key: "1"})
    last = result.cells[-1]
    assert (last.name, last.verdict, last.of) == (key, "unreadable", 0)
    assert says in last.reason
    assert result.score == 1
    assert result.count()[2] == 1


def test_of_a_quantity_that_is_named_twice_the_first_answer_counts() -> None:
    result = graded({"w5'": "0.3510", "w5_new": "0.9000", "W2[1,1]'": "0.3510"})
    assert result.score == 1
    assert [cell.verdict for cell in result.cells if cell.written] == ["right", "unreadable", "unreadable"]
    assert all("only the first one counts" in cell.reason for cell in result.cells[-2:])


def test_given_numbers_that_were_copied_are_worth_nothing_and_change_nothing() -> None:
    result = graded({"x1": "0.05", "w1": "0.15", "w5": "0.40", "t2": "0.99", "eta": "0.3", "w5'": "0.3510"})
    assert {cell.name: cell.verdict for cell in result.cells if cell.written} == dict.fromkeys(
        ("x1", "w1", "w5", "t2", "eta", "w5'"), "right"
    )
    assert result.score == 1


def test_a_given_number_that_was_copied_wrongly_is_named_and_carried_on() -> None:
    result = graded({"x1": "0.06", "z1[1]": "0.3840"})
    cells = {cell.name: cell for cell in result.cells}
    assert (cells["x1"].verdict, cells["z1[1]"].verdict) == ("wrong", "follows")
    assert cells["x1"].reason == "This was given, and was copied wrongly."
    assert cells["x1"].mistake is None


def test_a_given_weight_alone_is_no_new_weight() -> None:
    assert verdict("w5", "0.40") == "right"
    assert mistake(handed_in({"w5'": "0.40"})["w5'"]).fits[0] == "not_updated"


def test_a_new_weight_that_is_named_by_itself_counts() -> None:
    assert verdicts({"w5": "0.41", "w5'": "0.3510"})["w5'"] == "right"


# What cannot be read


@pytest.mark.parametrize(
    "wrote",
    [
        "nan",
        "NaN",
        "inf",
        "-inf",
        "1e999",
        "-1e999",
        "9" * 10_000,
        "0." + "3" * 10_000,
        "9**9**9",
        "1e308*10",
        "1/0",
        "ln(0)",
        "sqrt(-1)",
        "(" * 500 + "1" + ")" * 500,
        "-" * 3000 + "1",
        "+".join(["1"] * 1900) + "=" * 50,
        "٠.٥٩",
        "０.３８２５",
        "0.3825\u202e",
        "",
        " ",
        "-",
        "=",
        "0.38.25",
        "0.38 25",
        "0x1p-2",
        "0.382_5",
        "0.3825 V",
        "__import__('os').system('true')",
        "z1",
        "x1*w1",
        "\x1b[31m0.3825",
        "::error::0.3825",
        "1 = 2 = 3 = " * 30 + "0.3825",
    ],
)
def test_texts_that_are_no_number_are_unreadable_and_nothing_more(wrote: str) -> None:
    result = graded({"z1[1]": wrote, "z1[2]": "0.3900"})
    cells = {cell.name: cell for cell in result.cells}
    assert cells["z1[1]"].verdict == "unreadable"
    assert cells["z1[1]"].reason
    assert (cells["z1[2]"].verdict, result.score) == ("right", 1)
    assert not result.right


def test_an_unreadable_number_is_no_ancestor() -> None:
    """What comes after it is judged from the numbers before it."""
    assert verdicts({"z1[1]": "abc", "a1[1]": "0.5945"}) == {"z1[1]": "unreadable", "a1[1]": "right"}
    assert verdicts({"z1[1]": "abc", "a1[1]": "0.6945"})["a1[1]"] == "wrong"


@tried(150)
@given(st.dictionaries(st.sampled_from(["z1[1]", "h1", "w5", "-dL/dw5", "L", "x1", "foo"]), st.text(max_size=30), min_size=1))
def test_any_text_has_a_verdict(answers: dict[str, str]) -> None:
    result = graded(answers)
    assert {cell.verdict for cell in result.cells} <= set(VERDICTS)
    assert 0 <= result.score <= result.out_of
    assert result.count()[0] == sum(cell.verdict == "wrong" for cell in result.cells)


NUMBERED = st.sampled_from("0123456789.+-*/()=e ,≈z")


@tried(150)
@given(st.text(NUMBERED, max_size=25))
def test_any_working_has_a_verdict(wrote: str) -> None:
    [cell] = handed_in({"z1[1]": wrote}).values() if wrote else [CellMark("", "", "missing")]
    assert cell.verdict in VERDICTS


# The right answers in another form


def test_a_transposed_gradient_is_its_own_verdict() -> None:
    answers = {
        "dL/dz1[1]": "0.0179",
        "dL/dz1[2]": "0.0226",
        "dL/dW1[1,1]": "0.00090",
        "dL/dW1[1,2]": "0.00113",
        "dL/dW1[2,1]": "0.00179",
        "dL/dW1[2,2]": "0.00226",
    }
    cells = handed_in(answers)
    assert [name for name, cell in cells.items() if cell.verdict == "wrong"] == ["dL/dw3", "dL/dw2"]
    assert mistake(cells["dL/dw3"]).id == mistake(cells["dL/dw2"]).id == "transposed_gradient"
    assert "0.0226·0.05 = 0.00113" in mistake(cells["dL/dw3"]).says
    kept = handed_in(answers, A + "marking: {transposed: 1/2}\n")
    assert kept["dL/dw3"].points == kept["dL/dw2"].points == Fraction(1, 2)


SLOPES = {"dL/dz2[1]": "0.2749", "dL/dz2[2]": "-0.0793", "a1[1]": "0.5945", "a1[2]": "0.5963"}


def test_the_direction_of_descent_is_its_own_verdict() -> None:
    down = {"dL/dw5": "-0.1634", "dL/dw7": "-0.1639", "dL/dw6": "0.0471", "dL/dw8": "0.0473"}
    cells = handed_in(SLOPES | down | {"w5'": "0.3510"})
    assert {mistake(cells[name]).id for name in down} == {"descent_direction"}
    assert cells["w5'"].verdict == "right"
    kept = graded(SLOPES | down, A + "marking: {descent: 1}\n")
    assert kept.score == 8


def test_one_wrong_sign_is_no_direction_of_descent() -> None:
    cells = handed_in(SLOPES | {"dL/dw5": "-0.1634", "dL/dw7": "0.1639"})
    assert mistake(cells["dL/dw5"]).id == "sign"


# Exact sheets, batches, expressions, kinks


def test_full_marks_are_exactly_one() -> None:
    result = graded({"a": "2", "b": "4", "c": "12", "d": "17", "f": "34", "df/dx": "12"}, CHAIN)
    assert (result.score, result.share, result.count()) == (6, Fraction(1), (0, 0, 0))
    thirds = graded({"a": "2", "f": "34"}, CHAIN + "marking: {ask: [a, f], weights: {a: 1/3, f: 0.1}}\n")
    assert thirds.score == thirds.out_of == Fraction(13, 30)
    assert thirds.share == 1


@pytest.mark.parametrize("stem", ["xor-solution", "xor-all-zeros", "softmax-batch", "kink", "own-formulas", "tied-weight"])
def test_whoever_rounds_everything_to_some_decimals_is_right(stem: str) -> None:
    made = marker(problem(stem))
    names = [made.steps.sheet.names.cell(*place) for place in made.marking.asked]
    for decimals in (3, 4, 7):
        answers = {name: f"{made.steps.true(name):.{decimals}f}" for name in names}
        [result] = made.mark([Submission("a.yaml", None, answers)])
        assert {cell.verdict for cell in result.cells} == {"right"}
        assert result.share == 1


def test_of_an_exact_sheet_whole_numbers_are_exact() -> None:
    text = problem("xor-solution")
    assert verdict("z1[4;1]", "2", text) == "right"
    assert verdict("z1[4;1]", "3", text) == "wrong"
    assert verdict("a2[4;1]", "0.0000", text) == "right"
    assert verdict("L", "1", text) == "wrong"


def test_a_batch_is_judged_example_by_example() -> None:
    text = problem("softmax-batch")
    assert verdict("z1[1;1]", "-0.0300", text) == "right"
    found = verdicts({"a2[1;1]": "0.4242", "dL/dz2[1;1]": "-0.1440", "dL/dz2[2;1]": "0.1139"}, text)
    assert found == {"a2[1;1]": "wrong", "dL/dz2[1;1]": "follows", "dL/dz2[2;1]": "right"}  # (0.4242 − 1)/4


def test_a_mistake_in_an_expression_is_carried_along() -> None:
    cells = handed_in(
        {"h2": "20.1855", "h3": "40.3710", "f": "40.3710", "df/dy": "40.171", "df/dx": "1"}, problem("computation-graph")
    )
    assert {name: cell.verdict for name, cell in cells.items()} == {
        "h2": "wrong",
        "h3": "follows",
        "f": "follows",
        "df/dy": "right",
        "df/dx": "right",
    }


ELU = """
inputs: [1]
targets: [0.5]
layers:
  - weights: [[-1.2]]
    activation: ACTIVATION
  - weights: [[2.5]]
    activation: identity
loss: squared_error
learning_rate: 0.1
"""


@pytest.mark.parametrize(
    ("activation", "a", "working"),
    [
        ("elu", "-0.699", "-11.235*(-0.699 + 1) = -3.382"),  # −3.384 from z
        ("{elu: {alpha: 0.5}}", "-0.349", "-6.865*(-0.349 + 0.5) = -1.037"),  # −1.034
        ("softplus", "0.263", "0.7875*(1 - exp(-0.263)) = 0.182"),
    ],
)
def test_a_slope_may_be_worked_from_a(activation: str, a: str, working: str) -> None:
    g = working.partition("*")[0]
    found = verdicts({"z1[1]": "-1.200", "a1[1]": a, "dL/da1[1]": g, "dL/dz1[1]": working}, ELU.replace("ACTIVATION", activation))
    assert found["dL/dz1[1]"] in ("right", "follows")
    wrong = {"z1[1]": "-1.200", "a1[1]": a, "dL/da1[1]": g, "dL/dz1[1]": str(2 * float(working.rpartition("=")[2]))}
    assert verdicts(wrong, ELU.replace("ACTIVATION", activation))["dL/dz1[1]"] == "wrong"


def test_the_sign_of_a_decides_where_it_is_not_that_of_z() -> None:
    text = ELU.replace("ACTIVATION", "relu").replace("-1.2", "1.2")  # a = 1.2 by rights, and the slope is 1
    found = verdicts({"z1[1]": "1.200", "a1[1]": "0.000", "dL/da1[1]": "-2.500", "dL/dz1[1]": "0.000"}, text)
    assert found["dL/dz1[1]"] == "follows"


def test_a_zero_that_is_written_has_no_sign() -> None:
    text = ELU.replace("ACTIVATION", "relu")  # z = −1.2
    found = verdicts({"z1[1]": "-1.200", "a1[1]": "0.000", "dL/da1[1]": "-2.500", "dL/dz1[1]": "-2.500"}, text)
    assert found["dL/dz1[1]"] == "wrong"


def test_whoever_works_from_a_rounded_number_may_hit_the_true_one_by_chance() -> None:
    """2/3·(4.87705 − 0.4) is 2.9847, and so is 2.98473 from 4.8771, which goes on to 2.98473·2.8555 = 8.52290, not to 8.52281."""
    text = """
inputs: [1, 2.8555]
targets: [0, 0.4, 0]
layers: [{weights: [[0.1, 0.1], [4.87705, 0], [0.1, 0.2]], activation: identity}]
loss: mean_squared_error
learning_rate: 0.1
"""
    for before, says in (("4.8771", "follows"), ("4.87705", "wrong")):
        answers = {"z1[2]": before, "a1[2]": before, "dL/dz1[2]": "2.9847", "dL/dW1[2,2]": "8.5229"}
        assert verdicts(answers, text)["dL/dW1[2,2]"] == says


def test_what_comes_exactly_from_exact_numbers_was_not_rounded() -> None:
    found = verdicts({"z1[1]": "0.125", "a1[1]": "0.13", "dL/dz1[1]": "-1.75", "dL/dW1[1,1]": "-0.876"}, ONE_UNIT)
    assert found["dL/dW1[1,1]"] == "follows"  # −1.75 may come from 0.13, and is −1.74 to −1.755 then
    found = verdicts({"z1[1]": "0.125", "a1[1]": "0.125", "dL/dz1[1]": "-1.75", "dL/dW1[1,1]": "-0.876"}, ONE_UNIT)
    assert found["dL/dW1[1,1]"] == "wrong"


@pytest.mark.parametrize(
    ("head", "answers"),
    [
        (
            "activation: sigmoid}]\nloss: binary_cross_entropy",
            {"a1[1]": "-2.000", "a1[2]": "0.731", "L": "-ln(1 - (-2.000)) - ln(0.731) = -0.785"},
        ),
        ("activation: softmax}]\nloss: cross_entropy", {"a1[1]": "-2.000", "a1[2]": "0.953", "L": "-ln(0.953) = 0.048"}),
    ],
)
def test_nothing_is_worked_that_a_given_zero_is_times(head: str, answers: dict[str, str]) -> None:
    text = f"inputs: [1, 2]\ntargets: [0, 1]\nlayers: [{{weights: [[-1.0, -0.5], [0.4, 0.3]], {head}\nlearning_rate: 0.1"
    found = verdicts({"z1[1]": "-2.000", "z1[2]": "1.000", **answers}, text)
    assert (found["a1[1]"], found["L"]) == ("wrong", "follows")


def test_the_working_of_what_comes_from_a_number_is_not_another_ones() -> None:
    cells = handed_in({"z1[1]": "0.125", "dL/dz1[1]": "-2*0.875*2 = -3.5", "dL/dW1[1,1]": "-3.5*0.5 = -1.75"}, ONE_UNIT)
    assert "The working is right for" not in mistake(cells["dL/dz1[1]"]).says


def test_a_wrong_rate_is_named_where_it_explains_every_update() -> None:
    answers = {"dL/dw5": "0.1634", "dL/dw7": "0.1639", "dL/dw2": "0.0011", "w5'": "0.3183", "w7'": "0.4181", "w2'": "0.1995"}
    cells = handed_in({**answers, "dL/dw3": "0.0018"}, A)  # 0.5 for 0.3; the last could be the slope by w3 as well
    found = [mistake(cells[f"w{i}'"]) for i in (5, 7, 2)]
    assert [(one.id, one.says) for one in found] == [("other_rate", "The updates are worked with a rate of 0.5, not of 0.3.")] * 3
    assert "transposed_gradient" in found[2].fits
    by_working = {
        "dL/dw5": "0.1634",
        "w5'": "0.40 - 0.03*0.1634 = 0.3951",
        "dL/dw7": "0.1639",
        "w7'": "0.50 - 0.03*0.1639 = 0.4951",
    }
    assert mistake(handed_in(by_working)["w5'"]).id == "other_rate"
    alone = mistake(handed_in({"dL/dw5": "0.1634", "w5'": "0.3183"})["w5'"])
    assert alone.id == "arithmetic", "one number proves no rate"
    different = {**answers, "w7'": "0.4345"}  # 0.4 there, 0.5 at w5
    assert mistake(handed_in(different)["w5'"]).id == "arithmetic"


VAGUE = {"z1[1]": "0", "z1[2]": "0", "a1[1]": "1", "a1[2]": "1", "z2[1]": "1", "a2[1]": "1", "dL/dz2[1]": "0.0", "dL/dw5": "0.0"}


def test_what_could_be_anything_earns_nothing() -> None:
    result = graded(VAGUE)
    assert result.score == 0
    [says] = [cell.reason for cell in result.cells if cell.name == "a1[1]"]
    assert says == "It is anything from 0.5 to 1.5, which earns nothing: write more decimals."
    assert {cell.verdict for cell in result.cells if cell.name in ("a1[1]", "a2[1]")} == {"right"}
    exact = graded({"z1[1]": "0.125", "a1[1]": "0.125", "L": "0.765625", "dL/dz1[1]": "-1.75", "dL/dW1[1,1]": "-0.875"}, ONE_UNIT)
    assert exact.score == 5
    whole = graded({"a": "2", "b": "4", "c": "12", "d": "17", "f": "34", "df/dx": "12"}, CHAIN)
    assert whole.score == 6


@pytest.mark.parametrize(("wrote", "says"), [("0.6", "wrong"), ("0.59", "wrong"), ("0.594", "wrong"), ("0.5945", "right")])
def test_the_fewest_decimals_are_for_the_teacher(wrote: str, says: str) -> None:
    text = A + "\nmarking: {decimals: 4}\n"
    assert verdict("a1[1]", wrote, text) == says
    assert verdict("a1[1]", wrote) == "right"
    assert verdict("w5'", "0.35", text) == "wrong"
    assert verdict("z1[2]", "0.39", text) == "right", "that is all of it"


@pytest.mark.parametrize("wrote", ["1e308", "-1e308", "1e-308", "9" * 300])
@pytest.mark.parametrize("stem", ["softmax-batch", "one-step-squared-error", "logistic-regression"])
def test_numbers_that_overflow_are_wrong_and_no_more(wrote: str, stem: str) -> None:
    sheet = api.load(PROBLEMS / f"{stem}.yaml")
    names = [sheet.names.cell(*place) for place in default(sheet).asked]
    for answers in (dict.fromkeys(names, wrote), dict.fromkeys(names[::3], wrote)):
        [result] = marker(problem(stem)).mark([Submission("anna.yaml", None, answers)])
        assert all(cell.verdict in VERDICTS for cell in result.cells)
        assert result.fault is None


def test_a_line_without_a_result_is_exactly_what_it_comes_to() -> None:
    assert verdict("z1[1]", "0.05*0.15 + 0.10*0.25 + 0.35") == "right"
    assert verdict("dL/dw5", "0*1") == verdict("a1[1]", "1*1") == "wrong"
    honest = {"z2[1]": "0.5945*0.40 + 0.5963*0.50 + 0.60", "dL/dz2[1]": "-2*(0.01 - 0.7569)*0.7569*(1 - 0.7569)"}
    assert set(verdicts(honest).values()) <= {"right", "follows"}, "four decimals are written"


def test_real_minus_signs_of_numbers_alone() -> None:
    cell = handed_in({"dL/dz2[2]": "−0.0739", "z1[1]": "3.825e−1"})["dL/dz2[2]"]
    assert (cell.written, mistake(cell).id) == ("−0.0739", "digits_exchanged")


@pytest.mark.parametrize(
    ("name", "wrote", "says"),
    [
        ("L", "6.073*10^-1", "right"),
        ("z1[1]", "3.826*10^-1", "wrong"),
        ("dL/dw1", "9·10^-4", "right"),
        ("dL/dw3", "1.8×10^-3", "right"),
        ("dL/dz2[2]", "-7.93*10**(-2)", "right"),
        ("z1[1]", "3.825*10^-1", "right"),
    ],
)
def test_powers_of_ten_are_a_way_to_write_a_number(name: str, wrote: str, says: str) -> None:
    assert verdict(name, wrote) == says


def test_a_line_without_a_result_is_no_more_exact_than_its_numbers_afterwards() -> None:
    answers = {"a1[1]": "sigmoid(0.3825)", "a1[2]": "sigmoid(0.39)", "z2[1]": "0.5945*0.40 + 0.5963*0.50 + 0.60"}
    assert set(verdicts(answers).values()) <= {"right", "follows"}
    assert set(verdicts({"a1[1]": "0.5945", "dL/dw5": "0.2749*0.5945"}).values()) <= {"right", "follows"}


def test_a_bare_zero_has_the_decimals_that_most_of_the_sheet_has() -> None:
    answers = {"z1[1]": "0.3825", "a1[1]": "0.59", "a1[2]": "0.60", "a2[1]": "0.76", "dL/dw1": "0"}
    assert verdicts(answers)["dL/dw1"] == "right"
    assert verdicts({**answers, "a1[1]": "sigmoid(0.38)"})["dL/dw1"] == "right"
    assert verdicts({"a1[1]": "0.5945", "a1[2]": "0.5963", "dL/dw1": "0"})["dL/dw1"] == "wrong"


@pytest.mark.parametrize("wrote", ["0e5", "0.000e9", "0" * 45 + ".3825", "-0e3"])
def test_zeros_in_front_and_powers_of_zero(wrote: str) -> None:
    cell = handed_in({"z1[1]": wrote, "z1[2]": "0.3900"})["z1[1]"]
    assert cell.verdict == ("right" if "3825" in wrote else "wrong")


def test_functions_that_the_tool_prints_may_stand_in_the_working() -> None:
    text = ONE_UNIT.replace("identity", "leaky_relu").replace("0.25", "-0.25")
    for wrote in ("leaky_relu(-0.125, 0.01) = -0.00125", "leaky_relu(-0.125) = -0.00125", "gelu(-0.1) = -0.00125"):
        cell = handed_in({"z1[1]": "-0.125", "a1[1]": wrote}, text)["a1[1]"]
        assert (cell.verdict, [one.holds for one in cell.working]) == ("right", [True])
    cell = handed_in({"z1[1]": "-0.125", "a1[1]": "leaky_relu(-0.125, 0.1) = -0.00125"}, text)["a1[1]"]
    assert [one.holds for one in cell.working] == [False]


def test_equal_numerals_of_different_quantities_may_differ_in_further_digits() -> None:
    text = """
inputs: [0.98, 0.82]
targets: [1]
layers: [{weights: [[0.00143, 0.00057]], activation: identity}, {weights: [[1]], activation: identity}]
loss: squared_error
learning_rate: 0.001
"""
    cells = handed_in(
        {"z1[1]": "0.002", "a1[1]": "0.002", "z2[1]": "0.002*1 = 0.002", "a2[1]": "0.002 - 0.002 + 0.002 = 0.001"}, text
    )
    assert [one.holds for one in cells["a2[1]"].working] == [True]


def test_what_is_not_on_the_sheet_cannot_be_worked_back_from_what_is_shown() -> None:
    """0.3·a1[2] + … with a huge z of one's own, and all digits asked for."""
    for answers in (
        {"dL/dz2[1]": "9e5", "dL/dw5": "520000.0000000000"},
        {"a1[1]": "9e5", "z2[1]": "370000.0000000000"},
    ):
        assert all(cell.from_own is None for cell in handed_in(answers).values())
    shown = handed_in({"dL/dz2[1]": "9e5", "a1[1]": "0.5945", "dL/dw5": "535050"})["dL/dw5"]
    assert (shown.verdict, shown.from_own) == ("follows", 535050)


def test_a_mistake_before_the_only_number_is_found() -> None:
    assert "bias_missing" in mistake(handed_in({"a1[1]": "0.5081"})["a1[1]"]).fits


def test_deep_networks_are_not_judged_over_too_many_missing_steps() -> None:
    layers = "\n".join("  - {weights: [[0.9]], activation: tanh}" for _ in range(400))
    text = f"inputs: [0.5]\ntargets: [1]\nlayers:\n{layers}\nloss: squared_error\nlearning_rate: 0.1\n"
    assert verdict("dL/dW1[1,1]", "0.5", text) == "not_judged"
    assert verdict("z2[1]", "0.3797", text) == "right"


def test_a_working_without_a_value_is_remarked() -> None:
    cell = handed_in({"z1[2]": "1/0 = 0.39"})["z1[2]"]
    assert (cell.verdict, cell.working[0].holds) == ("right", False)
    assert cell.working[0].says == "1/0 has no finite value"


def test_at_a_kink_the_convention_of_the_file_counts() -> None:
    """z1[1] = 0 and ∂L/∂a1[1] = −0.3: the slope of the unit is 0 by convention, or 1."""
    text = problem("kink")
    with_one = text.replace("at_zero: 0", "at_zero: 1")
    assert verdict("dL/dz1[1]", "0", text) == "right"
    assert verdict("dL/dz1[1]", "-0.3", with_one) == "right"
    assert verdicts({"z1[1]": "0", "a1[1]": "0", "dL/da1[1]": "-0.3", "dL/dz1[1]": "-0.3"}, text)["dL/dz1[1]"] == "wrong"
    assert verdicts({"z1[1]": "0", "a1[1]": "0", "dL/da1[1]": "-0.3", "dL/dz1[1]": "0.00"}, with_one)["dL/dz1[1]"] == "wrong"


def test_at_a_kink_that_is_not_on_the_sheet_the_convention_counts_too() -> None:
    assert verdict("dL/dz1[1]", "-0.15", problem("kink")) == "wrong"


# What is shown

WITH_ERRORS = {
    "z1[1]": "0.3117",
    "z1[2]": "0.4718",
    "a1[1]": "0.6829",
    "a1[2]": "0.7831",
    "z2[1]": "2.3344",
    "a2[1]": "0.9177",
    "L": "0.0519",
    "dL/dz2[1]": "0.0052",
    "dL/dz2[2]": "nothing",
    "dL/dw5": "0.2749*0.5945 = 0.8311",
    "w5'": "0.9888",
    "w8": "0.7333",
}


def digits_of_true_values(shown: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    """For every number that is asked for: four digits of the true one, rounded or cut off, if nobody wrote them."""
    made = marker()
    found = {}
    for place in made.marking.asked:
        name = made.steps.sheet.names.cell(*place)
        size = abs(made.steps.true(name))
        digits = {re.sub(r"\D", "", f"{size:.{places}e}".partition("e")[0])[:4] for places in (3, 12, 16)}
        pattern = "|".join(r"\.?".join(each) for each in sorted(digits))
        if not any(re.search(pattern, wrote) for wrote in shown.values()):
            found[name] = re.compile(f"(?<![1-9])(?:{pattern})")
    return found


RUN = {"CLASSROOM": "cs", "ASSIGNMENT": "hw", "USERNAME": "anna", "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d"}
RUN |= {"COMMIT_URL": "https://example.org/c", "RELEASE_URL": "https://example.org/r"}
ABOUT = About("One SGD step", "one.yaml", width=100, environment=RUN, datetime="2026-06-01T14:32:01Z")


@pytest.mark.parametrize("hints", [0, 1, 2])
@pytest.mark.parametrize("format", list(FORMATS))
def test_without_the_key_no_true_value_is_shown_in_any_format(format: str, hints: int) -> None:
    result = graded(WITH_ERRORS, hints=hints)
    true = digits_of_true_values(WITH_ERRORS)
    hidden = {cell.name for cell in result.cells if cell.verdict in ("wrong", "missing", "unreadable")} & set(true)
    assert len(hidden) > 25  # of 29
    text = written(format, [result], ABOUT._replace(hints=hints))
    assert [name for name in hidden if true[name].search(text)] == []


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_the_search_for_true_values_finds_them_with_the_key(format: str) -> None:
    text = written(format, [graded(WITH_ERRORS, key=True)], ABOUT)
    assert [name for name, true in digits_of_true_values(WITH_ERRORS).items() if not true.search(text)] in ([], ["z1[2]"])  # 0.39


def test_a_mark_holds_no_true_value_without_the_key() -> None:
    result = graded(WITH_ERRORS)
    assert all(cell.expected is None for cell in result.cells)
    assert all(cell.from_own is None for cell in result.cells if cell.verdict != "follows")
    shown = repr([cell for cell in result.cells if cell.verdict != "follows"])
    assert not any(true.search(shown) for true in digits_of_true_values(WITH_ERRORS).values())


def test_with_the_key_true_values_and_those_from_own_numbers_are_shown() -> None:
    cells = {cell.name: cell for cell in graded(WITH_ERRORS, key=True).cells}
    assert cells["z1[1]"].expected == pytest.approx(0.3825, abs=1e-12)
    assert cells["dL/dw1"].expected == pytest.approx(0.000895168731, abs=1e-12)  # missing
    assert cells["dL/dz2[2]"].expected == pytest.approx(-0.079277868, abs=1e-9)  # unreadable
    assert cells["a1[1]"].from_own == pytest.approx(1 / (1 + math.exp(-0.3117)))
    assert cells["z2[1]"].from_own == pytest.approx(0.6829 * 0.4 + 0.7831 * 0.5 + 0.6)
    assert all(cell.expected is not None for cell in cells.values())


def test_from_own_has_the_digits_that_were_written() -> None:
    """With all digits it would tell more than the student wrote."""
    cells = handed_in({"z1[1]": "0.3335", "a1[1]": "0.583"})
    assert cells["a1[1]"].from_own == 0.583


def test_hints_say_where_then_which_rule_then_the_numbers() -> None:
    answers = {"z1[1]": "0.3325", "a1[1]": "0.5824"}
    by_hints = [handed_in(answers, hints=hints)["z1[1]"] for hints in (0, 1, 2)]
    assert [cell.verdict for cell in by_hints] == ["wrong"] * 3
    assert [bool(cell.rule) for cell in by_hints] == [False, True, True]
    assert [bool(cell.numbers) for cell in by_hints] == [False, False, True]
    assert by_hints[0].mistake is None
    assert mistake(by_hints[1]).says == "Term 2 of the sum has the wrong sign."
    assert mistake(by_hints[2]).says == "Term 2 of the sum has the wrong sign: 0.05·0.15 − 0.10·0.25 + 0.35 = 0.3325."
    assert by_hints[2].numbers == "0.05·0.15 + 0.10·0.25 + 0.35"


# The same for one and for many


def plainly(result: Result) -> tuple[object, ...]:
    said = (result.file, result.student, result.cells, result.score, result.out_of, result.passed, result.fault)
    return *said, result.first_wrong, result.count(), result.right


def test_results_and_markers_survive_pickling() -> None:
    submissions = [
        Submission(f"{i}.yaml", str(i), answers) for i, answers in enumerate([WITH_ERRORS, {"z1[1]": "0.3825"}, SLOPES, {}])
    ]
    made = marker(A + "marking: {truncated: 1/2, pass: 0.4}\n")
    before = [plainly(result) for result in made.mark(submissions)]
    again = pickle.loads(pickle.dumps(made))  # noqa: S301
    assert [plainly(result) for result in again.mark(submissions)] == before
    assert [plainly(pickle.loads(pickle.dumps(result))) for result in made.mark(submissions)] == before  # noqa: S301
    assert again.fingerprint() == made.fingerprint()
    assert made.fingerprint() != marker().fingerprint()


def test_an_unreadable_file_has_no_points_and_its_neighbours_are_graded() -> None:
    from backcheck.errors import Fault

    fault = Fault(3, 1, "a list never ends", "")
    broken, fine = marker().mark(
        [Submission("a.yaml", "a", {}, {}, fault, "z1: ["), Submission("b.yaml", "b", {"z1[1]": "0.3825"})]
    )
    assert (broken.score, broken.out_of, broken.cells, broken.fault) == (0, 29, (), fault)
    assert not broken.right
    assert fine.score == 1


def test_an_empty_submission_earns_nothing_and_is_not_right() -> None:
    result = graded({})
    assert {cell.verdict for cell in result.cells} == {"missing"}
    assert (result.score, result.right, result.count()) == (0, False, (0, 29, 0))


@tried(25)
@given(st.integers(0, 10_000), st.booleans())
def test_a_submission_is_marked_the_same_alone_and_among_others(seed: int, honest: bool) -> None:
    make = students.honest if honest else students.mistaken
    made, sheets = next(students.sheets(10, seed, make))
    r = random.Random(seed)
    hands = [Submission(f"{i}.yaml", None, _in_any_order(sheet.answers, r)) for i, sheet in enumerate(sheets)]
    hands.append(hands[0]._replace(file="again.yaml", answers={**hands[0].answers, "nobody": "1"}))
    hands.append(hands[-2]._replace(file="less.yaml", answers=dict(list(hands[-2].answers.items())[::2])))
    together = [plainly(result) for result in made.mark(hands)]
    assert [plainly(made.mark([hand])[0]) for hand in hands] == together
    fresh = Marker(made.sheet, made.marking)
    assert [plainly(result) for result in fresh.mark(hands[::-1])][::-1] == together


def _in_any_order(answers: Mapping[str, str], r: random.Random) -> dict[str, str]:
    names = list(answers)
    r.shuffle(names)
    return {name: answers[name] for name in names}


def test_json_says_what_the_contract_says() -> None:
    found = json.loads(written("json", [graded(WITH_ERRORS)], About("t", "p.yaml")))["submissions"][0]
    assert found["first_wrong"] == "z1[1]"
    cell = next(cell for cell in found["cells"] if cell["name"] == "w5'")
    assert cell["written"] == "0.9888"
    assert {"name", "written", "verdict", "expected", "from_own", "line", "mistake"} <= set(cell)
    assert set(cell["mistake"]) >= {"id", "says", "fits"}
