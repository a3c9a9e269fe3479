"""Entries in indices → their derivative by the entries of one array; it knows no shapes, no matrices and no numbers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

from backcheck.matrices.algebra import delta, plus, raised, single, summed, times
from backcheck.matrices.entries import MINUS_ONE, entries
from backcheck.matrices.indices import Entries, Factor, Index, Term, renamed
from backcheck.matrices.language import parse
from backcheck.matrices.shapes import shaped
from backcheck.matrices.tree import SCALAR

# The slope of every function of one number, u being what it is applied to. At a kink: step(0) = sign(0) = 0.
SLOPES = {
    "exp": "exp(u)",
    "ln": "1/u",
    "sin": "cos(u)",
    "cos": "-sin(u)",
    "tan": "1 + tan(u)^2",
    "sinh": "cosh(u)",
    "cosh": "sinh(u)",
    "tanh": "1 - tanh(u)^2",
    "atan": "1/(1 + u^2)",
    "erf": "1.1283791670955126*exp(-u^2)",  # 2/√π
    "sigmoid": "sigmoid(u)*(1 - sigmoid(u))",
    "softplus": "sigmoid(u)",
    "relu": "step(u)",
    "abs": "sign(u)",
    "sign": "0",
    "step": "0",
}


@cache
def _slope(function: str) -> Entries:
    return entries(shaped(parse(SLOPES[function], ["u"]), {"u": SCALAR}, {}))


def differentiated(of: Entries, by: str, at: tuple[Index, ...]) -> Entries:
    """∂of/∂by[at], by the rule for products.

    >>> i, j, k = Index(-1, "n"), Index(-2, "n"), Index(-3, "n")
    >>> differentiated(single(Factor("entry", "w", (i,)), Fraction(2)), "w", (j,)) == times(
    ...     (Term(Fraction(2)),), single(Factor("entry", "w", (i,))), single(delta(i, j)))
    True
    """
    return plus(*(_of_term(term, by, at) for term in of))


def _of_term(term: Term, by: str, at: tuple[Index, ...]) -> Entries:
    found = []
    for place, (factor, exponent) in enumerate(term.powers):
        slope = _of_factor(factor, by, at)
        rest = [*term.powers[:place], (factor, exponent - 1), *term.powers[place + 1 :]]
        others = Term(term.coefficient * exponent, tuple((f, p) for f, p in rest if p))
        found.append(summed(times((others,), slope), term.sums) if slope else ())
    return plus(*found)


def _of_factor(factor: Factor, by: str, at: tuple[Index, ...]) -> Entries:
    if factor.kind in ("delta", "size") or (factor.kind == "entry" and factor.name != by):
        return ()
    if factor.kind == "entry":
        return (
            times(*(single(delta(one, other)) for one, other in zip(factor.at, at, strict=True))) if at else ((Term(Fraction(1)),))
        )
    inner = differentiated(factor.body, by, at)
    return RULES[factor.kind](factor, inner) if inner else ()


def _norm(factor: Factor, inner: Entries) -> Entries:
    """∂‖u‖ = Σ u·∂u / ‖u‖"""
    return times(single(factor, Fraction(-1)), summed(times(factor.body, inner), factor.over))


def _lse(factor: Factor, inner: Entries) -> Entries:
    """∂ln Σ eᵘ = Σ softmax(u)·∂u"""
    softmax = Factor("softmax", "", factor.over, factor.body, factor.over, factor.tree)
    return summed(times(single(softmax), inner), factor.over)


def _softmax(factor: Factor, inner: Entries) -> Entries:
    """∂s_i = s_i·(∂u_i − Σ_m s_m·∂u_m)"""
    mean = _lse(factor, inner)
    own = renamed(inner, dict(zip(factor.over, factor.at, strict=True)))
    return times(single(factor), plus(own, times(MINUS_ONE, mean)))


RULES: dict[str, Callable[[Factor, Entries], Entries]] = {
    "apply": lambda factor, inner: times(put_in(_slope(factor.name), factor.body), inner),
    "group": lambda _, inner: inner,
    "norm": _norm,
    "lse": _lse,
    "softmax": _softmax,
}


def put_in(slope: Entries, body: Entries) -> Entries:
    """A slope with something else in the place of u."""
    return plus(*(_put_in_term(term, body) for term in slope))


def _put_in_term(term: Term, body: Entries) -> Entries:
    parts = [raised(_put_in_factor(factor, body), exponent) for factor, exponent in term.powers]
    return times((Term(term.coefficient),), *parts)


def _put_in_factor(factor: Factor, body: Entries) -> Entries:
    return body if factor.kind == "entry" else single(Factor(factor.kind, factor.name, body=put_in(factor.body, body)))
