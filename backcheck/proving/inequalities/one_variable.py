"""Polynomials in one atom between two numbers, exactly: their roots are counted after Sturm (1829); it knows no other forms."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from backcheck.proving.algebra.forms import Form
from backcheck.proving.algebra.page import TooMuch
from backcheck.proving.inequalities.bounds import Bound, bounds
from backcheck.proving.inequalities.ground import Ground

MOST_DEGREE, MOST_HALVINGS = 16, 60
Polynomial = list[Fraction]  # the highest power first


def holds_between(ground: Ground, form: Form, strict: bool) -> bool:
    """Whether a form in one atom is positive, or not negative, wherever that atom may lie."""
    found = _polynomial(form)
    if found is None:
        return False
    name, polynomial = found
    lower, upper = bounds(ground.page, name)
    ground.page.used |= {bound.given for bound in (lower, upper) if bound is not None and bound.given is not None}
    return never_negative(polynomial, lower, upper, strict)


def _polynomial(form: Form) -> tuple[str, Polynomial] | None:
    names = {name for monomial in form for name, _ in monomial}
    powers = {(monomial[0][1] if monomial else 0): value for monomial, value in form.items()}
    if len(names) != 1 or any(power.denominator != 1 or not 0 <= power <= MOST_DEGREE for power in powers):
        return None
    return min(names), [Fraction(powers.get(power, 0)) for power in range(int(max(powers)), -1, -1)]


def never_negative(polynomial: Polynomial, lower: Bound | None, upper: Bound | None, strict: bool) -> bool:
    """By a number in each gap between its roots; where it must not be 0, by there being no root.

    >>> square = [Fraction(1), Fraction(-2), Fraction(1)]
    >>> never_negative(square, None, None, False), never_negative(square, None, None, True)
    (True, False)
    """
    far = 1 + max(abs(value / polynomial[0]) for value in polynomial)  # all roots are nearer to 0: Cauchy's bound
    low = lower.value if lower else min(-far, upper.value - 1 if upper else -far)
    high = upper.value if upper else max(far, low + 1)
    if low >= high:
        return False
    chain = sturm(polynomial)
    inside = all(value(polynomial, point) > 0 for point in _one_in_each_gap(chain, low, high))
    ends = [bound.value for bound in (lower, upper) if bound is not None and not bound.strict]
    return inside and (not strict or (not _roots(chain, low, high) and all(value(polynomial, end) > 0 for end in ends)))


def value(polynomial: Polynomial, at: Fraction) -> Fraction:
    found = Fraction(0)
    for factor in polynomial:
        found = found * at + factor
    return found


def _rest(one: Polynomial, other: Polynomial) -> Polynomial:
    """What is left of one when it is divided by the other."""
    found = one[:]
    while len(found) >= len(other):
        times = found[0] / other[0]
        found = [a - times * b for a, b in zip(found, [*other, *[Fraction(0)] * (len(found) - len(other))], strict=True)][1:]
    return found[next((at for at, factor in enumerate(found) if factor), len(found)) :]


def sturm(polynomial: Polynomial) -> list[Polynomial]:
    """Its chain: divided by its last member, which all have in common, it is that of the polynomial without double roots."""
    degree = len(polynomial) - 1
    chain = [polynomial, [factor * (degree - at) for at, factor in enumerate(polynomial[:-1])]]
    while chain[-1]:
        chain.append([-factor for factor in _rest(chain[-2], chain[-1])])
    return [_quotient(member, chain[-2]) for member in chain[:-1]]


def _quotient(one: Polynomial, other: Polynomial) -> Polynomial:
    found, left = list[Fraction](), one[:]
    while len(left) >= len(other):
        times = left[0] / other[0]
        found.append(times)
        left = [a - times * b for a, b in zip(left, [*other, *[Fraction(0)] * (len(left) - len(other))], strict=True)][1:]
    return found


def _changes(chain: list[Polynomial], at: Fraction) -> int:
    signs = [member > 0 for polynomial in chain if (member := value(polynomial, at))]
    return sum(one != other for one, other in pairwise(signs))


def _roots(chain: list[Polynomial], low: Fraction, high: Fraction) -> int:
    """How many roots lie between, the ends not among them."""
    return _changes(chain, low) - _changes(chain, high) - (value(chain[0], high) == 0)


def _one_in_each_gap(chain: list[Polynomial], low: Fraction, high: Fraction, halvings: int = MOST_HALVINGS) -> list[Fraction]:
    """A number between each two neighbours among the ends and the roots between them, or two of them."""
    count, middle = _roots(chain, low, high), (low + high) / 2
    if not count:
        return [middle]
    if not halvings:
        raise TooMuch
    if count == 1 and value(chain[0], low) and value(chain[0], high):
        return [low, high]
    return [point for part in ((low, middle), (middle, high)) for point in _one_in_each_gap(chain, *part, halvings - 1)]
