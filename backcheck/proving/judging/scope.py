"""What counts at a line: names, what is given, the case, the place; it knows no chains and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from backcheck.proving.entries import condition, elaborate
from backcheck.proving.judging.declaring import both, declare, define, kind, met
from backcheck.proving.judging.given import as_written, of_certain
from backcheck.proving.names import Names, Scene
from backcheck.proving.statements import At, Case, Claim, Declare, Given, Let, Line, Misread, Relation
from backcheck.proving.tree import Tree, free, walk


class Held(NamedTuple):
    """Something given: in entries, as it was written, and where."""

    relation: Relation
    echo: str  # 0 < y < 1, for both of its relations
    line: int


class Layer(NamedTuple):
    """What counts up to the end of the file, or up to the next claim."""

    names: Names = Names()
    given: tuple[Held, ...] = ()
    unread: int = 0  # a line of this scope that was not understood
    lost: Mapping[str, int] = {}  # names that such a line was to declare or define → its line; "" where nobody knows which


class Scope:
    """Moves through the lines. What is indented under a claim counts until the next."""

    def __init__(self) -> None:
        self.outer = self.inner = Layer()
        self.all_given: list[Held] = []
        self.all_names = Names()
        self.claim: tuple[Line, Claim] | None = None
        self.place_unread = 0  # the line of a case or a place that was not understood
        self.case: tuple[Line, tuple[Relation, ...]] | None = None
        self.at: tuple[Line, tuple[tuple[Tree, Tree], ...]] | None = None

    @property
    def names(self) -> Names:
        return self.inner.names

    @property
    def scene(self) -> Scene:
        given = tuple(held.relation for held in self.inner.given)
        return Scene(self.names, given, self.case[1] if self.case else (), self.at[1] if self.at else ())

    def take(self, line: Line, statement: Declare | Let | Given) -> None:
        """A declaration, a definition, or something given."""
        before = len(self.inner.given)
        self.inner = _with(self.inner, line, statement)
        self.all_given += self.inner.given[before:]
        self.all_names = both(self.all_names, self.inner.names)
        if not (line.indent and self.claim):
            self.outer = _with(self.outer, line, statement)

    def suppose(self, line: Line, statement: Given) -> None:
        """Something given that stands further down."""
        self.inner = _with(self.inner, line, statement)

    def meet(self, trees: Iterable[Tree]) -> None:
        """Names that are used as numbers are numbers from now on."""
        trees = tuple(trees)
        self.inner = self.inner._replace(names=met(self.inner.names, trees))
        self.outer = self.outer._replace(names=met(self.outer.names, trees))
        self.all_names = both(self.all_names, self.inner.names)

    def begin(self, line: Line, claim: Claim) -> None:
        self.end()
        self.claim = line, claim

    def end(self) -> None:
        """What belongs to a claim counts no more."""
        self.leave()
        self.inner, self.claim = self.outer, None

    def leave(self) -> None:
        """What is said from here on is said in no case and at no place."""
        self.case, self.at, self.place_unread = None, None, 0

    @property
    def unread(self) -> int:
        """A line on which what is said here may depend, and which was not understood."""
        return self.place_unread or self.inner.unread

    def enter(self, line: Line, case: Case) -> None:
        self.leave()
        self.case = line, tuple(condition(relation, self.names) for relation in case.relations)

    def go_to(self, line: Line, at: At) -> None:
        self.at, self.place_unread = None, 0
        self.at = line, tuple(self._place(relation) for relation in at.relations)

    def _place(self, relation: Relation) -> tuple[Tree, Tree]:
        found = elaborate(relation, self.names)
        if found.sign != "=" or found.left.op not in ("name", "entry"):
            raise Misread(relation.left.column or 1, "a place is a name and its value", "at a = y: …")
        return found.left, found.right

    def lose(self, line: Line) -> None:
        """A line that is not understood, on which those after it may depend."""
        self.inner = self.inner._replace(unread=self.inner.unread or line.number)
        if not (line.indent and self.claim):
            self.outer = self.outer._replace(unread=self.outer.unread or line.number)

    def lose_names(self, line: Line, names: Iterable[str]) -> None:
        """Names that a line was to say something of, and was not understood."""
        lost = dict.fromkeys(names, line.number)
        self.inner = self.inner._replace(lost={**self.inner.lost, **lost})
        if not (line.indent and self.claim):
            self.outer = self.outer._replace(lost={**self.outer.lost, **lost})

    def lost(self, trees: Iterable[Tree]) -> int:
        """The line that was not understood, and was to say what a name in these stands for; through all definitions."""
        lost, defined = self.inner.lost, self.names.defined
        pending, looked_at = [*trees] if lost else [], set[str]()
        while pending:
            for node in walk(pending.pop()):
                called = node.text.rstrip("'") if node.op in ("name", "call", "total", "largest") else ""
                if called in lost:
                    return lost[called]
                if called in defined and called not in looked_at:
                    looked_at.add(called)
                    pending.append(defined[called].body)
        return lost.get("", 0)

    def is_unsaid(self, called: str) -> bool:
        """Whether nothing was said of a name so far: neither declared (be that understood or not), nor given, nor met in a line."""
        scene, found = self.scene, kind(called, self.names)
        relations = (*scene.given, *scene.case, *(Relation("=", *place) for place in scene.at))
        return (
            found == ("", "")
            and called not in self.inner.lost
            and not any(called in {**free(one.left), **free(one.right)} for one in relations)
        )

    def certain(self) -> tuple[str, ...]:
        """Indices that what is given speaks of as certain ones: c in given t[k] = delta(k, c)."""
        found: dict[str, None] = {}
        for held in self.inner.given:
            relation = held.relation
            each = [one for one, _ in relation.each] if relation.each is not None else [*free(relation.left)]
            found |= dict.fromkeys(one for one in (*free(relation.left), *free(relation.right)) if one not in each)
        return tuple(one for one in found if self.names.is_letter(one))


def _with(layer: Layer, line: Line, statement: Declare | Let | Given) -> Layer:
    if isinstance(statement, Declare):
        lost = _without(layer.lost, [called for called, _ in statement.names])
        return layer._replace(names=declare(statement, layer.names), lost=lost)
    if isinstance(statement, Let):
        return layer._replace(names=define(statement, layer.names), lost=_without(layer.lost, [statement.name]))
    said = as_written(statement.relations)
    relations = [condition(one, layer.names) for one in of_certain(statement.relations, layer.names)]
    found = tuple(Held(one, echo, line.number) for one, echo in zip(relations, said, strict=True))
    return layer._replace(given=layer.given + found)


def _without(lost: Mapping[str, int], known: list[str]) -> Mapping[str, int]:
    return {called: line for called, line in lost.items() if called not in known}
