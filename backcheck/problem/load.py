"""A problem file → its blank worksheet; the one place that tells a network from an expression."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from backcheck.errors import BadProblem
from backcheck.problem.reading import Reading, TooMany
from backcheck.problem.text import Map, Node, decoded, read
from backcheck.worksheet import Worksheet

if TYPE_CHECKING:
    from backcheck.problem.claims import Sentence
    from backcheck.problem.marking import Section
    from backcheck.problem.variants import Variant
    from backcheck.training.plan import Plan


class Problem(NamedTuple):
    """A blank worksheet, and what is needed to point at its file later, or to read it again with changes."""

    blank: Worksheet
    file: str
    text: str
    folder: str
    root: Map
    kept: dict[int, tuple[Node, Any]]  # what other files gave
    loss: Node
    marking: Section | None = None
    plan: Plan | None = None  # how it is trained, if the file says so
    variants: tuple[Variant, ...] = ()
    claims: tuple[Sentence, ...] = ()


def problem(raw: bytes, file: str, folder: str) -> Problem:
    """The given numbers and the forward pass of a problem; raises BadProblem with every fault of the file.

    `file` is how messages call it, `folder` is where the paths in it begin.
    """
    text = decoded(raw, file)
    root, faults = read(text, file)
    reading = Reading(faults)
    return _read(_drawn_anew(root, reading), reading, file, folder, text)


def with_changes(found: Problem, changes: Iterable[Map]) -> Problem:
    """The problem of the same file with some changes; what the other sections say was about the file as it is."""
    from backcheck.problem.changes import changed, without

    root, reading = found.root, Reading([], found.kept)
    for change in changes:
        root = changed(root, change, reading)
    for section in ("marking", "variants", "claims"):
        root = without(root, section)
    made = _read(root, reading, found.file, found.folder, found.text)
    return made._replace(marking=found.marking, variants=found.variants, claims=found.claims)


def _drawn_anew(root: Map, reading: Reading) -> Map:
    """`training: {init: he}` draws the weights of every layer, whatever stands there."""
    section = root.get("training")
    node = section.get("init") if isinstance(section, Map) else None
    if node is None:
        return root
    from backcheck.problem.changes import drawn_anew

    return drawn_anew(root, node, reading)


def _read(root: Map, reading: Reading, file: str, folder: str, text: str) -> Problem:
    sheet = marking = plan = None
    variants: tuple[Variant, ...] = ()
    claims: tuple[Sentence, ...] = ()
    try:
        sheet = _sheet(root, reading, folder)
        marking = _marking(root.get("marking"), reading, file, text)
        sheet, plan = _with_plan(root.get("training"), sheet, reading, folder)
        variants, claims = _variants(root.get("variants"), reading), _claims(root.get("claims"), sheet, reading)
    except TooMany:
        sheet = None
    if sheet is None or reading.faults:
        raise BadProblem(file, reading.faults, text)
    return Problem(sheet, file, text, folder, root, reading.kept, root.get("loss") or root, marking, plan, variants, claims)


def _sheet(root: Map, reading: Reading, folder: str) -> Worksheet | None:
    if root.get("expression") or root.get("let") or (root.get("at") and not root.get("layers")):
        from backcheck.problem.expression import expression

        return expression(root, reading)
    from backcheck.problem.network import network

    return network(root, reading, folder)


def _marking(node: Node | None, reading: Reading, file: str, text: str) -> Section | None:
    if node is None:
        return None
    from backcheck.problem.marking import section

    return section(node, reading, file, text)


def _with_plan(node: Node | None, sheet: Worksheet | None, reading: Reading, folder: str) -> tuple[Worksheet | None, Plan | None]:
    """How the network is trained; a saved run takes the place of its numbers."""
    if node is None or sheet is None or not sheet.names.output:
        return sheet, None
    from backcheck.problem.training import training

    plan, numbers = training(node, sheet, reading, folder)
    written = {place: text for place, text in sheet.names.written.items() if place[0] not in numbers}
    return sheet.with_given(numbers, sheet.names.with_written(written)) if numbers else sheet, plan


def _variants(node: Node | None, reading: Reading) -> tuple[Variant, ...]:
    if node is None:
        return ()
    from backcheck.problem.variants import variants

    return tuple(variants(node, reading))


def _claims(node: Node | None, sheet: Worksheet | None, reading: Reading) -> tuple[Sentence, ...]:
    if node is None or sheet is None:
        return ()
    from backcheck.problem.claims import claims

    return tuple(claims(node, reading, sheet))
