"""An inequality between polynomials, asked of Z3 as the last resort: that what is known leaves no place for the opposite."""

from __future__ import annotations

import operator
from fractions import Fraction
from itertools import product
from math import prod

from backcheck.proving.algebra.forms import Coefficient, Form, scaled
from backcheck.proving.inequalities.combined import ROWS, Known
from backcheck.proving.inequalities.facts import plain_facts
from backcheck.proving.inequalities.ground import Ground
from backcheck.proving.inequalities.shown import prepared
from backcheck.proving.unknowns.branching import System
from backcheck.proving.unknowns.linear import Row
from backcheck.proving.unknowns.polynomials import DOT

MOST_ATOMS, MOST_POWER, MOST_ROWS = 4, 6, 30
SMALL: tuple[Coefficient, ...] = (1, 2, -1, 0, 5, Fraction(1, 2))
HOLDS = {"+": operator.gt, "≥": operator.ge, "0": operator.eq}
MOST_WORK = 1_000_000  # of Z3's own counting: about a quarter of a second


def by_z3(ground: Ground, form: Form, strict: bool) -> bool:
    """Whether Z3 finds that the opposite cannot be; where it is not installed, no."""
    from backcheck.proving.unknowns.by_z3 import ask

    form = prepared(ground, form, strict)
    names = sorted({name for monomial in form for name, _ in monomial})
    if not 1 < len(names) <= MOST_ATOMS or not _is_polynomial(form):
        return False
    called = {name: f"x{at}" for at, name in enumerate(names)}
    known = [one for one in plain_facts(ground, form) if _is_polynomial(one.form) and _about(one.form, called)][:MOST_ROWS]
    if _fails_somewhere(form, strict, known, names):
        return False
    rows = [_row(one.form, ROWS[one.known], called) for one in known]
    against = _row(scaled(form, -1), ">=" if strict else ">", called)
    if ask(System((against, *rows)), MOST_WORK).there_are != "none":
        return False
    ground.page.used |= {given for one in known for given in one.given}
    return True


def _fails_somewhere(form: Form, strict: bool, known: list[Known], names: list[str]) -> bool:
    """Whether it is false for some small numbers, as far as it is known here what they may be: then Z3 need not be asked."""
    for values in product(SMALL, repeat=len(names)):
        at = dict(zip(names, values, strict=True))
        side = _value(form, at)
        if (side <= 0 if strict else side < 0) and all(HOLDS[one.known](_value(one.form, at), 0) for one in known):
            return True
    return False


def _value(form: Form, at: dict[str, Coefficient]) -> Coefficient:
    return sum(value * prod(at[name] ** int(power) for name, power in monomial) for monomial, value in form.items())


def _is_polynomial(form: Form) -> bool:
    return all(power.denominator == 1 and 0 < power <= MOST_POWER for monomial in form for _, power in monomial)


def _about(form: Form, called: dict[str, str]) -> bool:
    return all(name in called for monomial in form for name, _ in monomial)


def _row(form: Form, sign: str, called: dict[str, str]) -> Row:
    names = (DOT.join(sorted(called[name] for name, power in monomial for _ in range(int(power)))) or "1" for monomial in form)
    return Row({name: Fraction(value) for name, value in zip(names, form.values(), strict=True)}, sign)
