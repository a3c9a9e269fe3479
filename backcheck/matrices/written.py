"""A tree of matrices → text: ASCII that can be typed in again, on screen (Xᵀ, ‖w‖), or LaTeX; it knows no entries."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from backcheck.matrices.tree import SCALAR, Tree

SUM, PRODUCT, POWER, ATOM = range(4)  # how tightly a text holds together
LEVELS = {"sum": SUM, "negative": SUM} | dict.fromkeys(("product", "scale", "hadamard", "quotient"), PRODUCT)
LEVELS |= {"elementwise quotient": PRODUCT, "power": POWER, "elementwise power": POWER, "transpose": POWER}
LONGEST, MOST_FIGURES = 100, 200  # denominators of a fraction; figures of a decimal number
APART = ("hadamard", "quotient", "elementwise quotient")  # in brackets within a matrix product
CALLED = {"total": "sum"}
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi",
    "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi",
    "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip


class Style(NamedTuple):
    """How one way to write spells each operation; {} are its parts."""

    minus: str
    times: str
    hadamard: str
    transpose: str
    norm: str
    call: str
    brackets: str
    fraction: str
    name: Callable[[str], str]
    function: Callable[[str], str]
    power: Callable[[str, str, bool], str]
    eye: str
    ones: str


def _typed(base: str, exponent: str, dotted: bool) -> str:
    return f"{base}{'.' if dotted else ''}^{exponent if exponent.isdecimal() else f'({exponent})'}"


def _raised(base: str, exponent: str, dotted: bool) -> str:
    if exponent.isdecimal() and not dotted:
        return base + exponent.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return _typed(base, exponent.replace("-", "−"), dotted)


def _tex_power(base: str, exponent: str, dotted: bool) -> str:
    return f"{base}^{{{chr(92) + 'circ ' if dotted else ''}{exponent}}}"


def tex_name(name: str) -> str:
    r"""A name in LaTeX: what follows its first _ stands below the line.

    >>> tex_name("x_i"), tex_name("λ"), tex_name("loss")
    ('x_{i}', '\\lambda', '\\mathit{loss}')
    """
    head, _, below = name.partition("_")
    letter = GREEK.get(head, head if head in GREEK.values() else "")
    text = f"\\{letter}" if letter else head if len(head) == 1 and head.isascii() else _italic(head)
    return f"{text}_{{{_italic(below) if len(below) > 1 else tex_name(below)}}}" if below else text


def _italic(word: str) -> str:
    from backcheck.writing.latex import escaped

    return rf"\mathit{{{word}}}" if re.fullmatch(r"[A-Za-z0-9]+", word) else rf"\text{{{escaped(word)}}}"


def _tex_function(name: str) -> str:
    from backcheck.writing.latex import FUNCTIONS

    return FUNCTIONS.get(name) or {"trace": r"\operatorname{tr}"}.get(name) or rf"\operatorname{{{name}}}"


SCREEN_NAMES = {"sigmoid": "σ"}
ASCII = Style("-", "*", ".*", "'", "norm({})", "{}({})", "({})", "{}/{}", str, str, _typed, "I", "ones({})")
SCREEN = ASCII._replace(
    minus="−",
    times=" ",
    hadamard=" ⊙ ",
    transpose="ᵀ",
    norm="‖{}‖",
    function=lambda name: SCREEN_NAMES.get(name, name),
    power=_raised,
)
LATEX = Style(
    "-", r"\,", r" \odot ", r"^{\top}", r"\left\lVert {} \right\rVert", r"{}\left({}\right)", r"\left({}\right)",
    r"\frac{{{}}}{{{}}}", tex_name, _tex_function, _tex_power, "I", r"\mathbf{{1}}_{{{}}}",
)  # fmt: skip


def written(tree: Tree, before: str = "", style: Style = ASCII) -> str:
    """The text of a tree, in brackets if the sign `before` which it stands would tear it apart.

    >>> X, w = Tree("name", text="X"), Tree("name", text="w")
    >>> written(Tree("product", (Tree("transpose", (X,)), Tree("sum", (X, Tree("negative", (w,)))))))
    "X'*(X - w)"
    """
    text = _text(tree, style)
    least = {"": SUM, "+": PRODUCT, "*": PRODUCT, "/": POWER, "^": ATOM, "'": POWER}[before]
    level = LEVELS.get(tree.op, ATOM)
    if tree.op == "number" and not text.isdecimal():
        level = SUM if text.startswith(style.minus) else PRODUCT
    return style.brackets.format(text) if level < least else text


def _text(tree: Tree, style: Style) -> str:
    parts = tree.parts
    match tree.op:
        case "number":
            return tree.text.replace("-", style.minus)
        case "name" | "size":
            return style.name(tree.text)
        case "eye" | "ones":
            return getattr(style, tree.op).format(style.name(tree.text))  # type: ignore[no-any-return]
        case "sum":
            return _terms(parts, style)
        case "negative":
            return style.minus + written(parts[0], "*", style)
        case "product" | "scale":
            left = "*" if _is_fraction(parts[0]) or not _apart(parts[0]) else "/"
            return written(parts[0], left, style) + style.times + written(parts[1], "/" if _apart(parts[1]) else "*", style)
        case "hadamard":
            left = "*" if parts[0].op == "hadamard" else "/"
            return written(parts[0], left, style) + style.hadamard + written(parts[1], "/", style)
        case "quotient" | "elementwise quotient":
            return _quotient(tree, style)
        case "transpose":
            return _transposed(parts[0], style)
        case "power":
            dotted = bool(tree.text) and parts[0].shape != SCALAR  # without a text, it is as it was typed
            return style.power(written(parts[0], "^", style), tree.text or _text(parts[1], ASCII), dotted)
        case "elementwise power":
            return style.power(written(parts[0], "^", style), _text(parts[1], ASCII), True)
        case "norm":
            return style.norm.format(_text(parts[0], style))
    function = tree.text if tree.op == "apply" else CALLED.get(tree.op, tree.op)
    return style.call.format(style.function(function), ", ".join(_text(part, style) for part in parts))


def _is_fraction(tree: Tree) -> bool:
    return tree.op == "quotient" and all(part.op == "number" for part in tree.parts)


def _apart(part: Tree) -> bool:
    """Whether a factor is clearer in brackets: x*(w'*x), (a.*b)*c."""
    return part.op in APART or (part.op == "product" and part.shape == SCALAR)


def _transposed(part: Tree, style: Style) -> str:
    return written(part, "^", style) + style.transpose


def _quotient(tree: Tree, style: Style) -> str:
    top, bottom = tree.parts
    if style is LATEX:
        return style.fraction.format(_text(top, style), _text(bottom, style))
    return f"{written(top, '*', style)}{'/' if tree.op == 'quotient' else './'}{written(bottom, '/', style)}"


def _terms(parts: tuple[Tree, ...], style: Style) -> str:
    text = ""
    for part in parts:
        minus = part.op == "negative"
        sign = (style.minus if minus else "") if not text else f" {style.minus} " if minus else " + "
        text += sign + written(part.parts[0] if minus else part, "*", style)
    return text


def figures(value: Fraction) -> str:
    """A number: 1/2, but 0.001 where the fraction is long and the decimal number ends.

    >>> figures(Fraction(1, 2)), figures(Fraction("0.0012")), figures(Fraction(1, 3000))
    ('1/2', '0.0012', '1/3000')
    """
    bottom = value.denominator
    for prime in (2, 5):
        while bottom % prime == 0:
            bottom //= prime
    if bottom > 1 or value.denominator <= LONGEST:
        return str(value)
    with localcontext(prec=MOST_FIGURES):
        return str(Decimal(value.numerator) / value.denominator).replace("E", "e").replace("e+", "e")


def numeral(value: Fraction) -> Tree:
    """A number as a tree."""
    return Tree("number", text=figures(value))
