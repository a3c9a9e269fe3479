"""The road that is walked by hand: every operation as one NumPy statement over whole arrays; it knows no rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from backcheck.catalogue import letters, unit
from backcheck.formula import Formula, evaluate
from backcheck.slopes import own_formula
from backcheck.worksheet import Array, Row


def _sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


NEAR_ONE = 0.999  # up to here 1 − a keeps all digits but three


def _rest(z: Array, a: Array) -> Array:
    """1 − a of a sigmoid; near a = 1, where the difference would lose its digits, worked from z."""
    rest = 1 - a
    if a.max() > NEAR_ONE:
        high = a > NEAR_ONE
        rest[high] = 1 / (1 + np.exp(z[high]))
    return rest


def _softplus(z: Array) -> Array:
    return np.logaddexp(0, z)


def _from_top(z: Array) -> Array:
    """The same outputs for softmax, with the largest at 0: differences keep their digits, and nothing overflows."""
    return np.asarray(z - z.max(-1, keepdims=True))


def _exps(z: Array) -> Any:
    return np.exp(_from_top(z))


def _softmax(z: Array) -> Any:
    e = _exps(z)
    return e / e.sum(-1, keepdims=True)


def _lse(z: Array) -> Any:
    return z.max(-1, keepdims=True) + np.log(_exps(z).sum(-1, keepdims=True))


def _others(v: Array) -> Array:
    """For each output the sum over all the other ones, without a subtraction that could lose digits."""
    before, after = np.zeros_like(v), np.zeros_like(v)
    np.cumsum(v[:, :-1], -1, out=before[:, 1:])
    np.cumsum(v[:, :0:-1], -1, out=after[:, -2::-1])
    return before + after


def _lse_others(z: Array) -> Array:
    """For each output ln Σ exp(z) over all the other ones; without the largest, the next one leads the sum."""
    top = z.argmax(-1, keepdims=True)
    rest = z.copy()
    np.put_along_axis(rest, top, -np.inf, -1)
    found: Array = z.max(-1, keepdims=True) + np.log(_others(_exps(z)))
    np.put_along_axis(found, top, _lse(rest) if z.shape[1] > 1 else -np.inf, -1)
    return found


def _without(z: Array) -> Array:
    """[n, k, j]: the z of example n, with −∞ at j = k: what is left of the outputs when k is taken away."""
    return np.where(np.eye(z.shape[1], dtype=bool), -np.inf, z[:, None, :])


_erfc = np.frompyfunc(math.erfc, 1, 1)
_erf = np.frompyfunc(math.erf, 1, 1)


def _Phi(z: Array) -> Array:
    return np.asarray(_erfc(-z / math.sqrt(2)) / 2, float)


def _phi(z: Array) -> Array:
    return np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _share(t: Array, y: Array) -> Array:
    """t/y, where an output that no target asks for counts 0."""
    return np.divide(t, y, out=np.zeros_like(y), where=t != 0)


def _tlog(t: Array, y: Array) -> Array:
    """t·ln y, where an output that no target asks for counts 0."""
    return t * np.log(y, out=np.zeros_like(y), where=t != 0)


Rule = Callable[..., Any]

# name: a, ∂L/∂z. Where a textbook writes 1 − a, that difference is worked from z: near a = 1 it would lose its digits.
ACTIVATIONS: dict[str, tuple[Rule, Rule]] = {
    "identity": (lambda z: z, lambda g, z, a: g),
    "sigmoid": (_sigmoid, lambda g, z, a: g * a * _rest(z, a)),
    "tanh": (np.tanh, lambda g, z, a: g / np.cosh(z) ** 2),
    "relu": (lambda z, at_zero: np.maximum(z, 0), lambda g, z, a, at_zero: g * np.heaviside(z, at_zero)),
    "leaky_relu": (
        lambda z, slope: np.where(z > 0, z, slope * z),
        lambda g, z, a, slope: g * np.where(z > 0, 1, slope),
    ),
    "softplus": (_softplus, lambda g, z, a: g * _sigmoid(z)),
    "elu": (
        lambda z, alpha: np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0))),
        lambda g, z, a, alpha: g * np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0))),
    ),
    "gelu": (lambda z: z * _Phi(z), lambda g, z, a: g * (_Phi(z) + z * _phi(z))),
    "silu": (lambda z: z * _sigmoid(z), lambda g, z, a: g * (_sigmoid(z) + a * _sigmoid(-z))),
    "step": (np.heaviside, lambda g, z, a, at_zero: 0 * g),
    "softmax": (
        lambda z, scale: _softmax(scale * z),
        lambda g, z, a, scale: scale * a * sum(a[:, [k]] * (g - g[:, [k]]) for k in range(a.shape[1])),
    ),
}

# name: L of each example, ∂L/∂y
LOSSES: dict[str, tuple[Rule, Rule]] = {
    "squared_error": (lambda t, y: ((t - y) ** 2).sum(-1), lambda t, y, N: -2 * (t - y) / N),
    "half_squared_error": (lambda t, y: ((t - y) ** 2).sum(-1) / 2, lambda t, y, N: -(t - y) / N),
    "mean_squared_error": (lambda t, y: ((t - y) ** 2).mean(-1), lambda t, y, N: -2 / y.shape[-1] * (t - y) / N),
    "binary_cross_entropy": (
        lambda t, y: -(_tlog(t, y) + _tlog(1 - t, 1 - y)).sum(-1),
        lambda t, y, N: (-_share(t, y) + _share(1 - t, 1 - y)) / N,
    ),
    "cross_entropy": (lambda t, y: -_tlog(t, y).sum(-1), lambda t, y, N: -_share(t, y) / N),
    "absolute_error": (lambda t, y: abs(t - y).sum(-1), lambda t, y, N: -np.sign(t - y) / N),
    "huber": (
        lambda t, y, delta: np.where(abs(t - y) <= delta, (t - y) ** 2 / 2, delta * (abs(t - y) - delta / 2)).sum(-1),
        lambda t, y, N, delta: -np.clip(t - y, -delta, delta) / N,
    ),
}


def _softmax_ce(t: Array, z: Array, y: Array, scale: float) -> Any:
    """−ln softmax = ln(1 + Σ over all but the largest) − u, with u = 0 at the largest: a tiny loss keeps its digits."""
    u = scale * z
    largest = np.arange(len(u)), u.argmax(-1)
    u -= u[largest][:, None]
    e = np.exp(u)
    e[largest] = 0
    return (t * (np.log1p(e.sum(-1, keepdims=True)) - u)).sum(-1)


def _softmax_ce_dy(t: Array, z: Array, y: Array, N: float, scale: float) -> Array:
    return -_tlog_free(t, _lse(scale * z) - scale * z) / N


def _tlog_free(t: Array, power: Array) -> Array:
    """t·exp(power), where an output that no target asks for counts 0 however large the power."""
    return t * np.exp(power, out=np.zeros_like(power), where=t != 0)


def _softmax_ce_dz(t: Array, z: Array, y: Array, N: float, scale: float) -> Any:
    total = t.sum(-1, keepdims=True)
    if y.max() <= NEAR_ONE:
        return scale / N * (y * total - t)
    return scale / N * (y * (total - t) - t * _others(y))


def _softmax_bce(t: Array, z: Array, y: Array, scale: float) -> Any:
    u = _from_top(scale * z)
    logit = u - _lse_others(u)
    return (t * _softplus(-logit) + (1 - t) * _softplus(logit)).sum(-1)


def _softmax_bce_dy(t: Array, z: Array, y: Array, N: float, scale: float) -> Array:
    u = _from_top(scale * z)
    whole = _lse(u)
    return (_tlog_free(1 - t, whole - _lse_others(u)) - _tlog_free(t, whole - u)) / N


def _softmax_bce_dz(t: Array, z: Array, y: Array, N: float, scale: float) -> Any:
    u = _from_top(scale * z)
    odds = np.exp(_without(u) - _lse_others(u)[:, :, None])  # [n, k, j] = y_j/(1 − y_k), 0 at j = k
    from_others = y * _others(t) - np.einsum("nk,nkj->nj", (1 - t) * y, odds)
    return scale * ((1 - t) * y - t * _others(y) + from_others) / N


# activation+loss, worked together from z: L, ∂L/∂y, ∂L/∂z
FUSED: dict[str, tuple[Rule, Rule, Rule]] = {
    "sigmoid+binary_cross_entropy": (
        lambda t, z, y: (t * _softplus(-z) + (1 - t) * _softplus(z)).sum(-1),
        lambda t, z, y, N: (_share(1 - t, _sigmoid(-z)) - _share(t, y)) / N,
        lambda t, z, y, N: ((1 - t) * y - t * _sigmoid(-z)) / N,
    ),
    "softmax+cross_entropy": (_softmax_ce, _softmax_ce_dy, _softmax_ce_dz),
    "softmax+cross_entropy of any targets": (_softmax_ce, _softmax_ce_dy, _softmax_ce_dz),
    "softmax+binary_cross_entropy": (_softmax_bce, _softmax_bce_dy, _softmax_bce_dz),
}


def _tied(own_parts: Array, own_places: Array, *every: Array) -> Array:
    """Every place of a tied parameter gets the sum over its places; every row with ties is (parts, places, parts, places, …)."""
    parts, places = every[::2], every[1::2]
    groups = np.concatenate([p.ravel() for p in places]).astype(int)
    sums = np.bincount(groups, weights=np.concatenate([p.ravel() for p in parts]))
    return np.where(own_places > 0, sums[own_places.astype(int)], own_parts)


def _affine(x: Array, W: Array, b: Array) -> Array:
    z = x @ W.T
    z += b
    return z


def _sgd(p: Array, eta: Array, dp: Array) -> Array:
    """p − η·∂p, in one fresh array instead of two: for large weights, fresh memory is what costs."""
    change = np.asarray(eta * dp)
    return np.subtract(p, change, out=change)


MASKED = " masked"  # after any operation: what is frozen stays as the first parent is; the last one is the mask


def _where_trainable(moved: Rule) -> Rule:
    return lambda old, *parents: np.where(parents[-1], moved(old, *parents[:-1]), old)


def _length(*parents: Array) -> Any:
    """√Σg² over several arrays; each is followed by what of it counts."""
    return np.sqrt(sum((counts * g**2).sum() for g, counts in zip(parents[::2], parents[1::2], strict=True)))


STRUCTURE: dict[str, Rule] = {
    "affine": _affine,
    "linear": lambda x, W: x @ W.T,
    "affine.dx": lambda g, W: g @ W,
    "affine.dW": lambda g, x: g.T @ x,
    "affine.db": lambda g: g.sum(0),
    "mean": lambda losses: losses.sum() / losses.size,
    "total": lambda losses: losses.sum(),
    "tied": _tied,
    "sgd": _sgd,
    "sgd masked": _where_trainable(_sgd),
    "frozen": lambda p: p,
}

RULES: dict[str, Rule] = {
    **STRUCTURE,
    **{name: forward for name, (forward, _) in (ACTIVATIONS | LOSSES).items()},
    **{f"{name}.dz": by_z for name, (_, by_z) in ACTIVATIONS.items()},
    **{f"{name}.dy": by_y for name, (_, by_y) in LOSSES.items()},
    **{name: together for name, (together, _, _) in FUSED.items()},
    **{f"{name}.dy": by_y for name, (_, by_y, _) in FUSED.items()},
    **{f"{name}.dz": by_z for name, (_, _, by_z) in FUSED.items()},
}

UPDATES: dict[str, Rule] = {"length": _length}  # of an update only, which no other road works

FUNCTIONS: dict[str, Rule] = {
    "power": np.power,
    "exp": np.exp,
    "ln": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "erf": lambda u: np.asarray(_erf(u), float),
    "abs": np.abs,
    "sign": np.sign,
    "max": np.maximum,
    "min": np.minimum,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "relu": lambda u: np.maximum(u, 0),
    "relu'": lambda u: np.heaviside(u, 0),
    "heaviside": np.heaviside,
}


def rule(row: Row) -> Rule:
    """The NumPy statement that works a row out from its parents."""
    if "|" in row.op:
        return _each_unit(row)
    if row.op.endswith(MASKED) and row.op not in RULES:
        return _where_trainable(rule(row._replace(op=row.op.removesuffix(MASKED))))
    return _formula_rule(row.op) if ":" in row.op else RULES.get(row.op) or UPDATES[row.op]


@lru_cache(maxsize=512)
def _formula_rule(op: str) -> Rule:
    """An operation that is its own formula, worked over whole arrays."""
    tree, names, is_loss = own_formula(op), letters(op), letters(op) == ("t", "y")
    return lambda *parents: _over_arrays(tree, dict(zip(names, parents, strict=False)), is_loss)


def _over_arrays(tree: Formula, parents: dict[str, Array], is_loss: bool) -> Array:
    """One value for each output, though all may be the same, as those of mean(z) are; of a loss, one for each example."""
    shape = np.broadcast_shapes(*(p.shape for p in parents.values())) if parents else ()
    each = {name: p for name, p in parents.items() if p.ndim == 2}
    over = {
        "sum": lambda u: np.broadcast_to(u, shape).sum(-1, keepdims=True),
        "mean": lambda u: np.broadcast_to(u, shape).mean(-1, keepdims=True),
    }
    outputs = {"K": np.float64(shape[-1])} if each else {}
    value = evaluate(tree, {**parents, **outputs}.__getitem__, FUNCTIONS | over, np.float64)
    return np.asarray(value) if is_loss else np.broadcast_to(value, shape)


def _each_unit(row: Row) -> Rule:
    """`sigmoid|tanh`: every column by the operation of its own unit."""

    def columns(*parents: Array) -> Array:
        at = dict(zip(row.parents, parents, strict=True))
        found = []
        for j in range(row.op.count("|") + 1):
            op, names = unit(row.op, row.parents, j)
            read = [at[name][:, [j]] if at[name].ndim == 2 else at[name] for name in names]
            found.append(np.broadcast_to(rule(Row(row.name, op))(*read), (len(parents[0]), 1)))
        return np.hstack(found)

    return columns
