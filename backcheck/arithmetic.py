"""Typed arithmetic → formula: the one reader of strangers' formulas, a whitelist of signs and names; it evaluates nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from functools import lru_cache

from backcheck.errors import did_you_mean
from backcheck.formula import Call, Cell, Formula, Negative, Number, Power, Product, Quotient, Sum

LONGEST, DEEPEST = 4000, 60
NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?"
TOKEN = re.compile(rf"\s*(?:(?P<number>{NUMBER})|(?P<name>[^\W\d]\w*'?)|(?P<sign>\*\*|[-+*/^(),]))")
TYPED_NUMBER = re.compile(rf"[-+]?{NUMBER}(?:/{NUMBER})?", re.ASCII)
SPELLINGS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "÷": "/"})
SAME_FUNCTION = {"log": "ln", "arctan": "atan", "σ": "sigmoid"}


def number(text: str) -> float | None:
    """The value of a typed number, infinite if it is too large, None if it is none.

    >>> number("1/4"), number("1e-3"), number(".5"), number("1_000"), number("nan")
    (0.25, 0.001, 0.5, None, None)
    """
    text = text.translate(SPELLINGS)
    if not TYPED_NUMBER.fullmatch(text) or len(text) > 400:
        return None
    top, _, bottom = text.partition("/")
    if not bottom:
        return float(top)
    from fractions import Fraction

    try:
        return float(Fraction(top) / Fraction(bottom))
    except ZeroDivisionError:
        return None
    except OverflowError:
        return math.inf


class NotArithmetic(ValueError):
    """The text is no formula; `column` counts from 0."""

    def __init__(self, says: str, column: int, way_out: str = "") -> None:
        super().__init__(says)
        self.column, self.way_out = column, way_out


@lru_cache(maxsize=512)
def parse(text: str) -> Formula:
    """A formula of ours, with any name in it.

    >>> parse("1 - a**2")
    Sum((Number('1'), Negative(Power(Cell('a'), Number('2')))))
    """
    return Reader(text, None, None).formula()


def parse_typed(text: str, names: Collection[str] | None, functions: Collection[str]) -> Formula:
    """A formula somebody typed, in which only these names (None: any) and these functions may stand."""
    return Reader(text, names, functions).formula()


class Reader:
    """One pass over the text, one method for each level of binding."""

    def __init__(self, text: str, names: Collection[str] | None, functions: Collection[str] | None) -> None:
        if len(text) > LONGEST:
            raise NotArithmetic(f"this formula is longer than {LONGEST:,} characters", 0, "make it shorter")
        self.names, self.functions = names, functions
        self.tokens = tokens(text.translate(SPELLINGS))
        self.at, self.depth = 0, 0

    def formula(self) -> Formula:
        tree = self.sum()
        kind, text, column = self.tokens[self.at]
        if kind != "end":
            hint = "write products with *: 2*z, not 2z" if kind in ("name", "number") or text == "(" else ""
            raise NotArithmetic(f"{text!r} cannot stand here", column, hint)
        return tree

    def take(self, *signs: str) -> str | None:
        kind, text, _ = self.tokens[self.at]
        if kind == "sign" and text in signs:
            self.at += 1
            return text
        return None

    def sum(self) -> Formula:
        terms = [self.product()]
        while sign := self.take("+", "-"):
            term = self.product()
            terms.append(Negative(term) if sign == "-" else term)
        return Sum(tuple(terms)) if len(terms) > 1 else terms[0]

    def product(self) -> Formula:
        tree = self.signed()
        while sign := self.take("*", "/"):
            right = self.signed()
            if sign == "/":
                tree = Quotient(tree, right)
            else:
                tree = Product((*(tree.factors if isinstance(tree, Product) else (tree,)), right))
        return tree

    def signed(self) -> Formula:
        return self.deeper(self._signed)

    def _signed(self) -> Formula:
        if sign := self.take("-", "+"):
            body = self.signed()
            return Negative(body) if sign == "-" else body
        return self.power()

    def power(self) -> Formula:
        base = self.atom()
        return Power(base, self.signed()) if self.take("**", "^") else base

    def atom(self) -> Formula:
        kind, text, column = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return Number(text)
        if kind == "name":
            return self.call(text, column) if self.take("(") else self.cell(text, column)
        if text == "(":
            tree = self.deeper(self.sum)
            self.expect(")")
            return tree
        says = "the formula ends too early" if kind == "end" else f"a number or a name was expected, not {text!r}"
        raise NotArithmetic(says, column)

    def call(self, name: str, column: int) -> Formula:
        function = SAME_FUNCTION.get(name, name)
        if self.functions is not None and function not in self.functions:
            known = sorted(self.functions)
            way_out = did_you_mean(name, known) or "known: " + ", ".join(known)
            if self.names is not None and name in self.names:
                way_out = f"write products with *: {name}*(…)"
            raise NotArithmetic(f"unknown function {name!r}", column, way_out)
        arguments = [self.deeper(self.sum)]
        while self.take(","):
            arguments.append(self.deeper(self.sum))
        self.expect(")")
        return self.checked(Call(function, tuple(arguments)), column)

    def checked(self, call: Call, column: int) -> Formula:
        wanted = 2 if call.function in ("max", "min") else 1
        if self.functions is not None and len(call.arguments) != wanted:
            says = f"{call.function} takes {wanted} value{'s' * (wanted > 1)}, not {len(call.arguments)}"
            raise NotArithmetic(says, column)
        return call

    def cell(self, name: str, column: int) -> Formula:
        if self.names is not None and name not in self.names:
            known = list(self.names)
            way_out = did_you_mean(name, known) or "known here: " + ", ".join(known)
            raise NotArithmetic(f"unknown name {name!r}", column, way_out)
        return Cell(name)

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            raise NotArithmetic(f"{sign!r} is missing", self.tokens[self.at][2])

    def deeper(self, read: Callable[[], Formula]) -> Formula:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotArithmetic("too many parentheses inside each other", self.tokens[self.at][2])
        tree = read()
        self.depth -= 1
        return tree


def tokens(text: str, token: re.Pattern[str] = TOKEN, what: str = "a formula") -> list[tuple[str, str, int]]:
    """The words of a text with their columns, and an end; raises NotArithmetic at what is none."""
    found, at = [], 0
    end = len(text.rstrip())
    while at < end:
        match = token.match(text, at)
        if not match:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise NotArithmetic(f"{text[at]!r} cannot stand in {what}", at)
        kind = str(match.lastgroup)
        found.append((kind, match[kind], match.start(kind)))
        at = match.end()
    return [*found, ("end", "", end)]
