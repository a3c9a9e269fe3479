"""What is typed on a command line, rate=0.1 → a change of the problem file; it changes nothing itself."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.errors import BadArgument, BadProblem
from backcheck.problem.changes import with_pairs
from backcheck.problem.load import Problem, with_changes
from backcheck.problem.text import Map, read

LONGEST, MOST = 2000, 100


def change(key: str, text: str) -> Map:
    """`rate`, `0.1` as the mapping {rate: 0.1}."""
    if len(text) > LONGEST or not text.strip() or "\n" in text:
        raise BadArgument(f"{key} should have a value on one line, of at most {LONGEST} characters")
    try:
        root, faults = read(f"x: {text}", key)
    except BadProblem as error:
        raise BadArgument(f"{key}={text}: {error.faults[0].says}") from None
    if faults or len(root.pairs) != 1:
        raise BadArgument(f"{key}={text} cannot be read: give a word, a number, or settings like '{{adam: {{beta1: 0.9}}}}'")
    (name, value), *_ = root.pairs
    name.text = key
    return with_pairs(root, [(name, value)])


def changed(found: Problem, changes: list[Map], called: str) -> Problem:
    """The problem with changes of the command line, whose faults are faults of what was typed there."""
    try:
        return with_changes(found, changes)
    except BadProblem as error:
        fault = error.faults[0]
        raise BadArgument(f"{called}: {fault.says}" + (f"; {fault.way_out}" if fault.way_out else "")) from None


def several(text: str) -> tuple[str, list[str]]:
    """A key and its values.

    >>> several("rate=0.01,0.1"), several("optimiser=sgd,{adam: {beta1: 0.8, beta2: 0.9}}")[1]
    (('rate', ['0.01', '0.1']), ['sgd', '{adam: {beta1: 0.8, beta2: 0.9}}'])
    """
    key, equals, values = text.partition("=")
    found = [value.strip() for value in _split(values)]
    if not equals or not key.strip() or not all(found):
        raise BadArgument(f"--vary should be like rate=0.01,0.1,1, not {text[:60]!r}")
    if len(found) > MOST:
        raise BadArgument(f"--vary {key.strip()} has more than {MOST} values")
    return key.strip().replace("-", "_"), found


def _split(text: str) -> Iterator[str]:
    """At the commas that stand in no bracket."""
    depth, start = 0, 0
    for i, sign in enumerate(text):
        depth += (sign in "{[") - (sign in "}]")
        if sign == "," and not depth:
            yield text[start:i]
            start = i + 1
    yield text[start:]
