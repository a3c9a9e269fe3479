"""How textbooks write each activation and loss, its slope, and what else is worth knowing; it proves nothing.

A vertical bar stands between pieces, with the place where one ends and the next begins: `0 | 0 | z` is 0 below 0 and z above
it. What stands on both sides of an equals sign says the same. Letters: z and a are the unit's own, t and y target and output,
K the number of outputs; Phi is the normal distribution, phi its density.
"""

from __future__ import annotations

# name: a, ∂a/∂z
ACTIVATIONS: dict[str, tuple[str, str]] = {
    "identity": ("z", "1"),
    "sigmoid": ("1/(1 + exp(-z))", "a*(1 - a) = exp(-z)/(1 + exp(-z))**2"),
    "tanh": ("tanh(z) = (exp(z) - exp(-z))/(exp(z) + exp(-z))", "1 - a**2 = 1/cosh(z)**2"),
    "relu": ("0 | 0 | z", "0 | 0 | 1"),
    "leaky_relu": ("slope*z | 0 | z", "slope | 0 | 1"),
    "softplus": ("ln(1 + exp(z))", "sigmoid(z) = 1/(1 + exp(-z))"),
    "elu": ("alpha*(exp(z) - 1) | 0 | z", "alpha*exp(z) | 0 | 1"),
    "gelu": ("z*Phi(z)", "Phi(z) + z*phi(z)"),
    "silu": ("z*sigmoid(z) = z/(1 + exp(-z))", "sigmoid(z) + a*(1 - sigmoid(z)) = sigmoid(z)*(1 + z*(1 - sigmoid(z)))"),
    "step": ("0 | 0 | 1", "0"),
}

# name: what stands before the sum over the outputs, what one output adds to it, and of that with the front ∂/∂y and ∂²/∂y²
LOSSES: dict[str, tuple[str, str, str, str]] = {
    "squared_error": ("1", "(t - y)**2", "-2*(t - y)", "2"),
    "half_squared_error": ("1/2", "(t - y)**2", "-(t - y) = y - t", "1"),
    "mean_squared_error": ("1/K", "(t - y)**2", "-2/K*(t - y)", "2/K"),
    "binary_cross_entropy": (
        "-1",
        "t*ln(y) + (1 - t)*ln(1 - y)",
        "-t/y + (1 - t)/(1 - y) = -(t - y)/(y - y**2)",
        "(y**2 + t - 2*t*y)/(y - y**2)**2",
    ),
    "cross_entropy": ("-1", "t*ln(y)", "-t/y", "t/y**2"),
    "absolute_error": ("1", "t - y | t | y - t", "-1 | t | 1", "0"),
    "huber": (
        "1",
        "delta*(t - y - delta/2) | t - delta | 1/2*(t - y)**2 | t + delta | delta*(y - t - delta/2)",
        "-delta | t - delta | y - t | t + delta | delta",
        "0 | t - delta | 1 | t + delta | 0",
    ),
}

# name: a sentence, and the identity behind it
NOTES: dict[str, tuple[tuple[str, str], ...]] = {
    "sigmoid": (
        ("σ(−z) = 1 − σ(z): the curve is symmetric about its point at z = 0", "1/(1 + exp(z)) = 1 - 1/(1 + exp(-z))"),
        ("σ(z) = (1 + tanh(z/2))/2", "1/(1 + exp(-z)) = (1 + tanh(z/2))/2"),
    ),
    "tanh": (
        ("tanh(z) = 2·σ(2z) − 1", "tanh(z) = 2*sigmoid(2*z) - 1"),
        ("tanh(−z) = −tanh(z)", "tanh(-z) = -tanh(z)"),
    ),
    "relu": (
        ("relu(z) − relu(−z) = z", "relu(z) - relu(-z) = z"),
        ("relu(z) + relu(−z) = |z|", "relu(z) + relu(-z) = abs(z)"),
    ),
    "leaky_relu": (("it is relu(z) − slope·relu(−z)", "max(0, z) + slope*min(0, z) = relu(z) - slope*relu(-z)"),),
    "softplus": (
        ("softplus(z) − softplus(−z) = z: of large z it is z, of −z almost 0", "(1 + exp(z))/(1 + exp(-z)) = exp(z)"),
        ("its second derivative is the slope of sigmoid, σ·(1 − σ) > 0", "exp(-z)/(1 + exp(-z))**2 = sigmoid(z)*(1 - sigmoid(z))"),
    ),
    "elu": (("below 0 the slope is a + α", "alpha*exp(z) = alpha*(exp(z) - 1) + alpha"),),
    "gelu": (("gelu(z) − gelu(−z) = z", "z*Phi(z) - (-z)*Phi(-z) = z"),),
    "silu": (("silu(z) − silu(−z) = z", "z*sigmoid(z) - (-z)*sigmoid(-z) = z"),),
    "binary_cross_entropy": (("of y = σ(z) the slope by z is y − t", "(-t/y + (1 - t)/(1 - y))*(y*(1 - y)) = y - t"),),
    "huber": (
        (
            "at |t − y| = δ both formulas give δ²/2, and from there on the slope is held at ±δ",
            "delta*(delta - delta/2) = 1/2*delta**2",
        ),
    ),
    "half_squared_error": (("it is squared_error with ½, so that no 2 stands before the slope", "2*(1/2)*(y - t) = y - t"),),
}

# name: the least value, and the second derivative there, where they are more than a number
LEAST: dict[str, tuple[str, str]] = {"binary_cross_entropy": ("-t*ln(t) - (1 - t)*ln(1 - t)", "1/(t*(1 - t))")}
