"""The updates, as statements in place over all parameters at once; g is the slope with penalties, and clipped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from backcheck.training.in_place import Statement

State = dict[str, Any]  # what an optimiser remembers: m, v, and the number of its updates


def _moved(w: Any, u: Any, rate: Any, s: Any) -> list[Statement]:
    """w − η·u"""
    return [partial(np.multiply, u, rate, s), partial(np.subtract, w, s, w)]


def _mixed(m: Any, old: float, u: Any, new: float, s: Any) -> list[Statement]:
    """m = old·m + new·u"""
    return [partial(np.multiply, m, old, m), partial(np.multiply, u, new, s), partial(np.add, m, s, m)]


def sgd(w: Any, g: Any, rate: Any, state: State, s: Any) -> list[Statement]:
    return _moved(w, g, rate, s)


def momentum(w: Any, g: Any, rate: Any, state: State, s: Any, beta: float) -> list[Statement]:
    m = state["m"]
    return [partial(np.multiply, m, beta, m), partial(np.add, m, g, m), *_moved(w, m, rate, s)]


def nesterov(w: Any, g: Any, rate: Any, state: State, s: Any, beta: float) -> list[Statement]:
    m = state["m"]
    ahead = [partial(np.multiply, m, beta, s), partial(np.add, g, s, g)]
    return [partial(np.multiply, m, beta, m), partial(np.add, m, g, m), *ahead, *_moved(w, g, rate, s)]


def rmsprop(w: Any, g: Any, rate: Any, state: State, s: Any, rho: float, epsilon: float) -> list[Statement]:
    v = state["v"]
    found = [partial(np.multiply, v, rho, v), partial(np.multiply, g, g, s), partial(np.multiply, s, 1 - rho, s)]
    found += [partial(np.add, v, s, v), partial(np.sqrt, v, s), partial(np.add, s, epsilon, s), partial(np.divide, g, s, s)]
    return found + _moved(w, s, rate, s)


def adam(w: Any, g: Any, rate: Any, state: State, s: Any, beta1: float, beta2: float, epsilon: float) -> list[Statement]:
    m, v, count = state["m"], state["v"], state["count"]
    grown = np.ones(2, rate.dtype)  # 1 − β1ⁿ and √(1 − β2ⁿ) of the n-th update

    def counted() -> None:
        count[...] += 1
        grown[0], grown[1] = 1 - beta1 ** float(count[0]), (1 - beta2 ** float(count[0])) ** 0.5

    found: list[Statement] = [
        counted,
        *_mixed(m, beta1, g, 1 - beta1, s),
        partial(np.multiply, v, beta2, v),
        partial(np.multiply, g, g, s),
    ]
    found += [partial(np.multiply, s, 1 - beta2, s), partial(np.add, v, s, v)]
    found += [partial(np.sqrt, v, s), partial(np.divide, s, grown[1:], s), partial(np.add, s, epsilon, s)]
    return [*found, partial(np.divide, m, s, s), partial(np.divide, s, grown[:1], s), *_moved(w, s, rate, s)]


def adamw(
    w: Any, g: Any, rate: Any, state: State, s: Any, beta1: float, beta2: float, epsilon: float, decay: float
) -> list[Statement]:
    """Adam, after w·(1 − η·decay): the decay is no part of the slope."""
    shrunk: list[Statement] = [partial(np.multiply, w, state["trainable"], s), partial(np.multiply, s, decay, s)]
    return [*shrunk, *_moved(w, s, rate, s), *adam(w, g, rate, state, s, beta1, beta2, epsilon)]


OPTIMISERS: dict[str, Callable[..., list[Statement]]] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
}
ADAPTIVE = ("adam", "adamw", "rmsprop")  # their steps are as long for a slope that is rounding as for any other
MEMORY = ("m", "v")  # arrays like the parameters, zero at the start
