"""Questions about a line in the scope it stands in: elaborated, decided, and what the answer took; it knows no chains."""

from __future__ import annotations

from collections.abc import Callable

from backcheck.proving.entries import condition, elaborate
from backcheck.proving.entries.arrays import Room
from backcheck.proving.entries.shapes import Shape
from backcheck.proving.judging.scope import Held, Scope
from backcheck.proving.names import Scene
from backcheck.proving.statements import Claim, Misread, Relation
from backcheck.proving.tree import Tree
from backcheck.proving.verdict import NOT_PROVEN, PROVEN, Decision

Decide = Callable[[Relation, Scene], Decision]


class Questions:
    """Asks, and keeps which of the givens were needed and what backcheck itself got wrong."""

    def __init__(self, scope: Scope, decide: Decide) -> None:
        self.scope, self.decide = scope, decide
        self.used: set[Held] = set()
        self.faults: list[str] = []

    def entries(self, relation: Relation) -> Relation:
        """The relation in entries; undeclared names in it are numbers."""
        found = elaborate(relation, self.scope.names, self.scope.certain())
        self.scope.meet((found.left, found.right))
        return found

    def shape(self, tree: Tree) -> Shape:
        return Room(self.scope.names, tree).array(tree).shape

    def ask(self, relation: Relation, assumed: tuple[Relation, ...] = ()) -> Decision:
        """Whether a relation, as it was typed, holds here."""
        found = self.entries(relation)
        try:
            return self.noted(self.decide(found, self.under(assumed)))
        except Misread as error:  # it is understood, and cannot be worked with
            return Decision(NOT_PROVEN, error.says)

    def under(self, assumed: tuple[Relation, ...]) -> Scene:
        scene = self.scope.scene
        return scene._replace(given=(*scene.given, *assumed)) if assumed else scene

    def noted(self, decision: Decision) -> Decision:
        held = self.scope.inner.given
        if decision.verdict == PROVEN:
            self.used |= {held[at] for at in decision.used if at < len(held)}
        if decision.fault and decision.fault not in self.faults:
            self.faults.append(decision.fault)
        return decision

    def holds(self, relation: Relation, assumed: tuple[Relation, ...] = ()) -> bool:
        """The same question about something nobody wrote: nothing is kept of it."""
        try:
            found = elaborate(relation, self.scope.names, self.scope.certain())
            return self.decide(found, self.under(assumed)).verdict == PROVEN
        except Misread:
            return False

    def survives(self, relation: Relation) -> bool:
        """Whether no numbers speak against it."""
        from backcheck.proving.numbers.refute import refute

        try:
            search = refute(elaborate(relation, self.scope.names, self.scope.certain()), self.scope.scene)
        except Misread:
            return False
        return search.counterexample is None and search.agreed > 0

    def excluded(self, case: Relation, claim: Claim) -> bool:
        """Whether a case cannot be, or whether in it the claim means nothing anyway."""
        from backcheck.proving.numbers.refute import refute

        try:
            scene = self.scope.scene._replace(case=(condition(case, self.scope.names),))
            return not any(refute(self.entries(relation), scene).defined for relation in claim.relations)
        except Misread:
            return False
