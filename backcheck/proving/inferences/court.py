"""What a conclusion is judged from: do the reasons carry what a rule needs, and is a property true by itself? It words nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from backcheck.proving.inferences.applied_rules import Instance, instances, merged, said
from backcheck.proving.inferences.carried import carried
from backcheck.proving.inferences.filled_in import Place
from backcheck.proving.inferences.rules import Reason
from backcheck.proving.inferences.smooth import one_of_many, trouble
from backcheck.proving.names import Scene
from backcheck.proving.statements import Property, Relation
from backcheck.proving.tree import Tree
from backcheck.proving.verdict import FALSE, NOT_PROVEN, PROVEN, Decision

Decide = Callable[[Relation, Scene], Decision]

DEEPEST = 3  # a rule needs what another one concludes: a least value, a minimum, that it is convex
SMOOTH = {  # rules that conclude from slopes what is true of all x together
    *("convex", "strictly_convex", "concave", "strictly_concave"),
    *("minimum", "maximum", "unique_minimum", "unique_maximum", "least_value", "greatest_value"),
    *("increasing", "decreasing", "nondecreasing", "nonincreasing", "constant"),
}
LEAST = {  # rules that speak of one value among all others
    *("minimum", "maximum", "unique_minimum", "unique_maximum", "least_value", "greatest_value", "local_minimum", "local_maximum")
}
STRONGER = {">=": (">", ">=", "="), "<=": ("<", "<=", "="), ">": (">",), "<": ("<",), "=": ("=",), "!=": ("!=", "<", ">")}


class Court:
    """What a conclusion is judged from; nothing is asked twice."""

    def __init__(self, facts: tuple[Reason, ...], scene: Scene, decide: Decide) -> None:
        self.facts, self.scene, self.base = facts, scene, merged(scene.at, ())
        self.plainly, self.answers = decide, dict[tuple[Relation, Place], Decision]()

    def ask(self, need: Reason, depth: int = DEEPEST) -> Decision:
        """Whether it is true by itself."""
        if isinstance(need.says, Property):
            return by_itself(need.says, need.at, self, depth)
        return self.decide(need.says, need.at)

    def decide(self, relation: Relation, at: Place) -> Decision:
        if (relation, at) not in self.answers:
            self.answers[relation, at] = self.plainly(relation, self.scene._replace(at=at))
        return self.answers[relation, at]


# do the reasons carry it?


def complete(instance: Instance, court: Court, depth: int = DEEPEST) -> bool:
    """Whether all that the rule needs is provided."""
    return not missing(instance, court, depth)


def missing(instance: Instance, court: Court, depth: int = DEEPEST) -> list[Reason]:
    """What the rule needs, and the reasons do not give."""
    return [need for need in instance.needs if not provided(need, court, depth)]


def provided(need: Reason, court: Court, depth: int = DEEPEST) -> bool:
    """Whether the reasons give what a rule needs, at its place or everywhere."""
    usable = [fact for fact in court.facts if set(fact.at) <= set(need.at)]
    if isinstance(need.says, Relation):
        follows = _follows(need, [relation for fact in usable for relation in relations_of(fact, court)], court)
        is_place = any(fact.at == need.at for fact in usable)  # where not, is it a place at all, of which all this is said?
        return follows and (is_place or court.ask(need).verdict == PROVEN)
    if any(fact.says == need.says for fact in usable):
        return True
    return depth > 0 and any(complete(instance, court, depth - 1) for instance in instances(need.says, court.facts, court.scene))


def relations_of(fact: Reason, court: Court) -> list[Relation]:
    """A relation, or what has to be true wherever a property is."""
    if isinstance(fact.says, Relation):
        return [fact.says]
    found = [one.only_if for one in instances(fact.says, court.facts, court.scene)]
    return [one.says for one in found if one and isinstance(one.says, Relation) and set(one.at) == set(fact.at)]


def _follows(need: Reason, known: Sequence[Relation], court: Court) -> bool:
    wanted = need.says
    if not isinstance(wanted, Relation) or not known:
        return False
    if carried(wanted, (), court.scene):  # (-x)^2 = x^2 needs no reason, and is none unless it stands there
        return wanted in known
    if carried(wanted, known, court.scene):
        return True
    # y/a^2 > 0 for d2(C, a) > 0. That two sides that are equal anyway have equal differences shows nothing, except at a place
    alike = [one for one in known if one.sign in STRONGER[wanted.sign] and (wanted.sign != "=" or need.at != court.base)]
    equal = (Relation("=", _difference(wanted), _difference(one)) for one in alike)
    return any(court.decide(one, ()).verdict == PROVEN for one in equal)


def _difference(relation: Relation) -> Tree:
    return Tree("plus", (relation.left, Tree("minus", (relation.right,))))


# is it true by itself?


def by_itself(conclusion: Property, place: Place, court: Court, depth: int = DEEPEST) -> Decision:
    """By one of the rules whose reasons are true, or refuted by what it would need."""
    found = list(instances(conclusion, (*court.facts, Reason(conclusion, place)), court.scene))
    found = [one for one in found if set(one.place) == set(place)] or found
    for instance in found if depth else ():
        decisions = [court.ask(need, depth - 1) for need in instance.needs]
        if all(one.verdict == PROVEN for one in decisions):
            why = trouble_with(instance, court)
            return (
                Decision(NOT_PROVEN, why) if why else Decision(PROVEN, needs=tuple(need for one in decisions for need in one.needs))
            )
    refuted = ((one.only_if, court.ask(one.only_if, depth - 1)) for one in found if one.only_if)
    for need, decision in refuted if depth else ():
        if decision.verdict == FALSE:
            return Decision(FALSE, f"{said(need, court.base)} is false", counterexample=decision.counterexample)
    return Decision(NOT_PROVEN)


def trouble_with(instance: Instance, court: Court) -> str:
    """Kinks and gaps, for what is concluded from slopes everywhere."""
    f, x = instance.letters.get("f"), instance.letters.get("x")
    if f is None or x is None:
        return ""
    why = one_of_many(f, x, court.scene, court.plainly) if instance.rule.id in LEAST else ""
    return why or (trouble(f, x, court.scene, court.plainly) if instance.rule.id in SMOOTH else "")
