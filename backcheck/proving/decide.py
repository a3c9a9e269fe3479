"""Whether a relation holds: road 1 shows it for every size, road 2 tries numbers; what both say is one decision."""

from __future__ import annotations

from collections.abc import Callable

from backcheck.proving.algebra.equal import Outcome, equal
from backcheck.proving.algebra.needs import in_words, less_than_one_hot, only_in, would_help
from backcheck.proving.algebra.slopes import NoRule
from backcheck.proving.allowance import one_step
from backcheck.proving.names import Scene
from backcheck.proving.numbers.refute import Search, refute
from backcheck.proving.spelling.spelled import spell_relation
from backcheck.proving.statements import Relation
from backcheck.proving.tree import bare
from backcheck.proving.verdict import FALSE, NOT_PROVEN, PROVEN, Decision


def decide(relation: Relation, scene: Scene) -> Decision:
    """The verdict on one relation, where what the scene says is given."""
    relation = relation._replace(left=bare(relation.left), right=bare(relation.right))
    proof, search = _proof(relation, scene), refute(relation, scene)
    if proof.holds:
        return _checked(relation, scene, proof, search)
    if search.counterexample is not None:
        return Decision(FALSE, _why(relation, scene, proof), counterexample=search.counterexample)
    return Decision(NOT_PROVEN, _so_far(proof, search))


def holds(relation: Relation, scene: Scene) -> bool:
    """Whether road 1 shows it."""
    return _proof(relation, scene).holds


@one_step()
def _proof(relation: Relation, scene: Scene) -> Outcome:
    from backcheck.proving.order import order

    try:
        return equal(relation.left, relation.right, scene) if relation.sign == "=" else order(relation, scene)
    except NoRule as problem:
        return Outcome(False, problem.says)


def _checked(relation: Relation, scene: Scene, proof: Outcome, search: Search) -> Decision:
    """A proof, held against numbers: never green where a number says no, or where no number could say anything."""
    if search.counterexample is not None:
        fault = f"the two roads disagree about {spell_relation(relation)}"
        return Decision(NOT_PROVEN, "backcheck contradicts itself here: the proof fails for some numbers", fault=fault)
    if not search.defined:
        return Decision(NOT_PROVEN, "no numbers were found for which both sides mean something and hold what is given")
    used = _needed(relation, scene, proof)
    return Decision(PROVEN, _less(relation, scene, used), in_words(proof.needs), used)


def _needed(relation: Relation, scene: Scene, proof: Outcome) -> frozenset[int]:
    """The givens without which it is not shown, or would need a condition instead."""
    if relation.sign != "=":
        return proof.used
    found = {at: equal(relation.left, relation.right, scene, without=at) for at in proof.used}
    return frozenset(at for at, less in found.items() if not less.holds or len(less.needs) > len(proof.needs))


def _less(relation: Relation, scene: Scene, used: frozenset[int]) -> str:
    """What would be enough, where more is given than it takes."""
    for at in sorted(used):
        less = less_than_one_hot(scene.given[at]) if at < len(scene.given) else None
        if less is not None and holds(relation, scene._replace(given=(*scene.given[:at], less, *scene.given[at + 1 :]))):
            return f"it takes only {spell_relation(less)}, not {spell_relation(scene.given[at])}"
    return ""


def _why(relation: Relation, scene: Scene, proof: Outcome) -> str:
    """What can be said of a relation that is false."""
    if relation.sign != "=":
        return ""
    if found := only_in(proof.shown, proof.failing, scene.names):
        return found
    for more in would_help(proof.over, scene):
        if holds(relation, scene._replace(given=(*scene.given, more))):
            return f"it needs {spell_relation(more)}, which is not given"
    return ""


def _so_far(proof: Outcome, search: Search) -> str:
    if search.reason and not search.agreed:
        return search.reason
    agreed = f"it agrees at {search.agreed} points, but is not proven" if search.agreed else "it is not proven"
    return f"{agreed}: {proof.says}" if proof.says else agreed


Decide = Callable[[Relation, Scene], Decision]
