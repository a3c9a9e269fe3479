"""What is printed is what was computed: every formula and every line of numbers, worked again from its text, gives the result."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from independent import ON_PAPER, Functions, solve
from mpmath import iv, mp, mpf
from random_problems import expressions, networks, tried

import backcheck
from backcheck.spelling import Figures
from backcheck.writing.json import as_json
from backcheck.writing.report import report
from backcheck.writing.text import text as as_text

ROUND = 1e-14  # what floating point may leave of a sum that is 0

Values = Mapping[str, float]

INTERVALS: Functions = {
    "exp": iv.exp,
    "ln": iv.log,
    "sqrt": iv.sqrt,
    "sigmoid": lambda z: 1 / (1 + iv.exp(-z)),
    "softplus": lambda z: iv.log(1 + iv.exp(z)),
    "tanh": lambda z: 1 - 2 / (iv.exp(2 * z) + 1),
    "lse": lambda *z: iv.log(sum(map(iv.exp, z))),
}
EXACT: Functions = {"abs": abs, "max": max, "min": min}


class NotThis(Exception):
    """A line that this arithmetic cannot work."""


def readable(text: str, values: Values) -> tuple[str, dict[str, float]]:
    """A formula as Python reads it, with `_0`, `_1` … for the cells, and their numbers."""
    text = re.sub(r"(\w+)'\(", r"\1_slope(", text)
    if not values:
        return text, {}
    found: dict[str, float] = {}

    def letter(match: re.Match[str]) -> str:
        found[f"_{len(found)}"] = values[match[0]]
        return f"_{len(found) - 1}"

    return cells_of(tuple(values)).sub(letter, text), found


@lru_cache(maxsize=8)
def cells_of(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w\]'.])(?:{'|'.join(map(re.escape, longest_first))})(?![\w'\[(.])")


def value_of(text: str, values: Values, functions: Functions, numeral: Callable[[Any], Any]) -> Any:
    """The value of a formula, or of a line of numbers; only numbers, cells, signs and the given functions may stand in it."""
    source, letters = readable(text, values)

    def work(node: ast.AST) -> Any:
        match node:
            case ast.Constant(number):
                return numeral(number)
            case ast.Name(name):
                return numeral(letters[name])
            case ast.UnaryOp(ast.USub(), body):
                return -work(body)
            case ast.BinOp(left, ast.Pow(), right):
                return power(work(left), right)
            case ast.BinOp(left, sign, right):
                return SIGNS[type(sign)](work(left), work(right))
            case ast.Call(ast.Name(name), arguments):
                name = name.replace("_slope", "'")
                if name not in functions:
                    raise NotThis(name)
                return functions[name](*map(work, arguments))
        raise AssertionError(f"{text}: {ast.dump(node)}")

    def power(base: Any, exponent: ast.AST) -> Any:
        whole = ast.unparse(exponent).strip("()")
        if whole.isdecimal():
            return base ** int(whole)
        if not isinstance(base, mpf):
            raise NotThis(whole)
        return base ** work(exponent)

    return work(ast.parse(source, mode="eval").body)


SIGNS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: lambda u, v: u + v,
    ast.Sub: lambda u, v: u - v,
    ast.Mult: lambda u, v: u * v,
    ast.Div: lambda u, v: u / v,
}


def document(sheet: backcheck.Worksheet, on_paper: int | None = None) -> dict[str, Any]:
    """What `backcheck step --format json` writes."""
    done = backcheck.step(sheet, on_paper)
    return json.loads(as_json(report(done), Figures(decimals=on_paper, at_least=on_paper is not None), False))


def moderate(text: str) -> backcheck.Worksheet:
    truth = solve(text, digits=15)
    assume(truth.largest < 50)
    return backcheck.loads(text)


def formulas_hold(sheet: backcheck.Worksheet, digits: int = 40) -> None:
    written = document(sheet)
    values = written["values"]
    with mp.workdps(digits):
        for step in written["steps"]:
            assert values[step["name"]] == step["value"]
            for text in (step["formula"], step["numbers"]):
                found = value_of(text, values, ON_PAPER, mpf)
                assert abs(found - step["value"]) <= 1e-9 * abs(found) + ROUND, f"{step['name']} = {text} = {float(found)!r}"


@tried(80)
@given(networks())
def test_formulas_of_networks(text: str) -> None:
    formulas_hold(moderate(text))


@tried(80)
@given(expressions(edges=True))
def test_formulas_of_expressions(text: str) -> None:
    formulas_hold(moderate(text))


@tried(80)
@given(networks())
def test_every_quantity_has_one_line(text: str) -> None:
    written = document(backcheck.loads(text))
    names = [step["name"] for step in written["steps"]]
    assert len(names) == len(set(names))
    assert set(names) == set(written["values"])


FAR = ["[700, -700, 0.5]", "[-700, -699, -698]", "[36.5, 0.2, -36.5]", "[-40, 0.3, 650]", "[12, -9, 20]"]
PAIRS = [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy"), ("softmax", "binary_cross_entropy")]
PAIRS += [("softmax", "squared_error"), ("softmax", "absolute_error"), ("{softmax: {scale: 2}}", "cross_entropy")]
PAIRS += [(name, "half_squared_error") for name in ("sigmoid", "tanh", "silu", "softplus", "elu")]


@pytest.mark.parametrize("z", FAR)
@pytest.mark.parametrize("targets", ["[1, 0, 0]", "[0.3, 0.25, 0.45]", "[0.6, 0.9, 0]"])
@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_formulas_far_out(z: str, targets: str, activation: str, loss: str) -> None:
    """Where 1 − a has no digits left, the line is written in another way, and holds."""
    unit = "[[1, 0, 0], [0, 1, 0], [0, 0, 1]]"
    text = f"{{inputs: {z}, targets: {targets}, layers: [{{weights: {unit}, activation: {activation}}}], loss: {loss}}}"
    formulas_hold(backcheck.loads(text), digits=700)


A_SHEET = """
inputs: [0.05, 0.10]
targets: [0.01, 0.99]
layers:
  - {weights: [[w1: 0.15, w3: 0.25], [w2: 0.20, w4: 0.30]], biases: 0.35, activation: sigmoid}
  - {weights: [[w5: 0.40, w7: 0.50], [w6: 0.45, w8: 0.55]], biases: 0.60, activation: sigmoid}
loss: squared_error
"""


# on screen, with six digits

SCREEN = {"−": "-", "·": "*", "^": "**", "σ": "sigmoid", "′": "'", "Φ": "Phi", "φ": "phi"}
SCREEN |= {digit: f"**{i}" for i, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}


def ascii_of(text: str) -> str:
    return "".join(SCREEN.get(c, c) for c in text)


def screen_lines(sheet: backcheck.Worksheet) -> Iterator[tuple[str, str]]:
    """Numbers put in, and result, of every line of the tables."""
    for line in as_text(report(backcheck.step(sheet)), Figures(digits=6), 100_000).splitlines():
        parts = re.split(r"\s{2,}", line.strip())
        if len(parts) == 4 and not any(sign in line for sign in "─…="):
            yield ascii_of(parts[2]), ascii_of(parts[3])


def rounded(number: float) -> Any:
    """Everything that is written so in six digits."""
    half = 0.5 * 10.0 ** (math.floor(math.log10(abs(number))) - 5) if number else 0.0
    return iv.mpf([number - half, number + half])


def screen_holds(sheet: backcheck.Worksheet) -> int:
    """How many lines of the tables were worked again from what they show."""
    count = 0
    for numbers, result in screen_lines(sheet):
        try:
            found = value_of(numbers, {}, INTERVALS, rounded)
        except (NotThis, ZeroDivisionError, ValueError):
            continue
        wanted = rounded(float(result))
        assert found.b + ROUND >= wanted.a, f"{numbers} = {result}"
        assert found.a - ROUND <= wanted.b, f"{numbers} = {result}"
        count += 1
    return count


@tried(80)
@given(networks())
def test_six_digits_on_screen(text: str) -> None:
    screen_holds(moderate(text))


def test_all_lines_of_a_screen() -> None:
    assert screen_holds(backcheck.loads(A_SHEET)) == 8 + 1 + 2 * (2 + 4 + 2) + 2  # forward, L, z, W and a or y of each layer, x


# on paper


def half_up(value: Fraction, decimals: int) -> Fraction:
    unit = 10**decimals
    size = Fraction(math.floor(abs(value) * unit + Fraction(1, 2)), unit)
    return size if value >= 0 else -size


def exact(number: float) -> Fraction:
    return Fraction(repr(number))


def paper_holds(sheet: backcheck.Worksheet, decimals: int) -> None:
    try:
        written = document(sheet, decimals)
    except backcheck.Undefined:  # ln 0.00
        assume(False)
    values = written["values"]
    for step in written["steps"]:
        if step["phase"] == "given":
            continue
        result = exact(step["value"])
        assert result == half_up(result, decimals)
        for text in (step["formula"], step["numbers"]):
            try:
                found = value_of(text, values, EXACT, exact)
            except NotThis:
                continue
            assert half_up(found, decimals) == result, f"{step['name']} = {text} = {float(result)}"


@tried(80)
@given(networks(), st.integers(0, 6))
def test_on_paper(text: str, decimals: int) -> None:
    paper_holds(backcheck.loads(text), decimals)


@tried(80)
@given(expressions(), st.integers(0, 6))
def test_expressions_on_paper(text: str, decimals: int) -> None:
    paper_holds(backcheck.loads(text), decimals)


def test_on_paper_shows_the_given_numbers_as_they_are() -> None:
    """A rate of 0.00001 is not 0.0000, and 1/3 not 0.3333, in a sheet with four decimals."""
    layers = "layers: [{weights: [[3e-5, 0.123456]]}]"
    sheet = backcheck.loads(f"{{inputs: [1/3, 123.456789], targets: [0], {layers}, loss: squared_error, learning_rate: 1e-5}}")
    paper_holds(sheet, 4)
    numbers = {step["name"]: step["numbers"] for step in document(sheet, 4)["steps"]}
    assert numbers["z1[1]"] == "0.3333333333333333*3e-5 + 123.456789*0.123456"
    assert numbers["W1[1,1]'"].startswith("3e-5 - 1e-5*")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("z1[1]", 0.3825),
        ("a1[1]", 0.5945),
        ("a1[2]", 0.5963),
        ("z2[1]", 1.136),
        ("a2[1]", 0.7569),
        ("dL/dz2[1]", 0.2749),
        ("dL/dw5", 0.1634),
    ],
)
def test_a_sheet_on_paper(name: str, value: float) -> None:
    assert backcheck.step(backcheck.loads(A_SHEET), on_paper=4)[name] == value
