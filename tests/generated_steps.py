"""Steps of derivations made at random, true ones and single slips, held against a second computation that shares nothing with backcheck.

    python tests/generated_steps.py 2000 --seed 1

A step is true by how it is made: rules of algebra and of differentiation applied to a random expression, for general K. A mutant has
one edit more. Each goes to `prove` as text; the second computation (50 digits, K = 2 … 5, derivatives by differences of high order)
says whether the two sides agree. `proven` of what differs, and `false` of what agrees wherever it means something, are faults.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from mpmath import mp, mpf

from backcheck.proving.judge import judge
from backcheck.proving.reading import read

mp.dps = 50
Node = tuple[Any, ...]  # ("+", a, b, …), ("z", "i"), ("sum", "k", body), ("d", body, by), …
HEAD = """index i, j, k, m : K
vector z[k], t[k]
let S = sum(k, exp(z[k]))
let s[i] = exp(z[i])/S
"""
NUMBERS = ("y", "a")
AGREE = mpf(10) ** -25


# as text


def text(node: Node) -> str:
    match node:
        case (int() as value,):
            return str(value)
        case (str() as name,):
            return name
        case ("z" | "t" | "s" as name, index):
            return f"{name}[{index}]"
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


# as numbers


class Nowhere(Exception):
    """A side means nothing at these numbers, or is too large to compare."""


FUNCTIONS = {
    "exp": mp.exp,
    "ln": mp.log,
    "sqrt": mp.sqrt,
    "sigmoid": lambda u: 1 / (1 + mp.exp(-u)),
    "tanh": mp.tanh,
    "relu": lambda u: max(u, mpf(0)),
    "abs": abs,
}
POSITIVE = ("ln", "sqrt")
KINKED = ("relu", "abs")


def value(node: Node, numbers: dict[Any, Any], at: dict[str, int]) -> Any:
    """What a side is worth, where its letters stand at these places."""
    K = numbers["K"]
    match node:
        case (int() as whole,):
            return mpf(whole)
        case ("S",):
            return mp.fsum(mp.exp(numbers["z", n]) for n in range(K))
        case ("K",):
            return mpf(K)
        case (str() as name,):
            return numbers[name]
        case ("s", index):
            return mp.exp(numbers["z", at[index]]) / value(("S",), numbers, at)
        case ("z" | "t" as name, index):
            return numbers[name, at[index]]
        case ("+", *terms):
            return mp.fsum(value(term, numbers, at) for term in terms)
        case ("*", *factors):
            return mp.fprod(value(factor, numbers, at) for factor in factors)
        case ("-", inner):
            return -value(inner, numbers, at)
        case ("/", above, below):
            return value(above, numbers, at) / _not_small(value(below, numbers, at))
        case ("^", base, exponent):
            inner = value(base, numbers, at)
            return (inner if exponent > 0 else _not_small(inner)) ** exponent
        case ("sum", letter, body, *left_out):
            places = [n for n in range(K) if all(n != at[other] for other in left_out)]
            return mp.fsum(value(body, numbers, {**at, letter: n}) for n in places)
        case ("delta", one, other):
            return mpf(at[one] == at[other])
        case ("d", body, by):
            return _slope(body, by, numbers, at)
        case (function, inner):
            return _called(function, value(inner, numbers, at))
    raise ValueError(node)


def _not_small(number: Any) -> Any:
    if abs(number) < mpf(10) ** -8:
        raise Nowhere
    return number


def _called(function: str, u: Any) -> Any:
    if (function in POSITIVE and u < mpf(10) ** -6) or (function in KINKED and abs(u) < mpf(10) ** -6) or abs(u) > 60:
        raise Nowhere
    return FUNCTIONS[function](u)


def _slope(body: Node, by: Node, numbers: dict[Any, Any], at: dict[str, int]) -> Any:
    """Central differences with steps h … 4h: an error of about h^8, far below what is compared."""
    place: Any = by[0] if len(by) == 1 else (by[0], at[by[1]])
    h = mpf(10) ** -6

    def moved(steps: int) -> Any:
        return value(body, {**numbers, place: numbers[place] + steps * h}, at)

    weights = ((1, mpf(4) / 5), (2, -mpf(1) / 5), (3, mpf(4) / 105), (4, -mpf(1) / 280))
    return mp.fsum(weight * (moved(n) - moved(-n)) for n, weight in weights) / h


def differ(left: Node, right: Node, seed: int) -> tuple[int, int]:
    """At how many points the sides could be compared, and at how many they differ."""
    r = random.Random(seed)
    compared = different = 0
    for K in (2, 3, 4, 5):
        for _ in range(5):
            numbers: dict[Any, Any] = {"K": K, "y": _number(r), "a": _number(r)}
            numbers |= {(name, n): _number(r) for name in "zt" for n in range(K)}
            at = {"i": r.randrange(K), "j": r.randrange(K)}
            try:
                one, other = (value(side, numbers, at) for side in (left, right))
            except (Nowhere, ZeroDivisionError, OverflowError):
                continue
            if max(abs(one), abs(other)) > mpf(10) ** 9:
                continue
            compared += 1
            different += abs(one - other) > AGREE * (1 + abs(one) + abs(other))
    return compared, different


def _number(r: random.Random) -> Any:
    return mpf(r.choice((1, 1, -1)) * r.randrange(1, 300)) / r.choice((97, 101, 103, 107))


# expressions and what may be done to them


def made(r: random.Random, depth: int, letters: tuple[str, ...]) -> Node:
    """A random expression whose free letters are among these."""
    if depth == 0 or r.random() < 0.12:
        return r.choice(
            [(r.choice("zts"), r.choice(letters))] * 4 + [(r.choice(NUMBERS),)] * 2 + [(r.choice((1, 2, 3)),), ("delta", *r.sample(letters, 2))]
        )
    kind = r.choice(("+", "+", "*", "*", "*", "-", "/", "^", "sum", "sum", "sum", "d", "function"))
    inner = [made(r, depth - 1, letters) for _ in range(3 if kind in "+*" and r.random() < 0.3 else 2)]
    if kind in "+*":
        return (kind, *inner)
    if kind == "^":
        return ("^", inner[0], r.choice((2, 2, 3, -1)))
    if kind == "sum":
        letter = r.choice([letter for letter in "km" if letter not in letters] or ["k"])
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
        with_letter(part, old, new) if isinstance(part, tuple) else new if part == old and at else part for at, part in enumerate(node)
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
        case ("+" | "*" as op, *parts):
            at = r.randrange(len(parts))
            left = parts[:at] + parts[at + 1 :]
            new = left[0] if len(left) == 1 else (op, *left)
        case ("z" | "t" | "s" as name, index):
            new = r.choice([(name, "j" if index == "i" else "i"), (r.choice("zts"), index)])
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


class Tally(NamedTuple):
    """What came of many steps."""

    verdicts: Counter[tuple[str, str]]
    faults: list[str]
    seconds: list[float]


def run(count: int, seed: int) -> Tally:
    verdicts: Counter[tuple[str, str]] = Counter()
    faults, seconds = [], []
    for at, case in enumerate(cases(count, seed)):
        start = time.perf_counter()
        found = judge(read(case.source, "text"))
        seconds.append(time.perf_counter() - start)
        verdict = found.lines[-1].verdict if found.lines else "nothing"
        compared, different = differ(case.left, case.right, seed * 100_003 + at)
        truth = "nowhere" if not compared else "different" if different else "equal"
        verdicts[truth, verdict] += 1
        wrong = (verdict == "proven" and truth == "different") or (verdict == "false" and truth == "equal")
        if wrong or found.faults or verdict == "not understood" or (case.is_true and truth == "different"):
            faults.append(f"{verdict}, but {truth} at {compared} points{' (by its making true)' if case.is_true else ''}:\n{case.source}")
    return Tally(verdicts, faults, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    found = run(asked.count, asked.seed)
    for fault in found.faults:
        print(fault)
    for (truth, verdict), count in sorted(found.verdicts.items()):
        print(f"{truth:10} {verdict:16} {count:6}")
    times = sorted(found.seconds)
    print(f"{len(found.faults)} faults in {asked.count} steps; ", end="")
    print(f"median {times[len(times) // 2] * 1e3:.1f} ms, 95 of 100 below {times[int(len(times) * 0.95)] * 1e3:.0f} ms, slowest {times[-1] * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
