"""Entries in indices → text: ASCII, on screen (Σ_m X_im·w_m), or LaTeX; it knows no matrices' rules and no numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from backcheck.matrices.algebra import TooLarge
from backcheck.matrices.indices import Entries, Factor, Index, Term
from backcheck.matrices.written import ASCII, LATEX, SCREEN, Style, figures, tex_name, written

ALPHABET = "ijklmpqrstuvabcdefghnoxyzwIJKLMPQRS"
Letters = Mapping[Index, str]
LAST = {"size": 0, "norm": 1, "lse": 1, "apply": 3, "group": 4, "delta": 5}  # in which order factors are written
FIRST, THIRD = 1, 2  # scalars, and entries with indices


class Pen(NamedTuple):
    """One way to write entries."""

    style: Style
    times: str
    entry: Callable[[str, str], str]  # a name and its letters
    softmax: Callable[[str, str], str]
    delta: str
    sum: str
    root: str
    reserved: frozenset[str] = frozenset()  # names no letter may look like


def _bracketed(name: str, letters: str) -> str:
    return f"{name}[{','.join(letters)}]"


def _below(name: str, letters: str) -> str:
    """x_ij; after a name that has a tail or more than one letter, in brackets."""
    return f"{name}_{letters}" if len(name) == 1 else _bracketed(name, letters)


def _tex_below(name: str, letters: str) -> str:
    text = tex_name(name)
    return f"({text})_{{{letters}}}" if "_" in text else f"{text}_{{{letters}}}"


PENS = {
    "ascii": Pen(ASCII, "*", _bracketed, _bracketed, "delta({},{})", "sum_{}({})", "sqrt({})"),
    "screen": Pen(SCREEN, "·", _below, lambda text, at: f"{text}_{at}", "δ_{}{}", "Σ_{}({})", "sqrt({})"),
    "latex": Pen(
        LATEX, r"\,", _tex_below, lambda text, at: f"{text}_{{{at}}}", r"\delta_{{{}{}}}", r"\sum_{{{}}} {}", r"\sqrt{{{}}}"
    ),
}


def lettered(indices: Iterable[Index], letters: Letters, pen: Pen) -> dict[Index, str]:
    """Further letters for further indices."""
    found = dict(letters)
    free = (letter for letter in ALPHABET if letter not in pen.reserved and letter not in letters.values())
    for index in indices:
        letter = next(free, None)
        if letter is None:
            raise TooLarge(f"more than {len(ALPHABET)} letters for indices: give parts of the expression names of their own")
        found[index] = letter
    return found


def spell(entries: Entries, letters: Letters, pen: Pen) -> str:
    """A sum of terms, each with its sign."""
    text = ""
    for term in entries:
        minus = term.coefficient < 0
        sign = (pen.style.minus if minus else "") if not text else f" {pen.style.minus} " if minus else " + "
        text += sign + _term(term._replace(coefficient=abs(term.coefficient)), letters, pen)
    return text or "0"


def _term(term: Term, letters: Letters, pen: Pen) -> str:
    """Coefficient · what is not summed · Σ (the rest)."""
    bound, inner = set(term.sums), lettered(term.sums, letters, pen)
    ordered = sorted(term.powers, key=lambda power: _rank(power[0], inner))
    outside = [power for power in ordered if not bound & {*power[0].free}]
    inside = [power for power in ordered if bound & {*power[0].free}]
    if not term.sums:
        return _fraction(term.coefficient, outside, [], letters, pen)
    body = _fraction(Fraction(1), inside, [], inner, pen)
    total = pen.sum.format(",".join(inner[index] for index in term.sums), body)
    return _fraction(term.coefficient, outside, [total], letters, pen)


def _rank(factor: Factor, letters: Letters) -> tuple[int, int, list[str]]:
    """Scalars, matrices, vectors, functions, brackets, δ."""
    at = [letters[index] for index in factor.at] if factor.kind == "delta" else []
    return LAST.get(factor.kind, THIRD if factor.at else FIRST), -len(factor.at), at


Powers = list[tuple[Factor, Fraction]]


def _fraction(coefficient: Fraction, powers: Powers, more: list[str], letters: Letters, pen: Pen) -> str:
    """top/bottom, where factors with negative exponents stand below."""
    top = [_power(factor, exponent, letters, pen) for factor, exponent in powers if exponent > 0] + more
    bottom = [_power(factor, -exponent, letters, pen) for factor, exponent in powers if exponent < 0]
    number, _, below_it = figures(coefficient).partition("/")
    if number != "1" or not top:
        top.insert(0, number)
    if below_it:
        bottom.insert(0, below_it)
    above, below = pen.times.join(top), pen.times.join(bottom)
    if not bottom:
        return above
    if pen.style is LATEX:
        return pen.style.fraction.format(above, below)
    return f"{above}/{below if len(bottom) == 1 else f'({below})'}"


def _power(factor: Factor, exponent: Fraction, letters: Letters, pen: Pen) -> str:
    if exponent == Fraction(1, 2):
        return pen.root.format(spell(factor.body, letters, pen) if factor.kind == "group" else _factor(factor, letters, pen))
    text = _factor(factor, letters, pen)
    if exponent == 1:
        return text
    if pen.style is LATEX and factor.kind in ("entry", "softmax", "apply"):
        text = f"{{{text}}}"
    return pen.style.power(text, str(exponent), False)


def _factor(factor: Factor, letters: Letters, pen: Pen) -> str:
    at = "".join(letters[index] for index in factor.at)
    match factor.kind:
        case "entry":
            return pen.entry(factor.name, at) if at else pen.style.name(factor.name)
        case "delta":
            return pen.delta.format(*sorted(at))
        case "size":
            return pen.style.name(factor.name)
        case "apply":
            return pen.style.call.format(pen.style.function(factor.name), spell(factor.body, letters, pen))
        case "group":
            return pen.style.brackets.format(spell(factor.body, letters, pen))
    assert factor.tree is not None  # noqa: S101 - functions of whole arrays carry how these are written
    text = written(factor.tree, style=pen.style)
    if factor.kind == "norm":
        return pen.style.norm.format(text)
    called = pen.style.call.format(pen.style.function(factor.kind), text)
    return pen.softmax(called, at) if at else called
