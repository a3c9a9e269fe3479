"""What a problem file may name, as data: activations, losses, their parameters, and which numbers each operation reads."""

from __future__ import annotations

# name → its parameters with the values they have when the file gives none
ACTIVATIONS: dict[str, dict[str, str]] = {
    "identity": {},
    "sigmoid": {},
    "tanh": {},
    "relu": {"at_zero": "0"},
    "leaky_relu": {"slope": "0.01"},
    "softplus": {},
    "elu": {"alpha": "1"},
    "gelu": {},
    "silu": {},
    "step": {"at_zero": "1"},
    "softmax": {"scale": "1"},
}
LOSSES: dict[str, dict[str, str]] = {
    "squared_error": {},
    "half_squared_error": {},
    "mean_squared_error": {},
    "binary_cross_entropy": {},
    "cross_entropy": {},
    "absolute_error": {},
    "huber": {"delta": "1"},
}
ABOVE_ZERO = {"delta", "scale"}  # parameters that make sense only above 0
BATCH = ("mean", "sum")

# A loss that takes logarithms is worked together with these activations, from z, so that it never meets ln 0.
FUSED = ("sigmoid+binary_cross_entropy", "softmax+cross_entropy", "softmax+binary_cross_entropy")
ANY_TARGETS = " of any targets"  # … where the targets of an example do not sum to 1

# initial numbers by seed: scheme → its settings
SCHEMES: dict[str, tuple[str, ...]] = {
    "xavier": ("seed",),
    "he": ("seed",),
    "uniform": ("seed", "low", "high"),
    "zeros": (),
    "constant": ("value",),
}

# How a network may be trained: name → its settings with the values they have when the file gives none.
# η is the learning rate, g the slope with penalties and clipping, m and v begin with 0.
OPTIMISERS: dict[str, dict[str, str]] = {
    "sgd": {},  # w − η·g
    "momentum": {"beta": "0.9"},  # m = β·m + g; w − η·m
    "nesterov": {"beta": "0.9"},  # m = β·m + g; w − η·(g + β·m)
    "adam": {"beta1": "0.9", "beta2": "0.999", "epsilon": "1e-8"},
    "adamw": {"beta1": "0.9", "beta2": "0.999", "epsilon": "1e-8", "decay": "0.01"},
    "rmsprop": {"rho": "0.9", "epsilon": "1e-8"},  # v = ρ·v + (1 − ρ)·g²; w − η·g/(√v + ε)
}
SCHEDULES: dict[str, dict[str, str]] = {  # e epochs lie behind, E are planned
    "constant": {},
    "step": {"every": "10", "factor": "0.5"},  # η·factor^⌊e/every⌋
    "exponential": {"factor": "0.95"},  # η·factor^e
    "cosine": {"to": "0"},  # to + (η − to)·(1 + cos(π·e/E))/2
    "plateau": {"patience": "10", "factor": "0.5", "least": "0"},  # times factor after so many epochs without a lower loss
}
PENALTIES = ("l1", "l2")
CLIPS = ("norm", "value")  # all slopes together to a length; each alone to a size
EARLY = {"patience": "10", "least": "0"}  # epochs without a loss that is lower by more than `least`
PRECISIONS = ("float64", "float32")
ORDERS = ("together", "output_first")
SETS: dict[str, dict[str, str]] = {  # examples that can be had without a file
    "xor": {},
    "spirals": {"examples": "200", "noise": "0.1", "seed": "0"},
    "blobs": {"examples": "200", "classes": "3", "noise": "0.5", "seed": "0"},
    "digits": {},  # 1797 of 8×8, from scikit-learn
}

# what a marking section may name besides single numbers: kind → the quantities that it means
KINDS_OF_NETWORK: dict[str, str] = {
    "weighted_sums": "z1[1], …",
    "activations": "a1[1], …",
    "loss": "L",
    "deltas": "dL/dz1[1], …",
    "slopes_of_activations": "dL/da1[1], …",
    "gradients": "dL/dW1[1,1], dL/db1[1], … of what is trained",
    "input_gradients": "dL/dx1, …",
    "updates": "W1[1,1]', b1[1]', … of what is trained",
}
KINDS_OF_GRAPH: dict[str, str] = {
    "values": "h1, …, f",
    "partials": "dh2/dh1, df/dh1, …",
    "gradients": "df/dx, … for every variable",
    "updates": "x', …",
}


def letters(op: str) -> tuple[str, ...]:
    """The letters of an operation's parents, in order: z and a of the unit, g arriving at a, t and y, N, the parameters.

    >>> letters("elu.dz"), letters("huber.dy"), letters("z: z**3")
    (('g', 'z', 'a', 'alpha'), ('t', 'y', 'N', 'delta'), ('z',))
    """
    if ":" in op:
        return tuple(op.partition(":")[0].split())
    name, _, part = op.partition(".")
    activation, fused, _ = name.partition("+")
    if fused:
        return ("t", "z", "y", *(("N",) if part else ()), *ACTIVATIONS[activation])
    if name in LOSSES:
        return ("t", "y", *(("N",) if part else ()), *LOSSES[name])
    return (*(("g", "z", "a") if part else ("z",)), *ACTIVATIONS[name])


def unit(op: str, parents: tuple[str, ...], j: int) -> tuple[str, tuple[str, ...]]:
    """Of a mixed operation, `sigmoid|elu`, that of unit j, and the parents it reads.

    >>> unit("sigmoid|elu", ("z1", "0.5"), 1)
    ('elu', ('z1', '0.5'))
    """
    ops = op.split("|")
    shared = sum(letter in ("g", "z", "a") for letter in letters(ops[0]))
    counts = [len(letters(one)) - shared for one in ops]
    start = shared + sum(counts[:j])
    return ops[j], (*parents[:shared], *parents[start : start + counts[j]])
