"""A SymPy expression → a function over any arithmetic: many digits, or balls; no text is ever run."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from typing import Any, Protocol

import sympy as sp

from backcheck.roads.definitions import EITHER, INNER, SIZES, Branch


class Arithmetic:
    """What is needed of a kind of numbers beside + × / and whole powers."""

    def __init__(
        self,
        given: Callable[[Any], Any],  # floats of the file, as they are meant
        constant: Callable[[int, int], Any],  # p/q
        functions: Mapping[str, Callable[..., Any]],
        doubtful: Callable[[Any], bool],  # whether the sign is not known for sure
        positive: Callable[[Any], bool],
        certain: Callable[[Any], bool],  # whether a number without a known sign is 0 for sure
        sums: Callable[[Any, Any], Any] | None = None,  # many sums of products at once: Σ_k a[i,k]·b[k,j]
    ) -> None:
        self.given, self.constant, self.functions = given, constant, functions
        self.doubtful, self.positive, self.certain = doubtful, positive, certain
        self.sums = sums
        self.zero, self.one, self.minus_one = (constant(n, 1) for n in (0, 1, -1))


class Reader(Protocol):
    """Where a formula finds its letters, and keeps the sums it has worked."""

    @property
    def known(self) -> dict[Any, Any]: ...
    def cell(self, letter: str, index: tuple[int, ...]) -> Any: ...
    def number(self, letter: str) -> Any: ...
    def size(self, letter: str) -> int: ...
    def side(self, u: Any) -> Any: ...


Indices = dict[Any, int]
INDICES = (*SIZES, *INNER)
Worked = Callable[[Reader, Indices], Any]


@lru_cache(maxsize=4096)
def compiled(tree: Any, numbers: Arithmetic) -> Worked:
    """A SymPy expression as a function of where its letters are read and of its free indices."""
    if tree.is_Rational:
        return _constant(tree, numbers)
    if isinstance(tree, sp.Indexed):
        letter, indices = str(tree.base), tree.indices
        return lambda read, at: read.cell(letter, tuple([at[i] for i in indices]))
    if isinstance(tree, sp.Symbol):
        return _symbol(tree, numbers)
    if isinstance(tree, sp.Sum):
        return _sum(tree, numbers)
    parts = [compiled(part, numbers) for part in tree.args]
    match tree:
        case sp.Add():
            return lambda read, at: reduce(operator.add, [part(read, at) for part in parts])
        case sp.Mul():
            return lambda read, at: reduce(operator.mul, [part(read, at) for part in parts])
        case sp.Pow():
            return _powered(tree, parts, numbers)
        case Branch():
            return _branch(tree, parts, numbers)
        case sp.KroneckerDelta():
            first, second = tree.args
            return lambda _, at: numbers.one if at[first] == at[second] else numbers.zero
    function = numbers.functions[tree.func.__name__.lower() if tree is sp.pi else tree.func.__name__]
    return lambda read, at: function(*[part(read, at) for part in parts])


def _constant(tree: Any, numbers: Arithmetic) -> Worked:
    p, q = int(tree.p), int(tree.q)
    return lambda _read, _at: numbers.constant(p, q)


def _symbol(tree: Any, numbers: Arithmetic) -> Worked:
    letter = tree.name
    if tree in SIZES.values():
        return lambda read, _: numbers.constant(read.size(letter), 1)
    return lambda read, _: read.number(letter)


def _powered(tree: Any, parts: list[Worked], numbers: Arithmetic) -> Worked:
    base, exponent = parts
    n, root = abs(tree.exp), numbers.functions["sqrt"]
    if n.is_Integer:
        whole = int(n)
        power: Worked = lambda read, at: base(read, at) ** whole  # noqa: E731
    elif n == sp.S.Half:
        power = lambda read, at: root(base(read, at))  # noqa: E731
    else:
        return lambda read, at: numbers.functions["power"](base(read, at), exponent(read, at))
    return power if tree.exp.is_positive else lambda read, at: numbers.one / power(read, at)


def _sum(tree: Any, numbers: Arithmetic) -> Worked:
    """Σ over an index, worked once for all cells that share it: the denominator of softmax."""
    body, (index, _, last) = compiled(tree.function, numbers), tree.limits[0]
    letter, own = (last + 1).name, tuple(sorted(tree.free_symbols & set(INDICES), key=str))

    def of(read: Reader, at: Indices) -> Any:
        key = (tree, *[at[i] for i in own])
        if key not in read.known:
            terms = [body(read, {**at, index: i}) for i in range(read.size(letter))]
            read.known[key] = reduce(operator.add, terms or [numbers.zero])
        return read.known[key]

    return of


def _branch(tree: Any, parts: list[Worked], numbers: Arithmetic) -> Worked:
    """One side or the other; where the sign is not known, the reader says what share of each."""
    u, below, above, at_kink = parts[0], parts[1], parts[2], None if tree.args[3] == EITHER else parts[3]

    def of(read: Reader, at: Indices) -> Any:
        arg = u(read, at)
        if not numbers.doubtful(arg):
            return above(read, at) if numbers.positive(arg) else below(read, at)
        if at_kink and numbers.certain(arg):
            return at_kink(read, at)
        share = read.side(arg)
        return below(read, at) * (numbers.one + share * numbers.minus_one) + above(read, at) * share

    return of
