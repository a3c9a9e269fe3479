"""What follows from an equation or an inequality: a multiple of it, or a function of both its sides; it knows no chains.

Where the premise says P = 0 and the conclusion C = 0, it follows if C is a form times P: multiplying is allowed, dividing by what
may be 0 is not. The same is tried for exp, ln, … of both sides of the premise and, for functions that take no value twice, of the
conclusion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from backcheck.proving.algebra.cases import TooManyCases, cases
from backcheck.proving.algebra.equal import page_of
from backcheck.proving.algebra.expand import plain
from backcheck.proving.algebra.forms import Form, minus, number_of
from backcheck.proving.algebra.givens import Contradiction, again
from backcheck.proving.algebra.normal import normal
from backcheck.proving.algebra.page import Page, TooMuch, Undefined
from backcheck.proving.algebra.signs import sign
from backcheck.proving.judging.multiples import core, quotient, ratio
from backcheck.proving.names import Names, Scene
from backcheck.proving.spelling.spelled import spell_relation
from backcheck.proving.statements import Impossible, Misread, Relation
from backcheck.proving.tree import Tree, bare, free, number, walk
from backcheck.proving.verdict import DOES_NOT_FOLLOW, FALSE, NOT_PROVEN, PROVEN, Decision

Decide = Callable[[Relation, Scene], Decision]
Sides = tuple[Tree, Tree]
PIECEWISE = ("relu", "max", "min", "abs", "sign", "step")  # linear in pieces
NEGATED = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
# functions of both sides: of the premise any (those that fall turn an inequality, and are not here), of the conclusion those
# that are defined everywhere and take no value twice
OF_PREMISE = ("exp", "ln", "sqrt", "square", "tanh", "sigmoid")
OF_CONCLUSION = ("exp", "tanh", "sigmoid")
STRICT = {"<": True, "<=": False, ">": True, ">=": False}


def follows(premise: Relation, conclusion: Relation, scene: Scene, decide: Decide) -> Decision:
    """Whether what is said after => follows from what stands before it."""
    below = scene._replace(given=(*scene.given, supposed_of(premise, scene)))
    used = _by_algebra(premise, conclusion, scene)
    if used is not None:
        return _checked(conclusion, below, used)
    found = decide(conclusion, below)
    if found.verdict != PROVEN:
        found = _solved(premise, conclusion, scene) or found
    if found.verdict != FALSE:
        return found
    if not free(conclusion.left) and not free(conclusion.right):
        return _of_constants(premise, found, scene)
    return found._replace(verdict=DOES_NOT_FOLLOW, says="the line before it holds for these numbers, and this does not")


def _of_constants(premise: Relation, found: Decision, scene: Scene) -> Decision:
    """What has no names in it is false; and does not follow where there are numbers for which the line before holds."""
    from backcheck.proving.numbers.refute import refute

    opposite = refute(premise._replace(sign=NEGATED[premise.sign]), scene).counterexample
    if opposite is None:
        return Decision(
            NOT_PROVEN, "no numbers were found for which the line before it holds: from what never is, anything follows"
        )
    shown = (
        found.counterexample._replace(sizes=opposite.sizes, indices=opposite.indices, values=opposite.values)
        if found.counterexample
        else None
    )
    says = "the line before it holds for these numbers, and this does not"
    return found._replace(verdict=DOES_NOT_FOLLOW, says=says, counterexample=shown)


def supposed_of(premise: Relation, scene: Scene) -> Relation:
    """What stands before =>, for each value of its letters."""
    return premise._replace(each=tuple((letter, ()) for letter in _letters(premise, scene)))


def _checked(conclusion: Relation, scene: Scene, used: frozenset[int]) -> Decision:
    """What is shown, held against numbers for which the line before holds."""
    from backcheck.proving.numbers.refute import refute

    if refute(conclusion, scene).counterexample is None:
        return Decision(PROVEN, used=used)
    says = "backcheck contradicts itself here: the conclusion fails for some numbers"
    return Decision(NOT_PROVEN, says, fault=f"the two roads disagree about what follows: {spell_relation(conclusion)}")


def _by_algebra(premise: Relation, conclusion: Relation, scene: Scene) -> frozenset[int] | None:
    """Which of the givens it takes, if one of the ways leads there."""
    try:
        ways = (_shown(one, other, premise, conclusion, scene) for one, other in _ways(premise, conclusion, scene.names))
        return next((used for used in ways if used is not None), None)
    except (TooManyCases, TooMuch, Misread):
        return None


def _solved(premise: Relation, conclusion: Relation, scene: Scene) -> Decision | None:
    """Whether there are numbers for which the line before holds, and this does not: relu(b) = 0 and b > 0; x^2 = 4 and x != 2."""
    from backcheck.proving.unknowns.impossible import judge_impossible

    sides = (premise.left, premise.right, conclusion.left, conclusion.right)
    a, b, c, d = (plain(side, scene) for side in sides)
    unknowns = tuple(free(Tree("plus", (a, b, c, d))))
    applied = {node.text for side in (a, b, c, d) for node in walk(side) if node.op in ("call", "total", "largest")}
    if any(scene.names.shapes.get(one) != () for one in unknowns) or not applied <= {*PIECEWISE}:
        return None
    both = Relation(premise.sign, a, b), Relation(NEGATED[conclusion.sign], c, d)
    found = judge_impossible(Impossible(unknowns, both, ()), scene._replace(at=()))
    if found.counterexample is not None:
        return found._replace(counterexample=found.counterexample._replace(sign=conclusion.sign))
    by_z3 = "no numbers make the line before it true and this false, as Z3 finds"
    found = found._replace(says=by_z3 if "Z3" in found.says else f"otherwise {found.says}")
    can_be = judge_impossible(Impossible(unknowns, both[:1], ()), scene._replace(at=())).verdict == FALSE
    return found if found.verdict == PROVEN and can_be else None


def _letters(relation: Relation, scene: Scene) -> list[str]:
    found = {**free(relation.left), **free(relation.right)}
    return [letter for letter in found if scene.names.is_letter(letter)]


def _ways(premise: Relation, conclusion: Relation, names: Names) -> Iterator[tuple[Sides, Sides]]:
    """The sides that are compared: as they stand, or with a function of both."""
    unknown = [called for called, how in names.functions.items() if premise.sign == "=" or how == "monotone"]
    one, other = (premise.left, premise.right), (conclusion.left, conclusion.right)
    yield one, other
    equation = premise.sign == "="
    for function in OF_PREMISE if equation else [one for one in OF_PREMISE if one != "square"]:
        yield _of_both(function, one), other
    for function in unknown:
        if equation or conclusion.sign in (">=", "<="):  # it never falls, but may stay
            yield _of_both(function, one), other
    for function in OF_CONCLUSION:
        yield one, _of_both(function, other)


def _of_both(function: str, sides: Sides) -> Sides:
    left, right = (Tree("power", (side, number(2))) if function == "square" else Tree("call", (side,), function) for side in sides)
    return left, right


def _shown(one: Sides, other: Sides, premise: Relation, conclusion: Relation, scene: Scene) -> frozenset[int] | None:
    """In each case in which the letters are equal or not."""
    written = tuple(plain(bare(side), scene) for side in (premise.left, premise.right, conclusion.left, conclusion.right))
    found = tuple(plain(bare(side), scene) for side in (*one, *other))
    used: set[int] = set()
    for points in cases([*found], scene):
        try:
            page, _ = page_of(written, scene, points)  # only what was written has to mean something
            a, b, c, d = (again(page, normal(page, side)) for side in found)
            if not _rule(premise.sign, conclusion.sign)(page, minus(a, b), minus(c, d), premise, conclusion):
                return None
            used |= page.used
        except Contradiction:
            continue
        except Undefined:
            return None
    return frozenset(used)


def _rule(before: str, after: str) -> Callable[[Page, Form, Form, Relation, Relation], bool]:
    return _apart if after == "!=" else _equal if before == "=" and after in ("=", "<=", ">=") else _ordered


def _equal(page: Page, premise: Form, conclusion: Form, *_: Relation) -> bool:
    """0 = P, and so 0 = Q·P."""
    one, other = core(page, premise), core(page, conclusion)
    return not other or (number_of(one) is None and quotient(page, other, one) is not None)


def _apart(page: Page, premise: Form, conclusion: Form, before: Relation, _: Relation) -> bool:
    """P is not 0, and so no factor of P is."""
    return before.sign in ("!=", "<", ">") and _equal(page, conclusion, premise)


def _ordered(page: Page, premise: Form, conclusion: Form, before: Relation, after: Relation) -> bool:
    """P > 0, and so Q·P > 0 for a positive Q; and so is something greater than P."""
    if before.sign not in STRICT or after.sign not in STRICT:
        return False
    one, other = (_upwards(form, relation) for form, relation in ((premise, before), (conclusion, after)))
    wanted = ("+",) if STRICT[after.sign] and not STRICT[before.sign] else ("+", "≥", "0")
    if sign(page, minus(other, one)) in wanted:
        return True
    factor = ratio(page, other, one)
    if factor is None or (STRICT[after.sign] and not STRICT[before.sign]):
        return False
    return sign(page, factor) in (("+",) if STRICT[after.sign] else ("+", "≥"))


def _upwards(form: Form, relation: Relation) -> Form:
    """What is said to be positive."""
    return form if relation.sign in (">", ">=") else minus({}, form)
