r"""Text in LaTeX → its letters, digits, signs and commands, each with its column; it knows not what they take as arguments."""

from __future__ import annotations

import re

from backcheck.proving.reading.declared import Declared
from backcheck.proving.reading.signs import NAME, SIGN, Token, differentials, no_sign, upright
from backcheck.proving.reading.signs import token as plain
from backcheck.proving.spelling.spellings import CALLED, GREEK, OVER_AN_INDEX

SIGNS = {"cdot": "*", "times": "*", "ast": "*", "odot": ".*", "circ": ".*", "div": "/", "partial": "∂", "colon": ":"}
SIGNS |= dict.fromkeys(("le", "leq", "leqslant"), "<=") | dict.fromkeys(("ge", "geq", "geqslant"), ">=") | {"lt": "<", "gt": ">"}
SIGNS |= dict.fromkeys(("ne", "neq"), "!=") | dict.fromkeys(("to", "rightarrow", "longrightarrow"), "->") | {"{": "{", "}": "}"}
SIGNS |= dict.fromkeys(("implies", "Rightarrow", "Longrightarrow"), "=>") | {"lbrack": "[", "rbrack": "]"}
SIGNS |= dict.fromkeys(("iff", "Leftrightarrow", "Longleftrightarrow"), "<=>") | {"vert": "|"}
SIGNS |= {"|": "||", "Vert": "||"} | {"ldots": "..", "dots": "..", "cdots": ".."}
NAMES = {name: name for name in (*GREEK.values(), *OVER_AN_INDEX, "exp", "ln", "log", "tanh", "lim", "in", "ell")}
NAMES |= {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "infty": "oo"}
BARS = {"lvert": "abs", "lVert": "norm"}
# words of a line that are no letters in a row
WORDS = {"let", "given", "claim", "case", "at", "lim", "for", "any", "each", "every", "all", "monotone", "and", "because", "with"}
WORDS |= {"there", "are", "no", "therefore", "index", "vector", "matrix", "number", "function", "in", "oo", *CALLED}
LEX = re.compile(
    rf"""\s*(?:
    (?P<command>\\(?:left\.|right\.|[A-Za-z]+|.))
    |(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE]-[0-9]+(?!\w))?|\.[0-9]+)
    |(?P<prime>['′’])|(?P<space>[~&])|(?P<letters>[A-Za-z]+)|(?P<word>[Σ∑∞∈])
    |(?P<name>(?![A-Za-z]){NAME})|(?P<transpose>ᵀ|⊤)|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    |(?P<sign>{SIGN})
    )""",
    re.VERBOSE,
)


def lexed(text: str, declared: Declared) -> list[Token]:
    r"""Letters one by one, except in words and declared names.

    >>> [(token.kind, token.text) for token in lexed(r"\ln ab_i", Declared())]
    [('command', 'ln'), ('name', 'a'), ('name', 'b'), ('sign', '_'), ('name', 'i')]
    """
    text, found, at = differentials(upright(text), declared), list[Token](), 0
    while match := LEX.match(text, at):
        kind = str(match.lastgroup)
        found += _one(kind, match[kind], match.start(kind), match.start(kind) == at, declared)
        at = match.end()
    if text[at:].strip():
        raise no_sign(text, len(text) - len(text[at:].lstrip()))
    return found


def _one(kind: str, text: str, at: int, close: bool, declared: Declared) -> list[Token]:
    if kind == "space":
        return []
    if kind == "command":
        return [Token("command", text[1:], at + 1, close)]
    if kind != "letters":
        return plain(kind, text, at + 1, close)
    if declared.has(text) or text in WORDS:
        return [Token("name", text, at + 1, close)]
    return [Token("name", letter, at + 1 + further, close or further > 0) for further, letter in enumerate(text)]
