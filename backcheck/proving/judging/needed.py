"""What a conclusion needs to mean something, and the line before it does not provide: y/x needs x != 0; it judges no conclusion."""

from __future__ import annotations

from backcheck.proving.algebra.cases import TooManyCases, cases
from backcheck.proving.algebra.domains import Need, needs, still_open, supposed
from backcheck.proving.algebra.equal import page_of
from backcheck.proving.algebra.expand import plain
from backcheck.proving.algebra.givens import Contradiction
from backcheck.proving.algebra.page import TooMuch, Undefined
from backcheck.proving.judging.implications import Decide, supposed_of
from backcheck.proving.names import Scene
from backcheck.proving.statements import Relation
from backcheck.proving.tree import bare, number
from backcheck.proving.verdict import PROVEN


def more_needs(premise: Relation, conclusion: Relation, scene: Scene) -> tuple[Need, ...]:
    """What the conclusion needs to mean something, and neither the line before it nor what is given provides: x != 0, of y/x."""
    scene = scene._replace(given=(*scene.given, supposed_of(premise, scene)))
    before, after = (tuple(plain(bare(side), scene) for side in (one.left, one.right)) for one in (premise, conclusion))
    found: dict[Need, None] = {}
    try:
        for points in cases([*before, *after], scene):
            try:
                page, _ = page_of(before, scene, points)
                asked = dict.fromkeys(need for side in after for need in needs(side))
                found |= dict.fromkeys(still_open(tuple(supposed(page, [*asked])), scene, points))
            except (Contradiction, Undefined):
                continue
    except (TooManyCases, TooMuch):
        return ()
    return tuple(found)


def excluded(need: Need, scene: Scene, decide: Decide) -> bool:
    """Whether what is needed never is so, by all that is given: x != 1, where x = 1 is."""
    opposite = {"+": "<=", "≥": "<", "≠": "="}[need.known]
    return not need.running and decide(Relation(opposite, need.tree, number(0)), scene).verdict == PROVEN
