"""A form as an expression that people can read; it decides nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import reduce

from backcheck.proving.algebra.forms import Coefficient, Form, Monomial
from backcheck.proving.algebra.page import Atom, Page
from backcheck.proving.algebra.totals import MOST_INDICES
from backcheck.proving.names import NO_LETTER
from backcheck.proving.tree import Tree, name, number


def as_tree(page: Page, form: Form) -> Tree:
    """The terms in the order of their names; what is divided by stands below a line."""
    terms = tuple(_term(page, monomial, form[monomial]) for monomial in sorted(form, key=lambda monomial: (not monomial, monomial)))
    return terms[0] if len(terms) == 1 else Tree("plus", terms) if terms else number(0)


def _term(page: Page, monomial: Monomial, value: Coefficient) -> Tree:
    size = abs(Fraction(value))
    above = [_power(page, atom, power) for atom, power in monomial if power > 0 and page.atoms[atom].kind != "inverse"]
    below = [_power(page, atom, -power) for atom, power in monomial if power < 0]
    below += [
        _raised(as_tree(page, page.atoms[atom].forms[0]), power) for atom, power in monomial if page.atoms[atom].kind == "inverse"
    ]
    above = above if size.numerator == 1 and above else [number(size.numerator), *above]
    below = below if size.denominator == 1 else [number(size.denominator), *below]
    found = _product(above) if not below else Tree("over", (_product(above), _product(below)))
    return found if value > 0 else Tree("minus", (found,))


def _product(factors: list[Tree]) -> Tree:
    return factors[0] if len(factors) == 1 else Tree("times", tuple(factors))


def _power(page: Page, atom: str, power: Coefficient) -> Tree:
    found = page.atoms[atom]
    return _raised(ATOMS[found.kind](page, found), power)


def _raised(base: Tree, power: Coefficient) -> Tree:
    if power == 1:
        return base
    if power.denominator == 1:
        return Tree("power", (base, number(power)))
    return Tree("power", (base, Tree("over", (number(power.numerator), number(power.denominator)))))


def _call(function: str) -> Callable[[Page, Atom], Tree]:
    return lambda page, atom: Tree("call", tuple(as_tree(page, form) for form in atom.forms), function or atom.name)


def _point(page: Page, point: str) -> Tree:
    """The letter or numeral of a point; one that runs is a letter over its range, and each of them has its own."""
    if point[0] not in "#@?":
        return number(point) if point.isdigit() else name(point)
    size = page.sizes[point]
    letters = [letter for letter, over in page.names.letters.items() if over == size and letter not in page.points.values()]
    numbers = [int(digits) for digits in re.findall(r"\d+", point.partition(":")[0])]
    at = reduce(lambda found, one: found * MOST_INDICES + one, numbers, 0)
    again, which = divmod(at, max(1, len(letters)))
    return name((letters[which] if letters else f"{NO_LETTER}{size}~") + "~" * again)


def _total(op: str) -> Callable[[Page, Atom], Tree]:
    def rule(page: Page, atom: Atom) -> Tree:
        found = as_tree(page, atom.forms[0])
        apart = tuple(_point(page, point) for point in atom.at[1:]) if op == "largest" else ()
        for point in reversed(atom.at[: None if op == "total" else 1]):
            found = Tree(op, (found, *apart), _point(page, point).text)
        return found

    return rule


ATOMS: dict[str, Callable[[Page, Atom], Tree]] = {
    **dict.fromkeys(("scalar", "size"), lambda _, atom: name(atom.name)),
    "entry": lambda page, atom: Tree("entry", (name(atom.name), *(_point(page, point) for point in atom.at))),
    "delta": lambda page, atom: Tree("call", tuple(_point(page, point) for point in atom.at), "delta"),
    "exp": _call("exp"),
    "ln": _call("ln"),
    "call": _call(""),
    "half": _call("step"),
    "root": lambda page, atom: _raised(as_tree(page, atom.forms[0]), Fraction(1, int(atom.name))),
    "total": _total("total"),
    "largest": _total("largest"),
}
