"""Numbers for unknowns, put back into what was written, exactly: do they do what was said to be impossible?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

from backcheck.proving.names import Scene
from backcheck.proving.statements import Impossible, Relation
from backcheck.proving.unknowns.asking import Question, Values, asking, each_row
from backcheck.proving.unknowns.branching import NICE, System, solve
from backcheck.proving.unknowns.conditions import asked
from backcheck.proving.unknowns.desk import Desk
from backcheck.proving.unknowns.in_words import spelled
from backcheck.proving.unknowns.increasing import RISING
from backcheck.proving.unknowns.linear import Row, holds, plus, split
from backcheck.proving.unknowns.logarithms import LN, ONE, Form, sign
from backcheck.proving.unknowns.meter import Meter, TooMuch
from backcheck.proving.unknowns.pieces import desk
from backcheck.proving.unknowns.polynomials import DOT, Unwritable, number, put_in
from backcheck.proving.verdict import FALSE, Counterexample, Decision, Number

TRIES, WORK = 200, 15_000  # small numbers for the factors of products, and the work for each
MOST_POINTS = 8  # of an unknown function, shown
Table = dict[tuple[tuple[str, Fraction], ...], Form]


def refuted(statement: Impossible, scene: Scene, question: Question, found: Values) -> Decision | None:
    """The decision, if these numbers do it; None if they do not."""
    if question.given_left_out:
        return None
    values = {name: found.get(name, {}) for name in question.desk.met}
    tables = _tables(question.desk, {**values, **found})
    if tables is None:
        return None
    on = desk(scene.names, statement.unknowns)
    on.tables = tables
    if not all(_true(on, relation) for relation, _ in each_row(on, statement, scene, values)):
        return None
    shown = [f"{name} = {spelled(value)}" for name, value in values.items()]
    shown += [f"{at} = {spelled(y)}" for at, y in _points(tables)]
    example = _example(on, list(each_row(on, statement, scene, values))[-1][0], tables)
    return Decision(FALSE, f"it is possible: {', '.join(shown)}", counterexample=example)


def _true(on: Desk, relation: Relation) -> bool:
    return any(all(not split(row.of)[0] and holds(row) for row in part) for part in asked(on, relation, "").parts)


def _example(on: Desk, relation: Relation, tables: Mapping[str, Table]) -> Counterexample | None:
    """All numbers, with the two sides at the last row of the data; nothing where a side is no sum of fractions and logarithms."""
    sides = [next(piece.of for piece in on.pieces(side)) for side in (relation.left, relation.right)]
    if relation.sign == "=":
        sides = [one if not split(one)[0] else other for one, other in (sides, sides[::-1])]  # they are equal, as was shown
    if any(split(side)[0] for side in sides):
        return None
    values = tuple((name, as_number(value)) for name, value in (*on.known.items(), *_points(tables)))
    return Counterexample((), (), values, relation.sign, as_number(sides[0]), as_number(sides[1]))


def as_number(form: Form) -> Number:
    """
    >>> as_number({"1": Fraction(1, 3), "ln 2": Fraction(1)})
    Number(exact='ln 2 + 1/3', decimal='1.02648')
    """
    from math import log

    value = sum(float(times) * (1 if name == ONE else log(Fraction(name.removeprefix(LN)))) for name, times in form.items())
    return Number(spelled(form), f"{value:.6g}")


# unknown functions: what they are at the arguments where they were applied


def _tables(on: Desk, found: Values) -> dict[str, Table] | None:
    """None where a function would have two values at one argument, or falls and may not."""
    tables: dict[str, Table] = {}
    for applied in on.applied.values():
        if applied.function not in on.names.functions:
            continue
        argument, value = put_in(applied.argument, found), found.get(applied.value, {})
        table = tables.setdefault(applied.function, {})
        if split(argument)[0] or table.setdefault(tuple(sorted(argument.items())), value) != value:
            return None
    falls = any(on.names.functions[function] == "monotone" and _falls(table) for function, table in tables.items())
    return None if falls else tables


def _falls(table: Table) -> bool:
    points = list(table.items())
    return any(sign(_less(dict(u), dict(v))) < 0 < sign(_less(y, z)) for u, y in points for v, z in points)


def _less(one: Form, other: Form) -> Form:
    return plus((1, one), (-1, other))


def _points(tables: Mapping[str, Table]) -> list[tuple[str, Form]]:
    """f(0) = 1, f(1) = 0, the first few."""
    found = []
    for function, table in tables.items():
        points = sorted(table.items(), key=lambda point: dict(point[0]).get(ONE, Fraction(0)))
        found += [(f"{function}({spelled(dict(u))})", y) for u, y in points[:MOST_POINTS]]
    return found


# products of unknowns: with numbers for one factor of each they are none


def small_numbers(statement: Impossible, scene: Scene, question: Question) -> Decision | None:
    """Some small numbers for as few unknowns as make the rest linear, tried one after the other."""
    if any(applied.function in RISING for applied in question.desk.applied.values()):
        return None  # such numbers could not be put back: of a sigmoid of a number, only that it rises was used
    factors = _factors(question.system)
    for values in _tried(len(factors)):
        known = {name: number(value) for name, value in zip(factors, values, strict=True)}
        try:
            meter = Meter(WORK, question.desk.meter)
            inner = asking(statement, scene, meter, known)
            found = solve(inner.system, list(inner.desk.met), meter)
        except TooMuch:
            if question.desk.meter.left < 0:
                return None
            continue
        except Unwritable:
            continue
        if isinstance(found, dict) and inner.is_linear:
            decision = refuted(statement, scene, question, {**found, **known})
            if decision:
                return decision
    return None


def _tried(width: int) -> Iterator[Sequence[Fraction]]:
    """The smallest first."""
    sizes = next((n for n in range(len(NICE), 1, -1) if n**width <= TRIES), 0)
    yield from sorted(product(NICE[:sizes], repeat=width), key=lambda values: sum(NICE.index(value) for value in values))


def _factors(system: System) -> list[str]:
    """Unknowns of which each product has all but one at most, those in the most products first."""
    rows: list[Row] = [*system.rows, *(row for choice in system.choices for part in choice.parts for row in part)]
    open_ = [name.split(DOT) for name in dict.fromkeys(name for row in rows for name in row.of if DOT in name)]
    found: list[str] = []
    while open_:
        counts = {part: sum(part in parts for parts in open_) for parts in open_ for part in parts}
        most = max(counts, key=lambda part: counts[part])
        found.append(most)
        open_ = [rest for parts in open_ if len(rest := [part for part in parts if part != most]) > 1]
    return found
