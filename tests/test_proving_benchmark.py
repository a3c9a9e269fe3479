"""The side-by-side of `prove` is honest: labels are right, steps are written out rightly, no answer counts for more than it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import proving  # noqa: E402
from steps_elsewhere import by_numbers, forms, race  # noqa: E402
from steps_elsewhere.collected import Asked, equalities  # noqa: E402
from steps_elsewhere.forms import call, number, plus, power  # noqa: E402
from steps_elsewhere.race import LATE, NO, NOT_TAKEN, NUMBERS, OPEN, PROVEN, Answer  # noqa: E402
from steps_elsewhere.written_out import Written, shifted  # noqa: E402

STEPS = [*equalities()]
z, c = ("name", "z"), ("name", "c")
TRUE, WRONG = Written(power(plus(z, z), number(2)), forms.times(number(4), z, z)), Written(plus(z, z), power(z, number(2)))


def test_there_are_enough_steps_and_all_are_written_out() -> None:
    assert sum(step.true for step in STEPS) >= 400
    assert sum(not step.true for step in STEPS) >= 50
    assert not [step for step in STEPS if isinstance(step.written, str)]


@pytest.mark.parametrize("true", [True, False])
def test_labels_are_right_where_numbers_are_put_in(true: bool) -> None:
    some = [step for step in STEPS if step.true is true][:: 10 if true else 2]
    assert {by_numbers.verdict(_written(step)) for step in some} == {"agrees" if true else "refuted"}


def _written(step: Asked) -> tuple[Written, ...]:
    assert not isinstance(step.written, str)
    return step.written[3]


def test_the_jacobian_of_softmax_written_out() -> None:
    """At z = (0, 0, 0) it is 2/9 on the diagonal and -1/9 beside it; those are the two cases, i = j and i != j."""
    claim = next(step for step in STEPS if step.place == "softmax-jacobian.txt:7")
    zeros = {f"z_{k}": by_numbers.mpmath.mpf(0) for k in (1, 2, 3)}
    values = [[by_numbers.value(side, zeros) for side in (case.left, case.right)] for case in _written(claim)]
    assert [[round(float(value), 9) for value in pair] for pair in values] == [[0.222222222] * 2, [-0.111111111] * 2]


def test_a_slope_is_that_of_the_form() -> None:
    form = call("tanh", power(plus(call("exp", z), c), number(Fraction(1, 2))))
    at = {"z": by_numbers.mpmath.mpf("0.3"), "c": by_numbers.mpmath.mpf(2)}
    nudged = by_numbers.mpmath.diff(lambda x: by_numbers.value(form, {**at, "z": x}), at["z"])
    assert abs(by_numbers.value(forms.slope(form, "z"), at) - nudged) < 1e-9


def test_what_is_given_is_only_told_otherwise() -> None:
    case = Written(call("abs", z), z, ((">", z, c), (">", c, forms.ZERO)))
    assert shifted(case).left == call("abs", plus(c, ("name", "z~")))
    assert {sign for sign, *_ in shifted(case).given} == {">"}
    assert by_numbers.verdict([case]) == by_numbers.verdict([shifted(case)]) == "agrees"


# what is made of answers


def saying(*answers: str) -> Callable[[Any], Answer]:
    said = iter(answers)
    return race._theirs(lambda _: lambda: next(said))


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ((PROVEN, PROVEN), PROVEN),
        ((PROVEN, OPEN), OPEN),
        ((PROVEN, NO), NO),
        ((OPEN, NUMBERS), NUMBERS),
        ((PROVEN,), NOT_TAKEN),  # it fails at the second
    ],
)
def test_a_step_is_proven_in_all_cases_and_refuted_in_one(answers: tuple[str, ...], verdict: str) -> None:
    with_failure = saying(*answers)
    assert with_failure((TRUE, TRUE)).verdict == verdict


def test_no_case_is_no_proof() -> None:
    assert saying()(()).verdict == OPEN


def test_the_row_of_a_checker() -> None:
    true, wrong = (next(step for step in STEPS if step.true is which) for which in (True, False))
    answers = [
        (true, PROVEN),
        (true, NO),
        (true, LATE),
        (true, NOT_TAKEN),
        (wrong, PROVEN),
        (wrong, NUMBERS),
        (wrong, NO),
        (wrong, OPEN),
    ]
    row = proving.row("some", [step for step, _ in answers], [Answer(verdict, 0.5) for _, verdict in answers], 3)
    assert dict(zip(proving.HEADER, row, strict=True))["median"] == "500.0 ms"
    assert row[1:11] == ["K = 3", "1", "1", "2", "2", "1", "1", "1", "1", "1"]


@pytest.mark.parametrize("name", ["sympy simplify", "sympy equals", "python-flint fractions", "z3"])
def test_checkers_get_the_step_that_was_asked(name: str) -> None:
    pytest.importorskip({"python-flint fractions": "flint"}.get(name, name.split(maxsplit=1)[0]))
    judge = race._theirs(race.CHECKERS[name]())
    assert judge((TRUE,)).verdict == PROVEN
    assert judge((WRONG,)).verdict in (NUMBERS, NO, OPEN)
    assert judge((TRUE, WRONG)).verdict != PROVEN


def test_what_answers_too_late_is_ended_and_begun_anew() -> None:
    """The limit and the slack are both over before the process could have answered at all."""
    checker = race.Checker("sympy simplify", limit=5)
    first = checker.process.pid
    try:
        assert checker.missing == ""
        assert checker.judge((TRUE,)).verdict == PROVEN
        checker.limit = -race.SLACK
        assert checker.judge((WRONG,)).verdict == LATE
        checker.limit = 5
        assert checker.judge((TRUE,)).verdict == PROVEN
        assert checker.process.pid != first
    finally:
        checker.end()
