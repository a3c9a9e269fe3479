"""Relations with unknowns → rows and choices, and what has to be true of functions wherever they were applied; it solves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations

from backcheck.proving.branching import Choice, System, choice
from backcheck.proving.desk import Applied, Desk, Piece
from backcheck.proving.increasing import RISING, Rising
from backcheck.proving.linear import Row, plus, split
from backcheck.proving.logarithms import Form
from backcheck.proving.polynomials import number
from backcheck.proving.statements import Relation

# a relation to 0 → one of these: a row of so many times it
ROWS = {
    "=": (("=", 1),),
    ">": ((">", 1),),
    ">=": ((">=", 1),),
    "<": ((">", -1),),
    "<=": ((">=", -1),),
    "!=": ((">", 1), (">", -1)),
}
# two arguments u, v with the values f(u), f(v): for u = v, u > v, u < v, the relation of f(u) to f(v)
PAIRS: dict[str, tuple[tuple[str, int, str | None], ...]] = {
    "any": (("=", 1, "="), (">", 1, None), (">", -1, None)),
    "monotone": (("=", 1, "="), (">", 1, ">="), (">", -1, ">=")),
    "rises": (("=", 1, "="), (">", 1, ">"), (">", -1, ">")),
}


def asked(desk: Desk, relation: Relation, says: str) -> Choice:
    """What one relation asks of the unknowns."""
    pieces = desk.each((relation.left, relation.right), lambda left, right: plus((1, left), (-1, right)))
    return choice([part for piece in pieces for part in _parts(desk, piece, relation.sign, says)])


def _parts(desk: Desk, piece: Piece, relation: str, says: str) -> Iterator[tuple[Row, ...]]:
    needs = tuple(row._replace(says=says) for row in piece.needs)
    for sign, side in ROWS[relation]:
        yield (*needs, undone(desk, Row(plus((side, piece.of)), sign, says)))


def undone(desk: Desk, row: Row) -> Row:
    """A row of the values of one rising function as a row of its arguments: sigmoid(u) = 1/2 as u = 0, exp(u) > exp(v) as u > v."""
    unknown, known = split(row.of)
    applied = [found for found in desk.applied.values() if found.value in unknown]
    functions = {found.function for found in applied}
    if len(unknown) != len(applied) or len(functions) != 1 or not functions <= set(RISING):
        return row
    sizes = [unknown[found.value] for found in applied]
    if len(applied) == 2 and not known and sum(sizes) == 0:
        return row._replace(of=plus((sizes[0], applied[0].argument), (sizes[1], applied[1].argument)))
    if len(applied) == 1:
        inverse = RISING[applied[0].function].inverse(plus((-1 / sizes[0], known)))
        if inverse is not None:
            way = 1 if sizes[0] > 0 else -1
            return row._replace(of=plus((way, applied[0].argument), (-way, inverse)))
    return row


def system(desk: Desk, choices: Iterable[Choice]) -> System:
    """All that has to be true: a choice with one part is no choice."""
    choices = list(choices)
    rows = [*desk.rows, *(row for found in choices if len(found.parts) == 1 for row in found.parts[0])]
    open_ = [found for found in choices if len(found.parts) != 1]
    values = {name: form for row in rows if row.sign == "=" for name, form in _value(row)}
    more_rows, more = _of_functions(desk, _in_use(desk, rows, open_), values)
    return System((*rows, *more_rows), (*open_, *more))


def _value(row: Row) -> Iterator[tuple[str, Form]]:
    """f(u) = 3 gives f(u) a value."""
    unknown, known = split(row.of)
    if len(unknown) == 1:
        ((name, size),) = unknown.items()
        yield name, plus((-1 / size, known))


def _in_use(desk: Desk, rows: Iterable[Row], choices: Iterable[Choice]) -> list[Applied]:
    """The functions whose values occur, or occur in an argument of one of these."""
    names = {name for row in (*rows, *(row for found in choices for part in found.parts for row in part)) for name in row.of}
    found: list[Applied] = []
    for applied in reversed(desk.applied.values()):
        if any(applied.value in name for name in names):
            found.append(applied)
            names |= set(applied.argument)
    return found[::-1]


def _of_functions(desk: Desk, applied: Iterable[Applied], values: Mapping[str, Form]) -> tuple[list[Row], list[Choice]]:
    rows, choices = [], []
    by_function: dict[str, list[tuple[Form, Form]]] = {}
    for found in applied:
        value = values.get(found.value, {found.value: Fraction(1)})
        by_function.setdefault(found.function, []).append((found.argument, value))
        if found.function in RISING:
            rows += _between(RISING[found.function], found)
    for function, points in by_function.items():
        kind = "rises" if function in RISING else desk.names.functions.get(function)
        if kind is not None:
            known = [RISING[function].point] if function in RISING else []
            choices += [c for one, other in combinations([*known, *points], 2) if (c := _pair(kind, one, other)) is not None]
    return rows, choices


def _between(rising: Rising, applied: Applied) -> Iterator[Row]:
    value = {applied.value: Fraction(1)}
    if rising.above is not None:
        yield Row(plus((1, value), (-1, number(rising.above))), ">", "the values of this function")
    if rising.below is not None:
        yield Row(plus((-1, value), (1, number(rising.below))), ">", "the values of this function")
    if applied.function == "ln":
        yield Row(applied.argument, ">", "what has a logarithm")


def _pair(kind: str, one: tuple[Form, Form], other: tuple[Form, Form]) -> Choice | None:
    """What two points of a function have to do with each other; None where nothing is asked of them."""
    u, y = (plus((1, a), (-1, b)) for a, b in zip(one, other, strict=True))
    if not y and kind != "rises":
        return None
    parts = []
    for relation, side, of_values in PAIRS[kind]:
        row = Row(plus((side, u)), relation, "same argument, same value" if kind == "any" else "it never falls")
        parts.append((row, Row(plus((side, y)), of_values)) if of_values else (row,))
    return choice(parts)
