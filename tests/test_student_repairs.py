"""What is shown for slips as students make them: what was meant, the name of the slip, nothing that no teacher would say."""

from __future__ import annotations

import re

import pytest
from student_slips import StudentSlip, student_slips

from backcheck.proving.judging import inferred
from backcheck.proving.judging.judge import judge
from backcheck.proving.judging.mending import of_conclusion, of_limit, of_therefore
from backcheck.proving.judging.questions import Questions
from backcheck.proving.judging.scope import Scope
from backcheck.proving.reading import read
from backcheck.proving.reading.grammar import expression
from backcheck.proving.repairs.alike import Alike
from backcheck.proving.statements import Declare, Given, Let, Limit, Relation, Therefore
from backcheck.proving.tree import bare
from backcheck.proving.verdict import PROVEN, Decision, Judged, Suggestion

ARRAY = re.compile(r"(\w)\[(\w(?:,\w)?)\]")


def judged(slip: StudentSlip) -> Judged:
    line = judge(read(slip.text, "text")).first_wrong
    assert line is not None, slip.wrong
    assert line.text == slip.wrong
    return line


def said(line: str, slip: StudentSlip) -> tuple[str, int]:
    """A line as a number that is the same for all orders of its terms and factors; of matrices the order counts."""
    declared = "\n".join(row for row in slip.about.splitlines() if row.startswith(("vector", "matrix")))
    sign, _, right = line.partition(" ")
    return sign, BOOKS.setdefault(slip.about, Alike(dict(ARRAY.findall(declared)))).of(bare(expression(right)))  # type: ignore[arg-type]


BOOKS: dict[str, Alike] = {}


@pytest.mark.parametrize(("group", "found", "named"), [("first", 0.9, 0.85), ("second", 0.93, 0.9)])
def test_most_are_repaired_and_called_by_their_names(group: str, found: float, named: float) -> None:
    slips = [slip for slip in student_slips() if slip.group == group]
    lines = [judged(slip) for slip in slips]
    repaired = [
        said(slip.meant, slip) in [said(one.text, slip) for one in line.suggestions] if slip.meant != "-" else not line.suggestions
        for slip, line in zip(slips, lines, strict=True)
    ]
    assert len(slips) >= 80
    assert sum(repaired) >= found * len(slips)
    assert sum(line.slip in slip.names for slip, line in zip(slips, lines, strict=True)) >= named * len(slips)


def suggestions(text: str) -> list[tuple[str, str]]:
    """What is shown for the first wrong line."""
    line = judge(read(text, "text")).first_wrong
    assert line is not None
    return [(one.text, one.says) for one in line.suggestions]


def texts(text: str) -> list[str]:
    return [one for one, _ in suggestions(text)]


# what no teacher would say


@pytest.mark.parametrize(
    "text",
    [
        "number x\nclaim abs(x) = x\n",
        "number z\nclaim relu(z) = z\n",
        "number z\nclaim exp(-1000) = 0\n",
        "index k : K\nvector z[k]\nclaim z[k] = 0\n",
        "for any f\nclaim f(0) = 0\n",
        "for any f\nnumber x\nclaim f'(x) = 0\n",
        "number x, y\nclaim 1 = 2\n",
        "number a, b\n  ln(a + b)\n  = ln(a) + ln(b)\n",
    ],
)
def test_the_left_side_is_no_repair_of_the_right(text: str) -> None:
    left = next(row for row in text.splitlines() if row.startswith(("claim", "  "))).removeprefix("claim").partition("=")[0]
    assert all(left.replace(" ", "") not in shown.rpartition("=")[2].replace(" ", "") for shown in texts(text))


def test_the_derivative_that_is_worked_out_is_no_factor_of_itself() -> None:
    text = "number y, a\nlet C = -(y ln(a) + (1-y) ln(1-a))\n  d2(C, a)\n  = 0\n"
    assert texts(text) == []
    text = "index j, k : K\nvector z[k]\nlet F = ln(sum(k, exp(z[k])))\nclaim d(F, z[j]) = exp(z[j])/sum(k, exp(z[k]))\n"
    text += "  d(F, z[j])\n  = sum(k, 1/exp(z[k])*exp(z[k])*delta(k,j))\n"
    assert all("d(" not in shown for shown in texts(text))


def test_nothing_foreign_makes_it_come_out() -> None:
    text = "index i, k : K\nvector z[k]\nnumber c\nlet p = softmax(z)\n  exp(z[i] + c)/sum(k, exp(z[k] + c))\n"
    text += "  = (exp(z[i]) + exp(c))/(sum(k, exp(z[k])) + exp(c))\n"
    assert texts(text) == []


def test_no_half_where_none_stands() -> None:
    text = "number z\n  z\n  = ln((1 + exp(z))/(1 + exp(-z)))\n  = ln(1) + ln(exp(z)) - ln(1) - ln(exp(-z))\n"
    line = judge(read(text, "text")).first_wrong
    assert line is not None
    assert (line.slip, [one.text for one in line.suggestions if "/2" in one.text]) == ("log_of_sum", [])


@pytest.mark.parametrize(
    "text", ["index k : K\nvector q[k]\n  sum(k, q[k])\n  = sum(k, 2 q[k])\n", "number x, y\nd(x y, x)\n= 2 y\n"]
)
def test_no_difference_is_nothing(text: str) -> None:
    shown = texts(text)
    assert shown
    assert all(" - " not in one for one in shown)


def test_functions_of_two_numbers_are_not_put_around_one() -> None:
    assert texts("number x, y\nclaim max(x, y) = x + y\n") == []


# what a teacher would say


SHOWN = {
    "index i, j, k : K\nvector z[k]\nlet s = softmax(z)\n  d(s[i], z[j])\n  = s[i]\n": "= s[i]*(delta(i, j) - s[j])",
    "number x\n  d(exp(-x^2), x)\n  = exp(-x^2)\n": "= -2*exp(-x^2)*x",
    "number a, b, x, y\n  a/x + b/y\n  = (a + b)/(x y)\n": "= (a*y + b*x)/(x*y)",
    "number x, y\n  (x - y)^2\n  = x^2 + y^2\n": "= x^2 + y^2 - 2*x*y",
    "number a, b, c, x\n  x - (a - b + c)\n  = x - a - b + c\n": "= x - a + b - c",
    "index n : N\nvector x[n]\nnumber b\n  sum(n, x[n] - b)\n  = sum(n, x[n]) - b\n": "= sum(n, x[n]) - b*N",
    "number x\n  d(abs(2 x), x)\n  = 2 x\n": "= 2*sign(x)",
    "number x\n  d(x^4, x)\n  = x^3\n": "= 4*x^3",
    "index i : I\nindex j : J\nmatrix A[i,j]\nvector x[j], y[j]\n  A (x - y) + 0 A x\n  = A x - y\n": "",
}


@pytest.mark.parametrize(("text", "shown"), SHOWN.items())
def test_what_is_shown(text: str, shown: str) -> None:
    book = Alike({})
    line = judge(read(text, "text")).lines[-1]
    found = [book.of(bare(expression(one.text.removeprefix("= ")))) for one in line.suggestions]
    assert not shown or book.of(bare(expression(shown.removeprefix("= ")))) in found


def test_the_side_of_the_claim_comes_first() -> None:
    about = "index i, j, k : K\nvector z[k]\nlet s = softmax(z)\n"
    chain = "  d(s[i], z[j])\n  = s[j] (delta(i,j) - s[i])*2\n"
    assert texts(f"{about}claim d(s[i], z[j]) = s[j]*(delta(i,j) - s[i])\n{chain}")[0] == "= s[j]*(delta(i, j) - s[i])"


# inequalities, limits, conclusions


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("index k : K\nvector z[k]\nclaim sum(k, z[k]^2) > 0\n", [("sum(k, z[k]^2) >= 0", "the two sides can be equal")]),
        ("number a, b\nclaim a^2 + b^2 < 2 a b\n", [("a^2 + b^2 >= 2*a*b", "the inequality is the other way round")]),
        ("number a\nclaim exp(a) <= 1 + a\n", [("exp(a) >= 1 + a", "the inequality is the other way round")]),
        ("number a, b\n  a b\n  <= a^2 + b^2 - 1\n", [("<= a^2 + b^2", "the term -1 is too many")]),
        ("index k : K\nclaim K >= 2\n", [("K >= 1", "2 for 1")]),
    ],
)
def test_a_bound_is_repaired_by_its_sign_first(text: str, shown: list[tuple[str, str]]) -> None:
    assert suggestions(text) == shown


def asked(text: str) -> tuple[Questions, list[object]]:
    """The scope that some declarations make, and the other statements."""
    from backcheck.proving.decide import decide

    scope, others = Scope(), []
    for line in read(text, "text").lines:
        if isinstance(line.statement, Declare | Let | Given):
            scope.take(line, line.statement)
        else:
            others.append(line.statement)
    return Questions(scope, decide), others


def test_a_limit_is_repaired_by_the_one_that_was_found() -> None:
    questions, (statement,) = asked("number y\nlet E = -ln(1-y)\nlim y -> 1- : E = 0\n")
    assert isinstance(statement, Limit)
    decision = inferred.limit(statement, questions)
    assert of_limit(decision, statement)[1] == (Suggestion("lim y -> 1- : E = oo", "0 for oo"),)
    assert of_limit(Decision(PROVEN), statement)[1] == ()


def test_a_reason_at_one_place_is_said_everywhere() -> None:
    text = "number x\nlet f = x^2\ntherefore convex(f, x) because d2(f, x) > 0 at x = 1\n"
    questions, (statement,) = asked(text)
    assert isinstance(statement, Therefore)

    def ask(one: Therefore) -> Decision:
        return inferred.therefore(one, questions)

    found = of_therefore(ask(statement), statement, ask)[1]
    assert [one.text for one in found] == ["therefore convex(f, x) because d(f, x, x) > 0"]
    cube, (other,) = asked(text.replace("x^2", "x^3"))
    assert isinstance(other, Therefore)
    assert of_therefore(inferred.therefore(other, cube), other, lambda one: inferred.therefore(one, cube))[1] == ()


@pytest.mark.parametrize(
    ("premise", "conclusion", "shown"),
    [
        ("a - y = 0", "a = -y", "=> a = y"),
        ("2 a = 6", "a = 4", "=> a = 3"),
        ("y/a = 2", "y - a = 0", "=> y - 2*a = 0"),
    ],
)
def test_what_follows_is_repaired(premise: str, conclusion: str, shown: str) -> None:
    from backcheck.proving.judging.implications import follows

    questions, _ = asked("number a, y\n")
    before, after = (Relation("=", *map(expression, text.split(" = "))) for text in (premise, conclusion))

    def ask(relation: Relation) -> Decision:
        one, other = questions.entries(before), questions.entries(relation)
        return follows(one, other, questions.scope.scene, questions.decide)

    found = of_conclusion(ask(after), before, after, "=>", questions, ask)[1]
    assert shown in [one.text for one in found]
