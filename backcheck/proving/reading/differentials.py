"""Derivatives in all their spellings: d(f, x), ∂f/∂x, dC/da; what can be differentiated it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backcheck.proving.reading.signs import Token
from backcheck.proving.statements import Misread
from backcheck.proving.tree import Tree

if TYPE_CHECKING:
    from backcheck.proving.reading.grammar import Parser

MOST_SLOPES = 4


def slope(parser: Parser, token: Token) -> Tree:
    """d(f, x), d(f, x, y), d2(f, x)"""
    body, *by = parser.arguments()
    by = by * 2 if token.text == "d2" and len(by) == 1 else by
    if not by or len(by) > MOST_SLOPES:
        raise token.wrong(f"differentiated {len(by)} times?" if by else "the derivative by what?", "write d(f, x) or d(f, x, y)")
    return Tree("slope", (body, *(_by(part, token) for part in by)), column=token.column)


def _by(tree: Tree, token: Token) -> Tree:
    if tree.op not in ("name", "entry"):
        way_out = "a derivative is by a name or an entry: d(f, x), d(f, z[j]), ∂f/∂x"
        raise Misread(tree.column or token.column, "this is no name to differentiate by", way_out)
    return tree


def quotient_of_differentials(parser: Parser, token: Token) -> Tree:
    """∂f/∂x, ∂²f/∂x², ∂/∂x (f), dC/da; of ∂f/∂x ∂x/∂y only the first."""
    order, joined = _order(parser)
    body = None if parser.sees("/") else parser.power()
    if not (parser.sees("/") and parser.sees("∂", ahead=1)):
        raise token.wrong("this ∂ stands in no fraction", "write ∂f/∂x or d(f, x)")
    by, parser.at = list[Tree](), parser.at + 1
    while len(by) < order and parser.next("∂"):
        by += _powers(parser.power(), token, joined and order > 1)
    if len(by) != order:
        raise token.wrong(f"∂ counts {order} above and {len(by)} below", "write ∂f/∂x, ∂²f/∂x² or d2(f, x)")
    return Tree("slope", (body or _beside(parser), *by), column=token.column)


def _beside(parser: Parser) -> Tree:
    """What is differentiated, where it stands beside the fraction, with its power; a factor after it may be meant or not."""
    body = parser.power()
    parser.loose = parser.unclear_after = parser.at
    return body


def _order(parser: Parser) -> tuple[int, bool]:
    """How often is differentiated, and whether it was written without a sign: d2C/da2."""
    if token := parser.next("raised"):
        return _small(token), False
    if parser.next("^"):
        opened = parser.next("{", "(")
        token = parser.next("number")
        if token is None:
            raise parser.wrong("how often is differentiated?", "∂^2 f/∂x^2")
        if opened:
            parser.close(opened)
        return _small(token), False
    token = parser.peek()
    if token and token.kind == "number" and token.close and (parser.sees("name", ahead=1) or parser.sees("/", ahead=1)):
        parser.at += 1
        return _small(token), True
    return 1, False


def _small(token: Token) -> int:
    if not token.text.isdecimal() or len(token.text) > 1 or not 1 <= int(token.text) <= MOST_SLOPES:
        raise token.wrong(f"a derivative of order {token.text[:20]} is not read", f"differentiate at most {MOST_SLOPES} times")
    return int(token.text)


def _powers(tree: Tree, token: Token, joined: bool) -> list[Tree]:
    """x² below ∂ means twice by x; in d2C/da2 the name a2 means it too."""
    if tree.op == "power" and tree.parts[1].op == "number" and tree.parts[1].text in ("2", "3", "4"):
        return [_by(tree.parts[0], token)] * int(tree.parts[1].text)
    if joined and tree.op == "name" and len(tree.text) > 1 and tree.text[-1] in "234":
        return [tree._replace(text=tree.text[:-1])] * int(tree.text[-1])
    return [_by(tree, token)]
