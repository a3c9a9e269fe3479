"""Arrays that carry their first and second slope along one direction, through + − × /; it knows no rows.

f(u)′ = f′(u)·u′ and f(u)″ = f′(u)·u″ + f″(u)·u′², exactly as in a Taylor series.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Twice:
    """u, u′ and u″, of one shape."""

    __slots__ = ("first", "second", "value")
    __array_ufunc__ = None  # array − Twice asks Twice

    def __init__(self, value: Any, first: Any, second: Any) -> None:
        shape = np.shape(value)
        self.value = value
        self.first = first if np.shape(first) == shape else np.broadcast_to(first, shape)
        self.second = second if np.shape(second) == shape else np.broadcast_to(second, shape)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.value.shape)

    @property
    def ndim(self) -> int:
        return int(self.value.ndim)

    @property
    def real(self) -> Any:
        """What is compared."""
        return self.value

    def each(self, change: Callable[[Any], Any]) -> Twice:
        """The same linear change of all three."""
        return Twice(change(self.value), change(self.first), change(self.second))

    def __getitem__(self, at: Any) -> Twice:
        return self.each(lambda u: u[at])

    def sum(self, axis: int) -> Twice:
        return self.each(lambda u: u.sum(axis))

    def __neg__(self) -> Twice:
        return self.each(np.negative)

    def __add__(self, other: Any) -> Twice:
        v = lifted(other)
        return Twice(self.value + v.value, self.first + v.first, self.second + v.second)

    def __sub__(self, other: Any) -> Twice:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Twice:
        return self.__neg__().__add__(other)

    def __mul__(self, other: Any) -> Twice:
        if not isinstance(other, Twice):
            return self.each(lambda u: u * other)
        u, v = self, other
        second = u.second * v.value + 2 * u.first * v.first + u.value * v.second
        return Twice(u.value * v.value, u.first * v.value + u.value * v.first, second)

    def __truediv__(self, other: Any) -> Twice:
        return self.__mul__(1 / other)

    def __rtruediv__(self, other: Any) -> Twice:
        return through(self, 1 / self.value, -1 / self.value**2, 2 / self.value**3).__mul__(other)

    __radd__, __rmul__ = __add__, __mul__


def lifted(u: Any) -> Twice:
    """What does not move."""
    return u if isinstance(u, Twice) else Twice(u, 0.0, 0.0)


def through(u: Twice, value: Any, slope: Any, curvature: Any) -> Twice:
    """f(u), from f, f′ and f″ at u."""
    return Twice(value, slope * u.first, slope * u.second + curvature * u.first**2)
