"""A typed formula → its signs and words, each with its column; it knows no grammar, and no LaTeX."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from backcheck.proving.reading.declared import Declared
from backcheck.proving.spelling.spellings import ACCENTS, BELOW, FUNCTIONS, GREEK, LOW, NOT_READ, OVER_AN_INDEX, SAME
from backcheck.proving.statements import Misread

LETTER = rf"(?:[^\W\d_\u0370-\u03ff⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿⁱ{LOW}ᵀ½ʹ][\u0300-\u036f]?)"
IN_GREEK = rf"[{''.join(GREEK)}]"
LONGEST = 40
NAME = rf"(?:{IN_GREEK}[0-9]*|{LETTER}(?:{LETTER}|[0-9])*)(?:_(?:{LETTER}|{IN_GREEK}|[0-9])+)*[{LOW}]*~*"
SIGN = r"<=>|<->|=>|->|<=|=<|>=|!=|/=|<>|:=|==|\.\.|\*\*|\.\*|\|\||[-−–+*·⋅∙×@⊙∘/÷^_()\[\]{},;:=<>≤≥≠⩽⩾⇒⟹→⇔⟺∂|‖]"
TOKEN = re.compile(
    rf"""\s*(?:
    (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+(?!\w))?|½)
    |(?P<word>[Σ∑∞∈])
    |(?P<name>{NAME})
    |(?P<low>[{LOW}]+)
    |(?P<transpose>ᵀ|⊤|\.T(?!\w)|\^\s*(?:⊤|\{{\s*T\s*\}}|T(?!\w)))
    |(?P<prime>['′’])
    |(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    |(?P<sign>{SIGN})
    )""",
    re.VERBOSE,
)
MATHEMATICAL = re.compile("[\U0001d400-\U0001d7ff\u210e]")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
WORDS = {"Σ": "sum", "∑": "sum", "∞": "oo", "∈": "in"}
DIFFERENTIAL = re.compile(
    rf"(?<![^\W\d])(?<!_)d(?P<order>\s*(?:\^\s*[0-9]|[²³]|[23](?=[^\W\d]|\s*/)))?\s?"
    rf"(?P<of>(?:{NAME})?(?:\[[^\[\]]*\]|\([^()]*\))?)\s*/\s*(?=d\s?(?P<by>{NAME}))"
)


class Token(NamedTuple):
    kind: str  # number, name, sign, raised, prime, transpose
    text: str
    column: int
    close: bool = False  # nothing stands between it and the token before it

    def wrong(self, says: str, way_out: str = "") -> Misread:
        """What is wrong here."""
        return Misread(self.column, says, way_out, len(self.text))


def tokens(text: str, declared: Declared | None = None) -> list[Token]:
    """The signs and words of a line, each sign in one spelling only.

    >>> [token.text for token in tokens("Σ_k δ_ij z² ≤ 2")]
    ['sum', '_', 'k', 'delta_ij', 'z', '2', '<=', '2']
    """
    text = differentials(upright(text), declared or Declared())
    found, at = list[Token](), 0
    while match := TOKEN.match(text, at):
        kind = str(match.lastgroup)
        start = match.start(kind)
        if kind == "transpose" and match[kind].endswith("T") and declared is not None and declared.has("T"):
            raise Misread(start + 1, "to the power of T, or transposed?", "T is declared: write ' to transpose, ^(T) for the power")
        found += token(kind, match[kind], start + 1, start == at)
        at = match.end()
    if text[at:].strip():
        raise no_sign(text, len(text) - len(text[at:].lstrip()))
    return found


def token(kind: str, text: str, column: int, close: bool) -> list[Token]:
    """A sign or a word in its one spelling."""
    if len(text) > LONGEST:
        what = "number" if kind in ("number", "raised") else "name"
        raise Misread(column, f"{text[:20]}… is too long for a {what}", f"at most {LONGEST} signs", len(text))
    if kind == "name":
        return name(text, column, close)
    if kind == "low":
        return [Token("sign", "_", column, close), Token("name", text.translate(BELOW), column, True)]
    if kind == "word":
        return [Token("name", WORDS[text], column, close)]
    return [Token(kind, text.translate(SUPERSCRIPTS) if kind == "raised" else SAME.get(text, text), column, close)]


def name(text: str, column: int, close: bool) -> list[Token]:
    """A name in its one spelling; sum_k is a sum and its index.

    >>> [token.text for token in name("σ₁", 1, False) + name("ŷ", 1, False) + name("max_k", 1, False)]
    ['sigma_1', 'yhat', 'max', '_', 'k']
    """
    if not text.isascii():
        stem = text.rstrip(LOW)
        text = f"{stem}_{text[len(stem) :].translate(BELOW)}" if stem != text else text
        text = "".join(GREEK.get(c, c) for c in _spoken(text))
    head, _, below = text.partition("_")
    if below and head in (*OVER_AN_INDEX, "lim"):
        at = column + len(head)
        return [Token("name", head, column, close), Token("sign", "_", at, True), Token("name", below, at + 1, True)]
    return [Token("name", text, column, close)]


def _spoken(text: str) -> str:
    """Letters under an accent get its name: ŷ is yhat."""
    apart = unicodedata.normalize("NFD", text)
    spoken = "".join(ACCENTS.get(c, c) for c in apart)
    return spoken if spoken != apart else unicodedata.normalize("NFC", text)


def differentials(text: str, declared: Declared) -> str:
    """dL/dw with the ∂ that is meant, unless dL or dw is a name of its own.

    >>> differentials("dL/dw + delta/2", Declared()), differentials("dL/dw", Declared(ranks={"dw": 0}))
    ('∂L/∂w + delta/2', 'dL/dw')
    """
    if "/" not in text or "d" not in text or declared.has("d"):
        return text
    marked = set[int]()
    for found in DIFFERENTIAL.finditer(text):
        own = re.match(r"\w*", text[found.start() :])
        known = own is not None and (declared.has(own[0]) or own[0] in FUNCTIONS)
        if not known and not declared.has(f"d{found['by']}") and found["by"] != "elta":
            marked |= {found.start(), found.end()}
    return "".join("∂" if at in marked else c for at, c in enumerate(text)) if marked else text


def upright(text: str) -> str:
    """Letters and digits of mathematics as plain ones, as formulas copied from a page have them: 𝑥 is x."""
    return MATHEMATICAL.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text) if not text.isascii() else text


def no_sign(text: str, at: int) -> Misread:
    says, way_out = NOT_READ.get(text[at], (f"{text[at]!r} is no sign of a derivation", "words that are no formula stand after #"))
    return Misread(at + 1, says, way_out)
