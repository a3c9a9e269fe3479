"""Inputs whose columns are of very different sizes, or far from 0: what that makes of the curvature; it knows no activation."""

from __future__ import annotations

import numpy as np

from backcheck.reasons.finding import Finding
from backcheck.reasons.measured import changes
from backcheck.reasons.measured.observed import Observed
from backcheck.worksheet import Array

MOST = 100.0  # a deviation or a mean ten times another: gradient descent needs steps in proportion to the condition number
SOURCE = "LeCun, Bottou, Orr and Müller 1998, sections 4.3 and 5: the steps it takes go with the inputs' condition number"
FEW = 0.25  # of the columns: so many may hardly vary without being counted, as the rim of a picture does


def look(seen: Observed) -> Finding | None:
    """A condition number that standardising would bring down, where standardising helps."""
    if seen.learnt:
        return None
    x, b = seen.examples, seen.layers[0].b
    condition, wide, narrow = spread(x, b is not None)
    if condition <= MOST or (helps := seen.confirmed(changes.standardised())) is None:
        return None
    names = seen.looked_at.names
    cells = tuple(dict.fromkeys(names.cell("x", (0, k)) for k in (wide, narrow) if k >= 0))
    number = f"the condition number of the inputs is at least {condition:.3g} (limit {MOST:g}; of standardised columns 1)"
    says = f"{_sizes(seen, wide, narrow)}: {number}"
    because = (
        "largest mean square of a column over the smallest variance of one, a bias being a column of ones: by Rayleigh quotients",
        "a lower bound of the condition number of Σ(x,1)(x,1)ᵀ/N, in proportion to which gradient descent takes steps",
        *([helps] if helps else []),
    )
    return Finding("inputs_unscaled", "measured", cells, says, because, (), SOURCE)


def spread(x: Array, with_bias: bool) -> tuple[float, int, int]:
    """A lower bound of the condition number, the column with the largest mean square and that of least variance, −1 for the bias.

    >>> spread(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), True)
    (4.0, -1, 0)
    """
    squares, variances = (x**2).mean(0), x.var(0)
    varying = np.flatnonzero(variances > 1e-12 * np.maximum(squares, 1e-300))
    if not len(varying):
        return 1.0, -1, -1
    falling = varying[np.argsort(variances[varying], kind="stable")]
    narrow, wide = int(falling[int(FEW * len(falling))]), int(squares.argmax())
    large, small = float(squares[wide]), float(variances[narrow])
    if with_bias:  # a column of ones
        large, wide = (1.0, -1) if large < 1 else (large, wide)
        small, narrow = (1.0, -1) if small > 1 else (small, narrow)
    return large / small, wide, narrow


def _sizes(seen: Observed, wide: int, narrow: int) -> str:
    x, names = seen.examples, seen.looked_at.names

    def column(k: int) -> str:
        return f"{_column(names.cell('x', (0, k)))} has mean {x[:, k].mean():.3g} and deviation {x[:, k].std():.3g}"

    parts = [column(k) if k >= 0 else "the bias takes 1" for k in dict.fromkeys((wide, narrow))]
    return ", ".join(parts)


def _column(name: str) -> str:
    """x[1;2], of the first example, as the column x2."""
    return f"x{name[4:-1]}" if name.startswith("x[1;") else name
