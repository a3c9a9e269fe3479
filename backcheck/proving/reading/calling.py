"""Calls of functions, in all their spellings: exp(z), f'(x), tanh²(z), ln a; it knows how many arguments one takes, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backcheck.proving.reading.signs import Token
from backcheck.proving.spelling.spellings import CALLED, FUNCTIONS
from backcheck.proving.tree import Tree

if TYPE_CHECKING:
    from backcheck.proving.reading.grammar import Parser

WITHOUT_BRACKETS = ("exp", "ln", "sqrt", "tanh")  # ln a
NAMES_TOO = ("sigma", "delta", "step", "sign", "norm")  # sigma[i] is an entry, and no call


def function(parser: Parser, token: Token) -> Tree | None:
    """A function everybody knows; nothing if the word is a name here."""
    start, primes = parser.at, _primes(parser)
    exponent = _exponent(parser)
    if parser.sees("(") or (parser.sees("[", "{") and token.text not in NAMES_TOO and not parser.declared.has(token.text)):
        tree = Tree("call", parser.arguments(), CALLED[token.text] + primes, token.column)
        _counted(tree, token)
        return tree if exponent is None else Tree("power", (tree, exponent), column=exponent.column)
    is_power = exponent is not None and parser.sees("number", "name", "|", "||") and primes == ""
    parser.at = parser.at if is_power else start
    if parser.declared.has(token.text) or CALLED[token.text] not in WITHOUT_BRACKETS:
        return None
    if not parser.sees("number", "name", "|", "||"):
        raise token.wrong(f"{token.text} of what?", f"write {token.text}(…)")
    tree = Tree("call", (parser.power(),), CALLED[token.text], token.column)
    parser.loose = parser.at
    return tree if exponent is None or not is_power else Tree("power", (tree, exponent), column=exponent.column)


def _primes(parser: Parser) -> str:
    found = ""
    while parser.next("prime"):
        found += "'"
    return found


def _exponent(parser: Parser) -> Tree | None:
    """The 2 of tanh²(z)."""
    token = parser.next("raised") or (parser.next("^") and parser.next("number"))
    if token and token.text.isdecimal() and len(token.text) < 3:
        return Tree("number", text=token.text, column=token.column)
    return None


def _counted(tree: Tree, token: Token) -> None:
    least, most = FUNCTIONS[tree.text.rstrip("'")]
    if not least <= len(tree.parts) <= most:
        raise token.wrong(f"{token.text} takes {least} argument{'s' * (least > 1)}, not {len(tree.parts)}")


def declared_function(parser: Parser, token: Token) -> Tree:
    """f(x), f'(x), f^2(x), or f by itself, as in d(f, x)."""
    primes = _primes(parser)
    start, exponent = parser.at, _exponent(parser)
    if parser.sees("("):
        tree = Tree("call", parser.arguments(), token.text + primes, token.column)
        return tree if exponent is None else Tree("power", (tree, exponent), column=exponent.column)
    parser.at = start
    if primes or parser.starts():
        raise token.wrong(f"{token.text}{primes} of what?", f"write {token.text}{primes}(x)")
    return Tree("name", text=token.text, column=token.column)
