"""One road more: the forward pass in a library that differentiates on its own, torch or jax; it knows no derivative."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

from backcheck.errors import BadArgument
from backcheck.roads import forward
from backcheck.worksheet import Array, Worksheet

Claim = tuple[str, str]


class _Library:
    """What the forward pass needs; at a kink a number counts as lying below it."""

    number = float

    @staticmethod
    def above(u: Any) -> Any:
        return u > 0

    positive = above

    @staticmethod
    def jump(u: Any) -> Any:
        return 0 * u

    @staticmethod
    def times(x: Any, W: Any) -> Any:
        return x @ W.T


class Torch(_Library):
    """torch in double precision."""

    def __init__(self) -> None:
        import torch

        self.torch = torch
        for name in (*forward.LIBRARY, "where", "broadcast_to"):
            setattr(self, name, getattr(torch, name))
        self.concatenate, self.power, self.precision = torch.cat, torch.pow, nullcontext

    def array(self, u: Any) -> Any:
        return self.torch.as_tensor(u if not isinstance(u, np.ndarray) else u.copy(), dtype=self.torch.float64)

    def largest(self, u: Any) -> Any:
        return self.torch.arange(u.shape[-1]) == u.argmax(-1)[..., None]

    def apart(self, u: Any) -> Any:
        return self.torch.where(self.torch.eye(u.shape[-1], dtype=self.torch.bool), -math.inf, u[..., None, :])

    def slopes(self, result: Any, moved: Mapping[str, Array]) -> dict[str, Array]:
        """How a function of several arrays moves with each of them."""
        leaves = {name: self.array(u).requires_grad_() for name, u in moved.items()}
        found = self.torch.autograd.grad(result(leaves), list(leaves.values()), allow_unused=True, materialize_grads=True)
        return {name: slope.numpy() for name, slope in zip(leaves, found, strict=True)}


class Jax(_Library):
    """jax in double precision, which is left as it was found."""

    def __init__(self) -> None:
        import jax

        self.jax = jax
        for name in {*forward.LIBRARY, "where", "broadcast_to", "concatenate", "power"} - {"erf", "erfc"}:
            setattr(self, name, getattr(jax.numpy, name))
        self.array, self.erf, self.erfc = jax.numpy.asarray, jax.scipy.special.erf, jax.scipy.special.erfc

    def precision(self) -> Any:
        home = self.jax if hasattr(self.jax, "enable_x64") else self.jax.experimental  # where older versions have it
        return home.enable_x64(True)

    def largest(self, u: Any) -> Any:
        return self.jax.numpy.arange(u.shape[-1]) == u.argmax(-1)[..., None]

    def apart(self, u: Any) -> Any:
        return self.jax.numpy.where(self.jax.numpy.eye(u.shape[-1], dtype=bool), -math.inf, u[..., None, :])

    def slopes(self, result: Any, moved: Mapping[str, Array]) -> dict[str, Array]:
        """How a function of several arrays moves with each of them."""
        return {name: np.asarray(slope) for name, slope in self.jax.grad(result)(dict(moved)).items()}


LIBRARIES = {"torch": Torch, "jax": Jax}


def by_library(sheet: Worksheet, claims: Sequence[Claim], library: str) -> dict[Claim, Array]:
    """What the library says to each claim: all of them from one pass, in which every row is moved by an array of zeros."""
    try:
        m: Any = LIBRARIES[library]()
    except ImportError:
        raise BadArgument(f"{library} is not installed: pip install 'backcheck[{library}]'") from None
    with m.precision():
        return _Road(m, sheet).answers(claims)


class _Road:
    """The forward pass of a sheet in a library."""

    def __init__(self, m: Any, sheet: Worksheet) -> None:
        self.m, self.sheet = m, sheet
        self.values = self.worked(sheet, {})
        self.tied = sorted(row.name.removeprefix("places ") for row in sheet.rows if row.op == "places")

    def worked(self, sheet: Worksheet, moved: Mapping[str, Any]) -> dict[str, Any]:
        return forward.forward(self.m, sheet, {name: self.m.array(array) for name, array in sheet.given.items()}, moved)

    def answers(self, claims: Sequence[Claim]) -> dict[Claim, Array]:
        """All slopes of one part of the sheet at once: every row of it is moved by an array of zeros."""
        parts: dict[Any, list[str]] = {}
        for of, by in claims:
            parts.setdefault((of, by == self.sheet.names.output), []).append(by)
        found: dict[Claim, Array] = {}
        for (of, _), names in parts.items():
            sheet = forward.part(self.sheet, of, names[0], self.values)
            zeros = {name: np.zeros(tuple(self.values[name].shape)) for name in (*names, *self.tied)}
            slopes = self.m.slopes(lambda moved, sheet=sheet: self.worked(sheet, moved)[sheet.result], zeros)
            found |= {(of, name): self.over_places(name, slopes) for name in names}
        return found

    def over_places(self, name: str, slopes: Mapping[str, Array]) -> Array:
        """A parameter in several places has the sum of their slopes."""
        if name not in self.tied:
            return slopes[name]
        places, total = self.sheet.given[f"places {name}"], slopes[name].copy()
        for group in set(places[places > 0]):
            total[places == group] = sum(slopes[one][self.sheet.given[f"places {one}"] == group].sum() for one in self.tied)
        return total
