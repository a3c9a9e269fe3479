"""The functions a formula may call, over plain floats, and their slopes as formulas; it knows no NumPy."""

from __future__ import annotations

import math
from collections.abc import Callable

ROOT_2, ROOT_2PI = math.sqrt(2), math.sqrt(2 * math.pi)


def sigmoid(z: float) -> float:
    """1/(1 + e⁻ᶻ), without overflow on either side."""
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def softplus(z: float) -> float:
    """ln(1 + eᶻ), without overflow."""
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


def lse(*z: float) -> float:
    """ln Σ eᶻ, without overflow: the logarithm of softmax's denominator."""
    top = max(z)
    return top + math.log(math.fsum(math.exp(v - top) for v in z))


def heaviside(z: float, at_zero: float = 0) -> float:
    """1 above 0, 0 below, and the convention at 0."""
    return float(z > 0) if z else at_zero


def sign(z: float) -> float:
    """−1, 0 or 1."""
    return float((z > 0) - (z < 0))


FLOATS: dict[str, Callable[..., float]] = {
    "power": math.pow,
    "exp": math.exp,
    "ln": math.log,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "erf": math.erf,
    "abs": abs,
    "sign": sign,
    "max": max,
    "min": min,
    "lse": lse,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "heaviside": heaviside,
    "relu": lambda z: max(0.0, z),
    "relu'": heaviside,
    "leaky_relu": lambda z, slope: z if z > 0 else slope * z,
    "leaky_relu'": lambda z, slope: 1.0 if z > 0 else slope,
    "elu": lambda z, alpha: z if z > 0 else alpha * math.expm1(z),
    "elu'": lambda z, alpha: 1.0 if z > 0 else alpha * math.exp(z),
    "huber": lambda r, delta: r * r / 2 if abs(r) <= delta else delta * (abs(r) - delta / 2),
    "huber'": lambda r, delta: max(-delta, min(delta, r)),
    "Phi": lambda z: math.erfc(-z / ROOT_2) / 2,  # the normal distribution, and below its density
    "phi": lambda z: math.exp(-z * z / 2) / ROOT_2PI,
}

# The slope by u (and by v) of what may be typed in a file. Conventions at a kink: sign(0) = 0, relu'(0) = 0.
SLOPES: dict[str, tuple[str, ...]] = {
    "exp": ("exp(u)",),
    "ln": ("1/u",),
    "sqrt": ("1/(2*sqrt(u))",),
    "sin": ("cos(u)",),
    "cos": ("-sin(u)",),
    "tan": ("1 + tan(u)**2",),
    "atan": ("1/(1 + u**2)",),
    "sinh": ("cosh(u)",),
    "cosh": ("sinh(u)",),
    "tanh": ("1 - tanh(u)**2",),
    "erf": ("1.1283791670955126*exp(-u**2)",),  # 2/√π
    "abs": ("sign(u)",),
    "sign": ("0",),
    "max": ("heaviside(u - v, 1)", "heaviside(v - u, 0)"),
    "min": ("heaviside(v - u, 1)", "heaviside(u - v, 0)"),
    "sigmoid": ("sigmoid(u)*(1 - sigmoid(u))",),
    "softplus": ("sigmoid(u)",),
    "relu": ("relu'(u)",),
}
# max(u, 0) at u = 0: the constant takes the slope, so that max(z, 0) and max(0, z) both have the slope 0 of ReLU there
AGAINST_A_CONSTANT = {
    "max": ("heaviside(u - v, 0)", "heaviside(v - u, 0)"),
    "min": ("heaviside(v - u, 0)", "heaviside(u - v, 0)"),
}
TYPED = frozenset(SLOPES)  # functions of one number (max, min: two) that a file may use
OVER_OUTPUTS = frozenset({"sum", "mean"})  # and those that run over all outputs of an example
