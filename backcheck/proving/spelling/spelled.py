"""A tree → text in the format of derivations, which reads back as the same tree; it knows no LaTeX and changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from backcheck.proving.statements import Relation
from backcheck.proving.tree import Tree

SUM, SIGNED, PRODUCT, POWER, ATOM = range(5)  # how tightly a text holds together
Text = tuple[str, int]


def spell(tree: Tree) -> str:
    """The text of a tree.

    >>> from backcheck.proving.reading.grammar import expression
    >>> spell(expression("y (1-a)/2 - sum_k -t[k] ln s[k]")), spell(expression("2(W x)[i]^T - [b c]d"))
    ('y*(1 - a)/2 - sum(k, -t[k]*ln(s[k]))', '2*(W*x)[i]^T - (b*c)*d')
    """
    return _write(tree)[0]


def spell_relation(relation: Relation) -> str:
    return f"{spell(relation.left)} {relation.sign} {spell(relation.right)}"


def _write(tree: Tree) -> Text:
    return RULES[tree.op](tree)


def _inside(tree: Tree, least: int) -> str:
    """A part, in brackets if it holds together less tightly than it has to."""
    text, level = _write(tree)
    return text if level >= least else f"({text})"


def _listed(parts: tuple[Tree, ...]) -> str:
    return ", ".join(spell(part) for part in parts)


def _plus(tree: Tree) -> Text:
    text = _inside(tree.parts[0], SIGNED)
    for term in tree.parts[1:]:
        sign, body = ("-", term.parts[0]) if term.op == "minus" else ("+", term)
        text += f" {sign} {_inside(body, PRODUCT)}"
    return text, SUM


def _minus(tree: Tree) -> Text:
    return "-" + _inside(tree.parts[0], PRODUCT), SIGNED


def _times(tree: Tree) -> Text:
    """A product that stands first in a product keeps its brackets, a fraction does without."""
    first, *rest = tree.parts
    head = _inside(first, PRODUCT if first.op == "over" else POWER)
    return "*".join([head, *(_inside(factor, POWER) for factor in rest)]), PRODUCT


def _over(tree: Tree) -> Text:
    top, bottom = tree.parts
    return f"{_inside(top, POWER if top.op == 'elementwise' else PRODUCT)}/{_inside(bottom, POWER)}", PRODUCT


def _elementwise(tree: Tree) -> Text:
    return " .* ".join(_inside(part, POWER) for part in tree.parts), PRODUCT


def _power(tree: Tree) -> Text:
    base, exponent = tree.parts
    return f"{_inside(base, ATOM)}^{_inside(exponent, ATOM)}", POWER


def _transpose(tree: Tree) -> Text:
    return f"{_inside(tree.parts[0], ATOM)}{tree.text or '^T'}", POWER


def _entry(tree: Tree) -> Text:
    of, *indices = tree.parts
    text = spell(of) if of.op in ("name", "call") else f"({spell(of)})"
    return f"{text}[{','.join(map(spell, indices))}]", ATOM


def _over_an_index(word: str) -> Callable[[Tree], Text]:
    def rule(tree: Tree) -> Text:
        body, *left_out = tree.parts
        ranges = [f"{tree.text} != {spell(index)}" for index in left_out] or [tree.text]
        return f"{word}({', '.join([*ranges, spell(body)])})", ATOM

    return rule


RULES: dict[str, Callable[[Tree], Text]] = {
    "number": lambda tree: (tree.text, ATOM),
    "name": lambda tree: (tree.text, ATOM),
    "infinity": lambda _: ("oo", ATOM),
    "entry": _entry,
    "plus": _plus,
    "minus": _minus,
    "times": _times,
    "over": _over,
    "elementwise": _elementwise,
    "power": _power,
    "transpose": _transpose,
    "call": lambda tree: (f"{tree.text}({_listed(tree.parts)})", ATOM),
    "total": _over_an_index("sum"),
    "largest": _over_an_index("max"),
    "slope": lambda tree: (f"d({_listed(tree.parts)})", ATOM),
}
