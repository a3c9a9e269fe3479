"""A judged derivation → a LaTeX document that compiles: every line set anew, as it was read, with its verdict beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from backcheck.proving.reading.source import Source
from backcheck.proving.statements import Line, Misread
from backcheck.proving.verdict import Counterexample, Derivation, Judged
from backcheck.writing import latex as tex
from backcheck.writing.proofs import Look, Table
from backcheck.writing.proofs import words as say
from backcheck.writing.proofs.formulas import formula

GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega"
LETTERS = dict(zip("αβγδεζηθικλμνξπρστυφχψω", GREEK.split(), strict=True))
SIGNS = {sign: rf"${{\{command}}}$" for sign, command in LETTERS.items()}
COMMANDS = "to infty approx ge le ne pm Rightarrow in odot checkmark times sum"
SIGNS |= {sign: rf"$\{command}$" for sign, command in zip("→∞≈≥≤≠±⇒∈⊙✓✗∑", COMMANDS.split(), strict=True)}
PREAMBLE = tex.PREAMBLE.replace(r"\begin{document}", "\\usepackage{amssymb}\n\\begin{document}")
MARGINS = r"\setlength{\leftmargin}{3.4cm}\setlength{\labelwidth}{3.2cm}\renewcommand{\makelabel}[1]{#1\hfill}"


def written(derivation: Derivation, source: Source | None, look: Look) -> str:  # noqa: ARG001 - all formats take the same
    """All that was read, in order; what is judged with its verdict."""
    judged = {line.line: line for line in derivation.lines}
    formulas = {number: _formulas(lines) for number, lines in groupby(source.lines if source else (), lambda line: line.number)}
    items = [part for number in sorted(judged | formulas) for part in _item(number, judged.get(number), formulas.get(number, ""))]
    parts = [PREAMBLE, rf"\section*{{{escaped(derivation.title or 'Derivation')}}}"]
    parts += [rf"\noindent {escaped(say.summary(derivation))}"]
    parts += [rf"\begin{{list}}{{}}{{{MARGINS}}}\raggedright", *items, r"\end{list}"] if items else []
    parts += [rf"\par\noindent {escaped(remark)}" for remark in derivation.remarks]
    return "\n".join([*parts, r"\end{document}"]) + "\n"


def _formulas(lines: Iterable[Line]) -> str:
    """What one line says, set as formulas; nothing where it is not understood."""
    said = [line.statement for line in lines]
    return " ".join(f"${formula(one)}$" for one in said if not isinstance(one, Misread))


def _item(number: int, line: Judged | None, formulas: str) -> Iterator[str]:
    if line is None:
        yield rf"\item[{number}] {formulas}"
        return
    yield rf"\item[{number} {SIGNS.get(say.MARKS[line.verdict], '?')} {line.verdict}] {formulas or _typed(line.text)}"
    if formulas and line.text.strip():
        yield rf"\\ {{\footnotesize {_typed(line.text)}}}"
    if line.counterexample:
        yield rf"\\ for example: {'; '.join(_example(line.counterexample))}"
    if line.values:
        values = (escaped(f"{side}{sign} {' '.join(rows)}") for side, sign, rows in say.values(line))
        yield rf"\\ values: {'; '.join(values)}"
    if line.reason.strip():
        yield rf"\\ reason: {escaped(line.reason.strip())}"
    for told in say.told(line):
        if told.heading != "understood" or not formulas:
            yield rf"\\ {told.heading}: {'; '.join(_both(*row) for row in told.rows)}"


def _example(found: Counterexample) -> Iterator[str]:
    if place := say.place(found):
        yield escaped(place)
    yield from (escaped(f"{name} {value}") for name, value in say.numbers(found))
    if against := say.against(found):
        yield escaped(against)


def _both(formula: str, words: str) -> str:
    return f"{_typed(formula)} ({escaped(words)})" if formula and words else _typed(formula) if formula else escaped(words)


def _typed(text: str) -> str:
    """As it was typed."""
    return rf"\texttt{{{escaped(text.strip())}}}"


def escaped(text: str) -> str:
    return "".join(SIGNS.get(sign) or tex.escaped(sign) for sign in say.shown(text)).replace("--", "-{}-")


def rules(table: Table, look: Look) -> str:  # noqa: ARG001 - all formats take the same
    """The table of rules; its first row names the columns."""
    (_, _, *headings), *rows = table
    parts = [PREAMBLE, r"\section*{Rules of inference}", r"\begin{description}"]
    for name, line, *rest in rows:
        said = [f"{heading}: {escaped(cell)}" for heading, cell in zip(headings, rest, strict=True) if cell]
        parts.append(rf"\item[{{{escaped(name)}}}] {_typed(line)}\\ {'; '.join(said)}")
    return "\n".join([*parts, r"\end{description}", r"\end{document}"]) + "\n"
