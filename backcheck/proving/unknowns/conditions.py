"""Relations with unknowns → rows and choices, and what is true of functions wherever they were applied; it solves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations

from backcheck.proving.statements import Relation
from backcheck.proving.unknowns.branching import Choice, System, choice
from backcheck.proving.unknowns.desk import Applied, Desk, Piece
from backcheck.proving.unknowns.in_words import Spelled, own_names, spelled
from backcheck.proving.unknowns.increasing import RISING, Rising
from backcheck.proving.unknowns.linear import Row, plus, split
from backcheck.proving.unknowns.logarithms import Form
from backcheck.proving.unknowns.polynomials import DOT, number

Point = tuple[Form, Form]  # an argument, and the value there

# a relation to 0 → one of these: a row of so many times it
ROWS = {
    "=": (("=", 1),),
    ">": ((">", 1),),
    ">=": ((">=", 1),),
    "<": ((">", -1),),
    "<=": ((">=", -1),),
    "!=": ((">", 1), (">", -1)),
}
# two arguments u, v with the values f(u), f(v): for u = v, u < v, u > v, the relation of f(u) to f(v)
PAIRS: dict[str, tuple[tuple[str, int, str | None], ...]] = {
    "any": (("=", 1, "="), (">", -1, None), (">", 1, None)),
    "monotone": (("=", 1, "="), (">", -1, ">="), (">", 1, ">=")),
    "rises": (("=", 1, "="), (">", -1, ">"), (">", 1, ">")),
}


def asked(desk: Desk, relation: Relation, says: str) -> Choice:
    """What one relation asks of the unknowns."""
    pieces = desk.each((relation.left, relation.right), lambda left, right: plus((1, left), (-1, right)))
    return choice([part for piece in pieces for part in _parts(desk, piece, relation.sign, says)], desk.meter)


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
    all_rows = (*rows, *(row for found in choices for part in found.parts for row in part))
    names = {part for row in all_rows for name in row.of for part in name.split(DOT)}
    found: list[Applied] = []
    for applied in reversed(desk.applied.values()):
        if applied.value in names:
            found.append(applied)
            names |= {part for name in applied.argument for part in name.split(DOT)}
    return found[::-1]


def _of_functions(desk: Desk, applied: Iterable[Applied], values: Mapping[str, Form]) -> tuple[list[Row], list[Choice]]:
    rows: list[Row] = []
    choices: list[Choice] = []
    names = own_names(desk.applied.values())
    by_function: dict[str, list[Point]] = {}
    for found in applied:
        value = values.get(found.value, {found.value: Fraction(1)})
        by_function.setdefault(found.function, []).append((found.argument, value))
        if found.function in RISING:
            rows += _between(RISING[found.function], found)
    for function, points in by_function.items():
        kind = "rises" if function in RISING else desk.names.functions.get(function)
        if kind is not None:
            known = [RISING[function].point] if function in RISING else []
            pairs = combinations([*known, *points], 2)
            choices += [_pair(desk, names, function, kind, *pair) for pair in pairs if kind == "rises" or pair[0][1] != pair[1][1]]
    return rows, choices


def _between(rising: Rising, applied: Applied) -> Iterator[Row]:
    value, says = {applied.value: Fraction(1)}, f"as {applied.function} always is"
    if rising.above is not None:
        yield Row(plus((1, value), (-1, number(rising.above))), ">", says)
    if rising.below is not None:
        yield Row(plus((-1, value), (1, number(rising.below))), ">", says)
    if applied.function == "ln":
        yield Row(applied.argument, ">", "where ln is defined")


def _pair(desk: Desk, names: Spelled, function: str, kind: str, one: Point, other: Point) -> Choice:
    """What two points of a function have to do with each other."""
    says = " and ".join(f"{function}({spelled(u, names)}) = {spelled(y)}" for u, y in (one, other) if not split(y)[0])
    u, y = (plus((1, a), (-1, b)) for a, b in zip(one, other, strict=True))
    parts = []
    for relation, side, of_values in PAIRS[kind]:
        row = Row(plus((side, u)), relation, says)
        parts.append((row, Row(plus((side, y)), of_values)) if of_values else (row,))
    return choice(parts, desk.meter)
