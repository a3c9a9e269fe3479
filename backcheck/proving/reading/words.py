"""Names and words of a formula, with what stands below them: y, z_i, W_jk, δ_{ij}, e; it knows the parser, and no shapes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backcheck.errors import did_you_mean
from backcheck.proving.reading.calling import declared_function, function
from backcheck.proving.reading.cursor import CLOSES
from backcheck.proving.reading.declared import joined
from backcheck.proving.reading.differentials import slope
from backcheck.proving.reading.indices import index, indices, no_index
from backcheck.proving.reading.running import over_an_index
from backcheck.proving.reading.signs import Token
from backcheck.proving.spelling.spellings import CALLED, GREEK, INFINITY, OVER_AN_INDEX, WORDS_NOT_READ
from backcheck.proving.tree import Tree

if TYPE_CHECKING:
    from backcheck.proving.reading.grammar import Parser

LIKE_FUNCTIONS = re.compile(r"[fghFG]|[^\W\d_]{2,}")  # before a bracket hardly meant as factors, if nobody declared them
EULER = "euler"  # an e of which is not known yet whether something stands above it


def word(parser: Parser, token: Token) -> Tree:
    """A name, and what it takes with it."""
    declared, text = parser.declared, token.text
    if text in declared.functions:
        return declared_function(parser, token)
    if not declared.has(text):
        if text in INFINITY:
            return Tree("infinity", column=token.column)
        if text in OVER_AN_INDEX and (parser.sees("_", "^", "(", "[", "{", "name")):
            return over_an_index(parser, token)
        if text in ("d", "d2") and parser.sees("("):
            return slope(parser, token)
        if text == "e":
            return Tree(EULER, column=token.column)
    if text in CALLED and (tree := function(parser, token)):
        return tree
    return name(parser, token)


def name(parser: Parser, token: Token) -> Tree:
    """A name by itself, or an entry that is written as one word: z_i."""
    declared, text = parser.declared, token.text
    if declared.has(text):
        return Tree("name", text=text, column=token.column)
    stem, _, below = text.partition("_")
    if below and (found := declared.subscripts(stem, below)):
        return _entry(parser, Tree("name", text=stem, column=token.column), tuple(index(each, token.column) for each in found))
    token = token._replace(text=joined(text))
    if joined(text) in declared.functions:
        return declared_function(parser, token)
    if declared.letters is not None and not declared.has(token.text):
        _alone(parser, token)
    return Tree("name", text=token.text, column=token.column)


def _entry(parser: Parser, tree: Tree, parts: tuple[Tree, ...]) -> Tree:
    if (tree.op, tree.text) == ("name", "delta") and len(parts) == 2 and "delta" not in parser.declared.ranks:
        return Tree("call", parts, "delta", tree.column)
    return Tree("entry", (tree, *parts), column=tree.column)


def below(parser: Parser, tree: Tree, token: Token) -> Tree:
    """z_{i}, W_{j,k}, δ_{ij}, (W x)_i, and a name like z_{new}."""
    opened = parser.next("(", "{", "[")
    inside = parser.peek()
    if inside and inside.kind in ("name", "number") and (not opened or parser.sees(")", "}", "]", ahead=1)):
        parser.at += 2 if opened else 1
        return _one_below(parser, tree, inside)
    if not opened:
        raise token.wrong("an index is missing after _", "write z_i or z[i]")
    return _entry(parser, tree, tuple(indices(parser, opened)))


def _one_below(parser: Parser, tree: Tree, inside: Token) -> Tree:
    """One word below: of a name it makes an entry or another name."""
    if tree.op == "name":
        return name(parser, Token("name", f"{tree.text}_{inside.text}", tree.column))
    found = parser.declared.subscripts("", inside.text) or (inside.text,)
    if not all(map(parser.declared.is_index, found)):
        raise no_index(parser.declared, inside.text, inside.column)
    return _entry(parser, tree, tuple(index(each, inside.column) for each in found))


# a word that nobody declared is a number, except where that is hardly meant


def _alone(parser: Parser, token: Token) -> None:
    text, following, declared = token.text, parser.peek(), parser.declared
    if text in WORDS_NOT_READ:
        raise token.wrong(*WORDS_NOT_READ[text])
    if len(text) > 1 and text not in (*GREEK.values(), *CALLED) and declared.is_written_together(text):
        says = f"{text} is declared nowhere, and can be read as several names written together"
        raise token.wrong(says, f"write a space or * between the names, or before it: number {text}")
    if declared.was_applied(text):
        raise token.wrong(f"{text} of what? it is a function above", f"write {text}(…); if it is a number, before: number {text}")
    if following and following.kind == "prime" and _is_called(parser):
        says = f"{text} is no function here, and so has no slope {text}'"
        raise token.wrong(says, f"declare it before: for any {text}, or let {text}(x) = …")
    if following and following.close and following.text == "(" and _is_like_a_function(parser, text):
        hint = did_you_mean(text, [*CALLED, *declared.functions, "d"])
        declare = f"declare it before: for any {text}, or let {text}(x) = …; if it is a number, write {text}*(…)"
        raise token.wrong(f"{text} is no function here", hint or declare)
    if not declared.is_number(text) and _is_beside_factors(parser):
        raise token.wrong(
            f"what is {text}? it is declared nowhere",
            f"if it is a number, before: number {text}; all functions: backcheck prove --rules",
        )


def _is_like_a_function(parser: Parser, text: str) -> bool:
    """s(x), f(a + b), loss(…): before these brackets hardly a factor."""
    inside, ahead = list[Token](), 1
    while (token := parser.peek(ahead)) and token.text != ")":
        inside, ahead = [*inside, token], ahead + 1
    is_list = bool(inside) and all(
        token.text == "," if at % 2 else token.kind in ("name", "number") for at, token in enumerate(inside)
    )
    is_size = text in (parser.declared.letters or {}).values()
    return (is_list and not is_size) or (bool(LIKE_FUNCTIONS.fullmatch(text)) and text not in GREEK.values())


def _is_beside_factors(parser: Parser) -> bool:
    """Whether a factor stands before or after it, without a sign between."""
    before = parser.tokens[parser.at - 2] if parser.at > 1 else None
    ends = before is not None and (before.kind in ("number", "transpose", "prime", "raised") or before.text in CLOSES.values())
    named = before is not None and before.kind == "name" and before.text not in (*CALLED, *OVER_AN_INDEX)
    return ends or named or parser.starts()


def _is_called(parser: Parser) -> bool:
    ahead = 0
    while parser.sees("prime", ahead=ahead):
        ahead += 1
    return parser.sees("(", ahead=ahead)


def is_no_number(parser: Parser, tree: Tree, token: Token) -> None:
    """y' of a number is hardly meant as y transposed."""
    declared = parser.declared
    if token.kind == "prime" and tree.op == "name" and declared.letters is not None and not declared.ranks.get(tree.text):
        says = f"{tree.text} is a number here: a prime transposes vectors and matrices, and is a slope of functions"
        raise token.wrong(says, f"a derivative is written d({tree.text}, x)")


# e^x


def power(base: Tree, exponent: Tree, column: int) -> Tree:
    """a^n, or exp(n) where e is no name of its own."""
    if base.op == EULER:
        return Tree("call", (exponent,), "exp", base.column)
    return Tree("power", (base, exponent), column=column)


def base_of_exp(tree: Tree) -> Tree:
    """An e that stands alone is exp(1)."""
    if tree.op == EULER:
        return Tree("call", (Tree("number", text="1", column=tree.column),), "exp", tree.column)
    return tree
