"""Steps made at random, given to `prove`, and held against a second computation that shares nothing with backcheck.

    python tests/generated_steps.py 2000 --seed 1

A step is true by how it is made (`random_steps`), for general K; a mutant has one edit more. Each goes to `prove` as text. The
second computation (50 digits, K = 2 … 5, derivatives by differences of high order) says whether the two sides agree. `proven` of
what differs is a fault, and so is `false` of what agrees wherever it means something.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from typing import Any, NamedTuple

from mpmath import mp, mpf
from random_steps import Node, cases

from backcheck.proving.judging.judge import judge
from backcheck.proving.reading import read

mp.dps = 50
AGREE = mpf(10) ** -25


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
        case ("A", one, other):
            return numbers["A", at[one], at[other]]
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
            return _called(function, value(inner, numbers, at), "moving" in numbers)
    raise ValueError(node)


def _not_small(number: Any) -> Any:
    if abs(number) < mpf(10) ** -8:
        raise Nowhere
    return number


def _called(function: str, u: Any, moving: bool) -> Any:
    """A function of a number; near a kink it has no slope."""
    near_zero = u < mpf(10) ** -6 and (u != 0 or moving or function == "ln")
    if (function in POSITIVE and near_zero) or (function in KINKED and moving and abs(u) < mpf(10) ** -3) or abs(u) > 60:
        raise Nowhere
    return FUNCTIONS[function](u)


def _slope(body: Node, by: Node, numbers: dict[Any, Any], at: dict[str, int]) -> Any:
    """Central differences with steps h … 4h: an error of about h^8, far below what is compared."""
    place: Any = by[0] if len(by) == 1 else (by[0], at[by[1]])
    h = mpf(10) ** -6

    def moved(steps: int) -> Any:
        return value(body, {**numbers, place: numbers[place] + steps * h, "moving": True}, at)

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
            numbers |= {("A", n, m): _number(r) for n in range(K) for m in range(K)}
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
            faults.append(
                f"{verdict}, but {truth} at {compared} points{' (by its making true)' if case.is_true else ''}:\n{case.source}"
            )
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
    half, most = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"{len(found.faults)} faults in {asked.count} steps")
    print(f"median {half * 1e3:.1f} ms, 95 of 100 below {most * 1e3:.0f} ms, slowest {times[-1] * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
