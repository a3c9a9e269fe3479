"""What is typed on a command line, rate=0.1 → a change of the problem file; it changes nothing itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from backcheck.errors import BadArgument, BadProblem, did_you_mean
from backcheck.problem.changes import SHORT, with_pairs
from backcheck.problem.load import Problem, with_changes
from backcheck.problem.text import Map, read
from backcheck.problem.training import KEYS

LONGEST, MOST, MOST_RUNS = 2000, 100, 200
CAN_VARY = [*KEYS, *SHORT, "loss", "batch", "learning_rate", "data"]


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


def with_options(found: Problem, said: dict[str, str]) -> Problem:
    """The problem with what options say instead of the file: {"rate": "0.1"} is --rate 0.1."""
    called = ", ".join(f"--{key.replace('_', '-')} {text}" for key, text in said.items())
    return changed(found, _changes(said), called) if said else found


def _changes(said: dict[str, str]) -> list[Map]:
    return [change(key, text) for key, text in said.items()]


def every_run(found: Problem, said: dict[str, str], vary: list[str]) -> list[tuple[str, Problem]]:
    """The problem of every run by its name: that of the file, its variants, or what --vary makes of it."""
    if not found.blank.names.output:
        raise BadArgument(f"{found.file}: a network is trained; of an expression, backcheck step --steps N takes N steps")
    if vary:
        keys = [several(text)[0] for text in vary]
        if twice := next((key for key in keys if keys.count(key) > 1), ""):
            raise BadArgument(f"--vary {twice} is given twice: give all its values at once, {twice}=…,…")
        own = _changes(said)
        return [(name, changed(found, [*own, *changes], name)) for name, changes in _grid([several(text) for text in vary])]
    variants = [(variant.name, with_changes(found, variant.changes)) for variant in found.variants]
    return [(name, with_options(one, said)) for name, one in variants or [("", found)]]


def _grid(varied: list[tuple[str, list[str]]]) -> list[tuple[str, list[Map]]]:
    """Every value of one key with every value of the others, by its name; without hidden layers they have no activation."""
    runs: dict[str, list[Map]] = {}
    for values in product(*(values for _, values in varied)):
        pairs = [(key, value) for (key, _), value in zip(varied, values, strict=True)]
        if ("hidden", "0") in pairs:
            pairs = [pair for pair in pairs if pair[0] not in ("activation", "dropout")]
        in_order = sorted(pairs, key=lambda pair: pair[0] != "hidden")  # how many layers comes before what is in them
        runs[", ".join(f"{key}={value}" for key, value in pairs)] = [change(*pair) for pair in in_order]
        if len(runs) > MOST_RUNS:
            raise BadArgument(f"--vary asks for more than {MOST_RUNS} runs")
    return list(runs.items())


def several(text: str) -> tuple[str, list[str]]:
    """A key and its values.

    >>> several("rate=0.01,0.1"), several("optimiser=sgd,{adam: {beta1: 0.8, beta2: 0.9}}")[1]
    (('rate', ['0.01', '0.1']), ['sgd', '{adam: {beta1: 0.8, beta2: 0.9}}'])
    """
    key, equals, values = text.partition("=")
    found = [value.strip() for value in at_commas(values)]
    if not equals or not key.strip() or not all(found):
        raise BadArgument(f"--vary should be like rate=0.01,0.1,1, not {text[:60]!r}")
    if len(found) > MOST:
        raise BadArgument(f"--vary {key.strip()} has more than {MOST} values")
    key = key.strip().replace("-", "_")
    if key not in CAN_VARY and not re.fullmatch(r"layer[ _][0-9]+|(?:every[ _]layer|hidden[ _]layers)", key):
        raise BadArgument(f"--vary {key!r} is nothing that can be varied; {did_you_mean(key, CAN_VARY) or ', '.join(CAN_VARY)}")
    return key, found


def at_commas(text: str) -> Iterator[str]:
    """The parts between the commas that stand in no bracket.

    >>> list(at_commas("W1[1,2],b1"))
    ['W1[1,2]', 'b1']
    """
    depth, start = 0, 0
    for i, sign in enumerate(text):
        depth += (sign in "{[") - (sign in "}]")
        if sign == "," and not depth:
            yield text[start:i]
            start = i + 1
    yield text[start:]
