"""therefore … because …: are the reasons true, do they carry the conclusion, is it true anyway? It proves no relation itself."""

from __future__ import annotations

from backcheck.proving.inferences.applied_rules import Instance, check, instances, merged, property_said, said
from backcheck.proving.inferences.carried import carried
from backcheck.proving.inferences.court import Court, Decide, by_itself, complete, missing, provided, relations_of, trouble_with
from backcheck.proving.inferences.filled_in import Place
from backcheck.proving.inferences.rules import ADDED, SLIPS, Reason
from backcheck.proving.names import Scene
from backcheck.proving.spelling.spelled import spell, spell_relation
from backcheck.proving.statements import Misread, Premise, Property, Relation, Therefore
from backcheck.proving.tree import bare
from backcheck.proving.verdict import DOES_NOT_FOLLOW, FALSE, NOT_PROVEN, PROVEN, Decision

OF_VECTORS = ("invariant", "even", "odd", "probability")
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def judge_therefore(statement: Therefore, scene: Scene, decide: Decide) -> Decision:
    """Reasons first, then whether they carry what is concluded, then whether that is true without them."""
    _check(statement, scene)
    court = Court(tuple(_fact(premise, scene) for premise in statement.premises), scene, decide)
    decisions = [court.ask(fact) for fact in court.facts]
    for verdict in (FALSE, NOT_PROVEN):
        for fact, found in zip(court.facts, decisions, strict=True):
            if found.verdict == verdict:
                return _bad_reason(fact, found, court.base)
    needs = tuple(dict.fromkeys(need for found in decisions for need in found.needs))
    found = (
        _relation(statement.conclusion, court)
        if isinstance(statement.conclusion, Relation)
        else _property(statement.conclusion, court)
    )
    return found._replace(needs=tuple(dict.fromkeys((*found.needs, *needs)))) if found.verdict == PROVEN else found


def _check(statement: Therefore, scene: Scene) -> None:
    for what in (statement.conclusion, *(premise.says for premise in statement.premises)):
        if isinstance(what, Property):
            check(what)
            if what.word not in OF_VECTORS and any(scene.names.shapes.get(tree.text) for tree in what.of if tree.op == "name"):
                raise Misread(
                    what.column or 1,
                    f"{what.word} is said of numbers here, not of a vector",
                    "say it of an entry, z[k]",
                    len(what.word),
                )


def _fact(premise: Premise, scene: Scene) -> Reason:
    at = merged(scene.at, tuple((relation.left, relation.right) for relation in premise.at))
    says = premise.says
    if isinstance(says, Property):
        return property_said(says, at)
    return Reason(Relation(says.sign, bare(says.left), bare(says.right), says.each), at)


def _bad_reason(fact: Reason, found: Decision, base: Place) -> Decision:
    what = f"the reason {said(fact, base)} is {found.verdict}"
    return found._replace(says=f"{what}: {found.says}" if found.says else what)


# conclusions


def _property(conclusion: Property, court: Court) -> Decision:
    found = list(instances(conclusion, court.facts, court.scene))
    for instance in found:
        if complete(instance, court):
            return _by(instance, court)
    nearest = min(found, key=lambda one: len(missing(one, court)))
    return _does_not_follow(nearest, by_itself(conclusion, nearest.place, court), court)


def _by(instance: Instance, court: Court) -> Decision:
    """Proven by a rule, and never where numbers say no."""
    why, rule, only_if = trouble_with(instance, court), instance.rule, instance.only_if
    if only_if is not None and court.ask(only_if).verdict == FALSE:
        return _contradiction(said(only_if, court.base))
    return Decision(NOT_PROVEN, why) if why else Decision(PROVEN, rule.says, rule=rule.id)


def _does_not_follow(instance: Instance, own: Decision, court: Court) -> Decision:
    """What is missing, the slip if it has a name, and whether the conclusion is true all the same."""
    lacks = missing(instance, court)
    slip = SLIPS.get(instance.rule.id)
    named = slip if slip and (len(lacks) < len(instance.needs) or any(_somewhere(need, court) for need in lacks)) else None
    texts = [named.says] if named else []
    texts.append(f"it needs {' and '.join(_everywhere(need, instance, court) for need in lacks)}")
    if own.verdict == PROVEN:
        texts.append("the conclusion is true all the same")
    elif own.verdict == FALSE:
        texts.append(f"and the conclusion is false: {own.says}")
    elif named and named.example:
        texts.append(f"{named.example} has such a reason, and is no example of the conclusion")
    return Decision(
        DOES_NOT_FOLLOW, "; ".join(texts), counterexample=own.counterexample, rule=instance.rule.id, slip=named.id if named else ""
    )


def _somewhere(need: Reason, court: Court) -> bool:
    """It is provided at one place."""
    return any(provided(need._replace(at=fact.at), court) for fact in court.facts)


def _everywhere(need: Reason, instance: Instance, court: Court) -> str:
    text, x = said(need, court.base), instance.letters.get("x")
    everywhere = isinstance(need.says, Relation) and x is not None and all(key != x for key, _ in need.at)
    return f"{text} for all {spell(x)}" if everywhere and x is not None else text


def _contradiction(what: str) -> Decision:
    fault = f"a rule concludes, and numbers speak against it: {what}"
    return Decision(NOT_PROVEN, "backcheck contradicts itself here: what the rule concludes fails for some numbers", fault=fault)


def _relation(conclusion: Relation, court: Court) -> Decision:
    """A relation from the reasons, by the rules, or by itself; never against numbers."""
    wanted = Relation(conclusion.sign, bare(conclusion.left), bare(conclusion.right))
    own, found = court.decide(wanted, court.base), _from_reasons(wanted, court)
    if found is not None:
        return _contradiction(spell_relation(wanted)) if own.verdict == FALSE and found.verdict == PROVEN else found
    if own.verdict == FALSE:
        says = "the reasons are true, and this is false" + (f": {own.says}" if own.says else "")
        return own._replace(verdict=DOES_NOT_FOLLOW, says=says)
    why = "true by itself; no rule takes it from this reason" if own.verdict == PROVEN else "no rule takes it from this reason"
    return own._replace(says="; ".join(filter(None, (why, own.says))))


def _from_reasons(wanted: Relation, court: Court) -> Decision | None:
    """By adding the reasons up, or by a rule of the table."""
    known = [relation for fact in court.facts if set(fact.at) <= set(court.base) for relation in relations_of(fact, court)]
    if carried(wanted, known, court.scene):
        return Decision(PROVEN, ADDED.says, rule=ADDED.id)
    for side in (wanted, _turned(wanted)):
        for instance in instances(side, court.facts, court.scene):
            if complete(instance, court):
                return _by(instance, court)
    return None


def _turned(relation: Relation) -> Relation:
    return Relation(TURNED.get(relation.sign, relation.sign), relation.right, relation.left)
