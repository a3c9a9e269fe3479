r"""A formula in a subset of LaTeX → the same signs and words as plain text has; it knows no grammar, and no macros."""

from __future__ import annotations

from backcheck.errors import did_you_mean
from backcheck.proving.reading.declared import Declared
from backcheck.proving.reading.latex_parts import above as raised
from backcheck.proving.reading.latex_parts import differentials, fraction, in_brackets, upright, with_below
from backcheck.proving.reading.latex_signs import BARS, NAMES, SIGNS, lexed
from backcheck.proving.reading.signs import Token
from backcheck.proving.spelling.spellings import WORDS_NOT_READ
from backcheck.proving.statements import Misread

MOST_DEEP = 60
LEFT = {"left", "bigl", "Bigl", "biggl", "Biggl"}
RIGHT = {"right", "bigr", "Bigr", "biggr", "Biggr"}
SIZES = LEFT | RIGHT | {"middle", "big", "Big", "bigg", "Bigg"}
NOTHING = {
    "displaystyle",
    "textstyle",
    "limits",
    "nolimits",
    "quad",
    "qquad",
    "hfill",
    "nonumber",
    "notag",
    "left.",
    "right.",
    *",;:!> \\",
}
UPRIGHT = {"mathrm", "text", "operatorname", "mathbf", "boldsymbol", "bm", "vec", "mathit", "mathsf", "mathcal"}
UPRIGHT |= {"textbf", "textit", "textrm", "mathtt"}
HATS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde"}
FRACTIONS, ABOVE, LABELS = {"frac", "dfrac", "tfrac", "cfrac"}, {"overset", "stackrel"}, {"tag", "label"}
KNOWN = [*SIGNS, *NAMES, *UPRIGHT, *HATS, *FRACTIONS, *ABOVE, "sqrt", "top", "prime"]
READ = "\\frac \\sum \\partial \\delta \\ln \\exp \\cdot \\leq and the like are read"
HINTS = {
    "prod": "a product over an index is not read: write exp(sum(k, ln(…)))",
    "nabla": "write the derivative by one entry: \\frac{\\partial L}{\\partial z_j}",
    "int": "a derivation here has sums and derivatives",
    "approx": "write = between what is equal, or < and >",
    "begin": "of environments aligned, align, split, gather and equation are read; cases stand in lines of their own: case i = j",
}


def tokens(text: str, declared: Declared | None = None) -> list[Token]:
    r"""The signs and words of a line.

    >>> " ".join(token.text for token in tokens(r"\frac{\partial \sigma_i}{\partial z_j} = \sum_{k} \delta_{ij}^2"))
    '∂ sigma_i / ∂ z_j = sum _ { k } delta_ij ^ 2'
    """
    reader = _Reader(lexed(text, declared or Declared()), len(text.rstrip()) + 1)
    found = reader.until_brace()
    if token := reader.peek():
        raise token.wrong("this } closes nothing")
    return found


class _Reader:
    """Goes through the signs once; groups in braces are read one inside the other."""

    def __init__(self, found: list[Token], end: int) -> None:
        self.lexed, self.at, self.depth, self.end = found, 0, 0, end

    def peek(self) -> Token | None:
        return self.lexed[self.at] if self.at < len(self.lexed) else None

    def sees(self, *signs: str) -> bool:
        token = self.peek()
        return token is not None and token.kind == "sign" and token.text in signs

    def until_brace(self) -> list[Token]:
        """All tokens up to the brace that closes, which stays."""
        found = list[Token]()
        while self.at < len(self.lexed) and not self.sees("}"):
            found += self.one()
        return found

    def group(self, of: Token) -> list[Token]:
        """{…}, or what stands without braces after _, ^ or \\frac."""
        self.depth += 1
        if self.depth > MOST_DEEP:
            raise of.wrong(f"more than {MOST_DEEP} braces stand inside each other")
        opened = self.peek()
        if opened is None:
            raise Misread(self.end, f"something is missing after {of.text}")
        if not self.sees("{"):
            found = self.single(of)
        else:
            self.at += 1
            found = self.until_brace()
            if not self.sees("}"):
                raise opened.wrong("the '{' is never closed", "close it with }")
            self.at += 1
        self.depth -= 1
        return found

    def single(self, of: Token) -> list[Token]:
        """One letter, one digit, one command."""
        token = self.lexed[self.at]
        if token.kind == "command":
            return self.command()
        if token.kind == "number" and len(token.text) > 1:
            if of.text in ("^", "_") or not token.text.isdecimal():
                raise token.wrong(f"of {token.text} only the first digit belongs to {of.text}", f"write {of.text}{{{token.text}}}")
            self.lexed[self.at] = token._replace(text=token.text[1:], column=token.column + 1)
            return [token._replace(text=token.text[0])]
        self.at += 1
        return [token]

    def one(self) -> list[Token]:
        """The next sign with all that belongs to it: its arguments, what stands below and above it."""
        token = self.lexed[self.at]
        if token.kind == "sign" and token.text == "{":
            inside = self.group(token)
            return self.scripts(inside if len(inside) == 1 else in_brackets(inside, token))
        if token.kind == "command":
            found = self.command()
        else:
            found, self.at = [token], self.at + 1
        return self.scripts(found) if found else found

    def scripts(self, base: list[Token]) -> list[Token]:
        """Below before above, however they were typed: z^2_i is z_i^2."""
        below, above = list[Token](), list[Token]()
        while self.sees("_", "^"):
            sign, self.at = self.lexed[self.at], self.at + 1
            inside = self.group(sign)
            if sign.text == "^":
                above += raised(inside, sign)
            elif name := with_below(base[-1], inside):
                base = [*base[:-1], name]
            else:
                below += [sign, sign._replace(text="{", close=True), *inside, sign._replace(text="}")]
        return [*base, *below, *above]

    # commands

    def command(self) -> list[Token]:
        token, self.at = self.lexed[self.at], self.at + 1
        text = token.text
        if text in SIGNS:
            return [token._replace(kind="sign", text=SIGNS[text])]
        if text in NAMES:
            return [token._replace(kind="name", text=NAMES[text])]
        if text in ("top", "intercal"):
            return [token._replace(kind="transpose", text="⊤")]
        if text == "prime":
            return [token._replace(kind="prime", text="'")]
        if text in BARS:
            return [Token("name", BARS[text], token.column), Token("sign", "(", token.column)]
        if text in ("rvert", "rVert"):
            return [Token("sign", ")", token.column)]
        if text in SIZES:
            return self.sized(text)
        if text in NOTHING:
            return []
        return self.with_arguments(token)

    def sized(self, size: str) -> list[Token]:
        r"""\left( is a bracket, and \left[ begins no entry of what stands before it; a bar opens on the left."""
        token = self.peek()
        if token is None or token.kind not in ("sign", "command") or (token.kind == "command" and token.text not in SIGNS):
            return []
        self.at += 1
        sign = SIGNS[token.text] if token.kind == "command" else token.text
        if sign in ("|", "||") and size in LEFT:
            return [Token("name", "abs" if sign == "|" else "norm", token.column), Token("sign", "(", token.column)]
        if sign in ("|", "||") and size in RIGHT:
            return [Token("sign", ")", token.column)]
        return [Token("sign", sign, token.column)]

    def is_differential(self) -> bool:
        r"""Whether the next group begins with ∂: \partial, d, \mathrm{d}."""
        begin = self.at + self.sees("{")
        first = [token.text for token in self.lexed[begin : begin + 3]]
        return first[:1] in (["partial"], ["d"], ["∂"]) or (first[:1] != [] and first[0] in UPRIGHT and first[1:] == ["{", "d"])

    def with_arguments(self, token: Token) -> list[Token]:
        text = token.text
        if text in UPRIGHT or text in HATS:
            return [upright(token, self.group(token), HATS.get(text, ""))]
        if text in FRACTIONS:
            above_is, above = self.is_differential(), self.group(token)
            below_is, below = self.is_differential(), self.group(token)
            return (differentials if above_is and below_is else fraction)(above, below, token)
        if text == "sqrt" and not self.sees("["):
            return [token._replace(kind="name"), *in_brackets(self.group(token), token)]
        if text in ABOVE or text in LABELS:
            self.group(token)
            return self.group(token) if text in ABOVE else []
        if text == "sqrt":
            raise token.wrong("only square roots are read", "write x^{1/3}")
        if text in WORDS_NOT_READ:
            raise Misread(token.column, *WORDS_NOT_READ[text], len(text) + 1)
        way_out = HINTS.get(text) or did_you_mean(text, KNOWN) or READ
        raise Misread(token.column, f"\\{text} is not read", way_out, len(text) + 1)
