"""What cannot be: sums that show it, numbers that refute it, and where neither is found, nothing is claimed."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backcheck.proving.names import Names, Scene
from backcheck.proving.reading import read
from backcheck.proving.statements import Impossible
from backcheck.proving.unknowns import branching, by_z3, impossible
from backcheck.proving.unknowns.branching import Cases, Choice, System, refutes, solve
from backcheck.proving.unknowns.impossible import judge_impossible
from backcheck.proving.unknowns.linear import Contradiction, Row, adds_up, at, holds
from backcheck.proving.unknowns.logarithms import product_is_one, sign
from backcheck.proving.unknowns.meter import Meter, TooMuch
from backcheck.proving.unknowns.simplex import contradiction
from backcheck.proving.verdict import FALSE, NOT_PROVEN, PROVEN

UNIT = "w1 x1 + w2 x2 + b"
BITS = " for x1, x2 in {0,1}"


def decided(wanted, unknowns="w1, w2, b", data=BITS, functions=(), names=None):
    """The decision on `there are no unknowns with wanted for data`."""
    lines = [f"for {how} {called}" for called, how in functions]
    source = read("\n".join([*lines, f"there are no {unknowns} with {wanted}{data}"]))
    statement = source.lines[-1].statement
    assert isinstance(statement, Impossible), vars(statement)
    names = names or Names(functions=dict(functions))
    return judge_impossible(statement, Scene(names))


# one unit


def test_xor_by_one_unit_with_relu():
    decision = decided(f"relu({UNIT}) = xor(x1, x2)")
    assert decision.verdict == PROVEN
    assert decision.says == (
        "adding 0 >= w1 + w2 + b (x1 = 1, x2 = 1), 0 >= b (x1 = 0, x2 = 0), w1 + b = 1 (x1 = 1, x2 = 0) and "
        "w2 + b = 1 (x1 = 0, x2 = 1) gives 0 >= 2"
    )


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        (f"{UNIT} = xor(x1, x2)", PROVEN),
        (f"step({UNIT}) = xor(x1, x2)", PROVEN),
        (f"max(1/100 ({UNIT}), {UNIT}) = xor(x1, x2)", PROVEN),  # leaky
        (f"sigmoid({UNIT}) = xor(x1, x2)", PROVEN),  # never 0, never 1
        (f"tanh({UNIT}) = 2 xor(x1, x2) - 1", PROVEN),
        (f"exp({UNIT}) = xor(x1, x2)", PROVEN),
        (f"softplus({UNIT}) = xor(x1, x2)", PROVEN),
        (f"sigmoid({UNIT}) = 1/10 + 4/5 xor(x1, x2)", PROVEN),
        (f"sigmoid({UNIT}) = 1/10 + 4/5 x1", FALSE),
        (f"sigmoid({UNIT}) = 1/10 + 4/5 x1 x2", PROVEN),  # all four are asked exactly
        (f"relu({UNIT}) = x1 x2", FALSE),
        (f"relu({UNIT}) = max(x1, x2)", PROVEN),
        (f"step({UNIT}) = max(x1, x2)", FALSE),
        (f"abs({UNIT}) = xor(x1, x2)", FALSE),
        (f"({UNIT})^2 = xor(x1, x2)", FALSE),
        (f"min({UNIT}, 1) = max(x1, x2)", FALSE),
        (f"relu({UNIT}) > xor(x1, x2) - 1/2 ; relu({UNIT}) < xor(x1, x2) + 1/2", PROVEN),
        (f"sign({UNIT}) = 2 x1 x2 - 1", FALSE),
        (f"exp({UNIT}) = (1 + x1) (1 + 2 x2)", FALSE),
        (f"relu({UNIT}) != 0", FALSE),
        (f"relu({UNIT}) < 0", PROVEN),
    ],
)
def test_one_unit(wanted, verdict):
    decision = decided(wanted)
    assert decision.verdict == verdict, decision.says
    assert (decision.counterexample is not None) == (verdict == FALSE)


def test_xor_by_one_unit_with_other_functions():
    wanted = f"f({UNIT}) = xor(x1, x2)"
    assert decided(wanted, functions=[("f", "monotone")]).verdict == PROVEN
    decision = decided(wanted, functions=[("f", "any")])
    assert decision.verdict == FALSE
    assert decision.says == "it is possible: w1 = 1, w2 = 1, b = 0, f(0) = 0, f(1) = 1, f(2) = 0"
    assert decided(f"f({UNIT}) = x1 x2", functions=[("f", "monotone")]).verdict == FALSE


def test_a_function_has_one_value_at_one_argument():
    assert decided("f(w x) = x", "w", " for x in {0,1}", [("f", "any")]).verdict == FALSE
    assert decided("f(w (x - x^2)) = x", "w", " for x in {0,1}", [("f", "any")]).verdict == PROVEN
    assert (
        decided("f(f(w x)) = 1 - x ; f(w) = w", "w", " for x in {0,1}", [("f", "any")]).verdict == PROVEN
    )  # f(f(w)) = f(w) = w = 0


def test_what_a_step_is_at_its_kink_is_left_open():
    decision = decided("step(w x) = 1", "w", " for x in {0}")
    assert (decision.verdict, decision.says) == (NOT_PROVEN, impossible.AT_A_KINK)
    assert decided("step(w x) = 2", "w", " for x in {0}").verdict == PROVEN


def test_numbers_are_those_of_the_statement():
    decision = decided(f"relu({UNIT}) = x1 x2")
    found = {name: number.exact for name, number in decision.counterexample.values}
    w1, w2, b = (Fraction(found[name]) for name in ("w1", "w2", "b"))
    assert all(max(0, w1 * x1 + w2 * x2 + b) == x1 * x2 for x1, x2 in product((0, 1), repeat=2))
    assert (decision.counterexample.left.exact, decision.counterexample.sign, decision.counterexample.right.exact) == (
        "1",
        "=",
        "1",
    )


def test_logarithms_are_shown_exactly():
    decision = decided(f"sigmoid({UNIT}) = 1/10 + 4/5 x1")
    found = dict(decision.counterexample.values)
    assert found["b"].exact == "-ln 9"
    assert float(found["b"].decimal) == pytest.approx(math.log(1 / 9), abs=1e-5)


# two layers: products of unknowns


TWO = "v1 relu(w1 x1 + w2 x2 + b1) + v2 relu(w3 x1 + w4 x2 + b2) + c"


def test_two_layers_can():
    decision = decided(f"{TWO} = xor(x1, x2)", "w1, w2, w3, w4, b1, b2, v1, v2, c")
    assert decision.verdict == FALSE
    f = {name: Fraction(number.exact) for name, number in decision.counterexample.values}
    for x1, x2 in product((0, 1), repeat=2):
        first = max(0, f["w1"] * x1 + f["w2"] * x2 + f["b1"])
        second = max(0, f["w3"] * x1 + f["w4"] * x2 + f["b2"])
        assert f["v1"] * first + f["v2"] * second + f["c"] == x1 ^ x2


def test_vectors_by_entries():
    names = Names(letters={"j": "2", "k": "2"}, shapes={"W": ("2", "2"), "c": ("2",), "v": ("2",)})
    source = read(
        "index j : 2\nmatrix W[j,j]\nvector c[j], v[j]\n"
        "there are no W, c, v, b with sum(j, v[j] relu(W[j,1] x1 + W[j,2] x2 + c[j])) + b = xor(x1, x2) for x1, x2 in {0,1}"
    )
    decision = judge_impossible(source.lines[-1].statement, Scene(names))
    assert decision.verdict == FALSE
    assert "W[1,1] = " in decision.says


def test_products_where_adding_is_enough_need_no_z3(monkeypatch):
    monkeypatch.setattr(by_z3, "find_spec", lambda _: None)
    assert decided(f"u ({UNIT}) + c = xor(x1, x2)", "w1, w2, b, u, c").verdict == PROVEN


def test_z3_decides_products():
    pytest.importorskip("z3")
    assert decided(f"u relu({UNIT}) + c = xor(x1, x2)", "w1, w2, b, u, c").verdict == PROVEN
    assert decided("w^2 = -1", "w", "").verdict == PROVEN
    assert decided("w v = 7 ; w - v = 6/5", "w, v", "").verdict in (FALSE, NOT_PROVEN)
    assert decided("w v = 35 ; w - v = 2", "w, v", "").verdict == FALSE


def test_numbers_that_cannot_be_put_back_are_no_answer():
    pytest.importorskip("z3")
    decision = decided("w^2 = 2", "w", "")
    assert decision.verdict == NOT_PROVEN
    assert "no fractions" in decision.says


def test_without_z3_nothing_is_claimed(monkeypatch):
    monkeypatch.setattr(by_z3, "find_spec", lambda _: None)
    decision = decided("w^2 = -1", "w", "")
    assert decision.verdict == NOT_PROVEN
    assert "pip install 'backcheck[proof]'" in decision.says


@pytest.mark.parametrize(
    "start", ["import os; os.abort()", "import time; time.sleep(60)", "print('sat')", "print('unsat', flush=True); 1/0"]
)
def test_a_z3_that_dies_or_hangs_is_no_answer(monkeypatch, start):
    monkeypatch.setattr(by_z3, "START", start)
    monkeypatch.setattr(by_z3, "LONGEST", 1.0)
    assert decided("w^2 = -1", "w", "").verdict == NOT_PROVEN


def test_a_wrong_model_is_no_refutation(monkeypatch):
    monkeypatch.setattr(impossible, "ask", lambda system: by_z3.Answer("some", {"w": Fraction(1)}))
    assert decided("w^2 = -1", "w", "").verdict == NOT_PROVEN


# bounds


def test_bounds():
    bits = ", ".join(f"x{i}" for i in range(1, 8))
    assert "128 rows of data" in decided("w x1 = 1", "w", f" for {bits} in {{0,1}}").says
    many = ", ".join(f"w{i}" for i in range(1, 14))
    total = " + ".join(f"w{i}" for i in range(1, 14))
    assert "13 unknowns" in decided(f"{total} = 1", many, "").says
    deep = "relu(" * 20 + "w" + ")" * 20
    assert decided(f"{deep} + relu(v) + relu(u) + relu(t) + {deep} = 0 - 1", "w, v, u, t", "").verdict in (PROVEN, NOT_PROVEN)


def test_what_is_not_linear_in_pieces_is_not_guessed():
    assert decided("w^(1/2) = 2", "w", "").verdict == NOT_PROVEN
    assert decided("d(w^2, w) = 2", "w", "").verdict == NOT_PROVEN


def test_what_is_given_counts():
    source = read("given a > 0\nthere are no w with w x = a for x in {0,1}")
    statement = source.lines[-1].statement
    given = source.lines[0].statement.relations
    names = Names(shapes={"a": ()})
    assert judge_impossible(statement, Scene(names, given)).verdict == PROVEN
    assert judge_impossible(statement, Scene(names)).verdict == FALSE  # w = 0 for a = 0


def test_work_is_bounded():
    with pytest.raises(TooMuch):
        Meter(10).spend(11)
    rows = [Row({"w": Fraction(i), "v": Fraction(i * i), "1": Fraction(-1)}, ">") for i in range(1, 9)]
    with pytest.raises(TooMuch):
        contradiction(rows, 5)


# linear systems against others


NAMES = ("u", "v", "w")
sizes = st.fractions(min_value=-3, max_value=3, max_denominator=2)
forms = st.dictionaries(st.sampled_from((*NAMES, "1")), sizes, max_size=4).map(lambda form: {k: v for k, v in form.items() if v})
row = st.builds(Row, forms, st.sampled_from((">=", ">", "=")))
part = st.lists(row, min_size=1, max_size=2).map(tuple)
systems = st.builds(
    System,
    st.lists(row, min_size=1, max_size=5).map(tuple),
    st.lists(st.builds(Choice, st.lists(part, min_size=1, max_size=3).map(tuple)), max_size=3).map(tuple),
)


def true_of(system, values):
    def is_true(one):
        return holds(Row(at(one.of, values), one.sign))

    return all(map(is_true, system.rows)) and all(
        any(all(map(is_true, part)) for part in choice.parts) for choice in system.choices
    )


@given(systems)
def test_numbers_solve_the_system_and_proofs_add_up(system):
    found = solve(system, NAMES)
    if isinstance(found, dict):
        assert true_of(system, {name: found.get(name, {}) for name in NAMES})
    else:
        assert refutes(found, system)


@given(systems, st.tuples(*[st.sampled_from([Fraction(i, 2) for i in range(-6, 7)])] * 3))
def test_no_proof_against_a_system_with_a_solution(system, numbers):
    values = {name: {"1": number} if number else {} for name, number in zip(NAMES, numbers, strict=True)}
    if true_of(system, values):
        assert isinstance(solve(system, NAMES), dict)


@given(systems)
def test_linear_systems_as_z3_sees_them(system):
    z3 = pytest.importorskip("z3")
    reals = {name: z3.Real(name) for name in NAMES}

    def relation(one):
        total = sum((z3.Q(v.numerator, v.denominator) * reals.get(name, 1) for name, v in one.of.items()), z3.RealVal(0))
        return {">=": total >= 0, ">": total > 0, "=": total == 0}[one.sign]

    solver = z3.Solver()
    solver.add(*map(relation, system.rows))
    solver.add(*(z3.Or([z3.And([relation(one) for one in part]) for part in choice.parts]) for choice in system.choices))
    assert isinstance(solve(system), dict) == (solver.check() == z3.sat)


@given(systems)
def test_a_proof_that_is_tampered_with_is_none(system):
    found = solve(system, NAMES)
    if isinstance(found, Contradiction):
        times, first = found.rows[0]
        assert not adds_up(Contradiction(((-times, first._replace(sign=">=")), *found.rows[1:]))) or times < 0 or first.sign == "="
        assert not refutes(found, system._replace(rows=()))
    if isinstance(found, Cases):
        assert not refutes(found._replace(proofs=found.proofs[1:]), system)
        assert not refutes(found, system._replace(choices=()))


@given(st.lists(row, max_size=3), st.lists(part, min_size=1, max_size=4))
def test_a_choice_made_shorter_is_the_same_choice(rows, parts):
    short, long = (System(tuple(rows), (found,)) for found in (branching.choice(parts), Choice(tuple(parts))))
    assert isinstance(solve(short), dict) == isinstance(solve(long), dict)


@given(
    st.lists(st.tuples(st.integers(2, 60), st.integers(1, 60), st.integers(-4, 4)), max_size=4),
    st.fractions(-3, 3, max_denominator=5),
)
def test_the_sign_of_logarithms(terms, known):
    logs = {}
    for top, bottom, times in terms:
        logs[Fraction(top, bottom)] = logs.get(Fraction(top, bottom), Fraction(0)) + times
    value = float(known) + sum(float(times) * math.log(of) for of, times in logs.items())
    form = {"1": known, **{f"ln {of}": times for of, times in logs.items()}}
    assert sign(form) == (value > 0) - (value < 0) if abs(value) > 1e-9 else sign(form) in (-1, 0, 1)
    exact = math.prod((of ** int(times) for of, times in logs.items()), start=Fraction(1))
    assert product_is_one(logs) == (exact == 1)


def test_a_tanh_that_has_half_a_logarithm_for_its_argument():
    found = decided("tanh(w) = 1/2", "w", "")
    assert (found.verdict, found.says) == (FALSE, "it is possible: w = 1/2 ln 3")
    assert found.counterexample is not None
    assert found.counterexample.left.exact == found.counterexample.right.exact == "1/2"
    assert decided("tanh(w x + b) = x", "w, b", " for x in {-1/2, 0, 1/2}").verdict == FALSE
    assert decided("tanh(w/3) > 1/3", "w", "").verdict == FALSE
