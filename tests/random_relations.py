"""Inequalities made at random, some of them true, and numbers at which to hold them; all from a seed."""

from __future__ import annotations

import random
from typing import NamedTuple

from mpmath import mpf
from plain_values import Numbers

from backcheck.proving.names import Names

HEAD = """index i, j, k, m : K
vector z[k], v[k], x[k], t[k], p[k], q[k]
number y, a, u, c, w, r
let S = sum(k, exp(z[k]))
let s[i] = exp(z[i])/S
"""
GIVEN = {
    "y": "0 < y < 1",
    "a": "0 < a < 1",
    "u": "u > 0",
    "p": "p[k] > 0 ; q[k] > 0 ; sum(k, p[k]) = 1 ; sum(k, q[k]) = 1",
    "t": "t[k] >= 0 ; sum(k, t[k]) = 1",
    "x": "x[k] > 0",
    "z": "z[i] > z[k] for k != i",
    "c": "c >= 1",
    "r": "w < r",
}
LEAVES = [
    "y",
    "a",
    "u",
    "c",
    "w",
    "r",
    "z[i]",
    "z[j]",
    "x[i]",
    "v[j]",
    "p[i]",
    "t[i]",
    "1",
    "2",
    "1/2",
    "3",
    "K",
    "s[i]",
    "s[j]",
    "S",
]
NOT_NEGATIVE = ["u", "p[i]", "K", "s[i]", "1", "(1-y)", "y*a", "(1-s[i])", "sum(k,v[k]^2)", "sum(k,p[k]*x[k])"]
SHAPES = ["({0} + {1})", "({0} - {1})", "{0}*{1}", "({0})/({1})", "({0})^2", "exp({0})", "ln({0})", "relu({0})", "abs({0})"]
SHAPES += ["sigmoid({0})", "tanh({0})", "sqrt({0})", "max({0}, {1})", "softplus({0})", "({0} + {1})", "({0} - {1})", "{0}*{1}"]


class Made(NamedTuple):
    """A relation as text, and what is given with it."""

    given: tuple[str, ...]
    claim: str

    @property
    def text(self) -> str:
        return HEAD + "".join(f"given {GIVEN[one]}\n" for one in self.given) + f"claim {self.claim}"


def made(source: random.Random) -> Made:
    """Half of them two expressions side by side, half of them one and the same with something more that is often not negative."""
    given = tuple(one for one in GIVEN if source.random() < 0.3)
    if source.random() < 0.5:
        left, right = _expression(source, source.choice((1, 2, 2))), source.choice(("0", _expression(source, 1)))
    else:
        right = _expression(source, 2)
        left = f"{right} {source.choice('++-')} {_not_negative(source)}"
    sides = (left, right) if source.random() < 0.6 else (right, left)
    return Made(given, f"{sides[0]} {source.choice(('>=', '>=', '>', '<=', '<', '!='))} {sides[1]}")


def _expression(source: random.Random, depth: int, letters: str = "ij") -> str:
    if depth == 0 or source.random() < 0.15:
        return source.choice(LEAVES).replace("[i]", f"[{source.choice(letters)}]")
    if "k" not in letters and source.random() < 0.15:
        return f"{source.choice(('sum', 'sum', 'max'))}(k, {_expression(source, depth - 1, 'kki')})"
    return source.choice(SHAPES).format(*(_expression(source, depth - 1, letters) for _ in range(2)))


def _not_negative(source: random.Random) -> str:
    part = _expression(source, 1)
    return source.choice((f"({part})^2", f"abs({part})", f"exp({part})", f"relu({part})", *NOT_NEGATIVE))


# numbers that hold what is given, with equal ones and round ones among them

ROUND = tuple(map(mpf, (0, 1, -1, 2, -2, 3, 0.5, -0.5, 2.5)))


def numbers(source: random.Random, names: Names, given: tuple[str, ...]) -> Numbers:
    size = source.choice((1, 2, 3, 4, 5))
    letters = {letter: source.randint(1, size) for letter in "ijkm"}
    entries = {called: [_real(source) for _ in range(size)] for called in "zvxtpq"}
    entries["x"] = [_positive(source) for _ in range(size)] if "x" in given else entries["x"]
    entries |= {called: _adding_to_one(source, size) for called in "pq" if "p" in given}
    entries |= {"t": _adding_to_one(source, size, source.randrange(size))} if "t" in given else {}
    if source.random() < 0.25:
        entries |= {"z": [entries["z"][0]] * size, "q": entries["p"] if "p" in given else entries["q"]}
    if "z" in given:
        entries["z"][letters["i"] - 1] = max(entries["z"]) + _positive(source)
    scalars = {called: _real(source) for called in "yaucwr"}
    scalars |= {called: mpf(source.choice((0.5, 0.25, source.uniform(0.01, 0.99)))) for called in "ya" if called in given}
    scalars |= {"u": _positive(source)} if "u" in given else {}
    scalars |= {"c": 1 + abs(_real(source))} if "c" in given else {}
    scalars |= {"r": scalars["w"] + _positive(source)} if "r" in given else {}
    return Numbers(names, {"K": size}, letters, scalars, entries)


def _real(source: random.Random) -> mpf:
    return source.choice(ROUND) if source.random() < 0.6 else mpf(source.uniform(-4, 4))


def _positive(source: random.Random) -> mpf:
    return mpf(source.choice((1, 2, 0.5, source.uniform(0.01, 5))))


def _adding_to_one(source: random.Random, size: int, nothing_at: int = -1) -> list[mpf]:
    found = [mpf(0) if size > 1 and at == nothing_at else _positive(source) for at in range(size)]
    return [one / sum(found) for one in found]
