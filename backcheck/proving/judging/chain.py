"""A chain of lines, A = B < C, each judged from the one before and, where that fails, from the last that is known to be right."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from backcheck.proving.judging.questions import Questions
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree, bare, changed
from backcheck.proving.verdict import FALSE, NOT_PROVEN, PROVEN, Decision

CARRIED = "follows from the line before, which is wrong"
UNREAD = Decision(NOT_PROVEN, "the line before it is not understood")


def joined(signs: tuple[str, ...]) -> str:
    """What A and C have to do with each other in A < B = C; nothing (an empty text) in A < B > C.

    >>> joined(("=", "<=", "<")), joined(("=", "=")), joined(("<", ">"))
    ('<', '=', '')
    """
    others = {sign for sign in signs if sign != "="}
    for strict, weak in (("<", "<="), (">", ">=")):
        if others and others <= {strict, weak}:
            return strict if strict in others else weak
    return "=" if not others else "!=" if [sign for sign in signs if sign != "="] == ["!="] else ""


class Known(NamedTuple):
    """A side that is right as far as anybody knows, and how one comes from it to where the chain stands."""

    side: Tree
    line: int
    signs: tuple[str, ...] = ()


class Slip(NamedTuple):
    """An equation that is wrong, for those who go on with it elsewhere."""

    left: Tree
    right: Tree
    line: int


class Chain:
    """Where a chain stands."""

    def __init__(self, start: Tree, line: int, slips: list[Slip], assumed: tuple[Relation, ...] = ()) -> None:
        self.start, self.before, self.first_line, self.line = start, start, line, line
        self.known = Known(start, line)
        self.wrong = False  # the line before is wrong
        self.open = 0  # the line before is not proven, or (its number) not understood
        self.unread = False
        self.links = 0
        self.slips = slips  # of all chains so far
        self.sides = [start]
        self.last: Relation | None = None  # for a => on the next line
        self.assumed = assumed  # after a =>: what was supposed before it
        self.only_equal = True
        self.supposed: tuple[Relation, ...] = ()  # all that was supposed since the first =>, and what that needed
        self.needs: tuple[str, ...] = ()

    def link(self, sign: str, side: Tree, line: int, questions: Questions) -> Decision:
        """The next side: from the line before, else from the last that is known to be right."""
        self.known = self.known._replace(signs=(*self.known.signs, sign))
        self.links += 1
        relation = Relation(sign, self.before, side)
        found = UNREAD if self.unread else questions.ask(relation, self.assumed)
        known = False
        if found.verdict == PROVEN:
            found, known = _also(CARRIED, found) if self.wrong else found, not (self.wrong or self.open)
        elif (self.wrong or self.open or self.unread) and (right := self._from_known(side, questions)) is not None:
            found, known, self.wrong, self.open = right, True, False, 0
        elif found.verdict == FALSE and (slip := self._slip_behind(relation, questions)) is not None:
            found, self.wrong = (
                Decision(NOT_PROVEN, f"it would follow from line {slip.line}, which is wrong; by itself it is not true"),
                True,
            )
        elif found.verdict == FALSE:
            self.wrong = True
            self.slips += [Slip(bare(self.start), side, line)] if self.only_equal and sign == "=" else []
        else:
            self.open = self.open or line
        self._now_at(relation, line, known)
        return found

    def _slip_behind(self, relation: Relation, questions: Questions) -> Slip | None:
        """A slip of another chain that this line goes on with: its left side stands in this one, and its right side was put in."""
        for slip in self.slips:
            if slip.left == bare(relation.left):
                continue
            before = changed(bare(relation.left), partial(_exchanged, slip))
            if before != bare(relation.left) and questions.holds(relation._replace(left=before), self.assumed):
                return slip
        return None

    def _from_known(self, side: Tree, questions: Questions) -> Decision | None:
        """From the last line that is right; only the lines between are then wrong."""
        sign = joined(self.known.signs)
        found = questions.ask(Relation(sign, self.known.side, side), self.assumed) if sign else None
        if found is None or found.verdict != PROVEN:
            return None
        why = "the line before is not understood" if self.unread else ""
        wrong = ": only the line before is wrong" if len(self.known.signs) == 2 else ": only what stands between is wrong"
        says = f"follows from line {self.known.line}" + (wrong if self.wrong else f"; {why}" if why else "")
        return _also(says, found)

    def lose(self, line: int) -> None:
        """A line of the chain that is not understood."""
        self.unread, self.open = True, line

    def suppose(self, relation: Relation, line: int) -> None:
        """An equation that nobody says is true: something follows from it."""
        self.before, self.last, self.line, self.unread = relation.right, relation, line, False

    def _now_at(self, relation: Relation, line: int, known: bool) -> None:
        self.only_equal = self.only_equal and relation.sign == "="
        self.sides.append(relation.right)
        self.before, self.last, self.line, self.unread = relation.right, relation, line, False
        if known:
            self.known = Known(relation.right, line)

    def origin(self) -> tuple[str, Tree] | None:
        """What the side that was judged last should have to do with the last that is known to be right."""
        sign = joined(self.known.signs)
        return (sign, self.known.side) if sign else None


def _exchanged(slip: Slip, node: Tree) -> Tree:
    return slip.right if node == slip.left else node


def _also(says: str, found: Decision) -> Decision:
    return found._replace(says="; ".join(filter(None, (says, found.says))))
