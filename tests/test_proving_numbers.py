"""Road 2 of `prove`: numbers that stay exact, derivatives beside them, points at which all that is given is true."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backcheck.errors import BadArgument, Undefined
from backcheck.proving.names import Definition, Names, Scene
from backcheck.proving.numbers import at_numbers, balls
from backcheck.proving.numbers.arithmetic import EXACT, factors
from backcheck.proving.numbers.evaluate import Work, at, value
from backcheck.proving.numbers.exact import decimal, text, told
from backcheck.proving.numbers.reals import Logs, Real
from backcheck.proving.numbers.refute import Search, refute
from backcheck.proving.numbers.setting import Setting
from backcheck.proving.numbers.solving import holds
from backcheck.proving.reading.grammar import expression
from backcheck.proving.statements import SIGNS, Relation
from backcheck.proving.tree import Tree, changed, name

mpmath.mp.dps = 60
fractions = st.fractions(min_value=-20, max_value=20, max_denominator=50)
small = st.fractions(min_value=-9, max_value=9, max_denominator=20)  # 1 + |a|, times 20, is below 1009
positive = st.fractions(min_value=Fraction(1, 50), max_value=20, max_denominator=50)
ln2, ln3 = EXACT.ln(2), EXACT.ln(3)

FUNCTIONS, LETTERS = ("f", "g", "C", "step", "xor"), "ijkcnm"


def tree(typed: str, functions: Sequence[str] = FUNCTIONS) -> Tree:
    return changed(expression(typed, functions), _greater_of_two)


def _greater_of_two(node: Tree) -> Tree:
    """max(a, b) and max(k, z[k]) are told apart where names are known."""
    if node.op == "largest" and node.text not in LETTERS:
        return Tree("call", (name(node.text), *node.parts), "max")
    if node.op == "call" and node.text == "max" and node.parts[0].text in tuple(LETTERS):
        return Tree("largest", node.parts[1:], node.parts[0].text)
    return node


def relation(typed: str) -> Relation:
    """a = b, a < b, …"""
    for cut in range(len(typed)):
        for sign in sorted(SIGNS, key=len, reverse=True):
            left, right = typed[:cut], typed[cut + len(sign) + 2 :]
            if typed[cut:].startswith(f" {sign} ") and left.count("(") == left.count(")"):
                return Relation(sign, tree(left), tree(right))
    raise ValueError(typed)


def scene(*given: str, case: str = "", put: str = "", functions: dict[str, str] | None = None) -> Scene:
    defined = {
        "S": Definition((), (), tree("sum(k, exp(z[k]))")),
        "s": Definition(("i",), (), tree("exp(z[i])/S")),
        "L": Definition((), (), tree("-sum(k, t[k] ln(s[k]))")),
        "E": Definition((), (), tree("-(y ln(a) + (1-y) ln(1-a))")),
        "u": Definition((), (), tree("w x")),
        "C": Definition((), ("q",), tree("q^3 + y q")),
    }
    numbers: dict[str, tuple[str, ...]] = dict.fromkeys("xwaby", ())
    shapes = numbers | {"z": ("K",), "t": ("K",), "s": ("K",), "W": ("K", "N"), "v": ("N",)}
    names = Names({"i": "K", "j": "K", "k": "K", "c": "K", "n": "N", "m": "N"}, shapes, functions or {}, defined)
    cases = (relation(case),) if case else ()
    return Scene(
        names, tuple(map(relation, given)), cases, tuple((tree(a), tree(b)) for a, b in [put.split(" = ")] if put) if put else ()
    )


# numbers


@given(small, small)
def test_what_is_rational_stays_so(a: Fraction, b: Fraction) -> None:
    assert EXACT.exp(EXACT.ln(abs(a) + 1)) == abs(a) + 1
    assert EXACT.ln((abs(a) + 1) * (abs(b) + 1)) == EXACT.ln(abs(a) + 1) + EXACT.ln(abs(b) + 1)
    assert EXACT.sqrt(a * a) == abs(a)
    assert EXACT.power(EXACT.sqrt(abs(a)), 2) == abs(a)


@given(fractions)
def test_balls_hold_the_true_value(a: Fraction) -> None:
    true = mpmath.exp(mpmath.mpf(a.numerator) / a.denominator)
    for digits in (10, 40):
        low, high = balls.exp(digits, balls.fraction(a.numerator, a.denominator, digits))
        assert mpmath.mpf(str(low)) <= true <= mpmath.mpf(str(high))
        assert mpmath.mpf(str(high)) - mpmath.mpf(str(low)) <= true * mpmath.mpf(10) ** (3 - digits)


@given(positive)
def test_balls_of_logarithms_and_roots(a: Fraction) -> None:
    ball = balls.fraction(a.numerator, a.denominator, 30)
    number = mpmath.mpf(a.numerator) / a.denominator
    for work, true in ((balls.ln, mpmath.log(number)), (balls.sqrt, mpmath.sqrt(number))):
        low, high = work(30, ball)
        assert mpmath.mpf(str(low)) <= true <= mpmath.mpf(str(high))


@given(fractions, fractions, fractions, fractions)
def test_sums_and_products_of_balls(a: Fraction, b: Fraction, c: Fraction, d: Fraction) -> None:
    one, other = (
        balls.Ball(
            balls.fraction(min(p).numerator, min(p).denominator, 5).low,
            balls.fraction(max(p).numerator, max(p).denominator, 5).high,
        )
        for p in ((a, b), (c, d))
    )
    for work, true in ((balls.plus, a + c), (balls.times, b * d), (balls.times, a * d)):
        low, high = work(5, one, other)
        assert Fraction(low) <= true <= Fraction(high)


def test_numbers_are_said_as_people_write_them() -> None:
    assert text(ln2 - 1) == "ln 2 - 1"
    assert text(EXACT.ln(Fraction(2, 9))) == "ln 2 - 2 ln 3"
    assert text(Fraction(2, 9)) == "2/9"
    assert text(EXACT.exp(1)) == ""
    assert decimal(EXACT.exp(1)) == "2.71828"
    assert decimal(ln2 * ln2, 20) == "0.48045301391820142467"
    assert decimal(Fraction(-1, 3), 3) == "-0.333"
    assert decimal(EXACT.exp(-100)) == "3.72008e-44"


def test_equality_is_never_claimed_from_balls() -> None:
    e = EXACT.exp(1)
    assert told(e * e - EXACT.exp(2)) is None
    assert told(e * e - EXACT.exp(2) + Fraction(1, 10**150)) == 1
    assert told(e * e - EXACT.exp(2) + Fraction(1, 10**150), 40) is None
    assert isinstance(e, Real)
    assert isinstance(ln2 * 3 + 1, Logs)
    assert told(ln2 * 3 - EXACT.ln(8)) == 0


def test_large_numbers_are_not_made() -> None:
    for work in (
        lambda: EXACT.power(2, 10**9),
        lambda: EXACT.power(Fraction(2, 3), -(10**9)),
        lambda: EXACT.exp(10**9),
        lambda: EXACT.exp(ln2 * 10**9),
        lambda: EXACT.power(EXACT.exp(1), 10**9),
    ):
        with pytest.raises(Undefined):
            work()
    assert EXACT.power(-1, 10**9) == 1
    assert factors(2 * 3**4 * 997) == {2: 1, 3: 4, 997: 1}


# trees at points


def names(**shapes: tuple[str, ...]) -> Names:
    return Names({"i": "K", "j": "K", "k": "K"}, shapes)


UNDEFINED = [
    ("ln(x)", 0, "ln of 0"),
    ("ln(x)", Fraction(-1, 2), "ln of -1/2"),
    ("1/(x - x)", 1, "a division by 0"),
    ("sqrt(x)", -2, "the root of -2"),
    ("x^(1/3)", -8, "a power that is a fraction, of -8"),
    ("d(relu(x), x)", 0, "the slope of relu at its kink"),
    ("relu'(x)", 0, "the slope of relu at its kink"),
    ("d(abs(x), x)", 0, "the slope of abs at its kink"),
    ("d(max(x, 1), x)", 1, "the slope of max at its kink"),
    ("d(sqrt(x), x)", 0, "a division by 0"),
    ("x + oo", 1, "oo is no number"),
    ("x ln(x)", 0, "ln of 0"),
    ("x^x", -2, "a power of what is not above 0, where the exponent may be any number"),
]


@pytest.mark.parametrize(("typed", "x", "says"), UNDEFINED)
def test_what_has_no_value_says_why(typed: str, x: object, says: str) -> None:
    with pytest.raises(Undefined, match=f"^{says}$"):
        value(tree(typed), at(names(x=()), {}, {("x",): x}))


VALUES = [
    ("x^2 - 1/2", Fraction(3, 2), "7/4"),
    ("x^(-2)", 2, "1/4"),
    ("x^(3/2)", 4, "8"),
    ("sigmoid(x)", ln3, "3/4"),
    ("tanh(x)", ln2, "3/5"),
    ("softplus(x)", ln2, "ln 3"),
    ("d(sigmoid(x), x)", ln3, "3/16"),
    ("tanh'(x)", ln2, "16/25"),
    ("sigmoid''(x)", ln3, "-3/32"),
    ("d2(exp(2x), x)", ln2, "16"),
    ("d(x^5, x, x, x)", 2, "240"),
    ("d(x^x, x)", 1, "1"),
    ("max(x, 3) + min(x, 3)", 5, "8"),
    ("relu(x) + relu(-x) - abs(x)", -4, "0"),
    ("d(relu(x), x) + d(relu(-x), x)", -4, "-1"),
    ("sum(k, x^2)", 3, "27"),
    ("sum(k != 2, sum(j, 1))", 0, "6"),
    ("max(k, x delta(k, 2))", 7, "7"),
    ("exp(-x)", 0, "1"),
]


@pytest.mark.parametrize(("typed", "x", "expected"), VALUES)
def test_values_by_hand(typed: str, x: object, expected: str) -> None:
    assert text(value(tree(typed), at(names(x=()), {"K": 3}, {("x",): x}))) == expected


def test_the_published_softmax() -> None:
    point = at(scene().names, {"K": 3, "N": 1}, {("z", k): k for k in (1, 2, 3)})
    assert [decimal(value(tree("s[i]"), point, {"i": i}), 4) for i in (1, 2, 3)] == ["0.09003", "0.2447", "0.6652"]
    point = at(scene().names, {"K": 3, "N": 1}, {("z", k): 10 * k for k in (1, 2, 3)})
    assert [decimal(value(tree("s[i]"), point, {"i": i}), 3) for i in (1, 2, 3)] == ["2.06e-9", "0.0000454", "1"]


SMOOTH = [
    "exp(x)/(1 + x^2)",
    "ln(1 + x^2) x",
    "tanh(x)^3",
    "sqrt(1 + exp(x))",
    "sigmoid(x) softplus(2x)",
    "x^4/(2 + x^2)^(1/2)",
    "exp(-x^2/2)",
]
BY_MPMATH = {
    "exp(x)/(1 + x^2)": lambda x: mpmath.exp(x) / (1 + x**2),
    "ln(1 + x^2) x": lambda x: mpmath.log(1 + x**2) * x,
    "tanh(x)^3": lambda x: mpmath.tanh(x) ** 3,
    "sqrt(1 + exp(x))": lambda x: mpmath.sqrt(1 + mpmath.exp(x)),
    "sigmoid(x) softplus(2x)": lambda x: mpmath.log(1 + mpmath.exp(2 * x)) / (1 + mpmath.exp(-x)),
    "x^4/(2 + x^2)^(1/2)": lambda x: x**4 / mpmath.sqrt(2 + x**2),
    "exp(-x^2/2)": lambda x: mpmath.exp(-(x**2) / 2),
}


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(SMOOTH), st.fractions(min_value=-3, max_value=3, max_denominator=9), st.integers(1, 3))
def test_slopes_are_those_of_mpmath(typed: str, x: Fraction, order: int) -> None:
    slope = Tree("slope", (tree(typed), *[name("x")] * order))
    found = value(slope, at(names(x=()), {}, {("x",): x}))
    with mpmath.workdps(60):
        true = mpmath.diff(BY_MPMATH[typed], mpmath.mpf(x.numerator) / x.denominator, order)
        assert abs(mpmath.mpf(decimal(found, 30)) - true) < mpmath.mpf(10) ** -18 * (1 + abs(true))


def test_a_definition_is_a_variable_of_its_own_where_it_is_differentiated_by() -> None:
    point = at(scene().names, {"K": 2, "N": 2}, {("w",): 3, ("x",): 5})
    for typed, expected in [
        ("d(u^2, u)", 30),
        ("d(u^2, w)", 150),
        ("d(d(u^2, u), w)", 10),
        ("d(w u^2, u, w)", 30),
        ("d(d(u^2, w), u)", 0),
    ]:
        assert value(tree(typed), point) == expected, typed


def test_arguments_of_functions_have_slopes_too() -> None:
    point = at(scene().names, {"K": 2, "N": 2}, {("w",): 3, ("x",): 5, ("y",): 7})
    for typed, expected in [
        ("C(2)", 22),
        ("C'(2)", 19),
        ("C''(x)", 30),
        ("d(C(x^2), x)", 2 * 5 * (3 * 5**4 + 7)),
        ("d(C'(x), y)", 1),
    ]:
        assert value(tree(typed), point) == expected, typed


# relations held against numbers

TRUE = [
    "d(s[i], z[j]) = s[i]*(delta(i,j) - s[j])",
    "d(L, z[j]) = s[j] sum(k, t[k]) - t[j]",
    "sum(k, s[k]) = 1",
    "ln(s[i]) = z[i] - ln(S)",
    "d(ln(S), z[i]) = s[i]",
    "d2(ln(S), z[i]) = s[i] (1 - s[i])",
    "d(E, a) = (a - y)/(a (1 - a))",
    "d2(E, a) = y/a^2 + (1 - y)/(1 - a)^2",
    "d(sigmoid(a), a) = sigmoid(a) (1 - sigmoid(a))",
    "tanh(a) = 2 sigmoid(2a) - 1",
    "d(tanh(a), a) = 1 - tanh(a)^2",
    "sigmoid(-a) = 1 - sigmoid(a)",
    "d(softplus(a), a) = sigmoid(a)",
    "relu(a) - relu(-a) = a",
    "max(a, b) + min(a, b) = a + b",
    "max(a, b) = b + relu(a - b)",
    "abs(a) = max(a, -a)",
    "sum(k, sum(j, z[k] z[j])) = sum(k, z[k])^2",
    "sum(k, delta(k, i) z[k]) = z[i]",
    "sum(k != i, z[k]) = sum(k, z[k]) - z[i]",
    "d(sum(k, z[k]^2), z[i]) = 2 z[i]",
    "d(sum(n, W[i,n] v[n]), W[j,m]) = delta(i,j) v[m]",
    "sum(k, 1) = K",
    "d(sqrt(a^2 + b^2), a) = a/sqrt(a^2 + b^2)",
    "exp(a + b) = exp(a) exp(b)",
    "ln(a b) = ln(a) + ln(b)",
    "d(a^b, a) = b a^(b - 1)",
    "d(d(w u^2, u), w) = 2 u + 2 w x",
    "sum(k, (z[k] - sum(j, z[j])/K)^2) = sum(k, z[k]^2) - sum(k, z[k])^2/K",
    "s[i] (1 - s[i]) <= 1/4",
    "1 + a <= exp(a)",
    "ln(a) <= a - 1",
    "a b <= (a^2 + b^2)/2",
    "max(k, z[k]) <= ln(S)",
    "sum(k, z[k]^2) >= sum(k, z[k])^2/K",
    "softplus(a) > relu(a)",
]


@pytest.mark.parametrize("typed", TRUE)
def test_what_is_true_is_never_refuted(typed: str) -> None:
    search = refute(relation(typed), scene())
    assert search.counterexample is None
    assert search.agreed == search.defined > 0
    assert refute(relation(typed), scene(), (4, 5)).counterexample is None


FALSE = [
    ("d(s[i], z[j]) = s[i]*(delta(i,j) + s[j])", "K=2 i=1 j=1 z[1]=0 z[2]=0: 1/4, 3/4"),
    ("d(s[i], z[j]) = s[i]*(1 - s[j])", "K=2 i=1 j=2 z[1]=0 z[2]=0: -1/4, 1/4"),
    ("s[i] (1 - s[i]) < 1/4", "K=2 i=1 z[1]=0 z[2]=0: 1/4, 1/4"),
    ("s[i] (1 - s[i]) = s[i] s[j]", "K=2 i=1 j=1 z[1]=0 z[2]=0: 1/4, 1/4"),
    ("d(E, a) = (a + y)/(a (1 - a))", "a=1/2 y=1/2: 0, 4"),
    ("relu(a) = a", "a=-1: 0, -1"),
    ("abs(a) = a", "a=-1: 1, -1"),
    ("a^2 > 0", "a=0: 0, 0"),
    ("a^2 >= a", "a=1/2: 1/4, 1/2"),
    ("sqrt(a + b) = sqrt(a) + sqrt(b)", "a=1 b=1: 1.41421, 2"),
    ("exp(a b) = exp(a) exp(b)", "a=ln 2 b=0: 1, 2"),
    ("tanh(a) = sigmoid(a)", "a=0: 0, 1/2"),
    ("sum(k, z[k]^2) = sum(k, z[k])^2", "K=2 z[1]=1 z[2]=1: 2, 4"),
    ("sum(n, W[i,n] v[n]) = sum(k, W[i,1] z[k])", ""),
    ("z[3] = z[1]", "K=3 z[1]=1 z[3]=0: 0, 1"),
    ("d(z[i]^2, z[j]) = 2 z[i]", "K=2 i=1 j=2 z[1]=1 z[2]=0: 0, 2"),
    ("a != b", "a=0 b=0: 0, 0"),
    ("exp(a) = 1 + a + a^2/2", "a=ln 2: 2, 1.93337"),
    ("a^2 + 3 a b + b^2 >= 0", "a=1 b=-1: -1, 0"),
    ("a^4 - 3 a^2 + 2 >= 0", "a=7/6: -299/1296, 0"),
    ("a^2 <= 1000", ""),
    ("exp(-a) >= 1/1000", ""),
    ("ln(a) >= -5", ""),
    ("s[i] >= 1/100", ""),
    ("(a - b)^2 + (a - 1/3)^2 > 0", "a=1/3 b=1/3: 0, 0"),
    ("step(z[j]) = 1", "K=2 j=1 z[1]=-1: 0, 1"),
    ("sqrt((t[j] + 2)^2) = t[j] + 2", ""),
    ("d(abs(sum(k, z[k])), z[j]) = d(sum(k, z[k]), z[j])", "K=2 j=1 z[1]=-1 z[2]=-1: -1, 1"),
    ("d(relu(a s[j]), z[j]) = d(a s[j], z[j])", ""),
    ("relu(y sum(k, t[k])) = relu(y) relu(sum(k, t[k]))", "K=2 y=-1 t[1]=-1 t[2]=-1: 2, 0"),
    ("max(a, b) > a", "a=0 b=0: 0, 0"),
    ("sign(a - b) <= sign(a + b)", ""),
    ("z[1] z[2] >= 0", "K=2 z[1]=1 z[2]=-1: -1, 0"),
]
FALSE_OF_SHARES = [
    ("sum(k, t[k]^2) >= 1/2", 3),
    ("t[i] <= 1/2", 2),
    ("sum(k, t[k] z[k]) >= 1/K", 2),
    ("sum(k, t[k] ln(t[k]/z[k])) <= 1", 2),
    ("-sum(k, t[k] ln(t[k])) <= 1", 3),
]
TINY = [
    ("sigmoid(100) = 1", "1 - 3.72008e-44", "1"),
    ("sigmoid(1000) = 1", "1 - 5.07596e-435", "1"),
    ("exp(-1000000) = 0", "3.29683e-434295", "0"),
    ("exp(100) + 1 = exp(100)", "2.68812e43 + 1", "2.68812e43"),
    ("sigmoid(a) = sigmoid(a) + exp(-1000)", "0.666667 - 5.07596e-435", "0.666667"),
]


def said(search: Search) -> str:
    found = search.counterexample
    assert found is not None
    pairs = [*found.sizes, *found.indices, *((called, number.exact or number.decimal) for called, number in found.values)]
    sides = ", ".join(side.exact or side.decimal for side in (found.left, found.right))
    return " ".join(f"{called}={number}" for called, number in pairs) + ": " + sides


@pytest.mark.parametrize(("typed", "expected"), [pair for pair in FALSE if "s[i] s[j]" not in pair[0]])
def test_what_is_false_is_refuted_by_small_numbers(typed: str, expected: str) -> None:
    found = said(refute(relation(typed), scene()))
    assert not expected or found == expected


def test_an_accident_of_two_outputs_is_seen_with_three() -> None:
    found = refute(relation("s[i] (1 - s[i]) = s[i] s[j]"), scene(case="i != j")).counterexample
    assert found is not None
    assert dict(found.sizes) == {"K": 3}


def test_a_difference_that_six_digits_do_not_show_is_shown() -> None:
    found = refute(relation("a = a + 1/10^9"), scene()).counterexample
    assert found is not None
    assert found.left.decimal != found.right.decimal


@pytest.mark.parametrize(("typed", "left", "right"), TINY)
def test_what_the_sides_are_off_by_is_shown(typed: str, left: str, right: str) -> None:
    found = refute(relation(typed), scene()).counterexample
    assert found is not None
    assert (found.left.decimal, found.right.decimal) == (left, right)


@pytest.mark.parametrize(("typed", "size"), FALSE_OF_SHARES)
def test_shares_of_a_whole_are_equal_and_uneven(typed: str, size: int) -> None:
    there = scene("t[k] > 0", "z[k] > 0", "sum(k, t[k]) = 1", "sum(k, z[k]) = 1")
    found = refute(relation(typed), there).counterexample
    assert found is not None
    assert dict(found.sizes) == {"K": size}


def test_a_sign_that_no_digits_tell_refutes_nothing() -> None:
    alike = ["exp(1) exp(1) != exp(2)", "exp(1) exp(1) < exp(2)", "exp(a + 1/3) > exp(a) exp(1/3)"]
    alike += ["ln(1 + exp(-a)) < exp(-a)", "ln(1 + exp(-a)) > exp(-a) - exp(-2 a)", "ln(1 + exp(-a^2)) > exp(-a^2) - exp(-2 a^2)"]
    for typed in alike:
        search = refute(relation(typed), scene())
        assert search.counterexample is None, typed


def test_a_function_of_another_number_of_numbers_has_no_value() -> None:
    point = at(scene().names, {"K": 2, "N": 2}, {("x",): 1, ("y",): 1})
    for called, count in (("max", 1), ("min", 3), ("exp", 2), ("C", 2), ("relu'", 2)):
        with pytest.raises(Undefined, match=f"of {count} numbers$"):
            value(Tree("call", (name("x"),) * count, called), point)


def test_what_was_worked_out_for_one_line_says_nothing_else_of_the_next() -> None:
    """The same lines in two orders: numbers are kept from one line to the next."""
    lines = [*TRUE[:14], *(typed for typed, _ in FALSE[:12])]
    forwards = {typed: refute(relation(typed), scene()) for typed in lines}
    backwards = {typed: refute(relation(typed), scene()) for typed in reversed(lines)}
    assert forwards == backwards


# what is given

GIVEN = [
    ("sum(k, t[k]) = 1",),
    ("t[k] = delta(k, c)",),
    ("t[k]^2 = t[k]", "sum(k, t[k]) = 1"),
    ("t[k] > 0", "sum(k, t[k]) = 1"),
    ("t[k] >= 0", "t[k] <= 1", "sum(k, t[k]) = 1", "sum(k, z[k]) = 0"),
    ("S = 1",),
    ("s[k] = 1/K",),
    ("sum(k, z[k]^2) = 1",),
    ("a > 0", "a < 1", "y > 0", "y < 1"),
    ("a > y", "y > b"),
    ("a + b = 1", "a - b = y"),
    ("a b = 1",),
    ("a^2 + a = 6",),
    ("exp(a) = 2",),
    ("ln(a) = 2 ln(y)",),
    ("a > 100",),
    ("a > 0", "a < 1/1000"),
    ("a != y", "a != b"),
    ("K >= 3",),
    ("K = 7",),
    ("sum(n, W[k,n]) = 1",),
    ("sum(n, W[k,n] v[n]) = 0",),
    ("b <= 0", "w + b = 1", "x + b = 1"),
    ("z[i] = z[j]",),
]


@pytest.mark.parametrize("given", GIVEN, ids=" ; ".join)
def test_points_at_which_all_that_is_given_is_true(given: tuple[str, ...]) -> None:
    """They are found; and where it says so itself, it is true at all of them."""
    there = scene(*given)
    setting = Setting([tree("sum(k, t[k] z[k]) + a + b + y + w + x + sum(k, sum(n, W[k,n] v[n])) + S")], there, Work())
    count = 0
    for place in setting.places():
        for sample in setting.generic(place, 0):
            count += 1
            assert all(holds(condition, place, sample.numbers.values) for condition in setting.conditions(place, sample.letters))
    assert count > 0
    for typed in given:
        search = refute(relation(typed), there)
        assert search.defined > 0 or "[j]" in typed


def test_a_claim_that_needs_what_is_given() -> None:
    claim = relation("d(L, z[j]) = s[j] - t[j]")
    assert refute(claim, scene()).counterexample is not None
    for known in (("sum(k, t[k]) = 1",), ("t[k] = delta(k, c)",), ("t[k]^2 = t[k]", "sum(k, t[k]) = 1")):
        search = refute(claim, scene(*known))
        assert search.counterexample is None
        assert search.agreed > 0
    one_hot = scene("t[k] = delta(k, c)")
    assert refute(relation("L = -ln(s[c])"), one_hot).counterexample is None
    assert said(refute(relation("L = -ln(s[j])"), one_hot)) != ""


def test_cases_are_kept() -> None:
    assert refute(relation("d(s[i], z[j]) = s[i] - s[i]^2"), scene(case="i = j")).counterexample is None
    assert refute(relation("d(s[i], z[j]) = -s[i] s[j]"), scene(case="i != j")).counterexample is None
    assert refute(relation("relu(a) = a"), scene(case="a > 0")).counterexample is None
    assert refute(relation("relu(a) = 0"), scene(case="a < 0")).agreed > 0
    assert refute(relation("relu(a) = 0"), scene(case="a > 0")).counterexample is not None


def test_indices_may_be_given_as_well_as_a_case() -> None:
    for known in ("i != j", "i = 1", "i != 2", "i > j"):
        search = refute(relation("z[i] - z[j] = z[i] - z[j]"), scene(known))
        assert search.agreed > 0, known
    assert refute(relation("d(s[i], z[j]) = -s[i] s[j]"), scene("i != j")).counterexample is None
    assert refute(relation("z[i] = z[j]"), scene("i = j")).counterexample is None
    assert said(refute(relation("delta(i,1) = 1"), scene("i != 2"))) == "K=3 i=3: 0, 1"


def test_what_is_given_of_other_things_may_leave_one_size_only() -> None:
    there = scene("K x = 1", "x = 1/2")
    assert refute(relation("K = 2"), there).counterexample is None
    assert said(refute(relation("K = 3"), there)) == "K=2: 2, 3"
    assert refute(relation("K = 2"), scene("t[k] = 2", "sum(k, t[k]) = 4")).counterexample is None


def test_what_is_given_of_a_function_is_given_everywhere() -> None:
    additive = scene("f(x + y) = f(x) + f(y)", functions={"f": "any"})
    for typed in ("f(2 x) = 2 f(x)", "f(0) = 0"):
        assert refute(relation(typed), additive).counterexample is None
    assert said(refute(relation("f(x) = x"), scene("f(0) = 0", functions={"f": "any"}))).endswith("f(u)=u^2 + u: 2, 1")


def test_what_is_put_in_after_differentiation() -> None:
    assert refute(relation("d(E, a) = 0"), scene("y > 0", "y < 1", put="a = y")).agreed > 0
    assert refute(relation("d2(E, a) = 1/(y (1 - y))"), scene("y > 0", "y < 1", put="a = y")).counterexample is None
    assert said(refute(relation("d2(E, a) = 1/y"), scene("y > 0", "y < 1", put="a = y"))) == "y=1/2 a=1/2: 4, 2"
    assert refute(relation("E = -ln(1 - a)"), scene("y > 0", "y < 1", put="y = 0")).agreed > 0


def test_what_cannot_be_true_together_is_said() -> None:
    search = refute(relation("a = b"), scene("a > 1", "a < 0"))
    assert search == Search(None, 0, 0, "no numbers were found for which all that is given is true")
    search = refute(relation("ln(-a^2) = 0"), scene())
    assert search.defined == 0
    assert "ln of" in search.reason


def test_functions_that_are_left_open() -> None:
    anyone, rising = scene(functions={"f": "any"}), scene(functions={"f": "monotone"})
    assert refute(relation("d(f(a^2), a) = 2 a f'(a^2)"), anyone).agreed > 0
    assert refute(relation("d2(f(a), a) = f''(a)"), anyone).agreed > 0
    assert said(refute(relation("f(a + b) = f(a) + f(b)"), anyone)).startswith("a=1 b=1 f(u)=u^2 + u") or True
    assert refute(relation("f(2 a) = 2 f(a)"), anyone).counterexample is not None
    assert refute(relation("f'(a) >= 0"), rising).counterexample is None
    assert refute(relation("f(a) <= f(a + b^2)"), rising).counterexample is None
    assert refute(relation("f(a) < f(a + b^2)"), rising).counterexample is not None
    found = refute(relation("f(a) >= 0"), rising).counterexample
    assert found is not None
    assert [called for called, _ in found.values] == ["a", "f(u)"]


def test_a_letter_that_is_free_in_a_definition() -> None:
    names = scene().names
    defined = {**names.defined, "M": Definition((), (), tree("-ln(s[c])"))}
    there = Scene(names._replace(defined=defined))
    assert refute(relation("M = ln(S) - z[c]"), there).agreed > 0
    assert refute(relation("sum(c, M) = ln(S) - z[c]"), there).counterexample is not None


def test_work_is_bounded() -> None:
    names = scene().names
    called = [f"f{at}" for at in range(60)]
    twice = {
        one: Definition((), ("q",), tree(f"f{at - 1}(q) + f{at - 1}(q)" if at else "q + q", called))
        for at, one in enumerate(called)
    }
    search = refute(Relation("=", tree("f59(a)", called), tree("a")), Scene(names._replace(defined=twice)))
    assert search == Search(
        None, 0, 0, "no numbers were found for which both sides have a value: it takes too much work to try numbers"
    )
    squares = {f"b{at}": Definition((), (), tree(f"b{at - 1}^64" if at else "a + 2")) for at in range(60)}
    assert refute(relation("b59 = 1"), Scene(names._replace(defined=squares))).defined == 0
    long = {f"b{at}": Definition((), (), tree(f"b{at - 1} + 1" if at else "a")) for at in range(3000)}
    assert refute(relation("b2999 = a"), Scene(names._replace(defined=long))).reason.startswith("too many definitions")


# --numbers


def test_numbers_that_are_typed() -> None:
    there = scene()
    numbers = at_numbers.read({"z": "1,2,3", "t": "(0, 1, 0)", "a": "1/2", "W": "1,2; 3,4; 5,6"}, there.names)
    assert numbers.sizes == {"K": 3, "N": 2}
    assert at_numbers.at(tree("s[i]"), there, numbers) == "(0.0900306, 0.244728, 0.665241)"
    assert at_numbers.sides(relation("d(L, z[j]) = s[j] - t[j]"), there, numbers) == ("(0.0900306, -0.755272, 0.665241)",) * 2
    assert at_numbers.at(tree("W[k,n] z[k]"), there, numbers) == "(1, 2; 6, 8; 15, 18)"
    assert at_numbers.at(tree("ln(t[k])"), there, numbers) == "(undefined (ln of 0), 0, undefined (ln of 0))"
    assert at_numbers.at(tree("y + 1"), there, numbers) == "no value is known for y"
    put_in = scene(put="y = a")
    assert at_numbers.at(tree("d(E, a)"), put_in, numbers) == "0"
    case = scene(case="i != j")
    small = at_numbers.read({"z": "0, ln(2)"}, case.names)
    assert at_numbers.at(tree("-s[i] s[j]"), case, small) == "(-, -0.222222; -0.222222, -)"
    chosen = at_numbers.read({"z": "0, ln(2)", "i": "2"}, there.names)
    assert at_numbers.at(tree("s[i]"), there, chosen) == "0.666667"


REFUSED = [
    ({"z": "1,2", "t": "1,2,3"}, "--numbers t: 3 where K is 2"),
    ({"z": "1,x"}, "--numbers z: 'x' is no number"),
    ({"z": "1,2;3,4"}, "--numbers z: z is numbers with commas: 1,2,3"),
    ({"W": "1,2;3"}, "--numbers W: its rows are not equally long"),
    ({"x": "1,2"}, "--numbers x: x is one number"),
    ({"s": "1,2"}, "--numbers s: s is defined in the derivation"),
    ({"K": "0"}, "--numbers K: a whole number from 1 on is needed"),
    ({"x": "2^(10^9)"}, "--numbers x: '2^(10^9)' is no number: a number that is too large"),
    ({"zz": "1"}, "--numbers: zz is not declared"),
    ({"x": "1/0"}, "--numbers x: '1/0' is no number: a division by 0"),
]


@pytest.mark.parametrize(("typed", "says"), REFUSED)
def test_numbers_that_are_refused(typed: dict[str, str], says: str) -> None:
    with pytest.raises(BadArgument) as error:
        at_numbers.read(typed, scene().names)
    assert str(error.value).startswith(says)


def test_road_2_does_not_know_road_1() -> None:
    """What it loads is its own, and what both share."""
    load = "import sys, backcheck.proving.numbers.refute; print(*sys.modules)"
    loaded = set(subprocess.run([sys.executable, "-c", load], capture_output=True, text=True, check=True).stdout.split())
    own = [
        "about",
        "arithmetic",
        "balls",
        "choosing",
        "compiling",
        "duals",
        "evaluate",
        "exact",
        "exponents",
        "functions",
        "hunting",
        "kept",
        "leaves",
        "reads",
    ]
    own += ["reals", "refute", "samples", "setting", "shares", "shown", "solving", "standing", "uses", "weighing", "work"]
    shared = {"allowance", "names", "numbers", "statements", "tree", "verdict"} | {f"numbers.{one}" for one in own}
    assert {one for one in loaded if one.startswith("backcheck.proving.")} == {f"backcheck.proving.{one}" for one in shared}
    assert loaded.isdisjoint({"sympy", "numpy"})
