"""Road 1 for < <= > >= and !=: whether it holds for every size, shown case by case; it tries no numbers, and refutes nothing."""

from __future__ import annotations

from backcheck.proving.algebra.atoms import size as size_of
from backcheck.proving.algebra.cases import Points, TooManyCases, cases
from backcheck.proving.algebra.domains import Need
from backcheck.proving.algebra.equal import UNDECIDED, Outcome, of_all_cases, page_of, with_equations
from backcheck.proving.algebra.forms import Form, atoms, constant, minus, scaled
from backcheck.proving.algebra.givens import Contradiction, again
from backcheck.proving.algebra.normal import normal
from backcheck.proving.algebra.page import TooMuch, Undefined
from backcheck.proving.algebra.signs import TURNED
from backcheck.proving.algebra.views import fully
from backcheck.proving.allowance import seconds
from backcheck.proving.inequalities.bounds import least_size
from backcheck.proving.inequalities.by_slope import by_slopes
from backcheck.proving.inequalities.by_z3 import by_z3
from backcheck.proving.inequalities.ground import Ground, assume, beside, canonical, settled, tell
from backcheck.proving.inequalities.shown import shown_soon
from backcheck.proving.inequalities.spread import sum_over
from backcheck.proving.inequalities.templates import ground_of
from backcheck.proving.inequalities.written import added, sign_as_written
from backcheck.proving.names import Scene
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree

MOST_WORK = 80_000  # of all ways together, in one case: less than half a second
NOT_SHOWN = "none of the ways to show an inequality led there"
WANTED = {">": "+", ">=": "≥", "<": "-", "<=": "≤"}
ENOUGH = {"+": "+", "≥": "+≥0", "-": "-", "≤": "-≤0"}


def order(relation: Relation, scene: Scene) -> Outcome:
    """Whether it holds wherever both sides mean something."""
    scene = with_equations(scene)
    sides, origins = fully(relation.left, relation.right, scene)
    try:
        ways = cases([*sides], scene)
    except TooManyCases:
        return Outcome(False, "too many letters are compared")
    return of_all_cases([_in_case(relation.sign, sides, origins, scene, points) for points in ways])


def _in_case(sign: str, sides: tuple[Tree, Tree], origins: tuple[Tree, ...], scene: Scene, points: Points) -> Outcome | None:
    """One case; None where what is given excludes it."""
    try:
        page, asked = page_of((*sides, *origins), scene, points)
        ground = ground_of(page, scene, asked)
        form = settled(page, again(page, minus(*(normal(page, side) for side in sides))))
        tell(ground, form)
        page.left = min(page.left, MOST_WORK * seconds.get())
        holds = _holds(ground, sign, sides, form, asked)
    except Contradiction:
        return None
    except Undefined as problem:
        return Outcome(False, f"there is {problem} in it", failing=(points,), meant=False)
    except (TooMuch, RecursionError):
        return Outcome(False, UNDECIDED, failing=(points,))
    if not holds:
        return Outcome(False, _needs_two(ground, sign, sides, form, asked) or NOT_SHOWN, failing=(points,))
    return Outcome(True, used=frozenset(at for at in page.used if at < len(scene.given)), needs=tuple(asked), shown=(points,))


def _holds(ground: Ground, sign: str, sides: tuple[Tree, Tree], form: Form, asked: list[Need]) -> bool:
    if sign == "!=":
        return bool(form) and (canonical(form) in ground.nonzero or any(_holds(ground, way, sides, form, asked) for way in "><"))
    wanted = WANTED[sign]
    if _as_written(ground, sides) in ENOUGH[wanted]:
        return True
    upwards, strict = wanted in "+≥", wanted in "+-"
    one, other = sides if upwards else sides[::-1]
    goal, difference = form if upwards else scaled(form, -1), Tree("plus", (one, Tree("minus", (other,))))
    return shown_soon(ground, goal, strict) or by_slopes(ground, difference, strict, asked) or by_z3(ground, goal, strict)


def _needs_two(ground: Ground, sign: str, sides: tuple[Tree, Tree], form: Form, asked: list[Need]) -> str:
    """What is not so for a single value of an index, but for two or more: a probability below 1."""
    sizes = sorted(
        {size for name in atoms(form) for size in [sum_over(ground.page, name)] if size and least_size(ground.page, size) == 1}
    )
    if sign not in ("<", ">") or len(sizes) != 1:
        return ""
    branch = beside(ground)
    try:
        assume(branch.page, minus(size_of(branch.page, sizes[0]), constant(2)), "≥")
        return f"it is shown for {sizes[0]} >= 2 only" if _holds(branch, sign, sides, form, asked) else ""
    except (Contradiction, TooMuch, Undefined):
        return ""


def _as_written(ground: Ground, sides: tuple[Tree, Tree]) -> str:
    """The sign of left - right, as far as it is to be seen from each side."""
    left, right = (sign_as_written(ground, side, {}) for side in sides)
    return added((left, TURNED[right]))
