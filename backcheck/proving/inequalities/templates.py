"""What is given, and what an expression needs to mean something, as forms of known sign for each index; it shows nothing."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.proving.algebra.cases import compares_letters
from backcheck.proving.algebra.domains import Need
from backcheck.proving.algebra.forms import Form
from backcheck.proving.algebra.givens import STRICT, difference
from backcheck.proving.algebra.normal import normal
from backcheck.proving.algebra.page import Page, Undefined
from backcheck.proving.inequalities.ground import Ground, Template, assume, canonical, settled
from backcheck.proving.names import Scene
from backcheck.proving.statements import Relation, letters_of_given
from backcheck.proving.tree import Tree, free


def ground_of(page: Page, scene: Scene, asked: list[Need]) -> Ground:
    """All that is given, and all that has to be so if both sides mean something."""
    relations = [
        (at, relation) for at, relation in enumerate((*scene.given, *scene.case)) if not compares_letters(relation, page.names)
    ]
    templates = [made for at, relation in relations if relation.sign in STRICT for made in _of_given(page, scene, at, relation)]
    templates += [made for need in asked for made in _of_need(page, need)]
    for at, relation in relations:
        if relation.sign in STRICT and not (_running(page, relation) if at < len(scene.given) else ()):
            assume(page, settled(page, difference(page, relation, scene)), STRICT[relation.sign], at)
    other = [
        difference(page, relation, scene) for _, relation in relations if relation.sign == "!=" and not _running(page, relation)
    ]
    other += [form for need in asked if need.known == "≠" and not need.running and (form := _form(page, need.tree))]
    return Ground(page, {}, tuple(templates), nonzero=tuple(canonical(form) for form in other if form))


def _running(page: Page, relation: Relation) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return letters_of_given(relation, tuple(letter for letter in free(relation.left) if page.names.is_letter(letter)))


def _of_given(page: Page, scene: Scene, at: int, relation: Relation) -> Iterator[Template]:
    each = _running(page, relation) if at < len(scene.given) else ()
    if not each:
        return  # it is on the page as it is
    own = page.for_each(letter for letter, _ in each)
    running = tuple(
        (own[letter], tuple(own.get(other) or page.points.get(other, other) for other in apart)) for letter, apart in each
    )
    yield Template(difference(page, relation, scene, own), STRICT[relation.sign], at, running)


def _of_need(page: Page, need: Need) -> Iterator[Template]:
    if need.running and need.every and need.known != "≠":
        own = page.for_each(need.running)
        form = _form(page, need.tree, own)
        if form is not None:
            yield Template(form, need.known, None, tuple((point, ()) for point in own.values()))


def _form(page: Page, tree: Tree, running: dict[str, str] | None = None) -> Form | None:
    try:
        return normal(page, tree, running)
    except Undefined:
        return None
