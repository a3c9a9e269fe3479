"""What the sides of each line are for numbers that were typed, to hold a derivation against a worksheet; it judges nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from backcheck.proving.judging.questions import Questions
from backcheck.proving.names import Scene
from backcheck.proving.spelling.spelled import spell
from backcheck.proving.statements import Claim, Follows, Misread, Relation, Statement, Step
from backcheck.proving.tree import Tree
from backcheck.proving.verdict import Judged


class Said(NamedTuple):
    """A relation of a line: as it was written, in entries, and where."""

    line: int
    written: Relation
    entries: Relation
    scene: Scene
    both: bool  # its left side stands in the same line, or in a line that is not listed


class Values:
    """Keeps what the lines say until all names are known."""

    def __init__(self, questions: Questions, typed: Mapping[str, str]) -> None:
        self.questions, self.typed = questions, typed
        self.said: list[Said] = []

    def keep(self, line: int, statement: Statement, before: Tree | None, begins: bool) -> None:
        """The relations of one line; `before` is what its chain stood at, on the line where it began."""
        for at, relation in enumerate(_relations(statement, before) if self.typed else ()):
            try:
                entries = self.questions.entries(relation)
            except Misread:
                continue
            both = at == 0 and (begins or not (isinstance(statement, Step) and statement.first))
            self.said.append(Said(line, relation, entries, self.questions.scope.scene, both or isinstance(statement, Claim)))

    def beside(self, lines: tuple[Judged, ...]) -> tuple[Judged, ...]:
        """The lines, each with its sides and their values."""
        if not self.typed:
            return lines
        from backcheck.proving.numbers.at_numbers import read, sides

        numbers = read(self.typed, self.questions.scope.all_names)
        found: dict[int, list[tuple[str, str]]] = {}
        for said in self.said:
            written = (said.written.left, said.written.right)
            pairs = list(zip(map(spell, written), sides(said.entries, said.scene, numbers), strict=True))
            found.setdefault(said.line, []).extend(pairs if said.both else pairs[1:])
        return tuple(line._replace(values=tuple(found.get(line.line, ()))) for line in lines)


def _relations(statement: Statement, before: Tree | None) -> Iterator[Relation]:
    match statement:
        case Claim(relations) | Follows(_, relations):
            yield from relations
        case Step(first, sides, signs):
            if first and before is not None:
                yield Relation(first, before, sides[0])
            for left, sign, right in zip(sides, signs, sides[1:], strict=False):
                yield Relation(sign, left, right)
