"""Atoms and what they mean: numbers, entries, switches and unknown functions; it knows no powers and no sums over an index."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from backcheck.proving.algebra.division import apart
from backcheck.proving.algebra.forms import ONE, ZERO, Coefficient, Form, minus, plus, scaled, single, split, text
from backcheck.proving.algebra.page import REDUCED, Atom, Page, Undefined, times
from backcheck.proving.algebra.renaming import MADE_ANEW, Points, renamed, switched
from backcheck.proving.algebra.signs import sign

RUNNING = "?#@"  # how points begin that stand for any value
MOST_LETTERS = 3  # of what is given for each
BINDING = ("total", "partial", "largest")  # atoms in which an index runs
SPECIAL = ("delta", "half", "root", "inverse")


def atom(page: Page, name: str, made: Atom) -> Form:
    """An atom by its name, or what is given for it."""
    if name not in page.atoms:
        page.atoms[name] = made = made._replace(height=max(map(page.height, made.forms), default=0) + (made.kind in BINDING))
        if made.kind in SPECIAL:
            page.special.add(name)
        _look_up(page, name, made)
    rule = page.rules.get(name)
    if rule is None or rule.power != 1:
        return single(name)
    page.used.add(rule.given)
    return rule.form


def _look_up(page: Page, name: str, made: Atom) -> None:
    """What is given for each z[k] holds for z[i] too."""
    if made.kind not in ("entry", "total") or not (page.patterns or page.sign_patterns):
        return
    for pattern, points in _alike(page, name, made):
        rule, known = page.patterns.get(pattern), page.sign_patterns.get(pattern)
        if rule is not None and name not in page.rules:
            page.rules[name] = rule._replace(form=renamed(page, rule.form, points))
            if rule.power != 1:
                page.special.add(name)
        if known is not None:
            page.signs[text(single(name))] = known


def _alike(page: Page, name: str, made: Atom) -> Iterator[tuple[str, Points]]:
    """Atoms with ?0, ?1, … of which this one may be a case; and what these points are in it."""
    if made.kind == "entry":
        for pattern in (*page.patterns, *page.sign_patterns):
            other = page.atoms.get(pattern)
            if other is not None and (other.kind, other.name) == ("entry", made.name) and pattern != name:
                pairs = [*zip(other.at, made.at, strict=True)]
                points = {one: two for one, two in pairs if one[0] == "?"}
                if all(points.get(one, one) == two for one, two in pairs):
                    yield pattern, points
        return
    for count in range(1, min(len(made.points), MOST_LETTERS) + 1):
        for places in permutations(sorted(made.points), count):
            letters = {point: f"?{at}:{page.sizes.get(point, '')}" for at, point in enumerate(places)}
            yield text(renamed(page, single(name), letters)), {own: point for point, own in letters.items()}


def pattern_of(name: str, made: Atom) -> str:
    """How what is given for an atom with the points ?0, ?1, … is called."""
    return name if made.kind == "entry" else text(single(name))


# numbers and entries


def scalar(page: Page, name: str) -> Form:
    return atom(page, name, Atom("scalar", name))


def size(page: Page, name: str) -> Form:
    """How many an index runs over."""
    return {(): int(name)} if name.isdigit() else atom(page, f"|{name}|", Atom("size", name))


def entry(page: Page, name: str, at: tuple[str, ...]) -> Form:
    return atom(page, f"{name}[{','.join(at)}]", Atom("entry", name, at, points=frozenset(at)))


def delta(page: Page, one: str, other: str) -> Form:
    """1 where two points are one. Letters of this case are known to be apart; of @1, ?0 and #0 it is not known yet."""
    if one == other:
        return ONE
    if one[0] not in RUNNING and other[0] not in RUNNING:
        return ZERO
    first, second = sorted((one, other), key=lambda point: (RUNNING.find(point[0]), len(point), point))
    return atom(page, f"[{first}={second}]", Atom("delta", at=(first, second), points=frozenset((first, second))))


def half(page: Page, form: Form) -> Form:
    """1 where a form is positive, 0 where it is negative; at 0 it means nothing."""
    return switched(page, _half, form)


def _half(page: Page, form: Form) -> Form:
    if not form:
        raise Undefined("the slope at a kink")
    known = sign(page, form)
    if known == "?":
        form = apart(page, form)
        known = sign(page, form)
    if known in "+-":
        return ONE if known == "+" else ZERO
    content, common, rest = split(form)
    side = sign(page, rest)
    if side in "+-":
        content, rest = (content if side == "+" else -content), ONE
    canonical = times(page, {tuple(item for item in common if not positive(page, item[0])): 1}, rest)
    made = atom(page, f"({text(canonical)}>0)", Atom("half", forms=(canonical,), points=page.free(canonical)))
    return made if content > 0 else minus(ONE, made)


def positive(page: Page, name: str) -> bool:
    return sign(page, single(name)) == "+"


def relu(page: Page, form: Form) -> Form:
    """Its form where that is positive, else 0; at 0, too, where `half` means nothing."""

    def made(page: Page, form: Form) -> Form:
        known = sign(page, form)
        return ZERO if known in "≤0-" else form if known in "≥+" else times(page, form, _half(page, form))

    return switched(page, made, form)


def magnitude(page: Page, form: Form) -> Form:
    """|form|"""
    return plus(relu(page, form), relu(page, scaled(form, -1)))


def call(page: Page, name: str, *forms: Form) -> Form:
    """A function that nothing is known of."""

    def made(page: Page, *found: Form) -> Form:
        forms = tuple(apart(page, form) for form in found)
        free = frozenset[str]().union(*(page.free(form) for form in forms))
        return atom(page, f"{name}({', '.join(map(text, forms))})", Atom("call", name, forms=forms, points=free))

    return switched(page, made, *forms)


def _switch_power(page: Page, name: str, power: Coefficient) -> Form | None:
    """0 and 1 are their own squares."""
    if power < 0:
        raise Undefined("a division by zero")
    return single(name) if power != 1 else None


REDUCED |= {"delta": _switch_power, "half": _switch_power}
MADE_ANEW |= {
    "scalar": lambda page, atom, inner, points: scalar(page, atom.name),
    "size": lambda page, atom, inner, points: size(page, atom.name),
    "entry": lambda page, atom, inner, points: entry(page, atom.name, tuple(points.get(point, point) for point in atom.at)),
    "delta": lambda page, atom, inner, points: delta(page, *(points.get(point, point) for point in atom.at)),
    "half": lambda page, atom, inner, points: half(page, inner(atom.forms[0])),
    "call": lambda page, atom, inner, points: call(page, atom.name, *map(inner, atom.forms)),
}
