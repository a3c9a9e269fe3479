"""All equality steps of derivations, as backcheck is asked and as the others are given them; whether they are true is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import NamedTuple
from unittest import mock

import yaml
from steps_elsewhere.written_out import Written, written_out

from backcheck.proving.decide import decide
from backcheck.proving.judging import judge, steps
from backcheck.proving.names import Scene
from backcheck.proving.own.functions import TEXTS
from backcheck.proving.reading import read
from backcheck.proving.reading.source import Source
from backcheck.proving.statements import Claim, Follows, Line, Relation, Step
from backcheck.proving.tree import bare
from backcheck.proving.verdict import PROVEN, Decision, Judged

FOLDER = Path(__file__).parent.parent.parent / "problems" / "derivations"
KINDS = {".txt": "text", ".md": "markdown", ".yaml": "yaml"}


class Asked(NamedTuple):
    """One equality; `written` is it for K = 3 and for K = 4, or why it cannot be written out."""

    place: str  # softmax-jacobian.txt:10
    text: str
    true: bool
    relation: Relation
    scene: Scene
    written: dict[int, tuple[Written, ...]] | str


class Walked(NamedTuple):
    """A line as backcheck judges it."""

    place: str
    true: bool
    kind: str
    judged: Judged
    seconds: float  # all of the line, with the search for repairs


def texts() -> Iterator[tuple[str, Source, int]]:
    """Each derivation, and in which line its slip is, 0 for none."""
    index = yaml.safe_load((FOLDER / "index.yaml").read_text(encoding="utf-8"))
    for name, entry in index.items():
        path = FOLDER / name
        yield name, read(path.read_text(encoding="utf-8"), KINDS[path.suffix]), 0
        twin = path.with_name(f"{path.stem}.slip{path.suffix}")
        yield twin.name, read(twin.read_text(encoding="utf-8"), KINDS[path.suffix]), entry["line"]
    for name, text in TEXTS.items():
        yield f"own {name}", read(text, "text"), 0


def asked(source: Source) -> Iterator[tuple[Line, Relation, Scene]]:
    """What is asked of each line of a chain and each claim, if every line before it is taken to be right."""
    questions: list[tuple[Relation, Scene]] = []

    def noted(relation: Relation, scene: Scene) -> Decision:
        questions.append((relation, scene))
        return Decision(PROVEN)

    walk = judge._Walk(source, noted, {})
    for at, line in enumerate(source.lines):
        questions.clear()
        walk._line(at, line)
        after = source.lines[at + 1].statement if at + 1 < len(source.lines) else None
        if isinstance(line.statement, Step | Claim) and not isinstance(after, Follows):  # before => an equation is only supposed
            yield from ((line, relation, scene) for relation, scene in questions)


def equalities() -> Iterator[Asked]:
    """Of a true derivation all; of a twin what its slip says and the true one does not: what comes after it is not labelled."""
    true: set[Relation] = set()
    for name, source, slip in texts():
        true = true if slip else set()
        for line, relation, scene in asked(source):
            bared = Relation(relation.sign, bare(relation.left), bare(relation.right))
            if not slip:
                true.add(bared)
            if relation.sign == "=" and (not slip or (line.number == slip and bared not in true)):
                yield Asked(f"{name}:{line.number}", line.text, not slip, relation, scene, _written(relation, scene))


def _written(relation: Relation, scene: Scene) -> dict[int, tuple[Written, ...]] | str:
    try:
        return {first: written_out(relation, scene, first) for first in (3, 4)}
    except NotImplementedError as error:
        return str(error)


def walked(mending: bool = True) -> Iterator[Walked]:
    """Every line that backcheck judges, whatever it says; of a twin only the slip."""
    mended = steps.mended if mending else lambda decision, *_: (decision, ())
    with mock.patch.object(steps, "mended", mended):
        yield from _walked()


def _walked() -> Iterator[Walked]:
    for name, source, slip in texts():
        walk = judge._Walk(source, decide, {})
        for at, line in enumerate(source.lines):
            start = perf_counter()
            found = walk._line(at, line)
            spent = perf_counter() - start
            if found is not None and (not slip or line.number == slip):
                yield Walked(f"{name}:{line.number}", not slip, _kind(line), found, spent)


def _kind(line: Line) -> str:
    """= or inequality, of chains and claims; else the word: therefore, limit."""
    if not isinstance(line.statement, Step | Claim):
        return type(line.statement).__name__.lower()
    said = (
        (*line.statement.signs, line.statement.first)
        if isinstance(line.statement, Step)
        else tuple(one.sign for one in line.statement.relations)
    )
    return "=" if {*said} <= {"=", ""} else "inequality"
