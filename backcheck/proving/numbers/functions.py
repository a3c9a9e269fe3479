"""The functions a derivation may call, on numbers with slopes, and some that one left open may be; it knows no trees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from backcheck.errors import Undefined
from backcheck.proving.numbers.arithmetic import Arithmetic
from backcheck.proving.numbers.duals import Dual, level, parts, plain

Function = Callable[..., Any]


def _lifted(plainly: Function, slope: Callable[[Any, Any], Any]) -> Function:
    """A function of one number on duals, from its slope in terms of x and of its value."""

    def of(x: Any) -> Any:
        if type(x) is not Dual:
            return plainly(x)
        value = of(x.value)
        return Dual(x.level, value, slope(x.value, value) * x.slope)

    return of


def _divider(plainly: Function) -> Function:
    def divide(top: Any, bottom: Any) -> Any:
        at = level(top, bottom)
        if not at:
            return plainly(top, bottom)
        (a, da), (b, db) = parts(top, at), parts(bottom, at)
        value = divide(a, b)
        return Dual(at, value, divide(da - value * db if type(bottom) is Dual else da, b))

    return divide


def _power(a: Arithmetic, exp: Function, ln: Function) -> Function:
    def power(base: Any, exponent: Any) -> Any:
        if type(exponent) is Dual:
            return exp(exponent * ln(base))
        if type(base) is not Dual:
            return a.power(base, exponent)
        if exponent == 0:
            return 1
        value, below = power(base.value, exponent), power(base.value, exponent - 1)
        return Dual(base.level, value, exponent * below * base.slope)

    return power


@lru_cache(maxsize=4)
def functions(a: Arithmetic) -> Mapping[str, Function]:
    """All functions by name, and `divide` and `power`, over one arithmetic."""
    divide = _divider(a.divide)
    exp = _lifted(a.exp, lambda _, value: value)
    ln = _lifted(a.ln, lambda x, _: divide(1, x))
    sqrt = _lifted(a.sqrt, lambda _, value: divide(1, 2 * value))

    def side(x: Any, what: str) -> int:
        """Of which side of a kink a number is; on it there is no slope."""
        found = a.sign(plain(x))
        if not found and type(x) is Dual:
            raise Undefined(f"the slope of {what} at its kink")
        return found

    def step(x: Any) -> int:
        found = a.sign(plain(x))
        if not found:
            raise Undefined("a step at 0")
        return int(found > 0)

    def larger(x: Any, y: Any) -> Any:
        return x if side(x - y, "max") >= 0 else y

    def sigmoid(x: Any) -> Any:
        return divide(1, 1 + exp(-x))

    def tanh(x: Any) -> Any:
        up = exp(2 * x)
        return divide(up - 1, up + 1)

    return {
        "divide": divide,
        "power": _power(a, exp, ln),
        "exp": exp,
        "ln": ln,
        "sqrt": sqrt,
        "abs": lambda x: x if side(x, "abs") >= 0 else -x,
        "sign": lambda x: 2 * step(x) - 1,  # at 0 it means nothing, as a slope of |x|
        "relu": lambda x: x if side(x, "relu") > 0 else 0,
        "max": larger,
        "min": lambda x, y: -larger(-x, -y),
        "tanh": tanh,
        "sigmoid": sigmoid,
        "softplus": lambda x: ln(1 + exp(x)),
        "step": step,
        "xor": _xor,
    }


def _xor(x: Any, y: Any) -> int:
    if plain(x) not in (0, 1) or plain(y) not in (0, 1):
        raise Undefined("xor of what is not 0 or 1")
    return int(plain(x) != plain(y))


# a function that is not known: some that are smooth, and some that only never fall


def _polynomial(*coefficients: int) -> Function:
    """From the highest power down."""

    def of(*arguments: Any) -> Any:
        u = _one(arguments)
        value: Any = coefficients[0]
        for coefficient in coefficients[1:]:
            value = value * u + coefficient
        return value

    return of


def _one(arguments: tuple[Any, ...]) -> Any:
    """Several arguments as one, in which each counts otherwise."""
    found = arguments[0]
    for at, other in enumerate(arguments[1:], 2):
        found = found + at * other + found * other
    return found


SMOOTH = {"u^2 + u": _polynomial(1, 1, 0), "u^3 - u + 1": _polynomial(1, 0, -1, 1), "u^3 + 2 u^2 + 3": _polynomial(1, 2, 0, 3)}
SMOOTH |= {"u": _polynomial(1, 0), "1": _polynomial(1)}
RISING = {"u": _polynomial(1, 0), "u^3 + u": _polynomial(1, 0, 1, 0), "2 u + 1": _polynomial(2, 1), "1": _polynomial(1)}


@lru_cache(maxsize=8)
def known(how: str, a: Arithmetic) -> Mapping[str, Function]:
    """Functions that one declared `for any f`, or `for monotone f`, may be; by how they are written."""
    relu = functions(a)["relu"]
    return {**RISING, "relu(u)": lambda *u: relu(_one(u))} if how == "monotone" else SMOOTH
