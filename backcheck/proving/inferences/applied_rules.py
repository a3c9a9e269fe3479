"""A rule of the table with what somebody wrote put in the place of its letters; it knows nothing of what is true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from backcheck.errors import did_you_mean
from backcheck.proving.algebra.expand import plain
from backcheck.proving.entries.arrays import Room
from backcheck.proving.inferences.filled_in import Letters, Place, all_that_stay, filled
from backcheck.proving.inferences.rules import ONLY_IF, Reason, Rule, concluding, reason, words
from backcheck.proving.names import NO_LETTER, Names, Scene
from backcheck.proving.spelling.spelled import spell, spell_relation
from backcheck.proving.statements import Misread, Property, Relation
from backcheck.proving.tree import Tree, bare, free, name, walk

NUMBERS = ("c", "m", "v")  # letters of the rules that stand for one number


class Instance(NamedTuple):
    """A rule, what its letters stand for, and what it needs then; the last is what has to be true in any case."""

    rule: Rule
    letters: Letters
    place: Place
    needs: tuple[Reason, ...]
    only_if: Reason | None


def said(found: Reason, base: Place = ()) -> str:
    """As it is written: d2(C, a) >= 0 at a = y."""
    what = found.says
    text = spell_relation(what) if isinstance(what, Relation) else f"{what.word}({', '.join(map(spell, what.of))})"
    text = re.sub(r"\bd\(([^()]*), ([^(),]+), \2\)", r"d2(\1, \2)", text)
    own = [f"{spell(x)} = {spell(value)}" for x, value in found.at if (x, value) not in base]
    return f"{text} at {' ; '.join(own)}" if own else text


def property_said(what: Property, at: Place) -> Reason:
    """With its place said in both ways: stationary(C, a) at a = y is stationary(C, a, y) at a = y, and the other way round."""
    of = tuple(map(bare, what.of))
    form = reason(concluding(what.word)[0].concludes).says
    if not isinstance(form, Property) or form.of[-1].text != "c" or what.word == "invariant":
        return Reason(Property(what.word, of), at)
    if len(of) == len(form.of):
        return Reason(Property(what.word, of), merged(at, ((of[1], of[2]),)))
    return Reason(Property(what.word, (*of, dict(at)[of[1]]) if of[1] in dict(at) else of), at)


def merged(base: Place, more: Place) -> Place:
    """Two places as one, in one order; the second is said later, and counts."""
    found = {bare(x): bare(value) for x, value in (*base, *more)}
    return tuple(sorted(found.items(), key=lambda pair: spell(pair[0])))


def instances(conclusion: Relation | Property, facts: Sequence[Reason], scene: Scene) -> Iterator[Instance]:
    """Each rule that ends in this conclusion, for each variable and each place it may be about."""
    word = conclusion.sign if isinstance(conclusion, Relation) else conclusion.word
    for rule in concluding(word):
        for letters in _letters(reason(rule.concludes).says, conclusion, facts, scene):
            for one, place in _placed(letters, facts, scene) if _has_its_place(rule, letters, facts, scene) else ():
                if _moves(one, conclusion, scene):
                    continue
                needs = tuple(filled(need, one, place, scene) for need in rule.needs)
                needs = all_that_stay(needs[0], one["f"], place) if rule.id == "stays" else needs
                yield Instance(rule, one, place, needs, filled(ONLY_IF[word], one, place, scene) if word in ONLY_IF else None)


def check(conclusion: Property) -> None:
    """A word that is in the table, with as much as it is said of."""
    word, column = conclusion.word, conclusion.column or 1
    if word not in words():
        way_out = did_you_mean(word, words()) or f"there are rules for {', '.join(words())}"
        raise Misread(column, f"there is no rule that concludes {word}", way_out, len(word))
    form = reason(concluding(word)[0].concludes).says
    letters = [part.text for part in form.of] if isinstance(form, Property) else []
    left_out = 1 if letters[-1] == "c" and word != "invariant" else 0  # the place may be that of the reasons
    if not len(letters) - left_out <= len(conclusion.of) <= len(letters):
        raise Misread(
            column,
            f"{word} is said of {len(letters)}, and here of {len(conclusion.of)}",
            f"{word}({', '.join(letters)})",
            len(word),
        )


def _has_its_place(rule: Rule, letters: Letters, facts: Sequence[Reason], scene: Scene) -> bool:
    """What is said of a place is said at one, by the conclusion or by a reason."""
    if not re.search(r"\bc\b", rule.line) or any("c" in one for one, _ in _placed(dict(letters), facts, scene)):
        return True
    if "(" not in rule.concludes:
        return False
    x = spell(letters["x"])
    raise Misread(1, f"at which {x}?", f"a reason says it: … at {x} = y; or {rule.concludes}, here with {x} for x")


def _moves(letters: Letters, conclusion: Relation | Property, scene: Scene) -> bool:
    """Whether a place, a bound or a value is no number, but moves with what it belongs to: x >= x - 1 bounds nothing."""
    of = letters.get("x", letters["f"])
    found = [letters[one] for one in NUMBERS if one in letters and _meet(letters[one], of, scene)]
    if found and isinstance(conclusion, Property):
        says = f"{spell(found[0])} is no one number here: it moves with {spell(of)}"
        raise Misread(conclusion.column or 1, says, "a place or a bound is one number", len(conclusion.word))
    return bool(found)


def _meet(one: Tree, other: Tree, scene: Scene) -> bool:
    return bool(_names_in(one, scene) & _names_in(other, scene))


def _names_in(tree: Tree, scene: Scene) -> set[str]:
    """The names that may move, with those in their definitions."""
    found = {*free(tree), *free(plain(tree, scene._replace(at=())))}
    return {text for text in found if not scene.names.is_letter(text) and text not in scene.names.sizes}


# which letter stands for what


def _letters(
    pattern: Relation | Property, found: Relation | Property, facts: Sequence[Reason], scene: Scene
) -> Iterator[dict[str, Tree]]:
    if isinstance(pattern, Property) and isinstance(found, Property):
        letters = {letter.text: bare(tree) for letter, tree in zip(pattern.of, found.of, strict=False)}
        yield {**letters, "f": _one_entry(letters["f"], scene.names)} if found.word == "probability" else letters
    if isinstance(pattern, Relation) and isinstance(found, Relation):
        letters = {pattern.left.text: bare(found.left), pattern.right.text: bare(found.right)}
        yield from ({**letters, "x": x} for x in _variables(facts))


def _variables(facts: Sequence[Reason]) -> list[Tree]:
    """What the reasons differentiate by, or are about."""
    found: dict[Tree, None] = {}
    for fact in facts:
        if isinstance(fact.says, Property):
            found |= dict.fromkeys(map(bare, fact.says.of[1:2]))
        else:
            found |= {
                bare(by): None
                for side in (fact.says.left, fact.says.right)
                for node in walk(side)
                if node.op == "slope"
                for by in node.parts[1:]
            }
    return list(found)


def _placed(letters: dict[str, Tree], facts: Sequence[Reason], scene: Scene) -> Iterator[tuple[dict[str, Tree], Place]]:
    """With each place that a reason is said at, if it is one of x; the place of the conclusion itself, if it names one."""
    base, x = merged(scene.at, ()), letters.get("x")
    if x is None:
        yield letters, base
        return
    places = dict.fromkeys([base, *(fact.at for fact in facts)])
    pinned = [(place, value) for place in places for key, value in place if key == x]
    if "c" in letters:
        same = [place for place, value in pinned if value == letters["c"]]
        yield letters, same[0] if same else merged(base, ((x, letters["c"]),))
        return
    yield from (({**letters, "c": value}, place) for place, value in pinned)
    if not pinned:
        yield letters, base


def _one_entry(tree: Tree, names: Names) -> Tree:
    """One share of a vector, by an index of its own."""
    array = Room(names, tree).array(tree)
    letters = (next((one for one, size in names.letters.items() if size == over), f"{NO_LETTER}{over}") for over in array.shape)
    return bare(array.at(tuple(map(name, letters)))) if array.shape else bare(tree)
