"""Names, shapes and entries of a derivation: what is understood, and what is said of all that is not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backcheck.proving.entries import condition, elaborate, value
from backcheck.proving.entries.calls import PRIMES
from backcheck.proving.judging.declaring import declare, define
from backcheck.proving.names import Names
from backcheck.proving.reading.declared import Declared
from backcheck.proving.reading.grammar import expression
from backcheck.proving.spelling.spelled import spell, spell_relation
from backcheck.proving.statements import Declare, Let, Misread, Relation, letters_of_given
from backcheck.proving.tree import Tree, free, name, number, put

NAMES = Names(
    {"i": "n", "m": "n", "j": "d", "l": "d", "k": "K", "p": "K", "q": "2"},
    {"X": ("n", "d"), "W": ("K", "d"), "A": ("d", "d"), "w": ("d",), "x": ("d",), "z": ("K",), "t": ("K",), "y": (), "u": ("2",)},
    {"f": "any"},
)


def tree(text: str, names: Names = NAMES) -> Tree:
    ranks = {called: len(shape) for called, shape in names.shapes.items()}
    return expression(text, declared=Declared(names.letters, ranks, frozenset(names.functions)))


def relation(text: str, names: Names = NAMES) -> Relation:
    sign = next(sign for sign in ("=", "!=", "<=", ">=", "<", ">") if f" {sign} " in text)
    left, right = text.split(f" {sign} ")
    return Relation(sign, tree(left, names), tree(right, names))


def entries(text: str, names: Names = NAMES) -> str:
    return spell_relation(elaborate(relation(text, names), names))


# the Jacobians: shape of the output × shape of the input


@pytest.mark.parametrize(
    ("written", "in_entries"),
    [
        ("d(c1, w) = 0", "d(c1, w[j]) = 0"),
        ("d(norm(w)^2, w) = 2 w", "d(sum(j~, w[j~]^2), w[j]) = 2*w[j]"),
        ("d(norm(w)^2, w) = 2 w^T", "d(sum(j~, w[j~]^2), w[j]) = 2*w[j]"),
        ("d(w^T X[i], w) = X[i]", "d(sum(j~, w[j~]*X[i,j~]), w[j]) = X[i,j]"),
        ("d(X w, w) = X", "d(sum(j~, X[i,j~]*w[j~]), w[j]) = X[i,j]"),
        ("d(w, w) = I", "d(w[j], w[l]) = delta(j, l)"),
        ("d(w .* w, w) = 2 diag(w)", "d(w[j]*w[j], w[l]) = 2*w[j]*delta(j, l)"),
        ("d(w^2, w) = diag(2 w)", "d(w[j]^2, w[l]) = (2*w[j])*delta(j, l)"),
        ("d(X W^T, W) = 0", "d(sum(j~, X[i,j~]*W[k,j~]), W[p,j]) = 0"),
        ("d(z - t, t) = -I", "d(z[k] - t[k], t[p]) = -delta(k, p)"),
    ],
)
def test_a_jacobian_is_written_entry_by_entry(written: str, in_entries: str) -> None:
    assert entries(written) == in_entries


@pytest.mark.parametrize(
    ("written", "in_entries"),
    [
        ("softmax(y z)[k] = 1", "exp(y*z[k])/sum(k~, exp(y*z[k~])) = 1"),
        ("W x = z", "sum(j~, W[k,j~]*x[j~]) = z[k]"),
        ("z t^T z = z", "sum(k~, z[k]*t[k~]*z[k~]) = z[k]"),
        ("z^T t = y", "sum(k~, z[k~]*t[k~]) = y"),
        ("x^T A x = norm(x)", "sum(j~~, sum(j~, x[j~]*A[j~,j~~])*x[j~~]) = sqrt(sum(j~~~, x[j~~~]^2))"),
        ("(A + y I) x = x", "sum(j~, (A[j,j~] + y*delta(j, j~))*x[j~]) = x[j]"),
        ("I x = x", "1*x[j] = x[j]"),
        ("tanh'(W x) = z", "1 - tanh(sum(j~, W[k,j~]*x[j~]))^2 = z[k]"),
        ("relu'(z) = step(z)", "d(relu(z[k]), z[k]) = step(z[k])"),
        ("f'(z) = z", "f'(z[k]) = z[k]"),
        ("sum(k, z[k] W[k]) = x", "sum(k, z[k]*W[k,j]) = x[j]"),
        ("(sum(k, z[k] t))[k] = y", "sum(k~, z[k~]*t[k]) = y"),
        ("exp(z)/sum(k, exp(z[k])) = softmax(z)", "exp(z[p])/sum(k, exp(z[k])) = exp(z[p])/sum(k~, exp(z[k~]))"),
        ("max(z) = y", "max(k~, z[k~]) = y"),
        ("diag(A) = x", "A[j,j] = x[j]"),
        ("1 - tanh(z)^2 >= 0", "1 - tanh(z[k])^2 >= 0"),
        ("u[1] + u[q] = y", "u[1] + u[q] = y"),
        ("sum(z) = y", "sum(k~, z[k~]) = y"),
    ],
)
def test_arrays_are_taken_apart(written: str, in_entries: str) -> None:
    assert entries(written) == in_entries


def test_without_a_letter_an_index_is_made_up() -> None:
    names = Names({"k": "K"}, {"z": ("K",), "B": ("K", "K"), "r": ("M",)})
    assert entries("B = z z^T", names) == "B[k,·K~] = z[k]*z[·K~]"
    assert elaborate(relation("r = 0", names), names).left.parts[1].text == "·M~"
    assert names.size("·K~~") == "K"


def test_letters_in_use_are_not_taken() -> None:
    names = Names({"c": "K"}, {"s": ("K",)})
    assert elaborate(relation("s = 0", names), names, ("c",)).left.parts[1].text == "·K~"


# what does not fit is said with both shapes, and a way out


@pytest.mark.parametrize(
    ("written", "column", "says", "way_out"),
    [
        ("2 w = 2 w^T", 1, "2*w is a vector (d), 2*w^T is a row (1×d): they cannot be compared", "one shape"),
        ("z z = y", 3, "z is a vector (K), z is a vector (K): they cannot be multiplied", "z .* z (element by element)"),
        ("W z = y", 3, "W is a matrix (K×d), z is a vector (K): they cannot be multiplied", "W^T*z (a vector (d))"),
        ("x + z = y", 5, "x is a vector (d), z is a vector (K): they cannot be added", "the same"),
        ("W + 1 = W", 5, "W is a matrix (K×d), 1 is a number: they cannot be added", "W["),
        ("A = 1", 1, "A is a matrix (d×d), 1 is a number: they cannot be compared", "one shape"),
        ("y = z", 1, "y is a number, z is a vector (K): they cannot be compared", "z[k]"),
        ("y/W = z", 3, "nothing is divided by a matrix", "A[j,k]/B[j,k]"),
        ("A^2 = A", 1, "A is a matrix (d×d): it has no powers", "A .* A"),
        ("softmax(W) = W", 9, "softmax takes a vector", "softmax(z)"),
        ("z[i] = y", 3, "i runs over n, and this index of z over K", "indices over K: k, p"),
        ("z[k,p] = y", 5, "z is a vector (K), and 2 indices stand beside it", "z[k]"),
        ("y[k] = z[k]", 3, "y is a number, and 1 index stands beside it", "a number has no entries"),
        ("u[3] = y", 3, "u has no entry 3", "1 to 2"),
        ("k = y", 1, "k is an index (it runs over K), and stands where a number is needed", "z[k]"),
        ("delta(i,k) = 1", 7, "i runs over n and k over K: they cannot be compared", "one range"),
        ("sum(k != i, z[k]) = 1", 1, "k runs over K and i over n: they cannot be compared", "one range"),
        ("v[k] = 1", 1, "v is not declared", "vector v[k]"),
        ("x1 = y", 1, "x1 is not declared", "did you mean 'x[1]'?"),
        ("d(y, K) = 0", 6, "K is nothing that one differentiates by", "d(f, x)"),
    ],
)
def test_what_does_not_fit(written: str, column: int, says: str, way_out: str) -> None:
    with pytest.raises(Misread) as caught:
        entries(written)
    assert says in caught.value.says
    assert way_out in caught.value.way_out
    assert caught.value.column == column


def test_a_vector_is_no_number() -> None:
    with pytest.raises(Misread, match="a number is needed here"):
        value(tree("W x"), NAMES)


# declarations and definitions


def test_what_is_declared() -> None:
    names = declare(Declare("index", (("k", ("K",)), ("r", ("3",)))), Names())
    names = declare(Declare("vector", (("z", ("k",)), ("v", ("r",)), ("s", ("K",)))), names)
    names = declare(Declare("function", (("f", ()),), "monotone"), names)
    assert names.shapes == {"z": ("K",), "v": ("3",), "s": ("K",)}
    assert names.functions == {"f": "monotone"}
    assert declare(Declare("vector", (("z", ("k",)),)), names) == names


@pytest.mark.parametrize(
    ("kind", "called", "over", "says"),
    [
        ("vector", "z", ("i",), "z stands for a vector \\(K\\) already"),
        ("vector", "k", ("i",), "k stands for an index over K already"),
        ("vector", "K", ("i",), "K stands for a size already"),
        ("number", "f", (), "f stands for a function already"),
        ("index", "g", ("z",), "z stands for a vector \\(K\\) already"),
        ("vector", "v", ("a",), "v has an index a that is not declared"),
    ],
)
def test_a_name_stands_for_one_thing(kind: str, called: str, over: tuple[str, ...], says: str) -> None:
    with pytest.raises(Misread, match=says):
        declare(Declare(kind, ((called, over),)), NAMES)


def let(called: str, body: str, indices: tuple[str, ...] = (), arguments: tuple[str, ...] = (), names: Names = NAMES) -> Names:
    return define(Let(called, indices, arguments, tree(body, names)), names)


def test_definitions_are_kept_in_entries() -> None:
    found = let("s", "exp(z[k])/sum(p, exp(z[p]))", ("k",))
    assert found.shapes["s"] == ("K",)
    vector = let("r", "softmax(z)")
    assert vector.shapes["r"] == ("K",)
    assert vector.defined["r"].indices == ("k",)
    assert spell(vector.defined["r"].body) == "exp(z[k])/sum(k~, exp(z[k~]))"
    matrix = let("F", "X W^T").defined["F"]
    assert (matrix.indices, spell(matrix.body)) == (("i", "k"), "sum(j~, X[i,j~]*W[k,j~])")
    assert let("C", "-y ln(a)", arguments=("a",)).defined["C"].arguments == ("a",)
    assert let("g", "norm(w)^2", arguments=("w",)).defined["g"].arguments == ()  # of a whole vector: a quantity like others
    declared_before = declare(Declare("vector", (("s", ("k",)),)), NAMES)
    assert let("s", "z[k]^2", ("k",), names=declared_before).defined["s"].indices == ("k",)


@pytest.mark.parametrize(
    ("called", "body", "indices", "arguments", "says"),
    [
        ("s", "z[p]", ("k",), (), "p stands free in what s is to be"),
        ("S", "exp(z[k])", (), (), "k stands free in what S is to be"),
        ("r", "r + 1", (), (), "r is defined by itself"),
        ("s", "z", ("k",), (), "a number is needed here"),
        ("z", "t", (), (), None),
        ("x", "z", (), (), "x stands for a vector \\(d\\) already"),
        ("B", "z[k]", ("k", "k"), (), "each another"),
        ("r", "z^T", (), (), "would be a row"),
        ("g", "y", (), ("k",), "k is an index, and no argument"),
    ],
)
def test_definitions_that_are_none(
    called: str, body: str, indices: tuple[str, ...], arguments: tuple[str, ...], says: str | None
) -> None:
    if says is None:
        assert called in let(called, body, indices, arguments).defined
        return
    with pytest.raises(Misread, match=says):
        let(called, body, indices, arguments)


def test_definitions_do_not_go_in_circles() -> None:
    names = let("r", "v + 1")
    with pytest.raises(Misread, match="v stands in the definition of r already"):
        let("v", "r^2", names=names)


def test_definitions_upon_definitions_have_an_end() -> None:
    names = let("a0", "y + 1")
    for at in range(30):
        names = let(f"a{at + 1}", f"exp(a{at}) + a{at}", names=names)
    with pytest.raises(Misread, match="more than 100 operations deep"):
        let("b", "exp(tanh(exp(tanh(exp(tanh(a30 + 1)))))) + 1", names=names)


@pytest.mark.parametrize(
    ("written", "held", "each"),
    [
        ("0 < z[k]", "z[k] > 0", ("k",)),
        ("y <= z[k]", "z[k] >= y", ("k",)),
        ("z > 0", "z[k] > 0", ("k",)),
        ("t[k] = delta(k, p)", "t[k] = delta(k, p)", ("k",)),
        ("0 < y", "y > 0", ()),
        ("k != p", "k != p", ("k",)),
    ],
)
def test_what_is_given_is_said_of_each(written: str, held: str, each: tuple[str, ...]) -> None:
    found = condition(relation(written), NAMES)
    assert spell_relation(found) == held
    letters = tuple(letter for letter in free(found.left) if NAMES.is_letter(letter))
    assert letters_of_given(found, letters) == tuple((letter, ()) for letter in each)


# entries against NumPy


SIZES = {"K": 2, "d": 3, "n": 4, "2": 2}
FUNCTIONS = {"exp": math.exp, "tanh": math.tanh, "sqrt": math.sqrt, "relu": lambda u: max(u, 0.0)}


def reckoned(tree: Tree, arrays: Mapping[str, Any], letters: Mapping[str, int]) -> float:
    """A tree in entries as a number, in the plainest way."""
    parts = [reckoned(part, arrays, letters) for part in tree.parts] if tree.op in ("plus", "minus", "times", "over") else []
    match tree.op:
        case "number":
            return float(tree.text)
        case "name":
            return float(arrays[tree.text])
        case "entry":
            return float(arrays[tree.parts[0].text][tuple(letters[part.text] for part in tree.parts[1:])])
        case "plus":
            return sum(parts)
        case "minus":
            return -parts[0]
        case "times":
            return math.prod(parts)
        case "over":
            return parts[0] / parts[1]
        case "power":
            return reckoned(tree.parts[0], arrays, letters) ** reckoned(tree.parts[1], arrays, letters)
        case "total" | "largest":
            values = [reckoned(tree.parts[0], arrays, {**letters, tree.text: at}) for at in range(SIZES[NAMES.size(tree.text)])]
            return sum(values) if tree.op == "total" else max(values)
        case "call" if tree.text == "delta":
            return float(letters[tree.parts[0].text] == letters[tree.parts[1].text])
        case "call":
            return float(FUNCTIONS[tree.text](reckoned(tree.parts[0], arrays, letters)))
    raise AssertionError(tree.op)


RANDOM = np.random.default_rng(0)
ARRAYS = {called: RANDOM.normal(size=[SIZES[size] for size in shape]) for called, shape in NAMES.shapes.items()}


def exponentials(z: Any) -> Any:
    return np.exp(z) / np.exp(z).sum()


Pair = tuple[str, Any]  # how it is typed, and what NumPy makes of it (columns are n×1)
LEAVES: list[Pair] = [(called, ARRAYS[called].reshape(*ARRAYS[called].shape, 1) if ARRAYS[called].ndim == 1 else ARRAYS[called])
                      for called in ("X", "W", "A", "w", "x", "z", "t")]  # fmt: skip
TERMS = st.sampled_from(LEAVES)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> Pair:
    """A matrix expression whose parts fit."""
    if depth == 0:
        return draw(TERMS)
    text, array = draw(expressions(depth - 1))
    way = draw(
        st.sampled_from(["transpose", "product", "plus", "tanh", "minus", "scaled", "elementwise", "square", "norm", "softmax"])
    )
    if way == "transpose" and array.size > 1:
        return f"({text})^T", array.T
    if way == "tanh":
        return f"tanh({text})", np.tanh(array)
    if way == "minus":
        return f"(-{text})", -array
    if way == "scaled":
        return f"(y*({text})/2)", ARRAYS["y"] * array / 2
    if way == "norm" and array.size > 1:
        return f"(norm({text})^2*x)", (array**2).sum() * LEAVES[4][1]
    if way == "softmax" and array.ndim == 2 and array.shape[1] == 1 and len(array) > 1:
        return f"softmax({text})", exponentials(array)
    fitting = [(t, a) for t, a in LEAVES if a.ndim == 2 and array.ndim == 2]
    others = [(t, a) for t, a in [*fitting, *((f"{t}^T", a.T) for t, a in fitting)] if array.size > 1]
    if way == "product" and (found := [(t, a) for t, a in others if array.shape[1] == a.shape[0]]):
        other, factor = draw(st.sampled_from(found))
        return f"(({text})*{other})", array @ factor
    same = [(t, a) for t, a in others if a.shape == array.shape]
    if way in ("plus", "elementwise") and same:
        other, factor = draw(st.sampled_from(same))
        return (f"({text} - {other})", array - factor) if way == "plus" else (f"(({text}) .* {other})", array * factor)
    if way == "square" and array.ndim == 2 and array.shape[1] == 1:
        return f"(({text})^2)", array**2
    return text, array


@given(expressions())
def test_entries_are_what_numpy_says(pair: Pair) -> None:
    typed, wanted = pair
    found = elaborate(Relation("=", tree(typed), tree(typed)), NAMES).left
    letters = [letter for letter in free(found) if NAMES.is_letter(letter)]
    ranges = [range(SIZES[NAMES.size(letter)]) for letter in letters]
    numbers = [reckoned(found, ARRAYS, dict(zip(letters, at, strict=True))) for at in product(*ranges)]
    assert sorted(numbers) == pytest.approx(sorted(np.ravel(wanted)), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("function", PRIMES)
@pytest.mark.parametrize("at", [0.3, 1.7])
def test_slopes_of_known_functions(function: str, at: float) -> None:
    from mpmath import mp

    known = {
        **FUNCTIONS,
        "ln": math.log,
        "sigmoid": lambda u: 1 / (1 + math.exp(-u)),
        "softplus": lambda u: math.log1p(math.exp(u)),
    }
    known["step"] = lambda u: float(u > 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{__name__}.FUNCTIONS", known)
        slope = reckoned(put(PRIMES[function], {"u": number(at)}), {}, {})
    mp_known = {"exp": mp.exp, "ln": mp.log, "sqrt": mp.sqrt, "tanh": mp.tanh, "relu": lambda u: max(u, 0)}
    mp_known |= {"sigmoid": lambda u: 1 / (1 + mp.exp(-u)), "softplus": lambda u: mp.log(1 + mp.exp(u))}
    assert slope == pytest.approx(float(mp.diff(mp_known[function], at)), rel=1e-9)


def test_a_letter_is_put_in_without_capture() -> None:
    found = elaborate(relation("(sum(k, z[k] t) + t)[p] = y"), NAMES)
    assert spell(found.left) == "sum(k, z[k]*t[p]) + t[p]"
    assert name("k") not in found.left.parts
