"""The forward pass for any library of arrays, one line for each operation; it knows no derivative.

The same table is worked over complex NumPy arrays, whose imaginary part is a nudge, and by libraries that differentiate on
their own. At a kink only real parts are compared. Leading axes may hold many passes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backcheck.arithmetic import parse
from backcheck.catalogue import letters, unit
from backcheck.formula import evaluate
from backcheck.worksheet import Phase, Row

# A library is anything with exp, log, log1p, sqrt, sin, cos, tan, arctan, sinh, cosh, tanh, erf and where, and
#   above(u)    where u > 0; at 0, the side that is being walked
#   largest(u)  the largest real part along the last axis, which stays
#   apart(u)    […, j, k]: u[…, k], and −∞ where k = j
#   unit(z, j)  1 at unit j, 0 at the others
Library = Any
Rules = Mapping[str, Callable[..., Any]]


def rules(m: Library) -> dict[str, Callable[..., Any]]:
    """Operation → what it makes of its parents."""

    def size(u: Any) -> Any:
        return m.where(m.above(u), u, -u)

    def sigmoid(z: Any) -> Any:
        e = m.exp(-size(z))
        return m.where(m.above(z), 1, e) / (1 + e)

    def softplus(z: Any) -> Any:
        return m.where(m.above(z), z, 0 * z) + m.log1p(m.exp(-size(z)))

    def total(u: Any) -> Any:
        return u.sum(-1)[..., None]

    def lse(z: Any) -> Any:
        top = m.largest(z)
        return top + m.log(total(m.exp(z - top)))

    def lse_others(z: Any) -> Any:
        return lse(m.apart(z))[..., 0]

    def tlog(t: Any, y: Any) -> Any:
        """t·ln y, and 0 where t is."""
        return m.where(t == 0, 0 * y, t * m.log(m.where(t == 0, 1 + 0 * y, y)))

    def huber(r: Any, delta: Any) -> Any:
        far = size(r)
        return m.where(m.above(far - delta), delta * (far - delta / 2), r * r / 2)

    def Phi(z: Any) -> Any:
        return (1 + m.erf(z / 2**0.5)) / 2

    def binary_cross_entropy(t: Any, y: Any) -> Any:
        return -(tlog(t, y) + tlog(1 - t, 1 - y)).sum(-1)

    def softmax_cross_entropy(t: Any, z: Any, y: Any, scale: Any) -> Any:
        return (t * (lse(scale * z) - scale * z)).sum(-1)

    def softmax_binary(t: Any, z: Any, y: Any, scale: Any) -> Any:
        odds = scale * z - lse_others(scale * z)
        return (t * softplus(-odds) + (1 - t) * softplus(odds)).sum(-1)

    return {
        "affine": lambda x, W, b: x @ W.T + b,
        "linear": lambda x, W: x @ W.T,
        "mean": lambda losses: losses.sum(-1) / losses.shape[-1],
        "total": lambda losses: losses.sum(-1),
        "identity": lambda z: z,
        "sigmoid": sigmoid,
        "tanh": m.tanh,
        "relu": lambda z, at_zero: m.where(m.above(z), z, 0 * z),
        "leaky_relu": lambda z, slope: m.where(m.above(z), z, slope * z),
        "softplus": softplus,
        "elu": lambda z, alpha: m.where(m.above(z), z, alpha * (m.exp(-size(z)) - 1)),
        "gelu": lambda z: z * Phi(z),
        "silu": lambda z: z * sigmoid(z),
        "step": lambda z, at_zero: m.where(z == 0, at_zero + 0 * z, m.where(m.above(z), 1 + 0 * z, 0 * z)),
        "softmax": lambda z, scale: m.exp(scale * z - lse(scale * z)),
        "squared_error": lambda t, y: ((t - y) ** 2).sum(-1),
        "half_squared_error": lambda t, y: ((t - y) ** 2).sum(-1) / 2,
        "mean_squared_error": lambda t, y: ((t - y) ** 2).sum(-1) / y.shape[-1],
        "binary_cross_entropy": binary_cross_entropy,
        "cross_entropy": lambda t, y: -tlog(t, y).sum(-1),
        "absolute_error": lambda t, y: size(t - y).sum(-1),
        "huber": lambda t, y, delta: huber(t - y, delta).sum(-1),
        "sigmoid+binary_cross_entropy": lambda t, z, y: (t * softplus(-z) + (1 - t) * softplus(z)).sum(-1),
        "softmax+cross_entropy": softmax_cross_entropy,
        "softmax+cross_entropy of any targets": softmax_cross_entropy,
        "softmax+binary_cross_entropy": softmax_binary,
    }


def functions(m: Library) -> dict[str, Callable[..., Any]]:
    """What a file may call in its own formulas."""
    table = rules(m)
    return {
        **{name: getattr(m, name) for name in ("exp", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf")},
        "ln": m.log,
        "atan": m.arctan,
        "power": lambda base, exponent: _power(m, base, exponent),
        "abs": lambda u: m.where(m.above(u), u, -u),
        "sign": lambda u: m.where(u == 0, 0 * u, m.where(m.above(u), 1 + 0 * u, -1 + 0 * u)),
        "max": lambda u, v: m.where(m.above(u - v), u + 0 * v, v + 0 * u),
        "min": lambda u, v: m.where(m.above(v - u), u + 0 * v, v + 0 * u),
        "sigmoid": table["sigmoid"],
        "softplus": table["softplus"],
        "relu": lambda u: m.where(m.above(u), u, 0 * u),
    }


MOST_FACTORS = 64


def _power(m: Library, base: Any, exponent: Any) -> Any:
    """A whole power by multiplication, which keeps the sign and a tiny imaginary part."""
    if isinstance(exponent, float) and exponent.is_integer() and abs(exponent) <= MOST_FACTORS:
        found = 1 + 0 * base
        for _ in range(abs(int(exponent))):
            found = found * base
        return found if exponent >= 0 else 1 / found
    return m.exp(exponent * m.log(base))


def worked(m: Library, table: Rules, row: Row, parents: list[Any]) -> Any:
    """One row of the forward pass."""
    if "|" in row.op:
        value = _each_unit(m, table, row, parents)
    elif ":" in row.op:
        value = _formula(m, row.op, dict(zip(letters(row.op), parents, strict=True)))
    else:
        value = table[row.op](*parents)
    return value.sum(-1) if row.phase is Phase.LOSS and row.name == "L" and row.op not in ("mean", "total") else value


def _formula(m: Library, op: str, parents: dict[str, Any]) -> Any:
    """An operation that is its own formula; sum and mean run over the outputs, of which there are K."""
    arrays = [parent for parent in parents.values() if len(parent.shape) > 1]
    wide = sum(0 * parent for parent in arrays) if arrays else 0
    over = {"sum": lambda u: (u + wide).sum(-1)[..., None], "mean": lambda u: (u + wide).mean(-1)[..., None]}
    known = {"K": float(arrays[0].shape[-1])} if arrays and "K" not in parents else {}
    value = evaluate(parse(op.partition(":")[2].strip()), {**parents, **known}.__getitem__, functions(m) | over)
    return (value + 0 * parents["y"])[..., 0] if set(parents) == {"t", "y"} and arrays else value + wide


def _each_unit(m: Library, table: Rules, row: Row, parents: list[Any]) -> Any:
    """`sigmoid|tanh`: every unit by its own operation, put in its place."""
    at = dict(zip(row.parents, parents, strict=True))
    z = parents[0]
    found = 0 * z
    for j in range(z.shape[-1]):
        op, names = unit(row.op, row.parents, j)
        column = worked(m, table, Row(row.name, op), [z[..., j : j + 1], *(at[name] for name in names[1:])])
        found = found + column * m.unit(z, j)
    return found
