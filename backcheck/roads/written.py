"""A SymPy expression → a formula as people write it: 2·(y − t)·y·(1 − y), sums written out; it knows no sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import sympy as sp

from backcheck.formula import ONE, ZERO, Call, Formula, Negative, Number, Power, Quotient, add, multiply, negative
from backcheck.roads.definitions import EITHER, SIZES, Branch, alpha, delta, slope

NAMES = {"log": "ln"}
Indices = Mapping[Any, int]


class Letters(Protocol):
    """What the letters of an expression are called in a sheet."""

    def cell(self, letter: str, index: tuple[int, ...]) -> Formula: ...
    def number(self, letter: str) -> Formula: ...
    def size(self, letter: str) -> int: ...


def written(tree: Any, letters: Letters, at: Indices) -> Formula:
    """The formula for one cell, whose own indices are given."""

    def out(node: Any) -> Formula:
        return written(node, letters, at)

    match node_kind(tree):
        case "constant":
            return Number(repr(float(tree)))
        case "number":
            return _number(tree)
        case "indexed":
            return letters.cell(str(tree.base), tuple(at[i] for i in tree.indices))
        case "symbol":
            return Number(str(letters.size(tree.name))) if tree in SIZES.values() else letters.number(tree.name)
        case "sum":
            return _written_out(tree, letters, at)
        case "add":
            return _terms(tree, out)
        case "mul" | "power":
            return _product(tree, out)
        case "branch":
            return _branch(tree, out)
        case "delta":
            return ONE if at[tree.args[0]] == at[tree.args[1]] else ZERO
    return Call(NAMES.get(tree.func.__name__, tree.func.__name__), tuple(map(out, tree.args)))


def node_kind(tree: Any) -> str:
    """What kind of node this is."""
    kinds = {
        "indexed": sp.Indexed,
        "symbol": sp.Symbol,
        "sum": sp.Sum,
        "add": sp.Add,
        "mul": sp.Mul,
        "branch": Branch,
        "delta": sp.KroneckerDelta,
    }
    if tree.is_Rational:
        return "number"
    if isinstance(tree, sp.NumberSymbol):  # π
        return "constant"
    if isinstance(tree, sp.Pow):
        return "power"
    return next((kind for kind, of in kinds.items() if isinstance(tree, of)), "call")


def _number(tree: Any) -> Formula:
    p, q = int(tree.p), int(tree.q)
    whole = Number(str(abs(p)))
    tree = whole if q == 1 else _decimal(abs(p), q) or Quotient(whole, Number(str(q)))
    return negative(tree) if p < 0 else tree


def _decimal(p: int, q: int) -> Formula | None:
    """A short decimal stays one; 1/3 and 1/2 stay fractions."""
    places = next((d for d in range(2, 16) if 10**d % q == 0), None) if q > 9 else None
    return Number(f"{p // q}.{p % q * 10**places // q:0{places}d}".rstrip("0")) if places else None


def _written_out(tree: Any, letters: Letters, at: Indices) -> Formula:
    index, _, last = tree.limits[0]
    size = letters.size((last + 1).name)
    return add(*(written(tree.function, letters, {**at, index: i}) for i in range(size)))


def _terms(tree: Any, out: Callable[[Any], Formula]) -> Formula:
    """Numbers first, then what is added, then what is taken away; a common factor stands in front."""
    factor, rest = tree.primitive()
    if factor != 1:
        return multiply(out(factor), out(rest))
    ordered = sorted(rest.args, key=lambda term: (term.could_extract_minus_sign(), not term.is_number, str(term)))
    return add(*map(out, ordered))


def _product(tree: Any, out: Callable[[Any], Formula]) -> Formula:
    """What arrives stands first, then the slope of the loss, then the rest; negative powers lie under a line."""
    coefficient, factors = tree.as_coeff_mul()
    coefficient, factors = _signs_in(coefficient, factors)
    above = sorted((f for f in factors if not _below(f)), key=_rank)
    below = sorted((f for f in factors if _below(f)), key=_rank)
    numerator = Number(str(abs(int(coefficient.p))))
    top = multiply(numerator if numerator != ONE else ONE, *(_factor(f, out) for f in above))
    bottom = multiply(Number(str(int(coefficient.q))), *(_factor(1 / f, out) for f in below))
    found = top / bottom
    return negative(found) if coefficient < 0 else found


def _signs_in(coefficient: Any, factors: Any) -> tuple[Any, list[Any]]:
    """2·(y − t) in place of −2·(t − y)."""
    content = sp.S.One
    found: list[Any] = []
    for factor in factors:
        inner, rest = factor.primitive() if isinstance(factor, sp.Add) else (sp.S.One, factor)
        content, found = content * inner, [*found, rest]
    coefficient *= content
    for place, factor in enumerate(found):
        if coefficient < 0 and isinstance(factor, sp.Add) and any(term.could_extract_minus_sign() for term in factor.args):
            return -coefficient, [*found[:place], -factor, *found[place + 1 :]]
    return coefficient, found


def _below(factor: Any) -> bool:
    return isinstance(factor, sp.Pow) and factor.exp.is_Rational and factor.exp < 0 and not is_sigmoid(factor)


def is_sigmoid(tree: Any) -> bool:
    """Whether a power is 1/(1 + e⁻ᵘ)."""
    return bool(tree.exp == -1 and isinstance(tree.base - 1, sp.exp))


def _rank(factor: Any) -> tuple[int, str]:
    """The order in which factors are written."""
    letters = {str(cell.base) for cell in factor.atoms(sp.Indexed)}
    if isinstance(factor, sp.Symbol):
        place = 0
    elif letters == {"g"}:
        place = 1
    elif "t" in letters or ("g" in letters and not isinstance(factor, sp.Sum)):
        place = 2
    else:
        place = 4 if isinstance(factor, sp.Add) else 3
    return place, str(factor)


def _factor(tree: Any, out: Callable[[Any], Formula]) -> Formula:
    if not isinstance(tree, sp.Pow):
        return out(tree)
    if is_sigmoid(tree):
        return Call("sigmoid", (out(-(tree.base - 1).exp),))
    if tree.exp == sp.S.Half:
        return Call("sqrt", (out(tree.base),))
    return Power(out(tree.base), out(tree.exp))


def _branch(tree: Any, out: Callable[[Any], Formula]) -> Formula:
    """A function with a kink by its usual name, or as `below + (above − below)·heaviside(u)`."""
    u, below, above, at = tree.args
    if found := _usual(tree):
        return found(out)
    step = Call("heaviside", (out(u),) if at == EITHER else (out(u), out(at)))
    return add(out(below), multiply(out(sp.expand(above - below)), step))


def _usual(tree: Any) -> Callable[[Callable[[Any], Formula]], Formula] | None:
    """How a kink of a common kind is written."""
    u, below, above, _ = tree.args
    if tree.has(delta):
        return _huber(tree)
    for parameter, name in ((slope, "leaky_relu"), (alpha, "elu")):
        if tree.has(parameter):
            return lambda out: Call(name + ("'" if above == 1 else ""), (out(u), out(parameter)))
    return {
        (sp.S.Zero, u): lambda out: Call("max", (ZERO, out(u))),
        (sp.S.Zero, sp.S.One): lambda out: Call("relu'", (out(u),)),
        (-u, u): lambda out: Call("abs", (out(u),)),
        (sp.S.NegativeOne, sp.S.One): lambda out: Call("sign", (out(u),)),
        (sp.S.One, sp.S.NegativeOne): lambda out: Negative(Call("sign", (out(u),))),
    }.get((below, above))


def _huber(tree: Any) -> Callable[[Callable[[Any], Formula]], Formula]:
    """Its kink is where r² = δ²; below it, the loss is r²/2 and its slope by y is −r."""
    u, below, _, _ = tree.args
    r = next(term.base for term in u.args if isinstance(term, sp.Pow) and term.base != delta)
    if below == r**2 / 2:
        return lambda out: Call("huber", (out(r), out(delta)))
    called: Callable[[Callable[[Any], Formula]], Formula] = lambda out: Call("huber'", (out(r), out(delta)))  # noqa: E731
    return called if below == r else lambda out: Negative(called(out))
