r"""Arguments of LaTeX commands, as signs and words: fractions, upright names, what stands below and above; it reads no text."""

from __future__ import annotations

from backcheck.proving.reading.signs import LONGEST, Token
from backcheck.proving.spelling.spellings import OVER_AN_INDEX
from backcheck.proving.statements import Misread


def upright(token: Token, inside: list[Token], accent: str) -> Token:
    """\\mathrm{softmax} is one name, and so is \\hat{y}."""
    text = "".join(part.text for part in inside)
    if not all(part.kind in ("name", "number") for part in inside) or not text[:1].isalpha() or len(text) > LONGEST:
        raise Misread(token.column, f"in \\{token.text}{{…}} a name is read", "", len(token.text) + 1)
    return Token("name", text + accent, token.column, token.close)


def fraction(above: list[Token], below: list[Token], token: Token) -> list[Token]:
    """Brackets around what stands above, what stands below, and both."""
    if not above or not below:
        raise Misread(token.column, "a fraction needs something above and below", "\\frac{a}{b}", len(token.text) + 1)
    return in_brackets([*in_brackets(above, token), Token("sign", "/", token.column), *in_brackets(below, token)], token)


def differentials(above: list[Token], below: list[Token], token: Token) -> list[Token]:
    """A quotient of differentials keeps its form, with ∂ for each d that stands outside of brackets."""
    return [_partial(above[0]), *above[1:], Token("sign", "/", token.column), *map(_partial, below)]


def _partial(token: Token) -> Token:
    return token._replace(kind="sign", text="∂") if (token.kind, token.text) == ("name", "d") else token


def in_brackets(inside: list[Token], token: Token) -> list[Token]:
    return [Token("sign", "(", token.column), *inside, Token("sign", ")", inside[-1].column if inside else token.column)]


def with_below(name: Token, inside: list[Token]) -> Token | None:
    """z_i and δ_{ij} are one name until the grammar knows more; W_{j,k} and sums keep their braces."""
    plain = all(part.kind in ("name", "number") and part.text.isalnum() for part in inside)
    if name.kind != "name" or name.text in (*OVER_AN_INDEX, "lim") or "_" in name.text or not plain or not inside:
        return None
    return name._replace(text=f"{name.text}_{''.join(part.text for part in inside)}")


def above(inside: list[Token], sign: Token) -> list[Token]:
    texts = [part.text for part in inside]
    if inside and all(part.kind in ("prime", "transpose") for part in inside):
        return inside
    if texts == ["T"]:
        return [Token("transpose", "⊤", inside[0].column)]
    if len(inside) == 3 and texts[0] == "(" and inside[1].kind == "number":
        raise inside[1].wrong("is this a power, or the number of a layer?", "write z^2 for the power, z_2 for a name")
    return [sign, *inside] if len(inside) == 1 else [sign, *in_brackets(inside, sign)]
