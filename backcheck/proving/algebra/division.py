"""Long division by the sums that stand below a line: x/(1 + x) as 1 - 1/(1 + x), so that equal forms are written alike."""

from __future__ import annotations

from fractions import Fraction

from backcheck.proving.algebra.forms import ONE, Form, Monomial, joined, minus, plus, raised, scaled, single
from backcheck.proving.algebra.page import Page, times


def apart(page: Page, form: Form, point: str = "") -> Form:
    """x/(1 + x) as 1 - 1/(1 + x), so that equal forms are written alike; with a point only what depends on it."""
    while (found := next(filter(None, (_quotient(page, monomial, point) for monomial in form)), None)) is not None:
        monomial, name, lead = found
        divisor = page.atoms[name].forms[0]
        rest = {other: coefficient for other, coefficient in divisor.items() if other != lead}
        cut = joined(joined(monomial, raised(lead, -1)), ((name, -1),))
        instead = minus(ONE, times(page, rest, single(name)))  # lead·u is (1 - rest·u)/c, where u is 1/divisor
        value = form[monomial] / Fraction(divisor[lead])
        kept = {other: coefficient for other, coefficient in form.items() if other != monomial}
        form = plus(kept, scaled(times(page, {cut: 1}, instead), value))
    return form


def _quotient(page: Page, monomial: Monomial, point: str) -> tuple[Monomial, str, Monomial] | None:
    """A quotient in a product that holds the leading term of the divisor as well."""
    powers = dict(monomial)
    for name, _ in monomial:
        found = page.atoms[name]
        if found.kind == "inverse" and (not point or point in found.points):
            lead = max(found.forms[0], key=lambda term: (sum(power for _, power in term), term))
            if all(powers.get(factor, 0) >= power for factor, power in lead):
                return monomial, name, lead
    return None
