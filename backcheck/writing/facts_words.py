"""What the page of one function says, in words and formulas as they stand on screen or in plain ASCII; it knows no layout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy import oo

from backcheck.formula import Cell, Formula, functions_of
from backcheck.pages.calculus import Extreme, Region
from backcheck.pages.fact import Facts, Form, Kink, Least, Piece
from backcheck.roads.written import written
from backcheck.spelling import PLAIN, SCREEN, Figures, Spelling, spell
from backcheck.writing.conventions import NOTATION
from backcheck.writing.text import Table

NAMES = {"d2L/dy2": "∂²L/∂y²", "Jacobian": "∂a/∂z as a matrix", "l": "one term"}
LETTERS = {"alpha": "α", "delta": "δ", "d_ij": "δ_ij", "aT": "aᵀ"}
FIGURES = Figures(digits=6)


class _Letters:
    """The letters of a formula that belongs to no sheet are called as they are."""

    def cell(self, letter: str, index: tuple[int, ...]) -> Formula:
        return Cell(f"{letter}{index}")

    def number(self, letter: str) -> Formula:
        return Cell(letter)

    def size(self, letter: str) -> int:
        raise TypeError(letter)


def name(of: str) -> str:
    """`∂²L/∂y²`"""
    return NAMES.get(of) or SCREEN.name(of)


def spelled(tree: Formula, spelling: Spelling = SCREEN) -> str:
    """A textbook form."""
    if not spelling.on_screen:
        return spell(tree, str, PLAIN)
    return spell(tree, lambda cell: LETTERS.get(cell, cell), SCREEN).replace("sum(", "Σ(")


def says(value: Any, spelling: Spelling = SCREEN) -> str:
    """A number or a short expression: exact where it is a fraction or has letters, else to six digits."""
    value = sp.sympify(value)
    if value in (oo, -oo):
        return ("∞" if value == oo else "−∞") if spelling.on_screen else ("inf" if value == oo else "-inf")
    if value.free_symbols:
        bare = value.xreplace({symbol: sp.Symbol(symbol.name) for symbol in value.free_symbols})
        return spelled(written(bare, _Letters(), {}), spelling)
    if value.is_Rational:
        return spelling.number(str(value))
    return ("≈ " if spelling.on_screen else "") + spelling.number(FIGURES(float(value)))


def kind(facts: Facts) -> str:
    """What sort of function this is, and its parameters."""
    given = ", ".join(f"{LETTERS.get(letter, letter)} = {value}" for letter, value in facts.parameters.items())
    what = "an activation" if facts.kind == "activation" else "a loss of targets t and outputs y"
    return what + (f"; {given} unless the file says otherwise" if given else "")


def letter_of(form: Form) -> str:
    """What a formula is a function of."""
    return "y" if form.name[0] in "lL" or form.name.endswith(("dy", "dy2")) else "z"


def where(piece: Piece, letter: str, spelling: Spelling = SCREEN) -> str:
    """`y < t − δ`, `t − δ < y < t + δ`; nothing for a formula that holds everywhere."""
    low, high = (spelled(end, spelling) if end else "" for end in (piece.low, piece.high))
    if low and high:
        return f"{low} < {letter} < {high}"
    return f"{letter} < {high}" if high else f"{letter} > {low}" if low else ""


def formulas(facts: Facts) -> Iterator[list[str]]:
    """Each formula on a line of its own, with the name of what it is before the first."""
    for form in facts.forms:
        label = name(form.name)
        for piece in form.pieces:
            holds = where(piece, letter_of(form))
            for tree in piece.forms:
                yield [label, f"= {spelled(tree)}" + (f"   where {holds}" if holds else "")]
                label = ""


def sentences(facts: Facts) -> Iterator[list[str]]:
    """What is said of a function in words: a label, and a sentence."""
    yield ["domain", domain(facts)]
    yield ["range", range_of(facts)]
    if isinstance(facts.least, Least):
        yield ["least", _least(facts.least)]
    yield from (["kink", _kink(facts, kink)] for kink in facts.kinks)
    if not facts.kinks:
        yield ["kinks", "none: the slope has a value everywhere in the domain"]
    if facts.steepest:
        yield ["steepest", _steepest(facts, facts.steepest)]


def notes(facts: Facts) -> tuple[str, ...]:
    """The notes, and what signs mean that not everybody knows."""
    used = {function for form in facts.forms for piece in form.pieces for tree in piece.forms for function in functions_of(tree)}
    return (*facts.notes, *(sentence for function, sentence in NOTATION.items() if function in used))


def limits(facts: Facts) -> tuple[list[str], Table]:
    """One line for each place, one column for each quantity."""
    columns = list(dict.fromkeys(limit.of for limit in facts.limits))
    rows: dict[str, dict[str, str]] = {}
    for limit in facts.limits:
        place = f"{facts.letter} → {limit.to}" + (f", {limit.where}" if limit.where else "")
        rows.setdefault(place, {})[limit.of] = says(limit.value)
    return ["limits", *map(name, columns)], [[place, *(found[of] for of in columns)] for place, found in rows.items()]


def domain(facts: Facts, spelling: Spelling = SCREEN) -> str:
    """Where the function has a value."""
    low, high = facts.domain
    if (low, high) == (-oo, oo):
        return f"every {facts.letter}"
    return f"{facts.letter} > {low}" if high == oo else f"{says(low, spelling)} < {facts.letter} < {says(high, spelling)}"


def range_of(facts: Facts, spelling: Spelling = SCREEN) -> str:
    """Which values the function takes."""
    of, least, greatest = facts.forms[0].name, facts.least, facts.greatest
    at_least = "≥" if spelling.on_screen else ">="
    if isinstance(least, Least):
        return f"{of} {at_least} {spelled(least.forms[0], spelling) if least.forms else says(least.value, spelling)}"
    if least is None or greatest is None:
        first, last = facts.limits[0], facts.limits[2]
        falls = f"from {says(first.value, spelling)} to {says(last.value, spelling)}"
        return (
            f"{of} {at_least} {says(last.value, spelling)} for {facts.letter} up to {last.to}; where {first.where} it falls {falls}"
        )
    low, high = (says(end.value, spelling).removeprefix("≈ ") for end in (least, greatest))
    if isinstance(least.at, Region) and isinstance(greatest.at, Region):
        return f"{of} is {low} or {high}"
    if greatest.value == oo:
        sign = at_least if least.reached else ">"
        return f"every {of}" if least.value == -oo else f"{of} {sign} {low}"
    return f"{low} < {of} < {high}"


def place(letter: str, at: Any, spelling: Spelling = SCREEN) -> str:
    """`at z = 0`, `as z → ∞`, `wherever z > 0`."""
    if isinstance(at, Region):
        if (at.low, at.high) == (-oo, oo):
            return "everywhere"
        return f"wherever {letter} {'<' if at.low == -oo else '>'} {says(at.high if at.low == -oo else at.low, spelling)}"
    if at in (oo, -oo):
        return f"as {letter} {'→' if spelling.on_screen else '->'} {says(at, spelling)}"
    found = says(at, spelling)
    return f"at {letter} {found}" if found.startswith("≈") else f"at {letter} = {found}"


def _steepest(facts: Facts, extreme: Extreme) -> str:
    where = place("a_i" if facts.name == "softmax" else facts.letter, extreme.at)
    if isinstance(extreme.at, Region) and where == "everywhere":
        return f"the slope is {says(extreme.value)} everywhere"
    if not extreme.reached:
        return f"the slope stays below {says(extreme.value)}, which it approaches {where}"
    return f"the slope is largest {where}: {says(extreme.value)}"


def _least(least: Least) -> str:
    value, curvature = map(spelled, least.forms) if least.forms else (says(least.value), says(least.curvature or 0))
    bend = f"∂²L/∂y² = {curvature} > 0 there" if least.curvature is not None else "a kink, where falling turns into rising"
    return f"{place('y', least.at)}: {value}; {bend}"


def _kink(facts: Facts, kink: Kink) -> str:
    def both(pair: tuple[Any, Any], taken: float) -> str:
        return f"{says(pair[0])} from the left and {says(pair[1])} from the right; backcheck takes {SCREEN.number(FIGURES(taken))}"

    of, by = facts.forms[0].name, facts.letter
    jump = f" {of} jumps: it is {both(kink.values, kink.value)};" if kink.values[0] != kink.values[1] else ""
    return f"{place(by, kink.at)}{jump} ∂{of}/∂{by} is {both(kink.slopes, kink.slope)}"
