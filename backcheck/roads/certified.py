"""The road of symbols in balls: every number with a proven bound, by python-flint; it never rounds without saying how far.

The sums of a layer, Σ_k x[n,k]·W[j,k] and the two that SymPy finds for its slopes, are worked as products of ball matrices.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from backcheck.errors import BadArgument
from backcheck.roads.compiled import Arithmetic
from backcheck.roads.given import Cells, in_cells, short
from backcheck.roads.walk import Claim, Road
from backcheck.worksheet import Array, Worksheet

try:
    from flint import arb, arb_mat, ctx
except ImportError:
    raise BadArgument("--certify needs python-flint: pip install 'backcheck[certify]'") from None

BITS = math.log2(10)  # in a digit
SPARE = 15  # digits beyond those asked for
DOUBLINGS = 5


def certified(sheet: Worksheet, claims: Mapping[str, Claim], digits: int) -> dict[str, Cells]:
    """Every forward value and claimed derivative as a ball, with so many digits proven wherever that is possible."""
    before, collecting = ctx.dps, gc.isenabled()
    gc.disable()  # a hundred thousand balls and no cycles among them: looking for some would take a third of the time
    try:
        for doubling in range(DOUBLINGS):
            ctx.dps = digits * 2**doubling + SPARE
            cells = Road(sheet, BALLS, _either).walk(claims, updates=False)
            if all(ball.rel_accuracy_bits() >= digits * BITS for array in cells.values() for ball in array.ravel().tolist()):
                break
        return cells
    finally:
        ctx.dps = before
        if collecting:
            gc.enable()


def proven(ball: Any) -> float:
    """How many digits of a number its ball proves; of 0, all.

    >>> int(proven(arb(2).sqrt())) >= 13
    True
    """
    return math.inf if ball.is_exact() else float(ball.rel_accuracy_bits()) / BITS


def right_digits(number: float, ball: Any) -> float:
    """How many digits of a float are right: those up to its distance from the true number."""
    apart = abs((arb(number) - ball).mid())
    if apart == 0:
        return math.inf
    return float((abs(ball.mid()) / apart).log() / arb(10).log()) if ball.mid() != 0 else 0.0


def spelled(ball: Any, digits: int) -> str:
    """The digits that are proven, at most so many."""
    if ball.is_exact() and ball == 0:
        return "0"
    return (
        str(ball.str(digits, radius=False))
        if proven(ball) >= 1
        else f"between {ball.lower().str(3, radius=False)} and {ball.upper().str(3, radius=False)}"
    )


def _given(numbers: Array) -> Cells:
    plain, decimals = numbers.ravel().tolist(), short(numbers).ravel()
    balls = [arb(number) for number in plain]
    for place in decimals.nonzero()[0]:
        balls[place] = arb(repr(plain[place]))
    return in_cells(numbers.shape, balls)


def _constant(p: int, q: int) -> Any:
    return arb(p) if q == 1 else arb(p) / q


def _sums(a: Cells, b: Cells) -> Cells:
    """The product of two matrices of balls."""
    product = arb_mat(a.tolist()) * arb_mat(b.tolist())
    found = np.empty((len(a), b.shape[1]), object)
    found[:] = product.tolist()
    return found


def _either(_: Any) -> Any:
    """At a kink, a ball that holds every mixture of both sides."""
    return arb(0).union(arb(1))


BALLS = Arithmetic(
    _given,
    _constant,
    {
        **{name: getattr(arb, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "erf")},
        "sigmoid": lambda u: 1 / (1 + (-u).exp()),
        "Phi": lambda u: (-u / arb(2).sqrt()).erfc() / 2,
        "phi": lambda u: (-u * u / 2).exp() / (2 * arb.pi()).sqrt(),
        "power": lambda base, exponent: base**exponent,
        "pi": arb.pi,
    },
    lambda u: not (u > 0 or u < 0),
    lambda u: u > 0,
    lambda u: u == 0,
    _sums,
)
