"""Numbers with a slope, a + b ε where ε² = 0, one inside another for second derivatives.

It knows no functions and no trees. Nothing is rewritten or simplified: a slope is a number that is worked out beside the value.
"""

from __future__ import annotations

from typing import Any


class Dual:
    """value + slope·ε; the ε of a higher level is the one of a derivative further inside."""

    __slots__ = ("level", "slope", "value")

    def __init__(self, level: int, value: Any, slope: Any) -> None:
        self.level, self.value, self.slope = level, value, slope

    def __add__(self, other: Any) -> Dual:
        if type(other) is not Dual or other.level < self.level:
            return Dual(self.level, self.value + other, self.slope)
        if other.level > self.level:
            return Dual(other.level, self + other.value, other.slope)
        return Dual(self.level, self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Any) -> Dual:
        if type(other) is not Dual or other.level < self.level:
            return Dual(self.level, self.value * other, self.slope * other)
        if other.level > self.level:
            return Dual(other.level, self * other.value, self * other.slope)
        return Dual(self.level, self.value * other.value, self.value * other.slope + self.slope * other.value)

    def __neg__(self) -> Dual:
        return Dual(self.level, -self.value, -self.slope)

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    __radd__, __rmul__ = __add__, __mul__


def level(*numbers: Any) -> int:
    return max((number.level if type(number) is Dual else 0 for number in numbers), default=0)


def parts(number: Any, at: int) -> tuple[Any, Any]:
    """The value and the slope of a number at one level."""
    return (number.value, number.slope) if type(number) is Dual and number.level == at else (number, 0)


def plain(number: Any) -> Any:
    """The value without any slope."""
    while type(number) is Dual:
        number = number.value
    return number
