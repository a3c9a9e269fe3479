"""Parts of a line → relations between formulas, chains of them, lists of names; it knows no words that begin a line."""

from __future__ import annotations

from itertools import pairwise

from backcheck.proving.reading.cursor import Cursor
from backcheck.proving.reading.cutting import Part, cut, place, places
from backcheck.proving.reading.declared import Declared, joined
from backcheck.proving.reading.grammar import whole
from backcheck.proving.reading.indices import no_index
from backcheck.proving.reading.signs import Token
from backcheck.proving.statements import SIGNS, Misread, Relation
from backcheck.proving.tree import Tree

QUANTIFIERS = ("each", "every", "all", "any")
MOST_RELATIONS = 20
Each = tuple[tuple[str, tuple[str, ...]], ...]


def tree(part: Part, declared: Declared) -> Tree:
    if not part:
        raise Misread(part.end, "a formula is missing here")
    return whole(part, declared, part.end)


def chain(part: Part, declared: Declared) -> tuple[tuple[Tree, ...], tuple[str, ...]]:
    """A = B < C: its sides, and the signs between them."""
    signs = places(part, *SIGNS)
    if len(signs) > MOST_RELATIONS:
        raise part[signs[MOST_RELATIONS]].wrong(f"more than {MOST_RELATIONS} relations stand in this line", "write several lines")
    for first, second in pairwise(signs):
        if second == first + 1:
            raise part[second].wrong(f"{part[second].text!r} has no place after {part[first].text!r}")
    if signs and signs[-1] == len(part) - 1:
        raise Misread(part.end, f"what stands after {part[signs[-1]].text!r}? the line ends too early")
    return tuple(tree(side, declared) for side in cut(part, *SIGNS)), tuple(part[at].text for at in signs)


def relations(part: Part, declared: Declared, what: str, given: bool = False) -> tuple[Relation, ...]:
    """0 < a < 1 ; y != a: two and one."""
    found = list[Relation]()
    for piece in _pieces(part):
        piece, each = _for_each(piece, declared)
        _no_set(piece)
        if not places(piece, *SIGNS):
            says = f"{what} is a relation, as in a = y or a > 0"
            raise Misread(piece[0].column if piece else piece.end, says, "one of = != < <= > >= is missing")
        sides, signs = chain(piece, declared)
        pairs = zip(signs, pairwise(sides), strict=True)
        found += [Relation(sign, left, right, each if given else None) for sign, (left, right) in pairs]
        if len(found) > MOST_RELATIONS:
            raise piece[0].wrong(f"more than {MOST_RELATIONS} relations stand in this line", "write several lines")
    return tuple(found)


def _pieces(part: Part) -> list[Part]:
    """The relations; the commas after `for each i, j` are not between any."""
    found = list[Part]()
    for half in cut(part, ";", "and"):
        said = place(half, "for")
        *before, last = cut(half.slice(0, said), ",")
        found += [*before, last if said is None else Part([*last, *half[said:]], half.end)]
    return found


def _for_each(part: Part, declared: Declared) -> tuple[Part, Each | None]:
    """given z[i] > z[k] for k != i: the letters for all of whose values it is given."""
    at = place(part, "for")
    if at is None:
        return part, None
    said = part.slice(at + 1).without(*QUANTIFIERS)
    cursor, found = Cursor(said, declared, said.end), dict[str, tuple[str, ...]]()
    while True:
        letter = index(cursor)
        left_out = found.get(letter, ())
        found[letter] = (*left_out, index(cursor)) if cursor.next("!=") else left_out
        if not cursor.next(","):
            break
    cursor.ends()
    return part.slice(0, at), tuple(found.items())


def _no_set(part: Part) -> None:
    found = place(part, "in")
    if found is not None and part.slice(found + 1).begins("{"):
        text = part[found - 1].text if found else "y"
        says = "only data of an impossibility are taken from a set"
        raise part[found].wrong(says, f"that {text} is 0 or 1 is given by {text}*(1 - {text}) = 0")


# names


def name(cursor: Cursor, what: str = "a name") -> Token:
    """The next token, which is a name."""
    token = cursor.next("name")
    if token is None:
        found = cursor.peek()
        raise cursor.wrong(f"{what} should stand before {found.text!r}" if found else f"{what} is missing here")
    return token._replace(text=joined(token.text))


def index(cursor: Cursor) -> str:
    token = name(cursor, "an index")
    if not cursor.declared.is_index(token.text):
        raise no_index(cursor.declared, token.text, token.column)
    return token.text


def names(part: Part, what: str = "a name") -> list[Token]:
    """a, b, c, perhaps with `and` before the last."""
    cursor, found = Cursor(part, Declared(), part.end), list[Token]()
    while True:
        found.append(name(cursor, what))
        if not (cursor.next(",") or cursor.next_word("and")):
            break
    cursor.ends()
    return found
