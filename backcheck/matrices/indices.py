"""Letters that run over sizes, and sums of products of entries that have them: Σ_m X[i,m]·w[m]; it knows no rule of arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from hashlib import blake2b
from itertools import count
from typing import NamedTuple

from backcheck.matrices.tree import Tree


class Index(NamedTuple):
    """A letter that runs over a size; the number tells letters apart."""

    number: int
    size: str


class Factor:
    """entry X[i,j] · delta(i,j) · size n · apply σ(body) · group (body) · norm, lse, softmax over the indices of a body."""

    def __init__(
        self,
        kind: str,
        name: str = "",
        at: tuple[Index, ...] = (),
        body: Entries = (),
        over: tuple[Index, ...] = (),
        tree: Tree | None = None,
    ) -> None:
        self.kind, self.name, self.body, self.over = kind, name, body, over
        self.at = tuple(sorted(at)) if kind == "delta" else at
        self.tree = tree  # how the array in a norm, lse or softmax is written
        inner = [index for index in free(body) if index not in over]
        self.free = tuple(dict.fromkeys((*self.at, *inner)))
        self.weight: int = 1 + sum(factor.weight for term in body for factor, _ in term.powers)

    @cached_property
    def pattern(self) -> str:
        """Equal for factors that are the same but for the letters they are given."""
        places: dict[Index, str] = {index: f"free {at}" for at, index in enumerate(self.free)}
        inner = places | {index: f"over {at} {index.size}" for at, index in enumerate(self.over)}
        body = sorted(f"{term.coefficient} {likeness(term, inner)}" for term in self.body)
        return _short(f"{self.kind} {self.name} {[places[index] for index in self.at]} {body}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Factor) and (self.pattern, self.free) == (other.pattern, other.free)

    def __hash__(self) -> int:
        return hash((self.pattern, self.free))

    def renamed(self, names: Mapping[Index, Index]) -> Factor:
        """The same factor with other letters."""
        if not any(index in names for index in self.free):
            return self
        at = tuple(names.get(index, index) for index in self.at)
        inner = {old: new for old, new in names.items() if old not in self.over}
        return Factor(self.kind, self.name, at, renamed(self.body, inner), self.over, self.tree)


class Term(NamedTuple):
    """coefficient · factors with exponents, summed over some of their indices."""

    coefficient: Fraction
    powers: tuple[Power, ...] = ()
    sums: tuple[Index, ...] = ()


Power = tuple[Factor, Fraction]
Entries = tuple[Term, ...]  # their sum
_numbers = count(1)


def fresh(size: str) -> Index:
    """A letter not met before."""
    return Index(next(_numbers), size)


def free(entries: Entries) -> dict[Index, None]:
    """The indices that are not summed over, in the order they are read."""
    return {index: None for term in entries for factor, _ in term.powers for index in factor.free if index not in term.sums}


def deltas(entries: Entries) -> list[Factor]:
    """The δ of a sum, and those in brackets within it."""
    factors = [factor for term in entries for factor, exponent in term.powers if exponent == 1]
    inner = [found for factor in factors if factor.kind == "group" for found in deltas(factor.body)]
    return [factor for factor in factors if factor.kind == "delta"] + inner


def sizes(entries: Entries) -> set[str]:
    """The sizes that are counted with, as in Σ_i 1 = n."""
    factors = [factor for term in entries for factor, _ in term.powers]
    return {factor.name for factor in factors if factor.kind == "size"}.union(*(sizes(factor.body) for factor in factors))


# other letters


def renamed(entries: Entries, names: Mapping[Index, Index]) -> Entries:
    """The same with other letters for free indices."""
    return tuple(renamed_term(term, names) for term in entries)


def renamed_term(term: Term, names: Mapping[Index, Index]) -> Term:
    """The same term with other letters for free indices; a summed letter gives way."""
    if any(new in term.sums for new in names.values()):
        term = refreshed(term)
    names = {old: new for old, new in names.items() if old not in term.sums}
    return term._replace(powers=tuple((factor.renamed(names), exponent) for factor, exponent in term.powers))


def refreshed(term: Term) -> Term:
    """The same term with summed letters of its own."""
    names = {index: fresh(index.size) for index in term.sums}
    return renamed_term(term._replace(sums=()), names)._replace(sums=tuple(names.values())) if names else term


# what is the same whatever its summed letters are called


def likeness(term: Term, known: Mapping[Index, str]) -> str:
    """A text that like terms share; summed letters are told apart by where they stand, looked at three times over."""
    colours = {index: index.size for index in term.sums}
    for _ in range(3 if len(term.sums) > 1 else 0):
        signs = _signs(term, {**known, **colours})
        colours = {index: _short(index.size + str(sorted(_standing(index, term, signs)))) for index in term.sums}
    signs = _signs(term, {**known, **colours})
    powers = [term.powers[at] for at in sorted(range(len(signs)), key=lambda at: signs[at])]
    met = dict.fromkeys(index for factor, _ in powers for index in factor.free if index in term.sums)
    numbered = {index: f"sum {at} {index.size}" for at, index in enumerate(met)}
    return str(sorted(_signs(term, {**known, **numbered})))


def _signs(term: Term, known: Mapping[Index, str]) -> list[str]:
    """Each factor with its letters, as far as they are known."""
    found = []
    for factor, exponent in term.powers:
        letters = [known.get(index) or str(index.number) for index in factor.free]
        found.append(f"{factor.pattern} {sorted(letters) if factor.kind == 'delta' else letters} {exponent}")
    return found


def _standing(index: Index, term: Term, signs: list[str]) -> list[str]:
    powers = zip(term.powers, signs, strict=True)
    return [f"{sign} {factor.free.index(index)}" for (factor, _), sign in powers if index in factor.free]


def _short(text: str) -> str:
    """A short text that stands for a long one."""
    return blake2b(text.encode(), digest_size=12).hexdigest()
