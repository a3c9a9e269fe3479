"""A typed matrix expression → its signs and words, each with its column; it knows no grammar and no shapes."""

from __future__ import annotations

import re
from typing import NamedTuple

from backcheck.errors import BackcheckError, Fault

# name as typed → function; those of one number work on every entry, the others on the whole array
ELEMENTWISE = dict.fromkeys(("exp", "ln", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "erf"))
ELEMENTWISE |= dict.fromkeys(("sigmoid", "softplus", "relu", "abs", "sign", "step", "sqrt"))
WHOLE = dict.fromkeys(("norm", "trace", "total", "mean", "softmax", "lse", "diag", "transpose"))
ALSO = {"log": "ln", "σ": "sigmoid", "logistic": "sigmoid", "ReLU": "relu", "tr": "trace", "sum": "total", "logsumexp": "lse"}
ALSO |= {"log_sum_exp": "lse", "arctan": "atan", "heaviside": "step", "sgn": "sign", "ave": "mean"}
OF_A_SIZE = ("eye", "ones")
CALLED = {name: name for name in (*ELEMENTWISE, *WHOLE, *OF_A_SIZE, "hadamard") if name != "total"} | ALSO

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
RAISED = "ᵀ⊤⁰¹²³⁴⁵⁶⁷⁸⁹⁻½"
NAME = re.compile(rf"(?![{RAISED}])[^\W\d_](?:(?![{RAISED}])\w){{0,39}}")
TOKEN = re.compile(
    rf"""\s*(?:
    (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|½)
    |(?P<name>(?![{RAISED}])[^\W\d_](?:(?![{RAISED}])\w)*)
    |(?P<transpose>'|′|’|ᵀ|⊤|\.T(?!\w)|\^\s*(?:T|⊤|\\top)(?!\w))
    |(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    |(?P<bar>(?:\|\||‖)(?:_(?:F|[0-9]+|∞|inf))?)
    |(?P<sign>\.\*|\.\^|\./|\*\*|[-−+*·@⊙∘/^(),])
    )""",
    re.VERBOSE,
)
SAME = {"−": "-", "·": "*", "@": "*", "⊙": ".*", "∘": ".*", "**": "^"}


class Mistake(BackcheckError):
    """One thing wrong at one place of the expression."""

    def __init__(self, column: int, says: str, way_out: str = "", width: int = 1) -> None:
        self.fault = Fault(1, column, says, way_out, width)
        super().__init__(says)


class Token(NamedTuple):
    kind: str
    text: str
    column: int


def tokens(text: str, names: list[str]) -> list[Token]:
    """The signs and words of an expression in which these names stand for arrays.

    >>> [token.text for token in tokens("2Xw'", ["X", "w"])]
    ['2', 'X', 'w', "'"]
    """
    found, at = list[Token](), 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            column = len(text) - len(text[at:].lstrip()) + 1
            way_out = f"it reads + - * .* / ^ ' ( ) || and {functions()}"
            raise Mistake(column, f"{text[column - 1]!r} is no sign of this language", way_out)
        kind = str(match.lastgroup)
        word, column = match[kind], match.start(kind) + 1
        if kind == "transpose" and word.startswith("^") and "T" in names:
            raise Mistake(column, "^T: to the power of T, or transposed?", "T has a shape: write ' to transpose", len(word))
        called = text[match.end() :].lstrip().startswith("(")
        found += _names(Token(kind, word, column), names, called) if kind == "name" else [Token(kind, word, column)]
        at = match.end()
    return found


def _names(token: Token, names: list[str], called: bool) -> list[Token]:
    """A word that is no name may be several of them written together: Xw is X*w."""
    if token.text in names or (called and token.text in CALLED):
        return [token]
    ways = _ways(token.text, sorted(names))
    if len(ways) > 1:
        says = f"{token.text} can be read as {' or '.join('*'.join(way) for way in ways[:2])}"
        raise Mistake(token.column, says, "write the * between names", len(token.text))
    if not ways:
        return [token]
    starts = [sum(map(len, ways[0][:i])) for i in range(len(ways[0]))]
    return [Token("name", name, token.column + start) for name, start in zip(ways[0], starts, strict=True)]


def _ways(word: str, names: list[str]) -> list[list[str]]:
    """The ways to cut a word into names, two of them at most."""
    ways: list[list[list[str]]] = [[[]]]  # of the first 0, 1, 2, … letters
    for end in range(1, len(word) + 1):
        ways.append([])
        for name in names:
            if len(name) <= end and word[:end].endswith(name):
                ways[end] += [[*way, name] for way in ways[end - len(name)]]
        ways[end] = ways[end][:2]
    return ways[-1]


def functions() -> str:
    """The functions that may be called."""
    return ", ".join(sorted(name for name, of in CALLED.items() if name in (of, "sum")))
