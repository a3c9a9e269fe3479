"""Where the two sides of an equation mean something: what stands in a logarithm is positive, what stands below a line is not 0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from backcheck.proving.algebra.expand import plain
from backcheck.proving.algebra.forms import Form, text
from backcheck.proving.algebra.givens import factors, lay_down, suppose
from backcheck.proving.algebra.normal import Points, normal
from backcheck.proving.algebra.page import Page, TooMuch, Undefined, times
from backcheck.proving.algebra.quotients import outermost, together
from backcheck.proving.algebra.signs import product, sign
from backcheck.proving.names import Scene
from backcheck.proving.tree import BINDERS, Tree


class Need(NamedTuple):
    """A condition: this tree is positive (+), not negative (≥), or not 0 (≠), for these indices that run."""

    tree: Tree
    known: str
    running: tuple[str, ...]
    every: bool  # the indices take all their values


def needs(tree: Tree, running: tuple[str, ...] = (), every: bool = True) -> Iterator[Need]:
    """All conditions of a tree without definitions, the inner ones first."""
    within = (*running, tree.text) if tree.op in BINDERS else running
    full = every and not (tree.op in BINDERS and len(tree.parts) > 1)
    for at, part in enumerate(tree.parts):
        inner = at == 0
        yield from needs(part, within if inner else running, full if inner else every)
    if tree.op == "call" and tree.text in ("ln", "sqrt"):
        yield Need(tree.parts[0], "+" if tree.text == "ln" else "≥", running, every)
    elif tree.op == "call" and tree.text in ("step", "sign"):
        yield Need(tree.parts[0], "≠", running, every)
    elif tree.op == "over":
        yield from (Need(factor, "≠", running, every) for factor in _factors(tree.parts[1]))
    elif tree.op == "power" and not _is_number(tree.parts[1]):
        yield Need(tree.parts[0], "+", running, every)
    elif tree.op == "power" and tree.parts[1].op == "minus":
        yield from (Need(factor, "≠", running, every) for factor in _factors(tree.parts[0]))


def _is_number(tree: Tree) -> bool:
    return tree.op == "number" or (all(map(_is_number, tree.parts)) and tree.op in ("minus", "over", "plus", "times"))


def _factors(tree: Tree) -> Iterator[Tree]:
    """The factors of what stands below a line."""
    match tree.op:
        case "times":
            for part in tree.parts:
                yield from _factors(part)
        case "power" if _is_number(tree.parts[1]):
            yield from _factors(tree.parts[0])
        case "minus":
            yield from _factors(tree.parts[0])
        case "number":
            return
        case _:
            yield tree


def _sign(page: Page, form: Form) -> str:
    """The sign of a form; of a quotient, from above and below the line."""
    found = sign(page, form)
    if found != "?" or not outermost(page, form):
        return found
    above, below = together(page, form)
    return sign(page, times(page, above, below)) if sign(page, below) not in "+-" else product(sign(page, above), sign(page, below))


def supposed(page: Page, found: list[Need]) -> list[Need]:
    """What is not known of it is taken to be so; these conditions are returned."""
    new = []
    for need in found:
        running: Points = page.for_each(need.running)
        if running and not need.every:
            continue
        try:
            form = normal(page, need.tree, running)
        except Undefined:
            continue
        known = _sign(page, form)
        if (
            (need.known == "≠" and (known in "+-" or _apart_from_zero(page, form)))
            or known == "+"
            or (need.known == "≥" and known in "≥0")
        ):
            continue
        new.append(need)
        if need.known != "≠":
            suppose(page, form, need.known)
    return new


def _apart_from_zero(page: Page, form: Form) -> bool:
    """Whether it is given that a form, or each of its factors, is not 0."""
    found = [page.nonzero.get(text(factor)) for factor in factors(form)]
    if None in found:
        return False
    page.used |= {given for given in found if given is not None}
    return True


def still_open(asked: tuple[Need, ...], scene: Scene, points: Mapping[str, str]) -> tuple[Need, ...]:
    """The conditions that do not hold by themselves once all definitions are put in: softmax is positive."""
    full = {need: need._replace(tree=plain(need.tree, scene)) for need in asked}
    if all(need == own for need, own in full.items()):
        return asked
    page = Page(scene.names, points)
    lay_down(page, scene)
    try:
        left = {*supposed(page, [*full.values()])}
    except TooMuch:
        return asked
    return tuple(need for need, own in full.items() if own in left)
