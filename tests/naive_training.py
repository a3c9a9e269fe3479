"""A second trainer, for tests only: a network as plain arrays, its own forward and backward pass, its own updates.

It knows nothing of backcheck. With `dot=exact_dot` every sum is rounded once, whatever the order of its terms, so that what is
equal by symmetry is equal to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

Array = Any


def exact_dot(A: Array, B: Array) -> Array:
    """A @ B, every sum rounded once."""
    rows, columns = A.tolist(), B.T.tolist()
    return np.array([[math.fsum(map(float.__mul__, row, column)) for column in columns] for row in rows]).reshape(
        len(rows), len(columns)
    )


def plain_dot(A: Array, B: Array) -> Array:
    return A @ B


def row_sums(A: Array) -> Array:
    return np.array([[math.fsum(row)] for row in A.tolist()])


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def gelu_parts(z: Array) -> tuple[Array, Array]:
    phi = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    big = np.array([[math.erfc(-v / math.sqrt(2)) / 2 for v in row] for row in z.tolist()]).reshape(z.shape)
    return big, phi


def at(z: Array, above: Any, at_zero: Any, below: Any) -> Array:
    return np.where(z > 0, above, np.where(z == 0, at_zero, below))


# as the file writes it → (f, f′)
EACH: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "identity": (lambda z: z, np.ones_like),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: at(z, 1.0, 0.0, 0.0)),
    "{relu: {at_zero: 1}}": (lambda z: np.maximum(z, 0), lambda z: at(z, 1.0, 1.0, 0.0)),
    "{relu: {at_zero: 0.5}}": (lambda z: np.maximum(z, 0), lambda z: at(z, 1.0, 0.5, 0.0)),
    "leaky_relu": (lambda z: at(z, z, 0.0, 0.01 * z), lambda z: at(z, 1.0, 0.01, 0.01)),
    "{leaky_relu: {slope: 0}}": (lambda z: at(z, z, 0.0, 0.0), lambda z: at(z, 1.0, 0.0, 0.0)),
    "softplus": (lambda z: np.logaddexp(0, z), sigmoid),
    "elu": (lambda z: at(z, z, 0.0, np.expm1(np.minimum(z, 0))), lambda z: at(z, 1.0, 1.0, np.exp(np.minimum(z, 0)))),
    "gelu": (lambda z: z * gelu_parts(z)[0], lambda z: gelu_parts(z)[0] + z * gelu_parts(z)[1]),
    "silu": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) + z * sigmoid(z) * sigmoid(-z)),
    "step": (lambda z: at(z, 1.0, 1.0, 0.0), np.zeros_like),
    "{step: {at_zero: 0}}": (lambda z: at(z, 1.0, 0.0, 0.0), np.zeros_like),
    "z**2": (lambda z: z * z, lambda z: 2 * z),
    "z**3": (lambda z: z * z * z, lambda z: 3 * z * z),
    "sin(z)": (np.sin, np.cos),
    "1 - cos(z)": (lambda z: 1 - np.cos(z), np.sin),
    "max(0, z)": (lambda z: np.maximum(z, 0), lambda z: at(z, 1.0, 0.0, 0.0)),
    "abs(z)": (abs, np.sign),
    "z*sigmoid(2*z)": (lambda z: z * sigmoid(2 * z), lambda z: sigmoid(2 * z) + 2 * z * sigmoid(2 * z) * sigmoid(-2 * z)),
    "exp(z) - 1": (lambda z: np.exp(z) - 1, np.exp),
    "(z - 0.5)**2": (lambda z: (z - 0.5) ** 2, lambda z: 2 * (z - 0.5)),
}


def softmax(z: Array) -> Array:
    e = np.exp(z - z.max(1, keepdims=True))
    return e / row_sums(e)


# (a from z; ∂L/∂z from ∂L/∂a, z and a)
WHOLE: dict[str, tuple[Callable[[Array], Array], Callable[[Array, Array, Array], Array]]] = {
    "softmax": (softmax, lambda g, z, a: a * (g - row_sums(g * a))),
    "z - mean(z)": (lambda z: z - row_sums(z) / z.shape[1], lambda g, z, a: g - row_sums(g) / z.shape[1]),
    "z/(1 + sum(z**2))": (
        lambda z: z / (1 + row_sums(z * z)),
        lambda g, z, a: g / (1 + row_sums(z * z)) - 2 * z * row_sums(g * z) / (1 + row_sums(z * z)) ** 2,
    ),
}

# ∂L/∂y of each example
LOSSES: dict[str, Callable[[Array, Array], Array]] = {
    "squared_error": lambda t, y: 2 * (y - t),
    "half_squared_error": lambda t, y: y - t,
    "mean_squared_error": lambda t, y: 2 * (y - t) / t.shape[1],
    "absolute_error": lambda t, y: np.sign(y - t),
    "huber": lambda t, y: np.clip(y - t, -1, 1),
    "sum((t - y)**4)": lambda t, y: -4 * (t - y) ** 3,
}


class Net(NamedTuple):
    """A network as plain arrays; `ties` are groups of (row, index) that are one parameter."""

    W: list[Array]
    b: list[Array | None]
    activations: list[list[str]]  # one for each unit, or one name of WHOLE
    masks: dict[str, Array]  # "W1", …: 1 where it is trained
    ties: list[list[tuple[str, tuple[int, ...]]]]
    x: Array
    t: Array
    loss: str


class Setting(NamedTuple):
    """How it is trained."""

    optimiser: str = "sgd"
    rate: float = 0.1
    epochs: int = 6
    batch: int | None = None
    seed: int = 0
    l1: tuple[float, bool] | None = None  # strength, biases too
    l2: tuple[float, bool] | None = None
    clip: tuple[str, float] | None = None
    dropout: tuple[float, ...] = ()
    output_first: bool = False
    factor: float = 1.0  # of the rate, after every epoch


class Work(NamedTuple):
    z: list[Array]
    a: list[Array]
    delta: list[Array]


class Trainer:
    """The parameters as they stand, and what the optimiser remembers."""

    def __init__(self, net: Net, how: Setting, dot: Callable[[Array, Array], Array] = plain_dot) -> None:
        self.net, self.how, self.dot = net, how, dot
        self.p = {f"W{l}": W.copy() for l, W in enumerate(net.W, 1)}
        self.p |= {f"b{l}": b.copy() for l, b in enumerate(net.b, 1) if b is not None}
        self.m = {name: np.zeros_like(p) for name, p in self.p.items()}
        self.v = {name: np.zeros_like(p) for name, p in self.p.items()}
        self.count = 0
        self.draw = np.random.default_rng(how.seed)

    def steps(self) -> Iterator[None]:
        """One update after the other."""
        n, size = len(self.net.x), self.how.batch or len(self.net.x)
        for epoch in range(self.how.epochs):
            order = self.draw.permutation(n)
            for start in range(0, n, size):
                self._update(order[start : start + size], self.how.rate * self.how.factor**epoch)
                yield

    def forward(self, x: Array, keep: list[Array] | None = None) -> tuple[list[Array], list[Array], list[Array]]:
        zs, activations, outs, source = [], [], [], x
        for l, names in enumerate(self.net.activations, 1):
            z = self.dot(source, self.p[f"W{l}"].T)
            if f"b{l}" in self.p:
                z = z + self.p[f"b{l}"]
            a = WHOLE[names[0]][0](z) if names[0] in WHOLE else self._each(names, z, 0)
            source = a * keep[l - 1] if keep and l <= len(keep) else a
            zs.append(z), activations.append(a), outs.append(source)
        return zs, activations, outs

    @staticmethod
    def _each(names: list[str], z: Array, part: int) -> Array:
        found = np.empty_like(z)
        for name in set(names):
            columns = [j for j, other in enumerate(names) if other == name]
            found[:, columns] = EACH[name][part](z[:, columns])
        return found

    def work(self, x: Array, t: Array, keep: list[Array] | None = None) -> tuple[Work, dict[str, Array]]:
        """Everything of one pass; layer by layer, so that `output_first` may update on the way."""
        z, a, outs = self.forward(x, keep)
        deltas: list[Array] = [None] * len(z)
        slopes: dict[str, Array] = {}
        g = self._by_output(t, a[-1])
        for l in reversed(range(1, len(z) + 1)):
            names = self.net.activations[l - 1]
            if l == len(z) and self.net.loss in ("cross_entropy", "binary_cross_entropy"):
                d = g
            elif names[0] in WHOLE:
                d = WHOLE[names[0]][1](g, z[l - 1], a[l - 1])
            else:
                d = g * self._each(names, z[l - 1], 1)
            deltas[l - 1] = d
            source = outs[l - 2] if l > 1 else x
            slopes[f"W{l}"] = self.dot(d.T, source)
            if f"b{l}" in self.p:
                slopes[f"b{l}"] = self.dot(d.T, np.ones((len(x), 1)))[:, 0]
            if self.how.output_first and keep is not None:
                self._apply({name: slopes[name] for name in (f"W{l}", f"b{l}") if name in slopes})
            g = self.dot(d, self.p[f"W{l}"])
            if keep and l > 1:
                g = g * keep[l - 2]
        return Work(z, a, deltas), slopes

    def _by_output(self, t: Array, y: Array) -> Array:
        if self.net.loss == "cross_entropy":
            return (y * row_sums(t) - t) / len(t)
        if self.net.loss == "binary_cross_entropy":
            return (y - t) / len(t)
        return LOSSES[self.net.loss](t, y) / len(t)

    def _update(self, rows: Array, rate: float) -> None:
        x, t = self.net.x[rows], self.net.t[rows]
        keep = [(self.draw.random((len(x), len(self.net.W[l]))) >= drop) / (1 - drop) for l, drop in enumerate(self.how.dropout)]
        self.rate, self.count = rate, self.count + 1
        _, slopes = self.work(x, t, keep)
        if not self.how.output_first:
            self._apply(slopes)

    def _apply(self, slopes: dict[str, Array]) -> None:
        how = self.how
        slopes = {name: slope.copy() for name, slope in slopes.items()}
        for group in self.net.ties:
            total = math.fsum(float(slopes[row][index]) for row, index in group)
            for row, index in group:
                slopes[row][index] = total
        for name, slope in slopes.items():
            for penalty, pull in ((how.l1, np.sign), (how.l2, lambda p: 2 * p)):
                if penalty and (name[0] == "W" or penalty[1]):
                    slope += penalty[0] * pull(self.p[name])
            slope *= self.net.masks[name]
        if how.clip and how.clip[0] == "value":
            slopes = {name: np.clip(slope, -how.clip[1], how.clip[1]) for name, slope in slopes.items()}
        elif how.clip:
            length = math.sqrt(math.fsum(float((slope**2).sum()) for slope in slopes.values()))
            slopes = {name: slope * min(1.0, how.clip[1] / length) if length else slope for name, slope in slopes.items()}
        for name, slope in slopes.items():
            self._move(name, slope)

    def _move(self, name: str, g: Array) -> None:
        p, m, v, rate, n = self.p[name], self.m[name], self.v[name], self.rate, self.count
        match self.how.optimiser:
            case "sgd":
                p -= rate * g
            case "momentum":
                m[...] = 0.9 * m + g
                p -= rate * m
            case "nesterov":
                m[...] = 0.9 * m + g
                p -= rate * (g + 0.9 * m)
            case "rmsprop":
                v[...] = 0.9 * v + 0.1 * g * g
                p -= rate * g / (np.sqrt(v) + 1e-8)
            case "adam" | "adamw" as which:
                if which == "adamw":
                    p -= rate * 0.01 * p * self.net.masks[name]
                m[...] = 0.9 * m + 0.1 * g
                v[...] = 0.999 * v + 0.001 * g * g
                p -= rate * (m / (1 - 0.9**n)) / (np.sqrt(v / (1 - 0.999**n)) + 1e-8)
