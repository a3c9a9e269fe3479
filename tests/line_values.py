"""The value of a line as it was written, in floats at one random point: a road of the tests' own."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence

from backcheck.proving.names import Names
from backcheck.proving.tree import Tree, free

STEP = 2e-4  # of a difference; four points, so that the error is of the order of 1e-12
CALLS: dict[str, Callable[..., float]] = {
    "exp": math.exp,
    "ln": math.log,
    "sqrt": math.sqrt,
    "abs": abs,
    "relu": lambda x: max(x, 0.0),
    "step": lambda x: float(x > 0),
    "sign": lambda x: math.copysign(1, x),
    "max": max,
    "min": min,
    "tanh": math.tanh,
    "tanh'": lambda x: 1 - math.tanh(x) ** 2,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "sigmoid'": lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2,
    "softplus": lambda x: math.log1p(math.exp(x)),
    "f": lambda x: x**3 + 2 * x,
    "f'": lambda x: 3 * x**2 + 2,
    "delta": lambda i, j: float(i == j),
}


class Values:
    """Numbers for all names, at one size of every range; what was worked once is kept as long as the trees live."""

    def __init__(self, names: Names, seed: int, size: int, one_hot: tuple[str, ...] = (), sum_one: tuple[str, ...] = ()) -> None:
        self.names, self.random, self.size = names, random.Random(seed), size
        self.leaves: dict[tuple[object, ...], float] = {}
        self.hot, self.one = one_hot, sum_one
        self.shift: dict[tuple[object, ...], float] = {}
        self.memo: dict[tuple[object, ...], float] = {}
        self.free: dict[int, tuple[str, ...]] = {}
        self.kept: list[Tree] = []

    def range(self, letter: str) -> range:
        size = self.names.size(letter)
        return range(int(size) if size.isdigit() else self.of_size(size))

    def of_size(self, size: str) -> int:
        return self.size + sorted(self.names.sizes).index(size)

    def leaf(self, key: tuple[object, ...]) -> float:
        if len(key) != 1 + len(self.names.shapes[str(key[0])]):
            raise KeyError(key)  # a vector by itself
        if key not in self.leaves:
            if key[0] in self.one:
                drawn = [self.random.uniform(0.2, 0.8) for _ in range(self.of_size(self.names.shapes[str(key[0])][0]))]
                self.leaves |= {(key[0], k): value / sum(drawn) for k, value in enumerate(drawn)}
            else:
                self.leaves[key] = self.random.uniform(0.2, 0.8)
        return self.leaves[key]

    def quantity(self, name: str, at: tuple[int, ...]) -> float:
        key = (name, *at)
        if key in self.shift:
            return self.shift[key]
        if name in self.hot:
            return float(at[0] == 0)
        definition = self.names.defined.get(name)
        if definition:
            return self.value(definition.body, dict(zip(definition.indices, at, strict=True)))
        if name in self.names.sizes:
            return float(self.of_size(name))
        return self.leaf(key)

    def value(self, tree: Tree, env: dict[str, float]) -> float:
        known = self.free.get(id(tree))
        if known is None:
            self.kept.append(tree)
            known = self.free[id(tree)] = tuple(free(tree))
        key = (id(tree), *[env.get(one) for one in known], *self.shift.items())
        found = self.memo.get(key)
        if found is None:
            found = self.memo[key] = self.work(tree, env)
        return found

    def index(self, tree: Tree, env: dict[str, float]) -> int:
        return int(tree.text) - 1 if tree.op == "number" else int(env[tree.text])

    def work(self, tree: Tree, env: dict[str, float]) -> float:
        parts = tree.parts
        match tree.op:
            case "number":
                return float(tree.text)
            case "name":
                return env[tree.text] if tree.text in env else self.quantity(tree.text, ())
            case "entry":
                return self.quantity(parts[0].text, tuple(self.index(part, env) for part in parts[1:]))
            case "plus":
                return sum(self.value(part, env) for part in parts)
            case "minus":
                return -self.value(parts[0], env)
            case "times":
                return math.prod(self.value(part, env) for part in parts)
            case "over":
                return self.value(parts[0], env) / self.value(parts[1], env)
            case "power":
                return math.pow(self.value(parts[0], env), self.value(parts[1], env))
            case "total" | "largest":
                out = {self.index(part, env) for part in parts[1:]}
                worked = [self.value(parts[0], {**env, tree.text: k}) for k in self.range(tree.text) if k not in out]
                return sum(worked) if tree.op == "total" else max(worked)
            case "slope":
                return self.slope(parts[0], parts[1:], env)
            case "call":
                if tree.text in self.names.defined:
                    definition = self.names.defined[tree.text]
                    return self.value(
                        definition.body, dict(zip(definition.arguments, [self.value(part, env) for part in parts], strict=True))
                    )
                return CALLS[tree.text](*(self.value(part, env) for part in parts))
        raise KeyError(tree.op)

    def slope(self, body: Tree, by: tuple[Tree, ...], env: dict[str, float]) -> float:
        if not by:
            return self.value(body, env)
        *first, last = by
        if last.op == "name":
            key: tuple[object, ...] = (last.text,)
        else:
            key = (last.parts[0].text, *(self.index(part, env) for part in last.parts[1:]))
        at, before = self.quantity(str(key[0]), key[1:]), dict(self.shift)  # type: ignore[arg-type]
        found = []
        try:
            for h in (-2, -1, 1, 2):
                self.shift = {**before, key: at + h * STEP}
                found.append(self.slope(body, tuple(first), env))
        finally:
            self.shift = before
        return (found[0] - 8 * found[1] + 8 * found[2] - found[3]) / (12 * STEP)


def same(values: Values, left: Tree, right: Tree, letters: Sequence[Mapping[str, float]]) -> bool:
    """Whether two sides agree for these values of the free indices; not where one has no value."""
    try:
        return all(_close(values.value(left, dict(one)), values.value(right, dict(one))) for one in letters)
    except (ArithmeticError, ValueError, KeyError, TypeError):
        return False


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-7)
