"""there are no w1, w2, b with relu(w1 x1 + w2 x2 + b) = xor(x1, x2) for x1, x2 in {0,1}: proven by a sum, or refuted by numbers.

The data are put in, which leaves rows and choices with unknowns. Numbers that are found are put back into what was written, and
a proof is added up anew, before either is said.
"""

from __future__ import annotations

from backcheck.proving.names import Scene
from backcheck.proving.statements import Impossible
from backcheck.proving.tree import walk
from backcheck.proving.unknowns.asking import Question, asking
from backcheck.proving.unknowns.branching import Cases, Proof, refutes, solve
from backcheck.proving.unknowns.by_z3 import ask
from backcheck.proving.unknowns.in_words import own_names, why_not
from backcheck.proving.unknowns.linear import Contradiction
from backcheck.proving.unknowns.logarithms import Undecided
from backcheck.proving.unknowns.meter import Meter, TooMuch
from backcheck.proving.unknowns.pieces import KINKS
from backcheck.proving.unknowns.polynomials import Unwritable, number
from backcheck.proving.unknowns.witness import refuted, small_numbers
from backcheck.proving.verdict import NOT_PROVEN, PROVEN, Decision

MOST_UNKNOWNS = 12
OPEN = "no contradiction was found, and no numbers that can be put back exactly"
AT_A_KINK = "it depends on what a step is at 0, which is not defined here"


def judge_impossible(statement: Impossible, scene: Scene) -> Decision:
    """Whether there are no numbers like that."""
    try:
        return _judged(statement, scene)
    except Unwritable as error:
        return Decision(NOT_PROVEN, str(error))
    except (TooMuch, Undecided):
        return Decision(NOT_PROVEN, "it would take more work than is spent on one line")


def _judged(statement: Impossible, scene: Scene) -> Decision:
    question = asking(statement, scene, Meter())
    if len(question.desk.met) > MOST_UNKNOWNS:
        raise Unwritable(f"{len(question.desk.met)} unknowns are more than the {MOST_UNKNOWNS} that are solved for")
    found = solve(question.system, _in_order(statement, question), question.desk.meter)
    if isinstance(found, Contradiction | Cases):
        return _proven(statement, scene, question, found)
    if question.is_linear:
        return refuted(statement, scene, question, found) or Decision(NOT_PROVEN, OPEN)
    return small_numbers(statement, scene, question) or _asked_of_z3(statement, scene, question)


def _in_order(statement: Impossible, question: Question) -> list[str]:
    """The unknowns as they are named in the statement, then what else has no value."""
    return sorted(question.desk.met, key=lambda name: [name.split("[")[0] == first for first in statement.unknowns], reverse=True)


def _proven(statement: Impossible, scene: Scene, question: Question, proof: Proof) -> Decision:
    if not refutes(proof, question.system):
        return Decision(NOT_PROVEN, OPEN, fault="a proof by cases does not add up")
    if _has_kinks(statement):
        with_value = asking(statement, scene, Meter(), at_kinks=True)
        if isinstance(solve(with_value.system, (), with_value.desk.meter), dict):
            return Decision(NOT_PROVEN, AT_A_KINK)
    return Decision(PROVEN, why_not(proof, own_names(question.desk.applied.values())))


def _has_kinks(statement: Impossible) -> bool:
    trees = [side for relation in statement.relations for side in (relation.left, relation.right)]
    return any(node.op == "call" and node.text in KINKS for tree in trees for node in walk(tree))


def _asked_of_z3(statement: Impossible, scene: Scene, question: Question) -> Decision:
    answer = ask(question.system)
    if answer.there_are == "some":
        found = {name: number(value) for name, value in answer.values.items()}
        return (refuted(statement, scene, question, found) if found else None) or Decision(NOT_PROVEN, answer.says or OPEN)
    if answer.there_are == "unknown":
        return Decision(NOT_PROVEN, answer.says)
    if _has_kinks(statement) and ask(asking(statement, scene, Meter(), at_kinks=True).system).there_are != "none":
        return Decision(NOT_PROVEN, AT_A_KINK)
    return Decision(PROVEN, "there are products of unknowns in it: Z3 finds that no numbers do it")
