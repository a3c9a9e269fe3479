"""An inequality by slopes: it holds where a number begins, and rises from there; or it is convex, and least there."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from backcheck.proving.algebra.domains import Need, needs
from backcheck.proving.algebra.forms import Form
from backcheck.proving.algebra.normal import normal
from backcheck.proving.algebra.page import Page, TooMuch, Undefined
from backcheck.proving.algebra.signs import sign
from backcheck.proving.algebra.slopes import slope
from backcheck.proving.inequalities.bounds import Bound, bounds, of_fact
from backcheck.proving.inequalities.ground import Ground
from backcheck.proving.inequalities.shown import shown_soon
from backcheck.proving.statements import Misread
from backcheck.proving.tree import Tree, free, name, number, put, walk

MOST_NODES, MOST_SLOPES = 120, 2
LEAST_AT = (Fraction(0), Fraction(1), Fraction(1, 2))  # where something convex may be least
ENOUGH = {"+": "+", "≥": "+≥0", "≠": "+-"}


def by_slopes(ground: Ground, tree: Tree, strict: bool, asked: list[Need], slopes: int = MOST_SLOPES) -> bool:
    """Whether a difference is positive, or not negative, by its slopes in one of its numbers."""
    if not slopes or sum(1 for _ in walk(tree)) > MOST_NODES:
        return False
    return any(_rises(ground, tree, variable, strict, asked, slopes) for variable in _that_may_run(ground, tree, asked))


def _that_may_run(ground: Ground, tree: Tree, asked: list[Need]) -> Iterator[str]:
    """Numbers that nothing binds to another one, in which the difference is smooth wherever they may lie."""
    page = ground.page
    for called in free(tree):
        atom = page.atoms.get(called)
        partly = (need for need in needs(tree) if need.running and not need.every)  # nobody has looked at these
        if atom is None or atom.kind != "scalar" or any(called in free(need.tree) for need in (*asked, *partly)):
            continue
        bound = any(_holds(page, fact, called) and not of_fact(page, called, fact) for fact in page.facts)
        ruled = called in page.rules or any(_holds(page, rule.form, called) for rule in page.rules.values())
        different = any(_holds(page, form, called) for form in ground.nonzero)
        templates = any(_holds(page, template.form, called) for template in ground.templates)
        if not (bound or ruled or templates or different) and _is_smooth(page, normal(page, tree), called):
            yield called


def _holds(page: Page, form: Form, called: str) -> bool:
    return any(
        name == called or any(_holds(page, inner, called) for inner in page.atoms[name].forms)
        for monomial in form
        for name, _ in monomial
    )


def _is_smooth(page: Page, form: Form, called: str) -> bool:
    """No kink, and no function that nothing is known of."""
    atoms = {name for monomial in form for name, _ in monomial}
    kinds = {page.atoms[name].kind for name in atoms if any(_holds(page, inner, called) for inner in page.atoms[name].forms)}
    inner = [part for name in atoms for part in page.atoms[name].forms]
    return not kinds & {"half", "call", "largest", "root"} and all(_is_smooth(page, part, called) for part in inner)


def _rises(ground: Ground, tree: Tree, variable: str, strict: bool, asked: list[Need], slopes: int) -> bool:
    try:
        steeper = slope(tree, name(variable))
        lower, upper = bounds(ground.page, variable)
        ends = [(bound, way) for bound, way in ((lower, steeper), (upper, Tree("minus", (steeper,)))) if bound is not None]
        return any(_from(ground, tree, way, variable, bound, strict, asked, slopes) for bound, way in ends) or any(
            _least(ground, tree, steeper, variable, at, strict) for at in LEAST_AT if _inside(at, lower, upper)
        )
    except (Misread, Undefined):
        return False


def _from(ground: Ground, tree: Tree, way: Tree, variable: str, bound: Bound, strict: bool, asked: list[Need], slopes: int) -> bool:
    """It begins at least at 0, and from there it does not fall."""
    begins = _at(tree, variable, bound.value)
    if strict and _is(ground, begins, True):
        return _shown(ground, way, False, asked, slopes)
    return _is(ground, begins, False) and (bound.strict or not strict) and _shown(ground, way, strict, asked, slopes)


def _least(ground: Ground, tree: Tree, steeper: Tree, variable: str, at: Fraction, strict: bool) -> bool:
    """It has no slope there, and is convex."""
    there = normal(ground.page, _at(steeper, variable, at))
    return not there and _is(ground, _at(tree, variable, at), strict) and _is(ground, slope(steeper, name(variable)), False)


def _at(tree: Tree, variable: str, value: Fraction) -> Tree:
    place = number(value) if value.denominator == 1 else Tree("over", (number(value.numerator), number(value.denominator)))
    return put(tree, {variable: place})


def _inside(at: Fraction, lower: Bound | None, upper: Bound | None) -> bool:
    return (lower is None or lower.value < at) and (upper is None or at < upper.value)


def _shown(ground: Ground, tree: Tree, strict: bool, asked: list[Need], slopes: int) -> bool:
    return _is(ground, tree, strict) or by_slopes(ground, tree, strict, asked, slopes - 1)


def _is(ground: Ground, tree: Tree, strict: bool) -> bool:
    """Shown at once, where all its parts have a value."""
    page = ground.page
    if not all(_is_met(page, need) for need in needs(tree)):
        return False
    try:
        return shown_soon(ground, normal(page, tree), strict)
    except TooMuch:
        return False


def _is_met(page: Page, need: Need) -> bool:
    running = page.for_each(need.running)
    return need.every and sign(page, normal(page, need.tree, running)) in ENOUGH[need.known]
