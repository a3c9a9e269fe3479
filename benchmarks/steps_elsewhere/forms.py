"""An expression written out, as nested tuples that every checker can be given; it knows no backcheck and no other checker.

("number", Fraction) · ("name", "z_1") · ("plus", a, b, …) · ("times", a, b, …) · ("power", a, b) · ("call", "exp", a)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

Form = tuple[Any, ...]


def number(value: Fraction | int | str) -> Form:
    return ("number", Fraction(value))


ZERO, ONE, MINUS = number(0), number(1), number(-1)


def plus(*terms: Form) -> Form:
    left = [term for term in terms if term != ZERO]
    return ("plus", *left) if len(left) > 1 else left[0] if left else ZERO


def times(*factors: Form) -> Form:
    if ZERO in factors:
        return ZERO
    left = [factor for factor in factors if factor != ONE]
    return ("times", *left) if len(left) > 1 else left[0] if left else ONE


def negative(form: Form) -> Form:
    return number(-form[1]) if form[0] == "number" else times(MINUS, form)


def power(base: Form, exponent: Form) -> Form:
    return base if exponent == ONE else ONE if exponent == ZERO else ("power", base, exponent)


def over(top: Form, bottom: Form) -> Form:
    return times(top, power(bottom, MINUS))


def call(function: str, *arguments: Form) -> Form:
    return ("call", function, *arguments)


def parts(form: Form) -> tuple[Form, ...]:
    return () if form[0] in ("number", "name") else form[2:] if form[0] == "call" else form[1:]


def walk(form: Form) -> Iterator[Form]:
    yield form
    for part in parts(form):
        yield from walk(part)


def names(*forms: Form) -> set[str]:
    return {node[1] for form in forms for node in walk(form) if node[0] == "name"}


def put(form: Form, values: Mapping[str, Form]) -> Form:
    """Forms in the place of names."""
    if form[0] == "name":
        return values.get(form[1], form)
    inner = tuple(put(part, values) for part in parts(form))
    return BUILT[form[0]](*inner) if form[0] in BUILT else (*form[: len(form) - len(inner)], *inner)


BUILT: dict[str, Callable[..., Form]] = {"plus": plus, "times": times, "power": power}

SIGMOID = over(ONE, plus(ONE, call("exp", negative(("name", "u")))))
KNOWN = {  # functions that not all checkers have, by those that they have
    "sigmoid": SIGMOID,
    "softplus": call("ln", plus(ONE, call("exp", ("name", "u")))),
    "relu": call("max", ("name", "u"), ZERO),
    "sqrt": power(("name", "u"), number("1/2")),
    "tanh": call("tanh", ("name", "u")),
}

UP = call("exp", times(number(2), ("name", "u")))
TANH = over(plus(UP, MINUS), plus(UP, ONE))


def of_one_kind(*forms: Form) -> tuple[Form, ...]:
    """tanh by exp, where exp stands beside it."""
    mixed = any(node[:2] == ("call", "exp") for form in forms for node in walk(form))
    return tuple(map(_by_exp, forms)) if mixed else forms


def _by_exp(form: Form) -> Form:
    inner = tuple(map(_by_exp, parts(form)))
    if form[:2] == ("call", "tanh"):
        return put(TANH, {"u": inner[0]})
    return BUILT[form[0]](*inner) if form[0] in BUILT else (*form[: len(form) - len(inner)], *inner)


SLOPES: dict[str, Callable[[Form], Form]] = {
    "exp": lambda u: call("exp", u),
    "ln": lambda u: power(u, MINUS),
    "abs": lambda u: call("sign", u),
    "sign": lambda _: ZERO,
    "step": lambda _: ZERO,
    "tanh": lambda u: plus(ONE, negative(power(call("tanh", u), number(2)))),
}


@cache
def slope(form: Form, by: str) -> Form:
    """The derivative by a name."""
    match form:
        case ("number", _):
            return ZERO
        case ("name", own):
            return ONE if own == by else ZERO
        case ("plus", *terms):
            return plus(*(slope(term, by) for term in terms))
        case ("times", *factors):
            return plus(*(times(*factors[:at], slope(one, by), *factors[at + 1 :]) for at, one in enumerate(factors)))
        case ("power", base, exponent):
            inner = times(exponent, power(base, plus(exponent, MINUS) if exponent[0] != "number" else number(exponent[1] - 1)))
            return plus(times(inner, slope(base, by)), times(form, call("ln", base), slope(exponent, by)))
        case ("call", "max" | "min" as which, one, other):
            apart = plus(one, negative(other)) if which == "max" else plus(other, negative(one))
            first, second = call("step", apart), call("step", negative(apart))
            return plus(times(first, slope(one, by)), times(second, slope(other, by)))
        case ("call", function, argument):
            of = SLOPES.get(function, lambda u: call(function + "'", u))
            return times(of(argument), slope(argument, by))
    return ZERO if by not in names(form) else _no_slope(form)


def _no_slope(form: Form) -> Form:
    raise NotImplementedError(f"no derivative of {form[1]}")
