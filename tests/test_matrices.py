"""Jacobians of symbolic sizes: published ones, errors, and random expressions held against an evaluator of the tests' own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import product
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from backcheck.errors import BackcheckError, BadArgument, BadProblem, Undefined
from backcheck.matrices import Answer, Disagreement, confirm, derivative, derive
from backcheck.matrices.algebra import TooLarge
from backcheck.spelling import to_ascii
from backcheck.writing import matrices as writing

# (expression, shapes, by, shape of the Jacobian, entries, matrix); the first seven are example D
PUBLISHED = [
    ("c", "c=1 w=d,1", "w", "d", "df/dw[i] = 0", "0"),
    ("‖w‖²", "w=d,1", "w", "d", "df/dw[i] = 2*w[i]", "2*w"),
    ("w'x_i", "w=d,1 x_i=d,1", "w", "d", "df/dw[j] = x_i[j]", "x_i"),
    ("X*w", "X=n,d w=d,1", "w", "n d", "df[i]/dw[j] = X[i,j]", "X"),
    ("w", "w=d,1", "w", "d d", "df[i]/dw[j] = delta(i,j)", "I"),
    ("w^2", "w=d,1", "w", "d d", "df[i]/dw[j] = 2*w[i]*delta(i,j)", "2*diag(w)"),
    ("X*W'", "X=n,d W=k,d", "W", "n k k d", "df[i,j]/dW[k,l] = X[i,l]*delta(j,k)", None),
    # the classics, as the Matrix Cookbook has them: (81), (84), (70), (100), (108), (115), (130)
    ("x'Ax", "x=n A=n,n", "x", "n", "df/dx[i] = sum_j(A[i,j]*x[j]) + sum_j(A[j,i]*x[j])", "(A + A')*x"),
    ("‖Xw − y‖²", "X=n,d w=d y=n", "w", "d", "df/dw[i] = 2*sum_j(X[j,i]*(sum_k(X[j,k]*w[k]) - y[j]))", "2*X'*(X*w - y)"),
    ("u'*W*x", "u=k W=k,d x=d", "W", "k d", "df/dW[i,j] = u[i]*x[j]", "u*x'"),
    ("trace(A*B)", "A=n,m B=m,n", "A", "n m", "df/dA[i,j] = B[j,i]", "B'"),
    ("tr(X'*A*X)", "A=n,n X=n,d", "X", "n d", "df/dX[i,j] = sum_k(A[i,k]*X[k,j]) + sum_k(X[k,j]*A[k,i])", "(A + A')*X"),
    ("tr(A*X*B)", "A=p,n X=n,m B=m,p", "X", "n m", "df/dX[i,j] = sum_k(A[k,i]*B[j,k])", "A'*B'"),
    ("‖W‖_F", "W=k,d", "W", "k d", "df/dW[i,j] = W[i,j]/norm(W)", "W/norm(W)"),
    ("‖x − a‖", "x=n a=n", "x", "n", "df/dx[i] = (x[i] - a[i])/norm(x - a)", "(x - a)/norm(x - a)"),
    ("trace(X^2)", "X=n,n", "X", "n n", "df/dX[i,j] = 2*X[j,i]", "2*X'"),
    ("x*x'", "x=d", "x", "d d d", "df[i,j]/dx[k] = x[j]*delta(i,k) + x[i]*delta(j,k)", None),
    ("w/norm(w)", "w=d", "w", "d d", "df[i]/dw[j] = (delta(i,j) - w[i]*w[j]/norm(w)^2)/norm(w)", "(I - w*w'/norm(w)^2)/norm(w)"),
    (
        "softmax(z)", "z=k", "z", "k k", "df[i]/dz[j] = softmax(z)[i]*(delta(i,j) - softmax(z)[j])",
        "diag(softmax(z)) - softmax(z)*softmax(z)'",
    ),
    (
        "softmax(z)'*ln(softmax(z))", "z=k", "z", "k",
        "df/dz[i] = softmax(z)[i]*(ln(softmax(z)[i]) - sum_j(softmax(z)[j]*ln(softmax(z)[j])))",
        "(ln(softmax(z)) - ln(softmax(z))'*softmax(z)).*softmax(z)",
    ),
    ("sum(softmax(z))", "z=k", "z", "k", "df/dz[i] = 0", "0"),
    ("lse(z)", "z=k", "z", "k", "df/dz[i] = softmax(z)[i]", "softmax(z)"),
    ("sum(exp(z))", "z=k", "z", "k", "df/dz[i] = exp(z[i])", "exp(z)"),
    (
        "sigmoid(X*w)", "X=n,d w=d", "w", "n d",
        "df[i]/dw[j] = X[i,j]*sigmoid(sum_k(X[i,k]*w[k]))*(1 - sigmoid(sum_k(X[i,k]*w[k])))",
        "diag(sigmoid(X*w).*(1 - sigmoid(X*w)))*X",
    ),
    ("relu(X*w)", "X=n,d w=d", "w", "n d", "df[i]/dw[j] = X[i,j]*step(sum_k(X[i,k]*w[k]))", "diag(step(X*w))*X"),
    (
        "-t'*ln(softmax(z))", "t=k z=k", "z", "k", "df/dz[i] = -t[i] + softmax(z)[i]*sum_j(t[j])",
        "-t + sum(t)*softmax(z)",
    ),
    ("sum(A*x)", "A=n,m x=m", "A", "n m", "df/dA[i,j] = x[j]", "ones(n)*x'"),
    ("trace(A*diag(w))", "A=n,n w=n", "w", "n", "df/dw[i] = A[i,i]", "diag(A)"),
    ("c*w", "c=1 w=d", "c", "d", "df[i]/dc = w[i]", "w"),
    ("c^3", "c=1", "c", "", "df/dc = 3*c^2", "3*c^2"),
    ("w*x", "w=1,d x=d", "w", "d", "df/dw[i] = x[i]", "x'"),
    ("mean(A'*w)", "A=k,m w=k", "A", "k m", "df/dA[i,j] = w[i]/m", "w*ones(m)'/m"),
    ("mean(A*B)", "A=n,p B=p,m", "A", "n p", "df/dA[i,j] = sum_k(B[j,k])/(n*m)", "ones(n)*ones(m)'*B'/(n*m)"),
    ("u*mean(A)", "A=n,k u=d", "A", "d n k", "df[i]/dA[j,l] = u[i]/(n*k)", None),
    ("mean(w)", "w=d", "w", "d", "df/dw[i] = 1/d", "ones(d)/d"),
    ("erf(c)", "c=1", "c", "", "df/dc = 1.1283791670955126*exp(-c^2)", "1.1283791670955126*exp(-c^2)"),
    ("0.001*‖w‖²", "w=d", "w", "d", "df/dw[i] = 0.002*w[i]", "0.002*w"),
    ("½‖w‖²", "w=d", "w", "d", "df/dw[i] = w[i]", "w"),
    ("w/3", "w=d", "w", "d d", "df[i]/dw[j] = delta(i,j)/3", "1/3*I"),
    ("diag(v)", "v=n", "v", "n n n", "df[i,j]/dv[k] = delta(i,j)*delta(i,k)", None),
    ("sum(diag(v)*A*diag(v))", "v=n A=n,n", "A", "n n", "df/dA[i,j] = v[i]*v[j]", "v*v'"),
    ("A'", "A=n,m", "A", "m n n m", "df[i,j]/dA[k,l] = delta(i,l)*delta(j,k)", None),
    ("X*w", "X=3,d w=d", "w", "3 d", "df[i]/dw[j] = X[i,j]", "X"),
]  # fmt: skip


def shapes_of(text: str) -> dict[str, str]:
    return dict(part.split("=") for part in text.split())


@pytest.mark.parametrize(("text", "shapes", "by", "shape", "entries", "matrix"), PUBLISHED, ids=[row[0] for row in PUBLISHED])
def test_published(text: str, shapes: str, by: str, shape: str, entries: str, matrix: str | None) -> None:
    answer = derive(text, shapes_of(shapes), by)
    assert (" ".join(answer.jacobian_shape), answer.entries, answer.matrix) == (shape, entries, matrix)


BACKWARD = [
    ("X*W'", "X=n,d W=k,d", "W", "G'*X"),
    ("X*W'", "X=n,d W=k,d", "X", "G*W"),
    ("W*x + b", "W=k,d x=d b=k", "W", "G*x'"),
    ("W*x + b", "W=k,d x=d b=k", "x", "W'*G"),
    ("W*x + b", "W=k,d x=d b=k", "b", "G"),
    ("sigmoid(z)", "z=k", "z", "G.*sigmoid(z).*(1 - sigmoid(z))"),
    ("relu(X*W')", "X=n,d W=k,d", "W", "(G.*step(X*W'))'*X"),
    ("G*w", "G=n,d w=d", "w", "G'*H"),
    ("diag(v)", "v=n", "v", "diag(G)"),
    ("diag(A)", "A=n,n", "A", "diag(G)"),
]


@pytest.mark.parametrize(("text", "shapes", "by", "backward"), BACKWARD)
def test_what_is_passed_back(text: str, shapes: str, by: str, backward: str) -> None:
    assert derive(text, shapes_of(shapes), by).backward == backward


# One text, several spellings

SAME = [
    ("2X'(Xw - y)", "2*X'*(X*w - y)"),
    ("2 Xᵀ(X w − y)", "2*X'*(X*w - y)"),
    ("2·X.T @ (X·w − y)", "2*X'*(X*w - y)"),
    ("X^T*X*w", "X'*X*w"),
    ("||w||_2^2", "norm(w)^2"),
    ("‖w‖ ‖w‖ w", "norm(w)*norm(w)*w"),
    ("w .* w", "w.*w"),
    ("w ⊙ w", "w.*w"),
    ("hadamard(w, w)", "w.*w"),
    ("f(w) = X*w", "X*w"),
    ("loss = w’w", "w'*w"),
    ("w.^2", "w.^2"),
    ("w^2", "w.^2"),
    ("w²", "w.^2"),
    ("w**-1", "w.^(-1)"),
    ("½‖w‖²", "1/2*norm(w)^2"),
    ("1/2 w", "1/2*w"),
    ("||w||_1", "sum(abs(w))"),
    ("log(w .* w)", "ln(w.*w)"),
    ("-(w - w)", "-(w - w)"),
    ("1/d*w'w", "(1/d)*w'*w"),
]


@pytest.mark.parametrize(("text", "read"), SAME)
def test_spellings(text: str, read: str) -> None:
    answer = derive(text, {"X": "n,d", "w": "d", "y": "n"}, "w")
    document = json.loads(writing.as_json(answer))
    assert document["read_as"] == read


# Errors

WRONG = [
    ("X*y", 2, "the inner sizes of this matrix product differ: X is n×d, y is n×1", "what fits: X'*y (d×1)"),
    ("w*w", 2, "the inner sizes of this matrix product differ: w is d×1, w is d×1", "w'*w (scalar), w*w' (d×d), w.*w (element"),
    ("X*w + w", 5, "the shapes of these terms differ: X*w is n×1, w is d×1", "one shape"),
    ("w' - w", 4, "the shapes of these terms differ: w' is 1×d, w is d×1", "with w' they fit"),
    ("X .* W", 3, "an element-wise product takes two of one shape: X is n×d, W is k×d", "X*W' (n×k)"),
    ("X*w/W", 4, "no division by a matrix: X*w is n×1, W is k×d", "./"),
    ("trace(X)", 1, "trace takes a square matrix; X is n×d", "sum(...)"),
    ("X^2", 2, "X is n×d: no power 2 of it as a matrix", ".^"),
    ("S^-1", 2, "S is n×n: no power -1 of it as a matrix", "inverses are not read"),
    ("softmax(X)", 1, "softmax takes a column or a row; X is n×d", "one row"),
    ("diag(X)", 1, "diag takes a vector or a square matrix; X is n×d", ""),
    ("‖X‖_2", 1, "the norm with index 2 is not differentiated here", "norm(A)"),
    ("X*v", 3, "v has no shape", "--shape v=n,d"),
    ("X*weight", 3, "weight has no shape", "--shape weight=n,d"),
    ("sigmod(X*w)", 1, "sigmod is no function, and no name with a shape", "did you mean 'sigmoid'?"),
    ("norm(w, 2)", 1, "norm takes 1 argument, not 2", ""),
    ("(X*w", 1, "the '(' is never closed", "close it with )"),
    ("‖w", 1, "the '‖' is never closed", ""),
    ("X*", 3, "the expression ends too early", ""),
    ("", 1, "the expression ends too early", ""),
    ("X*w)", 4, "')' has no place here", ""),
    ("w + $", 5, "'$' is no sign of this language", ""),
    ("__import__('os')", 1, "'_' is no sign of this language", ""),
    ("w/2 w", 5, "does this factor stand under the fraction or beside it?", "a/(b*c)"),
    ("w^X", 3, "the exponent X should be a plain number of moderate size", "exp(p*ln(x))"),
    ("w^1e9", 3, "the exponent 1e9 should be a plain number of moderate size", ""),
    ("1e99999999*w", 1, "1e99999999 is too long for a number", ""),
    ("eye(q)*w", 1, "eye takes one size", "sizes are d, k, n"),
    ("+".join(["w"] * 400), 1, "401 operations", "names of their own"),
    ("w" + "'" * 100, 1, "101 operations, 101 deep", ""),
    ("(" * 100 + "w" + ")" * 100, 61, "brackets more than 60 deep", ""),
    ("w" * 2001, 2001, "the expression has 2,001 signs", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "says", "way_out"), WRONG, ids=[row[0][:20] for row in WRONG])
def test_one_clear_error(text: str, column: int, says: str, way_out: str) -> None:
    with pytest.raises(BadProblem) as caught:
        derive(text, {"X": "n,d", "W": "k,d", "S": "n,n", "w": "d", "y": "n"}, "w")
    [fault] = caught.value.faults
    assert fault.says.startswith(says)
    assert fault.column == column
    assert way_out in fault.way_out


@pytest.mark.parametrize(
    ("shapes", "by", "says"),
    [
        ({"w": "d"}, "x", "x is to be differentiated by, but has no shape: --shape x=n,d"),
        ({"w": "n,d,k"}, "w", "'n,d,k' is no shape for w: w=n,d is a matrix"),
        ({"w": "n,-1"}, "w", "'n,-1' is no shape for w"),
        ({"w": "d", "d": "1"}, "w", "d is a name and a size"),
        ({"exp": "d"}, "exp", "'exp' is a function"),
        ({"w'": "d"}, "w'", '"w\'" is no name'),
    ],
)
def test_wrong_shapes(shapes: dict[str, str], by: str, says: str) -> None:
    with pytest.raises(BadArgument, match=re.escape(says)):
        derive("w", shapes, by)


def test_two_ways_to_read_a_word() -> None:
    with pytest.raises(BadProblem, match=r"abc can be read as a\*bc or ab\*c"):
        derive("abc", {"a": "1", "ab": "1", "bc": "1", "c": "1"}, "a")


def test_what_has_no_value_is_not_confirmed() -> None:
    with pytest.raises(Undefined, match="no value or no slope"):
        derive("ln(-w'w)", {"w": "d"}, "w")


def test_numbers_at_which_a_formula_has_no_value_are_passed_over() -> None:
    answer = derive("relu(z)^0.5", {"z": "k"}, "z")
    assert answer.entries == "df[i]/dz[j] = step(z[i])*delta(i,j)/(2*sqrt(relu(z[i])))"
    assert any("below a fraction is 0" in note for note in answer.notes)


def test_an_answer_that_nobody_would_read() -> None:
    with pytest.raises(TooLarge, match="names of their own"):
        derive("softmax(" * 14 + "z .* z" + ")" * 14, {"z": "k"}, "z")


@pytest.mark.parametrize(
    ("name", "wrong"), [("tanh", "1 + tanh(u)^2"), ("sigmoid", "sigmoid(u)"), ("sin", "-cos(u)"), ("relu", "1")]
)
def test_a_wrong_rule_shows_no_answer(name: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(derivative.SLOPES, name, wrong)
    derivative._slope.cache_clear()
    try:
        with pytest.raises(Disagreement):
            derive(f"{name}(X*w)", {"X": "n,d", "w": "d"}, "w")
    finally:
        derivative._slope.cache_clear()


def test_a_slope_off_by_a_millionth_is_seen() -> None:
    shapes = {"X": ("n", "d"), "w": ("d", "1")}
    answer = derive("tanh(X*w)", {"X": "n,d", "w": "d"}, "w")
    for tries in confirm.draws(answer.tree, "w", shapes):
        draw = next(tries)
        assert confirm.held(draw, draw.slope)[0]
        assert not confirm.held(draw, draw.slope * (1 + 1e-6))[0]


# An evaluator that shares nothing with the room: a text → a function of numbers and letters

Env = dict[str, Any]  # arrays with rows and columns by name; letters of indices as whole numbers
Node = Callable[[Env], Any]
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "exp": np.exp, "ln": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "sinh": np.sinh, "cosh": np.cosh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "softplus": lambda z: np.log(1 + np.exp(z)), "atan": np.arctan,
    "relu": lambda z: z * (np.real(z) > 0), "abs": lambda z: z * np.sign(np.real(z)), "step": lambda z: 1.0 * (np.real(z) > 0),
    "sign": lambda z: np.sign(np.real(z)), "norm": lambda z: np.sqrt((z * z).sum()), "sum": np.sum, "mean": np.mean,
    "trace": np.trace, "lse": lambda z: np.log(np.exp(z).sum()), "softmax": lambda z: np.exp(z) / np.exp(z).sum(),
    "diag": lambda z: np.diag(z.ravel()) if 1 in z.shape else np.diag(z)[:, None],
}  # fmt: skip


SIGNS = re.compile(r"sum_[A-Za-z](?:,[A-Za-z])*(?=\()|\d+(?:\.\d+)?|[^\W\d]\w*|\.\*|\./|\.\^|[-+*/^()\[\],']")


class Reader:
    """Recursive descent on ASCII; every value is a table of rows and columns."""

    def __init__(self, text: str) -> None:
        self.tokens = SIGNS.findall(text)
        assert "".join(self.tokens) == text.replace(" ", "")
        self.letters: list[tuple[str, Node, int]] = []  # a letter, what it indexes, on which axis

    def take(self, *wanted: str) -> str | None:
        if self.tokens and self.tokens[0] in wanted:
            return self.tokens.pop(0)
        return None

    def whole(self) -> Node:
        node = self.sum()
        assert not self.tokens
        return node

    def sum(self) -> Node:
        node = self.product()
        while sign := self.take("+", "-"):
            node = worked(np.add if sign == "+" else np.subtract, node, self.product())
        return node

    def product(self) -> Node:
        node = self.signed()
        while sign := self.take("*", "/", ".*", "./"):
            node = worked(partial(joined, sign), node, self.signed())
        return node

    def signed(self) -> Node:
        return worked(np.negative, self.signed()) if self.take("-") else self.power()

    def power(self) -> Node:
        node = self.atom()
        while sign := self.take("^", ".^", "'"):
            node = worked(np.transpose, node) if sign == "'" else worked(partial(raised, sign), node, self.atom())
        return node

    def atom(self) -> Node:
        word = self.tokens.pop(0)
        if word == "(":
            node = self.sum()
            assert self.take(")")
        elif word[0].isdigit():
            node = worked(lambda: np.array([[float(word)]]))
        else:
            node = self.call(word) if self.take("(") else itemgetter(word)
        return self.indexed(node) if self.take("[") else node

    def indexed(self, base: Node) -> Node:
        letters = [self.tokens.pop(0)]
        while self.take(","):
            letters.append(self.tokens.pop(0))
        assert self.take("]")
        self.letters += [(letter, base, axis) for axis, letter in enumerate(letters)]
        return lambda env: np.array([[squeezed(base(env))[tuple(env[letter] for letter in letters)]]])

    def call(self, name: str) -> Node:
        if name == "delta":
            one, _, other, _ = (self.tokens.pop(0) for _ in range(4))
            return lambda env: np.array([[float(env[one] == env[other])]])
        if name in ("eye", "ones"):
            size = self.tokens.pop(0)
            assert self.take(")")
            return lambda env: np.eye(int(env[size].item())) if name == "eye" else np.ones((int(env[size].item()), 1))
        start = len(self.letters)
        body = self.sum()
        assert self.take(")")
        if name.startswith("sum_"):
            return total(name[4:].split(","), self.letters[start:], body)
        return worked(partial(applied, name), body)


ELEMENTWISE = {*FUNCTIONS} - {"norm", "sum", "mean", "trace", "lse", "diag"}


def worked(work: Callable[..., Any], *nodes: Node) -> Node:
    return lambda env: work(*(node(env) for node in nodes))


def applied(name: str, array: Any) -> Any:
    found = np.asarray(FUNCTIONS[name](array))
    return found if name in ELEMENTWISE or name == "diag" else found.reshape(1, 1)


def squeezed(array: Any) -> Any:
    return array.reshape([size for size in array.shape if size > 1])


def joined(sign: str, a: Any, b: Any) -> Any:
    if "/" in sign:
        return a / b
    return a @ b if sign == "*" and a.size > 1 and b.size > 1 else a * b


def raised(sign: str, base: Any, power: Any) -> Any:
    exponent = power.item()
    if sign == "^" and 1 not in base.shape:
        return np.linalg.matrix_power(base, int(exponent))
    return base ** (int(exponent) if exponent == int(exponent) else exponent)


def total(letters: list[str], used: list[tuple[str, Node, int]], body: Node) -> Node:
    def run(env: Env) -> Any:
        first = {letter: next((base, axis) for name, base, axis in used if name == letter) for letter in letters}
        sizes = [squeezed(base(env)).shape[axis] for base, axis in first.values()]
        return sum(body({**env, **dict(zip(letters, at, strict=True))}) for at in product(*map(range, sizes)))

    return run


def value(text: str, env: Env) -> Any:
    return Reader(text).whole()(env)


def slope_by_complex_step(text: str, by: str, env: Env) -> Any:
    """∂ to machine precision, with axes (rows, columns) of the output, then of the input."""
    node = Reader(text).whole()
    output = node(env)
    slope = np.zeros(output.shape + env[by].shape)
    for cell in np.ndindex(env[by].shape):
        nudged = env[by].astype(complex)
        nudged[cell] += 1e-30j
        slope[(..., *cell)] = np.imag(node({**env, by: nudged})) / 1e-30
    return slope


def entries_in_numbers(answer: Answer, env: Env, shape: tuple[int, ...]) -> Any:
    """The line of entries, read back and evaluated for every index."""
    left, right = answer.entries.split(" = ")
    letters = [letter for inside in re.findall(r"\[(.*?)\]", left) for letter in inside.split(",")]
    node = Reader(right).whole()
    sizes = [size for size in shape if size > 1]
    assert len(sizes) == len(letters)
    found = [node({**env, **dict(zip(letters, at, strict=True))}).item() for at in np.ndindex(*sizes)]
    return np.reshape(found, shape)


SIZES = {"n": 3, "m": 2, "k": 4}
SHAPES = {"A": "n,m", "B": "m,k", "C": "n,m", "S": "n,n", "u": "n", "v": "n", "x": "m", "r": "1,m", "c": "1", "e": "1"}
PAIRS = {name: [*shape.split(","), "1"][:2] for name, shape in SHAPES.items()}


def numbers(shapes: dict[str, str], sizes: dict[str, int]) -> Env:
    random = np.random.default_rng(7)
    known = {**sizes, "1": 1}
    pairs = {name: [*shape.split(","), "1"][:2] for name, shape in shapes.items()}
    arrays = {name: random.uniform(-1.5, 1.5, [known.get(size) or int(size) for size in pair]) for name, pair in pairs.items()}
    return arrays | {name: np.array([[float(size)]]) for name, size in sizes.items()}


def near(one: Any, other: Any) -> bool:
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-10 * max(1.0, np.abs(other).max())))


@pytest.mark.parametrize(("text", "shapes", "by"), [row[:3] for row in PUBLISHED if row[0].isascii() and "erf" not in row[0]])
def test_published_entries_are_the_slopes(text: str, shapes: str, by: str) -> None:
    names = shapes_of(shapes)
    text = text.replace("x'Ax", "x'*A*x").replace("w'x_i", "w'*x_i").replace("tr(", "trace(")
    env = numbers(names, {"n": 3, "d": 2, "k": 4, "m": 5, "p": 2})
    slope = slope_by_complex_step(text.replace("w^2", "w.^2"), by, env)
    assert near(entries_in_numbers(derive(text, names, by), env, slope.shape), slope)


@st.composite
def arrays(draw: st.DrawFn, shape: tuple[str, str], depth: int) -> str:
    """The text of an expression of this shape."""
    leaves = [name for name, pair in PAIRS.items() if tuple(pair) == shape]
    leaves += [f"{name}'" for name, pair in PAIRS.items() if tuple(pair[::-1]) == shape and shape[0] != shape[1]]
    leaves += {("n", "n"): ["eye(n)", "S'"], ("n", "1"): ["ones(n)"], ("1", "1"): ["2", "0.5", "n"]}.get(shape, [])
    if not leaves or (depth > 0 and draw(st.integers(0, 5))):
        return draw(st.sampled_from(list(ways(shape))).flatmap(lambda way: way(max(depth - 1, 0))))
    return draw(st.sampled_from(leaves))


def of(*shapes: tuple[str, str], say: Callable[..., str]) -> Callable[[int], st.SearchStrategy[str]]:
    return lambda depth: st.tuples(*(arrays(shape, depth) for shape in shapes)).map(lambda parts: say(*parts))


SCALAR = ("1", "1")
EACH = ["exp", "sin", "cos", "tanh", "sigmoid", "softplus", "relu", "abs", "step", "atan"]


def ways(shape: tuple[str, str]) -> Iterator[Callable[[int], st.SearchStrategy[str]]]:
    """Every operation that gives this shape."""
    yield of(shape, shape, say="({} + {})".format)
    yield of(shape, shape, say="({} - {})".format)
    yield of(SCALAR, shape, say="({} + {})".format)
    yield of(SCALAR, shape, say="{}*{}".format)
    yield of(shape, say="-({})".format)
    yield of(shape[::-1], say="({})'".format)
    yield of(shape, shape, say="({}).*({})".format)
    yield of(shape, say="({}).^2".format)
    yield of(shape, say="({}).^3".format)
    yield of(shape, SCALAR, say="({})/(1 + ({})^2)".format)
    yield of(shape, shape, say="({})./(1 + ({}).^2)".format)
    yield of(shape, say="sqrt(1 + ({}).^2)".format)
    yield of(shape, say="ln(2 + ({}).^2)".format)
    for function in EACH:
        yield of(shape, say=(function + "({})").format)
    for inner in ("n", "m", "1"):
        yield of((shape[0], inner), (inner, shape[1]), say="({})*({})".format)
    if shape == SCALAR:
        for name, rows, columns in product(("norm", "sum", "mean"), "nm1", "nmk"):
            yield of((rows, columns), say=(name + "({})").format)
        yield of(("n", "n"), say="trace({})".format)
        yield of(("n", "1"), say="lse({})".format)
        yield of(("1", "m"), say="lse({})".format)
        yield of(("n", "1"), ("n", "1"), say="({})'*({})".format)
    elif "1" in shape:
        yield of(shape, say="softmax({})".format)
    if shape == ("n", "n"):
        yield of(("n", "1"), say="diag({})".format)
        yield of(("1", "n"), say="diag({})".format)
    if shape == ("n", "1"):
        yield of(("n", "n"), say="diag({})".format)


questions = st.tuples(
    st.sampled_from([("1", "1"), ("n", "1"), ("1", "m"), ("n", "m"), ("n", "n")]).flatmap(lambda shape: arrays(shape, 3)),
    st.sampled_from(sorted(SHAPES)),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions)
def test_random_expressions(question: tuple[str, str]) -> None:
    """The entries, the matrix and the backward pass, read back from their texts, are the slopes by complex steps."""
    text, by = question
    env = numbers(SHAPES, SIZES)
    env["I"] = np.eye(2 if by in "xr" and "eye" not in text else 3)
    with np.errstate(all="ignore"):
        slope = slope_by_complex_step(text, by, env)
    assume(np.isfinite(slope).all() and np.abs(slope).max(initial=0) < 1e6)
    try:
        answer = derive(text, SHAPES, by)
    except (Undefined, TooLarge):
        assume(False)
    assert near(entries_in_numbers(answer, env, slope.shape), slope), answer.entries
    for claim, claimed in claims(answer, slope, env):
        assert near(claim, claimed), (answer.matrix, answer.backward)


def claims(answer: Answer, slope: Any, env: Env) -> Iterator[tuple[Any, Any]]:
    if answer.matrix and answer.matrix != "0":
        found = value(answer.matrix, env)
        yield found, slope.reshape(found.shape)
    if answer.backward and answer.backward != "0":
        env["G"] = np.random.default_rng(3).uniform(-1, 1, slope.shape[:2])
        yield value(answer.backward, env), np.tensordot(env["G"], slope, 2)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions)
def test_an_answer_can_be_typed_in_again(question: tuple[str, str]) -> None:
    """What the matrix of an answer says is read back as the same."""
    try:
        answer = derive(question[0], SHAPES, question[1])
    except (Undefined, TooLarge):
        assume(False)
    assume(answer.matrix is not None and len(answer.matrix) < 300)  # no longer than what may be typed
    assume(not re.search(r"\bI\b", answer.matrix or ""))
    again = derive(answer.matrix or "", SHAPES, "e")
    assert again.written(again.tree, "ascii") == answer.matrix


def test_the_diagonal_of_the_identity_is_ones() -> None:
    answer = derive("v'*exp(diag(eye(n)))", SHAPES, "v")
    assert answer.matrix is not None
    assert answer.matrix.replace(" ", "") == "exp(1)*ones(n)"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(SHAPES)), st.sampled_from(sorted(SHAPES)), st.sampled_from(["*", "+", "-", ".*"]))
def test_shapes_that_do_not_fit_are_named(one: str, other: str, sign: str) -> None:
    a, b = PAIRS[one], PAIRS[other]
    fits = ["1", "1"] in (a, b) or (a[1] == b[0] if sign == "*" else a == b)
    text = f"{one} {sign} {other}"
    if fits:
        assert derive(text, SHAPES, one).entries
        return
    with pytest.raises(BadProblem) as caught:
        derive(text, SHAPES, one)
    [fault] = caught.value.faults
    assert fault.column == len(one) + 2
    assert f"{one} is {'×'.join(a)}, {other} is {'×'.join(b)}" in fault.says
    assert fault.way_out


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="Xwy+-*/'.^()|‖ 12,_ᵀ²½expnorm", max_size=30))
def test_any_text_is_answered_or_refused(text: str) -> None:
    with suppress(BackcheckError):
        derive(text, {"X": "n,d", "w": "d", "y": "n"}, "w")


# The writers


def answers() -> Iterator[Answer]:
    for text, shapes, by, *_ in PUBLISHED:
        yield derive(text, shapes_of(shapes), by)
    yield derive("λ*‖W_hid x_1‖² - loss", {"W_hid": "n_1,d", "x_1": "d", "λ": "1", "loss": "1"}, "W_hid")
    yield derive("c*eye(d)*w + I*w", {"c": "1", "w": "d", "I": "d,d"}, "w")


def test_text_fits_and_stays_legible() -> None:
    for answer in answers():
        page = writing.text(answer, 60)
        assert max(map(len, page.splitlines())) <= 60
        assert "confirmed" in page
        if "λ" not in answer.shapes:
            assert "?" not in to_ascii(page.replace("‖", "||"))


def test_the_page_of_a_layer() -> None:
    page = writing.text(derive("X*W'", {"X": "n,d", "W": "k,d"}, "W"), 100)
    assert page.splitlines()[:5] == [
        "f = X Wᵀ where X is n×d, W is k×d",
        "",
        "  shape     ∂f/∂W is n×k×k×d",
        "  entries   ∂f_ij/∂W_kl = X_il·δ_jk",
        "  backward  ∂L/∂W = Gᵀ X",
    ]


def test_json() -> None:
    document = json.loads(writing.as_json(derive("X*W'", {"X": "n,d", "W": "k,d"}, "W")))
    assert document["shape"] == ["n", "k", "k", "d"]
    assert document["formulas"] == {
        "df[i,j]/dW[k,l]": {
            "expression": "X[i,l]*delta(j,k)",
            "latex": r"X_{il}\,\delta_{jk}",
            "value": None,
            "by_hand": None,
            "agrees": True,
        }
    }
    assert document["matrix"] is None
    assert document["backward"] == "G'*X"
    sizes = [tuple(trial["sizes"].values()) for trial in document["confirmed"]]
    assert len(sizes) == 2
    assert all(len(set(found)) == len(found) for found in sizes)
    assert all(trial["largest_difference"] < 1e-12 for trial in document["confirmed"])


def test_markdown_is_a_table() -> None:
    for answer in answers():
        rows = [line for line in writing.markdown(answer).splitlines() if line.startswith("|")]
        assert all(len(re.findall(r"(?<!\\)\|", row)) == 3 for row in rows)


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="pdflatex is not installed")
def test_latex_compiles(tmp_path: Path) -> None:
    (preamble, *_), bodies = zip(*(writing.latex(answer).split(r"\begin{document}") for answer in answers()), strict=True)
    body = "\n".join(part.replace(r"\end{document}", "") for part in bodies)
    (tmp_path / "page.tex").write_text(f"{preamble}\\begin{{document}}{body}\\end{{document}}\n", encoding="utf-8")
    call = ["pdflatex", "-draftmode", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page.tex"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    said = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, said[said.find("\n!") :][:600]
    assert "invalid in math mode" not in said
    assert "Missing character" not in (tmp_path / "page.log").read_text(encoding="utf-8", errors="replace")
