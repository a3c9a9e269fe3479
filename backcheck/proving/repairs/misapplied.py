"""Rules that do not hold, used on the line before: where one gives the wrong line, that was the mistake; it knows no edits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from backcheck.proving.repairs.places import put_at
from backcheck.proving.repairs.right_rules import RIGHT_RULES
from backcheck.proving.repairs.wrong import Test, Wrong
from backcheck.proving.repairs.wrong_rules import WRONG_RULES, Rule
from backcheck.proving.tree import Tree, bare, changed, walk

MOST_TRIED = 40  # lines that a rule might have given


def misapplied(wrong: Wrong, slip: str) -> bool:
    """Whether the line before becomes the wrong line by one rule that does not hold, at one place or everywhere."""
    before = bare(wrong.before)
    lines = dict.fromkeys((before, wrong.opened(before, wrong.variable)))
    found = (line for before in lines for line in _used(before, WRONG_RULES[slip]))
    return any(wrong.agrees(line, wrong.line) for line in dict.fromkeys(islice(found, MOST_TRIED)))


def is_misapplied(wrong: Wrong, slip: str) -> bool:
    """The same for any id of a slip."""
    return slip in WRONG_RULES and misapplied(wrong, slip)


def _used(line: Tree, rule: Rule) -> Iterator[Tree]:
    yield from _at_one_place(line, line, (), rule)
    everywhere = changed(line, lambda node: next(rule(node), node))
    if all(node.op != "slope" for node in walk(line)) and everywhere != line:
        yield everywhere


def _at_one_place(line: Tree, node: Tree, path: tuple[int, ...], rule: Rule) -> Iterator[Tree]:
    yield from (put_at(line, path, other) for other in rule(node))
    for at, part in enumerate(node.parts if node.op != "slope" else ()):  # what is differentiated is not there any more
        yield from _at_one_place(line, part, (*path, at), rule)


# what would have been right


def right_instead(wrong: Wrong, slip: str) -> Tree | None:
    """The line before with the rule that holds, where the one that does not hold was used."""
    before, rule, right = bare(wrong.before), WRONG_RULES.get(slip), RIGHT_RULES.get(slip)
    if rule is None or right is None:
        return None
    return next((line for line in _rightly(before, before, (), rule, right, wrong)), None)


def _rightly(line: Tree, node: Tree, path: tuple[int, ...], rule: Rule, right: Rule, wrong: Wrong) -> Iterator[Tree]:
    if any(wrong.agrees(put_at(line, path, other), wrong.line) for other in islice(rule(node), 2)):
        yield from (put_at(line, path, other) for other in right(node))
    for at, part in enumerate(node.parts if node.op != "slope" else ()):
        yield from _rightly(line, part, (*path, at), rule, right, wrong)


def by_rule(slip: str, other: Test | None = None) -> Test:
    """The wrong rule gives the line; or another test says so."""
    return lambda wrong: bool(other and other(wrong)) or misapplied(wrong, slip)


def linear(slip: str, what: str) -> Test:
    """A rule of linearity for something that is not linear, f(a) + f(b) for f(a + b): the edit or the rule says so."""

    def of_edit(wrong: Wrong) -> bool:
        meant = wrong.meant
        if not wrong.is_a("linearity") or meant is None or what not in (meant.op, meant.text):
            return False
        return what in ("total", "slope") or meant.parts[-1 if what == "over" else 0].op in ("plus", "total")

    return by_rule(slip, of_edit)
