"""therefore … because …: each rule carries what it says and nothing weaker does, and what is true all the same is said apart."""

from __future__ import annotations

import re

import pytest

from backcheck.proving import inferences
from backcheck.proving.inferences import rules
from backcheck.proving.inferences.carried import carried
from backcheck.proving.inferences.rules import ONLY_IF, RULES, SLIPS, concluding, reason, words
from backcheck.proving.judging.judge import judge
from backcheck.proving.names import Names, Scene
from backcheck.proving.reading import read
from backcheck.proving.reading.grammar import expression
from backcheck.proving.statements import Property, Relation
from backcheck.proving.verdict import DOES_NOT_FOLLOW, FALSE, NOT_PROVEN, NOT_UNDERSTOOD, PROVEN, Decision

CROSS_ENTROPY = "given 0 < y < 1 ; 0 < a < 1\nlet C = -(y ln(a) + (1-y) ln(1-a))\n"
SOFTMAX = "index i, j, k : K\nvector z[k]\nnumber c\nlet S = sum(k, exp(z[k]))\nlet s[i] = exp(z[i])/S\n"


@pytest.fixture
def decisions(monkeypatch):
    """Judges a derivation; gives what was decided on its conclusions."""

    def run(text):
        found = []
        judge_therefore = inferences.judge_therefore

        def noted(*arguments):
            found.append(judge_therefore(*arguments))
            return found[-1]

        monkeypatch.setattr(inferences, "judge_therefore", noted)
        monkeypatch.setattr("backcheck.proving.judging.judge.of_therefore", lambda decision, *_: (decision, ()))  # as it is written
        derivation = judge(read(text))
        monkeypatch.setattr(inferences, "judge_therefore", judge_therefore)
        assert not derivation.faults
        return found

    return run


# one that each rule carries; without the rule nothing does
CARRIED = {
    "convex": CROSS_ENTROPY + "therefore convex(C, a) because d2(C, a) > 0",
    "strictly_convex": CROSS_ENTROPY + "therefore strictly_convex(C, a) because d2(C, a) > 0",
    "concave": CROSS_ENTROPY + "therefore concave(-C, a) because d2(-C, a) < 0",
    "strictly_concave": CROSS_ENTROPY + "therefore strictly_concave(-C, a) because d2(-C, a) < 0",
    "stationary": CROSS_ENTROPY + "therefore stationary(C, a, y) because d(C, a) = 0 at a = y",
    "local_minimum": CROSS_ENTROPY + "therefore local_minimum(C, a, y) because d(C, a) = 0 at a = y and d2(C, a) > 0 at a = y",
    "local_maximum": CROSS_ENTROPY + "therefore local_maximum(-C, a, y) because d(-C, a) = 0 at a = y and d2(-C, a) < 0 at a = y",
    "minimum": CROSS_ENTROPY + "therefore minimum(C, a, y) because d(C, a) = 0 at a = y and d2(C, a) > 0",
    "maximum": CROSS_ENTROPY + "therefore maximum(-C, a, y) because d(-C, a) = 0 at a = y and concave(-C, a)",
    "unique_minimum": CROSS_ENTROPY + "therefore unique_minimum(C, a, y) because stationary(C, a, y) and strictly_convex(C, a)",
    "unique_maximum": CROSS_ENTROPY + "therefore unique_maximum(-C, a, y) because d(-C, a) = 0 at a = y and d2(-C, a) < 0",
    "least_value": "therefore (x-1)^2 + 3 >= 3 because minimum((x-1)^2 + 3, x, 1) and (x-1)^2 + 3 = 3 at x = 1",
    "greatest_value": "therefore 3 - (x-1)^2 <= 3 because maximum(3 - (x-1)^2, x, 1) and 3 - (x-1)^2 = 3 at x = 1",
    "increasing": "therefore increasing(sigmoid(x), x) because d(sigmoid(x), x) > 0",
    "decreasing": "therefore decreasing(exp(-x), x) because d(exp(-x), x) < 0",
    "nondecreasing": "therefore nondecreasing(x^3, x) because d(x^3, x) >= 0",
    "nonincreasing": "therefore nonincreasing(-x^3, x) because d(-x^3, x) <= 0",
    "constant": "therefore constant(sigmoid(x) + sigmoid(-x), x) because d(sigmoid(x) + sigmoid(-x), x) = 0",
    "stays": "therefore stays(a^2 w^2, w, 0) because d(a^2 w^2, w) = 0 at w = 0",
    "invariant": SOFTMAX + "therefore invariant(s[i], z, c) because softmax(z + c)[i] = softmax(z)[i]",
    "even": "therefore even(x^2, x) because (-x)^2 = x^2",
    "odd": "therefore odd(tanh(x), x) because tanh(-x) = -tanh(x)",
    "positive": "therefore positive(exp(x)) because exp(x) > 0",
    "nonnegative": "therefore nonnegative(x^2) because x^2 >= 0",
    "bounded_below": "therefore bounded_below(x^2 + 1, 1) because x^2 + 1 >= 1",
    "bounded_above": "therefore bounded_above(sigmoid(x), 1) because sigmoid(x) < 1",
    "probability": SOFTMAX + "therefore probability(s) because s[j] >= 0 and sum(k, s[k]) = 1",
}


def test_the_table_is_what_is_tested():
    assert {rule.id for rule in RULES} == {*CARRIED}
    assert {*SLIPS} <= {*CARRIED}
    assert {*ONLY_IF} | {"probability"} == {*words()}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_carries(rule, decisions, monkeypatch):
    *_, found = decisions(CARRIED[rule.id])
    assert (found.verdict, found.rule) == (PROVEN, rule.id), found.says
    monkeypatch.setattr(
        rules, "RULES", tuple(one for one in RULES if one.id != rule.id or len(concluding(one.concludes.partition("(")[0])) > 1)
    )
    if rule not in rules.RULES:
        with_it_gone = judge(read(CARRIED[rule.id])).lines[-1]
        assert with_it_gone.verdict == NOT_UNDERSTOOD or "no rule takes it from this reason" in with_it_gone.says


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_rule_carries_with_a_reason_less(rule, decisions):
    before, _, line = CARRIED[rule.id].rpartition("\n")
    conclusion, _, reasons = line.partition(" because ")
    pieces = re.split(r" and ", reasons)
    for left_out in pieces:
        kept = " and ".join(piece for piece in pieces if piece != left_out) or "1 = 1"
        *_, found = decisions(f"{before}\n{conclusion} because {kept}")
        assert found.rule != rule.id or found.verdict == DOES_NOT_FOLLOW, (kept, found)
        assert found.verdict == DOES_NOT_FOLLOW or "no rule takes it from this reason" in found.says


@pytest.mark.parametrize(("called", "slip"), [(called, slip) for called, slip in SLIPS.items() if slip.example])
def test_a_slip_has_an_example_where_the_conclusion_is_false(called, slip, decisions):
    """The weaker reason is true there, so that a table that accepted it would prove what is false."""
    function, place = slip.example.split(" at x = ")
    strict = ONLY_IF[called].replace("f", function).replace(">= 0", "> 0").replace("<= 0", "< 0")
    derivation = {
        "one_point": f"because {strict} at x = {place}",
        "stationary_is_not_minimal": f"because d({function}, x) = 0 at x = {place}",
        "local_is_not_global": (
            f"because d({function}, x) = 0 at x = {place} and d2({function}, x) {'>' if 'min' in called else '<'} 0 at x = {place}"
        ),
    }
    because = derivation.get(slip.id, derivation["one_point"])
    takes = reason(concluding(called)[0].concludes).says
    conclusion = f"{called}({', '.join([function, *('x' if part.text == 'x' else place for part in takes.of[1:])])})"
    *_, found = decisions(f"therefore {conclusion} {because}")
    assert (found.verdict, found.slip) == (DOES_NOT_FOLLOW, slip.id), found
    assert "true all the same" not in found.says
    if slip.id != "local_is_not_global":  # that these are stationary everywhere else is not what refutes them
        assert slip.id == "stationary_is_not_minimal" or found.counterexample is not None, found


# what people write


def test_one_point_is_not_convexity(decisions):
    *_, found = decisions(CROSS_ENTROPY + "therefore convex(C, a) because d2(C, a) > 0 at a = y")
    assert (found.verdict, found.slip) == (DOES_NOT_FOLLOW, "one_point_is_not_convexity")
    assert found.says == "one point is not convexity; it needs d2(C, a) >= 0 for all a; the conclusion is true all the same"
    *_, found = decisions("therefore convex(x^3, x) because d2(x^3, x) > 0 at x = 1")
    assert (
        found.says
        == "one point is not convexity; it needs d2(x^3, x) >= 0 for all x; and the conclusion is false: d2(x^3, x) >= 0 is false"
    )
    assert [(name, number.exact) for name, number in found.counterexample.values] == [("x", "-1")]


def test_what_is_said_at_a_place_is_said_there(decisions):
    last = "  therefore local_minimum(C, a) because d(C, a) = 0 and d2(C, a) > 0"
    text = f"{CROSS_ENTROPY}at a = y:\n  therefore convex(C, a) because d2(C, a) > 0\n{last}"
    one_point, there = decisions(text)
    assert (one_point.verdict, one_point.slip) == (DOES_NOT_FOLLOW, "one_point_is_not_convexity")
    assert (there.verdict, there.rule) == (PROVEN, "local_minimum")


def test_the_place_is_that_of_the_reasons(decisions):
    for said in ("stationary(C, a, y)", "stationary(C, a) at a = y", "d(C, a) = 0 at a = y"):
        *_, found = decisions(CROSS_ENTROPY + f"therefore unique_minimum(C, a) because {said} and d2(C, a) > 0")
        assert (found.verdict, found.rule) == (PROVEN, "unique_minimum")


def test_a_place_lies_where_all_is_said(decisions):
    *_, outside = decisions("given 0 < x < 1\nlet f = x^2/x - relu(x)\ntherefore maximum(f, x, -1) because d(f, x) = 0")
    assert outside.verdict == DOES_NOT_FOLLOW
    *_, inside = decisions(
        "given 0 < x < 1\nlet f = x^2/x - relu(x)\ntherefore maximum(f, x, 1/2) because d(f, x) = 0 and d2(f, x) <= 0"
    )
    assert inside.verdict == PROVEN


def test_a_false_reason_is_named_with_its_numbers(decisions):
    *_, found = decisions(CROSS_ENTROPY + "therefore minimum(C, a) because d(C, a) = 0 at a = y and d2(C, a) < 0")
    assert found.verdict == FALSE
    assert found.says.startswith("the reason d2(C, a) < 0 is false")
    assert found.counterexample is not None


def test_a_reason_that_is_not_proven_proves_nothing():
    source = read("therefore convex(x^2, x) because d2(x^2, x) > 0")

    def cannot(relation, scene):
        return Decision(NOT_PROVEN, "agrees at 12 points")

    (line,) = judge(source, decide=cannot).lines
    assert line.verdict == NOT_PROVEN
    assert line.says == "the reason d2(x^2, x) > 0 is not proven: agrees at 12 points"


@pytest.mark.parametrize(
    "because",
    [
        "y/a^2 + (1-y)/(1-a)^2 > 0",
        "d2(C, a) = y/a^2 + (1-y)/(1-a)^2 and y/a^2 + (1-y)/(1-a)^2 > 0",
        "1 > 0 and d2(C, a) > 0",
        "strictly_convex(C, a)",
        "-d2(C, a) < 0",
    ],
)
def test_reasons_in_other_words(because, decisions):
    *_, found = decisions(CROSS_ENTROPY + f"therefore convex(C, a) because {because}")
    assert (found.verdict, found.rule) == (PROVEN, "convex"), found.says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("therefore convex(1/x^2, x) because d2(1/x^2, x) > 0", "where x is 0 there may be a gap"),
        ("therefore increasing(-1/x, x) because d(-1/x, x) > 0", "where x is 0 there may be a gap"),
        ("therefore convex(-ln(x^2), x) because d2(-ln(x^2), x) > 0", "there may be a gap"),
        ("therefore convex(-relu(x), x) because d2(-relu(x), x) >= 0", "relu(x) has a kink"),
        ("therefore convex(-abs(x), x) because d2(-abs(x), x) >= 0", "abs(x) has a kink"),
        ("therefore constant(sign(x), x) because d(sign(x), x) = 0", "sign(x) has a kink"),
        ("therefore convex(-sqrt(x^2), x) because d2(-sqrt(x^2), x) = 0", "there may be a gap"),
        ("therefore concave((x^2)^(1/2), x) because d2((x^2)^(1/2), x) = 0", "there may be a gap"),
        ("given x != 0\ntherefore constant(x/abs(x), x) because d(x/abs(x), x) = 0", "kink"),
        ("number b\ngiven b + x = 1\ntherefore convex(x^2 + b, x) because d2(x^2 + b, x) > 0", "x is not free"),
    ],
)
def test_slopes_do_not_tell_all_over_kinks_and_gaps(text, says, decisions):
    *_, found = decisions(text)
    assert found.verdict == NOT_PROVEN
    assert says in found.says


@pytest.mark.parametrize(
    "text",
    [
        "given x > 0\ntherefore increasing(-1/x, x) because d(-1/x, x) > 0",
        "given x > 0\ntherefore convex(x ln(x), x) because d2(x ln(x), x) > 0",
        "therefore convex(-ln(x), x) because d2(-ln(x), x) > 0",
        "therefore convex(-ln(1 - x) - ln(x), x) because d2(-ln(1 - x) - ln(x), x) > 0",
        "therefore convex(ln(1 + exp(x)), x) because d2(ln(1 + exp(x)), x) > 0",
    ],
)
def test_one_interval_is_enough(text, decisions):
    *_, found = decisions(text)
    assert found.verdict == PROVEN, found.says


def test_what_stays(decisions):
    loss = "number w, v, x, y\nlet L = (w v x - y)^2\nat w = 0 ; v = 0:\n"
    alone, together = decisions(
        loss + "  therefore stays(L, w) because d(L, w) = 0\n  therefore stays(L, w) because d(L, w) = 0 and d(L, v) = 0"
    )
    assert alone.verdict == DOES_NOT_FOLLOW
    assert "it needs d(L, v) = 0" in alone.says
    assert (together.verdict, together.rule) == (PROVEN, "stays")


def test_a_certain_index_is_not_each(decisions):
    lines = ("index k, c : K", "vector t[k]", "given t[k] = delta(k, c)")
    each, certain = decisions("\n".join([*lines, "therefore t[k] = 1 because t[c] = 1", "therefore t[c] = 1 because t[c] = 1"]))
    assert each.verdict == DOES_NOT_FOLLOW
    assert certain.verdict == PROVEN


def test_words_that_are_in_no_rule(decisions):
    (line,) = judge(read("therefore convx(x^2, x) because d2(x^2, x) > 0")).lines
    assert (line.verdict, line.way_out) == (NOT_UNDERSTOOD, "did you mean 'convex'?")
    (line,) = judge(read("therefore convex(x^2) because d2(x^2, x) > 0")).lines
    assert (line.verdict, line.way_out) == (NOT_UNDERSTOOD, "convex(f, x)")
    line = judge(read("index i : n\nvector w[i]\nlet L = norm(w)^2\ntherefore convex(L, w) because L >= 0")).lines[-1]
    assert (line.verdict, line.way_out) == (NOT_UNDERSTOOD, "say it of an entry, z[k]")
    (line,) = judge(read("therefore minimum(x^2, x) because convex(x^2, x)")).lines
    assert (line.verdict, line.says) == (NOT_UNDERSTOOD, "at which x?")


# relations


def holds(conclusion, *premises):
    def relation(text):
        left, sign, right = re.split(r" (>=|<=|!=|>|<|=) ", text)
        return Relation(sign, expression(left), expression(right))

    return carried(relation(conclusion), [relation(text) for text in premises], Scene(Names()))


@pytest.mark.parametrize(
    ("conclusion", "premises"),
    [
        ("A = B", ("A = C", "C = B")),
        ("A = B", ("C = A", "B = C")),
        ("A < B", ("A <= C", "C < B")),
        ("A + B >= 0", ("A >= 0", "B >= 0")),
        ("A - B = C - D", ("A = C", "B = D")),
        ("A B > 0", ("A > 0", "B > 0")),
        ("A B >= 0", ("A <= 0", "B <= 0")),
        ("s (1 - s) > 0", ("s > 0", "s < 1")),
        ("exp(z) > 0", ("exp(z) >= 1",)),
        ("A != 0", ("A > 0",)),
        ("2 A = 2 B", ("A = B",)),
        ("A C = B C", ("A = B", "C > 0")),
    ],
)
def test_what_is_carried(conclusion, premises):
    assert holds(conclusion, *premises)
    for left_out in range(len(premises)):
        assert not holds(conclusion, *premises[:left_out], *premises[left_out + 1 :])


@pytest.mark.parametrize(
    ("conclusion", "premises"),
    [
        ("A = B", ("A = C", "C = D")),
        ("A < B", ("A <= C", "C <= B")),
        ("A B > 0", ("A > 0", "B >= 0")),
        ("A - B >= 0", ("A >= 0", "B >= 0")),
        ("A >= 0", ("A B >= 0",)),
        ("exp(x) = exp(y)", ("exp(x) > 0", "exp(y) > 0")),
        ("A = 0", ("A B = 0",)),
    ],
)
def test_what_is_not_carried(conclusion, premises):
    assert not holds(conclusion, *premises)


def test_relations_that_are_concluded(decisions):
    lines = [
        f"therefore {said}" for said in ("p > 0 because p >= 3", "p >= 3 because p = 3 at x = 1", "p >= 4 because p = 3 at x = 1")
    ]
    added, itself, wrong = decisions("\n".join(["let p = (x-1)^2 + 3", *lines]))
    assert (added.verdict, added.rule) == (PROVEN, "added")
    assert itself.verdict == PROVEN
    assert itself.says.startswith("true by itself; no rule takes it from this reason")
    assert wrong.verdict == DOES_NOT_FOLLOW
    assert wrong.counterexample is not None


def test_the_table_reads_as_lines_of_the_format():
    for rule in RULES:
        if "sum(k" in rule.line or "f(" in rule.line:
            continue  # all of f, as no line of a derivation has it
        (line,) = read(rule.line).lines
        assert type(line.statement).__name__ == "Therefore", vars(line.statement)
        conclusion = line.statement.conclusion
        assert not isinstance(conclusion, Property) or conclusion.word in words()


# what is said of one number is said of one that does not move


@pytest.mark.parametrize(
    "text",
    [
        "therefore bounded_below(x, x - 1) because x >= x - 1",
        "therefore bounded_above(x^2, x^2 + 1) because x^2 <= x^2 + 1",
        "let u = x - 1\ntherefore bounded_below(x, u) because x >= u",
        "therefore invariant(x^2, x, -2x) because (x - 2x)^2 = x^2",
        "therefore minimum(x^2, x, x - 1) because convex(x^2, x) and stationary(x^2, x, x - 1)",
    ],
)
def test_a_bound_or_a_place_that_moves(text):
    assert judge(read(text)).lines[-1].verdict == NOT_UNDERSTOOD


@pytest.mark.parametrize(
    "text",
    [
        "therefore x^2 >= x because minimum(x^2, x, 0) and x^2 = x at x = 0",
        "therefore -x^2 <= x because maximum(-x^2, x, 0) and -x^2 = x at x = 0",
        "therefore (a-b)^2 >= a - b because minimum((a-b)^2, a, b) and (a-b)^2 = a - b at a = b",
    ],
)
def test_a_least_value_that_moves(text, decisions):
    (found,) = decisions(text)
    assert found.verdict == DOES_NOT_FOLLOW
    assert found.counterexample is not None


def test_a_conclusion_by_a_rule_is_held_against_numbers(monkeypatch):
    """Whatever is wrong with a rule, no relation that numbers refute is proven."""
    monkeypatch.setattr(inferences, "carried", lambda *_: True)
    found = judge(read("number x\ntherefore x > 0 because x^2 >= 0"))
    assert [line.verdict for line in found.lines] == [NOT_PROVEN]
    assert found.faults


ENTRIES = "index j, k : J\nvector w[j]\n"


@pytest.mark.parametrize(
    ("f", "verdict"),
    [
        ("sum(j, w[j])^2 - sum(j, w[j]^2)", NOT_PROVEN),  # convex in each entry, and below 0 at (1, -1)
        ("sum(j, w[j]^2)", PROVEN),
        ("sum(j, (w[j] - 1)^2) + 2 sum(j, w[j]) - J", PROVEN),
    ],
)
def test_the_least_in_each_entry_and_in_all(f, verdict):
    text = f"{ENTRIES}let f = {f}\ntherefore minimum(f, w[j], 0) because convex(f, w[j]) and stationary(f, w[j], 0)"
    assert judge(read(text)).lines[-1].verdict == verdict


@pytest.mark.parametrize("given", ["abs(x) >= 1", "sqrt(x^2) >= 1", "x^2 >= 1", "max(x, -x) >= 1"])
@pytest.mark.parametrize(
    "said",
    [
        "increasing(f, x) because d(f, x) > 0",
        "constant(f - x, x) because d(f - x, x) = 0",
        "convex(1/sqrt(x^2), x) because d2(1/sqrt(x^2), x) > 0",
    ],
)
def test_a_gap_that_is_given(given, said):
    """f(-1) = 9 and f(1) = -9, though f rises on both sides."""
    (line,) = judge(read(f"number x\nlet f = x - 10 x/sqrt(x^2)\ngiven {given}\ntherefore {said}")).lines
    assert line.verdict == NOT_PROVEN


def test_a_gap_behind_a_definition():
    (line,) = judge(read("number x\nlet u = x^2\ngiven u >= 1\ntherefore increasing(x, x) because d(x, x) > 0")).lines
    assert line.verdict == NOT_PROVEN
