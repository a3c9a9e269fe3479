"""How each operation is written on paper, in letters; it knows no NumPy and no numbers.

Letters: z and a are the unit's own, g is the slope arriving at a, t and y are target and output, N the examples in a mean
(1 in a sum), K the outputs; the parameters go by their names. In `sum(…)` and `lse(…)` = ln Σ exp(…) the letters run over
the outputs; `…_others` leaves the unit's own place out, `here(…)` stays at it.

A form after `;` says the same in other words. It is written where the first cannot be worked in floating point: ln(1 − a)
when a is so near 1 that nothing is left of the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from backcheck.arithmetic import parse
from backcheck.formula import Call, Formula, Number, add
from backcheck.slopes import own_formula

# name: a, ∂L/∂z
ACTIVATIONS: dict[str, tuple[str, str]] = {
    "identity": ("z", "g"),
    "sigmoid": ("sigmoid(z)", "g*a*(1 - a); g*a*sigmoid(-z)"),
    "tanh": ("tanh(z)", "g*(1 - a**2); g/cosh(z)**2"),
    "relu": ("max(0, z)", "g*relu'(z, at_zero)"),
    "leaky_relu": ("leaky_relu(z, slope)", "g*leaky_relu'(z, slope)"),
    "softplus": ("ln(1 + exp(z)); softplus(z)", "g*sigmoid(z)"),
    "elu": ("elu(z, alpha)", "g*elu'(z, alpha)"),
    "gelu": ("z*Phi(z)", "g*(Phi(z) + z*phi(z))"),
    "silu": ("z*sigmoid(z)", "g*(sigmoid(z) + a*(1 - sigmoid(z))); g*(sigmoid(z) + a*sigmoid(-z))"),
    "step": ("heaviside(z, at_zero)", "0"),
    "softmax": (
        "exp(scale*z)/sum(exp(scale*z)); exp(scale*z - lse(scale*z))",
        "scale*a*(g - sum(g*a)); scale*a*sum(a*(here(g) - g))",
    ),
}

# name: L, ∂L/∂y
LOSSES: dict[str, tuple[str, str]] = {
    "squared_error": ("sum((t - y)**2)", "-2*(t - y)/N"),
    "half_squared_error": ("1/2*sum((t - y)**2)", "-(t - y)/N"),
    "mean_squared_error": ("1/K*sum((t - y)**2)", "-2/K*(t - y)/N"),
    "binary_cross_entropy": ("-sum(t*ln(y) + (1 - t)*ln(1 - y))", "(-t/y + (1 - t)/(1 - y))/N"),
    "cross_entropy": ("-sum(t*ln(y))", "-t/y/N"),
    "absolute_error": ("sum(abs(t - y))", "-sign(t - y)/N"),
    "huber": ("sum(huber(t - y, delta))", "-huber'(t - y, delta)/N"),
}

# activation+loss, worked together from z: L, ∂L/∂y, ∂L/∂z
FUSED: dict[str, tuple[str, str, str]] = {
    "sigmoid+binary_cross_entropy": (
        "-sum(t*ln(y) + (1 - t)*ln(1 - y)); sum(t*softplus(-z) + (1 - t)*softplus(z))",
        "(-t/y + (1 - t)/(1 - y))/N; (-t/sigmoid(z) + (1 - t)/sigmoid(-z))/N",
        "(y - t)/N; ((1 - t)*sigmoid(z) - t*sigmoid(-z))/N",
    ),
    "softmax+cross_entropy": (
        "-sum(t*ln(y)); sum(t*softplus(lse_others(scale*z) - scale*z))",
        "-t/y/N; -t*exp(lse(scale*z) - scale*z)/N",
        "scale*(y - t)/N; scale*sum(here(y)*t - here(t)*y)/N",
    ),
    "softmax+cross_entropy of any targets": (
        "-sum(t*ln(y)); sum(t*softplus(lse_others(scale*z) - scale*z))",
        "-t/y/N; -t*exp(lse(scale*z) - scale*z)/N",
        "scale*(y*sum(t) - t)/N; scale*sum(here(y)*t - here(t)*y)/N",
    ),
    "softmax+binary_cross_entropy": (
        "-sum(t*ln(y) + (1 - t)*ln(1 - y));"
        "sum(t*softplus(lse_others(scale*z) - scale*z) + (1 - t)*softplus(scale*z - lse_others(scale*z)))",
        "(-t/y + (1 - t)/(1 - y))/N;((1 - t)*exp(lse(scale*z) - lse_others(scale*z)) - t*exp(lse(scale*z) - scale*z))/N",
        "scale*y*(-t/y + (1 - t)/(1 - y) - sum(-t + (1 - t)*y/(1 - y)))/N;"
        "scale*((1 - t)*y - t*sum_others(y)"
        " + sum_others(here(y)*t - (1 - t)*y*exp(here(scale*z) - lse_others(scale*z))))/N",
    ),
}

LETTERED: dict[str, str] = {
    **{name: forward for name, (forward, _) in (ACTIVATIONS | LOSSES).items()},
    **{f"{name}.dz": slope_by_z for name, (_, slope_by_z) in ACTIVATIONS.items()},
    **{f"{name}.dy": slope_by_y for name, (_, slope_by_y) in LOSSES.items()},
    **{name: together for name, (together, _, _) in FUSED.items()},
    **{f"{name}.dy": slope_by_y for name, (_, slope_by_y, _) in FUSED.items()},
    **{f"{name}.dz": slope_by_z for name, (_, _, slope_by_z) in FUSED.items()},
}


def _total(terms: Iterable[Formula]) -> Formula:
    return add(*terms)


def _mean(terms: Iterable[Formula], examples: int) -> Formula:
    return add(*terms) / Number(str(examples))


def _sgd(p: Any, *place: int) -> Formula:
    tree: Formula = p(0, *place) - p(1) * p(2, *place)
    return tree


MASKED = " masked"  # after any operation: what is frozen stays as the first parent is; the last one is the mask


def where_trainable(moved: Callable[..., Formula]) -> Callable[..., Formula]:
    """An operation as it is written where some numbers are frozen."""
    return lambda p, *place: moved(p, *place) if p.number(-1, *place) else p(0, *place)


# Operations between whole arrays. p reads the parents: p(1, j, k) is a cell of the second one, p.rows(1) and
# p.columns(1) count its rows and columns; n is an example, j a unit, k an incoming value.
STRUCTURE: dict[str, Callable[..., Formula]] = {
    "affine": lambda p, n, j: _total(p(0, n, k) * p(1, j, k) for k in range(p.columns(1))) + p(2, j),
    "linear": lambda p, n, j: _total(p(0, n, k) * p(1, j, k) for k in range(p.columns(1))),
    "affine.dx": lambda p, n, k: _total(p(0, n, j) * p(1, j, k) for j in range(p.rows(1))),
    "affine.dW": lambda p, j, k: _total(p(0, n, j) * p(1, n, k) for n in range(p.rows(0))),
    "affine.db": lambda p, j: _total(p(0, n, j) for n in range(p.rows(0))),
    "mean": lambda p: _mean((p(0, n) for n in range(p.rows(0))), p.rows(0)),
    "total": lambda p: _total(p(0, n) for n in range(p.rows(0))),
    "tied": lambda p, *place: _total(p(parent, *same) for parent, same in p.places(place)),
    "sgd": _sgd,
    "sgd masked": where_trainable(_sgd),
    "frozen": lambda p, *place: p(0, *place),
}
UPDATES: dict[str, Callable[..., Formula]] = {
    "length": lambda p: Call("sqrt", (_total(p(parent, *place) ** Number("2") for parent, place in p.counted()),)),
}


@lru_cache(maxsize=512)
def forms(op: str) -> tuple[Formula, ...]:
    """The ways to write an operation in letters, the usual one first."""
    if ":" in op:
        return (own_formula(op),)
    return tuple(parse(text.strip()) for text in LETTERED[op].split(";"))
