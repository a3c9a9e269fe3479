"""Repairs of wrong lines and the names of slips. Run as a program, it makes all kinds of slips and prints how many are repaired."""

from __future__ import annotations

import itertools
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from line_values import Values, same
from single_slips import Slip, Step, scene, slips, steps

from backcheck.proving.decide import decide
from backcheck.proving.entries import elaborate
from backcheck.proving.names import Definition, Names, Scene
from backcheck.proving.numbers.trial import trial
from backcheck.proving.reading import read
from backcheck.proving.reading.grammar import expression
from backcheck.proving.repairs import Repair, search
from backcheck.proving.repairs.alike import Alike
from backcheck.proving.repairs.around import around
from backcheck.proving.repairs.edits import KINDS, MOST, edits
from backcheck.proving.repairs.places import places, put_at
from backcheck.proving.repairs.slips import SENTENCES, SLIPS, Wrong, named
from backcheck.proving.spelling.spelled import spell
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree, bare, free, name

SCENE = scene()
STEPS = list(steps())
CASES = {"": (), "i = j": (Relation("=", name("i"), name("j")),), "i != j": (Relation("!=", name("i"), name("j")),)}
POINTS = [Values(SCENE.names, seed, size, (), ("t",)) for seed, size in ((1, 3), (2, 2), (3, 4))]


def by_floats(step: Step, line: Tree) -> bool:
    """Whether the line follows, on the tests' own road."""
    letters = [*dict.fromkeys(one for tree in (step.before, line) for one in free(tree) if SCENE.names.is_letter(one))]
    return all(same(values, step.before, line, list(_choices(values, letters, step.case))) for values in POINTS)


def _choices(values: Values, letters: Sequence[str], case: str) -> list[dict[str, float]]:
    every = [dict(zip(letters, chosen, strict=True)) for chosen in itertools.product(*map(values.range, letters))]
    wanted: dict[str, Callable[[dict[str, float]], bool]] = {
        "": lambda one: True,
        "i = j": lambda one: one["i"] == one.get("j", one["i"]),
        "i != j": lambda one: one["i"] != one.get("j"),
    }
    return random.Random(1).sample(met := list(filter(wanted[case], every)), min(6, len(met)))


def mended(step: Step, wrong: Tree) -> tuple[Repair, ...]:
    """The repairs of a wrong line, as the judge asks for them."""
    here = SCENE._replace(case=CASES[step.case])

    def holds(tree: Tree) -> bool:
        return decide(elaborate(Relation("=", step.before, tree), here.names), here).verdict == "proven"

    return search(step.before, wrong, step.after, here, holds, trial("=", step.before, wrong, step.after, here), step.claim).shown


def beside(after: Tree | None) -> tuple[Tree, ...]:
    return () if after is None else (after,)


def is_found(step: Step, found: tuple[Repair, ...]) -> bool:
    """Whether the true line is among them, as it was written, but for order and brackets."""
    book = Alike(SCENE.names.shapes)
    return book.of(bare(step.line)) in [book.of(repair.edit.tree) for repair in found]


def wrong_lines(step: Step, each: int, seed: int) -> list[Slip]:
    """Some slips of every kind in one step; a slip that leaves the line true is none."""
    made = [*slips(step.line, SCENE.names)]
    random.Random(seed).shuffle(made)
    kept: Counter[str] = Counter()
    found = []
    for slip in made:
        if kept[slip.kind] < each and not by_floats(step, slip.line):
            kept[slip.kind] += 1
            found.append(slip)
    return found


def test_the_steps_are_true() -> None:
    assert len(STEPS) >= 60
    assert [spell(step.line) for step in STEPS if not by_floats(step, step.line)] == []


def test_the_intended_repair_is_among_the_first_three() -> None:
    """One slip in each true step, of each kind by turns."""
    tried, hits = 0, 0
    for at, step in enumerate(STEPS):
        for slip in random.Random(at).sample(found := wrong_lines(step, 1, at), min(2, len(found))):
            repaired = mended(step, slip.line)
            assert all(by_floats(step, repair.edit.tree) for repair in repaired), spell(slip.line)
            tried, hits = tried + 1, hits + is_found(step, repaired)
    assert tried >= 120
    assert hits / tried >= 0.85


# what is said of some slips that people make


PLAIN = Names(
    {"i": "K", "j": "K", "k": "K", "n": "N"},
    {"z": ("K",), "t": ("K",), "x": ("N",), "W": ("K", "K"), "V": ("K", "K"), "b": (), "y": (), "a": (), "c": ()},
)
FITS = {
    ("d(a*y^2, y)", "a*y", None): ("2*a*y", "the factor 2 is missing"),
    ("sum(k, t[k]) - y", "sum(k, t[k]) + y", None): ("sum(k, t[k]) - y", "a plus for a minus"),
    ("d(sum(k, t[k]*z[k]), z[j])", "t[k]", "t[j]"): ("t[j]", "index k for j"),
    ("(a + y)*c", "a + y*c", None): ("(a + y)*c", "brackets: a + y*c for (a + y)*c"),
    ("ln(a*y)", "ln(a) - ln(y)", None): ("ln(a) + ln(y)", "a minus for a plus"),
    ("a/y + c/y", "(a + c)*y", None): ("(a + c)/y", "times for over"),
    ("d(1/y, y)", "-1/y", None): ("-1/y^2", "a square is missing: y^2"),
    ("sum(n, x[n] + b)", "sum(n, x[n]) + b", None): ("sum(n, x[n]) + b*N", "the factor N is missing"),
    ("d(z[i], z[j])", "1", None): ("delta(i, j)", "delta(i, j) is missing"),
    ("d(a*c, a) + a*d(y, y)", "c", None): ("c + a", "the term a is missing"),
}


def around_a_line(before: str, wrong: str, after: str | None, names: Names = PLAIN) -> tuple[Tree, Tree, Tree | None, Scene]:
    return expression(before), expression(wrong), expression(after) if after else None, Scene(names)


@pytest.mark.parametrize(("lines", "repair"), FITS.items())
def test_a_repair_in_words(lines: tuple[str, str, str | None], repair: tuple[str, str]) -> None:
    before, wrong, after, here = around_a_line(*lines)
    shown = search(before, wrong, after, here, lambda tree: True, trial("=", before, wrong, after, here)).shown
    assert repair in [(one.text, one.says) for one in shown]


def test_what_is_not_proven_is_not_shown() -> None:
    before, wrong, after, here = around_a_line("a - y", "a + y", None)
    assert search(before, wrong, after, here, lambda tree: False, trial("=", before, wrong, after, here)).shown == ()


def test_where_everything_fits_nothing_is_shown() -> None:
    """A line that anything repairs says nothing of what was meant."""
    before, wrong, after, here = around_a_line("sum(k, z[k])", "a + b + c", None)
    shown = search(before, wrong, after, here, lambda tree: True, lambda tree: True).shown
    assert shown == ()


def test_of_rearrangements_only_the_first_is_shown() -> None:
    before, wrong, after, here = around_a_line("(a - y)*c", "(a + y)*c", None)
    shown = search(before, wrong, after, here, lambda tree: True, trial("=", before, wrong, after, here)).shown
    assert [one.text for one in shown] == ["(a - y)*c"]


def test_matrices() -> None:
    """W V, not V W: in the order of its factors a product of matrices is no mere rearrangement."""
    before, wrong, after, here = around_a_line("(V^T W^T)^T", "V W", None)
    shown = search(before, wrong, after, here, lambda tree: True, trial("=", before, wrong, after, here)).shown
    assert [(one.text, one.says) for one in shown] == [("W*V", "the order of the matrices: V*W for W*V")]


# edits


@pytest.mark.parametrize("at", range(0, len(STEPS), 5))
def test_edits_are_different_bounded_and_in_one_order(at: int) -> None:
    step = STEPS[at]
    found = [list(edits(around(step.before, step.line, beside(step.after), SCENE))) for _ in range(2)]
    assert [edit.tree for edit in found[0]] == [edit.tree for edit in found[1]]
    assert len({edit.tree for edit in found[0]}) == len(found[0]) <= MOST
    assert bare(step.line) not in [edit.tree for edit in found[0]]
    assert [edit.kind.far for edit in found[0]] == sorted(edit.kind.far for edit in found[0])


def test_every_kind_of_edit_edits_something() -> None:
    """In the steps themselves, and in a few lines with what they do not hold."""
    lines = [(step.before, step.line, step.after, SCENE) for step in STEPS]
    lines += [
        around_a_line(*one)
        for one in (
            ("W V", "V W", None),
            ("z .* t", "z .* t", None),
            ("max(k, z[k])", "sum(k != i, W[i,k])", None),
            ("a^2", "2 a", None),
            ("z[i] z[j]", "z[i]^2", None),
            ("a^2 sum(k, z[k]^2)", "a sum(k, z[k])^2", None),
            ("a - (b - c + y)", "a - b - c + y", None),
            ("ln(sum(k, exp(z[k])))", "sum(k, exp(z[k])^2)", None),
        )
    ]
    lines += [around_a_line("(a + b)^2", "a^2 + b^2", None), around_a_line("exp(a + b)", "exp(a) + exp(b)", None)]
    made = {edit.kind for line in lines for edit in edits(around(line[0], line[1], beside(line[2]), line[3]))}
    assert [kind for kind in KINDS if kind not in made] == []


def test_a_place_is_where_it_says() -> None:
    for step in STEPS:
        for place in places(step.line):
            assert put_at(step.line, place.path, place.node) == step.line


# as written, but for order and brackets


LEAVES = st.sampled_from(["a", "b", "c", "2", "z[k]", "delta(i,j)"]).map(lambda text: bare(expression(text)))
TREES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=3).map(lambda some: Tree("plus", tuple(some))),
        st.lists(parts, min_size=2, max_size=3).map(lambda some: Tree("times", tuple(some))),
        parts.map(lambda part: Tree("minus", (part,))),
        parts.map(lambda part: Tree("call", (part,), "exp")),
    ),
    max_leaves=8,
)


def shuffled(tree: Tree, draw: random.Random) -> Tree:
    parts = [shuffled(part, draw) for part in tree.parts]
    if tree.op in ("plus", "times"):
        draw.shuffle(parts)
    return tree._replace(parts=tuple(parts))


@settings(max_examples=150, deadline=None)
@given(TREES, st.integers(0, 99))
def test_order_does_not_matter(tree: Tree, seed: int) -> None:
    book = Alike({})
    assert book.of(tree) == book.of(shuffled(tree, random.Random(seed)))


def test_what_is_alike_is_equal() -> None:
    """Of all edits of all steps, two that count as one rearrangement have one value, or none."""
    values = POINTS[0]
    letters = dict.fromkeys(SCENE.names.letters, 0.0)
    for step in STEPS[::4]:
        here = around(step.before, step.line, beside(step.after), SCENE)
        first: dict[int, Tree] = {}
        for edit in edits(here):
            other = first.setdefault(here.book.of(edit.tree), edit.tree)
            if other is not edit.tree and same(values, edit.tree, edit.tree, [letters]) and same(values, other, other, [letters]):
                assert same(values, edit.tree, other, [letters]), (spell(edit.tree), spell(other))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("a - (b - c)", "c + a - b", True),
        ("a*a/b", "a^2/b", True),
        ("-(a - b)*c", "(a - b)*(-c)", True),
        ("exp(-(a - b))", "exp(b - a)", True),
        ("sum(k, z[k])", "sum(j, z[j])", True),
        ("delta(i,j)", "delta(j,i)", True),
        ("a*(b + c)", "a*b + a*c", False),
        ("z[i]", "z[j]", False),
        ("1/2 a", "a/2", True),
    ],
)
def test_alike(one: str, other: str, alike: bool) -> None:
    book = Alike({"z": ("K",)})
    assert (book.of(bare(expression(one))) == book.of(bare(expression(other)))) is alike


# names of slips

SIGMOID = Definition((), (), expression("1/(1 + exp(-c))"))
WITH_A = PLAIN._replace(defined={"a": SIGMOID})
SOFTMAX = PLAIN._replace(
    shapes={**PLAIN.shapes, "S": (), "s": ("K",)},
    defined={
        "S": Definition((), (), expression("sum(k, exp(z[k]))")),
        "s": Definition(("i",), (), expression("exp(z[i])/sum(k, exp(z[k]))")),
    },
)
NAMED = [
    (SOFTMAX, "d(s[i], z[j])", "s[i]*(1 - s[i])", None, "only_the_true_class"),
    (SOFTMAX, "d(s[i], z[j])", "s[i]*(delta(i,j) + s[j])", None, "sign"),
    (SOFTMAX, "d(s[i], z[i])", "(exp(z[i]) exp(z[i]) - exp(z[i]) S)/S^2", "s[i] - s[i]^2", "quotient_rule_order"),
    (SOFTMAX, "s[i]", "exp(z[i])", None, "normalisation_missing"),
    (SOFTMAX, "d(s[i], z[j])", "s[i]*(delta(i,k) - s[j])", None, "wrong_index"),
    (PLAIN, "sum(n, x[n]) + b*N", "sum(n, x[n]) + N^2*b", None, "exponent"),
    (PLAIN, "sum(n, x[n])/N", "sum(n, x[n])", None, "sum_for_mean"),
    (PLAIN, "sum(n, x[n])", "sum(n, x[n])/N", None, "mean_for_sum"),
    (PLAIN, "sum(n, x[n]) + b", "sum(n, x[n] + b)", None, "bias_counted_n_times"),
    (PLAIN, "sum(n, x[n] + b)", "sum(n, x[n]) + b", None, "counted_once"),
    (PLAIN, "ln(a + y)", "ln(a) + ln(y)", None, "log_of_sum"),
    (PLAIN, "exp(a + y)", "exp(a) + exp(y)", None, "exp_of_sum"),
    (PLAIN, "(a + y)^2", "a^2 + y^2", None, "square_of_sum"),
    (PLAIN, "1/(a + y)", "1/a + 1/y", None, "reciprocal_of_sum"),
    (PLAIN, "(1 + exp(-c))^2", "1 + exp(-2c)", None, "square_of_sum"),
    (PLAIN, "sum(k, t[k]*z[k])", "sum(k, t[k])*sum(k, z[k])", None, "product_of_sums"),
    (PLAIN, "d(exp(-2y), y)", "exp(-2y)", "-2exp(-2y)", "inner_derivative_missing"),
    (PLAIN, "d(a^2*sqrt(y), a)", "a*sqrt(y)", "2 a sqrt(y)", "factor"),
    (PLAIN, "d(y*exp(y), y)", "exp(y)", "exp(y) + y exp(y)", "product_rule_half"),
    (PLAIN, "d(t[i]*z[i], z[j])", "t[i]", None, "only_the_true_class"),
    (PLAIN, "d(sum(k, t[k]*z[k]^2), z[j])", "sum(k, 2 t[k] z[k])", None, "delta_missing"),
    (PLAIN, "(W^T)^T V", "V W", None, "transposed"),
    (PLAIN, "a/(y - y)", "a/(y - y) + 1", None, ""),
    (PLAIN, "y", "a/(y - y)", None, "divided_by_zero"),
    (WITH_A, "d(y*ln(1 - a), a)", "y/(1 - a)", None, "inner_derivative_missing"),
]


@pytest.mark.parametrize(("names", "before", "wrong", "after", "slip"), NAMED)
def test_a_slip_has_its_name(names: Names, before: str, wrong: str, after: str | None, slip: str) -> None:
    first, line, following, here = around_a_line(before, wrong, after, names)
    quick = trial("=", first, line, following, here)
    found = search(first, line, following, here, lambda tree: True, quick)
    assert named(Wrong(first, line, found.edit, names, quick.agrees)) == slip


def test_every_edit_and_every_slip_has_a_name() -> None:
    assert len(SENTENCES) == len(SLIPS)
    edit = next(edits(around(expression("a"), expression("a + b"), (), Scene(PLAIN))))
    for kind in KINDS:
        wrong = Wrong(expression("a"), expression("b"), edit._replace(kind=kind), PLAIN, lambda one, other: False)
        assert named(wrong), kind.slip


def test_a_condition_that_is_missing() -> None:
    wrong = Wrong(expression("a"), expression("b"), None, PLAIN, lambda one, other: False, needs=True)
    assert named(wrong) == "condition_missing"


def test_the_judge_shows_the_repair() -> None:
    from backcheck.proving.judging.judge import judge

    text = "number y, a\nd(a*y^2, y)\n= a*y\n"
    line = judge(read(text, "text")).lines[-1]
    assert (line.verdict, [one.text for one in line.suggestions][:1]) == ("false", ["= 2*a*y"])


if __name__ == "__main__":
    each = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    tried: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for step in STEPS:
        for slip in wrong_lines(step, each, 0):
            tried[slip.kind] += 1
            hits[slip.kind] += is_found(step, mended(step, slip.line))
    for kind, count in tried.items():
        sys.stdout.write(f"{kind:22} {hits[kind]:4} of {count:4}\n")
    sys.stdout.write(f"{'all':22} {hits.total():4} of {tried.total():4}: {hits.total() / tried.total():.1%}\n")
