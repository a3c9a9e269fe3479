"""A derivation, line by line: what each says is judged in its scope, its chain and its case; it knows no rule of algebra."""

from __future__ import annotations

import os
from collections.abc import Mapping
from time import process_time

from backcheck.proving.allowance import seconds
from backcheck.proving.judging import inferred
from backcheck.proving.judging.claims import Claims
from backcheck.proving.judging.echo import echo
from backcheck.proving.judging.lost import DECLARING, names_of, word_of
from backcheck.proving.judging.mending import Finding, of_limit, of_therefore
from backcheck.proving.judging.questions import Decide, Questions, trees
from backcheck.proving.judging.remarks import remarks
from backcheck.proving.judging.scope import Scope
from backcheck.proving.judging.steps import Steps, of_claim
from backcheck.proving.judging.values import Values
from backcheck.proving.reading.source import Source
from backcheck.proving.statements import (
    At,
    Case,
    Claim,
    Declare,
    Follows,
    Given,
    Impossible,
    Let,
    Limit,
    Line,
    Misread,
    Statement,
    Step,
    Therefore,
)
from backcheck.proving.tree import bare, walk
from backcheck.proving.verdict import (
    DOES_NOT_FOLLOW,
    FALSE,
    NOT_PROVEN,
    NOT_UNDERSTOOD,
    PROVEN,
    Derivation,
    Judged,
)

MOST_STEPS = 120  # that may take all of the time that a step has; a file of hundreds of them would hold up all others
OVER = "undecided: the lines before it took all the time that a file has"
WORST = (FALSE, DOES_NOT_FOLLOW, NOT_UNDERSTOOD, NOT_PROVEN, PROVEN)  # of several on one line the first decides
SIGNS = ("=", "!=", "<", ">", "⇒", "≤", "≥", "≠", "\\", "&")  # how lines begin that go on from the one before


def judge(source: Source, numbers: Mapping[str, str] | None = None, decide: Decide | None = None) -> Derivation:
    """All verdicts on a derivation."""
    if decide is None:
        from backcheck.proving.decide import decide as decided

        decide = decided
    return _Walk(source, decide, numbers or {}).derivation()


def _says_something(statement: Statement) -> bool:
    """Whether a line is judged by itself: not a declaration, and not the beginning of a chain."""
    if isinstance(statement, Step):
        return bool(statement.first) or len(statement.sides) > 1
    return isinstance(statement, Claim | Follows | Limit | Therefore | Impossible)


class _Walk:
    """Goes through the lines once."""

    def __init__(self, source: Source, decide: Decide, numbers: Mapping[str, str]) -> None:
        self.source, self.scope = source, Scope()
        self.questions = Questions(self.scope, decide)
        self.claims = Claims(self.questions)
        self.steps = Steps(source, self.questions, self.claims)
        self.values = Values(self.questions, numbers)
        self.until = process_time() + MOST_STEPS * seconds.get()

    def derivation(self) -> Derivation:
        judged: dict[int, Judged] = {}
        for at, line in enumerate(self.source.lines):
            found = self._line(at, line)
            if found is not None:
                before = judged.get(line.number, found)
                judged[line.number] = min(before, found, key=lambda one: WORST.index(one.verdict))
        lines = self.values.beside(tuple(judged.values()))
        said = (*self.claims.remarks(lines), *remarks(self.source))
        return Derivation(self.source.title, lines, said, tuple(self.questions.faults))

    def _line(self, at: int, line: Line) -> Judged | None:
        chain = self.steps.chain
        before, begins = (chain.before, chain.links == 0) if chain is not None else (None, False)
        try:
            if isinstance(line.statement, Misread):
                raise line.statement
            if process_time() > self.until and _says_something(line.statement):
                return Judged(line.number, line.text, echo(line.statement), NOT_PROVEN, OVER, reason=line.reason)
            found = self._statement(at, line, line.statement)
        except Misread as error:
            return self._lost(line, error)
        except Exception as error:
            if os.environ.get("BACKCHECK_TRACEBACK"):
                raise
            return self._failed(line, error)
        if found is None:
            return None
        self.values.keep(line.number, line.statement, before, begins)
        decision, suggestions = found
        judged = Judged(line.number, line.text, echo(line.statement), decision.verdict, decision.says, reason=line.reason)
        judged = judged._replace(needs=decision.needs, counterexample=decision.counterexample, suggestions=suggestions)
        return judged._replace(slip=decision.slip, rule=decision.rule)

    def _statement(self, at: int, line: Line, statement: Statement) -> Finding | None:
        self._derives_something(statement)
        if isinstance(statement, Limit | Therefore | Impossible):
            self.steps.leave_place(line)
            self.steps.leave_case(line)
        match statement:
            case Declare() | Let() | Given():
                self.scope.take(line, statement)
            case Claim():
                return self._claim(at, line, statement)
            case Case():
                self.claims.enter(statement)
                self.steps.chain = None
                self.scope.enter(line, statement)
            case At():
                self.scope.go_to(line, statement)
            case Step():
                return self.steps.step(at, line, statement)
            case Follows():
                return self.steps.follows(line, statement)
            case Limit():
                return of_limit(inferred.limit(statement, self.questions), statement)
            case Therefore():
                decision = inferred.therefore(statement, self.questions)
                return of_therefore(decision, statement, lambda one: inferred.therefore(one, self.questions))
            case Impossible():
                return inferred.impossible(statement, self.questions), ()
        return None

    def _derives_something(self, statement: Statement) -> None:
        """dy/dx of a y of which nothing was said is hardly meant to be 0."""
        slopes = (node for tree in trees(statement) for node in walk(tree) if node.op == "slope")
        for body, *by in (node.parts for node in slopes):
            if body.op == "name" and self.scope.is_unsaid(body.text) and bare(body) not in map(bare, by):
                way_out = f"let {body.text} = … says what it stands for; if it is a number of its own, before: number {body.text}"
                raise Misread(body.column, f"{body.text} stands for nothing yet: what is its derivative?", way_out, len(body.text))

    def _claim(self, at: int, line: Line, claim: Claim) -> Finding:
        """A claim counts under what is given directly below it, further in."""
        self.claims.close()
        self.steps.chain = None
        self.scope.begin(line, claim)
        own = self.scope.inner
        try:
            self._suppose(at, line)
            found = of_claim(claim, self.questions)
        finally:
            self.scope.inner = own._replace(names=self.scope.names)
        self.claims.begin(line, claim, found[0])
        return found

    def _suppose(self, at: int, line: Line) -> None:
        for below in self.source.lines[at + 1 :]:
            if not (isinstance(below.statement, Given) and below.indent > line.indent):
                return
            self.scope.suppose(below, below.statement)

    def _failed(self, line: Line, error: Exception) -> Judged:
        """A fault of backcheck costs one line, and is told."""
        self.questions.faults.append(f"line {line.number}: {type(error).__name__}: {error}")
        self.scope.lose(line)
        self.steps.lose(line, goes_on=line.text.startswith(SIGNS))
        return Judged(line.number, line.text, "", NOT_PROVEN, "backcheck itself failed here", reason=line.reason)

    def _lost(self, line: Line, error: Misread) -> Judged:
        """A line that is not understood."""
        word = word_of(line.text)
        if word == "claim":
            self.claims.close()
            self.scope.end()
        if word in ("claim", "case"):
            self.steps.chain = None
        if word in ("case", "at"):
            self.scope.place_unread = line.number
        elif word in DECLARING or word == "given":
            self.scope.lose(line)
            self.scope.lose_names(line, names_of(line, word))
        elif word != "claim":
            self.steps.lose(line, goes_on=line.text.startswith(SIGNS))
            self.scope.lose_names(line, filter(self.scope.is_unsaid, names_of(line, word)))
        said = "" if isinstance(line.statement, Misread) else echo(line.statement)
        found = Judged(line.number, line.text, said, NOT_UNDERSTOOD, error.says, reason=line.reason)
        return found._replace(column=error.column, way_out=error.way_out)
