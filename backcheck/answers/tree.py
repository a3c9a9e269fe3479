"""The tree of a YAML or JSON file → student, names and texts; it knows neither of these formats, and no problem."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from backcheck.answers import text as texts
from backcheck.answers.names import numbered
from backcheck.answers.text import LONGEST_NAME, MOST, Unreadable
from backcheck.errors import did_you_mean
from backcheck.problem.text import List, Map, Node, Scalar, kind

OF_PROBLEMS = ("layers", "inputs", "targets", "expression", "let", "at")  # loss and learning_rate are names of quantities, too
NOTES = ("title", "name", "course", "class", "group", "email", "date", "problem", "note", "comment", "format", "version")
LAID_OUT = 'student: "0042", then answers: and below it one answer in each line, indented: z1[1]: 0.3825'


class Sheet(NamedTuple):
    """What one file holds."""

    student: str | None
    answers: dict[str, str]
    lines: dict[str, int]


def refused(node: Node, says: str, way_out: str = "") -> Unreadable:
    return Unreadable(node.fault(says, way_out))


def sheet(root: Map) -> Sheet:
    """The answers of a file, below `answers:` or at the top; raises Unreadable."""
    answers = root.get("answers")
    for key, _ in root.pairs:
        if key.text in OF_PROBLEMS:
            raise refused(key, f"{key.text!r} stands in a problem file: these are no answers", LAID_OUT)
        if answers is not None and key.text not in ("student", "answers", *NOTES):
            hint = did_you_mean(key.text, ["student"]) or "answers stand below answers:, indented"
            raise refused(key, f"{kind(key)} cannot stand beside answers", hint)
    pairs = _pairs(answers) if answers is not None else [pair for pair in root.pairs if pair[0].text != "student"]
    return Sheet(_student(root.get("student")), *_collected(pairs))


def _pairs(answers: Node) -> list[tuple[Scalar, Node]]:
    """What stands below `answers:`."""
    if isinstance(answers, Map):
        return answers.pairs
    if isinstance(answers, Scalar) and not answers.text:
        return []
    raise refused(answers, f"answers should be a mapping, name: number, not {kind(answers)}", LAID_OUT)


def _student(node: Node | None) -> str | None:
    if node is None or isinstance(node, Scalar):
        return texts.student(node.text) if node else None
    raise refused(node, f"student should be a name or a number, not {kind(node)}")


def _collected(pairs: list[tuple[Scalar, Node]]) -> tuple[dict[str, str], dict[str, int]]:
    """All numbers by name, and the lines they stand in."""
    answers: dict[str, str] = {}
    lines: dict[str, int] = {}
    for key, value in pairs:
        for name, number in _numbers(key, value):
            if name in answers:
                raise refused(key, f"{name[:40]!r} stands here for the second time", f"it stands in line {lines[name]} already")
            if len(answers) == MOST:
                raise refused(number, f"this is more than {MOST:,} answers")
            answers[name], lines[name] = texts.answer(number.text), number.line
    return answers, lines


def _numbers(key: Scalar, value: Node) -> Iterator[tuple[str, Scalar]]:
    """One number, or those of a list or a matrix."""
    name = checked_name(key)
    if isinstance(value, Scalar):
        yield name, value
        return
    for i, row in enumerate(_items(key, value), 1):
        for k, cell in enumerate(row.items if isinstance(row, List) else [row], 1):
            if not isinstance(cell, Scalar):
                raise refused(
                    cell, f"a number was expected here, not {kind(cell)}", "a list, or one list for each row, is possible"
                )
            yield (numbered(name, i, k) if isinstance(row, List) else numbered(name, i)), cell


def _items(key: Scalar, value: Node) -> list[Node]:
    if isinstance(value, List):
        return value.items
    hint = did_you_mean(key.text, ["answers"]) or "write a number, a list or one list for each row"
    raise refused(value, f"{kind(key)} holds a mapping", hint)


def checked_name(key: Scalar) -> str:
    """The name of a quantity as it can be shown."""
    name = texts.printable(key.text[: 2 * LONGEST_NAME]).strip()
    if not 0 < len(name) <= LONGEST_NAME:
        says = f"this name is longer than {LONGEST_NAME} characters" if name else "the name of the quantity is missing"
        raise refused(key, says, "names are like z1[1] and dL/dW2[1,1]")
    return name
