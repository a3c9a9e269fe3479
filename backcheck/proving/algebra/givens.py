"""What is given, as rules for atoms (sum(k, t[k]) = 1) and as signs of forms (0 < y < 1); it decides no step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from backcheck.proving.algebra.atoms import delta, pattern_of
from backcheck.proving.algebra.cases import compares_letters
from backcheck.proving.algebra.expand import plain
from backcheck.proving.algebra.forms import ONE, Form, minus, number_of, plus, scaled, single, split, text
from backcheck.proving.algebra.normal import normal
from backcheck.proving.algebra.page import Page, Rule, times
from backcheck.proving.algebra.quotients import cleared, inverse
from backcheck.proving.algebra.renaming import rebuilt, renamed
from backcheck.proving.algebra.signs import TURNED, sign
from backcheck.proving.names import Scene
from backcheck.proving.statements import Relation, letters_of_given
from backcheck.proving.tree import free

STRICT = {">": "+", "<": "-", ">=": "≥", "<=": "≤"}
KINDS = ("total", "entry", "scalar", "call", "largest")  # what is put out of the way first


class Contradiction(Exception):
    """What is given cannot be."""


def lay_down(page: Page, scene: Scene, without: int | None = None) -> None:
    """All that is given, on the page. An equation is used to put one atom out of the way."""
    relations = [(at, relation) for at, relation in enumerate((*scene.given, *scene.case)) if at != without]
    relations = [(at, relation) for at, relation in relations if not compares_letters(relation, page.names)]
    _lay_down_signs(page, scene, relations)
    for at, relation in relations:
        each, apart = _each(page, relation, at < len(scene.given))
        if relation.sign == "=":
            form = cleared(page, difference(page, relation, scene, each))
            _lay_down_equation(page, form, at, {*each.values()}, apart)
    if page.rules or page.patterns:
        _backwards(page)
        _lay_down_signs(page, scene, relations)  # a rule may have put other atoms in their place


def _lay_down_signs(page: Page, scene: Scene, relations: list[tuple[int, Relation]]) -> None:
    for at, relation in relations:
        each, apart = _each(page, relation, at < len(scene.given))
        if relation.sign == "!=" and not apart:
            page.nonzero |= dict.fromkeys(map(text, factors(difference(page, relation, scene, each))), at)
        if relation.sign in STRICT and not apart:
            _lay_down_sign(page, difference(page, relation, scene, each), STRICT[relation.sign], at, {*each.values()})


def factors(form: Form) -> list[Form]:
    """What a form is a product of, as far as it is seen at once; numbers are left out."""
    if not form:
        return []
    _, common, rest = split(form)
    return [single(name) for name, _ in common] + ([rest] if number_of(rest) is None else [])


def _each(page: Page, relation: Relation, given: bool) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """A point of its own for each letter it is meant for all values of; and the points that are left out of some."""
    left = tuple(letter for letter in free(relation.left) if page.names.is_letter(letter)) if given else ()
    letters = letters_of_given(relation, left) if given else ()
    points = page.for_each(letter for letter, _ in letters)
    return points, {points[letter]: tuple(page.points.get(other, other) for other in apart) for letter, apart in letters if apart}


def difference(page: Page, relation: Relation, scene: Scene, running: dict[str, str] | None = None) -> Form:
    """left - right"""
    one, other = (normal(page, plain(side, scene), running) for side in (relation.left, relation.right))
    return minus(one, other)


# signs


def _lay_down_sign(page: Page, form: Form, known: str, given: int | None, each: set[str]) -> None:
    """A form is positive, …; if it is a number, it has to be so."""
    value = number_of(form)
    if value is not None:
        if sign(page, form) not in {"+": "+", "-": "-", "≥": "+0≥", "≤": "-0≤"}[known]:
            raise Contradiction
        return
    content, common, _ = split(form)
    known = known if content > 0 else TURNED[known]
    canonical = scaled(form, 1 / Fraction(content))
    page.signs[text(canonical)] = known, given
    if len(common) == 1 and common[0][1] == 1 and len(canonical) == 1 and each and each <= page.atoms[common[0][0]].points:
        page.sign_patterns[pattern_of(common[0][0], page.atoms[common[0][0]])] = known, given
    if not each:
        page.facts.append(canonical)


def suppose(page: Page, form: Form, known: str) -> None:
    """A form has this sign, since otherwise a side would mean nothing."""
    if number_of(form) is None and sign(page, form) == "?":
        _lay_down_sign(page, form, known, None, {point for point in page.free(form) if point.startswith("?")})


# equations


def _lay_down_equation(page: Page, form: Form, given: int, each: set[str], apart: Mapping[str, tuple[str, ...]]) -> None:
    if not form:
        return
    if number_of(form) is not None:
        raise Contradiction
    for name, power, value in _candidates(page, form, each):
        rest = {monomial: c for monomial, c in form.items() if monomial != ((name, power),)}
        instead = _but_for(page, name, scaled(rest, -1 / Fraction(value)), apart)
        rule = Rule(instead, power, given)
        if each:
            page.patterns[pattern_of(name, page.atoms[name])] = rule
        else:
            page.rules[name] = rule
            if power != 1:
                page.special.add(name)
        return
    if not each:
        _solved(page, form, given)


def _candidates(page: Page, form: Form, each: set[str]) -> list[tuple[str, int, Fraction]]:
    """Atoms that stand alone in one term, and nowhere else to that power: the best to put out of the way first."""
    found = []
    for monomial, value in form.items():
        if len(monomial) != 1:
            continue
        ((name, power),) = monomial
        atom = page.atoms[name]
        if atom.kind not in KINDS or power.denominator != 1 or power < 1 or not each <= atom.points:
            continue
        others = [item for other in form if other != monomial for item in other]
        highest = max((p for other, p in others if other == name), default=0)
        head = f"{atom.name}[" if each and atom.kind == "entry" else name  # of what is given for each entry, no other entry
        inside = any((head if page.atoms[other].forms else name) in other for other, _ in others if other != name)
        if highest < power and not inside and (power == 1 or atom.kind in ("entry", "scalar")):
            found.append((power != 1, KINDS.index(atom.kind), name, int(power), Fraction(value)))
    return [(name, power, value) for _, _, name, power, value in sorted(found)]


def _but_for(page: Page, name: str, form: Form, apart: Mapping[str, tuple[str, ...]]) -> Form:
    """y[k] is this form for k ≠ c: it is delta(k,c) y[c] + (1 - delta(k,c))·form."""
    for own, others in apart.items():
        for other in dict.fromkeys(others):
            switch = delta(page, other, own)
            form = plus(times(page, switch, renamed(page, single(name), {own: other})), times(page, minus(ONE, switch), form))
    return form


def _solved(page: Page, form: Form, given: int) -> None:
    """n·y = x, where n is known not to be 0."""
    for name in sorted({name for monomial in form for name, _ in monomial}):
        if page.atoms[name].kind not in KINDS or any(power not in (0, 1) for power in _powers(form, name)):
            continue
        factor = {tuple(item for item in m if item[0] != name): c for m, c in form.items() if (name, 1) in m}
        rest = {m: c for m, c in form.items() if (name, 1) not in m}
        if any(name in other for m in form for other, _ in m if other != name) or sign(page, factor) not in "+-":
            continue
        page.rules[name] = Rule(times(page, scaled(rest, -1), inverse(page, factor)), 1, given)
        return


def _powers(form: Form, name: str) -> Iterator[object]:
    return (dict(monomial).get(name, 0) for monomial in form)


def _backwards(page: Page) -> None:
    """Rules that were laid down early do not know the later ones yet."""
    for rules in (page.rules, page.patterns):
        for name, rule in reversed([*rules.items()]):
            rules[name] = rule._replace(form=again(page, rule.form))


def again(page: Page, form: Form) -> Form:
    """The form, with all that is known by now."""
    return rebuilt(page, form, lambda part: again(page, part), {})
