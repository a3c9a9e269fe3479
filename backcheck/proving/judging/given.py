"""What is given, as it is meant: which indices are certain ones, what is one-hot; and how it was written. It decides nothing."""

from __future__ import annotations

from backcheck.proving.names import Names
from backcheck.proving.spelling.spelled import spell, spell_relation
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree, free


def of_certain(relations: tuple[Relation, ...], names: Names) -> tuple[Relation, ...]:
    """y[c] = 1 ; y[k] = 0 for k != c: that c is one certain index in both."""
    each = {letter for one in relations for letter, _ in one.each or ()}
    certain = {out for one in relations for _, left_out in one.each or () for out in left_out} - each
    hot = {(other.left.parts[0].text, letter): other for other in relations for letter in _left_out_of_zeros(other)}
    return tuple(
        _one_hot(one, hot[at]) if (at := _one_at(one)) in hot else one if one.each is not None else _for_others(one, certain, names)
        for one in relations
    )


def _left_out_of_zeros(relation: Relation) -> tuple[str, ...]:
    """The c of y[k] = 0 for k != c."""
    left, each = relation.left, relation.each or ()
    if relation.sign != "=" or relation.right.text != "0" or left.op != "entry" or left.parts[0].op != "name" or len(each) != 1:
        return ()
    ((letter, left_out),) = each
    return left_out if [part.text for part in left.parts[1:]] == [letter] and len(left_out) == 1 else ()


def _one_at(relation: Relation) -> tuple[str, str]:
    """The y and c of y[c] = 1."""
    left = relation.left
    is_one = relation.sign == "=" and relation.right.text == "1" and left.op == "entry" and len(left.parts) == 2
    return (left.parts[0].text, left.parts[1].text) if is_one else ("", "")


def _one_hot(one: Relation, zeros: Relation) -> Relation:
    """y[c] = 1, where all others are 0, is y[k] = delta(k, c), from which more can be told."""
    return Relation("=", zeros.left, Tree("call", (zeros.left.parts[1], one.left.parts[1]), "delta", one.left.column))


def _for_others(relation: Relation, certain: set[str], names: Names) -> Relation:
    letters = [one for one in free(relation.left) if names.is_letter(one)]
    if certain.isdisjoint(letters):
        return relation
    return relation._replace(each=tuple((one, ()) for one in letters if one not in certain))


def as_written(relations: tuple[Relation, ...]) -> list[str]:
    """0 < y < 1, for each of the two relations that were made of it."""
    groups: list[list[Relation]] = []
    for one in relations:
        if groups and one.left == groups[-1][-1].right:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [spell_chain(group) for group in groups for _ in group]


def spell_chain(relations: list[Relation]) -> str:
    return spell_relation(relations[0]) + "".join(f" {one.sign} {spell(one.right)}" for one in relations[1:])
