"""Random problem files, as text; every one of them is legal. It knows the format of the files and nothing of backcheck."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

POSITIVE = ["sigmoid", "softplus", "{softplus: {}}", "exp(z/4)", "1/(1 + z^2)", "ln(2 + z**2)", "0.3 + sigmoid(-2*z)"]
BETWEEN = ["sigmoid", "{sigmoid: }", "1/(1 + exp(-z))", "sigmoid(z/2)", "1/(2 + z**2)", "0.5 + atan(z)/4"]
SMOOTH = [
    "identity",
    "tanh",
    "gelu",
    "silu",
    "z*sigmoid(1.5*z)",
    "sin(z)",
    "z/sqrt(1 + z^2)",
    "erf(z)",
    "cosh(z/5) - 1",
    "z**3/20 - z",
    "(-z + 1)*z/9",
    "(-1 + 3)/(2 + z**2)*z",
]
KINKED = ["relu", "leaky_relu", "elu", "step", "abs(z)", "max(z, z/10)", "min(z, 1)", "relu(z) - 1", "max(0, z)"]
WHOLE_LAYER = ["z/(1 + sum(z**2))", "z - mean(z)", "exp(z/3)/sum(exp(z/3))", "mean(z)", "sum(z**2)/4"]
EACH_LOSS = ["squared_error", "half_squared_error", "mean_squared_error", "absolute_error", "huber"]
FORMULA_LOSSES = [
    "sum((t - y)**4)",
    "mean(abs(t - y))",
    "sum(ln(cosh(t - y)))",
    "sum((t-y)^2)/2 + 0.1*sum(y)^2",
    "sqrt(1 + sum((t - y)**2))",
]
FORMULA_LOSSES += ["sum(max(t - y, 0)**2)", "mean((t - y)**2)*sum(y**2) - mean(t*y)", "sum(y) - sum(t)", "-mean(t*y)"]

# Names that a program might take for something else: letters of its rules, of its output, and of other rows. In a network, L, E, x1
# and t1 mean the loss, an input and a target, so that they can be no names there; in an expression everything but the rate is free.
AWKWARD = [
    "K",
    "by",
    "times",
    "over",
    "t",
    "y",
    "z",
    "a",
    "g",
    "N",
    "d",
    "e",
    "pi",
    "p0",
    "h1",
    "h2",
    "W1",
    "b1",
    "via",
    "sum_",
    "δ",
    "é",
]
AWKWARD_IN_EXPRESSIONS = [*AWKWARD, "L", "E", "x1", "t1"]
OWN_NAME = re.compile(r"(?:(?<=\[)|(?<=, ))\w+: (?=[-.\d])")


def without_names(text: str) -> str:
    """The file of a network without the names that its numbers carry."""
    return OWN_NAME.sub("", text)


def tried(count: int) -> settings:
    """So many random examples, the same ones in every run."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    phases = [Phase.explicit, Phase.generate, Phase.shrink]
    return settings(max_examples=count, deadline=None, derandomize=True, database=None, phases=phases, suppress_health_check=slow)


def quoted(text: str) -> str:
    """Formulas stand in quotation marks, as * and { would mean something to YAML."""
    return text if text.replace("_", "").isalpha() or text.startswith("{") else f"'{text}'"


@st.composite
def number(draw: DrawFn, least: float = -1, most: float = 1) -> str:
    """A number in one of the ways people write it."""
    value = draw(st.integers(round(least * 100), round(most * 100)))
    plain = f"{value / 100:.2f}"
    spellings = [plain, plain, f"{value}e-2", f"{value}/100", repr(value / 100)]
    if 0 < value < 100:
        spellings.append(plain[1:])
    return draw(st.sampled_from(spellings))


def listed(parts: list[str]) -> str:
    return f"[{', '.join(parts)}]"


@st.composite
def with_settings(draw: DrawFn, name: str) -> str:
    """A name with or without its parameters."""
    wanted = draw(st.booleans())
    value = {
        "leaky_relu": ("slope", number(0, 0.5)),
        "elu": ("alpha", number(0.1, 2)),
        "step": ("at_zero", number(0, 1)),
        "relu": ("at_zero", number(0, 1)),
        "softmax": ("scale", number(0.1, 3)),
        "huber": ("delta", number(0.1, 1.5)),
    }.get(name)
    if value is None or not wanted:
        return quoted(name)
    return f"{{{name}: {{{value[0]}: {draw(value[1])}}}}}"


@st.composite
def activation(draw: DrawFn, units: int, choice: list[str], whole: list[str]) -> str | None:
    """One for the layer, one for each unit, or one that joins the units."""
    one = st.sampled_from(choice).flatmap(with_settings)
    kind = draw(st.sampled_from(["one", "one", "each", "whole"]))
    if kind == "each":
        return listed([draw(one) for _ in range(units)])
    if kind == "whole" and whole:
        return draw(st.sampled_from(whole).flatmap(with_settings))
    return draw(one)


@st.composite
def output(draw: DrawFn, units: int, smooth: bool) -> tuple[str, str]:
    """The last activation and a loss that can work with its outputs."""
    kind = draw(st.sampled_from(["any", "any", "cross_entropy", "binary_cross_entropy", "fused"]))
    if kind == "fused":
        pairs = [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy"), ("softmax", "binary_cross_entropy")]
        last, loss = draw(st.sampled_from(pairs[:2] if units == 1 else pairs))
        return draw(with_settings(last)), loss
    if kind == "cross_entropy":
        return draw(activation(units, POSITIVE, ["softmax", WHOLE_LAYER[2], "exp(z/5)/mean(exp(z/5))"])), kind
    if kind == "binary_cross_entropy":
        return draw(activation(units, BETWEEN, ["softmax", WHOLE_LAYER[2]] if units > 1 else [])), kind
    choice = SMOOTH + POSITIVE + ([] if smooth else KINKED)
    last = draw(activation(units, choice, ["softmax", *WHOLE_LAYER]))
    loss = st.sampled_from(EACH_LOSS).flatmap(with_settings) if draw(st.booleans()) else st.sampled_from(FORMULA_LOSSES).map(quoted)
    return last, draw(loss)


@st.composite
def targets(draw: DrawFn, loss: str, examples: int, outputs: int) -> str:
    """Targets that the loss can work with, in one of the shapes the format allows."""
    if loss == "cross_entropy" and draw(st.booleans()):
        rows = [listed([f"{j == c:d}" for j in range(outputs)]) for c in draw(classes(examples, outputs))]
        numbers = draw(classes(examples, outputs))
        if draw(st.booleans()) and (examples, outputs) != (1, 1) and not (examples > 1 and outputs == 1):
            return str(numbers[0]) if examples == 1 and draw(st.booleans()) else listed([str(c) for c in numbers])
        return listed(rows)
    least = 0.0 if loss in ("cross_entropy", "binary_cross_entropy") else -1.0
    rows = [[draw(number(least, 1)) for _ in range(outputs)] for _ in range(examples)]
    if loss == "cross_entropy":  # a lone row of as many numbers as examples would be read as classes
        return listed([listed(row) for row in rows])
    if outputs == 1 and draw(st.booleans()):
        return listed([row[0] for row in rows])
    return listed(rows[0]) if examples == 1 and draw(st.booleans()) else listed([listed(row) for row in rows])


def classes(examples: int, outputs: int) -> SearchStrategy[list[int]]:
    return st.lists(st.integers(0, outputs - 1), min_size=examples, max_size=examples)


@st.composite
def trainable(draw: DrawFn, shape: tuple[int, int], biases: bool) -> str:
    """What is frozen: everything, an array, or single numbers."""
    truth = st.sampled_from(["true", "false"])
    if draw(st.booleans()):
        return draw(truth)
    parts = {"weights": listed([listed([draw(truth) for _ in range(shape[1])]) for _ in range(shape[0])])}
    if biases:
        parts["biases"] = draw(truth) if draw(st.booleans()) else listed([draw(truth) for _ in range(shape[0])])
    kept = draw(st.lists(st.sampled_from(sorted(parts)), unique=True))
    return f"{{{', '.join(f'{key}: {parts[key]}' for key in kept)}}}"


class Names:
    """Gives names of their own to some numbers, now and then the same name, with the same value, to several."""

    def __init__(self, draw: DrawFn) -> None:
        self.draw = draw
        self.style = draw(st.sampled_from(["none", "none", "some", "tied"]))
        self.fresh = draw(st.permutations(AWKWARD)) if self.style != "none" and draw(st.booleans()) else []
        self.known: list[str] = []

    def __call__(self, text: str) -> str:
        if self.style == "none" or self.draw(st.integers(0, 2)) == 0:
            return text
        if self.style == "tied" and self.known and self.draw(st.booleans()):
            return self.draw(st.sampled_from(self.known))
        self.known.append(f"{self.fresh.pop() if self.fresh else f'w{len(self.known) + 1}'}: {text}")
        return self.known[-1]


@st.composite
def networks(draw: DrawFn, smooth: bool = False, examples: int | None = None) -> str:
    """The file of a network; `smooth` leaves out what has a kink."""
    depth = draw(st.integers(1, 4))
    widths = [draw(st.integers(1, 5 if depth < 3 else 3)) for _ in range(depth + 1)]
    examples = draw(st.sampled_from([1, 1, 2, 3, 4])) if examples is None else examples
    named = Names(draw)
    frozen = named.style != "tied" and draw(st.integers(0, 2)) == 0
    last, loss = draw(output(widths[-1], smooth))
    choice = SMOOTH + POSITIVE + ([] if smooth else KINKED)
    lines = ["inputs: " + draw(inputs(examples, widths[0]))]
    lines += ["targets: " + draw(targets(loss, examples, widths[-1])), "layers:"]
    for l in range(depth):
        act = last if l == depth - 1 else draw(activation(widths[l + 1], choice, ["softmax", *WHOLE_LAYER]))
        lines += draw(layer(widths[l : l + 2], act, named, frozen))
    lines += [f"loss: {loss}"] + ([f"batch: {batch}"] if (batch := draw(st.sampled_from(["", "mean", "sum"]))) else [])
    if draw(st.integers(0, 3)):
        lines.append(f"learning_rate: {draw(number(0, 1))}")
    return "\n".join(lines) + "\n"


@st.composite
def inputs(draw: DrawFn, examples: int, width: int) -> str:
    rows = [listed([draw(number(-2, 2)) for _ in range(width)]) for _ in range(examples)]
    return rows[0] if examples == 1 and draw(st.booleans()) else listed(rows)


@st.composite
def layer(draw: DrawFn, widths: list[int], act: str, named: Names, frozen: bool) -> list[str]:
    """The lines of one layer."""
    incoming, units = widths
    weights = [listed([named(draw(number())) for _ in range(incoming)]) for _ in range(units)]
    lines = [f"  - weights: {listed(weights)}", f"    activation: {act}"]
    biases = draw(st.sampled_from(["none", "one", "each", "each"]))
    if biases == "one":
        lines.append(f"    biases: {draw(number())}")
    if biases == "each":
        lines.append(f"    biases: {listed([named(draw(number())) for _ in range(units)])}")
    if frozen:
        lines.append(f"    trainable: {draw(trainable((units, incoming), biases != 'none'))}")
    return lines


# formulas and expressions

SAFE = ["exp({})", "sin({})", "cos({})", "tanh({})", "atan({})", "sigmoid({})", "softplus({})", "erf({})", "({})**2", "({})^3"]
SAFE += [
    "-({})",
    "ln(2 + ({})**2)",
    "sqrt(1 + ({})^2)",
    "1/(1 + ({})**2)",
    "sinh({}/3)",
    "cosh({}/3)",
    "2**(({})/2)",
    "(-2 + 5)*({})",
    "(-1 + 3)/(3 + ({})**2)",
]
BINARY = ["{} + {}", "({}) - ({})", "({})*({})", "({})/(2 + ({})**2)", "{} - {}*2", "(1 + ({})**2)**(({})/4)"]
EDGED = ["max({}, {})", "min({}, {})", "abs({} - 2*({}))"]


def formulas(names: list[str], edges: bool = False) -> SearchStrategy[str]:
    """Formulas in some names, defined everywhere; each reads at least one of them."""
    variable = st.sampled_from(names)
    with_number = st.tuples(
        st.sampled_from(["{}*{}", "{} + {}", "{1} - {0}", "{0}/{1}"]), variable, st.sampled_from(["2", "0.5", "3"])
    )
    leaves = st.one_of(variable, variable, with_number.map(lambda parts: "(" + parts[0].format(*parts[1:]) + ")"))

    def larger(smaller: SearchStrategy[str]) -> SearchStrategy[str]:
        one = st.tuples(st.sampled_from(SAFE), smaller)
        two = st.tuples(st.sampled_from(BINARY + (EDGED if edges else [])), smaller, smaller)
        return st.one_of(one, two).map(lambda parts: parts[0].format(*parts[1:]))

    return st.recursive(leaves, larger, max_leaves=5)


@st.composite
def expressions(draw: DrawFn, edges: bool = False) -> str:
    """The file of an expression, or of several named lines."""
    plain = ["x", "y", "u1", "s", "v2", "result"]
    called = draw(st.permutations(AWKWARD_IN_EXPRESSIONS))[:6] if draw(st.booleans()) else plain
    names = called[: draw(st.integers(1, 3))]
    at = {name: draw(number(-1.5, 1.5)) for name in names}
    lines: dict[str, Any] = {}
    for line in called[3 : 3 + draw(st.integers(1, 3))]:
        reads = [*names, *lines]
        lines[line] = draw(formulas(reads, edges).filter(lambda text: not text.isidentifier()))
        lines[line] = f"{lines[line]} + {' + '.join(reads)}"  # everything is used
    if len(lines) == 1 and draw(st.booleans()):
        text = f"expression: {lines[called[3]]}\n"
    else:
        text = "let:\n" + "".join(f"  {name}: {formula}\n" for name, formula in lines.items())
    text += f"at: {{{', '.join(f'{name}: {value}' for name, value in at.items())}}}\n"
    return text + (f"learning_rate: {draw(number(0, 1))}\n" if draw(st.booleans()) else "")
