"""Why a quantity has no value: the smallest part of its formula that has none; it knows no worksheets."""

from __future__ import annotations

import math

from backcheck.formula import Call, Formula, Power, Quotient, cells, children, evaluate
from backcheck.functions import FLOATS
from backcheck.spelling import SCREEN, Figures, spell


def undefined(name: str, tree: Formula, inputs: dict[str, float]) -> str:
    """Why a quantity has no value: the smallest part of its formula that has none, with the numbers in it."""
    part = _smallest_failing(tree, inputs)
    if part is None:
        return f"{name} has no value: it is too large for a number"
    read = dict.fromkeys(cells(part))
    numbers = ", ".join(f"{cell} = {Figures(digits=6)(inputs[cell])}" for cell in list(read)[:4])
    where = f", with {numbers}{', …' if len(read) > 4 else ''}" if read else ""
    return f"{name} has no value: {spell(part, SCREEN.name, SCREEN, shorten=True)} {_reason(part, inputs)}{where}"


def _smallest_failing(tree: Formula, inputs: dict[str, float]) -> Formula | None:
    for part in children(tree):
        if found := _smallest_failing(part, inputs):
            return found
    return tree if _value(tree, inputs) is None else None


def _value(tree: Formula, inputs: dict[str, float]) -> float | None:
    try:
        value = float(evaluate(tree, inputs.__getitem__, FLOATS))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _reason(part: Formula, inputs: dict[str, float]) -> str:
    match part:
        case Call("ln", (body,)):
            return f"is the logarithm of {Figures(digits=6)(_value(body, inputs) or 0)}"
        case Quotient(_, bottom) if not _value(bottom, inputs):
            return "divides by 0"
        case Call("sqrt", (body,)):
            return f"is the root of {Figures(digits=6)(_value(body, inputs) or 0)}"
        case Power(base, exponent):
            u, v = _value(base, inputs) or 0, _value(exponent, inputs) or 0
            if u == 0:
                return "divides by 0"
            if u < 0 and v != int(v):
                return "is no real number"
    return "is too large for a number (above 1.8e308)"
