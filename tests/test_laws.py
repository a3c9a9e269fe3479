"""What must hold for every problem, whatever its numbers are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from independent import operate, solve
from mpmath import mp, mpf
from random_problems import AWKWARD, expressions, formulas, networks, number, tried, without_names

import backcheck
from backcheck.arithmetic import parse
from backcheck.formula import Call, Cell, Formula, Negative, Number, Power, Product, Quotient, Sum, children, evaluate
from backcheck.functions import FLOATS
from backcheck.roads.work import HIDDEN
from backcheck.slopes import slope
from backcheck.spelling import PLAIN, spell


def worked(text: str) -> backcheck.WorkedSheet:
    return backcheck.step(backcheck.loads(text))


def near(one: Any, other: Any, rel: float = 1e-11) -> bool:
    return bool(np.allclose(one, other, rtol=rel, atol=1e-13))


# names


def cells(done: backcheck.WorkedSheet) -> Iterator[tuple[str, tuple[int, ...], str]]:
    for row in done.sheet.rows:
        if row.op not in HIDDEN:
            for index in np.ndindex(done.array(row.name).shape):
                yield row.name, index, done.sheet.names.cell(row.name, index)


@tried(60)
@given(st.one_of(networks(), expressions()))
def test_a_name_leads_back_to_its_cell(text: str) -> None:
    done = worked(text)
    names = done.sheet.names
    several: dict[str, set[float]] = {}
    for row, index, name in cells(done):
        found = done.locate(name)
        assert names.cell(*found) == name
        if found != (row, index):  # a tied parameter, whose places all have one name
            several.setdefault(name, set()).update((float(done.array(row)[index]), done[name]))
    assert all(len(values) == 1 for values in several.values())


def spellings(name: str, plain: str, done: backcheck.WorkedSheet) -> Iterator[str]:
    """The ways to write a name that the format promises."""
    yield plain
    yield name.replace(",", ", ").replace("dL/d", "dL / d") if " via " not in name else name
    if name == "L":
        yield from ("loss", "C", "E")
    if name.startswith("dL/d"):
        yield from (f"{loss}{name[4:]}" for loss in ("dC/d", "dE/d", "dloss/d", "∂L/∂"))
    if delta := re.fullmatch(r"dL/dz(\d+\[.*\])", name):
        yield from (f"delta{delta[1]}", f"δ{delta[1]}")
    if name.endswith("'"):
        yield from (f"{name[:-1]}{ending}" for ending in ("_new", "+", "′"))
    if output := re.fullmatch(rf"{done.sheet.names.output}\[(\d+)\]", name):
        yield from (f"y{output[1]}", f"y[{output[1]}]")
    if one := re.fullmatch(r"(.*[za]\d+)\[(\d+)\]", name):
        yield f"{one[1]}[1;{one[2]}]"


def by_position(names: Any, row: str, index: tuple[int, ...]) -> str:
    """The name that a cell has whatever the file calls it."""
    base = re.sub(r"^dL/d|'$| via$", "", row)
    return row.replace(base, names.plain(base, index)) if not row.endswith(" via") else names.cell(row, index)


@tried(60)
@given(networks())
def test_every_spelling_leads_to_the_same_number(text: str) -> None:
    done = worked(text)
    for row, index, name in cells(done):
        for spelling in spellings(name, by_position(done.sheet.names, row, index), done):
            assert done[spelling] == done[name], spelling


@tried(60)
@given(networks())
def test_further_names(text: str) -> None:
    done = worked(text)
    free = (name for name in [*AWKWARD, *(f"my{i}" for i in range(1000))] if name not in done.known_names())
    quantities = [name for i, (_, _, name) in enumerate(cells(done)) if " via " not in name and i % 3 == 0 and name != "eta"]
    further = {next(free): name for name in dict.fromkeys(quantities)}
    named = worked(text + "names: {" + ", ".join(f'{mine}: "{name}"' for mine, name in further.items()) + "}\n")
    for mine, name in further.items():
        assert named[mine] == done[name]
        if re.match(r"[xzaWbw]\d*", name) and not name.endswith("'"):
            assert named[f"dL/d{mine}"] == named[f"dC/d{mine}"] == done[f"dL/d{name}"]
            if f"{name}'" in done.known_names():
                assert named[f"{mine}'"] == named[f"{mine}_new"] == done[f"{name}'"]


@tried(60)
@given(expressions())
def test_spellings_in_an_expression(text: str) -> None:
    done = worked(text)
    for _, _, name in cells(done):
        if slopes := re.fullmatch(r"d(\w+)/d(\w+)", name):
            assert done[f"∂{slopes[1]}/∂{slopes[2]}"] == done[name]
        if name.endswith("'"):
            assert done[f"{name[:-1]}_new"] == done[f"{name[:-1]}+"] == done[name]


# batches


def examples_of(text: str) -> list[str]:
    """The same problem for each example of a batch by itself."""
    root = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (it makes nothing but strings, lists and dicts)
    rest = [line for line in text.splitlines() if not line.startswith(("inputs:", "targets:", "batch:"))]
    pairs = zip(root["inputs"], root["targets"], strict=True)
    return ["\n".join([f"inputs: {flow(x)}", f"targets: {flow([t])}", *rest]) for x, t in pairs]


def flow(node: Any) -> str:
    return f"[{', '.join(map(flow, node))}]" if isinstance(node, list) else node


@tried(60)
@given(networks(examples=3))
def test_a_batch_is_the_mean_or_the_sum_of_its_examples(text: str) -> None:
    done, singles = worked(text), [worked(single) for single in examples_of(text)]
    combined = np.sum if "batch: sum" in text else np.mean
    assert near(done["L"], combined([single["L"] for single in singles]))
    assert near(done.array("L[n]"), [single["L"] for single in singles])
    for row in done.sheet.rows:
        if re.fullmatch(r"dL/d[Wb]\d+", row.name):
            assert near(done.array(row.name), combined([single.array(row.name) for single in singles], axis=0)), row.name


# parameters


@tried(60)
@given(networks().filter(lambda text: without_names(text) != text))
def test_a_tied_slope_is_the_sum_over_its_places(text: str) -> None:
    done = worked(text)
    apart = worked(without_names(text))
    for name, places in done.sheet.names.tied.items():
        assert near(done[f"dL/d{name}"], sum(apart.array(f"dL/d{row}")[index] for row, index in places))
        parts = [done[f"dL/d{name} via {done.sheet.names.plain(row, index)}"] for row, index in places]
        assert near(parts, [apart.array(f"dL/d{row}")[index] for row, index in places])


@tried(60)
@given(networks().filter(lambda text: "false" in text and "learning_rate" in text))
def test_the_frozen_do_not_move(text: str) -> None:
    done = worked(text)
    for mask in [row.name for row in done.sheet.rows if row.name.startswith("trainable ")]:
        frozen, row = done.array(mask) == 0, mask.split()[1]
        assert (done.array(f"{row}'")[frozen] == done.array(row)[frozen]).all()
        moved = done.array(row) - done["eta"] * done.array(f"dL/d{row}")
        assert near(done.array(f"{row}'")[~frozen], moved[~frozen])


@tried(60)
@given(networks().filter(lambda text: "learning_rate" in text), st.integers(1, 4))
def test_several_steps_are_one_step_several_times(text: str, count: int) -> None:
    sheet = backcheck.loads(text)
    try:
        *_, last = backcheck.steps(sheet, count)
        for _ in range(count):
            done = backcheck.step(sheet)
            moved = [row.name for row in sheet.rows if row.name.endswith("'")]
            sheet = sheet.with_given({row[:-1]: done.array(row) for row in moved}, sheet.names)
    except backcheck.Undefined:  # too large a rate
        assume(False)
    for row in last.sheet.rows:
        assert np.array_equal(last.array(row.name), done.array(row.name)), row.name


def two_layers(draw: st.DrawFn, activation: str, units: int) -> str:
    def matrix(rows: int, columns: int) -> str:
        return flow([[draw(number()) for _ in range(columns)] for _ in range(rows)])

    return f"""
inputs: {matrix(3, 2)}
targets: {matrix(3, 2)}
layers:
  - {{weights: {matrix(units, 2)}, biases: {matrix(1, units)[1:-1]}, activation: {activation}}}
  - {{weights: {matrix(2, units)}, biases: 0.1, activation: tanh}}
loss: squared_error
learning_rate: 0.5
"""


@tried(60)
@given(st.data(), st.sampled_from(["sigmoid", "softmax", "elu", "gelu", "z/(1 + sum(z**2))"]), st.permutations(range(4)))
def test_permuted_hidden_units_permute_the_results(data: st.DataObject, activation: str, order: list[int]) -> None:
    sheet = backcheck.loads(data.draw(st.composite(two_layers)(activation, 4)))
    one = backcheck.step(sheet)
    given = {"W1": sheet.given["W1"][order], "b1": sheet.given["b1"][order], "W2": sheet.given["W2"][:, order]}
    other = backcheck.step(sheet.with_given(given, sheet.names))
    assert near(one["L"], other["L"])
    for row in ("dL/dW1", "dL/db1", "W1'", "b1'"):
        assert near(one.array(row)[order], other.array(row))
    for row in ("z1", "a1", "dL/da1", "dL/dz1", "dL/dW2", "W2'"):
        assert near(one.array(row)[:, order], other.array(row))
    assert near(one.array("dL/dx"), other.array("dL/dx"))


@tried(60)
@given(
    st.lists(st.integers(-300, 300), min_size=2, max_size=5),
    st.integers(-600, 600),
    st.sampled_from(["cross_entropy", "binary_cross_entropy", "squared_error", "sum((t - y)**4)"]),
    st.sampled_from(["1", "0.5", "3"]),
)
def test_softmax_does_not_see_a_constant(z: list[int], constant: int, loss: str, scale: str) -> None:
    K = len(z)

    def shifted(by: int) -> backcheck.WorkedSheet:
        unit = flow([["1" if j == k else "0" for k in range(K)] for j in range(K)])
        layer = f"{{weights: {unit}, biases: {by}, activation: {{softmax: {{scale: {scale}}}}}}}"
        inputs, targets = flow([str(v / 100) for v in z]), flow([f"{0.8 if j == 0 else 0.2 / (K - 1)!r}" for j in range(K)])
        return worked(f"{{inputs: {inputs}, targets: {targets}, layers: [{layer}], loss: '{loss}'}}")

    here, there = shifted(0), shifted(constant)
    for row in ("a1", "L", "dL/da1", "dL/dz1", "dL/dW1"):
        assert near(here.array(row), there.array(row), rel=1e-10), row


# formulas

AT = {"x": 0.7, "y": -1.3, "u1": 1.9}
VARIABLES = st.sampled_from(list(AT)).map(Cell)
NUMERALS = st.sampled_from(["2", "0.5", "3", "1e-1", "7"]).map(Number)


def signed(u: Formula, v: Formula, w: Formula) -> list[Formula]:
    """What is easily written without parentheses that it needs."""
    starts = [Sum((Negative(u), v)), Sum((Negative(u), Negative(v))), Negative(Sum((u, v))), Negative(u)]
    found = [
        tree for start in starts for tree in (Product((start, w)), Product((w, start)), Quotient(start, w), Quotient(w, start))
    ]
    found += [Power(start, Number("2")) for start in starts] + [Sum((w, Negative(start))) for start in starts]
    found += [Negative(start) for start in starts] + [Sum((Negative(start), w)) for start in starts]
    found += [Quotient(u, Quotient(v, w)), Quotient(Quotient(u, v), w), Quotient(u, Product((v, w))), Product((u, Quotient(v, w)))]
    return [*found, Negative(Power(u, Number("2"))), Power(Power(u, Number("2")), Number("3")), Quotient(Power(u, Number("2")), w)]


def larger(part: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    several = st.lists(part, min_size=2, max_size=4).map(tuple)
    pairs = st.tuples(part, part)
    signs = st.tuples(part, part, part).flatmap(lambda p: st.sampled_from(signed(*p)))
    return st.one_of(
        signs,
        signs,
        several.map(Sum),
        several.map(Product),
        part.map(Negative),
        pairs.map(lambda p: Quotient(*p)),
        st.tuples(part, st.sampled_from(["2", "3", "1", "0"]).map(Number)).map(lambda p: Power(*p)),
        st.tuples(part, st.sampled_from(["exp", "sin", "sigmoid", "abs", "relu'", "tanh"])).map(lambda p: Call(p[1], (p[0],))),
        st.tuples(pairs, st.sampled_from(["max", "min"])).map(lambda p: Call(p[1], p[0])),
    )


TREES: st.SearchStrategy[Formula] = st.recursive(st.one_of(VARIABLES, VARIABLES, NUMERALS), larger, max_leaves=8)


def leads_with_a_sign(tree: Formula) -> bool:
    """Whether a sum that starts with a minus is the first factor of a product, or is divided, somewhere in a formula."""
    first = tree.factors[0] if isinstance(tree, Product) else tree.top if isinstance(tree, Quotient) else None
    here = isinstance(first, Sum) and isinstance(first.terms[0], Negative)
    return here or any(map(leads_with_a_sign, children(tree)))


def test_the_formulas_tried_here_need_their_parentheses() -> None:
    found = []

    @tried(450)
    @given(TREES)
    def look(tree: Formula) -> None:
        found.append(leads_with_a_sign(tree))

    look()
    assert sum(found) >= 40


def at(tree: Formula) -> float:
    return float(evaluate(tree, AT.__getitem__, FLOATS))


def possible(tree: Formula) -> float:
    try:
        value = at(tree)
    except (ZeroDivisionError, OverflowError, ValueError):
        value = float("nan")
    assume(abs(value) < 1e6)
    return value


@tried(300)
@given(TREES)
def test_a_spelled_formula_reads_back(tree: Formula) -> None:
    value, text = possible(tree), spell(tree, str, PLAIN)
    assert at(parse(text)) == pytest.approx(value, rel=1e-12, abs=1e-12), text


@pytest.mark.parametrize(
    "text", ["(-x + y)*u1", "(-2 + 3)*x", "(-x - y)/u1", "(-x)**2", "(-x*y)*u1", "(-x + y)**2*u1", "-(-x + y)"]
)
def test_a_leading_sign_keeps_its_parentheses(text: str) -> None:
    assert at(parse(spell(parse(text), str, PLAIN))) == pytest.approx(at(parse(text)), rel=1e-14)


SOME = [Cell("x"), Cell("y"), Number("1"), Number("2")]


@pytest.mark.parametrize("put_in", [str, lambda cell: PLAIN.number(repr(AT[cell]))], ids=["names", "numbers"])
def test_every_place_of_a_sign(put_in: Callable[[str], str]) -> None:
    for letters in product(SOME, repeat=3):
        for tree in signed(*letters):
            try:
                value = at(tree)
            except ZeroDivisionError:
                continue
            text = spell(tree, put_in, PLAIN)
            assert at(parse(text)) == pytest.approx(value, rel=1e-12, abs=1e-12), text


@tried(300)
@given(TREES)
def test_numbers_put_in_read_back(tree: Formula) -> None:
    value, text = possible(tree), spell(tree, lambda cell: PLAIN.number(repr(AT[cell])), PLAIN)
    assert at(parse(text)) == pytest.approx(value, rel=1e-12, abs=1e-12), text


@tried(200)
@given(formulas(list(AT)), st.sampled_from(list(AT)))
def test_slopes_of_formulas(text: str, by: str) -> None:
    """Against a difference in 50 digits, worked by another reader of formulas."""
    truth = solve(f"{{expression: '1*({text}) + 0*({' + '.join(AT)})', at: {{{', '.join(f'{k}: {v}' for k, v in AT.items())}}}}}")
    assume(abs(truth.values["f"]) < 1e6)
    found, wanted = at(slope(parse(text), by)), float(truth.values[f"df/d{by}"])
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x**x", lambda x: x**x * (mp.log(x) + 1)),
        ("2**x", lambda x: 2**x * mp.log(2)),
        ("x**-2", lambda x: -2 * x**-3),
        ("x**0.5", lambda x: 1 / (2 * mp.sqrt(x))),
        ("1/(1 + exp(-x))", lambda x: mp.exp(-x) / (1 + mp.exp(-x)) ** 2),
        ("x/x", lambda _: 0),
        ("x**0 + 3", lambda _: 0),
        ("-(-x)", lambda _: 1),
        ("max(x, 0.2)*min(x, 5)", lambda x: 2 * x),
    ],
)
def test_slope(text: str, wanted: Any) -> None:
    assert at(slope(parse(text), "x")) == pytest.approx(float(wanted(mpf(AT["x"]))), rel=1e-12)


def test_both_readers_agree_on_signs() -> None:
    import ast

    for text in ("-2**2", "2**-1", "2**3**2", "-x*-y", "x - -y", "x/y/u1", "x/y*u1", "x - y - u1", "-x**2*y", "2*-x**2"):
        by_python = _by_python(ast.parse(text, mode="eval").body)
        assert at(parse(text)) == pytest.approx(float(by_python), rel=1e-14), text


def _by_python(node: Any) -> Any:
    import ast

    match node:
        case ast.Constant(value):
            return mpf(value)
        case ast.Name(name):
            return mpf(AT[name])
        case ast.UnaryOp(_, body):
            return -_by_python(body)
    return operate(node.op, _by_python(node.left), _by_python(node.right))


# the same output every time

RICH = """
inputs: [[0.5, -1], [2, 1/3]]
targets: [[0, 1], [1, 0]]
layers:
  - weights: [[w1: 0.1, w2: 0.2], [w3: 0.3, w1: 0.1], [0.5, w2: 0.2]]
    biases: [b: 0.1, b: 0.1, c: 0.3]
    activation: [relu, tanh, "z/(1 + z**2)"]
    trainable: {weights: [[true, true], [false, true], [true, true]]}
  - {weights: [[w3x: 1, 2, 3], [4, 5, w6: 6]], activation: softmax}
loss: cross_entropy
learning_rate: 0.1
names: {first: "z1[1;1]", second: "dL/dw1"}
"""


@pytest.mark.parametrize("text", [RICH, "let: {u: x*y + x, v: exp(u)*u - y/u}\nat: {x: 1, y: 2}\nlearning_rate: 0.1\n"])
@pytest.mark.parametrize("format", ["json", "text"])
def test_every_run_writes_the_same(text: str, format: str, tmp_path: Path) -> None:
    file = tmp_path / "problem.yaml"
    file.write_text(text, encoding="utf-8")

    def run(seed: str) -> bytes:
        command = [sys.executable, "-m", "backcheck", "step", str(file), "--format", format]
        return subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout

    outputs = {run(seed) for seed in ("0", "1", "77")}
    assert len(outputs) == 1
    assert len(outputs.pop()) > 1000
