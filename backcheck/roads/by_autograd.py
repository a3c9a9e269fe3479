"""One road more: the forward pass in a library that differentiates on its own, torch or jax; it knows no derivative."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from backcheck.errors import BadArgument
from backcheck.roads import forward
from backcheck.roads.by_nudging import Claim, of_outputs
from backcheck.worksheet import Array, Phase, Row, Worksheet

Slope = Callable[[Callable[[Any], Any], Any], Any]  # of a function of an array at an array


class Torch:
    """What the forward pass needs of torch."""

    def __init__(self) -> None:
        import torch

        self.torch = torch
        for name in ("exp", "log", "log1p", "sqrt", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh", "erf", "where"):
            setattr(self, name, getattr(torch, name))

    def array(self, numbers: Array) -> Any:
        return self.torch.tensor(numbers.copy(), dtype=self.torch.float64)

    def slope(self, function: Callable[[Any], Any], at: Any) -> Any:
        leaf = at.clone().requires_grad_()
        (found,) = self.torch.autograd.grad(function(leaf), leaf, allow_unused=True)
        return np.zeros(at.shape) if found is None else found.numpy()

    def above(self, u: Any) -> Any:
        return u > 0

    def largest(self, u: Any) -> Any:
        return u.detach().amax(-1, keepdim=True)

    def apart(self, u: Any) -> Any:
        return u[..., None, :].masked_fill(self.torch.eye(u.shape[-1], dtype=bool), -self.torch.inf)

    def unit(self, z: Any, j: int) -> Any:
        return self.torch.eye(z.shape[-1], dtype=z.dtype)[j]


class Jax:
    """What the forward pass needs of jax."""

    def __init__(self) -> None:
        import jax

        jax.config.update("jax_enable_x64", True)
        self.jax, self.numpy = jax, jax.numpy
        for name in ("exp", "log", "log1p", "sqrt", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh", "where"):
            setattr(self, name, getattr(jax.numpy, name))
        self.erf = jax.scipy.special.erf

    def array(self, numbers: Array) -> Any:
        return self.numpy.asarray(numbers)

    def slope(self, function: Callable[[Any], Any], at: Any) -> Any:
        return np.asarray(self.jax.grad(function)(at))

    def above(self, u: Any) -> Any:
        return u > 0

    def largest(self, u: Any) -> Any:
        return self.jax.lax.stop_gradient(u.max(-1, keepdims=True))

    def apart(self, u: Any) -> Any:
        return self.numpy.where(self.numpy.eye(u.shape[-1], dtype=bool), -self.numpy.inf, u[..., None, :])

    def unit(self, z: Any, j: int) -> Any:
        return self.numpy.eye(z.shape[-1])[j]


LIBRARIES = {"torch": Torch, "jax": Jax}


def by_library(sheet: Worksheet, claims: Sequence[Claim], library: str) -> dict[Claim, Array]:
    """What the library says to each claim."""
    try:
        m: Any = LIBRARIES[library]()
    except ImportError:
        raise BadArgument(f"--with {library} needs {library}: pip install 'backcheck[{library}]'") from None
    rows, table = sheet.in_phase(Phase.FORWARD, Phase.LOSS), forward.rules(m)
    values = {name: m.array(np.asarray(numbers)) for name, numbers in sheet.given.items()}
    for row in rows:
        values[row.name] = forward.worked(m, table, row, [values[parent] for parent in row.parents])

    def slope(of: str, by: str) -> Array:
        found: Array = m.slope(lambda moved: _rest(sheet, m, table, values, of, by, moved), values[by])
        return found

    found = {claim: slope(*claim) for claim in claims}
    return {claim: _tied(sheet, claim, array, found) for claim, array in found.items()}


def _rest(sheet: Worksheet, m: Any, table: forward.Rules, values: Mapping[str, Any], of: str, by: str, moved: Any) -> Any:
    """The result when one row has other values; of an expression's operation, with all else that it reads held still."""
    changed = {by: moved}
    for row in sheet.in_phase(Phase.FORWARD, Phase.LOSS):
        alone = of not in (sheet.result, row.name)
        if row.name != by and not alone and any(parent in changed for parent in row.parents):
            read: Row = of_outputs(row) if by == sheet.names.output and row.phase is Phase.LOSS else row
            changed[row.name] = forward.worked(m, table, read, [changed.get(parent, values[parent]) for parent in read.parents])
    return changed[of] if of in changed else 0 * moved.sum()


def _tied(sheet: Worksheet, claim: Claim, slopes: Array, found: Mapping[Claim, Array]) -> Array:
    """A parameter in several places has the sum of their slopes."""
    groups = sheet.given.get(f"places {claim[1]}")
    if groups is None:
        return slopes
    total = slopes.copy()
    for place in zip(*groups.nonzero(), strict=True):
        others = [(array, sheet.given.get(f"places {by}")) for (_, by), array in found.items()]
        total[place] = sum(array[at == groups[place]].sum() for array, at in others if at is not None)
    return total
