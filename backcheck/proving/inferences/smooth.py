"""Whether slopes tell all of a function: no kinks, and one interval on which it is defined; it judges no conclusion."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from backcheck.proving.algebra.domains import needs
from backcheck.proving.algebra.expand import plain
from backcheck.proving.names import NO_LETTER, Scene
from backcheck.proving.spelling.spelled import spell, spell_relation
from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree, bare, name, number, walk
from backcheck.proving.verdict import PROVEN, Decision

Decide = Callable[[Relation, Scene], Decision]

KINKED = ("relu", "abs", "sign", "step", "relu'", "sign'", "abs'", "max", "min", "xor")
ZERO = number(0)


def trouble(f: Tree, x: Tree, scene: Scene, decide: Decide) -> str:
    """Why the slope of f by x does not tell all of it; nothing where it does."""
    called = _called(x)
    names = scene.names._replace(defined={name: body for name, body in scene.names.defined.items() if name != called})
    scene = scene._replace(names=names)
    tree = plain(f, scene._replace(at=tuple(pair for pair in scene.at if _called(pair[0]) != called)))
    return next((why for why in (*_kinks(tree, called, scene, decide), *_gaps(tree, x, scene, decide)) if why), "")


def one_of_many(f: Tree, x: Tree, scene: Scene, decide: Decide) -> str:
    """Why the least value in each entry is not the least of all; nothing where entries do not act together: w[1]^2 + w[2]^2."""
    letters = [at for at, part in enumerate(x.parts) if at and part.op == "name" and scene.names.is_letter(part.text)]
    for at in letters:
        other = name(f"{NO_LETTER}{scene.names.size(x.parts[at].text)}~~")
        entry = x._replace(parts=(*x.parts[:at], other, *x.parts[at + 1 :]))
        apart = scene._replace(case=(*scene.case, Relation("!=", x.parts[at], other)), at=())
        if decide(Relation("=", Tree("slope", (f, x, entry)), ZERO), apart).verdict != PROVEN:
            return f"{spell(x)} acts together with other entries: what is least in each by itself need not be least in all of them"
    return ""


def mentions(tree: Tree, called: str) -> bool:
    return any(node.op == "name" and node.text == called for node in walk(tree))


def _called(x: Tree) -> str:
    return x.parts[0].text if x.op == "entry" else x.text


def _kinks(tree: Tree, called: str, scene: Scene, decide: Decide) -> Iterator[str]:
    for node in walk(tree):
        if node.op == "largest" and mentions(node, called):
            yield "a greatest of several has kinks, where slopes say nothing"
        if node.op == "call" and node.text in KINKED and mentions(node, called) and not _one_sided(node, scene, decide):
            yield f"{spell(node)} has a kink, where slopes say nothing"


def _one_sided(node: Tree, scene: Scene, decide: Decide) -> bool:
    """The argument never is 0, where the kink would be."""
    return len(node.parts) == 1 and _keeps_its_sign(node.parts[0], scene, decide)


def _keeps_its_sign(tree: Tree, scene: Scene, decide: Decide) -> bool:
    return any(_sure(Relation(sign, tree, ZERO), scene, decide) for sign in (">", "<"))


def _sure(relation: Relation, scene: Scene, decide: Decide) -> bool:
    """Proven, from what is given alone."""
    found = decide(relation, scene)
    return found.verdict == PROVEN and not found.needs


def _gaps(tree: Tree, x: Tree, scene: Scene, decide: Decide) -> Iterator[str]:
    """What may cut the numbers x in pieces: where something is 0 and must not be, or what is given."""
    for need in needs(tree):
        if mentions(need.tree, _called(x)):
            sign = {"+": ">", "≥": ">=", "≠": "!="}[need.known]
            yield _gap(Relation(sign, need.tree, ZERO), x, scene, decide)
    for node in walk(tree):
        if node.op == "power" and not _is_whole(node.parts[1]) and mentions(node.parts[0], _called(x)):
            yield _gap(Relation(">", node.parts[0], ZERO), x, scene, decide)
    for relation in (*scene.given, *scene.case):
        left, right = (plain(side, scene._replace(at=())) for side in (relation.left, relation.right))
        if any(mentions(side, _called(x)) for side in (left, right, relation.left, relation.right)):
            yield _gap(relation, x, scene, decide)


def _is_smooth(tree: Tree, x: Tree, scene: Scene, decide: Decide) -> bool:
    """Whether a second slope tells how it bends: that of abs(x) is 0 wherever there is one."""
    return not any((*_kinks(tree, _called(x), scene, decide), *_gaps(tree, x, scene, decide)))


def _is_whole(tree: Tree) -> bool:
    return (tree.op == "number" and tree.text.isdigit()) or (tree.op == "minus" and _is_whole(tree.parts[0]))


def _gap(relation: Relation, x: Tree, scene: Scene, decide: Decide) -> str:
    """x with g > 0 are one interval where g is concave, as every sum of x and numbers is."""
    if relation.sign == "=":
        return f"{spell(x)} is not free: {spell_relation(relation)} is given"
    difference = Tree("plus", (relation.left, Tree("minus", (relation.right,))))
    within = scene._replace(given=(), case=(), at=())
    if relation.sign != "!=" and _is_smooth(plain(difference, within), x, within, decide):
        bends = Tree("slope", (bare(difference), x, x))
        sign = {">": "<=", ">=": "<=", "<": ">=", "<=": ">="}[relation.sign]
        if decide(Relation(sign, bends, ZERO), within).verdict == PROVEN:
            return ""
    if relation not in scene.given and relation not in scene.case and _keeps_its_sign(difference, scene, decide):
        return ""
    return f"it is so on each interval, but where {spell(relation.left)} is {spell(relation.right)} there may be a gap between two"
