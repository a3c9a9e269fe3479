"""A derivation → a LaTeX document that compiles: one aligned block for each layer, and the chain of the weight asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from backcheck.formula import Cell
from backcheck.marking.derivation import Derivation, Derived
from backcheck.roads.chain import Link
from backcheck.spelling import Figures
from backcheck.writing.conventions import conventions
from backcheck.writing.derivation import MOST_CHAINS, section, value_of
from backcheck.writing.latex import PREAMBLE, broken, escaped, name, number, put_in, spelled


def latex(derivation: Derivation, figures: Figures) -> str:
    """The document."""
    title = "Derivatives" + (f": {derivation.done.sheet.title}" if derivation.done.sheet.title else "")
    parts = [PREAMBLE, rf"\section*{{{escaped(title)}}}", r"\noindent"]
    parts += [escaped(line) + r"\\" for line in conventions(derivation.done)]
    if derivation.chains:
        parts += [r"\subsection*{The chain}", *_aligned(_chain(derivation, figures))]
    for heading, lines in groupby(derivation.lines, lambda line: section(line, derivation)):
        parts += [rf"\subsection*{{{escaped(heading)}}}"] if heading else []
        parts += _aligned(_line(line, derivation, figures) for line in lines)
    parts += [rf"\par\noindent {escaped(remark)}" for remark in derivation.remarks]
    return "\n".join([*parts, r"\end{document}"])


def _aligned(lines: Iterator[str]) -> list[str]:
    return [r"\begin{align*}", (r"\\" + "\n").join(lines), r"\end{align*}"]


def _line(line: Derived, derivation: Derivation, figures: Figures) -> str:
    names = derivation.done.sheet.names
    written = {names.cell(*place): digits for place, digits in names.written.items()}

    def digits(cell: str) -> str:
        return put_in(written.get(cell) or figures(line.inputs[cell]))

    first = rf"{_name(line.name)} &= {broken(line.formula, name)}"
    numbers = "" if isinstance(line.formula, Cell) else "\\\\\n &= " + broken(line.formula, digits)
    return f"{first}{numbers}\\\\\n &= {number(figures(line.by_symbols))}"


def _name(cell: str) -> str:
    """A first derivative by its name; a second one by its two parameters."""
    if not cell.startswith("d2"):
        return name(cell)
    of, _, by = cell[2:].partition("/d")
    first, _, other = by.partition(" d")
    return rf"\frac{{\partial^2 {name(of)}}}{{\partial {name(first)}\, \partial {name(other)}}}"


def _chain(derivation: Derivation, figures: Figures) -> Iterator[str]:
    """The products of links in names, the factors, and the products with numbers."""
    (line,) = derivation.lines
    shown = derivation.chains[:MOST_CHAINS]
    more = r" + \cdots" if len(derivation.chains) > MOST_CHAINS else ""
    yield f"{name(line.name)} &= {_products(shown, _fraction)}{more}"
    for link in {(link.of, link.by): link for chain in shown for link in chain}.values():
        yield f"{_fraction(link)} &= {spelled(link.formula, name)} = {number(figures(value_of(link, derivation)))}"
    values = _products(shown, lambda link: put_in(figures(value_of(link, derivation))))
    yield f"{name(line.name)} &= {values}{more} = {number(figures(line.by_symbols))}"


def _products(chains: list[list[Link]], factor: Callable[[Link], str]) -> str:
    """A few products to a line."""
    return "\\\\\n &\\quad + ".join(r" \cdot ".join(factor(link) for link in chain) for chain in chains)


def _fraction(link: Link) -> str:
    return rf"\frac{{\partial {name(link.of)}}}{{\partial {name(link.by)}}}"
