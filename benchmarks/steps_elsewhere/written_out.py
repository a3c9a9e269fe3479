"""A step of a derivation written out for some sizes: no indices, sums, definitions or derivatives are left; it judges nothing.

Of backcheck it uses the records `Tree`, `Scene` and `Relation`, no more: sums, deltas, definitions and derivatives are its own.
Of letters that nothing tells apart by a numeral one choice of each pattern (i = j, i != j) is enough: the others rename.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from steps_elsewhere import forms
from steps_elsewhere.forms import ZERO, Form, negative, plus
from steps_elsewhere.writer import Writer, size_of

from backcheck.proving.names import Names, Scene
from backcheck.proving.statements import Relation, letters_of_given
from backcheck.proving.tree import Tree, free, walk

HOLDS = {"=": int.__eq__, "!=": int.__ne__, "<": int.__lt__, "<=": int.__le__, ">": int.__gt__, ">=": int.__ge__}


class Written(NamedTuple):
    """One case of a step: both sides, and the inequalities that are given; given equations have been solved and put in."""

    left: Form
    right: Form
    given: tuple[tuple[str, Form, Form], ...] = ()


def written_out(relation: Relation, scene: Scene, first: int) -> tuple[Written, ...]:
    """Every case of a step, for sizes `first` and, of several, `first - 1` by turns."""
    about = _about([relation.left, relation.right, *(side for pair in scene.at for side in pair)], scene.names)
    given = [one for one in scene.given if _about([one.left, one.right], scene.names) & about]
    sizes = {size: first - at % 2 for at, size in enumerate(sorted(scene.names.sizes))}
    found = (_case(relation, scene, given, sizes, local) for local in _letters(relation, scene, given, sizes))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _about(trees: list[Tree], names: Names) -> set[str]:
    """All names that are met on the way through definitions."""
    found: set[str] = set()
    pending = list(trees)
    while pending:
        for node in walk(pending.pop()):
            text = node.text.rstrip("'")
            own = node.op == "name" or (node.op == "call" and (text in names.functions or text in names.defined))
            if own and text not in found and not names.is_letter(text):
                found.add(text)
                pending += [names.defined[text].body] if text in names.defined else []
    return found - names.sizes


def _each(one: Relation, names: Names) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return letters_of_given(one, tuple(letter for letter in free(one.left) if names.is_letter(letter)))


def _letters(relation: Relation, scene: Scene, given: list[Relation], sizes: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Values for the free letters, where the case is true."""
    names = scene.names
    bound = [{letter for letter, _ in _each(one, names)} for one in given]
    about = [(relation, set[str]()), *((one, set[str]()) for one in scene.case), *zip(given, bound, strict=True)]
    free_ones = dict.fromkeys(x for one, own in about for side in (one.left, one.right) for x in free(side) if x not in own)
    letters = [one for one in free_ones if names.is_letter(one)]
    ranges = [range(1, size_of(names.size(letter), sizes) + 1) for letter in letters]
    trees = [side for one, _ in about for side in (one.left, one.right)]
    trees += [names.defined[one].body for one in _about(trees, names) if one in names.defined]
    by_numeral = any(
        part.op == "number" for tree in trees for node in walk(tree) if node.op == "entry" for part in node.parts[1:]
    ) or any(one.left.op == "name" and names.is_letter(one.left.text) and one.right.op == "number" for one in scene.case)
    seen = set[tuple[object, ...]]()
    for values in product(*ranges):
        pattern = tuple(_pattern(letters, values, names))
        if by_numeral or pattern not in seen:
            seen.add(pattern)
            yield dict(zip(letters, values, strict=True))


def _pattern(letters: list[str], values: tuple[int, ...], names: Names) -> Iterator[object]:
    """Which of the letters of one range are equal."""
    for letter, value in zip(letters, values, strict=True):
        alike = [
            one for one, other in zip(letters, values, strict=True) if other == value and names.size(one) == names.size(letter)
        ]
        yield alike[0]


def _case(
    relation: Relation, scene: Scene, given: list[Relation], sizes: Mapping[str, int], local: dict[str, int]
) -> Written | None:
    names = scene.names
    write = Writer(names, sizes)
    said: list[tuple[str, Form, Form]] = []
    for one in scene.case:
        sides = [write.form(side, local) for side in (one.left, one.right)]
        if all(names.is_letter(side.text) or side.op == "number" for side in (one.left, one.right)):
            if not HOLDS[one.sign](*(int(side[1]) for side in sides)):
                return None
        else:
            said.append((one.sign, *sides))
    for one in given:
        each = _each(one, names)
        for values in product(*(write.range(letter) for letter, _ in each)):
            inner = {**local, **{letter: value for (letter, _), value in zip(each, values, strict=True)}}
            if not any(inner[letter] == inner.get(other) for letter, apart in each for other in apart):
                said.append((one.sign, write.form(one.left, inner), write.form(one.right, inner)))
    left, right = (write.at(side, local, scene.at) for side in (relation.left, relation.right))
    return _solved(left, right, said)


def _solved(left: Form, right: Form, said: list[tuple[str, Form, Form]]) -> Written:
    """Given equations solved for a name, where one stands alone in a sum, and put in."""
    equations = [one for one in said if one[0] == "="]
    others = [one for one in said if one[0] != "="]
    while equations:
        _, one, other = equations.pop(0)
        solution = _solution(one, other)
        if solution is None:
            others.append(("=", one, other))
            continue
        left, right = forms.put(left, solution), forms.put(right, solution)
        equations, others = (
            [(sign, forms.put(a, solution), forms.put(b, solution)) for sign, a, b in some] for some in (equations, others)
        )
    used = forms.names(left, right)
    left, right = forms.of_one_kind(left, right)
    return Written(left, right, tuple(one for one in others if forms.names(*one[1:]) & used))


def _solution(left: Form, right: Form) -> dict[str, Form] | None:
    terms = list(left[1:]) if left[0] == "plus" else [left]
    for at in reversed(range(len(terms))):
        rest = terms[:at] + terms[at + 1 :]
        if terms[at][0] == "name" and terms[at][1] not in forms.names(right, *rest):
            return {terms[at][1]: plus(right, *map(negative, rest))}
    return None


def shifted(case: Written) -> Written:
    """a > b told as a = b + u, u > 0: for those who can only be told the sign of a name."""
    left, right, given = case
    for sign, one, other in case.given:
        if sign in ORDERED and one[0] == "name" and other[0] != "number" and one[1] not in forms.names(other):
            more = ("name", one[1] + "~")
            put = {one[1]: plus(other, more if sign[0] == ">" else negative(more))}
            left, right = forms.put(left, put), forms.put(right, put)
            given = (*((own, forms.put(a, put), forms.put(b, put)) for own, a, b in given), (sign.replace("<", ">"), more, ZERO))
    used = forms.names(left, right)
    return Written(left, right, tuple(one for one in given if forms.names(*one[1:]) & used))


ORDERED = (">", ">=", "<", "<=")
