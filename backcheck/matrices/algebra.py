"""Sums and products of entries in indices, kept tidy: no sum over a δ remains, equal factors are one power; it knows no slopes."""

from __future__ import annotations

from contextvars import ContextVar
from fractions import Fraction

from backcheck.errors import BackcheckError
from backcheck.matrices.indices import Entries, Factor, Index, Power, Term, deltas, likeness, refreshed, renamed_term

MOST_FACTORS = 300_000  # looked at on the way to one answer
ONE = Fraction(1)
_left = ContextVar("_left", default=MOST_FACTORS)


class TooLarge(BackcheckError):
    """An answer that nobody would read."""


def allow(factors: int = MOST_FACTORS) -> None:
    """How many factors may be looked at from here on."""
    _left.set(factors)


def _spend(term: Term) -> None:
    _left.set(_left.get() - 1 - sum(factor.weight for factor, _ in term.powers))
    if _left.get() < 0:
        raise TooLarge("the derivative is too long to be of use: give parts of the expression names of their own")


def constant(value: Fraction | int) -> Entries:
    """A plain number."""
    return (Term(Fraction(value)),) if value else ()


def single(factor: Factor, exponent: Fraction = ONE) -> Entries:
    """One factor."""
    return (Term(ONE, ((factor, exponent),)),)


def delta(one: Index, other: Index) -> Factor:
    """1 where two indices are equal, 0 elsewhere."""
    return Factor("delta", at=(one, other))


def times(*parts: Entries) -> Entries:
    """A product; a part with several terms stays together in brackets."""
    coefficient, powers, sums = ONE, list[Power](), list[Index]()
    for part in parts:
        if not part:
            return ()
        term = refreshed(part[0] if len(part) == 1 else together(part))
        coefficient *= term.coefficient
        powers += term.powers
        sums += term.sums
    return tidy(Term(coefficient, tuple(powers), tuple(sums)))


def together(entries: Entries) -> Term:
    """A sum in brackets, with what all its terms have in front: a·b + a·c as a·(b + c)."""
    common = [power for power in entries[0].powers if not {*entries[0].sums} & {*power[0].free}]
    shared = [(factor, _shared(factor, [_exponents(term) for term in entries])) for factor, _ in common]
    powers = tuple((factor, exponent) for factor, exponent in shared if exponent)
    sizes = {abs(term.coefficient) for term in entries}
    coefficient = sizes.pop() if len(sizes) == 1 else ONE
    without = tuple((factor, -exponent) for factor, exponent in powers)
    rest = (
        _gathered(term._replace(coefficient=term.coefficient / coefficient, powers=_divided(term, without))) for term in entries
    )
    return Term(coefficient, ((Factor("group", body=tuple(rest)), ONE), *powers))


def factored(entries: Entries) -> Entries:
    """What all terms have in common, taken out, if that is more than a number."""
    term = together(entries) if len(entries) > 1 else None
    return (term,) if term and len(term.powers) > 1 else entries


def _exponents(term: Term) -> dict[Factor, Fraction]:
    """The exponent of every factor that stands before the Σ of a term."""
    return {factor: exponent for factor, exponent in term.powers if not {*term.sums} & {*factor.free}}


def _shared(factor: Factor, terms: list[dict[Factor, Fraction]]) -> Fraction:
    """The power of a factor that all terms have: the smallest of one sign."""
    found = [exponents.get(factor, Fraction(0)) for exponents in terms]
    return min(found) if min(found) > 0 else max(found) if max(found) < 0 else Fraction(0)


def _divided(term: Term, by: tuple[Power, ...]) -> tuple[Power, ...]:
    gone = {factor for factor, _ in by if factor.kind == "delta"}
    rest = tuple(power for power in term.powers if power[0] not in gone)
    return rest + tuple(power for power in by if power[0].kind != "delta")


def plus(*parts: Entries) -> Entries:
    """A sum, like terms taken together."""
    found: dict[str, Term] = {}
    for part in parts:
        for term in part:
            name = likeness(term, {})
            total = term.coefficient + (found[name].coefficient if name in found else 0)
            found[name] = found.get(name, term)._replace(coefficient=total)
    return tuple(term for term in found.values() if term.coefficient)


def summed(entries: Entries, over: tuple[Index, ...]) -> Entries:
    """Σ over some of the free indices."""
    return plus(*(tidy(term._replace(sums=term.sums + over)) for term in entries))


def raised(entries: Entries, exponent: Fraction) -> Entries:
    """A power; only whole ones go into a product."""
    if exponent in (0, 1):
        return entries if exponent else constant(1)
    if not entries and exponent > 0:
        return ()
    if len(entries) == 1 and not entries[0].sums:
        term = entries[0]
        if exponent.denominator == 1 and (term.coefficient or exponent > 0):
            powers = tuple((factor, power * exponent) for factor, power in term.powers)
            return tidy(Term(term.coefficient ** int(exponent), powers))
        if term.coefficient == 1 and len(term.powers) == 1 and term.powers[0][1] == 1:
            return single(term.powers[0][0], exponent)
    return single(Factor("group", body=entries), exponent)


def tidy(term: Term) -> Entries:
    """A term without sums over a δ, without brackets around one term, equal factors taken together."""
    _spend(term)
    term = _certain(_contracted(_gathered(term)))
    for at, (factor, exponent) in enumerate(term.powers):
        others = term.powers[:at] + term.powers[at + 1 :]
        if factor.kind == "group" and exponent == 1 and _to_open(factor, others, term.sums):
            opened = [_joined(term._replace(powers=others), part) for part in factor.body]
            return plus(*map(tidy, opened))
        if factor.kind == "group" and exponent.denominator == 1 and len(factor.body) == 1 and not factor.body[0].sums:
            inner = raised(factor.body, exponent)
            return plus(*(tidy(_joined(term._replace(powers=others), part)) for part in inner))
    return (_counted(term),) if term.coefficient else ()


def _joined(term: Term, part: Term) -> Term:
    part = refreshed(part)
    return Term(term.coefficient * part.coefficient, term.powers + part.powers, term.sums + part.sums)


def _to_open(group: Factor, others: tuple[Power, ...], sums: tuple[Index, ...]) -> bool:
    """Brackets around one term, around everything, or around a δ over which is summed."""
    return len(group.body) < 2 or not others or any(index in sums for factor in deltas(group.body) for index in factor.at)


def _gathered(term: Term) -> Term:
    """Equal factors as one power; a δ is its own square."""
    found: dict[Factor, Fraction] = {}
    for factor, exponent in term.powers:
        found[factor] = ONE if factor.kind == "delta" else found.get(factor, Fraction(0)) + exponent
    return term._replace(powers=tuple((factor, exponent) for factor, exponent in found.items() if exponent))


def _contracted(term: Term) -> Term:
    """Σ_m δ(i,m)·x[m] is x[i]."""
    for at, (factor, _) in enumerate(term.powers):
        if factor.kind != "delta":
            continue
        one, other = factor.at
        rest = term._replace(powers=term.powers[:at] + term.powers[at + 1 :])
        if one == other:
            return _contracted(rest)
        gone = next((index for index in (one, other) if index in term.sums), None)
        if gone is not None:
            sums = tuple(index for index in term.sums if index != gone)
            rest = renamed_term(rest._replace(sums=()), {gone: other if gone == one else one})
            return _contracted(_gathered(rest._replace(sums=sums)))
    return term


def _certain(term: Term) -> Term:
    """Σ_m softmax(z)[m] is 1."""
    read = [index for factor, _ in term.powers for index in factor.free]
    once = [index for index in term.sums if read.count(index) == 1]
    ones = [factor for factor, exponent in term.powers if factor.kind == "softmax" and factor.at[0] in once and exponent == 1]
    gone = [factor.at[0] for factor in ones]
    powers = tuple(power for power in term.powers if power[0] not in ones)
    return term._replace(powers=powers, sums=tuple(index for index in term.sums if index not in gone))


def _counted(term: Term) -> Term:
    """Σ_m of what does not depend on m is the size of m times as much."""
    read = {index for factor, _ in term.powers for index in factor.free}
    idle = [index for index in term.sums if index not in read]
    sizes = tuple((Factor("size", index.size), ONE) for index in idle)
    return _gathered(term._replace(powers=sizes + term.powers, sums=tuple(index for index in term.sums if index in read)))
