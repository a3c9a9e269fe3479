"""Numerals as they are typed, bounded: 0.5, 1e-3, ½, superscripts; it knows no grammar."""

from __future__ import annotations

from backcheck.proving.reading.signs import Token
from backcheck.proving.statements import Misread
from backcheck.proving.tree import Tree

MOST_DIGITS, MOST_EXPONENT = 30, 64


def raised(token: Token) -> Tree:
    exponent = Tree("number", text=token.text.lstrip("-"), column=token.column)
    return Tree("minus", (exponent,), column=token.column) if token.text.startswith("-") else exponent


def not_too_large(exponent: Tree) -> None:
    body = exponent.parts[0] if exponent.op == "minus" else exponent
    if body.op == "number" and float(body.text) > MOST_EXPONENT:
        says = f"{body.text[:MOST_DIGITS]} is too large an exponent: at most {MOST_EXPONENT}"
        raise Misread(body.column, says, "", len(body.text))


def number(token: Token) -> Tree:
    if token.text == "1/2":
        return Tree("over", tuple(Tree("number", text=each, column=token.column) for each in "12"), column=token.column)
    if len(token.text) > MOST_DIGITS:
        raise token.wrong(f"{token.text[:20]}… is too long for a number", f"a numeral has at most {MOST_DIGITS} digits")
    if abs(int(token.text.lower().partition("e")[2] or 0)) > MOST_DIGITS:
        raise token.wrong(f"the exponent of {token.text} is too large", f"it is at most {MOST_DIGITS}")
    return Tree("number", text=token.text, column=token.column)
