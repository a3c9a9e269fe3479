"""A form in which t runs to infinity, as a series: each kind of atom by a rule; it knows no trees and says nothing of limits."""

from __future__ import annotations

from fractions import Fraction

from backcheck.proving.algebra import exponentials
from backcheck.proving.algebra.forms import Coefficient, Form, Monomial, scaled, single, text
from backcheck.proving.algebra.page import times
from backcheck.proving.algebra.quotients import any_power, cleared, inverse
from backcheck.proving.algebra.renaming import switches, with_switch
from backcheck.proving.algebra.signs import sign
from backcheck.proving.approaching.growing import RULES, unknown
from backcheck.proving.approaching.series import (
    FAST,
    Growth,
    Series,
    constant,
)
from backcheck.proving.inequalities.ground import Ground, assume
from backcheck.proving.inequalities.shown import shown


class Expansion:
    """The series of the atoms of a form, each worked once."""

    def __init__(self, ground: Ground, order: int) -> None:
        self.ground, self.page = ground, ground.page
        for name in FAST[:-1]:
            assume(self.page, exponentials.ln(self.page, single(name)), "+")
        self.growth = Growth(self._times, self._inverse, self._root, self.sign, self.is_zero, order)
        self.known: dict[str, Series] = {}
        self.signs: dict[str, str] = {}

    def _times(self, one: Form, other: Form) -> Form:
        return times(self.page, one, other)

    def _inverse(self, form: Form) -> Form:
        return inverse(self.page, form)

    def _root(self, form: Form, exponent: Fraction) -> Form:
        return any_power(self.page, form, exponent)

    def sign(self, form: Form) -> str:
        """Of a form without t: + - 0, or something else where it is not known."""
        key = text(form)
        if key not in self.signs:
            self.signs[key] = "0" if self.is_zero(form) else self._sign(form)
        return self.signs[key]

    def _sign(self, form: Form) -> str:
        found = sign(self.page, form)
        sides = (("+", form), ("-", scaled(form, -1))) if found not in "+-" else ()
        return next((known for known, side in sides if shown(self.ground._replace(failed={}), side, True)), found)

    def is_zero(self, form: Form) -> bool:
        return not cleared(self.page, form)

    def runs(self, form: Form) -> bool:
        """Whether t stands in it."""
        return any(name in FAST or any(map(self.runs, self.page.atoms[name].forms)) for monomial in form for name, _ in monomial)

    def series(self, form: Form) -> Series:
        """The series of a form; switches come to rest first, since the other branch may mean nothing."""
        for name in switches(self.page, form):
            if self.page.atoms[name].kind == "half" and self.runs(single(name)):
                return self.series(with_switch(self.page, form, name, self._atom(name) != Series(())))
        return self.growth.plus(*(self._of_term(monomial, value) for monomial, value in form.items()))

    def _of_term(self, monomial: Monomial, value: Coefficient) -> Series:
        self.page.spend(20)
        still = tuple(item for item in monomial if not self.runs(single(item[0])))
        found = constant({still: value})
        for name, power in monomial:
            if (name, power) not in still:
                found = self.growth.product(found, self.growth.power(self._atom(name), Fraction(power)))
        return found

    def _atom(self, name: str) -> Series:
        if name not in self.known:
            self.known[name] = RULES.get(self.page.atoms[name].kind, unknown)(self, name)
        return self.known[name]

    def inner(self, name: str) -> Series:
        return self.series(self.page.atoms[name].forms[0])
