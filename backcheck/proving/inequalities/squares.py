"""Whether a form is a sum of squares with positive weights: its matrix in the square roots of its terms, over fractions."""

from __future__ import annotations

from fractions import Fraction

from backcheck.proving.algebra.forms import Coefficient, Form, Monomial, joined, raised, single
from backcheck.proving.algebra.page import Page
from backcheck.proving.algebra.signs import sign
from backcheck.proving.inequalities.ground import Ground

MOST_ROOTS = 12
Matrix = list[list[Fraction]]


def sum_of_squares(ground: Ground, form: Form, strict: bool) -> bool:
    """(a - y)^2, x^2 + x y + y^2, y a^2 - 2 y a + y where y is not negative.

    The squares are those of the roots of its terms; where one of these is 1, and no square can be left out, it is never 0.
    """
    page = ground.page
    roots = [root for monomial, value in form.items() if value > 0 and (root := _root(page, monomial)) is not None]
    if not 1 < len(roots) <= MOST_ROOTS:
        return False
    matrix = _matrix(page, form, roots)
    if matrix is None:
        return False
    pivots = weights(matrix)
    return pivots is not None and (not strict or (all(pivots) and () in roots))


def _root(page: Page, monomial: Monomial) -> Monomial | None:
    """x y^2 for x^2 y^4, and √w x for w x^2 where w is not negative."""
    return raised(monomial, Fraction(1, 2)) if all(_has_root(page, name, power) for name, power in monomial) else None


def _has_root(page: Page, name: str, power: Coefficient) -> bool:
    return (power.denominator == 1 and power % 2 == 0) or sign(page, single(name)) in ("+", "≥")


def _matrix(page: Page, form: Form, roots: list[Monomial]) -> Matrix | None:
    """The form as Σ m[i][j] root_i root_j; a term that is no such product is left out if it is not negative."""
    found = [[Fraction(0)] * len(roots) for _ in roots]
    places: dict[Monomial, tuple[int, int]] = {}
    for i, one in enumerate(roots):
        for j in range(i):
            places.setdefault(joined(one, roots[j]), (i, j))
    places |= {joined(root, root): (i, i) for i, root in enumerate(roots)}
    for monomial, value in form.items():
        if monomial in places:
            i, j = places[monomial]
            found[i][j] = found[j][i] = Fraction(value) / (1 if i == j else 2)
        elif sign(page, {monomial: value}) not in ("+", "≥"):
            return None
    return found


def weights(matrix: Matrix) -> list[Fraction] | None:
    """The weights of the squares, LDLᵀ by elimination; None where one would be negative.

    >>> two = [[Fraction(1), Fraction(-1)], [Fraction(-1), Fraction(1)]]
    >>> [str(weight) for weight in weights(two)], weights([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(1)]])
    (['1', '0'], None)
    """
    rows, found = [row[:] for row in matrix], list[Fraction]()
    for at in range(len(rows)):
        pivot = rows[at][at]
        if pivot < 0 or (not pivot and any(rows[at][at:])):
            return None
        found.append(pivot)
        for below in range(at + 1, len(rows)):
            times = rows[below][at] / pivot if pivot else Fraction(0)
            rows[below] = [value - times * above for value, above in zip(rows[below], rows[at], strict=True)]
    return found
