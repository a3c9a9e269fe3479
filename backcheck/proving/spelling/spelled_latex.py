r"""A tree → LaTeX, which reads back as the same tree where its names are declared; it changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from backcheck.proving.spelling.spellings import GREEK
from backcheck.proving.tree import BINDERS, Tree

TRANSPOSED = r"^{\top}"
SUM, SIGNED, OPEN, PRODUCT, POWER, ATOM = range(6)  # how tightly a text holds together; an open one takes all factors that follow
Text = tuple[str, int]

LETTERS = {*GREEK.values(), "ell"}
HAT = re.compile(r"(.+)(hat|bar|tilde)")
COMMANDS = {"ln", "tanh", "max", "min"}
MADE_UP = "~·"  # around an index that nobody typed


def latex(tree: Tree) -> str:
    r"""The LaTeX of a tree.

    >>> from backcheck.proving.reading.grammar import expression
    >>> print(latex(expression("sum(k != i, t[k] ln(s[k]))/2")))
    \frac{\sum_{k \neq i} t_{k} \ln\left(s_{k}\right)}{2}
    >>> print(latex(expression("d(e^x, x) (1 - a)")))
    \left(\frac{\partial}{\partial x}\left(e^{x}\right)\right) \left(1 - a\right)
    """
    return _write(tree)[0]


def _write(tree: Tree) -> Text:
    return RULES[tree.op](tree)


def _around(text: str) -> str:
    return rf"\left({text}\right)"


def _inside(tree: Tree, least: int) -> str:
    text, level = _write(tree)
    return text if level >= least else _around(text)


def _listed(parts: tuple[Tree, ...]) -> str:
    return ", ".join(latex(part) for part in parts)


def _name(text: str) -> str:
    """
    >>> _name("sigma_1"), _name("w12"), _name("yhat"), _name("z_new"), _name("k~")
    ('\\\\sigma_{1}', 'w_{12}', '\\\\hat{y}', 'z_{\\\\mathrm{new}}', '\\\\tilde{k}')
    """
    stem, _, below = text.partition("_")
    if not below and (numbered := re.fullmatch(r"([^\W\d_]+)([0-9]+)", stem)):
        stem, below = numbered.groups()
    if stem.endswith("~"):
        head = rf"\tilde{{{_name(stem.strip(MADE_UP))}}}"
    elif (worn := HAT.fullmatch(stem)) and (len(worn[1]) == 1 or worn[1] in LETTERS):
        head = rf"\{worn[2]}{{{_name(worn[1])}}}"
    else:
        head = rf"\{stem}" if stem in LETTERS else stem if len(stem) == 1 else rf"\mathrm{{{stem}}}"
    return rf"{head}_{{{below if len(below) == 1 or below.isdecimal() else _name(below)}}}" if below else head


# one rule for each operation


def _plus(tree: Tree) -> Text:
    text = _inside(tree.parts[0], SIGNED)
    for term in tree.parts[1:]:
        sign, body = ("-", term.parts[0]) if term.op == "minus" else ("+", term)
        text += f" {sign} {_inside(body, OPEN)}"
    return text, SUM


def _times(tree: Tree) -> Text:
    *before, last = tree.parts
    text, level = _write(last)
    if level < POWER and last.op not in BINDERS:
        text, level = _around(text), ATOM
    for factor in reversed(before):
        sign = r"\cdot " if text[0].isdigit() else ""
        text = f"{_inside(factor, POWER)} {sign}{text}"
    return text, OPEN if level == OPEN else PRODUCT


def _elementwise(tree: Tree) -> Text:
    return r" \odot ".join(_inside(part, POWER) for part in tree.parts), PRODUCT


def _power(tree: Tree) -> Text:
    base, exponent = tree.parts
    return f"{_inside(base, ATOM)}^{{{latex(exponent)}}}", POWER


def _entry(tree: Tree) -> Text:
    of, *indices = tree.parts
    bare = of.op == "name" or (of.op == "call" and of.text not in CALLS)
    text = latex(of) if bare else _around(latex(of))
    return f"{text}_{{{', '.join(latex(index) for index in indices)}}}", ATOM


def _call(tree: Tree) -> Text:
    word = tree.text.rstrip("'")
    primes = tree.text[len(word) :]
    if tree.text in CALLS:
        return CALLS[tree.text](tree)
    shown = rf"\{word}" if word in COMMANDS else r"\sigma" if word == "sigmoid" else _name(word)
    return rf"{shown}{primes}\left({_listed(tree.parts)}\right)", ATOM


def _bars(bar: str) -> Callable[[Tree], Text]:
    return lambda tree: (rf"\left{bar} {_listed(tree.parts)} \right{bar}", ATOM)


CALLS: dict[str, Callable[[Tree], Text]] = {
    "exp": lambda tree: (f"e^{{{latex(tree.parts[0])}}}", POWER),
    "sqrt": lambda tree: (rf"\sqrt{{{latex(tree.parts[0])}}}", ATOM),
    "delta": lambda tree: (rf"\delta_{{{_listed(tree.parts)}}}", ATOM),
    "abs": _bars("|"),
    "norm": _bars(r"\|"),
}


def _over_an_index(command: str) -> Callable[[Tree], Text]:
    def rule(tree: Tree) -> Text:
        body, *left_out = tree.parts
        letter = _name(tree.text)
        ranges = ", ".join(rf"{letter} \neq {latex(index)}" for index in left_out) or letter
        return rf"\{command}_{{{ranges}}} {_inside(body, OPEN)}", OPEN

    return rule


def _slope(tree: Tree) -> Text:
    """What is not one letter stands beside the fraction, in brackets; a further factor would not be told from it."""
    body, *by = tree.parts
    order = f"^{{{len(by)}}}" if len(by) > 1 else ""
    alike = all(each == by[0] for each in by)
    below = rf"\partial {latex(by[0])}{order}" if alike else " ".join(rf"\partial {latex(each)}" for each in by)
    if body.op in ("name", "entry"):
        return rf"\frac{{\partial{order} {latex(body)}}}{{{below}}}", POWER
    return rf"\frac{{\partial{order}}}{{{below}}}{_around(latex(body))}", PRODUCT


RULES: dict[str, Callable[[Tree], Text]] = {
    "number": lambda tree: (tree.text, ATOM),
    "name": lambda tree: (_name(tree.text), ATOM),
    "infinity": lambda _: (r"\infty", ATOM),
    "entry": _entry,
    "plus": _plus,
    "minus": lambda tree: ("-" + _inside(tree.parts[0], OPEN), SIGNED),
    "times": _times,
    "over": lambda tree: (rf"\frac{{{latex(tree.parts[0])}}}{{{latex(tree.parts[1])}}}", POWER),
    "elementwise": _elementwise,
    "power": _power,
    "transpose": lambda tree: (f"{_inside(tree.parts[0], ATOM)}{tree.text or TRANSPOSED}", POWER),
    "call": _call,
    "total": _over_an_index("sum"),
    "largest": _over_an_index("max"),
    "slope": _slope,
}
