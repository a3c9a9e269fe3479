"""Inequalities for every size: what is shown, what must not be, and that no numbers speak against what is."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from mpmath import mpf
from plain_values import NoValue, asked, value
from random_relations import HEAD, Made, made, numbers

from backcheck.proving.algebra.equal import Outcome
from backcheck.proving.algebra.expand import plain
from backcheck.proving.inequalities.bounds import Bound
from backcheck.proving.inequalities.one_variable import never_negative
from backcheck.proving.names import Scene
from backcheck.proving.order import order
from backcheck.proving.statements import Relation

TWO = "p[k] > 0 ; q[k] > 0 ; sum(k, p[k]) = 1 ; sum(k, q[k]) = 1"
ONE, T = "p[k] > 0 ; sum(k, p[k]) = 1", "t[k] >= 0 ; sum(k, t[k]) = 1"
UNIT = "0 < a < 1 ; 0 < y < 1"

TRUE = [
    # signs and squares
    (UNIT, "y/a^2 + (1-y)/(1-a)^2 > 0"),
    ("", "(a-y)^2 >= 0"),
    ("", "a^2 + y^2 >= 2 a y"),
    ("", "a^2 + y^2 + u^2 >= a y + y u + u a"),
    ("", "x[i]^4 + 1 >= x[i]"),
    ("", "exp(u) != 0"),
    ("y != a", "(y - a)^2 > 0"),
    ("y != a", "y - a != 0"),
    # sigmoid, tanh, softplus, relu
    ("", "sigmoid(u) (1 - sigmoid(u)) <= 1/4"),
    ("", "sigmoid(u) < 1"),
    ("", "1 - tanh(u)^2 > 0"),
    ("", "abs(tanh(u)) < 1"),
    ("u >= 0", "tanh(u) <= u"),
    ("", "softplus(u) > u"),
    ("", "softplus(u) >= relu(u)"),
    ("", "softplus(u) >= u/2 + ln(2)"),
    ("", "abs(u + a) <= abs(u) + abs(a)"),
    ("", "max(u, a) >= (u + a)/2"),
    ("b <= 0 ; w1 + b = 1 ; w2 + b = 1", "relu(w1 + w2 + b) >= 2"),
    # between bounds
    ("0 < y < 1", "y^3 < y"),
    (UNIT, "a + y - a y < 1"),
    ("0 < y < a ; a < 1", "y/(1-y) < a/(1-a)"),
    ("0 < y < a", "ln(y) < ln(a)"),
    ("a > 0 ; y > 0", "(a + y)^3 <= 4 (a^3 + y^3)"),
    ("u > 0", "sqrt(1 + u) <= 1 + u/2"),
    # tangents
    ("u > 0", "ln(u) <= u - 1"),
    ("", "exp(u) >= 1 + u"),
    ("u > 0", "u ln(u) >= u - 1"),
    (TWO, "sum(k, p[k] ln(p[k]/q[k])) >= 0"),
    (TWO, "-sum(k, p[k] ln(q[k]/p[k])) >= -sum(k, p[k] (q[k]/p[k] - 1))"),
    (ONE, "-sum(k, p[k] ln(p[k])) <= ln(K)"),
    (ONE, "sum(k, p[k] exp(x[k])) >= exp(sum(k, p[k] x[k]))"),
    (UNIT, "-(y ln(a) + (1-y) ln(1-a)) >= -(y ln(y) + (1-y) ln(1-y))"),
    # slopes
    ("u > 0", "ln(1 + u) > u/(1 + u)"),
    ("u >= 1", "ln(u) <= (u - 1/u)/2"),
    ("0 < y < 1", "-(y ln(y) + (1-y) ln(1-y)) <= ln(2)"),
    # sums over an index
    ("", "s[i] <= 1"),
    ("K >= 2", "s[i] < 1"),
    ("", "sum(k, s[k]^2) <= 1"),
    ("", "sum(k, s[k]^2) >= 1/K"),
    ("", "ln(S) >= max(k, z[k])"),
    ("", "ln(S) <= ln(sum(k, exp(max(m, z[m]))))"),
    ("", "ln(S) <= max(k, z[k]) + ln(K)"),
    (T, "-sum(k, t[k] ln(s[k])) >= 0"),
    ("z[i] > z[k] for k != i", "s[i] >= 1/K"),
    ("", "sum(i, sum(j, v[i] s[i] (delta(i,j) - s[j]) v[j])) >= 0"),
    ("", "sum(k, x[k] v[k])^2 <= sum(k, x[k]^2) sum(k, v[k]^2)"),
    ("", "abs(sum(k, x[k])) <= sum(k, abs(x[k]))"),
    ("x[k] >= 0", "sum(k, x[k]) >= x[i]"),
    ("", "K max(k, z[k]) >= sum(k, z[k])"),
]
# near to what is true, and false for some numbers, or for K = 1
WRONG = [
    ("", "y > 0"),
    ("", "y^2 > 0"),
    ("", "sum(k, v[k]^2) > 0"),
    ("", "a^2 + y^2 > 2 a y"),
    ("", "sigmoid(u) (1 - sigmoid(u)) < 1/4"),
    ("", "s[i] < 1"),
    ("", "sum(k, s[k]^2) < 1"),
    ("", "ln(S) > max(k, z[k])"),
    ("", "ln(S) <= max(k, z[k])"),
    ("", "tanh(u) <= u"),
    ("u > 0", "ln(u) < u - 1"),
    ("p[k] > 0 ; q[k] > 0", "sum(k, p[k] ln(p[k]/q[k])) >= 0"),
    (TWO, "sum(k, p[k] ln(p[k]/q[k])) > 0"),
    ("", "sum(k, p[k] exp(x[k])) >= exp(sum(k, p[k] x[k]))"),
    ("u > 1 ; y > 0", "1 - u + y < 0"),
    ("u >= 0", "relu(u) > 0"),
    ("z[i] > z[k] for k != i", "exp(z[i]) > exp(z[j])"),
    ("", "sum(k, x[k]) >= x[i]"),
    ("x[k] > 1 for k != i ; x[k] < y for k != i", "y + sum(k != i, exp(x[k])) > 1"),  # there may be no such k
    ("x[k] > 1 for k != i ; x[k] < y for k != i", "y + sum(k != i, x[k]) + x[i]^2 > 1"),
]


def outcome(given: str, claim: str) -> Outcome:
    relation, scene = _asked(given, claim)
    return order(relation, scene)


def _asked(given: str, claim: str) -> tuple[Relation, Scene]:
    relation, scene = asked(HEAD + (f"given {given}\n" if given else "") + f"claim {claim}")
    assert isinstance(relation, Relation)
    return relation, scene


@pytest.mark.parametrize(("given", "claim"), TRUE)
def test_shown(given: str, claim: str) -> None:
    assert outcome(given, claim).holds


@pytest.mark.parametrize(("given", "claim"), WRONG)
def test_not_shown(given: str, claim: str) -> None:
    assert not outcome(given, claim).holds


def test_no_number_speaks_against_what_is_shown() -> None:
    """At K = 1 … 5, and at equal and round numbers, where what is strict breaks first."""
    shown = sum(_is_shown_and_true(made(random.Random(seed)), random.Random(-seed)) for seed in range(300))
    assert shown > 50


def _is_shown_and_true(one: Made, source: random.Random) -> bool:
    relation, scene = asked(one.text)
    assert isinstance(relation, Relation)
    if not order(relation, scene).holds:
        return False
    sides = plain(relation.left, scene), plain(relation.right, scene)
    for _ in range(25):
        at = numbers(source, scene.names, one.given)
        try:
            left, right = (value(side, at) for side in sides)
        except NoValue:
            continue
        assert holds(relation.sign, left, right), (one, at)
    return True


def holds(sign: str, left: mpf, right: mpf) -> bool:
    """What is nearer than the digits tell counts as equal."""
    gap = 0 if abs(left - right) < mpf(10) ** -28 * (1 + abs(left)) else left - right
    return {">=": gap >= 0, ">": gap > 0, "<=": gap <= 0, "<": gap < 0, "!=": gap != 0}[sign]


def test_what_it_took_is_said() -> None:
    assert outcome("u > 0 ; 0 < y < 1", "y (1-y) > 0").used == {1, 2}
    assert outcome(TWO, "sum(k, p[k] ln(p[k]/q[k])) >= 0").used == {0, 1, 2, 3}


def test_conditions_that_nobody_has_given_are_said() -> None:
    (need,) = outcome("y > 1", "ln(y) + 1/(a + 1)^2 > 0").needs
    assert need.known == "≠"


def test_two_values_are_needed_for_a_probability_below_one() -> None:
    assert outcome("", "s[i] < 1").says == "it is shown for K >= 2 only"


@pytest.mark.parametrize(
    ("roots", "lower", "upper", "positive", "not_negative"),
    [
        ((1, 2), None, None, False, False),
        ((1, 2), 2, None, True, True),
        ((1, 1), None, None, False, True),
        ((1, 1, 3), 3, None, True, True),
        ((1, 1, 3), 0, None, False, False),
        ((-1, -2), 0, 5, True, True),
        ((0, 0, 5, 5), -1, 7, False, True),
    ],
)
def test_polynomials_in_one_number(
    roots: tuple[int, ...], lower: int | None, upper: int | None, positive: bool, not_negative: bool
) -> None:
    """(x - 1)(x - 2) is positive for x > 2; the ends themselves do not count."""
    polynomial = [Fraction(1)]
    for root in roots:
        polynomial = [a - root * b for a, b in zip([*polynomial, Fraction(0)], [Fraction(0), *polynomial], strict=True)]
    ends = [None if end is None else Bound(Fraction(end), True) for end in (lower, upper)]
    assert never_negative(polynomial, *ends, strict=True) is positive
    assert never_negative(polynomial, *ends, strict=False) is not_negative


def test_what_is_given_over_one_range_is_not_used_over_another() -> None:
    head = "index i, k : K ; j, m : J\nvector z[k], b[j]\ngiven b[j] - 1 > 0 ; z[k] - 2 > 0\n"
    for claim, holds_there in (("z[i] b[m] > 2", True), ("z[i] b[m] > 3", False), ("b[m] > 2", False)):
        relation, scene = asked(f"{head}claim {claim}")
        assert isinstance(relation, Relation)
        assert order(relation, scene).holds is holds_there
