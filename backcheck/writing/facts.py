"""The page of one function → text, JSON, LaTeX, Markdown, and curves to plot; it proves nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sympy as sp

from backcheck.formula import Formula
from backcheck.pages.fact import Facts, Form, Kink, Piece
from backcheck.spelling import PLAIN
from backcheck.writing import latex as tex
from backcheck.writing import markdown as md
from backcheck.writing.facts_curves import curves
from backcheck.writing.facts_words import (
    domain,
    formulas,
    kind,
    letter_of,
    limits,
    notes,
    place,
    range_of,
    says,
    sentences,
    spelled,
    where,
)
from backcheck.writing.text import Table, plain, wrapped

__all__ = ["as_json", "curves", "latex", "markdown", "text"]

IN_LATEX = {
    "d2L/dy2": r"\frac{\partial^2 L}{\partial y^2}", "Jacobian": r"\frac{\partial a}{\partial z}", "l": r"\ell",
    "da_i/dz_j": r"\frac{\partial a_i}{\partial z_j}", "da_i/dz_i": r"\frac{\partial a_i}{\partial z_i}",
    "alpha": r"\alpha", "delta": r"\delta", "d_ij": r"\delta_{ij}", "aT": r"a^{\top}",
    "a_i": "a_i", "a_j": "a_j", "z_i": "z_i", "z_j": "z_j",
}  # fmt: skip
SIGNS = {sign: rf"$\{name}$" for sign, name in zip("→∞α≈≥≤±", ("to", "infty", "alpha", "approx", "ge", "le", "pm"), strict=True)}
SIGNS["ᵀ"] = r"$^{\top}$"
OF_SOFTMAX = {"a_i": "a", "Jacobian": "da/dz"}  # the names that every other function has, for the whole of its outputs


def text(facts: Facts, width: int) -> str:
    """The page for a terminal of this width."""
    parts = [*wrapped(f"{facts.name}, {kind(facts)}", width, between_words=True), "", *_beside(list(formulas(facts)), width), ""]
    parts += [*_beside(list(sentences(facts)), width), "", plain("", *limits(facts)), ""]
    for note in notes(facts):
        first, *rest = wrapped(note, max(20, width - 2), between_words=True)
        parts += [f"· {first}", *(f"  {line}" for line in rest)]
    return "\n".join(parts).rstrip()


def markdown(facts: Facts) -> str:
    """The page with a table for each part."""
    parts = [f"# {md.escaped(facts.name)}\n", f"{md.escaped(kind(facts))}\n"]
    parts += [*_table(["", "formula"], list(formulas(facts))), ""]
    parts += [*_table(["", ""], list(sentences(facts))), "", *_table(*limits(facts)), ""]
    return "\n".join([*parts, *(f"* {md.escaped(note)}" for note in notes(facts))]).rstrip() + "\n"


def latex(facts: Facts) -> str:
    """The page as a document that compiles."""
    header, table = limits(facts)
    parts = [tex.PREAMBLE, rf"\section*{{{_prose(facts.name)}}}", _prose(kind(facts)), r"\begin{align*}"]
    parts += [(r"\\" + "\n").join(line for form in facts.forms for line in _align(form)), r"\end{align*}"]
    parts += [r"\begin{description}", *(rf"\item[{_prose(label)}] {_prose(sentence)}" for label, sentence in sentences(facts))]
    parts += [r"\end{description}", rf"\begin{{tabular}}{{{'l' * len(header)}}}", *map(_row, (header, *table)), r"\end{tabular}"]
    if found := notes(facts):
        parts += [r"\begin{itemize}", *(rf"\item {_prose(note)}" for note in found), r"\end{itemize}"]
    return "\n".join([*parts, r"\end{document}"]) + "\n"


def as_json(facts: Facts) -> str:
    """The document of `backcheck derive NAME`."""
    keys = OF_SOFTMAX if facts.name == "softmax" else {}
    document: dict[str, Any] = {
        "format": "backcheck.derive",
        "version": 1,
        "function": facts.name,
        "kind": facts.kind,
        "parameters": dict(facts.parameters),
        "formulas": {keys.get(form.name, form.name): _formula(form) for form in facts.forms},
        "domain": domain(facts, PLAIN),
        "range": range_of(facts, PLAIN),
        "least": _extreme(facts, facts.least),
        "greatest": _extreme(facts, facts.greatest),
        "steepest": _extreme(facts, facts.steepest),
        "kinks": [_kink(kink) for kink in facts.kinks],
        "limits": [
            {
                "of": limit.of,
                "as": f"{facts.letter} -> {_ascii(limit.to)}",
                "where": limit.where or None,
                "value": _value(limit.value),
            }
            for limit in facts.limits
        ],
        "notes": list(notes(facts)),
    }
    return json.dumps(document, indent=1, allow_nan=False)


def _formula(form: Form) -> dict[str, Any]:
    pieces = [_piece(piece, letter_of(form)) for piece in form.pieces]
    whole = "; ".join(
        f"{piece['expression']} where {piece['where']}" if piece["where"] else piece["expression"] for piece in pieces
    )
    found = {"expression": whole, "latex": _cases(form), "value": None, "by_hand": None, "agrees": form.agrees}
    return (
        {**found, "pieces": pieces}
        if len(pieces) > 1
        else {**found, "also": [spelled(tree, PLAIN) for tree in form.pieces[0].forms[1:]]}
    )


def _piece(piece: Piece, letter: str) -> dict[str, str]:
    tree = piece.forms[0]
    return {"expression": spelled(tree, PLAIN), "where": where(piece, letter, PLAIN), "latex": _in_latex(tree)}


def _extreme(facts: Facts, extreme: Any) -> dict[str, Any] | None:
    letter = "a_i" if facts.name == "softmax" and extreme is facts.steepest else facts.letter
    return extreme and {"value": _value(extreme.value), "where": place(letter, extreme.at, PLAIN)}


def _kink(kink: Kink) -> dict[str, Any]:
    left, right = map(_value, kink.slopes)
    found = {"at": _value(kink.at), "slope_left": left, "slope_right": right, "slope": kink.slope + 0.0}  # + 0.0: never −0
    return found | {"value_left": _value(kink.values[0]), "value_right": _value(kink.values[1]), "value": kink.value}


def _value(value: Any) -> float | int | str:
    """A number where it is one; else an expression, or inf."""
    value = sp.sympify(value)
    if value.free_symbols or not value.is_finite:
        return says(value, PLAIN)
    return int(value) if value.is_Integer else float(value)


def _ascii(text: str) -> str:
    return text.replace("∞", "inf").replace("−", "-")


def _in_latex(tree: Formula) -> str:
    found = tex.spelled(tree, lambda cell: IN_LATEX.get(cell) or tex.name(cell))
    return found.replace(r"\operatorname{sum}", r"\sum")


def _cases(form: Form) -> str:
    if len(form.pieces) == 1:
        return " = ".join(map(_in_latex, form.pieces[0].forms))
    rows = [rf"{_in_latex(piece.forms[0])} & {_bounds(piece, letter_of(form))}" for piece in form.pieces]
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def _bounds(piece: Piece, letter: str) -> str:
    low, high = (_in_latex(end) if end else "" for end in (piece.low, piece.high))
    return f"{low} < {letter} < {high}" if low and high else f"{letter} < {high}" if high else f"{letter} > {low}"


def _align(form: Form) -> Iterator[str]:
    name = IN_LATEX.get(form.name) or tex.name(form.name)
    if len(form.pieces) > 1:
        yield f"{name} &= {_cases(form)}"
        return
    for i, tree in enumerate(form.pieces[0].forms):
        yield f"{name if i == 0 else ''} &= {_in_latex(tree)}"


def _beside(rows: Table, width: int) -> Iterator[str]:
    """Labels in a column of their own, and what belongs to them beside."""
    label = max(len(row[0]) for row in rows)
    for name, sentence in rows:
        for i, line in enumerate(wrapped(sentence, max(20, width - label - 4), between_words=True)):
            yield f"  {(name if i == 0 else '').ljust(label)}  {line}".rstrip()


def _table(header: list[str], rows: Table) -> Iterator[str]:
    yield "| " + " | ".join(md.escaped(cell) or " " for cell in header) + " |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield "| " + " | ".join(map(md.escaped, row)) + " |"


def _prose(text: str) -> str:
    return "".join(SIGNS.get(sign) or tex.escaped(sign) for sign in text)


def _row(cells: list[str]) -> str:
    return " & ".join(map(_prose, cells)) + r" \\"
