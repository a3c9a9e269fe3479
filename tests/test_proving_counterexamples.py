"""Numbers that are shown against a line, worked out once more as they are printed, with mpmath: a road of the tests' own.

Slopes are quotients of differences here, so that no rule of differentiation of the program is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from mpmath import diff, exp, log, mp, mpf, sqrt, tanh, workdps

from backcheck.proving.decide import decide
from backcheck.proving.judging.judge import judge
from backcheck.proving.names import Scene
from backcheck.proving.reading import read
from backcheck.proving.statements import Relation, letters_of_given
from backcheck.proving.tree import BINDERS, Tree, free
from backcheck.proving.verdict import FALSE, Counterexample, Decision, Number

FOLDER = Path(__file__).parent.parent / "problems" / "derivations"
KINDS = {".txt": "text", ".md": "markdown", ".yaml": "yaml"}
TWINS = sorted(path.name for path in FOLDER.glob("*.slip.*"))
CLOSE, ROUNDED = mpf(10) ** -12, mpf(10) ** -5  # of numbers that are printed exactly, and of others
TERM = re.compile(r"([+-]?)(?:([\d/]+) ?)?(?:ln (\d+))?")
OPEN: dict[str, Callable[[Any], Any]] = {
    "u^2 + u": lambda u: u * u + u,
    "u^3 - u + 1": lambda u: u**3 - u + 1,
    "u^3 + 2 u^2 + 3": lambda u: u**3 + 2 * u * u + 3,
    "u^3 + u": lambda u: u**3 + u,
    "2 u + 1": lambda u: 2 * u + 1,
    "u": lambda u: u,
    "1": lambda u: mpf(1),
    "relu(u)": lambda u: max(u, mpf(0)),
}
OURS: dict[str, Callable[..., Any]] = {
    "exp": exp,
    "ln": log,
    "sqrt": sqrt,
    "tanh": tanh,
    "abs": abs,
    "max": max,
    "min": min,
    "relu": lambda x: max(x, mpf(0)),
    "step": lambda x: mpf(x > 0),
    "sign": lambda x: mpf((x > 0) - (x < 0)),
    "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "softplus": lambda x: log(1 + exp(x)),
    "xor": lambda x, y: mpf(x != y),
}


def printed(number: Number) -> Any:
    """The number as it stands on the page: 2/9, 1/2 ln 3 - 1, 0.731059."""
    if not number.exact:
        return mpf(number.decimal)
    total = mpf(0)
    for sign, factor, prime in TERM.findall(number.exact.replace(" + ", "+").replace(" - ", "-")):
        if factor or prime:
            top, _, bottom = (factor or "1").partition("/")
            total += (-1 if sign == "-" else 1) * mpf(top) / mpf(bottom or "1") * (log(int(prime)) if prime else 1)
    return total


class Page:
    """The printed numbers, and what the derivation says its names stand for."""

    def __init__(self, found: Counterexample, scene: Scene) -> None:
        self.names, self.sizes, self.letters = scene.names, dict(found.sizes), dict(found.indices)
        self.values: dict[tuple[Any, ...], Any] = {}
        self.functions: dict[str, Callable[[Any], Any]] = {}
        self.exact = True
        for called, number in found.values:
            head, _, at = called.rstrip("])").partition("[" if called.endswith("]") else "(")
            if called.endswith("(u)"):
                self.functions[head] = OPEN[number.exact]
            else:
                self.exact &= bool(number.exact)
                self.values[head, *map(int, filter(None, at.split(",")))] = printed(number)

    def range(self, letter: str) -> range:
        size = self.names.size(letter)
        return range(1, (int(size) if size.isdigit() else self.sizes[size]) + 1)

    def read(self, key: tuple[Any, ...], fixed: Mapping[Any, Any]) -> Any:
        if key in fixed or key in self.values:
            return fixed.get(key, self.values.get(key))
        if key[0] in self.sizes:
            return mpf(self.sizes[key[0]])
        definition = self.names.defined[key[0]]
        return self.value(definition.body, {**self.letters, **dict(zip(definition.indices, key[1:], strict=True))}, fixed)

    def call(self, name: str, fixed: Mapping[Any, Any]) -> Callable[..., Any]:
        if name.endswith("'"):
            below = self.call(name[:-1], fixed)
            return lambda x: diff(below, x)
        if name in self.functions or name not in self.names.defined:
            return self.functions.get(name) or OURS[name]
        called = self.names.defined[name]
        return lambda *at: self.value(called.body, {**self.letters, **dict(zip(called.arguments, at, strict=True))}, fixed)

    def value(self, tree: Tree, local: Mapping[str, Any], fixed: Mapping[Any, Any]) -> Any:
        if tree.op in ("name", "entry"):
            if tree.op == "name" and tree.text in local:
                return mpf(local[tree.text])
            return self.read(self.key(tree, local), fixed)
        if tree.op in BINDERS:
            left_out = [self.index(part, local) for part in tree.parts[1:]]
            own = [at for at in self.range(tree.text) if at not in left_out]
            terms = [self.value(tree.parts[0], {**local, tree.text: at}, fixed) for at in own]
            return sum(terms, mpf(0)) if tree.op == "total" else max(terms)
        if tree.op == "slope":
            return self.slope(tree, local, fixed)
        if tree.op == "call" and tree.text == "delta":
            return mpf(self.index(tree.parts[0], local) == self.index(tree.parts[1], local))
        parts = [self.value(part, local, fixed) for part in tree.parts]
        return self.call(tree.text, fixed)(*parts) if tree.op == "call" else RULES[tree.op](tree, parts)

    def slope(self, tree: Tree, local: Mapping[str, Any], fixed: Mapping[Any, Any]) -> Any:
        """By names and entries that are variables of their own inside, at the values they have."""
        keys = [self.key(by, local) for by in tree.parts[1:]]
        own = {key: self.read(key, fixed) for key in keys}

        def by(keys: list[Any], at: Mapping[Any, Any]) -> Any:
            if not keys:
                return self.value(tree.parts[0], local, at)
            return diff(lambda x: by(keys[1:], {**at, keys[0]: x}), at[keys[0]])

        return by(keys, {**fixed, **own})

    def key(self, tree: Tree, local: Mapping[str, Any]) -> tuple[Any, ...]:
        return (tree.text,) if tree.op == "name" else (tree.parts[0].text, *(self.index(part, local) for part in tree.parts[1:]))

    def index(self, tree: Tree, local: Mapping[str, Any]) -> int:
        return int(tree.text) if tree.op == "number" else int(local[tree.text])


RULES: dict[str, Callable[[Tree, list[Any]], Any]] = {
    "number": lambda tree, _: mpf(tree.text),
    "plus": lambda _, parts: sum(parts, mpf(0)),
    "minus": lambda _, parts: -parts[0],
    "times": lambda _, parts: mp.fprod(parts),
    "over": lambda _, parts: parts[0] / parts[1],
    "power": lambda _, parts: parts[0] ** parts[1],
}
HOLDS: dict[str, Callable[[Any], bool]] = {
    "=": lambda gap: gap == 0,
    "!=": lambda gap: gap != 0,
    "<": lambda gap: gap < 0,
    "<=": lambda gap: gap <= 0,
    ">": lambda gap: gap > 0,
    ">=": lambda gap: gap >= 0,
}


def holds(relation: Relation, page: Page, local: Mapping[str, Any]) -> bool:
    left, right = (page.value(side, local, {}) for side in (relation.left, relation.right))
    gap = left - right
    close = (CLOSE if page.exact else ROUNDED) * (1 + abs(left) + abs(right))
    return HOLDS[relation.sign](0 if abs(gap) < close else gap)


def given(relation: Relation, page: Page) -> list[bool]:
    """Whether it is true, for each value of the letters it is meant for; none, where it is about numbers that are not printed."""
    letters = tuple(name for name in free(relation.left) if page.names.is_letter(name))
    each, found = letters_of_given(relation, letters), []
    for values in product(*(page.range(letter) for letter, _ in each)):
        local = {**page.letters, **dict(zip(dict(each), values, strict=True))}
        if not any(local[letter] == local.get(other) for letter, apart in each for other in apart):
            try:
                found.append(holds(relation, page, local))
            except KeyError:
                return []
    return found


@cache
def shown(name: str) -> list[tuple[Relation, Scene, Counterexample]]:
    """All that is called false in a file, with what it was asked under."""
    found: list[tuple[Relation, Scene, Counterexample]] = []

    def kept(relation: Relation, scene: Scene) -> Decision:
        decision = decide(relation, scene)
        if decision.verdict == FALSE and decision.counterexample is not None:
            found.append((relation, scene, decision.counterexample))
        return decision

    judge(read((FOLDER / name).read_text(encoding="utf-8"), KINDS[Path(name).suffix]), decide=kept)
    return found


@pytest.mark.parametrize("name", TWINS)
def test_what_is_shown_refutes_the_line_and_leaves_true_what_is_given(name: str) -> None:
    for relation, scene, found in shown(name):
        page = Page(found, scene)
        with workdps(50):
            assert not holds(relation, page, page.letters), found
            for side, number in ((relation.left, found.left), (relation.right, found.right)):
                value = page.value(side, page.letters, {})
                assert abs(value - printed(number)) <= ROUNDED * (1 + abs(value)), found
            assert all(holds(case, page, page.letters) for case in scene.case), found
            for known in (*scene.given, *(Relation("=", *place) for place in scene.at)):
                assert all(given(known, page)), (known, found)


def test_most_of_what_is_given_can_be_read_off_the_page() -> None:
    counts = [bool(given(known, Page(found, scene))) for name in TWINS for _, scene, found in shown(name) for known in scene.given]
    assert sum(counts) >= 0.8 * len(counts) > 20
