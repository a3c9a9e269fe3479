"""What a wrong side may have been meant to be, and what the mistake is called; it finds no edits and decides nothing itself."""

from __future__ import annotations

from backcheck.proving.judging.questions import Questions
from backcheck.proving.numbers.trial import trial
from backcheck.proving.repairs import repairs
from backcheck.proving.repairs.slips import Wrong, named
from backcheck.proving.spelling.spelled import spell
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree
from backcheck.proving.verdict import Decision, Suggestion

Finding = tuple[Decision, tuple[Suggestion, ...]]


def mended(decision: Decision, relation: Relation, after: Tree | None, said: str, questions: Questions) -> Finding:
    """A wrong decision with the name of the slip; and the line, as `said`, with its last side repaired."""
    scope, sign = questions.scope, relation.sign
    before, wrong = relation.left, relation.right
    quick = trial(sign, before, wrong, after, scope.scene, scope.certain())

    def holds(tree: Tree) -> bool:
        return questions.holds(Relation(sign, before, tree))

    def agrees(one: Tree, other: Tree) -> bool:
        return questions.survives(Relation("=", one, other))

    found = repairs(before, wrong, after, scope.scene, holds, quick)
    edit = found[0].edit if found else None
    slip = named(Wrong(before, wrong, edit, scope.names, agrees, needs=decision.says.startswith("it needs")))
    lead, _, rest = said.rpartition(spell(wrong))
    suggestions = tuple(Suggestion(f"{lead}{one.text}{rest}", one.says) for one in found)
    return decision._replace(slip=decision.slip or slip), suggestions
