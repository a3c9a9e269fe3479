"""The functions `forward` needs, over arrays that carry two slopes and plain ones; it knows no rows.

At a kink a number counts as lying below it.
"""

# ruff: noqa: ARG005 - all rules of a table take the same letters
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from backcheck.reasons.concepts.twice import Twice, lifted, through

_erf, _erfc = np.frompyfunc(math.erf, 1, 1), np.frompyfunc(math.erfc, 1, 1)

# f → f itself, then f′ and f″ from u and f(u)
FUNCTIONS: dict[str, tuple[Callable[[Any], Any], Callable[[Any, Any], tuple[Any, Any]]]] = {
    "exp": (np.exp, lambda u, f: (f, f)),
    "expm1": (np.expm1, lambda u, f: (f + 1, f + 1)),
    "log": (np.log, lambda u, f: (1 / u, -1 / u**2)),
    "log1p": (np.log1p, lambda u, f: (1 / (1 + u), -1 / (1 + u) ** 2)),
    "sqrt": (np.sqrt, lambda u, f: (1 / (2 * f), -1 / (4 * u * f))),
    "sin": (np.sin, lambda u, f: (np.cos(u), -f)),
    "cos": (np.cos, lambda u, f: (-np.sin(u), -f)),
    "tan": (np.tan, lambda u, f: (1 + f * f, 2 * f * (1 + f * f))),
    "arctan": (np.arctan, lambda u, f: (1 / (1 + u * u), -2 * u / (1 + u * u) ** 2)),
    "sinh": (np.sinh, lambda u, f: (np.cosh(u), f)),
    "cosh": (np.cosh, lambda u, f: (np.sinh(u), f)),
    "tanh": (np.tanh, lambda u, f: (1 - f * f, -2 * f * (1 - f * f))),
    "erf": (lambda u: np.asarray(_erf(u), float), lambda u, f: (_bell(u), -2 * u * _bell(u))),
    "erfc": (lambda u: np.asarray(_erfc(u), float), lambda u, f: (-_bell(u), 2 * u * _bell(u))),
}


def _bell(u: Any) -> Any:
    return 2 / math.sqrt(math.pi) * np.exp(-u * u)


def _function(name: str) -> Callable[[Any], Any]:
    f, slopes = FUNCTIONS[name]

    def of(u: Any) -> Any:
        if not isinstance(u, Twice):
            return f(u)
        value = f(u.value)
        return through(u, value, *slopes(u.value, value))

    return of


class Library:
    """What `forward` needs of a library, for arrays that move and arrays that do not."""

    number = np.float64

    def __init__(self) -> None:
        for name in FUNCTIONS:
            setattr(self, name, _function(name))
        self.at_kink = False  # whether a number that moves lies exactly at one

    def above(self, u: Any) -> Any:
        if isinstance(u, Twice):
            self.at_kink = self.at_kink or bool(((u.value == 0) & (u.first != 0)).any())
        return u.real > 0

    @staticmethod
    def positive(u: Any) -> Any:
        return u.real > 0

    @staticmethod
    def jump(u: Any) -> Any:  # noqa: ARG004 - a library may say that there is no slope
        return 0.0

    @staticmethod
    def largest(u: Any) -> Any:
        return np.arange(u.shape[-1]) == u.real.argmax(-1)[..., None]

    def apart(self, u: Any) -> Any:
        return self.where(np.eye(u.shape[-1], dtype=bool), -np.inf, u[..., None, :])

    @staticmethod
    def where(condition: Any, u: Any, v: Any) -> Any:
        if not isinstance(u, Twice) and not isinstance(v, Twice):
            return np.where(condition, u, v)
        u, v = lifted(u), lifted(v)
        parts = zip((u.value, u.first, u.second), (v.value, v.first, v.second), strict=True)
        return Twice(*(np.where(condition, one, other) for one, other in parts))

    @staticmethod
    def array(u: Any) -> Any:
        return u if isinstance(u, Twice) else np.asarray(u, float)

    @staticmethod
    def broadcast_to(u: Any, shape: tuple[int, ...]) -> Any:
        return u.each(lambda v: np.broadcast_to(v, shape)) if isinstance(u, Twice) else np.broadcast_to(u, shape)

    @staticmethod
    def concatenate(parts: list[Any], axis: int) -> Any:
        if not any(isinstance(part, Twice) for part in parts):
            return np.concatenate(parts, axis)
        every = [lifted(part) for part in parts]
        return Twice(*(np.concatenate([getattr(u, name) for u in every], axis) for name in ("value", "first", "second")))

    @staticmethod
    def times(x: Any, W: Any) -> Any:
        return x.each(lambda u: u @ W.T) if isinstance(x, Twice) else x @ W.T

    def power(self, base: Any, exponent: Any) -> Any:
        if isinstance(exponent, Twice):
            return self.exp(exponent * self.log(base))  # type: ignore[attr-defined]
        if not isinstance(base, Twice):
            return np.power(base, exponent)
        u, n = base.value, exponent
        return through(base, np.power(u, n), n * np.power(u, n - 1), n * (n - 1) * np.power(u, n - 2))
