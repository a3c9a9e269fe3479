"""Limits: where the leading term of an expression runs to, from each side and in each case, held against what is said of it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator

from backcheck.proving.algebra.cases import TooManyCases, cases
from backcheck.proving.algebra.equal import equal
from backcheck.proving.algebra.expand import plain
from backcheck.proving.algebra.needs import in_words
from backcheck.proving.approaching.near import Row, in_numbers, rows, speaks_against
from backcheck.proving.approaching.running import Reached, Way, reached, ways
from backcheck.proving.names import Scene
from backcheck.proving.numbers.refute import refute
from backcheck.proving.order import order
from backcheck.proving.spelling.spelled import spell
from backcheck.proving.statements import Limit, Misread, Relation
from backcheck.proving.tree import Tree, bare, free, name
from backcheck.proving.verdict import FALSE, NOT_PROVEN, PROVEN, Decision

INFINITY = Tree("infinity")
INFINITE = (INFINITY, Tree("minus", (INFINITY,)))


def limit(statement: Limit, scene: Scene) -> Decision:
    """Whether a limit is what is said of it."""
    relation = statement.relation._replace(left=bare(statement.relation.left), right=bare(statement.relation.right))
    statement = statement._replace(of=relation.left, to=bare(statement.to), relation=relation)
    _refuse(statement, scene)
    try:
        found = [(way, _from(statement.of, way, scene)) for way in ways(statement.variable, statement.to, statement.side)]
    except TooManyCases:
        return Decision(NOT_PROVEN, "too many letters are compared")
    return _decided(statement, scene, [(way, cases) for way, cases in found if cases])


def _refuse(statement: Limit, scene: Scene) -> None:
    """What cannot be said of a limit."""
    variable, right = statement.variable, statement.relation.right
    column = right.column or statement.of.column or 1
    if scene.names.shapes.get(variable) or variable in scene.names.sizes or variable in scene.names.defined:
        raise Misread(column, f"{variable} is no number that can run to a place", "lim y -> 0+ : …, where y is a number")
    if right not in INFINITE and variable in free(plain(right, scene)):
        says = f"{variable} stands on the right, and has no value left once it has reached its place"
        raise Misread(column, says, f"write what is left there without {variable}, or oo")


def _from(of: Tree, way: Way, scene: Scene) -> list[Reached]:
    """From one side, in all cases of the letters that are not excluded."""
    found = [reached(of, way, scene, points) for points in cases([plain(of, scene)], scene)]
    return [one for one in found if one is not None]


def _decided(statement: Limit, scene: Scene, found: list[tuple[Way, list[Reached]]]) -> Decision:
    every = [(way, one) for way, cases in found for one in cases if one.to is not None or not one.known]
    if not every:
        why = next((one.why for _, cases in found for one in cases), "what is given excludes it")
        return Decision(NOT_PROVEN, f"it has no value near the place: {why}")
    verdicts = [(way, one, _holds(statement.relation, one, scene, len(found[0][1]) > 1)) for way, one in every]
    wrong = next(((way, one) for way, one, holds in verdicts if holds is False), None)
    if wrong is not None:
        return _false(statement, scene, verdicts, *wrong)
    unclear = next((one for _, one, holds in verdicts if holds is None), None)
    if unclear is not None:
        return Decision(NOT_PROVEN, _not_shown(unclear))
    return _proven(statement, scene, found, every)


def _not_shown(one: Reached) -> str:
    return (
        f"the limit was not found: {one.why}"
        if one.to is None
        else f"the limit is {spell(one.to)}; that this is the right side was not shown"
    )


def _holds(relation: Relation, one: Reached, scene: Scene, by_case: bool) -> bool | None:
    """Whether a limit that was found is what is said; None where that is not known."""
    if one.to is None:
        return None
    if one.to in INFINITE or relation.right in INFINITE:
        return _SIGNS[relation.sign](_rank(one.to), _rank(relation.right))
    asked = relation._replace(left=one.to)
    there = _there(one, scene, by_case)
    if (equal(asked.left, asked.right, there) if relation.sign == "=" else order(asked, there)).holds:
        return True
    return False if refute(asked, there).counterexample is not None else None


_SIGNS: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _rank(tree: Tree) -> int:
    """-oo, a number, oo"""
    return {INFINITE[0]: 1, INFINITE[1]: -1}.get(tree, 0)


def _there(one: Reached, scene: Scene, by_case: bool) -> Scene:
    return scene._replace(case=(*scene.case, *_case(one))) if by_case else scene


def _case(one: Reached) -> Iterator[Relation]:
    """Which letters are equal, as something given."""
    letters = [*one.points.items()]
    for at, (letter, point) in enumerate(letters):
        for other, place in letters[:at]:
            yield Relation("=" if point == place else "!=", name(other), name(letter))


def _false(statement: Limit, scene: Scene, verdicts: list[tuple[Way, Reached, bool | None]], way: Way, wrong: Reached) -> Decision:
    """Where it runs to instead; from which side, where the other one leads elsewhere."""
    ends = {way.words: spell(one.to) for way, one, _ in verdicts if one.to is not None}
    says = f"the limit is {spell(wrong.to or INFINITY)}"
    if len({*ends.values()}) > 1:
        says = f"there is no limit: {' and '.join(f'{words} it runs to {end}' for words, end in ends.items())}"
    shown = _rows(statement, scene, way)
    found = in_numbers(shown[0], statement.variable, statement.relation.sign, statement.relation.right) if shown else None
    return Decision(FALSE, says, counterexample=found)


def _proven(statement: Limit, scene: Scene, found: list[tuple[Way, list[Reached]]], every: list[tuple[Way, Reached]]) -> Decision:
    """Held against numbers near the place, too."""
    by_case = len(found[0][1]) > 1
    for way, one in every:
        if one.to is not None and _contradicted(statement, _there(one, scene, by_case), way, one.to):
            fault = f"numbers near the place do not run to the limit that was found for {statement.variable}"
            return Decision(NOT_PROVEN, "backcheck contradicts itself here: numbers near the place go another way", fault=fault)
    needs = tuple(dict.fromkeys(need for _, one in every for need in one.needs))
    used = frozenset[int]().union(*(one.used for _, one in every))
    sides = {way.words for way, _ in every}
    only = next((f"{way.words} it has no value: {cases[0].why}" for way, cases in found if way.words not in sides), "")
    return Decision(PROVEN, only, in_words(needs), used)


def _contradicted(statement: Limit, scene: Scene, way: Way, to: Tree) -> bool:
    """Whether numbers near the place come to rest elsewhere."""
    found = rows(statement.of, to, statement.variable, statement.to, way.side, scene)[:2]
    return any(speaks_against(row, statement.of, statement.variable, statement.to, way.side) for row in found)


def _rows(statement: Limit, scene: Scene, way: Way) -> list[Row]:
    return rows(statement.of, statement.relation.right, statement.variable, statement.to, way.side, scene)
