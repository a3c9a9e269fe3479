"""A span together with its slopes by some of the quantities in it, carried through + − × / and functions; it knows no formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backcheck.grading.span import Span, one_over, power
from backcheck.grading.spans_of import SLOPES, SLOPES_BY_EACH, SPANS

Slopes = Mapping[str, Any]  # quantity → span of the slope by it; 0 for those that are left out


class Jet:
    """value, and how fast it moves with each quantity that is named."""

    __slots__ = ("slopes", "value")

    def __init__(self, value: Any, slopes: Slopes) -> None:
        self.value, self.slopes = value, slopes

    def __neg__(self) -> Jet:
        return Jet(-self.value, {name: -slope for name, slope in self.slopes.items()})

    def __add__(self, other: Any) -> Jet:
        if not isinstance(other, Jet):
            return Jet(self.value + other, self.slopes)
        return Jet(self.value + other.value, _sum(self.slopes, other.slopes))

    def __sub__(self, other: Any) -> Jet:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Jet:
        return self.__neg__().__add__(other)

    def __mul__(self, other: Any) -> Jet:
        if not isinstance(other, Jet):
            return Jet(self.value * other, _times(self.slopes, other))
        return Jet(self.value * other.value, _sum(_times(self.slopes, other.value), _times(other.slopes, self.value)))

    def __truediv__(self, other: Any) -> Jet:
        if not isinstance(other, Jet):
            return Jet(self.value / other, {name: slope / other for name, slope in self.slopes.items()})
        return self.__mul__(_over(other))

    def __rtruediv__(self, other: Any) -> Jet:
        return _over(self).__mul__(other)

    __radd__, __rmul__ = __add__, __mul__


def _sum(left: Slopes, right: Slopes) -> Slopes:
    found = dict(left)
    for name, slope in right.items():
        found[name] = found[name] + slope if name in found else slope
    return found


def _times(slopes: Slopes, factor: Any) -> Slopes:
    return {name: slope * factor for name, slope in slopes.items()}


def _over(jet: Jet) -> Jet:
    inverse = one_over(jet.value) if isinstance(jet.value, Span) else 1 / jet.value
    return Jet(inverse, _times(jet.slopes, -power(inverse, 2.0)))


def _chain(parts: list[Any], slopes: list[Any]) -> Slopes:
    """Σ slope by a part · slopes of that part."""
    found: Slopes = {}
    for part, slope in zip(parts, slopes, strict=False):
        if isinstance(part, Jet):
            found = _sum(found, _times(part.slopes, slope))
    return found


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(exponent, Jet):
        return _call("exp")(exponent * _call("ln")(base))
    if not isinstance(base, Jet):
        return power(base, exponent)
    return Jet(power(base.value, exponent), _times(base.slopes, power(base.value, exponent - 1.0) * exponent))


def _call(name: str) -> Callable[..., Any]:
    def over(*parts: Any) -> Any:
        values = [part.value if isinstance(part, Jet) else part for part in parts]
        if not any(isinstance(part, Jet) for part in parts):
            return SPANS[name](*values)
        slopes = SLOPES_BY_EACH[name](*values) if name in SLOPES_BY_EACH else [SLOPES[name](*values)]
        return Jet(SPANS[name](*values), _chain(list(parts), slopes))

    return over


JETS: dict[str, Callable[..., Any]] = {name: _call(name) for name in SPANS} | {"power": _power}
