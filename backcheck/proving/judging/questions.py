"""Questions about a line in the scope it stands in: elaborated, decided, and what the answer took; it knows no chains."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from backcheck.proving.entries import condition, elaborate
from backcheck.proving.entries.arrays import Room
from backcheck.proving.entries.shapes import Shape
from backcheck.proving.judging.scope import Held, Scope
from backcheck.proving.names import Scene
from backcheck.proving.statements import Claim, Misread, Relation
from backcheck.proving.tree import Tree, free, walk
from backcheck.proving.verdict import NOT_PROVEN, PROVEN, WRONG, Decision

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
            return self.noted(self.decide(found, self.under(assumed)), relation, found, assumed)
        except Misread as error:  # it is understood, and cannot be worked with
            return Decision(NOT_PROVEN, error.says)

    def under(self, assumed: tuple[Relation, ...]) -> Scene:
        scene = self.scope.scene
        return scene._replace(given=(*scene.given, *assumed)) if assumed else scene

    def noted(self, decision: Decision, *about: object) -> Decision:
        """What was decided about some statements, doubted where it may depend on a line that is not understood."""
        decision = self.doubted(decision, *about)
        if decision.verdict == PROVEN:
            self.used |= {self.scope.inner.given[at] for at in self._used(decision)}
        if decision.fault and decision.fault not in self.faults:
            self.faults.append(decision.fault)
        return decision

    def doubted(self, decision: Decision, *about: object) -> Decision:
        """Nothing is called wrong after a line that was not understood, and nothing about a name that it was to define proven."""
        line = self.scope.unread if decision.verdict in WRONG else 0
        if decision.verdict == PROVEN or (decision.verdict in WRONG and not line):
            given = tuple(self.scope.inner.given[at].relation for at in self._used(decision))
            line = self.scope.lost(trees((about, given)))
        if line:
            return Decision(NOT_PROVEN, f"line {line} is not understood, and this may depend on it")
        one_point = self._at_one_point(about) if decision.verdict in WRONG else ""
        return (
            Decision(NOT_PROVEN, f"what is given of {one_point} is read at one place only, and not for all")
            if one_point
            else decision
        )

    def _at_one_point(self, about: object) -> str:
        """An unknown function of which something is given at a number: f(x + y) = f(x) + f(y) may be meant for all of them."""
        names = self.scope.names
        spoken_of = {node.text.rstrip("'") for tree in trees(about) for node in walk(tree) if node.op == "call"}
        for tree in trees(tuple(held.relation for held in self.scope.inner.given)):
            for node in walk(tree):
                called, inside = node.text.rstrip("'"), free(Tree("plus", node.parts))
                if (
                    node.op == "call"
                    and called in names.functions
                    and called in spoken_of
                    and not all(map(names.is_letter, inside))
                ):
                    return called
        return ""

    def _used(self, decision: Decision) -> list[int]:
        return [at for at in decision.used if at < len(self.scope.inner.given)]

    def holds(self, relation: Relation, assumed: tuple[Relation, ...] = ()) -> bool:
        """The same question about something nobody wrote: nothing is kept of it."""
        try:
            found = elaborate(relation, self.scope.names, self.scope.certain())
            decision = self.decide(found, self.under(assumed))
            return self.doubted(decision, relation, found, assumed).verdict == PROVEN
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


def trees(said: object) -> Iterator[Tree]:
    """All formulas in a statement, or in several."""
    if isinstance(said, Tree):
        yield said
    elif isinstance(said, tuple):
        for part in said:
            yield from trees(part)
