"""Whether an inequality is a sum of known ones, each times a positive number, by the simplex; which are known, it is told."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from backcheck.proving.algebra.forms import ONE, Form, Monomial, monomial_text, scaled, text
from backcheck.proving.algebra.page import Page
from backcheck.proving.unknowns.linear import Row, adds_up
from backcheck.proving.unknowns.logarithms import Undecided
from backcheck.proving.unknowns.meter import Meter, TooMuch
from backcheck.proving.unknowns.simplex import contradiction

MOST_ROWS, MOST_WORK, WORK_OF_ONE = 120, 20_000, 50
ROWS = {"+": ">", "≥": ">=", "0": "="}


class Known(NamedTuple):
    """A form that is not negative, or positive, or 0; and what is given that says so."""

    form: Form
    known: str  # + ≥ 0
    given: frozenset[int] = frozenset()


def adds_up_to(page: Page, form: Form, strict: bool, known: Iterable[Known]) -> bool:
    """Whether what is known leaves no place for the form to be negative."""
    useful = _useful(page, form, _first(page, known))
    if useful is None:
        return False
    against = _row(page, scaled(form, -1), ">=" if strict else ">")
    rows = [(_row(page, one.form, ROWS[one.known]), one.given) for one in useful]
    meter = Meter(min(MOST_WORK, page.left))
    try:
        found = contradiction([against, *(row for row, _ in rows)], meter)
    except (TooMuch, Undecided):
        found = None
    page.spend(meter.spent)
    if found is None or not adds_up(found):
        return False
    needed = {id(row) for _, row in found.rows}
    page.used |= {at for row, given in rows if id(row) in needed for at in given}
    return True


def _first(page: Page, known: Iterable[Known]) -> list[Known]:
    found: dict[str, Known] = {text(ONE): Known(ONE, "+")}
    for one in known:
        page.spend(WORK_OF_ONE)
        if one.form:
            found.setdefault(one.known + text(one.form), one)
        if len(found) == MOST_ROWS:
            break
    return [*found.values()]


def _useful(page: Page, form: Form, known: list[Known]) -> list[Known] | None:
    """Without what has a term that nothing could cancel; None where the form itself has one."""
    while True:
        signs: dict[Monomial, set[bool]] = {}
        for one in known:
            for monomial, value in one.form.items():
                signs.setdefault(monomial, set()).update((True, False) if one.known == "0" else (value > 0,))
        for monomial, value in form.items():
            if (value > 0) not in signs.get(monomial, ()) and not _number(page, monomial):
                return None
            signs.setdefault(monomial, set()).add(value < 0)
        alone = {monomial for monomial, found in signs.items() if len(found) == 1 and not _number(page, monomial)}
        kept = [one for one in known if not alone & one.form.keys()]
        if len(kept) == len(known):
            return known
        known = kept


def _row(page: Page, form: Form, sign: str) -> Row:
    return Row({_number(page, monomial) or monomial_text(monomial): Fraction(value) for monomial, value in form.items()}, sign)


def _number(page: Page, monomial: Monomial) -> str:
    """ln 2 is a number, whose value is known there."""
    if len(monomial) == 1 and monomial[0][1] == 1 and page.atoms[monomial[0][0]].kind == "ln":
        inner = page.atoms[monomial[0][0]].forms[0]
        if set(inner) == {()} and inner[()] > 1:
            return f"ln {inner[()]}"
    return ""
