"""NumPy for numbers with a tiny imaginary part, a nudge: what `forward` needs of a library; it knows no rows.

A nudge of 10⁻³⁰ is too small to touch a real part, so that the imaginary part of a result, divided by it, is a slope to the
last digit. At a kink, where a slope depends on the side, a side is taken: above, below, or now this, now that.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

NEAR = 2.0**-48  # of the terms it is summed from: nearer to 0 a number may be 0 but for rounding
GOLDEN = (math.sqrt(5) - 1) / 2
ABOVE, BELOW, MIXED = "above", "below", "mixed"

_erf, _erfc = np.frompyfunc(math.erf, 1, 1), np.frompyfunc(math.erfc, 1, 1)


def scattered(shape: tuple[int, ...], start: int = 0) -> Any:
    """Numbers from −1 to −½ and from ½ to 1 in an order without a pattern, the same in every run; none so small that it hides.

    >>> scattered((3,)).round(2).tolist()
    [0.62, -0.76, 0.85]
    """
    u = np.arange(start + 1, start + math.prod(shape) + 1) * GOLDEN % 1
    return np.where(u < 0.5, u - 1, u).reshape(shape)


class Complex:
    """The functions of NumPy, and its own where NumPy's lose digits."""

    exp, log, expm1, sqrt, sin, cos, tan = np.exp, np.log, np.expm1, np.sqrt, np.sin, np.cos, np.tan
    arctan, sinh, cosh, tanh, number = np.arctan, np.sinh, np.cosh, np.tanh, np.float64
    where, broadcast_to = staticmethod(np.where), staticmethod(np.broadcast_to)
    concatenate, array = staticmethod(np.concatenate), staticmethod(np.asarray)

    def __init__(self, side: str = ABOVE) -> None:
        self.side, self.at_kink, self.asked = side, False, 0
        self.terms: Callable[[], float] = lambda: 1.0  # how large the terms are that a number at a kink may be summed from

    def above(self, u: Any) -> Any:
        """Where u > 0; near 0, where rounding may have decided, the side that is taken."""
        self.asked += 1
        near = abs(u.real) <= NEAR * self.terms()
        if not near.any():
            return u.real > 0
        self.at_kink = True
        return np.where(near, self.taken(u.shape[-1:] if u.ndim > 1 else ()), u.real > 0)

    def taken(self, units: tuple[int, ...]) -> Any:
        """Which units lie above a kink."""
        return self.side == ABOVE if self.side != MIXED else scattered(units, self.asked) > 0

    @staticmethod
    def positive(u: Any) -> Any:
        return u.real > 0

    def jump(self, u: Any) -> Any:
        """0, but a nudge at a jump has no answer."""
        at = (u.real == 0) & (u.imag != 0)
        self.at_kink = self.at_kink or bool(at.any())
        return np.where(at, complex(0, np.nan), 0.0) if at.any() else 0.0

    @staticmethod
    def largest(u: Any) -> Any:
        return np.arange(u.shape[-1]) == u.real.argmax(-1)[..., None]

    @staticmethod
    def apart(u: Any) -> Any:
        return np.where(np.eye(u.shape[-1], dtype=bool), -np.inf, u[..., None, :])

    @staticmethod
    def times(x: Any, W: Any) -> Any:
        """x·Wᵀ; where only one of them is nudged, by real products, as NumPy would make both complex."""
        W = W.swapaxes(-1, -2)
        if np.iscomplexobj(x) == np.iscomplexobj(W):
            return x @ W
        found = np.empty((*x.shape[:-1], W.shape[-1]), complex)
        x_real, x_imag = (x, x) if np.isrealobj(x) else (np.ascontiguousarray(x.real), np.ascontiguousarray(x.imag))
        W_real, W_imag = (W, W) if np.isrealobj(W) else (W.real, W.imag)
        found.real, found.imag = x_real @ W_real, x_imag @ W_imag
        return found

    @staticmethod
    def log1p(u: Any) -> Any:
        if not np.iscomplexobj(u):
            return np.log1p(u)
        return np.log1p(u.real) + 1j * np.log(1 + u).imag

    @staticmethod
    def power(base: Any, exponent: Any) -> Any:
        """By a whole exponent of the sheet times what a nudge adds to it, so that a negative base keeps its sign."""
        if not np.iscomplexobj(base) and not np.iscomplexobj(exponent):
            return np.power(base, exponent)
        whole = exponent.real.flat[0]
        if (exponent.real != whole).any() or whole != int(whole):
            return np.exp(exponent * np.log(base))
        return np.where(exponent == whole, 1, np.exp((exponent - whole) * np.log(base))) * base ** int(whole)

    @staticmethod
    def erf(u: Any) -> Any:
        return np.asarray(_erf(u.real), float) + 1j * _bell(u) if np.iscomplexobj(u) else np.asarray(_erf(u), float)

    @staticmethod
    def erfc(u: Any) -> Any:
        return np.asarray(_erfc(u.real), float) - 1j * _bell(u) if np.iscomplexobj(u) else np.asarray(_erfc(u), float)


def _bell(u: Any) -> Any:
    """What erf(u), which is the area under 2/√π·exp(−s²), gains on the stretch from Re u to u: middle height times length."""
    middle = u.real + 0.5j * u.imag
    return 2 / math.sqrt(math.pi) * (np.exp(-middle * middle) * u.imag).real
