"""Sums over an index, and the greatest over one, in all their spellings; it knows ranges only as they are declared."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from backcheck.proving.reading.indices import index, no_index
from backcheck.proving.reading.signs import Token
from backcheck.proving.tree import Tree

if TYPE_CHECKING:
    from backcheck.proving.reading.grammar import Parser

Ranges = dict[str, list[Tree]]  # index → those it leaves out


def over_an_index(parser: Parser, token: Token) -> Tree:
    """sum(k, …), Σ_k …, sum_{k=1}^K …, max_k …, max(a, b)."""
    if parser.sees("_", "^"):
        return _built(token, _below(parser, token), parser.product())
    if parser.sees("(", "[", "{"):
        return _in_brackets(parser, token)
    letter = parser.peek()
    if token.text != "sum" or not letter or not letter.close or letter.text not in (parser.declared.letters or {}):
        raise token.wrong(f"{token.text} over what?", f"write {token.text}_k … or {token.text}(k, …)")
    parser.at += 1
    return _built(token, {letter.text: []}, parser.product())


def _in_brackets(parser: Parser, token: Token) -> Tree:
    opened, ranges = parser.tokens[parser.at], Ranges()
    parser.at += 1
    while _is_a_range(parser, token):
        _range(parser, ranges)
        parser.next(",")
    parts = parser.inside(opened, several=not ranges and token.text != "sum")
    return _built(token, ranges, parts[0]) if ranges else Tree("call", tuple(parts), token.text, token.column)


def _is_a_range(parser: Parser, token: Token) -> bool:
    """Whether `k ,` or `k != i` or `k = 1` stands next; in max(a, b) the a is a range only if it is an index."""
    if not parser.sees("name"):
        return False
    first, second, letters = parser.tokens[parser.at], parser.peek(1), parser.declared.letters
    if second is None or second.text in ("!=", "=", ":", "in"):
        return second is not None
    if second.text != ",":
        return False
    if letters is None:
        return token.text == "sum" or _is_used_as_index(parser, first.text)
    if first.text not in letters and token.text == "sum":
        raise no_index(parser.declared, first.text, first.column)
    return first.text in letters


def _is_used_as_index(parser: Parser, text: str) -> bool:
    """Where nothing is declared: whether the letter stands in brackets further on."""
    later = [token.text for token in parser.tokens[parser.at + 2 :]]
    return any((first == "[" and second == text) or (first == text and second == "]") for first, second in pairwise(later))


def _range(parser: Parser, ranges: Ranges) -> None:
    """k, k != i, k = 1..K, k in 1..K"""
    letter = parser.next("name")
    if letter is None:
        raise parser.wrong("an index is missing here", "sum(k, …), sum_{k != i} …")
    if not parser.declared.is_index(letter.text):
        raise no_index(parser.declared, letter.text, letter.column)
    left_out = ranges.setdefault(letter.text, [])
    if parser.next("!="):
        left_out.append(_left_out(parser))
    elif parser.next("=", ":") or parser.next_word("in"):
        _from_one(parser, letter.text)
        if parser.next(".."):
            _to_its_size(parser, letter.text)


def _left_out(parser: Parser) -> Tree:
    token = parser.next("name", "number")
    if token is None:
        raise parser.wrong("an index is missing here")
    if not parser.declared.is_index(token.text):
        raise no_index(parser.declared, token.text, token.column)
    return index(token.text, token.column)


def _from_one(parser: Parser, letter: str) -> None:
    first = parser.peek()
    if first is None or first.text != "1":
        way_out = f"leave single ones out with {letter} != i, or write what is left out as a term of its own"
        raise parser.wrong(f"{letter} runs over its whole range, from 1", way_out)
    parser.at += 1


def _to_its_size(parser: Parser, letter: str) -> None:
    """The upper limit, which the index has by declaration."""
    size = parser.peek()
    wanted = (parser.declared.letters or {}).get(letter, size.text if size else "")
    if size is None or size.kind not in ("name", "number") or size.text != wanted:
        raise parser.wrong(f"{letter} runs from 1 to {wanted} here", "an index runs over the range it is declared with")
    parser.at += 1


def _below(parser: Parser, token: Token) -> Ranges:
    """_k, _{k != i}, _{i,j}, _{k=1}^K"""
    if not parser.next("_"):
        raise token.wrong(f"{token.text} over what?", f"write {token.text}_k … or {token.text}(k, …)")
    ranges, opened = Ranges(), parser.next("(", "{", "[")
    _range(parser, ranges)
    while opened and parser.next(","):
        _range(parser, ranges)
    if opened:
        parser.close(opened)
    _above(parser, next(reversed(ranges)))
    return ranges


def _above(parser: Parser, letter: str) -> None:
    """^K, ^{K}"""
    if parser.next("^"):
        opened = parser.next("(", "{", "[")
        _to_its_size(parser, letter)
        if opened:
            parser.close(opened)


def _built(token: Token, ranges: Ranges, body: Tree) -> Tree:
    """The sums one inside the other; the least is the greatest of what is negated."""
    op, least = ("total" if token.text == "sum" else "largest"), token.text == "min"
    tree = Tree("minus", (body,), column=body.column) if least else body
    for letter, left_out in reversed(ranges.items()):
        tree = Tree(op, (tree, *left_out), letter, token.column)
    return Tree("minus", (tree,), column=token.column) if least else tree
