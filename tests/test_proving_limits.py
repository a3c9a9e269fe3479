"""Limits: what they are, what they are not, and numbers far out that must come as near as is said."""

from __future__ import annotations

import random

import plain_values
import pytest
from mpmath import mp, mpf
from plain_values import NoValue, Numbers, asked, value

from backcheck.proving.approaching.running import reached, ways
from backcheck.proving.limits import limit
from backcheck.proving.names import Names, Scene
from backcheck.proving.reading.grammar import expression
from backcheck.proving.statements import Limit, Misread, Relation
from backcheck.proving.tree import Tree, name, number
from backcheck.proving.verdict import FALSE, NOT_PROVEN, PROVEN, Decision

HEAD = """index i, j, k : K
vector z[k], x[k]
number y, a, c, u, h
let S = sum(k, exp(z[k]))
let p[i] = exp(c z[i])/sum(k, exp(c z[k]))
let C = -(y ln(a) + (1-y) ln(1-a))
let E = -(a ln(y) + (1-a) ln(1-y))
"""
OF_A, GREATEST = "0 < a < 1", "z[i] > z[k] for k != i"
OO = Tree("infinity")

TRUE = [
    (OF_A, "y -> 0+ : E = oo"),
    (OF_A, "y -> 1- : E = oo"),
    (OF_A, "y -> 0+ : C = -ln(1-a)"),
    (GREATEST, "c -> oo : p[i] = 1"),
    (GREATEST, "c -> oo : sum(k != i, exp(c (z[k] - z[i]))) = 0"),
    ("", "c -> 0 : p[i] = 1/K"),
    ("", "c -> 0 : 1/c sum(k, exp(c x[k]) - 1) = sum(k, x[k])"),
    ("x[k] > 0", "c -> oo : sum(k, exp(-c x[k])) = 0"),
    ("", "h -> 0+ : (relu(h) - relu(0))/h = 1"),
    ("", "h -> 0- : (relu(h) - relu(0))/h = 0"),
    ("", "h -> 0 : ((u + h)^2 - u^2)/h = 2 u"),
    ("", "h -> 0 : (exp(u + h) - exp(u))/h = exp(u)"),
    ("u > 0", "h -> 0 : (ln(u + h) - ln(u))/h = 1/u"),
    ("", "h -> 0 : (exp(h) - 1 - h)/h^2 = 1/2"),
    ("", "y -> 0+ : y ln(y) = 0"),
    ("", "y -> 0+ : y^y = 1"),
    ("", "y -> oo : ln(y)^5/y = 0"),
    ("", "y -> oo : exp(y)/y^10 = oo"),
    ("", "y -> oo : (1 + u/y)^y = exp(u)"),
    ("", "y -> oo : (2 y^2 + 1)/(3 y^2 - y) = 2/3"),
    ("", "y -> oo : sqrt(y^2 + y) - y = 1/2"),
    ("", "y -> oo : y - ln(y) = oo"),
    ("", "y -> a : (y^2 - a^2)/(y - a) = 2 a"),
    ("", "u -> -oo : u sigmoid(u) = 0"),
    ("", "u -> oo : softplus(u) - u = 0"),
    ("", "y -> -oo : tanh(y) = -1"),
    ("", "y -> 0 : 1/y^2 = oo"),
    ("a < 0", "y -> oo : exp(a y) = 0"),
    ("", "y -> 0+ : 3 + y > 2"),
    ("", "y -> 0+ : ln(y) < 0"),
]
WRONG = [
    (OF_A, "y -> 1- : E = 0", "the limit is oo"),
    (OF_A, "y -> 0+ : E = 5", "the limit is oo"),
    ("", "c -> 0 : p[i] = 1", "the limit is 1/K"),
    ("", "h -> 0- : (relu(h) - relu(0))/h = 1", "the limit is 0"),
    ("", "y -> 2 : (y^2-4)/(y-2) = 2", "the limit is 4"),
    ("", "y -> oo : y = u", "the limit is oo"),
    ("", "h -> 0 : abs(h)/h = 1", "there is no limit: from above it runs to 1 and from below it runs to -1"),
    ("", "y -> 0 : 1/y = oo", "there is no limit: from above it runs to oo and from below it runs to -oo"),
    ("", "y -> 0 : exp(1/y) = oo", "there is no limit: from above it runs to oo and from below it runs to 0"),
]
UNCLEAR = [
    ("", "y -> 0+ : E = oo", "it depends on the sign of a"),
    ("", "y -> oo : exp(a y) = oo", "it depends on the sign of a"),
    ("", "c -> oo : p[i] = 1", "it depends on which term of a sum is the greatest"),
]


def decision(given: str, line: str) -> Decision:
    statement, scene = asked(HEAD + (f"given {given}\n" if given else "") + f"lim {line}")
    assert isinstance(statement, Limit)
    return limit(statement, scene)


@pytest.mark.parametrize(("given", "line"), TRUE)
def test_true(given: str, line: str) -> None:
    assert decision(given, line).verdict == PROVEN


@pytest.mark.parametrize(("given", "line", "says"), WRONG)
def test_false(given: str, line: str, says: str) -> None:
    found = decision(given, line)
    assert (found.verdict, found.says) == (FALSE, says)
    assert found.counterexample is not None


@pytest.mark.parametrize(("given", "line", "why"), UNCLEAR)
def test_what_depends_on_something_not_given(given: str, line: str, why: str) -> None:
    found = decision(given, line)
    assert found.verdict == NOT_PROVEN
    assert why in found.says


def test_numbers_near_the_place_show_it() -> None:
    found = decision("", "h -> 0- : (relu(h) - relu(0))/h = 1").counterexample
    assert found is not None
    assert [number.exact for called, number in found.values if called == "h"] == ["-1/1000"]
    assert (found.left.decimal, found.right.decimal) == ("0", "1")


def test_what_runs_cannot_be_left() -> None:
    """Two sides that both run to infinity are not equal for that: y + 5 = y."""
    with pytest.raises(Misread, match="y stands on the right"):
        decision("", "y -> oo : y + 5 = y")


def test_a_side_without_values_is_said() -> None:
    found = decision("", "y -> 0 : y ln(y) = 0")
    assert found.verdict == PROVEN
    assert found.says.startswith("from below it has no value")
    assert not decision("0 < y < 1", "y -> 0 : y ln(y) = 0").says  # nobody comes from there


def test_which_givens_it_took() -> None:
    assert decision(f"{OF_A} ; u > 0", "y -> 0+ : C = -ln(1-a)").used <= {0, 1}
    assert decision(GREATEST, "c -> oo : p[i] = 1").used == {0}


# expressions made at random, from each side


def _expression(source: random.Random, depth: int) -> str:
    if depth == 0 or source.random() < 0.12:
        return source.choice(["y", "y", "y", "y", "1", "2", "3", "1/2", "y^2", "a"])
    shapes = ["({0} + {1})", "({0} - {1})", "({0})*({1})", "({0})/({1})", "({0})^2", "exp({0})", "ln({0})", "sqrt({0})"]
    shape = source.choice([*shapes, *shapes[:4], "relu({0})", "sigmoid({0})", "tanh({0})", "abs({0})", "({0})^(-1)"])
    return shape.format(*(_expression(source, depth - 1) for _ in range(2)))


@pytest.mark.parametrize("seed", range(300))
def test_numbers_far_out_come_near(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_values, "LARGEST", mpf(10) ** 30)
    source = random.Random(seed)
    tree = expression(_expression(source, source.choice((2, 3, 3))))
    to = source.choice((number(0), number(1), OO, Tree("minus", (OO,))))
    sign = source.choice("<>")
    scene = Scene(Names(shapes={"y": (), "a": ()}), (Relation(sign, name("a"), number(0)),))
    a = mpf(source.uniform(0.2, 3)) * (1 if sign == ">" else -1)
    for way in ways("y", to, ""):
        found = reached(tree, way, scene, {})
        if found is not None and found.to is not None:
            _compared(tree, found.to, [_worth(tree, a, _place(to, way.side, power), scene) for power in (6, 12, 24)], a, scene)


def _place(to: Tree, side: int, power: int) -> mpf:
    return mpf(to.text) + side * mpf(10) ** -power if to.op == "number" else side * mpf(10) ** power


def _worth(tree: Tree, a: mpf, y: mpf, scene: Scene) -> mpf | None:
    with mp.workdps(120):
        try:
            return value(tree, Numbers(scene.names, {}, {}, {"y": y, "a": a}, {}))
        except NoValue:
            return None


def _compared(tree: Tree, limit: Tree, values: list[mpf | None], a: mpf, scene: Scene) -> None:
    """Nearer and nearer, or near; further and further out, or far out. ln ln t takes its time."""
    before, last = values[-2:]
    if before is None or last is None:
        return
    end = {OO: 1, Tree("minus", (OO,)): -1}.get(limit)
    if end is not None:
        assert end * last > min(10**4, end * before), (tree, limit, values)
        return
    there = _worth(limit, a, mpf(0), scene)
    assert there is not None
    assert abs(last - there) < max(mpf(10) ** -5 * (1 + abs(there)), abs(before - there) * mpf("0.95")), (tree, limit, values)
