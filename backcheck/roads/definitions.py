"""What each operation is, to SymPy: forward definitions with indices and sums; it cannot spell a single derivative.

A row is an indexed letter: z[n,j] is unit j of example n, W[j,k] the weight into unit j from its k-th input. Sums run over
whole ranges, so that a matrix transposed by mistake elsewhere is not transposed here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import sympy as sp
from sympy import Function, Indexed, IndexedBase, Rational, Sum, Symbol, erf, exp, log, sqrt, tanh

from backcheck import formula as paper
from backcheck.arithmetic import parse
from backcheck.catalogue import letters

n, j, k, i = sp.symbols("n j k i", integer=True)  # example, unit, incoming value (of a loss: output), another unit
SIZES = {index: Symbol(letter, positive=True) for index, letter in ((n, "N"), (j, "J"), (k, "K"), (i, "J"))}  # how many
K = SIZES[k]
INNER = sp.symbols("i1:9", integer=True)  # of a sum within a sum
EITHER = Symbol("either")  # at the kink itself the value is the one from either side


class Branch(Function):  # type: ignore[misc]
    """Branch(u, below, above, at): `below` where u < 0, `above` where u > 0, `at` where u = 0."""

    nargs = 4

    def _eval_derivative(self, s: Any) -> Any:
        u, below, above, _ = self.args
        left, right = below.diff(s), above.diff(s)
        return left if left == right else Branch(u, left, right, EITHER)


def branch(u: Any, below: Any, above: Any, at: Any = EITHER) -> Any:
    """A function with a kink, or a jump, at u = 0."""
    return Branch(u, *map(sp.sympify, (below, above, at)))


def sigmoid(u: Any) -> Any:
    """1/(1 + e⁻ᵘ)"""
    return 1 / (1 + exp(-u))


def _abs(u: Any) -> Any:
    return branch(u, -u, u)


def _huber(r: Any, delta: Any) -> Any:
    return branch(r**2 - delta**2, r**2 / 2, delta * (_abs(r) - delta / 2))


def _row(name: str, *index: Any) -> Any:
    return Indexed(IndexedBase(name), *index)


def over(index: Any, body: Any) -> Any:
    """Σ over all values of an index."""
    return Sum(body, (index, 0, SIZES.get(index, K) - 1))


def _cross_entropy(t: Any, y: Any) -> Any:
    return -over(k, t * log(y))


def _binary_cross_entropy(t: Any, y: Any) -> Any:
    return -over(k, t * log(y) + (1 - t) * log(1 - y))


x, W, b, g, a, t, y, L = (IndexedBase(letter) for letter in ("x", "W", "b", "g", "a", "t", "y", "L"))
z = _row("z", n, j)
at_zero, slope, alpha, scale, delta = sp.symbols("at_zero slope alpha scale delta")

ACTIVATIONS: dict[str, Any] = {
    "identity": z,
    "sigmoid": sigmoid(z),
    "tanh": tanh(z),
    "relu": branch(z, 0, z),
    "leaky_relu": branch(z, slope * z, z),
    "softplus": log(1 + exp(z)),
    "elu": branch(z, alpha * (exp(z) - 1), z),
    "gelu": z * (1 + erf(z / sqrt(2))) / 2,
    "silu": z * sigmoid(z),
    "step": branch(z, 0, 1, at_zero),
    "softmax": exp(scale * z) / over(k, exp(scale * _row("z", n, k))),
}
_t, _y = t[n, k], y[n, k]
LOSSES: dict[str, Any] = {
    "squared_error": over(k, (_t - _y) ** 2),
    "half_squared_error": over(k, (_t - _y) ** 2) / 2,
    "mean_squared_error": over(k, (_t - _y) ** 2) / K,
    "binary_cross_entropy": _binary_cross_entropy(_t, _y),
    "cross_entropy": _cross_entropy(_t, _y),
    "absolute_error": over(k, _abs(_t - _y)),
    "huber": over(k, _huber(_t - _y, delta)),
}
STRUCTURE: dict[str, Any] = {
    "affine": over(k, x[n, k] * W[j, k]) + b[j],
    "linear": over(k, x[n, k] * W[j, k]),
    "mean": over(n, L[n]) / SIZES[n],
    "total": over(n, L[n]),
}
READS = {"affine": ("x", "W", "b"), "linear": ("x", "W"), "mean": ("L",), "total": ("L",)}

# functions that a file may call in its own formulas
FUNCTIONS: dict[str, Any] = {
    **{name: getattr(sp, name) for name in ("exp", "sqrt", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "erf")},
    "ln": log,
    "abs": _abs,
    "sign": lambda u: branch(u, -1, 1, 0),
    "max": lambda u, v: branch(u - v, v, u),
    "min": lambda u, v: branch(u - v, u, v),
    "sigmoid": sigmoid,
    "softplus": lambda u: log(1 + exp(u)),
    "relu": lambda u: branch(u, 0, u),
}


# and what slopes are written in
NAMED: dict[str, Any] = {
    "relu'": lambda u: branch(u, 0, 1),
    "heaviside": lambda u, at=EITHER: branch(u, 0, 1, at),
    "leaky_relu'": lambda u, slope: branch(u, slope, 1),
    "elu'": lambda u, alpha: branch(u, alpha * exp(u), 1),
    "huber'": lambda r, delta: branch(r**2 - delta**2, r, delta * branch(r, -1, 1)),
    "Phi": lambda u: (1 + erf(u / sqrt(2))) / 2,
    "phi": lambda u: exp(-(u**2) / 2) / sqrt(2 * sp.pi),
}


class Definition(NamedTuple):
    """One cell of a row, in the letters of the rows it reads, each with the indices that are free in it."""

    value: Any
    reads: tuple[Any, ...]  # letters of the parents, in order: x[n,k], W[j,k]; a Symbol for a single number


@lru_cache(maxsize=512)
def definition(op: str, single: bool = False) -> Definition:
    """What an operation is; two that are worked together, softmax+cross_entropy, are the loss of the outputs alone.

    `single`: the operation is one of an expression, and its letters are single numbers.

    >>> definition("sigmoid").value, definition("linear").reads
    (1/(1 + exp(-z[n, j])), (x[n, k], W[j, k]))
    """
    if ":" in op:
        return _own(op, single)
    _, fused, loss = op.removesuffix(" of any targets").partition("+")
    if fused:
        return Definition(LOSSES[loss], tuple(Symbol(v) if v not in "ty" else _row(v, n, k) for v in letters(op)))
    if op in STRUCTURE:
        value = STRUCTURE[op]
        return Definition(value, tuple(_first(value, letter) for letter in READS[op]))
    index = k if op in LOSSES else j
    value = (ACTIVATIONS | LOSSES)[op]
    return Definition(value, tuple(_row(v, n, index) if v in ("z", "t", "y") else Symbol(v) for v in letters(op)))


def _first(value: Any, letter: str) -> Any:
    return next(cell for cell in value.atoms(Indexed) if str(cell.base) == letter)


def _own(op: str, single: bool) -> Definition:
    """A formula in the letters before the colon: t and y of a loss, z of a unit, single numbers of an expression."""
    names, _, text = op.partition(":")
    index = k if names == "t y" else j
    reads = tuple(Symbol(v) if single else _row(v, n, index) for v in names.split())
    return Definition(symbolic(parse(text.strip()), dict(zip(names.split(), reads, strict=True)), index), reads)


def symbolic(tree: paper.Formula, reads: dict[str, Any], index: Any) -> Any:
    """A formula of a file as a SymPy expression; inside sum(…) and mean(…) the letters run over the outputs."""

    def at(node: paper.Formula, i: Any, depth: int = 0) -> Any:
        match node:
            case paper.Number(text):
                return Rational(text)
            case paper.Cell("K") if "K" not in reads:
                return K
            case paper.Cell(name):
                return _row(name, n, i) if isinstance(reads[name], Indexed) else reads[name]
            case paper.Negative(body):
                return -at(body, i, depth)
            case paper.Sum(terms):
                return sp.Add(*(at(term, i, depth) for term in terms))
            case paper.Product(factors):
                return sp.Mul(*(at(factor, i, depth) for factor in factors))
            case paper.Quotient(top, bottom):
                return at(top, i, depth) / at(bottom, i, depth)
            case paper.Power(base, exponent):
                return at(base, i, depth) ** at(exponent, i, depth)
            case paper.Call("sum" | "mean" as function, (body,)):
                inner = (k, *INNER)[depth]
                return over(inner, at(body, inner, depth + 1)) / (K if function == "mean" else 1)
            case paper.Call(function, arguments):
                return (FUNCTIONS | NAMED)[function](*(at(part, i, depth) for part in arguments))
        raise TypeError(node)

    return at(tree, index)
