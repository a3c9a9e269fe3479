"""A statement of impossibility with its data put in: one row for each way to take them; it solves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from backcheck.proving.names import Scene
from backcheck.proving.statements import Impossible, Relation, letters_of_given
from backcheck.proving.tree import Tree, free, put
from backcheck.proving.unknowns.branching import Choice, System
from backcheck.proving.unknowns.conditions import asked, system
from backcheck.proving.unknowns.desk import Desk
from backcheck.proving.unknowns.in_words import spelled
from backcheck.proving.unknowns.linear import split
from backcheck.proving.unknowns.logarithms import Form
from backcheck.proving.unknowns.meter import Meter
from backcheck.proving.unknowns.pieces import desk
from backcheck.proving.unknowns.polynomials import DOT, Unwritable

MOST_ROWS = 64

Values = Mapping[str, Form]


class Question(NamedTuple):
    """What is asked of the unknowns."""

    desk: Desk
    system: System
    given_left_out: bool  # something given about the unknowns is not among it

    @property
    def is_linear(self) -> bool:
        """Without products of unknowns."""
        rows = (*self.system.rows, *(row for choice in self.system.choices for part in choice.parts for row in part))
        return not any(DOT in name for row in rows for name in row.of)


def asking(statement: Impossible, scene: Scene, meter: Meter, known: Values | None = None, at_kinks: bool = False) -> Question:
    """The question, with numbers for some of the unknowns, and with a value for step(0) or without."""
    on = desk(scene.names, statement.unknowns, meter)
    on.at_kinks = at_kinks
    choices = [asked(on, relation, says) for relation, says in each_row(on, statement, scene, known or {})]
    on.known = dict(known or {})
    given, left_out = _given(on, statement, scene)
    return Question(on, system(on, [*choices, *given]), left_out)


def each_row(on: Desk, statement: Impossible, scene: Scene, known: Values) -> Iterator[tuple[Relation, str]]:
    """Each relation at each row of the data, which are then known."""
    relations = [_at(relation, scene) for relation in statement.relations]
    for row in _rows(on, statement):
        on.known = {**known, **row}
        for relation in relations:
            yield relation, ", ".join(f"{name} = {spelled(value)}" for name, value in row.items())


def _at(relation: Relation, scene: Scene) -> Relation:
    values = {name.text: value for name, value in scene.at if name.op == "name"}
    return relation._replace(left=put(relation.left, values), right=put(relation.right, values))


def _rows(on: Desk, statement: Impossible) -> list[dict[str, Form]]:
    values = [[_number(on, tree) for tree in trees] for _, trees in statement.data]
    size = 1
    for column in values:
        size *= len(column)
    if size > MOST_ROWS:
        raise Unwritable(f"{size} rows of data are more than the {MOST_ROWS} that are put in")
    return [dict(zip((name for name, _ in statement.data), row, strict=True)) for row in product(*values)]


def _number(on: Desk, tree: Tree) -> Form:
    pieces = on.pieces(tree)
    if len(pieces) != 1 or split(pieces[0].of)[0]:
        raise Unwritable("the data have to be numbers")
    return pieces[0].of


def _given(on: Desk, statement: Impossible, scene: Scene) -> tuple[list[Choice], bool]:
    """What is given about the same names, as choices; whether something of it is left out."""
    found, left_out = [], False
    data = {name for name, _ in statement.data}
    for relation in (*scene.given, *scene.case):
        names = {*free(relation.left), *free(relation.right)}
        try:
            found += [] if names & data else [asked(on, one, "given") for one in _written_out(relation, scene)]
            left_out |= bool(names & data)
        except Unwritable:
            left_out |= bool(names & {name.split("[")[0] for name in on.met})
    return found, left_out


def _written_out(relation: Relation, scene: Scene) -> list[Relation]:
    """What is given for each i, for each i."""
    letters = tuple(name for name in free(relation.left) if scene.names.is_letter(name))
    found = [relation]
    for letter, left_out in letters_of_given(relation, letters):
        size = scene.names.size(letter)
        if left_out or not size.isdigit() or int(size) > MOST_ROWS:
            raise Unwritable(f"{letter} runs to {size}")
        found = [_put(one, letter, i) for one in found for i in range(1, int(size) + 1)]
    return found


def _put(relation: Relation, letter: str, value: int) -> Relation:
    names = {letter: Tree("number", text=str(value))}
    return relation._replace(left=put(relation.left, names), right=put(relation.right, names), each=None)
