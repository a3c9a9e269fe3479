"""What one line of a derivation says, as records; they know neither how it was typed nor whether it is true."""

from __future__ import annotations

from typing import NamedTuple

from backcheck.proving.tree import Tree

SIGNS = ("=", "!=", "<", "<=", ">", ">=")


class Relation(NamedTuple):
    """left = right, left < right, …; where it is given, for each value of some of its letters."""

    sign: str
    left: Tree
    right: Tree
    each: tuple[tuple[str, tuple[str, ...]], ...] | None = None  # given z[i] > z[k] for k != i: (("k", ("i",)),)


def letters_of_given(relation: Relation, left: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The letters for all of whose values it is given: those after `for`, else the free ones of its left side.

    In given t[k] = delta(k, c) that is k, while c is one certain index: the same c as in the lines that follow.
    """
    return tuple((letter, ()) for letter in left) if relation.each is None else relation.each


class Property(NamedTuple):
    """convex(C, a): a word of `therefore`, with what it is said of."""

    word: str
    of: tuple[Tree, ...]
    column: int = 0


class Premise(NamedTuple):
    """What stands after `because`, perhaps only at a point: d2(C, a) > 0 at a = y."""

    says: Relation | Property
    at: tuple[Relation, ...] = ()


class Declare(NamedTuple):
    """index i, j, k : K · vector z[k], t[k] · matrix W[j,k] · number y, a: (name, its indices)."""

    kind: str  # index, vector, matrix, number, function
    names: tuple[tuple[str, tuple[str, ...]], ...]  # for an index: (letter, (size,))
    how: str = ""  # of a function: any, monotone


class Let(NamedTuple):
    """let S = … · let s[i] = … · let f(x) = …"""

    name: str
    indices: tuple[str, ...]
    arguments: tuple[str, ...]
    body: Tree


class Given(NamedTuple):
    """given sum(k, t[k]) = 1 ; 0 < y < 1"""

    relations: tuple[Relation, ...]


class Claim(NamedTuple):
    """What is to be shown."""

    relations: tuple[Relation, ...]


class Case(NamedTuple):
    """case i = j"""

    relations: tuple[Relation, ...]


class At(NamedTuple):
    """at a = y: what follows is said there, after all differentiation."""

    relations: tuple[Relation, ...]


class Step(NamedTuple):
    """A line of a chain. Without `first` it begins one: A, or A = B < C. With it, it goes on from the line before: = B."""

    first: str  # a sign, or "" where a chain begins
    sides: tuple[Tree, ...]
    signs: tuple[str, ...]  # between the sides


class Follows(NamedTuple):
    """=> y = a, or <=> y = a: from the equation of the line before."""

    arrow: str  # => or <=>
    relations: tuple[Relation, ...]


class Limit(NamedTuple):
    """lim y -> 0+ : E = oo"""

    variable: str
    to: Tree
    side: str  # +, - or ""
    of: Tree
    relation: Relation  # its left is `of`


class Therefore(NamedTuple):
    """therefore convex(C, a) because d2(C, a) > 0 at a = y"""

    conclusion: Relation | Property
    premises: tuple[Premise, ...]


class Impossible(NamedTuple):
    """there are no w1, w2, b with relu(…) = xor(x1, x2) for x1, x2 in {0,1}"""

    unknowns: tuple[str, ...]
    relations: tuple[Relation, ...]
    data: tuple[tuple[str, tuple[Tree, ...]], ...]  # x1 and the values it takes


Statement = Declare | Let | Given | Claim | Case | At | Step | Follows | Limit | Therefore | Impossible


class Misread(Exception):
    """A line that is not understood: at which column, why, and the way out."""

    def __init__(self, column: int, says: str, way_out: str = "", width: int = 1) -> None:
        super().__init__(says)
        self.column, self.says, self.way_out, self.width = column, says, way_out, width


class Line(NamedTuple):
    """A line of the file that says something. One physical line may say two things: at a = y: E = 0."""

    number: int  # in the file, from 1
    text: str  # as it was written, without its reason
    statement: Statement | Misread
    reason: str = ""  # the comment after #
    indent: int = 0
    latex: bool = False
