"""The lines of chains, and what follows from an equation: each judged from the line before it; it knows no other kind of line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backcheck.proving.judging.chain import Chain, Slip
from backcheck.proving.judging.claims import Claims
from backcheck.proving.judging.echo import echo
from backcheck.proving.judging.mending import Finding, mended, of_conclusion
from backcheck.proving.judging.questions import Questions
from backcheck.proving.reading.source import Source
from backcheck.proving.statements import Claim, Follows, Line, Misread, Relation, Step
from backcheck.proving.tree import Tree, free
from backcheck.proving.verdict import FALSE, NOT_PROVEN, PROVEN, WRONG, Decision

ARROW = re.compile(r"\s*&?\s*(?:=>|<=>|<->|⇒|⟹|⇔|⟺|\\implies|\\iff|\\(?:Left|Long|Longleft)?[Rr]ightarrow)")


def together(findings: Sequence[Finding]) -> Finding:
    """Of several on one line the first that is wrong decides, else the first that is not proven; else all are proven."""
    for verdicts in (WRONG, (NOT_PROVEN,)):
        for found in findings:
            if found[0].verdict in verdicts:
                return found
    decisions = [decision for decision, _ in findings]
    says = "; ".join(dict.fromkeys(decision.says for decision in decisions if decision.says))
    needs = tuple(dict.fromkeys(need for decision in decisions for need in decision.needs))
    return Decision(PROVEN, says, needs), ()


class Steps:
    """The chain that is under way."""

    def __init__(self, source: Source, questions: Questions, claims: Claims) -> None:
        self.lines, self.rows = source.lines, source.text.splitlines()
        self.questions, self.claims, self.scope = questions, claims, questions.scope
        self.chain: Chain | None = None
        self.slips: list[Slip] = []
        self.lost = 0  # the line with which a chain began that is not understood

    def lose(self, line: Line, goes_on: bool) -> None:
        """A line that is not understood, of the chain that is under way or of a new one."""
        if self.chain is not None and (goes_on or self.chain.first_line == line.number):
            self.chain.lose(line.number)
        elif not goes_on:
            self.chain, self.lost = None, line.number

    def step(self, at: int, line: Line, step: Step) -> Finding | None:
        """A line of a chain; nothing where it says nothing by itself."""
        findings: list[Finding] = []
        if not step.first:
            self._is_no_definition(at, step)
            self._begin(line, step.sides[0])
        if self.chain is None and self.lost:
            says = f"line {self.lost}, where the chain begins, is not understood"
            self._begin(line, step.sides[0])
            step, findings = step._replace(first=""), [(Decision(NOT_PROVEN, says), ())]
        if self.chain is None:
            way_out = "begin the chain with the side it goes on from, on a line of its own"
            raise Misread(1, "there is no line before it to go on from", way_out)
        signs, sides = (step.first, *step.signs)[not step.first :], step.sides[not step.first :]
        for place, (sign, side) in enumerate(zip(signs, sides, strict=True)):
            is_last = place == len(sides) - 1
            if is_last and self._is_premise(at, step, sign):
                findings += self._premise(self.chain, Relation(sign, self.chain.before, side), line)
            else:
                findings.append(self._link(self.chain, sign, side, line, step, self._next(at) if is_last else sides[place + 1]))
        return together(findings) if findings else None

    def _is_no_definition(self, at: int, step: Step) -> None:
        """L = (a - y)^2/2 where nothing was said of L is hardly a statement about any number L."""
        left, right = step.sides[0], step.sides[-1]
        defines = (
            left.op == "name" and step.signs[:1] == ("=",) and right.op not in ("name", "number") and left.text not in free(right)
        )
        if defines and self.scope.is_unsaid(left.text) and not self._is_solved(at):
            way_out = f"let {left.text} = … says what it stands for; if it is any number, before: number {left.text}"
            raise Misread(left.column, f"{left.text} stands for nothing yet", way_out, len(left.text))

    def _begin(self, line: Line, side: Tree) -> None:
        """A new chain."""
        self.chain, self.lost = None, 0
        self.leave_place(line)
        self.questions.entries(Relation("=", side, side))
        self.chain = Chain(side, line.number, self.slips)
        if self.scope.at is None:
            self.claims.follow(self.chain)

    def leave_place(self, line: Line) -> None:
        """What stands apart from `at a = y:`, and no further in, is not said there any more."""
        place = self.scope.at[0] if self.scope.at else None
        if place is not None and line.number != place.number and line.indent <= place.indent:
            on_one_line = sum(other.number == place.number for other in self.lines) > 1
            if on_one_line or self._stands_apart(line):
                self.scope.at = None

    def leave_case(self, line: Line) -> None:
        """A conclusion that stands apart from a case, and no further in, is not drawn in it."""
        if self.scope.case is not None and line.indent <= self.scope.case[0].indent and self._stands_apart(line):
            self.scope.case = None

    def _stands_apart(self, line: Line) -> bool:
        above = self.rows[line.number - 2] if 2 <= line.number <= len(self.rows) + 1 else ""
        return not above.strip()

    def _link(self, chain: Chain, sign: str, side: Tree, line: Line, step: Step, after: Tree | None) -> Finding:
        sure = not (chain.wrong or chain.open)
        decision = chain.link(sign, side, line.number, self.questions)
        if decision.verdict != FALSE:
            return decision, ()
        if sure:
            decision = self.claims.looked_at(decision, side, chain)
        origin = chain.origin()
        if origin is None:
            return decision, ()
        return mended(decision, Relation(*origin, side), after, echo(step), self.questions)

    def _next(self, at: int) -> Tree | None:
        """The side that the next line goes on with."""
        after = self.lines[at + 1].statement if at + 1 < len(self.lines) else None
        return after.sides[0] if isinstance(after, Step) and after.first == "=" else None

    # what follows from an equation

    def _is_premise(self, at: int, step: Step, sign: str) -> bool:
        """A line before => may be an equation that is to be solved, and says then nothing by itself."""
        return self._is_solved(at) and (not step.first or (sign == "=" and step.sides[-1].op == "number"))

    def _is_solved(self, at: int) -> bool:
        """Whether the next line says what follows, be that understood or not."""
        after = self.lines[at + 1] if at + 1 < len(self.lines) else None
        return after is not None and (isinstance(after.statement, Follows) or bool(ARROW.match(after.text)))

    def _premise(self, chain: Chain, relation: Relation, line: Line) -> list[Finding]:
        decision = self.questions.ask(relation, chain.assumed)
        chain.suppose(relation, line.number)
        return [(decision, ())] if decision.verdict == PROVEN else []

    def follows(self, line: Line, statement: Follows) -> Finding:
        """=> y = a"""
        if self.chain is None or self.chain.last is None:
            raise Misread(1, "there is no equation before it that it could follow from", "write the equation on the line before")
        from backcheck.proving.judging.arrows import implied

        before, premise = self.chain, self.chain.last

        def ask(one: Relation) -> Decision:
            return implied(statement.arrow, premise, one, before.supposed, self.questions)

        decision, suggestions = together(
            [of_conclusion(ask(one), premise, one, statement.arrow, self.questions, ask) for one in statement.relations]
        )
        if before.unread and decision.verdict in WRONG:
            decision, suggestions = Decision(NOT_PROVEN, "the line before it is not understood"), ()
        last = statement.relations[-1]
        self.chain = Chain(last.right, line.number, self.slips, (self.questions.entries(last),))
        self.chain.suppose(last, line.number)
        self.chain.supposed = (*before.supposed, self.questions.entries(premise))
        if decision.verdict == PROVEN:
            decision = decision._replace(needs=tuple(dict.fromkeys((*before.needs, *decision.needs))))
            self.chain.needs = decision.needs
        return decision, suggestions


def of_claim(claim: Claim, questions: Questions) -> Finding:
    """A claim by itself."""
    findings: list[Finding] = []
    for relation in claim.relations:
        decision = questions.ask(relation)
        if decision.verdict == FALSE:
            findings.append(mended(decision, relation, None, echo(claim), questions))
        else:
            findings.append((decision, ()))
    return together(findings)
