"""Formulas and numbers → text: on screen (σ, −, ·, ∂), in plain ASCII that a program can read back, or in LaTeX."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import NamedTuple

from backcheck.formula import (
    Call,
    Cell,
    Formula,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    cells,
    children,
    evaluate,
)
from backcheck.functions import FLOATS

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SYMBOLS = {
    "sigmoid": "σ",
    "Phi": "Φ",
    "phi": "φ",
    "relu'": "relu′",
    "leaky_relu'": "leaky_relu′",
    "elu'": "elu′",
    "huber'": "huber′",
}
LEFT_OUT = {"relu'": Number("0")}  # a last argument that goes without saying
SHOWN_TERMS = 8  # a longer sum is shortened in tables, and says so

_DOUBLE = re.compile(r"\(\((?=[−-])([^()]*)\)\)")
_LEADING = re.compile(r"^\(([−-][^() ]*)\)(?!\*\*|[\^⁰¹²³⁴⁵⁶⁷⁸⁹]|\()")


class Figures(NamedTuple):
    """How many digits a number is shown with; neither means all of them."""

    digits: int | None = None
    decimals: int | None = None
    at_least: bool = False  # a number with more decimals keeps them: on paper, what was given is not rounded

    def __call__(self, value: float) -> str:
        """
        >>> Figures(digits=4)(0.594476), Figures(decimals=4)(0.351), Figures()(0.1), Figures(digits=3)(-1.5e-12)
        ('0.5945', '0.3510', '0.1', '-1.5e-12')
        """
        if self.decimals is not None:
            text = f"{value:.{self.decimals}f}"
            text = repr(value) if self.at_least and float(text) != value else text
        elif self.digits is not None:
            text = f"{value:.{self.digits}g}"
        else:
            text = repr(value).removesuffix(".0")
        if "e" in text:
            mantissa, _, exponent = text.partition("e")
            text = f"{mantissa}e{int(exponent)}"
        return text if text.strip("-0.") else text.lstrip("-")


class Spelling(NamedTuple):
    """The signs of one way to write formulas."""

    minus: str
    times: str
    on_screen: bool

    def name(self, cell: str) -> str:
        """A quantity by its name: `∂L/∂w5′` is spelled dL/dw5' where programs read."""
        if not self.on_screen:
            return cell
        cell = "η" if cell == "eta" else cell
        return re.sub(r"^d(\w+)/d(?=\w)", r"∂\1/∂", cell).replace("'", "′")

    def number(self, text: str) -> str:
        """A number as a part of a formula: a negative one in parentheses."""
        spelled = text.replace("-", self.minus)
        return f"({spelled})" if text.startswith("-") else spelled

    def function(self, name: str) -> str:
        return SYMBOLS.get(name, name) if self.on_screen else name

    def power(self, base: str, exponent: str) -> str:
        if self.on_screen and exponent.isdecimal():
            return base + exponent.translate(SUPERSCRIPTS)
        return f"{base}{'^' if self.on_screen else '**'}{exponent}"


SCREEN = Spelling("−", "·", True)
PLAIN = Spelling("-", "*", False)

Leaf = Callable[[str], str]
SUM, PRODUCT, POWER, ATOM = range(4)  # how tightly a text holds together


def spell(tree: Formula, cell: Leaf, spelling: Spelling = SCREEN, shorten: bool = False) -> str:
    """A formula as text, with each cell as `cell` writes it: its name, or its number."""

    def inside(node: Formula, least: int) -> str:
        text, level = write(node)
        return text if level >= least else f"({text})"

    def write(node: Formula) -> tuple[str, int]:
        match node:
            case Number(text):
                return text, ATOM
            case Cell(name):
                return cell(name), ATOM
            case Negative(body):
                return spelling.minus + inside(body, PRODUCT), SUM
            case Sum(terms):
                return _joined(terms, inside, spelling, shorten), SUM
            case Product(factors):
                first, *rest = factors
                return spelling.times.join([inside(first, PRODUCT), *(inside(f, POWER) for f in rest)]), PRODUCT
            case Quotient(top, bottom):
                return f"{inside(top, PRODUCT)}/{inside(bottom, POWER)}", PRODUCT
            case Power(base, exponent):
                return spelling.power(inside(base, ATOM), inside(exponent, ATOM)), POWER
            case Call(function, arguments):
                if len(arguments) > 1 and LEFT_OUT.get(function) == arguments[-1]:
                    arguments = arguments[:-1]
                return f"{spelling.function(function)}({', '.join(write(a)[0] for a in arguments)})", ATOM
        raise TypeError(node)

    text = _DOUBLE.sub(r"(\1)", write(tree)[0])
    return _LEADING.sub(r"\1", text)


def _joined(terms: tuple[Formula, ...], inside: Callable[[Formula, int], str], spelling: Spelling, shorten: bool) -> str:
    """Terms with their signs between them; the middle of a long sum is left out where that is allowed, and counted."""
    shown = list(terms)
    gap = len(terms) - 3 if shorten and len(terms) > SHOWN_TERMS else 0
    if gap:
        shown = [*terms[:2], terms[-1]]
    text = ""
    for i, term in enumerate(shown):
        if gap and i == 2:
            text += f" + … {gap} more terms …"
        negative = isinstance(term, Negative)
        sign = spelling.minus if negative else "+"
        body = inside(term.body, PRODUCT) if isinstance(term, Negative) else inside(term, PRODUCT)
        text += f" {sign} {body}" if i else (spelling.minus if negative else "") + body
    return text


ASCII = {
    "∂": "d",
    "η": "eta",
    "−": "-",
    "·": "*",
    "σ": "sigmoid",
    "′": "'",
    "Φ": "Phi",
    "φ": "phi",
    "…": "...",
    "×": "x",
}
ASCII |= {"Σ": "sum ", "½": "1/2", "δ": "delta", "│": "|", "─": "-"} | dict.fromkeys("╭╮╰╯├┤┬┴┼", "+")
ASCII |= {digit: f"^{i}" for i, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}


def to_ascii(text: str) -> str:
    """The same text for a screen that knows no other signs."""
    return "".join(ASCII.get(c, c if c.isascii() else "?") for c in text)


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
