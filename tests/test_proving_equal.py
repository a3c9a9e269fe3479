"""Road 1: what its forms show to be equal for every size, and what they must not."""

from __future__ import annotations

import pytest

from backcheck.proving.algebra.equal import Outcome, equal
from backcheck.proving.entries import elaborate, value
from backcheck.proving.names import Definition, Names, Scene
from backcheck.proving.reading.declared import Declared
from backcheck.proving.reading.grammar import expression
from backcheck.proving.statements import SIGNS, Relation
from backcheck.proving.tree import Tree, name

LETTERS = dict.fromkeys("ijkmc", "K") | dict.fromkeys("nl", "N") | dict.fromkeys("pq", "J") | dict.fromkeys("gh", "3")
SHAPES = {"z": ("K",), "t": ("K",), "u": ("K",), "x": ("N",), "A": ("K", "K"), "W": ("J", "K"), "v": ("J",), "r": ("3",)}
LETS = ("S = sum(k, exp(z[k]))", "s[i] = exp(z[i])/S", "L = -sum(k, t[k] ln(s[k]))", "C = -(y ln(a) + (1-y) ln(1-a))")


def read(text: str) -> Tree:
    return expression(text, ("f",), declared=Declared(functions=frozenset("f"), letters=frozenset(LETTERS)))


def relation(text: str) -> Relation:
    sign = next(sign for sign in SIGNS if f" {sign} " in text)
    left, right = text.split(f" {sign} ")
    return Relation(sign, read(left), read(right))


def defined(names: Names, text: str) -> Names:
    left, right = text.split(" = ", 1)
    place = read(left)
    called = place.parts[0].text if place.op == "entry" else place.text
    indices = tuple(index.text for index in place.parts[1:])
    definition = Definition(indices, (), value(read(right), names))
    shape = tuple(LETTERS[letter] for letter in indices)
    return names._replace(defined={**names.defined, called: definition}, shapes={**names.shapes, called: shape})


NAMES = Names(letters=LETTERS, shapes=SHAPES, functions={"f": "any"})
for text in LETS:
    NAMES = defined(NAMES, text)


def outcome(text: str, given: str = "", case: str = "", at: str = "") -> Outcome:
    told = tuple(elaborate(relation(part), NAMES) for part in given.split("; ") if part)
    cases = (relation(case),) if case else ()
    there = tuple((read(part.partition(" = ")[0]), read(part.partition(" = ")[2])) for part in [at] if part)
    asked = elaborate(relation(text), NAMES)
    return equal(asked.left, asked.right, Scene(NAMES, told, cases, there))


TRUE = [
    "d(s[i], z[j]) = s[i]*(delta(i,j) - s[j])",
    "d(s[i], z[i]) = (exp(z[i]) S - exp(z[i]) exp(z[i])) / S^2",
    "d(L, z[i]) = sum(k, d(L, s[k]) d(s[k], z[i]))",
    "d(L, z[i]) = -sum(k, t[k] (delta(k,i) - s[i]))",
    "d(L, z[i]) = -t[i](1-s[i]) + sum(k != i, t[k] s[i])",
    "d2(C, a) = (a^2 + y - 2 a y)/(a - a^2)^2",
    "d(C, a) = -(y-a)/(a-a^2)",
    "sum(k, sum(m, z[k] z[m])) = (sum(k, z[k]))^2",
    "sum(k, sum(m, A[k,m] z[k] z[m])) = sum(m, z[m] sum(k, A[k,m] z[k]))",
    "d(sum(k, sum(m, A[k,m] z[k] z[m])), z[i]) = sum(k, (A[i,k] + A[k,i]) z[k])",
    "sum(k, sum(m, delta(k,m) z[k] t[m])) = sum(k, z[k] t[k])",
    "sum(k, sum(m != k, z[k] t[m])) = sum(k,z[k]) sum(k,t[k]) - sum(k, z[k] t[k])",
    "sum(k, 1/(1+exp(z[k]))) = sum(k, 1 - exp(z[k])/(1+exp(z[k])))",
    "ln(sum(k, exp(z[k] + b))) = b + ln(S)",
    "d(ln(S), z[i], z[j]) = s[i](delta(i,j) - s[j])",
    "sum(k, s[k] (1 - s[k])) = 1 - sum(k, s[k]^2)",
    "d(f(2 w + b), w) = 2 f'(2 w + b)",
    "sum(k, f(z[k])) - f(z[i]) = sum(k != i, f(z[k]))",
    "d(sum(n, f(x[n])), x[l]) = f'(x[l])",
    "sqrt(w^2) = abs(w)",
    "sqrt(y)*sqrt(y) = y",
    "(y^w)*y = y^(w+1)",
    "tanh(y) = 2 sigmoid(2 y) - 1",
    "d(ln(1+exp(y)),y) = sigmoid(y)",
    "d(sum(k, t[k]^2)/K, t[i]) = 2 t[i]/K",
    "sum(k, z[k] - sum(m, z[m])/K) = 0",
    "sum(k, sum(m, f(z[k]+z[m]))) = sum(m, sum(k, f(z[k]+z[m])))",
    "max(y,w) = (y+w+abs(y-w))/2",
    "relu(y) - relu(-y) = y",
    "relu(relu(y)) = relu(y)",
    "max(k, z[k] + b) = b + max(k, z[k])",
    "ln(exp(z[i])/S) = z[i] - ln(S)",
    "sum(p, W[p,k] v[p]) = sum(q, v[q] W[q,k])",
    "(y^2-1)/(y-1) = y+1",
    "1/(1/y + 1/w) = y w/(y+w)",
    "sum(k, sum(k, sum(m, z[k] t[m]))) = K sum(k, z[k]) sum(m, t[m])",
    "sum(k != i, 1/(z[i] - z[k])) = -sum(k != i, 1/(z[k] - z[i]))",
    "sum(k, exp(sum(m, A[k,m]))) = sum(m, exp(sum(k, A[m,k])))",
    "sum(k, delta(k,1) z[k]) = z[1]",
    "max(k, abs(z[k]) + y) = y + max(k, abs(z[k]))",
    "sum(g, r[g]) = r[1] + r[2] + r[3]",
    "ln(y^2) = 2 ln(abs(y))",
    "ln((y + w)^3) = 3 ln(y + w)",
    "sqrt((y w)^2) = abs(y w)",
    "sqrt((y + w)^2) = abs(y + w)",
    "relu(sigmoid(y))^2 = sigmoid(y)^2",
    "sum(k != i, max(z[k], z[i])) = sum(k, max(z[k], z[i])) - z[i]",
    "sum(k, delta(k,i) relu(z[k] - z[j])) = relu(z[i] - z[j])",
]

NOT = [
    "d(s[i], z[j]) = s[i] - s[i]^2",
    "d(s[i], z[j]) = s[i]*(delta(i,j) + s[j])",
    "d(L, z[i]) = s[i] - t[i]",
    "sum(k, z[k]^2) = (sum(k, z[k]))^2",
    "sum(k, sum(m, A[k,m] z[k] z[m])) = sum(m, z[m] sum(k, A[m,m] z[k]))",
    "d(sum(k, sum(m, A[k,m] z[k] z[m])), z[i]) = 2 sum(k, A[i,k] z[k])",
    "sum(k != i, z[k]) = sum(k, z[k])",
    "sqrt(w^2) = w",
    "ln(y - 1) = ln(1 - y)",
    "ln(y^2) = ln(y w) + ln(y/w) + y - y^2/y + 1",
    "exp(ln(-y)) = y",
    "sqrt(y w) = sqrt(-y) sqrt(-w)",
    "relu(y) + relu(w) = relu(y + w)",
    "sum(k, 1) = 1",
    "max(k, 2 z[k]) = max(k, z[k])",
    "A[i,j] = A[j,i]",
    # indices that run, inside each other
    "sum(k, sum(k, sum(m, z[k] t[m]))) = K^2 sum(k, z[k] t[k])",
    "sum(k, exp(sum(m, A[k,m]))) = sum(k, exp(sum(m, A[m,k])))",
    "sum(k, 1/sum(m, exp(A[k,m]))) = sum(k, 1/sum(m, exp(A[m,k])))",
    "max(k, sum(m, A[k,m])) = max(k, sum(m, A[m,k]))",
    "sum(k, max(m, A[k,m])) = sum(k, max(m, A[m,k]))",
    # what is different for every index stays inside of the greatest
    "max(k, delta(k,i) z[k]) = max(k, delta(k,i)) z[i]",
    "max(k, abs(z[k])) = max(k, step(z[k])) max(k, z[k]) + (1 - max(k, step(z[k]))) max(k, -z[k])",
    # numbers as indices, ranges that are numbers
    "r[g] = r[h]",
    "r[g] = r[1]",
    "sum(k != 1, delta(k,i) z[k]) = z[i]",
    "sum(k, delta(k,1) delta(k,i)) = 0",
    # a case in which one side means nothing by one road to it
    "sum(k != i, 1/(z[j] - z[k])) = sum(k != i, 1/(z[j] - z[k])) + delta(i,j)",
    # a sum without terms, where K = 1
    "sum(m != i, 1/(K - 1)) = 1",
    "sum(m != i, z[i]/(K - 1)) = z[i]",
    "delta(i,j) + sum(k, delta(k,i) relu(z[k] - z[j])) = sum(k, delta(k,i) relu(z[k] - z[j]))",
    # broken powers
    "sqrt(y^2 + 1)^(5/2) z[i] = (y^2 + 1) z[i]",
    "(1/(z[i]^2 + y^2))^(-1/2) t[i] = t[i]",
]

GIVEN = [
    ("d(L, z[i]) = s[i] - t[i]", "sum(k, t[k]) = 1"),
    ("d(L, z[i]) = s[i] - t[i]", "t[k] = delta(k,c)"),
    ("sum(k, (z[k] - b)^2) = sum(k, z[k]^2) - K b^2", "b = sum(k, z[k])/K"),
    ("d(relu(y), y) = 1", "y > 0"),
    ("sum(k, t[k]^2 z[k]) = sum(k, t[k] z[k])", "t[k]^2 = t[k]"),
    ("A[i,j] = A[j,i]", "A[k,m] = A[m,k]"),
    ("A[i,i] = 0", "A[k,m] = 0"),
    ("sum(k, W[q,k]) = 1", "sum(k, W[p,k]) = 1"),
    ("sqrt(z[i]^2) = z[i]", "z[k] > 0"),
    ("sqrt(w^2) = w", "w = y; y > 0"),
    ("d(C,a) = 0", "a = y"),
    ("max(w z[i], z[i]) = w z[i]", "z[k] <= 0; w > 0; w < 1"),
    ("abs(w) = w", "w > b; b > 0"),
    ("sum(m != i, z[i]/(K - 1)) = z[i]", "K > 1"),
    ("relu(-w - b) = -w - b", "w < -b"),
    ("max(w y, y) = relu(y) - w relu(-y)", "0 < w; w < 1"),
    ("(w + b) + (y + b) - b = 2 - b", "w + b = 1; y + b = 1"),
    ("(v[p] + b) + (y + b) - b = 2 - b", "y + b = 1; v[q] + b = 1"),
]


@pytest.mark.parametrize("text", TRUE)
def test_shown(text: str) -> None:
    assert outcome(text).holds


@pytest.mark.parametrize("text", NOT)
def test_not_shown(text: str) -> None:
    assert not outcome(text).holds


@pytest.mark.parametrize(("text", "given"), GIVEN)
def test_what_is_given_is_needed_and_said_to_be(text: str, given: str) -> None:
    assert not outcome(text).holds
    found = outcome(text, given)
    assert found.holds
    assert found.used


def test_an_index_on_the_right_of_what_is_given_is_one_certain_index() -> None:
    assert outcome("A[i,c] = 0", "A[k,c] = 0").holds  # both letters stand on the left: for each
    assert outcome("t[c] = 1", "t[k] = delta(k,c)").holds
    assert not outcome("t[i] = 1", "t[k] = delta(k,c)").holds
    assert not outcome("W[p,i] = W[p,j]", "W[p,k] = v[p] delta(k,c)").holds


def test_what_is_given_for_all_indices_but_one() -> None:
    but_one = Relation("=", read("t[k]"), read("0"), (("k", ("c",)),))
    one = Relation("=", read("t[c]"), read("1"), ())

    def holds(text: str) -> bool:
        asked = elaborate(relation(text), NAMES)
        return equal(asked.left, asked.right, Scene(NAMES, (but_one, one))).holds

    assert holds("sum(k, t[k] z[k]) = z[c]")
    assert holds("d(L, z[i]) = s[i] - delta(i,c)")
    assert holds("t[i]^2 = t[i]")
    assert not holds("t[i] = 0")
    assert not holds("t[i] = 1")


def test_cases() -> None:
    assert outcome("s[i] delta(i,j) = s[i]", case="i = j").holds
    assert outcome("s[i] delta(i,j) = 0", case="i != j").holds
    found = outcome("d(s[i], z[j]) = s[i] - s[i]^2")
    assert found.shown == ({"i": "i", "j": "i"},)
    assert found.failing == ({"i": "i", "j": "j"},)


def test_said_at_a_place_after_differentiation() -> None:
    assert outcome("d2(C,a) = 1/(y (1-y))", at="a = y").holds
    assert not outcome("d2(C,a) = 1/(y (1-y))").holds


def test_at_a_place_captures_nothing() -> None:
    assert outcome("sum(j, z[j]) = K t[i]", at="z[k] = t[i]").holds
    assert not outcome("sum(j, z[j]) = sum(j, t[j])", at="z[k] = t[j]").holds
    assert outcome("z[1] + z[2] = z[2]", at="z[1] = 0").holds
    assert not outcome("z[i] = 0", at="z[1] = 0").holds


def test_what_is_given_of_an_entry_by_all_of_them() -> None:
    assert not outcome("z[i] = 0", "sum(k != i, z[k]) = 1").holds
    assert not outcome("z[i] = 0", "z[i] = sum(k, z[k])/K").holds


def test_a_square_that_is_given_to_be_positive_says_nothing_of_the_sign() -> None:
    assert not outcome("abs(z[i]) = z[i]", "z[k]^2 > 0").holds


def test_what_is_given_of_one_range_leaves_the_other() -> None:
    assert outcome("abs(x[l]) = x[l]", "x[n] > 0; z[k] > 0").holds
    assert outcome("abs(z[i]) = z[i]", "x[n] > 0; z[k] > 0").holds


def test_what_a_side_needs_to_mean_something() -> None:
    found = outcome("d(C,a) = (a-y)/(a (1-a))")
    assert {(need.tree.op, need.known) for need in found.needs if need.known == "+"} == {("name", "+"), ("plus", "+")}


def test_what_must_not_be_zero() -> None:
    assert [need.known for need in outcome("d(relu(y), y) = step(y)").needs] == ["≠"]
    found = outcome("d(relu(y), y) = step(y)", "y != 0")
    assert (found.needs, found.used) == ((), {0})
    assert outcome("y w/(w y) = 1", "y w != 0").needs == ()


def test_what_would_help() -> None:
    assert outcome("d(L, z[i]) = s[i] - t[i]").over == {"t"}


def test_a_name_left_as_it_is_hides_nothing_that_moves() -> None:
    names = defined(NAMES, "r = w^2")
    names = names._replace(
        defined={**names.defined, "g": Definition((), ("x0",), value(read("y w"), names))}, shapes={**names.shapes, "g": ()}
    )
    names = names._replace(
        defined={**names.defined, "Q": Definition((), (), Tree("plus", (name("r"), Tree("call", (name("y"),), "g"))))}
    )
    names = names._replace(shapes={**names.shapes, "Q": ()})

    def slope(of: str, by: str) -> Tree:
        return Tree("slope", (name(of), name(by)))

    chain = Tree("times", (slope("Q", "r"), slope("r", "w")))
    assert not equal(slope("Q", "w"), chain, Scene(names)).holds
    assert equal(slope("Q", "w"), Tree("plus", (chain, name("y"))), Scene(names)).holds
