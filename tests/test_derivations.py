"""Derivations as people write them: every true one stands, and every twin's one slip is the first thing that is named."""

from __future__ import annotations

from functools import cache
from math import prod
from pathlib import Path
from typing import Any

import pytest
import yaml

from backcheck.proving.judging.judge import judge
from backcheck.proving.reading import read
from backcheck.proving.reading.source import Source
from backcheck.proving.statements import Claim, Limit, Misread, Step
from backcheck.proving.tree import Tree, bare
from backcheck.proving.verdict import DOES_NOT_FOLLOW, FALSE, NOT_PROVEN, NOT_UNDERSTOOD, PROVEN, Derivation

FOLDER = Path(__file__).parent.parent / "problems" / "derivations"
INDEX: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "index.yaml").read_text(encoding="utf-8"))
KINDS = {".txt": "text", ".md": "markdown", ".yaml": "yaml"}
TRUE = sorted(INDEX)
DECIDED = 0.95  # of all steps, by the issue
REPAIRED = 0.8  # of the slips that are one edit, by the issue


def twin(name: str) -> str:
    path = Path(name)
    return f"{path.stem}.slip{path.suffix}"


def lines_of(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def source(name: str, lines: list[str]) -> Source:
    return read("\n".join(lines) + "\n", KINDS[Path(name).suffix])


@cache
def judged(name: str) -> Derivation:
    return judge(source(name, lines_of(name)))


# the folder itself


def test_every_file_has_its_twin_and_its_entry() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {"index.yaml", *TRUE, *map(twin, TRUE)}
    assert len(TRUE) >= 30
    assert {Path(name).suffix for name in TRUE} == set(KINDS)
    assert len([name for name in TRUE if "\\frac" in "".join(lines_of(name))]) >= 5


@pytest.mark.parametrize("name", TRUE)
def test_a_twin_differs_first_where_the_index_says(name: str) -> None:
    true, slipped = lines_of(name), lines_of(twin(name))
    differs = next(number for number, (one, other) in enumerate(zip(true, slipped, strict=False), 1) if one != other)
    assert differs == INDEX[name]["line"]
    assert true[differs - 1].split("#")[0].strip() == INDEX[name]["repair"]


@pytest.mark.parametrize("name", [*TRUE, *map(twin, TRUE)])
def test_every_line_is_understood(name: str) -> None:
    assert not [line for line in source(name, lines_of(name)).lines if isinstance(line.statement, Misread)]
    assert NOT_UNDERSTOOD not in {line.verdict for line in judged(name).lines}
    assert not judged(name).faults


# the verdicts


@pytest.mark.parametrize("name", TRUE)
def test_a_true_derivation_has_no_wrong_line(name: str) -> None:
    assert judged(name).first_wrong is None


def test_nearly_every_step_is_decided() -> None:
    verdicts = [line.verdict for name in TRUE for line in judged(name).lines]
    assert set(verdicts) <= {PROVEN, NOT_PROVEN}
    assert verdicts.count(PROVEN) >= DECIDED * len(verdicts)


@pytest.mark.parametrize("name", TRUE)
def test_the_slip_is_the_first_wrong_line(name: str) -> None:
    wrong = judged(twin(name)).first_wrong
    assert wrong is not None
    assert (wrong.line, wrong.verdict) == (INDEX[name]["line"], INDEX[name]["verdict"])


def test_both_ways_to_be_wrong_occur() -> None:
    assert {entry["verdict"] for entry in INDEX.values()} == {FALSE, DOES_NOT_FOLLOW}


# the repairs


def ordered(tree: Tree) -> tuple[int, Tree]:
    """A sign, and a tree that is the same however its factors and terms are ordered and wherever its signs stand."""
    if tree.op in ("times", "over", "minus"):
        sign, above, below = factors(tree)
        if (len(above), len(below)) == (1, 0):
            return sign, above[0]
        return sign, Tree("times", (Tree("above", tuple(sorted(above))), Tree("below", tuple(sorted(below)))))
    parts = [ordered(part) for part in tree.parts]
    if tree.op == "plus":
        parts = sorted(parts, key=lambda part: (part[1], part[0]))
        return parts[0][0], Tree("plus", tuple(signed(sign * parts[0][0], part) for sign, part in parts))
    if tree.op == "total":  # a sign may stand before the sum or in it
        return parts[0][0], tree._replace(parts=(parts[0][1], *(signed(*part) for part in parts[1:])))
    inner = [signed(*part) for part in parts]
    return 1, tree._replace(parts=tuple(sorted(inner) if tree.text == "delta" else inner))


def signed(sign: int, tree: Tree) -> Tree:
    return tree if sign == 1 else Tree("minus", (tree,))


def factors(tree: Tree) -> tuple[int, list[Tree], list[Tree]]:
    """A product: its sign, what is above the line and what is below it."""
    if tree.op == "over":
        (sign, above, below), (other, under, over) = map(factors, tree.parts)
        return sign * other, above + over, below + under
    if tree.op in ("times", "minus"):
        found = [factors(part) for part in tree.parts]
        sign = prod((part[0] for part in found), start=-1 if tree.op == "minus" else 1)
        return sign, [one for part in found for one in part[1]], [one for part in found for one in part[2]]
    sign, alone = ordered(tree)
    if alone.op == "times":
        return sign, list(alone.parts[0].parts), list(alone.parts[1].parts)
    return sign, [] if alone == Tree("number", text="1") else [alone], []


def said(name: str, line: str) -> object:
    """What the slip's line would say if it were written so."""
    lines = lines_of(twin(name))
    number = INDEX[name]["line"]
    lines[number - 1] = lines[number - 1][: -len(lines[number - 1].lstrip())] + line
    statement = next(one for one in source(name, lines).lines if one.number == number and one.text).statement
    if isinstance(statement, Step):
        return ordered(bare(statement.sides[-1]))
    if isinstance(statement, Limit):
        return ordered(bare(statement.relation.right))
    return statement if isinstance(statement, Claim) else line.replace(" ", "")


def is_repaired(name: str) -> bool:
    wrong = judged(twin(name)).first_wrong
    suggested = [] if wrong is None else [said(name, suggestion.text) for suggestion in wrong.suggestions[:3]]
    return said(name, INDEX[name]["repair"]) in suggested


def test_order_and_signs_do_not_tell_repairs_apart() -> None:
    assert said("momentum.txt", "= w0 - eta*(g1 + mu g1 + g2)") == said("momentum.txt", "= -eta (g1 + g2 + g1 mu) + w0")
    assert said("momentum.txt", "= w0 - eta (g1 + mu g1 + g2)") != said("momentum.txt", "= w0 - eta (g1 + mu g1 - g2)")


def test_most_slips_that_are_one_edit_are_repaired() -> None:
    single = [name for name in TRUE if INDEX[name]["one_edit"]]
    assert len(single) >= 30
    assert len([name for name in single if is_repaired(name)]) >= REPAIRED * len(single)
