"""A report → a LaTeX document that compiles: aligned lines, formula = numbers = result."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from backcheck.cells import LENGTH, OF_ONE
from backcheck.formula import Call, Cell, Formula, Negative, Number, Power, Product, Quotient, Sum
from backcheck.lines import Line
from backcheck.spelling import Figures
from backcheck.writing.report import Report
from backcheck.writing.text import Writer, plain

FUNCTIONS = {
    "exp": r"\exp",
    "ln": r"\ln",
    "sin": r"\sin",
    "cos": r"\cos",
    "tan": r"\tan",
    "sinh": r"\sinh",
    "cosh": r"\cosh",
    "tanh": r"\tanh",
}
FUNCTIONS |= {
    "max": r"\max",
    "min": r"\min",
    "sigmoid": r"\sigma",
    "Phi": r"\Phi",
    "phi": r"\varphi",
    "atan": r"\arctan",
}
OF_UPDATES = {
    "mhat": r"\hat m",
    "vhat": r"\hat v",
    "m0": "m_{0}",
    "v0": "v_{0}",
    "clipped": r"\operatorname{clipped}",
}
SPECIAL = (
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"|": r"\textbar{}", "<": r"\textless{}", ">": r"\textgreater{}"}
    | {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
SYMBOLS = {
    "Σ": r"$\sum$", "²": "$^2$", "½": r"$\tfrac12$", "−": "$-$", "·": r"$\cdot$", "η": r"$\eta$", "δ": r"$\delta$", "′": "$'$",
    "∂": r"$\partial$", "Φ": r"$\Phi$", "φ": r"$\varphi$", "×": r"$\times$", "…": r"\dots{}", "σ": r"$\sigma$",
}  # fmt: skip
TERMS_IN_A_LINE = 5
PREAMBLE = r"""\documentclass{article}
\usepackage{amsmath}
\usepackage[margin=2cm]{geometry}
\allowdisplaybreaks
\begin{document}"""


def latex(report: Report, figures: Figures) -> str:
    """A document with one align* for each section."""
    writer = Writer(report, figures, 10**6, plain)
    parts = [PREAMBLE, rf"\section*{{{escaped(report.title or 'Worksheet')}}}", r"\noindent"]
    parts += [escaped(line) + r"\\" for line in report.head]
    for section in report.sections:
        parts.append(rf"\subsection*{{{escaped(section.title)}}}")
        if section.lines:
            parts += [
                r"\begin{align*}",
                (r"\\" + "\n").join(_line(line, writer) for line in section.lines),
                r"\end{align*}",
            ]
        parts += [
            _summary(s.name, s.shape, writer.figures(s.norm), writer.figures(s.least), writer.figures(s.most))
            for s in section.summaries
        ]
    if report.losses:
        parts += [r"\subsection*{The loss, step by step}", r"\noindent"]
        parts += [rf"after step {i}: ${writer.figures(loss)}$\\" for i, loss in enumerate(report.losses)]
    parts += [rf"\par\noindent {escaped(remark)}" for remark in report.remarks]
    return "\n".join([*parts, r"\end{document}"])


def _summary(row: str, shape: tuple[int, ...], norm: str, least: str, most: str) -> str:
    size = r" \times ".join(map(str, shape))
    return rf"\noindent ${name(row)}$: ${size}$, norm ${norm}$, from ${least}$ to ${most}$\\"


def escaped(text: str) -> str:
    """Text outside formulas; a sign that LaTeX does not know by itself is given by its number."""
    return "".join(map(_escaped, text)).replace("--", "-{}-")


def _escaped(sign: str) -> str:
    known = SYMBOLS.get(sign) or SPECIAL.get(sign)
    if known or (sign.isascii() and sign.isprintable()) or (sign.isalpha() and ord(sign) < 0x180):
        return known or sign
    return f"(U+{ord(sign):04X})"


def name(cell: str) -> str:
    r"""
    >>> name("dL/dz2[1]"), name("w5'"), name("W1[3,17]")
    ('\\frac{\\partial L}{\\partial z^{(2)}_{1}}', "{w_{5}}'", 'W^{(1)}_{3,17}')
    """
    if cell.endswith("'"):
        return f"{{{name(cell[:-1])}}}'"
    slope, _, via = cell.partition(" via ")
    if via:
        return rf"{name(slope)}\Big|_{{{name(via)}}}"
    if found := re.fullmatch(r"d(.+?)/d(.+)", cell):
        return rf"\frac{{\partial {name(found[1])}}}{{\partial {name(found[2])}}}"
    if cell == "eta":
        return r"\eta"
    if cell == LENGTH:
        return r"\lVert g \rVert"
    if found := OF_ONE.fullmatch(cell):
        return rf"{OF_UPDATES.get(found['kind'], found['kind'])}\left({name(found['of'])}\right)"
    if found := re.fullmatch(r"([Wbza])(\d+)(?:\[(.+)\])?", cell):
        return f"{found[1]}^{{({found[2]})}}" + (f"_{{{found[3]}}}" if found[3] else "")
    if found := re.fullmatch(r"([A-Za-z])(?:(\d+)|\[(.+)\])", cell):
        return f"{found[1]}_{{{found[2] or found[3]}}}"
    return cell if len(cell) == 1 and cell.isascii() else rf"\text{{{escaped(cell)}}}"


def _line(line: Line, writer: Writer) -> str:
    value = number(writer.written.get(line.name) or writer.figures(line.value))
    if line.formula is None:
        return f"{name(line.name)} &= {value}"
    formula = broken(line.formula, name)
    if isinstance(line.formula, Cell):
        return f"{name(line.name)} &= {formula} = {value}"
    numbers = broken(line.formula, lambda cell: put_in(writer.digits(cell, line.inputs[cell])))
    return f"{name(line.name)} &= {formula}\\\\\n &= {numbers}\\\\\n &= {value}"


def number(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if exponent else text


def put_in(text: str) -> str:
    return rf"\left({number(text)}\right)" if text.startswith("-") or "e" in text or "/" in text else number(text)


def broken(tree: Formula, cell: Callable[[str], str]) -> str:
    """A long sum on several lines."""
    if not isinstance(tree, Sum) or len(tree.terms) <= TERMS_IN_A_LINE:
        return spelled(tree, cell)
    lines = [spelled(Sum(tree.terms[i : i + TERMS_IN_A_LINE]), cell) for i in range(0, len(tree.terms), TERMS_IN_A_LINE)]
    joined = [lines[0], *(part if part.startswith("-") else f"+ {part}" for part in lines[1:])]
    return "\\\\\n &\\quad {} ".join(joined)


def spelled(tree: Formula, cell: Callable[[str], str]) -> str:
    """A formula in LaTeX."""

    def grouped(node: Formula) -> str:
        text = spelled(node, cell)
        return rf"\left({text}\right)" if isinstance(node, Sum | Negative) else text

    def tight(node: Formula) -> str:
        text = spelled(node, cell)
        if isinstance(node, Cell):
            return f"{{{text}}}"
        plain = isinstance(node, Call) or (isinstance(node, Number) and "e" not in node.text)
        return text if plain else rf"\left({text}\right)"

    match tree:
        case Number(text):
            return number(text)
        case Cell(of):
            return cell(of)
        case Negative(body):
            return "-" + grouped(body)
        case Sum(terms):
            return "".join(_terms(terms, grouped))
        case Product(factors):
            return r" \cdot ".join(grouped(f) for f in factors)
        case Quotient(top, bottom):
            return rf"\frac{{{spelled(top, cell)}}}{{{spelled(bottom, cell)}}}"
        case Power(base, exponent):
            return f"{tight(base)}^{{{spelled(exponent, cell)}}}"
        case Call(function, arguments):
            inside = ", ".join(spelled(a, cell) for a in arguments)
            if function == "sqrt":
                return rf"\sqrt{{{inside}}}"
            called = FUNCTIONS.get(function) or rf"\operatorname{{{escaped(function)}}}"
            return rf"{called}\left({inside}\right)"
    raise TypeError(tree)


def _terms(terms: tuple[Formula, ...], grouped: Callable[[Formula], str]) -> Iterator[str]:
    for i, term in enumerate(terms):
        if isinstance(term, Negative):
            yield f" - {grouped(term.body)}" if i else f"-{grouped(term.body)}"
        else:
            yield (" + " if i else "") + grouped(term)
