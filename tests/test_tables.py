"""The tables know the same operations and mean the same by them; and each module imports only what it may know of."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import test_numbers
from independent import DEFAULTS, LOSSES, ON_PAPER, SCALARS
from mpmath import mp, mpf

from backcheck import catalogue, functions, paper
from backcheck.formula import Call, Cell, Formula, evaluate
from backcheck.roads import by_hand, by_nudging, definitions, forward
from backcheck.writing import conventions

# the same keys everywhere


def same(*tables: tuple[str, Collection[str]]) -> None:
    """Every table has the names that any of them has."""
    every = set().union(*(names for _, names in tables))
    missing = [f"{table} has no {name!r}: add a line for it there" for table, names in tables for name in every - set(names)]
    assert not missing, "\n".join(sorted(missing))


def entry(table: Mapping[str, Any], where: str, name: str) -> Any:
    assert name in table, f"{where} has no {name!r}: add a line for it there"
    return table[name]


def test_activations() -> None:
    same(
        ("backcheck/catalogue.py: ACTIVATIONS", catalogue.ACTIVATIONS),
        ("backcheck/paper.py: ACTIVATIONS", paper.ACTIVATIONS),
        ("backcheck/roads/by_hand.py: ACTIVATIONS", by_hand.ACTIVATIONS),
        ("tests/independent.py: SCALARS", [*SCALARS, "softmax"]),
    )


def test_every_road_knows_every_operation() -> None:
    operations = [*catalogue.ACTIVATIONS, *catalogue.LOSSES]
    fused = [*by_hand.FUSED]
    same(
        ("backcheck/catalogue.py", operations),
        ("backcheck/roads/definitions.py", [*definitions.ACTIVATIONS, *definitions.LOSSES]),
    )
    structure = {"affine", "linear", "mean", "total"}
    same(
        ("backcheck/catalogue.py and by_hand.py", {*operations, *fused, *structure}),
        ("backcheck/roads/forward.py", forward.rules(by_nudging.Complex())),
    )
    same(
        ("backcheck/functions.py: TYPED", functions.TYPED),
        ("backcheck/roads/definitions.py: FUNCTIONS", definitions.FUNCTIONS),
        ("backcheck/roads/forward.py: functions", {*forward.functions(by_nudging.Complex())} - {"power"}),
    )


def test_losses() -> None:
    same(
        ("backcheck/catalogue.py: LOSSES", catalogue.LOSSES),
        ("backcheck/paper.py: LOSSES", paper.LOSSES),
        ("backcheck/roads/by_hand.py: LOSSES", by_hand.LOSSES),
        ("backcheck/writing/conventions.py: LOSSES", conventions.LOSSES),
        ("tests/independent.py: LOSSES", LOSSES),
    )


@pytest.mark.parametrize("name", [*catalogue.ACTIVATIONS, *catalogue.LOSSES])
def test_parameters(name: str) -> None:
    wanted = {**catalogue.ACTIVATIONS, **catalogue.LOSSES}[name]
    found = DEFAULTS.get(name, {})
    assert found == wanted, f"tests/independent.py: DEFAULTS has {found} for {name!r}, backcheck/catalogue.py {wanted}"
    for letter in wanted:
        entry(SETTINGS, "tests/test_tables.py: SETTINGS", letter)


def test_fused() -> None:
    any_targets = [name + catalogue.ANY_TARGETS for name in catalogue.FUSED if name == "softmax+cross_entropy"]
    same(
        ("backcheck/catalogue.py: FUSED", [*catalogue.FUSED, *any_targets]),
        ("backcheck/paper.py: FUSED", paper.FUSED),
        ("backcheck/roads/by_hand.py: FUSED", by_hand.FUSED),
    )


def test_structure() -> None:
    same(("backcheck/paper.py: STRUCTURE", paper.STRUCTURE), ("backcheck/roads/by_hand.py: STRUCTURE", by_hand.STRUCTURE))


def within_table(names: Collection[str], where: str, table: Collection[str]) -> None:
    missing = sorted(set(names) - set(table))
    assert not missing, f"{where} has no {', '.join(map(repr, missing))}: add a line for each there"


def test_functions() -> None:
    within_table({*by_hand.FUNCTIONS, *functions.SLOPES}, "backcheck/functions.py: FLOATS", functions.FLOATS)
    within_table(functions.SLOPES, "backcheck/roads/by_hand.py: FUNCTIONS", by_hand.FUNCTIONS)
    within_table(functions.TYPED, "backcheck/roads/by_hand.py: FUNCTIONS", by_hand.FUNCTIONS)


def test_every_function_on_paper_can_be_worked() -> None:
    everywhere = {"sum", "mean", "sum_others", "lse_others", "here"}
    called = {call for op in paper.LETTERED for form in paper.forms(op) for call in calls(form)}
    within_table(called - everywhere, "backcheck/functions.py: FLOATS", functions.FLOATS)
    within_table(functions.FLOATS, "tests/independent.py: ON_PAPER", ON_PAPER)


def calls(tree: Formula) -> Iterator[str]:
    from backcheck.formula import children

    if isinstance(tree, Call):
        yield tree.function
    for part in children(tree):
        yield from calls(part)


def test_parameters_have_their_letters() -> None:
    for op in paper.LETTERED:
        read = {cell for form in paper.forms(op) for cell in cells(form)} - {"K"}
        assert read <= set(catalogue.letters(op)), f"{op} reads {read - set(catalogue.letters(op))}"


def cells(tree: Formula) -> Iterator[str]:
    from backcheck.formula import cells

    return cells(tree)


def test_each_is_tried_in_a_network() -> None:
    """… against the independent computation."""
    tried = {re.sub(r"^\{(\w+):.*", r"\1", name) for name in test_numbers.ACTIVATIONS + test_numbers.LOSSES}
    within_table(catalogue.ACTIVATIONS, "tests/test_numbers.py: ACTIVATIONS", tried)
    within_table(catalogue.LOSSES, "tests/test_numbers.py: LOSSES", tried)


# the same meaning

Z = [[-2.3, 0.4, 1.1], [0.7, -0.2, 2.9], [3.3, 3.1, -1.7], [-0.9, 0.35, -0.6]]
T = [[0.2, 0.5, 0.3], [0.0, 1.0, 0.0], [0.6, 0.3, 0.1], [0.25, 0.25, 0.5]]
Y = [[0.3, 0.1, 0.7], [0.25, 0.9, 0.5], [0.4, 0.35, 0.2], [0.75, 0.6, 0.1]]
G = [[0.7, -1.2, 0.4], [1, 0.3, -2], [0.1, 0.2, 0.3], [-1, 1, 2]]
SETTINGS = {"at_zero": "0.5", "slope": "0.2", "alpha": "0.7", "scale": "1.3", "delta": "0.15"}
N = 4


def on_paper(tree: Formula, letters: dict[str, Any], j: int = 0) -> Any:
    """The value of a lettered formula for output j: lists have one number for each output."""
    outputs = range(3)

    def at(tree: Formula, j: int, home: int) -> Any:
        match tree:
            case Cell("K"):
                return mpf(3)
            case Cell(name):
                return letters[name][j] if isinstance(letters[name], list) else letters[name]
            case Call("here", (body,)):
                return at(body, home, home)
            case Call("sum" | "sum_others" as over, (body,)):
                return mp.fsum(at(body, k, j) for k in outputs if over == "sum" or k != j)
            case Call("lse" | "lse_others" as over, (body,)):
                return ON_PAPER["lse"](*(at(body, k, j) for k in outputs if over == "lse" or k != j))
        from backcheck.formula import children, rebuild

        if not children(tree):
            return evaluate(tree, letters.__getitem__, ON_PAPER, mpf)
        parts = iter([at(part, j, home) for part in children(tree)])
        names = {f"_{i}": value for i, value in enumerate(parts)}
        fresh = iter(names)
        return evaluate(rebuild(tree, lambda _: Cell(next(fresh))), names.__getitem__, ON_PAPER, mpf)

    return at(tree, j, j)


def setting(letter: str) -> str:
    return str(entry(SETTINGS, "tests/test_tables.py: SETTINGS", letter))


def parameters(op: str) -> dict[str, Any]:
    others = {"g", "z", "a", "t", "y", "N"}
    found = {letter: mpf(float(setting(letter))) for letter in catalogue.letters(op) if letter not in others}
    return found | ({"N": mpf(N)} if "N" in catalogue.letters(op) else {})


def exact(row: list[float]) -> list[Any]:
    return [mpf(v) for v in row]


def close(found: Any, wanted: Any, rel: float = 1e-11) -> bool:
    return bool(abs(found - wanted) <= rel * max(abs(wanted), mpf("1e-3")))


def slope(of: Any, at: list[Any], j: int) -> Any:
    h = mpf(10) ** -15
    return (of([v + h * (k == j) for k, v in enumerate(at)]) - of([v - h * (k == j) for k, v in enumerate(at)])) / (2 * h)


def outputs_of(activation: str, z: list[Any]) -> list[Any]:
    form = paper.forms(activation)[0]
    return [on_paper(form, {"z": z, **parameters(activation)}, j) for j in range(3)]


@pytest.mark.parametrize("activation", sorted(catalogue.ACTIVATIONS))
def test_activation(activation: str) -> None:
    """On paper as in NumPy; and the slope on paper, in every form, is the slope of what stands on paper."""
    entry(paper.ACTIVATIONS, "backcheck/paper.py: ACTIVATIONS", activation)
    settings = [np.asarray(float(setting(letter))) for letter in catalogue.ACTIVATIONS[activation]]
    forward, backward = entry(by_hand.ACTIVATIONS, "backcheck/roads/by_hand.py: ACTIVATIONS", activation)
    A = forward(np.array(Z), *settings)
    worked = backward(np.array(G), np.array(Z), A, *settings)
    with mp.workdps(50):
        for n, (row, arriving) in enumerate(zip(Z, G, strict=True)):
            z, g = exact(row), exact(arriving)
            a = outputs_of(activation, z)
            for j in range(3):
                for form in paper.forms(activation):
                    assert close(on_paper(form, {"z": z, **parameters(activation)}, j), mpf(A[n, j]))
                truth = slope(lambda z, g=g: mp.fdot(g, outputs_of(activation, z)), z, j)
                for form in paper.forms(f"{activation}.dz"):
                    letters = {"z": z, "a": a, "g": g, **parameters(f"{activation}.dz")}
                    assert close(on_paper(form, letters, j), truth)
                assert close(mpf(worked[n, j]), truth)


@pytest.mark.parametrize("loss", sorted(catalogue.LOSSES))
def test_loss(loss: str) -> None:
    entry(paper.LOSSES, "backcheck/paper.py: LOSSES", loss)
    settings = [np.asarray(float(setting(letter))) for letter in catalogue.LOSSES[loss]]
    forward, backward = entry(by_hand.LOSSES, "backcheck/roads/by_hand.py: LOSSES", loss)
    L = forward(np.array(T), np.array(Y), *settings)
    worked = backward(np.array(T), np.array(Y), np.asarray(float(N)), *settings)
    with mp.workdps(50):
        for n in range(len(T)):
            t, y = exact(T[n]), exact(Y[n])
            (form,) = paper.forms(loss)
            assert close(on_paper(form, {"t": t, "y": y, **parameters(loss)}), mpf(L[n]))
            for j in range(3):
                truth = slope(lambda y, t=t, form=form: on_paper(form, {"t": t, "y": y, **parameters(loss)}), y, j) / N
                assert close(mpf(worked[n, j]), truth)
                for slope_form in paper.forms(f"{loss}.dy"):
                    assert close(on_paper(slope_form, {"t": t, "y": y, **parameters(f"{loss}.dy")}, j), truth)


@pytest.mark.parametrize("fused", sorted(paper.FUSED))
def test_fused_activation_and_loss(fused: str) -> None:
    activation = fused.partition("+")[0]
    settings = [np.asarray(float(setting(letter))) for letter in catalogue.ACTIVATIONS[activation]]
    targets = [[0.9, 0.4, 0.1], [0, 1, 1], *T[:2]] if catalogue.ANY_TARGETS in fused or "binary" in fused else T
    t_z_y = np.array(targets, float), np.array(Z), by_hand.ACTIVATIONS[activation][0](np.array(Z), *settings)
    forward, by_y, by_z = by_hand.FUSED[fused]
    N_ = np.asarray(float(N))
    worked = {"": forward(*t_z_y, *settings), ".dy": by_y(*t_z_y, N_, *settings), ".dz": by_z(*t_z_y, N_, *settings)}
    with mp.workdps(50):
        for n in range(len(T)):
            t, z = exact(targets[n]), exact(Z[n])
            y = outputs_of(activation, z)
            given = {"t": t, "z": z, "y": y}
            plain, *others = paper.forms(fused)
            wanted = on_paper(plain, {**given, **parameters(fused)})
            assert close(mpf(worked[""][n]), wanted)
            for form in others:
                assert close(on_paper(form, {**given, **parameters(fused)}), wanted)
            for j in range(3):
                through = {
                    ".dy": slope(lambda y, plain=plain, t=t: on_paper(plain, {"t": t, "y": y}), y, j) / N,
                    ".dz": slope(lambda z, plain=plain, t=t: on_paper(plain, {"t": t, "y": outputs_of(activation, z)}), z, j) / N,
                }
                for part, truth in through.items():
                    assert close(mpf(worked[part][n, j]), truth)
                    for form in paper.forms(fused + part):
                        assert close(on_paper(form, {**given, **parameters(fused + part)}, j), truth), (part, form)


@pytest.mark.parametrize("name", sorted(set(functions.FLOATS) - {"lse"}))
def test_function(name: str) -> None:
    """Over floats, over arrays and here it is one function."""
    from inspect import signature

    double = name in ("power", "max", "min", "heaviside", "relu'", "leaky_relu", "leaky_relu'", "elu", "elu'", "huber", "huber'")
    for u in (-1.7, -0.3, 0.0, 0.4, 1.0, 2.6):
        arguments = [abs(u) + 0.1 if name in ("ln", "sqrt", "power") else u] + [0.7] * double
        wanted = ON_PAPER[name](*map(mpf, arguments))
        assert close(mpf(functions.FLOATS[name](*arguments)), wanted)
        if name in by_hand.FUNCTIONS and (name != "relu'" or len(signature(by_hand.FUNCTIONS[name]).parameters) > 1):
            assert close(mpf(float(by_hand.FUNCTIONS[name](*map(np.asarray, arguments)))), wanted)


# who imports whom

ROOT = Path(sys.modules["backcheck"].__file__ or "").parent
FOREIGN = {
    "sympy",
    "mpmath",
    "flint",
    "matplotlib",
    "jax",
    "pydantic",
    "rich",
    "torch",
    "scipy",
    "pandas",
    "typer",
    "yaml",
    "numpy",
}
ALLOWED = {
    "rich": {"backcheck.writing.colour", "backcheck.classroom.progress", "backcheck.writing.training.live"},
    "typer": {"backcheck.typer_app"},
    "yaml": {"backcheck.problem.text"},
    "torch": {"backcheck.roads.by_autograd"},
    "jax": {"backcheck.roads.by_autograd"},
    "flint": {"backcheck.roads.certified"},
    "mpmath": {"backcheck.roads.exact", "backcheck.pages.calculus"},
    "matplotlib": {"backcheck.writing.figure"},
    "distributed": {"backcheck.classroom.dask"},
}
FOUNDATION = [
    "worksheet",
    "cells",
    "formula",
    "slopes",
    "arithmetic",
    "functions",
    "spelling",
    "paper",
    "lines",
    "catalogue",
    "errors",
    "opening",
    "why",
]


@cache
def imports() -> dict[str, set[str]]:
    """Module → all that it imports, at its top or later, but not for type checking only."""
    found = {}
    for file in ROOT.rglob("*.py"):
        parts = file.relative_to(ROOT.parent).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        found[name] = set(_imported(ast.parse(file.read_text(encoding="utf-8"))))
    return found


def _imported(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.If(ast.Name("TYPE_CHECKING")):
            return
        case ast.Import(names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module, names, level):
            assert level == 0, "imports are absolute"
            yield from ([f"{module}.{alias.name}" for alias in names] if module in PACKAGES else [str(module)])
    for child in ast.iter_child_nodes(node):
        yield from _imported(child)


PACKAGES = {".".join(file.parent.relative_to(ROOT.parent).parts) for file in ROOT.rglob("__init__.py")}


def test_every_room_is_installed() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())
    assert set(project["tool"]["setuptools"]["packages"]) == PACKAGES


def within(module: str, *folders: str) -> bool:
    return any(module == folder or module.startswith(folder + ".") for folder in folders)


@pytest.mark.parametrize(
    ("folder", "never"),
    [
        ("backcheck.problem", ["backcheck.roads", "backcheck.marking", "backcheck.writing"]),
        ("backcheck.roads", ["backcheck.writing", "backcheck.marking", "backcheck.problem"]),
        ("backcheck.marking", ["backcheck.writing", "backcheck.problem", "backcheck.commands"]),
        ("backcheck.matrices", ["backcheck.marking", "backcheck.roads", "backcheck.problem"]),
        ("backcheck.pages", ["backcheck.writing", "backcheck.marking", "backcheck.problem"]),
        (
            "backcheck.proving",
            ["backcheck.writing", "backcheck.marking", "backcheck.grading", "backcheck.roads", "backcheck.commands"],
        ),
        ("backcheck.slips", ["backcheck.writing", "backcheck.marking", "backcheck.problem"]),
        ("backcheck.writing", ["backcheck.problem", "backcheck.commands"]),
        (
            "backcheck.answers",
            ["backcheck.roads", "backcheck.marking", "backcheck.grading", "backcheck.writing", "backcheck.commands"],
        ),
        ("backcheck.grading", ["backcheck.writing", "backcheck.classroom", "backcheck.commands", "backcheck.marking"]),
        (
            "backcheck.training",
            ["backcheck.writing", "backcheck.problem", "backcheck.marking", "backcheck.reasons", "backcheck.commands"],
        ),
        ("backcheck.reasons", ["backcheck.writing", "backcheck.marking", "backcheck.grading", "backcheck.commands"]),
        ("backcheck.classroom", ["backcheck.writing", "backcheck.problem", "backcheck.commands"]),
        *((f"backcheck.{name}", ["backcheck.problem", "backcheck.roads", "backcheck.writing"]) for name in FOUNDATION),
    ],
)
def test_rooms(folder: str, never: list[str]) -> None:
    assert any(within(module, folder) for module in imports())
    wrong = [f"{m} imports {i}" for m, names in imports().items() if within(m, folder) for i in names if within(i, *never)]
    assert not wrong


@pytest.mark.parametrize(
    ("reader", "never"), [("paper", "numpy"), ("formula", "numpy"), ("slopes", "numpy"), ("functions", "numpy")]
)
def test_what_is_written_knows_no_arrays(reader: str, never: str) -> None:
    assert never not in imports()[f"backcheck.{reader}"]


def test_by_hand_and_paper_know_nothing_of_each_other() -> None:
    assert "backcheck.paper" not in imports()["backcheck.roads.by_hand"]
    assert "backcheck.roads.by_hand" not in imports()["backcheck.paper"]


def test_no_module_imports_itself_by_a_detour() -> None:
    TopologicalSorter({m: {i for i in names if i in imports()} for m, names in imports().items()}).prepare()


def test_other_peoples_packages() -> None:
    used = {(module, name.split(".")[0]) for module, names in imports().items() for name in names}
    wrong = [f"{m} imports {p}" for m, p in used if p in FOREIGN - {"numpy", "sympy"} and m not in ALLOWED.get(p, set())]
    assert not wrong
    outside = [m for m, p in used if p == "sympy" and not within(m, "backcheck.roads", "backcheck.pages", "backcheck.writing")]
    assert not outside, "SymPy belongs to the roads, and to the pages of functions"


BY_HAND = {"by_hand", "backprop", "work", "on_paper"}
BY_SYMBOLS = {"definitions", "derived", "compiled", "given", "exact", "walk", "by_symbols", "certified"}
IN_FORMULAS = {"chain", "written", "second"}
BY_NUDGING = {"forward", "elementary", "imaginary", "passes", "nudged_layers", "along", "by_nudging", "by_autograd"}


def reached(module: str) -> set[str]:
    """All that a module imports, by whatever detour."""
    pending, found = [module], set()
    while pending:
        for name in imports().get(pending.pop(), set()) - found:
            found.add(name)
            pending.append(name)
    return found


@pytest.mark.parametrize("road", [BY_SYMBOLS | IN_FORMULAS, BY_NUDGING, {"twin"}])
def test_the_other_roads_cannot_reach_the_road_by_hand(road: set[str]) -> None:
    never = {f"backcheck.roads.{name}" for name in BY_HAND} | {"backcheck.slopes", "backcheck.paper", "backcheck.lines"}
    assert not [(name, found) for name in road for found in reached(f"backcheck.roads.{name}") & never]


def test_algebra_and_numbers_know_nothing_of_each_other() -> None:
    """What is proven by the one is worked again by the other; they meet in `decide`."""
    algebra = {name for name in imports() if within(name, "backcheck.proving.algebra", "backcheck.proving.inequalities")}
    assert len(algebra) > 10
    assert not reached("backcheck.proving.numbers.refute") & algebra
    second = {"backcheck.proving.numbers.refute", "backcheck.proving.numbers.evaluate"}
    assert not [name for name in algebra if second & reached(name)]
    assert {"backcheck.proving.numbers.refute", "backcheck.proving.algebra.equal"} <= reached("backcheck.proving.decide")


def test_nudging_and_symbols_know_nothing_of_each_other() -> None:
    symbols = {f"backcheck.roads.{name}" for name in BY_SYMBOLS | IN_FORMULAS}
    assert not [name for name in BY_NUDGING if reached(f"backcheck.roads.{name}") & (symbols | {"sympy"})]
    nudging = {f"backcheck.roads.{name}" for name in BY_NUDGING}
    assert not [name for name in BY_SYMBOLS | IN_FORMULAS if reached(f"backcheck.roads.{name}") & nudging]
    assert not reached("backcheck.roads.by_hand") & (symbols | nudging | {"sympy"})


# what a command may load


PROBLEM = "{inputs: [1], targets: [1], layers: [{weights: [[0.5]], activation: sigmoid}], loss: squared_error, learning_rate: 0.1}"


def loaded(*command: str, of: str = "backcheck") -> set[str]:
    """The modules that Python loads for a command, by its own account."""
    environment = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "PYTHONSTARTUP")}
    run = [sys.executable, "-X", "importtime", *(("-m", of) if of == "backcheck" else ("-c", of)), *command]
    done = subprocess.run(run, input=PROBLEM, capture_output=True, text=True, check=True, env=environment, encoding="utf-8")
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


@cache
def unavoidable() -> frozenset[str]:
    """What NumPy and PyYAML load by themselves."""
    return frozenset(loaded(of="import numpy, yaml"))


@pytest.mark.parametrize(
    ("command", "never"),
    [
        (("step", "-"), {"rich", "pydantic", "sympy", "typer", "click", "json", "numpy.random", "dataclasses", "inspect"}),
        (("step", "-", "--format", "json"), {"rich", "pydantic", "sympy", "typer", "numpy.random"}),
        (("step", "-", "--format", "latex"), {"rich", "pydantic", "sympy", "typer", "json", "numpy.random"}),
        (("derive", "-"), {"rich", "pydantic", "typer", "matplotlib", "backcheck.roads.by_nudging"}),
        (("check", "-"), {"rich", "pydantic", "typer", "matplotlib", "backcheck.roads.certified", "torch", "jax"}),
    ],
)
def test_what_step_loads(command: tuple[str, ...], never: set[str]) -> None:
    found = loaded(*command)
    assert {"numpy", "yaml", "backcheck.roads.by_hand"} <= found
    assert not (found - unavoidable()) & never


def test_what_help_loads() -> None:
    found = loaded("--help")
    assert "typer" in found
    assert not found & {"numpy", "yaml", "rich", "sympy", "pydantic"}
