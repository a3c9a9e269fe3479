"""What a line was about that is not understood: the word it begins with, and the names it was to define; it judges nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from backcheck.proving.reading import latex, signs
from backcheck.proving.reading.declarations import READERS as OF_DECLARATIONS
from backcheck.proving.reading.declared import Declared, joined
from backcheck.proving.reading.sentences import READERS, SAID
from backcheck.proving.reading.signs import Token
from backcheck.proving.spelling.spellings import OVER_AN_INDEX
from backcheck.proving.statements import Line, Misread

DECLARING = frozenset(OF_DECLARATIONS)
FIRST = re.compile(r"\s*(?:\\(?:text|mathrm|textbf)\{\s*)?([^\W\d_]+)(?:\s*\}|\b)(?!\s*[=(\[_^])")
NEARLY = 0.75  # gvien, lte x: a slip of the finger
NAME = re.compile(r"[^\W\d_]\w*")
BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
NO_NAMES = ("any", "every", "each", "all", "monotone", "function", *OVER_AN_INDEX)


def word_of(text: str) -> str:
    """The word that a line begins with, or was meant to begin with; nothing where it begins with a formula.

    >>> word_of("Define p = q"), word_of("gvien y > 0"), word_of("p = q"), word_of("s(x) = 1")
    ('let', 'given', '', '')
    """
    found = FIRST.match(text)
    word = found[1].lower() if found else ""
    if word in READERS or word in SAID:
        return SAID.get(word, word)
    return next(iter(get_close_matches(word, READERS, n=1, cutoff=NEARLY)), "") if len(word) > 2 else ""


def names_of(line: Line, word: str) -> Sequence[str]:
    """The names on the left of it, outside of all brackets; an empty one where a definition has none that can be found.

    >>> let, vector = (Line(3, text, Misread(1, "")) for text in ("let s[i] = exp(z[i", "vector z[k], t[m]"))
    >>> names_of(let, "let"), names_of(vector, "vector")
    (('s',), ('z', 't'))
    """
    text = line.text[found.end() :] if word and (found := FIRST.match(line.text)) else line.text
    stop = r"[:=∈]|\bin\b" if word in ("index", "indices") else "[=:]" if word == "let" else "=" if word not in DECLARING else "$"
    left, *right = re.split(stop, text, maxsplit=1)
    found_names = tuple(dict.fromkeys(each for each in _outside(left, line.latex) if each not in NO_NAMES))
    if word in DECLARING:
        return found_names or ("",)
    return found_names if right and len(found_names) == 1 else ()  # an equation that says what one name is


def _outside(text: str, is_latex: bool) -> list[str]:
    """Names in a text, without what stands in brackets, and without what stands below them."""
    try:
        tokens = (latex if is_latex else signs).tokens(text, Declared({}))
    except Misread:
        return [stem for name in NAME.findall(re.sub(r"\[[^\]]*\]?|\([^)]*\)?", "", text)) for stem in _stems(name)]
    return [stem for name in _at_depth_0(tokens) for stem in _stems(name)]


def _at_depth_0(tokens: Sequence[Token]) -> list[str]:
    depth, found = 0, []
    for token in tokens:
        depth += BRACKETS.get(token.text, 0) if token.kind == "sign" else 0
        if token.kind == "name" and depth <= 0:
            found.append(token.text)
    return found


def _stems(name: str) -> list[str]:
    """s_i may be an entry of s, or a name of its own."""
    stem, _, below = name.partition("_")
    return [joined(name), stem] if below and joined(name) != stem else [joined(name)]
