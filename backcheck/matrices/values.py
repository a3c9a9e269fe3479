"""Numbers for a tree, and for entries in indices, each by its own rules of NumPy; it knows no derivative."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from math import erf
from typing import Any

import numpy as np

from backcheck.matrices.indices import Entries, Factor, Index, Term
from backcheck.matrices.tree import Tree, number

Array = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
Given = Mapping[str, Array]  # every name as a table with rows and columns
Sizes = Mapping[str, int]


def softplus(z: Array) -> Array:
    """ln(1 + eᶻ), without overflow."""
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def softmax(z: Array) -> Array:
    """eᶻ / Σ eᶻ over everything, without overflow."""
    powers = np.exp(z - z.max())
    return np.asarray(powers / powers.sum())


def lse(z: Array) -> Array:
    """ln Σ eᶻ over everything, without overflow."""
    return np.asarray(z.max() + np.log(np.exp(z - z.max()).sum()))


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "exp": np.exp,
    "ln": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "atan": np.arctan,
    "erf": np.vectorize(erf, otypes=[np.float64]),
    "sigmoid": lambda z: np.asarray(0.5 * (1 + np.tanh(z / 2))),
    "softplus": softplus,
    "relu": lambda z: np.maximum(z, 0.0),
    "abs": np.abs,
    "sign": np.sign,
    "step": lambda z: np.heaviside(z, 0.0),
}

TABLE: dict[str, Callable[..., Array]] = {
    "sum": lambda *parts: reduce(np.add, parts),
    "negative": np.negative,
    "product": np.matmul,
    "scale": np.multiply,
    "hadamard": np.multiply,
    "quotient": np.divide,
    "elementwise quotient": np.divide,
    "transpose": np.transpose,
    "norm": lambda a: np.sqrt(np.sum(a * a)),
    "trace": np.trace,
    "total": np.sum,
    "mean": np.mean,
    "lse": lse,
    "softmax": softmax,
    "diag": lambda a: np.diagflat(a) if 1 in a.shape else np.diag(a).reshape(-1, 1),
}


def of_tree(tree: Tree, given: Given, sizes: Sizes) -> Array:
    """The array of an expression; a scalar is a table of one row and one column."""
    match tree.op:
        case "number":
            value: Any = np.full([sizes[size] for size in tree.shape], float(number(tree.text)))
        case "size":
            value = float(sizes[tree.text])
        case "name":
            value = given[tree.text]
        case "eye":
            value = np.eye(sizes[tree.text])
        case "ones":
            value = np.ones((sizes[tree.text], 1))
        case "power":
            value = _power(of_tree(tree.parts[0], given, sizes), float(number(tree.text)))
        case "apply":
            value = FUNCTIONS[tree.text](of_tree(tree.parts[0], given, sizes))
        case _:
            value = TABLE[tree.op](*(of_tree(part, given, sizes) for part in tree.parts))
    return np.reshape(value, [sizes[size] for size in tree.shape])


def _power(base: Array, exponent: float) -> Array:
    return np.asarray(base ** (int(exponent) if exponent.is_integer() and exponent >= 0 else exponent))


def of_entries(entries: Entries, at: tuple[Index, ...], given: Given, sizes: Sizes) -> Array:
    """The array of entries over the indices `at`, one axis for each."""
    total = np.zeros([sizes[index.size] for index in at])
    for term in entries:
        total = total + _term(term, at, given, sizes)
    return total


def _term(term: Term, at: tuple[Index, ...], given: Given, sizes: Sizes) -> Array:
    """Factor by factor; an index is summed over as soon as no further factor has it."""
    pending = [_factor(factor, float(exponent), given, sizes) for factor, exponent in term.powers]
    array, axes = np.array(float(term.coefficient)), list[Index]()
    for index in term.sums:
        array, axes = _product([part for part in pending if index in part[1]], sizes)
        gone = axes.index(index)
        pending = [part for part in pending if index not in part[1]]
        pending.append((array.sum(axis=gone), [*axes[:gone], *axes[gone + 1 :]]))
    array, axes = _product([(np.array(float(term.coefficient)), []), *pending], sizes, at)
    return array


Part = tuple[Array, list[Index]]


def _product(parts: list[Part], sizes: Sizes, at: tuple[Index, ...] = ()) -> Part:
    axes = list(dict.fromkeys([*at, *(index for _, own in parts for index in own)]))
    array = np.ones([sizes[index.size] for index in axes])
    for factor, own in parts:
        order = sorted(range(len(own)), key=lambda place: axes.index(own[place]))
        array = array * factor.transpose(order).reshape([sizes[index.size] if index in own else 1 for index in axes])
    return array, axes


def _factor(factor: Factor, exponent: float, given: Given, sizes: Sizes) -> Part:
    axes = list(factor.free)
    array = KINDS[factor.kind](factor, axes, given, sizes)
    return _power(array, exponent), axes


def _entry(factor: Factor, axes: list[Index], given: Given, sizes: Sizes) -> Array:
    array = given[factor.name].reshape([sizes[index.size] for index in factor.at])
    return array if len(axes) == len(factor.at) else np.diag(array)


Work = Callable[[Factor, list[Index], Given, Sizes], Array]


def _whole(work: Callable[[Array], Array]) -> Work:
    return lambda factor, _, given, sizes: work(of_entries(factor.body, factor.over, given, sizes))


KINDS: dict[str, Work] = {
    "entry": _entry,
    "delta": lambda factor, axes, _, sizes: np.eye(sizes[factor.at[0].size]) if len(axes) == 2 else np.ones(sizes[axes[0].size]),
    "size": lambda factor, _, __, sizes: np.array(float(sizes[factor.name])),
    "apply": lambda factor, axes, given, sizes: FUNCTIONS[factor.name](of_entries(factor.body, tuple(axes), given, sizes)),
    "group": lambda factor, axes, given, sizes: of_entries(factor.body, tuple(axes), given, sizes),
    "norm": _whole(TABLE["norm"]),
    "lse": _whole(lse),
    "softmax": _whole(softmax),
}
