"""Where an expression runs to, in one case and from one side; it compares that with nothing."""

from __future__ import annotations

from typing import NamedTuple

from backcheck.proving.algebra.atoms import scalar
from backcheck.proving.algebra.cases import Points
from backcheck.proving.algebra.domains import Need, needs, supposed
from backcheck.proving.algebra.expand import plain
from backcheck.proving.algebra.forms import Form, minus
from backcheck.proving.algebra.givens import STRICT, Contradiction, again, lay_down
from backcheck.proving.algebra.normal import normal
from backcheck.proving.algebra.page import Page, TooMuch, Undefined
from backcheck.proving.approaching.as_tree import as_tree
from backcheck.proving.approaching.expanding import Expansion
from backcheck.proving.approaching.series import NUMBER, Cancelled, NoValue, T, Unclear
from backcheck.proving.inequalities.ground import WORTH, Ground, assume, settled, tell
from backcheck.proving.inequalities.templates import ground_of
from backcheck.proving.names import Scene
from backcheck.proving.spelling.spelled import spell
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree, free, name, number, put

ORDERS = (2, 4, 7)  # how many terms of e^u, 1/(1 + u) and ln(1 + u) are looked at
INFINITE = {"+": Tree("infinity"), "-": Tree("minus", (Tree("infinity"),))}


class Way(NamedTuple):
    """How a number runs to a place: what is put in for it, where t runs to infinity; and in words."""

    variable: str
    place: Tree
    words: str
    side: int  # 1 from above, -1 from below


class Reached(NamedTuple):
    """The limit; or, without one, why there is none (the expression has no value there), or why it is not known."""

    points: Points
    to: Tree | None
    why: str = ""
    known: bool = True
    needs: tuple[Need, ...] = ()
    used: frozenset[int] = frozenset()


def ways(variable: str, to: Tree, side: str) -> list[Way]:
    """y -> 0 is from above and from below."""
    one_over = Tree("over", (number(1), name(T)))
    if to.op == "infinity":
        return [Way(variable, name(T), "as it grows", 1)]
    if to.op == "minus" and to.parts[0].op == "infinity":
        return [Way(variable, Tree("minus", (name(T),)), "as it falls", -1)]
    both = (("+", one_over, "from above", 1), ("-", Tree("minus", (one_over,)), "from below", -1))
    return [Way(variable, Tree("plus", (to, away)), words, way) for sign, away, words, way in both if side in ("", sign)]


def reached(of: Tree, way: Way, scene: Scene, points: Points) -> Reached | None:
    """Where it runs to; None where what is given excludes this case, or coming from this side."""
    moving = [at for at, relation in enumerate((*scene.given, *scene.case)) if way.variable in _names(relation, scene)]
    still, kept = _without(scene, moving)
    page = Page(scene.names, points)
    try:
        lay_down(page, still)
        assume(page, scalar(page, T), "+")
        tree = plain(of, scene)
        every = [*dict.fromkeys(needs(tree))]
        asked = supposed(page, [need for need in every if way.variable not in free(need.tree)])
        ground = ground_of(page, still, asked)
        expansion = Expansion(ground, ORDERS[0])
        if not all(
            _may_come(expansion, relation, way, scene) for at, relation in enumerate((*scene.given, *scene.case)) if at in moving
        ):
            return None
        _has_value(expansion, [need for need in every if way.variable in free(need.tree) and not need.running], way)
        form = settled(page, again(page, normal(page, _put(tree, way))))
        tell(ground, form)
        found = _limit(ground, form)
        return Reached(points, found, needs=tuple(asked), used=frozenset(kept[at] for at in page.used if at < len(kept)))
    except Contradiction:
        return None
    except (NoValue, Undefined) as problem:
        return Reached(points, None, str(problem))
    except TooMuch:
        return Reached(points, None, "it takes too long", known=False)
    except Unclear as problem:
        return Reached(points, None, _in_words(page, problem.args[0]), known=False)


def _names(relation: Relation, scene: Scene) -> set[str]:
    return {*free(plain(relation.left, scene)), *free(plain(relation.right, scene))}


def _without(scene: Scene, moving: list[int]) -> tuple[Scene, list[int]]:
    """The scene without what is given of the number that runs; and where the rest was."""
    kept = [at for at in range(len(scene.given) + len(scene.case)) if at not in moving]
    given = tuple(scene.given[at] for at in kept if at < len(scene.given))
    case = tuple(scene.case[at - len(scene.given)] for at in kept if at >= len(scene.given))
    return scene._replace(given=given, case=case), kept


def _put(tree: Tree, way: Way) -> Tree:
    return put(tree, {way.variable: way.place})


def _may_come(expansion: Expansion, relation: Relation, way: Way, scene: Scene) -> bool:
    """Whether what is given of the number is true near the place, on this side."""
    if relation.sign not in STRICT:
        if relation.sign == "=":
            raise Unclear(f"what is given to be equal to something with {way.variable} would run with it")
        return True
    one, other = (normal(expansion.page, _put(plain(side, scene), way)) for side in (relation.left, relation.right))
    try:
        series = expansion.series(minus(one, other))
        found = expansion.growth.sign(expansion.growth.first(series).factor) if series.terms else "0"
    except (Unclear, NoValue):
        return True
    wanted = WORTH[STRICT[relation.sign]]
    return {"+": 1, "-": -1, "0": 0}.get(found, wanted[0]) in wanted


def _has_value(expansion: Expansion, asked: list[Need], way: Way) -> None:
    """Whether logarithms and roots have a value near the place."""
    for need in asked:
        try:
            series = expansion.series(normal(expansion.page, _put(need.tree, way)))
            if need.known in "+≥" and expansion.sign(expansion.growth.first(series).factor) == "-":
                raise NoValue("a logarithm or a root of a negative number")
        except Unclear:
            continue


def _limit(ground: Ground, form: Form) -> Tree:
    """From few terms, or from more where these cancel."""
    for order in ORDERS[:-1]:
        try:
            return _of_leading(Expansion(ground, order), form)
        except Cancelled:
            continue
    return _of_leading(Expansion(ground, ORDERS[-1]), form)


def _of_leading(expansion: Expansion, form: Form) -> Tree:
    series, growth = expansion.series(form), expansion.growth
    if not series.terms:
        if series.rest is not None and growth.compare(series.rest, NUMBER) > 0:
            raise Cancelled("its leading terms cancel")
        return number(0)
    side = growth.compare(series.terms[0].scale, NUMBER)
    if side == 0:
        return as_tree(expansion.page, series.terms[0].factor)
    return INFINITE[growth.sign(growth.first(series).factor)] if side > 0 else number(0)


def _in_words(page: Page, problem: str | Form) -> str:
    return problem if isinstance(problem, str) else f"it depends on the sign of {spell(as_tree(page, problem))}"
