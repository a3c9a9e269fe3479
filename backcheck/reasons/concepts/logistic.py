"""Logistic regression of two classes by Newton's method; it knows no exact numbers and no perceptron."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backcheck.worksheet import Array

MOST_STEPS = 200
PENALTIES = (1.0, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10)


class Fit(NamedTuple):
    """The weights, the bias last, for which Σ softplus(−s·z) is least, with a penalty λ/2·(‖w‖² + b²) if there is one."""

    weights: Array
    loss: float  # −log-likelihood of all examples, without the penalty
    steps: int
    slope: float  # the largest of |Σ (p − t)·x|, which is 0 at the end but for rounding, where there is no penalty


def fit(x: Array, t: Array, penalty: float = 0.0, start: Array | None = None) -> Fit:
    """Newton's steps, each halved until it is a step down, until none is.

    >>> x, t = np.array([[1.0], [1.0], [1.0], [1.0]]), np.array([0.0, 1.0, 1.0, 1.0])
    >>> round(float(fit(x, t).weights[0]), 12) == round(float(np.log(3)), 12)
    True
    """
    w = np.zeros(x.shape[1]) if start is None else start
    steps = 0
    while steps < MOST_STEPS:
        slope = _slope(x, t, penalty, w)
        p = probabilities(x, w)
        curvature = (x * (p * (1 - p))[:, None]).T @ x + penalty * np.eye(len(w))
        step = np.asarray(np.linalg.lstsq(curvature, slope, rcond=None)[0], np.float64)
        moved = _down(x, t, penalty, w, step, float(slope @ step))
        if moved is None:  # the loss no longer shows a step down, being flat here; its slope still may
            moved = w - step
            if not abs(_slope(x, t, penalty, moved)).max() < abs(slope).max():
                break
        w, steps = moved, steps + 1
    return Fit(w, _loss(x, t, w), steps, float(abs(_slope(x, t, 0.0, w)).max()))


def _down(x: Array, t: Array, penalty: float, w: Array, step: Array, gain: float) -> Array | None:
    """Where a step, or a half or a quarter of it …, leads down by a quarter of what the slope promises (Armijo), or nowhere."""
    now = _loss(x, t, w) + penalty / 2 * float(w @ w)
    for halvings in range(60):
        part = 0.5**halvings
        there = w - part * step
        if _loss(x, t, there) + penalty / 2 * float(there @ there) < now - part * gain / 4:
            return there
    return None


def _slope(x: Array, t: Array, penalty: float, w: Array) -> Array:
    return np.asarray(x.T @ (probabilities(x, w) - t) + penalty * w)


def _loss(x: Array, t: Array, w: Array) -> float:
    return float(np.logaddexp(0, (1 - 2 * t) * (x @ w)).sum())


def probabilities(x: Array, w: Array) -> Array:
    """Of class 1."""
    return np.asarray(np.exp(-np.logaddexp(0, -(x @ w))))


class OnPath(NamedTuple):
    """What a penalty makes of examples whose likelihood has no largest value."""

    penalty: float
    size: float  # ‖(w, b)‖
    loss: float
    angle: float | None  # in degrees, from the direction with the largest margin


def path(x: Array, t: Array, widest: Array | None) -> tuple[list[OnPath], Fit]:
    """Weights under a vanishing penalty: their direction tends to the largest margin (Rosset, Zhu and Hastie 2004)."""
    found, last = [], fit(x, t, PENALTIES[0])
    for penalty in PENALTIES:
        last = fit(x, t, penalty, last.weights)
        size = float(np.linalg.norm(last.weights))
        found.append(OnPath(penalty, size, last.loss, None if widest is None else _angle(last.weights, widest)))
    return found, last


def _angle(one: Array, other: Array) -> float:
    """By the tangent, which keeps the digits of a small angle."""
    u, v = one / np.linalg.norm(one), other / np.linalg.norm(other)
    return float(np.degrees(2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))))
