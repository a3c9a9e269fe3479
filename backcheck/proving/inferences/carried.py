"""Whether relations follow from others by adding them up, each times a number or what is positive; it knows no calculus.

All that is not added or multiplied is taken as it stands: exp(z) is some number, the same wherever it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from backcheck.proving.names import NO_LETTER, Names, Scene
from backcheck.proving.spelling.spelled import spell
from backcheck.proving.statements import Relation, letters_of_given
from backcheck.proving.tree import Tree, bare, free, name, put
from backcheck.proving.unknowns.conditions import ROWS
from backcheck.proving.unknowns.desk import Desk, Piece
from backcheck.proving.unknowns.linear import Contradiction, Row, opposites, plus
from backcheck.proving.unknowns.logarithms import Undecided
from backcheck.proving.unknowns.meter import Meter, TooMuch
from backcheck.proving.unknowns.pieces import RULES
from backcheck.proving.unknowns.polynomials import Unwritable, constant, multiplied, times
from backcheck.proving.unknowns.simplex import contradiction

MOST_WORK, MOST_PRODUCTS = 30_000, 40


def carried(conclusion: Relation, premises: Sequence[Relation], scene: Scene) -> bool:
    """Whether the premises give the conclusion.

    >>> A, B, C = map(name, "ABC")
    >>> carried(Relation("<", A, C), [Relation("=", A, B), Relation("<", B, C)], Scene(Names()))
    True
    """
    try:
        desk = Desk(scene.names, OPAQUE, meter=Meter(MOST_WORK))
        known = [row for premise in premises if premise.sign != "!=" for row in _rows(desk, premise, scene)]
        wanted = _rows(desk, conclusion, scene)
        known += [*desk.rows, *_products(known)]
        if conclusion.sign == "!=":
            return all(contradiction([*known, row._replace(sign="=")], desk.meter) for row in wanted[:1])
        return all(_gives(known, row, desk.meter) for row in wanted)
    except (TooMuch, Unwritable, Undecided):
        return False


def _gives(known: Sequence[Row], wanted: Row, meter: Meter) -> bool:
    return all(isinstance(contradiction([*known, row], meter), Contradiction) for row in opposites(wanted))


def _rows(desk: Desk, relation: Relation, scene: Scene) -> list[Row]:
    relation = same_letters(relation, scene)
    pieces = desk.each((relation.left, relation.right), lambda left, right: plus((1, left), (-1, right)))
    return [Row(plus((side, piece.of)), sign) for piece in pieces for sign, side in ROWS[relation.sign]]


def _products(rows: Sequence[Row]) -> Iterator[Row]:
    """What is not below 0, times what is not below 0."""
    signed = [row for row in rows if row.sign != "="]
    pairs = [*combinations(signed, 2), *((row, row) for row in signed)]
    for one, other in pairs[:MOST_PRODUCTS]:
        yield Row(times(one.of, other.of), ">" if one.sign == other.sign == ">" else ">=")
    for row in rows:
        if row.sign == "=":
            yield from (Row(times(row.of, other.of), "=") for other in signed[:MOST_PRODUCTS])


def same_letters(relation: Relation, scene: Scene) -> Relation:
    """An index that stands for each of its values has one name, whatever it was called: s[i] >= 0 is s[j] >= 0."""
    names, certain = scene.names, certain_letters(scene)
    letters = [one for one in _free(relation) if names.is_letter(one) and one not in certain]
    new: dict[str, Tree] = {}
    for letter in letters:
        text = f"{NO_LETTER}{names.size(letter)}"
        while name(text) in new.values():
            text += "~"
        new[letter] = name(text)
    return relation._replace(left=_bound(put(relation.left, new), names), right=_bound(put(relation.right, new), names))


def certain_letters(scene: Scene) -> set[str]:
    """Indices that a case, or what is given, speaks of as certain ones: c in given t[k] = delta(k, c)."""
    found = {one for relation in scene.case for one in _free(relation)}
    for relation in scene.given:
        each = [letter for letter, _ in letters_of_given(relation, tuple(free(relation.left)))]
        found |= {one for one in _free(relation) if one not in each}
    return found


def _free(relation: Relation) -> dict[str, None]:
    return free(relation.left) | free(relation.right)


def _bound(tree: Tree, names: Names, depth: int = 0) -> Tree:
    """The same for indices that run in sums, by how deep they run."""
    if tree.op in ("total", "largest"):
        text = f"{NO_LETTER}{names.size(tree.text)}{'~' * (10 + depth)}"
        body = put(tree.parts[0], {tree.text: name(text)})
        tree = tree._replace(text=text, parts=(body, *tree.parts[1:]))
        depth += 1
    return tree._replace(parts=tuple(_bound(part, names, depth) for part in tree.parts), column=0)


# what is not added or multiplied


def _as_it_stands(desk: Desk, tree: Tree) -> list[Piece]:
    return [Piece((), desk.unknown(f"[{spell(bare(tree))}]"))]


def _power(desk: Desk, tree: Tree) -> list[Piece]:
    exponent = tree.parts[1]
    if exponent.op == "number" and exponent.text.isdigit() and 0 < int(exponent.text) <= 8:
        return desk.each(tree.parts[:1], lambda form: multiplied(*[form] * int(exponent.text)))
    return _as_it_stands(desk, tree)


def _over(desk: Desk, tree: Tree) -> list[Piece]:
    bottom = desk.pieces(tree.parts[1])[0].of
    known = constant(bottom)
    if known:
        return desk.each(tree.parts[:1], lambda top: plus((1 / known, top)))
    inverse = {f"[1/({spell(bare(tree.parts[1]))})]": Fraction(1)}
    return desk.each(tree.parts[:1], lambda top: times(top, inverse))


OPAQUE = {
    **RULES,
    "name": _as_it_stands,
    "entry": _as_it_stands,
    "call": _as_it_stands,
    "total": _as_it_stands,
    "largest": _as_it_stands,
    "slope": _as_it_stands,
    "power": _power,
    "over": _over,
}
