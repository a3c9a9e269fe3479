"""Derivations judged line by line: chains, cases, places, what is given; with a stand-in that decides, and with the real one."""

from __future__ import annotations

import pytest

from backcheck.proving.judging.chain import CARRIED, joined
from backcheck.proving.judging.implications import follows
from backcheck.proving.judging.judge import judge
from backcheck.proving.names import Names, Scene
from backcheck.proving.reading import read
from backcheck.proving.spelling.spelled import spell
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree, name, number
from backcheck.proving.verdict import (
    DOES_NOT_FOLLOW,
    FALSE,
    NOT_PROVEN,
    NOT_UNDERSTOOD,
    PROVEN,
    Counterexample,
    Decision,
    Derivation,
    Number,
)

# a stand-in: a1, a2, … are equal (they are all "a"), so are b1, b2, …; x1 is equal to anything, but nobody can show it


def stand_in(relation: Relation, scene: Scene) -> Decision:
    left, right = (spell(side)[:1] for side in (relation.left, relation.right))
    if "x" in (left, right):
        return Decision(NOT_PROVEN, "nobody knows")
    order = "=<="[: 1 + 2 * (left < right)] if relation.sign == "=" else relation.sign
    holds = {
        "=": left == right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
        "!=": left != right,
    }
    nothing = Number("0", "0")
    found = Counterexample((), (), (), order, nothing, nothing)
    return (
        Decision(PROVEN, used=frozenset(range(len(scene.given)))) if holds[relation.sign] else Decision(FALSE, counterexample=found)
    )


def walked(text: str) -> Derivation:
    return judge(read(text, "text"), decide=stand_in)


def verdicts(text: str) -> list[tuple[int, str]]:
    return [(line.line, line.verdict) for line in walked(text).lines]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("a1 = a2 = a3", [PROVEN]),
        ("a1\n= b1\n= a2", [FALSE, PROVEN]),  # only the middle line is wrong
        ("a1\n= b1\n= b2\n= b3", [FALSE, PROVEN, PROVEN]),  # the slip is charged once
        ("a1\n= b1\n= b2\n= a2", [FALSE, PROVEN, PROVEN]),  # and may be mended later on
        ("a1\n= b1\n= c1", [FALSE, FALSE]),  # two slips
        ("a1\n= b1\n= c1\n= c2\n= a2", [FALSE, FALSE, PROVEN, PROVEN]),
        ("a1\n= x1\n= a2", [NOT_PROVEN, PROVEN]),
        ("a1\n= x1\n= b1", [NOT_PROVEN, NOT_PROVEN]),  # from x1 nothing is known of b1, and it is never called wrong
        ("a1\n< b1\n< c1\n= c2", [PROVEN, PROVEN, PROVEN]),
        ("a1\n<= b1\n= a2", [PROVEN, FALSE]),  # a1 <= a2 is true, and yet a2 is not b1
        ("a1\n< b1\n> c1\n> b2", [PROVEN, FALSE, PROVEN]),
        ("a1\n> b1\n< c1", [FALSE, PROVEN]),
        ("a1 = b1 = b2", [FALSE]),
        ("a1\n= a2\n\nb1\n= b2", [PROVEN, PROVEN]),
    ],
)
def test_a_chain(lines: str, wanted: list[str]) -> None:
    assert [verdict for _, verdict in verdicts(lines)] == wanted


def test_what_is_said_of_a_slip() -> None:
    lines = walked("a1\n= b1\n= b2\n= a2").lines
    assert [line.says for line in lines] == ["", CARRIED, "follows from line 1: only what stands between is wrong"]
    first = walked("a1\n= b1\n= b2\n= a2").first_wrong
    assert first is not None
    assert (first.line, first.echo) == (2, "= b1")


def test_a_beginning_that_was_copied_wrongly() -> None:
    lines = walked("claim a1 = a2\nb1\n= a3").lines
    assert [line.verdict for line in lines] == [PROVEN, FALSE]
    assert lines[1].says == "it is a side of the claim: look at line 2, where the chain begins"


@pytest.mark.parametrize(
    ("signs", "one"),
    [("= = =", "="), ("= < =", "<"), ("<= =", "<="), ("<= <", "<"), (">= >", ">"), ("< >", ""), ("!= =", "!="), ("!= !=", "")],
)
def test_signs_of_a_chain_taken_together(signs: str, one: str) -> None:
    assert joined(tuple(signs.split())) == one


# lines that are not understood


def test_after_a_line_that_is_not_understood() -> None:
    lines = walked("a1\n= a2 +\n= a3\n= b1").lines
    assert [line.verdict for line in lines] == [NOT_UNDERSTOOD, PROVEN, FALSE]
    assert lines[1].says == "follows from line 1; the line before is not understood"
    assert [v for _, v in verdicts("a1\n= a2 +\n= b1\n= b2")] == [NOT_UNDERSTOOD, NOT_PROVEN, PROVEN]
    assert [v for _, v in verdicts("a1 +\n= b1\n= c1")] == [NOT_UNDERSTOOD, NOT_PROVEN, FALSE]


def test_nothing_is_wrong_after_a_definition_that_is_not_understood() -> None:
    lines = walked("let S = a +\nclaim a1 = b1\nclaim a1 = a2").lines
    assert [line.verdict for line in lines] == [NOT_UNDERSTOOD, NOT_PROVEN, PROVEN]
    assert lines[1].says == "line 1 is not understood, and this may depend on it"
    lines = walked("index i, j : K\nclaim a1 = a1\ncase i =\na1\n= b1\nclaim a1 = b1").lines
    assert [line.verdict for line in lines] == [PROVEN, NOT_UNDERSTOOD, NOT_PROVEN, FALSE]


def test_a_line_that_goes_on_from_nothing() -> None:
    (line,) = walked("= a1").lines
    assert (line.verdict, line.says) == (NOT_UNDERSTOOD, "there is no line before it to go on from")
    assert "begin the chain" in line.way_out


def test_shapes_are_said_at_the_line() -> None:
    (line,) = walked("index k : K ; n : N\nvector z[k], x[n]\nclaim z = x").lines
    assert (line.line, line.verdict, line.column) == (3, NOT_UNDERSTOOD, 11)
    assert line.says == "z is a vector (K), x is a vector (N): they cannot be compared"


# cases, and what is given


@pytest.mark.parametrize(
    ("cases", "missing"),
    [
        (["i = j"], ["the case i ≠ j is missing"]),
        (["i != j"], ["the case i = j is missing"]),
        (["i = j", "j != i"], []),
        (["z[k] > 0"], ["the case z[k] < 0 is missing", "the case z[k] = 0 is missing"]),
        (["z[k] >= 0"], ["the case z[k] < 0 is missing"]),
        (["z[k] >= 0", "0 > z[k]"], []),
        (["z[k] = 0"], ["the case z[k] ≠ 0 is missing"]),
        (["i = j", "z[k] > 0"], []),  # nothing is said of cases that cross
    ],
)
def test_missing_cases(cases: list[str], missing: list[str]) -> None:
    lines = "\n".join(f"case {case}\n  a1\n  = a2" for case in cases)
    found = judge(read(f"index i, j, k : K\nvector z[k]\nnumber a1, a2\nclaim a1 = a2\n{lines}", "text"), decide=never_about_z)
    assert [remark.removeprefix("line 4: ") for remark in found.remarks] == missing


def never_about_z(relation: Relation, scene: Scene) -> Decision:
    return Decision(NOT_PROVEN) if "z" in spell(relation.left) else stand_in(relation, scene)


def test_a_chain_under_a_claim_that_does_not_come_to_it() -> None:
    assert walked("claim a1 = a2\nb1\n= b2").remarks == ("lines 2-3 reach neither side of the claim in line 1",)
    assert not walked("claim a1 = a2\nb1\n= b2\n\na1\n= a3").remarks
    assert not walked("claim a1 = a2\na3\n= b2").remarks  # what is wrong there has been said


def needs_nothing(relation: Relation, scene: Scene) -> Decision:
    return stand_in(relation, scene)._replace(used=frozenset({0}))


def test_givens_that_nothing_needs() -> None:
    text = "given a1 > 0 ; a2 > 0\nclaim a1 = a2"
    assert judge(read(text, "text"), decide=needs_nothing).remarks == ("a2 > 0 is given but nothing needs it",)
    assert not judge(read(text, "text"), decide=stand_in).remarks
    assert not judge(read(f"{text}\nclaim a1 = b1", "text"), decide=needs_nothing).remarks  # who knows what that would need


def scenes(text: str) -> list[tuple[str, int, int, int]]:
    """What is asked, and how much is given, in which case, at how many places."""
    met = []

    def decide(relation: Relation, scene: Scene) -> Decision:
        met.append((spell(relation.right), len(scene.given), len(scene.case), len(scene.at)))
        return Decision(PROVEN)

    judge(read(text, "text"), decide=decide)
    return met


def test_what_counts_where() -> None:
    text = """
given a1 > 0
claim b1 = b2
  given a2 > 0
  b1
  = b3
case a1 > 1
  b1
  = b4
at a1 = 2:
  b1
  = b5
claim b1 = b6
given a3 > 0
b1
= b7
"""
    found = {what: rest for what, *rest in scenes(text) if what.startswith("b")}
    assert found == {"b2": [2, 0, 0], "b3": [2, 0, 0], "b4": [2, 1, 0], "b5": [2, 1, 1], "b6": [1, 0, 0], "b7": [2, 0, 0]}


def test_how_long_a_place_counts() -> None:
    text = "at a1 = 2: b1 = b2\nb1 = b3\nat a1 = 2:\n  b1\n  = b4\n\n  b1 = b5\nb1\n= b6\n\nb1\n= b7"
    assert {what: at for what, _, _, at in scenes(text)} == {"b2": 1, "b3": 0, "b4": 1, "b5": 1, "b6": 1, "b7": 0}


def test_a_conclusion_that_stands_apart_is_in_no_case_and_at_no_place() -> None:
    text = "number z\nclaim abs(z) >= 0\ncase z > 0\n  abs(z)\n  = z\ncase z < 0\n  abs(z)\n  = -z\n{}lim z -> 0+ : abs(z)/z = 1"
    assert real(text.format("\n")).lines[-1].verdict == PROVEN
    assert real(text.format("")).lines[-1].verdict == NOT_PROVEN
    text = "number y, a\ngiven 0 < a < 1 ; 0 < y < 1\nlet C(a) = -(y ln(a) + (1-y) ln(1-a))\nat a = y: d2(C, a) = 1/(y(1-y))\n"
    found = real(f"{text}therefore convex(C, a) because d2(C, a) > 0 at a = y\ntherefore convex(C, a) because d2(C, a) > 0")
    assert [line.verdict for line in found.lines] == [PROVEN, DOES_NOT_FOLLOW, PROVEN]


def test_letters_of_what_is_given_stay_free() -> None:
    text = "index c : K\nvector t[c], s[c]\ngiven t[k] = delta(k, c)\nclaim s = t".replace("index c", "index k, c")
    met = []

    def decide(relation: Relation, scene: Scene) -> Decision:
        met.append(spell(relation.left))
        return Decision(PROVEN)

    judge(read(text, "text"), decide=decide)
    assert met == ["s[k]"]


# the whole


def real(text: str) -> Derivation:
    found = judge(read(text, "text"))
    assert not found.faults
    return found


SOFTMAX = """
index i, j, k : K
vector z[k], t[k]
let S    = sum(k, exp(z[k]))
let s[i] = exp(z[i])/S
given sum(k, t[k]) = 1
claim d(s[i], z[j]) = s[i]*(delta(i,j) - s[j])
case i = j
  d(s[i], z[i])
  = (exp(z[i]) S - exp(z[i]) exp(z[i])) / S^2        # quotient rule
  = s[i] - s[i]^2
case i != j
  d(s[i], z[j])
  = (0*S - exp(z[i]) exp(z[j])) / S^2
  = - s[i] s[j]
"""


def test_softmax() -> None:
    found = real(SOFTMAX)
    assert [line.verdict for line in found.lines] == [PROVEN] * 5
    assert found.remarks == ("sum(k, t[k]) = 1 is given but nothing needs it",)
    assert found.lines[1].reason == "quotient rule"
    assert found.lines[1].echo == "= (exp(z[i])*S - exp(z[i])*exp(z[i]))/S^2"


def test_softmax_with_a_slip() -> None:
    found = real(SOFTMAX.replace("S - exp(z[i]) exp(z[i])", "S + exp(z[i]) exp(z[i])"))
    assert [line.verdict for line in found.lines] == [PROVEN, FALSE, PROVEN, PROVEN, PROVEN]
    wrong = found.first_wrong
    assert wrong is not None
    assert (wrong.line, wrong.slip) == (10, "sign")
    assert wrong.suggestions[0].text == "= (exp(z[i])*S - exp(z[i])*exp(z[i]))/S^2"
    assert wrong.counterexample is not None
    assert wrong.counterexample.left.exact != wrong.counterexample.right.exact


def test_numbers_beside_the_lines() -> None:
    found = judge(read(SOFTMAX, "text"), {"z": "1,2,3"})
    assert [name for name, _ in found.lines[0].values] == ["d(s[i], z[j])", "s[i]*(delta(i, j) - s[j])"]
    assert found.lines[1].values[0] == ("d(s[i], z[i])", "(0.0819251, 0.184836, 0.222695)")
    assert [name for name, _ in found.lines[2].values] == ["s[i] - s[i]^2"]


def test_a_condition_below_its_claim() -> None:
    text = "index j, k : K\nvector z[k], t[k]\nlet s = softmax(z)\nlet L = -sum(k, t[k] ln(s[k]))\nclaim d(L, z) = s - t"
    assert [line.verdict for line in real(text).lines] == [FALSE]
    assert [line.verdict for line in real(f"{text}\n  given sum(k, t[k]) = 1").lines] == [PROVEN]
    assert [line.verdict for line in real(f"{text}\ngiven sum(k, t[k]) = 1").lines] == [FALSE]


@pytest.mark.parametrize(
    "claim",
    [
        "d(c, w) = 0",
        "d(norm(w)^2, w) = 2 w",
        "d(w^T X[i], w) = X[i]",
        "d(X w, w) = X",
        "d(w, w) = I",
        "d(w^2, w) = 2 diag(w)",
        "d((X W^T)[i,k], W[p,j]) = delta(k,p) X[i,j]",
        "d(softmax(w), w) = diag(softmax(w)) - softmax(w) softmax(w)^T",
        "d(norm(X w)^2, w) = 2 X^T X w",
        "softmax(w + c) = softmax(w)",
    ],
)
def test_jacobians(claim: str) -> None:
    declared = "index i : n ; j, l : d ; k, p : K\nmatrix X[i,j], W[k,j]\nvector w[j]\nnumber c"
    assert [line.verdict for line in real(f"{declared}\nclaim {claim}").lines] == [PROVEN]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("sum(i, x[i]) = x[1] + x[2]", PROVEN),
        ("d(norm(x)^2, x[1]) = 2 x[1]", PROVEN),
        ("(A x)[2] = A[2,1] x[1] + A[2,2] x[2]", PROVEN),
        ("softmax(x)[1] = 1/(1 + exp(x[2] - x[1]))", PROVEN),
        ("x[1] = x[2]", FALSE),
        ("x[3] = 0", NOT_UNDERSTOOD),
    ],
)
def test_sizes_that_are_numbers(claim: str, verdict: str) -> None:
    (line,) = real(f"index i, j : 2\nvector x[i]\nmatrix A[i,j]\nclaim {claim}").lines
    assert line.verdict == verdict


# what follows from an equation


@pytest.mark.parametrize(
    ("premise", "conclusion", "verdict"),
    [
        ("a b = a c", "b = c", DOES_NOT_FOLLOW),
        ("b = c", "a b = a c", PROVEN),
        ("(x - y)/(x(1 - x)) = 0", "x = y", PROVEN),
        ("2 x = 4", "x = 2", PROVEN),
        ("x = 2", "x^2 = 4", PROVEN),
        ("x^2 = 4", "x = 2", DOES_NOT_FOLLOW),
        ("(x - 1)(x - 2) = 0", "x = 1", DOES_NOT_FOLLOW),
        ("x = y", "x + a = y + a", PROVEN),
        ("exp(a) = exp(b)", "a = b", PROVEN),
        ("ln(a) = b", "a = exp(b)", PROVEN),
        ("ln(a) = ln(b)", "a = b", PROVEN),
        ("sigmoid(z) = 1/2", "z = 0", PROVEN),
        ("x = y", "ln(x) = ln(y)", PROVEN),
        ("x^2 = x y", "x = y", DOES_NOT_FOLLOW),
        ("x < y", "exp(x) < exp(y)", PROVEN),
        ("exp(x) < exp(y)", "x < y", PROVEN),
        ("x < y", "3 x < 3 y", PROVEN),
        ("x < y", "-x < -y", DOES_NOT_FOLLOW),
        ("x < y", "-x > -y", PROVEN),
        ("x <= y", "x < y", DOES_NOT_FOLLOW),
        ("x = y", "x <= y", PROVEN),
        ("x < y", "exp(a) x < exp(a) y", PROVEN),
        ("x < y", "a x < a y", DOES_NOT_FOLLOW),
        ("x y != 0", "x != 0", PROVEN),
        ("x < y", "x != y", PROVEN),
        ("x <= y", "x != y", DOES_NOT_FOLLOW),
        ("0 = 1", "x = y", NOT_PROVEN),  # from what cannot be nothing is concluded
        ("relu(b) = 0", "b <= 0", PROVEN),
        ("relu(a + b) = 1", "a + b = 1", PROVEN),
        ("relu(b) = 0", "b = 0", DOES_NOT_FOLLOW),
        ("(a x - y) x = 0", "a x = y", DOES_NOT_FOLLOW),
    ],
)
def test_what_follows(premise: str, conclusion: str, verdict: str) -> None:
    lines = real(f"number a, b, c, x, y, z\n{premise}\n=> {conclusion}").lines
    assert [line.verdict for line in lines] == [verdict]
    if verdict == DOES_NOT_FOLLOW:
        assert lines[0].counterexample is not None


def test_both_ways() -> None:
    declared = "number a, b, c"
    assert real(f"{declared}\na = b\n<=> exp(a) = exp(b)").lines[0].verdict == PROVEN
    (line,) = real(f"{declared}\na = b\n<=> a c = b c").lines
    assert line.verdict == DOES_NOT_FOLLOW
    assert line.says.startswith("the way back: ")


def test_each_conclusion_is_drawn_from_the_line_before_it() -> None:
    lines = real("number x\n2 x = 4\n=> x = 2\n=> x^2 = 4\n=> x = 2").lines
    assert [line.verdict for line in lines] == [PROVEN, PROVEN, DOES_NOT_FOLLOW]


def test_a_chain_that_ends_in_an_equation_to_solve() -> None:
    text = "number y, a\nlet C(a) = -(y ln(a) + (1-y) ln(1-a))\nd(C, a)\n= (a - y)/(a(1-a))\n= 0\n=> a = y"
    assert [(line.line, line.verdict) for line in real(text).lines] == [(4, PROVEN), (6, PROVEN)]


def test_a_condition_makes_a_division_allowed() -> None:
    found = real("number a, b, c\ngiven a > 0\na b = a c\n=> b = c")
    assert [line.verdict for line in found.lines] == [PROVEN]
    assert not found.remarks


def test_what_is_not_shown_is_left_to_numbers() -> None:
    """Dividing by w[1] is not allowed, and who decides may find numbers against it; multiplying asks nobody."""
    a, b = (Tree("entry", (name(text), number(1))) for text in "vw")
    wrong = Counterexample((), (), (), "=", Number("1", "1"), Number("0", "0"))
    premise, conclusion = Relation("=", Tree("times", (a, b)), Tree("times", (a, a))), Relation("=", b, a)
    scene = Scene(Names(shapes={"v": ("2",), "w": ("2",)}))
    found = follows(premise, conclusion, scene, lambda *_: Decision(FALSE, counterexample=wrong))
    assert (found.verdict, found.counterexample) == (DOES_NOT_FOLLOW, wrong)
    assert follows(conclusion, premise, scene, lambda *_: Decision(FALSE)).verdict == PROVEN


# what depends on a line that is not understood


LOST = [
    ("let L = 1/2 (a - y)^2\nlet a = sigmoid(z)\nda/dz = 0\nd(L, z) = 0", [NOT_UNDERSTOOD, NOT_PROVEN, NOT_PROVEN]),
    ("number y, p, z\nlet p = sigmoid(z)\nlet L = y p\ndL/dz = dL/dp dp/dz", [NOT_UNDERSTOOD, NOT_PROVEN]),
    ("number z\ndefine p = sigmoid(z)\nd(p + z, z) = 1\nz = z", [NOT_UNDERSTOOD, NOT_PROVEN, PROVEN]),
    ("number z\nLet p = sigmoid(z)\ngiven z = p\nz + 1 = 1 + p", [NOT_UNDERSTOOD, NOT_PROVEN]),
    ("number z\np(z) = z +\nz + p = p + z", [NOT_UNDERSTOOD, NOT_PROVEN]),
    ("number z\nlet p = z +\nlet p = 2z\nd(p, z) = 2", [NOT_UNDERSTOOD, PROVEN]),  # said anew, and understood
    ("number z, y\nlet 3 = z\ny + z = z + y", [NOT_UNDERSTOOD, NOT_PROVEN]),  # nobody knows what it was to define
    ("number z\nlet p = z +\np = 3\n=> 2p = 6", [NOT_UNDERSTOOD, NOT_PROVEN]),
    ("number z\nlet p = z +\ntherefore p^2 >= 0 because p^2 >= 0", [NOT_UNDERSTOOD, NOT_PROVEN]),
    ("number z\nlet p = z +\nlim z -> 0 : p = p", [NOT_UNDERSTOOD, NOT_PROVEN]),
    ("number z\ngvien z > 0\nabs(z) = z\nz = z", [NOT_UNDERSTOOD, NOT_PROVEN, PROVEN]),
    ("number a, y\nL = 1/2 (a - y)^2\nd(L, a) = a - y", [NOT_UNDERSTOOD, NOT_PROVEN]),
    ("number x\ndy/dx = 0", [NOT_UNDERSTOOD]),
    ("number x, y\ndy/dx = 0", [PROVEN]),
    ("x^2 = 4\n=> x = 2 or x = -2", [NOT_UNDERSTOOD]),  # the line before it is none that is judged
]


@pytest.mark.parametrize(("text", "wanted"), LOST)
def test_nothing_is_said_of_names_that_were_not_understood(text: str, wanted: list[str]) -> None:
    lines = real(text).lines
    assert [line.verdict for line in lines] == wanted, [(line.text, line.says) for line in lines]


def test_what_is_in_doubt_is_not_called_wrong_further_on() -> None:
    lines = walked("let S = a +\na1\n= b1\n= b2").lines
    assert [line.verdict for line in lines] == [NOT_UNDERSTOOD, NOT_PROVEN, PROVEN]
    assert "wrong" not in "".join(line.says for line in lines)


def test_a_line_that_fails_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def decide(relation: Relation, scene: Scene) -> Decision:
        if spell(relation.left) == "b1":
            raise ZeroDivisionError("by hand")
        return stand_in(relation, scene)

    monkeypatch.delenv("BACKCHECK_TRACEBACK", raising=False)
    found = judge(read("a1 = a2\nb1 = b2\na1 = b2"), decide=decide)
    assert [line.verdict for line in found.lines] == [PROVEN, NOT_PROVEN, NOT_PROVEN]
    assert found.faults == ("line 2: ZeroDivisionError: by hand",)


def test_a_false_line_of_its_own_is_false() -> None:
    """Another chain that begins alike was wrong, too; that makes it no better."""
    assert [line.verdict for line in real("number x\nd(x^2, x) = d(1, x)\nd(x^2, x) = 0").lines] == [FALSE, FALSE]
    lines = real("number x\nd(x^2, x)\n= 3x\n\nd(x^2, x) + 1\n= 3x + 1").lines
    assert [line.verdict for line in lines] == [FALSE, NOT_PROVEN]
    assert lines[1].says == "it would follow from line 3, which is wrong; by itself it is not true"


# dividing by what may be 0, after =>


def test_what_a_conclusion_needs_is_named_and_carried_on() -> None:
    lines = real("number x, y, z\nx y = x z\n=> y = (x z)/x\n=> y = z").lines
    assert [(line.verdict, line.needs) for line in lines] == [(PROVEN, ("x != 0",))] * 2
    assert real("number x, y\nx = y\n<=> ln(x) = ln(y)").lines[0].needs == ("x > 0",)
    assert real("number a, b, x\na x = b\n<=> x = b/a").lines[0].needs == ("a != 0",)
    assert not real("number a, b, x\ngiven a > 0\na x = b\n<=> x = b/a").lines[0].needs


def test_one_is_not_minus_one() -> None:
    lines = real("number x\nx = 1\n=> x^2 = 1\n=> (x-1)(x+1) = 0\n=> (x-1)(x+1)/(x-1) = 0/(x-1)\n=> x + 1 = 0").lines
    assert [line.verdict for line in lines][:3] == [PROVEN, PROVEN, DOES_NOT_FOLLOW]
    assert lines[2].says == "it needs x - 1 != 0, and that cannot be, by what is supposed above"


def test_from_what_never_is_anything_follows() -> None:
    assert real("number x\nx^2 = -1\n=> 1 = 2").lines[0].verdict == NOT_PROVEN
    (line,) = real("number x\nx^2 = 1\n=> 1 = 2").lines
    assert line.verdict == DOES_NOT_FOLLOW
    assert line.counterexample is not None
    assert line.counterexample.values


def test_functions_of_both_sides() -> None:
    assert real("for monotone g\nx >= y\n=> g(x) >= g(y)").lines[0].verdict == PROVEN
    assert real("for monotone g\nx > y\n=> g(x) > g(y)").lines[0].verdict == DOES_NOT_FOLLOW  # it may stay
    assert real("for any g\nx >= y\n=> g(x) >= g(y)").lines[0].verdict != PROVEN


def test_both_sides_times_the_same() -> None:
    head = "index i : M\nindex j : N\nmatrix A[i,j]\nvector x[j], b[i]\nA x = b\n"
    assert real(head + "=> A^T A x = A^T b").lines[0].verdict == PROVEN
    assert real(head + "=> A^T A x = -A^T b").lines[0].verdict != PROVEN
    assert real("number x\np = exp(x)/(1 + exp(x))\n=> p = sigmoid(x)").lines[0].verdict == PROVEN


# what is given


def test_a_certain_index_and_all_others() -> None:
    head = "index i, c, k : K\nvector y[k], z[k]\ngiven y[c] = 1 ; y[k] = 0 for k != c\n"
    lines = real(head + "sum(k, y[k]) = 1\nsum(k, y[k] z[k]) = z[c]\ny[i] = 1").lines
    assert [line.verdict for line in lines] == [PROVEN, PROVEN, FALSE]


def test_what_is_given_of_a_function_at_one_place_refutes_nothing() -> None:
    text = "for any f\ngiven f(x+y) = f(x) + f(y)\nf(2x) = 2 f(x)\nx = x + 1"
    assert [line.verdict for line in real(text).lines] == [NOT_PROVEN, FALSE]


def test_an_e_of_its_own_is_remarked() -> None:
    assert real("number e\ne^x = exp(x)").remarks == (
        "line 2: e is a number of its own since line 1; the other e^x is written exp(x)",
    )
    assert not real("e^x = exp(x)").remarks


# a prime


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("let G = 2p(1-p)\nG' = 2 - 4p", PROVEN),
        ("let G = 2p(1-p)\nlet H = G^2\nH' = 2 G (2 - 4p)", PROVEN),
        ("let G = 2p(1-p)\nG' = G", FALSE),
        ("(p^2)' = 2p", PROVEN),
        ("let G = p y\nG' = y", NOT_UNDERSTOOD),
        ("index k : K\nvector z[k]\nlet G = sum(k, z[k]^2)\nG' = G", NOT_UNDERSTOOD),
        ("index k : K\nvector z[k]\nlet s = softmax(z)\ns' z = sum(k, s[k] z[k])", PROVEN),
        ("index k : K\nvector z[k], x[k]\n(z + x)' z = z' z + x^T z", PROVEN),
    ],
)
def test_a_prime_is_a_slope_or_a_transpose(text: str, verdict: str) -> None:
    assert real(text).lines[-1].verdict == verdict, real(text).lines[-1]


def test_repairs_of_arrows_limits_and_conclusions() -> None:
    found = real("number x, y, w\nw x - y = 0\n=> w = x/y\nlim x -> oo : 1/x = 1\n")
    assert [line.suggestions[0].text for line in found.lines] == ["=> w = y/x", "lim x -> oo : 1/x = 0"]
    (line,) = real("let q = x^4\ntherefore convex(q, x) because d2(q, x) >= 0 at x = 1").lines
    assert line.suggestions[0].text == "therefore convex(q, x) because d(q, x, x) >= 0"


def test_a_file_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backcheck.proving.judging.judge.MOST_STEPS", 0)
    found = real("number x, y\nlet q = x + y\nclaim q = y + x\nq\n= y + x\n")
    assert [(line.line, line.verdict) for line in found.lines] == [(3, NOT_PROVEN), (5, NOT_PROVEN)]
    assert all(line.says.startswith("undecided: ") for line in found.lines)
