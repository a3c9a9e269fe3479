"""Limits, conclusions and impossibilities: put into entries, and handed to those who decide them; it decides nothing itself."""

from __future__ import annotations

from backcheck.proving.entries import condition, value
from backcheck.proving.entries.arrays import Room
from backcheck.proving.judging.questions import Questions
from backcheck.proving.statements import Impossible, Limit, Premise, Property, Relation, Therefore
from backcheck.proving.tree import Tree, name
from backcheck.proving.verdict import Decision


def limit(statement: Limit, questions: Questions) -> Decision:
    from backcheck.proving.limits import limit as decided

    relation = questions.entries(statement.relation)
    found = statement._replace(to=value(statement.to, questions.scope.names), of=relation.left, relation=relation)
    questions.scope.meet((name(statement.variable),))
    return questions.noted(decided(found, questions.scope.scene), statement, found)


def therefore(statement: Therefore, questions: Questions) -> Decision:
    from backcheck.proving.inferences import judge_therefore

    premises = tuple(_premise(one, questions) for one in statement.premises)
    found = Therefore(_said(statement.conclusion, questions), premises)
    return questions.noted(judge_therefore(found, questions.scope.scene, questions.decide), statement, found)


def _premise(premise: Premise, questions: Questions) -> Premise:
    return Premise(_said(premise.says, questions), tuple(condition(one, questions.scope.names) for one in premise.at))


def _said(what: Relation | Property, questions: Questions) -> Relation | Property:
    if isinstance(what, Relation):
        return questions.entries(what)
    return what._replace(of=tuple(_whole(tree, questions) for tree in what.of))


def _whole(tree: Tree, questions: Questions) -> Tree:
    """A number in entries; a vector stays as it is: convex(L, w)."""
    array = Room(questions.scope.names, tree).array(tree)
    return tree if array.shape else array.at(())


def impossible(statement: Impossible, questions: Questions) -> Decision:
    from backcheck.proving.unknowns.impossible import judge_impossible

    relations = tuple(questions.entries(one) for one in statement.relations)
    data = tuple((called, tuple(value(one, questions.scope.names) for one in values)) for called, values in statement.data)
    found = Impossible(statement.unknowns, relations, data)
    return questions.noted(judge_impossible(found, questions.scope.scene), statement, found)
