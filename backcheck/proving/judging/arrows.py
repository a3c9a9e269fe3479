"""=> and <=>: whether a line follows from the one before it, in its scope, and what that needs to mean something."""

from __future__ import annotations

from backcheck.proving.algebra.needs import in_words
from backcheck.proving.judging.implications import follows
from backcheck.proving.judging.needed import excluded, more_needs
from backcheck.proving.judging.questions import Questions
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree, bare
from backcheck.proving.verdict import DOES_NOT_FOLLOW, NOT_PROVEN, PROVEN, Decision

Supposed = tuple[Relation, ...]  # what the first line of it said, and all that followed, in entries


def implied(arrow: str, premise: Relation, conclusion: Relation, supposed: Supposed, questions: Questions) -> Decision:
    """From the line before, and with <=> the way back, too."""
    one, other = questions.entries(premise), questions.entries(conclusion)
    found = _one_way(one, other, supposed, questions)
    if found.verdict == NOT_PROVEN:
        found = _as_typed(premise, conclusion, questions) or found
    if arrow == "=>" or found.verdict != PROVEN:
        return found
    back = _one_way(other, one, supposed, questions)
    if back.verdict == PROVEN:
        return back._replace(needs=tuple(dict.fromkeys((*found.needs, *back.needs))))
    return back._replace(says=f"the way back: {back.says}" if back.says else "not the way back")


def _as_typed(premise: Relation, conclusion: Relation, questions: Questions) -> Decision | None:
    """Of A = B: M A = M B, and A = C where B = C is so by itself."""
    if is_multiplied(premise, conclusion):
        return questions.noted(Decision(PROVEN, "both sides are multiplied by the same"), premise, conclusion)
    if premise.sign == "=" and bare(premise.left) == bare(conclusion.left):
        found = questions.ask(conclusion._replace(left=premise.right))
        return found if found.verdict == PROVEN else None
    return None


def _one_way(one: Relation, other: Relation, supposed: Supposed, questions: Questions) -> Decision:
    """Whether one gives the other; what the other needs besides is named, and must not be excluded by what was supposed."""
    scene, decide = questions.scope.scene, questions.decide
    found = questions.noted(follows(one, other, scene, decide), one, other)
    needed = more_needs(one, other, scene) if found.verdict == PROVEN else ()
    known = scene._replace(given=(*scene.given, *supposed, one))
    for need in needed:
        if excluded(need, known, decide):
            says = f"it needs {in_words((need,))[0]}, and that cannot be, by what is supposed above"
            return questions.noted(Decision(DOES_NOT_FOLLOW, says), one, other)
    return found._replace(needs=tuple(dict.fromkeys((*found.needs, *in_words(needed)))))


def is_multiplied(premise: Relation, conclusion: Relation) -> bool:
    """A^T A x = A^T b, from A x = b: as they were typed, the same stands before both sides, or behind them.

    >>> x, y, z = (Tree("name", text=text) for text in "xyz")
    >>> is_multiplied(Relation("=", x, y), Relation("=", Tree("times", (z, x)), Tree("times", (z, y))))
    True
    """
    sides = (premise.left, conclusion.left), (premise.right, conclusion.right)
    pairs = [(_factors(before), _factors(after)) for before, after in sides]
    in_front = {after[: -len(before)] if after[-len(before) :] == before else None for before, after in pairs}
    behind = {after[len(before) :] if after[: len(before)] == before else None for before, after in pairs}
    return premise.sign == conclusion.sign == "=" and any(len(one) == 1 and None not in one for one in (in_front, behind))


def _factors(tree: Tree) -> tuple[Tree, ...]:
    tree = bare(tree)
    return tree.parts if tree.op == "times" else (tree,)
