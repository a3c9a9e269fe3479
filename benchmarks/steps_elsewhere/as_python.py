"""SymPy, Diofant and SymEngine: a step as their objects; it knows no text and no solver."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from steps_elsewhere.forms import ZERO, Form, names
from steps_elsewhere.written_out import Written, shifted

ASSUMED = {">": "positive", "<": "negative", ">=": "nonnegative", "<=": "nonpositive", "!=": "nonzero"}
CALLS = {"exp": "exp", "ln": "log", "abs": "Abs", "sign": "sign", "step": "Heaviside", "tanh": "tanh", "max": "Max", "min": "Min"}
Judge = Callable[[Any, Any], str]


def checker(library: str, judge: Callable[[Any], Judge], assumes: bool = True) -> Callable[[Written], Callable[[], str]]:
    """A case → what judges it."""
    module = importlib.import_module(library)
    judged = judge(module)

    def prepare(case: Written) -> Callable[[], str]:
        case = shifted(case)
        symbols = {name: module.Symbol(name, **_assumed(name, case)) if assumes else module.Symbol(name) for name in _all(case)}
        left, right = (_object(side, module, symbols, assumes) for side in (case.left, case.right))
        told = assumes and all(_signs(one) for one in case.given)
        return lambda: worth(judged(left, right), told or not case.given)

    return prepare


def worth(verdict: str, told: bool) -> str:
    """A no of one that could not be told all that is given is worth nothing; a proof without it is one."""
    return "open" if verdict == "no" and not told else verdict


def _signs(given: tuple[str, Form, Form]) -> bool:
    """Whether it is all said by the sign of a name."""
    _, left, right = given
    return left[0] == "name" and right == ZERO


def _all(case: Written) -> set[str]:
    return names(case.left, case.right)


def _assumed(name: str, case: Written) -> dict[str, bool]:
    """What can be told SymPy of a name is its sign."""
    found = {"real": True}
    for sign, left, right in case.given:
        if (
            left == ("name", name)
            and right[0] == "number"
            and (right[1] == 0 or (sign in (">", ">=") and right[1] > 0) or (sign in ("<", "<=") and right[1] < 0))
        ):
            found[ASSUMED[sign] if right[1] == 0 else ASSUMED[sign[0]]] = True
    return found


def _object(form: Form, module: Any, symbols: dict[str, Any], real: bool) -> Any:
    match form:
        case ("number", value):
            return module.Rational(value.numerator, value.denominator)
        case ("name", name):
            return symbols[name]
        case ("plus", *terms):
            return module.Add(*(_object(term, module, symbols, real) for term in terms))
        case ("times", *factors):
            return module.Mul(*(_object(factor, module, symbols, real) for factor in factors))
        case ("power", base, exponent):
            return _object(base, module, symbols, real) ** _object(exponent, module, symbols, real)
        case ("call", "xor", one, other):
            x, y = (_object(part, module, symbols, real) for part in (one, other))
            return x + y - 2 * x * y
        case ("call", function, *arguments):
            inner = [_object(part, module, symbols, real) for part in arguments]
            if function == "step" and not hasattr(module, "Heaviside"):
                return (1 + module.sign(*inner)) / 2
            own = getattr(module, CALLS.get(function, ""), None)
            if own is None and function in CALLS:
                raise NotImplementedError(function)
            return (own or (module.Function(function, real=True) if real else module.Function(function)))(*inner)
    raise NotImplementedError(form[0])


def simplified(module: Any) -> Judge:
    """simplify(left - right) == 0; a number other than 0 is a no."""

    def judge(left: Any, right: Any) -> str:
        found = module.simplify(left - right)
        return "proven" if found == 0 else "no" if found.is_number else "open"

    return judge


def equals(_: Any) -> Judge:
    """left.equals(right), which is True, False or None."""
    return lambda left, right: {True: "proven", False: "no"}.get(left.equals(right), "open")


def expanded(module: Any) -> Judge:
    return lambda left, right: "proven" if module.expand(left - right) == 0 else "open"
