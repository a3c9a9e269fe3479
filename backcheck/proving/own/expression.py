"""A computation graph → the derivative by each variable as a chain of steps, in text; it proves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backcheck.errors import BadArgument
from backcheck.formula import Call
from backcheck.proving.spelling.spellings import FUNCTIONS
from backcheck.slopes import SLOPE_BY, own_formula
from backcheck.spelling import PLAIN, spell
from backcheck.worksheet import Phase, Row, Worksheet

RESERVED = frozenset({"d", "d2", "e", "sum", "delta", "oo", "max", "min"})  # mean something in a derivation
KNOWN = {*FUNCTIONS, "max", "min"}
STEP = re.compile(r"heaviside\((.*), [01]\)")  # at the kink a derivation has no slope


def expression(sheet: Worksheet) -> str:
    """The whole derivation: what every node is, each partial by its node, then the sums over the paths."""
    nodes = sheet.in_phase(Phase.FORWARD)
    given = [row.name for row in sheet.in_phase(Phase.GIVEN) if any(row.name in node.parents for node in nodes)]
    if taken := RESERVED.intersection([*given, *(row.name for row in nodes)]):
        raise BadArgument(f"{min(taken)} means something of its own in a derivation: give the variable another name")
    lines = [f"# {' '.join(sheet.title.split())}" if sheet.title else "# a computation graph", f"number {', '.join(given)}"]
    lines += [f"for any {name}" for name in dict.fromkeys(filter(None, map(_unknown, nodes)))]
    lines += [f"let {row.name} = {_formula(row.op)}" for row in nodes]
    local = [f"claim d({row.name}, {by}) = {slope}" for row in nodes for by, slope in _local(row) if _alone(row, by, nodes)]
    names = [*(row.name for row in reversed(nodes[:-1])), *given]
    paths = [_path(sheet.result, name, nodes) for name in names]
    return "\n\n".join("\n".join(filter(None, block)) for block in (lines, local, paths)) + "\n"


def _formula(op: str) -> str:
    return STEP.sub(r"step(\1)", spell(own_formula(op), str, PLAIN))


def _unknown(row: Row) -> str:
    """A function of which a derivation knows only that it has a slope."""
    tree = own_formula(row.op)
    return tree.function if isinstance(tree, Call) and tree.function not in KNOWN else ""


def _local(row: Row) -> Iterator[tuple[str, str]]:
    """The partials of a node by what it is made from."""
    for letter, parent in zip(row.op.partition(":")[0].split(), row.parents, strict=True):
        unknown = _unknown(row)
        yield parent, f"{unknown}'({parent})" if unknown else _formula(f"{row.op} {SLOPE_BY}{letter}")


def _alone(row: Row, parent: str, nodes: list[Row]) -> bool:
    """Whether nothing else that a node is made from depends on this parent: its partial is then the whole slope."""
    made = {node.name: node for node in nodes}
    pending, met = [other for other in row.parents if other != parent], set[str]()
    while pending:
        name = pending.pop()
        if name == parent:
            return False
        if name in made and name not in met:
            met.add(name)
            pending += made[name].parents
    return True


def _path(result: str, name: str, nodes: list[Row]) -> str:
    """∂f/∂name is the sum over the nodes that read it."""
    readers = [row for row in nodes if name in row.parents]
    if not readers or [row.name for row in readers] == [result]:
        return ""
    terms = []
    for row in readers:
        slope = f"d({row.name}, {name})" if _alone(row, name, nodes) else f"({dict(_local(row))[name]})"
        terms.append(slope if row.name == result else f"d({result}, {row.name}) {slope}")
    return f"claim d({result}, {name}) = {' + '.join(terms)}    # chain rule"
