"""Steps of derivations made at random, true by rules of algebra and of differentiation, and slips; backcheck is unknown here."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

Node = tuple[Any, ...]  # ("+", a, b, …), ("z", "i"), ("sum", "k", body), ("d", body, by), …
HEAD = """index i, j, k, m : K
vector z[k], t[k]
matrix A[i,j]
number y, a
let S = sum(k, exp(z[k]))
let s[i] = exp(z[i])/S
"""
NUMBERS = ("y", "a")
FUNCTIONS = ("exp", "ln", "sqrt", "sigmoid", "tanh", "relu", "abs")


# as text


def text(node: Node) -> str:
    match node:
        case (int() as value,):
            return str(value)
        case (str() as name,):
            return name
        case ("z" | "t" | "s" as name, index):
            return f"{name}[{index}]"
        case ("A", one, other):
            return f"A[{one},{other}]"
        case ("+", *terms):
            return " + ".join(f"({text(term)})" for term in terms)
        case ("*", *factors):
            return "*".join(f"({text(factor)})" for factor in factors)
        case ("-", inner):
            return f"-({text(inner)})"
        case ("/", above, below):
            return f"({text(above)})/({text(below)})"
        case ("^", base, exponent):
            return f"({text(base)})^{exponent}"
        case ("sum", letter, body):
            return f"sum({letter}, {text(body)})"
        case ("sum", letter, body, left_out):
            return f"sum({letter} != {left_out}, {text(body)})"
        case ("delta", one, other):
            return f"delta({one},{other})"
        case ("d", body, by):
            return f"d({text(body)}, {text(by)})"
        case (function, inner):
            return f"{function}({text(inner)})"
    raise ValueError(node)


# expressions and what may be done to them


def made(r: random.Random, depth: int, letters: tuple[str, ...]) -> Node:
    """A random expression whose free letters are among these."""
    if depth == 0 or r.random() < 0.12:
        return r.choice(
            [(r.choice("zts"), r.choice(letters))] * 4
            + [("A", r.choice(letters), r.choice(letters))] * 2
            + [(r.choice(NUMBERS),)] * 2
            + [(r.choice((1, 2, 3)),), ("delta", *r.sample(letters, 2))]
        )
    kind = r.choice(("+", "+", "*", "*", "*", "-", "/", "^", "sum", "sum", "sum", "d", "function"))
    inner = [made(r, depth - 1, letters) for _ in range(3 if kind in "+*" and r.random() < 0.3 else 2)]
    if kind in "+*":
        return (kind, *inner)
    if kind == "^":
        return ("^", inner[0], r.choice((2, 2, 3, -1)))
    if kind == "sum":
        letter = r.choice("kkkmmmj")  # now and then one that stands for something else outside
        body = made(r, depth - 1, tuple(dict.fromkeys((*letters, letter))))
        return ("sum", letter, body, *([r.choice("ij")] if r.random() < 0.2 else []))
    if kind == "d":
        return ("d", inner[0], r.choice([("z", r.choice(letters)), ("y",), ("a",)]))
    return (r.choice((*FUNCTIONS, "exp", "ln")), inner[0]) if kind == "function" else (kind, *inner[: 1 if kind == "-" else 2])


def nodes(node: Node, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Node]]:
    """Every part that is an expression, and where it stands."""
    yield path, node
    for at, part in enumerate(node):
        if isinstance(part, tuple) and not (node[0] == "d" and at == 2):
            yield from nodes(part, (*path, at))


def put(node: Node, path: tuple[int, ...], new: Node) -> Node:
    return new if not path else (*node[: path[0]], put(node[path[0]], path[1:], new), *node[path[0] + 1 :])


def with_letter(node: Node, old: str, new: str) -> Node:
    """Another letter for one that stands free."""
    if node[0] == "sum" and node[1] == old:
        return (*node[:3], *(new if other == old else other for other in node[3:]))
    return tuple(
        with_letter(part, old, new) if isinstance(part, tuple) else new if part == old and at else part
        for at, part in enumerate(node)
    )


def free_letters(node: Node) -> set[str]:
    if node[0] == "sum":
        return (free_letters(node[2]) - {node[1]}) | {*node[3:]}
    found = {part for part in node[1:] if part in ("i", "j", "k", "m")}
    return found.union(*(free_letters(part) for part in node if isinstance(part, tuple)))


def same(r: random.Random, node: Node) -> Node | None:
    """The same expression, written otherwise by one rule; None where none fits."""
    found: list[Node] = []
    match node:
        case ("+" | "*" as op, *parts):
            found.append((op, *r.sample(parts, len(parts))))
            sums = [at for at, part in enumerate(parts) if part[0] == "+"]
            if op == "*" and sums:
                at = sums[0]
                found.append(("+", *(("*", *parts[:at], term, *parts[at + 1 :]) for term in parts[at][1:])))
        case ("^", base, 2):
            found.append(("*", base, base))
            if base[0] == "+" and len(base) == 3:
                found.append(("+", ("^", base[1], 2), ("*", (2,), base[1], base[2]), ("^", base[2], 2)))
        case ("^", base, -1):
            found.append(("/", (1,), base))
        case ("/", above, below):
            found.append(("*", above, ("^", below, -1)))
            if above[0] == "+":
                found.append(("+", *(("/", term, below) for term in above[1:])))
        case ("sum", letter, ("+", *terms)):
            found.append(("+", *(("sum", letter, term) for term in terms)))
        case ("sum", letter, ("*", *factors)) if any(letter not in free_letters(factor) for factor in factors):
            out = [factor for factor in factors if letter not in free_letters(factor)]
            stay = [factor for factor in factors if factor not in out] or [(1,)]
            found.append(("*", *out, ("sum", letter, ("*", *stay))))
        case ("sum", letter, body) if letter not in free_letters(body):
            found.append(("*", ("K",), body))
        case ("exp", ("+", *terms)):
            found.append(("*", *(("exp", term) for term in terms)))
        case ("sigmoid", inner):
            found.append(("+", (1,), ("-", ("sigmoid", ("-", inner)))))
            found.append(("/", (1,), ("+", (1,), ("exp", ("-", inner)))))
        case ("tanh", inner):
            found.append(("+", ("*", (2,), ("sigmoid", ("*", (2,), inner))), (-1,)))
        case ("abs", inner):
            found.append(("+", ("relu", inner), ("relu", ("-", inner))))
        case ("s", index):
            found.append(("/", ("exp", ("z", index)), ("S",)))
        case ("d", ("+", *terms), by):
            found.append(("+", *(("d", term, by) for term in terms)))
        case ("d", ("*", one, other), by):
            found.append(("+", ("*", ("d", one, by), other), ("*", one, ("d", other, by))))
        case ("d", ("/", one, other), by):
            above = ("+", ("*", ("d", one, by), other), ("-", ("*", one, ("d", other, by))))
            found.append(("/", above, ("^", other, 2)))
        case ("d", ("^", base, 2), by):
            found.append(("*", (2,), base, ("d", base, by)))
        case ("d", ("exp", inner), by):
            found.append(("*", ("exp", inner), ("d", inner, by)))
        case ("d", ("ln", inner), by):
            found.append(("/", ("d", inner, by), inner))
        case ("d", ("sigmoid", inner), by):
            found.append(("*", ("sigmoid", inner), ("+", (1,), ("-", ("sigmoid", inner))), ("d", inner, by)))
        case ("d", ("s", one), ("z", other)):
            found.append(("*", ("s", one), ("+", ("delta", one, other), ("-", ("s", other)))))
        case ("d", ("sum", letter, body), by) if letter not in by:
            found.append(("sum", letter, ("d", body, by)))
    if node[0] == "sum" and len(node) == 3:
        found.append(("+", with_letter(node[2], node[1], "i") if not _captures(node[2], "i") else (0,), ("sum", *node[1:], "i")))
        if found[-1][1] == (0,):
            found.pop()
    if "i" in free_letters(node) and "m" not in free_letters(node) and len(text(node)) < 40 and not _captures(node, "m"):
        found.append(("sum", "m", ("*", ("delta", "m", "i"), with_letter(node, "i", "m"))))
    return r.choice(found) if found else None


def _captures(node: Node, letter: str) -> bool:
    """Whether a sum inside runs over this letter, or leaves one out."""
    return any(part[0] == "sum" and (part[1] == letter or len(part) > 3) for _, part in nodes(node))


def slipped(r: random.Random, node: Node) -> Node:
    """One edit, as a slip of the hand makes it."""
    path, part = r.choice([*nodes(node)])
    match part:
        case ("+", *terms) if r.random() < 0.6:
            at = r.randrange(len(terms))
            new: Node = ("+", *terms[:at], ("-", terms[at]), *terms[at + 1 :])
        case ("+" | "*" as op, *parts) if len(parts) > 1:
            at = r.randrange(len(parts))
            left = parts[:at] + parts[at + 1 :]
            new = left[0] if len(left) == 1 else (op, *left)
        case ("z" | "t" | "s" as name, index):
            new = r.choice([(name, "j" if index == "i" else "i"), (r.choice("zts"), index)])
        case ("A", one, other):
            new = r.choice([("A", other, one), ("A", one, one)])
        case ("-", inner):
            new = inner
        case ("^", base, exponent):
            new = ("^", base, exponent + 1) if exponent != -1 else base
        case ("/", above, below):
            new = r.choice([("*", above, below), ("/", below, above)])
        case ("sum", *rest):
            new = ("sum", *rest[:2]) if len(rest) > 2 else ("sum", *rest, r.choice("ij"))
        case (int() as whole,):
            new = (whole + 1,)
        case _:
            new = r.choice([("*", (2,), part), ("-", part), ("^", part, 2)])
    return put(node, path, new)


class Case(NamedTuple):
    """A step, and whether it was made to be true."""

    left: Node
    right: Node
    is_true: bool

    @property
    def source(self) -> str:
        return f"{HEAD}{text(self.left)}\n= {text(self.right)}\n"


def cases(count: int, seed: int) -> Iterator[Case]:
    r = random.Random(seed)
    while count:
        left = made(r, r.choice((2, 2, 3, 3)), ("i", "j"))
        right = left
        for _ in range(r.choice((1, 2, 3, 4))):
            path, part = r.choice([*nodes(right)])
            new = same(r, part)
            right = right if new is None else put(right, path, new)
        is_true = r.random() < 0.5
        if not is_true:
            right = slipped(r, right)
        if right != left and max(len(text(left)), len(text(right))) < 300:
            count -= 1
            yield Case(left, right, is_true)
