"""Road 1 for < <= > >= and !=: whether a relation holds for every size, shown case by case; it tries no numbers, and refutes nothing."""

from __future__ import annotations

from backcheck.proving.algebra.cases import Points, TooManyCases, cases
from backcheck.proving.algebra.equal import Outcome, both, page_of
from backcheck.proving.algebra.forms import Form, minus, scaled
from backcheck.proving.algebra.givens import Contradiction, again
from backcheck.proving.algebra.normal import normal
from backcheck.proving.algebra.page import TooMuch, Undefined
from backcheck.proving.algebra.signs import TURNED
from backcheck.proving.inequalities.ground import Ground, ground_of, settled, tell
from backcheck.proving.inequalities.shown import shown_soon
from backcheck.proving.inequalities.written import added, sign_as_written
from backcheck.proving.names import Scene
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree

NOT_SHOWN = "none of the ways to show an inequality led there"
WANTED = {">": "+", ">=": "≥", "<": "-", "<=": "≤"}
ENOUGH = {"+": "+", "≥": "+≥0", "-": "-", "≤": "-≤0"}


def order(relation: Relation, scene: Scene) -> Outcome:
    """Whether it holds wherever both sides mean something."""
    sides, origins = both(relation.left, relation.right, scene)
    try:
        ways = cases([*sides], scene)
    except TooManyCases:
        return Outcome(False, "too many letters are compared")
    found = [outcome for points in ways if (outcome := _in_case(relation.sign, sides, origins, scene, points)) is not None]
    met = [outcome for outcome in found if outcome.meant]
    if not met:
        return found[0] if found else Outcome(False, "what is given cannot be")
    return Outcome(
        all(outcome.holds for outcome in met),
        next((outcome.says for outcome in met if not outcome.holds), ""),
        frozenset[int]().union(*(outcome.used for outcome in met)),
        tuple(dict.fromkeys(need for outcome in met for need in outcome.needs)),
        tuple(points for outcome in met for points in outcome.failing),
        tuple(points for outcome in met for points in outcome.shown),
    )


def _in_case(sign: str, sides: tuple[Tree, Tree], origins: tuple[Tree, ...], scene: Scene, points: Points) -> Outcome | None:
    """One case; None where what is given excludes it."""
    try:
        page, asked = page_of((*sides, *origins), scene, points)
        ground = ground_of(page, scene, asked)
        form = settled(page, again(page, minus(*(normal(page, side) for side in sides))))
        tell(ground, form)
        holds = _holds(ground, sign, sides, form)
    except Contradiction:
        return None
    except Undefined as problem:
        return Outcome(False, f"there is {problem} in it", failing=(points,), meant=False)
    except TooMuch:
        return Outcome(False, "it is too long to be decided in time", failing=(points,))
    if not holds:
        return Outcome(False, NOT_SHOWN, failing=(points,))
    return Outcome(True, used=frozenset(page.used), needs=tuple(asked), shown=(points,))


def _holds(ground: Ground, sign: str, sides: tuple[Tree, Tree], form: Form) -> bool:
    if sign == "!=":
        return any(_holds(ground, way, sides, form) for way in "><")
    wanted = WANTED[sign]
    if _as_written(ground, sides) in ENOUGH[wanted]:
        return True
    return shown_soon(ground, form if wanted in "+≥" else scaled(form, -1), wanted in "+-")


def _as_written(ground: Ground, sides: tuple[Tree, Tree]) -> str:
    """The sign of left - right, as far as it is to be seen from each side."""
    left, right = (sign_as_written(ground, side, {}) for side in sides)
    return added((left, TURNED[right]))
