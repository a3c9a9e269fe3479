"""`backcheck derive`: textbook formulas as literals, every formula evaluated, chains, paths, Hessians, pages and matrices."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import random_problems
from hypothesis import given

import backcheck
from backcheck.formula import Call, Formula, Negative, Power, Quotient, Sum, cells, children, evaluate, functions_of
from backcheck.functions import FLOATS
from backcheck.marking.derivation import derivation, second_derivatives
from backcheck.spelling import PLAIN, spell

ROOT = Path(__file__).parent.parent


def run(*words: str, code: int = 0, given: str | None = None) -> str:
    call = [sys.executable, "-m", "backcheck", *words]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, encoding="utf-8", input=given, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def formulas(name: str, **options: Any) -> dict[str, str]:
    found = derivation(backcheck.load(ROOT / f"problems/{name}.yaml"), **options)
    return {line.name: spell(line.formula, PLAIN.name, PLAIN) for line in found.lines}


TEXTBOOK = {
    "one-step-squared-error": {
        "dL/dz2[1]": "2*(a2[1] - t1)*a2[1]*(1 - a2[1])",
        "dL/dw5": "dL/dz2[1]*a1[1]",
        "dL/da1[2]": "dL/dz2[1]*w7 + dL/dz2[2]*w8",
        "dL/dz1[2]": "dL/da1[2]*a1[2]*(1 - a1[2])",
        "dL/dw4": "dL/dz1[2]*x2",
        "dL/db1[1]": "dL/dz1[1]",
    },
    "cross-entropy-eight-weights": {"dL/dz2[1]": "a2[1] - t1", "dL/da2[2]": "(1 - t2)/(1 - a2[2]) - t2/a2[2]"},
    "softmax-three": {"dL/dz1[1]": "a1[1] - t1", "dL/dW1[2,1]": "dL/dz1[2]*x1", "dL/da1[3]": "-t3/a1[3]"},
    "softmax-batch": {"dL/dz2[3;1]": "(a2[3;1] - t[3;1])/4", "dL/dz1[1;2]": "dL/da1[1;2]*(1 - a1[1;2]**2)"},
    "kink": {"dL/dz1[1]": "dL/da1[1]*relu'(z1[1])"},
    "tied-weight": {"dL/dw": "dL/dz1[1]*x1 + dL/dz1[2]*x2 + dL/dz2[1]*a1[1]"},
    "computation-graph": {"df/dx": "df/dh1*(1/x)", "df/dy": "df/dh2*exp(y)", "dh3/dz": "h2"},
}


@pytest.mark.parametrize(("name", "cell"), [(name, cell) for name, found in TEXTBOOK.items() for cell in found])
def test_textbook_formulas(name: str, cell: str) -> None:
    assert formulas(name)[cell] == TEXTBOOK[name][cell]


@random_problems.tried(150)
@given(random_problems.networks(smooth=True))
def test_every_formula_gives_its_number(text: str) -> None:
    for line in derivation(backcheck.loads(text)).lines:
        if line.agrees is None:  # at a kink the formula keeps to the convention
            continue
        value = evaluate(line.formula, line.inputs.__getitem__, FLOATS)
        assert value == pytest.approx(line.by_symbols, rel=1e-7, abs=1e-9), line.name
        assert line.agrees
        assert not functions_of(line.formula) & {"cosh"} or "cosh" in text


@random_problems.tried(60)
@given(random_problems.expressions())
def test_every_path_is_multiplied_out_and_added(text: str) -> None:
    sheet = backcheck.loads(text)
    found = derivation(sheet)
    done = backcheck.step(sheet)
    for v, paths in found.paths.items():
        if len(paths) <= 24 and f"df/d{v}" in {line.name for line in found.lines}:
            products = [math.prod(evaluate(link.formula, found.inputs.__getitem__, FLOATS) for link in path) for path in paths]
            assert math.fsum(products) == pytest.approx(done[f"df/d{v}"], rel=1e-9, abs=1e-12)


def operations(tree: Formula) -> int:
    parts = children(tree)
    if isinstance(tree, Sum):
        return len(parts) - 1 + sum(operations(part.body if isinstance(part, Negative) else part) for part in parts)
    own = 1 if isinstance(tree, Call | Negative | Power | Quotient) else max(len(parts) - 1, 0)
    return own + sum(map(operations, parts))


LAYER = "  - {{units: {}, weights: {{init: xavier, seed: {}}}, biases: {{init: zeros}}, activation: sigmoid}}"


def network(*widths: int) -> str:
    layers = [LAYER.format(units, seed) for seed, units in enumerate(widths[1:])]
    head = f"inputs: {{init: uniform, low: 0, high: 1, shape: [1, {widths[0]}], seed: 1}}\ntargets: [{[0.5] * widths[-1]}]\nlayers:"
    return "\n".join([head, *layers, "loss: squared_error", "learning_rate: 0.1"])


@pytest.mark.parametrize("widths", [(2, 2, 2), (4, 4, 4, 2), (8, 8, 8, 8, 2), (32, 32, 32), (8,) * 17])
def test_at_most_three_operations_for_each_parameter(widths: tuple[int, ...]) -> None:
    sheet = backcheck.loads(network(*widths))
    size = sum(array.size for name, array in sheet.given.items() if name[0] in "Wb")
    found = derivation(sheet)
    assert sum(operations(line.formula) for line in found.lines) <= 3 * size
    assert all(line.agrees for line in found.lines)
    assert len(found.lines) >= size


def test_a_large_network_is_derived_in_matrices() -> None:
    text = run("derive", "problems/digits-784-100-100-10.yaml")
    assert "δ3 = ∂L/∂z3 = (a3 − t)/64" in text
    assert "ask for one with --only dL/dW1[1,1]" in text.replace("\n", " ")
    assert "∂L/∂W1[1,1] = ∂L/∂a1" in run("derive", "problems/digits-784-100-100-10.yaml", "--only", "dL/dW1[1,1]")


def test_one_weight_has_its_chain() -> None:
    text = run("derive", "problems/one-step-squared-error.yaml", "--only", "dL/dw5")
    assert "∂L/∂w5 = ∂L/∂a2[1]·∂a2[1]/∂z2[1]·∂z2[1]/∂w5" in text
    assert "∂L/∂w5 = 1.4937 · 0.184031 · 0.594476 = 0.163412" in text or re.search(
        r"∂L/∂w5 = [\d.]+ · [\d.]+ · 0\.5944\d* = 0\.163", text
    )
    document = json.loads(run("derive", "problems/softmax-batch.yaml", "--only", "dL/dW2[1,2]", "--format", "json"))
    assert len(document["chains"]) == 12  # four examples, each by three outputs
    total = sum(math.prod(link["value"] for link in chain) for chain in document["chains"])
    assert total == pytest.approx(document["formulas"]["dL/dW2[1,2]"]["value"], rel=1e-12)


def test_composed_in_inputs_and_weights_alone() -> None:
    sheet = backcheck.load(ROOT / "problems/two-two-two.yaml")
    (line,) = derivation(sheet, "dL/dw1", full=True).lines
    given_cells = {
        sheet.names.cell(row, index) for row in ("x", "t", "W1", "b1", "W2", "b2") for index in _places(sheet.given[row].shape)
    }
    assert set(cells(line.formula)) <= given_cells
    assert evaluate(line.formula, line.inputs.__getitem__, FLOATS) == pytest.approx(0.0004385677344743, rel=1e-12)


def _places(shape: tuple[int, ...]) -> Any:
    from itertools import product

    return product(*map(range, shape))


def test_second_derivatives() -> None:
    """Of one sigmoid unit with cross-entropy: x²·a(1 − a), the textbook's Hessian."""
    layer = "{weights: [[0.5]], activation: sigmoid}"
    text = f"{{inputs: [2], targets: [1], layers: [{layer}], loss: binary_cross_entropy, learning_rate: 1}}"
    (line,) = second_derivatives(backcheck.loads(text)).lines
    a = 1 / (1 + math.exp(-1))
    assert line.by_symbols == pytest.approx(4 * a * (1 - a), rel=1e-12)
    assert line.name == "d2L/dW1[1,1] dW1[1,1]"
    assert line.agrees


@pytest.mark.parametrize("name", ["two-two-two", "shared-variable", "tied-weight"])
def test_hessians_are_confirmed_by_differences(name: str) -> None:
    assert all(line.agrees for line in second_derivatives(backcheck.load(ROOT / f"problems/{name}.yaml")).lines)


def test_the_computation_graph_of_the_worked_example() -> None:
    """f = ln x + exp(y)·z at (1, 3, 2), with the figures as they are published."""
    text = run("derive", "ln(x) + exp(y)*z", "--at", "x=1,y=3,z=2")
    for part in ("h2 = exp(y)", "∂h3/∂h2 = 2", "∂f/∂h3·∂h3/∂h2·∂h2/∂y", "1 · 2 · 20.0855", "40.1711"):
        assert part in text
    document = json.loads(run("derive", "ln(x) + exp(y)*z", "--at", "x=1,y=3,z=2", "--format", "json"))
    found = {name: round(line["value"], 3) for name, line in document["formulas"].items()}
    published = {"df/dx": 1, "df/dy": 40.171, "df/dz": 20.086, "dh3/dh2": 2, "dh3/dz": 20.086, "dh1/dx": 1, "dh2/dy": 20.086}
    assert {name: found[name] for name in published} == published
    assert [[link["value"] for link in path] for path in document["paths"]["x"]] == [[1.0, 1.0]]


def test_graphs_and_plots_as_files(tmp_path: Path) -> None:
    for name in ("g.svg", "g.mmd", "g.dot"):
        run("derive", "x*y + x", "--at", "x=2,y=3", "--graph", str(tmp_path / name))
    assert (tmp_path / "g.svg").read_text().startswith("<svg") or "<svg" in (tmp_path / "g.svg").read_text()
    assert run("derive", "x*y + x", "--at", "x=2,y=3", "--graph", "dot").startswith("digraph")
    run("derive", "tanh", "--plot", str(tmp_path / "p.png"))
    assert (tmp_path / "p.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["softmx"], "did you mean 'softmax'?"),
        (["x + y", "--at", "x=1"], "y has no value: give --at y=1"),
        (["x + y", "--at", "x=1,y"], "--at should be like x=1,y=0.5, not 'y'"),
        (["x + sin(", "--at", "x=1"], "column 9"),
        (["x", "--at", "x=1,z=2"], "'z'"),
        (["sigmoid", "--at", "x=1"], "--at means nothing for the function sigmoid"),
        (["problems/two-two-two.yaml", "--only", "dL/dw99"], "dL/dw99"),
        (["problems/two-two-two.yaml", "--only", "L"], "ask for one like dL/dw1"),
        (["x*y", "--at", "x=1,y=2", "--graph", "g.txt"], ".svg"),
        (["sigmoid", "--plot", "g.txt"], ".png"),
        (["X*W'", "--shape", "X=n,d"], "--wrt"),
        (["X*W", "--shape", "X=n,d", "--shape", "W=k,d", "--wrt", "W"], "n×d"),
        (["nofile.yaml"], "no such file"),
    ],
)
def test_what_goes_wrong(words: list[str], says: str) -> None:
    message = run("derive", *words, code=2)
    assert says in message
    assert "Traceback" not in message


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs pdflatex")
@pytest.mark.parametrize(
    "words",
    [
        ["problems/softmax-batch.yaml"],
        ["problems/own-formulas.yaml", "--only", "dL/dW1[1,1]"],
        ["problems/tied-weight.yaml", "--second"],
        ["ln(x) + exp(y)*z", "--at", "x=1,y=3,z=2"],
        ["softmax"],
        ["X*W'", "--shape", "X=n,d", "--shape", "W=k,d", "--wrt", "W"],
    ],
)
def test_latex_compiles(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "d.tex").write_text(run("derive", *words, "--format", "latex"), encoding="utf-8")
    call = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "d.tex"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stdout[-1500:]
