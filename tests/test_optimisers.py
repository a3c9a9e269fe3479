"""The first updates of every optimiser as lines: PyTorch's numbers, formulas that give them, and names that are found again."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from test_formulas import formulas_hold, paper_holds, screen_holds

import backcheck
from backcheck import api
from backcheck.answers.submission import Submission
from backcheck.catalogue import OPTIMISERS
from backcheck.grading.marker import Marker
from backcheck.grading.points import marking
from backcheck.marking.check import check
from backcheck.roads import updates
from backcheck.roads.backprop import with_backward
from backcheck.roads.work import WorkedSheet
from backcheck.spelling import PLAIN, Figures, spell, to_ascii
from backcheck.training.plan import Choice, Penalty, Plan
from backcheck.worksheet import Phase, Worksheet
from backcheck.writing.json import as_json
from backcheck.writing.latex import latex
from backcheck.writing.markdown import markdown
from backcheck.writing.report import report
from backcheck.writing.text import text as as_text
from backcheck.writing.updates import SENTENCES

SHORTENED = Choice("norm", {"limit": 0.1})
EACH = Choice("value", {"limit": 0.05})
HALF_L2 = Penalty(0.01, half=True)
EVERY: dict[str, Any] = {"clip": SHORTENED, "l1": Penalty(0.001), "l2": Penalty(0.01, biases=True)}

MIXED = """
inputs: [[0.4, -0.7, 1.2], [-0.5, 0.9, 0.3]]
targets: [[0.3, 0.7], [0.6, 0.4]]
layers:
  - weights: [[0.5, -0.3, w: 0.4], [-0.8, 0.6, 0.2]]
    biases: [0.1, -0.2]
    activation: tanh
    trainable: {weights: [[true, false, true], [false, true, true]], biases: false}
  - weights: [[0.7, -0.4], [w: 0.4, 0.9]]
    biases: [b: 0.3, b: 0.3]
    activation: sigmoid
loss: squared_error
learning_rate: 0.5
"""  # some of it frozen, two numbers in two places each
GRAPH = "{expression: ln(x) + exp(y)*z, at: {x: 1, y: 3, z: 2}, learning_rate: 0.1}"


def blank(text: str = "") -> Worksheet:
    sheet = backcheck.loads(text) if text else backcheck.load("problems/two-two-two.yaml")
    rows = sheet.in_phase(Phase.GIVEN, Phase.FORWARD, Phase.LOSS)
    return Worksheet(tuple(rows), sheet.given, sheet.names, sheet.title)


def planned(optimiser: str = "sgd", text: str = "", **further: Any) -> Worksheet:
    return with_backward(blank(text), Plan(optimiser=Choice(optimiser), **further))


def stepped(sheet: Worksheet, count: int) -> WorkedSheet:
    *_, last = api.steps(sheet, count)
    return last


# the numbers


PYTORCH: list[
    tuple[str, dict[str, Any], str, str]
] = [  # w1, w5, w8 after the first and after the third step, by torch 2.13 in float64
    ("sgd", {}, "0.14978071613 0.35891647972 0.56137012111", "0.14943745517 0.27536021435 0.58349720258"),
    ("momentum", {}, "0.14978071613 0.35891647972 0.56137012111", "0.14892324783 0.16736577835 0.61280612414"),
    ("nesterov", {}, "0.14958336065 0.32194131146 0.57160323011", "0.14869064837 0.06363562413 0.63871833567"),
    ("adam", {}, "-0.34998859951 -0.099999939148 1.0499997801", "-0.089304264384 -1.0950254353 1.8985269519"),
    ("adamw", {}, "-0.35073859951 -0.10199993915 1.0472497801", "-0.083054843592 -1.093472255 1.8843117"),
    ("rmsprop", {}, "-1.4310248308 -1.1811382216 2.1311366313", "0.69366563794 -2.1436585719 2.270686423"),
]
# … with ½·0.01·Σw² in the loss, and the slopes shortened to a length of 0.1, without the 1e-6 that torch adds to it
SHORT: dict[str, Any] = {"l2": HALF_L2, "clip": SHORTENED}
PYTORCH += [
    ("sgd", SHORT, "0.14922561336 0.36557943077 0.55688684382", "0.14775806703 0.29663466165 0.57019509747"),
    ("momentum", SHORT, "0.14922561336 0.36557943077 0.55688684382", "0.14578548325 0.20673709587 0.58789722641"),
    ("nesterov", SHORT, "0.14852866539 0.33460091846 0.56308500326", "0.14414077818 0.12249958074 0.60337737714"),
    ("adam", SHORT, "-0.34999677166 -0.099999927369 1.049999637", "0.15229105895 -1.0979686124 1.3990376209"),
    ("adamw", SHORT, "-0.35074677166 -0.10199992737 1.047249637", "0.15439069215 -1.0964108886 1.389812701"),
    ("rmsprop", SHORT, "-1.4311065471 -1.1811381038 2.1311352", "0.071428433875 -1.7304357425 1.2336175415"),
    ("sgd", {"clip": EACH}, "0.14978071613 0.375 0.56137012111", "0.14939976396 0.325 0.58349720118"),
    ("adam", {"l2": HALF_L2}, "-0.34999742079 -0.0999999419732 1.04999970998", "0.121286819956 -1.08946198183 1.4390334634"),
]


@pytest.mark.parametrize(("optimiser", "further", "first", "third"), PYTORCH)
def test_pytorch_takes_the_same_steps(optimiser: str, further: dict[str, Any], first: str, third: str) -> None:
    sheet = planned(optimiser, **further)
    for count, numbers in ((1, first), (3, third)):
        done = stepped(sheet, count)
        assert [done[name] for name in ("w1'", "w5'", "w8'")] == pytest.approx([*map(float, numbers.split())], rel=1e-9)


def test_every_optimiser_is_compared() -> None:
    assert {optimiser for optimiser, *_ in PYTORCH} == set(OPTIMISERS) == set(updates.ROWS) == {"sgd", *SENTENCES}


@pytest.mark.parametrize("plan", [Plan(), Plan(l2=None, optimiser=Choice("sgd")), None])
@pytest.mark.parametrize("text", ["", MIXED, GRAPH])
def test_a_plain_plan_changes_nothing(plan: Plan | None, text: str) -> None:
    sheet = backcheck.loads(text) if text else backcheck.load("problems/two-two-two.yaml")
    found = with_backward(blank(text), plan)
    assert (found.rows, found.given.keys()) == (sheet.rows, sheet.given.keys())


def test_settings() -> None:
    sheet = with_backward(blank(), Plan(optimiser=Choice("adam", {"beta1": 0.5, "beta2": 0.75, "epsilon": 0.25})))
    done = backcheck.step(sheet)
    g = done["dL/dw5"]
    assert [done["m(w5)"], done["v(w5)"]] == pytest.approx([g / 2, g * g / 4])
    assert done["w5'"] == pytest.approx(0.4 - 0.5 * g / (abs(g) + 0.25))


def test_penalties() -> None:
    done = backcheck.step(planned(text=MIXED, l1=Penalty(0.25), l2=Penalty(0.125, biases=True)))
    for name in ("W1[2,2]", "W2[1,2]", "w"):  # −0.4 has the sign −1
        w = done[name]
        assert done[f"g({name})"] == pytest.approx(done[f"dL/d{name}"] + 0.25 * math.copysign(1, w) + 2 * 0.125 * w)
    assert done["g(b)"] == pytest.approx(done["dL/db"] + 2 * 0.125 * 0.3)
    assert "g(b2[1])" in done
    weights_only = backcheck.step(planned(l2=HALF_L2))
    assert weights_only["g(w5)"] == pytest.approx(weights_only["dL/dw5"] + 0.01 * 0.4)
    assert "g b2" not in weights_only.sheet


def test_the_length_of_all_slopes() -> None:
    """A number in several places counts once, one that is frozen not at all; |g| is that of the slopes with penalties."""
    done = backcheck.step(planned(text=MIXED, **EVERY))
    moving = ["W1[1,1]", "w", "W1[2,2]", "W1[2,3]", "W2[1,1]", "W2[1,2]", "W2[2,2]", "b"]
    assert done["|g|"] == pytest.approx(math.hypot(*(done[f"g({name})"] for name in moving)))
    assert done["clipped(w)"] == pytest.approx(done["g(w)"] * 0.1 / done["|g|"])
    short = backcheck.step(planned(clip=Choice("norm", {"limit": 5})))
    assert short["clipped(w5)"] == short["dL/dw5"]


def test_no_slope_at_all_is_not_divided_by() -> None:
    still = backcheck.step(planned("adam", "{expression: x**2, at: {x: 0}, learning_rate: 1}", clip=SHORTENED))
    assert (still["|g|"], still["x'"]) == (0, 0)


def test_what_is_frozen() -> None:
    for optimiser in OPTIMISERS:
        sheet = planned(optimiser, MIXED, **EVERY)
        assert [row.op for row in sheet.in_phase(Phase.UPDATE) if row.parents[0] == "b1"] == ["frozen"]
        done = stepped(sheet, 3)
        lines = {line.name: line for line in report(done).lines}
        for name, number in (("W1[1,2]", -0.3), ("W1[2,1]", -0.8), ("b1[1]", 0.1)):
            assert done[f"{name}'"] == number
            formula = lines[f"{name}'"].formula
            assert formula is not None
            assert spell(formula, str, PLAIN) == name
        assert all(done[name] == 0 for name in ("m(W1[1,2])", "v(W1[1,2])") if name in done)


def test_places_of_one_number_stay_one() -> None:
    for optimiser in OPTIMISERS:
        done = stepped(planned(optimiser, MIXED, **EVERY), 3)
        assert done.array("W1'")[0, 2] == done.array("W2'")[1, 0] != 0.4
        assert len(set(done.array("b2'"))) == 1


# the lines


@pytest.mark.parametrize("further", [{}, EVERY, {"clip": EACH, "l2": HALF_L2}])
@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_what_is_printed_is_what_was_computed(optimiser: str, further: dict[str, Any]) -> None:
    for text in ("", MIXED, GRAPH):
        sheet = planned(optimiser, text, **further)
        for one in (sheet, stepped(sheet, 2).updated()):
            formulas_hold(one)
        paper_holds(sheet, 6)
    count, _ = screen_holds(planned(optimiser, **further))
    assert count > 30


WRITTEN = {
    "g(w5)": "dL/dw5 + 0.001*sign(w5) + 2*0.01*w5",
    "clipped(w5)": "g(w5)*0.1/max(|g|, 0.1)",
    "m(w5)": "0.9*m0(w5) + (1 - 0.9)*clipped(w5)",
    "v(w5)": "0.999*v0(w5) + (1 - 0.999)*clipped(w5)**2",
    "mhat(w5)": "m(w5)/(1 - 0.9)",
    "vhat(w5)": "v(w5)/(1 - 0.999)",
    "w5'": "w5 - eta*mhat(w5)/(sqrt(vhat(w5)) + 1e-8)",
}
LAST = {
    "sgd": "w5 - eta*dL/dw5",
    "momentum": "w5 - eta*m(w5)",
    "nesterov": "w5 - eta*(dL/dw5 + 0.9*m(w5))",
    "adamw": "w5*(1 - eta*0.01) - eta*mhat(w5)/(sqrt(vhat(w5)) + 1e-8)",
    "rmsprop": "w5 - eta*dL/dw5/(sqrt(v(w5)) + 1e-8)",
}


def formulas(done: WorkedSheet) -> dict[str, str]:
    return {line.name: spell(line.formula, PLAIN.name, PLAIN) for line in report(done).lines if line.formula}


def test_how_it_is_written() -> None:
    found = formulas(backcheck.step(planned("adam", **EVERY)))
    assert {name: found[name] for name in WRITTEN} == WRITTEN
    squares = " + ".join(f"g(w{i})**2" for i in range(1, 9))
    assert found["|g|"] == f"sqrt({squares})"
    for optimiser, formula in LAST.items():
        assert formulas(backcheck.step(planned(optimiser)))["w5'"] == formula
    each = formulas(backcheck.step(planned(clip=EACH)))
    assert (each["clipped(w5)"], each["w5'"]) == ("max(-0.05, min(0.05, dL/dw5))", "w5 - eta*clipped(w5)")
    assert formulas(backcheck.step(planned("momentum")))["m(w5)"] == "0.9*m0(w5) + dL/dw5"
    assert formulas(backcheck.step(planned("rmsprop")))["v(w5)"] == "0.9*v0(w5) + (1 - 0.9)*dL/dw5**2"


def test_later_steps_go_on_from_the_ones_before() -> None:
    sheet = planned("adam")
    first, second, third = api.steps(sheet, 3)
    assert (first["m0(w5)"], first["v0(w5)"]) == (0, 0)
    assert (third["m0(w5)"], third["v0(w5)"]) == (second["m(w5)"], second["v(w5)"])
    assert [formulas(done)["vhat(w5)"] for done in (first, second, third)] == [
        "v(w5)/(1 - 0.999)",
        "v(w5)/(1 - 0.999**2)",
        "v(w5)/(1 - 0.999**3)",
    ]
    assert first.sheet.rows == sheet.rows


def test_every_number_is_found_by_its_name() -> None:
    for text in ("", MIXED, GRAPH):
        done = backcheck.step(planned("adam", text, **EVERY))
        names = done.sheet.names
        for row in done.sheet.rows:
            for index in np.ndindex(done.array(row.name).shape) if row.phase is Phase.UPDATE else ():
                found = done.locate(names.cell(row.name, index))
                assert names.cell(*found) == names.cell(row.name, index)
                assert done.array(found[0])[found[1]] == done.array(row.name)[index]


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        ("m̂(w5)", "mhat(w5)"),
        ("v_hat( W2[1,1] )", "vhat(w5)"),
        ("m_0(w5)", "m0(w5)"),
        ("‖g‖", "|g|"),
        ("w5_new", "w5'"),
        ("m(W2[1,1])", "m(w5)"),
    ],
)
def test_other_spellings(spelled: str, name: str) -> None:
    done = backcheck.step(planned("adam", **EVERY))
    assert done.sheet.names.cell(*done.locate(spelled)) == name


def test_names_that_mean_nothing() -> None:
    done = backcheck.step(planned("momentum"))
    for name in ("v(w5)", "m(w9)", "m(x1)", "m(m(w5))", "m()", "|g|", "m(W2)"):
        assert name not in done


def test_names_of_the_file_come_first() -> None:
    """A weight called m is no number of the optimiser."""
    text = "{inputs: [1], targets: [0], layers: [{weights: [[m: 0.5]], biases: [v: 0.1]}], loss: squared_error, learning_rate: 0.1}"
    done = backcheck.step(planned("adam", text))
    assert (done["m"], done["v"]) == (0.5, 0.1)
    assert done["m(m)"] == pytest.approx(0.1 * done["dL/dm"])
    formulas_hold(done.sheet)


@pytest.mark.parametrize("only", [None, "w5'"])
def test_every_format(only: str | None) -> None:
    done = stepped(planned("adam", **EVERY), 2)
    written = report(done, only)
    document = json.loads(as_json(written, Figures(digits=6), only is not None))
    assert {step["name"] for step in document["steps"]} == set(document["values"]) >= {*WRITTEN, "m0(w5)", "|g|"}
    assert all(step["name"].isascii() and step["formula"].isascii() for step in document["steps"])
    assert "w5·" in as_text(written, Figures(digits=6), 100) or "w5 −" in as_text(written, Figures(digits=6), 100)
    for text in (latex(written, Figures(digits=6)), markdown(written, Figures(digits=6)), as_text(written, Figures(digits=6), 80)):
        assert "vhat" in text or r"\hat" in text


def test_a_quantity_and_what_it_comes_from() -> None:
    names = [line.name for line in report(backcheck.step(planned("adam")), "w5'").lines]
    assert names[-5:] == ["m(w5)", "v(w5)", "mhat(w5)", "vhat(w5)", "w5'"]
    assert "m(w6)" not in names


def test_conventions() -> None:
    [_, _, _, *said] = report(backcheck.step(planned("adamw", **EVERY))).head
    assert said == [
        "penalty 0.001·Σ|w| + 0.01·Σw² (without ½) of the weights: "
        "a part of the loss, whose slope goes into g; the L shown is without it",
        "clipping, after penalties: |g| is the length of all slopes together; "
        "where it is above 0.1, all are shortened to that length",
        "AdamW with beta1 = 0.9, beta2 = 0.999, decay = 0.01, epsilon = 1e-8: m and v begin with 0 and are divided by "
        "1 − beta1^n and 1 − beta2^n in step n; epsilon stands outside the root; "
        "the decay is no part of the slope, so that neither clipping nor m and v see it",
    ]
    assert "?" not in "".join(map(to_ascii, said))
    for optimiser, says in SENTENCES.items():
        head = report(stepped(planned(optimiser, MIXED, l2=Penalty(0.1, True, True)), 3)).head
        assert [one for one in head if one.endswith(says)] == head[-1:]
        assert any(one.startswith("penalty 0.1·½Σw² (with ½) of the weights and biases") for one in head)
    assert "of the variables" in report(backcheck.step(planned(text=GRAPH, l1=Penalty(0.1)))).head[-1]
    assert report(backcheck.step(planned())).head[-1].startswith("learning rate")


# answers


def of_w5(optimiser: str, slope: str, new: str, **parts: str) -> tuple[list[str], str | None]:
    """The verdicts, and the mistake behind the new weight."""
    answers = {"dL/dw5": slope, **{f"{kind}(w5)": text for kind, text in parts.items()}, "w5'": new}
    sheet = planned(optimiser)
    [result] = Marker(sheet, marking(sheet)).mark([Submission("anna.yaml", None, answers)])
    found = {cell.name: cell for cell in result.cells if cell.verdict != "missing"}
    mistake = found["w5'"].mistake
    return [found[name].verdict for name in answers], mistake.id if mistake else None


def test_only_the_new_numbers_are_asked_for() -> None:
    plain, adam = backcheck.load("problems/two-two-two.yaml"), planned("adam")
    assert marking(adam).asked == marking(plain).asked


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_true_answers_are_right(optimiser: str) -> None:
    sheet = planned(optimiser, **EVERY)
    done = backcheck.step(sheet)
    answers = {line.name: f"{line.value:.5f}" for line in report(done).lines if line.phase is not Phase.GIVEN}
    [result] = Marker(sheet, marking(sheet)).mark([Submission("anna.yaml", None, answers)])
    assert {cell.verdict for cell in result.cells} == {"right"}
    assert result.score == result.out_of


@pytest.mark.parametrize(
    ("new", "verdict", "mistake"),
    [
        ("-0.1000", "right", None),
        ("0.3589", "wrong", "optimiser_missing"),
        ("0.9000", "wrong", "ascent"),
        ("-0.6000", "wrong", "rate_missing"),
        ("0.35", "wrong", "bias_correction_missing"),
        ("0.4000", "wrong", "not_updated"),
        ("0.1234", "wrong", "arithmetic"),
    ],
)
def test_a_step_of_adam(new: str, verdict: str, mistake: str | None) -> None:
    """… judged from the slope alone, and with all that lies between."""
    assert of_w5("adam", "0.0822", new) == (["right", verdict], mistake)
    whole = {"m": "0.0082", "v": "6.75e-6", "mhat": "0.0822", "vhat": "0.00675"}
    assert of_w5("adam", "0.0822", new, **whole) == (["right", *["right"] * 4, verdict], mistake)


def test_what_follows_from_a_wrong_slope() -> None:
    assert of_w5("momentum", "0.1644", "0.3178", m="0.1644") == (["wrong", "follows", "follows"], None)
    assert of_w5("momentum", "0.1644", "0.3178") == (["wrong", "follows"], None)


def test_working_may_name_the_parts() -> None:
    right = "w5 - eta*mhat(w5)/(sqrt(vhat(w5)) + 1e-8) = -0.1000"
    sheet = planned("adam")
    answers = {"mhat(w5)": "0.0822", "vhat(w5)": "0.00675", "w5'": right}
    [result] = Marker(sheet, marking(sheet)).mark([Submission("anna.yaml", None, answers)])
    [cell] = [cell for cell in result.cells if cell.name == "w5'"]
    assert (cell.verdict, [one.holds for one in cell.working]) == ("right", [True])


# the other roads


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_check_judges_the_slopes_and_no_step_that_it_does_not_know(optimiser: str) -> None:
    for text in ("", MIXED, GRAPH):
        checked = check(planned(optimiser, text, **EVERY))
        assert checked.agrees
        assert {checked.done.sheet[mark.row].op for mark in checked.marks if mark.name.endswith("'")} <= {"frozen"}
    assert [mark.name for mark in check(planned()).marks][-1] == "b2[2]'"
