"""A derivation → text, Markdown or JSON: by layer in matrices, by cell in named quantities, and the chain of one weight."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from backcheck.formula import ZERO, Cell, Formula, evaluate
from backcheck.functions import FLOATS
from backcheck.lines import lines as lines_of
from backcheck.marking.derivation import MOST_PATHS, Derivation, Derived
from backcheck.roads.chain import Link
from backcheck.spelling import PLAIN, SCREEN, Figures, Spelling, spell
from backcheck.worksheet import Phase
from backcheck.writing.conventions import conventions
from backcheck.writing.latex import spelled
from backcheck.writing.markdown import drawn, escaped
from backcheck.writing.report import Report
from backcheck.writing.text import Draw, Writer, fitted, plain, wrapped

HEADER = ["", "formula", "numbers put in", "by symbols", "by hand", ""]
LINKS = ["", "factor", "numbers put in", "result"]
MOST_CHAINS = 12  # products written out; a batch has one for each example


def text(
    derivation: Derivation,
    figures: Figures,
    width: int,
    draw: Draw | None = None,
    spelling: Spelling = SCREEN,
    drawing: str = "",
) -> str:
    """Everything, as wide as the terminal; the drawing of an expression's graph comes first."""
    writer = _writer(derivation, figures, width, draw or plain, spelling)
    return "\n".join([*_head(derivation, writer), *(["", drawing] if drawing else []), *_parts(derivation, writer)])


def markdown(derivation: Derivation, figures: Figures) -> str:
    """The same as Markdown, never wrapped."""
    writer = _writer(derivation, figures, 10**6, drawn, SCREEN)
    title, *head = _head(derivation, writer)
    return "\n".join(
        [f"# {escaped(title)}\n", *("* " + escaped(line.removeprefix("· ")) for line in head), *_parts(derivation, writer)]
    )


def _writer(derivation: Derivation, figures: Figures, width: int, draw: Draw, spelling: Spelling) -> Writer:
    return Writer(Report(derivation.done, "", [], [], [], []), figures, width, draw, spelling)


def _head(derivation: Derivation, writer: Writer) -> list[str]:
    title = "Derivatives" + (f": {derivation.done.sheet.title}" if derivation.done.sheet.title else "")
    said = ["· " + sentence for sentence in conventions(derivation.done)]
    return [part for sentence in (title, *said) for part in wrapped(sentence, writer.width, between_words=True)]


def _parts(derivation: Derivation, writer: Writer) -> Iterator[str]:
    if derivation.chains:
        yield ""
        yield from _chains(derivation, writer)
    if derivation.matrices and not derivation.only:
        yield ""
        yield writer.draw(
            "In matrices, for one example as columns", ["", ""], [[f"layer {layer}", line] for layer, line in derivation.matrices]
        )
    if derivation.paths and not derivation.only:
        yield ""
        yield fitted("Forward values", _forward(derivation, writer), writer)
    for title, lines in groupby(derivation.lines, lambda line: section(line, derivation)):
        yield ""
        yield fitted(title, [row(line, writer) for line in lines], writer, HEADER)
    if derivation.paths:
        yield ""
        table = [line for v, paths in derivation.paths.items() for line in _paths(v, paths, derivation, writer)]
        yield fitted("Every path from the result to a variable", table, writer, LINKS)
    for remark in derivation.remarks:
        yield ""
        yield "\n".join(wrapped("Note: " + remark, writer.width, between_words=True))


def _forward(derivation: Derivation, writer: Writer) -> list[list[str]]:
    rows = derivation.done.sheet.in_phase(Phase.FORWARD)
    return [writer.row(line) for row in rows for line in lines_of(derivation.done, row)]


def section(line: Derived, derivation: Derivation) -> str:
    """The heading a derivative stands under."""
    if derivation.only:
        return "Multiplied" if derivation.chains else ""
    if line.name.startswith("d2"):
        return "Second derivatives"
    if not derivation.done.sheet.names.output:
        return "Upstream partials" if line.row.startswith(f"d{derivation.done.sheet.result}/") else "Local partials"
    by = line.row.removeprefix("dL/d")
    layer = int(re.sub(r"\D", "", by) or 0) + (by[0] == "a")
    layers = len(derivation.matrices) // 2
    return "From the loss" if layer > layers else f"Layer {layer}"


def row(line: Derived, writer: Writer) -> list[str]:
    """name, formula, numbers, by symbols, by hand, whether they agree."""
    numbers = spell(line.formula, lambda cell: writer.spelling.number(writer.digits(cell, line.inputs[cell])), writer.spelling)
    hand = "none" if line.by_hand is None else writer.number(line.name, line.by_hand)
    verdict = {True: "✓", False: "≠", None: "at a kink" if line.by_hand is not None else "no value"}[line.agrees]
    formula = spell(line.formula, writer.spelling.name, writer.spelling, not line.in_full)
    return [
        writer.name(line.name),
        formula,
        "" if isinstance(line.formula, Cell) else numbers,
        writer.number(line.name, line.by_symbols),
        hand,
        verdict,
    ]


def _chains(derivation: Derivation, writer: Writer) -> Iterator[str]:
    """Each product of links: in names, then every factor, then with numbers."""
    (line,) = derivation.lines
    shown = derivation.chains[:MOST_CHAINS]
    products = ["·".join(_link(link, writer.spelling) for link in chain) for chain in shown]
    more = f" + … {len(derivation.chains) - MOST_CHAINS} more products …" if len(derivation.chains) > MOST_CHAINS else ""
    yield "\n".join(wrapped(f"{writer.spelling.name(line.name)} = {' + '.join(products)}{more}", writer.width))
    yield ""
    links = list({(link.of, link.by): link for chain in shown for link in chain}.values())
    yield fitted("Each factor", [_factor(link, derivation, writer) for link in links], writer, LINKS)
    values = [" · ".join(_bracketed(writer.figure(value_of(link, derivation))) for link in chain) for chain in shown]
    yield ""
    yield "\n".join(
        wrapped(f"{writer.spelling.name(line.name)} = {' + '.join(values)}{more} = {writer.figure(line.by_symbols)}", writer.width)
    )


def _paths(v: str, paths: list[list[Link]], derivation: Derivation, writer: Writer) -> Iterator[list[str]]:
    """A line for each path to a variable, and their sum."""
    name = _link(Link(derivation.done.sheet.result, v, ZERO), writer.spelling)
    values = []
    for path in paths[:MOST_PATHS]:
        numbers = [value_of(link, derivation) for link in path]
        values.append(math.prod(numbers))
        names = "·".join(_link(link, writer.spelling) for link in path)
        product = " · ".join(_bracketed(writer.figure(number)) for number in numbers)
        yield [name if len(values) == 1 else "", ("" if len(values) == 1 else "+ ") + names, product, writer.figure(values[-1])]
    if len(paths) > MOST_PATHS:
        yield ["", "+ … more paths", "", ""]
    elif len(values) > 1:
        yield ["", "", " + ".join(_bracketed(writer.figure(value)) for value in values), writer.figure(sum(values))]


def _link(link: Link, spelling: Spelling) -> str:
    """∂L/∂a2[1]"""
    sign = "∂" if spelling.on_screen else "d"
    return f"{sign}{link.of}/{sign}{link.by}"


def _bracketed(number: str) -> str:
    return f"({number})" if number[0] in "-−" else number


def value_of(link: Link, derivation: Derivation) -> float:
    """What a link is with the numbers of the sheet."""
    return float(evaluate(link.formula, derivation.inputs.__getitem__, FLOATS))


def _factor(link: Link, derivation: Derivation, writer: Writer) -> list[str]:
    numbers = spell(
        link.formula, lambda cell: writer.spelling.number(writer.digits(cell, derivation.inputs[cell])), writer.spelling
    )
    value = writer.figure(value_of(link, derivation))
    formula = spell(link.formula, writer.spelling.name, writer.spelling)
    return [_link(link, writer.spelling), formula, "" if numbers in (value, formula) else numbers, value]


def as_json(derivation: Derivation) -> str:
    """Names and formulas in plain ASCII that a program can read back, numbers with every digit."""
    document: dict[str, Any] = {
        "format": "backcheck.derive",
        "version": 1,
        "title": derivation.done.sheet.title,
        "conventions": conventions(derivation.done),
        "formulas": {line.name: _formula(line) for line in derivation.lines},
    }
    if derivation.matrices:
        document["matrices"] = [{"layer": layer, "says": line} for layer, line in derivation.matrices]
    if derivation.chains:
        document["chains"] = [[_link_json(link, derivation) for link in chain] for chain in derivation.chains]
    if derivation.paths:
        document["values"] = values(derivation)
        document["paths"] = {
            v: [[_link_json(link, derivation) for link in path] for path in of] for v, of in derivation.paths.items()
        }
    if derivation.remarks:
        document["remarks"] = derivation.remarks
    return json.dumps(document, indent=1, allow_nan=False)


def values(derivation: Derivation) -> dict[str, float]:
    """The forward values of an expression."""
    rows = derivation.done.sheet.in_phase(Phase.GIVEN, Phase.FORWARD)
    return {row.name: float(derivation.done.array(row.name)) for row in rows if row.op != "numeral" and row.name != "eta"}


def _formula(line: Derived) -> dict[str, Any]:
    return {
        "expression": spell(line.formula, PLAIN.name, PLAIN),
        "latex": tex(line.formula),
        "value": line.by_symbols,
        "by_hand": line.by_hand,
        "agrees": line.agrees,
    }


def _link_json(link: Link, derivation: Derivation) -> dict[str, Any]:
    expression = spell(link.formula, PLAIN.name, PLAIN)
    return {"of": link.of, "by": link.by, "expression": expression, "latex": tex(link.formula), "value": value_of(link, derivation)}


def tex(formula: Formula) -> str:
    """A formula in LaTeX."""
    from backcheck.writing.latex import name

    return spelled(formula, name)
