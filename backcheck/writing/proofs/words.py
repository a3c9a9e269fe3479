"""What all formats say of a derivation in the same words; no format's special signs are known here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from backcheck.proving.verdict import (
    DOES_NOT_FOLLOW,
    FALSE,
    NOT_PROVEN,
    NOT_UNDERSTOOD,
    PROVEN,
    Counterexample,
    Derivation,
    Judged,
    Number,
    Suggestion,
)
from backcheck.writing.grades.words import visible

VERDICTS = (PROVEN, FALSE, DOES_NOT_FOLLOW, NOT_PROVEN, NOT_UNDERSTOOD)
MARKS = {PROVEN: "✓", FALSE: "✗", DOES_NOT_FOLLOW: "✗", NOT_PROVEN: "?", NOT_UNDERSTOOD: "?"}
MOST_SHOWN = 2500  # characters; a line of a derivation has at most 2,000
BEFORE = re.compile(r"^(?:claim\b|at\b[^:]*:)")  # what a line says is said after it
AROUND_FACTORS = re.compile(r"[\s*·()]+")  # may be written or not
SECOND = re.compile(r"\bd2\(([^(),]+), ?([^(),]+)\)")
EXACT = re.compile(r"-?[0-9]+(?:[./][0-9]+)?")
SIGN_OR_DIGIT = tuple("(-0123456789")
FIGURES = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")


class Told(NamedTuple):
    """Something that is said of a line: under a heading, formulas or sentences, each with what stands beside it."""

    heading: str
    rows: tuple[tuple[str, str], ...]  # a formula (or nothing), and words


def told(line: Judged) -> Iterator[Told]:
    """All but the counter-example and the values, which are columns of numbers."""
    found = (
        ("understood", [(understood(line), "")]),
        ("because", [("", because(line))]),
        ("way out", [("", part) for part in line.way_out.splitlines()]),
        ("by", [("", line.rule)]),
        ("needs", [(need, "") for need in line.needs]),
        ("did you mean", [_suggestion(suggestion) for suggestion in line.suggestions]),
        ("note", [("", remark) for remark in line.remarks]),
    )
    for heading, rows in found:
        kept = tuple((shown(formula), shown(words)) for formula, words in rows if formula or words)
        if kept:
            yield Told(heading, kept)


def shown(text: str) -> str:
    """One line in which nothing commands a terminal."""
    return visible(text.strip(), MOST_SHOWN)


def understood(line: Judged) -> str:
    """How a line was read, where that is not what it looks like already.

    >>> understood(Judged(3, "= 2(a - y)", "= 2*(a - y)", PROVEN)), understood(Judged(3, r"= \\frac{a}{y}", "= a/y", PROVEN))
    ('', '= a/y')
    """
    return line.echo if _bare(line.echo) != _bare(line.text) else ""


def _bare(text: str) -> str:
    return AROUND_FACTORS.sub("", SECOND.sub(r"d(\1, \2, \2)", BEFORE.sub("", text)))


def because(line: Judged) -> str:
    """Why, and the mistake by its name; an inference says it already.

    >>> because(Judged(3, "= s", "= s", FALSE, "it differs", slip="wrong_index"))
    'it differs; the derivative is by another index'
    """
    if not line.slip or line.rule:
        return line.says
    from backcheck.proving.repairs.slips import SLIPS

    named = next((slip.says for slip in SLIPS if slip.id == line.slip), line.slip.replace("_", " "))
    return "; ".join(filter(None, (line.says, named if named not in line.says else "")))


def _suggestion(suggestion: Suggestion) -> tuple[str, str]:
    return suggestion.text, suggestion.says


def place(found: Counterexample) -> str:
    """`K = 2, i = 1`"""
    return ", ".join(f"{shown(name)} = {number}" for name, number in (*found.sizes, *found.indices))


def numbers(found: Counterexample) -> list[tuple[str, str]]:
    """Each value, then both sides.

    >>> two = Number("2/9", "0.222222"), Number("1/4", "0.25")
    >>> numbers(Counterexample((), (), (("y", Number("0", "0")),), "=", *two))
    [('y', '= 0'), ('left', '= 2/9 ≈ 0.222222'), ('right', '= 1/4 = 0.25')]
    """
    every = (*found.values, ("left", found.left), ("right", found.right))
    return [(shown(name), _in_both(number)) for name, number in every]


def _in_both(number: Number) -> str:
    """Exactly, where it can be said, and as a decimal."""
    exact, decimal = shown(number.exact), shown(number.decimal)
    if not exact or exact == decimal:
        return f"{'=' if exact else '≈'} {decimal}"
    rounded = not (EXACT.fullmatch(exact) and FIGURES.fullmatch(decimal)) or Fraction(exact) != Fraction(decimal)
    return f"= {exact} {'≈' if rounded else '='} {decimal}" if decimal else f"= {exact}"


def values(line: Judged) -> list[tuple[str, str, list[str]]]:
    """Each side with what it is worth, a matrix in rows with its columns below each other.

    >>> values(Judged(1, "", "", PROVEN, values=(("s[i]", "(1, 2)"), ("W", "(1, -2; 10, 3)"), ("q", "no number is given for q"))))
    [('s[i]', ' =', ['(1, 2)']), ('W', ' =', ['( 1, -2;', ' 10,  3)']), ('q', ':', ['no number is given for q'])]
    """
    return [(shown(side), " =" if value[:1] in SIGN_OR_DIGIT else ":", _rows(shown(value))) for side, value in line.values]


def _rows(value: str) -> list[str]:
    if value[:1] != "(" or value.count("(") > 1 or "; " not in value:
        return [value]
    rows = [row.split(", ") for row in value[1:-1].split("; ")]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [", ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [f"{' ' if i else '('}{line}{')' if line is lines[-1] else ';'}" for i, line in enumerate(lines)]


def against(found: Counterexample) -> str:
    """What the numbers say, where that is no equation; of what is said to be impossible, that it is so.

    >>> two = Number("2/9", "0.222222"), Number("1/4", "0.25")
    >>> against(Counterexample((), (), (), ">", *two)), against(Counterexample((), (), (), "<=", *two))
    ('left > right does not hold', 'left <= right holds')
    """
    if found.sign == "=" or not all(FIGURES.fullmatch(side.decimal) for side in (found.left, found.right)):
        return "" if found.sign == "=" else f"left {found.sign} right does not hold"
    left, right = Fraction(found.left.decimal), Fraction(found.right.decimal)
    holds = {"!=": left != right, "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
    return f"left {found.sign} right {'holds' if holds[found.sign] else 'does not hold'}"


def tally(derivation: Derivation) -> str:
    """`5 proven, 1 false`."""
    count = Counter(line.verdict for line in derivation.lines)
    return ", ".join(f"{count[verdict]:,} {verdict}" for verdict in VERDICTS if count[verdict])


def summary(derivation: Derivation) -> str:
    """The last word: the first wrong line, or that there is none."""
    if wrong := derivation.first_wrong:
        return f"First wrong: line {wrong.line}. {_of(derivation)}: {tally(derivation)}."
    if all(line.verdict == PROVEN for line in derivation.lines):
        return f"{_of(derivation)}: all proven." if len(derivation.lines) > 1 else "The one line that says something is proven."
    how = "but not all is proven" if any(line.verdict == PROVEN for line in derivation.lines) else "and nothing is proven"
    return f"Nothing is found wrong, {how}. {_of(derivation)}: {tally(derivation)}."


def _of(derivation: Derivation) -> str:
    count = len(derivation.lines)
    return f"{count:,} lines judged" if count != 1 else "1 line judged"
