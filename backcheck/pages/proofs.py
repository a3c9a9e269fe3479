"""Textbook forms held against what SymPy derives, kinks, and notes that are proven before they are made; it knows no screen."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy import Symbol, oo

from backcheck.arithmetic import parse
from backcheck.formula import Call, Formula, evaluate, rebuild, substitute
from backcheck.functions import FLOATS
from backcheck.pages import textbook
from backcheck.pages.calculus import Region, regions, same
from backcheck.pages.fact import Form, Kink, Piece
from backcheck.paper import forms as by_hand
from backcheck.roads import definitions

Z, T, Y = Symbol("z", real=True), Symbol("t", positive=True), Symbol("y", real=True)
PARAMETERS = {Symbol(name): Symbol(name, positive=True) for name in ("alpha", "slope", "at_zero", "scale", "delta")}
HALF = sp.Rational(1, 2)
NORMAL = {"Phi": "(1 + erf(u/sqrt(2)))/2", "phi": "exp(-u**2/2)/sqrt(2*pi)"}


def formula(name: str, tree: Formula, agrees: bool) -> Form:
    return Form(name, (Piece(None, None, (tree,)),), agrees)


def numbers(defaults: Mapping[str, str]) -> dict[str, float]:
    return {letter: float(text) for letter, text in defaults.items()}


def merged(pieces: list[Region]) -> list[Region]:
    """Neighbours with one value as one piece."""
    found = [pieces[0]]
    for piece in pieces[1:]:
        if same(found[-1].value, piece.value):
            found[-1] = found[-1]._replace(high=piece.high)
        else:
            found.append(piece)
    return found


def symbolic(tree: Formula, reads: Mapping[str, Any]) -> Any:
    """A textbook form to SymPy, the normal distribution by its error function."""

    def spelled_out(node: Formula) -> Formula:
        if isinstance(node, Call) and node.function in NORMAL:
            return substitute(parse(NORMAL[node.function]), {"u": spelled_out(node.arguments[0])})
        return rebuild(node, spelled_out)

    letters = {
        "pi": sp.pi,
        "K": definitions.K,
        "t": T,
        "y": Y,
        "z": Z,
        **{old.name: new for old, new in PARAMETERS.items()},
        **reads,
    }
    return definitions.symbolic(spelled_out(tree), letters, definitions.j)


def written(name: str, text: str, found: list[Region], values: list[Region]) -> Form:
    """A textbook form in pieces, each held against the piece that SymPy has found."""
    parts = [part.split(" = ") for part in text.split(" | ")]
    trees = [tuple(map(parse, part)) for part in parts]
    ends = [None, *(tree[0] for tree in trees[1::2]), None]
    pieces = tuple(Piece(low, high, forms) for (low, high), forms in zip(pairwise(ends), trees[::2], strict=True))
    agrees = len(pieces) == len(found) and all(
        (piece.high is None or same(symbolic(piece.high, {}), region.high))
        and all(same(symbolic(form, {"a": values[0].value}), region.value) for form in piece.forms)
        for piece, region in zip(pieces, found, strict=True)
    )
    return Form(name, pieces, agrees)


def kinks_of(pieces: list[Region], slopes: list[Region], letter: Symbol, name: str, place: dict[str, float]) -> tuple[Kink, ...]:
    found = []
    for i, (left, right) in enumerate(pairwise(pieces)):
        at = left.high
        values = tuple(sp.simplify(side.value.subs(letter, at)) for side in (left, right))
        both = tuple(sp.simplify(side.value.subs(letter, at)) for side in slopes[i : i + 2])
        if values[0] != values[1] or both[0] != both[1]:
            hand = "dz" if letter == Z else "dy"
            value = _worked(name, place)
            slope = _worked(f"{name}.{hand}", {**place, "g": 1.0, "a": value})
            found.append(Kink(at, (both[0], both[1]), slope, (values[0], values[1]), value))
    return tuple(found)


def _worked(op: str, place: dict[str, float]) -> float:
    """What backcheck itself has for an operation at a place."""
    return float(evaluate(by_hand(op)[0], place.__getitem__, {**FLOATS, "sum": lambda term: term}))


def notes(name: str) -> tuple[str, ...]:
    """The sentences about a function, each once its identity has been proven."""
    return tuple(says for says, identity in textbook.NOTES.get(name, ()) if proven(identity))


def proven(identity: str) -> bool:
    """Whether both sides are the same on either side of every kink."""
    left, right = (symbolic(parse(side), {}) for side in identity.split(" = "))
    sample = dict.fromkeys(PARAMETERS.values(), HALF)
    if not all(same(piece.value, 0) for piece in regions(left - right, Z, sample)):
        raise ValueError(f"the identity {identity!r} does not hold")
    return True


def spelled(end: Any) -> str:
    return "∞" if end == oo else "−∞" if end == -oo else str(end)
