"""How far two right programs may be apart that work a sheet with numbers of a given precision; it knows no mistakes.

The sheet is worked several times over with every number a little off, by about as much as rounding makes it; how far the
slopes are then from their true values is what rounding can do to them. Terms that cancel are off by what the terms are
off, so the allowance is relative to the sum of their absolute values, and not to what is left of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from backcheck.roads.by_hand import rule
from backcheck.roads.work import WorkedSheet
from backcheck.slips.edits import written_rows
from backcheck.worksheet import Array, Phase, Row

TRIALS = 8
# Five bits: a formula rounds several times on its way, a sum is added in any order, and eight trials do not show the extremes.
ALLOWANCE = 32

OF_ACTIVATION = (".dz", "times g")  # how operations end that are slopes by z

# Operation → the sum of the absolute values of its terms, as it is written in textbooks.
TERMS: dict[str, Callable[..., Any]] = {
    "affine": lambda x, W, b: abs(x) @ abs(W).T + abs(b),
    "linear": lambda x, W: abs(x) @ abs(W).T,
    "affine.dx": lambda g, W: abs(g) @ abs(W),
    "affine.dW": lambda g, x: abs(g).T @ abs(x),
    "affine.db": lambda g: abs(g).sum(0),
    "tanh": lambda z: 1 + 0 * z,
    "softplus": lambda z: 1 + abs(z),
    "elu": lambda z, alpha: alpha + abs(z),
    "gelu": abs,
    "silu": abs,
    "softmax.dz": lambda g, _z, a, scale: scale * a * (abs(g) + (abs(g) * a).sum(-1, keepdims=True)),
    "sigmoid+binary_cross_entropy.dz": lambda t, _z, y, N: (y + abs(t)) / N,
    "softmax+cross_entropy.dz": lambda t, _z, y, N, scale: scale * (y + abs(t)) / N,
    "softmax+cross_entropy of any targets.dz": lambda t, _z, y, N, scale: scale * (y * abs(t).sum(-1, keepdims=True) + abs(t)) / N,
}
# PyTorch works softplus(z) as z above 20, and its slope as 1: https://docs.pytorch.org/docs/stable/generated/torch.nn.Softplus.html
SOFTPLUS_IS_Z, SOFTPLUS_OFF = 20, 2.1e-9


def _terms(row: Row, value: Array, parents: list[Array]) -> Array:
    if row.op in TERMS:
        return np.asarray(TERMS[row.op](*parents))
    of_activation = row.op.split("|")[0].endswith(OF_ACTIVATION)  # 1 − a is a difference of numbers near 1
    return abs(value) + abs(parents[0]) if of_activation and value.shape == parents[0].shape else abs(value)


class _Shaken(WorkedSheet):
    """The numbers of a sheet with each of them off by a random sign times the precision."""

    def __init__(self, right: WorkedSheet, eps: float, seed: int) -> None:
        super().__init__(right.sheet)
        self.right, self.eps, self.draw = right, eps, np.random.default_rng(seed)
        for row in right.sheet.rows:
            if row.op == "given":
                self.fill(row.name, self._off(right.array(row.name), eps * abs(right.array(row.name))))

    def worked(self, row: Row, _: bool = True) -> Array:
        parents = self._parents(row)
        value = np.asarray(rule(row)(*parents))
        value = value.reshape(self.right.array(row.name).shape) if row.phase is Phase.LOSS and row.name != "L" else value
        return self._off(value, self.eps * _terms(row, value, parents) + self._of_libraries(row, value, parents))

    def _of_libraries(self, row: Row, value: Array, parents: list[Array]) -> Any:
        if "softplus" not in row.op:
            return 0.0
        z, size = (parents[1], abs(value)) if row.op.endswith(".dz") else (parents[0], 1.0)
        return SOFTPLUS_OFF * size * (z > SOFTPLUS_IS_Z)

    def _parents(self, row: Row) -> list[Array]:
        """The arrays read; what sits exactly on a kink stays there: its slope is a convention, and no matter of rounding."""
        read = [self.array(parent) for parent in row.parents]
        right = [self.right.array(parent) for parent in row.parents]
        if row.op.split("|")[0].endswith(OF_ACTIVATION):
            read[1] = np.where(right[1] == 0, 0, read[1])
        elif row.op == "absolute_error.dy" or row.op.endswith("over N"):
            read[1] = np.where(right[0] == right[1], read[0], read[1])
        return read

    def _off(self, value: Array, by: Any) -> Array:
        return np.asarray(value + self.draw.choice([-1.0, 1.0], value.shape) * by)


def allowances(right: WorkedSheet, rows: Iterable[str], eps: float) -> dict[str, Array]:
    """For each of some rows how far a right number may be from the true one.

    However small a number, it may be as far off as the precision is of the largest terms in its array: libraries keep
    digits that a textbook formula loses, and the other way round.
    """
    found = {name: eps * _largest(right, right.sheet[name]) for name in rows}
    worked = [name for name in written_rows(right) if right.sheet[name].phase is not Phase.UPDATE]
    with np.errstate(all="ignore"):
        for seed in range(TRIALS):
            shaken = _Shaken(right, eps, seed)
            for name in worked:  # in order: asked for from the end, a long sheet would go too deep
                shaken.array(name)
            found = {name: np.fmax(widest, abs(shaken.array(name) - right.array(name))) for name, widest in found.items()}
    return {name: ALLOWANCE * widest for name, widest in found.items()}


def _largest(right: WorkedSheet, row: Row) -> Array:
    value = right.array(row.name)
    terms = _terms(row, value, [right.array(parent) for parent in row.parents])
    return np.full(value.shape, np.max(terms, initial=0.0))
