"""Whether a form is positive, as far as it can be seen at once from what is known of its atoms; it searches for nothing."""

from __future__ import annotations

from fractions import Fraction

from backcheck.proving.algebra.forms import ONE, Coefficient, Form, Monomial, minus, scaled, single, split, text
from backcheck.proving.algebra.page import Page

TURNED = {"+": "-", "-": "+", "≥": "≤", "≤": "≥", "0": "0", "?": "?"}


def sign(page: Page, form: Form, with_facts: bool = True) -> str:
    """+ (positive) - ≥ (not negative) ≤ 0 or ? (not known)."""
    if not form:
        return "0"
    content, common, rest = split(form)
    found = _known(page, scaled(form, 1 / Fraction(content)))
    if found == "?":
        found = _of_monomial(page, common)
        found = product(found, "+" if rest == ONE else _of_sum(page, rest)) if found != "?" else found
    if found == "?" and with_facts and page.facts:
        found = _by_facts(page, form)
        return found if found != "?" else TURNED[_by_facts(page, scaled(form, -1))]
    return found if content > 0 else TURNED[found]


def _by_facts(page: Page, form: Form) -> str:
    """r > 0, from r > c and c > 0: something known, and a rest of the same sign."""
    for fact in page.facts:
        known = _known(page, fact)
        positive = fact if known in "+≥" else scaled(fact, -1)
        rest = minus(form, positive)
        if len(rest) <= len(form) and (found := sign(page, rest, with_facts=False)) in "+≥0":
            return "+" if "+" in (found, known) or known == "-" else "≥"
    return "?"


def _known(page: Page, form: Form) -> str:
    """What is given of just this form."""
    found = page.signs.get(text(form))
    if found is None:
        return "?"
    if found[1] is not None:
        page.used.add(found[1])
    return found[0]


def product(one: str, other: str) -> str:
    """The sign of a product.

    >>> product("-", "≥"), product("≤", "-"), product("+", "?")
    ('≤', '≥', '?')
    """
    if "0" in (one, other) or "?" in (one, other):
        return "0" if "0" in (one, other) else "?"
    found = "+" if one in "+-" and other in "+-" else "≥"
    return found if (one in "-≤") == (other in "-≤") else TURNED[found]


def _of_monomial(page: Page, monomial: Monomial) -> str:
    found = "+"
    for name, power in monomial:
        found = product(found, _of_power(_of_atom(page, name), power))
    return found


def _of_power(known: str, power: Coefficient) -> str:
    if power.denominator == 1 and power % 2 == 0:
        return "+" if known in "+-" else "0" if known == "0" else "≥"
    return known


def _of_sum(page: Page, form: Form) -> str:
    """What is known of it, or the sign that all its terms have."""
    found = _known(page, form)
    return _alike(page, form) if found == "?" else found


def _alike(page: Page, form: Form) -> str:
    signs = {_of_term(page, monomial, value) for monomial, value in form.items()}
    if signs <= {"+", "≥"}:
        return "+" if "+" in signs else "≥"
    if signs <= {"-", "≤"}:
        return "-" if "-" in signs else "≤"
    return "?"


def _of_term(page: Page, monomial: Monomial, value: Coefficient) -> str:
    found = _of_monomial(page, monomial)
    return found if value > 0 else TURNED[found]


def _of_atom(page: Page, name: str) -> str:
    atom = page.atoms[name]
    known = _known(page, single(name))
    if known != "?":
        return known
    match atom.kind:
        case "size" | "exp":
            return "+"
        case "half" | "delta":
            return "≥"
        case "inverse" | "total" | "largest":
            found = sign(page, atom.forms[0], with_facts=False)
            return found if atom.kind != "largest" or found != "≤" else "?"
        case "root":
            return "+" if sign(page, atom.forms[0], with_facts=False) == "+" else "≥" if int(atom.name) % 2 == 0 else "?"
        case "ln":
            return sign(page, minus(atom.forms[0], ONE), with_facts=False)
    return "?"
