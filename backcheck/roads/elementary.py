"""Functions of one number for any library of arrays, without overflow and without lost digits; it knows no derivative."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Rule = Callable[..., Any]


def sigmoid(m: Any, z: Any) -> Any:
    e = m.exp(down(m, z))
    return m.where(m.positive(z), 1.0, e) / (1 + e)


def softplus(m: Any, z: Any) -> Any:
    return m.where(m.positive(z), z, 0.0) + m.log1p(m.exp(down(m, z)))


def down(m: Any, z: Any) -> Any:
    """−|z|, whose exponential does not overflow."""
    return m.where(m.positive(z), -z, z)


def size(m: Any, u: Any) -> Any:
    return m.where(m.above(u), u, -u)


def functions(m: Any) -> dict[str, Rule]:
    """What a file may call in a formula of its own."""
    alike = {name: getattr(m, name) for name in ("exp", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf")}
    named: dict[str, Rule] = {
        **alike,
        "ln": m.log,
        "atan": m.arctan,
        "sigmoid": lambda u: sigmoid(m, u),
        "softplus": lambda u: softplus(m, u),
        "abs": lambda u: size(m, u),
        "sign": lambda u: m.where(u.real == 0, m.jump(u), m.where(m.positive(u), 1 + 0 * u, -1.0)),
        "relu": lambda u: m.where(m.above(u), u, 0.0),
        "max": lambda u, v: m.where(m.above(u - v), u, v),
        "min": lambda u, v: m.where(m.above(u - v), v, u),
    }
    named = {name: _of_arrays(m, rule) for name, rule in named.items()}
    return {**named, "power": lambda base, exponent: _power(m, base, exponent)}


def _of_arrays(m: Any, rule: Rule) -> Rule:
    return lambda *u: rule(*map(m.array, u))


MOST_FACTORS = 2**53  # a float beyond that is a whole number only because it has no room for anything else


def _power(m: Any, base: Any, exponent: Any) -> Any:
    """A whole power by multiplication, which keeps a sign and the digits of a nudge."""
    if isinstance(exponent, float) and exponent.is_integer() and abs(exponent) <= MOST_FACTORS:
        found = _whole_power(m.array(base), abs(int(exponent)))
        return found if exponent >= 0 else 1 / found
    return m.power(m.array(base), m.array(exponent))


def _whole_power(base: Any, count: int) -> Any:
    if count == 0:
        return 1 + 0 * base
    half = _whole_power(base, count // 2) if count > 1 else 1
    return half * half * base if count % 2 else half * half
