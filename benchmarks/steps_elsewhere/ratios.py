"""Fractions of whatever can be added and multiplied: polynomials of python-flint, or terms of a solver."""

from __future__ import annotations

from typing import Any, Self


class Ratio:
    """Two of them; nothing is reduced."""

    def __init__(self, top: Any, bottom: Any) -> None:
        self.top, self.bottom = top, bottom

    def __add__(self, other: Self | int) -> Self:
        if isinstance(other, int):
            return type(self)(self.top + self.bottom * other, self.bottom)
        if self.bottom is other.bottom:
            return type(self)(self.top + other.top, self.bottom)
        return type(self)(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    __radd__ = __add__

    def __mul__(self, other: Self | int) -> Self:
        if isinstance(other, int):
            return type(self)(self.top * other, self.bottom)
        return type(self)(self.top * other.top, self.bottom * other.bottom)

    __rmul__ = __mul__

    def __sub__(self, other: Self | int) -> Self:
        return self + other * -1

    def __rtruediv__(self, one: int) -> Self:
        return type(self)(self.bottom * one, self.top)

    def __truediv__(self, other: Self) -> Self:
        return self * (1 / other)

    def __neg__(self) -> Self:
        return self * -1

    def crossed(self, other: Self) -> tuple[Any, Any]:
        """Two without denominators that are equal where the fractions are."""
        return self.top * other.bottom, other.top * self.bottom
