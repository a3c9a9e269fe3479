"""Rows of which some may be chosen: numbers that solve them, or a proof by cases that there are none; it knows no expressions.

A choice is only split where the numbers found so far make none of its parts true, and a case that needed nothing of its own
settles the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from backcheck.proving.unknowns.linear import Contradiction, Row, adds_up, at, holds, opposites, plus
from backcheck.proving.unknowns.logarithms import ONE, TINY, Form
from backcheck.proving.unknowns.meter import Meter, TooMuch
from backcheck.proving.unknowns.simplex import Simplex, contradiction

NICE = tuple(map(Fraction, ("0", "1", "-1", "2", "-2", "1/2", "-1/2", "3/2", "-3/2", "3", "-3")))  # tried first, for people
DEEPEST, HALVINGS, MOST_COMPARED = 200, 200, 4


class Choice(NamedTuple):
    """At least one of these parts is true, with all its rows."""

    parts: tuple[tuple[Row, ...], ...]


class Cases(NamedTuple):
    """A contradiction in each part of a choice."""

    choice: Choice
    proofs: tuple[Contradiction | Cases, ...]


Proof = Contradiction | Cases


class System(NamedTuple):
    """What is to be true together."""

    rows: tuple[Row, ...]
    choices: tuple[Choice, ...] = ()


def solve(system: System, unknowns: Sequence[str] = (), meter: Meter | None = None) -> dict[str, Form] | Proof:
    """Numbers for the unknowns, small ones if that is possible, or a proof that there are none."""
    simplex = Simplex(meter)
    for row in system.rows:
        found = simplex.hold(row)
        if found:
            return found
    return _split(simplex, system.choices, 0) or _numbers(simplex, system, unknowns)


def _split(simplex: Simplex, choices: Sequence[Choice], depth: int) -> Proof | None:
    """None: the simplex now holds a part of each choice."""
    choice = next((choice for choice in choices if _true_part(simplex, choice) is None), None)
    if choice is None:
        return None
    if depth > DEEPEST:
        raise TooMuch
    proofs = []
    for part in choice.parts:
        mark = simplex.mark()
        proof = _held(simplex, part) or _split(simplex, choices, depth + 1)
        if proof is None:
            return None
        simplex.release(mark)
        if not used(proof) & set(map(id, part)):
            return proof
        proofs.append(proof)
    return Cases(choice, tuple(proofs))


def _held(simplex: Simplex, part: Sequence[Row]) -> Contradiction | None:
    return next((found for row in part if (found := simplex.hold(row))), None)


def _true_part(simplex: Simplex, choice: Choice) -> tuple[Row, ...] | None:
    """A part that is true with the numbers as they are."""
    simplex.meter.spend(sum(len(row.of) for part in choice.parts for row in part))
    return next((part for part in choice.parts if all(holds(Row(simplex.worth(row.of), row.sign)) for row in part)), None)


def used(proof: Proof) -> set[int]:
    """The rows it takes, by identity."""
    if isinstance(proof, Contradiction):
        return {id(row) for _, row in proof.rows}
    return set().union(*map(used, proof.proofs))


def leaves(proof: Proof) -> list[Contradiction]:
    """The contradictions, case by case."""
    return [proof] if isinstance(proof, Contradiction) else [leaf for part in proof.proofs for leaf in leaves(part)]


def refutes(proof: Proof, system: System, assumed: tuple[Row, ...] = ()) -> bool:
    """Whether a proof by cases is one: rows that are there, all parts of each choice, sums that cannot be."""
    if isinstance(proof, Contradiction):
        known = set(map(id, (*system.rows, *assumed)))
        return adds_up(proof) and all(id(row) in known for _, row in proof.rows)
    parts = proof.choice.parts
    return (
        any(choice is proof.choice for choice in system.choices)
        and len(proof.proofs) == len(parts)
        and all(refutes(inner, system, (*assumed, *part)) for inner, part in zip(proof.proofs, parts, strict=True))
    )


# small numbers, without what is less than any fraction


def _numbers(simplex: Simplex, system: System, unknowns: Sequence[str]) -> dict[str, Form]:
    chosen = [part for choice in system.choices if (part := _true_part(simplex, choice)) is not None]
    for row in [row for part in chosen for row in part]:
        simplex.hold(row)
    for name in unknowns:
        _settle(simplex, name)
    rows = [*system.rows, *(row for part in chosen for row in part)]
    names = dict.fromkeys([*unknowns, *(name for row in rows for name in row.of)])
    return _without_tiny({name: simplex.value[name] for name in names if name in simplex.value}, rows)


def _settle(simplex: Simplex, name: str) -> None:
    for value in NICE:
        mark = simplex.mark()
        if simplex.hold(Row(plus((1, {name: Fraction(1)}), (-value, {ONE: Fraction(1)})), "=")) is None:
            return
        simplex.release(mark)


def _without_tiny(values: Mapping[str, Form], rows: Sequence[Row]) -> dict[str, Form]:
    """A fraction that is small enough for what is less than any fraction."""
    size = Fraction(1)
    for _ in range(HALVINGS):
        found: dict[str, Form] = {name: at(form, {TINY: {ONE: size}}) for name, form in values.items()}
        if all(holds(Row(at(row.of, found), row.sign)) for row in rows):
            return found
        size /= 2
    raise TooMuch


def choice(parts: Sequence[Sequence[Row]], meter: Meter | None = None) -> Choice:
    """A choice without parts that cannot be, rows that always are, and parts that say no more than another one.

    >>> u, not_u = {"u": Fraction(1)}, {"u": Fraction(-1)}  # relu(u) = 0
    >>> len(choice([[Row(u, ">="), Row(u, "=")], [Row(not_u, ">="), Row({}, "=")]]).parts)
    1
    """
    open_ = [tuple(row for row in part if not _always(row)) for part in parts]
    kept = [part for part in open_ if not any(set(row.of) <= {ONE} for row in part)] or open_
    for part in list(kept) if len(kept) <= MOST_COMPARED else ():
        if len(kept) > 1 and any(other is not part and _implies(part, other, meter) for other in kept):
            kept = [other for other in kept if other is not part]
    return Choice(tuple(kept))


def _always(row: Row) -> bool:
    return set(row.of) <= {ONE} and holds(row)


def _implies(part: Sequence[Row], other: Sequence[Row], meter: Meter | None) -> bool:
    return all(contradiction([*part, opposite], meter) for row in other for opposite in opposites(row))
