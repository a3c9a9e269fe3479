"""Formulas and numbers → text: on screen (σ, −, ·, ∂), in plain ASCII that a program can read back, or in LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
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
)

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
        return _on_screen(cell) if self.on_screen else cell

    def number(self, text: str) -> str:
        """A number as a part of a formula."""
        return text.replace("-", self.minus)

    def function(self, name: str) -> str:
        return SYMBOLS.get(name, name) if self.on_screen else name

    def power(self, base: str, exponent: str) -> str:
        if self.on_screen and exponent.isdecimal():
            return base + exponent.translate(SUPERSCRIPTS)
        return f"{base}{'^' if self.on_screen else '**'}{exponent}"


@lru_cache(10_000)
def _on_screen(cell: str) -> str:
    cell = "η" if cell == "eta" else cell
    cell = re.sub(r"^d2(\w+)/d(.+) d(.+)$", r"∂²\1/∂\2 ∂\3", cell)
    return re.sub(r"^d(\w+)/d(?=\w)", r"∂\1/∂", cell).replace("'", "′")


SCREEN = Spelling("−", "·", True)
PLAIN = Spelling("-", "*", False)

Leaf = Callable[[str], str]
FRACTION = re.compile(r"-?[0-9]+/[0-9]+")  # a number that was written so
SUM, SIGNED, PRODUCT, POWER, ATOM = range(5)  # how tightly a text holds together


def spell(tree: Formula, cell: Leaf, spelling: Spelling = SCREEN, shorten: bool = False) -> str:
    """A formula as text, with each cell as `cell` writes it: its name, or its number.

    >>> spell(Product((Cell("a"), Negative(Cell("b")))), str, PLAIN), spell(Cell("a"), lambda name: "-2", PLAIN)
    ('a*(-b)', '-2')
    """
    return _write(tree, True, _Pen(cell, spelling, shorten))[0]


class _Pen(NamedTuple):
    cell: Leaf
    spelling: Spelling
    shorten: bool


def _inside(node: Formula, least: int, leading: bool, pen: _Pen) -> str:
    """A part of a formula, in parentheses if it holds together less tightly than it has to."""
    text, level = _write(node, leading, pen)
    return text if level >= least else f"({_write(node, True, pen)[0]})"


def _write(node: Formula, leading: bool, pen: _Pen) -> tuple[str, int]:
    """The text of a node and how tightly it holds; `leading`: a sign may stand here without parentheses."""
    spelling, signed = pen.spelling, SIGNED if leading else PRODUCT
    match node:
        case Number(text):
            return text, ATOM
        case Cell(name):
            text = pen.cell(name)
            return text, SIGNED if text.startswith(spelling.minus) else SUM if FRACTION.fullmatch(text) else ATOM
        case Negative(body):
            return spelling.minus + _inside(body, PRODUCT, False, pen), SIGNED
        case Sum(terms):
            return _joined(terms, leading, pen), SUM
        case Product((first, *rest)):
            text = spelling.times.join([_inside(first, signed, leading, pen), *(_inside(f, POWER, False, pen) for f in rest)])
        case Quotient(top, bottom):
            text = f"{_inside(top, signed, leading, pen)}/{_inside(bottom, POWER, False, pen)}"
        case Power(base, exponent):
            return spelling.power(_inside(base, ATOM, False, pen), _inside(exponent, ATOM, False, pen)), POWER
        case Call(function, arguments):
            if len(arguments) > 1 and LEFT_OUT.get(function) == arguments[-1]:
                arguments = arguments[:-1]
            return f"{spelling.function(function)}({', '.join(_write(a, True, pen)[0] for a in arguments)})", ATOM
        case _:
            raise TypeError(node)
    return text, SIGNED if text.startswith(spelling.minus) else PRODUCT


def _joined(terms: tuple[Formula, ...], leading: bool, pen: _Pen) -> str:
    """Terms with their signs between them; the middle of a long sum is left out where that is allowed, and counted."""
    gap = len(terms) - 3 if pen.shorten and len(terms) > SHOWN_TERMS else 0
    text = _inside(terms[0], SIGNED if leading else PRODUCT, leading, pen)
    for i, term in enumerate(terms[1:], 1):
        if gap and 1 < i < len(terms) - 1:
            text += f" + … {gap} more terms …" if i == 2 else ""
            continue
        sign, body = (pen.spelling.minus, term.body) if isinstance(term, Negative) else ("+", term)
        text += f" {sign} {_inside(body, PRODUCT, False, pen)}"
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
ASCII |= {
    "→": "->",
    "ᵀ": "'",
    "⊙": ".*",
    "ₙ": "n",
    "✓": "ok",
    "✗": "x",
    "⇒": "=>",
    "≠": "!=",
    "±": "+-",
    "∞": "inf",
    "≤": "<=",
    "≥": ">=",
    "≈": "~",
    "∈": "in",
    "α": "alpha",
    "‖": "||",
    "λ": "lambda",
    "β": "beta",
    "ε": "epsilon",
    "ρ": "rho",
    "π": "pi",
    "√": "sqrt ",
    "⌊": "floor(",
    "⌋": ")",
    "ⁿ": "^n",
    "–": "-",
    "°": " degrees",
    "γ": "gamma",
    "²": "^2",
}
ASCII |= {digit: f"^{i}" for i, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}


def to_ascii(text: str) -> str:
    """The same text for a screen that knows no other signs."""
    return "".join(ASCII.get(c, c if c.isascii() else "?") for c in text)
