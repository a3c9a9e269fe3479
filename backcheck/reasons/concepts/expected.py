"""What an activation makes of normal numbers: the means that the theory of initial weights needs; it knows no layers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backcheck.roads.backprop import slope_of
from backcheck.roads.by_hand import rule
from backcheck.roads.forward import each_alone
from backcheck.worksheet import Array, Row

STEPS, REACH = 4096, 9.0  # the middle of each step: smooth functions to all digits, kinks at 0 to the square of a step


class Moments(NamedTuple):
    """Of f(z) with z normal around 0, as means over the units of a layer."""

    mean: float  # E[f]
    square: float  # E[f²]
    slope_square: float  # E[f′²]


def moments(a: Row, parameters: list[Array], variance: float) -> Moments | None:
    """Of the activations in a row of a worksheet; None where a unit reads the others too, as softmax does.

    >>> [round(m, 6) for m in moments(Row("a1", "relu", ("z1", "0")), [np.array(0.0)], 2.0)]
    [0.56419, 1.0, 0.5]
    """
    if not all(map(each_alone, a.op.split("|"))):
        return None
    u = (np.arange(STEPS) + 0.5) * (2 * REACH / STEPS) - REACH
    share = np.exp(-u * u / 2)
    share /= share.sum()
    z = np.repeat(np.sqrt(variance) * u[:, None], a.op.count("|") + 1, axis=1)
    f = rule(a)(z, *parameters)
    back = Row("slope", slope_of(a.op, ".dz"), ("g", a.parents[0], a.name, *a.parents[1:]))
    slope = rule(back)(np.ones_like(z), z, f, *parameters)
    return Moments(*(float((share @ np.broadcast_to(v, z.shape)).mean()) for v in (f, f * f, slope * slope)))
