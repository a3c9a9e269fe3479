"""Road 1: whether two sides are equal for every size, by their forms in each case; it tries no numbers."""

from __future__ import annotations

from typing import NamedTuple

from backcheck.proving.algebra.cases import Points, TooManyCases, cases, letters
from backcheck.proving.algebra.domains import Need, needs, still_open, supposed
from backcheck.proving.algebra.forms import Form, minus
from backcheck.proving.algebra.givens import Contradiction, again, lay_down
from backcheck.proving.algebra.normal import normal
from backcheck.proving.algebra.page import Page, TooMuch, Undefined
from backcheck.proving.algebra.quotients import cleared
from backcheck.proving.algebra.views import View, views
from backcheck.proving.names import Scene
from backcheck.proving.statements import Relation
from backcheck.proving.tree import BINDERS, Tree, called, walk

UNDECIDED = "undecided: it asks for more work than one step may take"


class Outcome(NamedTuple):
    """What road 1 can say."""

    holds: bool
    says: str = ""  # why not
    used: frozenset[int] = frozenset()  # which of the givens
    needs: tuple[Need, ...] = ()  # conditions nobody has given
    failing: tuple[Points, ...] = ()  # the cases in which it was not shown
    shown: tuple[Points, ...] = ()
    over: frozenset[str] = frozenset()  # what is left over where it fails: the vectors whose sum stands in it
    meant: bool = True  # whether the sides mean something at all


def equal(left: Tree, right: Tree, scene: Scene, without: int | None = None) -> Outcome:
    """Whether left = right wherever both mean something."""
    scene = with_equations(scene)
    found = Outcome(False)
    for view in views(left, right, scene):
        found = _seen_so(view, scene, without)
        if found.holds:
            break
    return found


def _seen_so(view: View, scene: Scene, without: int | None) -> Outcome:
    sides, origins = view
    try:
        ways = cases([*sides], scene)
    except TooManyCases:
        return Outcome(False, "too many letters are compared")
    ways = ways if _compare(sides, scene, ways) else ways[:1]
    return of_all_cases([_in_case(sides, origins, scene, points, without) for points in ways])


def of_all_cases(found: list[Outcome | None]) -> Outcome:
    """What holds in every case that is not excluded (None), and in which the sides mean something."""
    met = [outcome for outcome in found if outcome is not None and outcome.meant]
    if not met:
        return next((outcome for outcome in found if outcome), Outcome(False, "what is given cannot be"))
    return Outcome(
        all(outcome.holds for outcome in met),
        next((outcome.says for outcome in met if not outcome.holds), ""),
        frozenset[int]().union(*(outcome.used for outcome in met)),
        tuple(dict.fromkeys(need for outcome in met for need in outcome.needs)),
        tuple(points for outcome in met for points in outcome.failing),
        tuple(points for outcome in met for points in outcome.shown),
        frozenset[str]().union(*(outcome.over for outcome in met)),
    )


def with_equations(scene: Scene) -> Scene:
    """At a = y, where a is made from other names, or at z[1] = y: an equation, and nothing to put in."""
    made = [
        (place, value)
        for place, value in scene.at
        if called(place) in scene.names.defined or any(index.op == "number" for index in place.parts[1:])
    ]
    equations = tuple(Relation("=", place, value) for place, value in made)
    return scene._replace(at=tuple(item for item in scene.at if item not in made), case=scene.case + equations)


def _compare(sides: tuple[Tree, ...], scene: Scene, ways: list[Points]) -> bool:
    """Whether it matters which letters are equal; if not, the first case, in which all are apart, shows the others."""
    if scene.case or scene.given or any(point.isdigit() for points in ways[:1] for point in points.values()):
        return True
    nodes = [node for side in sides for node in walk(side)]
    return any((node.op == "call" and node.text == "delta") or (node.op in BINDERS and len(node.parts) > 1) for node in nodes)


def page_of(trees: tuple[Tree, ...], scene: Scene, points: Points, without: int | None = None) -> tuple[Page, list[Need]]:
    """A page for a case, with all that is given and all that the trees need to mean something."""
    page = Page(scene.names, points)
    lay_down(page, scene, without)
    met = [tree for tree in dict.fromkeys(trees) if all(letter in points for letter in letters([tree], scene.names))]
    asked = dict.fromkeys(need for tree in met for need in needs(tree))
    return page, supposed(page, sorted(asked, key=_by_size))


def _by_size(need: Need) -> tuple[int, bool]:
    """y > 0 before x/y > 0, and before y ≠ 0."""
    return sum(1 for _ in walk(need.tree)), need.known == "≠"


def _in_case(
    sides: tuple[Tree, Tree], origins: tuple[Tree, ...], scene: Scene, points: Points, without: int | None
) -> Outcome | None:
    """One case; None where what is given excludes it."""
    try:
        page, asked = page_of((*sides, *origins), scene, points, without)
        form = cleared(page, again(page, minus(*(normal(page, side) for side in sides))))
        form = cleared(page, again(page, form)) if page.rules else form
    except Contradiction:
        return None
    except Undefined as problem:
        return Outcome(False, f"there is {problem} in it", failing=(points,), meant=False)
    except (TooMuch, RecursionError):
        return Outcome(False, UNDECIDED, failing=(points,))
    used = frozenset(at for at in page.used if at < len(scene.given))
    if not form:
        return Outcome(True, used=used, needs=still_open(tuple(asked), scene, points), shown=(points,))
    return Outcome(False, used=used, failing=(points,), over=_sums_left(page, form))


def _sums_left(page: Page, form: Form) -> frozenset[str]:
    """Vectors whose sum stands in what is left over."""
    found = set()
    for monomial in form:
        for name, _ in monomial:
            atom = page.atoms[name]
            if atom.kind == "total" and len(atom.at) == 1 and len(atom.forms[0]) == 1:
                ((inner, _),) = atom.forms[0].items()
                if len(inner) == 1 and page.atoms[inner[0][0]].kind == "entry" and inner[0][1] == 1:
                    found.add(page.atoms[inner[0][0]].name)
    return frozenset(found)
