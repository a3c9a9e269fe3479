"""What is true of a loss as a function of one output, derived by SymPy from its definition."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Symbol, log, oo

from backcheck import catalogue
from backcheck.arithmetic import parse
from backcheck.formula import Call, multiply
from backcheck.pages import textbook
from backcheck.pages.calculus import Region, limit, regions, same, zeros
from backcheck.pages.fact import Facts, Kink, Least, Limit
from backcheck.pages.of_softmax import notes_of_logarithms
from backcheck.pages.proofs import (
    HALF,
    PARAMETERS,
    T,
    Y,
    formula,
    kinks_of,
    merged,
    notes,
    numbers,
    spelled,
    symbolic,
    written,
)
from backcheck.roads import definitions

SIDES = {1: "t = 1", 0: "t = 0", HALF: "0 < t < 1"}  # targets of a loss with logarithms, and how they are told apart


def loss(name: str) -> Facts:
    defaults = catalogue.LOSSES[name]
    sample = {T: HALF, definitions.K: 2, **{PARAMETERS[Symbol(letter)]: sp.Rational(text) for letter, text in defaults.items()}}
    body = definitions.LOSSES[name].replace(sp.Sum, lambda inside, _: inside)
    cell = definitions.n, definitions.k
    one = body.xreplace({definitions.t[cell]: T, definitions.y[cell]: Y, **PARAMETERS})
    pieces = regions(one, Y, sample)
    slopes, curves = ([piece._replace(value=piece.value.diff(Y, times)) for piece in pieces] for times in (1, 2))
    front, term, slope, curvature = textbook.LOSSES[name]
    share = written("l", term, [piece._replace(value=piece.value / symbolic(parse(front), {})) for piece in pieces], pieces)
    whole = Call("abs" if name == "absolute_error" else "huber", (parse("t - y"),)) if len(pieces) > 1 else share.pieces[0].forms[0]
    forms = (
        formula("L", multiply(parse(front), Call("sum", (whole,))), share.agrees),
        *([share] if len(pieces) > 1 else []),
        written("dL/dy", slope, merged(slopes), pieces),
        written("d2L/dy2", curvature, merged(curves), pieces),
    )
    domain = _domain(one)
    kinks = kinks_of(pieces, slopes, Y, name, {"t": 0.5, "y": 0.5, "N": 1.0, **numbers(defaults)})
    return Facts(
        name, "loss", "y", defaults, forms, domain, _as_written(name, _least(pieces, kinks, sample)), None, kinks,
        tuple(_limits_of_loss(pieces, domain)), None, (*notes(name), *notes_of_logarithms(name)),
    )  # fmt: skip


def _domain(one: Any) -> tuple[Any, Any]:
    """Where every logarithm has a positive argument."""
    low, high = -oo, oo
    for power in one.atoms(log):
        for root in sp.roots(power.args[0], Y) if Y in power.free_symbols else ():
            low, high = (max(low, root), high) if power.args[0].diff(Y).is_positive else (low, min(high, root))
    return low, high


def _least(pieces: list[Region], kinks: tuple[Kink, ...], sample: dict[Any, Any]) -> Least | None:
    """A zero of the slope with a positive second derivative, or a kink between falling and rising."""
    for piece in pieces:
        for at in zeros(piece.value.diff(Y), piece, Y, sample):
            curvature = sp.factor(piece.value.diff(Y, 2).subs(Y, at))
            if curvature.subs(sample) > 0:
                return Least(at, sp.simplify(piece.value.subs(Y, at)), curvature)
    for kink in kinks:
        if kink.slopes[0] < 0 < kink.slopes[1]:
            return Least(kink.at, kink.values[0], None)
    return None


def _as_written(name: str, least: Least | None) -> Least | None:
    """The least value and the second derivative there as textbooks write them, if they are more than a number."""
    if least is None or name not in textbook.LEAST:
        return least
    forms = tuple(map(parse, textbook.LEAST[name]))
    for form, found in zip(forms, least[1:3], strict=True):
        if not same(symbolic(form, {}), found):
            raise ValueError(f"{name} is least otherwise: {found}")
    return least._replace(forms=forms)


def _limits_of_loss(pieces: list[Region], domain: tuple[Any, Any]) -> list[Limit]:
    """At the ends of the domain, and of cross_entropy at Y = 1; the target matters where there are logarithms."""
    ends = [(domain[0], "+", pieces[0]), (1 if domain == (0, oo) else domain[1], "-", pieces[-1])]
    s = Symbol("s", positive=True)  # T = 1/(1 + s) lies between 0 and 1
    found = []
    for target, where in SIDES.items() if domain[0] == 0 else {None: ""}.items():
        general = {T: 1 / (1 + s)} if target == HALF else {T: target} if target is not None else {}
        for end, side, piece in ends:
            for of, value in (("L", piece.value), ("dL/dy", piece.value.diff(Y))):
                reached = limit(value.subs(general), Y, end, side)
                found.append(Limit(of, spelled(end), sp.simplify(reached.subs(s, 1 / T - 1)), where))
    return found
