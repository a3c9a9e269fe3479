"""What a wrong line may have been meant to be, and what the mistake is called; it finds no edits and decides nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from backcheck.proving.judging.echo import echo
from backcheck.proving.judging.questions import Questions
from backcheck.proving.numbers.trial import Trial, trial
from backcheck.proving.repairs import search
from backcheck.proving.repairs.bounds import OTHER_SIGNS, is_about_bounds
from backcheck.proving.repairs.misapplied import is_misapplied, right_instead
from backcheck.proving.repairs.slips import SENTENCES, Wrong, named
from backcheck.proving.spelling.spelled import spell
from backcheck.proving.statements import Limit, Misread, Relation, Therefore
from backcheck.proving.tree import Tree, bare
from backcheck.proving.verdict import FALSE, PROVEN, WRONG, Decision, Suggestion

Finding = tuple[Decision, tuple[Suggestion, ...]]
OF_RULES = ("linearity", "term_missing", "sum_for_product", "sign", "factor")  # edits that undo a rule that does not hold
LIMIT_IS = "the limit is "


def mended(decision: Decision, relation: Relation, after: Tree | None, said: str, questions: Questions) -> Finding:
    """A wrong decision with the name of the slip; and the line, as `said`, with its last side repaired."""
    if decision.verdict != FALSE:
        return decision, ()
    lead, _, rest = said.rpartition(spell(relation.right))
    if relation.sign != "=":
        return _bound(decision, relation, lead, rest, questions)
    scope, before, wrong = questions.scope, relation.left, relation.right
    quick = trial("=", before, wrong, after, scope.scene, scope.certain())
    goals = tuple(_goals(before, quick, questions))
    found, edit = search(before, wrong, after, scope.scene, lambda tree: questions.holds(Relation("=", before, tree)), quick, goals)
    if lead.removesuffix("= ").rstrip().endswith(spell(before)):  # A = B on one line: A = A is no repair of it
        found = tuple(one for one in found if one.text != spell(before))
    line = Wrong(before, wrong, edit, scope.names, quick.agrees, needs=decision.says.startswith("it needs"))
    slip = decision.slip or named(line)
    if is_misapplied(line, slip):
        found = tuple(one for one in found if one.edit.kind.slip in OF_RULES)
    suggestions = tuple(Suggestion(f"{lead}{one.text}{rest}", one.says) for one in found)
    if not found and (right := right_instead(line, slip)) is not None and questions.holds(Relation("=", before, right)):
        suggestions = (Suggestion(f"{lead}{spell(right)}{rest}", SENTENCES[slip]),)
    return decision._replace(slip=slip), suggestions


def _goals(before: Tree, quick: Trial, questions: Questions) -> Iterator[Tree]:
    """The sides of the claim that are what the line should be, as far as numbers show."""
    claim = questions.scope.claim
    for relation in claim[1].relations if claim is not None else ():
        if relation.sign == "=":
            yield from (
                side for side in (relation.right, relation.left) if bare(side) != bare(before) and quick.agrees(before, side)
            )


# inequalities


def _bound(decision: Decision, relation: Relation, lead: str, rest: str, questions: Questions) -> Finding:
    """>= for >, <= for >=; else one edit of the bound."""
    scope, before, wrong = questions.scope, relation.left, relation.right
    if not lead.endswith(f"{relation.sign} "):  # 0 < A = B: the sign stands further up
        return decision, ()
    for sign, slip, says in OTHER_SIGNS[relation.sign]:
        fits = trial(sign, before, wrong, None, scope.scene, scope.certain())(wrong)
        if fits and questions.holds(Relation(sign, before, wrong)):
            text = f"{lead.removesuffix(f'{relation.sign} ')}{sign} {spell(wrong)}{rest}"
            return decision._replace(slip=decision.slip or slip), (Suggestion(text, says),)
    quick = trial(relation.sign, before, wrong, None, scope.scene, scope.certain())
    holds: Callable[[Tree], bool] = lambda tree: questions.holds(Relation(relation.sign, before, tree))  # noqa: E731
    found = search(before, wrong, None, scope.scene, holds, quick, allowed=is_about_bounds).shown[:1]
    return decision, tuple(Suggestion(f"{lead}{one.text}{rest}", one.says) for one in found)


# limits, and what is concluded


def of_limit(decision: Decision, statement: Limit) -> Finding:
    """A wrong limit with the one that was found."""
    from backcheck.proving.reading.grammar import expression

    if decision.verdict != FALSE or not decision.says.startswith(LIMIT_IS) or statement.relation.sign != "=":
        return decision, ()
    try:
        right = expression(decision.says.removeprefix(LIMIT_IS))
    except Misread:
        return decision, ()
    found = statement._replace(relation=statement.relation._replace(right=right))
    return decision, (Suggestion(echo(found), f"{spell(statement.relation.right)} for {spell(right)}"),)


def of_therefore(decision: Decision, statement: Therefore, judge: Callable[[Therefore], Decision]) -> Finding:
    """A conclusion from what is said at one place only, where it would follow from the same said everywhere."""
    if decision.verdict not in WRONG:
        return decision, ()
    for at, premise in enumerate(statement.premises):
        if premise.at:
            premises = (*statement.premises[:at], premise._replace(at=()), *statement.premises[at + 1 :])
            found = statement._replace(premises=premises)
            if judge(found).verdict == PROVEN:
                place = echo(statement._replace(premises=(premise,))).rpartition(" at ")[2]
                return decision, (Suggestion(echo(found), f"at {place} is too many: it holds everywhere"),)
    return decision, ()


def of_conclusion(
    decision: Decision,
    premise: Relation,
    conclusion: Relation,
    arrow: str,
    questions: Questions,
    judge: Callable[[Relation], Decision],
) -> Finding:
    """What does not follow from an equation, one of its sides repaired: the right one, if it is solved for the left."""
    if decision.verdict not in WRONG or conclusion.sign != "=":
        return decision, ()
    left, right = conclusion.left, conclusion.right
    is_solved = left.op in ("name", "entry") or right.op != "number"
    kept, wrong = (left, right) if is_solved else (right, left)
    scope = questions.scope

    def line(tree: Tree) -> Relation:
        return Relation("=", tree, kept) if not is_solved else Relation("=", kept, tree)

    quick = trial("=", kept, wrong, None, questions.under((questions.entries(premise),)), scope.certain())
    sides = (premise.left, premise.right)
    found = search(kept, wrong, None, scope.scene, lambda tree: judge(line(tree)).verdict == PROVEN, quick, sides).shown
    shown = [f"{one.text} = {spell(kept)}" if not is_solved else f"{spell(kept)} = {one.text}" for one in found]
    return decision, tuple(Suggestion(f"{arrow} {text}", one.says) for text, one in zip(shown, found, strict=True))
