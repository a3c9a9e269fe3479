"""Pages of functions: published facts, proofs that fail when a formula is wrong, and every way to write them."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import oo

from backcheck.arithmetic import parse
from backcheck.catalogue import ACTIVATIONS, LOSSES
from backcheck.errors import BadArgument
from backcheck.formula import cells, evaluate
from backcheck.functions import FLOATS
from backcheck.pages import textbook
from backcheck.pages.calculus import Extreme, Region, same
from backcheck.pages.fact import Facts, Form, Least
from backcheck.pages.facts import facts
from backcheck.pages.proofs import proven
from backcheck.paper import forms as by_hand
from backcheck.writing.facts import as_json, curves, latex, markdown, text
from backcheck.writing.plot import terminal

NAMES = [*ACTIVATIONS, *LOSSES]
ELEMENTWISE = [name for name in NAMES if name != "softmax"]


@pytest.fixture(scope="module")
def pages() -> dict[str, Facts]:
    return {name: facts(name) for name in NAMES}


def test_every_function_of_the_catalogue_has_a_page_and_every_formula_on_it_is_proven(pages: dict[str, Facts]) -> None:
    assert set(textbook.ACTIVATIONS) | {"softmax"} == set(ACTIVATIONS)
    assert set(textbook.LOSSES) == set(LOSSES)
    assert [(name, form.name) for name, page in pages.items() for form in page.forms if not form.agrees] == []


@pytest.mark.parametrize(
    ("name", "value", "at"),
    [
        ("sigmoid", sp.Rational(1, 4), 0),
        ("tanh", 1, 0),
        ("softmax", sp.Rational(1, 4), sp.Rational(1, 2)),
        ("softplus", 1, oo),
        ("gelu", 1.128904145, 2**0.5),
        ("silu", 1.099839320, 2.399357280),
    ],
)
def test_the_slope_is_largest_where_it_is_known_to_be(pages: dict[str, Facts], name: str, value: float, at: float) -> None:
    found = pages[name].steepest
    assert found is not None
    assert float(found.value) == pytest.approx(float(value), rel=1e-9)
    assert found.at == at or float(found.at) == pytest.approx(float(at), rel=1e-9)
    assert found.reached == (name != "softplus")


def test_the_least_values_of_silu_and_gelu(pages: dict[str, Facts]) -> None:
    silu, gelu = pages["silu"].least, pages["gelu"].least
    assert isinstance(silu, Extreme)
    assert isinstance(gelu, Extreme)
    assert float(silu.value) == pytest.approx(-float(sp.LambertW(sp.exp(-1))), rel=1e-12)  # −W(1/e)
    assert float(gelu.value) == pytest.approx(-0.16997120747, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "of", "slopes", "taken"),
    [
        ("relu", 0, (0, 1), 0),
        ("leaky_relu", 0, (sp.Symbol("slope", positive=True), 1), 0.01),
        ("elu", 0, (sp.Symbol("alpha", positive=True), 1), 1),
        ("step", 0, (0, 0), 0),
        ("absolute_error", sp.Symbol("t", positive=True), (-1, 1), 0),
    ],
)
def test_kinks_have_both_slopes_and_the_convention(
    pages: dict[str, Facts], name: str, of: object, slopes: tuple[object, object], taken: float
) -> None:
    (kink,) = pages[name].kinks
    assert (kink.at, kink.slopes, kink.slope) == (of, slopes, taken)


def test_step_jumps_and_takes_1_at_0_and_smooth_functions_have_no_kink(pages: dict[str, Facts]) -> None:
    (jump,) = pages["step"].kinks
    assert (jump.values, jump.value) == ((0, 1), 1)
    kinked = {"relu", "leaky_relu", "elu", "step", "absolute_error"}
    assert {name for name, page in pages.items() if page.kinks} == kinked


def test_limits_of_the_logarithmic_loss_for_each_target(pages: dict[str, Facts]) -> None:
    found = {(limit.of, limit.to, limit.where): limit.value for limit in pages["binary_cross_entropy"].limits}
    assert found["L", "0", "t = 1"] == oo
    assert found["L", "1", "t = 1"] == 0
    assert found["dL/dy", "1", "t = 1"] == -1
    assert found["L", "0", "t = 0"] == 0
    assert found["dL/dy", "0", "t = 0"] == 1
    assert found["dL/dy", "0", "0 < t < 1"] == -oo
    assert {limit.value for limit in pages["cross_entropy"].limits if limit.where == "0 < t < 1"} == {
        oo, -oo, 0, -sp.Symbol("t", positive=True),
    }  # fmt: skip


def test_limits_of_activations(pages: dict[str, Facts]) -> None:
    found = {name: [limit.value for limit in pages[name].limits] for name in ("sigmoid", "tanh", "gelu", "silu", "relu", "softmax")}
    assert found == {
        "sigmoid": [0, 0, 1, 0], "tanh": [-1, 0, 1, 0], "gelu": [0, 0, oo, 1],
        "silu": [0, 0, oo, 1], "relu": [0, 0, oo, 1], "softmax": [0, 0, 1, 0],
    }  # fmt: skip


def test_the_minimum_of_binary_cross_entropy_is_at_the_target(pages: dict[str, Facts]) -> None:
    least = pages["binary_cross_entropy"].least
    assert isinstance(least, Least)
    t = sp.Symbol("t", positive=True)
    assert least.at == t
    assert same(least.curvature, 1 / (t * (1 - t)))
    assert float(least.value.subs(t, sp.Rational(1, 5))) == pytest.approx(0.5004024235, rel=1e-9)


def test_softmax_says_what_is_published(pages: dict[str, Facts]) -> None:
    page = text(pages["softmax"], 100)
    for published in ("0.0900306, 0.244728, 0.665241", "2.06106e-9, 4.53979e-5, 0.999955", "a_i·(δ_ij − a_j)", "diag(a) − a·aᵀ"):
        assert published in page
    assert "diag(σ) − σσᵀ" in page
    assert "unchanged when one constant is added" in page
    assert "∂L/∂z_j = a_j − t_j" in page


SLIPS = [
    ("ACTIVATIONS", "sigmoid", 1, "a*(1 + a)"),
    ("ACTIVATIONS", "sigmoid", 1, "a*(1 - a) = exp(-z)/(1 + exp(-z))"),
    ("ACTIVATIONS", "tanh", 1, "1 - a"),
    ("ACTIVATIONS", "relu", 1, "0 | 0 | z"),
    ("ACTIVATIONS", "relu", 1, "0 | 1 | 1"),
    ("ACTIVATIONS", "relu", 1, "1"),
    ("ACTIVATIONS", "elu", 1, "exp(z) | 0 | 1"),
    ("ACTIVATIONS", "gelu", 1, "Phi(z) + phi(z)"),
    ("ACTIVATIONS", "silu", 1, "sigmoid(z) + a*(1 - a)"),
    ("LOSSES", "squared_error", 2, "2*(t - y)"),
    ("LOSSES", "mean_squared_error", 2, "-2*(t - y)"),
    ("LOSSES", "binary_cross_entropy", 2, "-t/y - (1 - t)/(1 - y)"),
    ("LOSSES", "cross_entropy", 3, "-t/y**2"),
    ("LOSSES", "absolute_error", 2, "1 | t | -1"),
    ("LOSSES", "huber", 2, "-delta | t - delta | y - t | t + 2*delta | delta"),
]


@pytest.mark.parametrize(("table", "name", "place", "slip"), SLIPS)
def test_a_slip_in_a_textbook_form_is_found(monkeypatch: pytest.MonkeyPatch, table: str, name: str, place: int, slip: str) -> None:
    row = list(getattr(textbook, table)[name])
    row[place] = slip
    monkeypatch.setitem(getattr(textbook, table), name, tuple(row))
    assert [form.name for form in facts(name).forms if not form.agrees]


def test_a_note_that_does_not_hold_is_not_made() -> None:
    with pytest.raises(ValueError, match="does not hold"):
        proven("tanh(z) = 2*sigmoid(z) - 1")
    with pytest.raises(ValueError, match="does not hold"):
        proven("relu(z) + relu(-z) = z")
    assert proven("relu(z) + relu(-z) = abs(z)")


@settings(max_examples=25, deadline=None)
@given(x=st.floats(-8, 8).filter(bool), t=st.floats(0.01, 0.99), y=st.floats(0.01, 0.99))
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_rules_by_hand_give_the_slopes_of_the_page(pages: dict[str, Facts], name: str, x: float, t: float, y: float) -> None:
    page = pages[name]
    given = {letter: float(value) for letter, value in page.parameters.items()}
    if name in ACTIVATIONS:
        place = {**given, "z": x, "g": 1.0}
        place["a"] = worked(by_hand(name)[0], place)
        value, slope = value_of(page.forms[0], place, x), value_of(page.forms[1], place, x)
        assert value == pytest.approx(place["a"], rel=1e-9, abs=1e-12)
        assert slope == pytest.approx(worked(by_hand(f"{name}.dz")[0], place), rel=1e-9, abs=1e-9)
    elif t != y:
        place = {**given, "t": t, "y": y, "K": 1.0, "N": 1.0}
        slope = value_of(next(form for form in page.forms if form.name == "dL/dy"), place, y)
        assert slope == pytest.approx(worked(by_hand(f"{name}.dy")[0], place), rel=1e-9, abs=1e-12)


def worked(tree: object, place: dict[str, float]) -> float:
    return float(evaluate(tree, place.__getitem__, {**FLOATS, "sum": lambda term: term}))  # type: ignore[arg-type]


def value_of(form: Form, place: dict[str, float], at: float) -> float:
    piece = next(piece for piece in form.pieces if piece.high is None or at < worked(piece.high, place))
    values = [worked(tree, place) for tree in piece.forms]
    assert values == pytest.approx([values[0]] * len(values), rel=1e-7, abs=1e-9)
    return values[0]


def test_a_name_that_stands_for_nothing_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadArgument, match="did you mean 'sigmoid'"):
        facts("sigmiod")
    with pytest.raises(BadArgument, match="did you mean 'silu'"):
        facts("swish")
    with pytest.raises(BadArgument, match="known: identity, sigmoid"):
        facts("qqq")


@pytest.mark.parametrize("name", NAMES)
def test_the_json_is_strict_and_its_expressions_can_be_read_back(pages: dict[str, Facts], name: str) -> None:
    found = json.loads(as_json(pages[name]), parse_constant=pytest.fail)
    assert (found["format"], found["version"], found["function"]) == ("backcheck.derive", 1, name)
    assert {"a", "da/dz"} <= set(found["formulas"]) if name in ACTIVATIONS else {"L", "dL/dy"} <= set(found["formulas"])
    for formula in found["formulas"].values():
        assert formula["agrees"] is True
        assert (formula["value"], formula["by_hand"]) == (None, None)
        assert formula["expression"].isascii()
        for piece in formula.get("pieces", [formula]):
            assert list(cells(parse(piece["expression"]))) is not None
    for key in ("domain", "range"):
        assert found[key].isascii()
    assert {"kinks", "limits", "notes", "least", "greatest", "steepest"} <= set(found)


def test_the_json_of_sigmoid(pages: dict[str, Facts]) -> None:
    found = json.loads(as_json(pages["sigmoid"]))
    assert found["formulas"]["da/dz"] == {
        "expression": "a*(1 - a)",
        "latex": r"a \cdot \left(1 - a\right) = \frac{\exp\left(-z\right)}{\left(1 + \exp\left(-z\right)\right)^{2}}",
        "value": None,
        "by_hand": None,
        "agrees": True,
        "also": ["exp(-z)/(1 + exp(-z))**2"],
    }
    assert found["range"] == "0 < a < 1"
    assert found["steepest"] == {"value": 0.25, "where": "at z = 0"}
    assert found["limits"][2] == {"of": "a", "as": "z -> inf", "where": None, "value": 1}


def test_the_text_of_relu_in_full(pages: dict[str, Facts]) -> None:
    assert text(pages["relu"], 100).splitlines() == [
        "relu, an activation; at_zero = 0 unless the file says otherwise",
        "",
        "  a                  = 0   where z < 0",
        "                     = z   where z > 0",
        "  ∂a/∂z              = 0   where z < 0",
        "                     = 1   where z > 0",
        "  ∂a_i/∂z_j          = relu′(z_i)·δ_ij",
        "  ∂a/∂z as a matrix  = diag(relu′(z))",
        "",
        "  domain    every z",
        "  range     a ≥ 0",
        "  kink      at z = 0 ∂a/∂z is 0 from the left and 1 from the right; backcheck takes 0",
        "  steepest  the slope is largest wherever z > 0: 1",
        "",
        "  limits  a  ∂a/∂z",
        "  ──────  ─  ─────",
        "  z → −∞  0  0",
        "  z → ∞   ∞  1",
        "",
        "· relu(z) − relu(−z) = z",
        "· relu(z) + relu(−z) = |z|",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_text_keeps_to_its_width_and_the_other_formats_are_whole(pages: dict[str, Facts], name: str) -> None:
    assert max(map(len, text(pages[name], 70).splitlines())) <= 70
    document = latex(pages[name])
    assert re.sub(r"\\[{}]", "", document).count("{") == re.sub(r"\\[{}]", "", document).count("}")
    assert document.count(r"\left") == document.count(r"\right")
    assert "(U+" not in document
    tables = [line for line in markdown(pages[name]).splitlines() if line.startswith("|")]
    assert len({line.replace("\\|", "").count("|") for line in tables}) <= 2


@pytest.mark.parametrize("name", NAMES)
def test_the_second_curve_is_the_slope_of_the_first(pages: dict[str, Facts], name: str) -> None:
    value, slope = curves(pages[name])
    x = np.unique(slope.x[np.isfinite(slope.y)])
    between = (x[:-1] + x[1:]) / 2
    rise = np.interp(between + 1e-5, value.x, value.y) - np.interp(between - 1e-5, value.x, value.y)
    kinks = np.array([float(kink.at.subs(sp.Symbol("t", positive=True), 0.5)) for kink in pages[name].kinks])
    away = np.all(np.abs(between[:, None] - kinks) > 0.1, axis=1)
    assert rise[away] / 2e-5 == pytest.approx(np.interp(between, slope.x, np.nan_to_num(slope.y))[away], abs=0.05)
    assert terminal([value, slope], 60, 16)


def test_curves_have_a_gap_where_they_jump(pages: dict[str, Facts]) -> None:
    value, slope = curves(pages["relu"])
    assert np.isfinite(value.y).all()
    at = np.flatnonzero(slope.x == 0)
    assert slope.y[at].tolist() == pytest.approx([0, np.nan, 0, np.nan, 1], nan_ok=True)
    (jump, _) = curves(pages["step"])
    assert jump.y[jump.x == 0].tolist() == pytest.approx([0, np.nan, 1, np.nan, 1], nan_ok=True)


def test_regions_of_one_value_are_named_as_such(pages: dict[str, Facts]) -> None:
    steepest = pages["leaky_relu"].steepest
    assert steepest is not None
    assert isinstance(steepest.at, Region)
    assert (steepest.at.low, steepest.value) == (0, 1)
