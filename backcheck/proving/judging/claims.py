"""What belongs to a claim: its cases, the chains under it, what is given; and what there is to say about them in the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backcheck.proving.entries import turned
from backcheck.proving.judging.chain import Chain
from backcheck.proving.judging.questions import Questions
from backcheck.proving.spelling.spelled import spell, spell_relation
from backcheck.proving.statements import Case, Claim, Line, Relation
from backcheck.proving.tree import Tree, bare, walk
from backcheck.proving.verdict import PROVEN, Decision, Judged

SIGNS = {"=": "0", "!=": "+-", "<": "-", "<=": "-0", ">": "+", ">=": "+0"}  # where left - right may lie
BACK = {"0": "=", "+": ">", "-": "<"}


class Claims:
    """Keeps account of claims from their first line to their last."""

    def __init__(self, questions: Questions) -> None:
        self.questions = questions
        self.said: list[str] = []
        self.claim: tuple[Line, Claim] | None = None
        self.true = False
        self.cases: list[tuple[Relation, ...]] = []
        self.within = ""
        self.chains: list[Chain] = []

    def begin(self, line: Line, claim: Claim, decision: Decision) -> None:
        self.claim, self.true = (line, claim), decision.verdict == PROVEN

    def enter(self, case: Case) -> None:
        """A case; chains of the one before have come to their end."""
        self._look_back()
        self.cases.append(case.relations)
        self.within = " in the case " + " ; ".join(map(spell_relation, case.relations))

    def follow(self, chain: Chain) -> None:
        self.chains.append(chain)

    def close(self) -> None:
        """The next claim begins, or the file ends."""
        self._look_back()
        self.questions.scope.leave()
        if self.claim is not None:
            for missing in missing_cases(self.cases, self.claim[1], self.questions):
                self.said.append(f"line {self.claim[0].number}: the case {missing} is missing")
        self.claim, self.cases, self.within = None, [], ""

    def _look_back(self) -> None:
        """Whether a chain has come to a side of the claim."""
        chains = [chain for chain in self.chains if chain.links and not (chain.wrong or chain.open or chain.assumed)]
        self.chains = []
        if self.claim is None or not chains or any(map(self._reaches, chains)):
            return
        where = f"{chains[-1].first_line}-{chains[-1].line}"
        self.said.append(f"lines {where} reach neither side of the claim in line {self.claim[0].number}{self.within}")

    def _reaches(self, chain: Chain) -> bool:
        """Whether it begins with a side of the claim or a part of one, comes past one, or ends with what is equal to one."""
        sides = [bare(side) for side in self._sides()]
        if bare(chain.start) in (part for side in sides for part in walk(side)) or any(bare(side) in sides for side in chain.sides):
            return True
        if any(self.questions.shape(side) != self.questions.shape(chain.before) for side in sides):
            return True  # it speaks of one entry of the arrays in the claim
        return any(self.questions.holds(Relation("=", chain.before, side)) for side in sides)

    def _sides(self) -> Iterator[Tree]:
        for relation in self.claim[1].relations if self.claim is not None else ():
            yield from (relation.left, relation.right)

    def looked_at(self, decision: Decision, side: Tree, chain: Chain) -> Decision:
        """A side that does not follow from where the chain began may be right all the same, if that was copied wrongly."""
        if not (self.true and chain.only_equal and chain.links == 1):
            return decision
        if any(self.questions.holds(Relation("=", side, other)) for other in self._sides()):
            return decision._replace(says=f"it is a side of the claim: look at line {chain.first_line}, where the chain begins")
        return decision

    def remarks(self, lines: Sequence[Judged]) -> tuple[str, ...]:
        """All that is to be said about the whole."""
        self.close()
        return (*self.said, *self._unused(lines))

    def _unused(self, lines: Sequence[Judged]) -> Iterator[str]:
        """What is given in vain; only where all that could need it is proven."""
        used = {(held.line, held.echo) for held in self.questions.used}
        given = [held for held in self.questions.scope.all_given if not _says_where(held.relation)]
        for line, echo in dict.fromkeys((held.line, held.echo) for held in given):
            after = {judged.verdict for judged in lines if judged.line > line}
            if (line, echo) not in used and after == {PROVEN}:
                yield f"{echo} is given but nothing needs it"


def _says_where(relation: Relation) -> bool:
    """z != 0 says where something has a value; y[k] = 0 for k != c may be a part of what y[c] = 1 says."""
    return relation.sign == "!=" or any(left_out for _, left_out in relation.each or ())


def missing_cases(cases: Sequence[tuple[Relation, ...]], claim: Claim, questions: Questions) -> Iterator[str]:
    """What no case speaks of, where all compare the same two things: i ≠ j beside i = j, z < 0 and z = 0 beside z > 0."""
    relations = [_with(case[0], cases[0][0]) for case in cases if len(case) == 1]
    if not relations or len(relations) < len(cases) or any(one is None for one in relations):
        return
    first = cases[0][0]
    left = {*"+-0"}.difference(*(SIGNS[one.sign] for one in relations if one is not None))
    missing = (["≠"] if {*"+-"} <= left else [BACK[sign] for sign in "-+" if sign in left]) + (["="] if "0" in left else [])
    for sign in missing:
        if _is_letter(first.left, questions) or not questions.excluded(first._replace(sign=sign.replace("≠", "!=")), claim):
            yield f"{spell(first.left)} {sign} {spell(first.right)}"


def _with(relation: Relation, other: Relation) -> Relation | None:
    """A relation between the same two things, said the same way round; None if it is between others."""
    sides, wanted = (bare(relation.left), bare(relation.right)), (bare(other.left), bare(other.right))
    return relation if sides == wanted else turned(relation) if sides[::-1] == wanted else None


def _is_letter(tree: Tree, questions: Questions) -> bool:
    return tree.op == "name" and questions.scope.names.is_letter(tree.text)
