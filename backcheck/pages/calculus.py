"""What SymPy finds out about a function of one letter: its pieces, equality of two forms, limits, extremes; it knows no network."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import sympy as sp
from sympy import Symbol, cosh, exp, oo, sinh, tanh

from backcheck.roads.definitions import Branch

REACH, STRIDE = 30, 64  # where a formula without a closed solution is looked at for zeros: |v| ≤ 30, by 1/64
DIGITS = 20


class Region(NamedTuple):
    """One piece of a function, without a kink, between two ends."""

    low: Any
    high: Any
    value: Any


class Extreme(NamedTuple):
    """The least or greatest value; `at` is a place, ±∞ if it is only approached there, or a whole region of one value."""

    value: Any
    at: Any
    reached: bool


def regions(function: Any, v: Symbol, sample: dict[Any, Any]) -> list[Region]:
    """The pieces of a function with branches, from left to right; `sample` gives numbers to its other letters."""
    kinks = {root for branch in function.atoms(Branch) for root in sp.roots(branch.args[0], v)}
    ends = [-oo, *sorted(kinks, key=lambda root: root.subs(sample)), oo]
    found: list[Region] = []
    for low, high in pairwise(ends):
        value = _one_side(function, {**sample, v: _between(low.subs(sample), high.subs(sample))})
        if found and same(found[-1].value, value):
            found[-1] = found[-1]._replace(high=high)
        else:
            found.append(Region(low, high, value))
    return found


def _between(low: Any, high: Any) -> Any:
    if low == -oo:
        return high - 1 if high != oo else sp.S.Zero
    return low + 1 if high == oo else (low + high) / 2


def _one_side(function: Any, place: dict[Any, Any]) -> Any:
    return function.replace(Branch, lambda u, below, above, _: below if u.subs(place) < 0 else above)


def same(left: Any, right: Any) -> bool:
    """Whether two expressions are the same function: their difference, a quotient of polynomials in z, eᶻ, …, cancels to 0.

    >>> z = Symbol("z")
    >>> same(tanh(z), 2 / (1 + exp(-2 * z)) - 1), same(tanh(z), sinh(z))
    (True, False)
    """
    return bool(sp.cancel(_named(left - right)) == 0)


def _named(expression: Any) -> Any:
    """Exponentials as powers of letters: e²ᶻ = E², e^(z+c) = E·C."""
    expression = expression.replace(tanh, lambda u: (exp(2 * u) - 1) / (exp(2 * u) + 1))
    expression = expression.replace(sinh, lambda u: (exp(u) - exp(-u)) / 2).replace(cosh, lambda u: (exp(u) + exp(-u)) / 2)
    return expression.replace(exp, lambda u: sp.Mul(*map(_power, sp.Add.make_args(sp.expand(u)))))


def _power(term: Any) -> Any:
    """e^(c·u) as a letter for e^u to the power c; e^(u/2) is the letter, so that halves are whole powers."""
    coefficient, rest = term.as_coeff_Mul()
    return Symbol(f"exp({rest}/2)", positive=True) ** (2 * coefficient) if rest != 1 else exp(term)


def zeros(function: Any, region: Region, v: Symbol, sample: dict[Any, Any]) -> list[Any]:
    """Where a smooth function is 0 inside a region: exactly where a factor is a polynomial in v or in e^v, else to 20 digits."""
    top = sp.fraction(sp.together(_named(function)))[0]
    letter = Symbol(f"exp({v}/2)", positive=True)
    found: list[Any] = []
    for factor, _ in sp.factor_list(top)[1]:
        left = {symbol for symbol in factor.free_symbols if symbol not in sample}
        if left == {v} and factor.is_polynomial(v):
            found += [root for root in sp.roots(factor, v) if root.is_real]
        elif left == {letter}:
            found += [2 * sp.log(root) for root in sp.roots(factor, letter) if root.is_positive]
        elif v in left:
            found += _searched(function.subs(sample), v)
    low, high = region.low.subs(sample), region.high.subs(sample)
    return [place for place in dict.fromkeys(found) if low < place.subs(sample) < high]


def _searched(function: Any, v: Symbol) -> list[Any]:
    """The places where a function changes its sign, on a fine grid around 0."""
    from mpmath import findroot, mp

    f = sp.lambdify(v, function, "mpmath")
    places = [mp.mpf(i) / STRIDE for i in range(-REACH * STRIDE // 4, REACH * STRIDE // 4 + 1)]
    signs = [(place, f(place)) for place in places]
    with mp.workdps(DIGITS + 5):
        found = [findroot(f, (a, b), solver="anderson") for (a, at_a), (b, at_b) in pairwise(signs) if at_a * at_b < 0]
        return [sp.Float(place, DIGITS) for place in found]


def limit(function: Any, v: Symbol, to: Any, side: str = "-") -> Any:
    """The limit at a place from one side, or at ±∞."""
    return sp.limit(function, v, to) if to in (oo, -oo) else sp.limit(function, v, to, side)


def extremes(pieces: list[Region], v: Symbol, sample: dict[Any, Any]) -> tuple[Extreme, Extreme]:
    """The least and the greatest value, or what is approached without being reached."""
    found: list[Extreme] = []
    for piece in pieces:
        if v not in piece.value.free_symbols:
            found.append(Extreme(piece.value, piece, True))
            continue
        for end, side in ((piece.low, "+"), (piece.high, "-")):
            found.append(Extreme(limit(piece.value, v, end, side), end, end not in (oo, -oo)))
        places = zeros(piece.value.diff(v), piece, v, sample)
        found += [Extreme(sp.simplify(piece.value.subs(v, place)), place, True) for place in places]

    def size(extreme: Extreme) -> Any:
        return sp.N(extreme.value.subs(sample), DIGITS)

    found.sort(key=lambda extreme: (not isinstance(extreme.at, Region), not extreme.reached))  # of equal values the first counts
    return min(found, key=size), max(found, key=size)
