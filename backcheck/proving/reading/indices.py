"""Indices in brackets: z[k], W[j,k], (W x)[i]; it knows only which letters are declared as indices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backcheck.errors import did_you_mean
from backcheck.proving.reading.declared import Declared
from backcheck.proving.reading.signs import Token
from backcheck.proving.statements import Misread
from backcheck.proving.tree import Tree

if TYPE_CHECKING:
    from backcheck.proving.reading.grammar import Parser


def index(text: str, column: int) -> Tree:
    return Tree("number" if text.isdecimal() else "name", text=text, column=column)


def are_indices(parser: Parser, tree: Tree, opened: Token) -> bool:
    """Whether the [ after an atom takes an entry of it, and is no bracket of its own."""
    if not opened.close or tree.op == "number":
        return False
    if tree.op == "name":
        return True
    ahead = 0
    while (token := parser.peek(ahead)) and token.kind in ("name", "number") and parser.declared.is_index(token.text):
        if parser.sees("]", ahead=ahead + 1):
            return True
        if not parser.sees(",", ahead=ahead + 1):
            return False
        ahead += 2
    return False


def indices(parser: Parser, opened: Token) -> list[Tree]:
    """j, k], after the bracket; below a name the comma may be missing: W_{j k}."""
    parts = parser.inside(opened, several=True)
    if len(parts) == 1 and parts[0].op == "times":
        parts = list(parts[0].parts)
    for part in parts:
        if part.op not in ("name", "number") or (part.op == "number" and not part.text.isdecimal()):
            raise Misread(part.column or opened.column, "this is no index", "an index is a letter or a number: z[k], z[2], W[j,k]")
        if not part.text.strip("0"):
            raise Misread(part.column, "indices count from 1", "the first entry is z[1]")
        if not parser.declared.is_index(part.text):
            raise no_index(parser.declared, part.text, part.column)
    return parts


def no_index(declared: Declared, text: str, column: int) -> Misread:
    letters = declared.letters or {}
    running = next((letter for letter, size in letters.items() if size == text), "")
    if running:
        return Misread(column, f"{text} is a size, and no index", f"{running} is an index that runs over it", len(text))
    hint = (len(text) > 1 and did_you_mean(text, list(letters))) or f"on a line before it: index {text} : K"
    return Misread(column, f"{text} is no index: what does it run over?", hint, len(text))
