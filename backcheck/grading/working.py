"""A line of working, `sigmoid(z1 = 0.05*0.15 + … = 0.3825) = 0.5945` → its parts, by the whitelist reader; it judges nothing."""

from __future__ import annotations

import re
from typing import NamedTuple

from backcheck.arithmetic import LONGEST, NUMBER, SPELLINGS, NotArithmetic, Reader, tokens
from backcheck.formula import Call, Cell, Formula, Negative, Number, Power, Product
from backcheck.functions import FLOATS, TYPED

MOST_PARTS = 40
CELL = r"[^\W\d]\w*(?:\[[\d;, ]{1,24}\])?'?"
OF_ONE = rf"(?:g|clipped|[mv](?:_?hat|_?0)?)\({CELL}\)"  # m(w5)
TOKEN = re.compile(rf"\s*(?:(?P<number>{NUMBER})|(?P<name>{OF_ONE}|d[^\W\d]\w*/d{CELL}|{CELL})|(?P<sign>\*\*|[-+*/^(),=]))")
EQUALS = str.maketrans({"≈": "=", "~": "=", "≅": "=", "∂": "d", "′": "'", "’": "'"})
INTEGER = re.compile(r"-?[0-9]{1,3}")
COMMA = re.compile(r"[-+−]?[0-9]+,[0-9]+")
FURTHER = FLOATS.keys() | {"softmax", "gelu", "silu", "swish"}  # of our own formulas; not all of it can be worked out here
FUNCTIONS = TYPED | FURTHER | {"sigma", "logistic", "ReLU"}
SAME = {"sigma": "sigmoid", "logistic": "sigmoid", "ReLU": "relu"}


class Chain(NamedTuple):
    """Parts that are said to be equal, each with its text; chains inside parentheses, with the name they begin with."""

    parts: tuple[Formula, ...]
    texts: tuple[str, ...]
    inner: tuple[tuple[str, Chain], ...] = ()

    @property
    def result(self) -> Formula:
        return self.parts[-1]

    def named(self) -> tuple[str | None, Chain]:
        """The name it begins with, `z1 = …`, and the rest."""
        if len(self.parts) > 1 and isinstance(self.parts[0], Cell):
            return self.parts[0].name, self._replace(parts=self.parts[1:], texts=self.texts[1:])
        return None, self


def read(text: str) -> Chain:
    """The chain of a line; raises NotArithmetic, which says where it cannot be read."""
    return _Working(text).chain_of_all()


def written_number(tree: Formula) -> str | None:
    """The text of a number that is written as a result, with its sign."""
    match tree:
        case Number(text):
            return text
        case Negative(body):
            inner = written_number(body)
            return None if inner is None else inner[1:] if inner.startswith("-") else "-" + inner
        case Product((mantissa, Power(Number("10"), exponent))):  # 6.073·10⁻¹
            digits, places = written_number(mantissa), written_number(exponent)
            if digits and places and "e" not in digits.lower() and INTEGER.fullmatch(places):
                return f"{digits}e{int(places)}"
    return None


class _Working(Reader):
    """The reader of formulas, which reads `=` between them too, at the outside and inside parentheses."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise NotArithmetic(f"this line is longer than {LONGEST:,} characters", 0, "make it shorter")
        self.names, self.functions = None, FUNCTIONS
        text = text.translate(SPELLINGS).translate(EQUALS)
        self.text = text.replace(",", ".") if COMMA.fullmatch(text.strip()) else text
        self.tokens = tokens(self.text, TOKEN, "a line of working")
        self.at, self.depth = 0, 0
        self.inner: list[tuple[str, Chain]] = []

    def chain_of_all(self) -> Chain:
        chain = self.chain()
        kind, text, column = self.tokens[self.at]
        if kind != "end":
            hint = "write products with *: 2*z, not 2z" if kind in ("name", "number") or text == "(" else ""
            raise NotArithmetic(f"{text!r} cannot stand here", column, hint)
        return chain._replace(inner=tuple(self.inner))

    def chain(self) -> Chain:
        """Parts with = between them."""
        parts, texts = [], []
        while True:
            start = self.tokens[self.at][2]
            parts.append(super().sum())
            texts.append(self.text[start : self.tokens[self.at][2]].strip())
            if len(parts) > MOST_PARTS:
                raise NotArithmetic(f"more than {MOST_PARTS} equal signs stand in one line", start)
            if not self.take("="):
                return Chain(tuple(parts), tuple(texts))

    def sum(self) -> Formula:
        """Inside parentheses a chain may stand: it counts as its last part."""
        if self.depth == 0 or self.tokens[self.at - 1][1] not in ("(", ","):
            return super().sum()
        name, chain = self.chain().named()
        if name or len(chain.parts) > 1:
            self.inner.append((name or "", chain))
        return chain.result

    def call(self, name: str, column: int) -> Formula:
        tree = super().call(name, column)
        assert isinstance(tree, Call)  # noqa: S101
        return Call(SAME.get(tree.function, tree.function), tree.arguments)

    def checked(self, call: Call, column: int) -> Formula:
        """What takes further numbers, as leaky_relu(z, 0.01), may be written with or without them."""
        return call if call.function in FURTHER - TYPED else super().checked(call, column)
