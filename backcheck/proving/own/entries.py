"""Activations and losses in entries, with their slopes, as they are written in a derivation; it knows no networks.

Letters: Z is the unit's pre-activation, A its activation; Y is an output, T its target, M another index of it; K their number.
"""

from __future__ import annotations

# name: a, ∂a/∂z
ACTIVATIONS: dict[str, tuple[str, str]] = {
    "identity": ("Z", "1"),
    "sigmoid": ("1/(1 + exp(-Z))", "A (1 - A)"),
    "tanh": ("tanh(Z)", "1 - A^2"),
    "relu": ("relu(Z)", "step(Z)"),
    "leaky_relu": ("relu(Z) - slope relu(-Z)", "step(Z) + slope step(-Z)"),
    "softplus": ("ln(1 + exp(Z))", "1/(1 + exp(-Z))"),
    "elu": ("relu(Z) + alpha (exp(min(Z, 0)) - 1)", "step(Z) + alpha exp(Z) step(-Z)"),
    "gelu": ("Z Phi(Z)", "Phi(Z) + Z Phi'(Z)"),
    "silu": ("Z sigmoid(Z)", "sigmoid(Z) (1 + Z (1 - sigmoid(Z)))"),
    "step": ("step(Z)", "0"),
}
UNKNOWN = {"gelu": "Phi"}  # functions of which it does not matter what they are

# name: what stands before the sum over the outputs, what one output adds, and of that ∂/∂y with what stands before
LOSSES: dict[str, tuple[str, str, str]] = {
    "squared_error": ("", "(T - Y)^2", "-2 (T - Y)"),
    "half_squared_error": ("1/2 ", "(T - Y)^2", "-(T - Y)"),
    "mean_squared_error": ("1/K ", "(T - Y)^2", "-2 (T - Y)/K"),
    "binary_cross_entropy": ("-", "(T ln(Y) + (1 - T) ln(1 - Y))", "-(T/Y - (1 - T)/(1 - Y))"),
    "cross_entropy": ("-", "T ln(Y)", "-T/Y"),
    "absolute_error": ("", "abs(T - Y)", "-sign(T - Y)"),
    "huber": ("1/2 ", "((T - Y)^2 - relu(abs(T - Y) - delta_0)^2)", "-(T - Y - sign(T - Y) relu(abs(T - Y) - delta_0))"),
}

# activation + loss: ∂L/∂z, where it is shorter than the product of the two
TOGETHER = {
    "sigmoid+binary_cross_entropy": "Y - T",
    "softmax+cross_entropy": "SCALE (Y - T)",
    "softmax+cross_entropy of any targets": "SCALE (Y sum(M, T_M) - T)",
}
