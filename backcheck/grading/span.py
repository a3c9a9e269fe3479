"""Spans lo … hi of numbers, alone or in columns (one number for each submission), with + − × / and powers; it knows no formulas."""

from __future__ import annotations

from typing import Any

import numpy as np

from backcheck.roads.by_hand import FUNCTIONS

INF = np.inf


class Span:
    """All numbers from lo to hi, ends included. Plain floats beside spans are exact numbers."""

    __slots__ = ("hi", "lo")
    __array_ufunc__ = None  # a column times a span is a span

    def __init__(self, lo: Any, hi: Any) -> None:
        self.lo, self.hi = lo, hi

    def __repr__(self) -> str:
        return f"Span({self.lo!r}, {self.hi!r})"

    def __neg__(self) -> Span:
        return Span(-self.hi, -self.lo)

    def __add__(self, other: Any) -> Span:
        lo, hi = ends(other)
        return Span(self.lo + lo, self.hi + hi)

    def __sub__(self, other: Any) -> Span:
        lo, hi = ends(other)
        return Span(self.lo - hi, self.hi - lo)

    def __rsub__(self, other: Any) -> Span:
        return Span(other - self.hi, other - self.lo)

    def __mul__(self, other: Any) -> Span:
        if isinstance(other, Span):
            return _hull(self.lo * other.lo, self.lo * other.hi, self.hi * other.lo, self.hi * other.hi)
        if isinstance(other, float):
            return Span(self.lo * other, self.hi * other) if other >= 0 else Span(self.hi * other, self.lo * other)
        return _hull(self.lo * other, self.hi * other)

    def __truediv__(self, other: Any) -> Span:
        inverse: Any = one_over(other) if isinstance(other, Span) else 1.0 / other
        return self.__mul__(inverse)

    def __rtruediv__(self, other: Any) -> Span:
        return one_over(self).__mul__(other)

    __radd__, __rmul__ = __add__, __mul__


def ends(value: Any) -> tuple[Any, Any]:
    """The least and the greatest number of a span; an exact number is both."""
    return (value.lo, value.hi) if isinstance(value, Span) else (value, value)


def _hull(*corners: Any) -> Span:
    lo, hi = corners[0], corners[0]
    for corner in corners[1:]:
        lo, hi = np.minimum(lo, corner), np.maximum(hi, corner)
    if np.isnan(lo).any():  # 0·∞
        return Span(np.where(np.isnan(lo), -INF, lo), np.where(np.isnan(hi), INF, hi))
    return Span(lo, hi)


def hull(*spans: Any) -> Span:
    """The least span that holds all of these."""
    both = [ends(span) for span in spans]
    return _hull(*(lo for lo, _ in both), *(hi for _, hi in both))


def one_over(span: Span) -> Span:
    """1/u, everything where 0 lies inside."""
    crosses = (span.lo <= 0) & (span.hi >= 0)
    lo, hi = 1 / np.where(crosses, 1.0, span.hi), 1 / np.where(crosses, 1.0, span.lo)
    return Span(np.where(crosses, -INF, lo), np.where(crosses, INF, hi))


def inside(span: Span, point: float) -> Any:
    """Where a point lies within the span."""
    return (span.lo < point) & (span.hi > point)


def power(base: Any, exponent: Any) -> Any:
    """u to a fixed exponent, or e^(v·ln u)."""
    if isinstance(exponent, Span):
        low, high = ends(base)
        return increasing("exp")(exponent * Span(np.log(low), np.log(high)))
    if not isinstance(base, Span):
        return np.power(base, exponent)
    if exponent < 0:
        return one_over(power(base, -exponent))
    lo, hi = np.power(base.lo, exponent), np.power(base.hi, exponent)
    if exponent % 2 == 0:
        return with_turn(base, lo, hi, 0.0, 0.0)
    return Span(lo, hi)


def with_turn(span: Span, lo: Any, hi: Any, at: float, value: float) -> Span:
    """The span of a function from its values at both ends, where it turns round at one point."""
    found = _hull(lo, hi)
    turns = inside(span, at)
    return Span(np.where(turns, np.minimum(found.lo, value), found.lo), np.where(turns, np.maximum(found.hi, value), found.hi))


def increasing(name: str) -> Any:
    """A function that only rises, by its name; it may have further parameters, which are exact."""
    work = FURTHER.get(name) or FUNCTIONS[name]

    def over(u: Any, *exact: Any) -> Any:
        return Span(work(u.lo, *exact), work(u.hi, *exact)) if isinstance(u, Span) else work(u, *exact)

    return over


def erfc(u: Any) -> Any:
    """1 − erf, which NumPy lacks, number by number."""
    from math import erfc as one

    return np.vectorize(one, otypes=[float])(u)


def _lse(*z: Any) -> Any:
    top = z[0]
    for v in z[1:]:
        top = np.maximum(top, v)
    return top + np.log(sum(np.exp(v - top) for v in z))


# What formulas of the paper call beside the functions that files may use.
FURTHER: dict[str, Any] = {
    "lse": _lse,
    "leaky_relu": lambda z, slope: np.where(np.asarray(z) > 0, z, slope * z),
    "leaky_relu'": lambda z, slope: np.where(np.asarray(z) > 0, 1.0, slope),
    "elu": lambda z, alpha: np.where(np.asarray(z) > 0, z, alpha * np.expm1(np.minimum(z, 0))),
    "elu'": lambda z, alpha: np.where(np.asarray(z) > 0, 1.0, alpha * np.exp(np.minimum(z, 0))),
    "relu'": lambda z, at_zero=0.0: np.heaviside(z, at_zero),
    "heaviside": lambda z, at_zero=0.0: np.heaviside(z, at_zero),
    "huber": lambda r, delta: np.where(np.abs(r) <= delta, np.square(r) / 2, delta * (np.abs(r) - delta / 2)),
    "huber'": lambda r, delta: np.clip(r, -delta, delta),
    "Phi": lambda z: erfc(-np.asarray(z) / np.sqrt(2)) / 2,
    "phi": lambda z: np.exp(-np.square(z) / 2) / np.sqrt(2 * np.pi),
}
