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
