"""The layers of a worksheet: which rows belong to each, and its backward pass without shortcuts; it computes nothing."""

from __future__ import annotations

from typing import NamedTuple

from backcheck.roads.backprop import slope_of
from backcheck.worksheet import Phase, Row, Worksheet

PRIMES = {"sigmoid": "σ′", "tanh": "tanh′", "relu": "ReLU′", "softmax": "the derivative of softmax"}


class Layer(NamedTuple):
    """One layer by the names of its rows; `x` is what comes in, `b` is empty where there is no bias."""

    sheet: Worksheet
    l: int
    x: str
    W: str
    b: str
    z: Row
    a: Row

    @property
    def dz(self) -> str:
        return f"dL/d{self.z.name}"

    @property
    def da(self) -> str:
        return f"dL/d{self.a.name}"

    @property
    def dW(self) -> str:
        return self._part(self.W)

    @property
    def db(self) -> str:
        return self._part(self.b)

    @property
    def dx(self) -> str:
        return f"dL/d{self.x}"

    def _part(self, parameter: str) -> str:
        """The row of one place; a parameter that stands in several has another row for their sum."""
        via = f"dL/d{parameter} via"
        return via if via in self.sheet else f"dL/d{parameter}"

    @property
    def chain(self) -> Row:
        """∂L/∂z from ∂L/∂a and the activation alone, which is not how a loss with its own shortcut is worked."""
        return Row(self.dz, slope_of(self.a.op, ".dz"), (self.da, self.z.name, self.a.name, *self.a.parents[1:]))

    @property
    def fused(self) -> bool:
        """Whether ∂L/∂z comes straight from the loss."""
        return self.sheet[self.dz].op != self.chain.op

    @property
    def prime(self) -> str:
        """How the derivative of its activation is called."""
        return f"{PRIMES.get(self.a.op, 'f′')} of layer {self.l}"

    @property
    def shape(self) -> tuple[int, int]:
        """Units and incoming values."""
        units, incoming = self.sheet.given[self.W].shape
        return units, incoming

    @property
    def square(self) -> bool:
        """Whether a transposed weight matrix fits."""
        return self.shape[0] == self.shape[1] > 1


def layers(sheet: Worksheet) -> list[Layer]:
    """From the first to the last."""
    found: list[Layer] = []
    for a in sheet.in_phase(Phase.FORWARD):
        if a.name.startswith("a"):
            z = sheet[a.parents[0]]
            x, W, *b = z.parents
            found.append(Layer(sheet, len(found) + 1, x, W, b[0] if b else "", z, a))
    return found


def seen(name: str) -> str:
    """A row as it is called in a sentence: `∂L/∂W1`."""
    return name.removesuffix(" via").replace("dL/d", "∂L/∂")
